import type { FastifyInstance } from 'fastify'
import type { Store } from '../../store/store.ts'
import { before, lastDays } from '../days.ts'
import { countByDay, countTopics, figuresOf, storyGroups } from '../digest.ts'
import { notCollected, outletRows } from '../outlet-rows.ts'
import { homePage } from '../views/home.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'
import { alertRows } from './alerts.ts'

const DAY_MS = 86_400_000
/** Days in the chart. */
const CHART_DAYS = 14

const relevantSince = (store: Store, since: string) =>
  store.articles.list({ firstSeenFrom: since, relevance: ['main', 'mention'] })

/** GET /?days=1|7: what arrived, the sensitive first. */
export function homeRoutes(app: FastifyInstance, { store, profile, clock }: Parts): void {
  app.get<{ Querystring: { days?: string } }>('/', async (request, reply) => {
    const now = clock.now()
    const days = request.query.days === '7' ? 7 : 1
    const [articles, alerts, rows, given] = await Promise.all([
      relevantSince(store, before(now, CHART_DAYS * DAY_MS)),
      store.alerts.list(5),
      outletRows(store, profile, now),
      store.storyDesk.givenTitles(),
    ])
    const since = before(now, days * DAY_MS)
    const sinceBefore = before(now, 2 * days * DAY_MS)
    const arrived = articles.filter(({ firstSeen }) => firstSeen >= since)
    const earlier = articles.filter(({ firstSeen }) => firstSeen >= sinceBefore && firstSeen < since)
    const groups = storyGroups(profile, arrived, given)
    const page = homePage(request.visit, {
      days,
      figures: figuresOf(profile, arrived),
      previous: figuresOf(profile, earlier),
      stories: groups.length,
      sensitive: groups.filter(({ sensitive }) => sensitive).toSorted((a, b) => b.last.localeCompare(a.last)),
      outstanding: groups.filter(({ sensitive }) => !sensitive).slice(0, 10),
      byDay: countByDay(profile, articles, lastDays(now, CHART_DAYS)),
      topics: countTopics(arrived),
      alerts: await alertRows(store, alerts),
      problems: notCollected(rows),
      outlets: rows.length,
    })
    return sendPage(reply, page)
  })
}
