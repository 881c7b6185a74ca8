import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { looksScripted } from '../crawlers/browser-need.ts'
import type { CollectorOptions } from '../crawlers/collect.ts'
import type { Outlet } from '../model.ts'
import { crawlRoom, feedOutlet } from './crawl-room.ts'
import { type Answer, type Crawl, sampleFeed, samplePage, type TestServer, xml } from './crawling.ts'
import { CHROMIUM, NO_CHROMIUM } from './support/chromium.ts'

const { clock, serve, crawl: open, afterwards } = crawlRoom('browser-')
const chromium = CHROMIUM === null ? null : { path: CHROMIUM, sandbox: process.getuid?.() !== 0 }
const crawl = (outlets: readonly Outlet[], change: Partial<CollectorOptions> = {}): Promise<Crawl> =>
  open(outlets, { browser: chromium, ...change })

const PARAGRAPH =
  'Chính quyền xã Bát Xát, tỉnh Lào Cai cho biết mưa lớn từ đêm qua đã gây sạt lở đất, nhiều hộ dân phải di dời đến nơi an toàn trong sáng nay.'

/** An article that scripts bring: the page holds a frame only. */
const scripted = (title: string, more = ''): string =>
  `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/style.css"></head>
<body><div id="root"></div><noscript>Hãy bật JavaScript</noscript><script src="/app.js"></script><script>${more}</script></body></html>`

const APP = `fetch('/api/bai.json').then((answer) => answer.json()).then(({ title, paragraphs }) => {
  const article = document.createElement('article')
  article.innerHTML = '<h1>' + title + '</h1>' + paragraphs.map((text) => '<p>' + text + '</p>').join('')
  document.getElementById('root').append(article)
})`

const json =
  (value: unknown): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
const script =
  (text: string): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(text)

const TITLE = 'Sạt lở đất ở Bát Xát sau đêm mưa lớn'
const site = async (more: Record<string, Answer | string> = {}, page = scripted(TITLE)): Promise<TestServer> => {
  const answers: Record<string, Answer | string> = {
    '/bai': page,
    '/app.js': script(APP),
    '/api/bai.json': json({ title: TITLE, paragraphs: Array.from({ length: 6 }, () => PARAGRAPH) }),
    ...more,
  }
  const server = await serve(answers)
  answers['/feed'] ??= xml(sampleFeed([{ url: `${server.origin}/bai`, title: TITLE }]))
  return server
}

