import type { ArticleModel, ModelJudgement, View } from './article-model.ts'
import { denseFeatures } from './dense-features.ts'
import type { Grouped, Token } from './model-features.ts'
import {
  direction,
  groupEntries,
  inUnits,
  readOnce,
  rowShare,
  rowsByColumn,
  spread,
  type TermVectors,
  weightiest,
} from './model-sums.ts'
import {
  articleDirection,
  type Direction,
  nearness,
  pull,
  rowsByWord,
  unitLandmarks,
  type Word,
  wordsOf,
} from './word-vectors.ts'

/**
 * The learned model of topics for Vietnamese: for each topic a sum over hashed words, over what the profile's definitions
 * say, and over nearness to each of the articles it learned from (docs/decisions/0010-nearness.md).
 */
export interface TopicWeights {
  /** Ids. */
  readonly topics: readonly string[]
  /** Columns of the hashed features that carry weight. */
  readonly columns: Uint32Array
  readonly idf: Float32Array
  /** columns × topics, in units of `scale`. */
  readonly weights: Int8Array
  readonly scale: Float32Array
  readonly dense: readonly string[]
  /** dense × topics. */
  readonly denseWeights: Float32Array
  readonly vectors: TermVectors
  readonly words: TermVectors
  /** Directions of the articles learned from, one after the other, for each way of looking at an article (`directionsOf`). */
  readonly landmarks: readonly Int8Array[]
  /** topics × landmarks. */
  readonly landmarkWeights: Float32Array
  readonly bias: Float32Array
  /** Margin from which a topic is given, and how steep its score is there. */
  readonly threshold: Float32Array
  /** The same for short texts: a feed's summary says less, and more plainly. */
  readonly shortThreshold: Float32Array
  readonly slope: Float32Array
}

/** A direction, and the vectors of terms that it is a sum of. */
export interface Looking extends Direction {
  readonly table: TermVectors
}

/** Looks at an article in three ways: all its words by their neighbours, all by the subjects they stand in, and its opening. */
export function directionsOf(vectors: TermVectors, words: TermVectors) {
  const vectorRows = rowsByColumn(vectors.columns)
  return (read: readonly Word[], tokens: readonly Token[], grouped: Grouped): Looking[] => {
    const { vector, length } = direction(vectors, vectorRows, grouped.words)
    const parts = grouped.words.flatMap(({ column, count, at }) => {
      const row = vectorRows[column] ?? -1
      return row < 0 || at === null
        ? []
        : [{ row, at, value: ((1 + Math.log(count)) * (vectors.idf[row] ?? 0)) / length }]
    })
    const end = openingEnd(tokens)
    return [
      { table: words, ...articleDirection(words, read) },
      { table: vectors, vector: Float32Array.from(vector), parts },
      {
        table: words,
        ...articleDirection(
          words,
          read.filter(({ last }) => last < end),
        ),
      },
    ]
  }
}

/** The title and two sentences. */
function openingEnd(tokens: readonly Token[]): number {
  const first = tokens.find(({ field }) => field.field !== 'title')?.sentence ?? 0
  const after = tokens.findIndex(({ field, sentence }) => field.field !== 'title' && sentence > first + 1)
  return after < 0 ? tokens.length : after
}

/** Features that topics are judged by: not how the province's places stand. */
export const topicGroups = (grouped: Grouped): Grouped => ({ ...grouped, around: [], shape: [] })

/** Shorter texts, in characters, are summaries. */
const SHORT = 500
export const isShort = ({ lead, text }: { readonly lead?: string | null; readonly text: string }): boolean =>
  (lead?.length ?? 0) + text.length < SHORT

/** @param digest of the weights */
export function topicModel(weights: TopicWeights, digest: string): ArticleModel {
  const rows = rowsByColumn(weights.columns)
  const denseIndex = new Map(weights.dense.map((name, i) => [name, i]))
  const n = weights.topics.length
  const wordRows = rowsByWord(weights.words)
  const look = directionsOf(weights.vectors, weights.words)
  const dimensions = [weights.words.k, weights.vectors.k, weights.words.k]
  const landmarks = weights.landmarks.map((kept, way) => unitLandmarks(kept, dimensions[way] ?? 1))
  const count = weights.landmarkWeights.length / n
  const ofLandmarks = weights.topics.map((_, topic) =>
    weights.landmarkWeights.subarray(topic * count, (topic + 1) * count),
  )
  const weight = (row: number, topic: number): number =>
    (weights.weights[row * n + topic] ?? 0) * (weights.scale[topic] ?? 0)

  const judge = async (view: View): Promise<ModelJudgement> => {
    const { tokens, grouped } = readOnce(view)
    const entries = groupEntries(topicGroups(grouped), rows, weights.idf)
    const margins = Float64Array.from(weights.bias)
    for (const { row, value } of entries)
      for (let topic = 0; topic < n; topic++) margins[topic] = (margins[topic] ?? 0) + value * weight(row, topic)
    for (const [name, value] of denseFeatures(view.fields, view.hits, view.mentions)) {
      const index = denseIndex.get(name)
      if (index === undefined) continue
      for (let topic = 0; topic < n; topic++)
        margins[topic] = (margins[topic] ?? 0) + value * (weights.denseWeights[index * n + topic] ?? 0)
    }
    const words = wordsOf(wordRows, tokens)
    const ways = look(words, tokens, grouped).map((way, i) => {
      const units = landmarks[i] ?? new Float32Array()
      return { ...way, units, near: nearness(way.vector, units) }
    })
    const near = new Float64Array(count)
    for (const way of ways) for (let j = 0; j < count; j++) near[j] = (near[j] as number) + (way.near[j] as number)
    ofLandmarks.forEach((own, topic) => {
      let sum = 0
      for (let j = 0; j < count; j++) sum += (own[j] as number) * (near[j] as number)
      margins[topic] = (margins[topic] ?? 0) + sum
    })
    const threshold = isShort(view.article) ? weights.shortThreshold : weights.threshold
    const scores = weights.topics.map((id, topic): [string, number] => {
      const above = (margins[topic] ?? 0) - (threshold[topic] ?? 0)
      return [id, 1 / (1 + Math.exp(-(weights.slope[topic] ?? 1) * above))]
    })
    return {
      main: null,
      topics: new Map(scores),
      tone: null,
      sensitive: null,
      evidence: (about) => {
        const topic = weights.topics.indexOf(about.replace(/^topic:/, ''))
        if (topic < 0) return []
        const shares = new Float64Array(tokens.length)
        for (const { row, value, at } of entries) if (at) spread(shares, at, value * weight(row, topic))
        for (const { near: own, units, table, parts } of ways) {
          const pulled = inUnits(table, pull(own, units, ofLandmarks[topic] ?? new Float32Array(), table.k))
          for (const { row, value, at } of parts) spread(shares, at, value * rowShare(table, row, pulled))
        }
        return weightiest(tokens, words, shares, about)
      },
    }
  }
  return { digest, languages: ['vi'], judge }
}
