import type { Instant } from '../model.ts'
import type { Scope } from './scope.ts'
import { nfcOrNull } from './text.ts'

/** `written`: begun by the monitor; `rewritten`: by retention; `taken-in`: a person had it copied from elsewhere. */
export type ArchiveFileOrigin = 'written' | 'rewritten' | 'taken-in'

export interface ArchiveFile {
  /** Relative to the archive's folder. */
  readonly file: string
  readonly origin: ArchiveFileOrigin
  readonly begunAt: Instant
  /** Who took it in; null where the monitor wrote it. */
  readonly who: string | null
  /** From where it was taken in. */
  readonly source: string | null
}

/** Every file of the archive, recorded before its first byte is written: what stands beside them was slipped in. */
export interface ArchiveFiles {
  /** The first record of a name stays. */
  readonly begin: (file: ArchiveFile) => Promise<void>
  readonly all: () => Promise<readonly ArchiveFile[]>
}

export function archiveFilesOf(scope: Scope): ArchiveFiles {
  return {
    begin: ({ file, origin, begunAt, who, source }) =>
      scope.write(async (db) => {
        await db
          .insertInto('archiveFile')
          .values({ file, origin, begunAt, who: nfcOrNull(who), source: nfcOrNull(source) })
          .onConflict((conflict) => conflict.column('file').doNothing())
          .execute()
      }),
    all: () => scope.read((db) => db.selectFrom('archiveFile').selectAll().orderBy('file').execute()),
  }
}
