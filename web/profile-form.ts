import type { JudgingName } from '../profiles/overlay.ts'
import type { Place, Profile, Term } from '../profiles/schema.ts'

/** The editor's forms as values of the profile's schema, and back. What a form does not show is kept as it stands. */

export type Form = Readonly<Record<string, string | readonly string[] | undefined>>
export type Entry = Readonly<Record<string, unknown>>

/** One term with its conditions, as a row of the table. Numbers stay as typed until the schema has judged them. */
export interface TermRow {
  /** Number of its fields in the form; absent: it has none yet. */
  readonly n?: number
  /** Key of the list in the entry: `terms`, `weakTerms`, `event`, `positive` … */
  readonly kind: string
  readonly language: string
  /** Without the `*` of a stem. */
  readonly term: string
  readonly stem: boolean
  readonly weight: string
  readonly with: string
  readonly without: string
  readonly within: string
}

/** The lists of terms that an entry of a file has. */
export const TERM_KINDS = {
  topics: ['terms', 'weakTerms', 'negativeTerms'],
  sensitivity: ['event', 'gravity'],
  tone: ['positive', 'negative', 'neutral'],
  places: [],
} as const satisfies Record<JudgingName, readonly string[]>

/** The list of a file in which its entries stand; null: the file is one entry. */
export const LISTS = { topics: 'topics', places: 'places', sensitivity: 'conditions', tone: null } as const

/** The entry of the profile in force; null when there is none of that id. */
export function entryInForce(profile: Profile, name: JudgingName, id: string): Entry | null {
  if (name === 'tone') return id === 'all' ? { ...profile.tone } : null
  const list: readonly { readonly id: string }[] =
    name === 'topics' ? profile.topics : name === 'places' ? profile.places : profile.conditions
  const entry = list.find((one) => one.id === id)
  return entry ? { ...entry } : null
}

// ---------------------------------------------------------------- from an entry to rows

const words = (list: readonly string[] | undefined): string => (list ?? []).join('; ')

function rowOf(kind: string, language: string, term: Term): TermRow {
  const whole = typeof term === 'string' ? { term } : term
  const stem = whole.term.endsWith('*')
  return {
    kind,
    language,
    term: stem ? whole.term.slice(0, -1) : whole.term,
    stem,
    weight: whole.weight === undefined ? '' : String(whole.weight).replace('.', ','),
    with: words(whole.with),
    without: words(whole.without),
    within: whole.within === undefined ? '' : String(whole.within),
  }
}

export const rowsOf = (name: JudgingName, entry: Entry): readonly TermRow[] =>
  TERM_KINDS[name]
    .flatMap((kind) =>
      Object.entries((entry[kind] ?? {}) as Readonly<Record<string, readonly Term[]>>).flatMap(([language, terms]) =>
        terms.map((term) => rowOf(kind, language, term)),
      ),
    )
    .map((row, n) => ({ ...row, n }))

// ---------------------------------------------------------------- from a form to an entry

const one = (form: Form, name: string): string => {
  const value = form[name]
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).normalize('NFC').trim()
}
const many = (form: Form, name: string): readonly string[] => {
  const value = form[name]
  return value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value
}
/** `a; b`, or a line each. */
const list = (text: string): readonly string[] =>
  text
    .split(/[;\n]/)
    .map((part) => part.normalize('NFC').trim().replace(/\s+/g, ' '))
    .filter((part) => part !== '')

/** A number where it is one; else the text itself, for the schema to name. */
function number(text: string): unknown {
  const value = Number(text.replace(',', '.'))
  return text === '' ? undefined : Number.isFinite(value) ? value : text
}

/** Left out where empty. */
const given = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  )

function termOf(row: TermRow): unknown {
  const term = row.stem ? `${row.term}*` : row.term
  const more = given({
    weight: number(row.weight),
    with: list(row.with),
    without: list(row.without),
    within: number(row.within),
  })
  return Object.keys(more).length === 0 ? term : { term, ...more }
}

/** The rows of the table as sent, without those struck out, and with what was typed below it. */
export function formRows(name: JudgingName, form: Form): readonly TermRow[] {
  const kinds: readonly string[] = TERM_KINDS[name]
  const numbers = Object.keys(form)
    .flatMap((key) => /^r(\d{1,5})\.term$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
  const rows = numbers.flatMap((n): TermRow[] => {
    const at = (field: string): string => one(form, `r${n}.${field}`)
    if (at('drop') !== '' || at('term') === '') return []
    return [
      {
        n,
        kind: kinds.find((kind) => kind === at('kind')) ?? kinds[0] ?? '',
        language: at('language'),
        term: at('term').replace(/\s+/g, ' '),
        stem: at('stem') !== '',
        weight: at('weight'),
        with: at('with'),
        without: at('without'),
        within: at('within'),
      },
    ]
  })
  const kind = kinds.find((known) => known === one(form, 'addKind')) ?? kinds[0] ?? ''
  const language = one(form, 'addLanguage') || 'vi'
  const added = list(one(form, 'add')).map((term) => rowOf(kind, language, term))
  return [...rows, ...added]
}

/** Where each row stands in the entry: what a mistake's path leads back to. */
export const rowPath = (rows: readonly TermRow[], at: number): readonly PropertyKey[] => {
  const row = rows[at]
  if (!row) return []
  const before = rows.slice(0, at).filter((other) => other.kind === row.kind && other.language === row.language)
  return [row.kind, row.language, before.length]
}

/** Lists of terms by language; languages keep the order they have. */
function termLists(rows: readonly TermRow[], kinds: readonly string[], before: Entry): Record<string, unknown> {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const ofKind = rows.filter((row) => row.kind === kind)
      const known = Object.keys((before[kind] ?? {}) as object)
      const languages = new Set([...known, ...ofKind.map(({ language }) => language)])
      const lists = [...languages].flatMap((language) => {
        const terms = ofKind.filter((row) => row.language === language).map(termOf)
        return terms.length > 0 ? [[language, terms] as const] : []
      })
      return lists.length === 0 && before[kind] === undefined && !REQUIRED.has(kind)
        ? []
        : [[kind, Object.fromEntries(lists)]]
    }),
  )
}

