import { gzipSync } from 'node:zlib'
import { html } from 'ghtml'
import type { Newsroom } from './outlets.ts'
import type { Answer } from './player.ts'

export interface SitemapEntry {
  readonly url: string
  readonly title: string
  readonly published: string
  readonly modified: string
}

const NEWS_MS = 48 * 3_600_000
const dailyPath = /^\/sitemaps\/(\d{4}-\d{2}-\d{2})\.xml\.gz$/

/** The sitemap at a path (sitemaps.org 0.9, and Google's news extension), or null where there is none. */
export function sitemapAnswer(
  newsroom: Newsroom,
  path: string,
  origin: string,
  now: Date,
  published: readonly SitemapEntry[],
): Answer | null {
  const kind = newsroom.traits?.sitemap
  if (kind === 'news' && path === '/sitemap-news.xml') {
    const since = new Date(now.getTime() - NEWS_MS).toISOString()
    return xml(
      urlset(
        newsroom,
        published.filter((entry) => entry.published >= since),
      ),
      published,
    )
  }
  if (kind !== 'index') return null
  if (path === '/sitemap.xml') {
    const days = Map.groupBy(published, (entry) => entry.published.slice(0, 10))
    const items = [...days].map(
      ([day, entries]) =>
        html`<sitemap><loc>${origin}/sitemaps/${day}.xml.gz</loc><lastmod>${latest(entries)}</lastmod></sitemap>`,
    )
    const text = `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${items.join('\n')}</sitemapindex>`
    return xml(text, published)
  }
  const day = dailyPath.exec(path)?.[1]
  if (day === undefined) return null
  const entries = published.filter((entry) => entry.published.startsWith(day))
  if (entries.length === 0) return null
  return {
    status: 200,
    type: 'application/gzip',
    body: [gzipSync(urlset(newsroom, entries))],
    modified: latest(entries),
  }
}

const latest = (entries: readonly SitemapEntry[]): string =>
  entries.reduce((best, { modified }) => (modified > best ? modified : best), '1970-01-01T00:00:00.000Z')

const xml = (text: string, entries: readonly SitemapEntry[]): Answer => ({
  status: 200,
  type: 'application/xml; charset=utf-8',
  body: [Buffer.from(text)],
  modified: latest(entries),
})

function urlset(newsroom: Newsroom, entries: readonly SitemapEntry[]): string {
  const isNews = newsroom.traits?.sitemap === 'news'
  const items = entries.map((entry) => {
    const news = html`<news:news><news:publication><news:name>${newsroom.name}</news:name><news:language>${newsroom.languages[0] ?? 'vi'}</news:language></news:publication>
<news:publication_date>${entry.published}</news:publication_date><news:title>${entry.title}</news:title></news:news>`
    return html`<url><loc>${entry.url}</loc><lastmod>${entry.modified}</lastmod>!${isNews ? news : ''}</url>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
${items.join('\n')}</urlset>`
}
