import { type Folded, fold } from '../pipeline/fold.ts'
import { segment, type Token } from './segment.ts'

/** One thing that must occur (or must not): a word, or several tokens that must follow one another. */
export interface Unit {
  readonly tokens: readonly Token[]
  /** Directly behind the unit before it, as typed: documents that keep the order rank higher. */
  readonly follows: boolean
}

export interface ParsedQuery {
  /** What the offsets of the tokens point into. */
  readonly folded: Folded
  readonly required: readonly Unit[]
  readonly excluded: readonly Unit[]
}

/** More than anyone types; the rest of a longer query is ignored. */
const MAX_CHARACTERS = 1000
const MAX_UNITS = 24

const isSpace = (char: string): boolean => char === ' ' || char === '\n'

/**
 * Reads what a person typed: words, "phrases" and -exclusions. Everything else is text to look for, never syntax: a
 * word with inner punctuation (`COVID-19`) is a phrase, a lone quote opens nothing.
 */
export function parseQuery(input: string): ParsedQuery {
  const folded = fold(input.slice(0, MAX_CHARACTERS))
  const { text } = folded
  const tokens = segment(folded, true)
  const required: Unit[] = []
  const excluded: Unit[] = []
  let i = 0
  while (i < text.length && required.length + excluded.length < MAX_UNITS) {
    if (isSpace(text.charAt(i))) {
      i++
      continue
    }
    const minus = text.charAt(i) === '-'
    const start = minus ? i + 1 : i
    const closing = text.charAt(start) === '"' ? text.indexOf('"', start + 1) : -1
    let end = closing + 1
    if (closing < 0) {
      end = start
      while (end < text.length && !isSpace(text.charAt(end)) && (end === start || text.charAt(end) !== '"')) end++
    }
    const inside = tokens.filter((token) => token.from >= start && token.to <= end)
    for (const part of runs(inside))
      (minus ? excluded : required).push({ tokens: part, follows: !minus && required.length > 0 })
    i = Math.max(end, i + 1)
  }
  return { folded, required, excluded }
}

/** Words of one script follow one another in the index; the pairs of another begin a new run. */
function runs(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = []
  for (const token of tokens) {
    const last = parts.at(-1)
    const before = last?.at(-1)
    const continues = before && before.paired === token.paired && (!token.paired || token.from < before.to)
    if (last && continues) last.push(token)
    else parts.push([token])
  }
  return parts
}
