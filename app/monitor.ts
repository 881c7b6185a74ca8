import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { ArchiveCheck, ArchiveCheckOptions } from '../crawlers/archive-check.ts'
import type { PollOptions } from '../crawlers/collect.ts'
import type { verifyEvidence } from '../crawlers/evidence.ts'
import type { Importer } from '../crawlers/import/import.ts'
import type { RebuildResult } from '../crawlers/rebuild.ts'
import type { ReextractOptions, ReextractResult } from '../crawlers/reextract.ts'
import type { CollectResult } from '../crawlers/tally.ts'
import type { SearchIndex } from '../index/search-index.ts'
import type { Outlet } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import type { Profile } from '../profiles/schema.ts'
import type { FormatProblem } from '../reports/deliver.ts'
import type { Job } from '../scheduler/scheduler.ts'
import type { ReportRecord, Store } from '../store/store.ts'
import type { Retaining } from './retention.ts'

/** The whole monitor, put together: what the command line, the demo and the server drive. */
export interface Monitor {
  readonly config: Config
  readonly profile: Profile
  readonly store: Store
  /** Those that are followed. */
  readonly outlets: readonly Outlet[]
  readonly index: SearchIndex
  readonly assessor: Assessor
  readonly clock: Clock
  readonly log: Logger
  /** Polls and fetches what is due, then brings index and alerts up to date. */
  readonly collect: (options?: PollOptions) => Promise<CollectResult>
  /** Composes a report of the profile for an ISO week and writes its files. */
  readonly composeReport: (
    reportId: string,
    week: string,
  ) => Promise<{ readonly record: ReportRecord; readonly problems: readonly FormatProblem[] }>
  /** Brings in by hand; `updateIndex` follows. */
  readonly importer: Importer
  /** Assesses again what has an old result; returns how many. */
  readonly reassess: () => Promise<number>
  /** Brings what is new in the store into the index; returns how many articles changed. */
  readonly updateIndex: () => Promise<number>
  /** Compares archive and pictures with the digests in the store. */
  readonly verifyArchive: (options: Pick<ArchiveCheckOptions, 'all' | 'onProgress'>) => Promise<{
    readonly check: ArchiveCheck
    readonly evidence: Awaited<ReturnType<typeof verifyEvidence>>
  }>
  /** Reads archived pages with the rules of today; the index follows. */
  readonly reextract: (
    options: Pick<ReextractOptions, 'filter' | 'dryRun' | 'onChanged' | 'onFailed' | 'onProgress'>,
  ) => Promise<ReextractResult>
  /** Pages and articles from the WARC files of a folder; the index follows. */
  readonly rebuild: (
    folder: string,
    options: { readonly who: string; readonly onProgress?: (done: number, total: number) => void },
  ) => Promise<RebuildResult>
  /** Takes away what its limit lets go; `dryRun` only says what that would be. */
  readonly retain: Retaining['retain']
  readonly limits: Retaining['limits']
  /** Empties the index and fills it from the store; returns how many documents it holds. */
  readonly rebuildIndex: () => Promise<number>
  /** The standing work, for the scheduler. */
  readonly jobs: readonly Job[]
  /** Starts the pages (and, unless told otherwise, the schedule); returns where they listen. */
  readonly serve: (options?: { readonly schedule?: boolean }) => Promise<string>
  readonly close: () => Promise<void>
}
