import type { Evidence, Tone } from '../model.ts'
import type { ArticleModel, ModelJudgement, View } from './article-model.ts'
import { denseFeatures, hitsRead } from './dense-features.ts'
import { gravityFeatures } from './gravity.ts'
import { DIMENSIONS, type Feature, featuresOf, GROUPS, type Grouped, type Token, tokenise } from './model-features.ts'
import { evidenceAt, type Stretch } from './reading.ts'
import { facts } from './shape.ts'
import { articleDirection, nearness, pull, rowsByWord, unitLandmarks } from './word-vectors.ts'

/**
 * The learned model for Vietnamese: one linear separator per judgement over hashed words, directions of latent semantic
 * analysis, what the profile's definitions say, and nearness to landmarks. Linear but for the last, so that each word's
 * share in a judgement can be shown; typed arrays, so that a judgement takes some milliseconds and no start-up
 * (docs/decisions/0005-linear-model.md, 0010-nearness.md).
 */
export interface LinearWeights {
  /** `main`, `tone:positive`, `tone:neutral`, `tone:negative`, `sensitive`. */
  readonly heads: readonly string[]
  /** Columns of the hashed features that carry weight. */
  readonly columns: Uint32Array
  readonly idf: Float32Array
  /** columns × heads, in units of `scale`. */
  readonly weights: Int16Array
  readonly scale: Float32Array
  readonly dense: readonly string[]
  /** dense × heads. */
  readonly denseWeights: Float32Array
  readonly vectors: TermVectors
  /** k × heads. */
  readonly vectorWeights: Float32Array
  /** Vectors of words, from which an article's direction is made. */
  readonly words: TermVectors
  /** landmarks × words.k, eight bits a number; each is used at length 1. */
  readonly landmarks: Int8Array
  /** heads × landmarks. */
  readonly landmarkWeights: Float32Array
  readonly bias: Float32Array
  /** Margin from which a head says yes, and how steep its score is there. */
  readonly threshold: Float32Array
  /** The same for short texts: a feed's summary says less, and more plainly. */
  readonly shortThreshold: Float32Array
  readonly slope: Float32Array
}

/** Directions of words, from articles without labels (train/background.ts). */
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

/** Shorter texts, in characters, are summaries. */
const SHORT = 500
export const isShort = ({ lead, text }: { readonly lead?: string | null; readonly text: string }): boolean =>
  (lead?.length ?? 0) + text.length < SHORT

const SHOWN_SENTENCES = 1
const SHOWN_WORDS = 3

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

