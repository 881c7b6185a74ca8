import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { readGdelt } from '../crawlers/discovery/gdelt.ts'
import { learnLinks } from '../crawlers/discovery/learned-links.ts'
import { linksOf, readListing } from '../crawlers/discovery/listings.ts'
import { readSitemap } from '../crawlers/discovery/sitemaps.ts'
import { RetryLater, Skip } from '../errors.ts'
import type { Outlet } from '../model.ts'
import { withSearches } from '../profiles/search-sources.ts'
import { type Answer, openCrawl, samplePage, startServer, status, type TestServer } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const site = 'https://bao.example.vn'
const now = new Date('2025-10-10T00:00:00Z')
const outlet: Outlet = sampleOutlet({ articlePattern: '-\\d+\\.html$' })
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const never = { lastSuccessAt: null, now, depth: 0 }

const urlset = (entries: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">${entries.join('')}</urlset>`
const entry = (loc: string, lastmod?: string, extra = ''): string =>
  `<url><loc>${loc}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ''}${extra}</url>`
const index = (entries: readonly [string, string?][]): string =>
  `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries
    .map(([loc, lastmod]) => `<sitemap><loc>${loc}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ''}</sitemap>`)
    .join('')}</sitemapindex>`

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Skip || error instanceof RetryLater) return error.code
    throw error
  }
  return 'none'
}

describe('sitemaps', () => {
  it("takes title and time of Google's news extension, and passes over pictures and pages that are no articles", async () => {
    const text = urlset([
      entry(
        `${site}/lu-quet-1.html`,
        '2025-10-09T03:00:00Z',
        '<news:news><news:publication><news:name>Báo mẫu</news:name><news:language>vi</news:language></news:publication><news:publication_date>2025-10-09T08:00:00+07:00</news:publication_date><news:title>Lũ quét &amp; sạt lở ở Sa Pa</news:title></news:news><image:image><image:loc>https://bao.example.vn/anh-9.html</image:loc></image:image>',
      ),
      entry(`${site}/`),
      entry(`${site}/thoi-su`),
    ])
    const found = await readSitemap(bytes(text), `${site}/news.xml`, outlet, never)
    expect(found.items).toEqual([
      {
        url: `${site}/lu-quet-1.html`,
        title: 'Lũ quét & sạt lở ở Sa Pa',
        summary: null,
        published: '2025-10-09T01:00:00.000Z',
        guid: null,
      },
    ])
  })

  it('goes by lastmod: 30 days at first, later what is newer than the last reading', async () => {
    const text = urlset([
      entry(`${site}/cu-1.html`, '2024-01-01'),
      entry(`${site}/thang-truoc-2.html`, '2025-09-20'),
      entry(`${site}/moi-3.html`, '2025-10-09T10:00:00Z'),
      entry(`${site}/khong-ngay-4.html`),
    ])
    const at = async (lastSuccessAt: string | null) =>
      (await readSitemap(bytes(text), `${site}/s.xml`, outlet, { ...never, lastSuccessAt })).items.map(
        ({ url }) => /-(\d)\./.exec(url)?.[1],
      )
    expect(await at(null)).toEqual(['2', '3', '4'])
    expect(await at('2025-10-09T00:00:00.000Z')).toEqual(['3', '4'])
  })

  it('reads gzip by content, 50,000 entries, and says that more were cut', async () => {
    const many = Array.from({ length: 50_010 }, (_, n) => entry(`${site}/bai-mau-${n}.html`, '2025-10-09'))
    const found = await readSitemap(gzipSync(urlset(many)), `${site}/sitemap.xml`, outlet, never)
    expect(found.items).toHaveLength(50_000)
    expect(found.doubts).toEqual(['sitemap: more than 50000 entries; the rest was not read'])
  })

  it('names the sitemaps of an index, the most recently changed first, no old ones, and ends at the third level', async () => {
    const text = index([
      [`${site}/s-2025-08.xml`, '2025-08-31'],
      [`${site}/s-2025-09.xml`, '2025-09-30'],
      [`${site}/s-2025-10.xml.gz`, '2025-10-09'],
      ['ftp://bao.example.vn/s.xml', '2025-10-09'],
    ])
    const found = await readSitemap(bytes(text), `${site}/index.xml`, outlet, never)
    expect(found.more?.map(({ source }) => source.url)).toEqual([`${site}/s-2025-10.xml.gz`, `${site}/s-2025-09.xml`])
    const deep = readSitemap(bytes(text), `${site}/index.xml`, outlet, { ...never, depth: 2 })
    expect(await codeOf(deep)).toBe('sitemap.too-deep')
  })

  it('takes undated sitemaps of an index by the numbers in their names', async () => {
    const text = index([[`${site}/sitemap-9.xml`], [`${site}/sitemap-10.xml`], [`${site}/sitemap-2.xml`]])
    const found = await readSitemap(bytes(text), `${site}/index.xml`, outlet, never)
    expect(found.more?.map(({ source }) => source.url.match(/\d+/)?.[0])).toEqual(['10', '9', '2'])
  })

  it('expands no entities, bounds what inflates, and knows a page or a cut file for what it is', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(50)}"><!ENTITY c "&a;&a;">]>${urlset([entry(`${site}/x-&c;-1.html`)])}`
    const expanded = await readSitemap(bytes(bomb), `${site}/s.xml`, outlet, never)
    expect(expanded.items.map(({ url }) => url).join()).not.toContain('bbb')
    const huge = gzipSync(Buffer.alloc(60 * 1024 * 1024, 32))
    expect(await codeOf(readSitemap(huge, `${site}/s.xml.gz`, outlet, never))).toBe('sitemap.too-large')
    const page = bytes(`<!doctype html><html><body>${'<p>Không tìm thấy</p>'.repeat(50)}</body></html>`)
    expect(await codeOf(readSitemap(page, `${site}/s.xml`, outlet, never))).toBe('sitemap.not-a-sitemap')
    const cut = gzipSync(urlset([entry(`${site}/a-1.html`)])).subarray(0, 60)
    expect(await codeOf(readSitemap(cut, `${site}/s.xml.gz`, outlet, never))).toBe('sitemap.damaged')
  })

  it('reads a list of addresses as a sitemap', async () => {
    const found = await readSitemap(bytes(`${site}/a-1.html\n${site}/b-2.html\n`), `${site}/s.txt`, outlet, never)
    expect(found.items.map(({ url }) => url)).toEqual([`${site}/a-1.html`, `${site}/b-2.html`])
  })
})

