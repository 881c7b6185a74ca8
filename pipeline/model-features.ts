import { ACCENT, isWordCode } from './fold.ts'
import type { Mention } from './gazetteer.ts'
import type { FieldText } from './reading.ts'

/**
 * What the learned model sees of an article: words and pairs of words by where they stand, and how the places of the
 * gazetteer stand among them. Names of places are replaced by what they mean (`§home`), so that the model
 * learns how one writes about a place, not which place. Every feature that is made of words remembers where it stood, so that
 * its weight can be shown as evidence.
 *
 * Features are hashed (Weinberger, K. et al., "Feature hashing for large scale multitask learning", ICML 2009) into
 * `DIMENSIONS` columns; the value of a column is its tf-idf, each group of features scaled to length 1.
 */

export const DIMENSION_BITS = 18
export const DIMENSIONS = 2 ** DIMENSION_BITS

/** So much of the text the model reads, in characters: what it was trained on; longer articles change nothing further on. */
export const READ_LENGTH = 1700

export interface Token {
  /** Hash of the word with its accents, tone placement and case folded. */
  readonly hash: number
  readonly field: FieldText
  readonly start: number
  readonly end: number
  /** Number of the sentence-like stretch (between stops and line feeds) it stands in, over all fields. */
  readonly sentence: number
  /** What stands for it around a mention: the word, a place elsewhere, or nothing. */
  readonly around: number | null
  /** It stands for a mention of the province, or of something that bears its name. */
  readonly isMention: boolean
}

export interface Feature {
  readonly column: number
  readonly count: number
  /** Token indices [first, last] of its first occurrence; null where it is no word. */
  readonly at: readonly [first: number, last: number] | null
}

/** 32-bit mixing of two hashes. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  h ^= h >>> 15
  h = Math.imul(h, 0x27d4eb2f)
  return (h ^ (h >>> 13)) >>> 0
}

export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

const column = (hash: number): number => (hash ^ (hash >>> DIMENSION_BITS)) & (DIMENSIONS - 1)

const DIGITS = hashText('§number')
const MASK = { home: hashText('§home'), 'named-after': hashText('§bears') } as const
const ELSEWHERE = hashText('§else')

/**
 * Words of the fields in order. A mention of the province is one token; the words of a place elsewhere stay, since a
 * country or a city says much about the subject, but stand as one place around a mention.
 */
export function tokenise(fields: readonly FieldText[], mentions: readonly Mention[]): Token[] {
  const tokens: Token[] = []
  let sentence = 0
  for (const field of fields) {
    sentence++
    const { text } = field.scan.folded
    const end = field.field === 'text' ? Math.min(text.length, READ_LENGTH) : text.length
    const home = new Map<number, Mention>()
    const elsewhere = new Map<number, number>()
    for (const mention of mentions) {
      if (mention.field !== field.field) continue
      if (mention.verdict in MASK) home.set(mention.start, mention)
      else if (mention.verdict === 'elsewhere') elsewhere.set(mention.start, mention.end)
    }
    let outside = 0
    for (let i = 0; i < end; ) {
      const mention = home.get(i)
      if (mention) {
        const hash = MASK[mention.verdict as keyof typeof MASK]
        tokens.push({ hash, around: hash, field, start: i, end: mention.end, sentence, isMention: true })
        i = mention.end
      } else if (isWordCode(text.charCodeAt(i))) {
        const start = i
        while (i < end && isWordCode(text.charCodeAt(i)) && !home.has(i)) i++
        const hash = hashWord(field, start, i)
        const opens = elsewhere.get(start)
        const around = opens !== undefined ? ELSEWHERE : start < outside ? null : hash
        outside = Math.max(outside, opens ?? 0)
        tokens.push({ hash, around, field, start, end: i, sentence, isMention: false })
      } else {
        if (endsSentence(text, i)) sentence++
        i++
      }
    }
  }
  return tokens
}

