import { dayOf } from '../locales/format.ts'
import type { Day, Instant, Origin, Tone } from '../model.ts'
import { centralTitle } from '../pipeline/central-title.ts'
import type { Profile } from '../profiles/schema.ts'
import type { AssessedArticle } from '../store/store.ts'
import { outletOf } from './labels.ts'

/** Where an article counts: only the press enters the figures of press opinion, the others stand beside them. */
export type Voice = Origin | 'other'

export function voiceOf(profile: Profile, article: { readonly outletId: string }): Voice {
  const outlet = outletOf(profile, article.outletId)
  return outlet?.class === 'press' ? outlet.origin : 'other'
}

export interface Figures {
  readonly domestic: number
  readonly foreign: number
  readonly other: number
  readonly sensitive: number
}

export function figuresOf(profile: Profile, articles: readonly AssessedArticle[]): Figures {
  const figures = { domestic: 0, foreign: 0, other: 0, sensitive: 0 }
  for (const article of articles) {
    figures[voiceOf(profile, article)] += 1
    if (article.assessment?.sensitive) figures.sensitive += 1
  }
  return figures
}

/** Articles of one story in a span, or one that stands alone. */
export interface StoryGroup {
  readonly storyId: string | null
  /** What a person called it; null: its headline stands for it. */
  readonly title: string | null
  /** Newest publication first. */
  readonly articles: readonly AssessedArticle[]
  /** Press outlets that carried it. */
  readonly outlets: number
  readonly sensitive: boolean
  readonly last: Instant
}

/** Groups by story; the most widely carried first, then the newest. */
export function storyGroups(
  profile: Profile,
  articles: readonly AssessedArticle[],
  given: ReadonlyMap<string, string>,
): readonly StoryGroup[] {
  const groups = new Map<string, AssessedArticle[]>()
  for (const article of articles) {
    const key = article.storyId ?? `article:${article.id}`
    const group = groups.get(key)
    if (group) group.push(article)
    else groups.set(key, [article])
  }
  return [...groups.values()]
    .map((group) => {
      const newest = group.toSorted((a, b) => b.published.localeCompare(a.published))
      const press = newest.filter((article) => voiceOf(profile, article) !== 'other')
      return {
        storyId: newest[0]?.storyId ?? null,
        title: given.get(newest[0]?.storyId ?? '') ?? null,
        articles: newest,
        outlets: new Set(press.map(({ outletId }) => outletId)).size,
        sensitive: newest.some(({ assessment }) => assessment?.sensitive === true),
        last: newest[0]?.published ?? '',
      }
    })
    .sort((a, b) => b.outlets - a.outlets || b.articles.length - a.articles.length || b.last.localeCompare(a.last))
}

export interface DayCount extends Record<Voice, number> {
  readonly day: Day
}

/** Articles first seen on each day. */
export function countByDay(
  profile: Profile,
  articles: readonly AssessedArticle[],
  days: readonly Day[],
): readonly DayCount[] {
  const counts = new Map(days.map((day) => [day, { day, domestic: 0, foreign: 0, other: 0 }]))
  for (const article of articles) {
    const count = counts.get(dayOf(article.firstSeen))
    if (count) count[voiceOf(profile, article)] += 1
  }
  return [...counts.values()]
}

/** Topics by number of articles, most first. */
export function countTopics(
  articles: readonly AssessedArticle[],
): readonly { readonly id: string; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const { assessment } of articles)
    for (const { id } of assessment?.topics ?? []) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].map(([id, count]) => ({ id, count })).sort((a, b) => b.count - a.count)
}

/** The words that made it sensitive, each once, in the order of their weight; `lũ` is left out beside `lũ quét`. */
export function sensitiveWords(articles: readonly AssessedArticle[], limit: number): readonly string[] {
  const evidence = articles.flatMap(({ assessment }) => assessment?.evidence ?? [])
  const words = evidence
    .filter(({ for: cause, weight }) => cause === 'sensitive' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ text }) => text.toLowerCase())
    .filter((text) => text.length <= 60)
  const unique = [...new Set(words)]
  return unique.filter((word) => !unique.some((other) => other !== word && other.includes(word))).slice(0, limit)
}

/** What a story is called on our pages unless a person named it: the most central headline of its coverage. */
export const headlineOf = (profile: Profile, articles: readonly AssessedArticle[]): AssessedArticle | null =>
  centralTitle(articles, (article) => voiceOf(profile, article) !== 'other')

/** The tone of most of them; of two that are as frequent the graver. */
export function toneOf(articles: readonly AssessedArticle[]): Tone | null {
  const tones = articles.flatMap(({ assessment }) => assessment?.tone ?? [])
  const count = (tone: Tone): number => tones.filter((one) => one === tone).length
  if (tones.length === 0) return null
  return (['negative', 'positive', 'neutral'] as const).reduce((best, tone) =>
    count(tone) > count(best) ? tone : best,
  )
}
