import type { Evidence } from '../model.ts'
import type { View } from './article-model.ts'
import { DIMENSIONS, type Feature, featuresOf, GROUPS, type Grouped, type Token, tokenise } from './model-features.ts'
import { evidenceAt } from './reading.ts'
import { facts } from './shape.ts'

/**
 * What the two learned models for Vietnamese (linear-model.ts, topic-model.ts) do alike: they read an article once, give its
 * features values, and show the words that moved a margin.
 */

const read = new WeakMap<View, { readonly tokens: readonly Token[]; readonly grouped: Grouped }>()

/** Tokens and features of an article, which the models of topics and of the rest share. */
export function readOnce(view: View): { readonly tokens: readonly Token[]; readonly grouped: Grouped } {
  const known = read.get(view)
  if (known) return known
  const tokens = tokenise(view.fields, view.mentions)
  const made = { tokens, grouped: featuresOf(tokens, facts(view.shape)) }
  read.set(view, made)
  return made
}

export interface Entry {
  readonly row: number
  readonly value: number
  readonly at: Feature['at']
}

/** Values of one group's features, of length 1: tf-idf for words, equal for facts. */
export function groupEntries(grouped: Grouped, rows: Int32Array, idf: Float32Array): Entry[] {
  const entries: Entry[] = []
  for (const group of GROUPS) {
    const known = grouped[group].flatMap(({ column, count, at }) => {
      const row = rows[column] ?? -1
      return row < 0 ? [] : [{ row, at, value: group === 'shape' ? 1 : (1 + Math.log(count)) * (idf[row] ?? 0) }]
    })
    const length = Math.sqrt(known.reduce((sum, one) => sum + one.value ** 2, 0)) || 1
    for (const one of known) entries.push({ ...one, value: one.value / length })
  }
  return entries
}

/** Vectors of words, from articles without labels (train/directions.ts, train/words.ts). */
export interface TermVectors {
  readonly k: number
  readonly columns: Uint32Array
  readonly idf: Float32Array
  /** columns × k, in units of `scale`. */
  readonly values: Int8Array
  readonly scale: Float32Array
}

/** Where each hashed column stands in the arrays; -1: nowhere. */
export function rowsByColumn(columns: Uint32Array): Int32Array {
  const rows = new Int32Array(DIMENSIONS).fill(-1)
  columns.forEach((column, row) => {
    rows[column] = row
  })
  return rows
}

/** The article's direction, of length 1 (or 0). */
export function direction(
  vectors: TermVectors,
  rows: Int32Array,
  words: readonly Feature[],
): { vector: Float64Array; length: number } {
  const { k, values, scale, idf } = vectors
  const vector = new Float64Array(k)
  for (const { column, count } of words) {
    const row = rows[column] ?? -1
    if (row < 0) continue
    const value = (1 + Math.log(count)) * (idf[row] ?? 0)
    for (let d = 0; d < k; d++) vector[d] = (vector[d] ?? 0) + value * (values[row * k + d] ?? 0) * (scale[d] ?? 0)
  }
  const length = Math.hypot(...vector) || 1
  for (let d = 0; d < k; d++) vector[d] = (vector[d] ?? 0) / length
  return { vector, length }
}

/** What each dimension of a row of a table adds to a judgement, by the row's own numbers. */
export const inUnits = ({ k, scale }: TermVectors, by: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: k }, (_, d) => (scale[d] ?? 0) * (by[d] ?? 0))

/** @param by made by `inUnits` */
export function rowShare({ k, values }: TermVectors, row: number, by: Float64Array): number {
  let sum = 0
  for (let d = 0, at = row * k; d < k; d++, at++) sum += (values[at] as number) * (by[d] as number)
  return sum
}

/** A pair's weight is shared by its words. */
export function spread(shares: Float64Array, [first, last]: readonly [number, number], weight: number): void {
  const each = weight / (last - first + 1)
  for (let i = first; i <= last; i++) shares[i] = (shares[i] ?? 0) + each
}

const SHOWN_SENTENCES = 1
const SHOWN_WORDS = 3

/** The sentence that adds most, and the words that add most, each with its share of the margin. */
export function weightiest(
  tokens: readonly Token[],
  read: readonly { readonly first: number; readonly last: number }[],
  shares: Float64Array,
  about: string,
): Evidence[] {
  const sentences = new Map<number, { first: number; last: number; sum: number }>()
  tokens.forEach((token, i) => {
    const sentence = sentences.get(token.sentence) ?? { first: i, last: i, sum: 0 }
    sentences.set(token.sentence, { first: sentence.first, last: i, sum: sentence.sum + (shares[i] ?? 0) })
  })
  // A syllable tells a reader less than the word it is part of.
  const words = read.map(({ first, last }) => {
    let sum = 0
    for (let i = first; i <= last; i++) sum += shares[i] ?? 0
    return { first, last, sum }
  })
  const heaviest = (list: Iterable<{ first: number; last: number; sum: number }>, most: number) =>
    [...list]
      .filter(({ sum }) => sum > 0)
      .sort((a, b) => b.sum - a.sum)
      .slice(0, most)
  const stretch = (first: number, last: number, weight: number, rule: string): Evidence[] => {
    const from = tokens[first]
    const to = tokens[last]
    return from && to ? [evidenceAt(from.field, { start: from.start, end: to.end }, { for: about, weight, rule })] : []
  }
  return [
    ...heaviest(sentences.values(), SHOWN_SENTENCES).flatMap(({ first, last, sum }) =>
      stretch(first, last, sum, 'model: sentence'),
    ),
    ...heaviest(words, SHOWN_WORDS).flatMap(({ first, last, sum }) => stretch(first, last, sum, 'model: word')),
  ]
}
