import { mix, type Token } from './model-features.ts'
import type { TermVectors } from './model-sums.ts'

/**
 * An article as one direction: the weighted sum of its words' vectors (Arora, S. et al., "A simple but tough-to-beat
 * baseline for sentence embeddings", ICLR 2017), made from articles without labels (train/words.ts). Articles that share
 * no word but a subject point the same way, so the model compares an article with landmarks: articles it learned from, of
 * which only the direction is kept.
 */

/** A word or a fixed pair of words, its row in the vectors, and what it adds. */
export interface Part {
  readonly row: number
  readonly value: number
  /** Token indices of its first occurrence. */
  readonly at: readonly [first: number, last: number]
}

export interface Direction {
  /** Of length 1, or 0 where no word is known. */
  readonly vector: Float32Array
  /** Words with their values, as they stand in the vector. */
  readonly parts: readonly Part[]
}

/** Where each word stands in the vectors, by its hash. */
export const rowsByWord = (words: TermVectors): ReadonlyMap<number, number> =>
  new Map(Array.from(words.columns, (word, row) => [word, row]))

/** A word of the text: its token, or two where the vectors know the pair as one word; its row, if they know it. */
export interface Word {
  readonly row: number | undefined
  readonly first: number
  readonly last: number
}

/** The words of a text; pairs are read from left to right. */
export function wordsOf(rows: ReadonlyMap<number, number>, tokens: readonly Token[]): Word[] {
  const found: Word[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (!token) continue
    const next = tokens[i + 1]
    const pair = next?.sentence === token.sentence ? rows.get(mix(token.hash, next.hash)) : undefined
    if (pair === undefined) found.push({ row: rows.get(token.hash), first: i, last: i })
    else found.push({ row: pair, first: i, last: ++i })
  }
  return found
}

/** Repeated words count by the logarithm of how often they come. */
export function articleDirection(words: TermVectors, read: readonly Word[]): Direction {
  const met = new Map<number, { count: number; at: readonly [number, number] }>()
  for (const { row, first, last } of read) {
    if (row === undefined) continue
    const known = met.get(row)
    if (known) known.count++
    else met.set(row, { count: 1, at: [first, last] })
  }
  const { k, values, scale, idf } = words
  const vector = new Float32Array(k)
  const parts = [...met].map(([row, { count, at }]) => ({ row, at, value: (1 + Math.log(count)) * (idf[row] ?? 0) }))
  for (const { row, value } of parts)
    for (let d = 0; d < k; d++) vector[d] = (vector[d] ?? 0) + value * (values[row * k + d] ?? 0) * (scale[d] ?? 0)
  const length = Math.hypot(...vector) || 1
  return {
    vector: vector.map((v) => v / length),
    parts: parts.map((part) => ({ ...part, value: part.value / length })),
  }
}

/** How fast nearness falls with the angle; chosen by folds on the development gold. */
const FALL = 4

/** One landmark after the other, each of length 1 again after it was kept in eight bits a number. */
export function unitLandmarks(kept: Int8Array, k: number): Float32Array {
  const landmarks = Float32Array.from(kept)
  for (let from = 0; from < landmarks.length; from += k) {
    const length = Math.hypot(...landmarks.subarray(from, from + k)) || 1
    for (let d = from; d < from + k; d++) landmarks[d] = (landmarks[d] ?? 0) / length
  }
  return landmarks
}

/**
 * Nearness to each landmark, 0 to 1: the Gaussian kernel on directions, exp(−FALL·(1 − cosine)).
 *
 * @param landmarks of length 1 each, `vector.length` numbers a landmark
 */
export function nearness(vector: Float32Array, landmarks: Float32Array): Float32Array {
  const k = vector.length
  const near = new Float32Array(landmarks.length / k)
  const of = Float64Array.from(vector)
  const kernel = (cosine: number): number => Math.exp(-FALL * (1 - cosine))
  const fours = near.length - (near.length % 4)
  // Four landmarks side by side: one sum alone would wait for each of its additions.
  for (let j = 0; j < fours; j += 4) {
    const first = j * k
    const [second, third, fourth] = [first + k, first + 2 * k, first + 3 * k]
    let [a, b, c, e] = [0, 0, 0, 0]
    for (let d = 0; d < k; d++) {
      const v = of[d] as number
      a += v * (landmarks[first + d] as number)
      b += v * (landmarks[second + d] as number)
      c += v * (landmarks[third + d] as number)
      e += v * (landmarks[fourth + d] as number)
    }
    near[j] = kernel(a)
    near[j + 1] = kernel(b)
    near[j + 2] = kernel(c)
    near[j + 3] = kernel(e)
  }
  for (let j = fours; j < near.length; j++) {
    let sum = 0
    for (let d = 0; d < k; d++) sum += (of[d] as number) * (landmarks[j * k + d] as number)
    near[j] = kernel(sum)
  }
  return near
}

/** Landmarks that pull less than this part of the strongest are left out of an explanation. */
const FAINT = 0.02

/**
 * How each dimension pulls a judgement, at this article: the derivative of the weighted sum of nearnesses, without what is
 * too faint to show. A word's share is the product of its vector with it; to first order, since nearness is not linear.
 *
 * @param weights of one judgement, by landmark
 */
export function pull(near: Float32Array, landmarks: Float32Array, weights: Float32Array, k: number): Float64Array {
  const sum = new Float64Array(k)
  const shares = new Float64Array(near.length)
  let most = 0
  for (let j = 0; j < near.length; j++) {
    const share = FALL * (near[j] as number) * (weights[j] as number)
    shares[j] = share
    most = Math.max(most, Math.abs(share))
  }
  const told: number[] = []
  for (let j = 0; j < near.length; j++) if (Math.abs(shares[j] as number) >= FAINT * most) told.push(j)
  // Four landmarks side by side: the sums are read and written once for all of them.
  for (let i = 0; i < told.length; i += 4) {
    const [a, b, c, e] = [told[i] ?? 0, told[i + 1] ?? 0, told[i + 2] ?? 0, told[i + 3] ?? 0]
    const ofA = shares[a] as number
    const ofB = i + 1 < told.length ? (shares[b] as number) : 0
    const ofC = i + 2 < told.length ? (shares[c] as number) : 0
    const ofE = i + 3 < told.length ? (shares[e] as number) : 0
    const [fromA, fromB, fromC, fromE] = [a * k, b * k, c * k, e * k]
    for (let d = 0; d < k; d++)
      sum[d] =
        (sum[d] as number) +
        ofA * (landmarks[fromA + d] as number) +
        ofB * (landmarks[fromB + d] as number) +
        ofC * (landmarks[fromC + d] as number) +
        ofE * (landmarks[fromE + d] as number)
  }
  return sum
}
