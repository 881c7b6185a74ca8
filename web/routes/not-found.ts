import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemPage } from '../views/problem.ts'
import { sendPage } from '../visit.ts'

/** The page for an address that names nothing. */
export function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { t } = request.visit
  const page = problemPage(request.visit, {
    title: t('web.problem.notFound.title'),
    what: t('web.problem.notFound.what', { path: request.visit.path }),
    remedy: t('web.problem.notFound.remedy'),
    code: null,
  })
  return sendPage(reply.code(404), page)
}
