import { Fatal } from '../errors.ts'
import type { LinearWeights } from './linear-model.ts'
import type { TermVectors } from './model-sums.ts'
import type { TopicWeights } from './topic-model.ts'

/**
 * The files of the learned model: one line of JSON (names, lengths), then the arrays in the order below, each aligned to 4
 * bytes, little-endian.
 */
const MODEL = 'laocai-press-monitor linear model 2'
const TOPICS = 'laocai-press-monitor topic model 1'
const VECTORS = 'laocai-press-monitor term vectors 1'

const remedy = 'Make the weights again with `npm run train`, or restore pipeline/weights/ from the release.'

type Numbers = Uint32Array | Float32Array | Int16Array | Int8Array

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

/** Hands out the arrays one by one. */
function decode(
  bytes: Uint8Array,
  format: string,
): { header: Header; next: <T>(make: (buffer: ArrayBuffer) => T, size: number) => T } {
  const end = bytes.indexOf(0x0a)
  const header = parse(bytes.subarray(0, Math.max(0, end)))
  if (header?.format !== format)
    throw new Fatal('The learned model is not in the format of this version', { code: 'model.unreadable', remedy })
  let at = end + 1
  let index = 0
  return {
    header,
    next: (make, size) => {
      const length = (header.lengths[index++] ?? 0) * size
      if (at + length > bytes.length)
        throw new Fatal('The learned model is cut short', { code: 'model.unreadable', remedy })
      const copy = Uint8Array.from(bytes.subarray(at, at + length))
      at += aligned(length)
      return make(copy.buffer)
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

const u32 = (buffer: ArrayBuffer): Uint32Array => new Uint32Array(buffer)
const f32 = (buffer: ArrayBuffer): Float32Array => new Float32Array(buffer)
const i16 = (buffer: ArrayBuffer): Int16Array => new Int16Array(buffer)
const i8 = (buffer: ArrayBuffer): Int8Array => new Int8Array(buffer)

/** The weights without the vectors of terms and words, which stand in files of their own. */
export function encodeWeights(weights: LinearWeights): Uint8Array {
  const {
    columns,
    idf,
    scale,
    denseWeights,
    vectorWeights,
    landmarks,
    landmarkWeights,
    bias,
    threshold,
    shortThreshold,
    slope,
  } = weights
  return encode({ format: MODEL, heads: weights.heads, dense: weights.dense }, [
    columns,
    idf,
    weights.weights,
    scale,
    denseWeights,
    vectorWeights,
    landmarks,
    landmarkWeights,
    bias,
    threshold,
    shortThreshold,
    slope,
  ])
}

/** @throws Fatal `model.unreadable` */
export function decodeWeights(bytes: Uint8Array, vectors: TermVectors, words: TermVectors): LinearWeights {
  const { header, next } = decode(bytes, MODEL)
  return {
    heads: header.heads,
    dense: header.dense,
    vectors,
    words,
    columns: next(u32, 4),
    idf: next(f32, 4),
    weights: next(i16, 2),
    scale: next(f32, 4),
    denseWeights: next(f32, 4),
    vectorWeights: next(f32, 4),
    landmarks: next(i8, 1),
    landmarkWeights: next(f32, 4),
    bias: next(f32, 4),
    threshold: next(f32, 4),
    shortThreshold: next(f32, 4),
    slope: next(f32, 4),
  }
}

/** The same of the model of topics. */
export function encodeTopics(weights: TopicWeights): Uint8Array {
  return encode({ format: TOPICS, heads: weights.topics, dense: weights.dense, k: weights.landmarks.length }, [
    weights.columns,
    weights.idf,
    weights.weights,
    weights.scale,
    weights.denseWeights,
    weights.landmarkWeights,
    weights.bias,
    weights.threshold,
    weights.shortThreshold,
    weights.slope,
    ...weights.landmarks,
  ])
}

/** @throws Fatal `model.unreadable` */
export function decodeTopics(bytes: Uint8Array, vectors: TermVectors, words: TermVectors): TopicWeights {
  const { header, next } = decode(bytes, TOPICS)
  return {
    topics: header.heads,
    dense: header.dense,
    vectors,
    words,
    columns: next(u32, 4),
    idf: next(f32, 4),
    weights: next(i8, 1),
    scale: next(f32, 4),
    denseWeights: next(f32, 4),
    landmarkWeights: next(f32, 4),
    bias: next(f32, 4),
    threshold: next(f32, 4),
    shortThreshold: next(f32, 4),
    slope: next(f32, 4),
    landmarks: Array.from({ length: header.k }, () => next(i8, 1)),
  }
}

export const encodeVectors = ({ k, columns, idf, values, scale }: TermVectors): Uint8Array =>
  encode({ format: VECTORS, k }, [columns, idf, values, scale])

/** @throws Fatal `model.unreadable` */
export function decodeVectors(bytes: Uint8Array): TermVectors {
  const { header, next } = decode(bytes, VECTORS)
  return { k: header.k, columns: next(u32, 4), idf: next(f32, 4), values: next(i8, 1), scale: next(f32, 4) }
}
