import { describe, expect, it } from 'vitest'
import { defaultPollLimits, hintOf, intervalOf, learn, noRhythm, type PollSeen } from '../crawlers/rhythm.ts'
import { afterFailure, afterSuccess, conditions, neverPolled } from '../crawlers/source-state.ts'
import { RetryLater, Skip } from '../errors.ts'
import type { SourceRhythm, SourceState } from '../store/store.ts'

const ZONE = 'Asia/Ho_Chi_Minh'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const limits = defaultPollLimits
const nothing: PollSeen = { arrivals: [], shown: null, entries: 0, complete: false, hintMs: null }
const instant = (ms: number): string => new Date(ms).toISOString()

/** Watches an outlet for `days`, asking as often as it would, that publishes at the given times. */
function watch(publishes: readonly number[], from: number, days: number, shows = 30, bounds = limits) {
  let rhythm: SourceRhythm = noRhythm()
  let now = from
  let seenUpTo = from
  const polls: number[] = []
  let lost = 0
  while (now < from + days * DAY) {
    const fresh = publishes.filter((at) => at > seenUpTo && at <= now)
    const shown = publishes.filter((at) => at <= now).slice(-shows)
    lost += Math.max(0, fresh.length - shows)
    rhythm = learn(
      rhythm,
      { ...nothing, arrivals: fresh.map(instant), shown: shown.map(instant), entries: shown.length },
      new Date(now),
      ZONE,
    )
    seenUpTo = now
    polls.push(now)
    now += polls.length === 1 ? bounds.startMs : intervalOf(rhythm, new Date(now), ZONE, bounds)
  }
  return { rhythm, polls, lost }
}

/** Monday, midnight in Lào Cai. */
const START = Date.parse('2025-09-29T00:00:00+07:00')
/** Every ten minutes between six and twenty-two. */
const byDay = Array.from({ length: 21 * 144 }, (_, n) => START + n * 10 * MINUTE).filter((at) => {
  const hour = ((at - START) % DAY) / HOUR
  return hour >= 6 && hour < 22
})

describe('the rhythm of a source', () => {
  it('is learned by the hour: asked often by day, seldom by night', () => {
    const { rhythm, polls } = watch(byDay, START, 14)
    const at = (time: string) => new Date(`2025-10-14T${time}:00+07:00`)
    const noon = intervalOf(rhythm, at('12:00'), ZONE, limits)
    const night = intervalOf(rhythm, at('23:00'), ZONE, limits)
    expect(noon).toBeGreaterThan(7 * MINUTE)
    expect(noon).toBeLessThan(15 * MINUTE)
    expect(night).toBeGreaterThan(HOUR)
    // It is back in time for the morning.
    expect(at('23:00').getTime() + night).toBeLessThan(at('23:00').getTime() + 8 * HOUR)
    const hourOf = (ms: number) => Math.floor(((ms - START) % DAY) / HOUR)
    const later = polls.filter((ms) => ms > START + 7 * DAY)
    const nightly = later.filter((ms) => hourOf(ms) < 5).length / (5 * 7)
    const daily = later.filter((ms) => hourOf(ms) >= 8 && hourOf(ms) < 20).length / (12 * 7)
    expect(daily / nightly).toBeGreaterThan(4)
  })

  it('makes about one new item come between two polls', () => {
    const steady = Array.from({ length: 21 * 12 }, (_, n) => START + n * 2 * HOUR)
    const { polls } = watch(steady, START, 21, 30, { ...limits, livingMs: DAY })
    const later = polls.filter((ms) => ms > START + 14 * DAY)
    expect(later.length / (7 * 12)).toBeGreaterThan(0.7)
    expect(later.length / (7 * 12)).toBeLessThan(1.5)
  })

  it('keeps a small paper from waiting half a day: an hour at most by day, half as long again by night', () => {
    const daily = Array.from({ length: 28 }, (_, n) => START + n * DAY + 10 * HOUR)
    const { rhythm } = watch(daily, START, 28)
    const pause = (time: string) => intervalOf(rhythm, new Date(`2025-10-27T${time}:00+07:00`), ZONE, limits)
    expect(pause('10:30')).toBeLessThanOrEqual(HOUR)
    expect(pause('02:00')).toBeLessThanOrEqual(1.5 * HOUR)
  })

  it('is forgotten by half in two weeks', () => {
    const busy = learn(
      learn(noRhythm(), nothing, new Date(START), ZONE),
      {
        ...nothing,
        arrivals: Array.from({ length: 40 }, () => instant(START + HOUR / 2)),
      },
      new Date(START + HOUR),
      ZONE,
    )
    const later = learn(busy, nothing, new Date(START + HOUR + 14 * DAY), ZONE)
    expect(Math.max(...later.items)).toBeCloseTo(20, 0)
  })

  it('never reaches beyond one minute and one day', () => {
    const flood = Array.from({ length: 3000 }, (_, n) => START + n * 10_000)
    const fast = watch(flood, START, 0.3, 5000)
    expect(intervalOf(fast.rhythm, new Date(START + 0.3 * DAY), ZONE, limits)).toBe(MINUTE)
    const silent = watch([], START, 60)
    expect(intervalOf(silent.rhythm, new Date(START + 60 * DAY), ZONE, limits)).toBe(DAY)
  })

  it('lets no feed turn over between two polls', () => {
    // One batch of forty a day, a minute apart, in a feed that shows twenty.
    const shown = Array.from({ length: 20 }, (_, n) => instant(START + n * MINUTE))
    let rhythm = learn(noRhythm(), { ...nothing, shown, entries: 20 }, new Date(START + HOUR), ZONE)
    expect(rhythm.turnoverMs).toBe(19 * MINUTE - MINUTE)
    rhythm = learn(rhythm, nothing, new Date(START + 2 * DAY), ZONE)
    expect(intervalOf(rhythm, new Date(START + 2 * DAY), ZONE, limits)).toBeLessThanOrEqual(10 * MINUTE)
    const complete = learn(noRhythm(), { ...nothing, shown, entries: 20, complete: true }, new Date(START), ZONE)
    expect(complete.turnoverMs).toBeNull()
  })

  it('asks twice as often when not one entry was known, with or without dates', () => {
    const first = learn(noRhythm(), nothing, new Date(START), ZONE)
    const all: PollSeen = { ...nothing, arrivals: [null, null, null], shown: [], entries: 3 }
    expect(learn(first, all, new Date(START + HOUR), ZONE).turnoverMs).toBe(HOUR)
  })

  it('follows a feed that wants to be asked less often, up to half an hour', () => {
    const base = learn(noRhythm(), nothing, new Date(START), ZONE)
    const wish = (hintMs: number) => intervalOf({ ...base, hintMs }, new Date(START), ZONE, limits)
    expect(wish(20 * MINUTE)).toBe(20 * MINUTE)
    expect(wish(DAY)).toBe(30 * MINUTE)
    expect(wish(MINUTE)).toBe(15 * MINUTE)
  })
})

