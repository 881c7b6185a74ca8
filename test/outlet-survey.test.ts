import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { checkOutlet } from '../crawlers/outlet-check.ts'
import {
  confirmRules,
  expectedOf,
  type FixtureRecord,
  outletYaml,
  writeFixture,
  writeOutlet,
} from '../crawlers/outlet-files.ts'
import { anonymise, cleanAddress } from '../crawlers/outlet-fixture.ts'
import { type Survey, surveyOutlet } from '../crawlers/outlet-survey.ts'
import { sampleText } from '../crawlers/sample-text.ts'
import { openSurveyClient, type SurveyClient } from '../crawlers/survey-client.ts'
import { Skip } from '../errors.ts'
import type { Outlet } from '../model.ts'
import { loadOutlets } from '../profiles/load.ts'
import { toOutlet, zoneOf } from '../profiles/outlet-schema.ts'
import { startServer } from './crawling.ts'
import { loadSamples, type WorldArticle } from './press-world/articles.ts'
import { type PressWorld, startPressWorld } from './press-world/world.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const root = join(import.meta.dirname, '..')
const now = new Date('2025-10-06T00:00:00Z')
const clock = simulatedClock(now)
let samples: readonly WorldArticle[]
let world: PressWorld
let client: SurveyClient
let folder: string

