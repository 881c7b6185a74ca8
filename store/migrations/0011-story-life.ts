import type { Migration } from './index.ts'

/** When stories fell silent and came back, and which edit took another one back. */
export const storyLife: Migration = {
  number: 11,
  name: 'story-life',
  statements: [
    `alter table story add column closedAt text`,
    `create index storyOpen on story (lastSeen) where closedAt is null and mergedInto is null`,
    `create table storyReopening (
      id integer primary key autoincrement, storyId text not null references story (id),
      articleId text not null references article (id), closedAt text not null, reopenedAt text not null,
      seenAt text not null
    ) strict`,
    `create index storyReopeningStory on storyReopening (storyId, id)`,

    `alter table storyEdit add column undoes integer references storyEdit (id)`,
    `create unique index storyEditUndoes on storyEdit (undoes) where undoes is not null`,
  ],
}
