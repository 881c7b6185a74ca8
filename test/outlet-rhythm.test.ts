import { describe, expect, it } from 'vitest'
import {
  atMost,
  expectedIn,
  FALSE_ALARMS_A_YEAR,
  type HourCount,
  isLow,
  isSilent,
  RHYTHM_DAYS,
  rhythmOf,
} from '../crawlers/outlet-rhythm.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const start = new Date('2025-09-01T00:00:00+07:00')
const later = (ms: number): Date => new Date(start.getTime() + ms)
const hourOf = (at: Date): string => new Date(at.getTime() + 7 * HOUR).toISOString().slice(0, 13)

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

/** Moments of a Poisson process that sleeps at night and halves at weekends. */
function moments(perDay: number, days: number, seed: number): Date[] {
  const random = randomFrom(seed)
  const found: Date[] = []
  for (let hour = 0; hour < days * 24; hour += 1) {
    const at = later(hour * HOUR)
    const local = new Date(at.getTime() + 7 * HOUR)
    const byDay = [0, 6].includes(local.getUTCDay()) ? 0.58 : 1.17
    const rate = local.getUTCHours() < 6 ? 0.1 / 24 : (1 - 0.025) / 18
    let left = perDay * byDay * rate
    for (;;) {
      left += Math.log(1 - random())
      if (left < 0) break
      found.push(new Date(at.getTime() + Math.floor(random() * HOUR)))
    }
  }
  return found.sort((a, b) => a.getTime() - b.getTime())
}

function countsOf(all: readonly Date[]): HourCount[] {
  const counts = new Map<string, number>()
  for (const at of all) counts.set(hourOf(at), (counts.get(hourOf(at)) ?? 0) + 1)
  return [...counts].map(([hour, articles]) => ({ hour, articles }))
}

describe('the probability of so few articles', () => {
  it('is Poisson’s without dispersion, and larger with it', () => {
    expect(atMost(0, 5, 0)).toBeCloseTo(Math.exp(-5), 10)
    expect(atMost(2, 3, 0)).toBeCloseTo(Math.exp(-3) * (1 + 3 + 4.5), 10)
    // Negative binomial of size 2 and mean 3: (2/5)^2.
    expect(atMost(0, 3, 0.5)).toBeCloseTo(0.16, 10)
    expect(atMost(1, 3, 0.5)).toBeCloseTo(0.16 + 2 * 0.16 * 0.6, 10)
    expect(atMost(500, 300, 0.1)).toBeLessThanOrEqual(1)
    expect(atMost(3, 0, 0)).toBe(1)
  })
})

describe('the rhythm of an outlet', () => {
  const rhythm = rhythmOf(countsOf(moments(24, RHYTHM_DAYS, 5)), later(RHYTHM_DAYS * DAY))
  if (!rhythm) throw new Error('an outlet of 24 articles a day has a rhythm')

  it('knows weekdays from weekends and day from night', () => {
    const [sunday = 0, monday = 0] = rhythm.weekdays
    expect(monday).toBeGreaterThan(sunday * 1.4)
    expect(rhythm.hours[3]).toBeLessThan((rhythm.hours[10] ?? 0) / 3)
    expect(rhythm.hours.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10)
    const week = expectedIn(rhythm, later(28 * DAY), later(35 * DAY))
    expect(week).toBeGreaterThan(24 * 7 * 0.85)
    expect(week).toBeLessThan(24 * 7 * 1.15)
  })

  it('takes a night’s pause for nothing and the same pause by day for silence', () => {
    const midnight = later(28 * DAY)
    expect(isSilent(rhythm, midnight.toISOString(), new Date(midnight.getTime() + 7 * HOUR))).toBe(false)
    const morning = new Date(midnight.getTime() + 8 * HOUR)
    expect(isSilent(rhythm, morning.toISOString(), new Date(morning.getTime() + 12 * HOUR))).toBe(true)
  })

  it('takes a third of the usual day for late, and a slow day for none', () => {
    const [from, to] = [later(28 * DAY), later(29 * DAY)]
    expect(isLow(rhythm, 8, from, to)).toBe(true)
    expect(isLow(rhythm, 20, from, to)).toBe(false)
  })

  it('is none where too little is known', () => {
    expect(rhythmOf(countsOf(moments(24, 10, 5)), later(10 * DAY))).toBeNull()
    expect(rhythmOf(countsOf(moments(0.1, RHYTHM_DAYS, 5)), later(RHYTHM_DAYS * DAY))).toBeNull()
  })
})

describe('false alarms', () => {
  it.each([1, 4, 8, 24])('of an outlet of %i articles a day come about once a year', (perDay) => {
    const years = 2
    const all = moments(perDay, RHYTHM_DAYS + years * 365, 17 + perDay)
    const counts = countsOf(all)
    let alarms = 0
    let at = 0
    for (const [index, moment] of all.entries()) {
      const next = all[index + 1]
      if (!next || moment < later(RHYTHM_DAYS * DAY)) continue
      const first = hourOf(new Date(moment.getTime() - (RHYTHM_DAYS + 1) * DAY))
      while ((counts[at]?.hour ?? '9') < first) at += 1
      // Silence is most improbable right before it ends.
      if (next.getTime() - moment.getTime() < (DAY / perDay) * 2) continue
      const rhythm = rhythmOf(counts.slice(at, at + 31 * 24), moment)
      if (rhythm && isSilent(rhythm, moment.toISOString(), next)) alarms += 1
    }
    expect(alarms / years).toBeLessThanOrEqual(FALSE_ALARMS_A_YEAR * 2)
  })
})
