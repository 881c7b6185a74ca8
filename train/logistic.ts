/**
 * Logistic regression with an L2 penalty on sparse rows, by L-BFGS: Liu, D. C. and Nocedal, J., "On the limited memory BFGS
 * method for large scale optimization", Mathematical Programming 45, 1989.
 */

/** Rows in compressed form: row i holds columns `column[start[i] … start[i + 1])`. */
export interface Rows {
  readonly start: Uint32Array
  readonly column: Uint32Array
  readonly value: Float32Array
  readonly columns: number
}

export interface Fitted {
  readonly weights: Float64Array
  readonly bias: number
}

const MEMORY = 6

/**
 * Minimises  Σ c·weight_i·log(1 + exp(−y_i f(x_i))) + ½‖w‖²  over w and the (unpenalised) bias.
 *
 * @param labels +1 or −1 for each row; 0 leaves the row out
 * @param cost c: the larger, the closer the fit
 * @param balance weight of a positive row against a negative one
 */
export function fitLogistic(rows: Rows, labels: Int8Array, cost: number, balance = 1, iterations = 40): Fitted {
  const n = rows.columns + 1
  const x = new Float64Array(n)
  let gradient = new Float64Array(n)
  let value = evaluate(rows, labels, cost, balance, x, gradient)
  const steps: Float64Array[] = []
  const changes: Float64Array[] = []
  const scales: number[] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = descend(gradient, steps, changes, scales)
    const slope = dot(direction, gradient)
    if (slope > -1e-9) break
    let length = iteration === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1
    const next = new Float64Array(n)
    const nextGradient = new Float64Array(n)
    let nextValue = Number.POSITIVE_INFINITY
    for (let halving = 0; halving < 20; halving++, length /= 2) {
      for (let k = 0; k < n; k++) next[k] = (x[k] ?? 0) + length * (direction[k] ?? 0)
      nextValue = evaluate(rows, labels, cost, balance, next, nextGradient)
      if (nextValue <= value + 1e-4 * length * slope) break
    }
    const step = new Float64Array(n)
    const change = new Float64Array(n)
    for (let k = 0; k < n; k++) {
      step[k] = (next[k] ?? 0) - (x[k] ?? 0)
      change[k] = (nextGradient[k] ?? 0) - (gradient[k] ?? 0)
    }
    const curvature = dot(step, change)
    if (curvature > 1e-12) {
      steps.push(step)
      changes.push(change)
      scales.push(1 / curvature)
      if (steps.length > MEMORY) {
        steps.shift()
        changes.shift()
        scales.shift()
      }
    }
    const done = value - nextValue < 1e-5 * Math.abs(value)
    x.set(next)
    gradient = nextGradient
    value = nextValue
    if (done) break
  }
  return { weights: x.subarray(0, rows.columns), bias: x[rows.columns] ?? 0 }
}

function evaluate(
  rows: Rows,
  labels: Int8Array,
  cost: number,
  balance: number,
  x: Float64Array,
  gradient: Float64Array,
): number {
  const { start, column, value, columns } = rows
  let loss = 0
  for (let k = 0; k < columns; k++) {
    const w = x[k] as number
    gradient[k] = w
    loss += 0.5 * w * w
  }
  const bias = x[columns] as number
  let biasGradient = 0
  for (let i = 0; i < labels.length; i++) {
    const y = labels[i] as number
    if (y === 0) continue
    let score = bias
    const end = start[i + 1] as number
    for (let k = start[i] as number; k < end; k++) score += (x[column[k] as number] as number) * (value[k] as number)
    const c = y > 0 ? cost * balance : cost
    const margin = y * score
    loss += c * (margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin)))
    const pull = (-c * y) / (1 + Math.exp(margin))
    for (let k = start[i] as number; k < end; k++)
      (gradient[column[k] as number] as number) += pull * (value[k] as number)
    biasGradient += pull
  }
  gradient[columns] = biasGradient
  return loss
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number)
  return sum
}

/** The two-loop recursion. */
function descend(
  gradient: Float64Array,
  steps: Float64Array[],
  changes: Float64Array[],
  scales: number[],
): Float64Array {
  const direction = gradient.map((g) => -g)
  const alphas: number[] = []
  const add = (target: Float64Array, from: Float64Array, times: number): void => {
    for (let k = 0; k < target.length; k++) (target[k] as number) += times * (from[k] as number)
  }
  for (let j = steps.length - 1; j >= 0; j--) {
    const alpha = (scales[j] as number) * dot(steps[j] as Float64Array, direction)
    alphas[j] = alpha
    add(direction, changes[j] as Float64Array, -alpha)
  }
  const last = steps.length - 1
  if (last >= 0) {
    const change = changes[last] as Float64Array
    const scale = 1 / ((scales[last] as number) * dot(change, change))
    for (let k = 0; k < direction.length; k++) (direction[k] as number) *= scale
  }
  for (let j = 0; j < steps.length; j++) {
    const beta = (scales[j] as number) * dot(changes[j] as Float64Array, direction)
    add(direction, steps[j] as Float64Array, (alphas[j] as number) - beta)
  }
  return direction
}
