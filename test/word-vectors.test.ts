import { describe, expect, it } from 'vitest'
import { mix, tokenise } from '../pipeline/model-features.ts'
import type { TermVectors } from '../pipeline/model-sums.ts'
import { readFields } from '../pipeline/reading.ts'
import { articleDirection, nearness, pull, rowsByWord, unitLandmarks, wordsOf } from '../pipeline/word-vectors.ts'
import { landmarksOf } from '../train/landmarks.ts'
import { nearTerms } from '../train/near-terms.ts'
import { quantise } from '../train/quantise.ts'
import { seeded } from '../train/seeded.ts'

const tokensOf = (title: string) =>
  tokenise(readFields({ id: '', title, lead: null, text: '', outletId: null, language: 'vi', published: null }), [])
const hashOf = (word: string): number => tokensOf(word)[0]?.hash ?? 0

/** Two dimensions; every word at its own place. */
const vectorsOf = (words: readonly [hash: number, x: number, y: number][]): TermVectors => ({
  k: 2,
  columns: Uint32Array.from(words, ([hash]) => hash),
  idf: new Float32Array(words.length).fill(1),
  ...quantise(Float32Array.from(words.flatMap(([, x, y]) => [x, y])), 2, 1),
})

const random = seeded(3)
const unit = (k: number): Float32Array => {
  const v = Float32Array.from({ length: k }, () => random() - 0.5)
  const length = Math.hypot(...v)
  return v.map((x) => x / length)
}
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)

describe('the direction of an article', () => {
  it('reads a pair that the vectors know as one word, and its parts elsewhere', () => {
    const words = vectorsOf([
      [mix(hashOf('du'), hashOf('lịch')), 0, 1],
      [hashOf('du'), 1, 0],
      [hashOf('lịch'), 1, 0],
    ])
    const read = (title: string) => articleDirection(words, wordsOf(rowsByWord(words), tokensOf(title)))
    expect([...read('du lịch').vector]).toEqual([0, 1])
    expect(read('du lịch').parts.map(({ at }) => at)).toEqual([[0, 1]])
    expect([...read('lịch du').vector]).toEqual([1, 0])
  })

  it('is of length 1 however often a word stands, and 0 where no word is known', () => {
    const words = vectorsOf([
      [hashOf('lũ'), 0.6, 0.8],
      [hashOf('chợ'), -1, 0.2],
    ])
    const read = (title: string) => articleDirection(words, wordsOf(rowsByWord(words), tokensOf(title))).vector
    expect(Math.hypot(...read('lũ lũ lũ chợ'))).toBeCloseTo(1, 5)
    expect([...read('không ai biết')]).toEqual([0, 0])
  })
})

describe('nearness to landmarks', () => {
  it('as features gives back the kernel between any landmark and any article', () => {
    const vectors = Array.from({ length: 12 }, () => unit(8))
    const landmarks = landmarksOf(vectors, 8)
    const units = unitLandmarks(landmarks.kept, 8)
    const article = landmarks.features(unit(8))
    expect(article).toHaveLength(12)
    const one = unit(8)
    const features = landmarks.features(one)
    for (let j = 0; j < 12; j++) {
      const landmark = units.slice(j * 8, (j + 1) * 8)
      expect(dot(features, landmarks.features(landmark))).toBeCloseTo(nearness(one, landmark)[0] ?? 0, 1)
    }
  })

  it('weighs the same by landmarks as by features', () => {
    const landmarks = landmarksOf(
      Array.from({ length: 12 }, () => unit(8)),
      8,
    )
    const weights = Float64Array.from({ length: 12 }, () => random() - 0.5)
    const one = unit(8)
    const near = nearness(one, unitLandmarks(landmarks.kept, 8))
    expect(dot(landmarks.fold(weights), near)).toBeCloseTo(dot(weights, landmarks.features(one)), 4)
  })

  it('is the Gaussian kernel of each, however many there are', () => {
    const one = unit(5)
    for (const count of [1, 3, 4, 9]) {
      const units = Array.from({ length: count }, () => unit(5))
      const near = nearness(one, Float32Array.from(units.flatMap((landmark) => [...landmark])))
      expect(near).toHaveLength(count)
      units.forEach((landmark, j) => {
        expect(near[j]).toBeCloseTo(Math.exp(-4 * (1 - dot(one, landmark))), 5)
      })
    }
  })

  it('pulls as the sum of nearnesses changes', () => {
    const units = Float32Array.from(Array.from({ length: 6 }, () => [...unit(4)]).flat())
    const weights = Float32Array.from({ length: 6 }, () => random() - 0.5)
    const one = unit(4)
    const sum = (vector: Float32Array): number => dot(nearness(vector, units), weights)
    const pulled = pull(nearness(one, units), units, weights, 4)
    for (let d = 0; d < 4; d++) {
      const moved = one.slice()
      moved[d] = (moved[d] ?? 0) + 1e-3
      expect((sum(moved) - sum(one)) / 1e-3).toBeCloseTo(pulled[d] ?? 0, 1)
    }
  })
})

describe('vectors of words', () => {
  it('put words of the same company near each other, and twice in the same place', () => {
    // Words 0–4 stand together, and 5–9; each text draws from one of the two.
    const draw = seeded(9)
    const texts = Array.from({ length: 400 }, (_, i) =>
      Uint32Array.from({ length: 12 }, () => Math.floor(draw() * 5) + (i % 2) * 5),
    )
    const options = { k: 2, window: 4, contexts: 10 }
    const vectors = nearTerms(texts, 10, options, seeded(1))
    expect(nearTerms(texts, 10, options, seeded(1))).toEqual(vectors)
    const cosine = (a: number, b: number): number => {
      const [x, y] = [vectors.subarray(a * 2, a * 2 + 2), vectors.subarray(b * 2, b * 2 + 2)]
      return dot(x, y) / (Math.hypot(...x) * Math.hypot(...y))
    }
    expect(cosine(0, 1)).toBeGreaterThan(0.9)
    expect(cosine(7, 8)).toBeGreaterThan(0.9)
    expect(Math.abs(cosine(0, 6))).toBeLessThan(0.5)
    expect(Math.abs(cosine(7, 2))).toBeLessThan(0.5)
  })
})
