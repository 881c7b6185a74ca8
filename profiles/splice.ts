import { isDeepStrictEqual } from 'node:util'
import {
  Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml'

/**
 * Changes one entry of a profile's YAML file and nothing else: the rest of the text stays byte for byte, and comments and
 * order inside the entry survive. Pure.
 */

/** The width at which lists are broken, as the shipped files have it. */
const WIDTH = 120

export interface Place {
  /** Key of the list in which the entry stands; null: the whole file is the entry (tone.yaml). */
  readonly list: string | null
  readonly id: string | null
}

/**
 * @param value the entry as it shall be; null takes it out; an id that the list does not have is appended
 * @returns the new text
 * @throws TypeError when the text would not say exactly what was asked: nothing is to be written then
 */
export function spliceEntry(text: string, place: Place, value: Readonly<Record<string, unknown>> | null): string {
  const document = parseDocument(text)
  const before: unknown = nfc(document.toJS())
  const wanted = expected(before, place, value)
  if (isDeepStrictEqual(before, wanted)) return text
  // First the changed keys alone; where that does not say the same, the entry as a whole.
  for (const whole of [false, true]) {
    // The first attempt has written into its document.
    const fresh = whole ? parseDocument(text) : document
    const result = applied(text, editsFor(fresh, text, { ...place, value, whole }))
    const parsed = parseDocument(result)
    if (parsed.errors.length === 0 && isDeepStrictEqual(nfc(parsed.toJS()), wanted)) return result
  }
  throw new TypeError('the entry could not be written into its file')
}

const applied = (text: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((result, { from, to, by }) => result.slice(0, from) + by + result.slice(to), text)

/** The entry as it stands in the text, in NFC; null when the list has no such id. */
export function entryOf(text: string, place: Place): Readonly<Record<string, unknown>> | null {
  const alone = place.list === null || place.id === null ? null : linesOf(text, place.id)
  if (alone !== null) {
    const document = parseDocument(alone)
    const [entry] = document.errors.length === 0 ? (nfc(document.toJS()) as unknown[]) : []
    if (isRecord(entry) && entry.id === place.id) return entry
  }
  const whole: unknown = nfc(parseDocument(text).toJS())
  if (!isRecord(whole)) return null
  if (place.list === null) return whole
  const list = whole[place.list]
  return Array.isArray(list) ? (list.find((one) => isRecord(one) && one.id === place.id) ?? null) : null
}

/**
 * The lines of one entry of a list in lines, so that a large file need not be read whole; null where that is not safe: the
 * entry is written otherwise, stands there twice, or speaks of others by an alias.
 */
function linesOf(text: string, id: string): string | null {
  const starts = [...text.matchAll(/^( *)- id: *["']?([\w-]+)["']? *(?:#.*)?$/gm)].filter(([, , found]) => found === id)
  const [start] = starts
  if (!start || starts.length > 1) return null
  const indent = start[1] ?? ''
  const rest = text.slice(start.index + start[0].length)
  const end = rest.search(new RegExp(`\\n {0,${indent.length}}\\S`))
  const lines = text.slice(start.index, end < 0 ? text.length : start.index + start[0].length + end)
  return /(?:^|[\s[,{])\*[a-z]/.test(lines) ? null : lines
}

// ---------------------------------------------------------------- where to cut

interface Edit {
  readonly from: number
  readonly to: number
  readonly by: string
}

function editsFor(
  document: Document,
  text: string,
  {
    list,
    id,
    value,
    whole,
  }: Place & { readonly value: Readonly<Record<string, unknown>> | null; readonly whole: boolean },
): Edit[] {
  const holder = list === null ? null : document.get(list, true)
  if (list !== null && !isSeq(holder)) throw new TypeError(`the file has no list "${list}"`)
  const entry = isSeq(holder) ? holder.items.find((one) => isMap(one) && one.get('id') === id) : document.contents
  if (entry === undefined || entry === null) {
    if (!isSeq(holder) || value === null) throw new TypeError(`there is no "${id}"`)
    const last = holder.items.at(-1)
    const range = isNode(last) && last.range ? last.range : ([4, text.length] as const)
    const column = isNode(last) ? columnOf(text, range[0]) : 4
    const end = endOf(text, range)
    return [
      {
        from: end,
        to: end,
        by: `\n${' '.repeat(column - 2)}- ${indented(writtenAs(createNode(document, value)), column)}`,
      },
    ]
  }
  if (!isMap(entry) || !entry.range) throw new TypeError('the entry is no map')
  const freed = freeAliases(document, entry, value)
  if (value === null) {
    const from = text.lastIndexOf('\n', text.lastIndexOf('-', entry.range[0])) + 1
    const end = text.indexOf('\n', endOf(text, entry.range))
    return [...freed, { from, to: end < 0 ? text.length : end + 1, by: '' }]
  }
  if (!whole) return [...freed, ...mapEdits(document, text, entry, value)]
  const written = indented(writtenAs(patch(document, entry, value)), columnOf(text, entry.range[0]))
  return [...freed, { from: entry.range[0], to: endOf(text, entry.range), by: written }]
}

/** The range of a block runs over the line's end. */
const endOf = (text: string, [from, to]: readonly number[]): number =>
  (from ?? 0) + text.slice(from, to).trimEnd().length

/** Keys of a map in lines: those that changed, are new or are gone. */
function mapEdits(document: Document, text: string, map: YAMLMap, value: Readonly<Record<string, unknown>>): Edit[] {
  const edits: Edit[] = []
  const write = (key: unknown, node: Node, column: number): string => {
    // A comment behind the value on its line stands outside of what is written anew.
    if (isScalar(node) || (isCollection(node) && node.flow)) node.comment = null
    const one = new Document()
    const pairs = one.createNode({}) as YAMLMap
    pairs.items.push(Object.assign(one.createPair(keyOf(key), null), { value: node }) as never)
    return indented(writtenAs(pairs), column)
  }
  let last = 0
  let column = 0
  for (const { key, value: node } of map.items) {
    if (!isScalar(key) || !key.range || !isNode(node) || !node.range) throw new TypeError('a key without a value')
    const name = keyOf(key)
    column = columnOf(text, key.range[0])
    const end = endOf(text, node.range)
    last = Math.max(last, end)
    if (!Object.hasOwn(value, name)) {
      const lineStart = text.lastIndexOf('\n', key.range[0]) + 1
      edits.push({ from: lineStart, to: Math.min(text.length, end + 1), by: '' })
    } else if (!isDeepStrictEqual(nfc(node.toJS(document)), value[name])) {
      const inner = value[name]
      if (isMap(node) && !node.flow && isRecord(inner)) edits.push(...mapEdits(document, text, node, inner))
      else edits.push({ from: key.range[0], to: end, by: write(key, patch(document, node, inner), column) })
    }
  }
  const known = new Set(map.items.map(({ key }) => keyOf(key)))
  const fresh = Object.entries(value).filter(([key]) => !known.has(key))
  const lines = fresh.map(([key, inner]) => `\n${' '.repeat(column)}${write(key, createNode(document, inner), column)}`)
  if (lines.length > 0) edits.push({ from: last, to: last, by: lines.join('') })
  return edits
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1)

const indented = (written: string, column: number): string =>
  written
    .trimEnd()
    .split('\n')
    .map((line, at) => (at === 0 || line === '' ? line : ' '.repeat(column) + line))
    .join('\n')

/** Lists that others share by an alias keep what the others mean: the first alias takes the old list over. */
function freeAliases(document: Document, entry: YAMLMap, value: Record<string, unknown> | null): Edit[] {
  const anchored = new Map<string, Node>()
  visit(entry, {
    Node: (_key, node) => {
      if ((isScalar(node) || isCollection(node)) && node.anchor) anchored.set(node.anchor, node)
    },
  })
  const kept = value === null ? '' : JSON.stringify(value)
  const edits: Edit[] = []
  for (const [anchor, node] of anchored) {
    const old: unknown = nfc(node.toJS(document))
    if (kept.includes(JSON.stringify(old))) continue
    let first = true
    visit(document, {
      Alias: (_key, alias) => {
        const inside = entry.range && alias.range && alias.range[0] >= entry.range[0] && alias.range[0] < entry.range[1]
        if (alias.source !== anchor || inside || !alias.range || !first) return
        first = false
        const [from] = alias.range
        edits.push({ from, to: from + anchor.length + 1, by: `&${anchor} ${inline(old)}` })
      },
    })
    if ((isScalar(node) || isCollection(node)) && !first) delete node.anchor
  }
  return edits
}

function inline(value: unknown): string {
  const document = new Document()
  document.contents = document.createNode(value, { flow: true }) as never
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim()
}

// ---------------------------------------------------------------- the entry

/** The node with `value` in it: what is the same stays, with its comments, quotes and anchors. */
function patch(document: Document, node: unknown, value: unknown): Node {
  if (!isNode(node)) return createNode(document, value)
  if (isDeepStrictEqual(nfc(node.toJS(document)), value)) return node
  if (isMap(node) && isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const pair = node.items.find((one) => keyOf(one.key) === key)
      if (pair) pair.value = patch(document, pair.value, inner)
      else node.items.push(document.createPair(key, createNode(document, inner)))
    }
    node.items = node.items.filter((one) => Object.hasOwn(value, keyOf(one.key)))
    return node
  }
  if (isSeq(node) && Array.isArray(value)) {
    const left = node.items.map((item) => ({ item, js: isNode(item) ? nfc(item.toJS(document)) : item }))
    const take = (fits: (js: unknown) => boolean): unknown => {
      const at = left.findIndex(({ js }) => fits(js))
      return at < 0 ? null : left.splice(at, 1)[0]?.item
    }
    // Exact ones first, so that none of them is taken for a changed neighbour.
    const exact = value.map((one) => take((js) => isDeepStrictEqual(js, one)))
    node.items = value.map(
      (one, at) =>
        exact[at] ??
        patch(
          document,
          take((js) => named(js) === named(one)),
          one,
        ),
    )
    return node
  }
  if (isScalar(node) && !isRecord(value) && !Array.isArray(value)) {
    node.value = value
    if (node.type !== Scalar.QUOTE_SINGLE && node.type !== Scalar.QUOTE_DOUBLE) delete node.type
    return node
  }
  return createNode(document, value)
}

/** Lists and small maps in one line, as the shipped files write them; the entry itself in lines. */
function createNode(document: Document, value: unknown): Node {
  if (isRecord(value) && 'id' in value) {
    const node = document.createNode({}) as YAMLMap
    for (const [key, inner] of Object.entries(value))
      node.items.push(document.createPair(key, createNode(document, inner)) as never)
    return node
  }
  return document.createNode(value, { flow: true }) as Node
}

const named = (value: unknown): unknown =>
  isRecord(value) ? JSON.stringify(value.term ?? value.id ?? value.names) : value
const keyOf = (key: unknown): string => String(isScalar(key) ? key.value : key).normalize('NFC')
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function writtenAs(node: Node): string {
  const document = new Document()
  document.contents = node as never
  // A comment before the entry stands before its dash and is not ours to write.
  const { commentBefore } = node
  node.commentBefore = null
  const text = document.toString({ lineWidth: WIDTH - 10, flowCollectionPadding: false, verifyAliasOrder: false })
  node.commentBefore = commentBefore ?? null
  return filled(text)
}

/** The library gives each member of a long list its own line; we fill lines, as a person would. */
function filled(text: string): string {
  const lines = text.split('\n')
  const result: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const end = line.endsWith('[') ? closing(lines, at) : null
    if (end === null) {
      result.push(line)
      continue
    }
    result.push(line)
    const indent = /^ */.exec(lines[at + 1] ?? '')?.[0] ?? ''
    let current = ''
    for (const member of lines.slice(at + 1, end)) {
      const part = member.trim()
      if (current !== '' && indent.length + current.length + part.length + 1 > WIDTH - 10) {
        result.push(indent + current)
        current = part
      } else current = current === '' ? part : `${current} ${part}`
    }
    if (current !== '') result.push(indent + current)
    result.push(lines[end] ?? '')
    at = end
  }
  return result.join('\n')
}

/** Line of the bracket that closes a list of one-line members, or null when it holds comments or longer members. */
function closing(lines: readonly string[], open: number): number | null {
  const indent = /^ */.exec(lines[open + 1] ?? '')?.[0] ?? ''
  for (let at = open + 1; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim() === ']') return at
    if (!line.startsWith(indent) || line.startsWith(`${indent} `) || /(^|\s)#/.test(line) || /[[{]$/.test(line))
      return null
  }
  return null
}

// ---------------------------------------------------------------- what must come out

function expected(before: unknown, { list, id }: Place, value: Readonly<Record<string, unknown>> | null): unknown {
  if (list === null) return value
  if (!isRecord(before) || !Array.isArray(before[list])) throw new TypeError(`the file has no list "${list}"`)
  const entries: readonly unknown[] = before[list]
  const known = entries.some((one) => isRecord(one) && one.id === id)
  const changed = known
    ? entries.flatMap((one) => (isRecord(one) && one.id === id ? (value === null ? [] : [value]) : [one]))
    : value === null
      ? entries
      : [...entries, value]
  return { ...before, [list]: changed }
}

function nfc(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC')
  if (Array.isArray(value)) return value.map(nfc)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.normalize('NFC'), nfc(inner)]))
}
