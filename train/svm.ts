import type { Rows } from './rows.ts'

/**
 * Linear support vector machine with squared hinge loss on sparse rows, by dual coordinate descent: Hsieh, C.-J. et al.,
 * "A dual coordinate descent method for large-scale linear SVM", ICML 2008 (algorithm 1).
 *
 * Minimises ½‖w‖² + Σ cost_i·max(0, 1 − y_i f(x_i))²; the bias is a column of ones.
 *
 * @param labels +1 or −1 for each row; 0 leaves the row out
 * @param costs cost of each row
 */
export function fitSvm(
  rows: Rows,
  labels: Int8Array,
  costs: Float32Array,
  random: () => number,
  epochs: number,
): { weights: Float32Array; bias: number } {
  const { start, column, value } = rows
  const weights = new Float32Array(rows.columns)
  let bias = 0
  const order: number[] = []
  labels.forEach((y, i) => {
    if (y !== 0) order.push(i)
  })
  const alpha = new Float64Array(labels.length)
  const norm = new Float64Array(labels.length)
  for (const i of order) {
    let sum = 1
    for (let k = start[i] as number; k < (start[i + 1] as number); k++) sum += (value[k] as number) ** 2
    norm[i] = sum
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1))
      const swapped = order[i] as number
      order[i] = order[j] as number
      order[j] = swapped
    }
    let largest = 0
    for (const i of order) {
      const y = labels[i] as number
      const from = start[i] as number
      const to = start[i + 1] as number
      let score = bias
      for (let k = from; k < to; k++) score += (weights[column[k] as number] as number) * (value[k] as number)
      const softness = 1 / (2 * (costs[i] as number))
      const old = alpha[i] as number
      const gradient = y * score - 1 + old * softness
      const projected = old === 0 ? Math.min(gradient, 0) : gradient
      largest = Math.max(largest, Math.abs(projected))
      if (Math.abs(projected) < 1e-8) continue
      const next = Math.max(old - gradient / ((norm[i] as number) + softness), 0)
      const move = (next - old) * y
      alpha[i] = next
      for (let k = from; k < to; k++) (weights[column[k] as number] as number) += move * (value[k] as number)
      bias += move
    }
    if (largest < 0.05) break
  }
  return { weights, bias }
}
