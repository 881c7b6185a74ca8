import { selectAll } from 'css-select'
import type { AnyNode, Document, Element } from 'domhandler'
import { hasChildren, isTag, isText } from 'domhandler'
import { DomHandler, Parser } from 'htmlparser2'

/** One element that can be seen, in document order; its subtree is the index range from itself to `end`. */
export interface TreeNode {
  readonly element: Element
  readonly tag: string
  /** Index of the parent; -1 for the root. */
  readonly parent: number
  readonly depth: number
  /** Class and id, lower-case: what its author called it. */
  readonly hint: string
  /** Exclusive. */
  end: number
}

/** A stretch of text between two block boundaries (`p`, `div`, `li`, `br` …), white space collapsed. */
export interface Block {
  readonly text: string
  /** Code units of `text` that stand within links. */
  readonly linked: number
  /** Index of the innermost block-level element. */
  readonly node: number
}

/** A page parsed once: flat arrays, so that every later pass is a loop and a deep page cannot exhaust the stack. */
export interface Tree {
  readonly document: Document
  /** Nested beyond all bounds: the rest was not read. */
  readonly isCut: boolean
  readonly nodes: readonly TreeNode[]
  readonly blocks: readonly Block[]
  /** What a page says of itself and does not show, in document order. */
  readonly metas: readonly Element[]
  readonly links: readonly Element[]
  readonly scripts: readonly Element[]
  readonly properties: readonly Element[]
  readonly times: readonly Element[]
  readonly language: string | null
  readonly titleElement: string | null
}

const inline = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q s samp small span strike strong sub sup time tt u var wbr ruby rb'.split(
    ' ',
  ),
)
/** Never shown as text, or not the words of the article. */
const unseen = new Set(
  'script style noscript template svg iframe object embed select option textarea button input audio canvas rt rp math map datalist title frameset noframes'.split(
    ' ',
  ),
)
const hiddenStyle = /display\s*:\s*none|visibility\s*:\s*hidden/i

export const attribute = (element: Element, name: string): string | null => element.attribs[name]?.trim() || null

/** Collapses white space (no-break and zero-width too) and trims. */
export const collapse = (text: string): string =>
  text
    .replace(/[\u200b\ufeff\u2060\u00ad]/g, '')
    .replace(/\s+/gu, ' ')
    .trim()

function isHidden(element: Element): boolean {
  const { style, hidden, id } = element.attribs
  // React streams parts of a page into hidden elements `S:0`, `S:1` … that its script then puts in place.
  if (hidden !== undefined && hidden !== 'until-found') return !(id !== undefined && /^S:[\da-f]+$/i.test(id))
  return style !== undefined && hiddenStyle.test(style)
}

/** Place or agency set before the first sentence; only the style sheet keeps it apart from the words that follow. */
const stamp = /(?:^|[\s_-])(?:location-?stamp|place-?stamp|dateline)(?:$|[\s_-])/i
const isStamp = (element: Element): boolean => inline.has(element.name) && stamp.test(element.attribs.class ?? '')

interface Frame {
  readonly element: Element
  readonly node: number
  readonly isLink: boolean
  child: AnyNode | null
}

/** No page made for people nests deeper; beyond it the parser's stack would cost more than linear time. */
const deepest = 4000
const chunk = 16_384

/** Nesting of what is open at the end of the document so far. */
function openDepth(document: Document): number {
  let depth = 0
  let node: AnyNode | null = document
  while (node !== null && hasChildren(node)) {
    node = node.lastChild as AnyNode | null
    depth += 1
  }
  return depth
}

/** The document, or what stands before the point where its nesting goes out of bounds. */
function parseBounded(html: string): { document: Document; isCut: boolean } {
  const handler = new DomHandler()
  const parser = new Parser(handler, { decodeEntities: true })
  let isCut = false
  for (let at = 0; at < html.length && !isCut; at += chunk) {
    parser.write(html.slice(at, at + chunk))
    isCut = openDepth(handler.root) > deepest
  }
  parser.end()
  return { document: handler.root, isCut }
}

/** Parses HTML; never throws, linear in its length. */
export function parseTree(html: string): Tree {
  const { document, isCut } = parseBounded(html)
  return flatten(document, isCut, new Set())
}

/** The same page as if some of its elements were not shown, inline ones too. */
export const withoutElements = (tree: Tree, hidden: ReadonlySet<Element>): Tree =>
  flatten(tree.document, tree.isCut, hidden)

