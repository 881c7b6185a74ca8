import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { type Clock, systemClock } from '../clock.ts'
import { alertsOf } from './alerts.ts'
import { archiveChainOf } from './archive-chain.ts'
import { archiveFilesOf } from './archive-files.ts'
import { articlesOf } from './articles.ts'
import { assessmentsOf } from './assessments.ts'
import { browserHostsOf } from './browser-hosts.ts'
import { changesOf } from './changes.ts'
import { coverageOf } from './coverage.ts'
import { crawlTraceOf } from './crawl-trace.ts'
import { evidenceOf } from './evidence.ts'
import { frontierOf } from './frontier.ts'
import { handEntriesOf } from './hand-entries.ts'
import { helperTextsOf } from './helper-texts.ts'
import { logLimitsOf } from './log-limits.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { pagesOf } from './pages.ts'
import { profileEditsOf } from './profile-edits.ts'
import { reportsOf } from './reports.ts'
import { retentionOf } from './retention.ts'
import { runsOf } from './runs.ts'
import type { Schema } from './schema.ts'
import { rootScope, type Scope } from './scope.ts'
import { settingsOf } from './settings.ts'
import { sourcesOf } from './sources.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { explainSqliteError } from './sqlite-errors.ts'
import type { Store } from './store.ts'
import { storiesOf } from './stories.ts'
import { storyDeskOf } from './story-desk.ts'
import { summariesOf } from './summaries.ts'
import { troublesOf } from './troubles.ts'
import { usersOf } from './users.ts'
import { visitsOf } from './visits.ts'
import { volumeOf } from './volume.ts'
import { writeAheadLog } from './wal.ts'

export interface StoreOptions {
  /** Path of the SQLite file; its folder is made when missing. */
  readonly file: string
  /** Names the backup made before a migration. */
  readonly clock?: Clock
  /** How long opening waits for another process that holds the file, milliseconds. */
  readonly lockWaitMs?: number
}

/**
 * Opens the store and brings it to the newest version. Several processes may open one file.
 * @throws {Fatal} `store.newer`, `store.foreign`, `store.locked`, `store.corrupt`, `store.full`, `store.read-only`,
 *   `store.cannot-open`, each with a remedy.
 */
export async function openStore({ file, clock = systemClock, lockWaitMs = 10_000 }: StoreOptions): Promise<Store> {
  const opened: DatabaseSync[] = []
  const connect = (): DatabaseSync => {
    const database = new DatabaseSync(file, { timeout: lockWaitMs, enableForeignKeyConstraints: true })
    opened.push(database)
    // FULL: what was migrated survives a power cut. WAL: readers never wait for the writer.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000')
    return database
  }
  try {
    mkdirSync(dirname(file), { recursive: true })
    const writer = connect()
    migrate(writer, file, clock, migrations)
    const reader = connect()
    reader.exec('PRAGMA query_only = ON')
    // From here on the writer waits for locks and for the disk without blocking the event loop (see scope.ts, wal.ts).
    writer.exec('PRAGMA busy_timeout = 0; PRAGMA synchronous = NORMAL')
    const wal = writeAheadLog(file)
    const kysely = (raw: DatabaseSync) => ({ raw, db: new Kysely<Schema>({ dialect: sqliteDialect(raw) }) })
    const connections = { file, wal, writer: kysely(writer), reader: kysely(reader) }
    return storeOver(rootScope(connections), async () => {
      await wal.close()
      for (const database of opened.toReversed()) if (database.isOpen) database.close()
    })
  } catch (error) {
    for (const database of opened) if (database.isOpen) database.close()
    throw explainSqliteError(error, file)
  }
}

function storeOver(scope: Scope, close: () => Promise<void>): Store {
  return {
    sources: sourcesOf(scope),
    browserHosts: browserHostsOf(scope),
    frontier: frontierOf(scope),
    crawlTrace: crawlTraceOf(scope),
    pages: pagesOf(scope),
    archiveChain: archiveChainOf(scope),
    archiveFiles: archiveFilesOf(scope),
    articles: articlesOf(scope),
    assessments: assessmentsOf(scope),
    stories: storiesOf(scope),
    storyDesk: storyDeskOf(scope),
    summaries: summariesOf(scope),
    helperTexts: helperTextsOf(scope),
    volume: volumeOf(scope),
    coverage: coverageOf(scope),
    visits: visitsOf(scope),
    evidence: evidenceOf(scope),
    handEntries: handEntriesOf(scope),
    profileEdits: profileEditsOf(scope),
    reports: reportsOf(scope),
    alerts: alertsOf(scope),
    runs: runsOf(scope),
    users: usersOf(scope),
    settings: settingsOf(scope),
    retention: retentionOf(scope),
    logLimits: logLimitsOf(scope),
    troubles: troublesOf(scope),
    changes: changesOf(scope),
    transaction: (work) => scope.transaction((inner) => work(storeOver(inner, close))),
    close,
  }
}
