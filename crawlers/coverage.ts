import { iso } from '../clock.ts'
import type { Instant, Outlet } from '../model.ts'
import type { FrontierProblem, OutletHour, OutletReads, SourceState, SourceStatus, Store } from '../store/store.ts'
import { expectedIn, isLow, isSilent, RHYTHM_DAYS, rhythmOf } from './outlet-rhythm.ts'
import { neverPolled } from './source-state.ts'

/**
 * `silent`: it can be read, but gives nothing new, which its rhythm makes improbable; `late`: far less than usual in the
 * last 24 hours; `broken`: most of its pages are fetched but not read; `partial`: one of its sources fails, another is read.
 */
export type CoverageStatus = SourceStatus | 'silent' | 'late' | 'broken' | 'partial' | 'no-sources'

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
  /** Articles published in the last 24 hours, and how many its rhythm lets expect; null: it has none yet. */
  readonly lastDay: number
  readonly usual: number | null
  /** Share of the pages of the last two days that were not read into a text; null when there were hardly any. */
  readonly unreadShare: number | null
  /** Pages that could not be read since the period began, the most frequent code first. */
  readonly problems: readonly { readonly code: string; readonly count: number }[]
  /** Of the last failure of a source, `source.silent`, `source.late`, `source.broken`, or of the most frequent problem; null when there was none. */
  readonly code: string | null
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Without a new link for so long an outlet without a rhythm counts as silent: a new one, and a rare one. */
const SILENT_MS = 7 * DAY
const RARE_SILENT_MS = RHYTHM_DAYS * DAY
/** History that is read: the window of the rhythm, ending at the last article. */
const HISTORY_MS = (RHYTHM_DAYS + 7) * DAY
const YOUNG_MS = 14 * DAY
/** Pages of so long say how an outlet is read now; with fewer characters than this a page counts as not read. */
const READS_MS = 2 * DAY
const FEWEST_CHARACTERS = 200
const MOST_UNREAD = 0.5
/** How much later than planned a source may be read: jitter, the turn of its host, a long poll before it. */
const JITTER = 1.1
const LATE_MS = HOUR / 2
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

/** Refusals and take-downs say nothing of how pages are read. */
const isUnread = (code: string): boolean => !/^(?:robots|guard|url)\.|^page\.gone$|^outlet\./.test(code)
const isBlocked = (code: string): boolean => code === 'page.challenge' || code === 'page.forbidden'

/** How the pages of the last two days were read. */
interface Reading {
  readonly pages: number
  readonly unread: number
  readonly blocked: number
}

function readingOf(reads: OutletReads | undefined, problems: readonly FrontierProblem[]): Reading {
  const unread = problems.filter(({ code }) => isUnread(code))
  return {
    pages: (reads?.pages ?? 0) + unread.length,
    unread: (reads?.short ?? 0) + unread.length,
    blocked: unread.filter(({ code }) => isBlocked(code)).length,
  }
}

const mostOf = (part: number, { pages }: Reading): boolean => part >= FEWEST_PROBLEMS && part >= pages * MOST_UNREAD

/** Whether nothing new for so long is more than the outlet's way. */
function isSilentNow(history: readonly OutletHour[], last: Instant | null, now: Date): boolean {
  if (last === null) return false
  const rhythm = rhythmOf(history, new Date(last))
  if (rhythm) return isSilent(rhythm, last, now)
  const first = history.reduce((best, { hour }) => (hour < best ? hour : best), '9999')
  const isYoung = first === '9999' || Date.parse(`${first}:00:00+07:00`) > now.getTime() - YOUNG_MS
  return Date.parse(last) < now.getTime() - (isYoung ? SILENT_MS : RARE_SILENT_MS)
}

/** An outlet is collected as soon as one of its sources is; then its pages and its rhythm are looked at. */
function statusOf(
  states: readonly SourceState[],
  reading: Reading,
  history: readonly OutletHour[],
  lastDay: number,
  now: Date,
): CoverageStatus {
  if (states.length === 0) return 'no-sources'
  if (!states.some(({ status }) => status === 'ok')) {
    return worstFirst.find((status) => states.some((state) => state.status === status)) ?? 'never'
  }
  if (mostOf(reading.blocked, reading)) return 'blocked'
  if (mostOf(reading.unread, reading)) return 'broken'
  if (isSilentNow(history, latest(states.map(({ lastNewItemAt }) => lastNewItemAt)), now)) return 'silent'
  const dayAgo = new Date(now.getTime() - DAY)
  const rhythm = rhythmOf(history, dayAgo)
  if (rhythm && isLow(rhythm, lastDay, dayAgo, now)) return 'late'
  return states.every(({ status }) => status === 'ok' || status === 'never') ? 'ok' : 'partial'
}