function flatten(document: Document, isCut: boolean, hidden: ReadonlySet<Element>): Tree {
  const nodes: TreeNode[] = []
  const blocks: Block[] = []
  const metas: Element[] = []
  const links: Element[] = []
  const scripts: Element[] = []
  const properties: Element[] = []
  const times: Element[] = []
  let language: string | null = null
  let titleElement: string | null = null

  let pieces: string[] = []
  let linked = 0
  let blockNode = -1
  const flush = () => {
    if (pieces.length > 0) {
      const text = collapse(pieces.join(''))
      if (text !== '') blocks.push({ text, linked: Math.min(linked, text.length), node: blockNode })
      pieces = []
    }
    linked = 0
  }

  const record = (element: Element, tag: string) => {
    if (tag === 'meta') metas.push(element)
    else if (tag === 'link') links.push(element)
    else if (tag === 'script') scripts.push(element)
    else if (tag === 'time') times.push(element)
    else if (tag === 'title' && titleElement === null) titleElement = collapse(rawText(element)) || null
    else if (tag === 'html' || tag === 'body') language ??= attribute(element, 'lang') ?? attribute(element, 'xml:lang')
    if (element.attribs.itemprop !== undefined) properties.push(element)
  }

  // Two walks in one: `stack` holds the open elements that are shown; unseen ones are walked for their metadata only.
  const stack: Frame[] = []
  let linkDepth = 0
  let child: AnyNode | null = document.firstChild as AnyNode | null
  let current: Frame | null = null
  for (;;) {
    if (child === null) {
      if (current === null) break
      const done: Frame = current
      stack.pop()
      current = stack.at(-1) ?? null
      if (done.isLink) linkDepth -= 1
      if (isStamp(done.element) && pieces.length > 0) pieces.push(' - ')
      const node = nodes[done.node]
      if (node && node.element === done.element) {
        node.end = nodes.length
        if (!inline.has(node.tag)) {
          flush()
          blockNode = blockAncestor(nodes, node.parent)
        }
      }
      child = done.child
      continue
    }
    const next: AnyNode | null = child.nextSibling as AnyNode | null
    if (isText(child)) {
      const text = child.data
      if (current !== null || text.trim() !== '') {
        pieces.push(text)
        if (linkDepth > 0) linked += collapse(text).length
      }
      child = next
      continue
    }
    if (!isTag(child)) {
      child = next
      continue
    }
    const element: Element = child
    const tag = element.name
    record(element, tag)
    if (tag === 'br' || tag === 'hr') {
      flush()
      child = next
      continue
    }
    if (unseen.has(tag) || isHidden(element) || hidden.has(element)) {
      collectUnseen(element, record)
      child = next
      continue
    }
    const index = nodes.length
    const parent = current?.node ?? -1
    const hint = `${element.attribs.class ?? ''} ${element.attribs.id ?? ''}`.trim().toLowerCase()
    nodes.push({ element, tag, parent, depth: stack.length, hint, end: index + 1 })
    if (!inline.has(tag)) {
      flush()
      blockNode = index
    }
    const isLink = tag === 'a' && element.attribs.href !== undefined
    if (isLink) linkDepth += 1
    current = { element, node: index, isLink, child: next }
    stack.push(current)
    child = element.firstChild as AnyNode | null
  }
  flush()
  return { document, isCut, nodes, blocks, metas, links, scripts, properties, times, language, titleElement }
}

function blockAncestor(nodes: readonly TreeNode[], from: number): number {
  let at = from
  while (at >= 0 && inline.has(nodes[at]?.tag ?? '')) at = nodes[at]?.parent ?? -1
  return at
}

function collectUnseen(root: Element, record: (element: Element, tag: string) => void): void {
  const pending: AnyNode[] = [...(root.children as AnyNode[])]
  for (let at = 0; at < pending.length; at += 1) {
    const node = pending[at]
    if (!node || !isTag(node)) continue
    record(node, node.name)
    for (const inner of node.children as AnyNode[]) pending.push(inner)
  }
}

/**
 * All character data below an element, as it stands; of scripts and styles only when the element is one.
 * @param hidden elements that are left out
 */
export function rawText(element: Element, hidden: ReadonlySet<Element> = new Set()): string {
  const parts: string[] = []
  const pending: (AnyNode | string)[] = [...(element.children as AnyNode[])].reverse()
  while (pending.length > 0) {
    const node = pending.pop()
    if (node === undefined) continue
    if (typeof node === 'string') parts.push(node)
    else if (isText(node)) parts.push(node.data)
    else if (isTag(node) && hidden.has(node)) continue
    else if ('children' in node && !(isTag(node) && /^(?:script|style|noscript)$/.test(node.name))) {
      if (isTag(node) && isStamp(node)) pending.push(' - ')
      for (const inner of [...(node.children as AnyNode[])].reverse()) pending.push(inner)
    }
  }
  return parts.join('')
}

/** Elements that a CSS selector finds; an invalid selector finds nothing and is reported through `onError`. */
export function select(tree: Tree, selector: string, onError: (message: string) => void): Element[] {
  try {
    return selectAll(selector, tree.document) as unknown as Element[]
  } catch (error) {
    onError(error instanceof Error ? error.message : String(error))
    return []
  }
}
