import type { FastifyInstance } from 'fastify'
import { parseSearch, searchHref, toQuery } from '../search-state.ts'
import { searchPage } from '../views/search.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'

/** Whether two addresses say the same, however they are encoded: empty fields of the form are worth a redirect, `%20` is not. */
function sameQuery(a: string, b: string): boolean {
  const entries = (address: string) => JSON.stringify([...new URL(address, 'http://localhost').searchParams])
  return entries(a) === entries(b)
}

/** GET /search: the whole state stands in the address, so that a search can be sent to a colleague. */
export function searchRoutes(app: FastifyInstance, { index, profile, store }: Parts): void {
  app.get<{ Querystring: Record<string, unknown> }>('/search', async (request, reply) => {
    const { state, ignored } = parseSearch(request.query, profile)
    const href = searchHref(state)
    const enhanced = request.headers['hx-request'] === 'true'
    if (enhanced) reply.header('HX-Push-Url', href)
    else if (ignored.length === 0 && !sameQuery(request.url, href)) return reply.redirect(href, 303)
    const result = await index.search(toQuery(state))
    const fates = await store.visits.fates(result.hits.map(({ id }) => id))
    const given = await store.storyDesk.givenTitles()
    return sendPage(reply, searchPage(request.visit, { state, ignored, result, fates, given }))
  })
}
