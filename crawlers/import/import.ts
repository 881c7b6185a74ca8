import { createHash, randomUUID } from 'node:crypto'
import { type Clock, iso } from '../../clock.ts'
import { describeError, Fatal, Skip } from '../../errors.ts'
import type { Article, Extracted, Instant, Outlet, Page } from '../../model.ts'
import { parseDate } from '../../pipeline/dates.ts'
import { canonicalUrl, isCrawlerTrap } from '../../pipeline/url.ts'
import type { FrontierEntry, Store } from '../../store/store.ts'
import type { Archive } from '../archive.ts'
import type { Fetched } from '../http-client.ts'
import { type Ingest, identityOf, readPage } from '../ingest.ts'
import { priorities } from '../outcomes.ts'
import { ownership } from '../ownership.ts'
import {
  type ImportItem,
  type ImportSource,
  importProblem,
  type LinkItem,
  type PageItem,
  type TextItem,
} from './items.ts'
import { readSource } from './read-source.ts'

export type { ImportProblem, ImportSource } from './items.ts'

export interface ImportOptions {
  /** Log-in name of the user, or whom the command line names. */
  readonly who: string
  readonly note?: string | null
  /** An id of the catalogue: whose article it is where the address does not say. */
  readonly outlet?: string | null
  /** Where the one article of a page or document was published. */
  readonly url?: string | null
  /** When it was published; wins over what page or document say. */
  readonly published?: Instant | null
}

export interface ItemOutcome {
  readonly label: string
  /**
   * `completed`: of the article only its feed's words were known. `known`: there is an article of this address, or it
   * waits to be read already; nothing was changed. `queued`: its page is read with the next collection.
   */
  readonly outcome: 'new' | 'completed' | 'known' | 'queued' | 'refused'
  readonly url: string | null
  readonly article: Pick<Article, 'id' | 'title'> | null
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string | null } | null
}

export interface Importer {
  /**
   * Brings in what a file holds, item by item, through the same pipeline as what crawlers find. What cannot be read is
   * refused with the reason; the other items are kept.
   * @throws Fatal when the disk or the store fails
   */
  readonly importSource: (source: ImportSource, options: ImportOptions) => Promise<readonly ItemOutcome[]>
}

export interface ImporterOptions {
  readonly store: Store
  readonly archive: Pick<Archive, 'appendResource'>
  readonly ingest: Pick<Ingest, 'byHand'>
  readonly outlets: readonly Outlet[]
  readonly clock: Clock
}

const refusal = (label: string, error: unknown, url: string | null = null): ItemOutcome => {
  if (error instanceof Fatal || !(error instanceof Skip)) throw error
  return { label, outcome: 'refused', url, article: null, problem: describeError(error) }
}

function addressOf(label: string, url: string | null): string {
  if (url === null) throw importProblem('no-url', `${label} does not say where it was published`)
  try {
    return canonicalUrl(url.trim())
  } catch (error) {
    throw importProblem('bad-url', `${url.slice(0, 200)} is no address of the web`, error)
  }
}

/** A saved page as if it had just been answered. */
function asFetched({ contentType, body }: PageItem, url: string, at: Date): Fetched {
  const headers = { 'content-type': contentType }
  const exchange = { url, startedAt: at, address: null, requestHeaders: [], status: 200, statusText: 'OK' }
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
  const last = { ...exchange, responseHeaders: Object.entries(headers), wireBody: body }
  return { url, finalUrl: url, redirects: [], last, status: 200, headers, body, digest }
}

/** The date that was given, else the first that stands in a line of its own at the head or the foot of the text. */
function publishedOf(item: TextItem, outlet: Outlet, now: Instant): Instant | null {
  const lines = item.published === null ? item.head : [item.published]
  for (const line of lines) {
    const parsed = parseDate(line, { ...outlet, reference: now })
    if (parsed && parsed.kind === 'absolute' && parsed.instant <= now) return parsed.instant
  }
  return null
}

function extractedFrom(item: TextItem, url: string, outlet: Outlet, now: Instant): Extracted {
  const { title, text, language, by } = item
  const published = publishedOf(item, outlet, now)
  const unread = item.published !== null && published === null
  return {
    ...{ url, title, lead: null, text, byline: null, section: null, published, modified: null, language },
    ...{ canonical: null, image: null, imageCaption: null, completeness: 'full' },
    by: { title: by, text: by, ...(published === null ? {} : { published: by }) },
    doubts: unread ? [`published: "${item.published}" was not understood`] : [],
  }
}

