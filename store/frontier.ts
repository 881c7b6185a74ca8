import type { Selectable } from 'kysely'
import type { FeedItem } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { Frontier, FrontierEntry } from './store.ts'
import { chunks, nfc } from './text.ts'

export function frontierOf(scope: Scope): Frontier {
  return {
    add: (entries) =>
      scope.write(async (db) => {
        const added: string[] = []
        for (const part of chunks(entries)) {
          const rows = await db
            .insertInto('frontier')
            .values(
              part.map(({ item, ...entry }) => ({
                ...entry,
                item: item === null ? null : nfc(JSON.stringify(item)),
                state: 'waiting' as const,
                finishedAt: null,
                problemCode: null,
                problemMessage: null,
                problemAt: null,
              })),
            )
            .onConflict((conflict) => conflict.column('url').doNothing())
            .returning('url')
            .execute()
          for (const row of rows) added.push(row.url)
        }
        return added
      }),

    claim: (now, limit) =>
      scope.write(async (db) => {
        const due = await db
          .selectFrom('frontier')
          .selectAll()
          .where('state', '=', 'waiting')
          .where('notBefore', '<=', now)
          .orderBy('priority')
          .orderBy('notBefore')
          .orderBy('url')
          .limit(limit)
          .execute()
        for (const part of chunks(due))
          await db
            .updateTable('frontier')
            .set({ state: 'claimed' })
            .where(
              'url',
              'in',
              part.map((row) => row.url),
            )
            .execute()
        return due.map(entryOf)
      }),

    get: (url) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('frontier').selectAll().where('url', '=', url).executeTakeFirst()
        return row ? entryOf(row) : null
      }),

    done: (url, at) =>
      scope.write(async (db) => {
        await db
          .updateTable('frontier')
          .set({ state: 'done', finishedAt: at, problemCode: null, problemMessage: null, problemAt: null })
          .where('url', '=', url)
          .execute()
      }),

    retry: (url, notBefore, problem, at) =>
      scope.write(async (db) => {
        await db
          .updateTable('frontier')
          .set((update) => ({
            state: 'waiting' as const,
            notBefore,
            attempts: update('attempts', '+', 1),
            problemCode: problem.code,
            problemMessage: nfc(problem.message),
            problemAt: at,
          }))
          .where('url', '=', url)
          .execute()
      }),

    fail: (url, problem, at) =>
      scope.write(async (db) => {
        await db
          .updateTable('frontier')
          .set((update) => ({
            state: 'failed' as const,
            attempts: update('attempts', '+', 1),
            finishedAt: at,
            problemCode: problem.code,
            problemMessage: nfc(problem.message),
            problemAt: at,
          }))
          .where('url', '=', url)
          .execute()
      }),

    releaseClaims: () =>
      scope.write(async (db) => {
        const result = await db
          .updateTable('frontier')
          .set({ state: 'waiting' })
          .where('state', '=', 'claimed')
          .executeTakeFirst()
        return Number(result.numUpdatedRows)
      }),

    counts: () =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('frontier')
          .select((select) => ['state', select.fn.countAll<number>().as('n')])
          .groupBy('state')
          .execute()
        const count = (state: string) => rows.find((row) => row.state === state)?.n ?? 0
        return { waiting: count('waiting'), claimed: count('claimed'), done: count('done'), failed: count('failed') }
      }),

    problems: (since) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('frontier')
          .select(['url', 'outletId', 'problemCode', 'problemMessage', 'problemAt'])
          .where('problemAt', '>=', since)
          .orderBy('problemAt')
          .orderBy('url')
          .execute()
        return rows.flatMap(({ url, outletId, problemCode: code, problemMessage: message, problemAt: at }) =>
          code === null || message === null || at === null ? [] : [{ url, outletId, code, message, at }],
        )
      }),
  }
}

function entryOf(row: Selectable<Schema['frontier']>): FrontierEntry {
  const { url, outletId, host, priority, discoveredAt, notBefore, attempts } = row
  const item: FeedItem | null = row.item === null ? null : JSON.parse(row.item)
  return { url, outletId, host, priority, discoveredAt, notBefore, attempts, item }
}
