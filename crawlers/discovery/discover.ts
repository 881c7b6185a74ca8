import type { Instant, Outlet, Source } from '../../model.ts'
import type { Fetched } from '../http-client.ts'
import type { PollLimits } from '../rhythm.ts'
import { readFeed } from './feeds.ts'
import { readGdelt } from './gdelt.ts'
import type { Discovered } from './items.ts'
import { readListing } from './listings.ts'
import { readSitemap } from './sitemaps.ts'

export interface DiscoveryState {
  /** When the source was last read; null: never. */
  readonly lastSuccessAt: Instant | null
  readonly now: Date
  /** Sitemap indexes through which the source was reached; 0 for a source of the definition. */
  readonly depth: number
}

/**
 * The links to articles that an answered source gives, and the sources it names in turn.
 * @throws Skip when the answer is not what the source should be (see the readers); RetryLater `sitemap.damaged`
 */
export async function discover(
  source: Source,
  fetched: Pick<Fetched, 'body' | 'headers' | 'finalUrl'>,
  outlet: Outlet,
  state: DiscoveryState,
): Promise<Discovered> {
  const { body, finalUrl } = fetched
  const type = fetched.headers['content-type'] ?? null
  switch (source.kind) {
    case 'feed':
      return readFeed(body, type, finalUrl, outlet)
    case 'listing':
    case 'search':
      return readListing(body, type, finalUrl, source, outlet)
    case 'sitemap':
      return readSitemap(body, finalUrl, outlet, state)
    case 'gdelt':
      return readGdelt(body, finalUrl, outlet)
  }
}

const HOUR = 3_600_000

/**
 * How often a source may be asked. A search costs its host more than a file and shows it our words: first after three
 * hours, never more than once in an hour.
 */
export function pollLimitsFor(source: Source, limits: PollLimits): PollLimits {
  if (source.kind !== 'search' && source.kind !== 'gdelt') return limits
  return { ...limits, startMs: Math.max(limits.startMs, 3 * HOUR), shortestMs: Math.max(limits.shortestMs, HOUR) }
}
