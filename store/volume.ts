import type { Instant, RelevanceLevel } from '../model.ts'
import type { Scope } from './scope.ts'

/** An article as far as counting needs it: no texts are read. */
export interface Placed {
  readonly articleId: string
  readonly outletId: string
  readonly published: Instant
  readonly storyId: string | null
  readonly topics: readonly string[]
  /** Ids of the gazetteer that the article names. */
  readonly places: readonly string[]
}

export interface Volume {
  /** Articles with publication in [from, to), oldest first, with topics and places in effect. */
  readonly articles: (filter: {
    from: Instant
    to: Instant
    relevance: readonly RelevanceLevel[]
  }) => Promise<readonly Placed[]>
  /** When the first article was seen: counts of days before are not complete. Null in an empty store. */
  readonly since: () => Promise<Instant | null>
}

export function volumeOf(scope: Scope): Volume {
  return {
    articles: ({ from, to, relevance }) =>
      scope.read(async (db) => {
        const within = db
          .selectFrom('article')
          .where('article.published', '>=', from)
          .where('article.published', '<', to)
          .where('article.relevance', 'in', relevance)
        const rows = await within
          .select(['article.id', 'article.outletId', 'article.published', 'article.storyId'])
          .orderBy('article.published')
          .orderBy('article.id')
          .execute()
        const topics = await within
          .innerJoin('articleTopic', 'articleTopic.articleId', 'article.id')
          .select(['article.id', 'articleTopic.topic as name'])
          .execute()
        const places = await within
          .innerJoin('articlePlace', 'articlePlace.articleId', 'article.id')
          .select(['article.id', 'articlePlace.place as name'])
          .execute()
        const [topicsOf, placesOf] = [grouped(topics), grouped(places)]
        return rows.map(({ id, ...row }) => ({
          ...row,
          articleId: id,
          topics: topicsOf.get(id) ?? [],
          places: placesOf.get(id) ?? [],
        }))
      }),

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

function grouped(rows: readonly { id: string; name: string }[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { id, name } of rows) {
    const group = groups.get(id)
    if (group) group.push(name)
    else groups.set(id, [name])
  }
  return groups
}
