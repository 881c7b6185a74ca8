import { randomUUID } from 'node:crypto'
import { type Clock, iso } from '../clock.ts'
import { Skip } from '../errors.ts'
import type { Article, Assessable, Assessment, Extracted, FeedItem, Outlet, Page, WarcPointer } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { detectLanguage } from '../pipeline/language.ts'
import type { StoryWindow } from '../pipeline/stories.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { ArticleDraft, FrontierEntry, SaveOutcome, Store } from '../store/store.ts'
import type { Fetched } from './http-client.ts'
import { judgePage } from './judge-page.ts'

export interface PageArrival {
  readonly outlet: Outlet
  readonly entry: FrontierEntry
  readonly fetched: Fetched
  readonly warc: WarcPointer
}

export interface Ingested {
  /** Null only when there was not even a title. */
  readonly article: Article | null
  readonly outcome: SaveOutcome | null
  /** Why the page gave no article; it is feed-only then. */
  readonly problem: Skip | null
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
}

export interface IngestOptions {
  readonly store: Store
  readonly assessor: Pick<Assessor, 'key' | 'assess'>
  readonly clock: Clock
  /** A new, empty window; filled from the store. */
  readonly createWindow: () => StoryWindow
  /** How far back the window reaches. */
  readonly windowDays: number
}

const DAY = 86_400_000
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

export function createIngest(options: IngestOptions): Ingest {
  const { store, assessor, clock, windowDays } = options
  let window: StoryWindow | null = null
  let chain: Promise<unknown> = Promise.resolve()

  /** Stories depend on the order of arrival: one article at a time. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = chain.then(work)
    chain = result.catch(() => undefined)
    return result
  }

  const storyWindow = async (): Promise<StoryWindow> => {
    if (window) return window
    const now = clock.now().getTime()
    const past = await store.stories.window(iso(new Date(now - windowDays * DAY)), iso(new Date(now + DAY)))
    const fresh = options.createWindow()
    fresh.restore(past.map(({ article, storyId, copyOf }) => ({ article: asStoryArticle(article), storyId, copyOf })))
    window = fresh
    return fresh
  }

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

  const assessable = (draft: ArticleDraft): Assessable => ({
    id: draft.url,
    title: draft.extracted.title ?? '',
    lead: draft.extracted.lead,
    text: draft.extracted.text ?? '',
    outletId: draft.outletId,
    language: draft.language,
    published: draft.published,
  })

  const write = async (draft: ArticleDraft, page: Page | null, settle: (store: Store) => Promise<void>) => {
    const assessment = await assessor.assess(assessable(draft))
    const stories = await storyWindow()
    try {
      return await store.transaction(async (inner) => {
        if (page) await inner.pages.add(page)
        const saved = await inner.articles.save(draft)
        if (saved.outcome !== 'same') {
          const { id, version, title } = saved.article
          await inner.assessments.put(id, version, assessor.key, assessment, draft.seenAt)
          if (saved.outcome === 'new') {
            const places = assessment.relevance.places.map((place) => place.id)
            const decision = stories.assign({ ...asStoryArticle(saved.article), places })
            await inner.stories.assign(decision, title, draft.seenAt)
          }
        }
        await settle(inner)
        return saved
      })
    } catch (error) {
      // The window remembers an article that the store does not: rebuild it before the next.
      window = null
      throw error
    }
  }

  const page: Ingest['page'] = ({ outlet, entry, fetched, warc }) =>
    inTurn(async () => {
      const now = iso(clock.now())
      const record: Page = {
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
      }
      const reading = read(outlet, entry, fetched)
      const { problem } = reading
      const settle = (inner: Store): Promise<void> =>
        problem ? inner.frontier.fail(entry.url, problem, now) : inner.frontier.done(entry.url, now)
      if (reading.extracted === null) {
        // Not even a title: the page and the reason stay on record.
        await store.transaction(async (inner) => {
          await inner.pages.add(record)
          await settle(inner)
        })
        return { article: null, outcome: null, problem }
      }
      const { extracted } = reading
      const url = problem ? entry.url : identityOf(fetched.finalUrl, extracted.canonical)
      const saved = await write(draftOf(outlet, entry, url, extracted, problem ? null : record.id), record, settle)
      return { ...saved, problem }
    })

  const feedOnly: Ingest['feedOnly'] = (outlet, entry, settle) =>
    inTurn(async () => {
      const { item } = entry
      if (item === null || item.title === '') {
        await store.transaction(settle)
        return null
      }
      return write(draftOf(outlet, entry, entry.url, fromFeed(item, entry.url), null), null, settle)
    })

  return { page, feedOnly }
}

/** What a page says, or what its feed said and why the page does not count. */
function read(
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
  return { extracted: { ...found, title, doubts: [...decoded.doubts, ...found.doubts] }, problem: null }
}

const asStoryArticle = (article: Article) => ({
  id: article.id,
  title: article.title,
  text: [article.lead, article.text].filter((part) => part !== null && part !== '').join('\n'),
  outlet: article.outletId,
  published: article.published,
  url: article.url,
  language: article.language,
})

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
