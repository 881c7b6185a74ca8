import { iso } from '../clock.ts'
import { RetryLater, Skip } from '../errors.ts'
import type { Article, Extracted, Outlet, Page } from '../model.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { parseTree } from '../pipeline/extraction/tree.ts'
import { type View, viewOf } from '../pipeline/layout-change.ts'
import type { Reading } from '../pipeline/real-change.ts'
import { type Gone, holdsArticle, redirectedAway, softGone } from '../pipeline/soft-404.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { Archive } from './archive.ts'
import { type Fetched, headerRecord } from './http-client.ts'
import { identityOf } from './ingest.ts'
import { judgePage } from './judge-page.ts'

/** What a page that was visited again shows in the place of the article. */
export type Seen = { readonly gone: Gone } | { readonly problem: Skip } | Read
export interface Read {
  readonly extracted: Extracted
  readonly view: View
}

/** Judges an answer other than 304 and the very bytes known. */
export function lookAt(input: {
  readonly outlet: Outlet
  readonly article: Article
  readonly fetched: Fetched
  readonly othersWithSameBody: number
}): Seen {
  const { outlet, article, fetched, othersWithSameBody } = input
  const { status, finalUrl } = fetched
  if (status === 404 || status === 410) {
    return { gone: { reason: status === 404 ? 'not-found' : 'gone', evidence: `HTTP ${status}` } }
  }
  const problem = judgePage(fetched, fetched.url)
  if (problem?.code === 'page.empty') return { gone: { reason: 'emptied', evidence: '0 %' } }
  if (problem && problem.code !== 'page.redirected-home') return { problem }
  const { html } = decodePage(fetched.body, fetched.headers['content-type'] ?? null)
  try {
    const tree = parseTree(html)
    const shown = tree.blocks.map(({ text }) => text).join('\n')
    const extracted = extract({ url: finalUrl, html, outlet, fetchedAt: iso(fetched.last.startedAt) })
    const { text } = extracted
    const isElsewhere = fetched.redirects.length > 0 && canonicalUrl(finalUrl) !== canonicalUrl(fetched.url)
    if (isElsewhere && !holdsArticle(article, shown, text)) {
      return { gone: redirectedAway(fetched.url, finalUrl) ?? { reason: 'moved-to-another', evidence: finalUrl } }
    }
    const title = headingOf(tree.titleElement, shown)
    const gone = softGone({ before: article, title, shown, text, othersWithSameBody })
    if (gone) return { gone }
    if (text !== null && text.trim() !== '') {
      // A wall was put up since: what is cut off is no edit.
      const isWalled = extracted.completeness === 'stub' && article.completeness !== 'stub'
      return isWalled ? { problem: walled(fetched.url) } : { extracted, view: viewOf(tree, readingOf(extracted)) }
    }
  } catch (error) {
    return { problem: unreadable(fetched.url, error instanceof Error ? error.message : String(error), error) }
  }
  return { problem: unreadable(fetched.url, 'no text was found', null) }
}

const headingOf = (title: string | null, shown: string): string | null => title ?? shown.split('\n', 1)[0] ?? null

const unreadable = (url: string, why: string, cause: unknown): Skip =>
  new Skip(`${url} shows the article, but cannot be read: ${why}`, {
    code: 'page.unreadable',
    remedy: 'Give the outlet extraction rules: its layout has changed.',
    cause,
  })

const walled = (url: string): Skip =>
  new Skip(`${url} shows only the beginning of the article now`, {
    code: 'page.stub',
    remedy: 'Nothing to do: what was read before stays.',
  })

const readingOf = ({ title, lead, text, by }: Extracted): Reading => ({
  title: title ?? '',
  lead,
  text: text ?? '',
  by,
})

/** The archived page as we read pages today; null when it is not archived any more, or shows no article. */
export async function readAnew(archive: Archive, outlet: Outlet, page: Page): Promise<View | null> {
  if (page.warc === null) return null
  try {
    // Its own header: what a browser showed is archived in UTF-8, whatever the page came in.
    const { body, headers } = await archive.read(page.warc)
    const { html } = decodePage(body, headerRecord(headers)['content-type'] ?? null)
    const extracted = extract({ url: page.finalUrl, html, outlet, fetchedAt: page.fetchedAt })
    const { title, text } = extracted
    return title === null || text === null ? null : viewOf(parseTree(html), readingOf(extracted))
  } catch (error) {
    // A record that is damaged or gone: what was stored of it is what there is to compare with.
    if (error instanceof Skip || error instanceof RetryLater) return null
    throw error
  }
}

/** Addresses under which the article now stands, besides its own. */
export function aliasesOf(url: string, fetched: Fetched, extracted: Extracted): readonly string[] {
  const found = [canonicalUrl(fetched.finalUrl), identityOf(fetched.finalUrl, extracted.canonical)]
  return [...new Set(found)].filter((alias) => alias !== url)
}
