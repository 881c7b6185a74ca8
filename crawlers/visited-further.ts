import { RetryLater, Skip } from '../errors.ts'
import type { Article, Extracted, Outlet, Page } from '../model.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { isRealChange } from '../pipeline/real-change.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { DueVisit, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { fetchedFrom } from './archived-page.ts'
import { createReadFurther, type ReadFurther, type WholeArticle } from './further-pages.ts'
import type { Fetched } from './http-client.ts'
import { readAnew } from './visited-page.ts'

/** Its text was joined from several pages: each of them is looked at when it is visited. */
export const isOfSeveralPages = ({ by, completeness }: Article): boolean =>
  Number(by.pages ?? 1) > 1 || completeness === 'paged'

/** The visit with what the first page alone showed of the article: what that page shows now is compared with it. */
export async function asOnFirstPage(archive: Archive, outlet: Outlet, visit: DueVisit): Promise<DueVisit> {
  const view = isOfSeveralPages(visit.article) ? await readAnew(archive, outlet, visit.page) : null
  if (view === null) return visit
  const { title, lead, text } = view.reading
  return { ...visit, article: { ...visit.article, title, lead, text } }
}

export interface FurtherLook {
  readonly store: Store
  readonly archive: Archive
  readonly readFurther: ReadFurther
  readonly outlet: Outlet
  readonly visit: DueVisit
  /** The first page as it answered now. */
  readonly fetched: Fetched
  readonly extracted: Extracted
}

/**
 * Reads the further pages of an article whose first page is as it was. An edit is what differs from the archived pages
 * read once more as we read today; where a page cannot be had now, nothing is taken for one.
 */
export async function lookFurther(look: FurtherLook): Promise<{ whole: WholeArticle; isEdit: boolean }> {
  const { outlet, visit, fetched, extracted, readFurther } = look
  const whole = await readFurther(outlet, fetched, extracted)
  const { article } = visit
  const isCut = whole.extracted.completeness === 'paged' && article.completeness !== 'paged'
  const after = readingOf(whole.extracted)
  if (isCut || !isRealChange(article, after)) return { whole, isEdit: false }
  const before = await readAgain(look)
  return { whole, isEdit: before === null || isRealChange(readingOf(before), after) }
}

const readingOf = ({ title, lead, text, by }: Extracted) => ({ title: title ?? '', lead, text: text ?? '', by })

/** The pages of the version, out of the archive; null when one of them is not there any more. */
async function readAgain({ store, archive, outlet, visit }: FurtherLook): Promise<Extracted | null> {
  const pages = new Map<string, Page>()
  // Oldest first: the newest of an address counts.
  for (const page of await store.pages.ofArticle(visit.article.id)) pages.set(canonicalUrl(page.url), page)
  const read = async (page: Page | undefined): Promise<Fetched> => {
    if (!page?.warc) {
      throw new Skip('A page of the article is not archived', {
        code: 'archive.no-page',
        remedy: 'Nothing to do: what was stored of it is what there is to compare with.',
      })
    }
    return fetchedFrom(await archive.read(page.warc), { hops: [], finalUrl: page.finalUrl, at: page.fetchedAt })
  }
  try {
    const first = await read(visit.page)
    const { html } = decodePage(first.body, first.headers['content-type'] ?? null)
    const extracted = extract({ url: visit.page.finalUrl, html, outlet, fetchedAt: visit.page.fetchedAt })
    const again = createReadFurther({
      archive: { append: async () => ({ file: '', offset: 0, length: 0 }) },
      get: (url) => read(pages.get(canonicalUrl(url))),
    })
    const { extracted: whole } = await again(outlet, first, extracted)
    return whole.completeness === 'paged' && visit.article.completeness !== 'paged' ? null : whole
  } catch (error) {
    if (error instanceof Skip || error instanceof RetryLater) return null
    throw error
  }
}
