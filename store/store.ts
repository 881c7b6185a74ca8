import type {
  Article,
  Assessment,
  Extracted,
  Instant,
  Language,
  Page,
  RelevanceLevel,
  StepKey,
  Story,
  StoryDecision,
  WarcPointer,
} from '../model.ts'
import type { Alerts } from './alerts.ts'
import type { ArchiveChain } from './archive-chain.ts'
import type { ArchiveFiles } from './archive-files.ts'
import type { BrowserHosts } from './browser-hosts.ts'
import type { CoverageFigures } from './coverage.ts'
import type { CrawlTrace } from './crawl-trace.ts'
import type { Evidence } from './evidence.ts'
import type { Frontier } from './frontier.ts'
import type { HandEntries } from './hand-entries.ts'
import type { HelperTexts } from './helper-texts.ts'
import type { LogLimits } from './log-limits.ts'
import type { ProfileEdits } from './profile-edits.ts'
import type { Retention } from './retention.ts'
import type { Runs } from './runs.ts'
import type { Settings } from './settings.ts'
import type { Sources } from './sources.ts'
import type { StoryArticleRecord } from './story-articles.ts'
import type { StoryDesk } from './story-desk.ts'
import type { RememberedStories, StoryReopening } from './story-life.ts'
import type { Summaries } from './summaries.ts'
import type { Troubles } from './troubles.ts'
import type { Users } from './users.ts'
import type { Visits } from './visits.ts'
import type { Volume } from './volume.ts'

export type { Alerts } from './alerts.ts'
export type { ArchiveChain, ArchiveFileState, ArchiveLink, LinkReason } from './archive-chain.ts'
export type { ArchiveFile, ArchiveFileOrigin, ArchiveFiles } from './archive-files.ts'
export type { CoverageFigures, OutletHour, OutletReads } from './coverage.ts'
export type { CrawlTrace } from './crawl-trace.ts'
export type { DueEvidence, Evidence, EvidenceFile, EvidenceProblem, EvidenceRecord, EvidenceTaken } from './evidence.ts'
export type { Frontier, FrontierEntry, FrontierProblem } from './frontier.ts'
export type { HandEntries, HandEntry } from './hand-entries.ts'
export type { HelperTexts, RewritingRecord, TranslationRecord } from './helper-texts.ts'
export type { Forgotten, LogLimits } from './log-limits.ts'
export type { ProfileDraft, ProfileEdits, ProfileRevision, RevisionKind } from './profile-edits.ts'
export type { PageKind, PageLimits, RemovedVersion, Retention, VersionLimits } from './retention.ts'
export type { RunRecord, Runs } from './runs.ts'
export type { Setting, Settings } from './settings.ts'
export type { SourceRhythm } from './source-rhythm.ts'
export type { SourceState, SourceStatus, Sources } from './sources.ts'
export type { StoryArticleRecord } from './story-articles.ts'
export type { StoryDesk, StoryEdit, StoryEditKind, StoryRegrouping } from './story-desk.ts'
export type { RememberedStories, StoryReopening } from './story-life.ts'
export type { Summaries, SummaryRecord, SummarySubject } from './summaries.ts'
export type { NoticeRecord, Trouble, TroubleKind, Troubles } from './troubles.ts'
export type { User, UserRole, Users } from './users.ts'
export type {
  ArticleFate,
  DueVisit,
  VersionCause,
  VersionNote,
  VisitLogEntry,
  VisitOutcome,
  VisitRecord,
  Visits,
} from './visits.ts'
export type { Arrival, Bearing, NameCount, StoryCount, StoryPlacement, Volume, VolumeFilter } from './volume.ts'

