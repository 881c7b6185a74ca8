import iconv from 'iconv-lite'

/** Frequent words that hardly occur in other languages, each with a letter beyond ASCII. */
const common =
  /(?<!\p{L})(?:và|của|không|được|những|một|người|trong|năm|với|tỉnh|này|đã|các|cho|là|có|để|việc|đến|từ|đồng)(?!\p{L})/giu

/** How many of the frequent Vietnamese words with accents the text holds. */
export const vietnameseWords = (text: string): number =>
  (text.slice(0, 100_000).match(common) ?? []).filter((word) => /[^a-z]/i.test(word)).length

/** The upper half of TCVN 5712 (VN3), by its position in Latin-1. */
const upperHalf = iconv.decode(Buffer.from(Array.from({ length: 128 }, (_, index) => index + 128)), 'tcvn')

/** Text in TCVN3 that was read as Latin-1 or windows-1252, in Unicode. */
export const fromTcvn3 = (text: string): string =>
  text.replace(/[\u00a1-\u00ff]/g, (letter) => upperHalf[letter.charCodeAt(0) - 128] ?? letter)

/** How frequent words look when TCVN3 is read as Latin-1: vµ (và), cña (của), ®­îc (được), kh«ng, nh÷ng, ngêi … */
const misread =
  /(?<![\p{L}®­])(?:vµ|cña|®\u00ad?îc|kh«ng|nh÷ng|ng\u00ad?êi|n¨m|víi|tØnh|nµy|®·|c¸c|lµ|cã|®Ó|viÖc|®Õn|tõ|®ång|viÖt|lµo|x·|huyÖn)(?![\p{L}®­])/giu

/** Whether a text is TCVN3 read as Latin-1: at least five frequent words in that guise, of three kinds. */
export function looksLikeTcvn3(text: string): boolean {
  const found = text.slice(0, 300_000).match(misread) ?? []
  return found.length >= 5 && new Set(found.map((word) => word.toLowerCase())).size >= 3
}
