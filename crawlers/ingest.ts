import { randomUUID } from 'node:crypto'
import { type Clock, iso } from '../clock.ts'
import { Skip } from '../errors.ts'
import type { Article, Assessment, Extracted, FeedItem, Outlet, Page, WarcPointer } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { detectLanguage } from '../pipeline/language.ts'
import { saysItIsGone } from '../pipeline/soft-404.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { ArticleDraft, FrontierEntry, SaveOutcome, Store } from '../store/store.ts'
import { type ArticleWriter, type ArticleWriterOptions, createArticleWriter, type Saved } from './article-writer.ts'
import type { ReadFurther, WholeArticle } from './further-pages.ts'
import type { Fetched } from './http-client.ts'
import { judgePage } from './judge-page.ts'

export interface PageArrival {
  readonly outlet: Outlet
  readonly entry: FrontierEntry
  readonly fetched: Fetched
  readonly warc: WarcPointer
  /** Reads the rest of an article of several pages; absent: its first page stands alone. */
  readonly readFurther?: ReadFurther
  /**
   * Asked about a page without text. `again`: nothing is stored, it is fetched once more in another way; a Skip is said
   * instead of `page.no-text`.
   */
  readonly withoutText?: () => Skip | 'again' | null
}

export interface Ingested {
  /** Null only when there was not even a title. */
  readonly article: Article | null
  readonly outcome: SaveOutcome | null
  /** Why the page gave no article; it is feed-only then. */
  readonly problem: Skip | null
  /** It was left to be fetched once more. */
  readonly again?: boolean
}

/** Turns what was fetched into articles: page, article, version, assessment and story come together or not at all. */
export interface Ingest {
  /** A page as received, whatever its status; settles its frontier entry. */
  readonly page: (arrival: PageArrival) => Promise<Ingested>
  /**
   * An article whose page could not be had: title, summary and link from its feed. `settle` marks the frontier entry in
   * the same transaction.
   */
  readonly feedOnly: (
    outlet: Outlet,
    entry: FrontierEntry,
    settle: (store: Store) => Promise<void>,
  ) => Promise<{ article: Article; outcome: SaveOutcome } | null>
  /** What a person brought in. `page` is its archived document; `isPage` when a later visit can be compared with it. */
  readonly byHand: (entered: EnteredByHand) => Promise<Saved | null>
  /** What others (later visits) made ready, through the same writer and its window of stories. */
  readonly write: ArticleWriter['write']
}

export interface EnteredByHand {
  readonly outlet: Outlet
  readonly entry: FrontierEntry
  readonly extracted: Extracted
  readonly page: Page | null
  readonly isPage: boolean
  readonly settle: (store: Store) => Promise<void>
}

/** What stays on record of a response. */
export const pageRecord = (outlet: Outlet, fetched: Fetched, warc: WarcPointer): Page => ({
  id: randomUUID(),
  url: fetched.url,
  finalUrl: fetched.finalUrl,
  outletId: outlet.id,
  fetchedAt: iso(fetched.last.startedAt),
  status: fetched.status,
  headers: fetched.headers,
  digest: fetched.digest,
  bytes: fetched.body.length,
  warc,
})

/** Clocks of outlets run ahead; more than this is no clock but a mistake. */
const AHEAD_MS = 3_600_000

const fromFeed = (item: FeedItem, url: string): Extracted => ({
  url,
  title: item.title,
  lead: item.summary,
  text: null,
  byline: null,
  section: null,
  published: item.published,
  modified: null,
  language: null,
  canonical: null,
  image: null,
  imageCaption: null,
  completeness: 'feed-only',
  by: { title: 'feed', ...(item.summary === null ? {} : { lead: 'feed' }) },
  doubts: [],
})

/** `www.` and the variants that canonicalUrl leaves alone. */
const siteOf = (url: string): string => new URL(url).hostname.replace(/^www\./, '')

/**
 * The identity of an article: the page's own canonical address if it names an article of the same site, else where the
 * page was found. Some sites name their home page as the canonical address of everything.
 */
export function identityOf(finalUrl: string, canonical: string | null): string {
  const found = canonicalUrl(finalUrl)
  if (canonical === null) return found
  const named = new URL(canonical)
  const isHome = named.pathname === '/' && named.search === '' && new URL(found).pathname !== '/'
  return isHome || siteOf(canonical) !== siteOf(found) ? found : canonical
}

