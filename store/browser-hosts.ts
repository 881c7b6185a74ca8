import type { Instant } from '../model.ts'
import type { Scope } from './scope.ts'

/** Hosts whose pages showed no text without a browser. */
export interface BrowserHosts {
  /** Those whose need still counts at `now`. */
  readonly current: (now: Instant) => Promise<readonly string[]>
  /** From `until` on the host is tried without a browser again. */
  readonly remember: (host: string, since: Instant, until: Instant) => Promise<void>
}

export const browserHostsOf = (scope: Scope): BrowserHosts => ({
  current: (now) =>
    scope.read(async (db) => {
      const rows = await db.selectFrom('browserHost').select('host').where('until', '>', now).orderBy('host').execute()
      return rows.map(({ host }) => host)
    }),
  remember: (host, since, until) =>
    scope.write(async (db) => {
      await db
        .insertInto('browserHost')
        .values({ host, since, until })
        .onConflict((conflict) => conflict.column('host').doUpdateSet({ until }))
        .execute()
    }),
})
