import robotsParser from 'robots-parser'
import type { Clock } from '../clock.ts'
import { RetryLater, Skip } from '../errors.ts'
import { listsHost } from './guards.ts'
import { recentMap } from './recent.ts'

/** The package's types name a default export that its CommonJS module does not have. */
const parseRobots = robotsParser as unknown as (
  url: string,
  text: string,
) => {
  readonly isAllowed: (url: string, agent: string) => boolean | undefined
  readonly getCrawlDelay: (agent: string) => number | undefined
}

const DAY = 86_400_000
/** After a 429 or 503 that names no time. */
const PENALTY_MS = 30_000
/** A Crawl-delay or Retry-After beyond this is taken as this: the entry waits in the frontier instead. */
const LONGEST_WAIT_MS = 300_000

/** Hosts and robots.txt files that are remembered. */
const MOST_HOSTS = 2000

/** What the robots.txt of an origin says; `unavailable` until it can be read. */
interface Rules {
  readonly fetchedAt: number
  readonly allows: (url: string) => boolean
  readonly delayMs: number
}

export interface RobotsResponse {
  readonly status: number
  readonly body: Uint8Array
}

/** One host at a time, never faster than its delay, never where robots.txt forbids. */
export interface Politeness {
  /** Least pause between two requests to a host; the largest value given for it stands. */
  readonly setDelay: (host: string, seconds: number) => void
  /** True for hosts whose pauses are lifted: several requests at a time may go there. Their robots.txt holds. */
  readonly isLifted: (url: URL) => boolean
  /** Milliseconds of the clock (epoch) from which the host may be asked; Infinity while a request is under way. */
  readonly readyAt: (host: string) => number
  /**
   * Waits until the host is free and its pause is over, and occupies it. The pause is counted from the end of the
   * request, so that the host never sees a shorter one.
   */
  readonly enter: (url: URL, signal?: AbortSignal) => Promise<() => void>
  /** After a 429 or 503: the host is left alone for `retryAfterMs`, at least 30 s. */
  readonly penalise: (url: URL, retryAfterMs: number | null) => void
  /**
   * @param load fetches robots.txt; called at most once a day and origin
   * @throws Skip `robots.disallowed`; RetryLater `robots.unavailable` when robots.txt answers 5xx or not at all
   */
  readonly checkRobots: (url: URL, load: (robots: URL) => Promise<RobotsResponse>) => Promise<void>
}

interface HostState {
  delayMs: number
  /** End of the last request; the pause runs from it, also when a longer one is learned only afterwards. */
  endedAt: number
  /** Until when the host asked to be left alone. */
  restsUntil: number
  busy: boolean
  readonly waiting: (() => void)[]
}

export interface PolitenessOptions {
  readonly clock: Clock
  /** Product token that robots.txt rules name, e.g. `LaoCaiPressMonitor`. */
  readonly robotsName: string
  readonly defaultDelaySeconds: number
  /** Hosts without pauses: the demo and tests only. */
  readonly liftedHosts: readonly string[]
  readonly penaltyMs?: number
}

