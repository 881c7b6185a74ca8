import type { Day } from '../model.ts'
import { tellsOneEvent } from '../pipeline/round-up.ts'
import { type LifeLine, lifeLine, type Placement, rhythm, type Spike, spikes } from '../pipeline/trends.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Bearing, StoryCount, StoryPlacement, VolumeFilter } from '../store/store.ts'
import { addDays, dayAt, startOfDay } from './days.ts'
import { headlineOf } from './digest.ts'
import { outletOf } from './labels.ts'
import type { Parts } from './visit.ts'

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
  return history.length < LEAST_HISTORY ? null : rhythm(history).expected
}

/** One series. `among` is the number of series that share the accepted false alarms. */
export function seriesOf(id: string, counts: ReadonlyMap<Day, number>, span: SpanOfDays, among: number): Series {
  const { from, to, known } = span
  return {
    id,
    counts,
    total: totalIn(counts, span),
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

const totalIn = (counts: ReadonlyMap<Day, number>, span: SpanOfDays): number =>
  daysOf(span).reduce((sum, day) => sum + (counts.get(day) ?? 0), 0)

/** What to work out of a group: judging every one of hundreds of series would take seconds. */
export interface Shown {
  /** The largest of the span. */
  readonly most: number
  /** One more, whatever its size. */
  readonly chosen: string | null
}

/** The press of the followed outlets in those days: only it enters the figures of press opinion. */
export const pressIn = (profile: Profile, from: Day, to: Day): VolumeFilter => ({
  from: startOfDay(from),
  to: startOfDay(addDays(to, 1)),
  relevance: ['main', 'mention'],
  outletIds: profile.outletDefinitions.filter(({ class: kind }) => kind === 'press').map(({ id }) => id),
})

/** As `pressIn` the span, with the days before it from which rhythms are taken. */
export const pressWithHistory = (profile: Profile, { from, to }: SpanOfDays): VolumeFilter =>
  pressIn(profile, addDays(from, -HISTORY), to)

/** Series of the names that articles bear, the largest in the span first; all names share the accepted false alarms. */
export async function seriesBy(
  { store, profile }: Pick<Parts, 'store' | 'profile'>,
  by: Bearing,
  span: SpanOfDays,
  { most, chosen }: Shown,
): Promise<readonly Series[]> {
  const totals = await store.volume.names(by, pressIn(profile, span.from, span.to))
  const names = totals
    .toSorted((a, b) => b.articles - a.articles || a.name.localeCompare(b.name))
    .filter(({ name }, at) => at < most || name === chosen)
    .map(({ name }) => name)
  const counts = await store.volume.daysOf(by, names, pressWithHistory(profile, span))
  return names.map((name) => seriesOf(name, counts.get(name) ?? new Map(), span, totals.length))
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
  /** Outlets that carried it in the span. */
  readonly outlets: number
  /** What a person called it, else the most central headline of its coverage. */
  readonly title: string
}

/** Stories of the span, the most widely carried first, each judged against its own days from its first on. */
export async function storyTrends(
  { store, profile }: Pick<Parts, 'store' | 'profile'>,
  span: SpanOfDays,
  { most, chosen }: Shown,
): Promise<readonly StoryTrend[]> {
  // One article is news, not a trend.
  const groups = (await store.volume.stories(pressIn(profile, span.from, span.to), 2)).toSorted(
    (a, b) => b.outlets - a.outlets || b.articles - a.articles || a.storyId.localeCompare(b.storyId),
  )
  const given = await store.storyDesk.givenTitles()
  const shown: [StoryCount, readonly StoryPlacement[]][] = []
  const show = async (some: readonly StoryCount[]): Promise<void> => {
    const ids = some.map(({ storyId }) => storyId)
    const placements = await store.volume.placements(ids, pressWithHistory(profile, span))
    const byStory = Map.groupBy(placements, ({ storyId }) => storyId)
    for (const group of some) {
      const of = byStory.get(group.storyId) ?? []
      // A column and its copies are no story: the next one takes its place.
      if (tellsOneEvent(of, given.has(group.storyId))) shown.push([group, of])
    }
  }
  let read = 0
  while (shown.length < most && read < groups.length) {
    const some = groups.slice(read, read + most - shown.length)
    read += some.length
    await show(some)
  }
  await show(groups.slice(read).filter(({ storyId }) => storyId === chosen))
  const { from, to } = span
  return shown.flatMap(([{ storyId, articles, outlets }, of]): StoryTrend[] => {
    const life = lifeLine(
      of.map((article) => placementOf(profile, article, article.articleId)),
      dayAt,
    )
    if (!life) return []
    const counts = new Map(life.byDay.map(({ day, count }) => [day, count]))
    const found = spikes(counts, {
      ...{ from, to, leastHistory: LEAST_STORY_DAYS, leastCount: LEAST_COUNT },
      knownFrom: dayAt(life.first.published),
      falseAlarmsPerMonth: FALSE_ALARMS / groups.length,
    })
    const title = given.get(storyId) ?? headlineOf(profile, of)?.title ?? storyId
    return [{ id: storyId, counts, total: articles, usual: null, spikes: found, life, outlets, title }]
  })
}
