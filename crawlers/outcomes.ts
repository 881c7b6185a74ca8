import { type Clock, iso } from '../clock.ts'
import { describeError, Fatal, RetryLater, Skip } from '../errors.ts'
import type { Outlet } from '../model.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { FrontierEntry, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { readFeed, readListing } from './discover.ts'
import type { Fetched } from './http-client.ts'
import type { Ingest } from './ingest.ts'
import type { ArticleJob, Job, SourceJob } from './job-queue.ts'
import { judgePage, temporaryProblem } from './judge-page.ts'
import type { Logger } from './logger.ts'
import { ownership } from './ownership.ts'
import { afterFailure, afterSuccess, type PollPace } from './source-state.ts'
import type { Tally } from './tally.ts'
import type { Visits } from './visits.ts'

/** What becomes of a job: its response taken, or its failure recorded. */
export interface Outcomes {
  readonly take: (job: Job, fetched: Fetched, tally: Tally) => Promise<void>
  readonly fail: (job: Job, error: unknown, tally: Tally) => Promise<void>
}

/** Lower is earlier: sources first, then what was just published, then backlog. */
export const priorities = { source: 0, breaking: 1, recent: 2, backlog: 3 } as const

const DAY = 86_400_000
const MOST_ATTEMPTS = 5
const FIRST_RETRY_MS = 5 * 60_000

export function createOutcomes(options: {
  readonly store: Store
  readonly archive: Archive
  readonly ingest: Ingest
  readonly clock: Clock
  readonly log: Logger
  readonly outlets: readonly Outlet[]
  readonly pace: PollPace
  readonly visits: Visits
}): Outcomes {
  const { store, archive, ingest, clock, log, pace, visits } = options
  const ownerOf = ownership(options.outlets)

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
        outletId: (ownerOf(item.url) ?? outlet).id,
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
    take: (job, fetched, tally) => {
      if (job.kind === 'visit') return visits.take(job, fetched, tally)
      return job.kind === 'source' ? takeSource(job, fetched, tally) : takeArticle(job, fetched, tally)
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
