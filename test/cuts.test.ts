import { describe, expect, it } from 'vitest'
import { mainCut, sensitiveCut, topicCuts } from '../train/cuts.ts'
import type { Labelled } from '../train/data.ts'
import { type Example, labelTopic } from '../train/examples.ts'
import { seeded } from '../train/seeded.ts'

const SHORT = 'Một bản tin ngắn.'
const LONG = 'Một bài dài kể lại đầu đuôi sự việc. '.repeat(20)

const example = (item: Partial<Labelled>): Example => ({
  item: {
    ...{ id: '', title: '', text: LONG, relevance: null, topics: null, tone: null, sensitive: null, set: 'province' },
    ...item,
  },
  group: 0,
  tokens: [],
  grouped: { words: [], title: [], opening: [], around: [], shape: [] },
  dense: new Map(),
  named: true,
})
/** `count` articles with margins spread evenly over a range. */
const spread = (count: number, [from, to]: readonly [number, number], item: Partial<Labelled>) =>
  Array.from({ length: count }, (_, i) => ({
    one: example(item),
    margin: from + ((to - from) * (i + 0.5)) / count,
  }))
type Drawn = ReturnType<typeof spread>
const examplesOf = (drawn: Drawn): Example[] => drawn.map(({ one }) => one)
const marginsOf = (drawn: Drawn): Float64Array => Float64Array.from(drawn, ({ margin }) => margin)

describe('where a topic is given', () => {
  const sport = { topics: ['sport'] }
  const other = { topics: ['health'] }
  const cuts = (drawn: Drawn) => topicCuts(examplesOf(drawn), labelTopic('sport'), marginsOf(drawn))

  it('is between the articles that have it and those that have not', () => {
    const { cut, short } = cuts([...spread(300, [0.1, 0.9], sport), ...spread(900, [-1, -0.3], other)])
    for (const each of [cut, short]) {
      expect(each).toBeGreaterThan(-0.3)
      expect(each).toBeLessThan(0.1)
    }
    const low = cuts([...spread(300, [-0.6, -0.2], sport), ...spread(900, [-1.2, -0.8], other)])
    expect(low.cut).toBeLessThan(-0.5)
    expect(low.cut).toBeGreaterThan(-0.8)
  })

  it('is near the common cut where few articles have it, and leaves it as they become more', () => {
    const of = (count: number) => cuts([...spread(count, [0.5, 0.9], sport), ...spread(200, [-1, 0.4], other)]).cut
    expect(of(2)).toBeLessThan(-0.1)
    expect(of(20)).toBeGreaterThan(of(2))
    expect(of(400)).toBeGreaterThan(0.3)
  })

  it('is another for short texts where they say less', () => {
    const [shortSport, shortOther] = [
      { ...sport, text: SHORT },
      { ...other, text: SHORT },
    ]
    const drawn = [
      ...spread(200, [0.5, 0.9], sport),
      ...spread(400, [-1, 0.4], other),
      ...spread(200, [-0.2, 0.2], shortSport),
      ...spread(400, [-1, -0.3], shortOther),
    ]
    const { cut, short } = cuts(drawn)
    expect(short).toBeLessThan(0)
    expect(cut).toBeGreaterThan(0.1)
  })

  it('is placed by the gold alone: articles that the project labelled itself move nothing', () => {
    const gold = [...spread(60, [0.1, 0.9], sport), ...spread(200, [-1, -0.1], other)]
    for (const set of ['further', 'transposed'] as const)
      expect(cuts([...gold, ...spread(300, [-1, -0.9], { ...sport, set })])).toEqual(cuts(gold))
    expect(cuts([...gold, ...spread(300, [-1, -0.9], { ...sport, set: 'correction' })])).not.toEqual(cuts(gold))
  })

  it('makes scores steep where margins tell the articles apart, and gentle where they do not', () => {
    const random = seeded(5)
    const clear = cuts([...spread(100, [0.5, 0.9], sport), ...spread(300, [-1, -0.6], other)])
    const mixed = spread(400, [-0.5, 0.5], sport).map(({ margin }) => ({
      one: example(random() < 0.5 ? sport : other),
      margin,
    }))
    expect(clear.steep).toBeGreaterThan(3 * cuts(mixed).steep)
    expect(cuts(mixed).steep).toBeGreaterThan(0)
  })
})

describe('where the province is the subject', () => {
  it('is between the articles about it and those that mention it; those that do not name it do not count', () => {
    const drawn = [
      ...spread(200, [0.2, 0.9], { relevance: 'main' }),
      ...spread(200, [-0.9, -0.2], { relevance: 'mention' }),
    ]
    const { cut, steep } = mainCut(examplesOf(drawn), marginsOf(drawn))
    expect(Math.abs(cut)).toBeLessThan(0.2)
    const unnamed = spread(300, [0.8, 0.9], { relevance: 'none' }).map(({ one, margin }) => ({
      one: { ...one, named: false },
      margin,
    }))
    const all = [...drawn, ...unnamed]
    expect(mainCut(examplesOf(all), marginsOf(all))).toEqual({ cut, steep })
  })
})

describe('where an article is sensitive', () => {
  const random = seeded(8)
  const grave = { relevance: 'main', sensitive: true } as const
  const plain = { relevance: 'main', sensitive: false } as const
  const drawn = [...spread(400, [-0.6, 0.8], grave), ...spread(800, [-1, 0.1], plain)].sort(() => random() - 0.5)
  const none = new Float64Array(drawn.length)
  const held = { sensitive: marginsOf(drawn), main: none, positive: none, neutral: none, negative: none }
  const found = (cut: number): number =>
    drawn.filter(({ one, margin }) => one.item.sensitive && margin >= cut).length / 400

  it('misses little: so that nine in ten are found, and hardly more than that', () => {
    const { cut } = sensitiveCut(examplesOf(drawn), held, 0)
    expect(found(cut)).toBeGreaterThanOrEqual(0.89)
    expect(found(cut)).toBeLessThanOrEqual(0.93)
  })

  it('reckons with what tone and relevance add in use', () => {
    const { cut } = sensitiveCut(examplesOf(drawn), held, 0)
    const against = { ...held, negative: none.map(() => 0.4) }
    expect(sensitiveCut(examplesOf(drawn), against, 0).cut).toBeCloseTo(cut + 0.15 * 0.4, 5)
    const subjects = { ...held, main: none.map(() => 0.5) }
    expect(sensitiveCut(examplesOf(drawn), subjects, 0.2).cut).toBeCloseTo(cut + 0.3 * 0.3, 5)
  })

  it('is not placed by what was not asked: a correction of relevance alone', () => {
    const more = [...drawn, ...spread(500, [-1, 1], { relevance: 'main', sensitive: null, set: 'correction' })]
    const longer = { ...held, sensitive: marginsOf(more) }
    expect(sensitiveCut(examplesOf(more), longer, 0)).toEqual(sensitiveCut(examplesOf(drawn), held, 0))
  })
})
