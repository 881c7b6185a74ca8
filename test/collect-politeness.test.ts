import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { CollectResult } from '../crawlers/tally.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import { crawlRoom, feedOutlet } from './crawl-room.ts'
import { type Answer, sampleFeed, samplePage, status, type TestServer, xml } from './crawling.ts'

const { clock, serve, crawl } = crawlRoom('politeness-')
const MINUTE = 60_000
const articlesOf = (store: Store): Promise<readonly AssessedArticle[]> => store.articles.list({})
/** Without robots.txt, which is read before all else. */
const pagesSeen = (server: TestServer): string[] => server.pathsSeen().filter((path) => path !== '/robots.txt')
const codes = (result: CollectResult): string[] =>
  result.outlets.flatMap(({ problems }) => problems.map(({ code }) => code)).sort()

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
    const { collector, store } = await crawl([feedOutlet(server, { delaySeconds: 0.15 })], {
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
        feedOutlet(slowServer, { id: 'cham', delaySeconds: 40 }),
        feedOutlet(quickServer, { id: 'nhanh', delaySeconds: 2 }),
      ],
      { impoliteHosts: [] },
    )
    await collector.poll()
    expect(order).toHaveLength(6)
    expect(order.lastIndexOf('nhanh/3')).toBeLessThan(order.indexOf('cham/2'))
  })

  it('waits as long as Retry-After asks after a 429', async () => {
    const answers: Record<string, Answer | string> = { '/a': status(429, { 'retry-after': '1200' }) }
    const server = await serve(answers)
    answers['/feed'] = xml(sampleFeed([{ url: `${server.origin}/a`, title: 'Bài A' }]), { etag: '"1"' })
    const { collector, store } = await crawl([feedOutlet(server)])
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
    const { collector, store } = await crawl([feedOutlet(server)], { maxConcurrency: 1 })
    await collector.poll()
    expect(pagesSeen(server).filter((path) => path !== '/feed').length).toBeLessThanOrEqual(6)
    expect((await store.frontier.counts()).waiting).toBe(20)
  })
})

describe('stopping', () => {
  it('collects nothing when the disk is nearly full, or when nobody is named in the User-Agent', async () => {
    const server = await serve({ '*': 'x' })
    const full = await crawl([feedOutlet(server)], { minFreeBytes: Number.MAX_SAFE_INTEGER })
    expect((await full.collector.poll()).stopped).toMatchObject({ code: 'disk.low' })
    const nameless = await crawl([feedOutlet(server)], { contact: null })
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
    const { collector, store } = await crawl([feedOutlet(server)], { maxConcurrency: 2 })
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
    const { collector, store } = await crawl([feedOutlet(server, { delaySeconds: 10 })], { impoliteHosts: [] })
    await collector.poll({ budgetMs: 60_000 })
    expect(await store.articles.count({})).toBeGreaterThan(0)
    expect(await store.articles.count({})).toBeLessThan(8)
    expect(await store.frontier.counts()).toMatchObject({ claimed: 0, failed: 0 })
  })
})
