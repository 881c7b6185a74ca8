import type { SearchFilters, SearchQuery } from '../index/search-index.ts'
import type { Day } from '../model.ts'
import { OUTLET_CLASSES } from '../profiles/outlet-schema.ts'
import type { Profile } from '../profiles/schema.ts'
import { addDays, parseDay, startOfDay } from './days.ts'

/** Results on one page. */
export const PAGE_SIZE = 20
/** Deeper pages are refused: narrow the search instead. */
export const LAST_PAGE = 500

export const ORIGINS = ['domestic', 'foreign'] as const
export const TONES = ['positive', 'neutral', 'negative'] as const
/** `relevant` is where a search begins; it stands visibly among the conditions and can be taken away. */
export const RELEVANCES = ['relevant', 'main', 'mention', 'none', 'all'] as const
export const SORTS = ['rank', 'newest'] as const

/** What the address of a search says; absent values are null. */
export interface SearchState {
  readonly q: string
  readonly origin: (typeof ORIGINS)[number] | null
  readonly class: (typeof OUTLET_CLASSES)[number] | null
  readonly topic: string | null
  readonly outlet: string | null
  readonly language: string | null
  readonly tone: (typeof TONES)[number] | null
  readonly relevance: (typeof RELEVANCES)[number]
  readonly sensitive: boolean
  readonly place: string | null
  /** Both days belong to the range. */
  readonly from: Day | null
  readonly to: Day | null
  readonly sort: (typeof SORTS)[number]
  /** From 1. */
  readonly page: number
}

export type ConditionName = Exclude<keyof SearchState, 'q' | 'sort' | 'page'>

type Raw = Readonly<Record<string, unknown>>

const oneOf = <T extends string>(choices: readonly T[], value: string | null): T | null =>
  choices.find((choice) => choice === value) ?? null

/**
 * Reads an address. What it cannot use is named in `ignored`, so that nobody takes a result for narrower than it is.
 */
export function parseSearch(raw: Raw, profile: Profile): { state: SearchState; ignored: readonly string[] } {
  const ignored: string[] = []
  const text = (name: string): string | null => {
    const value = raw[name]
    return typeof value === 'string' && value.trim() !== '' ? value.normalize('NFC').trim() : null
  }
  const checked = <T>(name: string, parse: (value: string) => T | null): T | null => {
    const value = text(name)
    const parsed = value === null ? null : parse(value)
    if (value !== null && parsed === null) ignored.push(`${name}=${value}`)
    return parsed
  }
  const id = (known: readonly { readonly id: string }[]) => (value: string) =>
    known.some((item) => item.id === value) ? value : null
  const sort = checked('sort', (value) => oneOf(SORTS, value))
  const q = (text('q') ?? '').slice(0, 300)
  const state: SearchState = {
    q,
    origin: checked('origin', (value) => oneOf(ORIGINS, value)),
    class: checked('class', (value) => oneOf(OUTLET_CLASSES, value)),
    topic: checked('topic', id(profile.topics)),
    outlet: checked('outlet', id(profile.outletDefinitions)),
    language: checked('language', (value) => (/^[a-z]{2}$/.test(value) ? value : null)),
    tone: checked('tone', (value) => oneOf(TONES, value)),
    relevance: checked('relevance', (value) => oneOf(RELEVANCES, value)) ?? 'relevant',
    sensitive: checked('sensitive', (value) => (value === '1' ? true : null)) ?? false,
    place: checked('place', id([...(profile.areas ?? []), ...profile.places])),
    from: checked('from', parseDay),
    to: checked('to', parseDay),
    sort: sort ?? (q ? 'rank' : 'newest'),
    page:
      checked('page', (value) => (/^[1-9]\d{0,2}$/.test(value) && Number(value) <= LAST_PAGE ? Number(value) : null)) ??
      1,
  }
  return { state, ignored }
}

/** The address of a search: only what differs from the beginning stands in it, always in the same order. */
export function searchHref(state: SearchState): string {
  const query = new URLSearchParams()
  if (state.q) query.set('q', state.q)
  for (const name of ['origin', 'class', 'topic', 'outlet', 'language', 'tone'] as const) {
    const value = state[name]
    if (value !== null) query.set(name, value)
  }
  if (state.relevance !== 'relevant') query.set('relevance', state.relevance)
  if (state.sensitive) query.set('sensitive', '1')
  for (const name of ['place', 'from', 'to'] as const) {
    const value = state[name]
    if (value !== null) query.set(name, value)
  }
  if (state.sort !== (state.q ? 'rank' : 'newest')) query.set('sort', state.sort)
  if (state.page > 1) query.set('page', String(state.page))
  const text = query.toString()
  return text ? `/search?${text}` : '/search'
}

/** The state with a change; any change but of the page leads back to the first page. */
export const withChange = (state: SearchState, change: Partial<SearchState>): SearchState => ({
  ...state,
  page: 1,
  ...change,
})

/** The state without one condition. */
export const without = (state: SearchState, name: ConditionName): SearchState =>
  withChange(
    state,
    name === 'relevance' ? { relevance: 'all' } : name === 'sensitive' ? { sensitive: false } : { [name]: null },
  )

export const START: SearchState = {
  q: '',
  origin: null,
  class: null,
  topic: null,
  outlet: null,
  language: null,
  tone: null,
  relevance: 'relevant',
  sensitive: false,
  place: null,
  from: null,
  to: null,
  sort: 'newest',
  page: 1,
}

export function toQuery(state: SearchState): SearchQuery {
  const filters: SearchFilters = {
    origin: state.origin ?? undefined,
    outletClass: state.class ?? undefined,
    outletId: state.outlet ?? undefined,
    language: state.language ?? undefined,
    topic: state.topic ?? undefined,
    tone: state.tone ?? undefined,
    place: state.place ?? undefined,
    relevance: state.relevance === 'all' ? undefined : state.relevance,
    sensitive: state.sensitive ? true : undefined,
    from: state.from === null ? undefined : startOfDay(state.from),
    to: state.to === null ? undefined : startOfDay(addDays(state.to, 1)),
  }
  return { text: state.q, filters, sort: state.sort, offset: (state.page - 1) * PAGE_SIZE, limit: PAGE_SIZE }
}
