import type { Day, Instant } from '../model.ts'

/**
 * Volume of a place, topic or story against its own rhythm. A day's expected count is the mean of the weeks before,
 * times a factor of its weekday (shrunk to 1 while weeks are few); a spike is a day whose count would be reached by
 * chance with less than the stated probability under a negative binomial of the history's own dispersion (Poisson where
 * it shows none). Past spikes are cut before they enter the history, so that one flood does not hide the next.
 */

export interface SpikeOptions {
  /** First and last day judged. */
  readonly from: Day
  readonly to: Day
  /** False alarms of a series that one accepts in 30 days; the probability of a day is a thirtieth of it. */
  readonly falseAlarmsPerMonth: number
  /** Days of history, default 56. */
  readonly history?: number
  /** Days of history without which nothing is judged, default 21. */
  readonly leastHistory?: number
  /** Counts below are never a spike, default 3. */
  readonly leastCount?: number
  /** First day from which counts are complete; days before it are no history. Default: the first day counted. */
  readonly knownFrom?: Day
}

export interface Rhythm {
  /** Expected count of the day. */
  readonly expected: number
  /** Size of the negative binomial (variance = mean + mean² / size); infinite for Poisson. */
  readonly size: number
  /** Days that it was taken from. */
  readonly days: number
}

export interface Spike extends Rhythm {
  readonly day: Day
  readonly count: number
  /** Of a count so high or higher by chance. */
  readonly probability: number
  /** The day before was no spike. */
  readonly first: boolean
}

const MS_PER_DAY = 86_400_000
const toNumber = (day: Day): number => Math.round(Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY)
const toDay = (number: number): Day => new Date(number * MS_PER_DAY).toISOString().slice(0, 10)

/** P(X ≥ count) of a negative binomial by mean and size. */
export function tail(count: number, mean: number, size: number): number {
  if (count <= 0) return 1
  if (mean <= 0) return 0
  // The mass at 0, then each from the one before.
  let mass = Number.isFinite(size) ? (size / (size + mean)) ** size : Math.exp(-mean)
  let below = 0
  for (let k = 0; k < count; k++) {
    below += mass
    mass *= Number.isFinite(size) ? ((k + size) / (k + 1)) * (mean / (size + mean)) : mean / (k + 1)
  }
  return Math.max(0, 1 - below)
}

/** Weeks' worth of evenness that a weekday's factor starts from. */
const PRIOR_WEEKS = 4
/** A past count is cut where chance would reach it once in so many days. */
const CUT = 1 / 100

/** Means from which a Poisson is as good as normal, and its masses at 0 too small to be added up. */
const NORMAL = 500
const CUT_IN_DEVIATIONS = 2.326

/** The greatest count that chance would reach more often than `CUT` (Poisson), in one walk. */
function cutOf(mean: number): number {
  if (mean > NORMAL) return Math.ceil(mean + CUT_IN_DEVIATIONS * Math.sqrt(mean))
  let mass = Math.exp(-mean)
  let below = mass
  let count = 0
  while (1 - below > CUT) {
    count++
    mass *= mean / count
    below += mass
  }
  return count
}

/** The rhythm for a day from the counts of the days before it, oldest first. */
export function rhythm(history: readonly number[]): Rhythm {
  const days = history.length
  let counts = [...history]
  let expected = 0
  let size = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < 3; pass++) {
    // A quiet history is no proof of silence: half a count is added to it.
    const mean = (counts.reduce((sum, count) => sum + count, 0) + 0.5) / Math.max(1, days)
    // By the place of the weekday in the history, which begins at 0.
    const factors = Array.from({ length: 7 }, (_, weekday) => {
      let [sum, weeks] = [0, 0]
      for (let i = weekday; i < days; i += 7) {
        sum += counts[i] ?? 0
        weeks++
      }
      return (sum + PRIOR_WEEKS * mean) / ((weeks + PRIOR_WEEKS) * mean)
    })
    const means = counts.map((_, i) => mean * (factors[i % 7] ?? 1))
    let [surplus, squares] = [0, 0]
    for (const [i, count] of counts.entries()) {
      const m = means[i] ?? mean
      surplus += (count - m) ** 2 - m
      squares += m * m
    }
    size = surplus > 0 ? squares / surplus : Number.POSITIVE_INFINITY
    expected = mean * (factors[days % 7] ?? 1)
    // Means differ by weekday only.
    const cuts = factors.map((of) => cutOf(mean * of))
    counts = history.map((count, i) => Math.min(count, cuts[i % 7] ?? count))
  }
  return { expected, size, days }
}

