import simplifiedOf from 'opencc-js/dict/TSCharacters'

/**
 * Folding with a map back to the source: two spellings of one word become one string, and every character of it knows
 * which characters of the source it came from. NFC and NFD, case, accents, đ→d, full width, curly quotes, runs of white
 * space, traditional Chinese characters (遊 → 游, by the table of OpenCC) and the free choice between final i and y in
 * Vietnamese (`Mỹ`/`Mĩ`) are folded away. What the accents were is
 * kept beside the text, so that a match can still ask for them: `Bạc Hà` is not `Bắc Hà`.
 */

export interface Folded {
  /** Folded text; a run of white space is one space, or one line feed where it held a line break. */
  readonly text: string
  /** For each character of `text`: where its source begins, in UTF-16 code units. */
  readonly from: Uint32Array
  /** For each character of `text`: where its source ends (exclusive). */
  readonly to: Uint32Array
  /** For each character of `text`: its accents, tone apart from quality (see `sameAccents`); bit 7: upper case. */
  readonly marks: Uint16Array
}

const CIRCUMFLEX = 1
const BREVE = 2
const HORN = 4
const STROKE = 8
const OTHER_MARK = 16
const QUALITY = CIRCUMFLEX | BREVE | HORN | STROKE | OTHER_MARK
/** The source letter was upper case. */
export const UPPER = 1 << 7
/** The five tones, which belong to a whole syllable: old and new placement (`hòa`, `hoà`) put them on different letters. */
const TONE = 0xff00
/** Every accent: zero on a letter printed bare. */
export const ACCENT = QUALITY | TONE

const markBits = new Map<number, number>([
  [0x302, CIRCUMFLEX],
  [0x306, BREVE],
  [0x31b, HORN],
  [0x300, 1 << 8],
  [0x301, 1 << 9],
  [0x303, 1 << 10],
  [0x309, 1 << 11],
  [0x323, 1 << 12],
  // Deprecated twins of grave and acute that old Vietnamese text still carries.
  [0x340, 1 << 8],
  [0x341, 1 << 9],
])

/** Letters that do not decompose. */
const letters = new Map<string, readonly [text: string, marks: number]>([
  ['đ', ['d', STROKE]],
  ['ð', ['d', STROKE]],
  ['ø', ['o', STROKE]],
  ['ł', ['l', STROKE]],
  ['ħ', ['h', STROKE]],
  ['ı', ['i', OTHER_MARK]],
  ['ß', ['ss', 0]],
  ['æ', ['ae', 0]],
  ['œ', ['oe', 0]],
  ['‘', ["'", 0]],
  ['’', ["'", 0]],
  ['ʼ', ["'", 0]],
  ['“', ['"', 0]],
  ['”', ['"', 0]],
  ['«', ['"', 0]],
  ['»', ['"', 0]],
  ['‐', ['-', 0]],
  ['‑', ['-', 0]],
  ['–', ['-', 0]],
  ['—', ['-', 0]],
  ['−', ['-', 0]],
])

// `後 后|裏 里 裡`: a traditional character and its simplified ones, the usual one first.
for (const entry of simplifiedOf.split('|')) {
  const [traditional = '', simplified = traditional] = entry.split(' ')
  letters.set(traditional, [simplified, 0])
}

interface Piece {
  readonly text: string
  readonly marks: number
}

/** Marks that carry an accent on Latin, Greek and Cyrillic letters; those of kana, Thai, Lao … are letters of their own. */
const isAccent = (code: number): boolean => code >= 0x300 && code <= 0x36f
/** Continues the character before it: an accent, a kana voicing mark, a medial or final Hangul jamo. */
const continues = (code: number): boolean =>
  isAccent(code) ||
  code === 0x3099 ||
  code === 0x309a ||
  (code >= 0xff9e && code <= 0xff9f) ||
  (code >= 0x1160 && code <= 0x11ff)
/** Printed as nothing: soft hyphen, zero-width characters, byte order mark, variation selectors. */
const isInvisible = (code: number): boolean =>
  code === 0xad ||
  (code >= 0x200b && code <= 0x200f) ||
  code === 0x2060 ||
  code === 0xfeff ||
  (code >= 0xfe00 && code <= 0xfe0f)
const isSpace = (code: number): boolean =>
  code === 0x20 ||
  (code >= 0x09 && code <= 0x0d) ||
  code === 0x85 ||
  code === 0xa0 ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000
const isBreak = (code: number): boolean =>
  code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029

function foldCluster(cluster: string): Piece {
  const lower = cluster.normalize('NFKC').toLowerCase()
  const upper = lower === cluster.normalize('NFKC') ? 0 : UPPER
  let text = ''
  let marks = upper
  for (const char of lower.normalize('NFD')) {
    const code = char.codePointAt(0) ?? 0
    const letter = letters.get(char)
    if (isAccent(code)) marks |= markBits.get(code) ?? OTHER_MARK
    else if (letter) {
      text += letter[0]
      marks |= letter[1]
    } else text += char
  }
  return { text: text.normalize('NFC'), marks }
}