/** @param digest of the weights */
export function linearModel(weights: LinearWeights, digest: string): ArticleModel {
  const rows = rowsByColumn(weights.columns)
  const vectorRows = rowsByColumn(weights.vectors.columns)
  const denseIndex = new Map(weights.dense.map((name, i) => [name, i]))
  const n = weights.heads.length
  const wordRows = rowsByWord(weights.words)
  const landmarks = unitLandmarks(weights.landmarks, weights.words.k)
  const count = landmarks.length / weights.words.k
  const ofLandmarks = weights.heads.map((_, head) => weights.landmarkWeights.subarray(head * count, (head + 1) * count))
  const weight = (row: number, head: number): number =>
    (weights.weights[row * n + head] ?? 0) * (weights.scale[head] ?? 0)

  const judge = async (view: View): Promise<ModelJudgement> => {
    const { tokens, grouped } = readOnce(view)
    const entries = groupEntries(grouped, rows, weights.idf)
    const { vector, length } = direction(weights.vectors, vectorRows, grouped.words)
    const margins = Float64Array.from(weights.bias)
    for (const { row, value } of entries)
      for (let head = 0; head < n; head++) margins[head] = (margins[head] ?? 0) + value * weight(row, head)
    const dense = denseFeatures(view.fields, view.hits, view.mentions)
    for (const [name, value] of dense) {
      const index = denseIndex.get(name)
      if (index === undefined) continue
      for (let head = 0; head < n; head++)
        margins[head] = (margins[head] ?? 0) + value * (weights.denseWeights[index * n + head] ?? 0)
    }
    vector.forEach((value, d) => {
      for (let head = 0; head < n; head++)
        margins[head] = (margins[head] ?? 0) + value * (weights.vectorWeights[d * n + head] ?? 0)
    })
    const way = articleDirection(weights.words, wordRows, tokens)
    const near = nearness(way.vector, landmarks)
    ofLandmarks.forEach((own, head) => {
      let sum = 0
      for (let j = 0; j < count; j++) sum += (own[j] ?? 0) * (near[j] ?? 0)
      margins[head] = (margins[head] ?? 0) + sum
    })
    addOthers(weights, margins)
    const threshold = isShort(view.article) ? weights.shortThreshold : weights.threshold
    const scores = margins.map(
      (margin, head) => 1 / (1 + Math.exp(-(weights.slope[head] ?? 1) * (margin - (threshold[head] ?? 0)))),
    )
    const scoreOf = (name: string): number | null => {
      const head = weights.heads.indexOf(name)
      return head < 0 ? null : (scores[head] ?? 0)
    }
    /** Read when a reason is asked for. */
    let grave: ReturnType<typeof gravityFeatures> | null = null
    const tone = strongestTone(weights.heads, margins, weights.threshold)
    return {
      main: scoreOf('main'),
      topics: new Map(),
      tone,
      sensitive: scoreOf('sensitive'),
      evidence: (about) => {
        const name = about === 'relevance' ? 'main' : about === 'tone' ? `tone:${tone}` : about
        const head = weights.heads.indexOf(name)
        if (head < 0) return []
        const shares = new Float64Array(tokens.length)
        for (const { row, value, at } of entries) if (at) spread(shares, at, value * weight(row, head))
        const ofVectors = inUnits(
          weights.vectors,
          vector.map((_, d) => (weights.vectorWeights[d * n + head] ?? 0) / length),
        )
        for (const { column, count, at } of grouped.words) {
          const row = vectorRows[column] ?? -1
          if (row < 0 || !at) continue
          const value = (1 + Math.log(count)) * (weights.vectors.idf[row] ?? 0)
          spread(shares, at, value * rowShare(weights.vectors, row, ofVectors))
        }
        grave ??= gravityFeatures(view.fields, hitsRead(view.hits), view.mentions)
        const ranges = new Map<Stretch, readonly [number, number]>()
        for (const [name, value] of dense) {
          const share = value * (weights.denseWeights[(denseIndex.get(name) ?? Number.NaN) * n + head] ?? 0)
          const found = share === 0 ? [] : (grave.get(name)?.words ?? [])
          for (const hit of found) {
            const range = ranges.get(hit) ?? tokensOf(tokens, hit)
            ranges.set(hit, range)
            spread(shares, range, share / found.length)
          }
        }
        const own = ofLandmarks[head] ?? new Float32Array()
        const pulled = inUnits(weights.words, pull(near, landmarks, own, weights.words.k))
        for (const { row, value, at } of way.parts) spread(shares, at, value * rowShare(weights.words, row, pulled))
        return weightiest(tokens, shares, about)
      },
    }
  }
  return { digest, languages: ['vi'], judge }
}

/** How much being the subject moves the margin of being sensitive, and the most of it that counts. */
const WEIGHT_OF_SUBJECT = 0.3
const MOST_OF_SUBJECT = 0.5
/** The same of how far the article speaks against the province rather than for it, or neither. */
const WEIGHT_OF_TONE = 0.15
const LEAST_OF_TONE = -1.5
const MOST_OF_TONE = 0.5

