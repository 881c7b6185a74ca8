import * as cheerio from 'cheerio'
import { type AnyFeed, parseFeed } from 'feedsmith'
import { Parser } from 'htmlparser2'
import { Skip } from '../errors.ts'
import type { FeedItem, ListingSource, Outlet } from '../model.ts'
import { parseDate } from '../pipeline/dates.ts'
import { decodePage } from '../pipeline/decode.ts'
import { canonicalUrl } from '../pipeline/url.ts'

/** What a feed or listing gave. */
export interface Discovered {
  /** In the order of the source; every link once. */
  readonly items: readonly FeedItem[]
  /** What was wrong with the source although it could be read. */
  readonly doubts: readonly string[]
}

interface RawItem {
  readonly url: string | undefined
  readonly title: string | undefined
  readonly summary: string | undefined
  readonly date: string | undefined
  readonly guid: string | undefined
}

const LONGEST_SUMMARY = 4000
const LONGEST_TITLE = 500

const invisible = new Set(['script', 'style', 'iframe', 'noscript'])
const inline = new Set(['a', 'b', 'em', 'font', 'i', 'span', 'strong', 'sub', 'sup', 'u'])

/** The words of a fragment of HTML, entities decoded; elements that are no part of a line stand apart. */
function wordsOf(markup: string): string {
  let text = ''
  let hidden = 0
  const parser = new Parser({
    onopentagname: (name) => {
      if (invisible.has(name)) hidden += 1
      else if (!inline.has(name)) text += ' '
    },
    ontext: (part) => {
      if (hidden === 0) text += part
    },
    onclosetag: (name) => {
      if (invisible.has(name)) hidden -= 1
      else if (!inline.has(name)) text += ' '
    },
  })
  parser.end(markup)
  return text
}

