import * as cheerio from 'cheerio'
import { type Clock, iso } from '../clock.ts'
import { describeError, Fatal, RetryLater, Skip } from '../errors.ts'
import type { Extracted, FeedItem, Outlet, Source } from '../model.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { detectLanguage } from '../pipeline/language.ts'
import { canonicalUrl, isCrawlerTrap } from '../pipeline/url.ts'
import { type OutletFile, toOutlet, zoneOf } from '../profiles/outlet-schema.ts'
import { readFeed } from './discovery/feeds.ts'
import { learnLinks, type PageLink } from './discovery/learned-links.ts'
import { linksOf } from './discovery/listings.ts'
import { readSitemap } from './discovery/sitemaps.ts'
import type { Fetched } from './http-client.ts'
import { countryOf, idOf, nameOf } from './outlet-guesses.ts'
import type { SurveyClient } from './survey-client.ts'

/** An address that was tried, and what it turned out to be. */
export interface Trial {
  readonly url: string
  readonly as: 'home' | 'robots' | 'feed' | 'sitemap' | 'article'
  /** Links to articles found there; null: none of what it was tried as, for the reason given. */
  readonly items: number | null
  readonly reason: string | null
}

export interface SurveyedPage {
  readonly url: string
  readonly html: string
  readonly article: Extracted
  /** The page says little without its scripts. */
  readonly needsBrowser: boolean
}

/** What was found out about an outlet, and the definition that follows from it. */
export interface Survey {
  readonly outlet: OutletFile
  readonly charset: string
  readonly charsetBy: string
  readonly trials: readonly Trial[]
  /** Up to ten articles, as the general reader sees them. */
  readonly pages: readonly SurveyedPage[]
  /** What a person must look at before the definition is used. */
  readonly toCheck: readonly string[]
}

const COMMON_FEEDS = [
  ...['/rss/home.rss', '/rss', '/feed', '/rss.xml', '/feed.xml', '/atom.xml', '/feed.atom', '/index.xml'],
  ...['/rss/tin-moi-nhat.rss', '/rss/news.rss', '/feed.json'],
]
const COMMON_SITEMAPS = ['/sitemap-news.xml', '/news-sitemap.xml', '/sitemap.xml', '/sitemap_index.xml']
const MOST_FEEDS = 6
const MOST_SITEMAPS = 3
const PREVIEWED = 10
/** Characters of text below which a page is not read without its scripts. */
const LITTLE_TEXT = 200

/**
 * Looks at an outlet as a new reader would: front page, feeds and sitemaps that it names or that stand where most stand,
 * up to ten articles. Nothing is asked that robots.txt forbids, and never faster than the pause.
 *
 * @param url any page of the outlet, as a rule its front page
 * @throws Skip, RetryLater when not even the front page can be read
 */
