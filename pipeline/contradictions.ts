import type { ArticleField, Citation, Instant } from '../model.ts'
import { numbersOf } from './facts.ts'
import type { SummaryArticle } from './sentence-scores.ts'

/**
 * Different numbers for the same count between outlets, shown as such: nobody here decides which is right. A toll that
 * only grows with time is told apart from outlets that differ.
 */

export type CountKind = 'dead' | 'injured' | 'missing' | 'arrested' | 'evacuated' | 'houses'

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
}

const PEOPLE =
  '(?:người|nạn nhân|cháu|em|bé|học sinh|ngư dân|thuyền viên|hành khách|công nhân|giáo viên|trẻ em|trẻ|đối tượng|bị can|hộ dân|hộ|nhân khẩu)'
const AFTER: readonly (readonly [CountKind, RegExp])[] = [
  [
    'dead',
    new RegExp(`^\\s*${PEOPLE}?\\s*(?:đã |bị |được xác định )?(?:chết|tử vong|thiệt mạng|tử nạn|qua đời)`, 'iu'),
  ],
  ['injured', new RegExp(`^\\s*${PEOPLE}?\\s*(?:khác )?(?:đã )?bị thương`, 'iu')],
  ['missing', new RegExp(`^\\s*${PEOPLE}?\\s*(?:còn |đang |vẫn |bị )*(?:mất tích|mất liên lạc)`, 'iu')],
  ['arrested', new RegExp(`^\\s*${PEOPLE}\\s*(?:đã )?bị (?:bắt|khởi tố|tạm giữ|tạm giam)`, 'iu')],
  ['evacuated', new RegExp(`^\\s*${PEOPLE}\\s*(?:phải |đã |được |đã được )*(?:sơ tán|di dời)`, 'iu')],
  ['houses', /^\s*(?:ngôi |căn )?(?:nhà|nhà dân)\s*(?:bị |đã )*(?:sập|tốc mái|hư hỏng|ngập|cuốn trôi|vùi lấp)/iu],
]
const BEFORE: readonly (readonly [CountKind, RegExp])[] = [
  ['dead', /(?:số (?:người|nạn nhân) (?:chết|tử vong|thiệt mạng)|(?:khởi tố|bắt)?\bsố tử vong)[^.\d]{0,40}$/iu],
  ['injured', /số (?:người|nạn nhân) bị thương[^.\d]{0,40}$/iu],
  ['missing', /số (?:người|nạn nhân) mất tích[^.\d]{0,40}$/iu],
  ['arrested', /(?:khởi tố|bắt giữ|bắt tạm giam|bắt)\s+$/iu],
]

/** A word of each pattern above: most articles have none of them. */
const COUNTED =
  /chết|tử vong|thiệt mạng|tử nạn|qua đời|bị thương|mất tích|mất liên lạc|bắt|khởi tố|tạm (?:giữ|giam)|sơ tán|di dời|sập|tốc mái|hư hỏng|ngập|cuốn trôi|vùi lấp/iu

/** A count as a text prints it, with what is counted. */
export interface PrintedCount {
  readonly kind: CountKind
  readonly value: number
  readonly from: number
  readonly to: number
}

/** Counts of people and houses in a text in Vietnamese, in their order. */
export function countsIn(source: string): PrintedCount[] {
  if (!COUNTED.test(source)) return []
  return numbersOf(source).flatMap((number) => {
    const after = source.slice(number.to, number.to + 60)
    const before = source.slice(Math.max(0, number.from - 70), number.from)
    let kind: CountKind | null = null
    let to = number.to
    for (const [name, pattern] of AFTER) {
      const match = pattern.exec(after)
      if (!match || kind !== null) continue
      kind = name
      to = number.to + match[0].length
    }
    for (const [name, pattern] of BEFORE) {
      if (
        kind === null &&
        pattern.test(before) &&
        (name !== 'arrested' || /^\s*(?:người|bị can|đối tượng)/u.test(after))
      )
        kind = name
    }
    return kind === null ? [] : [{ kind, value: number.value, from: number.from, to }]
  })
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

/** Contradictions between the outlets of one story, the gravest count first. An article speaks by its first count. */
export function contradictions(articles: readonly SummaryArticle[]): Contradiction[] {
  const found: Contradiction[] = []
  const first = articles.map((article) => {
    const byKind = new Map<CountKind, CountReport>()
    for (const { kind, report } of counts(article)) if (!byKind.has(kind)) byKind.set(kind, report)
    return byKind
  })
  for (const kind of ['dead', 'missing', 'injured', 'arrested', 'evacuated', 'houses'] as const) {
    const reports = first.flatMap((byKind) => byKind.get(kind) ?? [])
    const ordered = reports.sort((a, b) => ((a.published ?? '') < (b.published ?? '') ? -1 : 1))
    const last = new Map(ordered.map((report) => [report.outlet, report]))
    const values = new Set([...last.values()].map((report) => report.value))
    if (last.size < 2 || values.size < 2) continue
    const timed = ordered.every((report) => report.published !== null)
    const grew = timed && ordered.every((report, i) => i === 0 || report.value >= (ordered[i - 1]?.value ?? 0))
    found.push({ kind, reports: [...last.values()].sort((a, b) => a.value - b.value), grew })
  }
  return found
}
