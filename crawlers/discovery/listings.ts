import * as cheerio from 'cheerio'
import { Skip } from '../../errors.ts'
import type { ListingSource, Outlet, SearchSource } from '../../model.ts'
import { decodePage } from '../../pipeline/decode.ts'
import { canonicalUrl, isCrawlerTrap } from '../../pipeline/url.ts'
import { type Discovered, type RawItem, toItems } from './items.ts'
import { learnLinks, type PageLink } from './learned-links.ts'

type Selection = ReturnType<cheerio.CheerioAPI>

/** Parts of a page that lead elsewhere: menus, footers, breadcrumbs, page numbers. */
const navigation =
  'nav, footer, [role="navigation"], [role="menu"], [role="menubar"], [class*="breadcrumb" i], [class*="pagination" i], [class*="menu" i], [id*="menu" i], [class*="footer" i], [id*="footer" i], [class*="navbar" i]'

function rawLink(link: Selection): RawItem {
  const title = link.text().trim() || link.attr('title') || link.find('img[alt]').first().attr('alt')
  return { url: link.attr('href'), title, summary: undefined, date: undefined, guid: undefined }
}

const isWebLink = ({ url }: RawItem): boolean =>
  url !== undefined &&
  /^(?:https?:|\/|\.|\?|[\w-]+[/.?])/i.test(url.trim()) &&
  !/^(?:javascript|mailto|tel):/i.test(url.trim())

/** Every link of a page with its text and whether it stands in a menu or footer. */
export function linksOf(html: string, url: string): { readonly links: readonly PageLink[]; readonly base: string } {
  const $ = cheerio.load(html)
  const base = URL.parse($('base[href]').first().attr('href') ?? url, url)?.href ?? url
  const links = $('a[href]')
    .toArray()
    .map((element) => ({ ...rawLink($(element)), inNavigation: $(element).closest(navigation).length > 0 }))
    .filter(isWebLink)
    .flatMap(({ url: href, title, inNavigation }): PageLink[] => {
      const target = URL.parse(href ?? '', base)
      return target ? [{ url: target.href, text: title ?? '', inNavigation }] : []
    })
  return { links, base }
}

/**
 * The links to articles on a listing page or a page of search results: those of the source's CSS rule, else those that
 * match the outlet's `articlePattern`, else those that look like titles of articles (see {@link learnLinks}).
 * @throws Skip `listing.no-links` when a listing has none, so that a changed layout is seen; a search may find nothing
 */
export function readListing(
  bytes: Uint8Array,
  contentType: string | null,
  url: string,
  source: ListingSource | SearchSource,
  outlet: Outlet,
): Discovered {
  const decoded = decodePage(bytes, contentType)
  const doubts = [...decoded.doubts]
  const found = source.links
    ? byRule(decoded.html, url, source.links, outlet, doubts)
    : byPatternOrLearning(decoded.html, url, outlet, doubts)
  if (found.length === 0 && source.kind === 'listing') {
    throw new Skip(`${url}: no link to an article was found`, {
      code: 'listing.no-links',
      remedy: 'The layout has changed: correct the rule "links" or the articlePattern of the outlet.',
    })
  }
  return { items: found, doubts }
}

function byRule(html: string, url: string, rule: string, outlet: Outlet, doubts: string[]) {
  const $ = cheerio.load(html)
  const base = URL.parse($('base[href]').first().attr('href') ?? url, url)?.href ?? url
  const raw = $(rule)
    .toArray()
    .map((element) => {
      const found = $(element)
      return rawLink(found.is('a[href]') ? found : found.find('a[href]').first())
    })
    .filter(isWebLink)
  return toItems(raw, base, outlet, doubts)
}

function byPatternOrLearning(html: string, url: string, outlet: Outlet, doubts: string[]) {
  const { links, base } = linksOf(html, url)
  const asRaw = (some: readonly PageLink[]): RawItem[] =>
    some.map((link) => ({ url: link.url, title: link.text, summary: undefined, date: undefined, guid: undefined }))
  if (outlet.articlePattern !== null) {
    const pattern = new RegExp(outlet.articlePattern)
    return toItems(asRaw(links), base, outlet, doubts).filter(
      (item) => !isCrawlerTrap(item.url) && (pattern.test(item.url) || pattern.test(canonicalUrl(item.url))),
    )
  }
  const learned = learnLinks(links, base)
  if (learned.links.length > 0)
    doubts.push(`links: learned, no rule tells which are articles (${learned.shapes.join(', ')})`)
  return toItems(asRaw(learned.links), base, outlet, doubts)
}
