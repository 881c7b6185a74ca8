import { type Clock, iso } from '../clock.ts'
import { Fatal, RetryLater } from '../errors.ts'
import type { Outlet } from '../model.ts'
import type { FrontierEntry, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { createPageBrowser, type PageBrowserOptions, type Pictures } from './browser.ts'
import { createBrowserNeed } from './browser-need.ts'
import type { ChromiumOptions } from './chromium.ts'
import { beginPoll } from './crash-watch.ts'
import { runCrawl } from './crawl-run.ts'
import { lowDisk, noContact } from './free-space.ts'
import { createReadFurther } from './further-pages.ts'
import { createGuard } from './guards.ts'
import { createHttpClient, type Fetched, type FetchLimits, userAgentFor } from './http-client.ts'
import type { Ingest } from './ingest.ts'
import { createJobQueue, type Job, type JobQueue } from './job-queue.ts'
import type { Logger } from './logger.ts'
import { createOutcomes, priorities } from './outcomes.ts'
import { createPoliteness } from './politeness.ts'
import { defaultPollLimits, type PollLimits } from './rhythm.ts'
import { conditions, isDue, neverPolled } from './source-state.ts'
import { type CollectResult, createTally } from './tally.ts'
import { createVisits } from './visits.ts'

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
  /** Hosts for which the address guard is lifted, and those for which the pauses are: tests and the demo only. */
  readonly testHosts: readonly string[]
  readonly impoliteHosts?: readonly string[]
  readonly pace?: PollLimits
  readonly limits?: FetchLimits
  /** Requests under way at a time, over all hosts. */
  readonly maxConcurrency?: number
  /** Reads pages whose text scripts bring; null: none is there, and such pages stay feed-only. */
  readonly browser?: ChromiumOptions | null
  readonly pageBrowser?: Pick<PageBrowserOptions, 'maxPages' | 'pagesPerBrowser' | 'idleMs' | 'pageMs'>
  /** Pause after a 429 or 503 that names no time. */
  readonly penaltyMs?: number
}

export interface PollOptions {
  readonly signal?: AbortSignal | undefined
  /** Asks every source, due or not. */
  readonly all?: boolean
  /** Begins nothing new after so long, so that index, alerts and the next poll get their turn; 4 minutes. */
  readonly budgetMs?: number
}

export interface Collector {
  /**
   * Asks the sources that are due and fetches what the frontier holds, until nothing is due, the budget is spent, the
   * disk is nearly full or the signal aborts.
   * @throws Fatal when archive or store cannot be written
   */
  readonly poll: (options?: PollOptions) => Promise<CollectResult>
  /** Pictures of a page of an outlet, as politely as a poll; null: there is no browser. @throws as PageBrowser.picture */
  readonly picture: ((outlet: Outlet, url: string, signal?: AbortSignal) => Promise<Pictures>) | null
  readonly close: () => Promise<void>
}

/** After so many failures of its network in a row a host is left alone for the rest of the poll. */
const HOST_FAILURES = 3
const FREE_SPACE_EVERY = 50
const LOOK_EVERY_MS = 30_000
/** Visits taken up at one look, and in one poll: later ones wait for the next. */
const VISITS_AT_ONCE = 200
const VISITS_PER_POLL = 1000
const DEFAULT_BUDGET_MS = 4 * 60_000
const hostFailures = new Set(['fetch.network', 'fetch.timeout', 'fetch.throttled', 'robots.unavailable'])