describe.skipIf(CHROMIUM === null)(`pages read with a browser${CHROMIUM === null ? `: ${NO_CHROMIUM}` : ''}`, () => {
  it('are detected, read, archived as shown, and remembered for three weeks', async () => {
    const server = await site({ '/bai-2': scripted('Bài thứ hai') })
    const { collector, store, archive } = await crawl([feedOutlet(server)])
    await collector.poll()
    const [article] = await store.articles.list({})
    expect(article).toMatchObject({ title: TITLE, completeness: 'full' })
    expect(article?.text).toContain('Bát Xát')
    const page = await store.pages.latestOf(`${server.origin}/bai`)
    if (!page?.warc) throw new Error('the page is not archived')
    const shown = await archive.read(page.warc)
    expect(Buffer.from(shown.body).toString()).toContain(PARAGRAPH)
    expect(shown.headers).toEqual([['content-type', 'text/html; charset=utf-8']])
    // Once to see that it has no text, once with the browser; its style sheet never.
    const seen = server.pathsSeen()
    expect(seen.filter((path) => path === '/bai')).toHaveLength(2)
    expect(seen).toContain('/api/bai.json')
    expect(seen).not.toContain('/style.css')
    expect(server.seen.every(({ headers }) => headers['user-agent']?.startsWith('LaoCaiPressMonitor/'))).toBe(true)
    expect(await store.browserHosts.current('2025-10-21T00:00:00.000Z')).toEqual([server.host])
    expect(await store.browserHosts.current('2025-10-23T00:00:00.000Z')).toEqual([])
  })

  it('stay in the archive with their data, and go together', async () => {
    const server = await site()
    const { collector, store, archive } = await crawl([feedOutlet(server, { browser: 'always' })])
    await collector.poll()
    // The definition says it: not one request without the browser.
    expect(server.pathsSeen().filter((path) => path === '/bai')).toHaveLength(1)
    const page = await store.pages.latestOf(`${server.origin}/bai`)
    if (!page?.warc) throw new Error('the page is not archived')
    await archive.rotate()
    const kept = await archive.rewrite(page.warc.file, new Set())
    const moved = kept.get(page.warc.offset)
    if (!moved) throw new Error('the rendering was not kept')
    expect(Buffer.from((await archive.read(moved)).body).toString()).toContain(PARAGRAPH)
    const left = await archive.rewrite(moved.file, new Set([moved.offset]))
    // What remains is the feed, which is not archived, and the data: neither the page nor its rendering.
    expect(left.size).toBe(0)
  })

  it('reach nothing but their own site, and only through the guarded client', async () => {
    let connections = 0
    const inside = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((ready) => inside.listen(0, '127.0.0.1', ready))
    afterwards(() => new Promise((done) => inside.close(() => done())))
    const address = inside.address()
    const port = typeof address === 'object' ? address?.port : 0
    const evil = `const at = '127.0.0.1:${port}'
      const tries = [
        () => fetch('http://' + at + '/'), () => fetch('http://localhost:${port}/'), () => new WebSocket('ws://' + at),
        () => navigator.sendBeacon('http://' + at + '/'), () => new EventSource('http://' + at + '/'),
        () => { new Image().src = 'http://' + at + '/x.png' }, () => open('http://' + at + '/'),
        () => { for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'icon']) { const l = document.createElement('link'); l.rel = rel; l.href = 'http://' + at + '/'; document.head.append(l) } },
        () => { const f = document.createElement('iframe'); f.src = 'http://' + at + '/'; document.body.append(f) },
        () => { const f = document.createElement('iframe'); f.srcdoc = '<script>new RTCPeerConnection({iceServers:[{urls:"stun:' + at + '"}]}).createDataChannel("x")<\\/script>'; document.body.append(f) },
        () => new RTCPeerConnection({ iceServers: [{ urls: 'turn:' + at + '?transport=tcp', username: 'a', credential: 'b' }] }).createDataChannel('x'),
        () => navigator.serviceWorker.register('/sw.js'), () => new Worker(URL.createObjectURL(new Blob(['new WebSocket("ws://' + '127.0.0.1:${port}' + '"); fetch("http://127.0.0.1:${port}/")']))),
        () => alert('?'), () => { const a = document.createElement('a'); a.href = '/tep.zip'; a.download = 'tep.zip'; document.body.append(a); a.click() },
        () => fetch('/api/ghi', { method: 'POST', body: 'x' }), () => fetch('file:///etc/passwd'),
        () => setTimeout(() => { location.href = 'http://' + at + '/' }, 300), () => setTimeout(() => { location.href = '/khac' }, 300),
      ]
      for (const one of tries) { try { Promise.resolve(one()).catch(() => {}) } catch {} }`
    const server = await site({}, scripted(TITLE, evil))
    const { collector, store } = await crawl([feedOutlet(server, { browser: 'always' })], { testHosts: [server.host] })
    await collector.poll()
    expect(connections).toBe(0)
    const [article] = await store.articles.list({})
    expect(article).toMatchObject({ title: TITLE, completeness: 'full' })
    expect(new Set(server.pathsSeen())).toEqual(new Set(['/robots.txt', '/feed', '/bai', '/app.js', '/api/bai.json']))
  })

  it('load nothing that robots.txt forbids', async () => {
    const server = await site({ '/robots.txt': 'User-agent: *\nDisallow: /api/' })
    const { collector, store } = await crawl([feedOutlet(server)])
    const result = await collector.poll()
    expect(server.pathsSeen()).not.toContain('/api/bai.json')
    expect((await store.articles.list({}))[0]).toMatchObject({ completeness: 'feed-only' })
    expect(result.outlets[0]?.problems[0]?.code).toBe('page.no-text')
  })

  it('hold their host until they end: parts follow at once, the next page after the pause', async () => {
    const times: [string, number][] = []
    const noted =
      (path: string, answer: Answer): Answer =>
      (request, response) => {
        times.push([path, clock.now().getTime()])
        answer(request, response)
      }
    const html =
      (text: string): Answer =>
      (_, response) =>
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text)
    const timed = await site({
      '/feed': (request, response) =>
        xml(sampleFeed(['/bai', '/bai-2'].map((path) => ({ url: `${timed.origin}${path}`, title: TITLE }))))(
          request,
          response,
        ),
      '/bai': noted('/bai', html(scripted(TITLE))),
      '/bai-2': noted('/bai-2', html(scripted('Bài thứ hai'))),
      '/app.js': noted('/app.js', script(APP)),
    })
    const { collector } = await crawl([feedOutlet(timed, { browser: 'always', delaySeconds: 5 })], {
      impoliteHosts: [],
    })
    await collector.poll({ budgetMs: 600_000 })
    expect(times.map(([path]) => path)).toEqual(['/bai', '/app.js', '/bai-2', '/app.js'])
    const at = times.map(([, time]) => time)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeLessThan(5000)
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(5000)
  })

  it('that ask whether a person is reading are blocked, not solved', async () => {
    const challenge =
      '<html><body><div id="root"></div><script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>'
    const server = await site({ '/bai': challenge })
    const { collector } = await crawl([feedOutlet(server, { browser: 'always' })])
    const result = await collector.poll()
    expect(result.outlets[0]?.problems[0]?.code).toBe('page.challenge')
    expect(server.pathsSeen()).not.toContain('/cdn-cgi/challenge-platform/x.js')
  })

  it('that never come to rest are left after a while', async () => {
    const server = await site({}, scripted(TITLE, 'setTimeout(() => { for (;;) {} }, 50)'))
    const { collector } = await crawl([feedOutlet(server, { browser: 'always' })], { pageBrowser: { pageMs: 4000 } })
    const result = await collector.poll()
    expect(result.outlets[0]?.problems[0]?.code).toBe('browser.timeout')
  })

  it('are served by a browser started anew once one has served its number of pages', async () => {
    const server = await site({ '/bai-2': scripted('Bài thứ hai'), '/bai-3': scripted('Bài thứ ba') })
    const more = await site({
      '/feed': (request, response) =>
        xml(
          sampleFeed(
            ['/bai', '/bai-2', '/bai-3'].map((path) => ({ url: `${server.origin}${path}`, title: `Bài ${path}` })),
          ),
        )(request, response),
    })
    const { collector, store } = await crawl([feedOutlet(more, { browser: 'always' })], {
      pageBrowser: { pagesPerBrowser: 1 },
    })
    await collector.poll()
    const articles = await store.articles.list({})
    expect(articles.map(({ completeness }) => completeness)).toEqual(['full', 'full', 'full'])
  })
})