function endsSentence(text: string, i: number): boolean {
  const char = text[i]
  if (char === '\n') return true
  return (char === '.' || char === '?' || char === '!' || char === '…') && (text[i + 1] === ' ' || text[i + 1] === '\n')
}

function hashWord(field: FieldText, start: number, end: number): number {
  const { text, marks } = field.scan.folded
  let h = 0x811c9dc5
  let tone = 0
  let digits = true
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    const mark = (marks[i] ?? 0) & ACCENT
    if (code < 0x30 || code > 0x39) digits = false
    tone |= mark & 0xff00
    h = Math.imul(h ^ code, 0x01000193)
    h = Math.imul(h ^ (mark & 0xff), 0x01000193)
  }
  if (digits) return DIGITS
  return Math.imul(h ^ (tone >>> 8), 0x01000193) >>> 0
}

/** Groups of features: each is scaled to its own length. */
export const GROUPS = ['words', 'title', 'opening', 'around', 'shape'] as const
export type Group = (typeof GROUPS)[number]
const SALT: Record<Group, number> = {
  words: hashText('w'),
  title: hashText('t'),
  opening: hashText('o'),
  around: hashText('a'),
  shape: hashText('s'),
}

export type Grouped = Readonly<Record<Group, readonly Feature[]>>

/** Counts one group's features; a column met twice adds up. */
function counter(group: Group) {
  const counts = new Map<number, { count: number; at: readonly [number, number] | null }>()
  return {
    add: (hash: number, at: readonly [number, number] | null): void => {
      const key = column(mix(SALT[group], hash))
      const known = counts.get(key)
      if (known) known.count++
      else counts.set(key, { count: 1, at })
    },
    done: (): Feature[] => [...counts].map(([key, { count, at }]) => ({ column: key, count, at })),
  }
}

/** The features of an article. `shape` are names of facts about its form (see `shape.ts`), already in words. */
export function featuresOf(tokens: readonly Token[], shape: readonly string[]): Grouped {
  const words = counter('words')
  const title = counter('title')
  const opening = counter('opening')
  const around = counter('around')
  const facts = counter('shape')
  const openingSentence = tokens.find((token) => token.field.field !== 'title')?.sentence ?? -1
  tokens.forEach((token, i) => {
    const next = tokens[i + 1]
    const pair = next && next.sentence === token.sentence ? mix(token.hash, next.hash) : null
    words.add(token.hash, [i, i])
    if (pair !== null) words.add(pair, [i, i + 1])
    const where =
      token.field.field === 'title'
        ? title
        : token.sentence <= openingSentence + 1 && token.sentence >= openingSentence
          ? opening
          : null
    where?.add(token.hash, [i, i])
    if (pair !== null) where?.add(pair, [i, i + 1])
    if (token.isMention) surroundings(tokens, i, around.add)
  })
  for (const fact of shape) facts.add(hashText(fact), null)
  return {
    words: words.done(),
    title: title.done(),
    opening: opening.done(),
    around: around.done(),
    shape: facts.done(),
  }
}

const REACH = 5

/** Words around a mention of the province, those next to it with their place. */
function surroundings(
  tokens: readonly Token[],
  i: number,
  add: (hash: number, at: readonly [number, number]) => void,
): void {
  const sentence = tokens[i]?.sentence
  const near = (offset: number): number | null => {
    const token = tokens[i + offset]
    return token && token.sentence === sentence ? token.around : null
  }
  for (let offset = -REACH; offset <= REACH; offset++) {
    const hash = offset === 0 ? null : near(offset)
    if (hash === null) continue
    add(hash, [i + offset, i + offset])
    if (Math.abs(offset) <= 2) add(mix(hash, offset + 10), [i + offset, i + offset])
  }
  const before = near(-2)
  const last = near(-1)
  if (before !== null && last !== null) add(mix(mix(before, last), 7), [i - 2, i - 1])
}
