import { DIMENSIONS, GROUPS, type Group } from '../pipeline/model-features.ts'
import { groupEntries, rowsByColumn, type TermVectors } from '../pipeline/model-sums.ts'
import { directionsOf, type TopicWeights, topicGroups } from '../pipeline/topic-model.ts'
import { rowsByWord, wordsOf } from '../pipeline/word-vectors.ts'
import { topicCuts } from './cuts.ts'
import { isFurther } from './data.ts'
import { type Example, labelTopic } from './examples.ts'
import { FURTHER, INNER_FOLDS, innerFolds } from './folds.ts'
import { keepLandmarks } from './landmarks.ts'
import { quantise } from './quantise.ts'
import { kernelRidge, marginsOf } from './ridge.ts'
import type { Rows } from './rows.ts'
import { addNearness, addProducts } from './topic-gram.ts'

/**
 * Fits the model of topics by kernel ridge regression. The kernel is a sum: products of words and definitions, which fold
 * into weights of words again, and nearness in each way of looking at an article (`directionsOf`), for which the articles
 * stay as landmarks. Thresholds come from folds inside the training data.
 */

/** How much each kind of feature counts; set by hand on the development gold. */
const SHARES: Readonly<Partial<Record<Group, number>>> = { words: 1, title: 0.7, opening: 0.5 }
const DENSE_SHARE = 0.6
/** What a nearness of 1 counts, squared as the shares above are. */
const NEAR = 1.4
/** Of a gold label; those that count less cost more. */
const PENALTY = 0.8
const LEAST_DOCUMENTS = 2

interface Space {
  readonly columns: Uint32Array
  readonly idf: Float32Array
  readonly share: Float32Array
  readonly dense: readonly string[]
}

function spaceOf(examples: readonly Example[]): Space {
  const documents = new Uint32Array(DIMENSIONS)
  const shares = new Float32Array(DIMENSIONS)
  const dense = new Set<string>()
  for (const example of examples) {
    for (const group of GROUPS)
      for (const { column } of topicGroups(example.grouped)[group]) {
        documents[column] = (documents[column] ?? 0) + 1
        shares[column] = SHARES[group] ?? 0
      }
    for (const name of example.dense.keys()) if (name.startsWith('topic:')) dense.add(name)
  }
  const columns = Uint32Array.from(
    [...documents.keys()].filter((column) => (documents[column] ?? 0) >= LEAST_DOCUMENTS),
  )
  return {
    columns,
    idf: Float32Array.from(columns, (column) => Math.log(examples.length / (documents[column] ?? 1))),
    share: Float32Array.from(columns, (column) => shares[column] ?? 0),
    dense: [...dense].sort(),
  }
}

function rowsOf(examples: readonly Example[], space: Space): Rows {
  const rows = rowsByColumn(space.columns)
  const denseIndex = new Map(space.dense.map((name, i) => [name, space.columns.length + i]))
  const start = new Uint32Array(examples.length + 1)
  const column: number[] = []
  const value: number[] = []
  examples.forEach((example, i) => {
    for (const entry of groupEntries(topicGroups(example.grouped), rows, space.idf)) {
      column.push(entry.row)
      value.push(entry.value * (space.share[entry.row] ?? 0))
    }
    for (const [name, v] of example.dense) {
      const index = denseIndex.get(name)
      if (index === undefined) continue
      column.push(index)
      value.push(v * DENSE_SHARE)
    }
    start[i + 1] = column.length
  })
  return {
    start,
    column: Uint32Array.from(column),
    value: Float32Array.from(value),
    columns: space.columns.length + space.dense.length,
  }
}

/** Σ αᵢ·xᵢ: weights of articles as weights of their features. */
function folded({ start, column, value, columns }: Rows, alpha: Float64Array): Float64Array {
  const weights = new Float64Array(columns)
  alpha.forEach((a, i) => {
    for (let e = start[i] ?? 0; e < (start[i + 1] ?? 0); e++)
      weights[column[e] as number] = (weights[column[e] as number] as number) + a * (value[e] as number)
  })
  return weights
}

