import type { FastifyInstance } from 'fastify'
import { dayOf } from '../../locales/format.ts'
import { centralTitle } from '../../pipeline/central-title.ts'
import { addDays, startOfDay } from '../days.ts'
import { voiceOf } from '../digest.ts'
import { HISTORY, pressOnly, type SpanOfDays, seriesBy, seriesOf, storyTrends } from '../trends.ts'
import { GROUPS, SPANS, trendsPage } from '../views/trends.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

/** Rows of each table. */
const SHOWN = { topic: 20, place: 20, story: 20 } as const

/** GET /trends?days=14|30|90&topic=|place=|story=: the volume of the province, or of one topic, place or story. */
export function trendsRoutes(app: FastifyInstance, { store, profile, clock }: Parts): void {
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
      }),
    )
  })
}
