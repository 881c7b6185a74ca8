import { nearness, unitLandmarks } from '../pipeline/word-vectors.ts'
import type { Rows } from './rows.ts'

/** Adds the products of every two rows to an n × n matrix, through the rows that hold each column. */
export function addProducts(gram: Float32Array, { start, column, value, columns }: Rows): void {
  const n = start.length - 1
  const held = new Uint32Array(columns + 1)
  for (const c of column) held[c + 1] = (held[c + 1] as number) + 1
  for (let c = 0; c < columns; c++) held[c + 1] = (held[c + 1] as number) + (held[c] as number)
  const next = held.slice(0, columns)
  const holder = new Uint32Array(column.length)
  const weight = new Float32Array(column.length)
  // Rows come in order, so that what a column holds so far stands before the row itself.
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let e = start[i] as number; e < (start[i + 1] as number); e++) {
      const c = column[e] as number
      const own = value[e] as number
      const end = next[c] as number
      holder[end] = i
      weight[end] = own
      next[c] = end + 1
      for (let q = held[c] as number; q <= end; q++) {
        const at = row + (holder[q] as number)
        gram[at] = (gram[at] as number) + own * (weight[q] as number)
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[j * n + i] = gram[i * n + j] as number
}

/** Adds the nearness of every two landmarks. */
export function addNearness(gram: Float32Array, kept: Int8Array, k: number): void {
  const units = unitLandmarks(kept, k)
  const n = units.length / k
  for (let i = 0; i < n; i++) {
    const near = nearness(units.subarray(i * k, (i + 1) * k), units.subarray(0, (i + 1) * k))
    for (let j = 0; j <= i; j++) {
      const value = near[j] as number
      gram[i * n + j] = (gram[i * n + j] as number) + value
      if (j < i) gram[j * n + i] = (gram[j * n + i] as number) + value
    }
  }
}