/** Brings in by hand what crawlers cannot reach. */
export function createImporter({ store, archive, ingest, outlets, clock }: ImporterOptions): Importer {
  const ownerOf = ownership(outlets)

  const named = (id: string | null): Outlet | null => {
    if (id === null) return null
    const outlet = outlets.find((known) => known.id === id)
    if (!outlet) throw importProblem('unknown-outlet', `There is no outlet "${id}"`)
    return outlet
  }

  /** The owner of the host, who cannot be named away; else the outlet that was named. */
  const outletFor = (url: string, id: string | null): Outlet => {
    const chosen = named(id)
    const outlet = ownerOf(url) ?? chosen
    if (!outlet) throw importProblem('no-outlet', `No followed outlet publishes on ${new URL(url).host}`)
    return outlet
  }

  const entryOf = (url: string, outlet: Outlet): FrontierEntry => entryAt(url, outlet, clock.now())

  const known = async (label: string, url: string): Promise<ItemOutcome> => {
    const article = await store.articles.byUrl(url)
    return { label, outcome: 'known', url, article, problem: null }
  }

  const markOf = (source: ImportSource, options: ImportOptions) => ({
    ...{ who: options.who, at: iso(clock.now()), file: source.name, note: options.note ?? null },
  })

  const queue = async (item: LinkItem, source: ImportSource, options: ImportOptions): Promise<ItemOutcome> => {
    const { label } = item
    const url = addressOf(label, item.url)
    const outlet = outletFor(url, options.outlet ?? null)
    const added = await store.transaction(async (inner) => {
      if (await inner.articles.byUrl(url)) return false
      if ((await inner.frontier.add([entryOf(url, outlet)])).length === 0) return false
      await inner.handEntries.add({ url, kind: 'link', ...markOf(source, options) })
      return true
    })
    return added ? { label, outcome: 'queued', url, article: null, problem: null } : known(label, url)
  }

  const bring = async (
    item: PageItem | TextItem,
    source: ImportSource,
    options: ImportOptions,
  ): Promise<ItemOutcome> => {
    const now = clock.now()
    const { label } = item
    const found = addressOf(label, item.url)
    const outlet = outletFor(found, (item.kind === 'text' ? item.outlet : null) ?? options.outlet ?? null)
    const extracted =
      item.kind === 'page' ? readSaved(item, found, outlet, now) : extractedFrom(item, found, outlet, iso(now))
    // A person's address stands; a page of an archive may name a better one of its own.
    const url = item.kind === 'page' && !options.url ? identityOf(found, extracted.canonical) : found
    const before = await store.articles.byUrl(url)
    if (before && before.completeness !== 'feed-only') return known(label, url)
    const document = item.kind === 'page' ? item : item.document
    const given = options.published ?? null
    const page =
      document &&
      (await archived(document, url, outlet, {
        at: (item.kind === 'page' ? item.at : null) ?? now,
        about: aboutOf(source, options, outlet, now),
      }))
    const saved = await ingest.byHand({
      ...{ outlet, page, isPage: item.kind === 'page', entry: entryOf(url, outlet) },
      extracted:
        given === null ? extracted : { ...extracted, published: given, by: { ...extracted.by, published: 'hand' } },
      settle: async (inner) => {
        await inner.frontier.add([entryOf(url, outlet)])
        await inner.frontier.done(url, iso(now))
        await inner.handEntries.add({ url, kind: 'text', ...markOf(source, options) })
      },
    })
    if (!saved) throw importProblem('unreadable', `No article was found in ${label}`)
    const outcome = saved.outcome === 'new' ? 'new' : 'completed'
    return { label, outcome, url, article: saved.article, problem: null }
  }

  const archived = async (
    { contentType, body }: { readonly contentType: string; readonly body: Uint8Array },
    url: string,
    outlet: Outlet,
    { at, about }: { readonly at: Date; readonly about: Readonly<Record<string, string>> },
  ): Promise<Page> => ({
    ...{ id: randomUUID(), url, finalUrl: url, outletId: outlet.id, fetchedAt: iso(at), status: 0 },
    headers: { 'content-type': contentType },
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    bytes: body.length,
    warc: await archive.appendResource({ url, contentType, body, at, about }),
  })

  const one = async (item: ImportItem, source: ImportSource, options: ImportOptions): Promise<ItemOutcome> => {
    try {
      if (item.kind === 'bad') throw item.problem
      return await (item.kind === 'link' ? queue(item, source, options) : bring(item, source, options))
    } catch (error) {
      return refusal(item.label, error, item.kind === 'bad' ? null : item.url)
    }
  }

  /** Pages of a WARC file that may be articles of an outlet. */
  const mayBeArticle = (url: string, id: string | null): boolean => {
    const outlet = /^https?:\/\//i.test(url) ? (ownerOf(url) ?? named(id)) : null
    if (!outlet || isCrawlerTrap(url) || new URL(url).pathname === '/') return false
    return outlet.articlePattern === null || new RegExp(outlet.articlePattern).test(url)
  }

  return {
    importSource: async (source, options) => {
      const outcomes: ItemOutcome[] = []
      const wanted = (url: string): boolean => mayBeArticle(url, options.outlet ?? null)
      try {
        named(options.outlet ?? null)
        for await (const item of readSource(source, { url: options.url ?? null, wanted }))
          outcomes.push(await one(item, source, options))
        if (outcomes.length === 0)
          throw importProblem('empty', `${source.name ?? 'The list'} holds nothing to bring in`)
      } catch (error) {
        outcomes.push(refusal(source.name ?? '', error))
      }
      return outcomes
    },
  }
}

/** Who brought it in, as the archive keeps it: with it, an article can be brought in once more from the archive alone. */
const aboutOf = (source: ImportSource, options: ImportOptions, outlet: Outlet, now: Date): Record<string, string> => ({
  ...{ 'brought-by': options.who, 'brought-at': iso(now), outlet: outlet.id },
  ...(source.name === null ? {} : { file: source.name }),
  ...(options.note ? { note: options.note } : {}),
  ...(options.published ? { published: options.published } : {}),
})

/** What a saved page says. @throws Skip `import.unreadable` */
function readSaved(item: PageItem, url: string, outlet: Outlet, now: Date): Extracted {
  const at = item.at ?? now
  const { extracted, problem } = readPage(outlet, entryAt(url, outlet, at), asFetched(item, url, at))
  if (problem) throw importProblem('unreadable', problem.message, problem)
  if (!extracted) throw importProblem('unreadable', `No article was found in ${item.label}`)
  return extracted
}

/** Nothing was said of it before. */
const entryAt = (url: string, outlet: Outlet, at: Date): FrontierEntry => ({
  ...{ url, outletId: outlet.id, host: new URL(url).host, priority: priorities.backlog, attempts: 0, item: null },
  ...{ discoveredAt: iso(at), notBefore: iso(at) },
})
