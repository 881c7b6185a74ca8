import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SimulatedClock, simulatedClock, systemClock } from '../clock.ts'
import type { CollectorOptions } from '../crawlers/collect.ts'
import { defaultLimits } from '../crawlers/http-client.ts'
import type { CollectResult } from '../crawlers/tally.ts'
import type { Outlet } from '../model.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import {
  type Answer,
  assessor,
  type Crawl,
  openCrawl,
  sampleFeed,
  sampleOutlet,
  samplePage,
  startServer,
  status,
  type TestServer,
  xml,
} from './crawling.ts'

type Assess = (typeof assessor)['assess']

let folder = ''
let clock: SimulatedClock
const closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collect-'))
  clock = simulatedClock(new Date('2025-10-01T02:00:00Z'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

const MINUTE = 60_000
const serve = async (answers: Record<string, Answer | string>): Promise<TestServer> => {
  const server = await startServer(answers)
  closing.push(server.close)
  return server
}
const crawl = async (
  outlets: readonly Outlet[],
  change: Partial<CollectorOptions> = {},
  judge = assessor,
): Promise<Crawl> => {
  const opened = await openCrawl(folder, outlets, change.clock ?? clock, change, judge)
  closing.push(opened.close)
  return opened
}
const outletOf = (server: TestServer, change: Partial<Outlet> = {}): Outlet =>
  sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }], ...change })
const articlesOf = (store: Store): Promise<readonly AssessedArticle[]> => store.articles.list({})
/** Without robots.txt, which is read before all else. */
const pagesSeen = (server: TestServer): string[] => server.pathsSeen().filter((path) => path !== '/robots.txt')
const codes = (result: CollectResult): string[] =>
  result.outlets.flatMap(({ problems }) => problems.map(({ code }) => code)).sort()

