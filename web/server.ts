import { randomBytes } from 'node:crypto'
import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import files from '@fastify/static'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify, { LogController } from 'fastify'
import { describeError } from '../errors.ts'
import { LOCALES, translator } from '../locales/index.ts'
import { HTMX_FOLDER, PUBLIC_FOLDER } from './assets.ts'
import { accountRoutes } from './routes/account.ts'
import { alertsRoutes } from './routes/alerts.ts'
import { articleRoutes } from './routes/article.ts'
import { healthRoutes } from './routes/health.ts'
import { helperRoutes } from './routes/helpers.ts'
import { homeRoutes } from './routes/home.ts'
import { importRoutes } from './routes/import.ts'
import { LANGUAGE_COOKIE, languageRoutes } from './routes/language.ts'
import { loginRoutes, logoutRoutes } from './routes/login.ts'
import { notFound } from './routes/not-found.ts'
import { outletsRoutes } from './routes/outlets.ts'
import { picturesRoutes } from './routes/pictures.ts'
import { profileRoutes } from './routes/profile.ts'
import { reportsRoutes } from './routes/reports.ts'
import { runsRoutes } from './routes/runs.ts'
import { searchRoutes } from './routes/search.ts'
import { storiesRoutes } from './routes/stories.ts'
import { storyDeskRoutes } from './routes/story-desk.ts'
import { systemRoutes } from './routes/system.ts'
import { trendsRoutes } from './routes/trends.ts'
import { createSessions, SESSION_COOKIE } from './sessions.ts'
import { problemPage } from './views/problem.ts'
import type { Parts } from './visit.ts'
import { sendPage } from './visit.ts'

/** Whose token it is: a session's, or that of a visitor who has not logged in. */
const csrfOwner = (request: FastifyRequest): string => request.sessionToken ?? 'visitor'

/** Everything from this server, nothing inline, nothing framed by others. */
const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  frameSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
}

async function protections(app: FastifyInstance, { secure = false }: Parts): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    strictTransportSecurity: secure,
    // Reports are framed in a sandbox, an origin of its own: asking for an agent cluster would only make browsers complain.
    originAgentCluster: false,
    referrerPolicy: { policy: 'same-origin' },
  })
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: 64 * 1024 })
  await app.register(csrf, {
    cookieKey: 'monitor_csrf',
    cookieOpts: { path: '/', sameSite: 'strict', httpOnly: true, secure },
    // Bound to the session: a token taken from one log-in is worth nothing in another.
    csrfOpts: { hmacKey: randomBytes(32), userInfo: true },
    getUserInfo: csrfOwner,
  })
  await app.register(rateLimit, { global: false })
}

async function assets(app: FastifyInstance): Promise<void> {
  const lasting = { maxAge: '365d', immutable: true, index: false } as const
  await app.register(files, { root: PUBLIC_FOLDER, prefix: '/assets/', decorateReply: false, ...lasting })
  await app.register(files, {
    root: HTMX_FOLDER,
    prefix: '/vendor/',
    decorateReply: false,
    allowedPath: (path) => path === '/htmx.min.js' || path === 'htmx.min.js',
    ...lasting,
  })
}

/** What went wrong, as a page: our mistakes are logged whole and shown by their code only. */
function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { visit } = request
  const status = error.statusCode ?? 500
  const { code, message, remedy } = describeError(error)
  if (status >= 500) request.log.error({ err: error }, 'a page failed')
  if (!visit) return reply.code(status).type('text/plain').send(`${code}\n`)
  const { t } = visit
  const kind = code.startsWith('FST_CSRF') ? 'csrf' : status === 429 ? 'limited' : status < 500 ? 'request' : 'server'
  const known = kind === 'server' && remedy !== null
  return sendPage(
    reply.code(status),
    problemPage(visit, {
      title: t(`web.problem.${kind}.title`),
      what: known ? message : t(`web.problem.${kind}.what`),
      remedy: known ? remedy : t(`web.problem.${kind}.remedy`),
      code: status >= 500 ? `${code} · ${request.id}` : code,
    }),
  )
}

/**
 * Builds the pages; it does not listen: app.ts says where (127.0.0.1 unless told otherwise). `close()` lets running
 * requests end. Every page but the log-in asks for a user; every change asks for a CSRF token and is logged with who and
 * when.
 */
export async function createServer(parts: Parts): Promise<FastifyInstance> {
  const { store, profile, clock, log } = parts
  const sessions = createSessions(store, clock)
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // A proxy on this machine may say whom it speaks for; nobody else may.
    trustProxy: 'loopback',
    forceCloseConnections: 'idle',
    bodyLimit: 64 * 1024,
  })
  await protections(app, parts)

  app.decorateRequest('sessionToken', undefined)
  app.addHook('onRequest', async (request, reply) => {
    request.sessionToken = request.cookies[SESSION_COOKIE]
    const locale = LOCALES.find((known) => known === request.cookies[LANGUAGE_COOKIE]) ?? 'vi'
    const user = /^\/(assets|vendor)\//.test(request.url) ? null : await sessions.user(request.sessionToken)
    // Once per request: on a first visit every call would make a new secret, and only the last cookie would stay.
    let token: string | null = null
    request.visit = {
      user,
      locale,
      t: translator(locale),
      path: request.url,
      csrf: () => {
        token ??= reply.generateCsrf({ userInfo: csrfOwner(request) })
        return token
      },
      profile,
      now: clock.now(),
    }
  })
  // Pages carry what one user may see: no cache keeps them. Assets say otherwise themselves.
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  app.setErrorHandler(onError)
  app.setNotFoundHandler((request, reply) => notFound(request, reply))

  await assets(app)
  healthRoutes(app, parts)
  loginRoutes(app, parts, sessions)
  languageRoutes(app, parts)
  await app.register(async (inside) => {
    inside.addHook('preHandler', async (request, reply) => {
      if (request.visit.user) return
      const next = request.method === 'GET' ? request.url : '/'
      return reply.redirect(next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`, 303)
    })
    inside.addHook('preHandler', (request, reply, done) => {
      if (request.method === 'GET' || request.method === 'HEAD') done()
      else inside.csrfProtection(request, reply, done)
    })
    homeRoutes(inside, parts)
    searchRoutes(inside, parts)
    articleRoutes(inside, parts)
    picturesRoutes(inside, parts)
    storiesRoutes(inside, parts)
    storyDeskRoutes(inside, parts)
    helperRoutes(inside, parts)
    trendsRoutes(inside, parts)
    reportsRoutes(inside, parts)
    alertsRoutes(inside, parts)
    outletsRoutes(inside, parts)
    await inside.register((uploads) => importRoutes(uploads, parts))
    runsRoutes(inside, parts)
    systemRoutes(inside, parts)
    profileRoutes(inside, parts)
    accountRoutes(inside, parts, sessions)
    logoutRoutes(inside, parts, sessions)
  })
  return app
}
