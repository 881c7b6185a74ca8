import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import type { Outlet } from '../model.ts'
import { type Answer, type Crawl, openCrawl, sampleFeed, startServer, type TestServer, xml } from './crawling.ts'
import { CHROMIUM, NO_CHROMIUM } from './support/chromium.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

let folder = ''
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser-tabs-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

const chromium = CHROMIUM === null ? null : { path: CHROMIUM, sandbox: process.getuid?.() !== 0 }
const PARAGRAPH =
  'Chính quyền xã Bát Xát, tỉnh Lào Cai cho biết mưa lớn từ đêm qua đã gây sạt lở đất, nhiều hộ dân phải di dời đến nơi an toàn trong sáng nay.'

/** Tells in its text what it finds stored, then stores in every place there is, again and again until it ends. */
const REMEMBERING = `
  const open = () => new Promise((done) => {
    const asked = indexedDB.open('kho', 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('o')
    asked.onsuccess = () => done(asked.result)
  })
  const at = location.pathname
  const found = async () => {
    const all = []
    if (document.cookie) all.push('cookie')
    if (localStorage.length) all.push('local')
    if (sessionStorage.length) all.push('session')
    if (name) all.push('name')
    if ((await indexedDB.databases()).length) all.push('database')
    if ((await caches.keys()).length) all.push('cache')
    if (globalThis.left) all.push('global')
    return all.join(' ') || 'nothing'
  }
  const store = async () => {
    document.cookie = 'luot=' + at + '; max-age=9999'
    localStorage.luot = sessionStorage.luot = name = globalThis.left = at
    ;(await open()).close()
    await (await caches.open('kho')).put('/x', new Response(at))
  }
  found().then(async (before) => {
    await store()
    const after = await found()
    document.getElementById('root').innerHTML = '<article><h1>Bài ' + at + '</h1><p>Found: ' + before + '. Kept: ' + after + '.</p>' + ${JSON.stringify(`<p>${PARAGRAPH}</p>`)}.repeat(6) + '</article>'
    setInterval(() => { document.cookie = 'luot=lai'; localStorage.luot = 'lai'; sessionStorage.luot = 'lai'; name = 'lai' }, 1)
    addEventListener('pagehide', () => { localStorage.luot = sessionStorage.luot = 'het' })
  })`

const page = (script: string): string =>
  `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Bài</title></head><body><div id="root"></div><script>${script}</script></body></html>`

/** An outlet whose feed names all paths but `/du-lieu`. */
async function outletWith(
  answers: Record<string, Answer | string>,
  id = 'bao-mau',
): Promise<{ server: TestServer; outlet: Outlet }> {
  const paths = Object.keys(answers).filter((path) => path !== '/du-lieu')
  const server = await startServer(answers)
  closing.push(server.close)
  answers['/feed'] = xml(sampleFeed(paths.map((path) => ({ url: `${server.origin}${path}`, title: `Bài ${path}` }))))
  const source = { kind: 'feed' as const, url: `${server.origin}/feed` }
  return { server, outlet: sampleOutlet({ id, sources: [source], browser: 'always' }) }
}

const crawl = async (outlets: readonly Outlet[], testHosts: readonly string[], maxPages: number): Promise<Crawl> => {
  const opened = await openCrawl(folder, outlets, simulatedClock(new Date('2025-10-01T02:00:00Z')), {
    browser: chromium,
    testHosts,
    pageBrowser: { maxPages },
  })
  closing.push(opened.close)
  return opened
}

const suite = CHROMIUM === null ? describe.skip : describe

suite(`the tabs of the browser${CHROMIUM === null ? ` (${NO_CHROMIUM})` : ''}`, () => {
  it('show every document to a reader who has never been there, whoever was shown before', async () => {
    const pages = Object.fromEntries(['/1', '/2', '/3'].map((path) => [path, page(REMEMBERING)]))
    const [one, other] = [await outletWith({ ...pages }), await outletWith({ ...pages }, 'bao-khac')]
    // One tab at a time: each document comes after another of its own site or of the other.
    const { collector, store } = await crawl([one.outlet, other.outlet], [one.server.host, other.server.host], 1)
    await collector.poll()
    const texts = (await store.articles.list({})).map(({ text }) => text?.split('\n')[0])
    expect(texts).toEqual(
      Array.from({ length: 6 }, () => 'Found: nothing. Kept: cookie local session name database cache global.'),
    )
  })
})

suite(`addresses inside the network${CHROMIUM === null ? ` (${NO_CHROMIUM})` : ''}`, () => {
  it('are not reached by a redirect, of the document or of what it loads', async () => {
    const inside = await startServer({ '*': 'secret' })
    closing.push(inside.close)
    const to: Answer = (_, response) => response.writeHead(302, { location: `${inside.origin}/latest/meta-data` }).end()
    const { server, outlet } = await outletWith({
      '/chuyen': to,
      '/du-lieu': to,
      '/bai': page(
        `fetch('/du-lieu').catch(() => ({ text: () => 'refused' })).then((answer) => answer.text()).then((text) => {
          document.getElementById('root').innerHTML = '<article><h1>Bài</h1><p>Data: ' + text + '.</p>' + ${JSON.stringify(`<p>${PARAGRAPH}</p>`)}.repeat(6) + '</article>'
        })`,
      ),
    })
    const { collector, store } = await crawl([outlet], [server.host], 2)
    const result = await collector.poll()
    expect(inside.seen).toEqual([])
    expect(result.outlets[0]?.problems.map(({ code }) => code)).toEqual(['guard.address'])
    const read = (await store.articles.list({})).find(({ url }) => url.endsWith('/bai'))
    expect(read?.text).toContain('Data: refused.')
    expect(server.pathsSeen()).toContain('/du-lieu')
  })
})
