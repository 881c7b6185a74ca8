import type { Migration } from './index.ts'

/** Later visits to pages: what was edited, what was taken down; and alerts about both. */
export const visits: Migration = {
  number: 5,
  name: 'visits',
  statements: [
    `create table visit (
      articleId text primary key references article (id), nextAt text, lookedAt text not null,
      pageId text references page (id), failures integer not null default 0,
      suspectedGoneAt text, goneAt text, goneReason text, goneEvidence text
    ) strict`,
    `create index visitNext on visit (nextAt) where nextAt is not null`,
    `create index visitGone on visit (goneAt) where goneAt is not null`,

    // What is relevant and young enough is visited once at the next poll, and then by plan.
    `insert into visit (articleId, nextAt, lookedAt)
      select article.id, article.firstSeen, max(article.firstSeen, page.fetchedAt)
      from article
      join articleVersion on articleVersion.articleId = article.id and articleVersion.version = article.version
      join page on page.id = articleVersion.pageId
      where article.relevance in ('main', 'mention') and articleVersion.completeness <> 'feed-only'
        and article.firstSeen >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-30 days')`,

    `create table visitLog (
      id integer primary key autoincrement, articleId text not null references article (id), at text not null,
      outcome text not null, reason text, evidence text, pageId text references page (id), version integer
    ) strict`,
    `create index visitLogArticle on visitLog (articleId, id)`,
    `create index pageDigest on page (digest)`,

    `alter table articleVersion add column cause text not null default 'edited'
      check (cause in ('first', 'completed', 'reread', 'edited'))`,
    `update articleVersion set cause = 'first' where version = 1`,
    `update articleVersion set cause = 'completed' where version > 1 and exists (
      select 1 from articleVersion as earlier where earlier.articleId = articleVersion.articleId
        and earlier.version = articleVersion.version - 1 and earlier.completeness = 'feed-only')`,
    `create index articleVersionEdited on articleVersion (articleId, version) where cause = 'edited'`,

    // A constraint cannot be dropped: both tables are written anew, the child with its parent.
    `create table alertNew (
      id text primary key, ruleId text not null, storyId text not null references story (id),
      articleId text not null references article (id), createdAt text not null, occasion text not null default ''
    ) strict`,
    `insert into alertNew (id, ruleId, storyId, articleId, createdAt)
      select id, ruleId, storyId, articleId, createdAt from alert`,
    `create table alertDeliveryNew (
      id integer primary key autoincrement, alertId text not null references alertNew (id), channel text not null,
      messageId text not null, state text not null check (state in ('intended', 'confirmed', 'failed', 'unknown')),
      attempts integer not null, intendedAt text not null, attemptedAt text, outcomeAt text, error text, unique (alertId, channel)
    ) strict`,
    `insert into alertDeliveryNew
      select id, alertId, channel, messageId, state, attempts, intendedAt, attemptedAt, outcomeAt, error from alertDelivery`,
    `drop table alertDelivery`,
    `drop table alert`,
    `alter table alertNew rename to alert`,
    `alter table alertDeliveryNew rename to alertDelivery`,
    `create index alertDeliveryState on alertDelivery (state)`,
    // What was published is told once a story; what was edited or taken down, once an article and occasion.
    `create unique index alertStory on alert (ruleId, storyId) where occasion = ''`,
    `create unique index alertOccasion on alert (ruleId, articleId, occasion) where occasion <> ''`,
  ],
}
