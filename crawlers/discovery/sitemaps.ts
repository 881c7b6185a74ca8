import { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { Parser } from 'htmlparser2'
import { RetryLater, Skip } from '../../errors.ts'
import type { Instant, Outlet } from '../../model.ts'
import { parseDate } from '../../pipeline/dates.ts'
import { isCrawlerTrap } from '../../pipeline/url.ts'
import { type Discovered, type Further, type RawItem, snippet, toItems } from './items.ts'

/** Limits of sitemaps.org 0.9: entries and bytes, uncompressed, of one file. */
const MOST_ENTRIES = 50_000
const MOST_BYTES = 50 * 1024 * 1024
/** Sitemaps asked after one index: the most recently changed; the next poll takes up those that were left. */
const MOST_FURTHER = 12
/** An index within an index within an index leads nowhere that a newspaper needs. */
export const DEEPEST = 2
/** On the first reading everything older than this is left to searches and to people. */
const FIRST_DAYS = 30
/** Entries this much older than the last reading are looked at again: some outlets publish their sitemap late. */
const SLACK_DAYS = 2
const DAY = 86_400_000

interface Entry {
  loc: string
  lastmod: string
  title: string
  published: string
}

interface Parsed {
  readonly index: boolean
  readonly entries: readonly Entry[]
  readonly cut: boolean
}

/** The elements whose text is wanted; others (`image:loc`, `news:name`) are passed over. */
const wanted: Readonly<Record<string, keyof Entry>> = {
  loc: 'loc',
  lastmod: 'lastmod',
  'news:title': 'title',
  'news:publication_date': 'published',
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** The file in pieces of text; a gzip file by its content, whatever its name or type says, never more than the limit. */
async function* textOf(bytes: Uint8Array, url: string): AsyncGenerator<string> {
  const source = Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)])
  const pieces: AsyncIterable<Buffer> = isGzip(bytes) ? source.pipe(createGunzip()) : source
  let decoder: TextDecoder | null = null
  let size = 0
  try {
    for await (const piece of pieces) {
      size += piece.length
      if (size > MOST_BYTES) {
        throw new Skip(`${url} inflates to more than ${MOST_BYTES} bytes`, {
          code: 'sitemap.too-large',
          remedy: 'The sitemap exceeds the limit of its own standard: name a smaller one of the outlet.',
        })
      }
      decoder ??= decoderFor(piece)
      yield decoder.decode(piece, { stream: true })
    }
    yield decoder?.decode() ?? ''
  } catch (error) {
    if (error instanceof Skip) throw error
    throw new RetryLater(`${url}: the compressed sitemap is damaged`, {
      code: 'sitemap.damaged',
      remedy: 'Nothing to do: it is read again later.',
      cause: error,
    })
  }
}

