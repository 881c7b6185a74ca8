import { CronExpressionParser } from 'cron-parser'
import { type ScheduledTask, schedule } from 'node-cron'
import type { Logger } from 'pino'
import { type Clock, iso, PROVINCE_ZONE } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Store } from '../store/store.ts'

/** A piece of standing work. */
export interface Job {
  readonly name: string
  /** node-cron expression in the province's zone. */
  readonly cron: string
  /** Names the period that a planned time stands for: each is run to its end once, whatever restarts in between. */
  readonly periodKey: (planned: Date) => string
  /** The result is kept as JSON in the run's record. */
  readonly run: (planned: Date, signal: AbortSignal) => Promise<unknown>
  /**
   * Of a result in which nothing happened the counts worth keeping, else null: idle runs share one record, so that those
   * of a job of minutes do not bury the others.
   */
  readonly idle?: (result: unknown) => Readonly<Record<string, number>> | null
}

export interface Scheduler {
  /** Plans every job, then runs once what was missed while the machine was off. */
  readonly start: () => Promise<void>
  /** Runs what is due at `planned` now; null when it is done already or another process holds it. */
  readonly runNow: (job: Job, planned: Date) => Promise<'done' | 'failed' | null>
  /** Runs the last planned period of each job unless it is done; periods before the installation are nobody's debt. */
  readonly catchUp: () => Promise<void>
  /** Aborts what runs and waits for it. */
  readonly stop: () => Promise<void>
}

/** A process that stops extending its lease for this long is taken for dead. */
const LEASE_MS = 60_000
const CATCH_UP_EVERY_MINUTES = 10

/** The last time at or before `now` at which `cron` fires in the province's zone. */
export function lastPlanned(cron: string, now: Date): Date {
  // prev() is strictly earlier: ask from a second later, so that the minute itself counts.
  const from = new Date(now.getTime() + 1000)
  return CronExpressionParser.parse(cron, { tz: PROVINCE_ZONE, currentDate: from }).prev().toDate()
}

export function createScheduler(options: {
  readonly store: Store
  readonly clock: Clock
  readonly jobs: readonly Job[]
  readonly log: Logger
}): Scheduler {
  const { store, clock, jobs, log } = options
  const tasks: ScheduledTask[] = []
  const running = new Set<Promise<unknown>>()
  const abort = new AbortController()

  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    return work.finally(() => running.delete(work))
  }

  const runNow: Scheduler['runNow'] = async (job, planned) => {
    const run = await store.runs.begin(job.name, job.periodKey(planned), iso(clock.now()), LEASE_MS)
    if (run === null) return null
    const lease = setInterval(() => {
      store.runs
        .extend(run.id, iso(clock.now()), LEASE_MS)
        .catch((error: unknown) => log.error({ job: job.name, ...describeError(error) }, 'lease not extended'))
    }, LEASE_MS / 3)
    try {
      const result = await job.run(planned, abort.signal)
      const idle = job.idle?.(result) ?? null
      if (idle === null) await store.runs.finish(run.id, 'done', JSON.stringify(result ?? null), iso(clock.now()))
      else await store.runs.finishIdle(run.id, idle, iso(clock.now()))
      return 'done'
    } catch (error) {
      const problem = describeError(error)
      log.error({ job: job.name, period: run.periodKey, ...problem }, 'run failed')
      await store.runs.finish(run.id, 'failed', JSON.stringify({ error: problem }), iso(clock.now()))
      return 'failed'
    } finally {
      clearInterval(lease)
    }
  }

  const installedAt = async (): Promise<Date> => {
    const now = iso(clock.now())
    const first = await store.runs.begin('install', 'first', now, LEASE_MS)
    if (first !== null) await store.runs.finish(first.id, 'done', 'null', now)
    const record = await store.runs.lastDone('install')
    return new Date(record?.startedAt ?? now)
  }

  const catchUp: Scheduler['catchUp'] = async () => {
    const since = await installedAt()
    for (const job of jobs) {
      const planned = lastPlanned(job.cron, clock.now())
      if (planned >= since && !abort.signal.aborted) await runNow(job, planned)
    }
  }

  /** A scheduler's own failure (the store is gone) must be seen and must not end the process: the next minute tries again. */
  const guarded = (what: string, work: () => Promise<unknown>): Promise<void> =>
    track(work()).then(
      () => undefined,
      (error: unknown) => log.error({ what, ...describeError(error) }, 'scheduler failed'),
    )

  return {
    runNow: (job, planned) => track(runNow(job, planned)),
    catchUp: () => track(catchUp()),
    start: async () => {
      await track(catchUp())
      for (const job of jobs) {
        tasks.push(
          schedule(job.cron, () => guarded(job.name, () => runNow(job, lastPlanned(job.cron, clock.now()))), {
            timezone: PROVINCE_ZONE,
            name: job.name,
            noOverlap: true,
          }),
        )
      }
      // A run that failed, or whose process died, is taken up again without waiting for its next period.
      tasks.push(
        schedule(`*/${CATCH_UP_EVERY_MINUTES} * * * *`, () => guarded('catch-up', catchUp), {
          timezone: PROVINCE_ZONE,
          name: 'catch-up',
          noOverlap: true,
        }),
      )
    },
    stop: async () => {
      for (const task of tasks) await task.destroy()
      tasks.length = 0
      abort.abort()
      await Promise.allSettled(running)
    },
  }
}
