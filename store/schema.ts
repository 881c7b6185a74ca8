import type { Generated } from 'kysely'
import type { Completeness, DeliveryState, RelevanceLevel, Tone } from '../model.ts'
import type { GoneReason } from '../pipeline/soft-404.ts'
import type { ArchiveLink } from './archive-chain.ts'
import type { ArchiveFile } from './archive-files.ts'
import type { HandEntry } from './hand-entries.ts'
import type { ProfileDraft, ProfileRevision } from './profile-edits.ts'
import type { RemovedVersion } from './retention.ts'
import type { CorrectionField, SourceStatus, UserRole } from './store.ts'
import type { StoryEditKind } from './story-desk.ts'
import type { NoticeRecord, Trouble } from './troubles.ts'
import type { VersionCause, VisitOutcome } from './visits.ts'

/**
 * The tables as Kysely sees them. Columns bear the names of the model's properties; instants are UTC ISO text, truth
 * values 0 or 1, `Json` columns hold JSON text.
 */
export interface Schema {
  source: SourceTable
  browserHost: { host: string; since: string; until: string }
  frontier: FrontierTable
  page: PageTable
  article: ArticleTable
  articleUrl: { url: string; articleId: string }
  articlePage: { pageId: string; articleId: string }
  archiveLink: Omit<ArchiveLink, 'seq'> & { seq: Generated<number> }
  archiveFile: ArchiveFile
  articleVersion: ArticleVersionTable
  assessment: AssessmentTable
  articleTopic: { articleId: string; topic: string; score: number }
  articlePlace: { articleId: string; place: string }
  correction: CorrectionTable
  story: StoryTable
  storyEdit: StoryEditTable
  storyReopening: StoryReopeningTable
  summary: SummaryTable
  translation: TranslationTable
  rewriting: RewritingTable
  profileRevision: Omit<ProfileRevision, 'id'> & { id: Generated<number> }
  profileDraft: ProfileDraft
  evidence: EvidenceTable
  handEntry: HandEntry & { id: Generated<number> }
  report: ReportTable
  alert: AlertTable
  alertDelivery: AlertDeliveryTable
  visit: VisitTable
  visitLog: VisitLogTable
  run: RunTable
  user: UserTable
  session: { tokenDigest: string; userId: number; openedAt: string; expiresAt: string }
  action: { id: Generated<number>; who: string; action: string; subject: string; detail: string | null; at: string }
  setting: { name: string; value: Json; who: string; at: string }
  citedVersion: { articleId: string; version: number }
  removedVersion: RemovedVersion & { articleId: string }
  crawlTrace: { job: string; enteredAt: string | null; deaths: number }
  trouble: Omit<Trouble, 'id'> & { id: Generated<number> }
  notice: Omit<NoticeRecord, 'id'> & { id: Generated<number> }
  change: { seq: Generated<number>; articleId: string }
  consumer: { name: string; seq: number }
}

type Json = string

interface TranslationTable {
  articleId: string
  version: number
  translator: string
  title: string
  lead: string | null
  text: string
  madeAt: string
  madeBy: string
}

interface RewritingTable {
  id: Generated<number>
  subject: string
  words: number
  summaryMadeAt: string
  madeAt: string
  madeBy: string
  data: Json
}
type Bit = 0 | 1

interface SourceTable {
  outletId: string
  url: string
  status: SourceStatus
  etag: string | null
  lastModified: string | null
  bodyDigest: string | null
  lastPolledAt: string | null
  nextPollAt: string | null
  lastSuccessAt: string | null
  lastNewItemAt: string | null
  failures: number
  lastErrorCode: string | null
  lastError: string | null
  rhythm: Json | null
  intervalMs: number | null
  failureWeight: number
}

interface FrontierTable {
  url: string
  outletId: string
  host: string
  priority: number
  discoveredAt: string
  notBefore: string
  attempts: number
  item: Json | null
  state: 'waiting' | 'claimed' | 'done' | 'failed'
  finishedAt: string | null
  problemCode: string | null
  problemMessage: string | null
  problemAt: string | null
}

interface PageTable {
  id: string
  url: string
  finalUrl: string
  outletId: string
  fetchedAt: string
  status: number
  headers: Json
  digest: string
  bytes: number
  warcFile: string | null
  warcOffset: number | null
  warcLength: number | null
}

