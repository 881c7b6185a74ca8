import type { Paragraph } from './clean.ts'
import { opensOtherArticles } from './labels.ts'
import { destinations, leadsTo } from './links.ts'
import type { Tree } from './tree.ts'

/** Share of a block from which on it matters where its links lead. */
const leastLinked = 0.4

/** As far up as the element lies whose name tells what holds a block. */
const farthestName = 3

/** The holder of a block by its place and name: pages cut one text into several elements of one name. */
function holderOf(tree: Tree, node: number): string {
  const parent = tree.nodes[node]?.parent ?? -1
  for (let at = parent, far = 0; at >= 0 && far < farthestName; far += 1) {
    const holder = tree.nodes[at]
    const name = /\S+/.exec(holder?.element.attribs.class ?? '')?.[0]
    if (holder && name !== undefined) return `${holder.depth} ${far} ${holder.tag} ${name}`
    at = holder?.parent ?? -1
  }
  return `#${parent}`
}

/**
 * Blocks of a page as paragraphs.
 * @param url of the page
 */
export function paragraphsOf(tree: Tree, indices: Iterable<number>, url: string): Paragraph[] {
  const destination = destinations(url)
  const paragraphs: Paragraph[] = []
  for (const index of indices) {
    const block = tree.blocks[index]
    if (!block) continue
    const linked = block.linked / block.text.length
    paragraphs.push({
      text: block.text,
      linked,
      leads: linked < leastLinked ? null : leadsTo(tree, block.node, destination),
      tag: tree.nodes[block.node]?.tag ?? '',
      holder: holderOf(tree, block.node),
    })
  }
  return paragraphs
}

/** The reader's choice, and between its blocks the headings of other articles, at which the text ends. */
export function generalParagraphs(tree: Tree, chosen: readonly number[], url: string): Paragraph[] {
  const paragraphs: Paragraph[] = []
  const read = paragraphsOf(tree, chosen, url)
  let last = chosen[0] ?? 0
  for (const [at, index] of chosen.entries()) {
    for (let between = last + 1; between < index; between += 1) {
      const text = tree.blocks[between]?.text ?? ''
      if (opensOtherArticles(text))
        paragraphs.push({ text, linked: 0, leads: null, tag: '', marker: true, holder: '#' })
    }
    const paragraph = read[at]
    if (paragraph) paragraphs.push(paragraph)
    last = index
  }
  return paragraphs
}
