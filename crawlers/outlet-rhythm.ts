import type { Instant } from '../model.ts'

/**
 * What an outlet usually publishes, learned from its own last 28 days, and how improbable it is that it suddenly
 * publishes less. Articles are counted as negative binomial (a Poisson process whose daily level varies), with a mean by
 * weekday (drawn towards that of all working days or weekends) and a share by hour of the day. The
 * dispersion φ (variance = μ + φμ²) is the moment estimate over the days.
 */

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ZONE_MS = 7 * HOUR
export const RHYTHM_DAYS = 28
/** Days that the mean of its kind (working day, weekend) is worth for a weekday; articles spread evenly for the hours. */
const PRIOR_DAYS = 2
const PRIOR_ARTICLES = 12
const MOST_DISPERSION = 1.5
/** With less than this an outlet has no rhythm that could be told. */
const FEWEST_DAYS = 14
const FEWEST_ARTICLES = 8
/**
 * False alarms that an outlet gives a year, about: each pause between two articles is one test, so that a busy outlet
 * is tested the more often the more strictly.
 */
export const FALSE_ALARMS_A_YEAR = 1
/** What is estimated from 28 days is uncertain: with it simulated outlets gave twice the alarms, so half are asked for. */
const ESTIMATED = 2
/** Of the count of the last 24 hours; windows overlap, so that a year holds some hundreds of tests that differ. */
const LATE_PROBABILITY = 1 / 2000

export interface HourCount {
  /** `YYYY-MM-DDTHH` in the province's zone. */
  readonly hour: string
  readonly articles: number
}

export interface OutletRhythm {
  /** Articles a day, on the mean of the window. */
  readonly perDay: number
  /** Articles a day by weekday, Sunday first. */
  readonly weekdays: readonly number[]
  /** Share of a day's articles by hour of the province; sums to 1. */
  readonly hours: readonly number[]
  readonly dispersion: number
}

const hourStart = (hour: string): number => Date.parse(`${hour}:00:00+07:00`)
const local = (at: number): Date => new Date(at + ZONE_MS)

/**
 * The rhythm of the 28 days before `until`; null when the outlet is too young or too rare to have one.
 * @param counts hours without articles may be absent
 */
export function rhythmOf(counts: readonly HourCount[], until: Date): OutletRhythm | null {
  const to = until.getTime()
  const within = counts
    .map(({ hour, articles }) => ({ at: hourStart(hour), articles }))
    .filter(({ at }) => at >= to - RHYTHM_DAYS * DAY && at < to)
  const total = within.reduce((sum, { articles }) => sum + articles, 0)
  const first = within.reduce((best, { at }) => Math.min(best, at), Number.POSITIVE_INFINITY)
  const watched = (to - first) / DAY
  if (total < FEWEST_ARTICLES || watched < FEWEST_DAYS) return null

  const perDay = total / watched
  const byDay = new Map<number, number>()
  for (let day = Math.floor((first + ZONE_MS) / DAY); day * DAY - ZONE_MS < to; day += 1) byDay.set(day, 0)
  const byHour = Array.from({ length: 24 }, () => 0)
  for (const { at, articles } of within) {
    const day = Math.floor((at + ZONE_MS) / DAY)
    byDay.set(day, (byDay.get(day) ?? 0) + articles)
    const hour = local(at).getUTCHours()
    byHour[hour] = (byHour[hour] ?? 0) + articles
  }
  // The first and the last day were watched in part only.
  const days = [...byDay].slice(1, -1).map(([day, articles]) => ({ weekday: (day + 4) % 7, articles }))
  const isWeekend = (weekday: number): boolean => weekday === 0 || weekday === 6
  /** Mean of some days, drawn towards `prior` as if it had been seen on so many days. */
  const drawn = (some: typeof days, prior: number, worth: number): number =>
    (some.reduce((sum, { articles }) => sum + articles, 0) + worth * prior) / (some.length + worth)
  const weekdays = Array.from({ length: 7 }, (_, weekday) => {
    const alike = days.filter((day) => isWeekend(day.weekday) === isWeekend(weekday))
    const own = days.filter((day) => day.weekday === weekday)
    return drawn(own, drawn(alike, perDay, PRIOR_DAYS / 2), PRIOR_DAYS)
  })
  const hours = byHour.map((count) => (count + PRIOR_ARTICLES / 24) / (total + PRIOR_ARTICLES))
  return { perDay, weekdays, hours, dispersion: dispersionOf(days, weekdays) }
}

function dispersionOf(days: readonly { weekday: number; articles: number }[], weekdays: readonly number[]): number {
  let excess = 0
  let squares = 0
  for (const { weekday, articles } of days) {
    const mean = weekdays[weekday] ?? 0
    excess += (articles - mean) ** 2 - articles
    squares += mean ** 2
  }
  return squares === 0 ? 0 : Math.min(Math.max(excess / squares, 0), MOST_DISPERSION)
}

/** Articles expected in [from, to). */
export function expectedIn({ weekdays, hours }: OutletRhythm, from: Date, to: Date): number {
  let sum = 0
  for (let at = from.getTime(); at < to.getTime(); ) {
    const end = Math.min(to.getTime(), (Math.floor(at / HOUR) + 1) * HOUR)
    const day = local(at)
    sum += ((weekdays[day.getUTCDay()] ?? 0) * (hours[day.getUTCHours()] ?? 0) * (end - at)) / HOUR
    at = end
  }
  return sum
}

/** P(X ≤ count) where X has this mean and variance mean + dispersion · mean². */
export function atMost(count: number, mean: number, dispersion: number): number {
  if (mean <= 0) return 1
  const ratio = (dispersion * mean) / (1 + dispersion * mean)
  let term = dispersion === 0 ? Math.exp(-mean) : (1 + dispersion * mean) ** (-1 / dispersion)
  let sum = term
  for (let at = 0; at < count; at += 1) {
    term *= dispersion === 0 ? mean / (at + 1) : ((at + 1 / dispersion) / (at + 1)) * ratio
    sum += term
  }
  return Math.min(1, sum)
}

/** Whether an outlet with this rhythm would hardly ever pause from `lastArticle` to `now`. */
export function isSilent(rhythm: OutletRhythm, lastArticle: Instant, now: Date): boolean {
  const expected = expectedIn(rhythm, new Date(lastArticle), now)
  const tests = 365 * Math.max(1, rhythm.perDay) * ESTIMATED
  return atMost(0, expected, rhythm.dispersion) < FALSE_ALARMS_A_YEAR / tests
}

/** Whether `count` articles in [from, to) are hardly ever so few. */
export function isLow(rhythm: OutletRhythm, count: number, from: Date, to: Date): boolean {
  return atMost(count, expectedIn(rhythm, from, to), rhythm.dispersion) < LATE_PROBABILITY
}
