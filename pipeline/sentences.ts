import type { Language } from '../model.ts'

/** Half-open range of UTF-16 offsets. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Written with a full stop inside a sentence, before a name or number: titles, units and administrative levels of
 * Vietnamese (TP. Lào Cai, TS. Nguyễn, Q.1), English and French ones. Compared in lower case, without the last stop.
 */
const abbreviations = new Set(
  [
    'tp tx tt h q p x t ts th.s ths pgs gs pgs.ts gs.ts bs cn ks ncs nsnd nsưt nnnd ls lm đ/c đc mr mrs ms dr prof st',
    'sr jr gen col maj capt lt sgt rep sen gov hon rev vs etc no nos vol fig ed eds al cf approx dept est inc ltd co corp',
    'u.s u.k u.n e.g i.e jan feb mar apr jun jul aug sep sept oct nov dec mm mme mlle me dr pr art av bd env p.s m',
    'st bzw z.b usw nr hr fr abs ca r d г ул им т.е т.к т.д т.п руб млн млрд тыс',
  ]
    .join(' ')
    .split(' '),
)

const closers = /["”’»)\]」』】）〉》›]/u
const cjkEnd = /[。！？｡]/u
/** Code units that may end a sentence. */
const marks: ReadonlySet<number> = new Set(Array.from('.!?…。！？｡', (mark) => mark.charCodeAt(0)))
const upperOrDigit = /[\p{Lu}\p{Lt}\p{Lo}\p{N}]/u
const openers = /["“‘«([「『【（〈《‹–—-]/u

/** Where a word that ends at `end` begins; looks back at most 12 code units. */
function wordBefore(text: string, end: number): string {
  let from = end
  while (from > 0 && end - from < 12 && /[\p{L}\p{M}\p{N}./]/u.test(text[from - 1] ?? '')) from -= 1
  return text.slice(from, end)
}

/** Whether the full stop at `at` belongs to an abbreviation, an initial, a number or an address. */
function staysInside(text: string, at: number, next: number): boolean {
  const before = wordBefore(text, at)
  if (next === at + 1 && !/\s/u.test(text[next] ?? ' ')) {
    // No space after it: 1.200, 3.5, www.baolaocai.vn, TP.HCM; but a missing space after a whole word ends a sentence.
    return !(/\p{Ll}{3}$/u.test(before) && /\p{Lu}/u.test(text[next] ?? '') && !before.includes('.'))
  }
  const word = before.toLocaleLowerCase('vi')
  if (abbreviations.has(word)) return true
  // An initial: "ông B. cho biết", "J. R. Smith". A single letter is never a whole last word of a sentence in our languages
  // but for "ông A." in reports on suspects, where the next word is written small.
  if (/^\p{Lu}$/u.test(before)) return true
  return /^(?:\p{L}\.)+\p{L}$/u.test(before)
}

/** The first code unit after the end mark(s) and closing quotes that starts at `at`. */
function afterMarks(text: string, at: number): number {
  let to = at + 1
  while (to < text.length && (/[.!?…。！？｡]/u.test(text[to] ?? '') || closers.test(text[to] ?? ''))) to += 1
  return to
}

/** Whether a sentence can begin at or after `at`: skips spaces and opening marks. */
function canBegin(text: string, at: number): boolean {
  let index = at
  while (index < text.length && (/[^\S\n]/u.test(text[index] ?? '') || openers.test(text[index] ?? ''))) index += 1
  if (index >= text.length || text[index] === '\n') return true
  const code = text.codePointAt(index)
  return code !== undefined && upperOrDigit.test(String.fromCodePoint(code))
}

/** Whether the sentence ends with the mark at `at`; returns where the next may start, or -1. */
function endAt(text: string, at: number): number {
  if (!marks.has(text.charCodeAt(at))) return -1
  const mark = text[at] ?? ''
  if (cjkEnd.test(mark)) return afterMarks(text, at)
  const next = afterMarks(text, at)
  if (mark === '.' && next - at === 1 && staysInside(text, at, next)) return -1
  // `!` or `?` inside a quotation that goes on: “Sao vậy?”, ông hỏi.
  if (next < text.length && !/\s/u.test(text[next] ?? '') && !upperOrDigit.test(text[next] ?? '')) return -1
  return canBegin(text, next) ? next : -1
}

/** Thai and Lao write no full stop: a run of two or more spaces, or a space after a long stretch, ends a sentence. */
function spaceEnds(text: string, at: number, from: number): boolean {
  return text[at] === ' ' && (text[at + 1] === ' ' || at - from > 160)
}

function push(spans: Span[], text: string, from: number, to: number): void {
  let start = from
  let end = to
  while (start < end && /\s/u.test(text[start] ?? '')) start += 1
  while (end > start && /\s/u.test(text[end - 1] ?? '')) end -= 1
  if (end > start) spans.push({ from: start, to: end })
}

/**
 * The sentences of a text, in order, as offsets without the white space around them; together they cover everything but
 * white space. A line feed always ends one. Knows the abbreviations of Vietnamese ("TP. Lào Cai", "Th.S", "ông B."),
 * numbers ("1.200"), quotations and the marks of Chinese and Japanese. Linear in the text.
 */
export function splitSentences(text: string, language: Language | null): Span[] {
  const spans: Span[] = []
  const spaced = language === 'th' || language === 'lo'
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    let next = -1
    if (text.charCodeAt(at) === 10) next = at + 1
    else if (spaced && spaceEnds(text, at, from)) next = at + 1
    else next = endAt(text, at)
    if (next < 0) continue
    push(spans, text, from, next)
    from = next
    at = next - 1
  }
  push(spans, text, from, text.length)
  return spans
}
