import type { Migration } from './index.ts'

/** What optional helpers wrote: always beside the original, never in its place. */
export const helpers: Migration = {
  number: 3,
  name: 'helpers',
  statements: [
    `create table translation (
      articleId text not null references article (id), version integer not null, translator text not null,
      title text not null, lead text, text text not null, madeAt text not null, madeBy text not null,
      primary key (articleId, version)
    ) strict`,

    `create table rewriting (
      id integer primary key autoincrement, subject text not null, words integer not null, summaryMadeAt text not null,
      madeAt text not null, madeBy text not null, data text not null
    ) strict`,
    `create index rewritingSubject on rewriting (subject, words, id)`,
  ],
}
