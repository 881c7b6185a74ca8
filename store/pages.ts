import type { Selectable } from 'kysely'
import type { Page } from '../model.ts'
import { listOf } from './article-rows.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { Pages } from './store.ts'
import { nfc } from './text.ts'

export function pagesOf(scope: Scope): Pages {
  return {
    add: (page) =>
      scope.write(async (db) => {
        const { warc, headers, ...rest } = page
        await db
          .insertInto('page')
          .values({
            ...rest,
            headers: nfc(JSON.stringify(headers)),
            warcFile: warc?.file ?? null,
            warcOffset: warc?.offset ?? null,
            warcLength: warc?.length ?? null,
          })
          .execute()
      }),

    get: (id) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('page').selectAll().where('id', '=', id).executeTakeFirst()
        return row ? pageOf(row) : null
      }),

    latestOf: (url) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('page')
          .selectAll()
          .where('url', '=', url)
          .orderBy('fetchedAt', 'desc')
          .limit(1)
          .executeTakeFirst()
        return row ? pageOf(row) : null
      }),

    fetchedAmong: (urls) =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('page').select('url').where('url', 'in', listOf(urls)).distinct().execute()
        return new Set(rows.map(({ url }) => url))
      }),

    beside: ({ id, outletId }, until, limit) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('article')
          .innerJoin('articleVersion', (join) =>
            join
              .onRef('articleVersion.articleId', '=', 'article.id')
              .onRef('articleVersion.version', '=', 'article.version'),
          )
          .innerJoin('page', 'page.id', 'articleVersion.pageId')
          .selectAll('page')
          .where('article.outletId', '=', outletId)
          .where('article.published', '<=', until)
          .where('article.id', '!=', id)
          .where('page.warcFile', 'is not', null)
          .orderBy('article.published', 'desc')
          .limit(limit)
          .execute()
        return rows.map(pageOf)
      }),

    droppable: (before, limit) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('page')
          .innerJoin('articlePage', 'articlePage.pageId', 'page.id')
          .innerJoin('article', 'article.id', 'articlePage.articleId')
          .selectAll('page')
          .where('article.relevance', '=', 'none')
          .where('article.firstSeen', '<', before)
          .where('page.warcFile', 'is not', null)
          .orderBy('page.warcFile')
          .orderBy('page.warcOffset')
          .limit(limit)
          .execute()
        return rows.map(pageOf)
      }),

    moveWarc: (moves) =>
      scope.write(async (db) => {
        for (const { id, warc } of moves)
          await db
            .updateTable('page')
            .set({
              warcFile: warc?.file ?? null,
              warcOffset: warc?.offset ?? null,
              warcLength: warc?.length ?? null,
            })
            .where('id', '=', id)
            .execute()
      }),

    inWarcFile: (file) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('page')
          .selectAll()
          .where('warcFile', '=', file)
          .orderBy('warcOffset')
          .execute()
        return rows.map(pageOf)
      }),

    warcFiles: () =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('page')
          .select('warcFile')
          .distinct()
          .where('warcFile', 'is not', null)
          .orderBy('warcFile')
          .execute()
        return rows.flatMap(({ warcFile }) => warcFile ?? [])
      }),

    ofArticle: (articleId) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('page')
          .innerJoin('articlePage', 'articlePage.pageId', 'page.id')
          .selectAll('page')
          .where('articlePage.articleId', '=', articleId)
          .orderBy('page.fetchedAt')
          .execute()
        return rows.map(pageOf)
      }),
  }
}

export function pageOf(row: Selectable<Schema['page']>): Page {
  const { warcFile: file, warcOffset: offset, warcLength: length, headers, ...rest } = row
  const warc = file === null || offset === null || length === null ? null : { file, offset, length }
  return { ...rest, headers: JSON.parse(headers), warc }
}
