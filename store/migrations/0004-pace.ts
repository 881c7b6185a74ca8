import type { Migration } from './index.ts'

/** How often each source publishes and is asked, how its failures weigh, and which hosts need a browser. */
export const pace: Migration = {
  number: 4,
  name: 'pace of sources',
  statements: [
    `alter table source add column rhythm text`,
    `alter table source add column intervalMs integer`,
    `alter table source add column failureWeight real not null default 0`,
    `update source set failureWeight = failures * 0.5`,
    `create table browserHost (host text primary key, since text not null, until text not null) strict`,
  ],
}
