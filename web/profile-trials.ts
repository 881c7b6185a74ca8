import type { Clock } from '../clock.ts'
import { type TrialProgress, tryAssessor, type WouldChange } from '../crawlers/trial.ts'
import { describeError } from '../errors.ts'
import type { Profile } from '../profiles/schema.ts'
import type { ProfileDraft, Store } from '../store/store.ts'
import type { ProfileEditing } from './profile-desk.ts'

export const TRIAL_DAYS = 30

/** A candidate profile tried on the articles of the last days. */
export interface Trial {
  readonly status: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
  readonly progress: TrialProgress
  readonly changes: readonly WouldChange[]
  readonly error: string | null
}

export interface Trials {
  /** Of exactly this text upon exactly this base; null: not begun, or forgotten by a restart. */
  readonly of: (draft: ProfileDraft) => Trial | null
  /** Begins in the background, after the one that runs; the same draft is not begun twice. */
  readonly start: (draft: ProfileDraft, profile: Profile) => void
  readonly cancel: (draft: ProfileDraft) => void
  /** Stops what runs and waits for it. */
  readonly close: () => Promise<void>
}

/** Results kept in memory. */
const KEPT = 20

const keyOf = ({ id, baseDigest, text }: ProfileDraft): string => `${id}\n${baseDigest}\n${text.length}`

export function createTrials({
  store,
  clock,
  editing,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly editing: ProfileEditing
}): Trials {
  const known = new Map<string, { trial: Trial; readonly abort: AbortController }>()
  let queue: Promise<void> = Promise.resolve()

  const run = async (key: string, profile: Profile): Promise<void> => {
    const entry = known.get(key)
    if (!entry || entry.abort.signal.aborted) return
    const update = (change: Partial<Trial>): void => {
      entry.trial = { ...entry.trial, ...change }
    }
    try {
      update({ status: 'running' })
      const { articles, changes, cancelled } = await tryAssessor({
        store,
        current: editing.assessor(),
        candidate: await editing.assessorFor(profile),
        days: TRIAL_DAYS,
        now: clock.now(),
        signal: entry.abort.signal,
        onProgress: (progress, found) => update({ progress, changes: found }),
      })
      const progress = { done: articles, total: cancelled ? entry.trial.progress.total : articles }
      update({ status: cancelled ? 'cancelled' : 'done', progress, changes })
    } catch (error) {
      update({ status: 'failed', error: describeError(error).message })
    }
  }

  return {
    of: (draft) => known.get(keyOf(draft))?.trial ?? null,
    start: (draft, profile) => {
      const key = keyOf(draft)
      const before = known.get(key)?.trial.status
      if (before === 'waiting' || before === 'running') return
      known.delete(key)
      known.set(key, {
        trial: { status: 'waiting', progress: { done: 0, total: 0 }, changes: [], error: null },
        abort: new AbortController(),
      })
      for (const old of [...known.keys()].slice(0, -KEPT)) {
        known.get(old)?.abort.abort()
        known.delete(old)
      }
      queue = queue.then(() => run(key, profile))
    },
    cancel: (draft) => {
      const entry = known.get(keyOf(draft))
      if (!entry) return
      entry.abort.abort()
      if (entry.trial.status === 'waiting') entry.trial = { ...entry.trial, status: 'cancelled' }
    },
    close: async () => {
      for (const { abort } of known.values()) abort.abort()
      await queue
    },
  }
}
