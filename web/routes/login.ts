import type { FastifyInstance, FastifyReply } from 'fastify'
import { iso } from '../../clock.ts'
import type { Sessions } from '../sessions.ts'
import { SESSION_COOKIE, SESSION_HOURS } from '../sessions.ts'
import { authenticate } from '../users.ts'
import type { LoginView } from '../views/login.ts'
import { loginPage } from '../views/login.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

interface LoginForm {
  readonly name?: string
  readonly password?: string
  readonly next?: string
}

/** A path of this server, else the home page: a link must not lead elsewhere after logging in. */
export const localPath = (path: string | undefined): string =>
  path !== undefined && /^\/(?![/\\])/.test(path) && !/[\\\r\n]/.test(path) ? path : '/'

export function setSession(reply: FastifyReply, token: string, { secure = false }: Pick<Parts, 'secure'>): void {
  reply.setCookie(SESSION_COOKIE, token, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: SESSION_HOURS * 3600,
  })
}

const WINDOW_MS = 15 * 60_000

/** GET and POST /login. Tries are counted per name and per address, the right ones too. */
export function loginRoutes(app: FastifyInstance, parts: Parts, sessions: Sessions): void {
  const { store, clock } = parts
  const perName = app.createRateLimit({
    max: 10,
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => `name:${((request.body as LoginForm).name ?? '').toLowerCase().slice(0, 60)}`,
  })
  const perAddress = app.createRateLimit({ max: 60, timeWindow: WINDOW_MS, keyGenerator: (request) => request.ip })

  app.get<{ Querystring: { next?: string } }>('/login', async (request, reply) => {
    const next = localPath(request.query.next)
    if (request.visit.user) return reply.redirect(next, 303)
    const first = (await store.users.list()).length === 0
    const problem = request.sessionToken ? 'ended' : null
    return sendPage(reply, loginPage(request.visit, { next, name: '', problem, minutes: 0, first }))
  })

  app.post<{ Body: LoginForm }>('/login', { preHandler: app.csrfProtection }, async (request, reply) => {
    const { name = '', password = '' } = request.body
    const next = localPath(request.body.next)
    const refuse = (status: number, problem: LoginView['problem'], minutes = 0) =>
      sendPage(reply.code(status), loginPage(request.visit, { next, name, problem, minutes, first: false }))
    for (const limit of [perAddress, perName]) {
      const tried = await limit(request)
      if (tried.isAllowed || !tried.isExceeded) continue
      reply.header('retry-after', tried.ttlInSeconds)
      return refuse(429, 'limited', Math.ceil(tried.ttlInSeconds / 60))
    }
    const user = await authenticate(store, name, password)
    if (!user) {
      request.log.warn({ address: request.ip }, 'log-in refused')
      return refuse(401, 'wrong')
    }
    const token = await sessions.open(user)
    await store.users.log({
      who: user.name,
      action: 'user.login',
      subject: user.name,
      detail: null,
      at: iso(clock.now()),
    })
    setSession(reply, token, parts)
    return reply.redirect(next, 303)
  })
}

/** POST /logout: the session ends in the store, not only in the browser. */
export function logoutRoutes(app: FastifyInstance, { store, clock }: Parts, sessions: Sessions): void {
  app.post('/logout', async (request, reply) => {
    if (request.sessionToken) await sessions.close(request.sessionToken)
    const name = request.visit.user?.name
    if (name)
      await store.users.log({ who: name, action: 'user.logout', subject: name, detail: null, at: iso(clock.now()) })
    reply.clearCookie(SESSION_COOKIE, { path: '/' })
    return reply.redirect('/login', 303)
  })
}
