/** Sparse rows in compressed form: row i holds `column` and `value` from `start[i]` to `start[i + 1]`. */
export interface Rows {
  readonly start: Uint32Array
  readonly column: Uint32Array
  readonly value: Float32Array
  readonly columns: number
}
