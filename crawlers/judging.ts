import type { Clock } from '../clock.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { live, watchProfile } from '../profiles/live.ts'
import type { ProfileLocation } from '../profiles/overlay.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Store } from '../store/store.ts'
import { reassess } from './ingest.ts'
import type { Logger } from './logger.ts'

/** Articles judged in one transaction beside the other work; the pages have their turn between two of them. */
const BATCH = 20

/** The rules of judgement while the monitor runs: they may be edited under it. */
export interface Judging {
  /** Always says what is in force now. */
  readonly profile: Profile
  /** Always judges by what is in force now; key and judgement of one call belong together only when read at once. */
  readonly assessor: Assessor
  readonly current: () => Assessor
  readonly assessorFor: (profile: Profile) => Promise<Assessor>
  /** Takes over what the profile's files say now. What is not valid changes nothing and is logged. */
  readonly refresh: () => Promise<void>
  /** Judges again whatever was judged by other rules, a few at a time; returns how many. */
  readonly rejudge: (signal?: AbortSignal) => Promise<number>
}

export async function createJudging(options: {
  readonly location: ProfileLocation
  readonly profile: Profile
  readonly assessor: Assessor
  readonly assessorFor: (profile: Profile) => Promise<Assessor>
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}): Promise<Judging> {
  const { assessorFor, store, clock, log } = options
  const watch = await watchProfile(options.location)
  const profile = live(options.profile)
  const assessor = live(options.assessor)

  const lookOnce = async (): Promise<void> => {
    const found = await watch.look(profile.current())
    if (found === null) return
    if (found.profile === null) {
      const [first] = found.problems
      log.warn(
        { problems: found.problems.length, first },
        'the edited profile is not valid; the one before stays in force',
      )
      return
    }
    const next = await assessorFor(found.profile)
    // Together: nobody sees the one without the other.
    profile.replace(found.profile)
    assessor.replace(next)
    log.info({ digest: found.profile.digest }, 'an edited profile is in force')
  }
  let looking: Promise<void> = Promise.resolve()

  return {
    profile: profile.value,
    assessor: assessor.value,
    current: assessor.current,
    assessorFor,
    refresh: () => {
      looking = looking.then(lookOnce, lookOnce)
      return looking
    },
    rejudge: async (signal) => {
      let total = 0
      for (let count = BATCH; count === BATCH && !signal?.aborted; total += count) {
        // Asked anew each time: the rules may change while it runs.
        count = await reassess({ store, assessor: assessor.current(), clock, limit: BATCH })
        await new Promise(setImmediate)
      }
      return total
    },
  }
}
