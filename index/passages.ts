import { type Folded, fold, sameAccents } from '../pipeline/fold.ts'
import type { ParsedQuery, Unit } from './query.ts'
import type { Highlight, Snippet } from './search-index.ts'

/** About three lines on a page of results. */
const PASSAGE = 260

interface Match extends Highlight {
  readonly unit: number
  readonly exact: boolean
}

interface Finder {
  readonly folded: Folded
  readonly units: readonly { readonly unit: Unit; readonly pattern: RegExp }[]
}

/** Shows what of a query stands in a text. */
export interface Snippets {
  /** The whole of `text` with what matched in it. */
  readonly whole: (text: string) => Snippet
  /**
   * The passage of `body` where most of the query stands together, exact spellings preferred; its beginning when
   * nothing of the query stands there.
   */
  readonly passage: (body: string) => Snippet
}

export function snippetsFor(query: ParsedQuery): Snippets {
  const finder = {
    folded: query.folded,
    units: query.required.map((unit) => ({ unit, pattern: patternOf(unit) })),
  }
  return {
    whole: (text) => ({ text, highlights: ranges(matchesIn(text, finder)) }),
    passage: (body) => bestPassage(body, finder),
  }
}

/** Paragraphs are read only until one holds everything. */
function bestPassage(body: string, finder: Finder): Snippet {
  let best: { score: number; from: number; matches: readonly Match[]; paragraph: string } | null = null
  const perfect = finder.units.length * 2
  if (finder.units.length > 0)
    for (const paragraph of body.split('\n')) {
      const matches = matchesIn(paragraph, finder)
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

/** Letters, marks and digits of scripts with spaces: what a word may not touch. */
const WORD =
  '[[\\p{L}\\p{M}\\p{N}]--[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17d3\\u3005-\\u3007\\u3041-\\u30ff\\u3105-\\u312f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]]'

/** A part of the query as a pattern over folded text: words behind one another, or a run that spaces may interrupt. */
function patternOf({ tokens }: Unit): RegExp {
  const [head] = tokens
  if (!head?.paired) {
    const words = tokens.map((token) => RegExp.escape(token.text)).join(`[^\\p{L}\\p{N}]*`)
    return new RegExp(`(?<!${WORD})${words}(?!${WORD})`, 'gv')
  }
  const characters = tokens.flatMap((token, k) => (k === 0 ? [...token.text] : [...token.text].slice(-1)))
  return new RegExp(characters.map((character) => RegExp.escape(character)).join('[ \\u30fb\\u00b7]?'), 'gv')
}

/** All places of the query's parts in `text`, by position. Where a part stands with its own accents, only those places. */
function matchesIn(text: string, { folded: asked, units }: Finder): Match[] {
  const folded = fold(text)
  const all = units.flatMap(({ unit, pattern }, index) => {
    const found = [...folded.text.matchAll(pattern)].flatMap((match) => {
      const from = folded.from[match.index]
      const to = folded.to[match.index + match[0].length - 1]
      if (from === undefined || to === undefined) return []
      return [{ from, to, unit: index, exact: isExact(folded, match.index, unit, asked) }]
    })
    const exact = found.filter((match) => match.exact)
    return exact.length > 0 ? exact : found
  })
  return all.sort((a, b) => a.from - b.from)
}

function isExact(folded: Folded, at: number, unit: Unit, asked: Folded): boolean {
  let next = at
  return unit.tokens.every((token) => {
    if (!token.accented) return true
    const begin = folded.text.indexOf(token.text, next)
    next = begin + token.text.length
    return sameAccents(folded, begin, asked, token.from, token.text.length)
  })
}

function ranges(matches: readonly Highlight[]): Highlight[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of matches.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}
