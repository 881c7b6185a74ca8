import { statfs } from 'node:fs/promises'
import { Configuration, LocalEventManager, Log, LogLevel } from '@crawlee/core'
import { HttpCrawler } from '@crawlee/http'
import { type Clock, iso } from '../clock.ts'
import { describeError, RetryLater, Skip } from '../errors.ts'
import type { Outlet } from '../model.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { FrontierEntry, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { readFeed, readListing } from './discover.ts'
import { createGuard } from './guards.ts'
import { createHttpClient, type Fetched, type FetchLimits, userAgentFor } from './http-client.ts'
import type { Ingest } from './ingest.ts'
import { type ArticleJob, createJobQueue, type Job, type JobQueue, type SourceJob } from './job-queue.ts'
import { judgePage, temporaryProblem } from './judge-page.ts'
import { createPoliteness } from './politeness.ts'
import {
  afterFailure,
  afterSuccess,
  conditions,
  defaultPace,
  isDue,
  neverPolled,
  type PollPace,
} from './source-state.ts'
import { type CollectResult, createTally, type Tally } from './tally.ts'

export interface Logger {
  readonly info: (details: object, message: string) => void
  readonly warn: (details: object, message: string) => void
}

export interface CollectorOptions {
  readonly store: Store
  readonly outlets: readonly Outlet[]
  readonly archive: Archive
  readonly ingest: Ingest
  readonly clock: Clock
  readonly log: Logger
  /** E-mail or web address in the User-Agent; nothing is collected without one. */
  readonly contact: string | null
  /** Collecting stops below this many bytes of free disk. */
  readonly minFreeBytes: number
  /** Hosts for which the address guard is lifted, and those for which delay and robots.txt are: tests and the demo only. */
  readonly testHosts: readonly string[]
  readonly impoliteHosts?: readonly string[]
  readonly pace?: PollPace
  readonly limits?: FetchLimits
  /** Requests under way at a time, over all hosts. */
  readonly maxConcurrency?: number
  /** Pause after a 429 or 503 that names no time. */
  readonly penaltyMs?: number
}

export interface PollOptions {
  readonly signal?: AbortSignal | undefined
  /** Asks every source, due or not. */
  readonly all?: boolean
  /** Begins nothing new after so long. */
  readonly budgetMs?: number
}

export interface Collector {
  /**
   * Asks the sources that are due and fetches what the frontier holds, until nothing is due, the budget is spent, the
   * disk is nearly full or the signal aborts.
   * @throws Fatal when archive or store cannot be written
   */
  readonly poll: (options?: PollOptions) => Promise<CollectResult>
  readonly close: () => Promise<void>
}

const DAY = 86_400_000
const MOST_ATTEMPTS = 5
const FIRST_RETRY_MS = 5 * 60_000
/** After so many failures of its network in a row a host is left alone for the rest of the poll. */
const HOST_FAILURES = 3
const FREE_SPACE_EVERY = 50
const LOOK_EVERY_MS = 30_000
const errorStatuses = Array.from({ length: 100 }, (_, at) => 500 + at)
/** Lower is earlier: sources first, then what was just published, then backlog. */
const priorities = { source: 0, breaking: 1, recent: 2, backlog: 3 } as const

