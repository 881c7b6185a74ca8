import type { Instant } from '../model.ts'
import type { Db, Scope } from './scope.ts'

/** Rows that were dropped. */
export interface Forgotten {
  readonly actions: number
  readonly visits: number
  readonly frontier: number
}

/** What grows with time and tells nobody anything after years. Articles, versions and judgements are not among it. */
export interface LogLimits {
  /**
   * Drops what is older: the log of actions, the log of later visits, and finished entries of the frontier. A page whose
   * entry was dropped is asked for once more if a feed still shows it.
   */
  readonly forget: (before: {
    readonly actions: Instant
    readonly visits: Instant
    readonly frontier: Instant
  }) => Promise<Forgotten>
}

/** Rows in one transaction: small enough that collecting never waits long. */
const BATCH = 2000

export function logLimitsOf(scope: Scope): LogLimits {
  const all = async (drop: (db: Db) => Promise<number>): Promise<number> => {
    let total = 0
    for (let dropped = BATCH; dropped === BATCH; total += dropped) dropped = await scope.write(drop)
    return total
  }
  return {
    forget: async (before) => ({
      actions: await all((db) => dropLog(db, 'action', before.actions)),
      visits: await all((db) => dropLog(db, 'visitLog', before.visits)),
      frontier: await all((db) => dropFrontier(db, before.frontier)),
    }),
  }
}

async function dropLog(db: Db, table: 'action' | 'visitLog', before: Instant): Promise<number> {
  // In the order of their ids, which is that of time.
  const old = db.selectFrom(table).select('id').where('at', '<', before).orderBy('id').limit(BATCH)
  const { numDeletedRows } = await db.deleteFrom(table).where('id', 'in', old).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

async function dropFrontier(db: Db, before: Instant): Promise<number> {
  const old = db
    .selectFrom('frontier')
    .select('url')
    .where('state', 'in', ['done', 'failed'])
    .where('finishedAt', '<', before)
    .limit(BATCH)
  const { numDeletedRows } = await db.deleteFrom('frontier').where('url', 'in', old).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
