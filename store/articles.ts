import { Skip } from '../errors.ts'
import type { Article } from '../model.ts'
import { isRealChange } from '../pipeline/real-change.ts'
import {
  allVersions,
  articleOf,
  assessedArticles,
  assessedRows,
  currentVersions,
  listOf,
  matches,
} from './article-rows.ts'
import { articleAsOf } from './as-of.ts'
import { recordChange } from './changes.ts'
import { refreshEffective } from './effective.ts'
import type { Db, Scope } from './scope.ts'
import type { ArticleDraft, Articles, SaveOutcome } from './store.ts'
import { nfc, nfcOrNull, shortHash } from './text.ts'
import type { VersionCause } from './visits.ts'

export function articlesOf(scope: Scope): Articles {
  return {
    save: (draft) => scope.write((db) => save(db, draft)),

    get: (id) =>
      scope.read(async (db) => {
        const rows = await assessedRows(db).where('article.id', '=', id).execute()
        const [article] = await assessedArticles(db, rows)
        return article ?? null
      }),

    asOf: (id, at, version) => scope.read((db) => articleAsOf(db, id, at, version)),

    // In the order asked; ids that do not exist are left out.
    getMany: (ids) =>
      scope.read(async (db) => {
        const rows = await assessedRows(db).where('article.id', 'in', listOf(ids)).execute()
        const found = new Map((await assessedArticles(db, rows)).map((article) => [article.id, article]))
        return ids.map((id) => found.get(id)).filter((article) => article !== undefined)
      }),

    byUrl: (url) =>
      scope.read(async (db) => {
        const row = await currentVersions(db)
          .innerJoin('articleUrl', 'articleUrl.articleId', 'article.id')
          .where('articleUrl.url', '=', url)
          .executeTakeFirst()
        return row ? articleOf(row) : null
      }),

    readAmong: (urls) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('articleUrl')
          .innerJoin('article', 'article.id', 'articleUrl.articleId')
          .innerJoin('articleVersion', (join) =>
            join
              .onRef('articleVersion.articleId', '=', 'article.id')
              .onRef('articleVersion.version', '=', 'article.version'),
          )
          .select('articleUrl.url')
          .where('articleUrl.url', 'in', listOf(urls))
          .where('articleVersion.pageId', 'is not', null)
          .execute()
        return new Set(rows.map(({ url }) => url))
      }),

    versions: (id) =>
      scope.read(async (db) => {
        const rows = await allVersions(db).where('article.id', '=', id).orderBy('articleVersion.version').execute()
        return rows.map(articleOf)
      }),

    walk: (after, limit, filter) =>
      scope.read(async (db) => {
        const rows = await currentVersions(db)
          .where('article.id', '>', after)
          .where((where) => matches(where, filter))
          .orderBy('article.id')
          .limit(limit)
          .execute()
        return rows.map(articleOf)
      }),

    list: (filter, page) =>
      scope.read(async (db) => {
        const query = assessedRows(db).orderBy('article.published').orderBy('article.id')
        if (page === undefined)
          return assessedArticles(db, await query.where((where) => matches(where, filter)).execute())
        // The ids of one page come from an index alone: deep pages do not read the texts before them.
        const ids = db
          .selectFrom('article')
          .select('article.id')
          .where((where) => matches(where, filter))
          .orderBy('article.published')
          .orderBy('article.id')
          .limit(page.limit)
          .offset(page.offset)
        return assessedArticles(db, await query.where('article.id', 'in', ids).execute())
      }),

    count: (filter) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('article')
          .select((select) => select.fn.countAll<number>().as('n'))
          .where((where) => matches(where, filter))
          .executeTakeFirstOrThrow()
        return row.n
      }),

    unassessed: (key, limit) =>
      scope.read(async (db) => {
        const rows = await currentVersions(db)
          .where((where) =>
            where.not(
              where.exists(
                where
                  .selectFrom('assessment')
                  .select('assessment.id')
                  .whereRef('assessment.articleId', '=', 'article.id')
                  .whereRef('assessment.version', '=', 'article.version')
                  .where('assessment.step', '=', key.step)
                  .where('assessment.stepVersion', '=', key.stepVersion)
                  .where('assessment.profileDigest', '=', key.profileDigest)
                  .where('assessment.modelDigest', '=', key.modelDigest),
              ),
            ),
          )
          .orderBy('article.published')
          .orderBy('article.id')
          .limit(limit)
          .execute()
        return rows.map(articleOf)
      }),
  }
}

