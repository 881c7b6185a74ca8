import type { Selectable } from 'kysely'
import type { FeedItem, Instant } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import { chunks, nfc } from './text.ts'

export interface FrontierEntry {
  readonly url: string
  readonly outletId: string
  readonly host: string
  /** Lower is fetched earlier. */
  readonly priority: number
  readonly discoveredAt: Instant
  readonly notBefore: Instant
  readonly attempts: number
  readonly item: FeedItem | null
}

export interface FrontierProblem {
  readonly url: string
  readonly outletId: string
  readonly code: string
  readonly message: string
  readonly at: Instant
}

export interface Frontier {
  /** URLs already known (in any state) are left alone. Returns those that are new. */
  readonly add: (entries: readonly FrontierEntry[]) => Promise<readonly string[]>
  /** Takes up to `limit` entries that are due, best priority first; they stay claimed until done, retried or released. */
  readonly claim: (now: Instant, limit: number) => Promise<readonly FrontierEntry[]>
  /** In whatever state. */
  readonly get: (url: string) => Promise<FrontierEntry | null>
  readonly done: (url: string, at: Instant) => Promise<void>
  readonly retry: (
    url: string,
    notBefore: Instant,
    problem: { code: string; message: string },
    at: Instant,
  ) => Promise<void>
  /** Given up: the reason stays on record. */
  readonly fail: (url: string, problem: { code: string; message: string }, at: Instant) => Promise<void>
  /** Claims left by a process that died become due again. Returns their number. */
  readonly releaseClaims: () => Promise<number>
  readonly counts: () => Promise<{ waiting: number; claimed: number; done: number; failed: number }>
  readonly problems: (since: Instant) => Promise<readonly FrontierProblem[]>
}

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
