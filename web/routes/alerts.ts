import type { FastifyInstance } from 'fastify'
import { articleOf, causesOf } from '../../alerts/rules.ts'
import type { Alert } from '../../model.ts'
import type { Profile } from '../../profiles/schema.ts'
import type { Store } from '../../store/store.ts'
import type { AlertRow } from '../views/alerts.ts'
import { alertsPage } from '../views/alerts.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

const PAGE_SIZE = 100
const LAST_PAGE = 10_000

/** Alerts with the article that fired them, its words that did, and how sending them stands. */
export async function alertRows(
  store: Store,
  profile: Profile,
  alerts: readonly Alert[],
): Promise<readonly AlertRow[]> {
  const current = new Map(
    (await store.articles.getMany(alerts.map(({ articleId }) => articleId))).map(({ id, version }) => [id, version]),
  )
  const given = await store.storyDesk.givenTitles()
  return Promise.all(
    alerts.map(async (alert) => {
      const article = await articleOf(store, alert)
      const id = article?.storyId ?? alert.storyId
      const deliveries = await store.alerts.deliveries({ alertId: alert.id })
      const story = { id, title: given.get(id) ?? null }
      const rule = profile.alerts.find(({ id: ruleId }) => ruleId === alert.ruleId)
      const causes = rule && article ? causesOf(profile, rule, article) : []
      const isEdited = article !== null && current.get(article.id) !== article.version
      return { alert, isEdited, article, story, causes, deliveries, title: article?.title ?? alert.articleId }
    }),
  )
}

export function alertsRoutes(app: FastifyInstance, { store }: Parts): void {
  app.get<{ Querystring: { page?: string } }>('/alerts', async (request, reply) => {
    const page = Math.max(1, Math.min(LAST_PAGE, Number.parseInt(request.query.page ?? '1', 10) || 1))
    // One more than is shown tells whether older ones follow.
    const alerts = await store.alerts.list(PAGE_SIZE + 1, (page - 1) * PAGE_SIZE)
    const rows = await alertRows(store, request.visit.profile, alerts.slice(0, PAGE_SIZE))
    return sendPage(reply, alertsPage(request.visit, { rows, page, older: alerts.length > PAGE_SIZE }))
  })
}