describe('from a feed to articles', () => {
  it('fetches every article, archives it, assesses it and tells its story', async () => {
    const answers: Record<string, Answer | string> = {
      '/lu': samplePage('Lũ quét ở Lào Cai, nhiều nhà bị cuốn trôi'),
      '/cho?utm_source=rss': samplePage('Chợ phiên Bắc Hà đông khách'),
    }
    const server = await serve(answers)
    answers['/feed'] = xml(
      sampleFeed([
        { url: `${server.origin}/lu`, title: 'Lũ quét ở Lào Cai, nhiều nhà bị cuốn trôi' },
        { url: `${server.origin}/cho?utm_source=rss`, title: 'Chợ phiên Bắc Hà đông khách' },
      ]),
    )
    const { collector, store, archive } = await crawl([outletOf(server)])
    const result = await collector.poll()

    expect(result).toMatchObject({ stopped: null, waiting: 0 })
    expect(result.outlets).toMatchObject([
      { outletId: 'bao-mau', polled: 1, notModified: 0, found: 2, fresh: 2, fetched: 2, feedOnly: 0, problems: [] },
    ])
    const articles = await articlesOf(store)
    expect(articles.map(({ title, url }) => [title, url])).toEqual(
      expect.arrayContaining([
        ['Lũ quét ở Lào Cai, nhiều nhà bị cuốn trôi', `${server.origin}/lu`],
        ['Chợ phiên Bắc Hà đông khách', `${server.origin}/cho`],
      ]),
    )
    for (const article of articles) {
      expect(article).toMatchObject({
        completeness: 'full',
        language: 'vi',
        published: '2025-10-01T00:00:00.000Z',
        firstSeen: '2025-10-01T02:00:00.000Z',
        outletId: 'bao-mau',
      })
      expect(article.assessment?.relevance.level).toBe('main')
      expect(article.storyId).not.toBeNull()
      const page = await store.pages.get(article.pageId ?? '')
      expect(page).toMatchObject({ status: 200, outletId: 'bao-mau' })
      if (!page?.warc) throw new Error('not archived')
      const record = await archive.read(page.warc)
      expect(Buffer.from(record.body).toString()).toBe(answers[page.url.slice(server.origin.length)])
      expect(record.body.length).toBe(page.bytes)
    }
    expect(await store.frontier.counts()).toEqual({ waiting: 0, claimed: 0, done: 2, failed: 0 })
  })

  it('asks again only when due, with conditions, and fetches nothing twice', async () => {
    const answers: Record<string, Answer | string> = { '/a': samplePage('Bài A'), '/b': samplePage('Bài B') }
    const server = await serve(answers)
    let items = [{ url: `${server.origin}/a`, title: 'Bài A' }]
    answers['/feed'] = (request, response) => {
      const etag = `"${items.length}"`
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
      else response.writeHead(200, { etag, 'last-modified': 'Wed, 01 Oct 2025 00:00:00 GMT' }).end(sampleFeed(items))
    }
    const { collector, store } = await crawl([outletOf(server)])
    await collector.poll()
    await collector.poll()
    expect(pagesSeen(server)).toEqual(['/feed', '/a'])
    clock.advance(20 * MINUTE)
    const second = await collector.poll()
    expect(second.outlets).toMatchObject([{ polled: 1, notModified: 1, found: 0 }])
    items = [...items, { url: `${server.origin}/b`, title: 'Bài B' }]
    clock.advance(25 * MINUTE)
    expect((await collector.poll()).outlets).toMatchObject([
      { polled: 1, notModified: 0, found: 2, fresh: 1, fetched: 1 },
    ])
    // In between the first article, a sensitive one, is visited again.
    expect(pagesSeen(server)).toEqual(['/feed', '/a', '/feed', '/a', '/feed', '/b'])
    expect(server.seen.filter(({ path }) => path === '/feed')[1]?.headers).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Wed, 01 Oct 2025 00:00:00 GMT',
    })
    expect(await store.articles.count({})).toBe(2)
  })

  it('asks without conditions now and then, for feeds that keep their ETag after changing', async () => {
    const answers: Record<string, Answer | string> = { '/a': samplePage('Bài A'), '/b': samplePage('Bài B') }
    const server = await serve(answers)
    let items = [{ url: `${server.origin}/a`, title: 'Bài A' }]
    answers['/feed'] = (request, response) => {
      if (request.headers['if-none-match'] === '"stuck"') response.writeHead(304).end()
      else response.writeHead(200, { etag: '"stuck"' }).end(sampleFeed(items))
    }
    const { collector, store } = await crawl([outletOf(server)])
    await collector.poll()
    items = [...items, { url: `${server.origin}/b`, title: 'Bài B' }]
    for (let hours = 0; hours < 7; hours += 1) {
      clock.advance(60 * MINUTE)
      await collector.poll()
    }
    expect(await store.articles.count({})).toBe(2)
  })

  it('reads listings by the pattern of article addresses', async () => {
    const server = await serve({
      '/lao-cai': '<a href="/muc-luc">Mục lục</a><a href="/tin-101.html">Cháy rừng ở Văn Bàn</a>',
      '/tin-101.html': samplePage('Cháy rừng ở Văn Bàn'),
    })
    const source = { kind: 'listing', url: `${server.origin}/lao-cai` } as const
    const { collector, store } = await crawl([outletOf(server, { sources: [source], articlePattern: '-\\d+\\.html$' })])
    expect((await collector.poll()).outlets).toMatchObject([{ found: 1, fetched: 1, problems: [] }])
    expect(await articlesOf(store)).toMatchObject([{ title: 'Cháy rừng ở Văn Bàn', publishedBy: 'first-seen' }])
  })

  it('knows one article by its many addresses', async () => {
    const answers: Record<string, Answer | string> = {}
    const server = await serve(answers)
    const canonical = `<link rel="canonical" href="${server.origin}/tin-1.html">`
    answers['/tin-1.html'] = samplePage('Một bài, nhiều địa chỉ', { head: canonical })
    answers['/amp/tin-1.html'] = samplePage('Một bài, nhiều địa chỉ', { head: canonical })
    answers['/khac'] = samplePage('Một bài, nhiều địa chỉ', { head: canonical })
    answers['/cu'] = status(301, { location: '/tin-1.html' })
    answers['/feed'] = xml(
      sampleFeed(
        ['/tin-1.html', '/tin-1.html?fbclid=1', '/khac', '/cu'].map((path) => ({
          url: server.origin + path,
          title: 'Một bài, nhiều địa chỉ',
        })),
      ),
    )
    const { collector, store } = await crawl([outletOf(server)], { maxConcurrency: 1 })
    await collector.poll()
    const articles = await articlesOf(store)
    expect(articles.map(({ url, version }) => [url, version])).toEqual([[`${server.origin}/tin-1.html`, 1]])
    expect((await store.articles.byUrl(`${server.origin}/cu`))?.id).toBe(articles[0]?.id)
    expect((await store.articles.byUrl(`${server.origin}/khac`))?.id).toBe(articles[0]?.id)
  })
})

