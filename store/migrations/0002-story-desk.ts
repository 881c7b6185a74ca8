import type { Migration } from './index.ts'

/** People's hand in stories, and summaries with what they were made from. */
export const storyDesk: Migration = {
  number: 2,
  name: 'story-desk',
  statements: [
    `alter table story add column renamed integer not null default 0 check (renamed in (0, 1))`,
    `alter table story add column locked integer not null default 0 check (locked in (0, 1))`,
    `alter table story add column mergedInto text references story (id)`,
    `create index storyMerged on story (mergedInto) where mergedInto is not null`,
    `create index storyRenamed on story (id) where renamed = 1`,
    `create index storyLocked on story (id) where locked = 1`,
    `alter table article add column placed integer not null default 0 check (placed in (0, 1))`,

    `create table storyEdit (
      id integer primary key autoincrement,
      kind text not null check (kind in ('merge', 'split', 'move', 'rename', 'lock', 'unlock')),
      storyId text not null references story (id), otherId text references story (id), articleIds text not null,
      before text, after text, who text not null, at text not null
    ) strict`,
    `create index storyEditStory on storyEdit (storyId, id)`,
    `create index storyEditOther on storyEdit (otherId, id) where otherId is not null`,

    `create table summary (
      id integer primary key autoincrement, subject text not null, words integer not null, stepVersion integer not null,
      madeAt text not null, madeBy text, data text not null
    ) strict`,
    `create index summarySubject on summary (subject, words, id)`,
  ],
}
