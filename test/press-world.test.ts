import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { load } from 'cheerio'
import { parseFeed } from 'feedsmith'
import iconv from 'iconv-lite'
import { afterEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { loadSamples, shiftIntoWeek, streamArticles, type WorldArticle } from './press-world/articles.ts'
import { newsrooms } from './press-world/outlets.ts'
import { troubleId, troubles, wronglyDeclaredText } from './press-world/trouble.ts'
import { type PressWorld, type PressWorldOptions, startPressWorld } from './press-world/world.ts'

const samples = await loadSamples()
const afterTheWeek = new Date('2025-10-06T00:00:00Z')

const worlds: PressWorld[] = []
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

async function open(options: Partial<PressWorldOptions> = {}): Promise<PressWorld> {
  const world = await startPressWorld({ articles: samples, clock: simulatedClock(afterTheWeek), ...options })
  worlds.push(world)
  return world
}

const originOf = (world: PressWorld, id: string): string => world.origins.get(id) ?? expect.fail(`no outlet ${id}`)
const text = async (url: string, charset: string): Promise<string> =>
  iconv.decode(Buffer.from(await (await fetch(url)).arrayBuffer()), charset).normalize('NFC')

/** Addresses in a feed of any format. */
function feedItems(xml: string): { url: string; title: string; date: string }[] {
  const { format, feed } = parseFeed(xml)
  switch (format) {
    case 'atom':
      return (feed.entries ?? []).map((entry) => ({
        url: entry.links?.[0]?.href ?? '',
        title: entry.title?.value ?? String(entry.title ?? ''),
        date: String(entry.published ?? ''),
      }))
    case 'rdf':
      return (feed.items ?? []).map((item) => ({
        url: item.link ?? '',
        title: item.title ?? '',
        date: String(item.dc?.dates?.[0] ?? ''),
      }))
    case 'rss':
      return (feed.items ?? []).map((item) => ({
        url: item.link ?? '',
        title: item.title ?? '',
        date: String(item.pubDate ?? ''),
      }))
    default:
      return expect.fail(`no feed: ${format}`)
  }
}

describe('the samples', () => {
  it('are marked as such and come in six languages from domestic and foreign outlets', () => {
    expect(samples.filter(({ sample }) => !sample)).toEqual([])
    expect(new Set(samples.map(({ language }) => language))).toEqual(new Set(['vi', 'en', 'zh', 'fr', 'ja', 'ko']))
    expect(new Set(samples.map(({ outlet }) => newsrooms.get(outlet)?.origin))).toEqual(
      new Set(['domestic', 'foreign']),
    )
  })

  it('can be written in the charset of their outlet', () => {
    for (const { id, outlet, title, lead, paragraphs } of samples) {
      const charset = newsrooms.get(outlet)?.charset ?? ''
      if (charset === 'windows-1258') continue
      const all = [title, lead ?? '', ...paragraphs].join('\n')
      expect(iconv.decode(iconv.encode(all, charset), charset), id).toBe(all)
    }
  })

  it('are refused with the file’s name when they are not in the right form', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'samples-'))
    try {
      await writeFile(join(folder, 'bad.yaml'), '- id: a\n  outlet: tin-nhanh-mau\n  language: vi\n')
      await expect(loadSamples(folder)).rejects.toThrow(/bad\.yaml.*published/s)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('move by whole weeks', () => {
    const moved = shiftIntoWeek(samples, '2026-01-05')
    const original = new Map(samples.map(({ id, published }) => [id, Date.parse(published)]))
    for (const { id, published } of moved) {
      expect(published >= '2026-01-04T17:00:00.000Z' && published < '2026-01-11T17:00:00.000Z', published).toBe(true)
      expect((Date.parse(published) - (original.get(id) ?? 0)) % (7 * 24 * 3600 * 1000)).toBe(0)
    }
  })
})

describe('an outlet of the press world', () => {
  it.each([...new Set(samples.map(({ outlet }) => outlet))])(
    '%s: every article is found and can be read',
    async (id) => {
      const world = await open({ trouble: false })
      const newsroom = newsrooms.get(id) ?? expect.fail()
      const outlet = world.outlets.find((candidate) => candidate.id === id) ?? expect.fail()
      const expected = samples.filter((sample) => sample.outlet === id)
      const found = new Set<string>()
      for (const source of outlet.sources) {
        const body = await text(source.url, newsroom.charset)
        expect(body.trimEnd()).toMatch(/<\/(rss|feed|rdf:RDF|html)>$/)
        if (source.kind === 'feed') for (const { url } of feedItems(body)) found.add(url)
        else {
          const $ = load(body)
          const pattern = new RegExp(outlet.articlePattern ?? '')
          for (const link of $(('links' in source && source.links) || 'a').toArray()) {
            const { href } = new URL($(link).attr('href') ?? '', source.url)
            if (pattern.test(href)) found.add(href)
          }
        }
      }
      expect([...found].sort()).toEqual(expected.map((sample) => world.urlOf(sample.id)).sort())

      for (const sample of expected) {
        const url = world.urlOf(sample.id)
        expect(url).toMatch(new RegExp(outlet.articlePattern ?? ''))
        const $ = load(await text(url, newsroom.charset))
        const visible = $('body').text().replace(/\s+/g, ' ')
        expect(visible).not.toMatch(/\\n|undefined|\[object/)
        for (const part of [sample.title, sample.lead ?? '', ...sample.paragraphs]) expect(visible).toContain(part)
        const [rules] = outlet.rules
        if (!rules) continue
        expect(
          $(rules.title?.[0] ?? '')
            .first()
            .text()
            .trim(),
        ).toBe(sample.title)
        const body = $(rules.body?.[0] ?? '')
        const kept = body
          .find((rules.remove ?? []).join(', ') || 'none')
          .remove()
          .end()
          .text()
        for (const paragraph of sample.paragraphs) expect(kept).toContain(paragraph)
        for (const other of expected) if (other !== sample) expect(kept).not.toContain(other.title)
      }
    },
  )

  it('announces each article with its time', async () => {
    const world = await open({ trouble: false })
    for (const outlet of world.outlets)
      for (const source of outlet.sources.filter(({ kind }) => kind === 'feed')) {
        const charset = newsrooms.get(outlet.id)?.charset ?? ''
        for (const { url, date, title } of feedItems(await text(source.url, charset))) {
          const sample = samples.find(({ id }) => world.urlOf(id) === url) ?? expect.fail(url)
          expect(title).toBe(sample.title)
          expect(new Date(date.replace('GMT+7', '+0700')).toISOString(), outlet.id).toBe(sample.published)
        }
      }
  })

  it('declares its charset in the header, in the page alone, or not as it writes', async () => {
    const world = await open({ trouble: false })
    const typeOf = async (id: string) => (await fetch(world.urlOf(id))).headers.get('content-type')
    expect(await typeOf('zh-hekou-trade')).toBe('text/html; charset=gb18030')
    expect(await typeOf('vi-table-tea')).toBe('text/html')
    expect(await typeOf('fr-sapa-terraces')).toBe('text/html; charset=iso-8859-1')
  })

  it('has a robots.txt that forbids something its own pages link to', async () => {
    const world = await open({ trouble: false })
    const origin = originOf(world, 'cong-thong-tin-mau')
    expect(await (await fetch(`${origin}/robots.txt`)).text()).toContain('Disallow: /vi/bai-viet/*/in')
    expect(await (await fetch(world.urlOf('vi-portal-notice'))).text()).toMatch(/href="\/vi\/bai-viet\/\d+\/in"/)
  })

  it('answers conditional requests', async () => {
    const world = await open({ trouble: false })
    const feed = `${originOf(world, 'tin-nhanh-mau')}/rss/home.rss`
    const first = await fetch(feed)
    await first.arrayBuffer()
    const etag = first.headers.get('etag') ?? ''
    const modified = first.headers.get('last-modified') ?? ''
    const statusWith = async (headers: Record<string, string>) => (await fetch(feed, { headers })).status
    expect(await statusWith({ 'if-none-match': etag })).toBe(304)
    expect(await statusWith({ 'if-modified-since': modified })).toBe(304)
    expect(await statusWith({ 'if-none-match': '"other"', 'if-modified-since': modified })).toBe(200)
    expect(world.requests.map(({ conditional, status }) => [conditional, status])).toEqual([
      [false, 200],
      [true, 304],
      [true, 304],
      [true, 200],
    ])
  })
})

describe('time in the press world', () => {
  const clock = () => simulatedClock(new Date('2025-10-01T01:14:59Z'))

  it('an article exists from its publication on, and the feed changes with it', async () => {
    const time = clock()
    const world = await open({ clock: time, trouble: false })
    const url = world.urlOf('vi-flood-sa-pa-1')
    const feed = `${originOf(world, 'tin-nhanh-mau')}/rss/home.rss`
    const before = await fetch(feed)
    expect(await before.text()).not.toContain(url)
    expect((await fetch(url)).status).toBe(404)
    expect(world.collectable(time.now())).not.toContain(url)

    time.advance(1000)
    const after = await fetch(feed, { headers: { 'if-none-match': before.headers.get('etag') ?? '' } })
    expect(after.status).toBe(200)
    expect(await after.text()).toContain(url)
    expect((await fetch(url)).status).toBe(200)
    expect(world.collectable(time.now())).toContain(url)
  })

  it('polled every hour, the feed of a busy outlet shows everything', async () => {
    const start = Date.parse('2025-10-01T00:00:00Z')
    const articles: WorldArticle[] = Array.from({ length: 600 }, (_value, index) => ({
      ...(samples[0] ?? expect.fail()),
      id: `busy-${index}`,
      outlet: 'tin-nhanh-mau',
      title: `Bài số ${index}`,
      published: new Date(start + index * 120_000).toISOString(),
    }))
    const time = simulatedClock(new Date(start))
    const world = await open({ articles, clock: time, trouble: false, feedHours: 1.5 })
    const feed = `${originOf(world, 'tin-nhanh-mau')}/rss/home.rss`
    const seen = new Set<string>()
    let longest = 0
    for (let hour = 0; hour <= 20; hour += 1) {
      const items = feedItems(await (await fetch(feed)).text())
      longest = Math.max(longest, items.length)
      for (const { url } of items) seen.add(url)
      time.advance(3600_000)
    }
    expect(seen.size).toBe(600)
    expect(longest).toBeLessThan(60)
  })
})

describe('what was taken down', () => {
  it.each(['emptied', 'not-found', 'soft-404'] as const)(
    'is not given to the scripts of its page either: %s',
    async (how) => {
      const base = newsrooms.get('tin-nhanh-mau') ?? expect.fail('no such newsroom')
      const original = samples.find(({ outlet }) => outlet === base.id) ?? expect.fail('no such sample')
      const at = new Date(Date.parse(original.published) + 7_200_000).toISOString()
      const article: WorldArticle = { ...original, changes: [{ kind: 'gone', at, how }] }
      const clock = simulatedClock(new Date(Date.parse(original.published) + 60_000))
      const world = await open({
        ...{ articles: [article], clock, trouble: false },
        newsrooms: new Map([[base.id, { ...base, traits: { script: 'fetch' } }]]),
      })
      const url = new URL(world.urlOf(article.id))
      const words = article.paragraphs[0] ?? ''
      const data = async (): Promise<string> => (await fetch(`${url.origin}/du-lieu?trang=${url.pathname}`)).text()
      expect(load(JSON.parse(await data()).markup).text()).toContain(words)
      clock.advance(3 * 3_600_000)
      expect(await data()).not.toContain(words.slice(0, 20))
    },
  )
})

describe('trouble', () => {
  it('a feed that is none, beside one that announces the bad pages', async () => {
    const world = await open({ articles: [] })
    const origin = originOf(world, troubleId)
    expect(() => parseFeed('<html></html>')).toThrow()
    const broken = await (await fetch(`${origin}/khong-phai-xml.rss`)).text()
    expect(() => parseFeed(broken)).toThrow()
    const items = feedItems(await (await fetch(`${origin}/rss/home.rss`)).text())
    expect(items.map(({ url }) => url)).toEqual(troubles.map(({ path }) => origin + path))
    expect(world.collectable(afterTheWeek)).toEqual(items.map(({ url }) => url))
  })

  it('pages that are empty, huge, in another charset than they say, from 2062', async () => {
    const world = await open({ articles: [] })
    const page = (what: string) => fetch(world.urlOf(`${troubleId}-${what}`))
    expect(await (await page('empty')).text()).toBe('')

    let size = 0
    for await (const piece of (await page('huge')).body ?? []) size += piece.length
    expect(size).toBeGreaterThan(50 * 1024 * 1024)

    const wrong = await page('wrong-charset')
    const bytes = Buffer.from(await wrong.arrayBuffer())
    expect(wrong.headers.get('content-type')).toContain('iso-8859-1')
    expect(iconv.decode(bytes, 'iso-8859-1')).not.toContain(wronglyDeclaredText)
    expect(bytes.toString('utf8')).toContain(wronglyDeclaredText)

    expect(await (await page('future-date')).text()).toContain('2062-10-01T08:00:00+07:00')
  })

  it('survives a reader who hangs up in the middle of the huge page', async () => {
    const world = await open({ articles: [] })
    const controller = new AbortController()
    const response = await fetch(world.urlOf(`${troubleId}-huge`), { signal: controller.signal })
    await response.body?.getReader().read()
    controller.abort()
    expect((await fetch(world.urlOf(`${troubleId}-empty`))).status).toBe(200)
  })
})

describe('the recorded stream', () => {
  const item = (id: string, link: string, published: string) => ({
    id,
    outlet: 'VnExpress',
    category: 'Thời sự',
    title: `Tin ${id}`,
    summary: `Tóm tắt ${id}.`,
    link,
    published,
    fetched: published,
  })

  it('gives the items of the days asked for, once each, under their own paths', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stream-'))
    try {
      const file = join(folder, 'stream.jsonl.gz')
      const items = [
        item('late', 'https://vnexpress.net/late-1.html', '2025-10-05T23:59:59+07:00'),
        item('early', 'https://tuoitre.vn/early-20250929.htm', '2025-09-29T00:00:00+07:00'),
        item('twice', 'https://tuoitre.vn/early-20250929.htm', '2025-09-29T08:00:00+07:00'),
        item('before', 'https://thanhnien.vn/before.htm', '2025-09-28T23:59:59+07:00'),
        item('after', 'https://thanhnien.vn/after.htm', '2025-10-06T00:00:00+07:00'),
        item('other', 'https://other.example/a.html', '2025-10-01T00:00:00+07:00'),
      ]
      await writeFile(file, gzipSync(items.map((one) => JSON.stringify(one)).join('\n')))
      const articles = await streamArticles(file, '2025-09-29', '2025-10-05')
      expect(articles.map(({ id, outlet, path, sample }) => [id, outlet, path, sample])).toEqual([
        ['early', 'tuoitre', '/early-20250929.htm', false],
        ['late', 'vnexpress', '/late-1.html', false],
      ])
      const world = await open({ articles: [...articles, ...samples], trouble: false })
      expect(new URL(world.urlOf('late')).pathname).toBe('/late-1.html')
      expect(await (await fetch(world.urlOf('late'))).text()).toContain('Tóm tắt late.')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

it('an article of an outlet that does not exist is refused by name', async () => {
  const [sample = expect.fail()] = samples
  await expect(startPressWorld({ articles: [{ ...sample, outlet: 'khong-co' }] })).rejects.toThrow(/"khong-co"/)
})

it('a port that is taken is an error, and nothing stays open', async () => {
  const world = await open({ articles: [] })
  const port = Number(new URL(originOf(world, troubleId)).port)
  await expect(startPressWorld({ articles: [], port })).rejects.toThrow(/EADDRINUSE/)
})
