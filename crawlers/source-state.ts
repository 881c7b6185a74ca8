import { createHash } from 'node:crypto'
import { iso } from '../clock.ts'
import { describeError, RetryLater } from '../errors.ts'
import type { Instant } from '../model.ts'
import type { SourceState, SourceStatus } from '../store/store.ts'
import { intervalOf, learn, learnFromPart, noRhythm, type PollLimits, type PollSeen } from './rhythm.ts'

/** Some feeds keep their ETag after changing: once in so many milliseconds a source is asked without conditions. */
const FULL_FETCH_EVERY_MS = 2 * 3_600_000
/** Stands for the ETag of a source that was found out: it is asked without conditions from then on. */
const NOT_BELIEVED = ''

export const neverPolled = (outletId: string, url: string): SourceState => ({
  outletId,
  url,
  status: 'never',
  etag: null,
  lastModified: null,
  bodyDigest: null,
  lastPolledAt: null,
  nextPollAt: null,
  lastSuccessAt: null,
  lastNewItemAt: null,
  failures: 0,
  failureWeight: 0,
  lastErrorCode: null,
  lastError: null,
  rhythm: null,
  intervalMs: null,
})

export const isDue = (state: SourceState, now: Date): boolean =>
  state.nextPollAt === null || state.nextPollAt <= iso(now)

/** Conditions of the next request (RFC 9110, 13.1), none on the first poll and now and then. */
export function conditions(state: SourceState, now: Date): Record<string, string> {
  const block = (at: number): number => Math.floor(at / FULL_FETCH_EVERY_MS)
  if (state.lastPolledAt === null || state.bodyDigest === null || state.etag === NOT_BELIEVED) return {}
  if (block(Date.parse(state.lastPolledAt)) !== block(now.getTime())) return {}
  return {
    ...(state.etag === null ? {} : { 'if-none-match': state.etag }),
    ...(state.lastModified === null ? {} : { 'if-modified-since': state.lastModified }),
  }
}

/** Up to 10 % later, always the same for a source, so that not all are asked at once. */
function jittered(url: string, interval: number): number {
  const share = createHash('sha256').update(url).digest().readUInt16BE(0) / 0x1_0000
  return Math.round(interval * (1 + share / 10))
}

const later = (now: Date, ms: number): Instant => iso(new Date(now.getTime() + ms))

/** @param zone of the outlet, IANA */
export function afterSuccess(
  state: SourceState,
  found: { etag: string | null; lastModified: string | null; bodyDigest: string | null; seen: PollSeen },
  now: Date,
  zone: string,
  limits: PollLimits,
): SourceState {
  const { seen, ...told } = found
  const isSameTag = found.etag !== null && found.etag === state.etag && found.bodyDigest !== state.bodyDigest
  const validators =
    isSameTag || state.etag === NOT_BELIEVED ? { ...told, etag: NOT_BELIEVED, lastModified: null } : told
  const isFirst = state.rhythm === null || state.rhythm.at === null
  const rhythm = learn(state.rhythm ?? noRhythm(), seen, now, zone)
  const intervalMs = Math.min(intervalOf(rhythm, now, zone, limits), isFirst ? limits.startMs : limits.longestMs)
  return {
    ...state,
    ...validators,
    status: 'ok',
    lastPolledAt: iso(now),
    nextPollAt: later(now, jittered(state.url, intervalMs)),
    lastSuccessAt: iso(now),
    lastNewItemAt: seen.arrivals.length > 0 ? iso(now) : state.lastNewItemAt,
    failures: 0,
    failureWeight: 0,
    lastErrorCode: null,
    lastError: null,
    rhythm,
    intervalMs,
  }
}

/** The index of sitemaps after one of them brought something: asked again as soon as a source that gave it itself. */
export function afterPart(
  state: SourceState,
  arrivals: PollSeen['arrivals'],
  since: Instant,
  now: Date,
  zone: string,
  limits: PollLimits,
): SourceState {
  if (state.rhythm === null || state.lastPolledAt === null) return state
  const rhythm = learnFromPart(state.rhythm, arrivals, since, now, zone)
  const intervalMs = Math.min(intervalOf(rhythm, now, zone, limits), state.intervalMs ?? limits.longestMs)
  const nextPollAt = later(new Date(state.lastPolledAt), jittered(state.url, intervalMs))
  return { ...state, rhythm, intervalMs, nextPollAt, lastNewItemAt: iso(now) }
}

const blocked = new Set(['page.forbidden', 'page.challenge', 'fetch.throttled'])
const unreachable = new Set([
  ...['fetch.network', 'fetch.timeout', 'fetch.dns', 'fetch.certificate', 'robots.unavailable', 'page.refused-here'],
])
/** Nothing but a change of the definition or of the outlet helps. */
const hard = new Set([
  'page.gone',
  'page.forbidden',
  'page.refused-here',
  'fetch.dns',
  'url.invalid',
  'robots.disallowed',
])
/** Passes by itself. */
const temporary = new Set([
  'fetch.network',
  'fetch.timeout',
  'fetch.throttled',
  'fetch.server-error',
  'robots.unavailable',
])
/** From this weighted sum on a source counts as given up: ten hard failures, or forty that pass by themselves. */
const GIVEN_UP_WEIGHT = 10

/** Hard 1, soft 0.5, temporary 0.25, as Media Cloud's rss-fetcher weighs them. */
export function weightOf(code: string): number {
  if (hard.has(code) || code.startsWith('guard.')) return 1
  return temporary.has(code) ? 0.25 : 0.5
}

function statusFor(code: string, weight: number): SourceStatus {
  if (code === 'robots.disallowed') return 'refused-by-robots'
  if (weight >= GIVEN_UP_WEIGHT) return 'given-up'
  if (blocked.has(code)) return 'blocked'
  return unreachable.has(code) ? 'unreachable' : 'failing'
}

/**
 * Each full weight of failures in a row doubles the pause, beginning with the usual one, up to the longest; a time that
 * the host itself named is kept.
 */
export function afterFailure(state: SourceState, error: unknown, now: Date, limits: PollLimits): SourceState {
  const { code, message } = describeError(error)
  const failureWeight = state.failureWeight + weightOf(code)
  const usual = Math.max(Math.min(state.intervalMs ?? limits.startMs, limits.startMs), limits.shortestMs)
  const backOff = Math.min(usual * 2 ** Math.min(failureWeight, 20), limits.longestMs)
  const asked = error instanceof RetryLater ? (error.afterMs ?? 0) : 0
  return {
    ...state,
    status: statusFor(code, failureWeight),
    lastPolledAt: iso(now),
    nextPollAt: later(now, Math.max(jittered(state.url, backOff), asked)),
    failures: state.failures + 1,
    failureWeight,
    lastErrorCode: code,
    lastError: message,
  }
}
