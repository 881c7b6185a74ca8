import type { Day, Instant, Origin, Tone } from '../model.ts'
import { centralTitle, type TitleCandidate } from '../pipeline/central-title.ts'
import { tellsOneEvent } from '../pipeline/round-up.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Arrival, AssessedArticle, Store } from '../store/store.ts'
import { dayAt } from './days.ts'
import { outletOf } from './labels.ts'

/** Where an article counts: only the press enters the figures of press opinion, the others stand beside them. */
export type Voice = Origin | 'other'

export function voiceOf(profile: Profile, article: { readonly outletId: string }): Voice {
  const outlet = outletOf(profile, article.outletId)
  return outlet?.class === 'press' ? outlet.origin : 'other'
}

export interface Figures {
  readonly domestic: number
  readonly foreign: number
  readonly other: number
  readonly sensitive: number
}

export function figuresOf(profile: Profile, articles: readonly Arrival[]): Figures {
  const figures = { domestic: 0, foreign: 0, other: 0, sensitive: 0 }
  for (const article of articles) {
    figures[voiceOf(profile, article)] += 1
    if (article.sensitive) figures.sensitive += 1
  }
  return figures
}

/** Articles of one story in a span, or one that stands alone. */
interface Group<A> {
  readonly storyId: string | null
  /** What a person called it; null: its headline stands for it. */
  readonly title: string | null
  /** Newest publication first. */
  readonly articles: readonly A[]
  /** Press outlets that carried it. */
  readonly outlets: number
  readonly sensitive: boolean
  /** Of columns only, which tell several events: it counts as no story. */
  readonly column: boolean
  readonly last: Instant
}
export type ArrivedGroup = Group<Arrival>
export type StoryGroup = Group<AssessedArticle>

/** Groups by story; the most widely carried first, then the newest. */
export function storyGroups(
  profile: Profile,
  articles: readonly Arrival[],
  given: ReadonlyMap<string, string>,
): readonly ArrivedGroup[] {
  const groups = Map.groupBy(articles, ({ storyId, id }) => storyId ?? `article:${id}`)
  return [...groups.values()]
    .map((group) => {
      const newest = group.toSorted((a, b) => (a.published < b.published ? 1 : a.published > b.published ? -1 : 0))
      const press = newest.filter((article) => voiceOf(profile, article) !== 'other')
      const title = given.get(newest[0]?.storyId ?? '') ?? null
      return {
        storyId: newest[0]?.storyId ?? null,
        title,
        articles: newest,
        outlets: new Set(press.map(({ outletId }) => outletId)).size,
        sensitive: newest.some(({ sensitive }) => sensitive),
        column: !tellsOneEvent(newest, title !== null),
        last: newest[0]?.published ?? '',
      }
    })
    .sort(
      (a, b) =>
        b.outlets - a.outlets ||
        b.articles.length - a.articles.length ||
        (a.last < b.last ? 1 : a.last > b.last ? -1 : 0),
    )
}

/** The groups that a page shows, with what stands in their articles. */
export async function toldGroups(store: Store, groups: readonly ArrivedGroup[]): Promise<readonly StoryGroup[]> {
  const ids = groups.flatMap(({ articles }) => articles.map(({ id }) => id))
  const read = new Map((await store.articles.getMany(ids)).map((article) => [article.id, article]))
  return groups.map((group) => ({ ...group, articles: group.articles.flatMap(({ id }) => read.get(id) ?? []) }))
}

export interface DayCount extends Record<Voice, number> {
  readonly day: Day
}

/** Articles first seen on each day. */
export function countByDay(profile: Profile, articles: readonly Arrival[], days: readonly Day[]): readonly DayCount[] {
  const counts = new Map(days.map((day) => [day, { day, domestic: 0, foreign: 0, other: 0 }]))
  for (const article of articles) {
    const count = counts.get(dayAt(article.firstSeen))
    if (count) count[voiceOf(profile, article)] += 1
  }
  return [...counts.values()]
}

/** What a story is called on our pages unless a person named it: the most central headline of its coverage. */
export const headlineOf = <A extends TitleCandidate & { readonly outletId: string }>(
  profile: Profile,
  articles: readonly A[],
): A | null => centralTitle(articles, (article) => voiceOf(profile, article) !== 'other')

/** The tone of most of them; of two that are as frequent the graver. */
export function toneOf(articles: readonly AssessedArticle[]): Tone | null {
  const tones = articles.flatMap(({ assessment }) => assessment?.tone ?? [])
  const count = (tone: Tone): number => tones.filter((one) => one === tone).length
  if (tones.length === 0) return null
  return (['negative', 'positive', 'neutral'] as const).reduce((best, tone) =>
    count(tone) > count(best) ? tone : best,
  )
}
