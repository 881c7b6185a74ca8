import { BESIDE } from '../pipeline/dense-features.ts'
import { GRAVE } from '../pipeline/gravity.ts'
import type { LinearWeights } from '../pipeline/linear-model.ts'
import { DIMENSIONS, GROUPS } from '../pipeline/model-features.ts'
import { direction, groupEntries, rowsByColumn, type TermVectors } from '../pipeline/model-sums.ts'
import type { TopicWeights } from '../pipeline/topic-model.ts'
import { articleDirection, rowsByWord, wordsOf } from '../pipeline/word-vectors.ts'
import { mainCut, sensitiveCut } from './cuts.ts'
import { isFurther } from './data.ts'
import { type Example, type Label, labelMain, labelSensitive, labelTone, TONES } from './examples.ts'
import { FAMILIES, type Family } from './families.ts'
import { INNER_FOLDS, innerFolds, SEED } from './folds.ts'
import { type Landmarks, landmarksOf } from './landmarks.ts'
import type { Rows } from './rows.ts'
import { seeded } from './seeded.ts'
import { fitSvm } from './svm.ts'
import { fitTopics } from './topic-fit.ts'

/**
 * Fits every head of the linear model: relevance, tone and sensitivity. How much each group of features counts is set by
 * family, by hand on the development gold; thresholds and slopes come from folds inside the training data, so that nothing
 * is tuned on what it is measured on.
 */

interface Head {
  readonly name: string
  readonly family: keyof typeof FAMILIES
  readonly label: Label
}

const HEADS: readonly Head[] = [
  { name: 'main', family: 'main', label: labelMain },
  ...TONES.map((tone): Head => ({ name: `tone:${tone}`, family: 'tone', label: labelTone(tone) })),
  { name: 'sensitive', family: 'sensitive', label: labelSensitive },
]

interface Space {
  readonly columns: Uint32Array
  readonly idf: Float32Array
  readonly dense: readonly string[]
}

const LEAST_DOCUMENTS = 2

/** Columns met in at least two of the examples, and the names of dense features. */
function spaceOf(examples: readonly Example[]): Space {
  const documents = new Uint32Array(DIMENSIONS)
  const dense = new Set<string>()
  for (const example of examples) {
    for (const group of GROUPS)
      for (const { column } of example.grouped[group]) documents[column] = (documents[column] ?? 0) + 1
    for (const name of example.dense.keys()) dense.add(name)
  }
  const columns = Uint32Array.from(
    [...documents.keys()].filter((column) => (documents[column] ?? 0) >= LEAST_DOCUMENTS),
  )
  const idf = Float32Array.from(columns, (column) => Math.log(examples.length / (documents[column] ?? 1)))
  return { columns, idf, dense: [...dense].sort() }
}

/** All examples' features before any family weighs them, with the group that each belongs to. */
interface Base extends Rows {
  /** Index into GROUPS; or DENSE, VECTOR, PLACE, NEAR or GRAVITY. */
  readonly kind: Uint8Array
  /** The same for each column. */
  readonly kindOfColumn: Uint8Array
}
const DENSE = GROUPS.length
const VECTOR = DENSE + 1
const PLACE = DENSE + 2
const NEAR = DENSE + 3
const GRAVITY = DENSE + 4

function baseRows(
  examples: readonly Example[],
  space: Space,
  vectors: TermVectors,
  directions: readonly Float32Array[],
  landmarks: Landmarks,
): Base {
  const rows = rowsByColumn(space.columns)
  const vectorRows = rowsByColumn(vectors.columns)
  const denseIndex = new Map(space.dense.map((name, i) => [name, i]))
  const firstVector = space.columns.length + space.dense.length
  const firstNear = firstVector + vectors.k
  const columns = firstNear + landmarks.count
  const kindOfColumn = new Uint8Array(columns)
    .fill(DENSE, space.columns.length)
    .fill(VECTOR, firstVector)
    .fill(NEAR, firstNear)
  space.dense.forEach((name, i) => {
    if (name.startsWith(BESIDE)) kindOfColumn[space.columns.length + i] = PLACE
    if (name.startsWith(GRAVE)) kindOfColumn[space.columns.length + i] = GRAVITY
  })
  const start = new Uint32Array(examples.length + 1)
  const column: number[] = []
  const value: number[] = []
  for (const example of examples)
    for (const [kind, group] of GROUPS.entries())
      for (const feature of example.grouped[group]) {
        const row = rows[feature.column] ?? -1
        if (row >= 0) kindOfColumn[row] = kind
      }
  examples.forEach((example, i) => {
    for (const entry of groupEntries(example.grouped, rows, space.idf)) {
      column.push(entry.row)
      value.push(entry.value)
    }
    for (const [name, v] of example.dense) {
      const index = denseIndex.get(name)
      if (index === undefined) continue
      column.push(space.columns.length + index)
      value.push(v)
    }
    for (const [d, v] of direction(vectors, vectorRows, example.grouped.words).vector.entries()) {
      column.push(firstVector + d)
      value.push(v)
    }
    for (const [j, v] of landmarks.features(directions[i] ?? new Float32Array()).entries()) {
      column.push(firstNear + j)
      value.push(v)
    }
    start[i + 1] = column.length
  })
  return {
    start,
    column: Uint32Array.from(column),
    value: Float32Array.from(value),
    columns,
    kind: Uint8Array.from(column, (c) => kindOfColumn[c] ?? 0),
    kindOfColumn,
  }
}

