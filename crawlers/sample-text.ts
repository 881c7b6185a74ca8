/** Words of ours by length, for texts that must keep their measure and lose their content. */
const words: readonly (readonly string[])[] = [
  [],
  ['ở', 'ạ', 'ô'],
  ['là', 'có', 'ta', 'về', 'đã'],
  ['mẫu', 'bài', 'bản', 'này', 'chữ', 'câu', 'tin'],
  ['viết', 'thôi', 'dùng', 'trên', 'giấy'],
  ['trang', 'tiếng', 'chúng', 'phông'],
  ['sample', 'filler', 'simple'],
  ['writing', 'samples', 'nothing'],
  ['specimen', 'sentence', 'ordinary'],
  ['paragraph', 'invention', 'exemplary'],
]
/** Letters of ours for scripts that have no blanks between words, or none of the words above. */
const alphabets: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Han}/u, '样本文字由我们自己写成用来检查网页不说任何事情'],
  [/\p{Script=Hiragana}/u, 'みほんのぶんしょうです'],
  [/\p{Script=Katakana}/u, 'サンプルテキスト'],
  [/\p{Script=Hangul}/u, '견본글은우리가직접쓴것입니다'],
  [/\p{Script=Thai}/u, 'ขอความตวอยาง'],
  [/\p{Script=Lao}/u, 'ຂຄວາມຕວຢາງ'],
  [/\p{Script=Cyrillic}/u, 'образецтекста'],
]

/** Kept near numbers: they make a date. */
const dateWords =
  /^(?:thứ|ngày|tháng|năm|giờ|phút|chủ|nhật|lúc|à|at|h|gmt|utc|am|pm|ict|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|januar|februar|märz|juni|juli|oktober|dezember|[年月日时分時월일시분년])$/iu

/** FNV-1a, 32 bits: spreads words over the samples, always in the same way. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const sign of text) value = Math.imul(value ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return value
}

const at = <T>(list: readonly T[] | string, index: number): T | string => list[index % list.length] ?? ''

function sampleWord(word: string): string {
  const seed = hash(word.toLowerCase())
  const length = [...word].length
  const alphabet = alphabets.find(([script]) => script.test(word))?.[1]
  if (alphabet !== undefined) {
    const letters = [...alphabet]
    return [...word].map((letter) => at(letters, hash(letter))).join('')
  }
  const direct = words[length]
  const found = direct && direct.length > 0 ? String(at(direct, seed)) : longWord(length, seed)
  if (word === word.toUpperCase() && length > 1) return found.toUpperCase()
  return /^\p{Lu}/u.test(word) ? found.slice(0, 1).toUpperCase() + found.slice(1) : found
}

function longWord(length: number, seed: number): string {
  const long = words[words.length - 1] ?? []
  return String(at(long, seed))
    .repeat(Math.ceil(length / (words.length - 1)))
    .slice(0, length)
}

/** Keeps digits of dates and times; all others become ones. */
const dated = /\d{1,4}\s*[/.:h年月日\-년월일]\s*\d{1,2}|\d{1,2}\s*[日일]|\b(?:19|20)\d\d\b/

/**
 * The text in sample words: same lengths, white space, punctuation and capitals, dates kept. The same word always becomes
 * the same sample word; nothing of what the text said is left.
 */
export function sampleText(text: string): string {
  const tokens = text.normalize('NFC').match(/[\p{L}\p{M}]+|\d+|[^\p{L}\p{M}\d]+/gu) ?? []
  const nearNumber = (index: number): boolean =>
    [-4, -3, -2, -1, 1, 2, 3, 4].some((step) => /^\d+$/.test(tokens[index + step] ?? ''))
  const hasDate = dated.test(text) || tokens.some((token, index) => dateWords.test(token) && nearNumber(index))
  return tokens
    .map((token, index) => {
      if (/^\d/.test(token)) return hasDate || token.length <= 2 ? token : '1'.repeat(token.length)
      if (!/^[\p{L}\p{M}]/u.test(token)) return token
      if (dateWords.test(token) && nearNumber(index)) return token
      // The T and Z of an ISO time.
      return /^[TZ]$/.test(token) && nearNumber(index) ? token : sampleWord(token)
    })
    .join('')
}
