import type { Clock } from '../clock.ts'
import { Skip } from '../errors.ts'
import { createGuard } from './guards.ts'
import { createHttpClient, type Fetched, type HttpClient, userAgentFor } from './http-client.ts'
import { judgePage, temporaryProblem } from './judge-page.ts'
import { createPoliteness } from './politeness.ts'

/** How a person at the command line asks an outlet: through the same guards, robots.txt and pauses as collecting does. */
export interface SurveyClient {
  /**
   * A page that can be read.
   * @throws Skip, RetryLater as the HTTP client does, and for every answer that is no page (`page.gone`, `fetch.throttled`, …)
   */
  readonly read: (url: string) => Promise<Fetched>
  readonly close: () => Promise<void>
}

/** @throws Skip `collect.no-contact` */
export function openSurveyClient(options: {
  readonly clock: Clock
  readonly contact: string | null
  readonly testHosts: readonly string[]
  /** Told before each request. */
  readonly onRequest?: (url: string) => void
}): SurveyClient {
  const { clock, contact, testHosts, onRequest } = options
  if (contact === null) {
    throw new Skip('No outlet is asked: there is no contact for the User-Agent', {
      code: 'collect.no-contact',
      remedy: 'Set MONITOR_CONTACT to the e-mail or web address of the office.',
    })
  }
  const userAgent = userAgentFor(contact)
  const client: HttpClient = createHttpClient({
    clock,
    guard: createGuard(testHosts),
    politeness: createPoliteness({
      clock,
      robotsName: userAgent.split('/')[0] ?? userAgent,
      defaultDelaySeconds: 5,
      liftedHosts: testHosts,
    }),
    userAgent,
  })
  return {
    read: async (url) => {
      onRequest?.(url)
      const fetched = await client.get(url, {})
      const problem = temporaryProblem(fetched, clock.now()) ?? judgePage(fetched, url)
      // A sitemap may be a gzip file; its reader looks at the content.
      if (problem && problem.code !== 'page.not-html') throw problem
      return fetched
    },
    close: () => client.close(),
  }
}
