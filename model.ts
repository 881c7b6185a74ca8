/**
 * The nouns of the monitor: types only, imports nothing.
 * An instant is a UTC ISO 8601 string with milliseconds; text is Unicode NFC; offsets count UTF-16 code units.
 */

/** UTC ISO 8601 with milliseconds, e.g. `2025-10-01T03:04:05.000Z`. */
export type Instant = string
/** Calendar day in the province's zone, `YYYY-MM-DD`. */
export type Day = string
/** ISO 639-1 code, lower-case (`vi`, `zh`, …). */
export type Language = string

// ---------------------------------------------------------------- outlets

export type Origin = 'domestic' | 'foreign'
/** Only `press` enters the figures of press opinion; the others stand beside them. */
export type OutletClass = 'press' | 'own' | 'aggregator' | 'portal' | 'organisation'

export interface FeedSource {
  readonly kind: 'feed'
  readonly url: string
}
export interface ListingSource {
  readonly kind: 'listing'
  readonly url: string
  /** CSS selector of the links to articles; absent: links that match `articlePattern`, without one learned links. */
  readonly links?: string | undefined
}
/** A sitemap (sitemaps.org 0.9) or an index of sitemaps, gzip or plain, with or without Google's news extension. */
export interface SitemapSource {
  readonly kind: 'sitemap'
  readonly url: string
}
/** An outlet's own site search. In a definition `{query}` stands for the words; a followed outlet has them filled in. */
export interface SearchSource {
  readonly kind: 'search'
  readonly url: string
  /** As for a listing. */
  readonly links?: string | undefined
}
/** The DOC API of GDELT (mode `artlist`, format `json`); `{query}` as for a search. */
export interface GdeltSource {
  readonly kind: 'gdelt'
  readonly url: string
}
export type Source = FeedSource | ListingSource | SitemapSource | SearchSource | GdeltSource

/** CSS selectors, tried in order; `selector@attribute` reads an attribute. Valid between `from` and `until`. */
export interface ExtractionRules {
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  /** No live page has confirmed them yet. */
  readonly unverified?: boolean | undefined
  readonly title?: readonly string[] | undefined
  readonly lead?: readonly string[] | undefined
  readonly body?: readonly string[] | undefined
  readonly byline?: readonly string[] | undefined
  readonly section?: readonly string[] | undefined
  readonly published?: readonly string[] | undefined
  readonly modified?: readonly string[] | undefined
  readonly image?: readonly string[] | undefined
  /** Elements taken out of the body first. */
  readonly remove?: readonly string[] | undefined
}

export interface Outlet {
  readonly id: string
  readonly name: string
  readonly origin: Origin
  readonly class: OutletClass
  /** What it is in its trade: national, local, agency, broadcaster, magazine, specialist, portal, ngo … */
  readonly kind: string
  /** Seat of the publisher, ISO 3166-1 alpha-2. */
  readonly country: string
  readonly languages: readonly Language[]
  readonly homepage: string | null
  /** IANA zone of times printed without a zone. */
  readonly timezone: string
  /** `month-first` only for outlets that print 5/25/2023. */
  readonly dateOrder: 'day-first' | 'month-first'
  readonly sources: readonly Source[]
  /** Regular expression that an article's URL matches. */
  readonly articlePattern: string | null
  /** Least pause between two requests to one host, seconds. */
  readonly delaySeconds: number
  readonly rules: readonly ExtractionRules[]
  readonly notes: string | null
  /** Whether its pages need a browser: `always`, `never`; absent: detected page by page. */
  readonly browser?: 'always' | 'never' | undefined
  /** First day on which it published on the web, where known: an earlier date on a page is doubted. */
  readonly founded?: Day | undefined
}

// ---------------------------------------------------------------- collecting

/** What a feed or listing says of an article before its page is read. */
export interface FeedItem {
  readonly url: string
  readonly title: string
  readonly summary: string | null
  readonly published: Instant | null
  readonly guid: string | null
}

/** Where the bytes of a response stand in the archive. */
export interface WarcPointer {
  /** Relative to the archive's folder. */
  readonly file: string
  readonly offset: number
  readonly length: number
}

/** One response as received; immutable. */
export interface Page {
  readonly id: string
  readonly url: string
  /** After redirects. */
  readonly finalUrl: string
  readonly outletId: string
  readonly fetchedAt: Instant
  /** Of HTTP; 0: a person brought the document in, no server was asked. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `sha256:<hex>` of the body as received, content-encoding removed. */
  readonly digest: string
  readonly bytes: number
  /** null after retention dropped the record of an irrelevant article. */
  readonly warc: WarcPointer | null
}

// ---------------------------------------------------------------- articles

export type ArticleField = 'title' | 'lead' | 'text'

/** How complete the text is; everything but `full` is shown to the reader. */
export type Completeness = 'full' | 'feed-only' | 'stub' | 'gallery' | 'live' | 'paged'

