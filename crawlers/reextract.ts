import { type Clock, iso } from '../clock.ts'
import { describeError, RetryLater, Skip } from '../errors.ts'
import type { Article, ArticleField, Extracted, Outlet, Page } from '../model.ts'
import { joinPages } from '../pipeline/pages.ts'
import type { ArticleFilter, FrontierEntry, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { fetchedFrom } from './archived-page.ts'
import { type Ingest, readPage } from './ingest.ts'

/** What differs between an article and its archived page as it is read now. */
export interface Rereading {
  readonly article: Article
  readonly fields: readonly (ArticleField | 'published')[]
}

export interface NotReread {
  readonly article: Article
  readonly code: string
  readonly message: string
}

export interface ReextractResult {
  /** Articles whose archived page was read again. */
  readonly read: number
  readonly changed: number
  /** Without an archived page: known from a feed only, or dropped by retention. */
  readonly unarchived: number
  /** The page gives no article now; what was read before stays. */
  readonly failed: number
}

export interface ReextractOptions {
  readonly store: Store
  readonly archive: Archive
  readonly ingest: Pick<Ingest, 'write'>
  readonly clock: Clock
  readonly outlets: readonly Outlet[]
  readonly filter: ArticleFilter
  /** Nothing is written. */
  readonly dryRun: boolean
  readonly onChanged?: (rereading: Rereading) => void
  readonly onFailed?: (failure: NotReread) => void
  readonly onProgress?: (done: number, total: number) => void
}

const BATCH = 100
/** The further pages of an article are fetched right after its first. */
const FURTHER_MS = 3_600_000
/** Clocks of outlets run ahead; more than this is a mistake. */
const AHEAD_MS = 3_600_000

/**
 * Reads the archived page of each article's current version once more, with the outlet's rules of the page's date. A
 * different result becomes a version with the cause `reread`, which is no edit of the outlet, and is assessed with it. Safe
 * to repeat: what was reread gives the same result the next time.
 */
export async function reextract(options: ReextractOptions): Promise<ReextractResult> {
  const { store, filter, dryRun, onChanged, onFailed, onProgress } = options
  const outlets = new Map(options.outlets.map((outlet) => [outlet.id, outlet]))
  const result = { read: 0, changed: 0, unarchived: 0, failed: 0 }
  const total = await store.articles.count(filter)
  let done = 0
  for (let after = ''; ; ) {
    const batch = await store.articles.walk(after, BATCH, filter)
    for (const article of batch) {
      after = article.id
      done += 1
      const page = article.pageId === null ? null : await store.pages.get(article.pageId)
      if (!page?.warc) {
        result.unarchived += 1
        continue
      }
      const found = await readArchived(options, outlets.get(article.outletId) ?? null, article, page)
      if (found instanceof Error) {
        result.failed += 1
        onFailed?.({ article, ...describeError(found), code: codeOf(found) })
        continue
      }
      result.read += 1
      const dated = datedBy(article, found.extracted, found.entry, page)
      const fields = differing(article, found.extracted, dated.published)
      if (fields.length === 0) continue
      result.changed += 1
      onChanged?.({ article, fields })
      if (!dryRun) await save(options, article, found.extracted, dated)
    }
    onProgress?.(done, total)
    if (batch.length < BATCH) return result
  }
}

const codeOf = (error: Error): string => (error instanceof Skip || error instanceof RetryLater ? error.code : 'unknown')

interface Found {
  readonly extracted: Extracted
  readonly entry: FrontierEntry
}

async function readArchived(
  { store, archive }: Pick<ReextractOptions, 'store' | 'archive'>,
  outlet: Outlet | null,
  article: Article,
  page: Page,
): Promise<Found | Skip | RetryLater> {
  if (outlet === null) {
    return new Skip(`The outlet ${article.outletId} is not in the catalogue`, {
      code: 'outlet.unknown',
      remedy: 'Add it to the profile again, at least without sources, so that its archived pages can be read.',
    })
  }
  // What its feed said counts as it did at first.
  const entry = (await store.frontier.get(page.url)) ?? (await store.frontier.get(article.url)) ?? unlisted(page)
  const readOne = async (one: Page) => {
    if (one.warc === null) return null
    const response = await archive.read(one.warc)
    return readPage(
      outlet,
      { ...entry, url: one.url },
      fetchedFrom(response, { hops: [], finalUrl: one.finalUrl, at: one.fetchedAt }),
    )
  }
  try {
    const first = await readOne(page)
    if (!first?.extracted || first.problem) return first?.problem ?? nothing(page)
    const readBefore = Number(article.by.pages ?? 1)
    if (readBefore < 2) return { extracted: first.extracted, entry }
    const until = iso(new Date(Date.parse(page.fetchedAt) + FURTHER_MS))
    const further = (await store.pages.ofArticle(article.id))
      .filter(({ url, fetchedAt }) => url !== page.url && fetchedAt >= page.fetchedAt && fetchedAt < until)
      .slice(0, readBefore - 1)
    const texts: (Extracted | null)[] = []
    for (const one of further) texts.push((await readOne(one))?.extracted ?? null)
    const isCut = further.length < readBefore - 1 || article.completeness === 'paged'
    return { extracted: joinPages(first.extracted, texts, isCut), entry }
  } catch (error) {
    // A damaged or missing record is named; the others are read.
    if (error instanceof Skip || error instanceof RetryLater) return error
    throw error
  }
}

const nothing = ({ url }: Page): Skip =>
  new Skip(`${url}: nothing was found on the page`, { code: 'page.no-text', remedy: "Correct the outlet's rules." })

const unlisted = ({ url, outletId, fetchedAt }: Page): FrontierEntry => ({
  ...{ url, outletId, host: new URL(url).host, priority: 0, discoveredAt: fetchedAt, notBefore: fetchedAt },
  ...{ attempts: 0, item: null },
})

type Dated = Pick<Article, 'published' | 'publishedBy'>

/** As at first: the page's date, else the feed's; one that lies after the fetching is none. Else the date known stays. */
function datedBy(article: Article, extracted: Extracted, { item }: FrontierEntry, { fetchedAt }: Page): Dated {
  // A person said so.
  if (article.publishedBy === 'hand') return { published: article.published, publishedBy: article.publishedBy }
  const latest = iso(new Date(Date.parse(fetchedAt) + AHEAD_MS))
  const candidates = [
    { published: extracted.published, publishedBy: extracted.by.published ?? 'feed' },
    { published: item?.published ?? null, publishedBy: 'feed' },
  ]
  for (const { published, publishedBy } of candidates) {
    if (published !== null && published <= latest) return { published, publishedBy }
  }
  return { published: article.published, publishedBy: article.publishedBy }
}

const squeeze = (text: string | null): string => (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim()

function differing(article: Article, extracted: Extracted, published: string): Rereading['fields'] {
  const texts = (['title', 'lead', 'text'] as const).filter(
    (field) => squeeze(article[field]) !== squeeze(extracted[field]),
  )
  return published === article.published ? texts : [...texts, 'published']
}

async function save(
  { ingest, clock }: Pick<ReextractOptions, 'ingest' | 'clock'>,
  article: Article,
  extracted: Extracted,
  dated: Dated,
): Promise<void> {
  const { outletId, url, pageId, language } = article
  const seenAt = iso(clock.now())
  const known = extracted.language ?? language
  await ingest.write({
    page: null,
    draft: { outletId, url, aliases: [], pageId, extracted, language: known, ...dated, seenAt },
    settle: async () => undefined,
  })
}