describe('articles of other outlets', () => {
  it('belong to the outlet on whose host they stand, whoever links them', async () => {
    const answers: Record<string, Answer | string> = { '/a': samplePage('Bài A'), '/feed': xml(sampleFeed([])) }
    const press = await serve(answers)
    const aggregator = await serve({
      '/feed': xml(sampleFeed([{ url: `${press.origin}/a`, title: 'Bài A' }])),
    })
    const { collector, store } = await crawl([
      outletOf(aggregator, { id: 'gom-tin', class: 'aggregator' }),
      outletOf(press, { id: 'bao' }),
    ])
    await collector.poll()
    expect(await articlesOf(store)).toMatchObject([{ outletId: 'bao', title: 'Bài A' }])
  })
})

describe('a fault of our own', () => {
  it('in one article is recorded and tried again later; the others go on', async () => {
    const answers: Record<string, Answer | string> = { '/a': samplePage('Bài A'), '/b': samplePage('Bài B') }
    const server = await serve(answers)
    answers['/feed'] = xml(
      sampleFeed(
        ['/a', '/b'].map((path) => ({ url: server.origin + path, title: `Bài ${path.slice(1).toUpperCase()}` })),
      ),
    )
    const assess: Assess = async (article) => {
      if (article.title === 'Bài A') throw new TypeError('sample fault')
      return assessor.assess(article)
    }
    const { collector, store } = await crawl([outletOf(server)], {}, { ...assessor, assess })
    const result = await collector.poll()
    expect(result.stopped).toBeNull()
    expect(codes(result)).toEqual(['unexpected'])
    expect(await articlesOf(store)).toMatchObject([{ title: 'Bài B' }])
    expect(await store.frontier.counts()).toEqual({ waiting: 1, claimed: 0, done: 1, failed: 0 })
  })
})

