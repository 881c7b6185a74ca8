import { type Clock, iso } from '../clock.ts'
import { describeError, Fatal, RetryLater, Skip } from '../errors.ts'
import type { Instant, Outlet } from '../model.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { FrontierEntry, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import type { BrowserNeed } from './browser-need.ts'
import { discover, pollLimitsFor } from './discovery/discover.ts'
import type { Further } from './discovery/items.ts'
import type { ReadFurther } from './further-pages.ts'
import type { Fetched } from './http-client.ts'
import type { Ingest } from './ingest.ts'
import type { ArticleJob, Job, SourceJob } from './job-queue.ts'
import { judgePage, temporaryProblem } from './judge-page.ts'
import type { Logger } from './logger.ts'
import { ownership } from './ownership.ts'
import { nothingSeen, seenIn } from './poll-seen.ts'
import type { PollLimits, PollSeen } from './rhythm.ts'
import { afterFailure, afterPart, afterSuccess, conditions, isDue, neverPolled } from './source-state.ts'
import type { Tally } from './tally.ts'
import type { Visits } from './visits.ts'

/** What becomes of a job: its response taken, or its failure recorded. */
export interface Outcomes {
  /** @returns what is to be asked next: the sitemaps that an index named */
  readonly take: (job: Job, fetched: Fetched, tally: Tally) => Promise<readonly Job[]>
  readonly fail: (job: Job, error: unknown, tally: Tally) => Promise<void>
}

/** Lower is earlier: sources first, then what was just published, then backlog. */
export const priorities = { source: 0, breaking: 1, recent: 2, backlog: 3 } as const

const DAY = 86_400_000
const MOST_ATTEMPTS = 5
const FIRST_RETRY_MS = 5 * 60_000

/** Sitemaps often say only on which day they changed. */
const dayBefore = (instant: Instant): Instant => iso(new Date(Date.parse(instant) - DAY))

