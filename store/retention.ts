import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant, Page } from '../model.ts'
import { pageOf } from './pages.ts'
import type { Db, Scope } from './scope.ts'
import { chunks } from './text.ts'
import type { VersionCause } from './visits.ts'

/**
 * What a page is kept for: `cited`: a stored summary, report or alert cites its article, or pictures of it were taken as
 * evidence; `relevant`; `irrelevant`: also pages from which no article was read. An article without a judgement is none.
 */
export type PageKind = 'irrelevant' | 'relevant' | 'cited'
export const PAGE_KINDS: readonly PageKind[] = ['irrelevant', 'relevant', 'cited']

/** Archived bytes first seen before go; null: they stay for ever. */
export type PageLimits = Readonly<Record<PageKind, Instant | null>>

export interface VersionLimits {
  /** Versions in between that were seen before go; null: they stay for ever. */
  readonly before: Instant | null
  /** So many of the newest in between stay whatever their age. */
  readonly keepNewest: number
}

export interface RemovedVersion {
  readonly version: number
  readonly seenAt: Instant
  readonly cause: VersionCause
  readonly removedAt: Instant
  readonly who: string
}

/** What the limits let go. The first and the last version of an article are never among it, nor one that is cited. */
export interface Retention {
  /** Reads anew which versions stored summaries, reports and alerts cite; returns their number. To be called first. */
  readonly markCited: () => Promise<number>
  /** Pages with archived bytes that may go, by file. */
  readonly pages: (limits: PageLimits, limit: number) => Promise<readonly Page[]>
  readonly pageTotals: (limits: PageLimits) => Promise<Readonly<Record<PageKind, { pages: number; bytes: number }>>>
  readonly countVersions: (limits: VersionLimits) => Promise<number>
  /** Drops text and judgement of up to `limit` versions; that they were, and who set the limit, stays. */
  readonly dropVersions: (limits: VersionLimits, who: string, at: Instant, limit: number) => Promise<number>
  /** Oldest first. */
  readonly removedVersions: (articleId: string) => Promise<readonly RemovedVersion[]>
}

