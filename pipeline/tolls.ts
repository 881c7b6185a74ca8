/**
 * How many people died, are missing, were hurt, poisoned or brought to hospital, as an article says it, in the languages
 * where a pattern is known.
 */

export interface Toll {
  readonly kind: 'dead' | 'missing' | 'injured' | 'hospitalised' | 'poisoned'
  /** 0: none is missing any more. */
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
/** The words of what became of people. */
export const TOLL_WORDS = {
  vi: {
    dead: 'chết|tử vong|thiệt mạng|tử nạn',
    missing: 'mất tích',
    injured: 'bị thương|trọng thương',
    hospitalised:
      '(?:nhập|nằm|vào|đi) viện|(?:(?:được (?:đưa|chuyển) )?(?:đi|vào) )?cấp cứu|(?:vào|được (?:đưa|chuyển) (?:vào|đến|tới|ra|đi|lên)) (?:các )?(?:bệnh viện|trung tâm y tế|trạm y tế|cơ sở y tế)',
    poisoned: 'ngộ độc',
  },
  en: {
    dead: 'dead|killed|died|deaths',
    missing: 'missing|unaccounted',
    injured: 'injured|hurt|wounded',
    hospitalised: 'hospitali[sz]ed|in hospital|(?:taken|rushed|sent|admitted|brought) to (?:the |a )?hospitals?',
    poisoned:
      'poisoned|sickened|(?:fall|falls|fell|fallen|taken) ill|(?:with|suffer|suffered|suffering)(?: from)? food poisoning',
  },
  fr: {
    dead: 'morts?|tuées?|tués?|décédées?',
    missing: 'disparue?s?',
    injured: 'blessée?s?',
    hospitalised: "hospitalisée?s?|(?:conduite?s?|transportée?s?|admise?s?) à l['’]hôpital",
    poisoned: 'intoxiquée?s?|empoisonnée?s?',
  },
  zh: {
    dead: '遇难|遇難|死亡|丧生|喪生|罹难|罹難',
    missing: '失踪|失蹤|失联|失聯',
    injured: '受伤|受傷|轻伤',
    hospitalised: '送医|送醫|送院|住院|入院',
    poisoned: '(?:食物)?中毒',
  },
  ja: {
    dead: '死亡|死者',
    missing: '行方不明|不明',
    injured: 'けが|負傷|重軽傷',
    hospitalised: '(?:病院に)?搬送|入院',
    poisoned: '食?中毒',
  },
  ko: {
    dead: '사망|숨지|숨져|숨졌',
    missing: '실종',
    injured: '부상|다쳤|다치',
    hospitalised: '입원|병원(?:으로|에)? ?(?:이송|옮겨|실려)',
    poisoned: '식?중독',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Kind, string>>>>

/** What may stand between a count and what became of people. */
const BETWEEN: Readonly<Record<string, string>> = {
  vi: String.raw`\s(?:(?:người|nạn nhân|học sinh|cháu bé|em nhỏ|công nhân|du khách|người dân|phụ nữ|người phụ nữ|người đàn ông|đàn ông|thanh niên|hành khách|tài xế|trẻ em|cụ già|chiến sĩ|cán bộ)\s)?(?:(?:đã|bị|khác|còn|vẫn)\s){0,2}`,
  en: String.raw`\s(?:(?:people|persons?|others?|tourists?|villagers?|children|students?|pupils?|schoolchildren|workers?|men|women|passengers?)\s)?(?:(?:are|were|is|was|remain|remains|still|confirmed|reported|left)\s){0,2}`,
  fr: String.raw`\s(?:(?:personnes?|autres?|touristes?|habitants?|enfants?|élèves?|ouvriers?)\s)?(?:(?:sont|est|portées?|portés?|encore|toujours|ont été)\s){0,2}`,
  zh: '(?:名|个|個)?(?:村民|游客|学生|居民|乘客)?人?(?:不幸|已|仍)?',
  ja: '(?:人|名)(?:が|の|は)?',
  ko: String.raw`\s?명(?:이|은)?\s?`,
}
const KINDS = Object.keys(TOLL_WORDS.vi) as Kind[]

/** That the last of the missing was found, which no number says. */
const NONE_MISSING: Readonly<Record<string, readonly RegExp[]>> = {
  vi: [
    /(?<!\p{L})không (?:còn|có) (?:thêm )?(?:ai|(?:người|nạn nhân|trường hợp)(?: nào)?) (?:còn |đang |bị )*(?:mất tích|mất liên lạc)(?!\p{L})/giu,
    /(?<!\p{L})(?<!(?:chưa|không|chưa thể|sẽ|mong|hy vọng|hi vọng|sớm|quyết|cố gắng|nỗ lực|để|nhằm|nếu|khi) )(?:đã )?tìm (?:thấy|được) (?:được )?(?:thi thể |thi hài )?(?:của )?(?:nạn nhân|người|cháu bé|em bé|học sinh|thuyền viên|công nhân)(?: bị)?(?: mất tích)?(?: thứ \p{L}+(?: và)?(?: là)?)? cuối cùng(?!\p{L})/giu,
    /(?<!\p{L})(?<!(?:chưa|không|chưa thể|sẽ|mong|hy vọng|hi vọng|sớm|quyết|cố gắng|nỗ lực|để|nhằm|nếu|khi) )(?:đã )?tìm (?:thấy|được) (?:toàn bộ|tất cả|hết|đủ)(?: các| số)? (?:nạn nhân|người)(?: bị)? mất tích(?!\p{L})/giu,
  ],
  en: [
    /\b(?:no one|nobody) (?:is |remains |is still |still |else is )?(?:listed as |reported )?missing\b/giu,
    /\b(?:the )?last (?:missing (?:person|victim|villager|man|woman|child)|victim)(?:['’]s body)? (?:is |was |has been )?(?:found|recovered|located)\b/giu,
    /\b(?:body|bodies) of (?:the )?last (?:missing (?:person|victim|villager|man|woman|child)|victim) (?:is |was |has been )?(?:found|recovered)\b/giu,
    /\ball (?:of the )?missing (?:people |persons |villagers )?(?:are |were |have been )?(?:found|recovered|accounted for)\b/giu,
  ],
}

/** Where a text says that nobody is missing any more, in the languages where a pattern is known. */
export const noneMissing = (
  text: string,
  language: string,
): readonly { readonly from: number; readonly to: number }[] =>
  (NONE_MISSING[language] ?? []).flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length })),
  )

const readers = new Map(
  Object.entries(TOLL_WORDS).map(([language, kinds]) => {
    const counts = (COUNTS[language] ?? []).slice(1).join('|')
    const spaced = BETWEEN[language]?.startsWith(String.raw`\s(`) === true
    const before = spaced ? String.raw`(?<![\p{L}\d.,])` : String.raw`(?<![\d.,])`
    const after = spaced ? String.raw`(?!\p{L})` : ''
    return [
      language,
      KINDS.map((kind): readonly [Kind, RegExp] => [
        kind,
        new RegExp(`${before}(${DIGITS}|${counts})${BETWEEN[language]}(?:${kinds[kind]})${after}`, 'giu'),
      ]),
    ] as const
  }),
)

const wholeWord = new Map(
  Object.entries(COUNTS).map(([language, list]) => [language, list.map((word) => new RegExp(`^(?:${word})$`, 'iu'))]),
)

/** In order of appearance within a kind, each count once; `text` in NFKC. */
export function tolls(text: string, language: string, kinds: readonly Kind[] = KINDS): Toll[] {
  const found = new Map<string, Toll>()
  if (kinds.includes('missing') && noneMissing(text, language).length > 0)
    found.set('missing 0', { kind: 'missing', count: 0 })
  for (const [kind, pattern] of readers.get(language) ?? []) {
    if (!kinds.includes(kind)) continue
    for (const match of text.matchAll(pattern)) {
      const printed = match[1] ?? ''
      const count = /^\d/.test(printed)
        ? Number(printed.replace(/[.,]/g, ''))
        : (wholeWord.get(language)?.findIndex((word, at) => at > 0 && word.test(printed)) ?? 0)
      if (count > 0) found.set(`${kind} ${count}`, { kind, count })
    }
  }
  return [...found.values()]
}
