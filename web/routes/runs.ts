import type { FastifyInstance } from 'fastify'
import { before } from '../days.ts'
import { runsPage } from '../views/runs.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

const WEEK_MS = 7 * 86_400_000

export function runsRoutes(app: FastifyInstance, { store, clock }: Parts): void {
  app.get('/runs', async (request, reply) => {
    const [runs, frontier, problems] = await Promise.all([
      store.runs.list(50),
      store.frontier.counts(),
      store.frontier.problems(before(clock.now(), WEEK_MS)),
    ])
    return sendPage(reply, runsPage(request.visit, { runs, frontier, problems }))
  })
}
