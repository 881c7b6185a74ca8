import type { Article, Instant, Page } from '../model.ts'
import { articleOf, currentVersions, listOf } from './article-rows.ts'
import { pageOf } from './pages.ts'
import type { Db, Scope } from './scope.ts'
import { nfc } from './text.ts'

/** A sensitive article whose current version has no pictures yet. */
export interface DueEvidence {
  readonly article: Article
  /** From which the version was read. */
  readonly page: Page
  /** So far; all failed. */
  readonly attempts: number
}

/** A file as it was written. */
export interface EvidenceFile {
  /** `sha256:<hex>`. */
  readonly digest: string
  readonly bytes: number
}

/** Pictures of a page, kept as files whose names follow from article and version. */
export interface EvidenceTaken {
  readonly articleId: string
  readonly version: number
  readonly takenAt: Instant
  /** What the browser showed, after redirects. */
  readonly finalUrl: string
  readonly png: EvidenceFile
  readonly pdf: EvidenceFile
}

export interface EvidenceProblem {
  readonly code: string
  readonly message: string
  readonly at: Instant
}

export interface EvidenceRecord {
  readonly articleId: string
  readonly version: number
  readonly attempts: number
  /** Null: taken, or given up. */
  readonly nextAt: Instant | null
  readonly taken: EvidenceTaken | null
  /** Of the last attempt that failed; null once taken. */
  readonly problem: EvidenceProblem | null
}

/** Which version of which article. */
type Key = Pick<EvidenceTaken, 'articleId' | 'version'>

/** Pictures of sensitive articles' pages; the files stand in the data folder. */
export interface Evidence {
  /**
   * Articles that are sensitive and relevant in effect, whose current version was read from a page of the web since
   * `since`, which are not known to be gone and whose text no person brought in; the newest version first.
   */
  readonly due: (now: Instant, since: Instant, limit: number) => Promise<readonly DueEvidence[]>
  /**
   * Counts an attempt before it starts and sets when the next may follow (null: never). False when there are pictures
   * already, or another attempt came first.
   */
  readonly begin: (key: Key, now: Instant, nextAt: Instant | null) => Promise<boolean>
  readonly taken: (record: EvidenceTaken) => Promise<void>
  /** @param nextAt null gives it up */
  readonly failed: (key: Key, problem: EvidenceProblem, nextAt: Instant | null) => Promise<void>
  /** The attempt that began last does not count: the monitor stopped. */
  readonly release: (key: Key, now: Instant) => Promise<void>
  readonly get: (articleId: string, version: number) => Promise<EvidenceRecord | null>
  /** Of every version, the oldest first. */
  readonly ofArticle: (articleId: string) => Promise<readonly EvidenceRecord[]>
  /** What was taken, by article and version; `after` is the last of the part before. */
  readonly list: (after: Key | null, limit: number) => Promise<readonly EvidenceTaken[]>
}

export function evidenceOf(scope: Scope): Evidence {
  return {
    due: (now, since, limit) => scope.read((db) => due(db, now, since, limit)),

    begin: ({ articleId, version }, now, nextAt) =>
      scope.write(async (db) => {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('evidence')
          .values({ articleId, version, attempts: 1, nextAt })
          .onConflict((conflict) =>
            conflict
              .columns(['articleId', 'version'])
              .doUpdateSet(({ ref, eb }) => ({ attempts: eb(ref('evidence.attempts'), '+', 1), nextAt }))
              .where('evidence.nextAt', '<=', now),
          )
          .executeTakeFirstOrThrow()
        return numInsertedOrUpdatedRows === 1n
      }),

    taken: ({ articleId, version, takenAt, finalUrl, png, pdf }) =>
      scope.write(async (db) => {
        const files = { pngDigest: png.digest, pngBytes: png.bytes, pdfDigest: pdf.digest, pdfBytes: pdf.bytes }
        await db
          .updateTable('evidence')
          .set({ ...files, takenAt, finalUrl, nextAt: null })
          .set({ problemCode: null, problemMessage: null, problemAt: null })
          .where('articleId', '=', articleId)
          .where('version', '=', version)
          .execute()
      }),

    failed: ({ articleId, version }, { code, message, at }, nextAt) =>
      scope.write(async (db) => {
        await db
          .updateTable('evidence')
          .set({ nextAt, problemCode: code, problemMessage: nfc(message), problemAt: at })
          .where('articleId', '=', articleId)
          .where('version', '=', version)
          .where('takenAt', 'is', null)
          .execute()
      }),

    release: ({ articleId, version }, now) =>
      scope.write(async (db) => {
        await db
          .updateTable('evidence')
          .set(({ eb }) => ({ attempts: eb('attempts', '-', 1), nextAt: now }))
          .where('articleId', '=', articleId)
          .where('version', '=', version)
          .where('takenAt', 'is', null)
          .execute()
      }),

    get: (articleId, version) =>
      scope.read(async (db) => {
        const row = await rows(db).where('articleId', '=', articleId).where('version', '=', version).executeTakeFirst()
        return row ? recordOf(row) : null
      }),

    ofArticle: (articleId) =>
      scope.read(async (db) => {
        const found = await rows(db).where('articleId', '=', articleId).orderBy('version').execute()
        return found.map(recordOf)
      }),

    list: (after, limit) =>
      scope.read(async (db) => {
        let query = rows(db).where('takenAt', 'is not', null)
        if (after !== null)
          query = query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('articleId', 'version'), '>', tuple(after.articleId, after.version)),
          )
        const found = await query.orderBy('articleId').orderBy('version').limit(limit).execute()
        return found.map(recordOf).flatMap(({ taken }) => (taken ? [taken] : []))
      }),
  }
}

