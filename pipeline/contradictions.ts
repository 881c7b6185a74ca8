import type { ArticleField, Citation, Instant } from '../model.ts'
import { numbersOf } from './facts.ts'
import { tellsSeveral } from './round-up.ts'
import type { SummaryArticle } from './sentence-scores.ts'
import { noneMissing, TOLL_WORDS, type Toll } from './tolls.ts'

/**
 * Different numbers for the same count between outlets, shown as such: nobody here decides which is right. A toll that
 * only grows with time is told apart from outlets that differ.
 */

export type CountKind = Toll['kind'] | 'arrested' | 'evacuated' | 'houses'

export interface CountReport {
  readonly value: number
  readonly outlet: string
  readonly published: Instant | null
  readonly citation: Citation
  /** As printed, with what is counted. */
  readonly text: string
}

export interface Contradiction {
  readonly kind: CountKind
  /** The last count of each outlet, by value ascending. */
  readonly reports: readonly CountReport[]
  /** The counts rise with time: a toll that grew, not a disagreement. */
  readonly grew: boolean
  /** Of the missing: the counts fall with time, as they are found. */
  readonly fell?: true
}

const PEOPLE =
  '(?:người|nạn nhân|bệnh nhân|cháu|em|bé|học sinh|học viên|sinh viên|ngư dân|thuyền viên|hành khách|du khách|thực khách|công nhân|giáo viên|trẻ em|trẻ|đối tượng|bị can|hộ dân|hộ|nhân khẩu|ca|trường hợp)'
const HOUSE = '(?:ngôi |căn )?(?:nhà|nhà dân)'
/** Of which people: "học sinh bán trú ở Si Ma Cai nhập viện"; not beyond what became of others, or who brought them there. */
const OF_WHERE = String.raw`(?:(?!người|nạn nhân|chết|tử vong|mất tích|đưa|chở|giúp|chăm|thăm| và | khiến | làm )[^.,;:!?\d“”"()]){0,45}?`
const POISONED = `(?:(?:nghi |bị |do )*(?:${TOLL_WORDS.vi.poisoned}))`

/** What is counted, what may stand between it and the words of what became of it, and those words. */
interface Form {
  readonly of: string
  readonly between: string
  readonly words: string
  /** What is counted may go without a name: "9 chết". */
  readonly alone: boolean
}
const FORMS: Readonly<Record<CountKind, Form>> = {
  dead: {
    of: PEOPLE,
    between: '(?:đã |bị |được xác định )?',
    words: `${TOLL_WORDS.vi.dead}|qua đời`,
    alone: true,
  },
  missing: {
    of: PEOPLE,
    between: '(?:còn |đang |vẫn |bị )*',
    words: `${TOLL_WORDS.vi.missing}|mất liên lạc`,
    alone: true,
  },
  injured: { of: PEOPLE, between: '(?:khác )?(?:đã )?', words: TOLL_WORDS.vi.injured, alone: true },
  hospitalised: {
    of: PEOPLE,
    between: `${OF_WHERE}(?:${POISONED}(?: thực phẩm| rượu| khí| nấm)? )?(?:khác |đã |đang |phải |cùng |được )*`,
    words: TOLL_WORDS.vi.hospitalised,
    alone: false,
  },
  poisoned: { of: PEOPLE, between: `${OF_WHERE}(?:nghi |đã |bị |do )*`, words: TOLL_WORDS.vi.poisoned, alone: false },
  arrested: { of: PEOPLE, between: '(?:đã )?bị ', words: 'bắt|khởi tố|tạm giữ|tạm giam', alone: false },
  evacuated: { of: PEOPLE, between: '(?:phải |đã |được |đã được )*', words: 'sơ tán|di dời', alone: true },
  houses: {
    of: HOUSE,
    between: '(?:bị |đã )*',
    words: 'sập|tốc mái|hư hỏng|ngập|cuốn trôi|vùi lấp',
    alone: false,
  },
}
/** Gravest first. */
const KINDS: readonly CountKind[] = [
  ...(['dead', 'missing', 'injured', 'hospitalised', 'poisoned'] as const),
  ...(['arrested', 'evacuated', 'houses'] as const),
]

/** "28/34 học sinh", "28 em trong số 34 học sinh": the first is the count, the second only of how many. */
const OF_ALL = String.raw`(?:/|(?:${PEOPLE}\s*)?trong (?:tổng )?số)\s*`
const AFTER = KINDS.map((kind) => {
  const { of, between, words, alone } = FORMS[kind]
  const counted = `(?:\\s*${OF_ALL}\\d+)?\\s*${of}${alone ? '?' : ''}`
  return [kind, new RegExp(`^${counted}\\s*${between}(?:${words})(?!\\p{L})`, 'iu')] as const
})
const WHOLE = new RegExp(`\\d\\s*${OF_ALL}$`, 'iu')

