import type { FastifyInstance } from 'fastify'
import { before } from '../days.ts'
import { runsPage } from '../views/runs.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

const WEEK_MS = 7 * 86_400_000
/** Runs on the page. */
const SHOWN = 60

export function runsRoutes(app: FastifyInstance, { store, profile, clock }: Parts): void {
  app.get<{ Querystring: { job?: string } }>('/runs', async (request, reply) => {
    const jobs = [
      'crawl',
      'alerts',
      'watch',
      'rejudge',
      'retention',
      ...profile.reports.map(({ id }) => `report:${id}`),
    ]
    const job = jobs.find((name) => name === request.query.job) ?? null
    const [runs, frontier, problems] = await Promise.all([
      store.runs.list(SHOWN, job ?? undefined),
      store.frontier.counts(),
      store.frontier.problems(before(clock.now(), WEEK_MS)),
    ])
    return sendPage(reply, runsPage(request.visit, { runs, job, jobs, frontier, problems }))
  })
}