/** What lists filter and sort by; texts stand in `articleVersion`. */
interface ArticleTable {
  id: string
  outletId: string
  url: string
  /** The current version. */
  version: number
  published: string
  firstSeen: string
  /** The current assessment of the current version. */
  assessmentId: number | null
  /** In effect, corrections applied; null while nothing was assessed or corrected. */
  relevance: RelevanceLevel | null
  tone: Tone | null
  sensitive: Bit | null
  corrected: Bit
  storyId: string | null
  copyOf: string | null
  similarity: number | null
  anchors: Json | null
  /** A person put it where it stands. */
  placed: Generated<Bit>
}

interface StoryTable {
  id: string
  title: string
  firstSeen: string
  lastSeen: string
  renamed: Generated<Bit>
  locked: Generated<Bit>
  /** Never a story that is merged itself. */
  mergedInto: string | null
  /** Null: not closed, or not seen to be yet. */
  closedAt: Generated<string | null>
}

interface StoryReopeningTable {
  id: Generated<number>
  storyId: string
  /** The article that opened it again. */
  articleId: string
  closedAt: string
  reopenedAt: string
  seenAt: string
}

interface StoryEditTable {
  id: Generated<number>
  kind: StoryEditKind
  storyId: string
  otherId: string | null
  articleIds: Json
  before: string | null
  after: string | null
  who: string
  at: string
  /** The edit that this one took back. */
  undoes: Generated<number | null>
}

interface SummaryTable {
  id: Generated<number>
  /** `story:<id>`, `topic:<id>@<week>`. */
  subject: string
  words: number
  stepVersion: number
  madeAt: string
  madeBy: string | null
  /** The whole `StorySummary`, and the differences found beside it. */
  data: Json
}

interface ArticleVersionTable {
  articleId: string
  version: number
  pageId: string | null
  completeness: Completeness
  language: string
  title: string
  lead: string | null
  text: string
  byline: string | null
  section: string | null
  published: string
  publishedBy: string
  modified: string | null
  image: string | null
  extractedBy: Json
  doubts: Json
  seenAt: string
  cause: VersionCause
}

interface AssessmentTable {
  id: Generated<number>
  articleId: string
  version: number
  step: string
  stepVersion: number
  profileDigest: string
  modelDigest: string
  at: string
  /** The whole `Assessment`. */
  data: Json
}

interface CorrectionTable {
  id: Generated<number>
  articleId: string
  field: CorrectionField
  value: Json
  before: Json
  note: string | null
  who: string
  at: string
}

interface ReportTable {
  id: string
  reportId: string
  periodLabel: string
  periodFrom: string
  periodTo: string
  composedAt: string
  data: Json
  files: Json
}

interface AlertTable {
  id: string
  ruleId: string
  storyId: string
  articleId: string
  createdAt: string
  /** `''`: published; `edited:<version>`; `removed:<instant>`. */
  occasion: string
}

interface AlertDeliveryTable {
  id: Generated<number>
  alertId: string
  channel: string
  messageId: string
  state: DeliveryState
  attempts: number
  intendedAt: string
  attemptedAt: string | null
  outcomeAt: string | null
  error: string | null
}

interface VisitTable {
  articleId: string
  /** Null: no visit is planned. */
  nextAt: string | null
  lookedAt: string
  /** The last page that held the article, once a visit found another than the version's. */
  pageId: Generated<string | null>
  failures: Generated<number>
  suspectedGoneAt: Generated<string | null>
  goneAt: Generated<string | null>
  goneReason: Generated<GoneReason | null>
  goneEvidence: Generated<string | null>
}

interface VisitLogTable {
  id: Generated<number>
  articleId: string
  at: string
  outcome: VisitOutcome
  reason: string | null
  evidence: string | null
  pageId: string | null
  version: number | null
}

interface EvidenceTable {
  articleId: string
  version: number
  attempts: number
  /** Null: taken or given up. */
  nextAt: string | null
  takenAt: string | null
  finalUrl: string | null
  pngDigest: string | null
  pngBytes: number | null
  pdfDigest: string | null
  pdfBytes: number | null
  problemCode: string | null
  problemMessage: string | null
  problemAt: string | null
}

interface RunTable {
  id: Generated<number>
  job: string
  periodKey: string
  startedAt: string
  finishedAt: string | null
  outcome: 'running' | 'done' | 'failed'
  result: string | null
  leaseUntil: string
}

interface UserTable {
  id: Generated<number>
  name: string
  /** Lower-case: two names never differ by case alone. */
  nameKey: string
  displayName: string
  passwordHash: string
  createdAt: string
  disabledAt: string | null
  role: UserRole
}