const front = `<html><body>
  <nav><a href="/van-hoa-du-lich-va-the-thao-cac-tinh-20250.html">Văn hóa, du lịch và thể thao các tỉnh phía Bắc</a></nav>
  ${Array.from({ length: 6 }, (_, n) => `<div><a href="/mua-lon-gay-sat-lo-post30000${n}.html"><img src="a.jpg"></a><h3><a href="/mua-lon-gay-sat-lo-post30000${n}.html">Mưa lớn gây sạt lở ở xã Bát Xát, ngày thứ ${n}</a></h3></div>`).join('')}
  ${Array.from({ length: 5 }, (_, n) => `<a href="/chuyen-muc-so-${n}-20250${n}.htm">Mục ${n}</a>`).join('')}
  ${Array.from({ length: 5 }, (_, n) => `<a href="/lich/2025/10/0${n}">Các bài viết đã đăng trong ngày ${n} tháng mười</a>`).join('')}
  <a href="https://quang-cao.example/mua-ngay-hom-nay-999999.html">Mua ngay hôm nay để được giảm giá lớn</a>
  <footer><a href="/gioi-thieu-ve-bao-mau-cua-chung-toi-12345.html">Giới thiệu về báo mẫu của chúng tôi</a></footer></body></html>`

describe('learned links', () => {
  it('are those whose addresses have one shape and whose texts are titles', () => {
    const { links, base } = linksOf(front, `${site}/`)
    const learned = learnLinks(links, base)
    expect(new Set(learned.links.map(({ url }) => url.slice(site.length)))).toEqual(
      new Set(Array.from({ length: 6 }, (_, n) => `/mua-lon-gay-sat-lo-post30000${n}.html`)),
    )
    const pattern = new RegExp(learned.pattern ?? expect.fail())
    expect(pattern.test(`${site}/cau-moi-qua-song-hong-post512345.html`)).toBe(true)
    expect(pattern.test(`${site}/chuyen-muc-so-1-202501.htm`)).toBe(false)
  })

  it.each([
    ['numbers', (n: number) => `/vi/bai-viet/${1000 + n}`, '/vi/bai-viet/2044', '/vi/chuyen-muc'],
    ['days', (n: number) => `/n1/2025/100${n}/c1002-4057000${n}.html`, '/n1/2024/0102/c77-40.html', '/n1/index.html'],
    ['queries', (n: number) => `/view.aspx?newsid=55${n}`, '/view.aspx?newsid=1234', '/view.aspx?cat=12'],
    ['a number before the words', (n: number) => `/tin/40${n}9/tin-moi.aspx`, '/tin/4129/tin-moi.aspx', '/tin/moi'],
  ])('are found by %s', (_name, path, matches, not) => {
    const links = Array.from({ length: 6 }, (_, n) => ({
      ...{ url: `${site}${path(n)}`, text: `Tin mẫu số ${n} về cửa khẩu quốc tế Lào Cai`, inNavigation: false },
    }))
    const { pattern, links: found } = learnLinks(links, `${site}/`)
    expect(found).toHaveLength(6)
    expect(new RegExp(pattern ?? expect.fail()).test(`${site}${matches}`)).toBe(true)
    expect(new RegExp(pattern ?? expect.fail()).test(`${site}${not}`)).toBe(false)
  })

  it('stand in for rule and pattern, with a doubt that says so', () => {
    const plain = { ...outlet, articlePattern: null }
    const { items, doubts } = readListing(bytes(front), null, `${site}/`, { kind: 'listing', url: `${site}/` }, plain)
    expect(items).toHaveLength(6)
    expect(items[0]?.title).toBe('Mưa lớn gây sạt lở ở xã Bát Xát, ngày thứ 0')
    expect(doubts[0]).toMatch(/^links: learned/)
  })

  it('a search that finds nothing is no fault', () => {
    const search = { kind: 'search', url: `${site}/tim-kiem?q=x` } as const
    expect(readListing(bytes('<p>Không có kết quả</p>'), null, search.url, search, outlet).items).toEqual([])
  })
})

