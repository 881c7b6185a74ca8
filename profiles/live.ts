import { checkCandidateText, type Problem } from './candidate.ts'
import { JUDGING_NAMES, type JudgingName, judgingText, type ProfileLocation } from './overlay.ts'
import type { Profile } from './schema.ts'

/** A value that every part holds once and that changes under them: reading a property always reads the current one. */
export interface Live<T extends object> {
  readonly value: T
  readonly current: () => T
  readonly replace: (next: T) => void
}

export function live<T extends object>(first: T): Live<T> {
  let current = first
  const handler: ProxyHandler<T> = {
    get: (_target, key) => Reflect.get(current, key),
    has: (_target, key) => Reflect.has(current, key),
    ownKeys: () => Reflect.ownKeys(current),
    getOwnPropertyDescriptor: (_target, key) => {
      const found = Reflect.getOwnPropertyDescriptor(current, key)
      return found && { ...found, configurable: true }
    },
  }
  return {
    value: new Proxy({} as T, handler),
    current: () => current,
    replace: (next) => {
      current = next
    },
  }
}

/** Reads again what people edited, in the pages of this or another process or with a text editor. */
export interface ProfileWatch {
  /** The profile with what the files say now; null when they say the same as before. */
  readonly look: (current: Profile) => Promise<{ profile: Profile | null; problems: readonly Problem[] } | null>
}

/** @param location where the files of the profile in force stand; what they say at the first look counts as known */
export async function watchProfile(location: ProfileLocation): Promise<ProfileWatch> {
  const known = new Map<JudgingName, string>()
  for (const name of JUDGING_NAMES) known.set(name, (await judgingText(name, location)).digest)
  return {
    look: async (current) => {
      let profile: Profile | null = null
      for (const name of JUDGING_NAMES) {
        const { text, digest } = await judgingText(name, location)
        if (known.get(name) === digest) continue
        known.set(name, digest)
        const candidate = checkCandidateText(profile ?? current, name, text)
        if (candidate.profile === null) return { profile: null, problems: candidate.problems }
        profile = candidate.profile
      }
      return profile === null ? null : { profile, problems: [] }
    },
  }
}
