import { type Folded, fold, isWordCode, sameAccents } from '../pipeline/fold.ts'
import type { ParsedQuery, Unit } from './query.ts'
import type { Highlight, Snippet } from './search-index.ts'

/** About three lines on a page of results. */
const PASSAGE = 260

interface Match extends Highlight {
  readonly unit: number
  readonly exact: boolean
}

/** The whole of `text` with what matched in it. */
export function highlighted(text: string, query: ParsedQuery): Snippet {
  return { text, highlights: ranges(matchesIn(text, query)) }
}

/**
 * The passage of `body` where most of the query stands together, exact spellings preferred; its beginning when nothing
 * of the query stands there. Paragraphs are read only until one holds everything.
 */
export function bestPassage(body: string, query: ParsedQuery): Snippet {
  let best: { score: number; from: number; matches: readonly Match[]; paragraph: string } | null = null
  const perfect = query.required.length * 2
  if (query.required.length > 0)
    for (const paragraph of body.split('\n')) {
      const matches = matchesIn(paragraph, query)
      for (let first = 0; first < matches.length; first++) {
        const score = scoreWindow(matches, first)
        if (score > (best?.score ?? 0)) best = { score, from: matches[first]?.from ?? 0, matches, paragraph }
      }
      if (best && best.score >= perfect) break
    }
  if (!best) {
    const text = body.slice(0, wordEnd(body, Math.min(PASSAGE, body.length)))
    return { text, highlights: [] }
  }
  const { paragraph } = best
  const from = passageStart(paragraph, best.from)
  const to = wordEnd(paragraph, Math.min(paragraph.length, from + PASSAGE))
  const inside = best.matches
    .filter((match) => match.from >= from && match.to <= to)
    .map((match) => ({ ...match, from: match.from - from, to: match.to - from }))
  return { text: paragraph.slice(from, to), highlights: ranges(inside) }
}

/** Each part of the query counts once, twice with its own accents. */
function scoreWindow(matches: readonly Match[], first: number): number {
  const found = new Map<number, number>()
  const start = matches[first]?.from ?? 0
  for (let i = first; i < matches.length; i++) {
    const match = matches[i]
    if (!match || match.to > start + PASSAGE - 60) break
    found.set(match.unit, Math.max(found.get(match.unit) ?? 0, match.exact ? 2 : 1))
  }
  let score = 0
  for (const value of found.values()) score += value
  return score
}

/** The beginning of the sentence when it is near, else of a word a little before. */
function passageStart(text: string, match: number): number {
  if (match <= 80) return 0
  const before = text.slice(match - 80, match)
  const sentence = Math.max(...['. ', '! ', '? ', '… '].map((end) => before.lastIndexOf(end)))
  if (sentence >= 0) return match - 80 + sentence + 2
  const cjk = Math.max(before.lastIndexOf('。'), before.lastIndexOf('、'), before.lastIndexOf('，'))
  if (cjk >= 0) return match - 80 + cjk + 1
  const word = before.indexOf(' ', 40)
  return word >= 0 ? match - 80 + word + 1 : pairStart(text, match - 30)
}

/** Never between the halves of a surrogate pair, nor before a combining mark. */
function pairStart(text: string, at: number): number {
  let i = at
  while (i > 0 && /^[\p{M}\uDC00-\uDFFF]/u.test(text.slice(i, i + 1))) i--
  return i
}

function wordEnd(text: string, at: number): number {
  if (at >= text.length) return text.length
  const space = Math.max(text.lastIndexOf(' ', at), text.lastIndexOf('\n', at))
  return space > at - 40 ? space : pairStart(text, at)
}

/** All places of the query's parts in `text`, by position. Where a part stands with its own accents, only those places. */
function matchesIn(text: string, query: ParsedQuery): Match[] {
  const folded = fold(text)
  const all = query.required.flatMap((unit, index) => {
    const found = occurrences(folded, unit, query.folded).map((match) => ({ ...match, unit: index }))
    const exact = found.filter((match) => match.exact)
    return exact.length > 0 ? exact : found
  })
  return all.sort((a, b) => a.from - b.from)
}

function occurrences(folded: Folded, unit: Unit, query: Folded): Omit<Match, 'unit'>[] {
  const [head] = unit.tokens
  if (!head) return []
  const found: Omit<Match, 'unit'>[] = []
  const { text } = folded
  for (let at = text.indexOf(head.text); at >= 0; at = text.indexOf(head.text, at + 1)) {
    let end = at
    let exact = true
    let next = at
    for (const token of unit.tokens) {
      const begin = token === head ? at : placeOf(text, token.text, next, token.paired)
      end = begin + token.text.length
      if (begin < 0 || !text.startsWith(token.text, begin) || !(token.paired || isWholeWord(text, begin, end))) {
        end = -1
        break
      }
      exact &&= !token.accented || sameAccents(folded, begin, query, token.from, token.text.length)
      // The pairs of a run overlap by one character.
      next = token.paired ? begin + firstLength(token.text) : end
    }
    const from = folded.from[at]
    const to = folded.to[end - 1]
    if (end > at && from !== undefined && to !== undefined) found.push({ from, to, exact })
  }
  return found
}

const firstLength = (text: string): number => ((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1)

/** Where the next token of a phrase stands: at once for pairs, behind punctuation and space for words. */
function placeOf(text: string, token: string, from: number, paired: boolean): number {
  if (paired) return from
  let i = from
  while (i < text.length && !isWordCode(text.charCodeAt(i)) && text.charAt(i) !== token.charAt(0)) i++
  return i
}

const letter = /[\p{L}\p{M}\p{N}]/u
const isWordAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return isWordCode(code) || (code >= 0x80 && code < 0xe00 && letter.test(text.charAt(at)))
}
const isWholeWord = (text: string, from: number, to: number): boolean =>
  !(from > 0 && isWordAt(text, from - 1)) && !(to < text.length && isWordAt(text, to))

function ranges(matches: readonly Highlight[]): Highlight[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of matches.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}
