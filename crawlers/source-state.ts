import { createHash } from 'node:crypto'
import { iso } from '../clock.ts'
import { describeError, RetryLater } from '../errors.ts'
import type { Instant } from '../model.ts'
import type { SourceState, SourceStatus } from '../store/store.ts'

/** How often sources are asked, milliseconds. */
export interface PollPace {
  readonly intervalMs: number
  /** A failing source is asked less and less often, up to this. */
  readonly longestMs: number
}

export const defaultPace: PollPace = { intervalMs: 15 * 60_000, longestMs: 6 * 3_600_000 }

/** Some feeds keep their ETag after changing: once in so many milliseconds a source is asked without conditions. */
const FULL_FETCH_EVERY_MS = 6 * 3_600_000

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
  lastErrorCode: null,
  lastError: null,
})

export const isDue = (state: SourceState, now: Date): boolean =>
  state.nextPollAt === null || state.nextPollAt <= iso(now)

/** Conditions of the next request (RFC 9110, 13.1), none on the first poll and now and then. */
export function conditions(state: SourceState, now: Date): Record<string, string> {
  const block = (at: number): number => Math.floor(at / FULL_FETCH_EVERY_MS)
  if (state.lastPolledAt === null || state.bodyDigest === null) return {}
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

export function afterSuccess(
  state: SourceState,
  found: { etag: string | null; lastModified: string | null; bodyDigest: string | null; newItems: number },
  now: Date,
  pace: PollPace,
): SourceState {
  return {
    ...state,
    status: 'ok',
    etag: found.etag,
    lastModified: found.lastModified,
    bodyDigest: found.bodyDigest,
    lastPolledAt: iso(now),
    nextPollAt: later(now, jittered(state.url, pace.intervalMs)),
    lastSuccessAt: iso(now),
    lastNewItemAt: found.newItems > 0 ? iso(now) : state.lastNewItemAt,
    failures: 0,
    lastErrorCode: null,
    lastError: null,
  }
}

const blocked = new Set(['page.forbidden', 'page.challenge', 'fetch.throttled'])

function statusFor(code: string): SourceStatus {
  if (code === 'robots.disallowed') return 'refused-by-robots'
  return blocked.has(code) ? 'blocked' : 'failing'
}

/** Each failure in a row doubles the pause; a time that the host itself named is kept. */
export function afterFailure(state: SourceState, error: unknown, now: Date, pace: PollPace): SourceState {
  const { code, message } = describeError(error)
  const failures = state.failures + 1
  const backOff = Math.min(pace.intervalMs * 2 ** Math.min(failures - 1, 10), pace.longestMs)
  const asked = error instanceof RetryLater ? (error.afterMs ?? 0) : 0
  return {
    ...state,
    status: statusFor(code),
    lastPolledAt: iso(now),
    nextPollAt: later(now, Math.max(jittered(state.url, backOff), asked)),
    failures,
    lastErrorCode: code,
    lastError: message,
  }
}
