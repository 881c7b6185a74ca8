import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Parts } from '../visit.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Loopback, unless a proxy speaks for someone else. */
function isLoopback(request: FastifyRequest): boolean {
  const address = request.socket.remoteAddress ?? ''
  const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
  return !forwarded && (address === '::1' || /^(::ffff:)?127\./.test(address))
}

/** GET /healthz (open, says nothing of the content) and GET /metrics (loopback, or the token). */
export function healthRoutes(app: FastifyInstance, { store, index, metrics, metricsToken = null }: Parts): void {
  app.get('/healthz', { logLevel: 'warn' }, async (_request, reply) => {
    const [last, cursor] = await Promise.all([store.changes.last(), index.cursor()])
    return reply.send({ status: 'ok', indexBehind: Math.max(0, last - cursor) })
  })

  app.get('/metrics', { logLevel: 'warn' }, async (request, reply) => {
    const given = request.headers.authorization ?? ''
    const allowed =
      isLoopback(request) || (metricsToken !== null && timingSafeEqual(digest(given), digest(`Bearer ${metricsToken}`)))
    if (!allowed || !metrics) return reply.code(404).type('text/plain').send('not found\n')
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}
