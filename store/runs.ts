import type { Selectable } from 'kysely'
import type { Instant } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { RunRecord, Runs } from './store.ts'
import { nfc } from './text.ts'

export function runsOf(scope: Scope): Runs {
  return {
    // The write lock is taken before the first read: two processes cannot both find the job free.
    begin: (job, periodKey, now, leaseMs) =>
      scope.write(async (db) => {
        const inTheWay = await db
          .selectFrom('run')
          .select('id')
          .where('job', '=', job)
          .where((where) =>
            where.or([
              where.and([where('outcome', '=', 'done'), where('periodKey', '=', periodKey)]),
              where.and([where('outcome', '=', 'running'), where('leaseUntil', '>', now)]),
            ]),
          )
          .executeTakeFirst()
        if (inTheWay) return null
        await db
          .updateTable('run')
          .set({ outcome: 'failed', finishedAt: now, result: JSON.stringify({ code: 'run.lease-ended' }) })
          .where('job', '=', job)
          .where('outcome', '=', 'running')
          .execute()
        const row = await db
          .insertInto('run')
          .values({
            job,
            periodKey,
            startedAt: now,
            finishedAt: null,
            outcome: 'running',
            result: null,
            leaseUntil: leaseEnd(now, leaseMs),
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        return recordOf(row)
      }),

    extend: (id, now, leaseMs) =>
      scope.write(async (db) => {
        await db
          .updateTable('run')
          .set({ leaseUntil: leaseEnd(now, leaseMs) })
          .where('id', '=', id)
          .where('outcome', '=', 'running')
          .execute()
      }),

    finish: (id, outcome, result, at) =>
      scope.write(async (db) => {
        await db
          .updateTable('run')
          .set({ outcome, result: nfc(result), finishedAt: at })
          .where('id', '=', id)
          .where('outcome', '=', 'running')
          .execute()
      }),

    lastDone: (job) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('run')
          .selectAll()
          .where('job', '=', job)
          .where('outcome', '=', 'done')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
        return row ? recordOf(row) : null
      }),

    forget: (job, before) =>
      scope.write(async (db) => {
        const result = await db
          .deleteFrom('run')
          .where('job', '=', job)
          .where('startedAt', '<', before)
          .where('outcome', '!=', 'running')
          .executeTakeFirst()
        return Number(result.numDeletedRows)
      }),

    list: (limit, job) =>
      scope.read(async (db) => {
        const all = db.selectFrom('run').selectAll().orderBy('id', 'desc').limit(limit)
        const rows = await (job === undefined ? all : all.where('job', '=', job)).execute()
        return rows.map(recordOf)
      }),
  }
}

const leaseEnd = (now: Instant, leaseMs: number): Instant => new Date(Date.parse(now) + leaseMs).toISOString()

function recordOf(row: Selectable<Schema['run']>): RunRecord {
  const { id, job, periodKey, startedAt, finishedAt, outcome, result } = row
  return { id, job, periodKey, startedAt, finishedAt, outcome, result }
}
