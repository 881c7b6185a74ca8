import { describe, expect, test } from 'vitest'
import { lifeLine, rhythm, spikes, tail } from '../pipeline/trends.ts'

const day = (n: number): string => new Date(Date.UTC(2025, 0, 6) + n * 86_400_000).toISOString().slice(0, 10)
/** A generator of equal sequences for equal seeds. */
const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 4_294_967_296
}
const poisson = (mean: number, random: () => number): number => {
  let [count, product] = [0, random()]
  while (product > Math.exp(-mean)) {
    product *= random()
    count++
  }
  return count
}

describe('spikes', () => {
  test('the tail is that of the distributions', () => {
    expect(tail(0, 2, Number.POSITIVE_INFINITY)).toBe(1)
    expect(tail(1, 2, Number.POSITIVE_INFINITY)).toBeCloseTo(1 - Math.exp(-2), 10)
    expect(tail(2, 3, 1)).toBeCloseTo(9 / 16, 10)
    expect(tail(20, 3, 1)).toBeGreaterThan(tail(20, 3, Number.POSITIVE_INFINITY))
  })

  test('a quiet series raises no more alarms than stated', () => {
    const random = seeded(4)
    let alarms = 0
    let days = 0
    for (let series = 0; series < 40; series++) {
      const counts = new Map(Array.from({ length: 200 }, (_, i) => [day(i), poisson(2.5, random)]))
      alarms += spikes(counts, { from: day(0), to: day(199), falseAlarmsPerMonth: 1 }).length
      days += 200 - 21
    }
    expect((alarms * 30) / days).toBeLessThanOrEqual(1)
    expect(alarms).toBeGreaterThan(0)
  })

  test('a flood is found on its day, its morrow is no new alarm, and the next flood is found too', () => {
    const counts = new Map(Array.from({ length: 120 }, (_, i) => [day(i), i % 2]))
    for (const [at, count] of [
      [60, 12],
      [61, 8],
      [75, 7],
    ] as const)
      counts.set(day(at), count)
    const found = spikes(counts, { from: day(30), to: day(119), falseAlarmsPerMonth: 0.5 })
    expect(found.map(({ day: at, first }) => [at, first])).toEqual([
      [day(60), true],
      [day(61), false],
      [day(75), true],
    ])
  })

  test('a weekday that is always busy is no spike, the same count on a quiet one is', () => {
    // Mondays have 9, other days 1.
    const counts = new Map(Array.from({ length: 84 }, (_, i) => [day(i), i % 7 === 0 ? 9 : 1]))
    counts.set(day(73), 9)
    const found = spikes(counts, { from: day(60), to: day(83), falseAlarmsPerMonth: 0.3 })
    expect(found.map((spike) => spike.day)).toEqual([day(73)])
    const history = Array.from({ length: 56 }, (_, i) => (i % 7 === 0 ? 9 : 1))
    expect(rhythm(history).expected).toBeGreaterThan(2 * rhythm(history.slice(1).concat(9)).expected)
  })

  test('nothing is judged before there is a history', () => {
    const counts = new Map([[day(3), 50]])
    expect(spikes(counts, { from: day(0), to: day(15), falseAlarmsPerMonth: 1 })).toEqual([])
  })
})

describe('the life line of a story', () => {
  const placement = (articleId: string, outletId: string, kind: string, published: string) => ({
    articleId,
    outletId,
    kind,
    published,
  })
  const dayOf = (instant: string) => new Date(Date.parse(instant) + 7 * 3_600_000).toISOString().slice(0, 10)

  test('tells the first report, the peak by the province’s day, the spread and the reach by kind', () => {
    const line = lifeLine(
      [
        placement('3', 'c', 'local', '2025-10-01T20:00:00.000Z'),
        placement('1', 'a', 'local', '2025-10-01T10:00:00.000Z'),
        placement('2', 'b', 'national', '2025-10-01T12:00:00.000Z'),
        placement('4', 'b', 'national', '2025-10-02T01:00:00.000Z'),
        placement('5', 'd', 'national', '2025-10-04T01:00:00.000Z'),
      ],
      dayOf,
    )
    expect(line).toMatchObject({
      first: { articleId: '1' },
      last: { articleId: '5' },
      peak: { day: '2025-10-01', count: 2 },
      hoursToHalf: 2,
    })
    expect(line?.reach).toEqual([
      { kind: 'national', outlets: 2, placements: 3 },
      { kind: 'local', outlets: 2, placements: 2 },
    ])
    expect(lifeLine([], dayOf)).toBeNull()
  })
})
