import { type Clock, iso } from '../clock.ts'
import { describeError, Fatal, RetryLater, Skip } from '../errors.ts'
import type { Extracted, Outlet, Page } from '../model.ts'
import type { Gone } from '../pipeline/soft-404.ts'
import { SECOND_LOOK_MS } from '../pipeline/visit-plan.ts'
import type { ArticleDraft, DueVisit, Store, VisitRecord } from '../store/store.ts'
import type { Archive } from './archive.ts'
import type { BrowserNeed } from './browser-need.ts'
import { emptied, isEdited } from './edits.ts'
import type { ReadFurther } from './further-pages.ts'
import type { Fetched } from './http-client.ts'
import { type Ingest, pageRecord, withPages } from './ingest.ts'
import type { Job, VisitJob } from './job-queue.ts'
import { temporaryProblem } from './judge-page.ts'
import type { Tally } from './tally.ts'
import { asOnFirstPage, isOfSeveralPages, lookFurther } from './visited-further.ts'
import { aliasesOf, lookAt, type Seen } from './visited-page.ts'

/** Reads relevant articles again, to see what was edited and what was taken down. */
export interface Visits {
  /** Visits that are due, at most `limit`; those handed out before in this poll are left out. */
  readonly due: (limit: number, handedOut: ReadonlySet<string>) => Promise<readonly (Job & VisitJob)[]>
  readonly take: (job: VisitJob, fetched: Fetched, tally: Tally) => Promise<void>
  readonly fail: (job: VisitJob, error: unknown, tally: Tally) => Promise<void>
}

/** Before the backlog of old links: an edit that nobody saw is lost, an old link is not. */
export const VISIT_PRIORITY = 2.5
const MOST_ATTEMPTS = 4
const FIRST_RETRY_MS = 5 * 60_000

