import { Parser } from 'htmlparser2'
import { Skip } from '../../errors.ts'
import type { FeedItem, Instant, Outlet, SitemapSource } from '../../model.ts'
import { parseDate } from '../../pipeline/dates.ts'
import { canonicalUrl } from '../../pipeline/url.ts'

/** A source that another one names, to be asked next. */
export interface Further {
  readonly source: SitemapSource
  /** When the naming source says that it last changed. */
  readonly changed: Instant | null
}

/** What a source gave. */
export interface Discovered {
  /** In the order of the source; every link once. */
  readonly items: readonly FeedItem[]
  /** What was wrong with the source although it could be read. */
  readonly doubts: readonly string[]
  /** Sources to ask next, the most recently changed first. */
  readonly more?: readonly Further[]
  /** Item address → when it was last changed or seen elsewhere, where that is known and its publication is not. */
  readonly changed?: ReadonlyMap<string, Instant>
}

/** A link as its source writes it. */
export interface RawItem {
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
export function plain(text: string | undefined, longest: number): string {
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

/** Links made whole, every article once; what has no usable link is counted in `doubts`. */
export function toItems(raw: readonly RawItem[], base: string, outlet: Outlet, doubts: string[]): FeedItem[] {
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
  if (dropped > 0) doubts.push(`source: ${dropped} entries without a usable link`)
  return [...items.values()]
}

/** The first characters of an answer, for a message. */
export const snippet = (text: string): string => text.slice(0, 80).replace(/\s+/g, ' ')