/** The outcome of extraction: absent values are null. */
export interface Extracted {
  readonly url: string
  readonly title: string | null
  readonly lead: string | null
  /** Paragraphs separated by one line feed; without title and lead. */
  readonly text: string | null
  /** As printed; for citing only: never an index field, filter or facet. */
  readonly byline: string | null
  readonly section: string | null
  readonly published: Instant | null
  readonly modified: Instant | null
  readonly language: Language | null
  readonly canonical: string | null
  readonly image: string | null
  readonly imageCaption: string | null
  readonly completeness: Completeness
  /** Which fallback gave each field: `rule`, `json-ld`, `open-graph`, `microdata`, `meta`, `time`, `url`, `readability`, … */
  readonly by: Readonly<Record<string, string>>
  /** What was doubted and why, e.g. a date in the future. */
  readonly doubts: readonly string[]
}

export interface Article {
  readonly id: string
  readonly outletId: string
  /** Canonical. */
  readonly url: string
  /** 1, 2, …: each real change of title, lead or text. */
  readonly version: number
  /** null for a feed-only article. */
  readonly pageId: string | null
  readonly completeness: Completeness
  readonly language: Language
  readonly title: string
  readonly lead: string | null
  readonly text: string
  readonly byline: string | null
  readonly section: string | null
  /** Best known time of publication: the page's, else the feed's, else the time first seen (see `publishedBy`). */
  readonly published: Instant
  readonly publishedBy: string
  readonly modified: Instant | null
  readonly image: string | null
  readonly firstSeen: Instant
  readonly by: Readonly<Record<string, string>>
  readonly doubts: readonly string[]
}

// ---------------------------------------------------------------- understanding

/** The words that caused a judgement. `for`: `relevance`, `place:<id>`, `topic:<id>`, `tone`, `sensitive`. */
export interface Evidence {
  readonly for: string
  readonly field: ArticleField
  readonly from: number
  readonly to: number
  readonly text: string
  /** Signed: what it added to (or took from) the score. */
  readonly weight: number
  /** The rule that spoke, where it is more than the words themselves (a homograph rule, a condition, `model`). */
  readonly rule?: string | undefined
}

export type RelevanceLevel = 'main' | 'mention' | 'none'

export interface PlaceMention {
  readonly id: string
  readonly field: ArticleField
  readonly from: number
  readonly to: number
  readonly text: string
}

export interface Relevance {
  readonly level: RelevanceLevel
  /** 0 to 1, of being anything but `none`. */
  readonly score: number
  readonly places: readonly PlaceMention[]
}

export interface TopicScore {
  readonly id: string
  /** 0 to 1. */
  readonly score: number
}

export type Tone = 'positive' | 'neutral' | 'negative'

export interface Assessment {
  readonly relevance: Relevance
  readonly topics: readonly TopicScore[]
  readonly tone: Tone
  readonly sensitive: boolean
  readonly evidence: readonly Evidence[]
}

/** What assessment needs of an article; `lead` may already stand in `text`. */
export interface Assessable {
  readonly id: string
  readonly title: string
  readonly lead: string | null
  readonly text: string
  readonly outletId: string | null
  readonly language: Language | null
  readonly published: Instant | null
}

/** Keys a result: a change of code, profile or model says what to redo. */
export interface StepKey {
  readonly step: string
  readonly stepVersion: number
  readonly profileDigest: string
  /** `lexicon` when no model took part. */
  readonly modelDigest: string
}

// ---------------------------------------------------------------- stories and summaries

export interface StoryDecision {
  readonly articleId: string
  readonly storyId: string
  /** True when this article opened the story. */
  readonly opened: boolean
  /** Article of which this one is a reprint or near-copy. */
  readonly copyOf: string | null
  /** Articles that came in before it and turn out to be reprints of it. */
  readonly originalOf?: readonly string[]
  /** 0 to 1; why it joined. */
  readonly similarity: number
  readonly anchors: readonly string[]
}

export interface Story {
  readonly id: string
  readonly title: string
  readonly firstSeen: Instant
  readonly lastSeen: Instant
  readonly articles: number
}

/** Half-open range of a field of an article's version. */
export interface Citation {
  readonly articleId: string
  readonly version: number
  readonly field: ArticleField
  readonly from: number
  readonly to: number
}

export interface SummarySentence {
  readonly text: string
  readonly cites: readonly Citation[]
}

export interface Summary {
  readonly text: string
  readonly sentences: readonly SummarySentence[]
}

// ---------------------------------------------------------------- reports and alerts

/** Half-open, in UTC; `label` as people name it (`2025-W40`). */
export interface Period {
  readonly label: string
  readonly from: Instant
  readonly to: Instant
}

export type DeliveryState = 'intended' | 'confirmed' | 'failed' | 'unknown'

/** What became of an article that was published before: its version that the outlet changed, or when it was found gone. */
export type AlertChange =
  | { readonly kind: 'edited'; readonly version: number }
  | { readonly kind: 'removed'; readonly goneAt: Instant }

export interface Alert {
  readonly id: string
  readonly ruleId: string
  readonly storyId: string
  readonly articleId: string
  /** Null: the article itself is the news. */
  readonly change: AlertChange | null
  readonly createdAt: Instant
}

export interface AlertDelivery {
  readonly id: number
  readonly alertId: string
  readonly channel: string
  /** Stable over re-sending. */
  readonly messageId: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly intendedAt: Instant
  readonly outcomeAt: Instant | null
  readonly error: string | null
}