export function retentionOf(scope: Scope): Retention {
  return {
    markCited: () =>
      scope.write(async (db) => {
        const cited = await citedVersions(db)
        await db.deleteFrom('citedVersion').execute()
        for (const part of chunks(cited, 400)) {
          await db
            .insertInto('citedVersion')
            .values(part)
            .onConflict((conflict) => conflict.doNothing())
            .execute()
        }
        return cited.length
      }),

    pages: (limits, limit) =>
      scope.read(async (db) => {
        const rows = await droppablePages(db, limits)
          .selectAll('page')
          .orderBy('page.warcFile')
          .orderBy('page.warcOffset')
          .limit(limit)
          .execute()
        return rows.map(pageOf)
      }),

    pageTotals: (limits) =>
      scope.read(async (db) => {
        const rows = await droppablePages(db, limits)
          .select((select) => [kindOf.as('kind'), select.fn.countAll<number>().as('pages')])
          .select(sql<number>`sum(page.warcLength)`.as('bytes'))
          .groupBy('kind')
          .execute()
        const totals = { irrelevant: none(), relevant: none(), cited: none() }
        for (const { kind, pages, bytes } of rows) totals[kind] = { pages, bytes }
        return totals
      }),

    countVersions: (limits) =>
      scope.read(async (db) => {
        if (limits.before === null) return 0
        const { n } = await droppableVersions(db, limits)
          .select((select) => select.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
        return n
      }),

    dropVersions: (limits, who, at, limit) =>
      scope.write(async (db) => {
        if (limits.before === null) return 0
        const versions = await droppableVersions(db, limits)
          .select(['one.articleId', 'one.version', 'one.seenAt', 'one.cause'])
          .limit(limit)
          .execute()
        for (const version of versions) {
          const { articleId, version: number } = version
          await db
            .insertInto('removedVersion')
            .values({ ...version, removedAt: at, who })
            .execute()
          for (const table of ['assessment', 'evidence', 'articleVersion'] as const) {
            await db.deleteFrom(table).where('articleId', '=', articleId).where('version', '=', number).execute()
          }
        }
        return versions.length
      }),

    removedVersions: (articleId) =>
      scope.read((db) =>
        db
          .selectFrom('removedVersion')
          .select(['version', 'seenAt', 'cause', 'removedAt', 'who'])
          .where('articleId', '=', articleId)
          .orderBy('version')
          .execute(),
      ),
  }
}

const none = () => ({ pages: 0, bytes: 0 })

const isCited = sql<SqlBool>`(
  exists (select 1 from citedVersion where citedVersion.articleId = article.id)
  or exists (select 1 from evidence where evidence.articleId = article.id and evidence.takenAt is not null))`

const kindOf: RawBuilder<PageKind> = sql<PageKind>`case
  when ${isCited} then 'cited' when article.id is null or article.relevance = 'none' then 'irrelevant'
  else 'relevant' end`

/** Later pages of an article are as old as the article; a page without one is as old as itself. */
function droppablePages(db: Db, limits: PageLimits) {
  const isOld = PAGE_KINDS.flatMap((kind) =>
    limits[kind] === null
      ? []
      : [sql<SqlBool>`(${kindOf} = ${kind} and coalesce(article.firstSeen, page.fetchedAt) < ${limits[kind]})`],
  )
  return db
    .selectFrom('page')
    .leftJoin('articlePage', 'articlePage.pageId', 'page.id')
    .leftJoin('article', 'article.id', 'articlePage.articleId')
    .where('page.warcFile', 'is not', null)
    .where((where) => where.or([where('article.id', 'is', null), where('article.relevance', 'is not', null)]))
    .where((where) => where.or(isOld))
}

function droppableVersions(db: Db, { before, keepNewest }: VersionLimits) {
  return db
    .selectFrom('articleVersion as one')
    .innerJoin('article', 'article.id', 'one.articleId')
    .where('one.version', '>', 1)
    .whereRef('one.version', '<', 'article.version')
    .where('one.seenAt', '<', before ?? '')
    .where(
      sql<SqlBool>`not exists (select 1 from citedVersion as cited
        where cited.articleId = one.articleId and cited.version = one.version)`,
    )
    .where(
      sql<SqlBool>`not exists (select 1 from evidence
        where evidence.articleId = one.articleId and evidence.version = one.version and evidence.takenAt is not null)`,
    )
    .where(
      sql<SqlBool>`not exists (select 1 from translation
        where translation.articleId = one.articleId and translation.version = one.version)`,
    )
    .where(
      sql<SqlBool>`(select count(*) from articleVersion as newer where newer.articleId = one.articleId
        and newer.version > one.version and newer.version < article.version) >= ${keepNewest}`,
    )
}

interface Cited {
  readonly articleId: string
  readonly version: number
}

/** By summaries and their rewritings, by reports, and by alerts, which also show the version before an edit. */
async function citedVersions(db: Db): Promise<readonly Cited[]> {
  const cited = new Map<string, Cited>()
  const cite = (articleId: string, version: number): void => {
    if (version >= 1) cited.set(`${articleId} ${version}`, { articleId, version })
  }
  // One row at a time: a report may be large.
  for (const table of ['summary', 'rewriting'] as const) {
    for (const { id } of await db.selectFrom(table).select('id').execute()) {
      const row = await db.selectFrom(table).select('data').where('id', '=', id).executeTakeFirst()
      if (row) walk(JSON.parse(row.data), cite)
    }
  }
  const seen = async (articleId: string, at: Instant): Promise<void> => {
    const row = await db
      .selectFrom('articleVersion')
      .select('version')
      .where('articleId', '=', articleId)
      .where('seenAt', '<=', at)
      .orderBy('version', 'desc')
      .executeTakeFirst()
    if (row) cite(articleId, row.version)
  }
  for (const { id } of await db.selectFrom('report').select('id').execute()) {
    const row = await db.selectFrom('report').select(['data', 'composedAt']).where('id', '=', id).executeTakeFirst()
    if (!row) continue
    const named = new Set<string>()
    walk(JSON.parse(row.data), cite, named)
    // A row of the annex names its article as it stood then.
    for (const part of chunks([...named])) {
      const known = await db
        .selectFrom('article')
        .select('id')
        .where('id', 'in', part)
        .where('version', '>', 1)
        .execute()
      for (const article of known) await seen(article.id, row.composedAt)
      const single = await db
        .selectFrom('article')
        .select('id')
        .where('id', 'in', part)
        .where('version', '=', 1)
        .execute()
      for (const article of single) cite(article.id, 1)
    }
  }
  for (const { articleId, occasion, createdAt } of await db.selectFrom('alert').selectAll().execute()) {
    const edited = /^edited:(\d+)$/.exec(occasion)?.[1]
    if (edited === undefined) await seen(articleId, createdAt)
    else for (const version of [Number(edited) - 1, Number(edited)]) cite(articleId, version)
  }
  return [...cited.values()]
}

/** Every citation in a stored text, whatever its shape; `named` gathers the ids of what is listed without a version. */
function walk(value: unknown, cite: (articleId: string, version: number) => void, named?: Set<string>): void {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, cite, named)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const { articleId, version, id } = value as Readonly<Record<string, unknown>>
  if (typeof articleId === 'string' && typeof version === 'number') cite(articleId, version)
  else if (typeof articleId === 'string') named?.add(articleId)
  if (typeof id === 'string') named?.add(id)
  for (const one of Object.values(value)) walk(one, cite, named)
}
