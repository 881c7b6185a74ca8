import type { Migration } from './index.ts'

/** What people changed in the profile: every text that was in force, and drafts not yet saved. */
export const profileEdits: Migration = {
  number: 8,
  name: 'profile edits',
  statements: [
    `create table profileRevision (
      id integer primary key autoincrement, profileId text not null, file text not null, item text, kind text not null,
      text text not null, digest text not null, note text, who text not null, at text not null
    ) strict`,
    `create index profileRevisionFile on profileRevision (profileId, file, id)`,

    `create table profileDraft (
      id text primary key, profileId text not null, file text not null, item text, kind text not null,
      base text not null, baseDigest text not null, text text not null, note text, who text not null, at text not null
    ) strict`,
  ],
}
