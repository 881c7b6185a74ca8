import type { Day } from '../model.ts'
import { type LifeLine, lifeLine, type Placement, rhythm, type Spike, spikes } from '../pipeline/trends.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Placed } from '../store/store.ts'
import { addDays, dayAt, startOfDay } from './days.ts'
import { voiceOf } from './digest.ts'
import { outletOf } from './labels.ts'

/** False alarms that one accepts in 30 days: of the province, and of all series of a group together. */
export const FALSE_ALARMS = 1
/** Days of history from which a rhythm is taken, and those without which nothing is judged. */
export const HISTORY = 56
export const LEAST_HISTORY = 21
/** A story is judged against its own life only: it exists because something happened. */
export const LEAST_STORY_DAYS = 7
export const LEAST_COUNT = 3

export interface SpanOfDays {
  /** First and last day shown. */
  readonly from: Day
  readonly to: Day
  /** First day from which counts are complete; null in an empty store. */
  readonly known: Day | null
}

export interface Series {
  readonly id: string
  readonly counts: ReadonlyMap<Day, number>
  /** In the span. */
  readonly total: number
  /** Usual count of the last day of the span; null where too little is known. */
  readonly usual: number | null
  readonly spikes: readonly Spike[]
}

/** Days of the span, oldest first. */
export function daysOf({ from, to }: Pick<SpanOfDays, 'from' | 'to'>): readonly Day[] {
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

/** Usual count of a day by the weeks before it, weekday counted; null where too few days are known. */
export function usualCount(counts: ReadonlyMap<Day, number>, day: Day, known: Day | null): number | null {
  if (known === null) return null
  const history: number[] = []
  for (let at = addDays(day, -HISTORY); at < day; at = addDays(at, 1))
    if (at >= known) history.push(counts.get(at) ?? 0)
  return history.length < LEAST_HISTORY ? null : rhythm(history, day).expected
}

const countDays = (articles: readonly Placed[]): Map<Day, number> => {
  const counts = new Map<Day, number>()
  for (const { published } of articles) {
    const day = dayAt(published)
    counts.set(day, (counts.get(day) ?? 0) + 1)
  }
  return counts
}

/** One series: all of the articles. `among` is the number of series that share the accepted false alarms. */
export function seriesOf(id: string, articles: readonly Placed[], span: SpanOfDays, among: number): Series {
  const counts = countDays(articles)
  const { from, to, known } = span
  return {
    id,
    counts,
    total: daysOf(span).reduce((sum, day) => sum + (counts.get(day) ?? 0), 0),
    usual: usualCount(counts, to, known),
    spikes:
      known === null
        ? []
        : spikes(counts, {
            ...{ from, to, knownFrom: known, history: HISTORY, leastHistory: LEAST_HISTORY, leastCount: LEAST_COUNT },
            falseAlarmsPerMonth: FALSE_ALARMS / Math.max(1, among),
          }),
  }
}

/** What to work out of a group: judging every one of hundreds of series would take seconds. */
export interface Shown {
  /** The largest of the span. */
  readonly most: number
  /** One more, whatever its size. */
  readonly chosen: string | null
}

/** Groups of articles by name, each with its number of articles in the span; those without any are left out. */
function grouped(
  articles: readonly Placed[],
  namesOf: (article: Placed) => readonly string[],
  { from, to }: SpanOfDays,
): { name: string; of: readonly Placed[]; total: number }[] {
  const groups = new Map<string, Placed[]>()
  for (const article of articles)
    for (const name of new Set(namesOf(article))) {
      const group = groups.get(name)
      if (group) group.push(article)
      else groups.set(name, [article])
    }
  const first = startOfDay(from)
  const end = startOfDay(addDays(to, 1))
  return [...groups]
    .map(([name, of]) => ({
      name,
      of,
      total: of.filter(({ published }) => published >= first && published < end).length,
    }))
    .filter(({ total }) => total > 0)
}

/** Series of the names that articles bear, the largest in the span first; all names share the accepted false alarms. */
export function seriesBy(
  articles: readonly Placed[],
  namesOf: (article: Placed) => readonly string[],
  span: SpanOfDays,
  { most, chosen }: Shown,
): readonly Series[] {
  const groups = grouped(articles, namesOf, span)
  return groups
    .sort((a, b) => b.total - a.total || a.name.localeCompare(b.name))
    .filter(({ name }, at) => at < most || name === chosen)
    .map(({ name, of }) => seriesOf(name, of, span, groups.length))
}

/** An article as the life of a story counts it. */
export const placementOf = (
  profile: Profile,
  article: Omit<Placement, 'articleId' | 'kind'>,
  id: string,
): Placement => ({
  articleId: id,
  outletId: article.outletId,
  published: article.published,
  kind: outletOf(profile, article.outletId)?.kind ?? 'other',
})

export interface StoryTrend extends Series {
  readonly life: LifeLine
  readonly outlets: number
}

/** Stories of the span, the most widely carried first, each judged against its own days from its first on. */
export function storyTrends(
  profile: Profile,
  articles: readonly Placed[],
  span: SpanOfDays,
  { most, chosen }: Shown,
): readonly StoryTrend[] {
  const groups = grouped(articles, ({ storyId }) => (storyId === null ? [] : [storyId]), span)
    .map((group) => ({ ...group, outlets: new Set(group.of.map(({ outletId }) => outletId)).size }))
    // One article is news, not a trend.
    .filter(({ total }) => total > 1)
    .sort((a, b) => b.outlets - a.outlets || b.total - a.total || a.name.localeCompare(b.name))
  return groups
    .filter(({ name }, at) => at < most || name === chosen)
    .flatMap(({ name, of, total, outlets }): StoryTrend[] => {
      const life = lifeLine(
        of.map((article) => placementOf(profile, article, article.articleId)),
        dayAt,
      )
      if (!life) return []
      const counts = countDays(of)
      const { from, to } = span
      const found = spikes(counts, {
        ...{ from, to, leastHistory: LEAST_STORY_DAYS, leastCount: LEAST_COUNT },
        knownFrom: dayAt(life.first.published),
        falseAlarmsPerMonth: FALSE_ALARMS / groups.length,
      })
      return [{ id: name, counts, total, usual: null, spikes: found, life, outlets }]
    })
}

/** Only the press enters the figures of press opinion. */
export const pressOnly = (profile: Profile, articles: readonly Placed[]): readonly Placed[] =>
  articles.filter((article) => voiceOf(profile, article) !== 'other')
