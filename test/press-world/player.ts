import { html } from 'ghtml'
import { iso } from '../../clock.ts'
import type { Instant, Outlet } from '../../model.ts'
import type { WorldArticle } from './articles.ts'
import { type FeedEntry, feedOf } from './feeds.ts'
import { feedPath, type Newsroom, outletAt } from './outlets.ts'
import { encode } from './page.ts'
import { troubleId, troubleOutlet, troubleResponse, troubles } from './trouble.ts'

export interface Answer {
  readonly status: number
  readonly type: string | null
  readonly body: Iterable<Buffer>
  /** Of feeds, front pages and articles: answers conditional requests. */
  readonly modified?: Instant
  readonly headers?: Readonly<Record<string, string>>
}

/** One outlet: which pages it has, and its answer to a request (null: 404). */
export interface Player {
  readonly id: string
  readonly outlet: (origin: string) => Outlet
  readonly pages: readonly { readonly id: string; readonly path: string; readonly published: Instant }[]
  readonly respond: (path: string, origin: string, now: Date) => Answer | null
}

interface PlacedArticle extends WorldArticle {
  readonly url: string
}

/** Plays a newsroom: robots.txt, feed, front page and the pages of what is published by the moment of the request. */
export function newsroomPlayer(newsroom: Newsroom, articles: readonly WorldArticle[], feedHours: number): Player {
  const ordered = [...articles].sort((a, b) => (a.published < b.published ? -1 : a.published > b.published ? 1 : 0))
  /** `url` is still only the path here; the origin is known once the port is. */
  const placed: readonly PlacedArticle[] = ordered.map((article, index) => ({
    ...article,
    url: newsroom.path(article, index + 1),
  }))
  const byPath = new Map(placed.map((article, index) => [article.url, index]))
  if (byPath.size < placed.length) throw new Error(`two articles of ${newsroom.id} have the same path`)

  /** The newest on show: all of the last hours, and at least a page full. */
  const shown = (now: Date): PlacedArticle[] => {
    const until = iso(now)
    const from = iso(new Date(now.getTime() - feedHours * 3600 * 1000))
    const published = placed.slice(0, countUntil(placed, until))
    const recent = published.length - countUntil(published, from)
    return published.slice(-Math.max(recent, 30)).reverse()
  }

  /** The last feed and front page; an hour in which nothing happened costs nothing. */
  const overviews = new Map<string, { readonly range: string; readonly answer: Answer }>()

  const overview = (path: string, origin: string, now: Date): Answer => {
    const articles = shown(now)
    const [newest] = articles
    const range = `${articles.at(-1)?.id} ${newest?.id}`
    const known = overviews.get(path)
    if (known?.range === range) return known.answer
    const isFront = path === '/'
    const text = isFront
      ? frontPage(newsroom, origin, articles)
      : feedOf(
          newsroom,
          origin,
          articles.map((article) => entryOf(article, origin)),
        )
    const answer: Answer = {
      status: 200,
      type: isFront ? 'text/html' : newsroom.feed?.format === 'atom' ? 'application/atom+xml' : 'application/rss+xml',
      body: [encode(text, newsroom.charset)],
      modified: newest?.published ?? iso(now),
    }
    overviews.set(path, { range, answer })
    return answer
  }

  const page = (index: number, origin: string, now: Date): Answer | null => {
    const article = placed[index]
    if (!article || article.published > iso(now)) return null
    // Neighbours in time: what a site's own boxes would show, and what extraction must leave out.
    const related = [index - 1, index - 2, index - 3].flatMap((at) => {
      const other = placed[at]
      return other
        ? [{ title: other.title, url: origin + other.url, lead: other.lead ?? other.paragraphs[0] ?? '' }]
        : []
    })
    const text = newsroom.layout({
      article,
      outletName: newsroom.name,
      origin,
      url: origin + article.url,
      timezone: newsroom.timezone,
      charset: newsroom.charset,
      now,
      related,
    })
    const claim = newsroom.claims === undefined ? newsroom.charset : newsroom.claims
    const type = claim === null ? 'text/html' : `text/html; charset=${claim}`
    return { status: 200, type, body: [encode(text, newsroom.charset)], modified: article.published }
  }

  return {
    id: newsroom.id,
    outlet: (origin) => outletAt(newsroom, origin),
    pages: placed.map(({ id, url, published }) => ({ id, path: url, published })),
    respond: (path, origin, now) => {
      if (path === '/robots.txt') return plain(robots(newsroom, origin))
      if (path === '/' || (newsroom.feed && path === feedPath(newsroom))) return overview(path, origin, now)
      const index = byPath.get(path)
      return index === undefined ? null : page(index, origin, now)
    },
  }
}

/** How many of the articles, ordered by time, were published up to `instant`. */
function countUntil(articles: readonly WorldArticle[], instant: Instant): number {
  let low = 0
  let high = articles.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((articles[middle]?.published ?? '') <= instant) low = middle + 1
    else high = middle
  }
  return low
}

const entryOf = (article: PlacedArticle, origin: string): FeedEntry => ({
  id: article.id,
  url: origin + article.url,
  title: article.title,
  summary: article.lead ?? article.paragraphs[0] ?? '',
  published: article.published,
})

const plain = (text: string): Answer => ({
  status: 200,
  type: 'text/plain; charset=utf-8',
  body: [Buffer.from(text)],
})

const robots = (newsroom: Newsroom, origin: string): string =>
  [
    'User-agent: *',
    ...newsroom.disallow.map((path) => `Disallow: ${path}`),
    '',
    `Sitemap: ${origin}/sitemap.xml`,
    '',
  ].join('\n')

/** A front page: the articles among the links that every front page also has. */
const frontPage = (
  newsroom: Newsroom,
  origin: string,
  articles: readonly PlacedArticle[],
): string => html`<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=${newsroom.charset}"><title>${newsroom.name}</title></head><body>
<ul><li><a href="/">1</a></li><li><a href="/muc/1">2</a></li><li><a href="!${newsroom.disallow[0] ?? '/'}">3</a></li></ul>
!${articles.map((article) => html`<div><h3><a class="tin" href="!${article.url}">${article.title}</a></h3></div>`).join('\n')}
<p><a href="${origin}/gioi-thieu">4</a> <a href="mailto:toa-soan@example.vn">5</a> <a href="javascript:void(0)">6</a></p></body></html>`

/** Plays the outlet where everything is wrong. */
export function troublePlayer(startedAt: Date): Player {
  return {
    id: troubleId,
    outlet: troubleOutlet,
    pages: troubles.map(({ path, what }) => ({ id: `${troubleId}-${what}`, path, published: iso(startedAt) })),
    respond: (path, origin) => {
      if (path === '/robots.txt') return plain('User-agent: *\nDisallow: /tim-kiem\n')
      const response = troubleResponse(path, origin, startedAt)
      return response && { status: 200, ...response }
    },
  }
}
