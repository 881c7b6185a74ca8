import { load } from 'cheerio'
import { decodePage } from '../../pipeline/decode.ts'
import type { PageItem } from './items.ts'

/** Comment of browsers that save a page: `saved from url=(0042)https://…`. */
const SAVED_FROM = /<!--\s*saved from url=\(\d+\)(https?:\/\/\S+)\s*-->/i
/** Comment of SingleFile. */
const SINGLE_FILE = /<!--\s*Page saved with SingleFile\s[^>]*?url:\s*(https?:\/\/\S+)/i

/** Where those comments stand, UTF-16 units. */
const START = 10_000

/** A saved page. Where it was published: as the person says, else its canonical address, `og:url`, or what the browser noted. */
export function readHtml(label: string, body: Uint8Array, given: string | null): PageItem {
  return { kind: 'page', label, url: given ?? addressIn(body), contentType: 'text/html', body, at: null }
}

function addressIn(body: Uint8Array): string | null {
  const { html } = decodePage(body, null)
  const start = html.slice(0, START)
  const $ = load(html)
  const candidates = [
    $('link[rel="canonical"]').attr('href'),
    $('meta[property="og:url"]').attr('content'),
    SAVED_FROM.exec(start)?.[1],
    SINGLE_FILE.exec(start)?.[1],
  ]
  return candidates.find((url) => url !== undefined && /^https?:\/\//i.test(url)) ?? null
}
