import chardet from 'chardet'
import iconv from 'iconv-lite'
import { fromTcvn3, looksLikeTcvn3, vietnameseWords } from './legacy-vietnamese.ts'

export interface Decoded {
  /** Unicode NFC. */
  readonly html: string
  /** Name in the WHATWG Encoding Standard where it has one (`utf-8`, `gb18030`), else `viscii` or `tcvn3`. */
  readonly charset: string
  readonly by: 'header' | 'bom' | 'meta' | 'xml' | 'detected' | 'default'
  /** What contradicted what, e.g. `charset: header says gbk, the bytes are utf-8`. */
  readonly doubts: readonly string[]
}

/** Labels of the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels) that pages of the press use. */
const labels: readonly (readonly [RegExp, string])[] = [
  [/^(?:utf-?8|unicode-1-1-utf-8|utf8mb4|unicode)$/, 'utf-8'],
  [/^(?:utf-16|utf-16le|ucs-2)$/, 'utf-16le'],
  [/^utf-16be$/, 'utf-16be'],
  [/^(?:gb_?2312(?:-80)?|gbk|x-gbk|gb18030|cp936|ms936|windows-936|chinese|csgb2312|hz-gb-2312)$/, 'gb18030'],
  [/^(?:big-?5(?:-?hkscs|-eten)?|cn-big5|x-x-big5|cp950|windows-950|csbig5)$/, 'big5'],
  [/^(?:euc-?kr|ks_?c_?5601(?:-19\d\d)?|ksc5601|korean|uhc|cp949|windows-949|ms949|cseuckr)$/, 'euc-kr'],
  [/^(?:shift[_-]?jis|s-?jis|x-sjis|ms_kanji|windows-31j|cp932|ms932|csshiftjis)$/, 'shift_jis'],
  [/^(?:x-)?euc-?jp$/, 'euc-jp'],
  [/^iso-2022-jp$/, 'iso-2022-jp'],
  [/^(?:windows-|x-cp|cp)1258$/, 'windows-1258'],
  [/^(?:tis-?620|iso-8859-11|windows-874|dos-874)$/, 'windows-874'],
  [/^(?:x-)?viscii(?:1\.1-1)?$/, 'viscii'],
  [/^(?:x-)?(?:viet-)?tcvn(?:-?5712)?(?:-?3)?$/, 'tcvn3'],
  [/^(?:iso-?8859-?1|latin-?1|l1|us-ascii|ascii|windows-1252|cp1252|x-cp1252|ansi)$/, 'windows-1252'],
  [/^(?:windows-125\d|koi8-[ru]|iso-8859-\d{1,2})$/, ''],
]

/** The encoding's own name, or null for one we cannot read. */
function nameOf(label: string): string | null {
  const lower = label.trim().toLowerCase()
  const found = labels.find(([pattern]) => pattern.test(lower))
  return found ? found[1] || lower : null
}

const cjk = new Set(['gb18030', 'big5', 'euc-kr', 'shift_jis', 'euc-jp'])
const codecs: Readonly<Record<string, string>> = {
  shift_jis: 'cp932',
  'euc-kr': 'cp949',
  big5: 'big5hkscs',
  tcvn3: 'tcvn',
}

function decodeAs(bytes: Uint8Array, charset: string): string {
  if (charset === 'iso-2022-jp' || charset === 'utf-8') return new TextDecoder(charset).decode(bytes)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return iconv.decode(buffer, codecs[charset] ?? charset)
}

const ascii = (bytes: Uint8Array, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, length)).toString('latin1')

function bomOf(bytes: Uint8Array): { charset: string; length: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { charset: 'utf-8', length: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { charset: 'utf-16le', length: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { charset: 'utf-16be', length: 2 }
  return null
}

interface Claim {
  readonly by: 'header' | 'xml' | 'meta'
  readonly charset: string
}

/** What the header, the XML declaration and the first kilobytes say, in the order in which they are believed. */
function claimsOf(bytes: Uint8Array, contentType: string | null, doubts: string[]): Claim[] {
  const head = ascii(bytes, 8192)
  const found: readonly (readonly [Claim['by'], string | undefined])[] = [
    ['header', /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? '')?.[1]],
    ['xml', /^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]+)/i.exec(head)?.[1]],
    ['meta', /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1]],
  ]
  const claims: Claim[] = []
  for (const [by, label] of found) {
    if (label === undefined) continue
    const charset = nameOf(label)
    if (charset === null) doubts.push(`charset: ${by} names the unknown encoding ${label}`)
    // A meta element read as bytes cannot stand in UTF-16 (Encoding Standard: treat as UTF-8).
    else claims.push({ by, charset: by === 'meta' && charset.startsWith('utf-16') ? 'utf-8' : charset })
  }
  return claims
}

interface Utf8 {
  readonly valid: boolean
  /** Sequences of more than one byte. */
  readonly sequences: number
  readonly errors: number
}

/** Counts sequences and errors of UTF-8; overlong and surrogate forms are left to the decoder. */
function inspectUtf8(bytes: Uint8Array): Utf8 {
  let sequences = 0
  let errors = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) continue
    const length =
      byte >= 0xc2 && byte <= 0xdf ? 1 : byte >= 0xe0 && byte <= 0xef ? 2 : byte >= 0xf0 && byte <= 0xf4 ? 3 : 0
    let follows = 0
    while (follows < length && ((bytes[at + follows + 1] ?? 0) & 0xc0) === 0x80) follows += 1
    // A sequence cut by the end of the bytes is no contradiction.
    if (length > 0 && (follows === length || at + follows + 1 >= bytes.length)) sequences += 1
    else errors += 1
    at += follows
  }
  return { valid: errors === 0, sequences, errors }
}

