import type { Tone } from '../model.ts'
import type { ArticleModel, ModelJudgement, View } from './article-model.ts'
import { denseFeatures, hitsRead } from './dense-features.ts'
import { gravityFeatures } from './gravity.ts'
import type { Token } from './model-features.ts'
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
import type { Stretch } from './reading.ts'
import { articleDirection, nearness, pull, rowsByWord, unitLandmarks, wordsOf } from './word-vectors.ts'

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
  readonly slope: Float32Array
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
    const words = wordsOf(wordRows, tokens)
    const way = articleDirection(weights.words, words)
    const near = nearness(way.vector, landmarks)
    ofLandmarks.forEach((own, head) => {
      let sum = 0
      for (let j = 0; j < count; j++) sum += (own[j] ?? 0) * (near[j] ?? 0)
      margins[head] = (margins[head] ?? 0) + sum
    })
    addOthers(weights, margins)
    const scores = margins.map(
      (margin, head) => 1 / (1 + Math.exp(-(weights.slope[head] ?? 1) * (margin - (weights.threshold[head] ?? 0)))),
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
        return weightiest(tokens, words, shares, about)
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

/** First and last of the tokens in a stretch of a field. */
const tokensOf = (tokens: readonly Token[], { field, start, end }: Stretch): readonly [number, number] => {
  const inside = (token: Token): boolean => token.field.field === field && token.start < end && token.end > start
  return [tokens.findIndex(inside), tokens.findLastIndex(inside)]
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