async function due(db: Db, now: Instant, since: Instant, limit: number): Promise<readonly DueEvidence[]> {
  const found = await currentVersions(db)
    .innerJoin('page', 'page.id', 'articleVersion.pageId')
    .leftJoin('visit', 'visit.articleId', 'article.id')
    .leftJoin('evidence', (join) =>
      join
        .onRef('evidence.articleId', '=', 'articleVersion.articleId')
        .onRef('evidence.version', '=', 'articleVersion.version'),
    )
    .select((select) => select.fn.coalesce('evidence.attempts', select.lit(0)).as('attempts'))
    // Written out, so that the index of sensitive articles serves.
    .where((where) => where('article.sensitive', '=', where.lit(1)))
    .where('article.relevance', 'in', ['main', 'mention'])
    .where('articleVersion.completeness', '!=', 'feed-only')
    .where('articleVersion.seenAt', '>=', since)
    .where((where) => where.or([where('page.url', 'like', 'http://%'), where('page.url', 'like', 'https://%')]))
    .where('visit.goneAt', 'is', null)
    // What a person brought is what crawlers do not reach.
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('handEntry')
            .innerJoin('articleUrl', 'articleUrl.url', 'handEntry.url')
            .select('handEntry.id')
            .whereRef('articleUrl.articleId', '=', 'article.id')
            .where('handEntry.kind', '=', 'text'),
        ),
      ),
    )
    .where((where) => where.or([where('evidence.articleId', 'is', null), where('evidence.nextAt', '<=', now)]))
    .orderBy('articleVersion.seenAt', 'desc')
    .orderBy('article.id')
    .limit(limit)
    .execute()
  const pageIds = found.flatMap(({ pageId }) => (pageId === null ? [] : [pageId]))
  const pageRows = await db.selectFrom('page').selectAll().where('id', 'in', listOf(pageIds)).execute()
  const pages = new Map(pageRows.map((row) => [row.id, pageOf(row)]))
  return found.flatMap((row) => {
    const page = pages.get(row.pageId ?? '')
    return page ? [{ article: articleOf(row), page, attempts: row.attempts }] : []
  })
}

const rows = (db: Db) => db.selectFrom('evidence').selectAll()

function recordOf(row: Awaited<ReturnType<ReturnType<typeof rows>['executeTakeFirstOrThrow']>>): EvidenceRecord {
  const { articleId, version, attempts, nextAt, takenAt, finalUrl, problemCode, problemAt } = row
  const fileOf = (digest: string | null, bytes: number | null): EvidenceFile | null =>
    digest === null || bytes === null ? null : { digest, bytes }
  const png = fileOf(row.pngDigest, row.pngBytes)
  const pdf = fileOf(row.pdfDigest, row.pdfBytes)
  const taken = takenAt && finalUrl && png && pdf ? { articleId, version, takenAt, finalUrl, png, pdf } : null
  const problem =
    problemCode === null || problemAt === null
      ? null
      : { code: problemCode, message: row.problemMessage ?? '', at: problemAt }
  return { articleId, version, attempts, nextAt, taken, problem }
}
