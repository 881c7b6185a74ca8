import { opensOtherArticles } from './labels.ts'
import { articleHints, asideHints, asideTags, readSizes, type Sizes } from './layout.ts'
import type { Tree } from './tree.ts'

/** What the model knows of a block, in this order; a change of it needs new weights (train/extraction.ts). */
export const featureNames = [
  'words',
  'linkDensity',
  'wordLength',
  'marks',
  'endsSentence',
  'capitals',
  'digits',
  'tag',
  'isHeading',
  'boilerplateWords',
  'looksLikeCaption',
  'repeated',
  'depth',
  'asideDistance',
  'asideTagDistance',
  'articleDistance',
  'inArticleTag',
  'inList',
  'inTable',
  'inFigure',
  'inHeader',
  'inBody',
  'parentWords',
  'parentLinkDensity',
  'parentProse',
  'grandLinkDensity',
  'grandProse',
  'siblings',
  'signatureProse',
  'signatureWords',
  'inMain',
  'mainPosition',
  'fromMainStart',
  'toMainEnd',
  'sharedDepth',
  'sameParent',
  'pagePosition',
  'afterTitle',
  'isTitle',
  'previousWords',
  'previousLinkDensity',
  'previousTag',
  'nextWords',
  'nextLinkDensity',
  'nextTag',
  'proseBefore',
  'proseAfter',
  'previousSameParent',
  'nextSameParent',
  'mainShare',
  'headingAge',
  'headingSpeaksOfOthers',
  'headingLinked',
  'groupWords',
  'groupLinkDensity',
  'groupSize',
  'linkedAround',
] as const

export const width = featureNames.length

const tagCodes: Readonly<Record<string, number>> = {
  p: 1,
  div: 2,
  li: 3,
  h1: 4,
  h2: 5,
  h3: 6,
  h4: 7,
  h5: 8,
  h6: 9,
  td: 10,
  th: 11,
  blockquote: 12,
  section: 13,
  article: 14,
  span: 15,
  pre: 16,
  dd: 17,
  dt: 18,
  figcaption: 19,
  a: 20,
  header: 21,
  footer: 22,
  aside: 23,
  main: 24,
  body: 25,
  address: 26,
  center: 27,
}

const boilerplate =
  /(?:share|subscribe|sign up|sign in|log ?in|newsletter|cookies?|copyright|©|all rights reserved|read (?:more|next|also)|related|advertis|sponsored|comments?|follow us|click here|privacy|terms of|min read|posted (?:in|on|by)|tags?:|filed under|leave a reply|download|watch:|listen|previous|next (?:post|article)|you (?:may|might) (?:also )?like|most (?:read|popular)|trending|about the author|contact us|disclaimer|đọc thêm|xem thêm|tin liên quan|bài liên quan|chia sẻ|bình luận|bản quyền|quảng cáo|theo dõi|đăng ký|tin cùng|mời quý|lire aussi|à lire|partager|abonn|newsletter|mehr zum|lesen sie|auch interessant|teilen|anmelden|lea también|compartir|suscr|ver más|leia também|compartilh|leggi anche|condividi|читайте|подпис|поделит|关注|分享|责任编辑|相关|版权|点击|編輯|相關|関連|シェア|続きを読む|무단|전재|기자|구독|관련)/iu
const captionLike = /(?:photo|image|credit|getty|reuters|afp|ảnh:|nguồn|foto|фото|图|写真|사진)/iu

function alphaStats(text: string): { capitals: number; digits: number; marks: number } {
  let capitals = 0
  let digits = 0
  let marks = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) digits += 1
    else if (code >= 65 && code <= 90) capitals += 1
    else if (
      code === 44 ||
      code === 46 ||
      code === 59 ||
      code === 58 ||
      code === 33 ||
      code === 63 ||
      code === 0x3002 ||
      code === 0xff0c ||
      code === 0x3001
    )
      marks += 1
  }
  return { capitals, digits, marks }
}

const log = (value: number): number => Math.log1p(value)

interface Group {
  words: number
  linked: number
  characters: number
  size: number
}

const groupKey = (tree: Tree, sizes: Sizes, index: number): string =>
  `${tree.nodes[tree.blocks[index]?.node ?? -1]?.parent ?? -1} ${sizes.signatures[index]}`