export function createIngest(options: ArticleWriterOptions): Ingest {
  const { clock } = options
  const writer = createArticleWriter(options)

  const draftOf = (
    outlet: Outlet,
    entry: FrontierEntry,
    url: string,
    extracted: Extracted,
    pageId: string | null,
  ): ArticleDraft => {
    const doubts = [...extracted.doubts]
    const seenAt = iso(clock.now())
    const latest = iso(new Date(clock.now().getTime() + AHEAD_MS))
    const candidates = [
      { at: extracted.published, by: extracted.by.published ?? 'feed' },
      { at: entry.item?.published ?? null, by: 'feed' },
    ]
    const credible = candidates.find(({ at, by }) => {
      if (at === null) return false
      if (at <= latest) return true
      doubts.push(`published: ${at} (${by}) lies in the future`)
      return false
    })
    const words = [extracted.title, extracted.lead, extracted.text].filter((part) => part !== null).join('\n')
    const hint = outlet.languages[0] ?? null
    const language = extracted.language ?? detectLanguage(words, hint) ?? 'und'
    if (language === 'und') doubts.push('language: not recognised')
    const aliases = new Set([entry.url, ...(entry.item ? [canonicalUrl(entry.item.url)] : []), extracted.url])
    aliases.delete(url)
    return {
      outletId: outlet.id,
      url,
      aliases: [...aliases],
      pageId,
      extracted: { ...extracted, doubts: [...new Set(doubts)] },
      language,
      published: credible?.at ?? seenAt,
      publishedBy: credible?.by ?? 'first-seen',
      seenAt,
    }
  }

  const page: Ingest['page'] = async ({ outlet, entry, fetched, warc, readFurther, withoutText }) => {
    const now = iso(clock.now())
    const record = pageRecord(outlet, fetched, warc)
    const { extracted: first, problem: found } = readPage(outlet, entry, fetched)
    const instead = found?.code === 'page.no-text' ? (withoutText?.() ?? null) : null
    if (instead === 'again') return { article: null, outcome: null, problem: found, again: true }
    const problem = instead ?? found
    const whole: WholeArticle | null =
      first && readFurther && !problem ? await readFurther(outlet, fetched, first) : null
    const extracted = whole?.extracted ?? first
    const url = problem ? entry.url : identityOf(fetched.finalUrl, extracted?.canonical ?? null)
    const saved = await writer.write({
      page: record,
      furtherPages: whole?.pages ?? [],
      // Without even a title, the page and the reason stay on record.
      draft: extracted && withPages(draftOf(outlet, entry, url, extracted, problem ? null : record.id), whole),
      settle: (inner) => (problem ? inner.frontier.fail(entry.url, problem, now) : inner.frontier.done(entry.url, now)),
    })
    return { article: saved?.article ?? null, outcome: saved?.outcome ?? null, problem }
  }

  const feedOnly: Ingest['feedOnly'] = (outlet, entry, settle) => {
    const { item } = entry
    const known = item !== null && item.title !== ''
    const draft = known ? draftOf(outlet, entry, entry.url, fromFeed(item, entry.url), null) : null
    return writer.write({ page: null, draft, settle })
  }

  const byHand: Ingest['byHand'] = ({ outlet, entry, extracted, page: document, isPage, settle }) => {
    const draft = draftOf(outlet, entry, entry.url, extracted, isPage ? (document?.id ?? null) : null)
    const further = document && !isPage ? { furtherPageIds: [document.id] } : {}
    return writer.write({ page: document, draft: { ...draft, ...further }, settle })
  }

  return { page, feedOnly, byHand, write: writer.write }
}

/** The pages of an article belong to it, and their addresses lead to it. */
export const withPages = (draft: ArticleDraft, whole: WholeArticle | null): ArticleDraft =>
  whole === null || whole.pages.length === 0
    ? draft
    : {
        ...draft,
        aliases: [...new Set([...draft.aliases, ...whole.addresses])].filter((address) => address !== draft.url),
        furtherPageIds: whole.pages.map(({ id }) => id),
      }

/** What a page says, or what its feed said and why the page does not count. */
export function readPage(
  outlet: Outlet,
  entry: FrontierEntry,
  fetched: Fetched,
): { extracted: Extracted | null; problem: Skip | null } {
  const { item } = entry
  const instead = (problem: Skip) => ({
    extracted: item !== null && item.title !== '' ? fromFeed(item, entry.url) : null,
    problem,
  })
  const unreadable = judgePage(fetched, entry.url)
  if (unreadable) return instead(unreadable)
  const decoded = decodePage(fetched.body, fetched.headers['content-type'] ?? null)
  let found: Extracted
  try {
    found = extract({
      url: fetched.finalUrl,
      html: decoded.html,
      outlet,
      fetchedAt: iso(fetched.last.startedAt),
      feed: item,
    })
  } catch (error) {
    // No page may stop the collecting of the others; the reason is recorded with this one.
    return instead(
      new Skip(`${fetched.url} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
        code: 'page.unreadable',
        remedy: 'Report this page as a fault of the extraction.',
        cause: error,
      }),
    )
  }
  const title = found.title ?? item?.title ?? ''
  if (found.text === null || found.text.trim() === '' || title === '') {
    return instead(
      new Skip(`${fetched.url}: no ${title === '' ? 'title' : 'text'} was found on the page`, {
        code: 'page.no-text',
        remedy: 'Give the outlet extraction rules; the text may need a browser.',
      }),
    )
  }
  const gone = saysItIsGone(title, found.text)
  if (gone !== null) {
    return instead(
      new Skip(`${fetched.url} says that it is gone: ${gone}`, {
        code: 'page.gone',
        remedy: 'The outlet has taken it down, or its feed links are wrong.',
      }),
    )
  }
  return { extracted: { ...found, title, doubts: [...decoded.doubts, ...found.doubts] }, problem: null }
}

/**
 * Assesses anew up to `limit` articles whose assessment was made by other code, another profile or another model.
 * @returns how many were assessed
 */
export async function reassess(options: {
  readonly store: Store
  readonly assessor: Pick<Assessor, 'key' | 'assess'>
  readonly clock: Clock
  readonly limit: number
}): Promise<number> {
  const { store, assessor, clock } = options
  const stale = await store.articles.unassessed(assessor.key, options.limit)
  if (stale.length === 0) return 0
  const assessments: Assessment[] = []
  for (const { id, title, lead, text, outletId, language, published } of stale) {
    assessments.push(await assessor.assess({ id, title, lead, text, outletId, language, published }))
  }
  await store.transaction(async (inner) => {
    for (const [at, article] of stale.entries()) {
      const assessment = assessments[at]
      if (!assessment) throw new Error(`${article.id} was not assessed`)
      await inner.assessments.put(article.id, article.version, assessor.key, assessment, iso(clock.now()))
    }
  })
  return stale.length
}
