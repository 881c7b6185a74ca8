import type { Instant } from '../model.ts'
import type { SourceRhythm } from '../store/source-rhythm.ts'

/**
 * How often a source publishes, learned from the items it gave: for each hour of the day in the outlet's zone, working
 * days and weekends apart, how many items came and for how many hours it was watched, both decayed exponentially.
 * Items are taken as a Poisson process whose rate varies with the hour; a rate is the mean of its Gamma posterior, drawn
 * towards the source's overall rate where an hour has been seen too little, and that towards the pace of a new source.
 */

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** What was seen two weeks ago counts half. */
const HALF_LIFE_MS = 14 * DAY
/** Hours of observation that the overall rate of the source is worth in the estimate of one hour of the day. */
const PRIOR_OF_HOUR = 2
/** Hours of observation that the pace of a new source is worth in the overall rate. */
const PRIOR_OF_SOURCE = 3
/** Longer silence (the monitor stood still) is not counted as having watched. */
const LONGEST_WATCH_MS = 2 * DAY
/** A feed that shows a batch of one minute says nothing of the time in which it turns over. */
const SHORTEST_TURNOVER_MS = 10 * 60_000
/** A feed's own wish is followed up to this: WordPress tells every feed to be read hourly. */
const LONGEST_HINT_MS = 30 * 60_000

export interface PollLimits {
  /** Between two polls of a source that is not known yet. */
  readonly startMs: number
  readonly shortestMs: number
  readonly longestMs: number
  /**
   * Items expected by the next poll. At 1, an item of a source with a steady rate r waits 1/(2r) on average: half of
   * the time that passes between two items.
   */
  readonly expectedItems: number
  /**
   * Longest pause for a source that gave something in the last weeks, by day; half as long again in its quiet hours. A
   * small paper's one article a day may be the one that matters, and what it changes within two hours is lost to whoever
   * first reads it later.
   */
  readonly livingMs: number
}

export const defaultPollLimits: PollLimits = {
  startMs: 15 * 60_000,
  shortestMs: 60_000,
  longestMs: DAY,
  expectedItems: 1,
  livingMs: HOUR,
}

/** 0–23 on working days, 24–47 on Saturday and Sunday. */
export type HourSlot = number
export const HOUR_SLOTS = 48

const formats = new Map<string, Intl.DateTimeFormat>()

/** Milliseconds by which clocks in the zone are ahead of UTC. */
function offsetOf(at: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
  }
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * (HOUR / 60))
}

/** @param local milliseconds of the epoch as the outlet's clocks show them */
function slotOf(local: number): HourSlot {
  const day = Math.floor(local / DAY)
  // 1 January 1970 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7
  return (weekday === 0 || weekday === 6 ? 24 : 0) + Math.floor((local - day * DAY) / HOUR)
}

/** Pieces of [from, to) that lie in one hour of the day each; a change to summer time in between is not regarded. */
function* hoursBetween(from: number, to: number, zone: string): Generator<{ slot: HourSlot; hours: number }> {
  const offset = offsetOf(from, zone)
  for (let at = from + offset; at < to + offset; ) {
    const end = Math.min(to + offset, (Math.floor(at / HOUR) + 1) * HOUR)
    yield { slot: slotOf(at), hours: (end - at) / HOUR }
    at = end
  }
}

export const noRhythm = (): SourceRhythm => ({
  items: Array.from({ length: HOUR_SLOTS }, () => 0),
  hours: Array.from({ length: HOUR_SLOTS }, () => 0),
  at: null,
  turnoverMs: null,
  hintMs: null,
})

/** What a poll showed. */
export interface PollSeen {
  /** Times that the new items name; null for those that name none. */
  readonly arrivals: readonly (Instant | null)[]
  /** Times that all items of the document name, in any order; null when it was not sent again (304). */
  readonly shown: readonly Instant[] | null
  /** Items that the document holds; 0 when it was not sent again. */
  readonly entries: number
  /** Documents that hold all there is (sitemaps) never turn over. */
  readonly complete: boolean
  readonly hintMs: number | null
}

/** Adds what a poll at `now` showed. The first poll only begins the watch: what it shows had gathered before. */
export function learn(rhythm: SourceRhythm, seen: PollSeen, now: Date, zone: string): SourceRhythm {
  const to = now.getTime()
  const turnoverMs = seen.complete ? null : (turnoverOf(seen, rhythm, to) ?? rhythm.turnoverMs)
  const hintMs = seen.shown === null ? rhythm.hintMs : seen.hintMs
  if (rhythm.at === null) return { ...rhythm, at: now.toISOString(), turnoverMs, hintMs }
  const last = Date.parse(rhythm.at)
  const from = Math.max(last, to - LONGEST_WATCH_MS)
  const decay = 0.5 ** (Math.max(0, to - last) / HALF_LIFE_MS)
  const items = rhythm.items.map((count) => count * decay)
  const hours = rhythm.hours.map((count) => count * decay)
  const watched = [...hoursBetween(from, to, zone)]
  for (const { slot, hours: length } of watched) hours[slot] = (hours[slot] ?? 0) + length
  addArrivals(items, seen.arrivals, from, to, zone)
  return { items, hours, at: now.toISOString(), turnoverMs, hintMs }
}

/** Counts items that came in [from, to]; those that name no time in it came at some time: each hour gets its share. */
function addArrivals(items: number[], arrivals: PollSeen['arrivals'], from: number, to: number, zone: string): void {
  const watched = [...hoursBetween(from, to, zone)]
  const total = (to - from) / HOUR
  for (const arrival of arrivals) {
    const at = arrival === null ? Number.NaN : Date.parse(arrival)
    if (at >= from && at <= to) {
      const slot = slotOf(at + offsetOf(at, zone))
      items[slot] = (items[slot] ?? 0) + 1
    } else if (total > 0) {
      for (const { slot, hours: length } of watched) items[slot] = (items[slot] ?? 0) + length / total
    }
  }
}

