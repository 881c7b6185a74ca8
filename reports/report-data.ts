import type {
  ArticleField,
  Citation,
  Completeness,
  Instant,
  Language,
  Origin,
  OutletClass,
  Period,
  Tone,
} from '../model.ts'
import type { Contradiction } from '../pipeline/contradictions.ts'

/**
 * A composed report: data only, JSON-serialisable, no wording and no layout. What people only may write (assessment,
 * proposals, number, signature) is not in it.
 */
export interface ReportData {
  /** Rises when the shape changes. */
  readonly schema: 1
  readonly reportId: string
  readonly profileId: string
  readonly province: string
  readonly origin: Origin
  readonly period: Period
  readonly previousPeriod: Period
  readonly composedAt: Instant
  readonly office: Office
  /** Trích yếu, with `{period}`. */
  readonly subject: string
  readonly to: readonly string[]
  readonly recipients: readonly string[]
  readonly unit: string
  readonly basis: readonly string[]
  readonly notice: string
  readonly scope: Scope
  readonly figures: Figures
  /** Stories told per topic, at most. */
  readonly perTopic: number
  /** What stands out, by topic, without the sensitive matters. */
  readonly highlights: readonly TopicHighlights[]
  readonly sensitive: readonly Matter[]
  /** Columns that tell several events, which are no matter of their own: press first, each by time. */
  readonly roundUps: readonly RoundUp[]
  /** Every relevant article of the period, press first, each by time; the row's number is its place from 1. */
  readonly annex: readonly AnnexRow[]
  /** Published before the period, but found only after the report of that period was composed; counted nowhere. */
  readonly late: readonly AnnexRow[]
}

/** The department that reports, as its documents name it. */
export interface Office {
  readonly name: string
  readonly parent: string
  readonly symbol: string
  readonly seat: string
  readonly signer: string
}

export interface OutletRef {
  readonly id: string
  readonly name: string
  readonly class: OutletClass
  readonly kind: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
}

export interface Scope {
  /** Followed outlets of the report's origin. */
  readonly outlets: readonly OutletRef[]
  readonly gaps: readonly CoverageGap[]
}

/**
 * An outlet of which the period was not collected as planned.
 * `none`: nothing could be collected. `partial`: some sources, or a part of the period. `no-source`: it has no address to read.
 */
export interface CoverageGap {
  readonly outletId: string
  readonly outlet: string
  readonly extent: 'none' | 'partial' | 'no-source'
  /** Error code of the last failure, where there was one. */
  readonly code: string | null
  readonly lastSuccessAt: Instant | null
}

/** A count and the same count of the week before; null when that week was not collected. */
export interface Compared {
  readonly now: number
  readonly before: number | null
}

export interface Figures {
  /** Relevant articles of press outlets: the figures of press opinion. */
  readonly articles: Compared
  readonly outlets: Compared
  readonly stories: Compared
  readonly main: number
  readonly mention: number
  /** Articles that repeat another's text, wholly or nearly. */
  readonly copies: number
  readonly sensitive: Compared
  readonly tones: readonly { readonly tone: Tone; readonly articles: Compared }[]
  /** An article may carry several topics, so these do not add up to the whole. */
  readonly topics: readonly {
    readonly id: string
    readonly label: string
    readonly articles: Compared
    readonly stories: number
  }[]
  readonly withoutTopic: number
  /** Collected, but not assessed yet: in none of the other figures. */
  readonly unassessed: number
  readonly kinds: readonly { readonly kind: string; readonly articles: Compared; readonly outlets: number }[]
  readonly countries: readonly { readonly country: string; readonly articles: Compared; readonly outlets: number }[]
  /** The others stand beside the press, never in its figures. */
  readonly beside: readonly { readonly class: OutletClass; readonly articles: Compared }[]
  /** Articles of the annex whose assessment a person corrected. */
  readonly corrected: number
}

export interface TopicHighlights {
  readonly topic: { readonly id: string; readonly label: string }
  readonly matters: readonly Matter[]
  /** Stories of the topic that are not shown for want of room. */
  readonly more: number
  /** Stories of the topic that stand among the sensitive matters instead. */
  readonly sensitive: number
}

/** A story as a report tells it: once, with its placements. */
export interface Matter {
  readonly storyId: string | null
  /** What a person called it; absent: the title of its article stands for it. */
  readonly title?: string
  /** The article that stands for it. */
  readonly article: ArticleRef
  /** Articles of press outlets in the period. */
  readonly placements: number
  readonly outlets: number
  /** Articles of the other classes. */
  readonly beside: number
  readonly quotes: readonly Quote[]
  /** In Vietnamese from facts only, where the article is in another language. */
  readonly gist: Gist | null
  /** The gravest count on which its outlets differ, the last of each, by value; absent: they agree. */
  readonly counts?: Pick<Contradiction, 'grew' | 'fell'> & { readonly reports: readonly MatterCount[] }
  /** Why it stands among the sensitive matters; empty elsewhere. */
  readonly reasons: readonly Reason[]
}

/** An article that tells several events ("Điểm tin", "Toàn cảnh 17h"). */
export interface RoundUp {
  readonly article: ArticleRef
  /** As of a matter. */
  readonly gist: Gist | null
  readonly sensitive: boolean
  /** Why it is sensitive. */
  readonly reasons: readonly Reason[]
}

/** A count as an outlet printed it. */
export interface MatterCount extends Quote {
  readonly outlet: OutletRef
  readonly published: Instant
}

export interface ArticleRef {
  readonly id: string
  /** Its row in the annex, from 1. */
  readonly row: number
  readonly title: string
  readonly url: string
  readonly outlet: OutletRef
  readonly published: Instant
  readonly language: Language
}

/** Printed words, exactly: `article.<field>.slice(from, to) === text`. */
export interface Quote {
  readonly text: string
  readonly cite: Citation
}

export interface Gist {
  readonly topics: readonly string[]
  /** `former`: a unit that the reorganisation of 2025 dissolved. */
  readonly places: readonly { readonly name: string; readonly former: boolean }[]
}

export interface ReasonWord {
  readonly text: string
  readonly field: ArticleField
  readonly articleId: string
  /** Names of minors, victims or suspects were shortened to initials, so that it is no quotation. */
  readonly shortened?: true
  /** Of a whole sentence: the outlet that printed it, and the version of its article. */
  readonly source?: { readonly outlet: string; readonly version: number }
}

/** Why a story is sensitive: the words that met a condition of the profile or that a model weighed (no label), or a person. */
export interface Reason {
  readonly by: 'words' | 'person'
  readonly label: string | null
  readonly words: readonly ReasonWord[]
}

export interface AnnexRow extends ArticleRef {
  readonly tone: Tone
  readonly sensitive: boolean
  readonly corrected: boolean
  readonly copy: boolean
  /** Row of the article that it repeats, where that stands in the annex. */
  readonly copyOfRow: number | null
  readonly completeness: Completeness
  /** Its most telling sentence; `verbatim` is false where names were shortened to initials, so that it is no quotation. */
  readonly extract: (Quote & { readonly verbatim: boolean }) | null
  readonly gist: Gist | null
  /** What became of it by the time of composing; absent: neither edited nor taken down. */
  readonly fate?: { readonly edits: number; readonly goneAt: Instant | null }
  /** Departments that own its topic. */
  readonly departments: readonly string[]
}