/** UTF-8 as the standard orders, unless the declaration names another encoding that we know. */
function decoderFor(first: Buffer): TextDecoder {
  const label = /<\?xml[^>]{0,100}encoding=["']([\w-]{2,20})["']/.exec(first.subarray(0, 200).toString('latin1'))?.[1]
  try {
    return new TextDecoder(label ?? 'utf-8')
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder('utf-8')
    throw error
  }
}

/** Reads as it comes, so that 50,000 entries need no tree. Entities of a DTD are not known to this parser at all. */
async function parse(bytes: Uint8Array, url: string): Promise<Parsed | { readonly start: string }> {
  const entries: Entry[] = []
  let root: 'urlset' | 'sitemapindex' | null = null
  let entry: Entry | null = null
  let field: keyof Entry | null = null
  let cut = false
  let start = ''
  const local = (name: string): string => name.replace(/^(?:sm|sitemap|ns\d*):/, '')
  const parser = new Parser(
    {
      onopentag: (name) => {
        const tag = local(name)
        if (tag === 'urlset' || tag === 'sitemapindex') root ??= tag
        else if (root !== null && (tag === 'url' || tag === 'sitemap')) {
          entry = { loc: '', lastmod: '', title: '', published: '' }
        } else if (entry) field = wanted[tag] ?? null
      },
      ontext: (text) => {
        if (entry && field && entry[field].length < 4000) entry[field] += text
      },
      onclosetag: (name) => {
        const tag = local(name)
        if ((tag === 'url' || tag === 'sitemap') && entry) {
          if (entries.length < MOST_ENTRIES) entries.push(entry)
          else cut = true
          entry = null
        }
        field = null
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  for await (const piece of textOf(bytes, url)) {
    if (start.length < 200) start += piece.slice(0, 200)
    parser.write(piece)
    if (root === null && start.length >= 200 && /^\s*(?:<!doctype html|<html)/i.test(start)) return { start }
  }
  parser.end()
  return root === null ? { start } : { index: root === 'sitemapindex', entries, cut }
}

export interface SitemapState {
  /** When the sitemap was last read; null: never. */
  readonly lastSuccessAt: Instant | null
  readonly now: Date
  /** Indexes above this sitemap. */
  readonly depth: number
}

/**
 * A sitemap, plain or gzip, with Google's news extension or without, or an index of sitemaps (sitemaps.org 0.9). Only
 * entries changed since the last reading count (on the first: those of 30 days); without a date each counts. Of an index
 * the most recently changed sitemaps come back as `more`.
 * @throws Skip `sitemap.not-a-sitemap`, `sitemap.too-large`, `sitemap.too-deep`; RetryLater `sitemap.damaged`
 */
export async function readSitemap(
  bytes: Uint8Array,
  url: string,
  outlet: Outlet,
  state: SitemapState,
): Promise<Discovered> {
  const parsed = await parse(bytes, url)
  if ('start' in parsed) {
    // One address a line is a sitemap too.
    const lines = /^\s*https?:\/\//.test(parsed.start) ? await linesOf(bytes, url) : []
    if (lines.length > 0) return itemsOf(lines, url, outlet, state, [])
    throw new Skip(`${url} is no sitemap; it begins with: ${snippet(parsed.start)}`, {
      code: 'sitemap.not-a-sitemap',
      remedy: 'Open the address in a browser; the sitemap has moved or the outlet sends a page instead.',
    })
  }
  const doubts = parsed.cut ? [`sitemap: more than ${MOST_ENTRIES} entries; the rest was not read`] : []
  if (!parsed.index) return itemsOf(parsed.entries, url, outlet, state, doubts)
  if (state.depth >= DEEPEST) {
    throw new Skip(`${url} is an index within ${state.depth} indexes`, {
      code: 'sitemap.too-deep',
      remedy: 'Name the sitemap of the articles itself in the definition of the outlet.',
    })
  }
  return { items: [], doubts, more: furtherOf(parsed.entries, url, outlet, state) }
}

async function linesOf(bytes: Uint8Array, url: string): Promise<Entry[]> {
  let text = ''
  for await (const piece of textOf(bytes, url)) text += piece
  return text
    .split(/\r?\n/, MOST_ENTRIES)
    .filter((line) => /^https?:\/\/\S+$/.test(line.trim()))
    .map((line) => ({ loc: line.trim(), lastmod: '', title: '', published: '' }))
}

const instantOf = (text: string, outlet: Outlet): Instant | null =>
  text.trim() === '' ? null : (parseDate(text.trim(), outlet)?.instant ?? null)

const floorOf = ({ lastSuccessAt, now }: SitemapState): number =>
  lastSuccessAt === null ? now.getTime() - FIRST_DAYS * DAY : Date.parse(lastSuccessAt) - SLACK_DAYS * DAY

function itemsOf(
  entries: readonly Entry[],
  url: string,
  outlet: Outlet,
  state: SitemapState,
  doubts: string[],
): Discovered {
  const floor = floorOf(state)
  const pattern = outlet.articlePattern === null ? null : new RegExp(outlet.articlePattern)
  const changed = new Map<string, Instant>()
  const raw: RawItem[] = []
  for (const entry of entries) {
    const address = URL.parse(entry.loc.trim(), url)
    if (!address || isCrawlerTrap(address.href)) continue
    if (pattern ? !pattern.test(address.href) : address.pathname === '/') continue
    const lastmod = instantOf(entry.lastmod, outlet)
    const published = instantOf(entry.published, outlet)
    const day = published ?? lastmod
    if (day !== null && Date.parse(day) < floor) continue
    if (lastmod !== null) changed.set(address.href, lastmod)
    const { title } = entry
    raw.push({ url: address.href, title, summary: undefined, date: published ?? undefined, guid: undefined })
  }
  return { items: toItems(raw, url, outlet, doubts), doubts, changed }
}

function furtherOf(entries: readonly Entry[], url: string, outlet: Outlet, state: SitemapState): Further[] {
  const first = state.now.getTime() - FIRST_DAYS * DAY
  return entries
    .flatMap(({ loc, lastmod }): Further[] => {
      const address = URL.parse(loc.trim(), url)
      if (!address || !/^https?:$/.test(address.protocol)) return []
      return [{ source: { kind: 'sitemap', url: address.href }, changed: instantOf(lastmod, outlet) }]
    })
    .filter(({ changed }) => changed === null || Date.parse(changed) >= first)
    .sort(newestFirst)
    .slice(0, MOST_FURTHER)
}

/** By day of change; those without one by the days and numbers in their names (`sitemap-2025-10.xml`), largest first. */
function newestFirst(a: Further, b: Further): number {
  if (a.changed !== null || b.changed !== null) return (b.changed ?? '').localeCompare(a.changed ?? '')
  return b.source.url.localeCompare(a.source.url, 'en', { numeric: true })
}
