import { createHash } from 'node:crypto'
import type { Instant } from '../model.ts'
import type { Scope } from './scope.ts'

/** `closed`: finished by the monitor; `rewritten`, `removed`: by retention; `taken-in`: a person had it copied here. */
export type LinkReason = 'closed' | 'rewritten' | 'removed' | 'taken-in'

/** What was true of a file of the archive at one time. */
export interface ArchiveFileState {
  /** Relative to the archive's folder. */
  readonly file: string
  readonly bytes: number
  /** `sha256:<hex>` of the whole file. */
  readonly digest: string
  readonly reason: LinkReason
  readonly at: Instant
  /** Of the file from which a rewritten one was made. */
  readonly previousDigest: string | null
  /** Whose limit removed it, or who took it in; null where the monitor did it by itself. */
  readonly who: string | null
}

export interface ArchiveLink extends ArchiveFileState {
  /** 1, 2, … without gaps. */
  readonly seq: number
  /** `sha256:<hex>` over the chain value before and this link. */
  readonly chain: string
}

/** The digests of the archive's files as a hash chain: no link can be changed or taken out without all that follow. */
export interface ArchiveChain {
  /** Null when the last link of the file says the same already. */
  readonly add: (state: ArchiveFileState) => Promise<ArchiveLink | null>
  /** In their order. */
  readonly after: (seq: number, limit: number) => Promise<readonly ArchiveLink[]>
  /** The last link of each file. */
  readonly latest: () => Promise<readonly ArchiveLink[]>
}

/** Before the first link. */
export const CHAIN_START = ''

/** @returns the chain value of a link: what a printed copy kept elsewhere proves all links up to it by */
export function chainOf(before: string, state: ArchiveFileState): string {
  const { file, bytes, digest, reason, at, previousDigest, who } = state
  // Links of before there was a `who` keep their value.
  const link = JSON.stringify([before, file, bytes, digest, reason, at, previousDigest, ...(who === null ? [] : [who])])
  return `sha256:${createHash('sha256').update(link).digest('hex')}`
}

export function archiveChainOf(scope: Scope): ArchiveChain {
  return {
    add: (state) =>
      scope.write(async (db) => {
        const links = db.selectFrom('archiveLink').selectAll().orderBy('seq', 'desc').limit(1)
        const same = await links.where('file', '=', state.file).executeTakeFirst()
        const isGone = (reason: string) => reason === 'removed'
        if (same?.digest === state.digest && isGone(same.reason) === isGone(state.reason)) return null
        const last = await links.executeTakeFirst()
        const chain = chainOf(last?.chain ?? CHAIN_START, state)
        const { file, bytes, digest, reason, at, previousDigest, who } = state
        return db
          .insertInto('archiveLink')
          .values({ file, bytes, digest, reason, at, previousDigest, who, chain })
          .returningAll()
          .executeTakeFirstOrThrow()
      }),

    after: (seq, limit) =>
      scope.read((db) =>
        db.selectFrom('archiveLink').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute(),
      ),

    latest: () =>
      scope.read((db) =>
        db
          .selectFrom('archiveLink')
          .selectAll()
          .where('seq', 'in', (inner) =>
            inner
              .selectFrom('archiveLink')
              .select((select) => select.fn.max('seq').as('seq'))
              .groupBy('file'),
          )
          .orderBy('file')
          .execute(),
      ),
  }
}
