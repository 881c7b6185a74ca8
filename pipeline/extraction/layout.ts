import type { Tree } from './tree.ts'

/** What authors call the parts of a page that are not the article; looked for in class and id. */
export const asideHints =
  /(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|footer|sidebar|side|comments?|disqus|binh-?luan|related|relate|lien-?quan|tin-?khac|tin-?moi|tin-?cung|doc-?them|xem-?them|share|sharing|social|ads?|advert\w*|banner|promo\w*|sponsor\w*|breadcrumbs?|tags?|tag-?list|newsletter|subscri\w*|cookie\w*|consent|popup|modal|widget|recommend\w*|popular|trending|most-?read|more-?news|hot-?news|author-?(?:box|bio|info)|bio|byline|pagination|pager|copyright|disclaimer|toolbar|audio|player|rating|vote|poll|login|search|caption|credit|meta|cta|toc|signup|teaser|carousel)(?:$|[\s_-])/
/** … and those that are. */
export const articleHints =
  /(?:^|[\s_-])(?:article|post|entry|story|content|body|text|main|detail|news|noi-?dung|chi-?tiet|bai-?viet|singular|prose|copy|richtext|rte)(?:$|[\s_-])|(?:article|post|entry|story|content)-?_?(?:body|content|text|detail)/
export const asideTags: ReadonlySet<string> = new Set([
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

/** Words of a text; a character of a script without spaces counts as half a word. */
export function wordsOf(text: string): number {
  const runs = text.match(/[\p{L}\p{M}\p{N}]+/gu)?.length ?? 0
  const characters = /[\u0e00-\uffff]/.test(text) ? (text.match(wide)?.length ?? 0) : 0
  return runs + Math.round(characters / 2)
}

/** Counts over blocks and, summed upwards, over subtrees; `main` is the subtree in which prose outweighs the rest most. */
export interface Sizes {
  readonly total: number
  readonly blockWords: Float32Array
  /** Words of a block that reads like prose: ten or more, few of them linked. */
  readonly blockProse: Float32Array
  readonly words: Float64Array
  readonly prose: Float64Array
  readonly characters: Float64Array
  readonly linked: Float64Array
  readonly children: Float64Array
  readonly signatures: readonly string[]
  readonly signatureProse: ReadonlyMap<string, number>
  readonly signatureWords: ReadonlyMap<string, number>
  readonly signatureBlocks: ReadonlyMap<string, number>
  readonly main: number
  /** First and last block of `main`. */
  readonly mainFirst: number
  readonly mainLast: number
  /** The element whose own children hold most prose. */
  readonly dominant: number
}

/** Marks each element that lies in a part which by tag or name is not the article. */
function readAside(tree: Tree, words: Float64Array, total: number): Uint8Array {
  const marked = new Uint8Array(tree.nodes.length)
  for (const [index, node] of tree.nodes.entries()) {
    const inherited = node.parent >= 0 && marked[node.parent] === 1
    // What holds half of the page is not an aside, whatever its class says ("has-sidebar").
    const small = (words[index] ?? 0) < total * 0.5
    marked[index] = inherited || (small && (asideTags.has(node.tag) || asideHints.test(node.hint))) ? 1 : 0
  }
  return marked
}

/** Adds each element's value to its parent's, from the leaves up. */
function sumUp(tree: Tree, values: Float64Array): Float64Array {
  for (let index = values.length - 1; index > 0; index -= 1) {
    const parent = tree.nodes[index]?.parent ?? -1
    if (parent >= 0) values[parent] = (values[parent] ?? 0) + (values[index] ?? 0)
  }
  return values
}

const add = (values: Float64Array, index: number, amount: number): void => {
  if (index >= 0) values[index] = (values[index] ?? 0) + amount
}

/** The subtree with the greatest sum, where prose counts for it and lists of links against it. */
function findMain(tree: Tree, blockWords: Float32Array, aside: Uint8Array): number {
  const value = new Float64Array(tree.nodes.length)
  for (const [index, block] of tree.blocks.entries()) {
    const words = blockWords[index] ?? 0
    const density = block.linked / block.text.length
    const tag = tree.nodes[block.node]?.tag ?? ''
    const content =
      aside[block.node] !== 1 && density < 0.5 && words > 0 && (words >= 8 || /^(?:h[2-6]|li|p|blockquote)$/.test(tag))
    add(value, block.node, content ? words * (1 - density) * (words >= 8 ? 1 : 0.2) : -3 - words * density)
  }
  let best = -1
  for (let index = value.length - 1; index >= 0; index -= 1) {
    const sum = value[index] ?? 0
    if (best < 0 || sum >= (value[best] ?? 0)) best = index
    // A bad part must not outweigh the good ones around it: it can be cut out.
    add(value, tree.nodes[index]?.parent ?? -1, Math.max(sum, -20))
  }
  return best
}

export function readSizes(tree: Tree): Sizes {
  const { nodes, blocks } = tree
  const make = () => new Float64Array(nodes.length)
  const [words, prose, characters, linked, children, own] = [make(), make(), make(), make(), make(), make()] as const
  const blockWords = new Float32Array(blocks.length)
  const blockProse = new Float32Array(blocks.length)
  const signatures: string[] = []
  const [signatureProse, signatureWords, signatureBlocks] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ]
  const bump = (map: Map<string, number>, key: string, amount: number) => map.set(key, (map.get(key) ?? 0) + amount)
  let total = 0
  for (const [index, block] of blocks.entries()) {
    const count = wordsOf(block.text)
    const isProse = count >= 10 && block.linked < block.text.length * 0.3
    blockWords[index] = count
    blockProse[index] = isProse ? count : 0
    total += count
    add(words, block.node, count)
    add(prose, block.node, isProse ? count : 0)
    add(characters, block.node, block.text.length)
    add(linked, block.node, block.linked)
    const node = nodes[block.node]
    const signature = node ? `${node.tag}.${node.element.attribs.class ?? ''}/${nodes[node.parent]?.tag ?? ''}` : ''
    signatures.push(signature)
    bump(signatureProse, signature, isProse ? count : 0)
    bump(signatureWords, signature, count)
    bump(signatureBlocks, signature, 1)
  }
  for (const node of nodes) add(children, node.parent, 1)
  sumUp(tree, words)
  sumUp(tree, prose)
  sumUp(tree, characters)
  sumUp(tree, linked)
  const aside = readAside(tree, words, total)
  const main = findMain(tree, blockWords, aside)
  const end = nodes[main]?.end ?? 0
  let mainFirst = -1
  let mainLast = -1
  for (const [index, block] of blocks.entries()) {
    if (block.node < main || block.node >= end) continue
    if (mainFirst < 0) mainFirst = index
    mainLast = index
    if (aside[block.node] !== 1) {
      const node = nodes[block.node]
      const holder = node && /^(?:p|h[1-6]|li|blockquote|span)$/.test(node.tag) ? node.parent : block.node
      add(own, holder, blockProse[index] ?? 0)
    }
  }
  let dominant = main
  for (let index = 0; index < own.length; index += 1) if ((own[index] ?? 0) > (own[dominant] ?? 0)) dominant = index
  return {
    total,
    blockWords,
    blockProse,
    words,
    prose,
    characters,
    linked,
    children,
    signatures,
    signatureProse,
    signatureWords,
    signatureBlocks,
    main,
    mainFirst,
    mainLast,
    dominant,
  }
}