export function createVisits(options: {
  readonly store: Store
  readonly archive: Archive
  readonly ingest: Pick<Ingest, 'write'>
  readonly clock: Clock
  readonly outlets: readonly Outlet[]
  readonly readFurther?: ReadFurther
  /** Absent: no page is taken for one that needs a browser. */
  readonly browserNeed?: Pick<BrowserNeed, 'suspects' | 'remember' | 'missing'>
}): Visits {
  const { store, archive, ingest, clock, readFurther, browserNeed } = options
  const outlets = new Map(options.outlets.map((outlet) => [outlet.id, outlet]))

  const due: Visits['due'] = async (limit, handedOut) => {
    const now = iso(clock.now())
    const found = await store.visits.due(now, limit, [...handedOut])
    const jobs: (Job & VisitJob)[] = []
    for (const visit of found) {
      const { article, page } = visit
      const outlet = outlets.get(article.outletId)
      if (outlet && /^https?:/.test(page.url)) {
        jobs.push({
          kind: 'visit',
          outlet,
          visit,
          url: page.url,
          // Of several pages the first is needed whole: it names the others.
          headers: isOfSeveralPages(article) ? {} : conditionsOf(page),
          priority: VISIT_PRIORITY,
        })
        continue
      }
      const message = outlet ? `${page.url} is no address of the web` : `the outlet ${article.outletId} is not followed`
      const problem = { code: 'visit.impossible', message }
      await store.visits.record({ articleId: article.id, at: now, pageId: null, outcome: 'refused', problem })
    }
    return jobs
  }

  /** Page, version and what the visit found come together or not at all. */
  const write = async (
    page: Page | null,
    draft: ArticleDraft | null,
    record: VisitRecord,
    from: number,
    furtherPages: readonly Page[] = [],
  ) => {
    let told: VisitRecord = record
    await ingest.write({
      page,
      furtherPages,
      draft,
      settle: async (inner) => {
        const { articleId, at, pageId } = record
        const version = draft === null ? from : ((await inner.articles.get(articleId))?.version ?? from)
        // The store has the last word on whether there is a new version.
        if (version > from) told = { articleId, at, pageId, outcome: 'changed', version }
        await inner.visits.record(told)
      },
    })
    return told
  }

  const alive = (visit: DueVisit, at: string, pageId: string | null): VisitRecord => {
    const outcome = visit.suspectedGoneAt === null && visit.goneAt === null ? 'unchanged' : 'back'
    return { articleId: visit.article.id, at, pageId, outcome }
  }

  const seemsGone = (visit: DueVisit, gone: Gone, now: Date, pageId: string): VisitRecord => {
    const since = visit.suspectedGoneAt
    const isSure = since !== null && now.getTime() - Date.parse(since) >= SECOND_LOOK_MS
    const outcome = isSure || visit.goneAt !== null ? 'gone' : 'suspected'
    return { articleId: visit.article.id, at: iso(now), pageId, outcome, gone }
  }

  const take: Visits['take'] = async ({ outlet, visit: due }, fetched, tally) => {
    const visit = await asOnFirstPage(archive, outlet, due)
    const { article, page: last } = visit
    tally.count(outlet.id, 'bytes', fetched.last.wireBody.length)
    const now = clock.now()
    const later = temporaryProblem(fetched, now)
    if (later) throw later
    tally.count(outlet.id, 'visited')
    const earlier = last.warc && (fetched.status === 304 || last.digest === fetched.digest) ? last.warc : null
    const warc = await archive.append(fetched, earlier && { ...last, warc: earlier })
    if (fetched.status === 304) {
      await write(null, null, alive(visit, iso(now), null), article.version)
      return
    }
    const page = pageRecord(outlet, fetched, warc)
    const isSame = fetched.status === 200 && fetched.digest === last.digest
    if (isSame && !(readFurther && isOfSeveralPages(article))) {
      await write(page, null, alive(visit, iso(now), page.id), article.version)
      return
    }
    const others = isSame ? 0 : await store.visits.othersWithBody(fetched.digest, outlet.id, fetched.url)
    const seen = lookAt({ outlet, article, fetched, othersWithSameBody: others })
    if (isBySight(seen) && browserNeed?.suspects(outlet, fetched)) {
      // An empty frame that scripts fill says nothing of the article: it is looked at with the browser.
      const missing = browserNeed.missing(fetched.url)
      if (missing) return recordProblem(visit, missing, page)
      await browserNeed.remember(fetched.url)
      throw new RetryLater(`${fetched.url} shows its text in a browser only`, {
        code: 'browser.needed',
        remedy: 'Nothing to do: it is read with the browser next.',
      })
    }
    if ('problem' in seen) {
      tally.problem(outlet.id, fetched.url, seen.problem)
      await recordProblem(visit, seen.problem, page)
      return
    }
    const visited = 'gone' in seen ? null : { store, archive, outlet, visit, after: seen, at: iso(now) }
    const gone = 'gone' in seen ? seen.gone : visited && (await emptied(visited))
    if (gone) {
      const record = seemsGone(visit, gone, now, page.id)
      await write(page, null, record, article.version)
      if (record.outcome === 'gone' && visit.goneAt === null) tally.count(outlet.id, 'gone')
      return
    }
    if (visited === null) return
    const { extracted } = visited.after
    const isFirstNew = !isSame && (await isEdited(visited))
    const further =
      !isFirstNew && readFurther && isOfSeveralPages(article)
        ? await lookFurther({ store, archive, readFurther, outlet, visit: due, fetched, extracted })
        : null
    const isNew = isFirstNew || further?.isEdit === true
    const whole = isFirstNew && readFurther ? await readFurther(outlet, fetched, extracted) : (further?.whole ?? null)
    const read = whole?.extracted ?? extracted
    const draft = isNew ? withPages(draftOf(visit, fetched, read, page.id, now), whole) : null
    const told = await write(page, draft, alive(visit, iso(now), page.id), article.version, whole?.pages)
    if (told.outcome === 'changed') tally.count(outlet.id, 'changed')
  }

  const recordProblem = async (visit: DueVisit, problem: Skip, page: Page | null): Promise<void> => {
    const refused = /^(?:robots|guard)\.|^page\.(?:forbidden|challenge)$/.test(problem.code)
    const { code, message } = problem
    const outcome = refused ? 'refused' : 'unreadable'
    const base = { articleId: visit.article.id, at: iso(clock.now()), pageId: page?.id ?? null }
    await write(page, null, { ...base, outcome, problem: { code, message } }, visit.article.version)
  }

  const fail: Visits['fail'] = async ({ outlet, visit }, error, tally) => {
    if (error instanceof Fatal) throw error
    tally.problem(outlet.id, visit.page.url, error)
    if (error instanceof Skip) return recordProblem(visit, error, null)
    const now = clock.now()
    const { code, message } = describeError(error)
    const asked = error instanceof RetryLater ? (error.afterMs ?? 0) : 0
    const pause = Math.max(FIRST_RETRY_MS * 4 ** visit.failures, asked)
    const retryAt = visit.failures + 1 < MOST_ATTEMPTS ? iso(new Date(now.getTime() + pause)) : null
    const base = { articleId: visit.article.id, at: iso(now), pageId: null }
    await store.visits.record({ ...base, outcome: 'failed', problem: { code, message }, retryAt })
  }

  return { due, take, fail }
}

/** Judged by what the page shows, not by what its host answered or where it led. */
const isBySight = (seen: Seen): boolean =>
  'gone' in seen
    ? ['emptied', 'replaced', 'same-as-others'].includes(seen.gone.reason)
    : 'problem' in seen && seen.problem.code === 'page.unreadable'

function conditionsOf({ headers, status }: Page): Readonly<Record<string, string>> {
  if (status !== 200) return {}
  const { etag, 'last-modified': lastModified } = headers
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  }
}

/** The article stays the one it was: identity, language and time of publication are the first reading's. */
function draftOf(visit: DueVisit, fetched: Fetched, extracted: Extracted, pageId: string, now: Date): ArticleDraft {
  const { outletId, url, language, published, publishedBy, title } = visit.article
  return {
    ...{ outletId, url, language, published, publishedBy, pageId },
    aliases: aliasesOf(url, fetched, extracted),
    extracted: { ...extracted, title: extracted.title ?? title },
    seenAt: iso(now),
    isEdit: true,
  }
}