export function createCollector(options: CollectorOptions): Collector {
  const { store, archive, ingest, clock, log, contact } = options
  const pace = options.pace ?? defaultPollLimits
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
  /** Of the poll that runs; polls never overlap. */
  let stopping: AbortSignal | undefined
  const path = options.browser?.path ?? null
  const pageBrowser =
    options.browser && path !== null
      ? createPageBrowser({ client, clock, userAgent, chromium: { ...options.browser, path }, ...options.pageBrowser })
      : null
  const browserNeed = createBrowserNeed({ store, clock, available: pageBrowser !== null })
  const readFurther = createReadFurther({
    ...{ archive, latest: store.pages.latestOf },
    get: (url) => client.get(url, {}, stopping),
  })
  const { outlets: followed } = options
  const visits = createVisits({ ...{ store, archive, ingest, clock, readFurther, browserNeed }, outlets: followed })
  const outcomes = createOutcomes({
    ...{ store, archive, ingest, clock, log, pace, visits, readFurther, browserNeed },
    outlets: followed,
  })
  let released = false
  let running: Promise<unknown> = Promise.resolve()

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
        politeness.setDelay(new URL(source.url).host, outlet.delaySeconds)
        const headers = conditions(state, now)
        return [{ kind: 'source', outlet, source, state, url: source.url, headers, priority: priorities.source }]
      }),
    )
  }

  /** Entries of the frontier that are due, as jobs. What is known by another address already is settled here. */
  const dueArticles = async (limit: number): Promise<Job[]> => {
    const jobs: Job[] = []
    const entries = await store.frontier.claim(iso(clock.now()), limit)
    const read = await store.articles.readAmong(entries.map(({ url }) => url))
    const addressOf = ({ url, item }: FrontierEntry): string => item?.url ?? url
    const fetched = await store.pages.fetchedAmong(entries.map(addressOf))
    for (const entry of entries) {
      const outlet = outlets.get(entry.outletId)
      if (!outlet) {
        const gone = { code: 'outlet.unknown', message: `the outlet ${entry.outletId} is not followed any more` }
        await store.frontier.fail(entry.url, gone, iso(clock.now()))
        continue
      }
      if (read.has(entry.url)) {
        await store.frontier.done(entry.url, iso(clock.now()))
        continue
      }
      const url = addressOf(entry)
      politeness.setDelay(new URL(url).host, outlet.delaySeconds)
      jobs.push({
        kind: 'article',
        outlet,
        entry,
        isKnown: fetched.has(url),
        url,
        headers: {},
        priority: entry.priority,
      })
    }
    return jobs
  }

  /** Bounded, so that a flood of visits never holds up what was just published. */
  const dueVisits = async (handedOut: Set<string>): Promise<readonly Job[]> => {
    const jobs = await visits.due(Math.min(VISITS_AT_ONCE, VISITS_PER_POLL - handedOut.size), handedOut)
    for (const { url, outlet, visit } of jobs) {
      handedOut.add(visit.article.id)
      politeness.setDelay(new URL(url).host, outlet.delaySeconds)
    }
    return jobs
  }

  const pollOnce = async ({ signal, all = false, budgetMs = DEFAULT_BUDGET_MS }: PollOptions) => {
    stopping = signal
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
      return result(noContact)
    }
    if (!released) {
      const left = await store.frontier.releaseClaims()
      if (left > 0) log.info({ left }, 'entries claimed by a process that ended are fetched again')
      released = true
    }

    let stopped: CollectResult['stopped'] = await lowDisk(archive.folder, options.minFreeBytes)
    if (stopped) return result(stopped)
    await browserNeed.load()
    const crashes = await beginPoll({ trace: store.crawlTrace, clock, log })
    let fatal: unknown = null
    let taken = 0
    let lookedAt = Number.NEGATIVE_INFINITY
    const asking = new Set<string>()
    const visiting = new Set<string>()
    const failures = new Map<string, number>()
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
        return crashes.inOrder([...fresh, ...(look ? await dueVisits(visiting) : []), ...(await dueArticles(limit))])
      },
    })

    const asked = new WeakSet<Job>()
    const countAsked = (job: Job): void => {
      if (job.kind === 'source' && !asked.has(job)) tally.count(job.outlet.id, 'polled')
      asked.add(job)
    }

    const take = async (job: Job, fetched: Fetched): Promise<void> => {
      countAsked(job)
      failures.delete(new URL(job.url).host)
      taken += 1
      if (taken % FREE_SPACE_EVERY === 0) {
        stopped ??= await lowDisk(archive.folder, options.minFreeBytes)
        if (stopped) queue.stop()
      }
      const next = await crashes.take(job, () => outcomes.take(job, fetched, tally))
      const named = next.filter(({ url }) => !asking.has(url))
      for (const { url, outlet } of named) {
        asking.add(url)
        politeness.setDelay(new URL(url).host, outlet.delaySeconds)
      }
      queue.push(crashes.inOrder(named))
      asking.delete(job.url)
    }

    const stopAt = (error: unknown): void => {
      fatal ??= error
      queue.stop()
    }

    const fail = async (job: Job, error: unknown): Promise<void> => {
      if (error instanceof Fatal) return stopAt(error)
      // Its claim is released below; nothing was wrong with it.
      if (signal?.aborted) return
      countAsked(job)
      const { host } = new URL(job.url)
      if (error instanceof RetryLater && hostFailures.has(error.code)) {
        const count = (failures.get(host) ?? 0) + 1
        failures.set(host, count)
        if (count >= HOST_FAILURES) queue.suspend(host)
      }
      try {
        await outcomes.fail(job, error, tally)
      } catch (failure) {
        stopAt(failure)
      }
      asking.delete(job.url)
    }

    const { maxConcurrency = 16 } = options
    const fetch = (job: Job): Promise<Fetched> =>
      pageBrowser && browserNeed.wants(job)
        ? pageBrowser.render(job.url, signal)
        : client.get(job.url, job.headers, signal)
    await runCrawl({ queue, fetch, take, fail, maxConcurrency })
    await store.frontier.releaseClaims()
    await crashes.end()
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

  return {
    poll: (asked = {}) => {
      // Claims are released at the end of a poll: two at a time would take each other's.
      const result = running.then(() => pollOnce(asked))
      running = result.catch(() => undefined)
      return result
    },
    picture:
      pageBrowser === null
        ? null
        : async (outlet, url, signal) => {
            politeness.setDelay(new URL(url).host, outlet.delaySeconds)
            return pageBrowser.picture(url, signal)
          },
    close: async () => {
      await pageBrowser?.close()
      await client.close()
    },
  }
}
