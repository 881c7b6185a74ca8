import weights from '../weights/extraction.json' with { type: 'json' }
import { blockFeatures, width } from './block-features.ts'
import type { Sizes } from './layout.ts'
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

const model: BodyModel = weights

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

/** Blocks of one look under one parent of which so many were chosen are a column that the article does not leave. */
const columnStart = 10
const columnShare = 0.8

/** Keeps the tail of very long texts, where the model's sense of position runs out. */
function continuesColumn(
  columns: Map<string, { chosen: number; all: number }>,
  tree: Tree,
  index: number,
  isChosen: boolean,
): boolean {
  const block = tree.blocks[index]
  const node = tree.nodes[block?.node ?? -1]
  // Only prose counts: fifty characters, few of them linked.
  if (!block || !node || block.text.length < 50 || block.linked > block.text.length * 0.2) return false
  const key = `${node.parent} ${node.tag} ${node.element.attribs.class ?? ''}`
  const column = columns.get(key) ?? { chosen: 0, all: 0 }
  columns.set(key, column)
  const continues = !isChosen && column.chosen >= columnStart && column.chosen >= column.all * columnShare
  column.all += 1
  if (isChosen || continues) column.chosen += 1
  return continues
}

/** Indices of the blocks of the article, in order. */
export function selectBlocks(tree: Tree, scores: Float32Array, threshold: number): number[] {
  const seen = new Set<string>()
  const columns = new Map<string, { chosen: number; all: number }>()
  const chosen: number[] = []
  for (const [index, block] of tree.blocks.entries()) {
    const isChosen = (scores[index] ?? 0) >= threshold
    if (!continuesColumn(columns, tree, index, isChosen) && !isChosen) continue
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
  /** Indices of its blocks, in order. */
  readonly blocks: readonly number[]
  /** Probability of each block of the page. */
  readonly scores: Float32Array
}

/** The article's blocks on a page of unknown layout; linear in the page. */
export function findBody(tree: Tree, sizes: Sizes, title: string | null): Body {
  const scores = scoreBlocks(blockFeatures(tree, title, sizes), model)
  return { blocks: selectBlocks(tree, scores, model.threshold), scores }
}
