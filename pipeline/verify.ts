import type { Instant } from '../model.ts'
import { type DateFact, type Facts, factsOf, type NumberFact } from './facts.ts'
import { fold, tokens } from './features.ts'
import { splitSentences } from './sentences.ts'

/**
 * Holds every sentence against the texts that it cites: a number, date, name or quotation that stands in none of them is
 * a problem, and so is a number that the cited text gives for something else while it gives another for the same count.
 * It proves that nothing was invented, not that everything is right: who did what is not checked.
 */

export type FactKind = 'number' | 'date' | 'name' | 'quotation' | 'citation'

export interface Problem {
  readonly kind: FactKind
  /** As it stands in the sentence. */
  readonly text: string
  readonly from: number
  readonly to: number
  /** What the cited texts have instead, where it is known. */
  readonly instead: string | null
}

/** A cited text; outlet and time of publication may be named in an attribution. */
export interface VerifySource {
  readonly text: string
  readonly outlet?: string | null | undefined
  readonly published?: Instant | null | undefined
}

interface Known {
  readonly facts: readonly Facts[]
  /** Lower-case words of all cited texts and outlets, between spaces. */
  readonly words: string
  /** The same without accents. */
  readonly folded: string
  readonly printed: string
  readonly dates: readonly DateFact[]
}

const wordsOf = (text: string): string =>
  ` ${tokens(text)
    .map((token) => token.text)
    .join(' ')} `

/** One form of quotation marks, dots and white space, so that only the words count. */
const plainQuotation = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[“”«»「」]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\.{3}/g, '…')
    .replace(/\s+/g, ' ')

function known(sources: readonly VerifySource[]): Known {
  const facts = sources.map((source) => factsOf(source.text.normalize('NFC')))
  const published = sources.flatMap(({ published: at }): DateFact[] => {
    if (!at) return []
    // The day in Vietnam (UTC+7, no daylight saving).
    const local = new Date(Date.parse(at) + 7 * 3_600_000)
    return [
      {
        from: 0,
        to: 0,
        text: at,
        day: local.getUTCDate(),
        month: local.getUTCMonth() + 1,
        year: local.getUTCFullYear(),
      },
    ]
  })
  const texts = sources.map((source) => source.text.normalize('NFC'))
  const outlets = sources.map((source) => (source.outlet ?? '').normalize('NFC'))
  return {
    facts,
    words: [...texts, ...outlets].map(wordsOf).join('|'),
    folded: [...texts, ...outlets].map((text) => wordsOf(fold(text))).join('|'),
    printed: texts.map(plainQuotation).join('\n'),
    dates: [...facts.flatMap((each) => each.dates), ...published],
  }
}

const agrees = (a: number | null, b: number | null): boolean => a === null || b === null || a === b

function dateProblem(fact: DateFact, source: Known): string | null | undefined {
  const { day, month, year } = fact
  const fits = source.dates.some(
    (other) =>
      (day === null || other.day === day) &&
      (month === null || other.month === month || (day !== null && other.month === null)) &&
      // A year that the text leaves out is the year of publication, which is in the list of its own.
      (year === null || other.year === year || (other.year === null && source.dates.some((d) => d.year === year))) &&
      agrees(year, other.year),
  )
  if (fits) return undefined
  // `1.5 triệu`, `24/7`, `1-2`: a number, or two.
  const numbers = source.facts.flatMap((each) => each.numbers.map((number) => number.value))
  if (year === null && day !== null && month !== null && !/\p{L}/u.test(fact.text)) {
    const decimal = Number(`${day}.${month}`)
    if (
      numbers.includes(decimal) ||
      source.words.includes(` ${day} ${month} `) ||
      (numbers.includes(day) && numbers.includes(month))
    )
      return undefined
  }
  if (day === null && month === null && year !== null && numbers.includes(year)) return undefined
  return (
    source.dates.find((other) => (month !== null && other.month === month) || (day !== null && other.day === day))
      ?.text ?? null
  )
}

const sameValue = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) < 1e-9 * Math.max(Math.abs(a), Math.abs(b))

function numberProblem(fact: NumberFact, source: Known): string | null | undefined {
  const all = source.facts.flatMap((each) => each.numbers)
  const dated = source.dates.flatMap((date) => [date.day, date.month, date.year])
  const equal = all.filter((other) => sameValue(other.value, fact.value))
  if (equal.length === 0) {
    if (fact.unit.length === 0 && dated.includes(fact.value)) return undefined
    return all.find((other) => other.unit[0] === fact.unit[0])?.text ?? null
  }
  // The number stands there, but for something else, while the same thing has another number there.
  for (const words of [2, 1]) {
    if (fact.unit.length < words) continue
    const unit = fact.unit.slice(0, words).join(' ')
    const same = all.filter((other) => other.unit.slice(0, words).join(' ') === unit)
    if (same.length === 0) continue
    if (same.some((other) => sameValue(other.value, fact.value))) return undefined
    return same[0]?.text ?? null
  }
  return undefined
}

/** Whether initials stand for words: `N.V.H.`, `Nguyễn Văn H.`, `H.`; every letter or word in turn. */
const initialsOf = (name: string): string[] => name.split(/[\s.]+/).filter((part) => part !== '')

