import type { Sizes } from './layout.ts'
import { destinations } from './links.ts'
import { attribute, type Block, type Tree, type TreeNode } from './tree.ts'

/** Elements of a table or list of the article itself are no boxes. */
const notABox = /^(?:p|h[1-6]|blockquote|pre|table|tbody|tr|td|th|ul|ol|li|dl|body|html|main)$/
/** A box about other articles says little: its headline and a line or two. */
const mostBoxWords = 90
const fewestHeadlineWords = 4
const wordsPerHeadline = 60
const mostBoxedShare = 0.25

/**
 * Blocks that stand in a box about another article within the text: a small element beside the article's own paragraphs
 * that holds a linked headline on a line of its own and, unlinked, what the other article is about. Its words are not
 * the article's, although they read like it.
 * @param url of the page: a link to itself makes no box
 */
export function findBoxes(tree: Tree, sizes: Sizes, url: string): ReadonlySet<number> {
  const boxed = new Set<number>()
  const { nodes, blocks } = tree
  const limit = Math.min(mostBoxWords, sizes.total * 0.3)
  const aroundText = new Set<number>()
  for (let at = sizes.dominant; at >= 0; at = nodes[at]?.parent ?? -1) aroundText.add(at)
  /** Of each element the outermost small one around it that does not hold the text itself, or -1. */
  const box = new Int32Array(nodes.length).fill(-1)
  for (const [index, node] of nodes.entries()) {
    if (aroundText.has(index) || (sizes.words[index] ?? 0) > limit) continue
    const outer = box[node.parent] ?? -1
    box[index] = outer < 0 && !notABox.test(node.tag) ? index : outer
  }
  const boxOf = (block: Block): number => box[block.node] ?? -1

  const destination = destinations(url)
  const linksToSister = (node: TreeNode): boolean =>
    node.tag === 'a' && destination(attribute(node.element, 'href') ?? '') === 'sister'
  /** Whether the element, or one in it, links to a sister page. */
  const leadsToSister = (from: number): boolean => {
    for (let at = from; at < (nodes[from]?.end ?? from); at += 1) {
      const node = nodes[at]
      if (node && linksToSister(node)) return true
    }
    return false
  }

  const headlines = new Map<number, number>()
  for (const [index, block] of blocks.entries()) {
    if (block.linked < block.text.length * 0.9 || (sizes.blockWords[index] ?? 0) < fewestHeadlineWords) continue
    const around = boxOf(block)
    if (around < 0 || around === block.node || !leadsToSister(block.node)) continue
    headlines.set(around, (headlines.get(around) ?? 0) + 1)
  }
  let prose = 0
  for (const [index, block] of blocks.entries()) {
    const around = boxOf(block)
    const count = headlines.get(around)
    if (count === undefined || (sizes.words[around] ?? 0) > count * wordsPerHeadline) continue
    boxed.add(index)
    prose += sizes.blockProse[index] ?? 0
  }
  // Where the boxes say a good part of what the page says, they are what it is about: "ten places to see".
  const own = sizes.prose[sizes.main] ?? 0
  return prose > own * mostBoxedShare && headlines.size > 3 ? new Set() : boxed
}