async function save(db: Db, draft: ArticleDraft): Promise<{ article: Article; outcome: SaveOutcome }> {
  const { extracted } = draft
  if (extracted.title === null)
    throw new Skip(`${draft.url} has no title.`, {
      code: 'article.no-title',
      remedy: 'Correct the extraction rules of the outlet.',
    })
  const current = await findCurrent(db, draft)
  const candidate: Article = {
    id: current?.id ?? shortHash(draft.url),
    outletId: draft.outletId,
    url: draft.url,
    version: (current?.version ?? 0) + 1,
    pageId: draft.pageId,
    completeness: extracted.completeness,
    language: draft.language,
    title: nfc(extracted.title),
    lead: nfcOrNull(extracted.lead),
    text: nfc(extracted.text ?? ''),
    byline: nfcOrNull(extracted.byline),
    section: nfcOrNull(extracted.section),
    published: draft.published,
    publishedBy: draft.publishedBy,
    modified: extracted.modified,
    image: extracted.image,
    firstSeen: current?.firstSeen ?? draft.seenAt,
    by: extracted.by,
    doubts: extracted.doubts.map(nfc),
  }
  if (current === null) {
    await insert(db, candidate)
    await addVersion(db, candidate, draft, 'first')
    await recordChange(db, [candidate.id])
    return { article: candidate, outcome: 'new' }
  }
  // A fall-back to the time of fetching says nothing of an article that was seen before.
  const article =
    draft.published === draft.seenAt
      ? { ...candidate, published: current.published, publishedBy: current.publishedBy }
      : candidate
  const cause = causeOf(article, current, draft.isEdit === true)
  if (cause === null) {
    await link(db, current.id, draft)
    return { article: current, outcome: 'same' }
  }
  await db
    .updateTable('article')
    .set({ version: article.version, url: article.url, published: article.published, assessmentId: null })
    .where('id', '=', article.id)
    .execute()
  await addVersion(db, article, draft, cause)
  await refreshEffective(db, article.id, draft.seenAt)
  return { article, outcome: 'changed' }
}

/** The article under the canonical URL, else under another URL that led to it. */
async function findCurrent(db: Db, draft: ArticleDraft): Promise<Article | null> {
  const rows = await currentVersions(db)
    .innerJoin('articleUrl', 'articleUrl.articleId', 'article.id')
    .select('articleUrl.url as foundBy')
    .where('articleUrl.url', 'in', listOf([draft.url, ...draft.aliases]))
    .orderBy('article.id')
    .execute()
  const row = rows.find(({ foundBy }) => foundBy === draft.url) ?? rows[0]
  return row ? articleOf(row) : null
}

const squeeze = (text: string): string => text.replace(/\s+/gu, ' ').trim()

/** Why `next` is a new version; null when it is none: nothing that readers see differs, or text would be lost. */
function causeOf(next: Article, current: Article, isEdit: boolean): VersionCause | null {
  if (next.completeness === 'feed-only' && current.completeness !== 'feed-only') return null
  if (next.completeness !== 'feed-only' && current.completeness === 'feed-only') return 'completed'
  if (squeeze(next.text) === '' && squeeze(current.text) !== '') return null
  // The same bytes read by other means: the outlet changed nothing, but what we hold of it is other words.
  if (next.pageId !== null && next.pageId === current.pageId) {
    return sameWords(next, current) && next.published === current.published ? null : 'reread'
  }
  const isChange = isEdit ? !sameWords(next, current) : isRealChange(current, next)
  return isChange ? 'edited' : null
}

const sameWords = (a: Article, b: Article): boolean =>
  squeeze(a.title) === squeeze(b.title) &&
  squeeze(a.lead ?? '') === squeeze(b.lead ?? '') &&
  squeeze(a.text) === squeeze(b.text)

async function insert(db: Db, { id, outletId, url, version, published, firstSeen }: Article): Promise<void> {
  await db
    .insertInto('article')
    .values({
      id,
      outletId,
      url,
      version,
      published,
      firstSeen,
      assessmentId: null,
      relevance: null,
      tone: null,
      sensitive: null,
      corrected: 0,
      storyId: null,
      copyOf: null,
      similarity: null,
      anchors: null,
    })
    .execute()
}

async function addVersion(db: Db, article: Article, draft: ArticleDraft, cause: VersionCause): Promise<void> {
  const { id: articleId, outletId: _outletId, url: _url, firstSeen: _firstSeen, by, doubts, ...rest } = article
  await db
    .insertInto('articleVersion')
    .values({
      ...rest,
      articleId,
      extractedBy: JSON.stringify(by),
      doubts: JSON.stringify(doubts),
      seenAt: draft.seenAt,
      cause,
    })
    .execute()
  await link(db, articleId, draft)
}

/** Every URL and page that led to an article finds it again, also when nothing in it changed. */
async function link(db: Db, articleId: string, draft: ArticleDraft): Promise<void> {
  for (const url of new Set([draft.url, ...draft.aliases]))
    await db
      .insertInto('articleUrl')
      .values({ url, articleId })
      .onConflict((conflict) => conflict.column('url').doNothing())
      .execute()
  const pageIds = [...(draft.pageId === null ? [] : [draft.pageId]), ...(draft.furtherPageIds ?? [])]
  for (const pageId of pageIds)
    await db
      .insertInto('articlePage')
      .values({ pageId, articleId })
      .onConflict((conflict) => conflict.column('pageId').doNothing())
      .execute()
}
