import { sql } from 'kysely'
import type { Article, PlaceMention } from '../model.ts'
import { articleOf, currentVersions } from './article-rows.ts'
import type { Db } from './scope.ts'

/** An article in its story, as it fills the window of stories, with the places found in it. */
export interface StoryArticleRecord {
  readonly article: Article
  readonly storyId: string
  readonly copyOf: string | null
  readonly places: readonly PlaceMention[]
}

export const storyArticles = (db: Db) =>
  currentVersions(db)
    .leftJoin('assessment', 'assessment.id', 'article.assessmentId')
    .select(['article.storyId', 'article.copyOf'])
    .select(sql<string | null>`json_extract(assessment.data, '$.relevance.places')`.as('places'))

type Row = Parameters<typeof articleOf>[0] & {
  readonly storyId: string | null
  readonly copyOf: string | null
  readonly places: string | null
}

/** None where the article is in no story. */
export const storyArticleOf = (row: Row): StoryArticleRecord[] =>
  row.storyId === null
    ? []
    : [
        {
          ...{ article: articleOf(row), storyId: row.storyId, copyOf: row.copyOf },
          places: row.places === null ? [] : JSON.parse(row.places),
        },
      ]
