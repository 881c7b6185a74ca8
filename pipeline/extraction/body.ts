import type { Tree } from './tree.ts'

export interface Body {
  readonly paragraphs: readonly string[]
  /** 0 to 1: share of the words that read like prose. */
  readonly confidence: number
}

/** What authors call the parts of a page that are not the article; looked for in class and id. */
const aside =
  /(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|footer|sidebar|side|comments?|binh-?luan|related|relate|lien-?quan|tin-?khac|tin-?moi|tin-?cung|doc-?them|xem-?them|share|sharing|social|ads?|advert\w*|banner|promo\w*|sponsor\w*|breadcrumbs?|tags?|tag-?list|newsletter|subscri\w*|cookie\w*|popup|modal|widget|recommend\w*|popular|trending|most-?read|more-?news|hot-?news|author-?(?:box|bio|info)|byline|pagination|pager|copyright|disclaimer|toolbar|audio|player|rating|vote|poll|login|search|caption|credit)(?:$|[\s_-])/
const asideTags = new Set([
  'nav',
  'footer',
  'aside',
  'form',
  'header',
  'menu',
  'dialog',
  'figcaption',
  'address',
  'label',
])

const wide = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff]/gu

/** Words of a block; a character of a script without spaces counts as half a word. */
export function wordsOf(text: string): number {
  const characters = text.match(wide)?.length ?? 0
  return (text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) + Math.round(characters / 2)
}

/** Words below each element. */
function wordsBelow(tree: Tree): Float64Array {
  const words = new Float64Array(tree.nodes.length)
  for (const block of tree.blocks) {
    if (block.node >= 0) words[block.node] = (words[block.node] ?? 0) + wordsOf(block.text)
  }
  for (let index = words.length - 1; index > 0; index -= 1) {
    const parent = tree.nodes[index]?.parent ?? -1
    if (parent >= 0) words[parent] = (words[parent] ?? 0) + (words[index] ?? 0)
  }
  return words
}

/** The article's paragraphs on a page of unknown layout: the subtree in which prose outweighs everything else most. */
export function findBody(tree: Tree): Body {
  const { nodes, blocks } = tree
  const below = wordsBelow(tree)
  const total = blocks.reduce((sum, block) => sum + wordsOf(block.text), 0)
  const isAside: boolean[] = []
  for (const [index, node] of nodes.entries()) {
    const inherited = node.parent >= 0 && (isAside[node.parent] ?? false)
    // What holds half of the page is not an aside, whatever its class says ("has-sidebar").
    const small = (below[index] ?? 0) < total * 0.5
    isAside[index] = inherited || (small && (asideTags.has(node.tag) || aside.test(node.hint)))
  }
  const value = new Float64Array(nodes.length)
  const good: boolean[] = []
  for (const [index, block] of blocks.entries()) {
    const words = wordsOf(block.text)
    const density = block.linked / block.text.length
    const content = !(isAside[block.node] ?? false) && density < 0.5 && words > 0
    good[index] = content && (words >= 8 || /^(?:h[2-6]|li|p|blockquote)$/.test(nodes[block.node]?.tag ?? ''))
    const worth = good[index] ? words * (1 - density) * (words >= 8 ? 1 : 0.2) : -3 - words * density
    if (block.node >= 0) value[block.node] = (value[block.node] ?? 0) + worth
  }
  let best = -1
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const sum = value[index] ?? 0
    if (best < 0 || sum >= (value[best] ?? 0)) best = index
    const parent = nodes[index]?.parent ?? -1
    if (parent >= 0) value[parent] = (value[parent] ?? 0) + Math.max(sum, -20)
  }
  const end = nodes[best]?.end ?? nodes.length
  const inside = blocks.filter((block, index) => good[index] && block.node >= best && block.node < end)
  return { paragraphs: inside.map((block) => block.text), confidence: 1 }
}
