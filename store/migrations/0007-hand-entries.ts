import type { Migration } from './index.ts'

/** What people brought in by hand: by address, so that a link is marked before its article is read. */
export const handEntries: Migration = {
  number: 7,
  name: 'hand entries',
  statements: [
    `create table handEntry (
      id integer primary key, url text not null, kind text not null, who text not null, at text not null,
      file text, note text
    ) strict`,
    `create index handEntryUrl on handEntry (url)`,
  ],
}
