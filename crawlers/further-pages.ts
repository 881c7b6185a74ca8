import { iso } from '../clock.ts'
import { describeError, Fatal, RetryLater } from '../errors.ts'
import type { Extracted, Outlet, Page } from '../model.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { MOST_PAGES, type PageLink } from '../pipeline/extraction/further-pages.ts'
import { joinPages, linkedPages } from '../pipeline/pages.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { Archive } from './archive.ts'
import type { Fetched } from './http-client.ts'
import { pageRecord } from './ingest.ts'
import { judgePage } from './judge-page.ts'

/** An article of several pages, as one. */
export interface WholeArticle {
  readonly extracted: Extracted
  /** The further pages as received, archived. */
  readonly pages: readonly Page[]
  /** Their addresses: each finds the article again. */
  readonly addresses: readonly string[]
}

/**
 * Reads the pages 2 to 10 of an article whose first page is marked `paged`, one after the other in the turn of their host
 * (pause, robots.txt and guard hold for each), and joins their texts. A page that cannot be had leaves the article marked
 * `paged`, with a doubt that says why.
 *
 * @throws RetryLater `fetch.stopped` when the monitor stops meanwhile; Fatal when the archive cannot be written
 */
export type ReadFurther = (outlet: Outlet, first: Fetched, extracted: Extracted) => Promise<WholeArticle>

export function createReadFurther(options: {
  readonly archive: Pick<Archive, 'append'>
  /** What was archived of an address last: the same bytes are not archived twice. */
  readonly latest?: (url: string) => Promise<Page | null>
  /** A page in the turn of its host. */
  readonly get: (url: string) => Promise<Fetched>
}): ReadFurther {
  const { archive, get, latest } = options

  return async (outlet, first, extracted) => {
    if (extracted.completeness !== 'paged') return { extracted, pages: [], addresses: [] }
    const start = first.finalUrl
    const waiting = new Map<number, string>()
    const asked = new Set([1])
    const note = (links: readonly PageLink[]): void => {
      for (const { number, url } of links) if (!asked.has(number) && !waiting.has(number)) waiting.set(number, url)
    }
    note(linkedPages(htmlOf(first), start, start))
    const texts: (Extracted | null)[] = []
    const pages: Page[] = []
    const doubts: string[] = []
    const addresses: string[] = []
    for (;;) {
      const number = Math.min(...waiting.keys())
      const url = waiting.get(number)
      if (url === undefined || asked.size >= MOST_PAGES) break
      waiting.delete(number)
      asked.add(number)
      try {
        const fetched = await get(url)
        const before = (await latest?.(fetched.url)) ?? null
        const isSame = before?.warc && before.digest === fetched.digest
        const warc = await archive.append(fetched, isSame ? { ...before, warc: before.warc } : null)
        pages.push(pageRecord(outlet, fetched, warc))
        const problem = judgePage(fetched, url)
        if (problem) throw problem
        const page = extract({
          url: fetched.finalUrl,
          html: htmlOf(fetched),
          outlet,
          fetchedAt: iso(fetched.last.startedAt),
        })
        texts.push(page)
        addresses.push(canonicalUrl(url))
        note(linkedPages(htmlOf(fetched), start, fetched.finalUrl))
      } catch (error) {
        if (error instanceof Fatal || (error instanceof RetryLater && error.code === 'fetch.stopped')) throw error
        texts.push(null)
        doubts.push(`page ${number}: ${describeError(error).message}`)
      }
    }
    const whole = joinPages(extracted, texts, waiting.size > 0)
    return { extracted: { ...whole, doubts: [...whole.doubts, ...doubts] }, pages, addresses }
  }
}

const htmlOf = ({ body, headers }: Fetched): string => decodePage(body, headers['content-type'] ?? null).html
