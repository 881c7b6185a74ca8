import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { createReadFurther } from '../crawlers/further-pages.ts'
import { furtherPages } from '../pipeline/extraction/further-pages.ts'
import { parseTree } from '../pipeline/extraction/tree.ts'
import { joinPages } from '../pipeline/pages.ts'
import { openCrawl, sampleOutlet, startServer, type TestServer } from './crawling.ts'
import { extractedSample } from './support/store-samples.ts'

const links = (...hrefs: string[]) =>
  parseTree(`<html><body>${hrefs.map((href) => `<a href="${href}">trang</a>`).join('')}</body></html>`)
const numbers = (first: string, ...hrefs: string[]) =>
  furtherPages(links(...hrefs), first).map(({ number, url }) => `${number} ${url}`)

describe('the links to further pages', () => {
  it('are those that are the article’s own address but for a number', () => {
    const first = 'https://bao.example/bai-mau-ve-lao-cai.html'
    expect(numbers(first, '?page=3', '/bai-mau-ve-lao-cai-p2.html', '/bai-mau-ve-lao-cai_4.html#x')).toEqual([
      '2 https://bao.example/bai-mau-ve-lao-cai-p2.html',
      '3 https://bao.example/bai-mau-ve-lao-cai.html?page=3',
      '4 https://bao.example/bai-mau-ve-lao-cai_4.html',
    ])
    const next = parseTree('<html><head><link rel="next" href="/bai-mau-ve-lao-cai/trang-2"></head></html>')
    expect(furtherPages(next, first)).toEqual([{ number: 2, url: 'https://bao.example/bai-mau-ve-lao-cai/trang-2' }])
  })

  it('are none of another article, another host, the comments or a section', () => {
    const first = 'https://bao.example/bai-mau-ve-lao-cai.html'
    const others = [
      '/bai-khac.html?page=2',
      'https://khac.example/bai-mau-ve-lao-cai.html?page=2',
      '?page=1',
      '?page=11',
    ]
    expect(numbers(first, ...others, '/bai-mau-ve-lao-cai/binh-luan?page=2')).toEqual([])
    expect(numbers(first, '/bai-mau-ve-lao-cai-tiep-theo-ky-khac-p2.html')).toEqual([])
    expect(numbers('https://bao.example/', '?page=2')).toEqual([])
  })
})

describe('joining pages', () => {
  it('keeps the order, drops what is repeated, and says when something is missing', () => {
    const page = (text: string) => extractedSample({ text, completeness: 'paged', title: 'Bài mẫu', lead: 'Sapô.' })
    const first = page('Một.\nHộp.')
    const whole = joinPages(first, [page('Sapô.\nHai.\nHộp.'), page('Ba.\nBa.')], false)
    expect(whole).toMatchObject({ text: 'Một.\nHộp.\nHai.\nBa.\nBa.', completeness: 'full', by: { pages: '3' } })
    expect(joinPages(first, [page('Hai.'), null], false)).toMatchObject({
      text: 'Một.\nHộp.\nHai.',
      completeness: 'paged',
    })
    expect(joinPages(first, [page('Hai.')], true).completeness).toBe('paged')
  })
})

const PARAGRAPHS = Array.from({ length: 12 }, (_, n) =>
  [1, 2, 3].map(
    (m) =>
      `Câu mẫu số ${n}.${m}: người dân xã Bản Mẫu ở Lào Cai kể lại chuyến đi qua con đường đất ven suối vào buổi sáng thứ ${n + m}.`,
  ),
).map((sentences) => sentences.join(' '))

const article = (number: number, last: number, paragraphs: readonly string[]): string => {
  const others = Array.from({ length: last }, (_, at) => at + 1).filter((n) => n > 1 && n !== number)
  return `<!doctype html><html lang="vi"><head><title>Bài mẫu nhiều trang về Lào Cai</title>
<meta property="article:published_time" content="2025-10-01T08:00:00+07:00"></head><body><article><h1>Bài mẫu nhiều trang về Lào Cai</h1>
${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}</article>
<nav>${others.map((n) => `<a href="/bai-mau-nhieu-trang-100.html?page=${n}">${n}</a>`).join(' ')}</nav></body></html>`
}

