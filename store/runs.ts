import type { Selectable } from 'kysely'
import type { Instant } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import { nfc } from './text.ts'

export interface RunRecord {
  readonly id: number
  readonly job: string
  /** The period it stands for, e.g. `2025-W40` or the planned minute: one successful run each. */
  readonly periodKey: string
  readonly startedAt: Instant
  readonly finishedAt: Instant | null
  readonly outcome: 'running' | 'done' | 'failed'
  /** JSON of what it found. */
  readonly result: string | null
}

export interface Runs {
  /** Claims the job for the period; null when that period is done already, or when any run of the job (of whatever period or process) is live: running and its lease not ended. A run whose lease ended is closed as failed. */
  readonly begin: (job: string, periodKey: string, now: Instant, leaseMs: number) => Promise<RunRecord | null>
  readonly extend: (id: number, now: Instant, leaseMs: number) => Promise<void>
  readonly finish: (id: number, outcome: 'done' | 'failed', result: string, at: Instant) => Promise<void>
  /**
   * Ends a run in which nothing happened. It takes the place of the idle run right before it: one row says how many there
   * were (`idle` of its result), since when, and the sums of their counts.
   */
  readonly finishIdle: (id: number, counts: Readonly<Record<string, number>>, at: Instant) => Promise<void>
  readonly lastDone: (job: string) => Promise<RunRecord | null>
  /** Newest first; of one job when it is named. */
  readonly list: (limit: number, job?: string) => Promise<readonly RunRecord[]>
}

/** Why a run failed whose process died, in the form of any other failure. */
const LEASE_ENDED = {
  code: 'run.lease-ended',
  message: 'The process that ran it ended, or stood still, before the work was done',
  remedy: 'Nothing to do: it is taken up again. If it happens often, see why the process ends.',
}

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
          .set({ outcome: 'failed', finishedAt: now, result: JSON.stringify({ error: LEASE_ENDED }) })
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

    finishIdle: (id, counts, at) =>
      scope.write(async (db) => {
        const run = await db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst()
        if (run?.outcome !== 'running') return
        const before = await db
          .selectFrom('run')
          .selectAll()
          .where('job', '=', run.job)
          .where('id', '<', id)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
        const earlier = before ? idleCounts(before.result) : null
        const sums: Record<string, number> = { idle: (earlier?.idle ?? 0) + 1 }
        for (const [name, count] of Object.entries(counts)) sums[name] = (earlier?.[name] ?? 0) + count
        if (before && earlier) await db.deleteFrom('run').where('id', '=', before.id).execute()
        await db
          .updateTable('run')
          .set({ outcome: 'done', result: JSON.stringify(sums), finishedAt: at })
          .set({ startedAt: before && earlier ? before.startedAt : run.startedAt })
          .where('id', '=', id)
          .execute()
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

/** The counts of a run that was idle; null: it was not. */
function idleCounts(result: string | null): Readonly<Record<string, number>> | null {
  const value: unknown = result === null ? null : JSON.parse(result)
  const isIdle = typeof value === 'object' && value !== null && 'idle' in value && typeof value.idle === 'number'
  return isIdle ? (value as unknown as Readonly<Record<string, number>>) : null
}

function recordOf(row: Selectable<Schema['run']>): RunRecord {
  const { id, job, periodKey, startedAt, finishedAt, outcome, result } = row
  return { id, job, periodKey, startedAt, finishedAt, outcome, result }
}
