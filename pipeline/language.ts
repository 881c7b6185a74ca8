import { eld } from 'eld/medium'
import type { Language } from '../model.ts'

/** Scripts that one language of the press writes alone, or nearly so. */
const byScript: readonly (readonly [RegExp, Language])[] = [
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Lao}/gu, 'lo'],
  [/\p{Script=Khmer}/gu, 'km'],
  [/\p{Script=Myanmar}/gu, 'my'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Georgian}/gu, 'ka'],
  [/\p{Script=Armenian}/gu, 'hy'],
  [/\p{Script=Tamil}/gu, 'ta'],
  [/\p{Script=Telugu}/gu, 'te'],
  [/\p{Script=Malayalam}/gu, 'ml'],
  [/\p{Script=Kannada}/gu, 'kn'],
  [/\p{Script=Gujarati}/gu, 'gu'],
  [/\p{Script=Gurmukhi}/gu, 'pa'],
  [/\p{Script=Sinhala}/gu, 'si'],
  [/\p{Script=Tibetan}/gu, 'bo'],
]
const han = /\p{Script=Han}/gu
const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu
const latin = /\p{Script=Latin}/gu
const cyrillic = /\p{Script=Cyrillic}/gu
const arabic = /\p{Script=Arabic}/gu
const devanagari = /[\p{Script=Devanagari}\p{Script=Bengali}]/gu

/** Letters that only Vietnamese writes: đ with its vowels, ơ, ư, and a vowel with two marks or a hook or dot below. */
const vietnameseLetter = /[ơưẠ-ỹ]/iu
/**
 * The shape of a Vietnamese syllable without its marks: initial, nucleus, final (Thompson, A Vietnamese Reference Grammar,
 * 1965, chapters 1 and 2). Nearly every word of the language is one; of English, French or Malay words a third is at most.
 */
const syllable =
  /^(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?(?:a|ai|ao|au|ay|e|eo|eu|i|ia|ie|ieu|iu|o|oa|oai|oay|oe|oeo|oi|oo|u|ua|uay|ue|ui|uo|uoi|uou|uu|uy|uya|uye|uyu|y|ye|yeu)(?:c|ch|m|n|ng|nh|p|t)?$/
/** Short words of other languages that happen to have that shape, or that no Vietnamese sentence holds. */
const foreignWord =
  /^(?:the|of|and|to|in|is|for|on|at|from|with|by|as|an|be|its|has|will|new|after|les|des|une|est|dans|pour|et|sur|en|el|los|las|una|de|der|die|das|und|mit|von|ng|sa|ang|mga|yang|dan|di|il|che|per|con|do|da|em|um|na|se|w|i|na|va|ve|bir|op|het|een|van|och|av|pa|som)$/

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

function vietnamese(text: string): boolean {
  const printed = text.match(/[\p{L}\p{M}]+/gu) ?? []
  // Names keep their accents in English and French texts: where there are small words, they decide.
  const small = printed.filter((word) => /^\p{Ll}/u.test(word))
  const words = (small.length >= 3 ? small : printed).map((word) => word.toLowerCase())
  if (words.length === 0) return false
  const marked = words.filter((word) => vietnameseLetter.test(word)).length
  // Vietnamese prose marks four words in ten so; names in other languages' texts stay far below.
  if (marked / words.length >= 0.25 && words.length >= 3) return true
  const plain = words.map((word) => word.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd'))
  const shaped = plain.filter((word) => syllable.test(word)).length / words.length
  const accented = words.filter((word, index) => word !== plain[index]).length
  if (words.length < 4) return shaped === 1 && (marked > 0 || (words.length === 3 && accented > 1))
  if (marked > 0) return shaped >= 0.7
  const foreign = plain.filter((word) => foreignWord.test(word)).length
  return shaped >= 0.8 && foreign / words.length <= (accented > 1 ? 0.34 : 0.2)
}

/** Written so alike that only the publisher can tell. */
const siblings: readonly (readonly Language[])[] = [
  ['id', 'ms'],
  ['no', 'da'],
  ['hr', 'sr', 'bs', 'sl'],
  ['cs', 'sk'],
]

/** Among languages that share a script: the detector's answer, or the hint when both are about as likely. */
function byDetector(text: string, hint: Language | null): Language | null {
  const result = eld.detect(text)
  const scores = result.getScores()
  // Vietnamese was decided before: here its letters stand in names only.
  const [best = ''] = Object.entries(scores)
    .filter(([language]) => language !== 'vi')
    .sort((a, b) => b[1] - a[1])
    .map(([language]) => language)
  if (best === '') return hint
  if (hint !== null && hint !== best) {
    if (siblings.some((group) => group.includes(hint) && group.includes(best))) return hint
    const mine = scores[hint] ?? 0
    const top = scores[best] ?? 0
    // Short texts are decided by what the page or outlet says of itself, if that is plausible at all.
    const slack = text.length < 60 ? 0.75 : text.length < 200 ? 0.9 : 0.98
    if (top > 0 && mine >= top * slack) return hint
  }
  return best
}

/** `vi-VN` → `vi`; null for what is no language code. */
export function languageCode(tag: string | null | undefined): Language | null {
  const code = /^\s*([a-z]{2})(?:[-_]|\s*$)/i.exec(tag ?? '')?.[1]?.toLowerCase()
  return code === 'nb' || code === 'nn' ? 'no' : (code ?? null)
}

/**
 * The language of a text, ISO 639-1: by script, by the letters and frequent words of Vietnamese (accents may be missing),
 * else by n-grams (eld). A title is enough.
 * @param hint what page or outlet say; decides only between languages that the text itself leaves open
 * @returns the hint for a text without letters, null when there is no hint either
 */
export function detectLanguage(text: string, hint?: Language | null): Language | null {
  const fallback = hint ?? null
  const sample = text.slice(0, 4000).normalize('NFC')
  const letters = count(sample, /\p{L}/gu)
  if (letters === 0) return fallback
  const ideographs = count(sample, han)
  const syllables = count(sample, kana)
  const latins = count(sample, latin)
  for (const [pattern, language] of byScript) {
    const own = count(sample, pattern)
    // Korean with Han, Thai with English names: a third of the letters is enough for a script of its own.
    if (own * 3 > letters || own > Math.max(latins, ideographs, syllables)) return language
  }
  if ((ideographs + syllables) * 3 > letters) {
    if (syllables > 0 && syllables * 12 >= ideographs) return 'ja'
    // A headline in Han alone can be Japanese; then only the page can tell.
    return fallback === 'ja' && ideographs + syllables < 40 ? 'ja' : 'zh'
  }
  if (latins * 2 >= letters && vietnamese(sample)) return 'vi'
  const group = [cyrillic, arabic, devanagari, latin].find((pattern) => count(sample, pattern) * 2 >= letters)
  if (group === cyrillic && letters < 30 && fallback === null && !/[іїєґўђћџјљњ]/iu.test(sample)) return 'ru'
  return byDetector(sample, fallback)
}