/**
 * Adds what a sitemap brought to the rhythm of the index that named it, which was watched, but holds no items itself.
 * @param since when the index was read before; what came earlier had gathered
 */
export function learnFromPart(
  rhythm: SourceRhythm,
  arrivals: PollSeen['arrivals'],
  since: Instant,
  now: Date,
  zone: string,
): SourceRhythm {
  const items = [...rhythm.items]
  addArrivals(items, arrivals, Math.max(Date.parse(since), now.getTime() - LONGEST_WATCH_MS), now.getTime(), zone)
  return { ...rhythm, items }
}

/** In how long all entries that a feed shows are replaced, in its densest half. */
function turnoverOf({ shown, arrivals, entries }: PollSeen, rhythm: SourceRhythm, now: number): number | null {
  if (shown === null) return null
  const times = shown.map((at) => Date.parse(at)).sort((a, b) => b - a)
  const spans: number[] = []
  const [newest, oldest] = [times[0], times.at(-1)]
  if (newest !== undefined && oldest !== undefined && times.length >= 4) {
    const middle = times[Math.floor((times.length - 1) / 2)] ?? oldest
    spans.push(newest - oldest, 2 * (newest - middle))
  }
  // Not one entry was known: it may have turned over more than once since the last poll.
  const since = rhythm.at === null ? null : now - Date.parse(rhythm.at)
  if (since !== null && entries > 0 && arrivals.length >= entries) spans.push(since)
  return spans.length === 0 ? null : Math.max(SHORTEST_TURNOVER_MS, Math.min(...spans))
}

/** Items an hour that a source is expected to give in each slot. */
export function ratesOf(rhythm: SourceRhythm, limits: PollLimits): readonly number[] {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const fresh = limits.expectedItems / (limits.startMs / HOUR)
  const overall = (sum(rhythm.items) + PRIOR_OF_SOURCE * fresh) / (sum(rhythm.hours) + PRIOR_OF_SOURCE)
  return rhythm.items.map(
    (count, slot) => (count + PRIOR_OF_HOUR * overall) / ((rhythm.hours[slot] ?? 0) + PRIOR_OF_HOUR),
  )
}

/**
 * Milliseconds from `now` until about `expectedItems` new items are expected: the rates of the hours to come are summed
 * up, so that a poll in the evening looks ahead to the quiet night. Never later than half of the time in which the feed
 * turns over; never sooner than the feed asks for, unless entries would be lost.
 */
export function intervalOf(rhythm: SourceRhythm, now: Date, zone: string, limits: PollLimits): number {
  const rates = ratesOf(rhythm, limits)
  const from = now.getTime()
  let expected = 0
  let interval = 0
  for (const { slot, hours } of hoursBetween(from, from + limits.longestMs, zone)) {
    const rate = rates[slot] ?? 0
    const missing = limits.expectedItems - expected
    if (rate * hours >= missing) {
      interval += (missing / rate) * HOUR
      break
    }
    expected += rate * hours
    interval += hours * HOUR
  }
  const hinted = Math.max(interval, Math.min(rhythm.hintMs ?? 0, LONGEST_HINT_MS))
  const kept = Math.min(
    hinted,
    (rhythm.turnoverMs ?? Number.POSITIVE_INFINITY) / 2,
    longestWait(rhythm, rates, slotOf(from + offsetOf(from, zone)), limits),
  )
  return Math.round(Math.min(Math.max(kept, limits.shortestMs), limits.longestMs))
}

/** Half an item, decayed: one in two weeks. */
const LIVING = 0.5
const QUIET_TIMES = 1.5

function longestWait(rhythm: SourceRhythm, rates: readonly number[], slot: HourSlot, limits: PollLimits): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  if (sum(rhythm.items) < LIVING) return Number.POSITIVE_INFINITY
  const isQuiet = (rates[slot] ?? 0) < sum(rates) / HOUR_SLOTS / 2
  return limits.livingMs * (isQuiet ? QUIET_TIMES : 1)
}

const PERIODS: Readonly<Record<string, number>> = {
  hourly: HOUR,
  daily: DAY,
  weekly: 7 * DAY,
  monthly: 30 * DAY,
  yearly: 365 * DAY,
}

/**
 * How often a feed asks to be read, milliseconds: the longest of `<ttl>` (RSS 2.0, minutes), `sy:updatePeriod` over
 * `sy:updateFrequency` (RSS 1.0 syndication module) and `Cache-Control: max-age`; null when it says nothing.
 *
 * @param head the start of the document; markup is ASCII in every charset that matters here
 */
export function hintOf(head: string, cacheControl: string | null): number | null {
  const ttl = /<ttl>\s*(\d{1,6})\s*<\/ttl>/i.exec(head)?.[1]
  const period = /<sy:updatePeriod>\s*(\w+)\s*<\/sy:updatePeriod>/i.exec(head)?.[1]?.toLowerCase()
  const frequency = Number(/<sy:updateFrequency>\s*(\d{1,4})\s*<\/sy:updateFrequency>/i.exec(head)?.[1] ?? 1)
  const age = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl ?? '')?.[1]
  const hints = [
    ttl === undefined ? 0 : Number(ttl) * 60_000,
    (PERIODS[period ?? ''] ?? 0) / Math.max(1, frequency),
    age === undefined ? 0 : Number(age) * 1000,
  ]
  const longest = Math.max(...hints)
  return longest > 0 ? longest : null
}
