import { type SqlBool, sql } from 'kysely'
import type { Instant } from '../model.ts'
import type { Db, Scope } from './scope.ts'

export type LogName = 'actions' | 'visits' | 'frontier' | 'runs'

/** Rows of each log. */
export type Forgotten = Readonly<Record<LogName, number>>

/** What grows with time and tells nobody anything after years. Articles, versions and judgements are not among it. */
export interface LogLimits {
  /**
   * Drops what is older: the log of actions, the log of later visits, finished entries of the frontier, and ended runs
   * (those of reports and the last of each job stay). A page whose entry was dropped is asked for once more if a feed
   * still shows it.
   */
  readonly forget: (before: Readonly<Record<LogName, Instant>>) => Promise<Forgotten>
  /** How many rows would go. */
  readonly count: (before: Readonly<Record<LogName, Instant>>) => Promise<Forgotten>
}

/** Rows in one transaction: small enough that collecting never waits long. */
const BATCH = 2000

export function logLimitsOf(scope: Scope): LogLimits {
  const all = async (name: LogName, before: Instant): Promise<number> => {
    let total = 0
    for (let dropped = BATCH; dropped === BATCH; total += dropped) {
      dropped = await scope.write((db) => drop(db, name, before))
    }
    return total
  }
  return {
    forget: async (before) => ({
      actions: await all('actions', before.actions),
      visits: await all('visits', before.visits),
      frontier: await all('frontier', before.frontier),
      runs: await all('runs', before.runs),
    }),
    count: (before) =>
      scope.read(async (db) => ({
        actions: await count(db, 'actions', before.actions),
        visits: await count(db, 'visits', before.visits),
        frontier: await count(db, 'frontier', before.frontier),
        runs: await count(db, 'runs', before.runs),
      })),
  }
}

const oldFrontier = (db: Db, before: Instant) =>
  db.selectFrom('frontier').where('state', 'in', ['done', 'failed']).where('finishedAt', '<', before)

const oldRuns = (db: Db, before: Instant) =>
  db
    .selectFrom('run')
    .where('startedAt', '<', before)
    .where('outcome', '!=', 'running')
    .where('job', '!=', 'install')
    .where('job', 'not like', 'report:%')
    .where(sql<SqlBool>`id not in (select max(id) from run where outcome = 'done' group by job)`)

const oldLog = (db: Db, table: 'action' | 'visitLog', before: Instant) => db.selectFrom(table).where('at', '<', before)

const LOGS = { actions: 'action', visits: 'visitLog' } as const

async function drop(db: Db, name: LogName, before: Instant): Promise<number> {
  if (name === 'frontier') {
    const old = oldFrontier(db, before).select('url').limit(BATCH)
    return Number((await db.deleteFrom('frontier').where('url', 'in', old).executeTakeFirstOrThrow()).numDeletedRows)
  }
  if (name === 'runs') {
    const old = oldRuns(db, before).select('id').limit(BATCH)
    return Number((await db.deleteFrom('run').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows)
  }
  // In the order of their ids, which is that of time.
  const old = oldLog(db, LOGS[name], before).select('id').orderBy('id').limit(BATCH)
  return Number((await db.deleteFrom(LOGS[name]).where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows)
}

async function count(db: Db, name: LogName, before: Instant): Promise<number> {
  const rows =
    name === 'frontier'
      ? oldFrontier(db, before).select((select) => select.fn.countAll<number>().as('n'))
      : name === 'runs'
        ? oldRuns(db, before).select((select) => select.fn.countAll<number>().as('n'))
        : oldLog(db, LOGS[name], before).select((select) => select.fn.countAll<number>().as('n'))
  return (await rows.executeTakeFirstOrThrow()).n
}