describe('collecting an article of several pages', () => {
  let server: TestServer | null = null
  let close: (() => Promise<void>) | null = null
  afterEach(async () => {
    await close?.()
    await server?.close()
  })

  const collect = async (pages: Readonly<Record<number, string>>) => {
    const path = '/bai-mau-nhieu-trang-100.html'
    const answers = Object.fromEntries(
      Object.entries(pages).map(([n, html]) => [n === '1' ? path : `${path}?page=${n}`, html]),
    )
    server = await startServer({
      ...answers,
      '/list': `<a href="${path}">Bài mẫu nhiều trang về Lào Cai</a>`,
    })
    const outlet = sampleOutlet({
      sources: [{ kind: 'listing', url: `${server.origin}/list`, links: 'a' }],
      articlePattern: '-\\d+\\.html',
    })
    const folder = await mkdtemp(join(tmpdir(), 'pages-'))
    const crawling = await openCrawl(folder, [outlet], systemClock)
    close = async () => {
      await crawling.close()
      await rm(folder, { recursive: true, force: true })
    }
    await crawling.collector.poll()
    const found = await crawling.store.articles.byUrl(`${server.origin}${path}`)
    return { ...crawling, server, path, found }
  }

  it('gives one article in one version, each page archived and leading to it', async () => {
    const third = (n: number) => PARAGRAPHS.slice(4 * n, 4 * n + 4)
    const { store, archive, found, server, path } = await collect({
      1: article(1, 3, third(0)),
      2: article(2, 3, third(1)),
      3: article(3, 3, third(2)),
    })
    expect(found?.version).toBe(1)
    expect(found?.completeness).toBe('full')
    expect(found?.text.split('\n')).toEqual(PARAGRAPHS)
    expect(server.pathsSeen().filter((seen) => seen.startsWith(path))).toEqual([
      path,
      `${path}?page=2`,
      `${path}?page=3`,
    ])
    for (const n of [2, 3]) {
      const url = `${server.origin}${path}?page=${n}`
      const page = await store.pages.latestOf(url)
      expect(page?.warc && (await archive.read(page.warc)).body.length).toBeGreaterThan(500)
      expect((await store.articles.byUrl(url))?.id).toBe(found?.id)
    }
    expect(await store.articles.count({})).toBe(1)
  })

  it('keeps what there is when a page cannot be had, and says so', async () => {
    const { found } = await collect({ 1: article(1, 3, PARAGRAPHS.slice(0, 6)), 3: article(3, 3, PARAGRAPHS.slice(6)) })
    expect(found?.completeness).toBe('paged')
    expect(found?.text.split('\n')).toEqual(PARAGRAPHS)
    expect(found?.doubts.join('\n')).toMatch(/^page 2: /m)
  })

  it('asks for ten pages at most, however many there seem to be', async () => {
    const seen: string[] = []
    const endless = (n: number): string =>
      article(n, n + 1, [PARAGRAPHS[n % 12] ?? '', `Đoạn riêng của trang ${n} trong bài mẫu rất dài về Lào Cai.`])
    const { archive, found } = await collect({ 1: endless(1) })
    const body = (n: number) => Buffer.from(endless(n))
    const read = createReadFurther({
      archive: { ...archive, append: async () => ({ file: 'f', offset: 0, length: 0 }) },
      get: async (url) => {
        seen.push(url)
        const n = Number(/page=(\d+)/.exec(url)?.[1])
        return { ...first, url, finalUrl: url, body: body(n) }
      },
    })
    const exchange = {
      url: '',
      startedAt: new Date(0),
      address: null,
      requestHeaders: [],
      status: 200,
      statusText: 'OK',
    }
    const first = {
      ...{ url: 'http://127.0.0.1/bai-mau-nhieu-trang-100.html', redirects: [], status: 200, digest: 'sha256:0' },
      ...{
        finalUrl: 'http://127.0.0.1/bai-mau-nhieu-trang-100.html',
        headers: { 'content-type': 'text/html; charset=utf-8' },
      },
      last: { ...exchange, responseHeaders: [], wireBody: new Uint8Array() },
      body: body(1),
    }
    const extracted = extractedSample({ text: found?.text ?? '', completeness: 'paged' })
    const whole = await read(sampleOutlet(), first, extracted)
    expect(seen).toHaveLength(9)
    expect(whole.pages).toHaveLength(9)
    expect(whole.extracted.by.pages).toBe('10')
  })
})
