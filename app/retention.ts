import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Archive } from '../crawlers/archive.ts'
import { type LimitInForce, type LimitValues, limitsInForce } from '../crawlers/limits.ts'
import { type RetentionResult, retain } from '../crawlers/retention.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Store } from '../store/store.ts'

/** What environment and profile say about how long things are kept. */
export const configuredLimits = (config: Config, profile: Profile): LimitValues => ({
  irrelevantArchiveDays: profile.retention.irrelevantArchiveDays,
  relevantArchiveDays: config.keepPages.relevantDays,
  citedArchiveDays: config.keepPages.citedDays,
  versionDays: config.keepVersions.days,
  versionsKept: config.keepVersions.newest,
  actionsDays: config.keepDays.actions,
  visitsDays: config.keepDays.visits,
  frontierDays: config.keepDays.frontier,
  runsDays: config.keepDays.runs,
})

export interface Retaining {
  readonly configured: LimitValues
  readonly limits: () => Promise<readonly LimitInForce[]>
  /** What would go under other limits. */
  readonly preview: (values: LimitValues) => Promise<RetentionResult>
  /** Takes away what the limits let go; `dryRun` only says what that would be. */
  readonly retain: (options: { readonly dryRun?: boolean }) => Promise<RetentionResult>
}

export function createRetaining(options: {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
  readonly config: Config
  readonly profile: Profile
}): Retaining {
  const { store, archive, clock, config, profile } = options
  const configured = configuredLimits(config, profile)
  const limits: Retaining['limits'] = () => limitsInForce(store, configured)
  return {
    configured,
    limits,
    preview: async (values) => {
      const others = (await limits()).map((limit) => ({ ...limit, value: values[limit.name] }))
      return retain({ store, archive, clock, limits: others, dryRun: true })
    },
    retain: async ({ dryRun = false }) => retain({ store, archive, clock, limits: await limits(), dryRun }),
  }
}
