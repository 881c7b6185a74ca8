import type { FastifyInstance } from 'fastify'
import { iso } from '../../clock.ts'
import type { Period } from '../../model.ts'
import type { Store } from '../../store/store.ts'
import { addDays, dayAt } from '../days.ts'
import { lengthOf, makeSummary, summaryOf } from '../story-summary.ts'
import { pressWithHistory, type SpanOfDays, seriesBy, seriesOf, storyTrends } from '../trends.ts'
import { GROUPS, SPANS, trendsPage } from '../views/trends.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { lastWeeks } from '../weeks.ts'
import { notFound } from './not-found.ts'

/** Rows of each table. */
const SHOWN = 20

type Group = (typeof GROUPS)[number]

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

type Chosen = { readonly group: Group; readonly id: string } | null

/** The figures of the page; for a busy province tenths of a second of work, so they are kept until something changes. */
async function figuresOf(parts: Parts, days: (typeof SPANS)[number], chosen: Chosen) {
  const { store, profile, clock } = parts
  const to = dayAt(iso(clock.now()))
  const since = await store.volume.since()
  const span: SpanOfDays = { from: addDays(to, 1 - days), to, known: since === null ? null : dayAt(since) }
  const shown = (group: Group) => ({ most: SHOWN, chosen: chosen?.group === group ? chosen.id : null })
  const topics = await seriesBy(parts, 'topic', span, shown('topic'))
  const places = await seriesBy(parts, 'place', span, shown('place'))
  const stories = await storyTrends(parts, span, shown('story'))
  const groups = { topic: topics, place: places, story: stories }
  const series = chosen && (groups[chosen.group].find(({ id }) => id === chosen.id) ?? null)
  const all = series ? null : await store.volume.days(pressWithHistory(profile, span))
  return {
    ...{ days, span, topics: topics.slice(0, SHOWN), places: places.slice(0, SHOWN) },
    titles: new Map(stories.map(({ id, title }) => [id, title])),
    stories: stories.slice(0, SHOWN),
    main: series ? { group: chosen.group, series } : { group: null, series: seriesOf('', all ?? new Map(), span, 1) },
  }
}

/** GET /trends?days=14|30|90&topic=|place=|story=: the volume of the province, or of one topic, place or story. */
export function trendsRoutes(app: FastifyInstance, parts: Parts): void {
  const { store, profile, clock } = parts
  const kept = new Map<string, Awaited<ReturnType<typeof figuresOf>>>()
  let keptAt = ''

  app.get<{ Querystring: Partial<Record<string, string>> }>('/trends', async (request, reply) => {
    const { query } = request
    const days = SPANS.find((known) => String(known) === query.days) ?? 30
    const group = GROUPS.find((known) => query[known] !== undefined)
    const chosen: Chosen = group ? { group, id: query[group] ?? '' } : null
    const state = `${await store.changes.last()} ${dayAt(iso(clock.now()))}`
    if (state !== keptAt) kept.clear()
    keptAt = state
    const name = JSON.stringify([days, chosen])
    const figures = kept.get(name) ?? (await figuresOf(parts, days, chosen))
    // What names nothing is not kept: anyone could fill the memory with it.
    if (chosen === null || figures.main.group !== null) kept.set(name, figures)
    const { main } = figures
    const words = lengthOf(query.words)
    const told = main.group === 'topic' ? await toldOfTopic(parts, main.series.id, { words, days }) : null
    return sendPage(reply, trendsPage(request.visit, { ...figures, told }))
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
