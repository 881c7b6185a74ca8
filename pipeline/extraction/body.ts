import { width } from './block-features.ts'
import { readSizes } from './layout.ts'
import type { Tree } from './tree.ts'

/** Gradient-boosted trees over the features of a block, made by train/extraction.ts. */
export interface BodyModel {
  readonly features: readonly string[]
  readonly bias: number
  /** `[feature, threshold, left, right]` or `[leaf]`. */
  readonly trees: readonly (readonly (readonly number[])[])[]
  /** Least probability of a block of the article. */
  readonly threshold: number
}

/** Probability of each block to belong to the article. */
export function scoreBlocks(rows: Float32Array, model: BodyModel): Float32Array {
  const scores = new Float32Array(rows.length / width)
  for (let block = 0; block < scores.length; block += 1) {
    const offset = block * width
    let sum = model.bias
    for (const tree of model.trees) {
      let node = tree[0]
      while (node !== undefined && node.length > 1)
        node = tree[(rows[offset + (node[0] ?? 0)] ?? 0) <= (node[1] ?? 0) ? (node[2] ?? 0) : (node[3] ?? 0)]
      sum += node?.[0] ?? 0
    }
    scores[block] = 1 / (1 + Math.exp(-sum))
  }
  return scores
}

/** Indices of the blocks of the article, in order. */
export function selectBlocks(tree: Tree, scores: Float32Array, threshold: number): number[] {
  const seen = new Set<string>()
  const chosen: number[] = []
  for (const [index, block] of tree.blocks.entries()) {
    if ((scores[index] ?? 0) < threshold) continue
    // A page prints a paragraph twice for two widths of screen: the first stands.
    if (block.text.length > 40) {
      if (seen.has(block.text)) continue
      seen.add(block.text)
    }
    chosen.push(index)
  }
  return chosen
}

export interface Body {
  readonly paragraphs: readonly string[]
}

/** The article's paragraphs on a page of unknown layout. */
export function findBody(tree: Tree): Body {
  const sizes = readSizes(tree)
  const paragraphs: string[] = []
  for (let index = sizes.mainFirst; index >= 0 && index <= sizes.mainLast; index += 1) {
    const block = tree.blocks[index]
    if (block && block.linked < block.text.length / 2 && (sizes.blockWords[index] ?? 0) >= 5)
      paragraphs.push(block.text)
  }
  return { paragraphs }
}