describe('GDELT', () => {
  it('gives addresses and titles; what it saw when is no time of publication', () => {
    const text = `{"articles":[{"url":"https://news.example.com/a-1.html","title":"Floods in Lao Cai , Vietnam","seendate":"20251009T120000Z","domain":"news.example.com"}]}`
    const found = readGdelt(bytes(text), 'https://api.example/doc', outlet)
    expect(found.items).toMatchObject([{ title: 'Floods in Lao Cai, Vietnam', published: null }])
    expect(found.changed?.get('https://news.example.com/a-1.html')).toBe('2025-10-09T12:00:00.000Z')
    expect(readGdelt(bytes('{}'), 'https://api.example/doc', outlet).items).toEqual([])
  })

  it('is quoted when it refuses', () => {
    const refused = () =>
      readGdelt(bytes('Please limit requests to one every 5 seconds'), 'https://api.example', outlet)
    expect(refused).toThrow(/one every 5 seconds/)
  })
})

describe('searches of a profile', () => {
  const queries = { vi: ['Lào Cai', 'Sa Pa'], zh: ['老街'], en: ['Lao Cai'] }
  const ask = { queries, domestic: true, foreign: [] }
  const searching = (change: Partial<Outlet> = {}): Outlet =>
    sampleOutlet({
      sources: [
        { kind: 'feed', url: `${site}/rss` },
        { kind: 'search', url: `${site}/tim-kiem?q={query}`, links: 'h3 a' },
      ],
      ...change,
    })
  const urls = (one: Outlet): string[] => one.sources.map(({ url }) => url)

  it('become one source for each word of the outlet’s languages', () => {
    expect(withSearches(searching(), ask).sources).toEqual([
      { kind: 'feed', url: `${site}/rss` },
      { kind: 'search', url: `${site}/tim-kiem?q=L%C3%A0o%20Cai`, links: 'h3 a' },
      { kind: 'search', url: `${site}/tim-kiem?q=Sa%20Pa`, links: 'h3 a' },
    ])
    expect(urls(withSearches(searching({ languages: ['zh', 'en'] }), ask))).toHaveLength(3)
  })

  it('are shown to no foreign host unless the profile names it', () => {
    const foreign = searching({ id: 'wire', origin: 'foreign', languages: ['en'] })
    expect(urls(withSearches(foreign, ask))).toEqual([`${site}/rss`])
    expect(urls(withSearches(foreign, { ...ask, foreign: ['wire'] }))).toHaveLength(2)
    expect(urls(withSearches(foreign, { ...ask, foreign: 'all' }))).toHaveLength(2)
    expect(urls(withSearches(searching(), { ...ask, domestic: false }))).toEqual([`${site}/rss`])
    expect(urls(withSearches(searching(), undefined))).toEqual([`${site}/rss`])
  })
})

