import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { iso } from '../../clock.ts'
import { Skip } from '../../errors.ts'
import type { StoryDesk } from '../../store/store.ts'
import { lengthOf, makeSummary } from '../story-summary.ts'
import { type DONE, PROBLEMS } from '../views/story-desk.ts'
import type { Parts } from '../visit.ts'
import { userOf } from '../visit.ts'
import { notFound } from './not-found.ts'

type Form = Readonly<Record<string, string | readonly string[] | undefined>>
type Request = FastifyRequest<{ Params: { id: string }; Body: Form | undefined }>
type Done = (typeof DONE)[number]

const one = (form: Form, name: string): string => {
  const value = form[name]
  return typeof value === 'string' ? value : ''
}
const many = (form: Form, name: string): readonly string[] => {
  const value = form[name]
  return value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value
}

/** The story that the form names: a pasted address goes before the list, which always stands on something. */
function targetOf(form: Form): string {
  const pasted = one(form, 'address').trim()
  if (pasted === '') return one(form, 'target')
  return /\/stories\/([^/?#\s]+)/.exec(pasted)?.[1] ?? pasted
}

/** What people do to stories; every edit is recorded and logged by the store with who and when. */
export function storyDeskRoutes(app: FastifyInstance, { store, clock, changed }: Parts): void {
  type Edit = (
    desk: StoryDesk,
    form: Form,
    by: { storyId: string; who: string; at: string },
  ) => Promise<{ storyId: string; done: Done }>

  const handle = (edit: Edit) => async (request: Request, reply: FastifyReply) => {
    const story = await store.stories.get(request.params.id)
    if (!story) return notFound(request, reply)
    const back = (storyId: string, outcome: string) =>
      reply.redirect(`/stories/${encodeURIComponent(storyId)}?${outcome}`, 303)
    try {
      const by = { storyId: story.mergedInto ?? story.id, who: userOf(request).name, at: iso(clock.now()) }
      const { storyId, done } = await edit(store.storyDesk, request.body ?? {}, by)
      changed?.()
      return back(storyId, `done=${done}`)
    } catch (error) {
      const problem = error instanceof Skip && PROBLEMS.find((known) => error.code === `story.${known}`)
      if (!problem) throw error
      return back(story.id, `problem=${problem}`)
    }
  }

  app.post(
    '/stories/:id/title',
    handle(async (desk, form, by) => {
      await desk.rename({ ...by, title: form.back === undefined ? one(form, 'title') : null })
      return { storyId: by.storyId, done: 'renamed' }
    }),
  )

  app.post(
    '/stories/:id/lock',
    handle(async (desk, form, by) => {
      const locked = one(form, 'locked') === 'yes'
      await desk.lock({ ...by, locked })
      return { storyId: by.storyId, done: locked ? 'locked' : 'unlocked' }
    }),
  )

  app.post(
    '/stories/:id/merge',
    handle(async (desk, form, { storyId, ...by }) => {
      const into = targetOf(form)
      await desk.merge({ ...by, from: storyId, into })
      return { storyId: into, done: 'merged' }
    }),
  )

  app.post(
    '/stories/:id/articles',
    handle(async (desk, form, by) => {
      const articleIds = many(form, 'articles')
      if (form.move !== undefined) {
        await desk.move({ ...by, articleIds, to: targetOf(form) })
        return { storyId: by.storyId, done: 'moved' }
      }
      return { storyId: await desk.split({ ...by, articleIds, title: one(form, 'title') || null }), done: 'split' }
    }),
  )

  app.post(
    '/stories/:id/undo',
    handle(async (desk, form, { who, at }) => ({
      storyId: await desk.undo({ editId: Number(one(form, 'edit')), who, at }),
      done: 'undone',
    })),
  )

  app.post('/stories/:id/summary', async (request: Request, reply) => {
    const story = await store.stories.get(request.params.id)
    if (!story) return notFound(request, reply)
    const words = lengthOf(one(request.body ?? {}, 'words'))
    const articles = await store.articles.list({ storyId: story.id })
    const who = userOf(request).name
    await makeSummary(store, `story:${story.id}`, articles, { words, now: clock.now(), madeBy: who })
    await store.users.log({
      ...{ who, action: 'story.summary', subject: story.id, detail: String(words) },
      at: iso(clock.now()),
    })
    return reply.redirect(`/stories/${encodeURIComponent(story.id)}?words=${words}&done=summary`, 303)
  })
}
