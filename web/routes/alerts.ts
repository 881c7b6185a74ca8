import type { FastifyInstance } from 'fastify'
import { articleOf, causesOf } from '../../alerts/rules.ts'
import type { Alert } from '../../model.ts'
import type { Profile } from '../../profiles/schema.ts'
import type { Store } from '../../store/store.ts'
import type { AlertRow } from '../views/alerts.ts'
import { alertsPage } from '../views/alerts.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

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
  app.get('/alerts', async (request, reply) => {
    const rows = await alertRows(store, request.visit.profile, await store.alerts.list(100))
    return sendPage(reply, alertsPage(request.visit, rows))
  })
}