function nameProblem(name: string, opening: boolean, source: Known): boolean {
  const bare = fold(source.words) === source.words
  const has = (text: string): boolean => {
    const words = wordsOf(text)
    if (source.words.includes(words)) return true
    // Accents may be lost on either side, but a name with other accents is another name.
    return (bare || fold(text) === text.toLowerCase()) && source.folded.includes(wordsOf(fold(text)))
  }
  if (has(name)) return false
  const parts = initialsOf(name)
  if (opening && parts.length > 1 && has(parts.slice(1).join(' '))) return false
  // `UBND Hà Nội` for `UBND thành phố Hà Nội`: both parts stand there, and neither is a lone syllable of a name.
  for (let at = 1; at < parts.length; at++) {
    const halves = [parts.slice(0, at), parts.slice(at)]
    const sound = halves.every((half) => half.length > 1 || /^\p{Lu}{2,}$/u.test(half[0] ?? ''))
    if (sound && halves.every((half) => has(half.join(' ')))) return false
  }
  const shortened = (list: readonly string[]): boolean => {
    if (!list.some((part) => /^\p{Lu}$/u.test(part))) return true
    const pattern = list.map((part) => {
      const plain = fold(part).replace(/[^\p{L}\p{N}]/gu, '')
      return part.length === 1 ? `${plain}[\\p{L}]*` : plain
    })
    return !new RegExp(`(?<=[ |])${pattern.join(' ')}(?= )`, 'u').test(source.folded)
  }
  return shortened(parts) && (!opening || parts.length < 2 || shortened(parts.slice(1)))
}

/** From this share of common words on, a sentence is held to be one of the source's, put otherwise. */
const SAME_SENTENCE = 0.75

/** The sentence of the sources that says nearly the same (Dice over folded words), which then answers for its facts. */
function counterpart(sentence: string, sources: readonly VerifySource[]): VerifySource | null {
  const own = new Set(tokens(fold(sentence)).map((token) => token.text))
  let best: { source: VerifySource; share: number } | null = null
  for (const source of sources) {
    const spans = splitSentences(source.text, null)
    if (spans.length < 2) continue
    for (const { from, to } of spans) {
      const text = source.text.slice(from, to)
      const other = new Set(tokens(fold(text)).map((token) => token.text))
      const share = (2 * [...own].filter((word) => other.has(word)).length) / (own.size + other.size)
      if (share >= SAME_SENTENCE && (!best || share > best.share)) best = { source: { ...source, text }, share }
    }
  }
  return best?.source ?? null
}

/** Problems of one sentence against the texts it cites; none cited is itself a problem. */
export function verifySentence(sentence: string, sources: readonly VerifySource[]): Problem[] {
  if (sources.length === 0) return [{ kind: 'citation', text: sentence, from: 0, to: sentence.length, instead: null }]
  const text = sentence.normalize('NFC')
  // An extract holds by itself.
  if (sources.some((source) => source.text.normalize('NFC').includes(text))) return []
  const facts = factsOf(text)
  const nearest = counterpart(text, sources)
  const problems = problemsOf(facts, known(nearest ? [nearest] : sources))
  return nearest && problems.length === 0 ? repeated(facts, factsOf(nearest.text.normalize('NFC'))) : problems
}

/** A number or date that stands more often than in the sentence's counterpart took another's place (`from 27 to 27`). */
function repeated(own: Facts, other: Facts): Problem[] {
  const dateKey = (fact: DateFact) => `${fact.day}/${fact.month}`
  const check = <F extends { from: number; to: number; text: string }>(
    kind: FactKind,
    facts: readonly F[],
    cited: readonly F[],
    key: (fact: F) => string | number,
  ): Problem[] =>
    facts.flatMap((fact, i) => {
      const earlier = facts.slice(0, i).filter((before) => key(before) === key(fact)).length
      // `Tỉnh Hà Giang` at the start of a sentence is one run: it holds `Hà Giang` too.
      const there = cited.filter((one) => key(one) === key(fact) || ` ${key(one)} `.includes(` ${key(fact)} `)).length
      const lost = cited.find((one) => !facts.some((mine) => key(mine) === key(one)))
      return earlier >= Math.max(1, there) && lost
        ? [{ kind, text: fact.text, from: fact.from, to: fact.to, instead: lost.text }]
        : []
    })
  return [
    ...check('number', own.numbers, other.numbers, (fact) => fact.value),
    ...check('date', own.dates, other.dates, dateKey),
    ...check('name', own.names, other.names, (fact) => fact.text.toLowerCase()),
  ]
}

function problemsOf(facts: Facts, source: Known): Problem[] {
  const problems: Problem[] = []
  const put = (kind: FactKind, fact: { from: number; to: number; text: string }, instead: string | null) =>
    problems.push({ kind, text: fact.text, from: fact.from, to: fact.to, instead })
  for (const fact of facts.dates) {
    const instead = dateProblem(fact, source)
    if (instead !== undefined) put('date', fact, instead)
  }
  for (const fact of facts.numbers) {
    const instead = numberProblem(fact, source)
    if (instead !== undefined) put('number', fact, instead)
  }
  for (const fact of facts.names) if (nameProblem(fact.text, fact.opening, source)) put('name', fact, null)
  for (const fact of facts.quotations) {
    const words = plainQuotation(fact.text)
      .replace(/[.,…!?]+$/u, '')
      .trim()
    // Whole words: a piece of a word is not what was said.
    if (
      !` ${source.printed} `
        .split(words)
        .slice(1)
        .some((after) => !/^\p{L}/u.test(after))
    )
      put('quotation', fact, null)
  }
  return problems
}

/** Problems of each sentence of a text of our own, in order. */
export function verify(
  sentences: readonly { readonly text: string; readonly sources: readonly VerifySource[] }[],
): Problem[][] {
  return sentences.map(({ text, sources }) => verifySentence(text, sources))
}