/** A Retry-After header (seconds or HTTP date, RFC 9110 section 10.2.3) in milliseconds from `now`, or null. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime())
}

const freeFrom = ({ delayMs, endedAt, restsUntil }: HostState): number => Math.max(endedAt + delayMs, restsUntil)

export function createPoliteness(options: PolitenessOptions): Politeness {
  const { clock, robotsName, liftedHosts } = options
  const penaltyMs = options.penaltyMs ?? PENALTY_MS
  const now = (): number => clock.now().getTime()
  // A host that is asked, waited for or still rests is never forgotten.
  const hosts = recentMap<string, HostState>(
    MOST_HOSTS,
    (state) => !state.busy && state.waiting.length === 0 && freeFrom(state) <= now(),
  )
  const rules = recentMap<string, Promise<Rules>>(MOST_HOSTS)
  const isLifted = (url: URL): boolean => listsHost(liftedHosts, url)

  const stateOf = (host: string, delaySeconds = options.defaultDelaySeconds): HostState => {
    const known = hosts.get(host)
    if (known) return known
    const never = Number.NEGATIVE_INFINITY
    const fresh: HostState = {
      ...{ delayMs: delaySeconds * 1000, endedAt: never, restsUntil: never },
      ...{ busy: false, waiting: [] },
    }
    hosts.set(host, fresh)
    return fresh
  }

  const enter = async (url: URL, signal?: AbortSignal): Promise<() => void> => {
    if (isLifted(url)) return () => undefined
    const state = stateOf(url.host)
    while (state.busy) await new Promise<void>((free) => state.waiting.push(free))
    state.busy = true
    const leave = (): void => {
      state.busy = false
      state.waiting.shift()?.()
    }
    try {
      while (freeFrom(state) > now()) await clock.sleep(freeFrom(state) - now(), signal)
    } catch (error) {
      leave()
      throw error
    }
    return () => {
      state.endedAt = now()
      leave()
    }
  }

  const readRules = async (robots: URL, load: (robots: URL) => Promise<RobotsResponse>): Promise<Rules> => {
    const { status, body } = await load(robots)
    // RFC 9309, 2.3.1: 4xx means no rules, 5xx means that everything is forbidden for now.
    if (status >= 500 || status === 429) {
      throw new RetryLater(`${robots.href} answers ${status}`, {
        code: 'robots.unavailable',
        remedy: 'Nothing to do: the host is asked again later.',
      })
    }
    // 512 KB, as RFC 9309, 2.5 sets as the least that a crawler reads.
    const text = status >= 200 && status < 300 ? new TextDecoder().decode(body.subarray(0, 512 * 1024)) : ''
    const parsed = parseRobots(robots.href, text)
    const delaySeconds = parsed.getCrawlDelay(robotsName) ?? 0
    return {
      fetchedAt: now(),
      allows: (url) => parsed.isAllowed(url, robotsName) !== false,
      delayMs: Math.min(delaySeconds * 1000, LONGEST_WAIT_MS),
    }
  }

  const rulesOf = async (url: URL, load: (robots: URL) => Promise<RobotsResponse>): Promise<Rules> => {
    const known = rules.get(url.origin)
    if (known) {
      const found = await known
      if (found.fetchedAt + DAY > now()) return found
      // Whoever saw first that its day is over reads it anew; the others wait for that.
      if (rules.get(url.origin) !== known) return rulesOf(url, load)
    }
    const robots = new URL('/robots.txt', url)
    const reading = readRules(robots, load).catch((error: unknown) => {
      rules.delete(url.origin)
      if (error instanceof RetryLater && error.code === 'robots.unavailable') throw error
      if (error instanceof Skip && error.code.startsWith('guard.')) throw error
      throw new RetryLater(`${robots.href} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
        code: 'robots.unavailable',
        remedy: 'Nothing is fetched from a host whose robots.txt cannot be read; it is asked again later.',
        cause: error,
      })
    })
    rules.set(url.origin, reading)
    return reading
  }

  return {
    setDelay: (host, seconds) => {
      const state = stateOf(host, seconds)
      state.delayMs = Math.max(state.delayMs, seconds * 1000)
    },
    readyAt: (host) => {
      const state = hosts.get(host)
      if (!state) return 0
      return state.busy ? Number.POSITIVE_INFINITY : Math.max(0, freeFrom(state))
    },
    isLifted,
    enter,
    penalise: (url, wait) => {
      if (isLifted(url)) return
      const state = stateOf(url.host)
      state.restsUntil = Math.max(state.restsUntil, now() + Math.min(Math.max(wait ?? 0, penaltyMs), LONGEST_WAIT_MS))
    },
    checkRobots: async (url, load) => {
      if (url.pathname === '/robots.txt') return
      const found = await rulesOf(url, load)
      const state = stateOf(url.host)
      state.delayMs = Math.max(state.delayMs, found.delayMs)
      if (!found.allows(url.href)) {
        throw new Skip(`robots.txt of ${url.host} forbids ${url.pathname}`, {
          code: 'robots.disallowed',
          remedy: 'The outlet does not want it collected; ask the outlet, or take the source out of its definition.',
        })
      }
    },
  }
}
