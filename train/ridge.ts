/**
 * The lower factor L of a symmetric positive definite A = L·Lᵀ in the place of A's lower half. Four columns go side by side:
 * one alone would wait for each of its sums.
 */
export function cholesky(a: Float64Array | Float32Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j <= i; j += 4) {
      const [r0, r1, r2, r3] = [j * n, (j + 1) * n, (j + 2) * n, (j + 3) * n]
      let [s0, s1, s2, s3] = [0, 0, 0, 0]
      if (j + 3 <= i)
        for (let p = 0; p < j; p++) {
          const v = a[row + p] as number
          s0 += v * (a[r0 + p] as number)
          s1 += v * (a[r1 + p] as number)
          s2 += v * (a[r2 + p] as number)
          s3 += v * (a[r3 + p] as number)
        }
      else
        for (let p = 0; p < j; p++) {
          const v = a[row + p] as number
          s0 += v * (a[r0 + p] as number)
          if (j + 1 <= i) s1 += v * (a[r1 + p] as number)
          if (j + 2 <= i) s2 += v * (a[r2 + p] as number)
        }
      const sums = [s0, s1, s2, s3]
      for (let c = j; c <= Math.min(j + 3, i); c++) {
        let sum = (a[row + c] as number) - (sums[c - j] ?? 0)
        for (let p = j; p < c; p++) sum -= (a[row + p] as number) * (a[c * n + p] as number)
        a[row + c] = c === i ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (a[c * n + c] as number)
      }
    }
  }
}

/** L⁻¹·x in the place of x, by forward substitution. */
export function solveLower(factor: Float64Array | Float32Array, n: number, x: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number
    for (let j = 0; j < i; j++) sum -= (factor[i * n + j] as number) * (x[j] as number)
    x[i] = sum / (factor[i * n + i] as number)
  }
  return x
}

/** L⁻ᵀ·x in the place of x, by back substitution. */
export function solveUpper(factor: Float64Array | Float32Array, n: number, x: Float64Array): Float64Array {
  for (let i = n - 1; i >= 0; i--) {
    const value = (x[i] as number) / (factor[i * n + i] as number)
    x[i] = value
    for (let j = 0; j < i; j++) (x[j] as number) -= (factor[i * n + j] as number) * value
  }
  return x
}

/**
 * Kernel ridge regression (Saunders, C., Gammerman, A. and Vovk, V., "Ridge regression learning algorithm in dual
 * variables", ICML 1998): for each target the weights α of the rows, so that f(x) = Σ αᵢ·k(xᵢ, x) minimises
 * ‖f‖² + Σ (f(xᵢ) − yᵢ)² ⁄ penaltyᵢ.
 *
 * @param gram k of every two rows, n × n
 * @param seen the rows that are learned from
 * @param targets one array of n numbers for each question
 * @returns for each target n weights, 0 for the rows that are not seen
 */
export function kernelRidge(
  gram: Float32Array,
  n: number,
  penalties: Float32Array,
  seen: readonly number[],
  targets: readonly Float64Array[],
): Float64Array[] {
  const m = seen.length
  const system = new Float32Array(m * m)
  seen.forEach((row, i) => {
    for (let j = 0; j < i; j++) system[i * m + j] = gram[row * n + (seen[j] ?? 0)] as number
    system[i * m + i] = (gram[row * n + row] ?? 0) + (penalties[row] ?? 0)
  })
  cholesky(system, m)
  return targets.map((target) => {
    const known = Float64Array.from(seen, (row) => target[row] ?? 0)
    const x = solveUpper(system, m, solveLower(system, m, known))
    const weights = new Float64Array(n)
    seen.forEach((row, i) => {
      weights[row] = x[i] ?? 0
    })
    return weights
  })
}

/** f of the given rows: Σ αᵢ·k(xᵢ, x). */
export function marginsOf(gram: Float32Array, n: number, weights: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => {
    let sum = 0
    for (let j = 0; j < n; j++) sum += (gram[row * n + j] as number) * (weights[j] as number)
    return sum
  })
}