export function createCollector(options: CollectorOptions): Collector {
  const { store, archive, ingest, clock, log, contact } = options
  const pace = options.pace ?? defaultPace
  const outlets = new Map(options.outlets.map((outlet) => [outlet.id, outlet]))
  const userAgent = userAgentFor(contact ?? '')
  const politeness = createPoliteness({
    clock,
    robotsName: userAgent.split('/')[0] ?? userAgent,
    defaultDelaySeconds: 5,
    liftedHosts: options.impoliteHosts ?? options.testHosts,
    ...(options.penaltyMs === undefined ? {} : { penaltyMs: options.penaltyMs }),
  })
  const client = createHttpClient({
    clock,
    guard: createGuard(options.testHosts),
    politeness,
    userAgent,
    ...(options.limits ? { limits: options.limits } : {}),
  })
  let released = false

  for (const outlet of options.outlets) {
    for (const source of outlet.sources) politeness.setDelay(new URL(source.url).host, outlet.delaySeconds)
  }

  const dueSources = async (all: boolean): Promise<Job[]> => {
    const now = clock.now()
    const states = new Map((await store.sources.all()).map((state) => [`${state.outletId} ${state.url}`, state]))
    return options.outlets.flatMap((outlet) =>
      outlet.sources.flatMap((source): Job[] => {
        const state = states.get(`${outlet.id} ${source.url}`) ?? neverPolled(outlet.id, source.url)
        if (!all && !isDue(state, now)) return []
        const headers = conditions(state, now)
        return [{ kind: 'source', outlet, source, state, url: source.url, headers, priority: priorities.source }]
      }),
    )
  }

  /** Entries of the frontier that are due, as jobs. What is known by another address already is settled here. */
  const dueArticles = async (limit: number): Promise<Job[]> => {
    const jobs: Job[] = []
    for (const entry of await store.frontier.claim(iso(clock.now()), limit)) {
      const outlet = outlets.get(entry.outletId)
      if (!outlet) {
        const gone = { code: 'outlet.unknown', message: `the outlet ${entry.outletId} is not followed any more` }
        await store.frontier.fail(entry.url, gone, iso(clock.now()))
        continue
      }
      const known = await store.articles.byUrl(entry.url)
      if (known && known.pageId !== null) {
        await store.frontier.done(entry.url, iso(clock.now()))
        continue
      }
      const url = entry.item?.url ?? entry.url
      politeness.setDelay(new URL(url).host, outlet.delaySeconds)
      jobs.push({ kind: 'article', outlet, entry, url, headers: {}, priority: entry.priority })
    }
    return jobs
  }

  const entriesOf = (job: SourceJob, fetched: Fetched): FrontierEntry[] => {
    const { outlet, source } = job
    const now = clock.now()
    const type = fetched.headers['content-type'] ?? null
    const { items } =
      source.kind === 'feed'
        ? readFeed(fetched.body, type, fetched.finalUrl, outlet)
        : readListing(fetched.body, type, fetched.finalUrl, source, outlet)
    return items.map((item) => {
      const age = item.published === null ? 0 : now.getTime() - Date.parse(item.published)
      const first = job.state.lastSuccessAt === null
      return {
        url: canonicalUrl(item.url),
        outletId: outlet.id,
        host: new URL(item.url).host,
        priority: age < DAY ? (first ? priorities.recent : priorities.breaking) : priorities.backlog,
        discoveredAt: iso(now),
        notBefore: iso(now),
        attempts: 0,
        item,
      }
    })
  }

  const takeSource = async (job: Job & SourceJob, fetched: Fetched, tally: Tally): Promise<void> => {
    const { outlet, state } = job
    tally.count(outlet.id, 'polled')
    tally.count(outlet.id, 'bytes', fetched.last.wireBody.length)
    const now = clock.now()
    const problem = temporaryProblem(fetched, now) ?? (fetched.status === 304 ? null : judgePage(fetched, job.url))
    if (problem) throw problem
    const validators = {
      etag: fetched.headers.etag ?? (fetched.status === 304 ? state.etag : null),
      lastModified: fetched.headers['last-modified'] ?? (fetched.status === 304 ? state.lastModified : null),
    }
    if (fetched.status === 304 || fetched.digest === state.bodyDigest) {
      tally.count(outlet.id, 'notModified')
      const { bodyDigest } = state
      await store.sources.save(afterSuccess(state, { ...validators, bodyDigest, newItems: 0 }, now, pace))
      return
    }
    const entries = entriesOf(job, fetched)
    const fresh = await store.transaction(async (inner) => {
      const added = await inner.frontier.add(entries)
      const found = { ...validators, bodyDigest: fetched.digest, newItems: added.length }
      await inner.sources.save(afterSuccess(state, found, now, pace))
      return added.length
    })
    tally.count(outlet.id, 'found', entries.length)
    tally.count(outlet.id, 'fresh', fresh)
  }

  const takeArticle = async (job: Job & ArticleJob, fetched: Fetched, tally: Tally): Promise<void> => {
    const { outlet, entry } = job
    tally.count(outlet.id, 'bytes', fetched.last.wireBody.length)
    const later = temporaryProblem(fetched, clock.now())
    if (later) throw later
    const before = await store.pages.latestOf(fetched.url)
    const unchanged = before?.warc && before.digest === fetched.digest ? { ...before, warc: before.warc } : null
    const warc = await archive.append(fetched, unchanged)
    const { article, problem } = await ingest.page({ outlet, entry, fetched, warc })
    if (problem) tally.problem(outlet.id, entry.url, problem)
    if (article) tally.count(outlet.id, problem ? 'feedOnly' : 'fetched')
  }

  const sourceFailed = async (job: Job & SourceJob, error: unknown, tally: Tally): Promise<void> => {
    tally.problem(job.outlet.id, job.url, error)
    await store.sources.save(afterFailure(job.state, error, clock.now(), pace))
  }

  /** The page cannot be had now: keep what the feed said, and try again if that may help. */
  const articleFailed = async (job: Job & ArticleJob, error: unknown, tally: Tally): Promise<void> => {
    const { outlet, entry } = job
    tally.problem(outlet.id, entry.url, error)
    const now = clock.now()
    const problem = describeError(error)
    const again = error instanceof RetryLater && entry.attempts + 1 < MOST_ATTEMPTS
    const wait = Math.max(FIRST_RETRY_MS * 4 ** entry.attempts, error instanceof RetryLater ? (error.afterMs ?? 0) : 0)
    const saved = await ingest.feedOnly(outlet, entry, (inner) =>
      again
        ? inner.frontier.retry(entry.url, iso(new Date(now.getTime() + wait)), problem, iso(now))
        : inner.frontier.fail(entry.url, problem, iso(now)),
    )
    if (saved) tally.count(outlet.id, 'feedOnly')
  }

  const poll: Collector['poll'] = async ({ signal, all = false, budgetMs = Number.POSITIVE_INFINITY } = {}) => {
    const startedAt = clock.now()
    const tally = createTally()
    const result = async (stopped: CollectResult['stopped']): Promise<CollectResult> => ({
      startedAt: iso(startedAt),
      finishedAt: iso(clock.now()),
      outlets: tally.results(),
      waiting: (await store.frontier.counts()).waiting,
      stopped,
    })
    if (contact === null) {
      return result({
        code: 'collect.no-contact',
        message: 'Nothing is collected: there is no contact for the User-Agent',
        remedy: 'Set MONITOR_CONTACT to the e-mail or web address of the office.',
      })
    }
    if (!released) {
      const left = await store.frontier.releaseClaims()
      if (left > 0) log.info({ left }, 'entries claimed by a process that ended are fetched again')
      released = true
    }

    let stopped: CollectResult['stopped'] = await lowDisk(archive.folder, options.minFreeBytes)
    if (stopped) return result(stopped)
    let fatal: unknown = null
    let taken = 0
    let lookedAt = Number.NEGATIVE_INFINITY
    const asking = new Set<string>()
    const failures = new Map<string, number>()
    const under = new Set<Promise<void>>()
    const queue: JobQueue = createJobQueue({
      clock,
      politeness,
      signal,
      deadline: startedAt.getTime() + budgetMs,
      refill: async (limit) => {
        const at = clock.now().getTime()
        // A long poll notices sources that fall due meanwhile.
        const look = at - lookedAt >= LOOK_EVERY_MS
        const sources = look ? await dueSources(all && lookedAt < startedAt.getTime()) : []
        if (look) lookedAt = at
        const fresh = sources.filter((job) => !asking.has(job.url))
        for (const job of fresh) asking.add(job.url)
        return [...fresh, ...(await dueArticles(limit))]
      },
    })

    const take = async (job: Job, fetched: Fetched): Promise<void> => {
      failures.delete(new URL(job.url).host)
      taken += 1
      if (taken % FREE_SPACE_EVERY === 0) {
        stopped ??= await lowDisk(archive.folder, options.minFreeBytes)
        if (stopped) queue.stop()
      }
      if (job.kind === 'article') return takeArticle(job, fetched, tally)
      await takeSource(job, fetched, tally)
      asking.delete(job.url)
    }

    const fail = async (job: Job, error: unknown): Promise<void> => {
      // Its claim is released below; nothing was wrong with it.
      if (signal?.aborted) return
      if (!(error instanceof RetryLater) && !isSkip(error)) {
        fatal ??= error
        queue.stop()
        return
      }
      const { host } = new URL(job.url)
      if (['fetch.network', 'fetch.timeout', 'robots.unavailable', 'fetch.throttled'].includes(error.code)) {
        const count = (failures.get(host) ?? 0) + 1
        failures.set(host, count)
        if (count >= HOST_FAILURES) queue.suspend(host)
      }
      if (job.kind === 'article') return articleFailed(job, error, tally)
      await sourceFailed(job, error, tally)
      asking.delete(job.url)
    }

    /** Also failures of the handlers themselves end here. */
    const track = (work: Promise<void>): Promise<void> => {
      under.add(work)
      return work.finally(() => under.delete(work))
    }

    const crawler = new HttpCrawler(
      {
        requestList: queue.list,
        httpClient: client.forCrawlee(signal),
        requestHandler: ({ request, response }) => track(take(queue.jobOf(request), client.fetchedOf(response))),
        failedRequestHandler: ({ request }, error) =>
          track(fail(queue.jobOf(request), error)).catch((failure: unknown) => {
            fatal ??= failure
            queue.stop()
          }),
        // Retries belong to the frontier; sessions and generated headers would make a browser of us.
        maxRequestRetries: 0,
        useSessionPool: false,
        ignoreSslErrors: false,
        additionalMimeTypes: ['*/*'],
        ignoreHttpErrorStatusCodes: errorStatuses,
        // The client has its own limits; waiting for a host counts as navigation here.
        navigationTimeoutSecs: 3600,
        requestHandlerTimeoutSecs: 600,
        minConcurrency: options.maxConcurrency ?? 16,
        maxConcurrency: options.maxConcurrency ?? 16,
        autoscaledPoolOptions: { maybeRunIntervalSecs: 0.02, loggingIntervalSecs: null },
        statisticsOptions: {
          persistenceOptions: { enable: false },
          logIntervalSecs: 86_400,
          saveErrorSnapshots: false,
        },
        statusMessageLoggingInterval: 86_400,
        log: new Log({ level: LogLevel.OFF }),
      },
      quietConfiguration(),
    )
    await crawler.run()
    await Promise.allSettled([...under])
    await store.frontier.releaseClaims()
    if (fatal) throw fatal
    if (signal?.aborted) {
      stopped ??= {
        code: 'collect.stopped',
        message: 'The monitor stops',
        remedy: 'Nothing: the rest is fetched later.',
      }
    }
    return result(stopped)
  }

  return { poll, close: () => client.close() }
}

/** Nothing on disk, and no load figures: crawlee takes them by starting `ps`, and our concurrency is fixed. */
function quietConfiguration(): Configuration {
  const settings = { persistStorage: false, purgeOnStart: false }
  const eventManager = Object.assign(new LocalEventManager(new Configuration(settings)), {
    emitSystemInfoEvent: async (done: () => unknown) => {
      done()
    },
  })
  return new Configuration({ ...settings, eventManager })
}

const isSkip = (error: unknown): error is Skip => error instanceof Skip

/** What to say when the disk that holds `folder` is nearly full, else null. */
async function lowDisk(folder: string, minFreeBytes: number): Promise<CollectResult['stopped']> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= minFreeBytes) return null
  const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024)
  return {
    code: 'disk.low',
    message: `Only ${megabytes(free)} MB are free where the archive stands (${folder}); collecting stops below ${megabytes(minFreeBytes)} MB`,
    remedy: 'Free space or move the data folder to a larger disk; MONITOR_MIN_FREE_MB sets the limit.',
  }
}
