/** How many people died, are missing or were hurt, as an article says it, in the languages where a pattern is known. */

export interface Toll {
  readonly kind: 'dead' | 'missing' | 'injured'
  readonly count: number
}

type Kind = Toll['kind']

const DIGITS = String.raw`\d{1,3}(?:[.,]\d{3})*`
const COUNTS: Readonly<Record<string, readonly string[]>> = {
  vi: ['', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín', 'mười'],
  en: ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  fr: ['', 'une?', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix'],
  zh: ['', '一', '[二两兩]', '三', '四', '五', '六', '七', '八', '九', '十'],
  ja: ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'],
  ko: ['', '한', '두', '세', '네', '다섯', '여섯', '일곱', '여덟', '아홉', '열'],
}
const WORDS: Readonly<Record<string, Readonly<Record<Kind, string>>>> = {
  vi: { dead: 'chết|tử vong|thiệt mạng|tử nạn', missing: 'mất tích', injured: 'bị thương|trọng thương' },
  en: { dead: 'dead|killed|died|deaths', missing: 'missing|unaccounted', injured: 'injured|hurt|wounded' },
  fr: { dead: 'morts?|tuées?|tués?|décédées?', missing: 'disparue?s?', injured: 'blessée?s?' },
  zh: { dead: '遇难|遇難|死亡|丧生|喪生|罹难|罹難', missing: '失踪|失蹤|失联|失聯', injured: '受伤|受傷|轻伤' },
  ja: { dead: '死亡|死者', missing: '行方不明|不明', injured: 'けが|負傷|重軽傷' },
  ko: { dead: '사망|숨지|숨져|숨졌', missing: '실종', injured: '부상|다쳤|다치' },
}
/** What may stand between a count and what became of people. */
const BETWEEN: Readonly<Record<string, string>> = {
  vi: String.raw`\s(?:(?:người|nạn nhân|học sinh|cháu bé|em nhỏ|công nhân|du khách|người dân|phụ nữ|người phụ nữ|người đàn ông|đàn ông|thanh niên|hành khách|tài xế|trẻ em|cụ già|chiến sĩ|cán bộ)\s)?(?:(?:đã|bị|khác|còn|vẫn)\s){0,2}`,
  en: String.raw`\s(?:(?:people|persons?|others?|tourists?|villagers?|children|students?|men|women|passengers?)\s)?(?:(?:are|were|is|was|remain|remains|still|confirmed|reported|left)\s){0,2}`,
  fr: String.raw`\s(?:(?:personnes?|autres?|touristes?|habitants?|enfants?)\s)?(?:(?:sont|est|portées?|portés?|encore|toujours|ont été)\s){0,2}`,
  zh: '(?:名|个|個)?(?:村民|游客|学生|居民|乘客)?人?(?:不幸|已|仍)?',
  ja: '(?:人|名)(?:が|の|は)?',
  ko: String.raw`\s?명(?:이|은)?\s?`,
}
const OF_PEOPLE = { dead: 1, missing: 1, injured: 1 } as const

const readers = new Map(
  Object.entries(WORDS).map(([language, kinds]) => {
    const counts = (COUNTS[language] ?? []).slice(1).join('|')
    const spaced = BETWEEN[language]?.startsWith(String.raw`\s(`) === true
    const before = spaced ? String.raw`(?<![\p{L}\d.,])` : String.raw`(?<![\d.,])`
    const after = spaced ? String.raw`(?!\p{L})` : ''
    return [
      language,
      Object.keys(OF_PEOPLE).map((kind): readonly [Kind, RegExp] => [
        kind as Kind,
        new RegExp(`${before}(${DIGITS}|${counts})${BETWEEN[language]}(?:${kinds[kind as Kind]})${after}`, 'giu'),
      ]),
    ] as const
  }),
)

const wholeWord = new Map(
  Object.entries(COUNTS).map(([language, list]) => [language, list.map((word) => new RegExp(`^(?:${word})$`, 'iu'))]),
)

/** In order of appearance within a kind, each count once; `text` in NFKC. */
export function tolls(text: string, language: string): Toll[] {
  const found = new Map<string, Toll>()
  for (const [kind, pattern] of readers.get(language) ?? [])
    for (const match of text.matchAll(pattern)) {
      const printed = match[1] ?? ''
      const count = /^\d/.test(printed)
        ? Number(printed.replace(/[.,]/g, ''))
        : (wholeWord.get(language)?.findIndex((word, at) => at > 0 && word.test(printed)) ?? 0)
      if (count > 0) found.set(`${kind} ${count}`, { kind, count })
    }
  return [...found.values()]
}