describe('what cannot be read', () => {
  it('leaves a feed-only article with the reason, and the run goes on', async () => {
    const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024))
    const html = { 'content-type': 'text/html' }
    const pages: Record<string, Answer | string> = {
      gone: status(404),
      forbidden: status(403),
      empty: (_, response) => response.writeHead(200, html).end(),
      large: (_, response) => response.writeHead(200, html).end(Buffer.alloc(3 * 1024 * 1024, 'x')),
      bomb: (_, response) => response.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end(bomb),
      pdf: (_, response) => response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.7'),
      silent: () => undefined,
      cut: (_, response) => {
        response.writeHead(200, { ...html, 'content-length': '1000' })
        response.write('<p>')
        setTimeout(() => response.destroy(), 20)
      },
      home: status(302, { location: '/' }),
      inside: status(302, { location: 'http://169.254.169.254/latest/meta-data' }),
      circle: (request, response) => response.writeHead(302, { location: request.url ?? '' }).end(),
      blank: '<html><body><div id="app"></div></body></html>',
      good: samplePage('Bài good'),
    }
    const answers: Record<string, Answer | string> = { '/': samplePage('Trang chủ') }
    const server = await serve(answers)
    for (const [name, answer] of Object.entries(pages)) answers[`/${name}`] = answer
    answers['/feed'] = xml(
      sampleFeed(Object.keys(pages).map((name) => ({ url: `${server.origin}/${name}`, title: `Bài ${name}` }))),
    )
    const { collector, store } = await crawl([outletOf(server)], {
      testHosts: [server.host],
      limits: { ...defaultLimits, maxBytes: 2 * 1024 * 1024, idleMs: 5000, totalMs: 5000 },
    })
    const result = await collector.poll()

    expect(result.outlets).toMatchObject([{ found: 13, fresh: 13, fetched: 1, feedOnly: 12 }])
    expect(
      Object.fromEntries(result.outlets[0]?.problems.map(({ url, code }) => [new URL(url).pathname, code]) ?? []),
    ).toEqual({
      '/gone': 'page.gone',
      '/forbidden': 'page.forbidden',
      '/empty': 'page.empty',
      '/large': 'fetch.too-large',
      '/bomb': 'fetch.too-large',
      '/pdf': 'page.not-html',
      '/silent': 'fetch.timeout',
      '/cut': 'fetch.network',
      '/home': 'page.redirected-home',
      '/inside': 'guard.address',
      '/circle': 'fetch.redirects',
      '/blank': 'page.no-text',
    })
    const articles = await articlesOf(store)
    expect(articles).toHaveLength(13)
    for (const article of articles.filter(({ title }) => title !== 'Bài good')) {
      expect(article).toMatchObject({ completeness: 'feed-only', pageId: null, lead: `Tóm tắt: ${article.title}` })
      expect(article.assessment).not.toBeNull()
    }
    // What may succeed later waits for its turn; the others are given up, with their reason.
    expect(await store.frontier.counts()).toEqual({ waiting: 2, claimed: 0, done: 1, failed: 10 })
  })

  it('becomes a full article once the page can be read', async () => {
    const answers: Record<string, Answer | string> = { '/a': status(500) }
    const server = await serve(answers)
    answers['/feed'] = xml(sampleFeed([{ url: `${server.origin}/a`, title: 'Bài A' }]))
    const { collector, store } = await crawl([outletOf(server)])
    expect(codes(await collector.poll())).toEqual(['fetch.server-error'])
    const [before] = await articlesOf(store)
    expect(before).toMatchObject({ completeness: 'feed-only', version: 1 })
    answers['/a'] = samplePage('Bài A')
    clock.advance(MINUTE)
    await collector.poll()
    expect(pagesSeen(server)).toEqual(['/feed', '/a'])
    clock.advance(10 * MINUTE)
    expect((await collector.poll()).outlets).toMatchObject([{ fetched: 1 }])
    const articles = await articlesOf(store)
    expect(articles).toMatchObject([{ id: before?.id, completeness: 'full', version: 2, storyId: before?.storyId }])
  })

  it('is given up after five attempts', async () => {
    const answers: Record<string, Answer | string> = { '/a': status(500) }
    const server = await serve(answers)
    answers['/feed'] = xml(sampleFeed([{ url: `${server.origin}/a`, title: 'Bài A' }]), { etag: '"1"' })
    const { collector, store } = await crawl([outletOf(server)])
    for (let day = 0; day < 8; day += 1) {
      await collector.poll()
      clock.advance(24 * 60 * MINUTE)
    }
    expect(server.pathsSeen().filter((path) => path === '/a')).toHaveLength(5)
    expect(await store.frontier.counts()).toEqual({ waiting: 0, claimed: 0, done: 0, failed: 1 })
    expect(await articlesOf(store)).toMatchObject([{ completeness: 'feed-only', version: 1 }])
  })

  it('is a feed that is none: recorded with its first characters, asked less and less often', async () => {
    const answers: Record<string, Answer | string> = { '/good': xml(sampleFeed([])), '/feed': '<html>Bảo trì</html>' }
    const server = await serve(answers)
    const good = sampleOutlet({ id: 'tot', sources: [{ kind: 'feed', url: `${server.origin}/good` }] })
    const { collector, store } = await crawl([outletOf(server), good])
    const result = await collector.poll()
    expect(codes(result)).toEqual(['feed.not-a-feed'])
    expect(result.outlets.flatMap(({ problems }) => problems)[0]?.message).toContain('<html>Bảo trì</html>')
    const asked: number[] = []
    for (let minute = 0; minute < 300; minute += 5) {
      clock.advance(5 * MINUTE)
      const before = server.seen.length
      await collector.poll()
      if (server.pathsSeen().slice(before).includes('/feed')) asked.push(minute)
    }
    expect(asked.length).toBeGreaterThanOrEqual(3)
    expect(asked.length).toBeLessThanOrEqual(5)
    expect(await store.sources.get('bao-mau', `${server.origin}/feed`)).toMatchObject({
      status: 'failing',
      lastErrorCode: 'feed.not-a-feed',
      failures: asked.length + 1,
    })
    expect(await store.sources.get('tot', `${server.origin}/good`)).toMatchObject({ status: 'ok', failures: 0 })
  })

  it('a date in the year 2062 is doubted and not used', async () => {
    const answers: Record<string, Answer | string> = {}
    const server = await serve(answers)
    answers['/a'] = samplePage('Bài A', {
      head: '<meta property="article:published_time" content="2062-05-01T08:00:00+07:00">',
    })
    answers['/b'] = samplePage('Bài B')
    answers['/feed'] = xml(
      sampleFeed([
        { url: `${server.origin}/a`, title: 'Bài A' },
        { url: `${server.origin}/b`, title: 'Bài B', date: 'Mon, 01 May 2062 08:00:00 +0700' },
      ]),
    )
    const { collector, store } = await crawl([outletOf(server)])
    await collector.poll()
    const byTitle = new Map((await articlesOf(store)).map((article) => [article.title, article]))
    expect(byTitle.get('Bài A')).toMatchObject({ published: '2025-10-01T00:00:00.000Z', publishedBy: 'feed' })
    expect(byTitle.get('Bài A')?.doubts.join()).toContain('2062')
    expect(byTitle.get('Bài B')).toMatchObject({ published: '2025-10-01T02:00:00.000Z', publishedBy: 'first-seen' })
    expect(byTitle.get('Bài B')?.doubts.join()).toContain('2062')
  })

  it('a page in another encoding than it says is read and the contradiction recorded', async () => {
    const answers: Record<string, Answer | string> = {}
    const server = await serve(answers)
    const body = `<p>${'越南老街省发生山洪，多处道路中断，当地政府组织居民转移到安全地带。'.repeat(8)}</p>`
    const page = samplePage('老街省发生山洪', { body }).replace('lang="vi"', 'lang="zh"')
    answers['/a'] = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(iconv.encode(page, 'gb18030'))
    answers['/feed'] = xml(sampleFeed([{ url: `${server.origin}/a`, title: '老街省发生山洪' }]))
    const { collector, store } = await crawl([outletOf(server, { languages: ['zh'] })])
    await collector.poll()
    const [article] = await articlesOf(store)
    expect(article).toMatchObject({ title: '老街省发生山洪', language: 'zh', completeness: 'full' })
    expect(article?.doubts.join()).toContain('charset')
  })
})

