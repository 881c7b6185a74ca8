import type { Assessment, Instant } from '../model.ts'
import { allVersions, articleOf } from './article-rows.ts'
import { withCorrections } from './effective.ts'
import type { Db } from './scope.ts'
import type { AssessedArticle } from './store.ts'

/**
 * An article as it stood at an instant: the version that was seen last by then (or the one asked for), the judgement of it
 * that was in force, with people's corrections until then. What was only judged later is told by its first judgement.
 */
export async function articleAsOf(
  db: Db,
  id: string,
  at: Instant,
  version: number | null,
): Promise<AssessedArticle | null> {
  const versions = allVersions(db).select(['article.storyId', 'article.copyOf']).where('article.id', '=', id)
  const row =
    version === null
      ? ((await versions
          .where('articleVersion.seenAt', '<=', at)
          .orderBy('articleVersion.version', 'desc')
          .executeTakeFirst()) ?? (await versions.orderBy('articleVersion.version').executeTakeFirst()))
      : await versions.where('articleVersion.version', '=', version).executeTakeFirst()
  if (row === undefined) return null
  const judgements = db
    .selectFrom('assessment')
    .select('data')
    .where('articleId', '=', id)
    .where('version', '=', row.version)
  const judged =
    (await judgements.where('at', '<=', at).orderBy('at', 'desc').orderBy('id', 'desc').executeTakeFirst()) ??
    (await judgements.orderBy('at').orderBy('id').executeTakeFirst())
  const corrections = await db
    .selectFrom('correction')
    .select(['field', 'value'])
    .where('articleId', '=', id)
    .where('at', '<=', at)
    .orderBy('id')
    .execute()
  const machine: Assessment | null = judged ? JSON.parse(judged.data) : null
  return {
    ...articleOf(row),
    assessment: withCorrections(
      machine,
      corrections.map(({ field, value }) => ({ field, value: JSON.parse(value) })),
    ),
    storyId: row.storyId,
    copyOf: row.copyOf,
    corrected: corrections.length > 0,
  }
}
