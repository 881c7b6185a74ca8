import { join, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { loadProfile } from './load.ts'
import { overlayFolder, type ProfileLocation } from './overlay.ts'
import type { Profile } from './schema.ts'

/** Where the configured profile stands: as shipped, and its edited copies. */
export const profileLocation = ({ profile, dataFolder }: Pick<Config, 'profile' | 'dataFolder'>) =>
  ({
    folder: join(import.meta.dirname, profile),
    overlay: overlayFolder(resolve(dataFolder), profile),
  }) satisfies ProfileLocation

const OUTLETS = join(import.meta.dirname, '..', 'crawlers', 'outlets')

/**
 * The configured profile with what people edited, or the one in `folder` as it stands; see {@link loadProfile} for what
 * it throws.
 */
export function readProfile(config: Config, folder?: string): Promise<Profile> {
  if (folder !== undefined) return loadProfile(folder, OUTLETS)
  const location = profileLocation(config)
  return loadProfile(location.folder, OUTLETS, location.overlay)
}