describe('without a browser', () => {
  it('says that one is missing, and reads everything else', async () => {
    const server = await site()
    const both = await site({
      '/tinh': samplePage('Chợ phiên Bắc Hà đông khách'),
      '/feed': (request, response) =>
        xml(
          sampleFeed([
            { url: `${server.origin}/bai`, title: TITLE },
            { url: `${both.origin}/tinh`, title: 'Chợ phiên Bắc Hà đông khách' },
          ]),
        )(request, response),
    })
    const { collector, store } = await crawl([feedOutlet(both, { browser: 'always' })], { browser: null })
    const result = await collector.poll()
    expect(result.outlets[0]?.problems).toMatchObject([{ code: 'browser.missing' }])
    expect((await store.articles.list({})).map(({ completeness }) => completeness).sort()).toEqual([
      'feed-only',
      'full',
    ])
    expect(await store.frontier.problems('2025-01-01T00:00:00.000Z')).toMatchObject([{ code: 'browser.missing' }])
  })
})

describe('a page that looks as if scripts brought its text', () => {
  const looks = (html: string): boolean => looksScripted(Buffer.from(html))
  it('is a frame with scripts, not a short page and not an article with many scripts', () => {
    expect(looks(scripted(TITLE))).toBe(true)
    expect(looks('<body><noscript>You need to enable JavaScript</noscript><script src="/a.js"></script></body>')).toBe(
      true,
    )
    expect(looks(`<body>${'<script src="/a.js"></script>'.repeat(6)}<p>…</p></body>`)).toBe(true)
    expect(looks('<body><p>404</p><script src="/a.js"></script></body>')).toBe(false)
    expect(looks(samplePage(TITLE, { head: '<script></script>'.repeat(20) }))).toBe(false)
    expect(looks('<body><div id="root"></div></body>')).toBe(false)
  })

  it('is told in linear time', () => {
    expect(looks('<script></script>'.repeat(50_000))).toBe(true)
  })
})
