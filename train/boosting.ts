import { seeded } from './seeded.ts'

/**
 * Gradient-boosted decision trees for the logistic loss (Friedman 2001, with the second-order leaf values and the gain
 * of Chen & Guestrin 2016), small enough to read: features are cut into at most 48 quantile bins.
 */

/** `[feature, threshold, left, right]` or `[leaf value]`; left when `x[feature] <= threshold`; node 0 is the root. */
export type TreeNode = readonly number[]
export type Tree = readonly TreeNode[]

export interface BoostingOptions {
  readonly rounds: number
  readonly depth: number
  readonly rate: number
  readonly leastWeight: number
  readonly lambda: number
  /** Part of the features tried at each tree, 0 to 1. */
  readonly features: number
  readonly seed: number
}

/** Bins of a feature at most: 48 quantiles and a few above. */
const slots = 64

export const treeValue = (tree: Tree, x: ArrayLike<number>): number => {
  let node = tree[0] ?? [0]
  while (node.length > 1) node = tree[(x[node[0] ?? 0] ?? 0) <= (node[1] ?? 0) ? (node[2] ?? 0) : (node[3] ?? 0)] ?? [0]
  return node[0] ?? 0
}

/** Trees whose sum plus `bias` is the log-odds (or, with `squared`, the value itself). */
export function boost(
  rows: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  weights: ArrayLike<number>,
  options: BoostingOptions,
  loss: 'logistic' | 'squared' = 'logistic',
): { bias: number; trees: Tree[] } {
  const n = rows.length
  const width = rows[0]?.length ?? 0
  const random = seeded(options.seed)
  const cuts: number[][] = []
  const bins = new Uint8Array(n * width)
  for (let f = 0; f < width; f++) {
    const sorted = Float64Array.from(rows, (row) => row[f] ?? 0).sort()
    const cut: number[] = []
    for (let b = 1; b < 48; b++) {
      const value = sorted[Math.floor((b * n) / 48)] ?? 0
      if (cut.length === 0 || value > (cut.at(-1) ?? 0)) cut.push(value)
    }
    // Values of the top quantile still have to be separable when most of the mass is one value (zero).
    const above = sorted.filter((value) => value > (cut.at(-1) ?? 0))
    for (let b = 0; b < 4 && above.length > 0; b++) {
      const value = above[Math.floor((b * above.length) / 4)] ?? 0
      if (value > (cut.at(-1) ?? 0)) cut.push(value)
    }
    cuts.push(cut)
    for (let i = 0; i < n; i++) {
      const x = rows[i]?.[f] ?? 0
      let low = 0
      let high = cut.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (x <= (cut[middle] ?? 0)) high = middle
        else low = middle + 1
      }
      bins[i * width + f] = low
    }
  }
  let total = 0
  let positive = 0
  for (let i = 0; i < n; i++) {
    total += weights[i] ?? 0
    positive += (weights[i] ?? 0) * (labels[i] ?? 0)
  }
  const mean = positive / total
  const bias = loss === 'logistic' ? Math.log(mean / (1 - mean)) : mean
  const scores = new Float64Array(n).fill(bias)
  const gradient = new Float64Array(n)
  const hessian = new Float64Array(n)
  const trees: Tree[] = []
  for (let round = 0; round < options.rounds; round++) {
    for (let i = 0; i < n; i++) {
      const w = weights[i] ?? 0
      const p = loss === 'logistic' ? 1 / (1 + Math.exp(-(scores[i] ?? 0))) : (scores[i] ?? 0)
      gradient[i] = w * (p - (labels[i] ?? 0))
      hessian[i] = loss === 'logistic' ? w * Math.max(1e-6, p * (1 - p)) : w
    }
    const tried = Int32Array.from(cuts.map((_, f) => f).filter(() => random() < options.features))
    const tree: number[][] = []
    const grow = (members: Uint32Array, depth: number): number => {
      let g = 0
      let h = 0
      for (const i of members) {
        g += gradient[i] ?? 0
        h += hessian[i] ?? 0
      }
      const index = tree.push([]) - 1
      const score = (x: number, y: number) => (x * x) / (y + options.lambda)
      let best = { gain: 1e-6, feature: -1, bin: 0 }
      if (depth > 0) {
        // Row by row, so that the bins of one row are read from one place; the sums are the same as feature by feature.
        const sums = new Float64Array(tried.length * slots * 2)
        for (let m = 0; m < members.length; m++) {
          const i = members[m] ?? 0
          const gi = gradient[i] ?? 0
          const hi = hessian[i] ?? 0
          const offset = i * width
          for (let k = 0; k < tried.length; k++) {
            const slot = (k * slots + (bins[offset + (tried[k] ?? 0)] ?? 0)) * 2
            sums[slot] = (sums[slot] ?? 0) + gi
            sums[slot + 1] = (sums[slot + 1] ?? 0) + hi
          }
        }
        for (const [k, f] of tried.entries()) {
          const size = (cuts[f]?.length ?? 0) + 1
          let gl = 0
          let hl = 0
          for (let b = 0; b + 1 < size; b++) {
            gl += sums[(k * slots + b) * 2] ?? 0
            hl += sums[(k * slots + b) * 2 + 1] ?? 0
            if (hl < options.leastWeight || h - hl < options.leastWeight) continue
            const gain = score(gl, hl) + score(g - gl, h - hl) - score(g, h)
            if (gain > best.gain) best = { gain, feature: f, bin: b }
          }
        }
      }
      if (best.feature < 0) {
        const value = (-options.rate * g) / (h + options.lambda)
        tree[index] = [Number(value.toPrecision(4))]
        for (const i of members) scores[i] = (scores[i] ?? 0) + value
        return index
      }
      const left = grow(
        members.filter((i) => (bins[i * width + best.feature] ?? 0) <= best.bin),
        depth - 1,
      )
      const right = grow(
        members.filter((i) => (bins[i * width + best.feature] ?? 0) > best.bin),
        depth - 1,
      )
      tree[index] = [best.feature, Number((cuts[best.feature]?.[best.bin] ?? 0).toPrecision(5)), left, right]
      return index
    }
    grow(
      Uint32Array.from({ length: n }, (_, i) => i),
      options.depth,
    )
    trees.push(tree)
  }
  return { bias, trees }
}
