import { createHash } from 'node:crypto'
import type { Instant } from '../model.ts'
import type { ArchivedResponse } from './archive.ts'
import { type Exchange, type Fetched, headerRecord } from './http-client.ts'

/** One hop of an archived capture. */
export interface ArchivedHop {
  readonly url: string
  readonly status: number
}

const exchange = ({ url, status }: ArchivedHop, at: Instant): Exchange => ({
  ...{ url, status, startedAt: new Date(at), address: null, statusText: '' },
  ...{ requestHeaders: [], responseHeaders: [], wireBody: new Uint8Array() },
})

/**
 * An archived page as if it had just been fetched, for what reads pages. The headers are the record's own: what a browser
 * showed is archived in UTF-8, whatever the page came in.
 * @param at when it was fetched
 */
export function fetchedFrom(
  response: ArchivedResponse,
  capture: { readonly hops: readonly ArchivedHop[]; readonly finalUrl: string; readonly at: Instant },
): Fetched {
  const { body, status, headers } = response
  const { hops, finalUrl, at } = capture
  return {
    ...{ url: hops[0]?.url ?? finalUrl, finalUrl, status, body },
    redirects: hops.map((hop) => exchange(hop, at)),
    last: exchange({ url: finalUrl, status }, at),
    headers: headerRecord(headers),
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
  }
}
