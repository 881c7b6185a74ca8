import { iso } from '../../clock.ts'
import type { Instant, Outlet } from '../../model.ts'
import type { ArticleChange, WorldArticle } from './articles.ts'
import { type FeedEntry, feedOf } from './feeds.ts'
import { forbidden, frontPage, robots, searchPage } from './front.ts'
import { feedPath, type Newsroom, outletAt } from './outlets.ts'
import { encode } from './page.ts'
import { sitemapAnswer } from './sitemaps.ts'
import {
  calendarPage,
  calendarPath,
  challengePage,
  dripped,
  endless,
  hazardPaths,
  illFormed,
  pick,
  restless,
  scripted,
  softGonePage,
} from './traits.ts'
import { troubleId, troubleOutlet, troubleResponse, troubles } from './trouble.ts'

export interface Answer {
  readonly status: number
  readonly type: string | null
  readonly body: Iterable<Buffer> | AsyncIterable<Buffer>
  /** Of feeds, front pages and articles: answers conditional requests. Only with a body that can be read twice. */
  readonly modified?: Instant
  /** Instead of the digest of the body. */
  readonly etag?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Asked {
  readonly path: string
  readonly query: URLSearchParams
  /** Of the outlet, also where the mobile host is asked. */
  readonly origin: string
  readonly mobileOrigin: string | null
  readonly now: Date
}

export interface PlayedPage {
  readonly id: string
  readonly path: string
  readonly published: Instant
  readonly changes: readonly ArticleChange[]
}

/** One outlet: which pages it has, and its answer to a request (null: 404). */
export interface Player {
  readonly id: string
  readonly outlet: (origin: string) => Outlet
  /** What a monitor can find. */
  readonly pages: readonly PlayedPage[]
  /** Rules of robots.txt, and the pause that it asks for, seconds. */
  readonly disallow: readonly string[]
  readonly crawlDelay: number
  readonly hasMobileHost: boolean
  readonly respond: (asked: Asked) => Answer | null
}

interface PlacedArticle extends WorldArticle {
  /** Path of its page; the origin is known once the port is. */
  readonly url: string
}

/** Plays a newsroom: robots.txt, feed, front page, sitemaps, search, and the pages of what is published by the moment. */
export function newsroomPlayer(newsroom: Newsroom, articles: readonly WorldArticle[], feedHours: number): Player {
  const traits = newsroom.traits ?? {}
  const ordered = [...articles].sort((a, b) => (a.published < b.published ? -1 : a.published > b.published ? 1 : 0))
  const placed: readonly PlacedArticle[] = ordered.map((article, index) => ({
    ...article,
    url: newsroom.path(article, index + 1),
  }))
  const byPath = new Map(placed.map((article, index) => [article.url, index]))
  if (byPath.size < placed.length) throw new Error(`two articles of ${newsroom.id} have the same path`)
  /** Paths that have answered that they are too busy. */
  const wasBusy = new Set<string>()
  const hasChanges = placed.some(({ changes = [] }) => changes.length > 0)

  const published = (now: Date): readonly PlacedArticle[] => placed.slice(0, countUntil(placed, iso(now)))

  /** The newest on show: all of the last hours, and at least a page full. */
  const shown = (now: Date): PlacedArticle[] => {
    const all = published(now)
    const recent = all.length - countUntil(all, iso(new Date(now.getTime() - feedHours * 3600 * 1000)))
    return all
      .slice(-(traits.feedEntries ?? Math.max(recent, 30)))
      .reverse()
      .flatMap((article) => stateAt(article, now) ?? [])
  }

  /** Where this request is told to find an article. */
  const linkTo = (article: PlacedArticle, { origin, mobileOrigin, now }: Asked): string => {
    const isAmp = traits.amp === true && pick(article.id, 3) === 0
    const isMobile = traits.mobile === true && mobileOrigin !== null && pick(`${article.id} m`, 4) === 0
    const path = isAmp ? `/amp${article.url}` : article.url
    const session = traits.sessionIds ? `?sid=${sessionAt(article.id, now)}` : ''
    return `${isMobile ? mobileOrigin : origin}${path}${session}`
  }

  /** The last feed and front page; an hour in which nothing happened costs nothing. */
  const overviews = new Map<string, { readonly range: string; readonly answer: Answer }>()

  const overview = (asked: Asked): Answer => {
    const { path, origin, now } = asked
    const articles = shown(now)
    const [newest] = articles
    const state = hasChanges ? articles.map(({ id, title }) => `${id} ${title}`).join() : ''
    const range = `${articles.at(-1)?.id} ${newest?.id} ${state}`
    const known = overviews.get(path)
    if (known?.range === range && !traits.sessionIds) return known.answer
    const isFront = path === '/'
    const entries = articles.map((article) => entryOf(article, linkTo(article, asked)))
    const feed = (): string => {
      const text = feedOf(newsroom, origin, entries)
      return traits.illFormedFeed ? illFormed(text) : text
    }
    const text = isFront ? frontPage(newsroom, origin, entries) : feed()
    const answer: Answer = {
      status: 200,
      type: isFront ? 'text/html' : newsroom.feed?.format === 'atom' ? 'application/atom+xml' : 'application/rss+xml',
      body: [encode(text, newsroom.charset)],
      modified: latestChange(articles, now) ?? iso(now),
      ...(traits.keepsEtag && !isFront ? { etag: '"always-the-same"' } : {}),
    }
    overviews.set(path, { range, answer })
    return answer
  }

  const page = (index: number, { origin, now }: Asked): Answer | null => {
    const original = placed[index]
    if (!original || original.published > iso(now)) return null
    const gone = changesUntil(original, now).find(({ kind }) => kind === 'gone')
    const how = gone?.kind === 'gone' ? gone.how : null
    if (how === 'not-found') return null
    if (how === 'gone') return { status: 410, type: 'text/html', body: [Buffer.from('<h1>410</h1>')] }
    if (how === 'home') return { status: 302, type: null, body: [], headers: { location: `${origin}/` } }
    if (how === 'soft-404') return html(softGonePage(newsroom.name))
    const article = asPrinted(original, how, now)
    // Neighbours in time: what a site's own boxes would show, and what extraction must leave out.
    const related = [index - 1, index - 2, index - 3].flatMap((at) => {
      const other = placed[at]
      return other
        ? [{ title: other.title, url: origin + other.url, lead: other.lead ?? other.paragraphs[0] ?? '' }]
        : []
    })
    const { relayout } = traits
    const layout = relayout && relayout.from <= iso(now) ? relayout.layout : newsroom.layout
    const printedPage = layout({
      article,
      outletName: newsroom.name,
      origin,
      url: origin + article.url,
      timezone: newsroom.timezone,
      charset: newsroom.charset,
      now,
      related,
    })
    const newest = traits.restless ? shown(now).slice(0, 5) : []
    const text = traits.restless
      ? restless(
          printedPage,
          now,
          newest.map(({ title, url }) => ({ title, url: origin + url })),
        )
      : printedPage
    const final = traits.script ? scripted(text, traits.script, `/du-lieu?trang=${article.url}`).page : text
    const claim = newsroom.claims === undefined ? newsroom.charset : newsroom.claims
    const type = claim === null ? 'text/html' : `text/html; charset=${claim}`
    const body = encode(final, newsroom.charset)
    if (traits.dripEvery && pick(`${article.id} drip`, traits.dripEvery) === 0)
      return { status: 200, type, body: dripped(body) }
    const modified = traits.restless ? iso(now) : (latestChange([original], now) ?? original.published)
    return { status: 200, type, body: [body], modified }
  }

  /** What a first-party script asks for. */
  const pageData = (asked: Asked): Answer | null => {
    const index = byPath.get(asked.query.get('trang') ?? '')
    const article = index === undefined ? undefined : placed[index]
    if (!article || article.published > iso(asked.now)) return null
    const gone = changesUntil(article, asked.now).find(({ kind }) => kind === 'gone')
    const how = gone?.kind === 'gone' ? gone.how : null
    // What was taken down is not given to scripts either.
    if (how !== null && how !== 'emptied') return null
    const text = newsroom.layout({
      article: asPrinted(article, how, asked.now),
      ...{ outletName: newsroom.name, origin: asked.origin, url: asked.origin + article.url },
      ...{ timezone: newsroom.timezone, charset: newsroom.charset, now: asked.now, related: [] },
    })
    const { data } = scripted(text, 'fetch', '')
    return { status: 200, type: 'application/json; charset=utf-8', body: [Buffer.from(data)] }
  }

  const hazard = (path: string, origin: string): Answer | null => {
    const calendar = calendarPath.exec(path)
    if (calendar) return html(calendarPage(Number(calendar[1]), Number(calendar[2])))
    const circle = /^\/vong-tron-post(\d+)\.html$/.exec(path)
    if (circle) return redirect(`${origin}/vong-tron-post${9_000_002 + ((Number(circle[1]) - 9_000_001) % 3)}.html`)
    if (path === hazardPaths.endless) return { ...html(''), body: endless() }
    if (path === hazardPaths.private) return redirect('http://169.254.169.254/latest/meta-data/')
    return path === hazardPaths.forbidden ? html('<h1>Bản thảo</h1><p>Trang mẫu mà robots.txt cấm.</p>') : null
  }

  const respond = (asked: Asked): Answer | null => {
    const { path, origin, now } = asked
    const at = iso(now)
    if (traits.downFrom && traits.downFrom <= at) return { ...html('<h1>500</h1>'), status: 500 }
    if (path === '/robots.txt') return plain(robots(newsroom, origin))
    if (traits.blockedFrom && traits.blockedFrom <= at) return { ...html(challengePage), status: 403 }
    if (path === '/' || (newsroom.feed && path === feedPath(newsroom))) return overview(asked)
    if (path === '/tim-kiem' && traits.search) {
      const found = published(now).filter((article) => holds(article, asked.query.get('q') ?? ''))
      const newest = found.slice(-20).reverse()
      return html(
        searchPage(
          newsroom,
          newest.map((article) => entryOf(article, linkTo(article, asked))),
        ),
      )
    }
    if (path === '/du-lieu' && traits.script === 'fetch') return pageData(asked)
    const sitemap = sitemapAnswer(newsroom, path, origin, now, sitemapEntries(published(now), asked, linkTo))
    if (sitemap) return sitemap
    const found = traits.hazards ? hazard(path, origin) : null
    if (found) return found
    const own = traits.amp ? path.replace(/^\/amp(?=\/)/, '') : path
    const index = byPath.get(own)
    if (index === undefined) return null
    const { busy } = traits
    if (busy && pick(`${own} busy`, busy.every) === 0 && !wasBusy.has(own)) {
      wasBusy.add(own)
      const headers = busy.retryAfter === null ? {} : { 'retry-after': String(busy.retryAfter) }
      return { ...html('<h1>Quá tải</h1>'), status: busy.status, headers }
    }
    return page(index, asked)
  }

  const findable = traits.search
    ? placed.filter((article) => traits.search?.some((words) => holds(article, words)))
    : placed
  return {
    id: newsroom.id,
    outlet: (origin) => outletAt(newsroom, origin),
    pages: findable.map(({ id, url, published: since, changes = [] }) => ({
      id,
      path: url,
      published: since,
      changes,
    })),
    disallow: forbidden(newsroom),
    crawlDelay: traits.crawlDelay ?? 0,
    hasMobileHost: traits.mobile ?? false,
    respond,
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

const changesUntil = ({ changes = [] }: WorldArticle, now: Date): readonly ArticleChange[] =>
  changes.filter(({ at }) => at <= iso(now))

function edited<A extends WorldArticle>(article: A, now: Date): A {
  let { title, paragraphs } = article
  for (const change of changesUntil(article, now)) {
    if (change.kind === 'gone') continue
    title = change.title ?? title
    paragraphs = change.paragraphs ?? paragraphs
  }
  return { ...article, title, paragraphs }
}

/** As its page prints it. */
function asPrinted<A extends WorldArticle>(article: A, gone: string | null, now: Date): A {
  const view = edited(article, now)
  return gone === 'emptied' ? { ...view, lead: null, paragraphs: [] } : view
}

/** As feeds and front pages show it; null once it is taken down. */
const stateAt = (article: PlacedArticle, now: Date): PlacedArticle | null =>
  changesUntil(article, now).some(({ kind }) => kind === 'gone') ? null : edited(article, now)

const latestChange = (articles: readonly WorldArticle[], now: Date): Instant | null =>
  articles
    .flatMap((article) => [article.published, ...changesUntil(article, now).map(({ at }) => at)])
    .reduce<Instant | null>((best, at) => (best === null || at > best ? at : best), null)

const holds = ({ title, lead, paragraphs }: WorldArticle, words: string): boolean =>
  words !== '' && [title, lead ?? '', ...paragraphs].join('\n').includes(words)

const sessionAt = (id: string, now: Date): string =>
  `${pick(`${id} ${now.getTime()}`, 2 ** 32)
    .toString(36)
    .padStart(7, '0')}${now.getTime().toString(36)}${'0abc123456789xyz'.slice(0, 10)}`

const entryOf = (article: PlacedArticle, url: string): FeedEntry => ({
  id: article.id,
  url,
  title: article.title,
  summary: article.lead ?? article.paragraphs[0] ?? '',
  published: article.published,
})

const sitemapEntries = (
  articles: readonly PlacedArticle[],
  asked: Asked,
  linkTo: (article: PlacedArticle, asked: Asked) => string,
) =>
  articles.flatMap((article) => {
    const state = stateAt(article, asked.now)
    const modified = latestChange([article], asked.now) ?? article.published
    return state ? [{ url: linkTo(state, asked), title: state.title, published: state.published, modified }] : []
  })

const plain = (text: string): Answer => ({
  status: 200,
  type: 'text/plain; charset=utf-8',
  body: [Buffer.from(text)],
})

const html = (text: string): Answer => ({ status: 200, type: 'text/html; charset=utf-8', body: [Buffer.from(text)] })

const redirect = (location: string): Answer => ({ status: 302, type: null, body: [], headers: { location } })

/** Plays the outlet where everything is wrong. */
export function troublePlayer(startedAt: Date): Player {
  const disallow = ['/tim-kiem']
  return {
    id: troubleId,
    outlet: troubleOutlet,
    pages: troubles.map(({ path, what }) => ({
      ...{ id: `${troubleId}-${what}`, path, published: iso(startedAt), changes: [] },
    })),
    disallow,
    crawlDelay: 0,
    hasMobileHost: false,
    respond: ({ path, origin }) => {
      if (path === '/robots.txt') return plain(`User-agent: *\nDisallow: ${disallow[0]}\n`)
      const response = troubleResponse(path, origin, startedAt)
      return response && { status: 200, ...response }
    },
  }
}