/** Spikes of one series of daily counts (a day that is absent counts 0), in order. */
export function spikes(counts: ReadonlyMap<Day, number>, options: SpikeOptions): Spike[] {
  const known = options.knownFrom ?? [...counts.keys()].sort()[0]
  if (known === undefined) return []
  const history = options.history ?? 56
  const limit = options.falseAlarmsPerMonth / 30
  const [from, to, oldest] = [toNumber(options.from), toNumber(options.to), toNumber(known)]
  const origin = Math.max(oldest, from - history)
  const series = Array.from({ length: Math.max(0, to - origin + 1) }, (_, i) => counts.get(toDay(origin + i)) ?? 0)
  const found: Spike[] = []
  let last = Number.NEGATIVE_INFINITY
  for (let today = Math.max(from, origin); today <= to; today++) {
    const start = Math.max(oldest, today - history)
    if (today - start < (options.leastHistory ?? 21)) continue
    const count = series[today - origin] ?? 0
    if (count < (options.leastCount ?? 3)) continue
    const own = rhythm(series.slice(start - origin, today - origin))
    const probability = tail(count, own.expected, own.size)
    if (probability > limit) continue
    found.push({ day: toDay(today), count, probability, first: last !== today - 1, ...own })
    last = today
  }
  return found
}

// ---------------------------------------------------------------- the life of a story

export interface Placement {
  readonly articleId: string
  readonly outletId: string
  /** What the outlet is in its trade: national, local, agency … */
  readonly kind: string
  readonly published: Instant
}

export interface LifeLine {
  readonly first: Placement
  readonly last: Placement
  /** The day (in the zone of `dayOf`) with most placements; the earliest of equals. */
  readonly peak: { readonly day: Day; readonly count: number }
  readonly byDay: readonly { readonly day: Day; readonly count: number }[]
  /** Hours from the first report until half of the outlets that carried it had done so; null with one outlet. */
  readonly hoursToHalf: number | null
  /** Outlets and placements by kind, most outlets first. */
  readonly reach: readonly { readonly kind: string; readonly outlets: number; readonly placements: number }[]
}

/** First report, peak, last, speed of spread and reach of a story; null without placements. */
export function lifeLine(placements: readonly Placement[], dayOf: (instant: Instant) => Day): LifeLine | null {
  const ordered = [...placements].sort((a, b) => (a.published < b.published ? -1 : a.published > b.published ? 1 : 0))
  const first = ordered[0]
  const last = ordered.at(-1)
  if (!first || !last) return null
  const days = new Map<Day, number>()
  const kinds = new Map<string, { outlets: Set<string>; placements: number }>()
  const firstOf = new Map<string, number>()
  for (const placement of ordered) {
    const day = dayOf(placement.published)
    days.set(day, (days.get(day) ?? 0) + 1)
    const kind = kinds.get(placement.kind) ?? { outlets: new Set(), placements: 0 }
    kind.outlets.add(placement.outletId)
    kind.placements++
    kinds.set(placement.kind, kind)
    if (!firstOf.has(placement.outletId)) firstOf.set(placement.outletId, Date.parse(placement.published))
  }
  const byDay = [...days].map(([day, count]) => ({ day, count }))
  const arrivals = [...firstOf.values()].sort((a, b) => a - b)
  const half = arrivals[Math.ceil(arrivals.length / 2) - 1] ?? 0
  // With two outlets, half of them is the first one: the second's arrival says more.
  const reached = arrivals.length === 2 ? (arrivals[1] ?? 0) : half
  return {
    first,
    last,
    peak: byDay.reduce((best, day) => (day.count > best.count ? day : best)),
    byDay,
    hoursToHalf: arrivals.length < 2 ? null : (reached - Date.parse(first.published)) / 3_600_000,
    reach: [...kinds]
      .map(([kind, { outlets, placements: n }]) => ({ kind, outlets: outlets.size, placements: n }))
      .sort((a, b) => b.outlets - a.outlets || b.placements - a.placements),
  }
}
