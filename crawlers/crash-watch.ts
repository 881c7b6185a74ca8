import { type Clock, iso } from '../clock.ts'
import { Skip } from '../errors.ts'
import type { CrawlTrace } from '../store/store.ts'
import type { Job } from './job-queue.ts'
import type { Logger } from './logger.ts'

/** Finds the page whose processing kills the process, so that it does not do so for ever. */
export interface CrashWatch {
  /**
   * Does the work of a job. After polls that ended with the death of their process, one job at a time, noted before it
   * begins; a job under which the process died too often is not begun.
   * @throws Skip `collect.kills-process`
   */
  readonly take: <T>(job: Pick<Job, 'kind' | 'url'>, work: () => Promise<T>) => Promise<T>
  /**
   * Puts jobs under which the process died behind all others: what was only by chance under way then is not so time and
   * again, and what really kills the process does so when all else is done.
   */
  readonly inOrder: (jobs: readonly Job[]) => readonly Job[]
  /** The poll ended by itself. */
  readonly end: () => Promise<void>
}

/** So many polls in a row must have died before jobs are noted: a cut of the power says nothing of a page. */
const DEATHS_BEFORE_CARE = 2
/** A job that was noted at so many deaths is given up. */
export const MOST_DEATHS = 3
/** Behind every priority of sources, articles and visits. */
const LAST = 1000

export async function beginPoll(options: {
  readonly trace: CrawlTrace
  readonly clock: Clock
  readonly log: Logger
}): Promise<CrashWatch> {
  const { trace, clock, log } = options
  const { deaths, suspects } = await trace.beginPoll(iso(clock.now()))
  const isCareful = deaths >= DEATHS_BEFORE_CARE
  if (isCareful) log.warn({ deaths }, 'polls ended with the death of the process: pages are processed one at a time')
  let tail: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }

  const keyOf = ({ kind, url }: Pick<Job, 'kind' | 'url'>): string => `${kind} ${url}`
  const deathsOf = (job: Pick<Job, 'kind' | 'url'>): number => suspects.get(keyOf(job)) ?? 0

  return {
    inOrder: (jobs) =>
      isCareful ? jobs.map((job) => (deathsOf(job) > 0 ? { ...job, priority: LAST + deathsOf(job) } : job)) : jobs,
    take: (job, work) => {
      if (!isCareful) return work()
      const key = keyOf(job)
      return inTurn(async () => {
        try {
          if (deathsOf(job) >= MOST_DEATHS) throw killsProcess(job.url)
          await trace.enter(key, iso(clock.now()))
          return await work()
        } finally {
          await trace.leave(key)
        }
      })
    },
    end: () => trace.endPoll(),
  }
}

const killsProcess = (url: string): Skip =>
  new Skip(`The monitor died ${MOST_DEATHS} times while it processed ${url}`, {
    code: 'collect.kills-process',
    remedy:
      'Report this page as a fault of the monitor; look into the log for how it died (memory, a fault of a library).',
  })