/** Single characters recur: their pieces are computed once. Bounded by the Unicode characters met. */
const cache = new Map<string, Piece>()
/** Those of one code unit, by it: nearly all of a Vietnamese text. */
const byCode: (Piece | undefined)[] = new Array(0x2000)
function pieceOfCode(code: number): Piece {
  const known = byCode[code]
  if (known) return known
  const piece = foldCluster(String.fromCharCode(code))
  byCode[code] = piece
  return piece
}
function pieceOf(cluster: string): Piece {
  const known = cache.get(cluster)
  if (known) return known
  const piece = foldCluster(cluster)
  if (cluster.length <= 2 && cache.size < 20_000) cache.set(cluster, piece)
  return piece
}

/** Syllables in which final i and y are one vowel: `hy kỳ lý Mỹ sỹ tỷ vỹ quý`. */
const isFinalY = (codes: Uint16Array, start: number, end: number): boolean => {
  if (end - start === 2) return 'hklmstv'.includes(String.fromCharCode(codes[start] ?? 0))
  // qu
  return end - start === 3 && codes[start] === 0x71 && codes[start + 1] === 0x75
}

/** True for letters and digits of scripts that put spaces between words. */
export function isWordCode(code: number): boolean {
  if (code < 0x80)
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a)
  if (code < 0x300) return code >= 0xc0 && code !== 0xd7 && code !== 0xf7
  if (code < 0x590) return code >= 0x370
  return code >= 0x1e00 && code <= 0x1fff
}

/**
 * Folds `source`; linear in its length. Offsets point into `source` as given, whatever its normalisation form.
 * For every i: `source.slice(from[i], to[i])` is what became `text[i]`.
 */
export function fold(source: string): Folded {
  let size = source.length + 16
  let codes = new Uint16Array(size)
  let from = new Uint32Array(size)
  let to = new Uint32Array(size)
  let marks = new Uint16Array(size)
  let n = 0
  const grow = (): void => {
    size *= 2
    const wider = <T extends Uint16Array | Uint32Array>(next: T, old: T): T => {
      next.set(old)
      return next
    }
    codes = wider(new Uint16Array(size), codes)
    from = wider(new Uint32Array(size), from)
    to = wider(new Uint32Array(size), to)
    marks = wider(new Uint16Array(size), marks)
  }
  const put = (code: number, mark: number, start: number, end: number): void => {
    if (n === size) grow()
    codes[n] = code
    from[n] = start
    to[n] = end
    marks[n] = mark
    n++
  }

  const length = source.length
  let i = 0
  while (i < length) {
    const code = source.charCodeAt(i)
    const next = i + 1 < length ? source.charCodeAt(i + 1) : 0
    if (isSpace(code)) {
      const start = i
      let broken = false
      while (i < length && isSpace(source.charCodeAt(i))) broken = isBreak(source.charCodeAt(i++)) || broken
      put(broken ? 0x0a : 0x20, 0, start, i)
    } else if (code < 0x80 && !continues(next)) {
      const upper = code >= 0x41 && code <= 0x5a
      put(upper ? code + 32 : code, upper ? UPPER : 0, i, i + 1)
      i++
    } else if (isInvisible(code)) i++
    else {
      const start = i
      i += code >= 0xd800 && code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff ? 2 : 1
      while (i < length && continues(source.charCodeAt(i))) i++
      const piece = i === start + 1 && code < byCode.length ? pieceOfCode(code) : pieceOf(source.slice(start, i))
      for (let k = 0; k < piece.text.length; k++) put(piece.text.charCodeAt(k), piece.marks, start, i)
    }
  }

  foldFinalY(codes, n)
  return { text: decode(codes, n), from: from.subarray(0, n), to: to.subarray(0, n), marks: marks.subarray(0, n) }
}

function foldFinalY(codes: Uint16Array, n: number): void {
  let start = -1
  for (let i = 0; i <= n; i++) {
    if (i < n && isWordCode(codes[i] ?? 0)) {
      if (start < 0) start = i
    } else if (start >= 0) {
      if (codes[i - 1] === 0x79 && isFinalY(codes, start, i)) codes[i - 1] = 0x69
      start = -1
    }
  }
}

const decode = (codes: Uint16Array, n: number): string =>
  Buffer.from(codes.buffer, codes.byteOffset, n * codes.BYTES_PER_ELEMENT).toString('utf16le')

/** The folded text alone. */
export const foldText = (source: string): string => fold(source).text

/**
 * Whether two equally folded stretches also carry the same accents, word by word: the quality of each letter, and the
 * tone of the word on whichever letter it stands.
 */
export function sameAccents(a: Folded, aFrom: number, b: Folded, bFrom: number, length: number): boolean {
  let toneA = 0
  let toneB = 0
  for (let i = 0; i < length; i++) {
    const markA = a.marks[aFrom + i] ?? 0
    const markB = b.marks[bFrom + i] ?? 0
    if ((markA & QUALITY) !== (markB & QUALITY)) return false
    toneA |= markA & TONE
    toneB |= markB & TONE
    if (i + 1 === length || !isWordCode(a.text.charCodeAt(aFrom + i))) {
      if (toneA !== toneB) return false
      toneA = 0
      toneB = 0
    }
  }
  return true
}

/** Whether a stretch carries no accent at all. */
export function isBare(folded: Folded, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (((folded.marks[i] ?? 0) & ACCENT) !== 0) return false
  return true
}
