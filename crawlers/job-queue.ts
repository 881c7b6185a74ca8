import { type IRequestList, Request } from '@crawlee/core'
import type { Clock } from '../clock.ts'
import type { Instant, Outlet, Source } from '../model.ts'
import type { DueVisit, FrontierEntry, SourceState } from '../store/store.ts'
import type { Politeness } from './politeness.ts'

export interface SourceJob {
  readonly kind: 'source'
  readonly outlet: Outlet
  readonly source: Source
  readonly state: SourceState
  /** Sitemap indexes through which it was reached. */
  readonly depth?: number
  /** The outlet's source behind them, and when it was read before; what the sitemap brings speaks for its rhythm. */
  readonly root?: { readonly url: string; readonly since: Instant | null }
}
export interface ArticleJob {
  readonly kind: 'article'
  readonly outlet: Outlet
  readonly entry: FrontierEntry
  /** A page of this address was fetched before. */
  readonly isKnown: boolean
}
/** An article to be read again. */
export interface VisitJob {
  readonly kind: 'visit'
  readonly outlet: Outlet
  readonly visit: DueVisit
}
export type Job = (SourceJob | ArticleJob | VisitJob) & {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Lower is earlier. */
  readonly priority: number
}

/**
 * What crawlee draws its requests from: jobs ordered by host, handed out only when their host may be asked, so that a
 * slow host holds up none but itself. Refilled from the frontier as it runs low; nothing of it outlives the run.
 */
export interface JobQueue {
  readonly list: IRequestList
  readonly jobOf: (request: Request) => Job
  readonly push: (jobs: readonly Job[]) => void
  /** Takes the jobs of a host out for this run; their claims are released at its end. */
  readonly suspend: (host: string) => void
  /** Hands out nothing more. */
  readonly stop: () => void
  readonly held: () => number
}

/** Below this many held jobs the frontier is asked for more. */
const LOW = 50
/** Most jobs held at a time. */
const HIGH = 1000
/** Longest nap while every host rests; new due sources are noticed after it. */
const NAP_MS = 1000

interface HostQueue {
  readonly lifted: boolean
  readonly jobs: Job[]
  running: number
}

export function createJobQueue(options: {
  readonly clock: Clock
  readonly politeness: Politeness
  /** Up to `limit` more jobs; an empty answer means that nothing is due. */
  readonly refill: (limit: number) => Promise<readonly Job[]>
  readonly signal?: AbortSignal | undefined
  /** From this time of the clock (epoch milliseconds) nothing more is handed out. */
  readonly deadline: number
}): JobQueue {
  const { clock, politeness, refill, signal, deadline } = options
  const hosts = new Map<string, HostQueue>()
  const suspended = new Set<string>()
  const running = new Map<string, Job>()
  const behind = new WeakMap<Request, Job>()
  let serial = 0
  let held = 0
  let handled = 0
  let stopped = false
  /** When the frontier had nothing; it is not asked again before a job has ended or a nap has passed. */
  let exhaustedAt = Number.NEGATIVE_INFINITY

  const push = (jobs: readonly Job[]): void => {
    for (const job of jobs) {
      const url = new URL(job.url)
      if (suspended.has(url.host)) continue
      const queue = hosts.get(url.host) ?? { lifted: politeness.isLifted(url), jobs: [], running: 0 }
      hosts.set(url.host, queue)
      // Stable and nearly sorted: a new job goes behind those of its own priority.
      let at = queue.jobs.length
      while (at > 0 && (queue.jobs[at - 1]?.priority ?? 0) > job.priority) at -= 1
      queue.jobs.splice(at, 0, job)
      held += 1
    }
  }

  const readyAt = (host: string, queue: HostQueue): number => {
    if (queue.jobs.length === 0) return Number.POSITIVE_INFINITY
    if (queue.lifted) return 0
    return queue.running > 0 ? Number.POSITIVE_INFINITY : politeness.readyAt(host)
  }

  /** The host whose first job is the most urgent among those that may be asked now. */
  const nextHost = (): HostQueue | null => {
    const now = clock.now().getTime()
    let best: HostQueue | null = null
    for (const [host, queue] of hosts) {
      if (readyAt(host, queue) > now) continue
      if (best === null || (queue.jobs[0]?.priority ?? 0) < (best.jobs[0]?.priority ?? 0)) best = queue
    }
    return best
  }

  const fill = async (): Promise<void> => {
    const now = clock.now().getTime()
    if (stopped || held >= HIGH || now - exhaustedAt < NAP_MS) return
    const before = handled
    const jobs = await refill(Math.min(HIGH - held, 200))
    push(jobs)
    // A job that ended meanwhile may have left more than was seen.
    if (jobs.length === 0 && handled === before) exhaustedAt = now
  }

  const isStopped = (): boolean => stopped || signal?.aborted === true || clock.now().getTime() >= deadline

  const list: IRequestList = {
    inProgress: new Set(),
    length: () => handled + held + running.size,
    handledCount: () => handled,
    persistState: async () => undefined,
    isEmpty: async () => {
      if (isStopped()) return true
      if (held < LOW || nextHost() === null) await fill()
      // Naps follow one another here: crawlee itself would look again a tenth of a second after each.
      while (nextHost() === null) {
        if (held === 0 || running.size > 0 || isStopped()) return true
        const earliest = Math.min(...[...hosts].map(([host, queue]) => readyAt(host, queue)))
        try {
          await clock.sleep(Math.min(Math.max(earliest - clock.now().getTime(), 1), NAP_MS), signal)
        } catch (error) {
          if (!signal?.aborted) throw error
        }
        if (nextHost() === null) await fill()
      }
      return isStopped()
    },
    isFinished: async () => {
      if (running.size > 0) return false
      if (isStopped()) return true
      if (held === 0) await fill()
      return held === 0
    },
    fetchNextRequest: async () => {
      const queue = isStopped() ? null : nextHost()
      const job = queue?.jobs.shift()
      if (!queue || !job) return null
      held -= 1
      queue.running += 1
      serial += 1
      const uniqueKey = String(serial)
      running.set(uniqueKey, job)
      const request = new Request({ url: job.url, uniqueKey, headers: { ...job.headers }, id: uniqueKey })
      behind.set(request, job)
      return request
    },
    markRequestHandled: async (request) => {
      const job = running.get(request.uniqueKey)
      if (!job || !running.delete(request.uniqueKey)) return
      handled += 1
      exhaustedAt = Number.NEGATIVE_INFINITY
      const queue = hosts.get(new URL(job.url).host)
      if (queue) queue.running -= 1
    },
    reclaimRequest: async (request) => {
      // Retries belong to the frontier, which outlives the process; crawlee is told to make none.
      throw new Error(`crawlee asked to repeat ${request.url}`)
    },
    async *[Symbol.asyncIterator]() {
      for (let next = await list.fetchNextRequest(); next !== null; next = await list.fetchNextRequest()) yield next
    },
  }

  return {
    list,
    jobOf: (request) => {
      const job = behind.get(request)
      if (!job) throw new Error(`no job stands behind ${request.url}`)
      return job
    },
    push,
    suspend: (host) => {
      suspended.add(host)
      held -= hosts.get(host)?.jobs.splice(0).length ?? 0
    },
    stop: () => {
      stopped = true
    },
    held: () => held,
  }
}
