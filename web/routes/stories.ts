import type { FastifyInstance } from 'fastify'
import { iso } from '../../clock.ts'
import type { Summary } from '../../model.ts'
import { summarise } from '../../pipeline/summarise.ts'
import type { AssessedArticle } from '../../store/store.ts'
import { before } from '../days.ts'
import { storyGroups } from '../digest.ts'
import { SPANS, storiesPage, storyPage } from '../views/stories.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'
import { notFound } from './not-found.ts'

const DAY_MS = 86_400_000
/** Stories on the page of a span. */
const MOST = 200
/** Words of a summary, and articles it is made from: the newest that are no reprints. */
const SUMMARY = { words: 120, articles: 30 } as const

/** Sentences of Vietnamese articles where there are any: a summary in five languages helps nobody. */
function summaryOf(articles: readonly AssessedArticle[]): Summary | null {
  const own = articles.filter(({ copyOf }) => copyOf === null)
  const vietnamese = own.filter(({ language }) => language === 'vi')
  const chosen = (vietnamese.length > 0 ? vietnamese : own).slice(-SUMMARY.articles)
  return chosen.length > 1 ? summarise(chosen, { words: SUMMARY.words }) : null
}

export function storiesRoutes(app: FastifyInstance, { store, profile, clock }: Parts): void {
  app.get<{ Querystring: { days?: string } }>('/stories', async (request, reply) => {
    const days = SPANS.find((span) => String(span) === request.query.days) ?? 7
    const now = clock.now()
    const from = before(now, days * DAY_MS)
    const [articles, stories] = await Promise.all([
      store.articles.list({ firstSeenFrom: from, relevance: ['main', 'mention'] }),
      store.stories.list({ seenFrom: from, seenTo: iso(new Date(now.getTime() + 1)), limit: 5000 }),
    ])
    const byId = new Map(stories.map((story) => [story.id, story]))
    const groups = storyGroups(profile, articles).flatMap((group) => {
      const story = group.storyId === null ? undefined : byId.get(group.storyId)
      return story ? [{ story, group }] : []
    })
    return sendPage(reply, storiesPage(request.visit, { days, groups: groups.slice(0, MOST) }))
  })

  app.get<{ Params: { id: string } }>('/stories/:id', async (request, reply) => {
    const story = await store.stories.get(request.params.id)
    if (!story) return notFound(request, reply)
    const articles = await store.articles.list({ storyId: story.id })
    return sendPage(reply, storyPage(request.visit, { story, articles, summary: summaryOf(articles) }))
  })
}
