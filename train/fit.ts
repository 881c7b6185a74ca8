import {
  direction,
  groupEntries,
  type LinearWeights,
  rowsByColumn,
  type TermVectors,
} from '../pipeline/linear-model.ts'
import { DIMENSIONS, GROUPS, type Group } from '../pipeline/model-features.ts'
import { type Example, type Label, labelMain, labelSensitive, labelTone, labelTopic, TONES } from './examples.ts'
import type { Rows } from './rows.ts'
import { seeded } from './seeded.ts'
import { fitSvm } from './svm.ts'

/**
 * Fits every head of the linear model. How much each group of features counts is set by family, by hand on the
 * development gold; thresholds and slopes come from folds inside the training data, so that nothing is tuned on what it is
 * measured on.
 */

interface Family {
  readonly groups: Readonly<Record<Group, number>>
  readonly dense: number
  readonly vector: number
  readonly cost: number
}

export const FAMILIES = {
  main: { groups: { words: 1, title: 1, opening: 1, around: 1, shape: 1 }, dense: 0, vector: 0, cost: 0.1 },
  topic: { groups: { words: 1, title: 0.7, opening: 0.5, around: 0, shape: 0 }, dense: 0.6, vector: 1, cost: 0.6 },
  tone: { groups: { words: 1, title: 1, opening: 1, around: 0.5, shape: 0.3 }, dense: 0.35, vector: 1, cost: 0.8 },
  sensitive: {
    groups: { words: 1, title: 1, opening: 0.7, around: 0.5, shape: 0.4 },
    dense: 0.5,
    vector: 1,
    cost: 0.5,
  },
} as const satisfies Record<string, Family>

interface Head {
  readonly name: string
  readonly family: keyof typeof FAMILIES
  readonly label: Label
}

