import { ACCENT, type Folded, fold, isBare, isWordCode, sameAccents, UPPER } from './fold.ts'

/**
 * Finds thousands of names and terms in one pass over a folded text, in time linear in the text and in what is found:
 * Aho, A. V. and Corasick, M. J., "Efficient string matching", CACM 18(6), 1975. Words of Latin, Greek and Cyrillic
 * script match whole; Chinese, Japanese, Korean, Thai and Lao anywhere. Nothing matches inside an address or a slug.
 */

export interface Pattern {
  /** As printed, with its accents and capitals; a `*` at the end matches any ending of the word. */
  readonly text: string
  /** The capitals of the pattern must be capitals in the text (`Văn Bàn` is not `văn bàn`), where the text has capitals. */
  readonly proper: boolean
}

export interface Hit {
  /** Index into the patterns. */
  readonly pattern: number
  /** Half-open, in the folded text. */
  readonly start: number
  readonly end: number
  /** False where the text has no accents and the pattern has. */
  readonly exact: boolean
}

/** A text made ready to be searched, once for all automata. */
export interface Scan {
  readonly folded: Folded
  /** Written with Vietnamese accents: then a word without them is another word. */
  readonly accented: boolean
  /** Written with capitals: then a name without them is no name. */
  readonly cased: boolean
  /** 1 where an address or slug stands. */
  readonly excluded: Uint8Array
}

export interface Automaton {
  readonly find: (scan: Scan) => Hit[]
}

/** Vietnamese carries an accent on every fourth letter, French on every twenty-fifth. */
const ACCENTED_SHARE = 0.08
const CASED_SHARE = 0.002

export function scan(source: string): Scan {
  const folded = fold(source)
  let letters = 0
  let accents = 0
  let capitals = 0
  for (let i = 0; i < folded.text.length; i++) {
    if (!isWordCode(folded.text.charCodeAt(i))) continue
    const mark = folded.marks[i] ?? 0
    letters++
    if (mark & ACCENT) accents++
    if (mark & UPPER) capitals++
  }
  return {
    folded,
    accented: accents > letters * ACCENTED_SHARE,
    cased: capitals > letters * CASED_SHARE,
    excluded: addresses(folded),
  }
}

const DOMAIN_END =
  /\.(?:vn|com|net|org|info|gov|edu|asia|news|tv|cn|tw|hk|jp|kr|la|th|ru|fr|de|uk|us|eu|io|html?|php|aspx?|ldo|vnp)(?:$|[/:?.,;)])/

/** Marks runs of printable ASCII that are addresses, mail addresses or slugs. One pass; each run is looked at once. */
function addresses(folded: Folded): Uint8Array {
  const { text, marks } = folded
  const excluded = new Uint8Array(text.length)
  let start = 0
  while (start < text.length) {
    if (!isAddressCode(text.charCodeAt(start))) {
      start++
      continue
    }
    let end = start
    let hyphens = 0
    let dots = 0
    let capitals = 0
    let accents = 0
    let telling = false
    for (; end < text.length && isAddressCode(text.charCodeAt(end)); end++) {
      const code = text.charCodeAt(end)
      const mark = marks[end] ?? 0
      if (code === 0x2d) hyphens++
      else if (code === 0x2e) dots++
      else if (code === 0x40 || code === 0x2f || code === 0x3a) telling = true
      if (mark & UPPER) capitals++
      if (mark & ACCENT) accents++
    }
    if (accents === 0 && (hyphens > 1 || dots > 0 || telling)) {
      const run = text.slice(start, end)
      const slug = hyphens > 1 && capitals === 0
      if (
        slug ||
        run.includes('://') ||
        run.startsWith('www.') ||
        (dots > 0 && (run.includes('@') || DOMAIN_END.test(run)))
      )
        excluded.fill(1, start, end)
    }
    start = end
  }
  return excluded
}

const isAddressCode = (code: number): boolean =>
  code > 0x20 && code < 0x7f && code !== 0x22 && code !== 0x3c && code !== 0x3e

const isKatakana = (code: number): boolean => code >= 0x30a1 && code <= 0x30fc
const isHangul = (code: number): boolean => code >= 0xac00 && code <= 0xd7a3
/** Two syllables of katakana or Hangul stand inside too many longer words: they must begin one. */
const SHORT_NAME = 2

interface Compiled {
  readonly folded: Folded
  readonly open: boolean
  readonly proper: boolean
  readonly bare: boolean
}

function compilePattern(pattern: Pattern): Compiled {
  const open = pattern.text.endsWith('*')
  const folded = fold((open ? pattern.text.slice(0, -1) : pattern.text).trim())
  return { folded, open, proper: pattern.proper, bare: isBare(folded, 0, folded.text.length) }
}