describe('sitemaps over HTTP', () => {
  let folder: string
  let server: TestServer
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'discovery-'))
  })
  afterEach(async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('follows an index to its gzip sitemaps politely, reads only what changed, and comes back to one that failed', async () => {
    const clock = simulatedClock(now)
    let broken = true
    const gz =
      (text: string): Answer =>
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(gzipSync(text))
    const lists: Record<string, string[]> = { a: [], b: [] }
    const sitemap =
      (name: string): Answer =>
      (request, response) =>
        name === 'b' && broken ? status(503)(request, response) : gz(urlset(lists[name] ?? []))(request, response)
    server = await startServer({
      '/robots.txt': (_, response) => response.end('User-agent: *\nDisallow: /sitemap-kin.xml'),
      '/index.xml': (_, response) =>
        response.end(
          index([
            [`${server.origin}/sitemap-a.xml.gz`, '2025-10-10'],
            [`${server.origin}/sitemap-b.xml.gz`, '2025-10-09'],
            [`${server.origin}/sitemap-kin.xml`, '2025-10-09'],
            [`${server.origin}/sitemap-cu.xml.gz`, '2025-01-01'],
          ]),
        ),
      '/sitemap-a.xml.gz': sitemap('a'),
      '/sitemap-b.xml.gz': sitemap('b'),
      '/bai-mot-1.html': samplePage('Mưa lớn ở xã Bát Xát, tỉnh Lào Cai'),
      '/bai-hai-2.html': samplePage('Cầu mới qua sông Hồng ở Lào Cai'),
    })
    lists.a = [
      entry(`${server.origin}/bai-mot-1.html`, '2025-10-09'),
      entry(`${server.origin}/cu-3.html`, '2020-01-01'),
    ]
    lists.b = [entry(`${server.origin}/bai-hai-2.html`, '2025-10-09')]
    const one = {
      ...outlet,
      homepage: server.origin,
      sources: [{ kind: 'sitemap', url: `${server.origin}/index.xml` }],
    }
    const crawl = await openCrawl(folder, [one as Outlet], clock)
    try {
      await crawl.collector.poll()
      const titles = async () =>
        (await crawl.store.articles.list({}, { limit: 9, offset: 0 })).map(({ url }) => url.slice(-6))
      expect(await titles()).toEqual(['1.html'])
      expect(server.pathsSeen()).not.toContain('/sitemap-cu.xml.gz')
      expect(server.pathsSeen()).not.toContain('/sitemap-kin.xml')
      expect(server.pathsSeen()).not.toContain('/cu-3.html')
      broken = false
      clock.advance(7 * 3_600_000)
      await crawl.collector.poll()
      expect((await titles()).sort()).toEqual(['1.html', '2.html'])
    } finally {
      await crawl.close()
    }
  })

  it('asks an index as often as its sitemaps bring something', async () => {
    const HOUR = 3_600_000
    const clock = simulatedClock(now)
    const asked: number[] = []
    const published = (): number[] => {
      const hours = Math.floor((clock.now().getTime() - now.getTime()) / HOUR)
      return Array.from({ length: hours + 1 }, (_, n) => now.getTime() + n * HOUR)
    }
    const stamp = (at: number): string => new Date(at).toISOString()
    const list: Answer = (_, response) =>
      response.end(urlset(published().map((at, n) => entry(`${server.origin}/bai-${n}.html`, stamp(at)))))
    server = await startServer({
      '/index.xml': (_, response) => {
        asked.push(clock.now().getTime() - now.getTime())
        response.end(index([[`${server.origin}/sitemap-a.xml`, stamp(published().at(-1) ?? 0)]]))
      },
      '/sitemap-a.xml': list,
    })
    const sources = [{ kind: 'sitemap', url: `${server.origin}/index.xml` }] as const
    const crawl = await openCrawl(folder, [{ ...outlet, homepage: server.origin, sources }], clock)
    try {
      for (let quarter = 0; quarter < 96; quarter += 1) {
        await crawl.collector.poll()
        clock.advance(15 * 60_000)
      }
      const later = asked.filter((at) => at > 12 * HOUR)
      const pauses = later.slice(1).map((at, n) => at - (later[n] ?? 0))
      expect(later.length).toBeGreaterThan(6)
      // An hour and a half in quiet hours, its jitter, and the quarter of an hour between two polls.
      expect(Math.max(...pauses)).toBeLessThanOrEqual(2 * HOUR)
    } finally {
      await crawl.close()
    }
  })

  it('asks a search, whose finds belong to the outlet, at most once in an hour', async () => {
    const clock = simulatedClock(now)
    server = await startServer({
      '/tim-kiem?q=Sa%20Pa': '<h3><a href="/cau-moi-o-sa-pa-7.html">Cầu mới ở Sa Pa, tỉnh Lào Cai</a></h3>',
      '/cau-moi-o-sa-pa-7.html': samplePage('Cầu mới ở Sa Pa, tỉnh Lào Cai'),
    })
    const sources = [{ kind: 'search', url: `${server.origin}/tim-kiem?q={query}` }] as const
    const one = withSearches(
      { ...outlet, homepage: server.origin, sources },
      { queries: { vi: ['Sa Pa'] }, domestic: true, foreign: [] },
    )
    const crawl = await openCrawl(folder, [one], clock)
    try {
      const asked = () => server.pathsSeen().filter((path) => path.startsWith('/tim-kiem')).length
      for (let minutes = 0; minutes < 180; minutes += 20) {
        await crawl.collector.poll()
        clock.advance(20 * 60_000)
      }
      expect(asked()).toBe(1)
      const [article] = await crawl.store.articles.list({}, { limit: 9, offset: 0 })
      expect(article).toMatchObject({ outletId: outlet.id, title: 'Cầu mới ở Sa Pa, tỉnh Lào Cai' })
      expect(article?.text).toContain('Bát Xát')
    } finally {
      await crawl.close()
    }
  })

  it('an answer 451 makes an outlet unreachable, and no other way to it is tried', async () => {
    const clock = simulatedClock(now)
    server = await startServer({ '*': status(451), '/robots.txt': 'User-agent: *' })
    const one = sampleOutlet({ homepage: server.origin, sources: [{ kind: 'feed', url: `${server.origin}/rss` }] })
    const crawl = await openCrawl(folder, [one], clock)
    try {
      await crawl.collector.poll()
      expect(await crawl.store.sources.all()).toMatchObject([
        { status: 'unreachable', lastErrorCode: 'page.refused-here' },
      ])
      expect(server.pathsSeen()).toEqual(['/robots.txt', '/rss'])
    } finally {
      await crawl.close()
    }
  })
})
