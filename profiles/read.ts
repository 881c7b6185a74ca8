import { join } from 'node:path'
import type { Config } from '../config.ts'
import { loadProfile } from './load.ts'
import type { Profile } from './schema.ts'

/** The configured profile, or the one in `folder`; see {@link loadProfile} for what it throws. */
export const readProfile = ({ profile }: Config, folder = join(import.meta.dirname, profile)): Promise<Profile> =>
  loadProfile(folder, join(import.meta.dirname, '..', 'crawlers', 'outlets'))
