import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { defaultLimits } from '../crawlers/http-client.ts'
import type { CollectResult } from '../crawlers/tally.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import { crawlRoom, feedOutlet } from './crawl-room.ts'
import { type Answer, sampleFeed, samplePage, status, type TestServer, xml } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const { clock, serve, crawl } = crawlRoom('unreadable-')
const MINUTE = 60_000
const articlesOf = (store: Store): Promise<readonly AssessedArticle[]> => store.articles.list({})
/** Without robots.txt, which is read before all else. */
const pagesSeen = (server: TestServer): string[] => server.pathsSeen().filter((path) => path !== '/robots.txt')
const codes = (result: CollectResult): string[] =>
  result.outlets.flatMap(({ problems }) => problems.map(({ code }) => code)).sort()

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
    const { collector, store } = await crawl([feedOutlet(server)], {
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
    const { collector, store } = await crawl([feedOutlet(server)])
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
    const { collector, store } = await crawl([feedOutlet(server)])
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
    const { collector, store } = await crawl([feedOutlet(server), good])
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
    const { collector, store } = await crawl([feedOutlet(server)])
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
    const { collector, store } = await crawl([feedOutlet(server, { languages: ['zh'] })])
    await collector.poll()
    const [article] = await articlesOf(store)
    expect(article).toMatchObject({ title: '老街省发生山洪', language: 'zh', completeness: 'full' })
    expect(article?.doubts.join()).toContain('charset')
  })
})
