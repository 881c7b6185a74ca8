import { iso } from '../clock.ts'
import type { Instant, Outlet } from '../model.ts'
import type { FrontierProblem, SourceState, SourceStatus, Store } from '../store/store.ts'
import { neverPolled } from './source-state.ts'

export type CoverageStatus = SourceStatus | 'silent' | 'no-sources'

/** How an outlet was collected in a period. */
export interface OutletCoverage {
  readonly outletId: string
  readonly outlet: string
  /** How it stands now. */
  readonly status: CoverageStatus
  /**
   * What of the period was collected: `none` and `no-source` say that nothing was, `partial` that a source, a part of
   * the period or many pages are missing, or that an outlet that can be read gave nothing new in all the period.
   */
  readonly extent: 'full' | 'partial' | 'none' | 'no-source'
  readonly lastSuccessAt: Instant | null
  /** When a source last gave a link not seen before. */
  readonly lastNewItemAt: Instant | null
  /** Articles published in the period. */
  readonly articles: number
  /** Pages that could not be read since the period began, the most frequent code first. */
  readonly problems: readonly { readonly code: string; readonly count: number }[]
  /** Of the last failure of a source, `source.silent`, or of the most frequent problem; null when there was none. */
  readonly code: string | null
}

const HOUR = 3_600_000
/** Without a new link for so long an outlet counts as silent, although it can be read. */
const SILENT_MS = 7 * 24 * HOUR
/** A source read within this time counts as read "now": the longest pause between two polls. */
const SLACK_MS = 6 * HOUR
/** From this share of unreadable pages on, an outlet counts as collected in part. */
const PROBLEM_SHARE = 0.2
const FEWEST_PROBLEMS = 5

const latest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((best, instant) => (instant !== null && (best === null || instant > best) ? instant : best), null)

const worstFirst: readonly CoverageStatus[] = [
  'blocked',
  'refused-by-robots',
  'given-up',
  'unreachable',
  'failing',
  'never',
]

/** An outlet is collected as soon as one of its sources is; silent, when none has given anything new for a week. */
function statusOf(states: readonly SourceState[], now: Date): CoverageStatus {
  if (states.length === 0) return 'no-sources'
  if (states.some(({ status }) => status === 'ok')) {
    const news = latest(states.map(({ lastNewItemAt }) => lastNewItemAt))
    return news !== null && Date.parse(news) < now.getTime() - SILENT_MS ? 'silent' : 'ok'
  }
  return worstFirst.find((status) => states.some((state) => state.status === status)) ?? 'never'
}

function countByCode(problems: readonly FrontierProblem[]): { code: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count)
}

/**
 * What was and was not collected, outlet by outlet, in the order given: for the "not collected" section of reports and
 * the page of outlets.
 * @param options `from` and `to` bound the period, half-open
 */
export async function coverage(options: {
  readonly store: Store
  readonly outlets: readonly Outlet[]
  readonly from: Instant
  readonly to: Instant
  readonly now: Date
}): Promise<readonly OutletCoverage[]> {
  const { store, outlets, from, to, now } = options
  const states = new Map((await store.sources.all()).map((state) => [`${state.outletId} ${state.url}`, state]))
  const problems = Map.groupBy(await store.frontier.problems(from), ({ outletId }) => outletId)
  const slack = iso(new Date(now.getTime() - SLACK_MS))
  /** A source read at or after this covers the period to its end. */
  const covers = to < slack ? to : slack
  const result: OutletCoverage[] = []
  for (const outlet of outlets) {
    const own = outlet.sources.map(({ url }) => states.get(`${outlet.id} ${url}`) ?? neverPolled(outlet.id, url))
    const articles = await store.articles.count({ outletIds: [outlet.id], publishedFrom: from, publishedTo: to })
    const byCode = countByCode(problems.get(outlet.id) ?? [])
    const unread = byCode.reduce((sum, { count }) => sum + count, 0)
    const read = own.filter(({ lastSuccessAt }) => lastSuccessAt !== null && lastSuccessAt >= covers).length
    const lastSuccessAt = latest(own.map((state) => state.lastSuccessAt))
    const manyUnread = unread >= FEWEST_PROBLEMS && unread > articles * PROBLEM_SHARE
    const news = latest(own.map((state) => state.lastNewItemAt))
    const silent = statusOf(own, now) === 'silent' && (news === null || news < from)
    const failed = own.find(({ lastErrorCode }) => lastErrorCode !== null)
    const extent =
      own.length === 0
        ? 'no-source'
        : read === own.length && !manyUnread && !silent
          ? 'full'
          : read > 0 || articles > 0 || (lastSuccessAt !== null && lastSuccessAt >= from)
            ? 'partial'
            : 'none'
    result.push({
      outletId: outlet.id,
      outlet: outlet.name,
      status: statusOf(own, now),
      extent,
      lastSuccessAt,
      lastNewItemAt: news,
      articles,
      problems: byCode,
      code: failed?.lastErrorCode ?? (silent ? 'source.silent' : manyUnread ? (byCode[0]?.code ?? null) : null),
    })
  }
  return result
}

export type Gap = OutletCoverage & { readonly extent: 'partial' | 'none' | 'no-source' }

/** The outlets of which something is missing. */
export const gapsOf = (all: readonly OutletCoverage[]): readonly Gap[] =>
  all.filter((one): one is Gap => one.extent !== 'full')
