import type { NoticeChannel } from '../alerts/channels/notice.ts'
import { type NoticeRun, watchTroubles } from '../alerts/notices.ts'
import { type Clock, iso } from '../clock.ts'
import type { Config } from '../config.ts'
import { coverage } from '../crawlers/coverage.ts'
import { freeBytesOf } from '../crawlers/free-space.ts'
import type { Outlet } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Store } from '../store/store.ts'

const DAY_MS = 86_400_000

/** Looks how collecting stands, and tells the administrator what began and what is over. */
export function createWatch(options: {
  readonly store: Store
  readonly outlets: readonly Outlet[]
  readonly clock: Clock
  readonly config: Config
  readonly profile: Profile
  readonly dataFolder: string
  readonly channels: readonly NoticeChannel[]
}): () => Promise<NoticeRun> {
  const { store, outlets, clock, config, profile, dataFolder, channels } = options
  const upSince = clock.now()
  return () =>
    watchTroubles(
      {
        ...{ store, outlets, clock, channels, publicUrl: config.publicUrl },
        ...{ province: profile.name.vi, profileId: profile.id },
      },
      async (open) => {
        const now = clock.now()
        const [covered, sources, freeBytes] = await Promise.all([
          coverage({ store, outlets, from: iso(new Date(now.getTime() - DAY_MS)), to: iso(now), now }),
          store.sources.all(),
          freeBytesOf(dataFolder),
        ])
        const followed = new Set(outlets.flatMap(({ id, sources: own }) => own.map(({ url }) => `${id} ${url}`)))
        return {
          ...{ coverage: covered, freeBytes, minFreeBytes: config.minFreeBytes, now, upSince, open },
          // Of an outlet that is followed no more nothing is asked.
          sources: sources.filter(({ outletId, url }) => followed.has(`${outletId} ${url}`)),
        }
      },
    )
}
