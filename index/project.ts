import type { Outlet } from '../model.ts'
import type { Place } from '../profiles/schema.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import type { SearchDocument, SearchIndex } from './search-index.ts'

export interface SyncOptions {
  readonly store: Store
  readonly index: SearchIndex
  /** The followed outlets, as the profile has them. */
  readonly outlets: readonly Outlet[]
  /** The gazetteer: an article that names a place is also found by its communes, former district and former province. */
  readonly places: readonly Place[]
  /** Changes read at a time. */
  readonly batch?: number
}

/**
 * Brings the index up to the store's change feed: every article that changed since the index's cursor is put anew, as it
 * is now. An index whose cursor lies behind the end of the feed (the store was put back from a backup) is built anew.
 * @returns the number of documents put.
 */
export async function syncIndex({ store, index, outlets, places, batch = 500 }: SyncOptions): Promise<number> {
  const around = surroundings(places)
  const byId = new Map(outlets.map((outlet) => [outlet.id, outlet]))
  if ((await index.cursor()) > (await store.changes.last())) await index.clear()
  let put = 0
  for (;;) {
    const cursor = await index.cursor()
    const changes = await store.changes.after(cursor, batch)
    const last = changes.at(-1)
    if (!last) return put
    const ids = [...new Set(changes.map((change) => change.articleId))]
    const articles = await store.articles.getMany(ids)
    const documents = articles.map((article) => searchDocument(article, byId.get(article.outletId), around))
    await index.put(documents, last.seq)
    put += documents.length
  }
}

/**
 * The projection of one article. An outlet that is followed no longer keeps its articles under its id; what it was is
 * not known any more, so they never count as press.
 */
export function searchDocument(
  article: AssessedArticle,
  outlet: Outlet | undefined,
  around: ReadonlyMap<string, readonly string[]>,
): SearchDocument {
  const { assessment } = article
  return {
    id: article.id,
    title: article.title,
    lead: article.lead,
    text: article.text,
    outletId: article.outletId,
    outletName: outlet?.name ?? article.outletId,
    origin: outlet?.origin ?? 'domestic',
    outletClass: outlet?.class ?? 'organisation',
    language: article.language,
    published: article.published,
    relevance: assessment?.relevance.level ?? 'none',
    topics: assessment?.topics.map((topic) => topic.id) ?? [],
    tone: assessment?.tone ?? 'neutral',
    sensitive: assessment?.sensitive ?? false,
    places: [...new Set(assessment?.relevance.places.flatMap(({ id }) => around.get(id) ?? [id]))],
    storyId: article.storyId,
  }
}

/** Of each place its own id, those of its communes and former districts, and its area: what filters find it by. */
export function surroundings(places: readonly Place[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(places.map((place) => [place.id, place]))
  return new Map(
    places.map((place) => {
      const communes = (place.communes ?? []).flatMap((id) => byId.get(id) ?? [])
      const around = [place, ...communes].flatMap(({ id, district, area }) => [id, district, area])
      return [place.id, [...new Set(around.filter((id) => id !== undefined))]]
    }),
  )
}
