import { Fatal } from '../errors.ts'
import type { Origin, Outlet, Period } from '../model.ts'
import { tellsOneEvent, tellsSeveral } from '../pipeline/round-up.ts'
import type { Profile } from '../profiles/schema.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import type { OutletRef } from './report-data.ts'

/** A relevant article with its outlet. */
export interface Item {
  readonly article: AssessedArticle & { readonly assessment: NonNullable<AssessedArticle['assessment']> }
  readonly outlet: OutletRef
}

/** Articles of a story in the period. */
export interface StoryItems {
  readonly storyId: string | null
  /** Oldest first. */
  readonly items: readonly Item[]
}

export const isPress = (item: Item): boolean => item.outlet.class === 'press'

export const outletRef = ({ id, name, class: kindOfSource, kind, country }: Outlet): OutletRef => ({
  id,
  name,
  class: kindOfSource,
  kind,
  country,
})

/** Followed outlets of one origin. */
export const outletsOf = (profile: Profile, origin: Origin): readonly OutletRef[] =>
  profile.outletDefinitions.filter((outlet) => outlet.origin === origin).map(outletRef)

/** Relevant articles of these outlets that were published in the period, oldest first. */
export async function relevantItems(
  store: Store,
  outlets: readonly OutletRef[],
  range: { readonly publishedFrom: string; readonly publishedTo: string; readonly firstSeenFrom?: string },
): Promise<readonly Item[]> {
  const byId = new Map(outlets.map((outlet) => [outlet.id, outlet]))
  const articles = await store.articles.list({ ...range, outletIds: [...byId.keys()], relevance: ['main', 'mention'] })
  return articles.map((article) => {
    const outlet = byId.get(article.outletId)
    const { assessment } = article
    if (!outlet || !assessment)
      throw new Fatal(`the store gave article ${article.id}, which the filter excludes`, {
        code: 'report.selection',
        remedy: 'This is a mistake in the program: report it with the article’s id.',
      })
    return { article: { ...article, assessment }, outlet }
  })
}

/** Whether anything at all was collected from these outlets in the period: else there is nothing to compare with. */
export const wasCollected = async (store: Store, outlets: readonly OutletRef[], period: Period): Promise<boolean> =>
  (await store.articles.count({
    publishedFrom: period.from,
    publishedTo: period.to,
    firstSeenTo: period.to,
    outletIds: outlets.map(({ id }) => id),
  })) > 0

/** Articles of the period that await their assessment, so that nobody knows yet whether they are relevant. */
export async function unassessedCount(store: Store, outlets: readonly OutletRef[], period: Period): Promise<number> {
  const filter = { publishedFrom: period.from, publishedTo: period.to, outletIds: outlets.map(({ id }) => id) }
  const assessed = await store.articles.count({ ...filter, relevance: ['main', 'mention', 'none'] })
  return (await store.articles.count(filter)) - assessed
}

/** Groups by story; an article that no story holds stands alone. */
export function byStory(items: readonly Item[]): readonly StoryItems[] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = item.article.storyId ?? `article:${item.article.id}`
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return [...groups.values()].map((group) => ({ storyId: group[0]?.article.storyId ?? null, items: group }))
}

export const isColumn = ({ article }: Item): boolean => tellsSeveral(article.title)

/**
 * Stories of one event each, without the columns that tell several: those are no story in the figures, unless a person
 * gave one a title.
 */
export const byEvent = (items: readonly Item[], given: ReadonlyMap<string, string>): readonly StoryItems[] =>
  byStory(items).filter(({ storyId, items: of }) =>
    tellsOneEvent(
      of.map(({ article }) => article),
      given.has(storyId ?? ''),
    ),
  )

/** Topics of an article, strongest first. */
export const topicsOf = (item: Item): readonly string[] =>
  item.article.assessment.topics.toSorted((a, b) => b.score - a.score).map(({ id }) => id)

/** The topic under which a story is told: the one with the greatest sum of scores over its articles. */
export function principalTopic(story: StoryItems): string | null {
  const sums = new Map<string, number>()
  for (const { article } of story.items)
    for (const { id, score } of article.assessment.topics) sums.set(id, (sums.get(id) ?? 0) + score)
  return [...sums].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
