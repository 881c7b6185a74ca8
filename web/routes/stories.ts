import type { FastifyInstance } from 'fastify'
import { iso } from '../../clock.ts'
import { tokens } from '../../pipeline/features.ts'
import { cosine, packTerms } from '../../pipeline/vectors.ts'
import type { Store, StoryRecord } from '../../store/store.ts'
import { before } from '../days.ts'
import { storyGroups, toldGroups } from '../digest.ts'
import { lengthOf, summaryOf } from '../story-summary.ts'
import { SPANS, storiesPage, storyPage } from '../views/stories.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'
import { notFound } from './not-found.ts'

const DAY_MS = 86_400_000
/** Stories on the page of a span. */
const MOST = 200
/** How far around a story others are looked at, and how many are offered, as where it may be merged. */
const AROUND_MS = 30 * DAY_MS
const NEAR = { read: 500, offered: 30 } as const

/** Stories of the same weeks, those with the most similar title first. */
async function storiesNear(store: Store, story: StoryRecord): Promise<readonly StoryRecord[]> {
  const around = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString()
  const range = { seenFrom: around(story.firstSeen, -AROUND_MS), seenTo: around(story.lastSeen, AROUND_MS) }
  const own = packTerms(tokens(story.title))
  return (await store.stories.list({ ...range, limit: NEAR.read }))
    .filter(({ id, articles }) => id !== story.id && articles > 0)
    .map((other) => ({ other, likeness: cosine(own, packTerms(tokens(other.title))) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, NEAR.offered)
    .map(({ other }) => other)
}

export function storiesRoutes(app: FastifyInstance, { store, profile, clock, chat }: Parts): void {
  app.get<{ Querystring: { days?: string } }>('/stories', async (request, reply) => {
    const days = SPANS.find((span) => String(span) === request.query.days) ?? 7
    const now = clock.now()
    const from = before(now, days * DAY_MS)
    const [articles, stories] = await Promise.all([
      store.volume.arrivals(from, ['main', 'mention']),
      store.stories.list({ seenFrom: from, seenTo: iso(new Date(now.getTime() + 1)), limit: 5000 }),
    ])
    const byId = new Map(stories.map((story) => [story.id, story]))
    const inStories = storyGroups(profile, articles, await store.storyDesk.givenTitles()).filter(
      ({ storyId, column }) => !column && storyId !== null && byId.has(storyId),
    )
    const groups = (await toldGroups(store, inStories.slice(0, MOST))).flatMap((group) => {
      const story = byId.get(group.storyId ?? '')
      return story ? [{ story, group }] : []
    })
    return sendPage(reply, storiesPage(request.visit, { days, groups }))
  })

  app.get<{ Params: { id: string }; Querystring: Partial<Record<string, string>> }>(
    '/stories/:id',
    async (request, reply) => {
      const { query } = request
      const story = await store.stories.get(request.params.id)
      if (!story) return notFound(request, reply)
      if (story.mergedInto) {
        const rest = new URL(request.url, 'http://monitor').search
        return reply.redirect(`/stories/${encodeURIComponent(story.mergedInto)}${rest}`, 302)
      }
      const words = lengthOf(query.words)
      const [articles, edits, users, near] = await Promise.all([
        store.articles.list({ storyId: story.id }),
        store.storyDesk.edits({ storyId: story.id }),
        store.users.list(),
        storiesNear(store, story),
      ])
      const others = new Map<string, string>()
      for (const id of new Set(edits.flatMap(({ storyId, otherId }) => [storyId, otherId ?? storyId]))) {
        const other = await store.stories.get(id)
        if (other) others.set(id, other.title)
      }
      const view = {
        ...{ story, articles, words, outcome: query },
        reopenings: await store.stories.reopenings(story.id),
        fates: await store.visits.fates(articles.map(({ id }) => id)),
        summary: await summaryOf(store, `story:${story.id}`, articles, { words, now: clock.now() }),
        rewriting: chat
          ? { record: await store.helperTexts.rewriting(`story:${story.id}`, words), problem: query.helper ?? null }
          : null,
        desk: {
          ...{ near, others, edits: edits.toReversed() },
          names: new Map(users.map(({ name, displayName }) => [name, displayName])),
        },
      }
      return sendPage(reply, storyPage(request.visit, view))
    },
  )
}
