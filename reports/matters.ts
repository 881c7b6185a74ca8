import { contradictions } from '../pipeline/contradictions.ts'
import { newerTitles } from '../pipeline/newest-toll.ts'
import type { Profile } from '../profiles/schema.ts'
import type { ArticleFate } from '../store/store.ts'
import { extractOf, quotesOf } from './quotes.ts'
import { sensitiveReasons } from './reasons.ts'
import type { AnnexRow, ArticleRef, Gist, Matter, RoundUp, TopicHighlights } from './report-data.ts'
import { type Item, isColumn, isPress, principalTopic, type StoryItems, topicsOf } from './selection.ts'

/** A matter quotes at most this many sentences and words. */
const QUOTED = { max: 3, maxWords: 90 }
/** Places that a gist names. */
const PLACES_IN_GIST = 4

/** Gives the row of an article in the annex; null when it is not there. */
export type RowOf = (articleId: string) => number | null

export interface Naming {
  readonly rowOf: RowOf
  /** Titles that people gave, by story. */
  readonly given: ReadonlyMap<string, string>
}

export const articleRef = (item: Item, rowOf: RowOf): ArticleRef => ({
  id: item.article.id,
  row: rowOf(item.article.id) ?? 0,
  title: item.article.title,
  url: item.article.url,
  outlet: item.outlet,
  published: item.article.published,
  language: item.article.language,
})

/** What an article in a foreign language is about, from facts: its topics and the places of the province that it names. */
function gistOf(profile: Profile, item: Item): Gist | null {
  if (item.article.language === 'vi') return null
  const topics = new Map(profile.topics.map(({ id, label }) => [id, label.vi]))
  const named = new Set(item.article.assessment.relevance.places.map(({ id }) => id))
  const places = profile.places
    .filter(({ id }) => named.has(id))
    .map(({ name, kind }) => ({ name, former: kind.startsWith('former-') }))
  return { topics: topicsOf(item).map((id) => topics.get(id) ?? id), places: places.slice(0, PLACES_IN_GIST) }
}

/** The one of them that stands for them; one whose title tells the newest toll, where it tells one. */
function standsFor(items: readonly Item[]): Item {
  const first = representative(items)
  const press = items.filter(isPress)
  const byArticle = new Map(press.map((item) => [item.article, item]))
  const newer = newerTitles(
    first.article,
    press.map(({ article }) => article),
  ).flatMap((article) => byArticle.get(article) ?? [])
  return newer.length === 0 ? first : representative(newer)
}

/** Of one event, press, about the province, read in full, original, earliest. */
function representative(items: readonly Item[]): Item {
  const rank = (item: Item): number =>
    (isColumn(item) ? 0 : 16) +
    (isPress(item) ? 8 : 0) +
    (item.article.assessment.relevance.level === 'main' ? 4 : 0) +
    (item.article.completeness === 'full' ? 2 : 0) +
    (item.article.copyOf === null ? 1 : 0)
  // `items` stand by time and the first of equals wins.
  return items.reduce((best, item) => (rank(item) > rank(best) ? item : best))
}

/** Where outlets differ on a count, what each of them said last. */
function countsOf(items: readonly Item[]): Matter['counts'] {
  const byId = new Map(items.map((item) => [item.article.id, item]))
  const [gravest] = contradictions(items.map(({ article, outlet }) => ({ ...article, outlet: outlet.id })))
  if (!gravest) return undefined
  const reports = gravest.reports.flatMap(({ text, citation }) => {
    const item = byId.get(citation.articleId)
    return item ? [{ text, cite: citation, outlet: item.outlet, published: item.article.published }] : []
  })
  const { grew, fell } = gravest
  return { grew, ...(fell ? { fell } : {}), reports }
}

const isSensitive = ({ article }: Item): boolean => article.assessment.sensitive

/** A story with the article that stands for it and its placements. */
interface Weighed {
  readonly story: StoryItems
  readonly item: Item
  readonly press: readonly Item[]
  readonly outlets: number
}

/** `from`: of which of its articles one stands for it. */
const weighed = (story: StoryItems, from: readonly Item[] = story.items): Weighed => {
  const press = story.items.filter(isPress)
  return {
    story,
    item: standsFor(from),
    press,
    outlets: new Set(press.map(({ outlet }) => outlet.id)).size,
  }
}

