import type { Citation, Instant } from '../model.ts'
import type { Scope } from './scope.ts'
import type { SummarySubject } from './summaries.ts'

/** A machine translation of one version of an article into Vietnamese. */
export interface TranslationRecord {
  readonly articleId: string
  readonly version: number
  /** Which helper wrote it. */
  readonly translator: string
  readonly title: string
  readonly lead: string | null
  readonly text: string
  readonly madeAt: Instant
  readonly madeBy: string
}

/** A summary in a language model's words, as far as its sentences held. */
export interface RewritingRecord {
  readonly subject: SummarySubject
  readonly words: number
  /** Which stored summary it rewrites; with another one standing it is old. */
  readonly summaryMadeAt: Instant
  readonly madeAt: Instant
  readonly madeBy: string
  readonly rewriting: {
    readonly model: string
    readonly sentences: readonly {
      readonly text: string
      readonly cites: readonly Citation[]
      readonly by: 'model' | 'source'
    }[]
    readonly rejected: number
    readonly failure: { readonly code: string; readonly message: string } | null
  }
}

/** What optional helpers wrote. */
export interface HelperTexts {
  /** A later translation of the same version takes the place of the earlier. */
  readonly saveTranslation: (record: TranslationRecord) => Promise<void>
  readonly translation: (articleId: string, version: number) => Promise<TranslationRecord | null>
  readonly saveRewriting: (record: RewritingRecord) => Promise<void>
  /** The newest of the subject and length. */
  readonly rewriting: (subject: SummarySubject, words: number) => Promise<RewritingRecord | null>
}

export function helperTextsOf(scope: Scope): HelperTexts {
  return {
    saveTranslation: (record) =>
      scope.write(async (db) => {
        await db
          .insertInto('translation')
          .values(record)
          .onConflict((conflict) => conflict.columns(['articleId', 'version']).doUpdateSet(record))
          .execute()
      }),

    translation: (articleId, version) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('translation')
          .selectAll()
          .where('articleId', '=', articleId)
          .where('version', '=', version)
          .executeTakeFirst()
        return row ?? null
      }),

    saveRewriting: ({ rewriting, ...record }) =>
      scope.write(async (db) => {
        await db
          .insertInto('rewriting')
          .values({ ...record, data: JSON.stringify(rewriting) })
          .execute()
      }),

    rewriting: (subject, words) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('rewriting')
          .select(['summaryMadeAt', 'madeAt', 'madeBy', 'data'])
          .where('subject', '=', subject)
          .where('words', '=', words)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
        if (!row) return null
        const { data, ...rest } = row
        return { subject, words, ...rest, rewriting: JSON.parse(data) }
      }),
  }
}