/** Whether the outlet gave improbably little in the period, by what it gave in the weeks before. */
function isLowIn(history: readonly OutletHour[], articles: number, from: Instant, end: Date): boolean {
  const start = new Date(from)
  const rhythm = rhythmOf(history, start)
  return rhythm !== null && end > start && isLow(rhythm, articles, start, end)
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
  const ago = (ms: number, since = now): Instant => iso(new Date(since.getTime() - ms))
  const [sources, allProblems, recentProblems, counts, history, before, reads, lastDays] = await Promise.all([
    store.sources.all(),
    store.frontier.problems(from),
    store.frontier.problems(ago(READS_MS)),
    store.coverage.counts(from, to),
    store.coverage.hours(ago(HISTORY_MS), iso(now)),
    store.coverage.hours(ago(RHYTHM_DAYS * DAY, new Date(from)), from),
    store.coverage.reads(ago(READS_MS), FEWEST_CHARACTERS),
    store.coverage.counts(ago(DAY), iso(now)),
  ])
  const states = new Map(sources.map((state) => [`${state.outletId} ${state.url}`, state]))
  const byOutlet = <Row extends { readonly outletId: string }>(rows: readonly Row[]): Map<string, Row[]> =>
    Map.groupBy(rows, ({ outletId }) => outletId)
  const [problems, recent] = [byOutlet(allProblems), byOutlet(recentProblems)]
  const [historyOf, beforeOf, readsOf] = [byOutlet(history), byOutlet(before), byOutlet(reads)]
  /** A source read at or after this covers the period to its end: one pause ago, by its own rhythm. */
  const coversSince = ({ intervalMs }: SourceState): Instant => {
    const slack = ago((intervalMs ?? 0) * JITTER + LATE_MS)
    return to < slack ? to : slack
  }
  const end = new Date(Math.min(Date.parse(to), now.getTime()))

  return outlets.map(({ id, name, sources: followed }): OutletCoverage => {
    const own = followed.map(({ url }) => states.get(`${id} ${url}`) ?? neverPolled(id, url))
    const articles = counts.get(id) ?? 0
    const lastDay = lastDays.get(id) ?? 0
    const byCode = countByCode(problems.get(id) ?? [])
    const unread = byCode.reduce((sum, { count }) => sum + count, 0)
    const read = own.filter((state) => state.lastSuccessAt !== null && state.lastSuccessAt >= coversSince(state)).length
    const lastSuccessAt = latest(own.map((state) => state.lastSuccessAt))
    const manyUnread = unread >= FEWEST_PROBLEMS && unread > articles * PROBLEM_SHARE
    const news = latest(own.map((state) => state.lastNewItemAt))
    const reading = readingOf(readsOf.get(id)?.[0], recent.get(id) ?? [])
    const hours = historyOf.get(id) ?? []
    const status = statusOf(own, reading, hours, lastDay, now)
    const rhythm = rhythmOf(hours, new Date(now.getTime() - DAY))
    const silent = status === 'silent' && (news === null || news < from)
    const late = isLowIn(beforeOf.get(id) ?? [], articles, from, end)
    const broken = status === 'broken' && now.getTime() - end.getTime() < READS_MS
    const failed = own.find(({ lastErrorCode }) => lastErrorCode !== null)
    const isWhole = read === own.length && !manyUnread && !silent && !late && !broken
    const extent =
      own.length === 0
        ? 'no-source'
        : isWhole
          ? 'full'
          : read > 0 || articles > 0 || (lastSuccessAt !== null && lastSuccessAt >= from)
            ? 'partial'
            : 'none'
    const rhythmCode = silent ? 'source.silent' : broken ? 'source.broken' : late ? 'source.late' : null
    return {
      ...{ outletId: id, outlet: name, status, extent, lastSuccessAt, lastNewItemAt: news, articles, lastDay },
      usual: rhythm && expectedIn(rhythm, new Date(now.getTime() - DAY), now),
      unreadShare: reading.pages < FEWEST_PROBLEMS ? null : reading.unread / reading.pages,
      problems: byCode,
      code: failed?.lastErrorCode ?? rhythmCode ?? (manyUnread ? (byCode[0]?.code ?? null) : null),
    }
  })
}

export type Gap = OutletCoverage & { readonly extent: 'partial' | 'none' | 'no-source' }

/** The outlets of which something is missing. */
export const gapsOf = (all: readonly OutletCoverage[]): readonly Gap[] =>
  all.filter((one): one is Gap => one.extent !== 'full')