/** How much each kind of feature counts in a family. */
const sharesOf = (family: Family): number[] => [
  ...GROUPS.map((group) => family.groups[group]),
  family.dense,
  family.vector,
  family.beside,
  family.near,
  family.grave,
]

/** The base with a family's shares; features of share 0 and rows without a label are left out. */
function weigh(base: Base, shares: readonly number[], used: (row: number) => boolean): Rows {
  const start = new Uint32Array(base.start.length)
  const column = new Uint32Array(base.column.length)
  const value = new Float32Array(base.column.length)
  let n = 0
  for (let i = 0; i + 1 < base.start.length; i++) {
    const end = used(i) ? (base.start[i + 1] ?? 0) : 0
    for (let k = base.start[i] ?? 0; k < end; k++) {
      const share = shares[base.kind[k] ?? 0] ?? 0
      if (share === 0) continue
      column[n] = base.column[k] ?? 0
      value[n] = (base.value[k] ?? 0) * share
      n++
    }
    start[i + 1] = n
  }
  return { start, column: column.subarray(0, n), value: value.subarray(0, n), columns: base.columns }
}

const EPOCHS = 10
/** Enough to place a threshold. */
const INNER_EPOCHS = 6

/** What an article about another province counts: it was labelled once, by the project itself. */
const TRANSPOSED = 0.3

/** Articles that the others are compared with: more say little more, and each costs time at every judgement. */
const LANDMARKS = 1200

/** As many directions as may be landmarks, drawn from all. */
function drawn(directions: readonly Float32Array[]): Float32Array[] {
  const random = seeded(SEED + 2)
  return directions
    .map((direction) => ({ direction, lot: random() }))
    .filter(({ direction }) => direction.some((v) => v !== 0))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, LANDMARKS)
    .map(({ direction }) => direction)
}

/**
 * @param vectors directions of words by latent semantic analysis
 * @param words vectors of words
 */
