import type { Migration } from './index.ts'

/** Limits that an administrator sets, what retention took away under them, and what the administrator is told. */
export const retention: Migration = {
  number: 10,
  name: 'retention',
  statements: [
    `create table setting (name text primary key, value text not null, who text not null, at text not null) strict`,

    // Whoever was there first installed the monitor; the command line makes others administrators.
    `alter table user add column role text not null default 'editor' check (role in ('administrator', 'editor'))`,
    `update user set role = 'administrator' where id = (select min(id) from user)`,

    `alter table archiveLink add column who text`,
    `create table archiveFile (
      file text primary key, origin text not null check (origin in ('written', 'rewritten', 'taken-in')),
      begunAt text not null, who text, source text
    ) strict, without rowid`,

    // Filled anew from summaries, reports and alerts before each clean-up.
    `create table citedVersion (
      articleId text not null, version integer not null, primary key (articleId, version)
    ) strict, without rowid`,
    `create table removedVersion (
      articleId text not null references article (id), version integer not null, seenAt text not null,
      cause text not null, removedAt text not null, who text not null, primary key (articleId, version)
    ) strict, without rowid`,

    `create table crawlTrace (
      job text primary key, enteredAt text, deaths integer not null default 0
    ) strict, without rowid`,

    `create table trouble (
      id integer primary key autoincrement,
      kind text not null check (kind in ('outlet', 'network', 'standstill', 'disk')), subject text not null,
      code text not null, detail text not null, since text not null, toldAt text, endedAt text, endToldAt text
    ) strict`,
    `create unique index troubleOpen on trouble (kind, subject) where endedAt is null`,
    `create table notice (
      id integer primary key autoincrement, channel text not null, messageId text not null unique, data text not null,
      state text not null check (state in ('intended', 'confirmed', 'failed', 'unknown')),
      createdAt text not null, attempts integer not null, nextAt text, outcomeAt text, error text
    ) strict`,
    `create index noticeNext on notice (nextAt) where nextAt is not null`,
  ],
}