/** Share of the bytes beyond ASCII that `charset` cannot read. */
function damage(bytes: Uint8Array, charset: string): number {
  const text = decodeAs(bytes, charset)
  let bad = 0
  let foreign = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    foreign += 1
    if (code === 0xfffd || (code >= 0xe000 && code <= 0xf8ff)) bad += 1
  }
  return foreign === 0 ? 0 : bad / foreign
}

/** Share of bytes beyond ASCII among those that can be letters, in the sample: 0.1 in Latin-1 text, above 0.5 in CJK or Cyrillic. */
function foreignShare(bytes: Uint8Array): number {
  let foreign = 0
  let letters = 0
  let inTag = false
  for (const byte of sample(bytes)) {
    if (byte === 0x3c) inTag = true
    else if (byte === 0x3e) inTag = false
    else if (!inTag && byte >= 0x80) foreign += 1
    else if (!inTag && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a))) letters += 1
  }
  // A few bytes (a headline, a name) prove nothing.
  return foreign < 24 ? 0 : foreign / (foreign + letters)
}

/** Why the bytes cannot be what is claimed, or null. */
function contradiction(bytes: Uint8Array, charset: string, utf8: Utf8): string | null {
  if (charset === 'utf-8') {
    return utf8.errors > Math.max(3, utf8.sequences * 0.02) ? 'the bytes are not utf-8' : null
  }
  if (charset.startsWith('utf-16')) {
    return bytes.subarray(0, 200).includes(0) ? null : 'the bytes are not utf-16'
  }
  if (utf8.valid && utf8.sequences >= (cjk.has(charset) ? 6 : 2)) return 'the bytes are utf-8'
  if (charset === 'windows-1252' && foreignShare(bytes) > 0.4) return 'most letters are beyond ASCII'
  if (cjk.has(charset) && damage(bytes, charset) > 0.02) return `the bytes are not ${charset}`
  return null
}

/** A stretch of 64 KB that begins with the first byte beyond ASCII, so that the detector sees text and not mark-up. */
function sample(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte >= 0x80)
  return first < 0 ? bytes.subarray(0, 4096) : bytes.subarray(first, first + 65536)
}

function detect(bytes: Uint8Array): string | null {
  const part = sample(bytes)
  // The detector does not know the Vietnamese code pages: ask by common words.
  const vietnamese = ['windows-1258', 'viscii', 'tcvn3']
    .map((charset) => ({ charset, words: vietnameseWords(decodeAs(part, charset).normalize('NFC')) }))
    .sort((a, b) => b.words - a.words)
  if ((vietnamese[0]?.words ?? 0) >= 4) return vietnamese[0]?.charset ?? null
  for (const match of chardet.analyse(part)) {
    const charset = nameOf(match.name)
    if (charset === null || charset.startsWith('utf-16')) continue
    if (!cjk.has(charset) || damage(part, charset) <= 0.02) return charset
  }
  return null
}

function choose(
  bytes: Uint8Array,
  contentType: string | null,
  doubts: string[],
): { charset: string; by: Decoded['by'] } {
  const utf8 = inspectUtf8(bytes)
  for (const claim of claimsOf(bytes, contentType, doubts)) {
    const why = contradiction(bytes, claim.charset, utf8)
    if (why === null) return claim
    doubts.push(`charset: ${claim.by} says ${claim.charset}, but ${why}`)
  }
  if (utf8.valid) return { charset: 'utf-8', by: utf8.sequences > 0 ? 'detected' : 'default' }
  const detected = detect(bytes)
  if (detected !== null) return { charset: detected, by: 'detected' }
  doubts.push('charset: none declared and none recognised')
  return { charset: utf8.sequences > utf8.errors ? 'utf-8' : 'windows-1252', by: 'default' }
}

/** Old Vietnamese pages carry TCVN3 (ABC fonts) under a Latin-1 label; read so, "Lào Cai" becomes "Lµo Cai". */
function repairTcvn3(html: string, doubts: string[]): string | null {
  if (!looksLikeTcvn3(html)) return null
  // Beside real Vietnamese Unicode the letters of both overlap: then it is only said.
  if (/[đơưĂăạ-ỹ]/iu.test(html)) {
    doubts.push('charset: parts of the text are in TCVN3 (ABC font) and unreadable')
    return null
  }
  doubts.push('charset: the text is in TCVN3 (ABC font); converted, capitals with accents may be small')
  return fromTcvn3(html)
}

/**
 * A page's bytes as text. A byte order mark is believed first, then the header, the XML declaration, the meta element and
 * detection; a claim that the bytes contradict is overruled and named in `doubts`. Never throws.
 * @param contentType the Content-Type header, or null
 */
export function decodePage(bytes: Uint8Array, contentType: string | null): Decoded {
  const doubts: string[] = []
  const bom = bomOf(bytes)
  const chosen = bom ? { charset: bom.charset, by: 'bom' as const } : choose(bytes, contentType, doubts)
  const html = decodeAs(bom ? bytes.subarray(bom.length) : bytes, chosen.charset)
  if (html.includes('\ufffd')) doubts.push('charset: some bytes could not be read')
  const repaired = chosen.charset === 'tcvn3' ? null : repairTcvn3(html, doubts)
  if (repaired !== null) return { html: repaired.normalize('NFC'), charset: 'tcvn3', by: chosen.by, doubts }
  return { html: html.normalize('NFC'), charset: chosen.charset, by: chosen.by, doubts }
}
