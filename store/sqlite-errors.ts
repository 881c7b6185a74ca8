import { Fatal } from '../errors.ts'

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) after which the monitor cannot go on. */
const fatal = new Map<number, { code: string; message: string; remedy: string }>([
  [
    5,
    {
      code: 'store.locked',
      message: 'is locked by another program',
      remedy: 'Close the program that holds it (a backup tool, a database viewer, a second monitor), then start again.',
    },
  ],
  [
    6,
    {
      code: 'store.locked',
      message: 'is locked by another program',
      remedy: 'Close the program that holds it (a backup tool, a database viewer, a second monitor), then start again.',
    },
  ],
  [
    8,
    {
      code: 'store.read-only',
      message: 'cannot be written',
      remedy: 'Give the account that runs the monitor the right to write the data folder and the files in it.',
    },
  ],
  [
    10,
    {
      code: 'store.io',
      message: 'cannot be read or written: the disk reports an error',
      remedy: 'Check the disk and its connection; restore the last backup if the file was damaged.',
    },
  ],
  [
    11,
    {
      code: 'store.corrupt',
      message: 'is damaged',
      remedy: 'Keep the damaged file, put the newest backup in its place, and start again.',
    },
  ],
  [
    13,
    {
      code: 'store.full',
      message: 'cannot grow: the disk is full',
      remedy: 'Free space on the disk that holds the data folder, then start again. Nothing confirmed is lost.',
    },
  ],
  [
    14,
    {
      code: 'store.cannot-open',
      message: 'cannot be opened',
      remedy: 'Check that the data folder exists and that the account that runs the monitor may read and write it.',
    },
  ],
  [
    26,
    {
      code: 'store.corrupt',
      message: 'is not a database of the monitor',
      remedy: 'Point MONITOR_DATA at the right folder, or put the newest backup in the place of the file.',
    },
  ],
])

/** SQLite's primary result code, null when the error is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

/** SQLITE_BUSY: another connection holds the lock. */
export const isBusy = (error: unknown): boolean => sqliteCode(error) === 5

/** A `Fatal` with file and remedy for what no retry mends; any other error as it is. */
export function explainSqliteError(error: unknown, file: string, what = 'store'): unknown {
  const known = fatal.get(sqliteCode(error) ?? -1)
  if (!known) return error
  return new Fatal(`The ${what} ${file} ${known.message}.`, { code: known.code, remedy: known.remedy, cause: error })
}
