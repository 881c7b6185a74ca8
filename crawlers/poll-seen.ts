import type { Source } from '../model.ts'
import type { FrontierEntry } from '../store/store.ts'
import type { Fetched } from './http-client.ts'
import { hintOf, type PollSeen } from './rhythm.ts'

/** Channel elements that say how often a feed is to be read stand before its items. */
const HEAD_BYTES = 4096

/** What an answer tells of the rhythm of its source. @param added addresses of the entries not seen before */
export function seenIn(
  source: Source,
  fetched: Fetched,
  entries: readonly FrontierEntry[],
  added: readonly string[],
): PollSeen {
  const fresh = new Set(added)
  const dates = entries.flatMap(({ item }) => item?.published ?? [])
  const isFeed = source.kind === 'feed'
  const head = isFeed ? Buffer.from(fetched.body.subarray(0, HEAD_BYTES)).toString('latin1') : ''
  return {
    arrivals: entries.filter(({ url }) => fresh.has(url)).map(({ item }) => item?.published ?? null),
    shown: dates,
    entries: entries.length,
    complete: source.kind === 'sitemap',
    hintMs: isFeed ? hintOf(head, fetched.headers['cache-control'] ?? null) : null,
  }
}

/** The source has not changed: nothing came while it was watched. */
export const nothingSeen = (source: Source): PollSeen => ({
  arrivals: [],
  shown: null,
  entries: 0,
  complete: source.kind === 'sitemap',
  hintMs: null,
})
