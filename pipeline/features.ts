import statistics from './weights/terms.json' with { type: 'json' }

/**
 * What copies, stories and summaries share: words, and how much each of them says.
 *
 * Vietnamese writes a word as one or more syllables between spaces, so a term is a syllable or a pair of neighbouring
 * syllables (`lũ`, `lũ quét`); scripts without spaces give characters and pairs of characters. A term's weight is its
 * inverse document frequency in a background of Vietnamese news (`train/terms.ts` makes it; statistics only).
 */

export interface Token {
  /** Lower-case, as printed otherwise. */
  readonly text: string
  readonly from: number
  readonly to: number
  readonly kind: 'word' | 'number' | 'date'
  readonly capital: boolean
  /** Nothing but spaces stands between the token before and this one. */
  readonly joined: boolean
  /** First of its sentence, where a capital says nothing. */
  readonly opening: boolean
}

/** Dates without a year (29.9, 29/9, 29-9) become `@day/month`; those with one lose it, since neighbours often omit it. */
const WORD =
  /(\p{Nd}{1,2})([./-])(\p{Nd}{1,2})(?:\2(?:19|20)\p{Nd}{2})?(?![\p{Nd}\p{L}])(?![.,]\p{Nd})|\p{Nd}+(?:[.,:]\p{Nd}+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}]+/gu

const date = (day: string, month: string): string | null => {
  const d = Number(day)
  const m = Number(month)
  return d >= 1 && d <= 31 && m >= 1 && m <= 12 ? `@${d}/${m}` : null
}

/** `1.200` and `1,200` are 1200; `8,02` is 8.02: a group of exactly three digits after the separator is thousands. */
export function normaliseNumber(printed: string): string {
  if (/^\d{1,3}(?:[.,]\d{3})+$/.test(printed)) return printed.replace(/[.,]/g, '')
  return printed.replace(/[.,:](\d+)$/, '.$1').replace(/,/g, '')
}

/** Code units below this are looked up; the pattern reads what is beyond. */
const KNOWN = 0x3000
/** A letter or mark; one that lower case changes; what the pattern must read: a digit, a script without spaces. */
const LETTER = 1
const UPPER = 2
const PATTERN = 4
const classes = Uint8Array.from({ length: KNOWN }, (_, code) => {
  const char = String.fromCharCode(code)
  return (
    (/[\p{L}\p{M}]/u.test(char) ? LETTER : 0) |
    (char.toLowerCase() === char ? 0 : UPPER) |
    (/[\p{Nd}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}]/u.test(char) ? PATTERN : 0)
  )
})

export function tokens(text: string): Token[] {
  const out: Token[] = []
  let end = 0
  const put = (lower: string, from: number, to: number, kind: Token['kind'], capital: boolean) => {
    // Nearly every gap is one space, which needs no pattern.
    const spaced = from === end + 1 && text.charCodeAt(end) === 32
    const gap = spaced ? ' ' : text.slice(end, from)
    const first = out.length === 0
    out.push({
      text: lower,
      from,
      to,
      kind,
      capital,
      joined: !first && (spaced || (/^\s*$/.test(gap) && !gap.includes('\n'))),
      opening: first || (!spaced && /[.!?…:;"“”'‘’\n]/.test(gap)),
    })
    end = to
  }
  for (let at = 0; at < text.length; at = end) {
    // Past what begins nothing.
    while (classes[text.charCodeAt(at)] === 0) at++
    let to = at
    let seen = 0
    for (let next = text.charCodeAt(to); next < KNOWN; next = text.charCodeAt(++to)) {
      const known = classes[next] ?? 0
      if ((known & LETTER) === 0 || (to === at && (known & PATTERN) !== 0)) break
      seen |= known
    }
    // A word of letters that are known ends before one that begins nothing in a word.
    if (to > at && !(text.charCodeAt(to) >= KNOWN)) {
      const printed = text.slice(at, to)
      const lower = (seen & UPPER) === 0 ? printed : printed.toLowerCase()
      put(lower, at, to, 'word', printed.charCodeAt(0) !== lower.charCodeAt(0))
      continue
    }
    WORD.lastIndex = at
    const match = WORD.exec(text)
    if (!match) break
    const printed = match[0]
    const dated = match[1] && match[3] ? date(match[1], match[3]) : null
    const number = dated !== null || startsWithDigit(printed)
    const lower = printed.toLowerCase()
    put(
      dated ?? (number ? normaliseNumber(printed) : lower),
      match.index,
      match.index + printed.length,
      dated ? 'date' : number ? 'number' : 'word',
      !number && printed.charCodeAt(0) !== lower.charCodeAt(0),
    )
  }
  return out
}

/** ASCII and most of Latin are told apart without a pattern. */
function startsWithDigit(printed: string): boolean {
  const code = printed.charCodeAt(0)
  if (code < 0x660) return code >= 48 && code <= 57
  return /^\p{Nd}/u.test(printed)
}

/** Without accents, đ→d, lower-case: what survives the loss of accents. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/đ/g, 'd')

/** 32-bit FNV-1a over UTF-16 code units, finished with a multiplication so that low and high bits are both usable. */
export const hash = (text: string, seed = SEED): number => finished(hashed(text, seed))

export const SEED = 0x811c9dc5
/** Of the second position in the table. */
export const SECOND_SEED = 0x9747b28c

/** The hash's state after further text: `hashed('b', hashed('a ', SEED))` is that of `a b`, without joining strings. */
export function hashed(text: string, state: number): number {
  let h = state | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}

/** The hash of a state. */
export function finished(state: number): number {
  let h = state ^ (state >>> 15)
  h = Math.imul(h, 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

const table = Uint8Array.from(atob(statistics.idf), (c) => c.charCodeAt(0))
const mask = table.length - 1

/** Positions of a term in the table of inverse document frequencies. */
export const slots = (term: string, size: number): [number, number] => {
  const h = hash(term)
  return [h & (size - 1), hash(term, SECOND_SEED) & (size - 1)]
}

/** Inverse document frequency, natural logarithm; a term that the background does not know gets the greatest. */
export const idf = (term: string): number => idfOfHashes(hash(term), hash(term, SECOND_SEED))

/** Of a term whose two hashes are known. */
export function idfOfHashes(first: number, second: number): number {
  // The table is a count-min sketch: a collision can only make a term look more common, so the greater of two is right.
  const a = table[first & mask] ?? 0
  const b = table[second & mask] ?? 0
  if (a === 0 || b === 0) return statistics.unseen
  return Math.max(a, b) / statistics.scale
}

/** Terms of a text with their number of occurrences. */
export function termCounts(list: readonly Token[]): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (term: string) => counts.set(term, (counts.get(term) ?? 0) + 1)
  let before: Token | null = null
  for (const token of list) {
    add(token.text)
    if (before && token.joined && token.kind === 'word' && before.kind === 'word') add(`${before.text} ${token.text}`)
    before = token
  }
  return counts
}

/** Runs of capitalised words (`Trịnh Xuân Trường`, `Trị An`, `Bualoi`), lower-case. */
export function names(list: readonly Token[]): string[] {
  const out: string[] = []
  let run: Token[] = []
  const flush = () => {
    // A lone capital at the start of a sentence is no name.
    const only = run[0]
    if (run.length > 1 || (only && !only.opening && only.text.length > 1)) out.push(run.map((t) => t.text).join(' '))
    run = []
  }
  for (const token of list) {
    if (token.capital && run.length > 0 && token.joined) run.push(token)
    else {
      flush()
      if (token.capital) run = [token]
    }
  }
  flush()
  return out
}