describe('the wish of a feed', () => {
  it('is read from ttl, the syndication module and Cache-Control', () => {
    expect(hintOf('<channel><ttl> 60 </ttl>', null)).toBe(HOUR)
    expect(
      hintOf('<sy:updatePeriod>\n hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>', null),
    ).toBe(15 * MINUTE)
    expect(hintOf('<channel>', 'public, max-age=300')).toBe(5 * MINUTE)
    expect(hintOf('<channel>', 's-maxage=300')).toBeNull()
    expect(hintOf('<ttl>99999999999</ttl>', null)).toBeNull()
  })
})

describe('conditions of the next request', () => {
  it('are given up for good when an ETag stayed while the document changed', () => {
    const fresh = neverPolled('bao-mau', 'http://bao.example/feed')
    const at = (minutes: number) => new Date(START + minutes * MINUTE)
    const found = (bodyDigest: string) => ({ etag: '"a"', lastModified: null, bodyDigest, seen: nothing })
    const first = afterSuccess(fresh, found('one'), at(0), ZONE, limits)
    expect(conditions(first, at(15))).toEqual({ 'if-none-match': '"a"' })
    const honest = afterSuccess(first, found('one'), at(15), ZONE, limits)
    expect(conditions(honest, at(30))).toEqual({ 'if-none-match': '"a"' })
    const caught = afterSuccess(first, found('two'), at(15), ZONE, limits)
    expect(conditions(caught, at(30))).toEqual({})
    expect(conditions(afterSuccess(caught, found('two'), at(30), ZONE, limits), at(45))).toEqual({})
  })
})

describe('failures of a source', () => {
  const now = new Date(START)
  const fresh = neverPolled('bao-mau', 'http://bao.example/feed')
  const pause = (state: SourceState): number => Date.parse(state.nextPollAt ?? '') - now.getTime()
  const times = (count: number, error: Error): SourceState =>
    Array.from({ length: count }).reduce<SourceState>((state) => afterFailure(state, error, now, limits), fresh)
  const gone = new Skip('gone', { code: 'page.gone', remedy: '' })
  const ill = new Skip('no feed', { code: 'feed.not-a-feed', remedy: '' })
  const slow = new RetryLater('slow', { code: 'fetch.timeout', remedy: '' })

  it('weigh 1, 0.5 or 0.25, and lengthen the pause by their sum', () => {
    expect([gone, ill, slow].map((error) => times(4, error).failureWeight)).toEqual([4, 2, 1])
    expect(pause(times(4, gone))).toBeGreaterThan(pause(times(4, ill)))
    expect(pause(times(4, ill))).toBeGreaterThan(pause(times(4, slow)))
    expect(pause(times(400, gone))).toBeLessThanOrEqual(DAY * 1.1)
  })

  it('become a state that a person sees, with when it is tried next', () => {
    expect(times(1, slow)).toMatchObject({ status: 'unreachable', lastErrorCode: 'fetch.timeout' })
    expect(times(1, ill).status).toBe('failing')
    expect(times(10, gone)).toMatchObject({ status: 'given-up', failures: 10, lastErrorCode: 'page.gone' })
    expect(times(9, gone).status).toBe('failing')
    expect(times(1, new Skip('', { code: 'robots.disallowed', remedy: '' })).status).toBe('refused-by-robots')
    expect(times(1, new Skip('', { code: 'page.challenge', remedy: '' })).status).toBe('blocked')
  })

  it('keep the time that the host named', () => {
    const asked = new RetryLater('', { code: 'fetch.throttled', remedy: '', afterMs: 7 * HOUR })
    expect(pause(afterFailure(fresh, asked, now, limits))).toBe(7 * HOUR)
  })

  it('are forgotten with the first success; a new source is asked after a quarter of an hour', () => {
    const found = { etag: null, lastModified: null, bodyDigest: 'sha256:1', seen: nothing }
    const state = afterSuccess(times(12, gone), found, now, ZONE, limits)
    expect(state).toMatchObject({ status: 'ok', failures: 0, failureWeight: 0, lastError: null })
    expect(state.intervalMs).toBeLessThanOrEqual(15 * MINUTE)
    expect(pause(state)).toBeGreaterThanOrEqual(state.intervalMs ?? 0)
    expect(pause(state)).toBeLessThanOrEqual(1.1 * (state.intervalMs ?? 0))
  })
})
