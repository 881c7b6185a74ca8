import type { Instant } from '../model.ts'
import type { Contradiction } from '../pipeline/contradictions.ts'
import type { StorySummary } from '../pipeline/summarise.ts'
import type { Scope } from './scope.ts'

/** What a summary tells of: a story, or a topic in an ISO week. */
export type SummarySubject = `story:${string}` | `topic:${string}@${string}`

export interface SummaryRecord {
  readonly subject: SummarySubject
  /** The length asked for, in words between white space. */
  readonly words: number
  readonly stepVersion: number
  readonly madeAt: Instant
  /** Null: by itself, when it was first asked for. */
  readonly madeBy: string | null
  readonly summary: StorySummary
  /** Figures on which the outlets differed in the same articles; of a story only. */
  readonly differences: readonly Contradiction[]
}

export interface Summaries {
  /** Earlier summaries of the subject stay; the newest counts. */
  readonly save: (record: SummaryRecord) => Promise<void>
  readonly latest: (subject: SummarySubject, words: number) => Promise<SummaryRecord | null>
}

export function summariesOf(scope: Scope): Summaries {
  return {
    save: ({ summary, differences, ...record }) =>
      scope.write(async (db) => {
        // The words stay as the articles print them: the citations' offsets answer to them.
        await db
          .insertInto('summary')
          .values({ ...record, data: JSON.stringify({ summary, differences }) })
          .execute()
      }),

    latest: (subject, words) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('summary')
          .select(['stepVersion', 'madeAt', 'madeBy', 'data'])
          .where('subject', '=', subject)
          .where('words', '=', words)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
        if (!row) return null
        const { data, ...rest } = row
        const { summary, differences }: Pick<SummaryRecord, 'summary' | 'differences'> = JSON.parse(data)
        return { subject, words, ...rest, summary, differences }
      }),
  }
}
