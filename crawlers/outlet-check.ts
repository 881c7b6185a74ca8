import { type Clock, iso } from '../clock.ts'
import { describeError, Fatal, RetryLater, Skip } from '../errors.ts'
import type { Extracted, ExtractionRules, Outlet } from '../model.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { discover } from './discovery/discover.ts'
import type { SurveyClient } from './survey-client.ts'

export interface SourceCheck {
  readonly kind: string
  readonly url: string
  /** Links to articles, or sitemaps that an index names; null: it could not be read. */
  readonly items: number | null
  readonly code: string | null
  readonly message: string | null
}

export interface ArticleCheck {
  readonly url: string
  readonly title: string | null
  readonly paragraphs: number
  /** Fields with a rule that the rule gave. */
  readonly byRule: readonly string[]
  /** Fields with a rule that the rule did not give. */
  readonly missed: readonly string[]
  /** Characters of text by the rules over those by the general reader; null where either has none. */
  readonly ratio: number | null
  readonly message: string | null
}

export interface OutletCheck {
  readonly outletId: string
  /** `ok`: at least one source gives articles that can be read. */
  readonly verdict: 'ok' | 'no-source' | 'unreachable' | 'no-articles' | 'unreadable'
  readonly sources: readonly SourceCheck[]
  readonly articles: readonly ArticleCheck[]
  /** What live pages say of the rules in force; null: it has none. */
  readonly rules: 'confirmed' | 'contradicted' | 'not-seen' | null
}

const ARTICLES = 3
/** Of the text that the general reader finds: less or more is another part of the page. */
const LEAST = 0.7
const MOST = 1.4

/**
 * Tries an outlet as it is defined: every source once, and up to three of the articles they name, by its rules and by the
 * general reader. Rules are confirmed when on every page read title and body come from them and agree with the general
 * reader, and the rule of the time of publication gave one on some page.
 */
export async function checkOutlet(options: {
  readonly client: SurveyClient
  readonly clock: Clock
  readonly outlet: Outlet
  /** Told of each page read. */
  readonly onPage?: (page: { readonly url: string; readonly html: string }) => void
}): Promise<OutletCheck> {
  const { client, clock, outlet, onPage } = options
  const sources: SourceCheck[] = []
  const urls: string[] = []
  for (const source of outlet.sources.filter(({ url }) => !url.includes('{query}'))) {
    const { kind, url } = source
    try {
      const state = { lastSuccessAt: null, now: clock.now(), depth: 0 }
      const found = await discover(source, await client.read(url), outlet, state)
      sources.push({ kind, url, items: found.items.length + (found.more?.length ?? 0), code: null, message: null })
      urls.push(...found.items.slice(0, ARTICLES).map((item) => item.url))
    } catch (error) {
      sources.push({ kind, url, items: null, ...problemOf(error) })
    }
  }
  const rules = outlet.rules.findLast(({ until }) => until === undefined)
  const articles: ArticleCheck[] = []
  for (const url of [...new Set(urls)].slice(0, ARTICLES)) {
    articles.push(await checkArticle({ client, clock, outlet, rules, url, onPage }))
  }
  return {
    outletId: outlet.id,
    verdict: verdictOf(sources, articles),
    ...{ sources, articles },
    rules: rules === undefined ? null : judgeRules(rules, articles),
  }
}

function problemOf(error: unknown): { code: string; message: string } {
  if (error instanceof Fatal || !(error instanceof Skip || error instanceof RetryLater)) throw error
  return describeError(error)
}

const ruledFields = (rules: ExtractionRules): string[] =>
  Object.entries(rules).flatMap(([field, value]) =>
    Array.isArray(value) && field !== 'remove' ? [field === 'body' ? 'text' : field] : [],
  )

/** Characters of the text, with a lead that the page sets apart: readers differ in where they put it. */
function lengthOf({ text, lead, by }: Extracted): number {
  const own = by.lead === 'rule' || by.lead === 'page' ? (lead ?? '') : ''
  return `${own}${text ?? ''}`.replace(/\s/g, '').length
}

async function checkArticle({
  client,
  clock,
  outlet,
  rules,
  url,
  onPage,
}: Omit<Parameters<typeof checkOutlet>[0], 'onPage'> & {
  readonly rules: ExtractionRules | undefined
  readonly url: string
  readonly onPage: Parameters<typeof checkOutlet>[0]['onPage']
}): Promise<ArticleCheck> {
  try {
    const fetched = await client.read(url)
    const { html } = decodePage(fetched.body, fetched.headers['content-type'] ?? null)
    const page = { url: fetched.finalUrl, html, fetchedAt: iso(clock.now()) }
    onPage?.(page)
    // As if confirmed, so that the body rule speaks for itself.
    const ruled = extract({
      ...page,
      outlet: { ...outlet, rules: rules ? [{ ...rules, from: undefined, unverified: undefined }] : [] },
    })
    const general = extract({ ...page, outlet: { ...outlet, rules: [] } })
    const fields = rules ? ruledFields(rules) : []
    const [own, other] = [lengthOf(ruled), lengthOf(general)]
    return {
      url,
      title: ruled.title,
      paragraphs: ruled.text?.split('\n').length ?? 0,
      byRule: fields.filter((field) => ruled.by[field] === 'rule'),
      missed: fields.filter((field) => ruled.by[field] !== 'rule'),
      ratio: own > 0 && other > 0 ? own / other : null,
      message:
        general.title !== null && ruled.title !== general.title ? `the general reader's title: ${general.title}` : null,
    }
  } catch (error) {
    const { message } = problemOf(error)
    return { url, title: null, paragraphs: 0, byRule: [], missed: [], ratio: null, message }
  }
}

const unreachable = new Set(['fetch.dns', 'fetch.network', 'fetch.timeout', 'fetch.certificate', 'robots.unavailable'])

function verdictOf(sources: readonly SourceCheck[], articles: readonly ArticleCheck[]): OutletCheck['verdict'] {
  if (sources.length === 0) return 'no-source'
  if (sources.every(({ code }) => code !== null && unreachable.has(code))) return 'unreachable'
  if (articles.length === 0) return 'no-articles'
  return articles.some(({ title, paragraphs }) => title !== null && paragraphs > 0) ? 'ok' : 'unreadable'
}

function judgeRules(rules: ExtractionRules, articles: readonly ArticleCheck[]): OutletCheck['rules'] {
  const read = articles.filter(({ paragraphs }) => paragraphs > 0)
  if (read.length === 0) return 'not-seen'
  const always = ruledFields(rules).filter((field) => field === 'title' || field === 'text')
  const holds = read.every(
    ({ byRule, ratio, message }) =>
      always.every((field) => byRule.includes(field)) &&
      (!always.includes('text') || (ratio !== null && ratio >= LEAST && ratio <= MOST)) &&
      (!always.includes('title') || message === null),
  )
  // Bylines, leads, sections and pictures are not on every page; a time of publication is.
  const once = !('published' in rules) || read.some(({ byRule }) => byRule.includes('published'))
  return holds && once ? 'confirmed' : 'contradicted'
}
