import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAssessor } from '../pipeline/assess.ts'
import { type TopicWeights, topicModel } from '../pipeline/topic-model.ts'
import { decodeTopics, decodeVectors, encodeTopics } from '../pipeline/weights-format.ts'
import { unitLandmarks } from '../pipeline/word-vectors.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Labelled } from '../train/data.ts'
import { type Example, examplesOf } from '../train/examples.ts'
import { groupsOf } from '../train/groups.ts'
import { keepLandmarks } from '../train/landmarks.ts'
import { kernelRidge, marginsOf } from '../train/ridge.ts'
import { seeded } from '../train/seeded.ts'
import { fitTopics } from '../train/topic-fit.ts'
import { addNearness, addProducts } from '../train/topic-gram.ts'
import { assessable } from './support/assessable.ts'

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const random = seeded(4)

/** Samples written for this test: [title, text, topics]. */
const SAMPLES: readonly (readonly [string, string, readonly string[]])[] = [
  ['Lũ quét ở vùng cao cuốn trôi ba nhà dân', 'Mưa lớn suốt đêm gây lũ quét, sạt lở đất.', ['disaster_environment']],
  ['Sạt lở đất vùi lấp một căn nhà', 'Mưa kéo dài làm sạt lở taluy, nước lũ dâng cao.', ['disaster_environment']],
  ['Mưa đá làm hư hại hàng trăm mái nhà', 'Giông lốc kèm mưa đá trút xuống nhiều xã.', ['disaster_environment']],
  ['Rét đậm, băng giá phủ trắng đỉnh núi', 'Nhiệt độ xuống dưới 0 độ, băng giá dày đặc.', ['disaster_environment']],
  ['Nước lũ trên sông dâng nhanh trong đêm', 'Mực nước vượt báo động, nhiều nơi ngập sâu.', ['disaster_environment']],
  ['Đội bóng đá tỉnh thắng trận mở màn', 'Cầu thủ ghi hai bàn, đội nhà thắng ở giải bóng đá.', ['sport']],
  ['Vận động viên về nhất giải chạy đường núi', 'Giải chạy có hàng nghìn vận động viên tranh tài.', ['sport']],
  ['Giải bóng chuyền nữ khai mạc chiều nay', 'Tám đội bóng chuyền tranh huy chương vàng.', ['sport']],
  ['Huấn luyện viên gọi thêm ba cầu thủ', 'Đội tuyển chuẩn bị cho vòng loại bóng đá.', ['sport']],
  ['Kỳ thủ trẻ giành huy chương vàng cờ vua', 'Giải vô địch cờ vua trẻ kết thúc với bảy huy chương.', ['sport']],
]
const items: Labelled[] = SAMPLES.map(([title, text, topics], i) => ({
  id: `sample-${i}`,
  title,
  text,
  topics,
  relevance: null,
  tone: null,
  sensitive: null,
  set: 'correction',
}))
const TOPICS = ['disaster_environment', 'sport']

let profile: Profile
let examples: Example[]
let weights: TopicWeights
const vectors = decodeVectors(readFileSync(path('pipeline/weights/vectors-vi.bin')))
const words = decodeVectors(readFileSync(path('pipeline/weights/words-vi.bin')))
beforeAll(async () => {
  profile = await loadProfile(path('profiles/lao-cai'), path('crawlers/outlets'))
  examples = examplesOf(profile, items, groupsOf(items))
  weights = fitTopics(examples, TOPICS, vectors, words)
})

