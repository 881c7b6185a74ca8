import type { FastifyInstance } from 'fastify'
import { iso } from '../../clock.ts'
import { hashPassword, passwordProblem } from '../passwords.ts'
import type { Sessions } from '../sessions.ts'
import { authenticate } from '../users.ts'
import type { PasswordOutcome } from '../views/account.ts'
import { accountPage } from '../views/account.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { setSession } from './login.ts'

interface PasswordForm {
  readonly current?: string
  readonly next?: string
  readonly repeat?: string
}

export function accountRoutes(app: FastifyInstance, parts: Parts, sessions: Sessions): void {
  const { store, clock } = parts

  app.get<{ Querystring: { done?: string } }>('/account', async (request, reply) => {
    const outcome = request.query.done === 'changed' ? 'changed' : null
    return sendPage(reply, accountPage(request.visit, await store.users.actions(50), outcome))
  })

  const limit = app.createRateLimit({
    max: 10,
    timeWindow: 15 * 60_000,
    keyGenerator: (request) => userOf(request).name,
  })

  app.post<{ Body: PasswordForm }>('/account/password', async (request, reply) => {
    const user = userOf(request)
    const { current = '', next = '', repeat = '' } = request.body
    const refuse = async (outcome: PasswordOutcome) =>
      sendPage(reply.code(422), accountPage(request.visit, await store.users.actions(50), outcome))
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