export async function surveyOutlet(options: {
  readonly client: SurveyClient
  readonly clock: Clock
  readonly url: string
  readonly id?: string | undefined
}): Promise<Survey> {
  const { client, clock } = options
  const trials: Trial[] = []
  const toCheck: string[] = []

  /** Tries an address; a failure is part of the answer. */
  const attempt = async <T>(
    url: string,
    as: Trial['as'],
    read: (fetched: Fetched) => Promise<{ value: T; items: number }>,
  ): Promise<T | null> => {
    try {
      const { value, items } = await read(await client.read(url))
      trials.push({ url, as, items, reason: null })
      return value
    } catch (error) {
      if (error instanceof Fatal || !(error instanceof Skip || error instanceof RetryLater)) throw error
      trials.push({ url, as, items: null, reason: describeError(error).message })
      return null
    }
  }

  const home = await client.read(options.url)
  const decoded = decodePage(home.body, home.headers['content-type'] ?? null)
  const { origin, host } = new URL(home.finalUrl)
  trials.push({ url: home.finalUrl, as: 'home', items: null, reason: null })
  const $ = cheerio.load(decoded.html)
  const { links } = linksOf(decoded.html, home.finalUrl)
  const provisional: Outlet = toOutlet(
    {
      ...{ id: 'x', name: host, origin: 'foreign', class: 'press', kind: 'national', country: 'VN', languages: ['vi'] },
      ...{ homepage: origin, dateOrder: 'day-first', sources: [], delaySeconds: 5, rules: [] },
    },
    'UTC',
  )

  // ---------------------------------------------------------------- feeds
  const feeds: { url: string; items: readonly FeedItem[] }[] = []
  const tryFeed = async (url: string): Promise<void> => {
    const items = await attempt(url, 'feed', async (fetched) => {
      const found = readFeed(fetched.body, fetched.headers['content-type'] ?? null, fetched.finalUrl, provisional)
      return { value: found.items, items: found.items.length }
    })
    const known = feeds.some((feed) => feed.items[0] && feed.items[0].url === items?.[0]?.url)
    if (items && items.length > 0 && !known) feeds.push({ url, items })
  }
  for (const url of namedFeeds($, home.finalUrl, links).slice(0, MOST_FEEDS)) await tryFeed(url)
  for (const path of COMMON_FEEDS) {
    if (feeds.length > 0) break
    await tryFeed(origin + path)
  }

  // ---------------------------------------------------------------- sitemaps
  const named = await attempt(`${origin}/robots.txt`, 'robots', async ({ body }) => {
    const found = [...new TextDecoder().decode(body).matchAll(/^\s*sitemap:\s*(https?:\/\/\S+)/gim)]
    const urls = found.flatMap((match) => match[1] ?? [])
    return { value: urls, items: urls.length }
  })
  const sitemaps: { url: string; items: readonly FeedItem[] }[] = []
  const places = named && named.length > 0 ? [...named].sort(newsFirst) : COMMON_SITEMAPS.map((path) => origin + path)
  for (const url of places.slice(0, MOST_SITEMAPS + COMMON_SITEMAPS.length)) {
    if (sitemaps.length >= MOST_SITEMAPS || (!named?.length && sitemaps.length > 0)) break
    const state = { lastSuccessAt: null, now: clock.now() }
    const found = await attempt(url, 'sitemap', async (fetched) => {
      const value = await readSitemap(fetched.body, fetched.finalUrl, provisional, { ...state, depth: 0 })
      return { value, items: value.items.length + (value.more?.length ?? 0) }
    })
    if (!found) continue
    const child = found.more?.[0]?.source.url
    const items =
      child === undefined
        ? found.items
        : ((await attempt(child, 'sitemap', async (fetched) => {
            const inner = await readSitemap(fetched.body, fetched.finalUrl, provisional, { ...state, depth: 1 })
            return { value: inner.items, items: inner.items.length }
          })) ?? [])
    if (items.length > 0) sitemaps.push({ url, items })
  }

  // ---------------------------------------------------------------- which addresses are articles
  const learned = learnPattern(feeds, links, home.finalUrl)
  if (learned === null) toCheck.push('articlePattern: no common shape of article addresses was found')
  const pattern = learned === null ? null : new RegExp(learned)
  const isArticle = (url: string): boolean => !isCrawlerTrap(url) && (pattern === null || pattern.test(url))
  const onFront = pattern === null ? [] : [...new Set(links.map(({ url }) => url).filter(isArticle))]
  const sources: Source[] = feeds.map(({ url }) => ({ kind: 'feed', url }))
  if (feeds.length === 0 && onFront.length > 0) sources.push({ kind: 'listing', url: home.finalUrl })
  for (const { url, items } of sitemaps) {
    if (items.some((item) => isArticle(item.url))) sources.push({ kind: 'sitemap', url })
  }
  if (sources.length === 0) toCheck.push('sources: neither feed nor sitemap nor links to articles were found')

  // ---------------------------------------------------------------- ten articles
  const fromFeeds = feeds.flatMap(({ items }) => items)
  const candidates = [
    ...fromFeeds.map(({ url }) => url),
    ...onFront,
    ...sitemaps.flatMap(({ items }) => items.map(({ url }) => url)),
  ]
  const wanted = new Map(candidates.filter(isArticle).map((url) => [canonicalUrl(url), url]))
  const feedOf = new Map(fromFeeds.map((item) => [item.url, item]))
  const pages: SurveyedPage[] = []
  const read = async (url: string, outlet: Outlet): Promise<void> => {
    const page = await attempt(url, 'article', async (fetched) => {
      const { html } = decodePage(fetched.body, fetched.headers['content-type'] ?? null)
      const fetchedAt = iso(clock.now())
      const article = extract({ url: fetched.finalUrl, html, outlet, fetchedAt, feed: feedOf.get(url) ?? null })
      return { value: { url, html, article, needsBrowser: isScripted(html, article) }, items: 1 }
    })
    if (page) pages.push(page)
  }
  const [first, ...others] = [...wanted.values()].slice(0, PREVIEWED)
  if (first !== undefined) await read(first, provisional)

  // The first article tells the language, the language helps to tell the country, the country tells the zone of dates.
  const declared = $('html').attr('lang') ?? null
  const words = [
    ...pages.map(({ article }) => `${article.title ?? ''}\n${article.text ?? ''}`),
    ...links.map(({ text }) => text),
  ].join('\n')
  const language = detectLanguage(words.slice(0, 5000), null) ?? declared?.slice(0, 2).toLowerCase() ?? 'vi'
  const country = countryOf(host, language, declared, $('meta[property="og:locale"]').attr('content') ?? null)
  if (!country.sure) toCheck.push(`country: ${country.code} is a guess from the language`)
  toCheck.push('name, class, kind: see who publishes it')
  const file: OutletFile = {
    id: options.id ?? idOf(host),
    name: nameOf($, host),
    origin: country.code === 'VN' ? 'domestic' : 'foreign',
    ...{ class: 'press', kind: 'national', country: country.code, languages: [language], homepage: origin },
    ...{ dateOrder: 'day-first', sources, delaySeconds: 5, rules: [] },
    ...(learned === null ? {} : { articlePattern: learned }),
  }
  const outlet = toOutlet(file, zoneOf(country.code) ?? 'UTC')
  const [page] = pages
  // The first one once more, now that language and zone are known.
  if (page) {
    const { url, html } = page
    const article = extract({ url, html, outlet, fetchedAt: iso(clock.now()), feed: feedOf.get(url) ?? null })
    pages[0] = { ...page, article, needsBrowser: isScripted(html, article) }
  }
  for (const url of others) await read(url, outlet)

  const scripted = pages.filter((page) => page.needsBrowser).length
  const browser = pages.length > 0 && scripted > pages.length / 2
  if (browser) toCheck.push(`browser: ${scripted} of ${pages.length} pages hold no text without their scripts`)
  return {
    outlet: browser ? { ...file, browser: 'always' } : file,
    charset: decoded.charset,
    charsetBy: decoded.by,
    ...{ trials, pages, toCheck },
  }
}

