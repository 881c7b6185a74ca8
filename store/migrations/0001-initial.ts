import type { Migration } from './index.ts'

export const initial: Migration = {
  number: 1,
  name: 'initial',
  statements: [
    `create table source (
      outletId text not null, url text not null, status text not null, etag text, lastModified text, bodyDigest text,
      lastPolledAt text, nextPollAt text, lastSuccessAt text, lastNewItemAt text, failures integer not null,
      lastErrorCode text, lastError text, primary key (outletId, url)
    ) strict`,

    `create table frontier (
      url text primary key, outletId text not null, host text not null, priority integer not null,
      discoveredAt text not null, notBefore text not null, attempts integer not null, item text,
      state text not null check (state in ('waiting', 'claimed', 'done', 'failed')),
      finishedAt text, problemCode text, problemMessage text, problemAt text
    ) strict`,
    `create index frontierDue on frontier (state, priority, notBefore)`,
    `create index frontierProblem on frontier (problemAt) where problemAt is not null`,

    `create table page (
      id text primary key, url text not null, finalUrl text not null, outletId text not null, fetchedAt text not null,
      status integer not null, headers text not null, digest text not null, bytes integer not null,
      warcFile text, warcOffset integer, warcLength integer,
      check ((warcFile is null) = (warcOffset is null) and (warcFile is null) = (warcLength is null))
    ) strict`,
    `create index pageUrl on page (url, fetchedAt)`,
    `create index pageWarc on page (warcFile, warcOffset) where warcFile is not null`,

    `create table story (id text primary key, title text not null, firstSeen text not null, lastSeen text not null) strict`,
    `create index storySeen on story (lastSeen)`,

    `create table article (
      id text primary key, outletId text not null, url text not null unique, version integer not null,
      published text not null, firstSeen text not null,
      assessmentId integer references assessment (id),
      relevance text check (relevance in ('main', 'mention', 'none')),
      tone text check (tone in ('positive', 'neutral', 'negative')),
      sensitive integer check (sensitive in (0, 1)), corrected integer not null check (corrected in (0, 1)),
      storyId text references story (id), copyOf text references article (id), similarity real, anchors text
    ) strict`,
    `create index articlePublished on article (published, id)`,
    `create index articleRelevance on article (relevance, published, id)`,
    `create index articleOutlet on article (outletId, published, id)`,
    `create index articleFirstSeen on article (firstSeen)`,
    `create index articleStory on article (storyId) where storyId is not null`,
    `create index articleSensitive on article (published, id) where sensitive = 1`,

    `create table articleUrl (url text primary key, articleId text not null references article (id)) strict, without rowid`,
    `create index articleUrlArticle on articleUrl (articleId)`,
    `create table articlePage (
      pageId text primary key references page (id), articleId text not null references article (id)
    ) strict, without rowid`,
    `create index articlePageArticle on articlePage (articleId)`,

    `create table articleVersion (
      articleId text not null references article (id), version integer not null, pageId text references page (id),
      completeness text not null, language text not null, title text not null, lead text, text text not null,
      byline text, section text, published text not null, publishedBy text not null, modified text, image text,
      extractedBy text not null, doubts text not null, seenAt text not null,
      primary key (articleId, version)
    ) strict`,

    `create table assessment (
      id integer primary key, articleId text not null, version integer not null, step text not null,
      stepVersion integer not null, profileDigest text not null, modelDigest text not null, at text not null,
      data text not null,
      unique (articleId, version, step, stepVersion, profileDigest, modelDigest),
      foreign key (articleId, version) references articleVersion (articleId, version)
    ) strict`,
    `create table articleTopic (
      articleId text not null references article (id), topic text not null, score real not null,
      primary key (articleId, topic)
    ) strict, without rowid`,
    `create index articleTopicTopic on articleTopic (topic, articleId)`,
    `create table articlePlace (
      articleId text not null references article (id), place text not null, primary key (articleId, place)
    ) strict, without rowid`,
    `create index articlePlacePlace on articlePlace (place, articleId)`,
    `create table correction (
      id integer primary key autoincrement, articleId text not null references article (id),
      field text not null check (field in ('relevance', 'topics', 'tone', 'sensitive')),
      value text not null, before text not null, note text, who text not null, at text not null
    ) strict`,
    `create index correctionArticle on correction (articleId, id)`,

    `create table report (
      id text primary key, reportId text not null, periodLabel text not null, periodFrom text not null,
      periodTo text not null, composedAt text not null, data text not null, files text not null
    ) strict`,
    `create index reportComposed on report (composedAt)`,

    `create table alert (
      id text primary key, ruleId text not null, storyId text not null references story (id),
      articleId text not null references article (id), createdAt text not null, unique (ruleId, storyId)
    ) strict`,
    `create table alertDelivery (
      id integer primary key autoincrement, alertId text not null references alert (id), channel text not null,
      messageId text not null, state text not null check (state in ('intended', 'confirmed', 'failed', 'unknown')),
      attempts integer not null, intendedAt text not null, attemptedAt text, outcomeAt text, error text, unique (alertId, channel)
    ) strict`,
    `create index alertDeliveryState on alertDelivery (state)`,

    `create table run (
      id integer primary key autoincrement, job text not null, periodKey text not null, startedAt text not null,
      finishedAt text, outcome text not null check (outcome in ('running', 'done', 'failed')), result text,
      leaseUntil text not null
    ) strict`,
    `create unique index runLive on run (job) where outcome = 'running'`,
    `create unique index runDone on run (job, periodKey) where outcome = 'done'`,

    `create table user (
      id integer primary key autoincrement, name text not null, nameKey text not null unique, displayName text not null,
      passwordHash text not null, createdAt text not null, disabledAt text
    ) strict`,
    `create table session (
      tokenDigest text primary key, userId integer not null references user (id), openedAt text not null,
      expiresAt text not null
    ) strict, without rowid`,
    `create table action (
      id integer primary key autoincrement, who text not null, action text not null, subject text not null, detail text,
      at text not null
    ) strict`,

    `create table change (
      seq integer primary key autoincrement, articleId text not null references article (id)
    ) strict`,
    `create table consumer (name text primary key, seq integer not null) strict`,
  ],
}
