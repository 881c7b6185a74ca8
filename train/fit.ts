import { BESIDE } from '../pipeline/dense-features.ts'
import {
  direction,
  groupEntries,
  type LinearWeights,
  rowsByColumn,
  subjectShare,
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
  /** What stands beside a place of the province, or beside one elsewhere. */
  readonly beside: number
  readonly cost: number
}

export const FAMILIES = {
  main: { groups: { words: 1, title: 1, opening: 1, around: 1, shape: 1 }, dense: 0, vector: 0, beside: 0, cost: 0.1 },
  topic: {
    groups: { words: 1, title: 0.7, opening: 0.5, around: 0, shape: 0 },
    dense: 0.6,
    vector: 1,
    beside: 0,
    cost: 0.6,
  },
  tone: {
    groups: { words: 1, title: 0.8, opening: 0.5, around: 0, shape: 0 },
    dense: 0.5,
    vector: 1,
    beside: 0,
    cost: 0.8,
  },
  sensitive: {
    groups: { words: 1, title: 1, opening: 0.7, around: 0.5, shape: 0.4 },
    dense: 0.5,
    vector: 1,
    beside: 0.5,
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

/** All examples' features before any family weighs them, with the group that each belongs to. */
interface Base extends Rows {
  /** Index into GROUPS; or DENSE, VECTOR or PLACE. */
  readonly kind: Uint8Array
  /** The same for each column. */
  readonly kindOfColumn: Uint8Array
}
const DENSE = GROUPS.length
const VECTOR = DENSE + 1
const PLACE = DENSE + 2

function baseRows(examples: readonly Example[], space: Space, vectors: TermVectors): Base {
  const rows = rowsByColumn(space.columns)
  const vectorRows = rowsByColumn(vectors.columns)
  const denseIndex = new Map(space.dense.map((name, i) => [name, i]))
  const columns = space.columns.length + space.dense.length + vectors.k
  const kindOfColumn = new Uint8Array(columns).fill(DENSE, space.columns.length).fill(VECTOR, columns - vectors.k)
  space.dense.forEach((name, i) => {
    if (name.startsWith(BESIDE)) kindOfColumn[space.columns.length + i] = PLACE
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
      column.push(columns - vectors.k + d)
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

const SEED = 20_251_125
const INNER_FOLDS = 3
const EPOCHS = 10
/** Enough to place a threshold. */
const INNER_EPOCHS = 6

/** @param topics ids of the profile's topics */
export function fitModel(examples: readonly Example[], topics: readonly string[], vectors: TermVectors): LinearWeights {
  const heads = headsOf(topics)
  const space = spaceOf(examples)
  const base = baseRows(examples, space, vectors)
  const n = heads.length
  const firstVector = base.columns - vectors.k
  const weights = new Float32Array(space.columns.length * n)
  const denseWeights = new Float32Array(space.dense.length * n)
  const vectorWeights = new Float32Array(vectors.k * n)
  const bias = new Float32Array(n)
  const threshold = new Float32Array(n)
  const slope = new Float32Array(n).fill(1)
  const folds = innerFolds(examples)
  const held: Float64Array[] = []
  for (const [name, family] of Object.entries(FAMILIES)) {
    const shares = sharesOf(family)
    const own = heads.filter((head) => head.family === name)
    // Sensitive is learned on subjects, but its threshold is placed on all that name the province.
    const used = (i: number): boolean => {
      const example = examples[i]
      return (
        example !== undefined &&
        (name === 'sensitive' ? labelMain(example) !== 0 : own.some((head) => head.label(example) !== 0))
      )
    }
    const matrix = weigh(base, shares, used)
    for (const head of own) {
      const h = heads.indexOf(head)
      const labels = Int8Array.from(examples, (example) => head.label(example))
      const fitted = fitOne(matrix, labels, family.cost, EPOCHS)
      bias[h] = fitted.bias
      fitted.weights.forEach((weight, c) => {
        const folded = weight * (shares[base.kindOfColumn[c] ?? 0] ?? 0)
        if (c < space.columns.length) weights[c * n + h] = folded
        else if (c < firstVector) denseWeights[(c - space.columns.length) * n + h] = folded
        else vectorWeights[(c - firstVector) * n + h] = folded
      })
      if (head.family !== 'tone') held[h] = heldOut(matrix, labels, family.cost, folds)
    }
  }
  heads.forEach((head, h) => {
    const margins = held[h] ?? new Float64Array()
    if (head.family === 'tone') return
    const { cut, steep } =
      head.name === 'sensitive'
        ? sensitiveCut(examples, margins, held[0] ?? margins, threshold[0] ?? 0)
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

const fitOne = (
  matrix: Rows,
  labels: Int8Array,
  cost: number,
  epochs: number,
): { weights: Float32Array; bias: number } =>
  fitSvm(matrix, labels, new Float32Array(labels.length).fill(cost), seeded(SEED), epochs)

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

const COMMON_CUT = -0.2
const DRAW = 8

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
  // Few positives say little about where to cut: their cut is drawn to the common one.
  const drawn = (positives * cut + DRAW * COMMON_CUT) / (positives + DRAW)
  return { cut: drawn, steep: steepness(known, drawn) }
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

/** Sensitive must miss little: the highest cut that still finds so many. The subject's margin is added as in use. */
const FOUND = 0.91

function sensitiveCut(examples: readonly Example[], margins: Float64Array, main: Float64Array, mainCut: number): Cut {
  const known = examples
    .map((example, i) => ({
      is: example.item.sensitive === true,
      margin: (margins[i] ?? 0) + subjectShare(main[i] ?? 0, mainCut),
      asked: labelMain(example) !== 0,
    }))
    .filter((one) => one.asked)
  const positives = known.filter((one) => one.is).sort((a, b) => b.margin - a.margin)
  const cut = positives[Math.min(positives.length - 1, Math.floor(FOUND * positives.length))]?.margin ?? 0
  return { cut, steep: steepness(known, cut) }
}
