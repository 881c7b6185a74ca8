import type { Language, Origin, OutletClass, RelevanceLevel, Tone } from '../model.ts'

/** What the index holds of an article: a projection of the store, rebuilt at will. No byline, by promise. */
export interface SearchDocument {
  readonly id: string
  readonly title: string
  readonly lead: string | null
  readonly text: string
  readonly outletId: string
  readonly outletName: string
  readonly origin: Origin
  readonly outletClass: OutletClass
  readonly language: Language
  /** UTC ISO. */
  readonly published: string
  readonly relevance: RelevanceLevel
  readonly topics: readonly string[]
  readonly tone: Tone
  readonly sensitive: boolean
  readonly places: readonly string[]
  readonly storyId: string | null
}

/** Every filter narrows; absent means any. Dates are half-open: from ≤ published < to. */
export interface SearchFilters {
  readonly origin?: Origin | undefined
  readonly outletClass?: OutletClass | undefined
  readonly outletId?: string | undefined
  readonly language?: Language | undefined
  readonly topic?: string | undefined
  readonly tone?: Tone | undefined
  readonly place?: string | undefined
  /** `relevant` = main or mention. */
  readonly relevance?: RelevanceLevel | 'relevant' | undefined
  readonly sensitive?: boolean | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface SearchQuery {
  /** Words must all occur; "quoted words" are a phrase; -word excludes. Empty: everything that the filters let through. */
  readonly text: string
  readonly filters: SearchFilters
  readonly sort: 'rank' | 'newest'
  readonly offset: number
  /** At most 100. */
  readonly limit: number
}

/** Half-open range of characters to highlight in `text`. */
export interface Highlight {
  readonly from: number
  readonly to: number
}

export interface Snippet {
  readonly text: string
  readonly highlights: readonly Highlight[]
}

export interface SearchHit {
  readonly id: string
  readonly title: Snippet
  /** The passage that matched best; the beginning of the article when only filters were given. */
  readonly passage: Snippet
  readonly document: Omit<SearchDocument, 'lead' | 'text'>
}

export interface SearchResult {
  readonly total: number
  readonly hits: readonly SearchHit[]
  /** Number of hits by value of each facet, over the whole result. */
  readonly facets: Readonly<
    Record<'origin' | 'outletId' | 'language' | 'topic' | 'tone', Readonly<Record<string, number>>>
  >
}

/** The port. `cursor` is the position in the store's change feed up to which the index is true. */
export interface SearchIndex {
  readonly put: (documents: readonly SearchDocument[], cursor: number) => Promise<void>
  readonly remove: (ids: readonly string[], cursor: number) => Promise<void>
  readonly search: (query: SearchQuery) => Promise<SearchResult>
  readonly cursor: () => Promise<number>
  /** Empties the index and sets its cursor to 0. */
  readonly clear: () => Promise<void>
  readonly close: () => Promise<void>
}
