import type { Migration } from './index.ts'

/** The digests of the archive's files, each link bound to the one before. */
export const archiveChain: Migration = {
  number: 6,
  name: 'archive-chain',
  statements: [
    `create table archiveLink (
      seq integer primary key autoincrement, file text not null, bytes integer not null, digest text not null,
      reason text not null check (reason in ('closed', 'rewritten', 'removed', 'taken-in')), at text not null,
      previousDigest text, chain text not null
    ) strict`,
    `create index archiveLinkFile on archiveLink (file, seq)`,
  ],
}
