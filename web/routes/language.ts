import type { FastifyInstance } from 'fastify'
import { LOCALES } from '../../locales/index.ts'
import type { Parts } from '../visit.ts'
import { localPath } from './login.ts'

export const LANGUAGE_COOKIE = 'monitor_language'

export function languageRoutes(app: FastifyInstance, { secure = false }: Parts): void {
  app.post<{ Body: { locale?: string; back?: string } }>(
    '/language',
    { preHandler: app.csrfProtection },
    async (request, reply) => {
      const locale = LOCALES.find((known) => known === request.body.locale) ?? 'vi'
      reply.setCookie(LANGUAGE_COOKIE, locale, {
        httpOnly: true,
        sameSite: 'lax',
        secure,
        path: '/',
        maxAge: 365 * 86_400,
      })
      return reply.redirect(localPath(request.body.back), 303)
    },
  )
}