/** What is sensitive is mostly told of subjects, and seldom praises: what these judgements add to its margin. */
export const shareOfOthers = (main: number, mainThreshold: number, tones: Readonly<Record<Tone, number>>): number => {
  const against = tones.negative - Math.max(tones.positive, tones.neutral)
  return (
    WEIGHT_OF_SUBJECT * Math.min(main - mainThreshold, MOST_OF_SUBJECT) +
    WEIGHT_OF_TONE * Math.min(Math.max(against, LEAST_OF_TONE), MOST_OF_TONE)
  )
}

function addOthers({ heads, threshold }: LinearWeights, margins: Float64Array): void {
  const sensitive = heads.indexOf('sensitive')
  const main = heads.indexOf('main')
  if (sensitive < 0 || main < 0) return
  const tone = (name: Tone): number => margins[heads.indexOf(`tone:${name}`)] ?? 0
  margins[sensitive] =
    (margins[sensitive] ?? 0) +
    shareOfOthers(margins[main] ?? 0, threshold[main] ?? 0, {
      positive: tone('positive'),
      neutral: tone('neutral'),
      negative: tone('negative'),
    })
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

/** First and last of the tokens in a stretch of a field. */
const tokensOf = (tokens: readonly Token[], { field, start, end }: Stretch): readonly [number, number] => {
  const inside = (token: Token): boolean => token.field.field === field && token.start < end && token.end > start
  return [tokens.findIndex(inside), tokens.findLastIndex(inside)]
}

/** A pair's weight is shared by its words. */
export function spread(shares: Float64Array, [first, last]: readonly [number, number], weight: number): void {
  const each = weight / (last - first + 1)
  for (let i = first; i <= last; i++) shares[i] = (shares[i] ?? 0) + each
}

const TONES: readonly Tone[] = ['positive', 'neutral', 'negative']

function strongestTone(heads: readonly string[], margins: Float64Array, threshold: Float32Array): Tone | null {
  let best: { tone: Tone; margin: number } | null = null
  for (const tone of TONES) {
    const head = heads.indexOf(`tone:${tone}`)
    if (head < 0) return null
    const margin = (margins[head] ?? 0) - (threshold[head] ?? 0)
    if (!best || margin > best.margin) best = { tone, margin }
  }
  return best?.tone ?? null
}

/** The sentence that adds most, and the words that add most, each with its share of the margin. */
export function weightiest(tokens: readonly Token[], shares: Float64Array, about: string): Evidence[] {
  const sentences = new Map<number, { first: number; last: number; sum: number }>()
  tokens.forEach((token, i) => {
    const sentence = sentences.get(token.sentence) ?? { first: i, last: i, sum: 0 }
    sentences.set(token.sentence, { first: sentence.first, last: i, sum: sentence.sum + (shares[i] ?? 0) })
  })
  const best = [...sentences.values()].sort((a, b) => b.sum - a.sum).filter(({ sum }) => sum > 0)
  const words = [...shares.keys()]
    .sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0))
    .filter((i) => (shares[i] ?? 0) > 0)
  const stretch = (first: number, last: number, weight: number, rule: string): Evidence[] => {
    const from = tokens[first]
    const to = tokens[last]
    return from && to ? [evidenceAt(from.field, { start: from.start, end: to.end }, { for: about, weight, rule })] : []
  }
  return [
    ...best.slice(0, SHOWN_SENTENCES).flatMap(({ first, last, sum }) => stretch(first, last, sum, 'model: sentence')),
    ...words.slice(0, SHOWN_WORDS).flatMap((i) => stretch(i, i, shares[i] ?? 0, 'model: word')),
  ]
}

/** Two models as one: topics by the first, the rest by the second. */
export const withTopics = (topics: ArticleModel, rest: ArticleModel, digest: string): ArticleModel => ({
  digest,
  languages: rest.languages,
  judge: async (view) => {
    const [of, other] = [await topics.judge(view), await rest.judge(view)]
    return {
      ...other,
      topics: of.topics,
      evidence: (about) => (about.startsWith('topic:') ? of : other).evidence(about),
    }
  },
})
