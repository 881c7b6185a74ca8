import type { FastifyInstance } from 'fastify'
import { outletRows } from '../outlet-rows.ts'
import { outletsPage } from '../views/outlets.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

export function outletsRoutes(app: FastifyInstance, { store, profile, clock }: Parts): void {
  app.get('/outlets', async (request, reply) => {
    const rows = await outletRows(store, profile, clock.now())
    return sendPage(reply, outletsPage(request.visit, rows))
  })
}