/** Builds the automaton; an empty pattern never matches. */
export function automaton(patterns: readonly Pattern[]): Automaton {
  const compiled = patterns.map(compilePattern)
  const machine = build(compiled.map((pattern) => pattern.folded.text))

  const accept = (pattern: Compiled, start: number, scanned: Scan): { end: number; exact: boolean } | null => {
    const { text, marks } = scanned.folded
    const length = pattern.folded.text.length
    let end = start + length
    if (scanned.excluded[start] || !bounded(text, start, length)) return null
    if (isWordCode(text.charCodeAt(end - 1)) && isWordCode(text.charCodeAt(end))) {
      if (!pattern.open) return null
      while (end < text.length && isWordCode(text.charCodeAt(end))) end++
    }
    if (pattern.proper && scanned.cased) {
      for (let i = 0; i < length; i++) {
        const asked = (pattern.folded.marks[i] ?? 0) & UPPER
        const opens = i === 0 || !isWordCode(pattern.folded.text.charCodeAt(i - 1))
        if (asked && opens && !((marks[start + i] ?? 0) & UPPER)) return null
      }
    }
    if (sameAccents(pattern.folded, 0, scanned.folded, start, length)) return { end, exact: true }
    if (pattern.bare || scanned.accented || !isBare(scanned.folded, start, end)) return null
    return { end, exact: false }
  }

  return {
    find: (scanned) => {
      const hits: Hit[] = []
      machine.run(scanned.folded.text, (index, start) => {
        const pattern = compiled[index]
        const accepted = pattern ? accept(pattern, start, scanned) : null
        if (accepted) hits.push({ pattern: index, start, end: accepted.end, exact: accepted.exact })
      })
      return hits
    },
  }
}

function bounded(text: string, start: number, length: number): boolean {
  if (start === 0) return true
  const first = text.charCodeAt(start)
  const before = text.charCodeAt(start - 1)
  if (isWordCode(first)) return !isWordCode(before)
  if (length > SHORT_NAME) return true
  return !(isKatakana(first) && isKatakana(before)) && !(isHangul(first) && isHangul(before))
}

interface Machine {
  readonly run: (text: string, visit: (pattern: number, start: number) => void) => void
}

/** Goto, failure and output functions of the paper, in flat arrays; transitions in one open-addressed table. */
function build(words: readonly string[]): Machine {
  const size = words.reduce((sum, word) => sum + word.length, 1)
  const fail = new Int32Array(size)
  /** Nearest state on the failure path that ends a word. */
  const report = new Int32Array(size)
  const firstEnd = new Int32Array(size).fill(-1)
  /** Next word with the same letters. */
  const sameWord = new Int32Array(words.length).fill(-1)
  const edges = table(size)
  const order: { state: number; parent: number; code: number; depth: number }[] = []
  let states = 1
  words.forEach((word, index) => {
    if (word === '') return
    let state = 0
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i)
      let next = edges.get(state, code)
      if (next < 0) {
        next = states++
        edges.set(state, code, next)
        order.push({ state: next, parent: state, code, depth: i })
      }
      state = next
    }
    sameWord[index] = firstEnd[state] ?? -1
    firstEnd[state] = index
  })
  const step = (from: number, code: number): number => {
    let state = from
    for (;;) {
      const next = edges.get(state, code)
      if (next >= 0) return next
      if (state === 0) return 0
      state = fail[state] ?? 0
    }
  }
  order.sort((a, b) => a.depth - b.depth)
  for (const { state, parent, code } of order) {
    const target = parent === 0 ? 0 : step(fail[parent] ?? 0, code)
    fail[state] = target
    report[state] = (firstEnd[target] ?? -1) >= 0 ? target : (report[target] ?? 0)
  }
  return {
    run: (text, visit) => {
      let state = 0
      for (let i = 0; i < text.length; i++) {
        state = step(state, text.charCodeAt(i))
        for (let at = (firstEnd[state] ?? -1) >= 0 ? state : (report[state] ?? 0); at > 0; at = report[at] ?? 0)
          for (let index = firstEnd[at] ?? -1; index >= 0; index = sameWord[index] ?? -1)
            visit(index, i + 1 - (words[index]?.length ?? 0))
      }
    },
  }
}

interface Table {
  readonly get: (state: number, code: number) => number
  readonly set: (state: number, code: number, next: number) => void
}

function table(entries: number): Table {
  let bits = 4
  while (2 ** bits < entries * 2) bits++
  const mask = 2 ** bits - 1
  const states = new Int32Array(mask + 1).fill(-1)
  const codes = new Uint16Array(mask + 1)
  const targets = new Int32Array(mask + 1)
  const slotOf = (state: number, code: number): number => {
    let slot = (Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b)) >>> 0
    slot = (slot ^ (slot >>> 15)) & mask
    while (states[slot] !== -1 && !(states[slot] === state && codes[slot] === code)) slot = (slot + 1) & mask
    return slot
  }
  return {
    get: (state, code) => {
      const slot = slotOf(state, code)
      return states[slot] === -1 ? -1 : (targets[slot] ?? -1)
    },
    set: (state, code, next) => {
      const slot = slotOf(state, code)
      states[slot] = state
      codes[slot] = code
      targets[slot] = next
    },
  }
}