/** Marked-up, entity-laden text of a feed as plain text, NFC. */
function plain(text: string | undefined, longest: number): string {
  if (text === undefined) return ''
  // Twice: feeds escape the mark-up of their descriptions once more.
  const once = /[<&]/.test(text) ? wordsOf(text) : text
  const twice = /<[a-z!/][^>]*>|&[a-z#]\w+;/i.test(once) ? wordsOf(once) : once
  return twice
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
    .normalize('NFC')
    .slice(0, longest)
}

function toItems(raw: readonly RawItem[], base: string, outlet: Outlet, doubts: string[]): FeedItem[] {
  const items = new Map<string, FeedItem>()
  let dropped = 0
  for (const entry of raw) {
    const link = entry.url?.trim()
    try {
      if (!link) throw new Skip('no link', { code: 'url.invalid', remedy: '' })
      const url = URL.parse(link, base)?.href ?? link
      const key = canonicalUrl(url)
      const known = items.get(key)
      const item: FeedItem = {
        url,
        title: plain(entry.title, LONGEST_TITLE),
        summary: plain(entry.summary, LONGEST_SUMMARY) || null,
        published: entry.date ? (parseDate(entry.date, outlet)?.instant ?? null) : null,
        guid: entry.guid?.trim().slice(0, 500) || null,
      }
      // A listing links an article by its picture first and by its title after.
      if (!known || (known.title.length < item.title.length && known.published === null)) items.set(key, item)
    } catch (error) {
      if (!(error instanceof Skip)) throw error
      dropped += 1
    }
  }
  if (dropped > 0) doubts.push(`feed: ${dropped} entries without a usable link`)
  return [...items.values()]
}

// ---------------------------------------------------------------- feeds

function rawItems(parsed: AnyFeed): RawItem[] {
  switch (parsed.format) {
    case 'rss':
      return (parsed.feed.items ?? []).map((item) => {
        const guid = item.guid?.value
        const isLink = item.guid?.isPermaLink !== false && /^https?:/i.test(guid ?? '')
        return {
          url: item.link ?? item.atom?.links?.find((link) => link.href)?.href ?? (isLink ? guid : undefined),
          title: item.title ?? item.dc?.titles?.[0],
          summary: item.description ?? item.content?.encoded,
          date: item.pubDate ?? item.dc?.dates?.[0] ?? item.atom?.published ?? item.atom?.updated,
          guid,
        }
      })
    case 'atom':
      return (parsed.feed.entries ?? []).map((entry) => ({
        url: (entry.links?.find((link) => (link.rel ?? 'alternate') === 'alternate') ?? entry.links?.[0])?.href,
        title: entry.title?.value,
        summary: entry.summary?.value ?? entry.content?.value,
        date: entry.published ?? entry.updated ?? entry.dc?.dates?.[0],
        guid: entry.id,
      }))
    case 'rdf':
      return (parsed.feed.items ?? []).map((item) => ({
        url: item.link ?? item.rdf?.about,
        title: item.title,
        summary: item.description ?? item.content?.encoded,
        date: item.dc?.dates?.[0] ?? item.dcterms?.issued?.[0],
        guid: item.rdf?.about,
      }))
    case 'json':
      return (parsed.feed.items ?? []).map((item) => ({
        url: item.url ?? item.external_url,
        title: item.title,
        summary: item.summary ?? item.content_text ?? item.content_html,
        date: item.date_published ?? item.date_modified,
        guid: item.id,
      }))
  }
}

/** Entries of a feed that no strict parser reads: whatever looks like an item, by a forgiving parser. */
function salvage(text: string): RawItem[] {
  const $ = cheerio.load(text, { xml: { xmlMode: true, decodeEntities: false } })
  return $('item, entry')
    .toArray()
    .map((element) => {
      const item = $(element)
      const text = (name: string): string | undefined => item.children(name).first().text() || undefined
      return {
        url: text('link') ?? item.children('link[href]').first().attr('href') ?? text('guid'),
        title: text('title'),
        summary: text('description') ?? text('summary') ?? text('content'),
        date: text('pubDate') ?? text('pubdate') ?? text('published') ?? text('updated') ?? text('dc\\:date'),
        guid: text('guid') ?? text('id'),
      }
    })
}

const snippet = (text: string): string => text.slice(0, 80).replace(/\s+/g, ' ')

/**
 * The items of an RSS, Atom, RDF or JSON feed. Bytes are decoded by evidence; a byte order mark, junk before the
 * declaration and undeclared entities do no harm; entities of a DTD are never expanded.
 * @throws Skip `feed.empty`, `feed.not-a-feed` (a page, an error message, …) with the first characters as the reason
 */
export function readFeed(bytes: Uint8Array, contentType: string | null, url: string, outlet: Outlet): Discovered {
  const decoded = decodePage(bytes, contentType)
  const doubts = [...decoded.doubts]
  const text = decoded.html.replace(/^\ufeff/, '').trimStart()
  if (text === '') {
    throw new Skip(`${url} is empty`, { code: 'feed.empty', remedy: 'Check the address of the feed.' })
  }
  const isJson = text.startsWith('{')
  const start = isJson ? 0 : text.search(/<\?xml|<rss|<feed|<rdf:rdf|<\w+:feed|<\w+:rss/i)
  if (start < 0 || /^(?:<!doctype html|<html)/i.test(text)) {
    throw new Skip(`${url} is no feed; it begins with: ${snippet(text)}`, {
      code: 'feed.not-a-feed',
      remedy: 'Open the address in a browser; the feed has moved or the outlet sends a page instead.',
    })
  }
  if (start > 0) doubts.push(`feed: ${start} characters before its beginning`)
  // Declarations of entities are cut: nothing in a feed of the press needs them.
  const body = text.slice(start).replace(/<!DOCTYPE[^>[]*(?:\[[\s\S]*?\]\s*)?>/i, '')
  try {
    return { items: toItems(rawItems(parseFeed(body)), url, outlet, doubts), doubts }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const salvaged = isJson ? [] : toItems(salvage(body), url, outlet, doubts)
    if (salvaged.length === 0) {
      throw new Skip(`${url} cannot be read as a feed (${reason}); it begins with: ${snippet(body)}`, {
        code: 'feed.not-a-feed',
        remedy: 'Open the address in a browser; the feed has moved or is broken.',
        cause: error,
      })
    }
    doubts.push(`feed: ill-formed (${reason}); read as well as possible`)
    return { items: salvaged, doubts }
  }
}

// ---------------------------------------------------------------- listings

/**
 * The links to articles on a listing page: those of the source's CSS rule, else those that match the outlet's
 * `articlePattern`.
 * @throws Skip `listing.no-links` when there are none, so that a changed layout is seen
 */
export function readListing(
  bytes: Uint8Array,
  contentType: string | null,
  url: string,
  source: ListingSource,
  outlet: Outlet,
): Discovered {
  const decoded = decodePage(bytes, contentType)
  const doubts = [...decoded.doubts]
  const $ = cheerio.load(decoded.html)
  const base = URL.parse($('base[href]').first().attr('href') ?? url, url)?.href ?? url
  const pattern = outlet.articlePattern === null ? null : new RegExp(outlet.articlePattern)
  if (!source.links && !pattern) {
    throw new Skip(`${url}: neither a rule for links nor a pattern of article addresses`, {
      code: 'listing.no-rule',
      remedy: `Give the outlet ${outlet.id} an articlePattern, or the listing a CSS rule "links".`,
    })
  }
  const raw = $(source.links ?? 'a[href]')
    .toArray()
    .map((element): RawItem => {
      const found = $(element)
      const link = found.is('a[href]') ? found : found.find('a[href]').first()
      const title = link.text().trim() || link.attr('title') || link.find('img[alt]').first().attr('alt')
      return { url: link.attr('href'), title, summary: undefined, date: undefined, guid: undefined }
    })
    .filter((item) => item.url !== undefined && /^(?:https?:|\/|\.|[\w-]+[/.?])/i.test(item.url.trim()))
    .filter((item) => !source.links || !/^(?:javascript|mailto|tel):/i.test(item.url ?? ''))
  const items = toItems(raw, base, outlet, doubts).filter(
    (item) =>
      pattern === null || source.links !== undefined || pattern.test(item.url) || pattern.test(canonicalUrl(item.url)),
  )
  if (items.length === 0) {
    throw new Skip(`${url}: no link to an article was found`, {
      code: 'listing.no-links',
      remedy: 'The layout has changed: correct the rule "links" or the articlePattern of the outlet.',
    })
  }
  return { items, doubts }
}