function fitModel(examples: readonly Example[], vectors: TermVectors, words: TermVectors): LinearWeights {
  const space = spaceOf(examples)
  const wordRows = rowsByWord(words)
  const directions = examples.map((example) => articleDirection(words, wordsOf(wordRows, example.tokens)).vector)
  const landmarks = landmarksOf(drawn(directions.filter((_, i) => labelMain(examples[i] as Example) !== 0)), words.k)
  const base = baseRows(examples, space, vectors, directions, landmarks)
  const n = HEADS.length
  const firstVector = space.columns.length + space.dense.length
  const firstNear = firstVector + vectors.k
  const landmarkWeights = new Float32Array(n * landmarks.count)
  const weights = new Float32Array(space.columns.length * n)
  const denseWeights = new Float32Array(space.dense.length * n)
  const vectorWeights = new Float32Array(vectors.k * n)
  const bias = new Float32Array(n)
  const threshold = new Float32Array(n)
  const slope = new Float32Array(n).fill(1)
  const folds = innerFolds(examples)
  const held: Float64Array[] = []
  for (const [name, family] of Object.entries<Family>(FAMILIES)) {
    const shares = sharesOf(family)
    const own = HEADS.filter((head) => head.family === name)
    const used = (i: number): boolean => {
      const example = examples[i]
      return (
        example !== undefined && [labelMain, ...own.map(({ label }) => label)].some((label) => label(example) !== 0)
      )
    }
    const matrix = weigh(base, shares, used)
    for (const head of own) {
      const h = HEADS.indexOf(head)
      const labels = Int8Array.from(examples, (example) => head.label(example))
      const costs = Float32Array.from(examples, (example) => family.cost * (isFurther(example.item) ? TRANSPOSED : 1))
      const fitted = fitOne(matrix, labels, costs, EPOCHS)
      bias[h] = fitted.bias
      fitted.weights.forEach((weight, c) => {
        const folded = weight * (shares[base.kindOfColumn[c] ?? 0] ?? 0)
        if (c < space.columns.length) weights[c * n + h] = folded
        else if (c < firstVector) denseWeights[(c - space.columns.length) * n + h] = folded
        else if (c < firstNear) vectorWeights[(c - firstVector) * n + h] = folded
      })
      landmarkWeights.set(
        landmarks.fold(Float64Array.from(fitted.weights.subarray(firstNear), (weight) => weight * family.near)),
        h * landmarks.count,
      )
      held[h] = heldOut(matrix, labels, costs, folds)
    }
  }
  const heldOf = (name: string): Float64Array =>
    held[HEADS.findIndex((head) => head.name === name)] ?? new Float64Array()
  HEADS.forEach((head, h) => {
    const margins = held[h] ?? new Float64Array()
    if (head.family === 'tone') return
    const cuts =
      head.name === 'sensitive'
        ? sensitiveCut(
            examples,
            {
              sensitive: margins,
              main: heldOf('main'),
              positive: heldOf('tone:positive'),
              neutral: heldOf('tone:neutral'),
              negative: heldOf('tone:negative'),
            },
            threshold[0] ?? 0,
          )
        : mainCut(examples, margins)
    threshold[h] = cuts.cut
    slope[h] = cuts.steep
  })
  const scale = new Float32Array(n)
  for (let h = 0; h < n; h++) {
    let largest = 1e-9
    for (let row = 0; row < space.columns.length; row++)
      largest = Math.max(largest, Math.abs(weights[row * n + h] ?? 0))
    scale[h] = largest / 32_767
  }
  return {
    heads: HEADS.map((head) => head.name),
    columns: space.columns,
    idf: space.idf,
    weights: Int16Array.from(weights, (weight, i) => Math.round(weight / (scale[i % n] ?? 1))),
    scale,
    dense: space.dense,
    denseWeights,
    vectors,
    vectorWeights,
    words,
    landmarks: landmarks.kept,
    landmarkWeights,
    bias,
    threshold,
    slope,
  }
}

const fitOne = (
  matrix: Rows,
  labels: Int8Array,
  costs: Float32Array,
  epochs: number,
): { weights: Float32Array; bias: number } => fitSvm(matrix, labels, costs, seeded(SEED), epochs)

/** Each example's margin from a model that did not see its fold. */
export function heldOut(matrix: Rows, labels: Int8Array, costs: Float32Array, folds: readonly number[]): Float64Array {
  const margins = new Float64Array(labels.length)
  for (let fold = 0; fold < INNER_FOLDS; fold++) {
    const fitted = fitOne(
      matrix,
      labels.map((label, i) => (folds[i] === fold ? 0 : label)),
      costs,
      INNER_EPOCHS,
    )
    for (let i = 0; i < labels.length; i++) {
      if (folds[i] !== fold) continue
      let margin = fitted.bias
      for (let k = matrix.start[i] ?? 0; k < (matrix.start[i + 1] ?? 0); k++)
        margin += (fitted.weights[matrix.column[k] ?? 0] ?? 0) * (matrix.value[k] ?? 0)
      margins[i] = margin
    }
  }
  return margins
}

/** The model of relevance, tone and sensitivity, on the examples that were asked for them (the others say how rare a word is). */
export const fitRest = (examples: readonly Example[], vectors: TermVectors, words: TermVectors): LinearWeights =>
  fitModel(
    examples.filter(({ item }) => item.set !== 'further'),
    vectors,
    words,
  )

/** The model that ships, as two: one of topics, and that of the rest. */
export const fitBoth = (
  examples: readonly Example[],
  topics: readonly string[],
  vectors: TermVectors,
  words: TermVectors,
): { topics: TopicWeights; rest: LinearWeights } => ({
  topics: fitTopics(
    examples.filter(({ item }) => item.set !== 'transposed'),
    topics,
    vectors,
    words,
  ),
  rest: fitRest(examples, vectors, words),
})