export function createOutcomes(options: {
  readonly store: Store
  readonly archive: Archive
  readonly ingest: Ingest
  readonly clock: Clock
  readonly log: Logger
  readonly outlets: readonly Outlet[]
  readonly pace: PollLimits
  readonly visits: Visits
  readonly readFurther: ReadFurther
  readonly browserNeed: BrowserNeed
}): Outcomes {
  const { store, archive, ingest, clock, log, pace, visits, readFurther, browserNeed } = options
  const ownerOf = ownership(options.outlets)

  const entriesOf = async (job: SourceJob, fetched: Fetched) => {
    const { outlet, source, state, depth = 0 } = job
    const now = clock.now()
    const first = state.lastSuccessAt === null
    const { items, more, changed } = await discover(source, fetched, outlet, {
      ...{ lastSuccessAt: state.lastSuccessAt, now, depth },
    })
    const entries = items.map((item): FrontierEntry => {
      const known = item.published ?? changed?.get(item.url) ?? null
      const age = known === null ? 0 : now.getTime() - Date.parse(known)
      return {
        url: canonicalUrl(item.url),
        outletId: (ownerOf(item.url) ?? outlet).id,
        host: new URL(item.url).host,
        priority: age < DAY ? (first ? priorities.recent : priorities.breaking) : priorities.backlog,
        discoveredAt: iso(now),
        notBefore: iso(now),
        attempts: 0,
        item,
      }
    })
    return { entries, more: more ?? [] }
  }

  /** Sitemaps that an index named and that have changed since they were last read. */
  const furtherJobs = async (job: SourceJob, more: readonly Further[]): Promise<readonly Job[]> => {
    const now = clock.now()
    const jobs: Job[] = []
    for (const { source, changed } of more) {
      const { url } = source
      const state = (await store.sources.get(job.outlet.id, url)) ?? neverPolled(job.outlet.id, url)
      if (state.failures > 0 && !isDue(state, now)) continue
      if (changed !== null && state.lastSuccessAt !== null && changed < dayBefore(state.lastSuccessAt)) continue
      const depth = (job.depth ?? 0) + 1
      const root = job.root ?? { url: job.source.url, since: job.state.lastSuccessAt }
      const headers = conditions(state, now)
      jobs.push({
        ...{ kind: 'source', outlet: job.outlet, source, state, depth, root, url, headers },
        priority: priorities.source,
      })
    }
    return jobs
  }

  /** What a sitemap brought came from the source of the outlet whose index named it. */
  const creditRoot = async (inner: Store, job: SourceJob, arrivals: PollSeen['arrivals'], now: Date) => {
    const { root, outlet, source } = job
    if (!root || root.since === null || arrivals.length === 0) return
    const state = await inner.sources.get(outlet.id, root.url)
    if (!state) return
    const limits = pollLimitsFor(source, pace)
    await inner.sources.save(afterPart(state, arrivals, root.since, now, outlet.timezone, limits))
  }

  const takeSource = async (job: Job & SourceJob, fetched: Fetched, tally: Tally): Promise<readonly Job[]> => {
    const { outlet, source, state } = job
    const limits = pollLimitsFor(source, pace)
    tally.count(outlet.id, 'bytes', fetched.last.wireBody.length)
    const now = clock.now()
    const problem = temporaryProblem(fetched, now) ?? (fetched.status === 304 ? null : judgePage(fetched, job.url))
    // A sitemap may come as a gzip file; whether it is one is read from its content.
    if (problem && !(source.kind === 'sitemap' && problem.code === 'page.not-html')) throw problem
    const validators = {
      etag: fetched.headers.etag ?? (fetched.status === 304 ? state.etag : null),
      lastModified: fetched.headers['last-modified'] ?? (fetched.status === 304 ? state.lastModified : null),
    }
    const unchanged = fetched.digest === state.bodyDigest
    // An index is read again although it is the same: a sitemap that it named may have failed.
    if (fetched.status === 304 || (unchanged && source.kind !== 'sitemap')) {
      tally.count(outlet.id, 'notModified')
      const { bodyDigest } = state
      await store.sources.save(
        afterSuccess(state, { ...validators, bodyDigest, seen: nothingSeen(source) }, now, outlet.timezone, limits),
      )
      return []
    }
    const { entries, more } = await entriesOf(job, fetched)
    const fresh = await store.transaction(async (inner) => {
      const added = await inner.frontier.add(entries)
      const found = { ...validators, bodyDigest: fetched.digest, seen: seenIn(source, fetched, entries, added) }
      await inner.sources.save(afterSuccess(state, found, now, outlet.timezone, limits))
      await creditRoot(inner, job, found.seen.arrivals, now)
      return added.length
    })
    tally.count(outlet.id, 'found', entries.length)
    tally.count(outlet.id, 'fresh', fresh)
    return furtherJobs(job, more)
  }

  const takeArticle = async (job: Job & ArticleJob, fetched: Fetched, tally: Tally): Promise<readonly Job[]> => {
    const { outlet, entry } = job
    tally.count(outlet.id, 'bytes', fetched.last.wireBody.length)
    const later = temporaryProblem(fetched, clock.now())
    if (later) throw later
    const before = job.isKnown ? await store.pages.latestOf(fetched.url) : null
    const unchanged = before?.warc && before.digest === fetched.digest ? { ...before, warc: before.warc } : null
    const warc = await archive.append(fetched, unchanged)
    const withoutText = (): Skip | 'again' | null =>
      browserNeed.suspects(outlet, fetched) ? (browserNeed.missing(fetched.url) ?? 'again') : null
    const { article, problem, again } = await ingest.page({ outlet, entry, fetched, warc, readFurther, withoutText })
    if (again) {
      // From now on the host is read with the browser.
      await browserNeed.remember(job.url)
      return [job]
    }
    if (problem) tally.problem(outlet.id, entry.url, problem)
    if (article) tally.count(outlet.id, problem ? 'feedOnly' : 'fetched')
    return []
  }

  const sourceFailed = async (job: Job & SourceJob, error: unknown, tally: Tally): Promise<void> => {
    tally.problem(job.outlet.id, job.url, error)
    await store.sources.save(afterFailure(job.state, error, clock.now(), pollLimitsFor(job.source, pace)))
  }

  /** The page cannot be had now: keep what the feed said, and try again if that may help. */
  const articleFailed = async (job: Job & ArticleJob, error: unknown, tally: Tally): Promise<void> => {
    const { outlet, entry } = job
    tally.problem(outlet.id, entry.url, error)
    const now = clock.now()
    const problem = describeError(error)
    const again = !(error instanceof Skip) && entry.attempts + 1 < MOST_ATTEMPTS
    const asked = error instanceof RetryLater ? (error.afterMs ?? 0) : 0
    const next = iso(new Date(now.getTime() + Math.max(FIRST_RETRY_MS * 4 ** entry.attempts, asked)))
    const settle = (inner: Store): Promise<void> =>
      again
        ? inner.frontier.retry(entry.url, next, problem, iso(now))
        : inner.frontier.fail(entry.url, problem, iso(now))
    const saved = await ingest.feedOnly(outlet, entry, settle).catch(async (failure: unknown) => {
      if (failure instanceof Fatal) throw failure
      // Not even title and summary could be stored: at least the entry must not come back at once, for ever.
      log.warn({ url: entry.url, err: failure }, 'an article could not be stored')
      await settle(store)
      return null
    })
    if (saved) tally.count(outlet.id, 'feedOnly')
  }

  return {
    take: async (job, fetched, tally) => {
      if (job.kind === 'source') return takeSource(job, fetched, tally)
      if (job.kind === 'article') return takeArticle(job, fetched, tally)
      await visits.take(job, fetched, tally)
      return []
    },
    fail: (job, error, tally) => {
      if (!(error instanceof RetryLater) && !(error instanceof Skip)) {
        log.warn({ url: job.url, err: error }, 'unexpected failure while collecting')
      }
      if (job.kind === 'visit') return visits.fail(job, error, tally)
      return job.kind === 'source' ? sourceFailed(job, error, tally) : articleFailed(job, error, tally)
    },
  }
}
