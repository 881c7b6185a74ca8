import { describeError } from '../errors.ts'
import type { Instant } from '../model.ts'

export interface Problem {
  readonly url: string
  readonly code: string
  readonly message: string
}

export interface OutletResult {
  readonly outletId: string
  /** Sources asked, and how many of them had not changed. */
  readonly polled: number
  readonly notModified: number
  /** Links found, and how many of them were new. */
  readonly found: number
  readonly fresh: number
  /** Pages read into articles. */
  readonly fetched: number
  /** Articles of which only title, summary and link are known. */
  readonly feedOnly: number
  /** Articles read again, how many of them the outlet had changed, and how many are gone. */
  readonly visited: number
  readonly changed: number
  readonly gone: number
  /** As received. */
  readonly bytes: number
  readonly problems: readonly Problem[]
}

export interface CollectResult {
  readonly startedAt: Instant
  readonly finishedAt: Instant
  readonly outlets: readonly OutletResult[]
  /** Entries of the frontier that wait for their time. */
  readonly waiting: number
  /** Why it ended before everything due was done. */
  readonly stopped: { readonly code: string; readonly message: string; readonly remedy: string } | null
}

type Counts =
  | 'polled'
  | 'notModified'
  | 'found'
  | 'fresh'
  | 'fetched'
  | 'feedOnly'
  | 'visited'
  | 'changed'
  | 'gone'
  | 'bytes'

export interface Tally {
  readonly count: (outletId: string, what: Counts, by?: number) => void
  readonly problem: (outletId: string, url: string, error: unknown) => void
  /** Outlets about which there is anything to say. */
  readonly results: () => readonly OutletResult[]
}

export function createTally(): Tally {
  const outlets = new Map<string, Record<Counts, number> & { outletId: string; problems: Problem[] }>()
  const of = (outletId: string) => {
    const known = outlets.get(outletId)
    if (known) return known
    const zero = {
      polled: 0,
      notModified: 0,
      found: 0,
      fresh: 0,
      fetched: 0,
      feedOnly: 0,
      bytes: 0,
      visited: 0,
      changed: 0,
      gone: 0,
    }
    const fresh = { outletId, ...zero, problems: [] }
    outlets.set(outletId, fresh)
    return fresh
  }
  return {
    count: (outletId, what, by = 1) => {
      of(outletId)[what] += by
    },
    problem: (outletId, url, error) => {
      const { code, message } = describeError(error)
      of(outletId).problems.push({ url, code, message })
    },
    results: () => [...outlets.values()],
  }
}
