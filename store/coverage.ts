import { sql } from 'kysely'
import type { Instant } from '../model.ts'
import type { Scope } from './scope.ts'

/** How many articles an outlet published in one hour of the province. */
export interface OutletHour {
  readonly outletId: string
  /** `YYYY-MM-DDTHH` in the province's zone. */
  readonly hour: string
  readonly articles: number
}

/** How well the pages of an outlet were read. */
export interface OutletReads {
  readonly outletId: string
  /** Articles read from a page. */
  readonly pages: number
  /** Of them those with fewer characters than asked for. */
  readonly short: number
}

/** Counts by outlet, each in one query for all of them. */
export interface CoverageFigures {
  /** Articles with publication in [from, to). */
  readonly hours: (from: Instant, to: Instant) => Promise<readonly OutletHour[]>
  readonly counts: (from: Instant, to: Instant) => Promise<ReadonlyMap<string, number>>
  /** Articles first seen at or after `since`. */
  readonly reads: (since: Instant, characters: number) => Promise<readonly OutletReads[]>
}

export function coverageOf(scope: Scope): CoverageFigures {
  return {
    hours: (from, to) =>
      scope.read((db) => {
        // The province keeps no daylight saving time.
        const hour = sql<string>`strftime('%Y-%m-%dT%H', published, '+7 hours')`
        return db
          .selectFrom('article')
          .select((select) => ['outletId', hour.as('hour'), select.fn.countAll<number>().as('articles')])
          .where('published', '>=', from)
          .where('published', '<', to)
          .groupBy(['outletId', hour])
          .execute()
      }),

    counts: (from, to) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('article')
          .select((select) => ['outletId', select.fn.countAll<number>().as('articles')])
          .where('published', '>=', from)
          .where('published', '<', to)
          .groupBy('outletId')
          .execute()
        return new Map(rows.map(({ outletId, articles }) => [outletId, articles]))
      }),

    reads: (since, characters) =>
      scope.read((db) =>
        db
          .selectFrom('article')
          .innerJoin('articleVersion', (join) =>
            join
              .onRef('articleVersion.articleId', '=', 'article.id')
              .onRef('articleVersion.version', '=', 'article.version'),
          )
          .select((select) => [
            'article.outletId',
            select.fn.countAll<number>().as('pages'),
            sql<number>`sum(length(text) < ${characters})`.as('short'),
          ])
          .where('article.firstSeen', '>=', since)
          .where('articleVersion.pageId', 'is not', null)
          // By the outlet's index alone it would walk through the whole archive: `+` keeps to the time.
          .groupBy(sql`+article.outletId`)
          .execute(),
      ),
  }
}