const newsFirst = (a: string, b: string): number => Number(/news|tin/i.test(b)) - Number(/news|tin/i.test(a))

/** Feeds that a page names in its head, then links that look like feeds; those of comments left out. */
function namedFeeds($: cheerio.CheerioAPI, url: string, links: readonly PageLink[]): string[] {
  const alternates = $('link[rel~="alternate"]')
    .toArray()
    .filter((element) => /(?:rss|atom|feed\+json|rdf)/i.test($(element).attr('type') ?? ''))
    .flatMap((element) => URL.parse($(element).attr('href') ?? '', url)?.href ?? [])
  const linked = links
    .map((link) => link.url)
    .filter((link) => /\.rss$|\/rss\/[^/]+\.(?:rss|xml)$|\/feed\/?$|rss\.xml$/i.test(new URL(link).pathname))
  return [...new Set([...alternates, ...linked])].filter((feed) => !/comment|binh-luan/i.test(feed))
}

/** The shape of the articles' addresses: of what feeds name, which is surest, else of what the front page links. */
function learnPattern(
  feeds: readonly { items: readonly FeedItem[] }[],
  links: readonly PageLink[],
  url: string,
): string | null {
  const asLinks = feeds.flatMap(({ items }) =>
    items.map((item): PageLink => ({ url: item.url, text: item.title, inNavigation: false })),
  )
  const ofFeeds = asLinks.length >= 3 ? learnLinks(asLinks, asLinks[0]?.url ?? url).pattern : null
  return ofFeeds ?? learnLinks(links, url).pattern
}

function isScripted(html: string, article: Extracted): boolean {
  return (article.text?.length ?? 0) < LITTLE_TEXT && article.by.text !== 'json-ld' && /<script\b/i.test(html)
}
