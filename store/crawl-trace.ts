import type { Instant } from '../model.ts'
import type { Scope } from './scope.ts'

/** Stands for the poll itself. */
const POLL = 'poll'

/** Which work was under way when the process died. */
export interface CrawlTrace {
  /**
   * A poll begins. @returns how many polls in a row ended with the death of their process, and, of the jobs that were
   * entered then, how often each died so
   */
  readonly beginPoll: (
    at: Instant,
  ) => Promise<{ readonly deaths: number; readonly suspects: ReadonlyMap<string, number> }>
  /** It ended by itself. */
  readonly endPoll: () => Promise<void>
  readonly enter: (job: string, at: Instant) => Promise<void>
  /** The job ended by itself: nothing is held against it. */
  readonly leave: (job: string) => Promise<void>
}

export function crawlTraceOf(scope: Scope): CrawlTrace {
  return {
    beginPoll: (at) =>
      scope.write(async (db) => {
        // What is still entered was under way when its process died.
        await db
          .updateTable('crawlTrace')
          .set((update) => ({ deaths: update('deaths', '+', 1), enteredAt: null }))
          .where('enteredAt', 'is not', null)
          .execute()
        const rows = await db.selectFrom('crawlTrace').selectAll().execute()
        const deaths = rows.find(({ job }) => job === POLL)?.deaths ?? 0
        await db
          .insertInto('crawlTrace')
          .values({ job: POLL, enteredAt: at, deaths })
          .onConflict((conflict) => conflict.column('job').doUpdateSet({ enteredAt: at }))
          .execute()
        return { deaths, suspects: new Map(rows.filter(({ job }) => job !== POLL).map((row) => [row.job, row.deaths])) }
      }),

    endPoll: () =>
      scope.write(async (db) => {
        await db.updateTable('crawlTrace').set({ enteredAt: null, deaths: 0 }).where('job', '=', POLL).execute()
      }),

    enter: (job, at) =>
      scope.write(async (db) => {
        await db
          .insertInto('crawlTrace')
          .values({ job, enteredAt: at, deaths: 0 })
          .onConflict((conflict) => conflict.column('job').doUpdateSet({ enteredAt: at }))
          .execute()
      }),

    leave: (job) =>
      scope.write(async (db) => {
        await db.deleteFrom('crawlTrace').where('job', '=', job).execute()
      }),
  }
}
