import * as cheerio from 'cheerio'
import { type AnyFeed, parseFeed } from 'feedsmith'
import { Skip } from '../../errors.ts'
import type { Outlet } from '../../model.ts'
import { decodePage } from '../../pipeline/decode.ts'
import { type Discovered, type RawItem, snippet, toItems } from './items.ts'

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
