import { describe, expect, it } from 'vitest'
import type { CollectResult } from '../crawlers/tally.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import { crawlRoom, feedOutlet } from './crawl-room.ts'
import { type Answer, assessor, sampleFeed, samplePage, status, type TestServer, xml } from './crawling.ts'

type Assess = (typeof assessor)['assess']

const { clock, serve, crawl } = crawlRoom('collect-')
const MINUTE = 60_000
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
    const { collector, store, archive } = await crawl([feedOutlet(server)])
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
    const { collector, store } = await crawl([feedOutlet(server)])
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
    const { collector, store } = await crawl([feedOutlet(server)])
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
    const { collector, store } = await crawl([
      feedOutlet(server, { sources: [source], articlePattern: '-\\d+\\.html$' }),
    ])
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
    const { collector, store } = await crawl([feedOutlet(server)], { maxConcurrency: 1 })
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
      feedOutlet(aggregator, { id: 'gom-tin', class: 'aggregator' }),
      feedOutlet(press, { id: 'bao' }),
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
    const { collector, store } = await crawl([feedOutlet(server)], {}, { ...assessor, assess })
    const result = await collector.poll()
    expect(result.stopped).toBeNull()
    expect(codes(result)).toEqual(['unexpected'])
    expect(await articlesOf(store)).toMatchObject([{ title: 'Bài B' }])
    expect(await store.frontier.counts()).toEqual({ waiting: 1, claimed: 0, done: 1, failed: 0 })
  })
})
