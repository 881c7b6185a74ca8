import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Clock, simulatedClock, systemClock } from '../clock.ts'
import { createReadFurther } from '../crawlers/further-pages.ts'
import { furtherPages } from '../pipeline/extraction/further-pages.ts'
import { parseTree } from '../pipeline/extraction/tree.ts'
import { joinPages } from '../pipeline/pages.ts'
import { openCrawl, startServer, type TestServer } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'
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

  const collect = async (pages: Readonly<Record<number, string>>, clock: Clock = systemClock) => {
    const path = '/bai-mau-nhieu-trang-100.html'
    const answers: Record<string, string> = {}
    const show = (shown: Readonly<Record<number, string>>): void => {
      for (const name of Object.keys(answers)) delete answers[name]
      for (const [n, html] of Object.entries(shown)) answers[n === '1' ? path : `${path}?page=${n}`] = html
      answers['/list'] = `<a href="${path}">Bài mẫu nhiều trang về Lào Cai</a>`
    }
    show(pages)
    server = await startServer(answers)
    const outlet = sampleOutlet({
      sources: [{ kind: 'listing', url: `${server.origin}/list`, links: 'a' }],
      articlePattern: '-\\d+\\.html',
    })
    const folder = await mkdtemp(join(tmpdir(), 'pages-'))
    const crawling = await openCrawl(folder, [outlet], clock)
    close = async () => {
      await crawling.close()
      await rm(folder, { recursive: true, force: true })
    }
    await crawling.collector.poll()
    const found = await crawling.store.articles.byUrl(`${server.origin}${path}`)
    return { ...crawling, server, path, found, show }
  }

  const third = (n: number) => PARAGRAPHS.slice(4 * n, 4 * n + 4)
  const threePages = () => ({ 1: article(1, 3, third(0)), 2: article(2, 3, third(1)), 3: article(3, 3, third(2)) })

  it('gives one article in one version, each page archived and leading to it', async () => {
    const { store, archive, found, server, path } = await collect(threePages())
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

  it('sees an edit on a later page when it is visited again, and archives nothing twice', async () => {
    const clock = simulatedClock(new Date('2025-10-01T03:00:00Z'))
    const { store, archive, collector, found, server, path, show } = await collect(threePages(), clock)
    const visit = async (hours: number) => {
      clock.advance(hours * 3_600_000)
      await collector.poll()
      return store.articles.byUrl(`${server.origin}${path}`)
    }
    const second = (await store.pages.latestOf(`${server.origin}${path}?page=2`))?.warc
    // Nothing changed: each page was asked for again, none archived anew.
    expect((await visit(2))?.version).toBe(1)
    const asked = server.pathsSeen().filter((seen) => seen.startsWith(path))
    expect(asked).toEqual([path, `${path}?page=2`, `${path}?page=3`, path, `${path}?page=2`, `${path}?page=3`])
    expect((await store.pages.latestOf(`${server.origin}${path}?page=2`))?.warc).toEqual(second)

    // What changes around the text is no edit.
    const pages = threePages()
    show({ ...pages, 2: pages[2].replace('</nav>', '<a href="/khac">Tin mới</a></nav>') })
    expect((await visit(6))?.version).toBe(1)

    const edited = third(1).map((text, n) =>
      n === 2 ? `${text} Ngày 2 tháng 10, xã đính chính: chỉ có hai hộ phải di dời.` : text,
    )
    show({ ...pages, 2: article(2, 3, edited) })
    const changed = await visit(24)
    expect(changed?.version).toBe(2)
    expect(changed?.text.split('\n')).toEqual([...third(0), ...edited, ...third(2)])
    expect(changed?.completeness).toBe('full')
    expect((await store.visits.versions(found?.id ?? '')).map(({ cause }) => cause)).toEqual(['first', 'edited'])
    const page = await store.pages.latestOf(`${server.origin}${path}?page=2`)
    expect(page?.warc && Buffer.from((await archive.read(page.warc)).body).toString()).toContain('đính chính')
    // The next visit compares with what it is now.
    expect((await visit(72))?.version).toBe(2)
  })

  it('takes a later page that cannot be had at a visit for no edit, and the article for no gone one', async () => {
    const clock = simulatedClock(new Date('2025-10-01T03:00:00Z'))
    const { store, collector, found, server, path, show } = await collect(threePages(), clock)
    // Only the first page is there, and with another box beside the text.
    show({ 1: article(1, 3, third(0)).replace('</nav>', '<a href="/khac">Tin mới</a></nav>') })
    for (const hours of [2, 6, 24]) {
      clock.advance(hours * 3_600_000)
      await collector.poll()
    }
    expect((await store.articles.byUrl(`${server.origin}${path}`))?.version).toBe(1)
    expect((await store.visits.log(found?.id ?? '')).map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ])
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
