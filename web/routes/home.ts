import type { FastifyInstance } from 'fastify'
import { before, lastDays } from '../days.ts'
import { type ArrivedGroup, countByDay, figuresOf, storyGroups, toldGroups } from '../digest.ts'
import { notCollected, outletRows } from '../outlet-rows.ts'
import { homePage } from '../views/home.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'
import { alertRows } from './alerts.ts'

const DAY_MS = 86_400_000
/** Days in the chart. */
const CHART_DAYS = 14
/** Stories shown that are not sensitive. */
const OUTSTANDING = 10

const newestFirst = (a: ArrivedGroup, b: ArrivedGroup): number => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0)

const RELEVANT = ['main', 'mention'] as const

/** GET /?days=1|7: what arrived, the sensitive first. */
export function homeRoutes(app: FastifyInstance, { store, profile, clock }: Parts): void {
  app.get<{ Querystring: { days?: string } }>('/', async (request, reply) => {
    const now = clock.now()
    const days = request.query.days === '7' ? 7 : 1
    const since = before(now, days * DAY_MS)
    const sinceBefore = before(now, 2 * days * DAY_MS)
    const [articles, topics, alerts, rows, given] = await Promise.all([
      store.volume.arrivals(before(now, CHART_DAYS * DAY_MS), RELEVANT),
      store.volume.arrivedTopics(since, RELEVANT),
      store.alerts.list(5),
      outletRows(store, profile, now),
      store.storyDesk.givenTitles(),
    ])
    const arrived = articles.filter(({ firstSeen }) => firstSeen >= since)
    const earlier = articles.filter(({ firstSeen }) => firstSeen >= sinceBefore && firstSeen < since)
    const groups = storyGroups(profile, arrived, given)
    const stories = groups.filter(({ column }) => !column)
    const sensitive = groups.filter((group) => group.sensitive)
    const page = homePage(request.visit, {
      days,
      figures: figuresOf(profile, arrived),
      previous: figuresOf(profile, earlier),
      stories: stories.length,
      sensitive: await toldGroups(store, sensitive.toSorted(newestFirst)),
      outstanding: await toldGroups(store, stories.filter((group) => !group.sensitive).slice(0, OUTSTANDING)),
      columns: await toldGroups(
        store,
        groups.filter(({ column, sensitive }) => column && !sensitive),
      ),
      byDay: countByDay(profile, articles, lastDays(now, CHART_DAYS)),
      topics: topics.map(({ name, articles: count }) => ({ id: name, count })),
      alerts: await alertRows(store, profile, alerts),
      problems: notCollected(rows),
      outlets: rows.length,
    })
    return sendPage(reply, page)
  })
}
