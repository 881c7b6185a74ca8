import type { OutletClass, Tone } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Compared, Figures } from './report-data.ts'
import { byEvent, type Item, isPress } from './selection.ts'

const TONES: readonly Tone[] = ['positive', 'neutral', 'negative']
const BESIDE: readonly OutletClass[] = ['own', 'portal', 'aggregator', 'organisation']

const distinctOutlets = (items: readonly Item[]): number => new Set(items.map(({ outlet }) => outlet.id)).size

/** Groups of items under each key that occurs now or occurred before. */
function grouped<Key extends string>(
  items: readonly Item[],
  before: readonly Item[] | null,
  keyOf: (item: Item) => Key,
): { key: Key; articles: Compared; outlets: number }[] {
  const keys = [...new Set([...items, ...(before ?? [])].map(keyOf))]
  return keys
    .map((key) => {
      const own = items.filter((item) => keyOf(item) === key)
      const articles = { now: own.length, before: before?.filter((item) => keyOf(item) === key).length ?? null }
      return { key, articles, outlets: distinctOutlets(own) }
    })
    .toSorted((a, b) => b.articles.now - a.articles.now || (a.key < b.key ? -1 : 1))
}

/**
 * The counts of a report. Press outlets make the figures; the other classes are counted beside them.
 *
 * @param items relevant articles of the period, of every class
 * @param before those of the period before; null when nothing was collected then
 * @param unassessed articles of the period that await their assessment
 * @param given titles that people gave, by story
 */
export function figuresOf(
  profile: Profile,
  items: readonly Item[],
  before: readonly Item[] | null,
  unassessed: number,
  given: ReadonlyMap<string, string>,
): Figures {
  const press = items.filter(isPress)
  const pressBefore = before?.filter(isPress) ?? null
  const compare = (count: (of: readonly Item[]) => number): Compared => ({
    now: count(press),
    before: pressBefore === null ? null : count(pressBefore),
  })
  const having = (test: (item: Item) => boolean): Compared => compare((of) => of.filter(test).length)
  const topics = profile.topics
    .map(({ id, label }) => {
      const carries = ({ article }: Item): boolean => article.assessment.topics.some((topic) => topic.id === id)
      return { id, label: label.vi, articles: having(carries), stories: byEvent(press.filter(carries), given).length }
    })
    .filter(({ articles }) => articles.now > 0 || (articles.before ?? 0) > 0)
    .toSorted((a, b) => b.articles.now - a.articles.now)
  return {
    articles: compare((of) => of.length),
    outlets: compare(distinctOutlets),
    stories: compare((of) => byEvent(of, given).length),
    main: press.filter(({ article }) => article.assessment.relevance.level === 'main').length,
    mention: press.filter(({ article }) => article.assessment.relevance.level === 'mention').length,
    copies: press.filter(({ article }) => article.copyOf !== null).length,
    sensitive: having(({ article }) => article.assessment.sensitive),
    tones: TONES.map((tone) => ({ tone, articles: having(({ article }) => article.assessment.tone === tone) })),
    topics,
    unassessed,
    withoutTopic: press.filter(({ article }) => article.assessment.topics.length === 0).length,
    kinds: grouped(press, pressBefore, ({ outlet }) => outlet.kind).map(({ key, ...rest }) => ({ kind: key, ...rest })),
    countries: grouped(press, pressBefore, ({ outlet }) => outlet.country).map(({ key, ...rest }) => ({
      country: key,
      ...rest,
    })),
    beside: BESIDE.map((besideClass) => {
      const count = (of: readonly Item[]) => of.filter(({ outlet }) => outlet.class === besideClass).length
      return { class: besideClass, articles: { now: count(items), before: before === null ? null : count(before) } }
    }).filter(({ articles }) => articles.now > 0 || (articles.before ?? 0) > 0),
    corrected: items.filter(({ article }) => article.corrected).length,
  }
}
