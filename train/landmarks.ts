import { nearness, unitLandmarks } from '../pipeline/word-vectors.ts'
import { cholesky, solveLower, solveUpper } from './ridge.ts'

/**
 * Nearness to landmarks as ordinary features: Nyström's approximation of the Gaussian kernel (Williams, C. and Seeger, M.,
 * "Using the Nyström method to speed up kernel machines", NIPS 2000), so that a linear fit on them is a fit of the kernel.
 */
export interface Landmarks {
  /** Eight bits a number, as they ship. */
  readonly kept: Int8Array
  readonly count: number
  /** Features of an article from its direction. */
  readonly features: (vector: Float32Array) => Float64Array
  /** Weights of features as weights of nearnesses, which is how they ship. */
  readonly fold: (weights: Float64Array) => Float64Array
}

/** Keeps the factor away from zero where two landmarks are near-duplicates. */
const RIDGE = 1e-3

/** Directions as they ship: eight bits a number, each with its own unit. */
export function keepLandmarks(vectors: readonly Float32Array[]): Int8Array {
  const k = vectors[0]?.length ?? 0
  const kept = new Int8Array(vectors.length * k)
  vectors.forEach((vector, i) => {
    const largest = vector.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9)
    vector.forEach((v, d) => {
      kept[i * k + d] = Math.round((v / largest) * 127)
    })
  })
  return kept
}

export function landmarksOf(vectors: readonly Float32Array[], k: number): Landmarks {
  const count = vectors.length
  const kept = keepLandmarks(vectors)
  const units = unitLandmarks(kept, k)
  const factor = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    factor.set(nearness(units.subarray(i * k, (i + 1) * k), units), i * count)
    factor[i * count + i] = (factor[i * count + i] ?? 0) + RIDGE
  }
  cholesky(factor, count)
  return {
    kept,
    count,
    features: (vector) => solveLower(factor, count, Float64Array.from(nearness(vector, units))),
    fold: (weights) => solveUpper(factor, count, Float64Array.from(weights)),
  }
}