/** "Số người chết tăng từ 7 lên 9": what it was is no count any more. */
const FROM = String.raw`(?:từ \d[\d.]*\s+(?:${PEOPLE}\s+)?(?:lên|xuống)\s+(?:còn\s+)?)?`
const PASSED = new RegExp(`^\\s*(?:${PEOPLE}\\s+)?(?:lên|xuống)\\s+(?:còn\\s+)?\\d`, 'iu')
const BEFORE = KINDS.slice(0, KINDS.indexOf('arrested')).map(
  (kind) =>
    [kind, new RegExp(`số (?:${PEOPLE} )?(?:phải |bị )?(?:${FORMS[kind].words})[^.\\d]{0,40}${FROM}$`, 'iu')] as const,
)
const ARRESTED = /(?:khởi tố|bắt giữ|bắt tạm giam|bắt)\s+$/iu
const ARRESTABLE = /^\s*(?:người|bị can|đối tượng)/u
/** What stands before a count that is not exact, shown with it. */
const ABOUT = /(?<!\p{L})(?:hơn|trên|gần|khoảng|ít nhất|tối thiểu)\s+$/iu

/** Most articles have none of these words. */
const COUNTED = new RegExp(KINDS.map((kind) => FORMS[kind].words).join('|'), 'iu')

/** A count as a text prints it, with what is counted. */
export interface PrintedCount {
  readonly kind: CountKind
  readonly value: number
  readonly from: number
  readonly to: number
}

/** Counts of people and houses in a text in Vietnamese, in their order; of one number several: "28 em ngộ độc phải nhập viện". */
export function countsIn(source: string): PrintedCount[] {
  const none = noneMissing(source, 'vi').map((place): PrintedCount => ({ kind: 'missing', value: 0, ...place }))
  if (!COUNTED.test(source)) return none
  const printed = numbersOf(source).flatMap((number): PrintedCount[] => {
    const after = source.slice(number.to, number.to + 110)
    const before = source.slice(Math.max(0, number.from - 90), number.from)
    if (WHOLE.test(before) || PASSED.test(after)) return []
    const from = number.from - (ABOUT.exec(before)?.[0].length ?? 0)
    const found = AFTER.flatMap(([kind, pattern]): PrintedCount[] => {
      const match = pattern.exec(after)
      return match ? [{ kind, value: number.value, from, to: number.to + match[0].length }] : []
    })
    if (found.length > 0) return found
    const named = BEFORE.find(([, pattern]) => pattern.test(before))?.[0]
    const kind = named ?? (ARRESTED.test(before) && ARRESTABLE.test(after) ? 'arrested' : null)
    return kind === null ? [] : [{ kind, value: number.value, from, to: number.to }]
  })
  return [...none, ...printed].sort((a, b) => a.from - b.from)
}

function counts(article: SummaryArticle): { kind: CountKind; report: CountReport }[] {
  const fields: [ArticleField, string][] = [
    ['title', article.title],
    ['lead', article.lead ?? ''],
    ['text', article.text],
  ]
  return fields.flatMap(([field, source]) =>
    countsIn(source).map(({ kind, value, from, to }) => ({
      kind,
      report: {
        value,
        outlet: article.outlet ?? '',
        published: article.published ?? null,
        citation: { articleId: article.id, version: article.version ?? 1, field, from, to },
        text: source.slice(from, to),
      },
    })),
  )
}

/**
 * Contradictions between the outlets of one story, the gravest count first. An article speaks by its first count; a column
 * does not: what it counts first may be of another event.
 */
export function contradictions(articles: readonly SummaryArticle[]): Contradiction[] {
  const found: Contradiction[] = []
  const telling = articles.filter(({ title }) => !tellsSeveral(title))
  const first = telling.map((article) => {
    const byKind = new Map<CountKind, CountReport>()
    for (const { kind, report } of counts(article)) if (!byKind.has(kind)) byKind.set(kind, report)
    return byKind
  })
  for (const kind of KINDS) {
    const reports = first.flatMap((byKind) => byKind.get(kind) ?? [])
    const ordered = reports.sort((a, b) => ((a.published ?? '') < (b.published ?? '') ? -1 : 1))
    const last = new Map(ordered.map((report) => [report.outlet, report]))
    const values = new Set([...last.values()].map((report) => report.value))
    if (last.size < 2 || values.size < 2) continue
    const timed = ordered.every((report) => report.published !== null)
    const grew = timed && ordered.every(({ value }, i) => value >= (ordered[i - 1]?.value ?? value))
    const fell =
      kind === 'missing' && timed && ordered.every(({ value }, i) => value <= (ordered[i - 1]?.value ?? value))
    const byValue = [...last.values()].sort((a, b) => a.value - b.value)
    found.push({ kind, reports: byValue, grew, ...(fell ? { fell } : {}) })
  }
  return found
}

/** How the counts of the outlets stand to one another: a toll that grew, the missing who were found, or a disagreement. */
export const movement = ({ grew, fell }: Pick<Contradiction, 'grew' | 'fell'>): 'grew' | 'fell' | 'differ' => {
  if (grew) return 'grew'
  return fell === true ? 'fell' : 'differ'
}