beforeAll(async () => {
  samples = await loadSamples()
  world = await startPressWorld({ articles: samples, clock, trouble: false })
  client = openSurveyClient({ clock, contact: 'baochi@example.vn', testHosts: world.hosts })
  folder = await mkdtemp(join(tmpdir(), 'outlets-'))
})
afterAll(async () => {
  await client.close()
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const originOf = (id: string): string => world.origins.get(id) ?? expect.fail()
const survey = (id: string): Promise<Survey> => surveyOutlet({ client, clock, url: originOf(id), id })

/** Five outlets that it is not told about: two feeds, an Atom feed in a legacy charset, and two without any feed. */
const five = [
  { id: 'tin-nhanh-mau', kind: 'feed', charset: 'utf-8', language: 'vi', country: 'VN' },
  { id: 'mien-nui-mau', kind: 'listing', charset: 'windows-1258', language: 'vi', country: 'VN' },
  { id: 'dianbei-daily-sample', kind: 'feed', charset: 'gb18030', language: 'zh', country: 'CN' },
  { id: 'courrier-sample', kind: 'feed', charset: 'windows-1252', language: 'fr', country: 'FR' },
  { id: 'hanguk-sample', kind: 'listing', charset: 'euc-kr', language: 'ko', country: 'KR' },
] as const

describe('outlet add, on outlets it has never seen', () => {
  it.each(five)('$id: finds its $kind, charset, language and article addresses, and reads articles', async (one) => {
    const found = await survey(one.id)
    const real = world.outlets.find(({ id }) => id === one.id) ?? expect.fail()
    expect(found.charset).toBe(one.charset)
    expect(found.outlet).toMatchObject({
      ...{ languages: [one.language], country: one.country, origin: one.country === 'VN' ? 'domestic' : 'foreign' },
    })
    expect(found.outlet.sources.filter(({ kind }) => kind === one.kind).map(({ url }) => url)).toEqual(
      real.sources.filter(({ kind }) => kind === one.kind).map(({ url }) => url),
    )
    const pattern = new RegExp(found.outlet.articlePattern ?? expect.fail())
    const own = samples.filter(({ outlet }) => outlet === one.id)
    expect(own.filter(({ id }) => !pattern.test(world.urlOf(id)))).toEqual([])
    for (const path of ['/', '/muc/1', '/gioi-thieu', '/tim-kiem?q=1'])
      expect(pattern.test(originOf(one.id) + path)).toBe(false)
    expect(found.pages.length).toBe(Math.min(10, own.length))
    const titles = new Map(own.map((sample) => [world.urlOf(sample.id), sample.title]))
    for (const { url, article } of found.pages) {
      expect(article.title).toBe(titles.get(url))
      expect(article.text?.length).toBeGreaterThan(one.language === 'zh' ? 40 : 100)
    }
    expect(found.outlet.browser).toBeUndefined()
  })

  it('asks nothing that robots.txt forbids', async () => {
    const disallowed = world.requests.filter(({ path }) => /^\/(?:tim-kiem|search)/.test(path))
    expect(disallowed).toEqual([])
  })

  it('sees that the text of a page needs a browser', async () => {
    const shell = (title: string): string =>
      `<!doctype html><html lang="vi"><head><title>${title}</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>`
    const paths = [1, 2, 3, 4].map((n) => `/tin-mau-ve-lao-cai-so-${n}-10000${n}.html`)
    const list = paths.map((path, n) => `<h3><a href="${path}">Tin mẫu về Lào Cai, bài dài số ${n}</a></h3>`).join('')
    const server = await startServer({
      '/': `<!doctype html><html lang="vi"><head><title>Báo mẫu</title></head><body>${list}</body></html>`,
      ...Object.fromEntries(paths.map((path, n) => [path, shell(`Tin mẫu ${n}`)])),
    })
    const own = openSurveyClient({ clock, contact: 'baochi@example.vn', testHosts: [server.host] })
    try {
      const found = await surveyOutlet({ client: own, clock, url: server.origin })
      expect(found.outlet.browser).toBe('always')
      expect(found.toCheck.join()).toContain('4 of 4 pages')
    } finally {
      await own.close()
      await server.close()
    }
  })

  it('needs a contact, and tells an address inside the network from an outlet', async () => {
    expect(() => openSurveyClient({ clock, contact: null, testHosts: [] })).toThrow(Skip)
    const guarded = openSurveyClient({ clock, contact: 'baochi@example.vn', testHosts: [] })
    await expect(surveyOutlet({ client: guarded, clock, url: originOf('tin-nhanh-mau') })).rejects.toMatchObject({
      code: 'guard.address',
    })
    await guarded.close()
  })
})

describe('what outlet add writes', () => {
  it('is a definition that the catalogue accepts and that is never written over', async () => {
    const { outlet, toCheck } = await survey('dianbei-daily-sample')
    const text = outletYaml(outlet, toCheck, '2025-10-06')
    await writeOutlet(folder, outlet, text)
    const [read] = await loadOutlets(folder)
    expect(read).toMatchObject({ id: outlet.id, sources: outlet.sources, articlePattern: outlet.articlePattern })
    expect(text).toContain('# - name, class, kind: see who publishes it')
    await expect(writeOutlet(folder, outlet, text)).rejects.toMatchObject({ code: 'outlet.exists' })
  })

  it.each(['tin-nhanh-mau', 'courrier-sample'])('%s: is a page with its mark-up and none of its words', async (id) => {
    const found = await survey(id)
    const outlet = toOutlet(found.outlet, zoneOf(found.outlet.country) ?? expect.fail())
    const page = found.pages[0] ?? expect.fail()
    const file = await writeFixture(folder, outlet, page, now.toISOString())
    const html = await readFile(file, 'utf8')
    const words = (text: string): string[] => text.normalize('NFC').match(/[\p{L}\p{M}]{4,}/gu) ?? []
    const original = new Set(
      words(`${page.article.title} ${page.article.lead} ${page.article.text} ${page.article.byline}`),
    )
    const left = words(html.replace(/<[^>]*>/g, ' ')).filter((word) => original.has(word) && sampleText(word) !== word)
    const ours = new Set([...original].map(sampleText))
    expect(left.filter((word) => !ours.has(word) && word !== 'février')).toEqual([])
    const tags = (text: string): string[] =>
      [...text.matchAll(/<(h1|article|p|section|time)[ >]/g)].map((match) => match[1] ?? '')
    expect(tags(html)).toEqual(tags(page.html))
    const record: FixtureRecord = JSON.parse(await readFile(file.replace(/html$/, 'json'), 'utf8'))
    expect(record.seen).toBe('live')
    expect(record.expected).toEqual(expectedOf(html, record.url, record.fetchedAt, outlet))
    expect(record.expected.published).toBe(page.article.published)
    expect(record.expected.title).toBe(sampleText(page.article.title ?? ''))
    expect(record.expected.paragraphs).toBe(page.article.text?.split('\n').length)
  })

  it('keeps no third-party words in attributes, structured data, scripts, comments or addresses', () => {
    const page = `<!doctype html><html lang="vi"><head><title>Sạt lở kinh hoàng</title><style>.x{content:"Sạt lở"}</style>
      <meta name="description" content="Sạt lở kinh hoàng"><meta property="article:published_time" content="2025-10-01T08:00:00+07:00">
      <script type="application/ld+json">{"@type":"NewsArticle","headline":"Sạt lở kinh hoàng","datePublished":"2025-10-01T08:00:00+07:00","author":[{"@type":"Person","name":"Nguyễn Sạt"}],"url":"https://bao.vn/sat-lo-kinh-hoang-post123.html"}</script>
      <script>window.title = "Sạt lở"</script></head><body data-title="Sạt lở" data-role="content" onclick="alert('Sạt lở')"><!-- Sạt lở -->
      <h1 class="title" title="Sạt lở">Sạt lở kinh hoàng</h1><img alt="Sạt lở" src="https://cdn.bao.vn/sat-lo.jpg">
      <a href="/sat-lo-kinh-hoang-post123.html" aria-label="Sạt lở">Sạt lở</a><a href="https://kinh-hoang.example/x">x</a><textarea>Sạt lở</textarea><noscript>Sạt lở</noscript><svg><title>Sạt lở</title></svg></body></html>`
    const clean = anonymise(page, 'bao.vn')
    expect(clean).not.toMatch(/sạt|kinh|hoàng|sat-lo|nguyễn|alert/i)
    expect(clean).toContain('2025-10-01T08:00:00+07:00')
    expect(clean).toContain('data-role="content"')
    expect(clean).toContain('"@type": "NewsArticle"')
    expect(cleanAddress('/sat-lo-kinh-hoang-post123.html', 'bao.vn')).toMatch(
      /^\/[a-z]+-[a-z]+-[a-z]+-[a-z]+-post123\.html$/,
    )
  })

  it('keeps measure and dates of a text', () => {
    const text = 'Thứ hai, 1/10/2025, 08:15 (GMT+7): “Ông Bùi nói ở Sa Pa”, 老街省 12345.'
    const sample = sampleText(text)
    expect([...sample]).toHaveLength([...text].length)
    expect(sample).toContain('1/10/2025, 08:15 (GMT+7): “')
    expect(sampleText(text)).toBe(sample)
    expect(sample).not.toMatch(/Bùi|Sa Pa|老街/)
  })
})

describe('outlet check', () => {
  const rules = [{ unverified: true, title: ['h1'], body: ['article p'] }]

  it('says which sources can be read, and confirms rules that live pages bear out', async () => {
    const real = world.outlets.find(({ id }) => id === 'tin-nhanh-mau') ?? expect.fail()
    const dead = { kind: 'feed', url: `${originOf('tin-nhanh-mau')}/khong-co.rss` } as const
    const result = await checkOutlet({ client, clock, outlet: { ...real, sources: [...real.sources, dead] } })
    expect(result).toMatchObject({ verdict: 'ok', rules: 'confirmed' })
    expect(result.sources.map(({ code }) => code)).toEqual([null, 'page.gone'])
    expect(result.articles).toHaveLength(3)
  })

  it('does not confirm rules that take another part of the page, or nothing', async () => {
    const real = world.outlets.find(({ id }) => id === 'tin-nhanh-mau') ?? expect.fail()
    const judged = async (change: Outlet['rules'][number]) =>
      (await checkOutlet({ client, clock, outlet: { ...real, rules: [change] } })).rules
    expect(await judged({ unverified: true, body: ['p.description'] })).toBe('contradicted')
    expect(await judged({ unverified: true, title: ['h1.khong-co'] })).toBe('contradicted')
    expect(await judged({ unverified: true, title: ['.box_comment_vne h3'] })).toBe('contradicted')
  })

  it('tells what cannot be reached from what has no articles', async () => {
    const closed = await startServer({})
    await closed.close()
    const own = openSurveyClient({ clock, contact: 'baochi@example.vn', testHosts: ['127.0.0.1'] })
    try {
      const verdict = async (sources: Outlet['sources']) =>
        (await checkOutlet({ client: own, clock, outlet: sampleOutlet({ sources, rules }) })).verdict
      expect(await verdict([{ kind: 'feed', url: `${closed.origin}/rss` }])).toBe('unreachable')
      expect(await verdict([{ kind: 'feed', url: `${originOf('tin-nhanh-mau')}/` }])).toBe('no-articles')
      expect(await verdict([])).toBe('no-source')
    } finally {
      await own.close()
    }
  })

  it('takes "unverified" from the rules in force and leaves the rest of the file as it was', async () => {
    const file = join(folder, 'mau.yaml')
    const flow = join(folder, 'phang.yaml')
    await writeFile(
      flow,
      'rules:\n  - { unverified: true, title: [h1], body: [p] }\n  - { title: [h2], unverified: true }\n',
    )
    expect(await confirmRules(flow)).toBe(true)
    expect(await readFile(flow, 'utf8')).toBe('rules:\n  - { title: [h1], body: [p] }\n  - { title: [h2] }\n')
    const text = `# giữ nguyên\nid: mau\nrules:\n  - { until: '2024-01-01', unverified: true, title: [h1] }\n  # mới\n  - unverified: true\n    title: [h1.moi]\nnotes: 'a: b'\n`
    await writeFile(file, text)
    expect(await confirmRules(file)).toBe(true)
    expect(await readFile(file, 'utf8')).toBe(text.replace('  - unverified: true\n    title', '  - title'))
    expect(await confirmRules(file)).toBe(false)
  })
})

describe('on the command line', () => {
  /** As a person runs it: a process of its own, which reaches the press world over HTTP. */
  const cli = async (...words: string[]): Promise<{ stdout: string; stderr: string }> => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, 'cli.ts'), ...words], {
      env: {
        ...{ PATH: process.env.PATH, MONITOR_CONTACT: 'baochi@example.vn', MONITOR_LOCALE: 'en' },
        MONITOR_TEST_HOSTS: world.hosts.join(','),
      },
    })
    return { stdout, stderr }
  }

  it('adds an outlet, checks it, confirms its rules and records a page, and writes nothing on a dry run', async () => {
    const at = await mkdtemp(join(tmpdir(), 'outlet-cli-'))
    const places = ['--folder', join(at, 'outlets'), '--fixtures', join(at, 'fixtures')]
    try {
      const url = originOf('tin-nhanh-mau')
      const dry = await cli('outlet', 'add', url, '--id', 'thu', '--dry-run', ...places)
      expect(dry.stdout).toContain('kind: feed')
      expect(dry.stderr).toContain('Only shown')
      expect(await readdir(at)).toEqual([])
      await cli('outlet', 'add', url, '--id', 'thu', ...places)
      const file = join(at, 'outlets', 'thu.yaml')
      expect((await readdir(join(at, 'fixtures', 'thu'))).length).toBe(1)
      const lines = ['unverified: true', 'title: [h1.title-detail]', 'lead: [p.description]', 'body: [p.Normal]']
      await writeFile(file, `${await readFile(file, 'utf8')}rules:\n  - ${lines.join('\n    ')}\n`)
      const checked = await cli('outlet', 'check', 'thu', '--json', '--confirm', ...places)
      expect(JSON.parse(checked.stdout)).toMatchObject({ outletId: 'thu', verdict: 'ok', rules: 'confirmed' })
      expect(await readFile(file, 'utf8')).not.toContain('unverified')
      const [day = ''] = await readdir(join(at, 'fixtures', 'thu'))
      const record: FixtureRecord = JSON.parse(await readFile(join(at, 'fixtures', 'thu', day, 'page.json'), 'utf8'))
      expect(record.expected.by).toMatchObject({ title: 'rule', text: 'rule' })
    } finally {
      await rm(at, { recursive: true, force: true })
    }
  }, 180_000)
})