/** Lists that an entry has even when they are empty. */
const REQUIRED = new Set(['terms', 'event', 'positive', 'negative'])

const label = (form: Form): { vi: string; en: string } => ({ vi: one(form, 'label.vi'), en: one(form, 'label.en') })

/**
 * The entry that a form describes. Keys of `before` that the form does not show stay.
 * @param id the entry's id; of a new one what the form says
 */
export function entryOfForm(name: JudgingName, id: string, form: Form, before: Entry): Entry {
  const rows = formRows(name, form)
  const kinds: readonly string[] = TERM_KINDS[name]
  const lists = termLists(rows, kinds, before)
  if (name === 'tone') return merged(before, kinds, lists)
  const own = id === 'new' ? one(form, 'id') : id
  if (name === 'topics')
    return merged(before, ['copyTo', 'threshold', ...kinds], {
      id: own,
      label: label(form),
      definition: one(form, 'definition'),
      owner: many(form, 'owner'),
      copyTo: listOrNone(many(form, 'copyTo')),
      ...lists,
      threshold: number(one(form, 'threshold')),
    })
  if (name === 'sensitivity')
    return merged(before, ['topics', 'besidePlace', 'weight', 'decides', ...kinds], {
      id: own,
      label: label(form),
      ...lists,
      topics: listOrNone(many(form, 'topics')),
      relevance: one(form, 'relevance'),
      besidePlace: one(form, 'besidePlace') !== '' ? true : undefined,
      weight: number(one(form, 'weight')),
      decides: one(form, 'decides') !== '' ? true : undefined,
    })
  return placeOf(own, form, before)
}

const listOrNone = (items: readonly string[]): readonly string[] | undefined => (items.length > 0 ? items : undefined)

/** `before` with the form's fields; of the optional keys those that the form left empty go. */
function merged(before: Entry, optional: readonly string[], fields: Readonly<Record<string, unknown>>): Entry {
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !optional.includes(key)))
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  // The keys of `before` keep their order, so that a difference shows what changed and no more.
  const order = [...Object.keys(before), ...Object.keys(present)]
  const all = { ...kept, ...present }
  return Object.fromEntries(order.flatMap((key) => (Object.hasOwn(all, key) ? [[key, all[key as never]]] : [])))
}

// ---------------------------------------------------------------- places

export const RULE_LISTS = ['names', 'require', 'reject', 'rejectBefore', 'rejectAfter'] as const

function placeOf(id: string, form: Form, before: Entry): Entry {
  const names = Object.keys(form).flatMap((key) => {
    const language = /^names\.([a-z]{2,3})$/.exec(key)?.[1]
    const spelled = language === undefined ? [] : list(one(form, key))
    return language !== undefined && spelled.length > 0 ? [[language, spelled] as const] : []
  })
  const more = one(form, 'addLanguage')
  const added = list(one(form, 'addNames'))
  const all = new Map(names)
  if (more !== '' && added.length > 0) all.set(more, [...(all.get(more) ?? []), ...added])
  return merged(before, ['area', 'code', 'district', 'communes', 'homographs', 'note'], {
    id,
    kind: one(form, 'kind'),
    name: one(form, 'name'),
    code: one(form, 'code') || undefined,
    area: one(form, 'area') || undefined,
    communes: listOrNone(list(one(form, 'communes').replaceAll(/[\s,]+/g, ';'))),
    district: one(form, 'district') || undefined,
    strength: one(form, 'strength'),
    names: Object.fromEntries(all),
    homographs: rulesOf(form),
    note: one(form, 'note') || undefined,
  })
}

function rulesOf(form: Form): readonly unknown[] | undefined {
  const numbers = Object.keys(form)
    .flatMap((key) => /^h(\d{1,3})\.require$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
  const rules = numbers.flatMap((n) => {
    const at = (field: string): string => one(form, `h${n}.${field}`)
    if (at('drop') !== '') return []
    const rule = given({
      ...Object.fromEntries(RULE_LISTS.map((field) => [field, list(at(field))])),
      within: number(at('within')),
      abroad: at('abroad') !== '' ? true : undefined,
      note: at('note') || undefined,
    })
    return Object.keys(rule).length === 0 ? [] : [rule]
  })
  return rules.length > 0 ? rules : undefined
}

export const STRENGTHS: readonly Place['strength'][] = ['strong', 'weak', 'context']

/** A new entry before anything is typed. */
export const EMPTY: Readonly<Record<JudgingName, Entry>> = {
  topics: { id: '', label: { vi: '', en: '' }, definition: '', owner: [], terms: {} },
  places: { id: '', kind: 'landmark', name: '', strength: 'weak', names: {} },
  sensitivity: { id: '', label: { vi: '', en: '' }, event: {}, relevance: 'main', decides: true },
  tone: {},
}
