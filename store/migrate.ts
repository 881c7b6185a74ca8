import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import { Fatal } from '../errors.ts'
import type { Migration } from './migrations/index.ts'

/** "LCPM": says that a file is a store of this program. */
const APPLICATION_ID = 0x4c43504d

/**
 * Brings the store to the newest version. Before a batch of migrations on a store that holds something, a copy is
 * written beside it (`<file>.v<version>-<time>.backup`). All of a batch is applied, or nothing.
 * @returns the path of the backup, null when none was needed.
 * @throws {Fatal} `store.newer` when the store was written by a newer version, `store.foreign` when the file belongs to
 *   another program.
 */
export function migrate(
  database: DatabaseSync,
  file: string,
  clock: Clock,
  migrations: readonly Migration[],
): string | null {
  const newest = migrations.at(-1)?.number ?? 0
  const found = versionOf(database)
  requireKnown(database, file, found, newest)
  if (found === newest) return null
  const backup = found > 0 ? backUp(database, file, found, clock) : null
  database.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have migrated while this one waited for the lock.
    const current = versionOf(database)
    requireKnown(database, file, current, newest)
    for (const migration of migrations) {
      if (migration.number <= current) continue
      for (const statement of migration.statements) database.exec(statement)
    }
    database.exec(`PRAGMA user_version = ${newest}; PRAGMA application_id = ${APPLICATION_ID}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
  return backup
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}

const versionOf = (database: DatabaseSync): number => pragma(database, 'user_version')

function requireKnown(database: DatabaseSync, file: string, version: number, newest: number): void {
  const tables = database.prepare('select count(*) as n from sqlite_schema').get()?.n
  if (pragma(database, 'application_id') !== APPLICATION_ID && tables !== 0)
    throw new Fatal(`The file ${file} is a database, but not a store of the monitor.`, {
      code: 'store.foreign',
      remedy: 'Point MONITOR_DATA at the folder of the monitor, or at an empty one.',
    })
  if (version > newest)
    throw new Fatal(`The store ${file} has version ${version}; this program knows versions up to ${newest}.`, {
      code: 'store.newer',
      remedy:
        'Install the newer version of the program again, or put the backup made before the update in the place of the file.',
    })
}

function backUp(database: DatabaseSync, file: string, version: number, clock: Clock): string {
  const time = clock.now().toISOString().replaceAll(/[:.]/g, '-')
  const backup = `${file}.v${version}-${time}.backup`
  database.prepare('VACUUM INTO ?').run(backup)
  return backup
}