const headsOf = (topics: readonly string[]): Head[] => [
  { name: 'main', family: 'main', label: labelMain },
  ...topics.map((id): Head => ({ name: `topic:${id}`, family: 'topic', label: labelTopic(id) })),
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

/** Which group each kept column belongs to: its share in a family is folded into the weights. */
function groupOfRow(examples: readonly Example[], rows: Int32Array, n: number): Uint8Array {
  const groups = new Uint8Array(n)
  for (const example of examples)
    GROUPS.forEach((group, g) => {
      for (const { column } of example.grouped[group]) {
        const row = rows[column] ?? -1
        if (row >= 0) groups[row] = g
      }
    })
  return groups
}

/** Rows for one family: hashed features, then dense ones, then the direction. */
function rowsFor(examples: readonly Example[], space: Space, vectors: TermVectors, family: Family): Rows {
  const rows = rowsByColumn(space.columns)
  const vectorRows = rowsByColumn(vectors.columns)
  const groups = groupOfRow(examples, rows, space.columns.length)
  const denseIndex = new Map(space.dense.map((name, i) => [name, i]))
  const start = new Uint32Array(examples.length + 1)
  const column: number[] = []
  const value: number[] = []
  const put = (c: number, v: number): void => {
    if (v === 0) return
    column.push(c)
    value.push(v)
  }
  examples.forEach((example, i) => {
    for (const { row, value: v } of groupEntries(example.grouped, rows, space.idf))
      put(row, v * family.groups[GROUPS[groups[row] ?? 0] ?? 'words'])
    for (const [name, v] of example.dense)
      put(space.columns.length + (denseIndex.get(name) ?? 0), denseIndex.has(name) ? v * family.dense : 0)
    if (family.vector > 0) {
      const { vector } = direction(vectors, vectorRows, example.grouped.words)
      for (const [d, v] of vector.entries()) put(space.columns.length + space.dense.length + d, v * family.vector)
    }
    start[i + 1] = column.length
  })
  return {
    start,
    column: Uint32Array.from(column),
    value: Float32Array.from(value),
    columns: space.columns.length + space.dense.length + vectors.k,
  }
}

const SEED = 20_251_125
const INNER_FOLDS = 4

/** @param topics ids of the profile's topics */
export function fitModel(examples: readonly Example[], topics: readonly string[], vectors: TermVectors): LinearWeights {
  const heads = headsOf(topics)
  const space = spaceOf(examples)
  const rows = rowsByColumn(space.columns)
  const groups = groupOfRow(examples, rows, space.columns.length)
  const n = heads.length
  const weights = new Float32Array(space.columns.length * n)
  const denseWeights = new Float32Array(space.dense.length * n)
  const vectorWeights = new Float32Array(vectors.k * n)
  const bias = new Float32Array(n)
  const threshold = new Float32Array(n)
  const slope = new Float32Array(n).fill(1)
  const folds = innerFolds(examples)
  const held: Float64Array[] = []
  for (const [name, family] of Object.entries(FAMILIES)) {
    const matrix = rowsFor(examples, space, vectors, family)
    heads.forEach((head, h) => {
      if (head.family !== name) return
      const labels = Int8Array.from(examples, (example) => head.label(example))
      const fitted = fitOne(matrix, labels, family.cost)
      bias[h] = fitted.bias
      for (let row = 0; row < space.columns.length; row++)
        weights[row * n + h] = (fitted.weights[row] ?? 0) * family.groups[GROUPS[groups[row] ?? 0] ?? 'words']
      for (let d = 0; d < space.dense.length; d++)
        denseWeights[d * n + h] = (fitted.weights[space.columns.length + d] ?? 0) * family.dense
      for (let d = 0; d < vectors.k; d++)
        vectorWeights[d * n + h] = (fitted.weights[space.columns.length + space.dense.length + d] ?? 0) * family.vector
      held[h] = heldOut(matrix, labels, family.cost, folds)
    })
  }
  heads.forEach((head, h) => {
    const margins = held[h] ?? new Float64Array()
    if (head.family === 'tone') return
    const { cut, steep } =
      head.name === 'sensitive'
        ? sensitiveCut(examples, margins, held[0] ?? margins)
        : bestCut(examples, head.label, margins)
    threshold[h] = cut
    slope[h] = steep
  })
  const scale = new Float32Array(n)
  for (let h = 0; h < n; h++) {
    let largest = 1e-9
    for (let row = 0; row < space.columns.length; row++)
      largest = Math.max(largest, Math.abs(weights[row * n + h] ?? 0))
    scale[h] = largest / 32_767
  }
  return {
    heads: heads.map((head) => head.name),
    columns: space.columns,
    idf: space.idf,
    weights: Int16Array.from(weights, (weight, i) => Math.round(weight / (scale[i % n] ?? 1))),
    scale,
    dense: space.dense,
    denseWeights,
    vectors,
    vectorWeights,
    bias,
    threshold,
    slope,
  }
}

function fitOne(matrix: Rows, labels: Int8Array, cost: number): { weights: Float32Array; bias: number } {
  return fitSvm(matrix, labels, new Float32Array(labels.length).fill(cost), seeded(SEED))
}

/** Near-duplicates share a fold. */
function innerFolds(examples: readonly Example[]): number[] {
  const random = seeded(SEED + 1)
  const foldOf = new Map<number, number>()
  return examples.map(({ group }) => {
    const known = foldOf.get(group)
    if (known !== undefined) return known
    const fold = Math.floor(random() * INNER_FOLDS)
    foldOf.set(group, fold)
    return fold
  })
}

/** Each example's margin from a model that did not see its fold. */
function heldOut(matrix: Rows, labels: Int8Array, cost: number, folds: readonly number[]): Float64Array {
  const margins = new Float64Array(labels.length)
  for (let fold = 0; fold < INNER_FOLDS; fold++) {
    const fitted = fitOne(
      matrix,
      labels.map((label, i) => (folds[i] === fold ? 0 : label)),
      cost,
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

interface Cut {
  readonly cut: number
  readonly steep: number
}

/** The margin from which F1 is best on the held-out margins. */
function bestCut(examples: readonly Example[], label: Label, margins: Float64Array): Cut {
  const known = examples
    .map((example, i) => ({ is: label(example) > 0, asked: label(example) !== 0, margin: margins[i] ?? 0 }))
    .filter((one) => one.asked)
  known.sort((a, b) => b.margin - a.margin)
  const positives = known.filter((one) => one.is).length
  let hits = 0
  let best = 0
  let cut = 0
  known.forEach((one, rank) => {
    if (one.is) hits++
    const f1 = (2 * hits) / (rank + 1 + positives)
    const next = known[rank + 1]?.margin ?? one.margin - 1
    if (f1 > best && one.margin > -1.3 && one.margin < 0.8) {
      best = f1
      cut = (one.margin + next) / 2
    }
  })
  return { cut, steep: steepness(known, cut) }
}

/** One-parameter logistic fit of yes and no around the cut (Platt 1999, the cut given). */
function steepness(known: readonly { is: boolean; margin: number }[], cut: number): number {
  let slope = 2
  for (let round = 0; round < 30; round++) {
    let gradient = 0
    let curvature = 0.01
    for (const { is, margin } of known) {
      const x = margin - cut
      const p = 1 / (1 + Math.exp(-slope * x))
      gradient += ((is ? 1 : 0) - p) * x
      curvature += p * (1 - p) * x * x
    }
    slope = Math.min(20, Math.max(0.5, slope + gradient / curvature))
  }
  return slope
}

/** Sensitive is asked of subjects only, and must miss little: the highest cut that still finds so many of them. */
const FOUND = 0.93

function sensitiveCut(examples: readonly Example[], margins: Float64Array, main: Float64Array): Cut {
  const known = examples
    .map((example, i) => ({
      is: example.item.sensitive === true,
      margin: margins[i] ?? 0,
      asked: labelSensitive(example) !== 0,
    }))
    .filter((one) => one.asked)
  const positives = known.filter((one) => one.is).sort((a, b) => b.margin - a.margin)
  const cut = positives[Math.min(positives.length - 1, Math.floor(FOUND * positives.length))]?.margin ?? 0
  return { cut: main.length === 0 ? 0 : cut, steep: steepness(known, cut) }
}
