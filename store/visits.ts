import type { Article, Instant, Page } from '../model.ts'
import type { Gone, GoneReason } from '../pipeline/soft-404.ts'
import { LAST_VISIT_MS, nextVisit, SECOND_LOOK_MS } from '../pipeline/visit-plan.ts'
import { articleOf, currentVersions, listOf } from './article-rows.ts'
import { recordChange } from './changes.ts'
import { pageOf } from './pages.ts'
import type { Db, Scope } from './scope.ts'
import { nfc } from './text.ts'

/**
 * What a visit found. `suspected`: it seems gone, and is looked at once more. `unreadable`: the page shows the article, but it could not be read into text. `refused`: the host does not
 * let the monitor read it. `failed`: no answer that says anything; it is tried again.
 */
export type VisitOutcome = 'unchanged' | 'changed' | 'suspected' | 'gone' | 'back' | 'unreadable' | 'refused' | 'failed'

/** An article that is due to be read again. */
export interface DueVisit {
  readonly article: Article
  /** The last page that held it. */
  readonly page: Page
  readonly dueAt: Instant
  /** Attempts of this visit that failed. */
  readonly failures: number
  readonly suspectedGoneAt: Instant | null
  readonly goneAt: Instant | null
}

interface Problem {
  readonly code: string
  readonly message: string
}

export type VisitRecord = {
  readonly articleId: string
  readonly at: Instant
  /** The page fetched; becomes the one to compare with when it held the article. */
  readonly pageId: string | null
} & (
  | { readonly outcome: 'unchanged' | 'back' }
  | { readonly outcome: 'changed'; readonly version: number }
  | { readonly outcome: 'suspected' | 'gone'; readonly gone: Gone }
  | { readonly outcome: 'unreadable' | 'refused'; readonly problem: Problem }
  /** `retryAt` null gives this visit up. */
  | { readonly outcome: 'failed'; readonly problem: Problem; readonly retryAt: Instant | null }
)

export interface VisitLogEntry {
  readonly at: Instant
  readonly outcome: VisitOutcome
  /** A `GoneReason`, or the code of a problem. */
  readonly reason: string | null
  /** The words, the address or the number that say so, or the problem's message. */
  readonly evidence: string | null
  readonly pageId: string | null
  readonly version: number | null
}

/** What became of an article after it was first read. */
export interface ArticleFate {
  /** Times the outlet changed it. */
  readonly edits: number
  readonly lastEditAt: Instant | null
  readonly goneAt: Instant | null
  readonly goneReason: GoneReason | null
  readonly goneEvidence: string | null
}

/**
 * Why a version was made: the article's `first`; `completed`: the page of an article of which only the feed was known;
 * `reread`: the same page read by other means; `edited`: the outlet changed it.
 */
export type VersionCause = 'first' | 'completed' | 'reread' | 'edited'

export interface VersionNote {
  readonly version: number
  readonly seenAt: Instant
  readonly cause: VersionCause
}

/** Later visits to the pages of relevant articles. They are planned wherever an assessment or correction is written. */
export interface Visits {
  /** Sensitive articles first, then the longest due; `except` are under way. */
  readonly due: (now: Instant, limit: number, except?: readonly string[]) => Promise<readonly DueVisit[]>
  /** Writes what a visit found and plans the next; a mark that an article is gone or back enters the change feed. */
  readonly record: (visit: VisitRecord) => Promise<void>
  /** Oldest first. */
  readonly log: (articleId: string) => Promise<readonly VisitLogEntry[]>
  /** When the next visit is due; null: none is planned. */
  readonly nextAt: (articleId: string) => Promise<Instant | null>
  /** Articles that were neither edited nor taken down are left out. */
  readonly fates: (articleIds: readonly string[]) => Promise<ReadonlyMap<string, ArticleFate>>
  /** Oldest first. */
  readonly versions: (articleId: string) => Promise<readonly VersionNote[]>
  /** How many other addresses of the outlet answered 200 with the very same body. */
  readonly othersWithBody: (digest: string, outletId: string, url: string) => Promise<number>
}

/** Shows the article itself: what comes next is compared with this page. */
const alive: ReadonlySet<VisitOutcome> = new Set(['unchanged', 'changed', 'back'])