describe('the model of topics', () => {
  it('learns from few articles which of two topics another is about', async () => {
    const { assess } = createAssessor({ profile, models: [topicModel(weights, 'test')] })
    const scores = async (title: string, text: string) => {
      const judged = await assess(assessable(title, text))
      return judged.topics.map(({ id }) => id).filter((id) => TOPICS.includes(id))
    }
    expect(await scores('Mưa lớn, lũ ống cuốn trôi cầu tạm', 'Nước lũ làm sạt lở nhiều đoạn đường.')).toEqual([
      'disaster_environment',
    ])
    expect(await scores('Đội tuyển bóng đá giành huy chương', 'Các cầu thủ thắng trận cuối của giải.')).toEqual([
      'sport',
    ])
  })

  it('shows the words and the sentence that weigh most where they stand', async () => {
    const { assess } = createAssessor({ profile, models: [topicModel(weights, 'test')] })
    const one = assessable(
      'Đội tuyển thắng trận cuối',
      'Trời nắng. Các cầu thủ bóng đá giành huy chương vàng. Khán giả ra về.',
    )
    const shown = (await assess(one)).evidence.filter(
      (piece) => piece.for === 'topic:sport' && piece.rule !== undefined,
    )
    const read = (rule: string): string[] =>
      shown
        .filter((piece) => piece.rule === rule)
        .map(({ field, from, to }) => ((field === 'title' ? one.title : one.text) ?? '').slice(from, to))
    expect(read('model: sentence')).toHaveLength(1)
    expect(['Các cầu thủ bóng đá giành huy chương vàng', 'Đội tuyển thắng trận cuối']).toContain(
      read('model: sentence')[0],
    )
    expect(read('model: word')).toHaveLength(3)
    // Words, not their syllables.
    expect(read('model: word')).toContain('huy chương')
    expect(read('model: word').join(' ')).not.toMatch(/(?<!huy )chương/)
    expect(shown.every(({ weight }) => weight > 0)).toBe(true)
  })

  it('judges by nearness and by the threshold of the length, not by words alone', async () => {
    const short = assessable('Đội tuyển thắng trận cuối', 'Các cầu thủ bóng đá giành huy chương vàng.')
    const long = { ...short, text: 'Các cầu thủ bóng đá giành huy chương vàng. '.repeat(20) }
    // Gentle: a score near 1 tells no two margins apart.
    const slope = weights.slope.map(() => 1)
    const score = async (change: Partial<TopicWeights>, of = short): Promise<number> => {
      const { assess } = createAssessor({ profile, models: [topicModel({ ...weights, slope, ...change }, 'test')] })
      return (await assess(of)).topics.find(({ id }) => id === 'sport')?.score ?? 0
    }
    const plain = await score({})
    expect(plain).toBeGreaterThan(0.5)
    expect(await score({ landmarkWeights: new Float32Array(weights.landmarkWeights.length) })).toBeLessThan(plain)
    const out = weights.shortThreshold.map(() => 99)
    expect(await score({ shortThreshold: out })).toBeLessThan(0.5)
    expect(await score({ shortThreshold: out }, long)).toBeGreaterThan(0.5)
    expect(await score({ threshold: out }, long)).toBeLessThan(0.5)
  })

  it('is fitted twice with the same result', () => {
    expect(encodeTopics(fitTopics(examples, TOPICS, vectors, words))).toEqual(encodeTopics(weights))
  })

  it('is the same after it was written and read', () => {
    expect(decodeTopics(encodeTopics(weights), vectors, words)).toEqual(weights)
  })

  it('is refused with a remedy where its file is of another kind', () => {
    expect(() => decodeTopics(new TextEncoder().encode('{"format":"something else"}\n'), vectors, words)).toThrow(
      expect.objectContaining({ code: 'model.unreadable' }),
    )
  })
})

describe('kernel ridge regression', () => {
  const n = 9
  const points = Array.from({ length: n }, () => Float64Array.from({ length: 4 }, () => random() - 0.5))
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
  const gram = Float32Array.from(points.flatMap((a) => points.map((b) => dot(a, b) + 1)))
  const target = Float64Array.from(points, (_, i) => (i % 2 === 0 ? 1 : -1))
  const all = [...points.keys()]

  it('solves (K + D)·α = y', () => {
    const penalties = Float32Array.from(points, (_, i) => 0.5 + (i % 3))
    const [alpha = new Float64Array()] = kernelRidge(gram, n, penalties, all, [target])
    const margins = marginsOf(gram, n, alpha, all)
    for (const i of all)
      expect((margins[i] ?? 0) + (penalties[i] ?? 0) * (alpha[i] ?? 0)).toBeCloseTo(target[i] ?? 0, 4)
  })

  it('does not look at rows that are not seen', () => {
    const seen = all.filter((i) => i !== 4)
    const other = target.map((y, i) => (i === 4 ? -y : y))
    const penalties = new Float32Array(n).fill(0.8)
    const fitted = (y: Float64Array) => kernelRidge(gram, n, penalties, seen, [y])[0]
    expect(fitted(other)).toEqual(fitted(target))
    expect(fitted(target)?.[4]).toBe(0)
  })
})

describe('what every two articles have in common', () => {
  it('is the product of their features', () => {
    const rows = [
      [2, 0, 1],
      [0, 3, 1],
      [1, 1, 0],
    ]
    const cells = rows.flatMap((row) =>
      row.map((value, column) => ({ value, column })).filter(({ value }) => value !== 0),
    )
    const gram = new Float32Array(9)
    addProducts(gram, {
      start: Uint32Array.of(0, 2, 4, 6),
      column: Uint32Array.from(cells, ({ column }) => column),
      value: Float32Array.from(cells, ({ value }) => value),
      columns: 3,
    })
    expect([...gram]).toEqual([5, 1, 2, 1, 10, 3, 2, 3, 2])
  })

  it('is their nearness, 1 for the same direction', () => {
    const kept = keepLandmarks([Float32Array.of(1, 0), Float32Array.of(0.6, 0.8), Float32Array.of(-1, 0)])
    const gram = new Float32Array(9)
    addNearness(gram, kept, 2)
    for (const i of [0, 1, 2]) expect(gram[i * 3 + i]).toBeCloseTo(1, 5)
    expect(gram[1]).toBeCloseTo(Math.exp(-4 * (1 - (unitLandmarks(kept, 2)[2] ?? 0))), 5)
    expect(gram[1]).toBe(gram[3])
    expect(gram[2] ?? 1).toBeLessThan(gram[1] ?? 0)
  })
})

describe('groups of near-duplicates', () => {
  it('an article that was drawn beside one of the gold goes with it, another stands alone', () => {
    const gold = { ...(items[0] as Labelled), id: 'gold', set: 'province' as const }
    const drawn = { ...(items[6] as Labelled), id: 'drawn', set: 'further' as const, beside: 'province/gold' }
    const alone = { ...(items[7] as Labelled), id: 'alone', set: 'further' as const }
    const [a, b, c] = groupsOf([gold, drawn, alone])
    expect(b).toBe(a)
    expect(c).not.toBe(a)
  })
})
