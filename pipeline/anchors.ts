import type { Language } from '../model.ts'
import { type Automaton, automaton, scan } from './automaton.ts'
import words from './event-words.json' with { type: 'json' }
import { fold, hash, names, normaliseNumber, type Token } from './features.ts'
import { tolls } from './tolls.ts'

/**
 * What an article says that needs no translation: the kinds of event it tells (a small lexicon of words in many
 * languages), how many died, are missing or were hurt, other telling numbers, and names of persons without their
 * accents. Places come from the gazetteer, whose ids are the same in all languages.
 */

/** Kinds that name what a text is about, not what happened; they tie two articles less. */
const THEMES = new Set([
  'tourism',
  'schooling',
  'religion',
  'border gate',
  'railway',
  'aid',
  'harvest',
  'forecast',
  'airport',
])

/** A false report of an event is an event of its own. */
const RUMOUR = 'hoax'
/** Counts that tell two events apart; how many are in hospital changes by the hour. */
const ANCHORING = ['dead', 'missing', 'injured'] as const

export type AnchorKind = 'event' | 'theme' | 'rumour' | 'toll' | 'number' | 'person' | 'name'
const KINDS: readonly AnchorKind[] = ['event', 'theme', 'rumour', 'toll', 'number', 'person', 'name']

/** A key of 21 bits with its kind in three, and a weight of eight. */
const keyOf = (kind: AnchorKind, text: string): number => ((KINDS.indexOf(kind) << 21) | (hash(text) >>> 11)) >>> 0
export const kindOf = (anchor: number): AnchorKind => KINDS[anchor >>> 29] ?? 'number'
export const weightOf = (anchor: number): number => anchor & 255

/** Words that are read of an article; what follows is background. */
const READ = 1800
const OPENING = 350
const MOST_NUMBERS = 16
const MOST_NAMES = 16

const lexicon: ReadonlyMap<string, { readonly machine: Automaton; readonly kinds: readonly string[] }> = new Map(
  [...new Set(Object.values(words).flatMap((byLanguage) => Object.keys(byLanguage)))].map((language) => {
    const patterns = Object.entries(words).flatMap(([kind, byLanguage]) =>
      (Object.entries(byLanguage).find(([of]) => of === language)?.[1] ?? []).map((text: string) => ({ kind, text })),
    )
    const machine = automaton(patterns.map(({ text }) => ({ text, proper: false })))
    return [language, { machine, kinds: patterns.map(({ kind }) => kind) }]
  }),
)

/** In tenths: a kind in the title weighs most, then one of the opening. */
const IN_TITLE = 20
const IN_OPENING = 8
const IN_BODY = 3
const MOST = 40

function eventsOf(title: string, text: string, language: string): [string, number][] {
  const known = lexicon.get(language)
  if (!known) return []
  const weights = new Map<string, number>()
  const note = (part: string, weightAt: (start: number) => number) => {
    for (const { pattern, start } of known.machine.find(scan(part))) {
      const kind = known.kinds[pattern] ?? ''
      weights.set(kind, Math.min(MOST, (weights.get(kind) ?? 0) + weightAt(start)))
    }
  }
  note(title, () => IN_TITLE)
  // A script without spaces says more in as many characters.
  const opening = /^(?:zh|ja|ko)$/.test(language) ? OPENING / 2 : OPENING
  note(text.slice(0, READ), (start) => (start < opening ? IN_OPENING : IN_BODY))
  return [...weights]
}

const MULTIPLES: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 만: 1e4, 億: 1e8, 亿: 1e8, 천: 1e3, 千: 1e3 }

/** Whole numbers from 13 that are no years and no times: small ones and dates stand in every article. */
function numbersOf(text: string): [string, number][] {
  const found = new Map<string, number>()
  for (const match of text
    .slice(0, READ)
    .matchAll(/(?<![\d.,/:-])(\d[\d.,]*\d|\d)\s?([万萬만億亿천千])?(?![\d/:月日年時时시년월일h])/gu)) {
    const value = Number(normaliseNumber(match[1] ?? '')) * (MULTIPLES[match[2] ?? ''] ?? 1)
    if (!Number.isFinite(value) || value < 13 || (value >= 1900 && value <= 2100 && !/[.,]/.test(match[1] ?? '')))
      continue
    const telling = value >= 100 && value % 100 !== 0 ? 3 : value >= 32 ? 2 : 1
    found.set(String(value), telling)
    if (found.size >= MOST_NUMBERS) break
  }
  return [...found]
}

/**
 * Names of two words and more, spelt without accents, that are no places of the gazetteer, which counts them already.
 * Those of three words and more are persons, or places that few know; shorter ones are often places elsewhere.
 */
const namesOf = (list: readonly Token[], familiar: ReadonlySet<number>): [AnchorKind, string, number][] =>
  [...new Set(names(list))]
    .filter((name) => !familiar.has(hash(name)))
    .map((name) => [name.split(' ').length, fold(name)] as const)
    .filter(([length]) => length >= 2)
    .slice(0, MOST_NAMES)
    .map(([length, name]) => [length >= 3 ? 'person' : 'name', name, 1])

/** The language that an article without one is taken for: its script tells. */
export function languageOf(article: { readonly title: string; readonly language?: Language | undefined }): string {
  if (article.language) return article.language
  const { title } = article
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(title)) return 'ja'
  if (/\p{Script=Hangul}/u.test(title)) return 'ko'
  if (/\p{Script=Han}/u.test(title)) return 'zh'
  if (/\p{Script=Thai}/u.test(title)) return 'th'
  if (/\p{Script=Lao}/u.test(title)) return 'lo'
  if (/\p{Script=Cyrillic}/u.test(title)) return 'ru'
  return 'vi'
}

/** Anchors of an article, sorted: a key, and a weight in its last byte. `familiar`: hashes of the names of places. */
export function anchorsIn(
  title: string,
  text: string,
  language: string,
  list: readonly Token[],
  familiar: ReadonlySet<number> = new Set(),
): Uint32Array {
  const plain = `${title}\n${text.slice(0, READ)}`.normalize('NFKC')
  const anchors: [AnchorKind, string, number][] = [
    ...eventsOf(title, text, language).map(([kind, weight]): [AnchorKind, string, number] => [
      kind === RUMOUR ? 'rumour' : THEMES.has(kind) ? 'theme' : 'event',
      kind,
      weight,
    ]),
    ...tolls(plain, language, ANCHORING)
      .filter(({ count }) => count > 0)
      .map(({ kind, count }): [AnchorKind, string, number] => ['toll', `${kind} ${count}`, count]),
    ...numbersOf(plain).map(([value, weight]): [AnchorKind, string, number] => ['number', value, weight]),
    ...namesOf(list, familiar),
  ]
  const packed = new Map(anchors.map(([kind, name, weight]) => [keyOf(kind, name), Math.min(255, weight)]))
  return Uint32Array.from(packed, ([key, weight]) => ((key << 8) | weight) >>> 0).sort()
}