export function visitsOf(scope: Scope): Visits {
  return {
    due: (now, limit, except = []) =>
      scope.read(async (db) => {
        const rows = await currentVersions(db)
          .innerJoin('visit', 'visit.articleId', 'article.id')
          .select(['visit.nextAt', 'visit.failures', 'visit.suspectedGoneAt', 'visit.goneAt'])
          .select((select) => select.fn.coalesce('visit.pageId', 'articleVersion.pageId').as('lastPageId'))
          .where('visit.nextAt', '<=', now)
          .where('article.id', 'not in', listOf(except))
          .orderBy('article.sensitive', 'desc')
          .orderBy('visit.nextAt')
          .limit(limit)
          .execute()
        const pageIds = rows.flatMap(({ lastPageId }) => (lastPageId === null ? [] : [lastPageId]))
        const found = await db.selectFrom('page').selectAll().where('id', 'in', listOf(pageIds)).execute()
        const pages = new Map(found.map((row) => [row.id, pageOf(row)]))
        return rows.flatMap((row): DueVisit[] => {
          const page = pages.get(row.lastPageId ?? '')
          if (!page || row.nextAt === null) return []
          const { nextAt: dueAt, failures, suspectedGoneAt, goneAt } = row
          return [{ article: articleOf(row), page, dueAt, failures, suspectedGoneAt, goneAt }]
        })
      }),

    record: (visit) => scope.write((db) => record(db, visit)),

    log: (articleId) =>
      scope.read((db) =>
        db
          .selectFrom('visitLog')
          .select(['at', 'outcome', 'reason', 'evidence', 'pageId', 'version'])
          .where('articleId', '=', articleId)
          .orderBy('id')
          .execute(),
      ),

    nextAt: (articleId) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('visit').select('nextAt').where('articleId', '=', articleId).executeTakeFirst()
        return row?.nextAt ?? null
      }),

    fates: (articleIds) => scope.read((db) => fates(db, articleIds)),

    versions: (articleId) =>
      scope.read((db) =>
        db
          .selectFrom('articleVersion')
          .select(['version', 'seenAt', 'cause'])
          .where('articleId', '=', articleId)
          .orderBy('version')
          .execute(),
      ),

    othersWithBody: (digest, outletId, url) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('page')
          .select((select) => select.fn.count<number>('url').distinct().as('n'))
          .where('digest', '=', digest)
          .where('outletId', '=', outletId)
          .where('status', '=', 200)
          .where('url', '!=', url)
          .executeTakeFirstOrThrow()
        return row.n
      }),
  }
}

async function fates(db: Db, articleIds: readonly string[]): Promise<ReadonlyMap<string, ArticleFate>> {
  const edits = await db
    .selectFrom('articleVersion')
    .select(['articleId', (select) => select.fn.countAll<number>().as('edits')])
    .select((select) => select.fn.max('seenAt').as('lastEditAt'))
    .where('cause', '=', 'edited')
    .where('articleId', 'in', listOf(articleIds))
    .groupBy('articleId')
    .execute()
  // An edit whose version retention took away was one all the same.
  const removed = await db
    .selectFrom('removedVersion')
    .select(['articleId', (select) => select.fn.countAll<number>().as('edits')])
    .where('cause', '=', 'edited')
    .where('articleId', 'in', listOf(articleIds))
    .groupBy('articleId')
    .execute()
  const removedOf = new Map(removed.map((row) => [row.articleId, row.edits]))
  const gone = await db
    .selectFrom('visit')
    .select(['articleId', 'goneAt', 'goneReason', 'goneEvidence'])
    .where('goneAt', 'is not', null)
    .where('articleId', 'in', listOf(articleIds))
    .execute()
  const result = new Map<string, ArticleFate>()
  const none: ArticleFate = { edits: 0, lastEditAt: null, goneAt: null, goneReason: null, goneEvidence: null }
  for (const { articleId, edits: kept, lastEditAt } of edits) {
    result.set(articleId, { ...none, edits: kept + (removedOf.get(articleId) ?? 0), lastEditAt })
  }
  for (const { articleId, ...mark } of gone) result.set(articleId, { ...(result.get(articleId) ?? none), ...mark })
  return result
}