/** Blocks of one look under one parent. */
function readGroups(tree: Tree, sizes: Sizes): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>()
  for (const [index, block] of tree.blocks.entries()) {
    const key = groupKey(tree, sizes, index)
    const group = groups.get(key) ?? { words: 0, linked: 0, characters: 0, size: 0 }
    group.words += sizes.blockWords[index] ?? 0
    group.linked += block.linked
    group.characters += block.text.length
    group.size += 1
    groups.set(key, group)
  }
  return groups
}

/** Distance in elements to the nearest ancestor (or itself) that `is`; 30 when there is none. */
function distances(tree: Tree, is: (index: number) => boolean): Float32Array {
  const distance = new Float32Array(tree.nodes.length)
  for (let index = 0; index < distance.length; index += 1) {
    const parent = tree.nodes[index]?.parent ?? -1
    distance[index] = is(index) ? 0 : parent < 0 ? 30 : Math.min(30, (distance[parent] ?? 30) + 1)
  }
  return distance
}

const within = (tree: Tree, pattern: RegExp): Float32Array =>
  distances(tree, (index) => pattern.test(tree.nodes[index]?.tag ?? ''))

/**
 * The features of all blocks of a page, row by row.
 * @returns `blocks.length` × `width` values; linear in the page
 */
export function blockFeatures(tree: Tree, title: string | null, sizes: Sizes = readSizes(tree)): Float32Array {
  const { nodes, blocks } = tree
  const rows = new Float32Array(blocks.length * width)
  const total = Math.max(1, sizes.total)
  const small = (index: number) => (sizes.words[index] ?? 0) < total * 0.5
  const asideHint = distances(tree, (index) => small(index) && asideHints.test(nodes[index]?.hint ?? ''))
  const asideTag = distances(tree, (index) => small(index) && asideTags.has(nodes[index]?.tag ?? ''))
  const articleHint = distances(tree, (index) => articleHints.test(nodes[index]?.hint ?? ''))
  const articleTag = within(tree, /^(?:article|main)$/)
  const list = within(tree, /^(?:ul|ol|dl)$/)
  const table = within(tree, /^table$/)
  const figure = within(tree, /^(?:figure|figcaption)$/)
  const header = within(tree, /^header$/)
  const marked = distances(tree, (index) => /articlebody/i.test(nodes[index]?.element.attribs.itemprop ?? ''))

  const { main, mainFirst, mainLast, dominant } = sizes
  // Depth of the lowest element that an element shares with the one that holds most prose.
  const shared = new Float32Array(nodes.length)
  const onPath = new Set<number>()
  for (let at = dominant; at >= 0; at = nodes[at]?.parent ?? -1) onPath.add(at)
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index]
    if (!node) continue
    shared[index] = onPath.has(index) ? node.depth : node.parent < 0 ? 0 : (shared[node.parent] ?? 0)
  }
  const dominantDepth = nodes[dominant]?.depth ?? 0

  const seen = new Map<string, number>()
  for (const block of blocks) seen.set(block.text, (seen.get(block.text) ?? 0) + 1)
  const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  const wanted = title === null ? '' : bare(title)
  let titleAt = -1
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index]
    if (!block) continue
    const isH1 = nodes[block.node]?.tag === 'h1'
    if (
      isH1 ||
      (titleAt < 0 && wanted.length > 8 && block.text.length < wanted.length * 3 && bare(block.text) === wanted)
    ) {
      titleAt = index
      if (isH1) break
    }
  }

  const before = new Float32Array(blocks.length + 1)
  for (let index = 0; index < blocks.length; index += 1)
    before[index + 1] = (before[index] ?? 0) + (sizes.blockProse[index] ?? 0)
  const allProse = before[blocks.length] ?? 0
  const tagOf = (index: number) => tagCodes[nodes[blocks[index]?.node ?? -1]?.tag ?? ''] ?? 0
  const parentOf = (index: number) => nodes[blocks[index]?.node ?? -1]?.parent ?? -1

  const groups = readGroups(tree, sizes)
  const linkedBefore = new Float32Array(blocks.length + 1)
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index]
    linkedBefore[index + 1] = (linkedBefore[index] ?? 0) + (block ? block.linked / block.text.length : 0)
  }
  let heading = -40
  let headingOfOthers = 0
  let headingLinked = 0
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index]
    if (!block) continue
    const { text, linked } = block
    const node = nodes[block.node]
    const at = block.node
    const parent = node?.parent ?? -1
    const grand = nodes[parent]?.parent ?? -1
    const words = sizes.blockWords[index] ?? 0
    const { capitals, digits, marks } = alphaStats(text)
    const tag = node?.tag ?? ''
    const inMain = index >= mainFirst && index <= mainLast && at >= main && at < (nodes[main]?.end ?? 0)
    const density = (of: number) => (of < 0 ? 0 : (sizes.linked[of] ?? 0) / Math.max(1, sizes.characters[of] ?? 0))
    const prose = (of: number) => (of < 0 ? 0 : (sizes.prose[of] ?? 0) / Math.max(1, sizes.words[of] ?? 0))
    const signature = sizes.signatures[index] ?? ''
    const group = groups.get(groupKey(tree, sizes, index))
    if (/^h[1-6]$/.test(tag)) {
      heading = index
      headingOfOthers = text.length < 80 && (boilerplate.test(text) || opensOtherArticles(text)) ? 1 : 0
      headingLinked = linked > text.length / 2 ? 1 : 0
    }
    const values: readonly number[] = [
      log(words),
      linked / text.length,
      text.length / Math.max(1, words),
      marks / Math.max(1, words),
      /[.!?…。！？”"»)]$/u.test(text) ? 1 : 0,
      capitals / text.length,
      digits / text.length,
      tagOf(index),
      /^h[1-6]$/.test(tag) ? 1 : 0,
      text.length < 300 && boilerplate.test(text) ? (words < 12 ? 2 : 1) : 0,
      text.length < 300 && captionLike.test(text) ? 1 : 0,
      Math.min(3, seen.get(text) ?? 1),
      node?.depth ?? 0,
      asideHint[at] ?? 30,
      asideTag[at] ?? 30,
      articleHint[at] ?? 30,
      articleTag[at] ?? 30,
      list[at] ?? 30,
      table[at] ?? 30,
      figure[at] ?? 30,
      header[at] ?? 30,
      marked[at] ?? 30,
      log(parent < 0 ? 0 : (sizes.words[parent] ?? 0)),
      density(parent),
      prose(parent),
      density(grand),
      prose(grand),
      parent < 0 ? 0 : log(sizes.children[parent] ?? 0),
      (sizes.signatureProse.get(signature) ?? 0) / Math.max(1, allProse),
      log((sizes.signatureWords.get(signature) ?? 0) / Math.max(1, sizes.signatureBlocks.get(signature) ?? 1)),
      inMain ? 1 : 0,
      (index - mainFirst) / Math.max(1, mainLast - mainFirst),
      Math.max(-50, Math.min(50, index - mainFirst)),
      Math.max(-50, Math.min(50, mainLast - index)),
      dominantDepth - (at < 0 ? 0 : (shared[at] ?? 0)),
      parent === dominant || at === dominant ? 1 : 0,
      index / blocks.length,
      titleAt < 0 ? -100 : Math.max(-60, Math.min(60, index - titleAt)),
      wanted.length > 8 && bare(text.slice(0, 400)) === wanted ? 1 : 0,
      log(sizes.blockWords[index - 1] ?? 0),
      index > 0 ? (blocks[index - 1]?.linked ?? 0) / (blocks[index - 1]?.text.length ?? 1) : 1,
      index > 0 ? tagOf(index - 1) : -1,
      log(sizes.blockWords[index + 1] ?? 0),
      index + 1 < blocks.length ? (blocks[index + 1]?.linked ?? 0) / (blocks[index + 1]?.text.length ?? 1) : 1,
      index + 1 < blocks.length ? tagOf(index + 1) : -1,
      log((before[index] ?? 0) - (before[Math.max(0, index - 5)] ?? 0)),
      log((before[Math.min(blocks.length, index + 6)] ?? 0) - (before[index + 1] ?? 0)),
      index > 0 && parentOf(index - 1) === parent ? 1 : 0,
      index + 1 < blocks.length && parentOf(index + 1) === parent ? 1 : 0,
      (sizes.words[main] ?? 0) / total,
      Math.min(40, index - heading),
      headingOfOthers,
      headingLinked,
      log((group?.words ?? 0) / Math.max(1, group?.size ?? 1)),
      (group?.linked ?? 0) / Math.max(1, group?.characters ?? 1),
      log(group?.size ?? 0),
      (linkedBefore[Math.min(blocks.length, index + 4)] ?? 0) - (linkedBefore[Math.max(0, index - 3)] ?? 0),
    ]
    rows.set(values, index * width)
  }
  return rows
}