/** More placements first, then more outlets, then the earlier. */
const byWeight = (a: Weighed, b: Weighed): number =>
  b.press.length - a.press.length ||
  b.outlets - a.outlets ||
  b.story.items.length - a.story.items.length ||
  (a.item.article.published < b.item.article.published ? -1 : 1)

/** A story as the report tells it, once, with its placements. */
function matterOf(profile: Profile, { story, item, press, outlets }: Weighed, { rowOf, given }: Naming): Matter {
  const title = given.get(story.storyId ?? '')
  const counts = countsOf(press)
  return {
    storyId: story.storyId,
    ...(title === undefined ? {} : { title }),
    article: articleRef(item, rowOf),
    placements: press.length,
    outlets,
    beside: story.items.length - press.length,
    quotes: quotesOf(profile, item, QUOTED),
    gist: gistOf(profile, item),
    ...(counts === undefined ? {} : { counts }),
    reasons: sensitiveReasons(
      profile,
      story.items.map(({ article }) => article),
    ),
  }
}

/** Stories with a sensitive article, told by that article. Press or not: a matter is not less sensitive for its source. */
export const sensitiveMatters = (profile: Profile, stories: readonly StoryItems[], naming: Naming): readonly Matter[] =>
  stories
    .filter((story) => story.items.some(isSensitive))
    .map((story) => weighed(story, story.items.filter(isSensitive)))
    .toSorted(byWeight)
    .map((one) => matterOf(profile, one, naming))

/** The columns that stand in no story of one event; sensitive ones with the words that made them so. */
export function roundUpsOf(
  profile: Profile,
  items: readonly Item[],
  stories: readonly StoryItems[],
  rowOf: RowOf,
): readonly RoundUp[] {
  const told = new Set(stories.flatMap((story) => story.items))
  return items
    .filter((item) => !told.has(item))
    .map((item) => ({
      article: articleRef(item, rowOf),
      gist: gistOf(profile, item),
      sensitive: isSensitive(item),
      reasons: sensitiveReasons(profile, [item.article]),
    }))
}

/**
 * What stands out by topic: stories of press outlets that are about the province, each under one topic, those with more
 * placements first, `perTopic` at most; topics stand in the order of their stories' number.
 */
export function highlightsOf(
  profile: Profile,
  stories: readonly StoryItems[],
  perTopic: number,
  naming: Naming,
): readonly TopicHighlights[] {
  const told = stories.filter(
    ({ items }) => items.some(isPress) && items.some(({ article }) => article.assessment.relevance.level === 'main'),
  )
  const byTopic = Map.groupBy(told, principalTopic)
  return profile.topics
    .map(({ id, label }) => {
      const own = byTopic.get(id) ?? []
      const open = own.filter((story) => !story.items.some(isSensitive))
      // Reading an article costs more than weighing a story: only what is told is read.
      const shown = open
        .map((story) => weighed(story))
        .toSorted(byWeight)
        .slice(0, perTopic)
      return {
        topic: { id, label: label.vi },
        matters: shown.map((one) => matterOf(profile, one, naming)),
        more: open.length - shown.length,
        sensitive: own.length - open.length,
        stories: own.length,
      }
    })
    .filter(({ stories: count }) => count > 0)
    .toSorted((a, b) => b.stories - a.stories)
    .map(({ topic, matters, more, sensitive }) => ({ topic, matters, more, sensitive }))
}

/** A row of the annex table. */
export function annexRow(profile: Profile, item: Item, rowOf: RowOf, fate?: ArticleFate): AnnexRow {
  const { article } = item
  const principal = profile.topics.find(({ id }) => id === topicsOf(item)[0])
  const departments = (principal?.owner ?? []).map(
    (id) => profile.departments.find((department) => department.id === id)?.name ?? id,
  )
  return {
    ...articleRef(item, rowOf),
    tone: article.assessment.tone,
    sensitive: article.assessment.sensitive,
    corrected: article.corrected,
    copy: article.copyOf !== null,
    copyOfRow: article.copyOf === null ? null : rowOf(article.copyOf),
    completeness: article.completeness,
    extract: extractOf(profile, item),
    gist: gistOf(profile, item),
    ...(fate ? { fate: { edits: fate.edits, goneAt: fate.goneAt } } : {}),
    departments,
  }
}
