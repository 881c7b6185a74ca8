import { setTimeout as delay } from 'node:timers/promises'

/** The one source of time. Everything that asks "when" takes a Clock, so that days can be simulated. */
export interface Clock {
  readonly now: () => Date
  /** Resolves after `ms` milliseconds of this clock; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {})
  },
}

export interface SimulatedClock extends Clock {
  /** Moves the clock to `instant`; it never goes back. */
  readonly set: (instant: Date) => void
  readonly advance: (ms: number) => void
}

/** A clock that stands still until it is moved; sleeping moves it at once. */
export function simulatedClock(start: Date): SimulatedClock {
  let time = start.getTime()
  const advance = (ms: number) => {
    time += Math.max(0, ms)
  }
  return {
    now: () => new Date(time),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      advance(ms)
    },
    set: (instant) => {
      time = Math.max(time, instant.getTime())
    },
    advance,
  }
}

/** The zone in which the province lives: the edge converts to it, the inside is UTC. */
export const PROVINCE_ZONE = 'Asia/Ho_Chi_Minh'

/** UTC ISO 8601 with milliseconds: the only form of an instant inside the system. */
export const iso = (date: Date): string => date.toISOString()
