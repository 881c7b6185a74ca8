import { sql } from 'kysely'
import type { Day, Instant, Language, RelevanceLevel } from '../model.ts'
import { listOf } from './article-rows.ts'
import type { Db, Scope } from './scope.ts'

/** Articles with publication in [from, to). */
export interface VolumeFilter {
  readonly from: Instant
  readonly to: Instant
  readonly relevance: readonly RelevanceLevel[]
  readonly outletIds: readonly string[]
}

/** What articles bear in effect: topics, or ids of the gazetteer that they name. */
export type Bearing = 'topic' | 'place'

export interface NameCount {
  readonly name: string
  readonly articles: number
}

export interface StoryCount {
  readonly storyId: string
  readonly articles: number
  readonly outlets: number
}

/** An article of a story as far as its life and its title need it. */
export interface StoryPlacement {
  readonly articleId: string
  readonly storyId: string
  readonly outletId: string
  readonly published: Instant
  readonly language: Language
  readonly title: string
}

/** An article that came in, as far as the figures of a day need it. */
export interface Arrival {
  readonly id: string
  readonly outletId: string
  readonly published: Instant
  readonly firstSeen: Instant
  readonly storyId: string | null
  readonly sensitive: boolean
  readonly title: string
}

/** Counts over many articles: no texts are read, and what can be counted in the store is counted there. */
export interface Volume {
  /** Articles a day of the province; days without any are absent. */
  readonly days: (filter: VolumeFilter) => Promise<ReadonlyMap<Day, number>>
  readonly names: (by: Bearing, filter: VolumeFilter) => Promise<readonly NameCount[]>
  /** Of those names, articles a day. */
  readonly daysOf: (
    by: Bearing,
    names: readonly string[],
    filter: VolumeFilter,
  ) => Promise<ReadonlyMap<string, ReadonlyMap<Day, number>>>
  /** Stories with at least `least` articles of the filter. */
  readonly stories: (filter: VolumeFilter, least: number) => Promise<readonly StoryCount[]>
  /** Articles of those stories, oldest first. */
  readonly placements: (storyIds: readonly string[], filter: VolumeFilter) => Promise<readonly StoryPlacement[]>
  /** Articles first seen at or after `since`, oldest publication first. */
  readonly arrivals: (since: Instant, relevance: readonly RelevanceLevel[]) => Promise<readonly Arrival[]>
  /** Topics of articles first seen at or after `since`, the most frequent first. */
  readonly arrivedTopics: (since: Instant, relevance: readonly RelevanceLevel[]) => Promise<readonly NameCount[]>
  /** When the first article was seen: counts of days before are not complete. Null in an empty store. */
  readonly since: () => Promise<Instant | null>
}

/** The province keeps no daylight saving time. */
const day = sql<Day>`date(article.published, '+7 hours')`

const within = (db: Db, { from, to, relevance, outletIds }: VolumeFilter) =>
  db
    .selectFrom('article')
    .where('article.published', '>=', from)
    .where('article.published', '<', to)
    .where('article.relevance', 'in', relevance)
    .where('article.outletId', 'in', listOf(outletIds))

interface Borne {
  articleId: string
  name: string
}
const BORNE = {
  topic: sql<Borne>`(select articleId, topic as name from articleTopic)`,
  place: sql<Borne>`(select articleId, place as name from articlePlace)`,
} as const

const bearing = (db: Db, by: Bearing, filter: VolumeFilter) =>
  within(db, filter).innerJoin(BORNE[by].as('borne'), 'borne.articleId', 'article.id')

export function volumeOf(scope: Scope): Volume {
  return {
    days: (filter) =>
      scope.read(async (db) => {
        const rows = await within(db, filter)
          .select((select) => [day.as('day'), select.fn.countAll<number>().as('articles')])
          .groupBy(day)
          .execute()
        return new Map(rows.map((row) => [row.day, row.articles]))
      }),

    names: (by, filter) =>
      scope.read((db) =>
        bearing(db, by, filter)
          .select((select) => ['borne.name', select.fn.countAll<number>().as('articles')])
          .groupBy('borne.name')
          .execute(),
      ),

    daysOf: (by, names, filter) =>
      scope.read(async (db) => {
        const rows = await bearing(db, by, filter)
          // By the index of names it would walk through the whole archive: `+` keeps to the time.
          .where(sql`+borne.name`, 'in', listOf(names))
          .select((select) => ['borne.name', day.as('day'), select.fn.countAll<number>().as('articles')])
          .groupBy(['borne.name', day])
          .execute()
        const counts = new Map<string, Map<Day, number>>(names.map((name) => [name, new Map()]))
        for (const row of rows) counts.get(row.name)?.set(row.day, row.articles)
        return counts
      }),

    stories: (filter, least) =>
      scope.read((db) =>
        within(db, filter)
          .where('article.storyId', 'is not', null)
          .select((select) => [
            sql<string>`article.storyId`.as('storyId'),
            select.fn.countAll<number>().as('articles'),
            select.fn.count<number>('article.outletId').distinct().as('outlets'),
          ])
          .groupBy('article.storyId')
          .having((having) => having.fn.countAll<number>(), '>=', least)
          .execute(),
      ),

    placements: (storyIds, filter) =>
      scope.read((db) =>
        // Few stories of many articles: `+` keeps to the index of stories.
        db
          .selectFrom('article')
          .where('article.storyId', 'in', listOf(storyIds))
          .where(sql`+article.published`, '>=', filter.from)
          .where(sql`+article.published`, '<', filter.to)
          .where(sql`+article.relevance`, 'in', filter.relevance)
          .where(sql`+article.outletId`, 'in', listOf(filter.outletIds))
          .innerJoin('articleVersion', (join) =>
            join
              .onRef('articleVersion.articleId', '=', 'article.id')
              .onRef('articleVersion.version', '=', 'article.version'),
          )
          .select([
            'article.id as articleId',
            sql<string>`article.storyId`.as('storyId'),
            'article.outletId',
            'article.published',
            'articleVersion.language',
            'articleVersion.title',
          ])
          .orderBy('article.published')
          .orderBy('article.id')
          .execute(),
      ),

    arrivals: (since, relevance) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('article')
          .innerJoin('articleVersion', (join) =>
            join
              .onRef('articleVersion.articleId', '=', 'article.id')
              .onRef('articleVersion.version', '=', 'article.version'),
          )
          .select(['article.id', 'article.outletId', 'article.published', 'article.firstSeen', 'article.storyId'])
          .select(['article.sensitive', 'articleVersion.title'])
          .where('article.firstSeen', '>=', since)
          .where('article.relevance', 'in', relevance)
          .orderBy('article.published')
          .orderBy('article.id')
          .execute()
        return rows.map((row) => ({ ...row, sensitive: row.sensitive === 1 }))
      }),

    arrivedTopics: (since, relevance) =>
      scope.read((db) =>
        db
          .selectFrom('article')
          .innerJoin('articleTopic', 'articleTopic.articleId', 'article.id')
          .select((select) => ['articleTopic.topic as name', select.fn.countAll<number>().as('articles')])
          .where('article.firstSeen', '>=', since)
          .where('article.relevance', 'in', relevance)
          .groupBy('articleTopic.topic')
          .orderBy('articles', 'desc')
          .orderBy('name')
          .execute(),
      ),

    since: () =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('article')
          .select((select) => select.fn.min('firstSeen').as('first'))
          .executeTakeFirst()
        return row?.first ?? null
      }),
  }
}
