import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { iso } from '../clock.ts'
import type { Store, User } from '../store/store.ts'

export const SESSION_COOKIE = 'monitor_session'
/** One working day: a forgotten session ends by itself. */
export const SESSION_HOURS = 12

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')

export interface Sessions {
  /** Gives the token for the cookie; the store only ever sees its SHA-256. */
  readonly open: (user: User) => Promise<string>
  readonly user: (token: string | undefined) => Promise<User | null>
  readonly close: (token: string) => Promise<void>
}

export function createSessions(store: Store, clock: Clock): Sessions {
  return {
    open: async (user) => {
      const token = randomBytes(32).toString('base64url')
      const now = clock.now()
      const expiresAt = iso(new Date(now.getTime() + SESSION_HOURS * 3_600_000))
      await store.users.openSession({ tokenDigest: digestOf(token), userId: user.id, at: iso(now), expiresAt })
      return token
    },
    user: async (token) => (token ? store.users.sessionUser(digestOf(token), iso(clock.now())) : null),
    close: (token) => store.users.closeSession(digestOf(token)),
  }
}