async function record(db: Db, visit: VisitRecord): Promise<void> {
  const { articleId, at, outcome, pageId } = visit
  const state = await db
    .selectFrom('visit')
    .innerJoin('article', 'article.id', 'visit.articleId')
    .select(['article.firstSeen', 'article.sensitive', 'article.relevance'])
    .select(['visit.failures', 'visit.suspectedGoneAt', 'visit.goneAt'])
    .where('visit.articleId', '=', articleId)
    .executeTakeFirst()
  if (!state) throw new Error(`no visit to ${articleId} was planned`)
  await log(db, visit)
  const { goneAt, failures } = state
  const planned = state.relevance === 'none' ? null : nextVisit(state.firstSeen, at, state.sensitive === 1)
  const isAlive = alive.has(outcome)
  const update = db.updateTable('visit').where('articleId', '=', articleId)
  if (visit.outcome === 'failed' && visit.retryAt !== null) {
    await update.set({ nextAt: visit.retryAt, failures: failures + 1 }).execute()
    return
  }
  await update.set({ nextAt: planned, lookedAt: at, failures: 0 }).execute()
  if (visit.outcome === 'suspected') {
    const suspectedGoneAt = state.suspectedGoneAt ?? at
    const secondLook = new Date(Date.parse(suspectedGoneAt) + SECOND_LOOK_MS).toISOString()
    await update.set({ suspectedGoneAt, nextAt: secondLook }).execute()
  }
  if (visit.outcome === 'gone' && goneAt === null) {
    await update.set({ goneAt: at, goneReason: visit.gone.reason, goneEvidence: nfc(visit.gone.evidence) }).execute()
  }
  if (isAlive) {
    const cleared = { suspectedGoneAt: null, goneAt: null, goneReason: null, goneEvidence: null }
    await update.set({ ...cleared, ...(pageId === null ? {} : { pageId }) }).execute()
  }
  if (outcome === 'gone' ? goneAt === null : isAlive && goneAt !== null) await recordChange(db, [articleId])
}

async function log(db: Db, visit: VisitRecord): Promise<void> {
  const { articleId, at, outcome, pageId } = visit
  const said =
    'gone' in visit
      ? { reason: visit.gone.reason, evidence: nfc(visit.gone.evidence) }
      : 'problem' in visit
        ? { reason: visit.problem.code, evidence: nfc(visit.problem.message) }
        : { reason: null, evidence: null }
  const version = visit.outcome === 'changed' ? visit.version : null
  await db
    .insertInto('visitLog')
    .values({ articleId, at, outcome, pageId, version, ...said })
    .execute()
  if (pageId === null) return
  await db
    .insertInto('articlePage')
    .values({ pageId, articleId })
    .onConflict((conflict) => conflict.column('pageId').doNothing())
    .execute()
}

/**
 * Plans, moves or ends the visits to an article whose assessment in effect just changed; called in that transaction.
 * Of an old article that becomes relevant (an archive assessed anew) nothing is planned.
 */
export async function planVisit(db: Db, articleId: string, at: Instant): Promise<void> {
  const article = await db
    .selectFrom('article')
    .innerJoin('articleVersion', (join) =>
      join.onRef('articleVersion.articleId', '=', 'article.id').onRef('articleVersion.version', '=', 'article.version'),
    )
    .leftJoin('page', 'page.id', 'articleVersion.pageId')
    .leftJoin('visit', 'visit.articleId', 'article.id')
    .select(['article.firstSeen', 'article.relevance', 'article.sensitive', 'articleVersion.completeness'])
    .select(['page.fetchedAt', 'visit.lookedAt', 'visit.failures', 'visit.suspectedGoneAt', 'visit.goneAt'])
    .where('article.id', '=', articleId)
    .executeTakeFirst()
  if (!article) return
  const { firstSeen, fetchedAt, lookedAt } = article
  // A new version is judged in the same transaction, a moment later.
  if (article.relevance === null) return
  if (article.relevance === 'none' || fetchedAt === null || article.completeness === 'feed-only') {
    if (lookedAt !== null) {
      await db.updateTable('visit').set({ nextAt: null }).where('articleId', '=', articleId).execute()
    }
    return
  }
  const isSensitive = article.sensitive === 1
  if (lookedAt === null) {
    if (Date.parse(at) - Date.parse(firstSeen) > LAST_VISIT_MS) return
    const seen = fetchedAt > firstSeen ? fetchedAt : firstSeen
    const plan = { articleId, nextAt: nextVisit(firstSeen, seen, isSensitive), lookedAt: seen, failures: 0 }
    await db.insertInto('visit').values(plan).execute()
    return
  }
  const isSecondLook = article.suspectedGoneAt !== null && article.goneAt === null
  if (isSecondLook || article.failures !== 0) return
  const nextAt = nextVisit(firstSeen, lookedAt, isSensitive)
  await db.updateTable('visit').set({ nextAt }).where('articleId', '=', articleId).execute()
}