/**
 * @param topics ids of the profile's topics
 * @param vectors directions of words by latent semantic analysis
 * @param words vectors of words
 */
export function fitTopics(
  all: readonly Example[],
  topics: readonly string[],
  vectors: TermVectors,
  words: TermVectors,
): TopicWeights {
  const examples = all.filter(({ item }) => item.topics !== null)
  const n = examples.length
  const space = spaceOf(examples)
  const rows = rowsOf(examples, space)
  const wordRows = rowsByWord(words)
  const look = directionsOf(vectors, words)
  const looks = examples.map(({ tokens, grouped }) => look(wordsOf(wordRows, tokens), tokens, grouped))
  const dimensions = [words.k, vectors.k, words.k]
  const landmarks = dimensions.map((_, way) =>
    keepLandmarks(looks.map((ways) => ways[way]?.vector ?? new Float32Array())),
  )
  const gram = new Float32Array(n * n)
  landmarks.forEach((kept, way) => {
    addNearness(gram, kept, dimensions[way] ?? 1)
  })
  // The one is the bias.
  for (let i = 0; i < gram.length; i++) gram[i] = NEAR * (gram[i] as number) + 1
  addProducts(gram, rows)
  const penalties = Float32Array.from(examples, (example) => PENALTY / (isFurther(example.item) ? FURTHER : 1))
  const labels = topics.map((id) => labelTopic(id))
  const targets = labels.map((label) => Float64Array.from(examples, label))
  const everyone = examples.map((_, i) => i)
  const alphas = kernelRidge(gram, n, penalties, everyone, targets)
  const held = heldOut(gram, examples, penalties, targets)
  const cuts = labels.map((label, t) => topicCuts(examples, label, held[t] ?? new Float64Array()))
  const count = topics.length
  const weights = new Float32Array(space.columns.length * count)
  const denseWeights = new Float32Array(space.dense.length * count)
  alphas.forEach((alpha, t) => {
    folded(rows, alpha).forEach((weight, c) => {
      const d = c - space.columns.length
      if (d < 0) weights[c * count + t] = weight * (space.share[c] ?? 0)
      else denseWeights[d * count + t] = weight * DENSE_SHARE
    })
  })
  const { values, scale } = quantise(weights, count, 1)
  return {
    topics,
    columns: space.columns,
    idf: space.idf,
    weights: values,
    scale,
    dense: space.dense,
    denseWeights,
    vectors,
    words,
    landmarks,
    landmarkWeights: Float32Array.from(alphas.flatMap((alpha) => Array.from(alpha, (a) => a * NEAR))),
    bias: Float32Array.from(alphas, (alpha) => alpha.reduce((sum, a) => sum + a, 0)),
    threshold: Float32Array.from(cuts, ({ cut }) => cut),
    shortThreshold: Float32Array.from(cuts, ({ short }) => short),
    slope: Float32Array.from(cuts, ({ steep }) => steep),
  }
}

/** For each topic each example's margin from a model that did not see its fold. */
export function heldOut(
  gram: Float32Array,
  examples: readonly Pick<Example, 'item' | 'group'>[],
  penalties: Float32Array,
  targets: readonly Float64Array[],
): Float64Array[] {
  const n = examples.length
  const folds = innerFolds(examples)
  const margins = targets.map(() => new Float64Array(n))
  for (let fold = 0; fold < INNER_FOLDS; fold++) {
    const rows = [...folds.keys()]
    const left = rows.filter((i) => folds[i] === fold && !isFurther((examples[i] as (typeof examples)[number]).item))
    const seen = rows.filter((i) => folds[i] !== fold)
    kernelRidge(gram, n, penalties, seen, targets).forEach((alpha, t) => {
      marginsOf(gram, n, alpha, left).forEach((margin, i) => {
        ;(margins[t] as Float64Array)[left[i] as number] = margin
      })
    })
  }
  return margins
}
