import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { iso } from '../../clock.ts'
import { hashPassword, passwordProblem } from '../passwords.ts'
import type { Sessions } from '../sessions.ts'
import { authenticate } from '../users.ts'
import type { PasswordOutcome } from '../views/account.ts'
import { accountPage } from '../views/account.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { setSession } from './login.ts'

/** Actions of the log on the page. */
const SHOWN = 50

interface PasswordForm {
  readonly current?: string
  readonly next?: string
  readonly repeat?: string
}

export function accountRoutes(app: FastifyInstance, parts: Parts, sessions: Sessions): void {
  const { store, clock } = parts

  const show = async (request: FastifyRequest, reply: FastifyReply, outcome: PasswordOutcome | null) => {
    const [actions, users] = await Promise.all([store.users.actions(SHOWN), store.users.list()])
    const subjects = actions.filter(({ action }) => action === 'article.correct').map(({ subject }) => subject)
    const articles = await store.articles.getMany([...new Set(subjects)])
    const storyIds = new Set(actions.flatMap(({ action, subject }) => (action.startsWith('story.') ? [subject] : [])))
    const stories = await Promise.all([...storyIds].map((id) => store.stories.get(id)))
    const view = {
      actions,
      outcome,
      titles: new Map([...articles, ...stories.filter((story) => story !== null)].map(({ id, title }) => [id, title])),
      names: new Map(users.map(({ name, displayName }) => [name, displayName])),
    }
    return sendPage(reply, accountPage(request.visit, view))
  }

  app.get<{ Querystring: { done?: string } }>('/account', async (request, reply) => {
    return show(request, reply, request.query.done === 'changed' ? 'changed' : null)
  })

  const limit = app.createRateLimit({
    max: 10,
    timeWindow: 15 * 60_000,
    keyGenerator: (request) => userOf(request).name,
  })

  app.post<{ Body: PasswordForm }>('/account/password', async (request, reply) => {
    const user = userOf(request)
    const { current = '', next = '', repeat = '' } = request.body
    const refuse = (outcome: PasswordOutcome) => show(request, reply.code(422), outcome)
    const tried = await limit(request)
    if (!tried.isAllowed && tried.isExceeded) return refuse('wrong')
    if (!(await authenticate(store, user.name, current))) return refuse('wrong')
    if (next !== repeat) return refuse('different')
    const problem = passwordProblem(next, user.name)
    if (problem) return refuse(problem)
    const passwordHash = await hashPassword(next)
    const at = iso(clock.now())
    await store.transaction(async (inside) => {
      await inside.users.setPassword(user.id, passwordHash)
      await inside.users.log({ who: user.name, action: 'user.password', subject: user.name, detail: null, at })
    })
    if (request.sessionToken) await sessions.close(request.sessionToken)
    setSession(reply, await sessions.open(user), parts)
    return reply.redirect('/account?done=changed', 303)
  })
}
