import { Fatal } from '../errors.ts'
import type { LinearWeights } from './linear-model.ts'
import type { TermVectors } from './model-sums.ts'
import type { TopicWeights } from './topic-model.ts'

/**
 * The files of the learned model: one line of JSON (names, lengths), then the arrays in the order of a list below, each
 * aligned to 4 bytes, little-endian.
 */
const MODEL = 'laocai-press-monitor linear model 3'
const TOPICS = 'laocai-press-monitor topic model 1'
const VECTORS = 'laocai-press-monitor term vectors 1'

const remedy = 'Make the weights again with `npm run train`, or restore pipeline/weights/ from the release.'

type Numbers = Uint32Array | Float32Array | Int16Array | Int8Array

/** How the numbers of one array are kept. */
interface Kind<A extends Numbers> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer): A
}

const aligned = (bytes: number): number => (bytes + 3) & ~3

function encode(header: Readonly<Record<string, unknown>>, arrays: readonly Numbers[]): Uint8Array {
  const line = new TextEncoder().encode(JSON.stringify({ ...header, lengths: arrays.map((array) => array.length) }))
  const start = aligned(line.length + 1)
  const size = arrays.reduce((sum, array) => sum + aligned(array.byteLength), start)
  const out = new Uint8Array(size).fill(0x20, 0, start)
  out.set(line)
  out[start - 1] = 0x0a
  let at = start
  for (const array of arrays) {
    out.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += aligned(array.byteLength)
  }
  return out
}

interface Header {
  readonly format: string
  readonly lengths: readonly number[]
  readonly heads: readonly string[]
  readonly dense: readonly string[]
  readonly k: number
}

/** The next array of a file. */
type Next = <A extends Numbers>(kind: Kind<A>) => A

/** Hands out the arrays one by one. */
function decode(bytes: Uint8Array, format: string): { header: Header; next: Next } {
  const end = bytes.indexOf(0x0a)
  const header = parse(bytes.subarray(0, Math.max(0, end)))
  if (header?.format !== format)
    throw new Fatal('The learned model is not in the format of this version', { code: 'model.unreadable', remedy })
  let at = end + 1
  let index = 0
  return {
    header,
    next: (Kind) => {
      const length = (header.lengths[index++] ?? 0) * Kind.BYTES_PER_ELEMENT
      if (at + length > bytes.length)
        throw new Fatal('The learned model is cut short', { code: 'model.unreadable', remedy })
      const copy = Uint8Array.from(bytes.subarray(at, at + length))
      at += aligned(length)
      return new Kind(copy.buffer)
    },
  }
}

function parse(line: Uint8Array): Header | null {
  try {
    return JSON.parse(new TextDecoder().decode(line))
  } catch (cause) {
    throw new Fatal('The learned model has no readable header', { code: 'model.unreadable', remedy, cause })
  }
}

/** The arrays of a file in their order, by which it is written and read. */
type Layout = Readonly<Record<string, Kind<Numbers>>>
type ArraysOf<L extends Layout> = { readonly [Name in keyof L]: InstanceType<L[Name]> }

const modelArrays = {
  columns: Uint32Array,
  idf: Float32Array,
  weights: Int16Array,
  scale: Float32Array,
  denseWeights: Float32Array,
  vectorWeights: Float32Array,
  landmarks: Int8Array,
  landmarkWeights: Float32Array,
  bias: Float32Array,
  threshold: Float32Array,
  slope: Float32Array,
} satisfies Layout

const topicArrays = {
  columns: Uint32Array,
  idf: Float32Array,
  weights: Int8Array,
  scale: Float32Array,
  denseWeights: Float32Array,
  landmarkWeights: Float32Array,
  bias: Float32Array,
  threshold: Float32Array,
  shortThreshold: Float32Array,
  slope: Float32Array,
} satisfies Layout

const vectorArrays = {
  columns: Uint32Array,
  idf: Float32Array,
  values: Int8Array,
  scale: Float32Array,
} satisfies Layout

const listed = <Name extends string>(
  layout: Readonly<Record<Name, Kind<Numbers>>>,
  arrays: Readonly<Record<NoInfer<Name>, Numbers>>,
): Numbers[] => Object.keys(layout).map((name) => arrays[name as Name])

const readArrays = <L extends Layout>(layout: L, next: Next): ArraysOf<L> =>
  Object.fromEntries(Object.entries(layout).map(([name, kind]) => [name, next(kind)])) as ArraysOf<L>

/** The weights without the vectors of terms and words, which stand in files of their own. */
export const encodeWeights = (weights: LinearWeights): Uint8Array =>
  encode({ format: MODEL, heads: weights.heads, dense: weights.dense }, listed(modelArrays, weights))

/** @throws Fatal `model.unreadable` */
export function decodeWeights(bytes: Uint8Array, vectors: TermVectors, words: TermVectors): LinearWeights {
  const { header, next } = decode(bytes, MODEL)
  return { heads: header.heads, dense: header.dense, vectors, words, ...readArrays(modelArrays, next) }
}

/** The same of the model of topics, whose landmarks come last: one array for each way of looking at an article. */
export const encodeTopics = (weights: TopicWeights): Uint8Array =>
  encode({ format: TOPICS, heads: weights.topics, dense: weights.dense, k: weights.landmarks.length }, [
    ...listed(topicArrays, weights),
    ...weights.landmarks,
  ])

/** @throws Fatal `model.unreadable` */
export function decodeTopics(bytes: Uint8Array, vectors: TermVectors, words: TermVectors): TopicWeights {
  const { header, next } = decode(bytes, TOPICS)
  return {
    topics: header.heads,
    dense: header.dense,
    vectors,
    words,
    ...readArrays(topicArrays, next),
    landmarks: Array.from({ length: header.k }, () => next(Int8Array)),
  }
}

export const encodeVectors = (vectors: TermVectors): Uint8Array =>
  encode({ format: VECTORS, k: vectors.k }, listed(vectorArrays, vectors))

/** @throws Fatal `model.unreadable` */
export function decodeVectors(bytes: Uint8Array): TermVectors {
  const { header, next } = decode(bytes, VECTORS)
  return { k: header.k, ...readArrays(vectorArrays, next) }
}
