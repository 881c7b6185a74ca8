import type { Migration } from './index.ts'

/** What counting asks of an article stands in the index: pages that count over months read no rows of the table. */
export const counting: Migration = {
  number: 12,
  name: 'counting',
  statements: [
    `drop index articleRelevance`,
    `create index articleRelevance on article (relevance, published, id, outletId, storyId)`,
  ],
}
