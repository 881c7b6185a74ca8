import type { FastifyInstance } from 'fastify'
import { iso } from '../../clock.ts'
import { dayOf } from '../../locales/format.ts'
import type { Period } from '../../model.ts'
import { centralTitle } from '../../pipeline/central-title.ts'
import type { Store } from '../../store/store.ts'
import { addDays, startOfDay } from '../days.ts'
import { voiceOf } from '../digest.ts'
import { lengthOf, makeSummary, summaryOf } from '../story-summary.ts'
import { HISTORY, pressOnly, type SpanOfDays, seriesBy, seriesOf, storyTrends } from '../trends.ts'
import { GROUPS, SPANS, trendsPage } from '../views/trends.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { lastWeeks } from '../weeks.ts'
import { notFound } from './not-found.ts'

/** Rows of each table. */
const SHOWN = { topic: 20, place: 20, story: 20 } as const

/** What was written on a topic this week; in the days before enough was, last week. */
async function toldOfTopic(
  { store, clock }: Parts,
  topic: string,
  asked: { readonly words: number; readonly days: number },
) {
  for (const week of lastWeeks(clock.now(), 2)) {
    const articles = await topicArticles(store, topic, week)
    const { words, days } = asked
    const summary = await summaryOf(store, `topic:${topic}@${week.label}`, articles, { words, now: clock.now() })
    if (!summary) continue
    const users = await store.users.list()
    const id = encodeURIComponent(topic)
    return {
      week,
      summary: {
        ...{ summary, articles, words, names: new Map(users.map(({ name, displayName }) => [name, displayName])) },
        href: `/trends?days=${days}&topic=${id}&`,
        action: `/trends/summary?days=${days}&topic=${id}&week=${week.label}`,
      },
    }
  }
  return null
}

const topicArticles = (store: Store, topic: string, { from, to }: Period) =>
  store.articles.list({ topic, publishedFrom: from, publishedTo: to, relevance: ['main', 'mention'] })

/** GET /trends?days=14|30|90&topic=|place=|story=: the volume of the province, or of one topic, place or story. */
export function trendsRoutes(app: FastifyInstance, parts: Parts): void {
  const { store, profile, clock } = parts
  app.get<{ Querystring: Partial<Record<string, string>> }>('/trends', async (request, reply) => {
    const { query } = request
    const days = SPANS.find((known) => String(known) === query.days) ?? 30
    const to = dayOf(clock.now().toISOString())
    const since = await store.volume.since()
    const span: SpanOfDays = { from: addDays(to, 1 - days), to, known: since === null ? null : dayOf(since) }
    const rows = await store.volume.articles({
      from: startOfDay(addDays(span.from, -HISTORY)),
      to: startOfDay(addDays(to, 1)),
      relevance: ['main', 'mention'],
    })
    const articles = pressOnly(profile, rows)
    const topics = seriesBy(articles, (article) => article.topics, span)
    const places = seriesBy(articles, (article) => article.places, span)
    const stories = storyTrends(profile, articles, span)
    const group = GROUPS.find((known) => query[known] !== undefined) ?? null
    const id = group === null ? null : (query[group] ?? '')
    const chosen = { topic: topics, place: places, story: stories }
    const series = group === null ? null : (chosen[group].find((one) => one.id === id) ?? null)

    const shown = stories.slice(0, SHOWN.story)
    const storyIds = new Set([...shown.map((story) => story.id), ...(group === 'story' && id ? [id] : [])])
    const inStories = await store.articles.getMany(
      articles.filter(({ storyId }) => storyId !== null && storyIds.has(storyId)).map(({ articleId }) => articleId),
    )
    const given = await store.storyDesk.givenTitles()
    const titles = new Map(
      [...storyIds].map((storyId) => {
        const of = inStories.filter((article) => article.storyId === storyId)
        const central = centralTitle(of, (article) => voiceOf(profile, article) !== 'other')
        return [storyId, given.get(storyId) ?? central?.title ?? storyId]
      }),
    )
    return sendPage(
      reply,
      trendsPage(request.visit, {
        days,
        span,
        main: { group: series ? group : null, series: series ?? seriesOf('', articles, span, 1) },
        topics: topics.slice(0, SHOWN.topic),
        places: places.slice(0, SHOWN.place),
        stories: shown,
        titles,
        told:
          group === 'topic' && series
            ? await toldOfTopic(parts, series.id, { words: lengthOf(query.words), days })
            : null,
      }),
    )
  })

  app.post<{ Querystring: Partial<Record<string, string>>; Body: { words?: string } }>(
    '/trends/summary',
    async (request, reply) => {
      const { topic = '', week: label, days } = request.query
      const week = lastWeeks(clock.now(), 2).find((known) => known.label === label)
      if (!week || !profile.topics.some(({ id }) => id === topic)) return notFound(request, reply)
      const words = lengthOf(request.body?.words)
      const who = userOf(request).name
      const articles = await topicArticles(store, topic, week)
      await makeSummary(store, `topic:${topic}@${week.label}`, articles, { words, now: clock.now(), madeBy: who })
      const at = iso(clock.now())
      await store.users.log({ who, action: 'topic.summary', subject: topic, detail: week.label, at })
      const span = SPANS.find((known) => String(known) === days) ?? 30
      return reply.redirect(`/trends?days=${span}&topic=${encodeURIComponent(topic)}&words=${words}`, 303)
    },
  )
}