describe('politeness and guards in the run', () => {
  it('never asks what robots.txt forbids, and keeps the pause of each host', async () => {
    const answers: Record<string, Answer | string> = {
      '/robots.txt': (_, response) => response.writeHead(200).end('User-agent: *\nDisallow: /rieng/'),
      '/a': samplePage('Bài A'),
      '/b': samplePage('Bài B'),
      '/rieng/c': samplePage('Bài C'),
    }
    const server = await serve(answers)
    answers['/feed'] = xml(
      sampleFeed(['/a', '/b', '/rieng/c'].map((path) => ({ url: server.origin + path, title: `Bài ${path}` }))),
    )
    const { collector, store } = await crawl([outletOf(server, { delaySeconds: 0.15 })], {
      clock: systemClock,
      impoliteHosts: [],
    })
    const result = await collector.poll()
    expect(codes(result)).toEqual(['robots.disallowed'])
    expect(server.pathsSeen()).toEqual(['/robots.txt', '/feed', '/a', '/b'])
    for (const [n, { at }] of server.seen.slice(1).entries()) {
      expect(at - (server.seen[n]?.at ?? 0)).toBeGreaterThanOrEqual(149)
    }
    expect((await articlesOf(store)).map(({ completeness }) => completeness).sort()).toEqual([
      'feed-only',
      'full',
      'full',
    ])
  })

  it('lets a slow host hold up none but itself', async () => {
    const order: string[] = []
    const quick: Record<string, Answer | string> = {}
    const slow: Record<string, Answer | string> = {}
    const [quickServer, slowServer] = [await serve(quick), await serve(slow)]
    for (const [answers, server, name] of [
      [quick, quickServer, 'nhanh'],
      [slow, slowServer, 'cham'],
    ] as const) {
      const paths = ['/1', '/2', '/3']
      for (const path of paths) {
        answers[path] = (_, response) => {
          order.push(name + path)
          response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(samplePage(`Bài ${name} ${path}`))
        }
      }
      answers['/feed'] = xml(
        sampleFeed(paths.map((path) => ({ url: server.origin + path, title: `Bài ${name} ${path}` }))),
      )
    }
    const { collector } = await crawl(
      [
        outletOf(slowServer, { id: 'cham', delaySeconds: 0.4 }),
        outletOf(quickServer, { id: 'nhanh', delaySeconds: 0.02 }),
      ],
      { clock: systemClock, impoliteHosts: [] },
    )
    await collector.poll()
    expect(order).toHaveLength(6)
    expect(order.lastIndexOf('nhanh/3')).toBeLessThan(order.indexOf('cham/2'))
  })

  it('waits as long as Retry-After asks after a 429', async () => {
    const answers: Record<string, Answer | string> = { '/a': status(429, { 'retry-after': '1200' }) }
    const server = await serve(answers)
    answers['/feed'] = xml(sampleFeed([{ url: `${server.origin}/a`, title: 'Bài A' }]), { etag: '"1"' })
    const { collector, store } = await crawl([outletOf(server)])
    expect(codes(await collector.poll())).toEqual(['fetch.throttled'])
    answers['/a'] = samplePage('Bài A')
    clock.advance(19 * MINUTE)
    await collector.poll()
    expect(server.pathsSeen().filter((path) => path === '/a')).toHaveLength(1)
    clock.advance(2 * MINUTE)
    await collector.poll()
    expect(await articlesOf(store)).toMatchObject([{ completeness: 'full' }])
  })

  it('leaves a host alone for the rest of the run when it does not answer', async () => {
    const answers: Record<string, Answer | string> = {
      '/robots.txt': status(404),
      '*': (request) => request.socket.destroy(),
    }
    const server = await serve(answers)
    answers['/feed'] = xml(
      sampleFeed(Array.from({ length: 20 }, (_, n) => ({ url: `${server.origin}/${n}`, title: `Bài ${n}` }))),
    )
    const { collector, store } = await crawl([outletOf(server)], { maxConcurrency: 1 })
    await collector.poll()
    expect(pagesSeen(server).filter((path) => path !== '/feed').length).toBeLessThanOrEqual(6)
    expect((await store.frontier.counts()).waiting).toBe(20)
  })
})