/** The truth. One file per aggregate implements each part over Kysely; `open.ts` opens and migrates. */
export interface Store {
  readonly sources: Sources
  readonly browserHosts: BrowserHosts
  readonly frontier: Frontier
  readonly crawlTrace: CrawlTrace
  readonly pages: Pages
  readonly archiveChain: ArchiveChain
  readonly archiveFiles: ArchiveFiles
  readonly articles: Articles
  readonly assessments: Assessments
  readonly stories: Stories
  readonly storyDesk: StoryDesk
  readonly summaries: Summaries
  readonly helperTexts: HelperTexts
  readonly volume: Volume
  readonly coverage: CoverageFigures
  readonly visits: Visits
  readonly evidence: Evidence
  readonly handEntries: HandEntries
  readonly profileEdits: ProfileEdits
  readonly reports: Reports
  readonly alerts: Alerts
  readonly runs: Runs
  readonly users: Users
  readonly settings: Settings
  readonly retention: Retention
  readonly logLimits: LogLimits
  readonly troubles: Troubles
  readonly changes: Changes
  /** All or nothing. Calls from inside `work` must use the store it is given. */
  readonly transaction: <T>(work: (store: Store) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

// ---------------------------------------------------------------- pages

export interface Pages {
  readonly add: (page: Page) => Promise<void>
  readonly get: (id: string) => Promise<Page | null>
  readonly latestOf: (url: string) => Promise<Page | null>
  /** Of these addresses those that were fetched before. */
  readonly fetchedAmong: (urls: readonly string[]) => Promise<ReadonlySet<string>>
  /** Archived pages of the outlet's other articles that were published last up to `until`. */
  readonly beside: (
    article: Pick<Article, 'id' | 'outletId'>,
    until: Instant,
    limit: number,
  ) => Promise<readonly Page[]>
  /** Pages with a WARC record whose article is irrelevant in its current assessment and first seen before `before`. */
  readonly droppable: (before: Instant, limit: number) => Promise<readonly Page[]>
  /** Moves pointers after an archive file was rewritten; null drops the record. */
  readonly moveWarc: (moves: readonly { id: string; warc: WarcPointer | null }[]) => Promise<void>
  readonly inWarcFile: (file: string) => Promise<readonly Page[]>
  /** The archive files that pages point to. */
  readonly warcFiles: () => Promise<readonly string[]>
  /** All pages that an article was read from, oldest first. */
  readonly ofArticle: (articleId: string) => Promise<readonly Page[]>
}

// ---------------------------------------------------------------- articles

/** What ingest knows of an article; the store turns it into a new article, a new version or nothing. */
export interface ArticleDraft {
  readonly outletId: string
  /** Canonical URL: the identity. */
  readonly url: string
  /** Other URLs that led to it. */
  readonly aliases: readonly string[]
  readonly pageId: string | null
  /** Pages 2, 3 … of an article of several pages. */
  readonly furtherPageIds?: readonly string[]
  readonly extracted: Extracted
  readonly language: Language
  readonly published: Instant
  readonly publishedBy: string
  readonly seenAt: Instant
  /** Whoever compared the pages found that the outlet changed it; absent: the texts are compared. */
  readonly isEdit?: boolean
}

export type SaveOutcome = 'new' | 'changed' | 'same'

/** An article as lists, reports and the index see it: its current version, current assessment (corrections applied) and story. */
export interface AssessedArticle extends Article {
  readonly assessment: Assessment | null
  readonly storyId: string | null
  readonly copyOf: string | null
  /** True when a person's correction stands in the assessment. */
  readonly corrected: boolean
}

export interface ArticleFilter {
  /** Half-open range of `published`. */
  readonly publishedFrom?: Instant
  readonly publishedTo?: Instant
  readonly firstSeenFrom?: Instant
  readonly firstSeenTo?: Instant
  readonly outletIds?: readonly string[]
  readonly relevance?: readonly RelevanceLevel[]
  readonly topic?: string
  readonly sensitive?: boolean
  readonly storyId?: string
}

export interface Articles {
  /** `extracted.title` must not be null. A feed-only draft never replaces a version read from a page. */
  readonly save: (draft: ArticleDraft) => Promise<{ article: Article; outcome: SaveOutcome }>
  readonly get: (id: string) => Promise<AssessedArticle | null>
  readonly getMany: (ids: readonly string[]) => Promise<readonly AssessedArticle[]>
  /** As it stood at an instant, or that version of it: with the judgement in force then. Null where the version is no more. */
  readonly asOf: (id: string, at: Instant, version: number | null) => Promise<AssessedArticle | null>
  /** By canonical URL or alias. */
  readonly byUrl: (url: string) => Promise<Article | null>
  /** Those of the URLs (canonical or alias) whose article was read from its page. */
  readonly readAmong: (urls: readonly string[]) => Promise<ReadonlySet<string>>
  readonly versions: (id: string) => Promise<readonly Article[]>
  /** Up to `limit` articles by id, after `after`: stays whole while articles get new versions. */
  readonly walk: (after: string, limit: number, filter: ArticleFilter) => Promise<readonly Article[]>
  /** Oldest publication first. */
  readonly list: (
    filter: ArticleFilter,
    page?: { offset: number; limit: number },
  ) => Promise<readonly AssessedArticle[]>
  readonly count: (filter: ArticleFilter) => Promise<number>
  /** Articles whose current version has no assessment under `key`, oldest first. */
  readonly unassessed: (key: StepKey, limit: number) => Promise<readonly Article[]>
}

// ---------------------------------------------------------------- assessments and corrections

export type CorrectionField = 'relevance' | 'topics' | 'tone' | 'sensitive'

export interface Correction {
  readonly articleId: string
  readonly field: CorrectionField
  /** JSON value of the field: a level, an array of topic ids, a tone, a boolean. */
  readonly value: string | readonly string[] | boolean
  readonly before: string | readonly string[] | boolean | null
  readonly note: string | null
  readonly who: string
  readonly at: Instant
}

export interface Assessments {
  readonly put: (articleId: string, version: number, key: StepKey, assessment: Assessment, at: Instant) => Promise<void>
  /** The machine's own, without corrections. */
  readonly ofMachine: (articleId: string) => Promise<{ key: StepKey; assessment: Assessment } | null>
  /** The last correction of a field wins over the machine on that article. */
  readonly correct: (correction: Omit<Correction, 'before'>) => Promise<void>
  readonly corrections: (articleId?: string) => Promise<readonly Correction[]>
}

// ---------------------------------------------------------------- stories

/** A story with what people decided about it (see story-desk.ts). */
export interface StoryRecord extends Story {
  /** Its title is a person's. */
  readonly renamed: boolean
  /** It takes no article from the machine. */
  readonly locked: boolean
  /** The story in which its articles stand since a person merged it. */
  readonly mergedInto: string | null
  /** When it had been without an article for `QUIET_DAYS`; null while it goes on, or until it is seen to be silent. */
  readonly closedAt: Instant | null
}

export interface Stories {
  /**
   * The machine's decision. An article that a person placed stays where it is, and a story that was merged stands for
   * the one it went into. Returns the story in which the article stands.
   */
  readonly assign: (decision: StoryDecision, title: string, seen: Instant) => Promise<string>
  /** The story itself, also when it was merged: `mergedInto` says where to go on. */
  readonly get: (id: string) => Promise<StoryRecord | null>
  /** Without merged stories; the last seen first. */
  readonly list: (filter: { seenFrom: Instant; seenTo: Instant; limit: number }) => Promise<readonly StoryRecord[]>
  /** Articles assigned to stories with publication in [from, to), oldest first, with the places found in them: what
   * rebuilds the window after a start. */
  readonly window: (from: Instant, to: Instant) => Promise<readonly StoryArticleRecord[]>
  /** Of larger stories whose last article is older than the window: that article, so that they can open again. */
  readonly remembered: (range: { from: Instant; to: Instant; least: number }) => Promise<RememberedStories>
  /** Records which stories have fallen silent. Returns how many. */
  readonly closeQuiet: (now: Date) => Promise<number>
  /** Oldest first; without those whose article stands in another story now. */
  readonly reopenings: (storyId: string) => Promise<readonly StoryReopening[]>
}

// ---------------------------------------------------------------- reports

export interface ReportRecord {
  readonly id: string
  readonly reportId: string
  readonly periodLabel: string
  readonly periodFrom: Instant
  readonly periodTo: Instant
  readonly composedAt: Instant
  /** The composed report as JSON: what every format is rendered from. */
  readonly data: string
  /** Relative to the data folder, by format. */
  readonly files: Readonly<Record<string, string>>
}

export interface Reports {
  readonly save: (record: ReportRecord) => Promise<void>
  readonly get: (id: string) => Promise<ReportRecord | null>
  /** Newest first. */
  readonly list: (limit: number) => Promise<readonly ReportRecord[]>
}

// ---------------------------------------------------------------- change feed

export interface Change {
  /** Rises by commit order. */
  readonly seq: number
  readonly articleId: string
}

/**
 * Every new version, assessment, correction and story assignment of an article, and every mark that it is gone or back,
 * appears here, in the same transaction.
 */
export interface Changes {
  readonly after: (seq: number, limit: number) => Promise<readonly Change[]>
  readonly last: () => Promise<number>
  /** Positions of consumers that keep none of their own (alerts). */
  readonly position: (consumer: string) => Promise<number>
  readonly setPosition: (consumer: string, seq: number) => Promise<void>
}
