import { type FileHandle, open } from 'node:fs/promises'
import { Fatal } from '../errors.ts'

/** The write-ahead log of a SQLite file, as far as its way to the disk is concerned. */
export interface WriteAheadLog {
  /** Returns once all that was committed before the call is on disk. @throws Fatal `store.io` */
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Brings commits to the disk without holding up the event loop. SQLite with `synchronous = NORMAL` keeps the log whole in
 * every crash but does not wait for the disk at a commit (https://www.sqlite.org/pragma.html#pragma_synchronous); the
 * wait is done here, on another thread, one for all who committed meanwhile. A checkpoint waits for the disk by itself,
 * before the log is begun anew.
 */
export function writeAheadLog(file: string): WriteAheadLog {
  let handle: Promise<FileHandle> | null = null
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<void> | null = null

  const write = async (): Promise<void> => {
    // Whoever comes from here on may have committed after the disk was asked.
    next = null
    try {
      // SQLite's locks stand on other files: closing this one later releases none.
      handle ??= open(`${file}-wal`, 'r+')
      await (await handle).datasync()
    } catch (error) {
      throw new Fatal(`What was written to the store ${file} may not be on disk: the disk reports an error.`, {
        code: 'store.io',
        remedy: 'Check the disk and its connection; restore the last backup if the file was damaged.',
        cause: error,
      })
    }
  }

  return {
    sync: () => {
      if (next) return next
      next = running.then(write)
      running = next.catch(() => undefined)
      return next
    },
    close: async () => {
      await running
      await (await handle)?.close()
    },
  }
}