describe('stopping', () => {
  it('collects nothing when the disk is nearly full, or when nobody is named in the User-Agent', async () => {
    const server = await serve({ '*': 'x' })
    const full = await crawl([outletOf(server)], { minFreeBytes: Number.MAX_SAFE_INTEGER })
    expect((await full.collector.poll()).stopped).toMatchObject({ code: 'disk.low' })
    const nameless = await crawl([outletOf(server)], { contact: null })
    expect((await nameless.collector.poll()).stopped).toMatchObject({ code: 'collect.no-contact' })
    expect(server.seen).toEqual([])
  })

  it('ends at a signal and goes on later without losing or doubling anything', async () => {
    const answers: Record<string, Answer | string> = {}
    const server = await serve(answers)
    const stop = new AbortController()
    const paths = Array.from({ length: 30 }, (_, n) => `/${n}`)
    for (const path of paths) {
      answers[path] = (_, response) => {
        if (path === '/10') stop.abort()
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(samplePage(`Bài ${path}`))
      }
    }
    answers['/feed'] = xml(sampleFeed(paths.map((path) => ({ url: server.origin + path, title: `Bài ${path}` }))))
    const { collector, store } = await crawl([outletOf(server)], { maxConcurrency: 2 })
    const first = await collector.poll({ signal: stop.signal })
    expect(first.stopped).toMatchObject({ code: 'collect.stopped' })
    expect(first.outlets[0]?.problems).toEqual([])
    expect(await store.articles.count({})).toBeLessThan(30)
    expect((await store.frontier.counts()).claimed).toBe(0)
    await collector.poll()
    const articles = await articlesOf(store)
    expect(new Set(articles.map(({ url }) => url)).size).toBe(30)
    expect(articles.every(({ completeness, version }) => completeness === 'full' && version === 1)).toBe(true)
  })

  it('begins nothing new once its time is spent', async () => {
    const answers: Record<string, Answer | string> = {}
    const server = await serve(answers)
    const paths = Array.from({ length: 20 }, (_, n) => `/${n}`)
    for (const path of paths) answers[path] = samplePage(`Bài ${path}`)
    answers['/feed'] = xml(sampleFeed(paths.map((path) => ({ url: server.origin + path, title: `Bài ${path}` }))))
    const { collector, store } = await crawl([outletOf(server, { delaySeconds: 10 })], { impoliteHosts: [] })
    await collector.poll({ budgetMs: 60_000 })
    expect(await store.articles.count({})).toBeGreaterThan(0)
    expect(await store.articles.count({})).toBeLessThan(8)
    expect(await store.frontier.counts()).toMatchObject({ claimed: 0, failed: 0 })
  })
})
