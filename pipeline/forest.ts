/** Boosted trees as JSON: `[feature, threshold, left, right]`, left when not greater; `[value]` is a leaf; node 0 is the root. */
export interface Forest {
  readonly bias: number
  readonly trees: readonly (readonly (readonly number[])[])[]
}

/** Sum of a forest's leaves and bias for the features of one case. */
export type CompiledForest = (features: Float64Array) => number

/** Lays the trees out flat: walking arrays of arrays costs several times as much. */
export function compileForest({ bias, trees }: Forest): CompiledForest {
  const size = trees.reduce((sum, tree) => sum + tree.length, 0)
  const feature = new Int16Array(size)
  /** Threshold of a branch, value of a leaf (feature -1). */
  const value = new Float64Array(size)
  const left = new Int32Array(size)
  const right = new Int32Array(size)
  const roots = new Int32Array(trees.length)
  let base = 0
  for (const [t, tree] of trees.entries()) {
    roots[t] = base
    for (const [i, node] of tree.entries()) {
      const leaf = node.length === 1
      feature[base + i] = leaf ? -1 : (node[0] ?? 0)
      value[base + i] = (leaf ? node[0] : node[1]) ?? 0
      left[base + i] = base + (node[2] ?? 0)
      right[base + i] = base + (node[3] ?? 0)
    }
    base += tree.length
  }
  return (features) => {
    let sum = bias
    for (let t = 0; t < roots.length; t++) {
      let at = roots[t] ?? 0
      for (let f = feature[at] ?? -1; f >= 0; f = feature[at] ?? -1)
        at = ((features[f] ?? 0) <= (value[at] ?? 0) ? left[at] : right[at]) ?? 0
      sum += value[at] ?? 0
    }
    return sum
  }
}
