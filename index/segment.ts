import { type Folded, isWordCode } from '../pipeline/fold.ts'

/**
 * Splits folded text into the tokens that the index holds. Words of scripts with spaces are tokens; scripts without
 * (Chinese, Japanese, Korean with its particles, Thai, Lao, Khmer, Burmese) become overlapping pairs of characters:
 * 老街省 → 老街, 街省, 省. The last character stands alone as well, so that a search for one character, as the beginning
 * of a pair, finds every place where it stands.
 */
export interface Token {
  /** Folded: what matching compares. */
  readonly text: string
  /** Folded with its accents written out (`quét` → `quet1`, `đ` → `d9`): what ranks exact spellings first. */
  readonly exact: string
  /** The source carries an accent. */
  readonly accented: boolean
  /** Of a script without spaces. */
  readonly paired: boolean
  /** Half-open range in the folded text. */
  readonly from: number
  readonly to: number
}

/** How the accents of fold.ts are written behind their letter; none of them is a letter or digit that a word may hold there. */
const quality = new Map<number, string>([
  [1, 'â'],
  [2, 'ă'],
  [4, 'ơ'],
  [8, 'đ'],
  [16, 'ø'],
])
const QUALITY = 0x1f
const TONE = 0xff00

/** Chinese, kana (with the prolonged sound mark), Hangul, Thai, Lao, Burmese, Khmer. */
export function isPairedCode(code: number): boolean {
  if (code < 0xe00) return false
  return (
    (code <= 0xeff && code !== 0xe3f) ||
    (code >= 0x1000 && code <= 0x109f) ||
    (code >= 0x1780 && code <= 0x17d3) ||
    (code >= 0x3005 && code <= 0x3007) ||
    (code >= 0x3041 && code <= 0x309f) ||
    (code >= 0x30a1 && code <= 0x30fa) ||
    (code >= 0x30fc && code <= 0x30ff) ||
    (code >= 0x3105 && code <= 0x312f) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x20000 && code <= 0x3ffff)
  )
}

/** Words of scripts that fold.ts does not count (Arabic, Hebrew, Devanagari …): any letter, mark or digit. */
const otherWord = /[\p{L}\p{M}\p{N}]/u
const isOtherWord = (code: number): boolean => code >= 0x80 && otherWord.test(String.fromCodePoint(code))

/** Spaces and middle dots inside a run: Korean and foreign names in kana are written with them and without. */
const joins = (code: number): boolean => code === 0x20 || code === 0x30fb || code === 0xb7

/**
 * @param query true for what a person typed: spaces then separate, and the last character of a run does not stand alone
 *   unless it is the only one.
 */
export function segment(folded: Folded, query = false): Token[] {
  const { text } = folded
  const tokens: Token[] = []
  let i = 0
  while (i < text.length) {
    const code = text.codePointAt(i) ?? 0
    const size = code > 0xffff ? 2 : 1
    if (isPairedCode(code)) i = pairs(text, i, query, tokens)
    else if (isWordCode(code) || isOtherWord(code)) {
      const start = i
      i += size
      while (i < text.length) {
        const next = text.codePointAt(i) ?? 0
        if (isPairedCode(next) || !(isWordCode(next) || isOtherWord(next))) break
        i += next > 0xffff ? 2 : 1
      }
      tokens.push(word(folded, start, i))
    } else i += size
  }
  return tokens
}

function word(folded: Folded, from: number, to: number): Token {
  const text = folded.text.slice(from, to)
  let any = 0
  for (let i = from; i < to; i++) any |= folded.marks[i] ?? 0
  if ((any & (QUALITY | TONE)) === 0) return { text, exact: text, accented: false, paired: false, from, to }
  let exact = ''
  let tone = 0
  for (let i = from; i < to; i++) {
    const marks = folded.marks[i] ?? 0
    exact += folded.text.charAt(i)
    for (const [bit, sign] of quality) if ((marks & bit) !== 0) exact += sign
    tone |= marks & TONE
  }
  // The tone belongs to the syllable: `hòa` and `hoà` are one spelling.
  return { text, exact: tone === 0 ? exact : `${exact}ø${tone >> 8}`, accented: true, paired: false, from, to }
}

function pairs(text: string, start: number, query: boolean, tokens: Token[]): number {
  const starts: number[] = []
  const ends: number[] = []
  let i = start
  while (i < text.length) {
    const code = text.codePointAt(i) ?? 0
    if (isPairedCode(code)) {
      starts.push(i)
      i += code > 0xffff ? 2 : 1
      ends.push(i)
    } else if (!query && joins(code) && isPairedCode(text.codePointAt(i + 1) ?? 0)) i++
    else break
  }
  const put = (token: string, from: number, to: number) =>
    tokens.push({ text: token, exact: token, accented: false, paired: true, from, to })
  const charAt = (k: number) => text.slice(starts[k], ends[k])
  for (let k = 0; k + 1 < starts.length; k++) put(charAt(k) + charAt(k + 1), starts[k] ?? 0, ends[k + 1] ?? 0)
  const last = starts.length - 1
  if (!query || last === 0) put(charAt(last), starts[last] ?? 0, ends[last] ?? 0)
  return i
}
