import { type ExpressionBuilder, type ExpressionWrapper, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Article, Assessment, Completeness } from '../model.ts'
import { type StandingCorrection, withCorrections } from './effective.ts'
import type { Schema } from './schema.ts'
import type { Db } from './scope.ts'
import type { ArticleFilter, AssessedArticle } from './store.ts'

/** A list of values as one parameter: the statement stays the same whatever its length. */
export const listOf = (values: readonly string[]): RawBuilder<string> =>
  sql<string>`(select value from json_each(${JSON.stringify(values)}))`

const versionColumns = [
  'articleVersion.version',
  'articleVersion.pageId',
  'articleVersion.completeness',
  'articleVersion.language',
  'articleVersion.title',
  'articleVersion.lead',
  'articleVersion.text',
  'articleVersion.byline',
  'articleVersion.section',
  'articleVersion.published',
  'articleVersion.publishedBy',
  'articleVersion.modified',
  'articleVersion.image',
  'articleVersion.extractedBy',
  'articleVersion.doubts',
] as const
const articleColumns = ['article.id', 'article.outletId', 'article.url', 'article.firstSeen'] as const

/** Articles with their current version. */
export const currentVersions = (db: Db) =>
  db
    .selectFrom('article')
    .innerJoin('articleVersion', (join) =>
      join.onRef('articleVersion.articleId', '=', 'article.id').onRef('articleVersion.version', '=', 'article.version'),
    )
    .select([...articleColumns, ...versionColumns])

/** Articles with every version. */
export const allVersions = (db: Db) =>
  db
    .selectFrom('article')
    .innerJoin('articleVersion', 'articleVersion.articleId', 'article.id')
    .select([...articleColumns, ...versionColumns])

/** Articles with their current version and the machine's current assessment. */
export const assessedRows = (db: Db) =>
  currentVersions(db)
    .leftJoin('assessment', 'assessment.id', 'article.assessmentId')
    .select(['assessment.data', 'article.storyId', 'article.copyOf', 'article.corrected'])

export interface ArticleRow {
  id: string
  outletId: string
  url: string
  firstSeen: string
  version: number
  pageId: string | null
  completeness: Completeness
  language: string
  title: string
  lead: string | null
  text: string
  byline: string | null
  section: string | null
  published: string
  publishedBy: string
  modified: string | null
  image: string | null
  extractedBy: string
  doubts: string
}

interface AssessedRow extends ArticleRow {
  data: string | null
  storyId: string | null
  copyOf: string | null
  corrected: number
}

export function articleOf(row: ArticleRow): Article {
  return {
    id: row.id,
    outletId: row.outletId,
    url: row.url,
    version: row.version,
    pageId: row.pageId,
    completeness: row.completeness,
    language: row.language,
    title: row.title,
    lead: row.lead,
    text: row.text,
    byline: row.byline,
    section: row.section,
    published: row.published,
    publishedBy: row.publishedBy,
    modified: row.modified,
    image: row.image,
    firstSeen: row.firstSeen,
    by: JSON.parse(row.extractedBy),
    doubts: JSON.parse(row.doubts),
  }
}

/** Adds corrections to rows: one statement for all of them. */
export async function assessedArticles(db: Db, rows: readonly AssessedRow[]): Promise<AssessedArticle[]> {
  const corrected = rows.filter((row) => row.corrected === 1).map((row) => row.id)
  const corrections = new Map<string, StandingCorrection[]>()
  if (corrected.length > 0) {
    const found = await db
      .selectFrom('correction')
      .select(['articleId', 'field', 'value'])
      .where('articleId', 'in', listOf(corrected))
      .orderBy('id')
      .execute()
    for (const { articleId, field, value } of found) {
      const list = corrections.get(articleId) ?? []
      list.push({ field, value: JSON.parse(value) })
      corrections.set(articleId, list)
    }
  }
  return rows.map((row) => {
    const machine: Assessment | null = row.data === null ? null : JSON.parse(row.data)
    return {
      ...articleOf(row),
      assessment: withCorrections(machine, corrections.get(row.id) ?? []),
      storyId: row.storyId,
      copyOf: row.copyOf,
      corrected: row.corrected === 1,
    }
  })
}

export function matches(
  where: ExpressionBuilder<Schema, 'article'>,
  filter: ArticleFilter,
): ExpressionWrapper<Schema, 'article', SqlBool> {
  const conditions: ExpressionWrapper<Schema, 'article', SqlBool>[] = []
  if (filter.publishedFrom !== undefined) conditions.push(where('article.published', '>=', filter.publishedFrom))
  if (filter.publishedTo !== undefined) conditions.push(where('article.published', '<', filter.publishedTo))
  if (filter.firstSeenFrom !== undefined) conditions.push(where('article.firstSeen', '>=', filter.firstSeenFrom))
  if (filter.firstSeenTo !== undefined) conditions.push(where('article.firstSeen', '<', filter.firstSeenTo))
  if (filter.outletIds !== undefined) conditions.push(where('article.outletId', 'in', listOf(filter.outletIds)))
  if (filter.relevance !== undefined) conditions.push(where('article.relevance', 'in', filter.relevance))
  if (filter.sensitive !== undefined) conditions.push(where('article.sensitive', '=', filter.sensitive ? 1 : 0))
  if (filter.storyId !== undefined) conditions.push(where('article.storyId', '=', filter.storyId))
  if (filter.topic !== undefined)
    conditions.push(
      where(
        'article.id',
        'in',
        where
          .selectFrom('articleTopic')
          .select('articleTopic.articleId')
          .where('articleTopic.topic', '=', filter.topic),
      ),
    )
  return where.and(conditions)
}
