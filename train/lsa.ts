import type { Rows } from './rows.ts'

/**
 * Latent semantic analysis: the leading right singular vectors of a document-term matrix, so that words that share their
 * documents share their direction (Deerwester, S. et al., "Indexing by latent semantic analysis", JASIS 41(6), 1990), by
 * randomised subspace iteration (Halko, N. et al., "Finding structure with randomness", SIAM Review 53(2), 2011).
 *
 * @param rows documents in tf-idf, each of length 1
 * @returns columns × k, row by row: the direction of each term, scaled so that a document's vector is the sum of its
 *   terms' vectors times their values, each dimension divided by the square root of its singular value
 */
export function termVectors(rows: Rows, k: number, random: () => number, iterations = 4): Float32Array {
  const documents = rows.start.length - 1
  const basis = new Float32Array(rows.columns * k)
  for (let i = 0; i < basis.length; i++) basis[i] = random() - 0.5
  orthonormalise(basis, rows.columns, k)
  const row = new Float32Array(k)
  let lengths: Float64Array = new Float64Array(k)
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float32Array(basis.length)
    for (let i = 0; i < documents; i++) {
      const from = rows.start[i] as number
      const to = rows.start[i + 1] as number
      row.fill(0)
      for (let p = from; p < to; p++) {
        const v = rows.value[p] as number
        const base = (rows.column[p] as number) * k
        for (let d = 0; d < k; d++) (row[d] as number) += v * (basis[base + d] as number)
      }
      for (let p = from; p < to; p++) {
        const v = rows.value[p] as number
        const base = (rows.column[p] as number) * k
        for (let d = 0; d < k; d++) (next[base + d] as number) += v * (row[d] as number)
      }
    }
    basis.set(next)
    lengths = orthonormalise(basis, rows.columns, k)
  }
  // After the last step each column was stretched by its squared singular value.
  const scale = Array.from(lengths, (length) => 1 / Math.max(1e-9, length) ** 0.25)
  for (let c = 0; c < rows.columns; c++) for (let d = 0; d < k; d++) (basis[c * k + d] as number) *= scale[d] as number
  return basis
}

/** Modified Gram-Schmidt on the columns; returns their lengths as they were taken. */
function orthonormalise(matrix: Float32Array, n: number, k: number): Float64Array {
  const lengths = new Float64Array(k)
  for (let d = 0; d < k; d++) {
    let length = 0
    for (let i = 0; i < n; i++) length += (matrix[i * k + d] as number) ** 2
    length = Math.sqrt(length) || 1
    lengths[d] = length
    const products = new Float64Array(k)
    for (let i = 0; i < n; i++) {
      const v = (matrix[i * k + d] as number) / length
      matrix[i * k + d] = v
      for (let e = d + 1; e < k; e++) (products[e] as number) += v * (matrix[i * k + e] as number)
    }
    for (let i = 0; i < n; i++) {
      const v = matrix[i * k + d] as number
      if (v !== 0) for (let e = d + 1; e < k; e++) (matrix[i * k + e] as number) -= (products[e] as number) * v
    }
  }
  return lengths
}
