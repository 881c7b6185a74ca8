import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { linkFinished } from '../crawlers/archive-chain.ts'
import { checkArchive } from '../crawlers/archive-check.ts'
import type { Exchange } from '../crawlers/http-client.ts'
import { createImporter } from '../crawlers/import/import.ts'
import { createIngest } from '../crawlers/ingest.ts'
import { rebuild } from '../crawlers/rebuild.ts'
import { type ReextractOptions, reextract } from '../crawlers/reextract.ts'
import type { Outlet } from '../model.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import { assessor, openCrawl, sampleFeed, samplePage, startServer, type TestServer, xml } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const DAY = 86_400_000
let folder = ''
let server: TestServer
let outlet: Outlet
const answers: Parameters<typeof startServer>[0] & Record<string, unknown> = {}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reextract-'))
  for (const path of Object.keys(answers)) delete answers[path]
  server = await startServer(answers)
  outlet = sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }] })
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const dated = (day: string) => `<meta property="article:published_time" content="${day}T08:00:00+07:00">`
const dayPage = (title: string, day: string): string => samplePage(title, { head: dated(day) })
const show = (list: Readonly<Record<string, string>>): void => {
  const paths = Object.keys(list)
  Object.assign(answers, list)
  answers['/feed'] = xml(sampleFeed(paths.map((path) => ({ url: server.origin + path, title: `Bài ${path}` }))))
}
const start = () => simulatedClock(new Date('2025-10-01T02:00:00Z'))

/** Three articles of three days, one of which was edited later. */
async function collected() {
  const clock = start()
  const crawl = await openCrawl(join(folder, 'first'), [outlet], clock, { maxConcurrency: 1 })
  show({ '/mot': dayPage('Lũ quét ở Lào Cai', '2025-10-01') })
  await crawl.collector.poll()
  clock.advance(DAY)
  show({ '/hai': dayPage('Khánh thành cầu mới ở Bát Xát', '2025-10-02') })
  await crawl.collector.poll({ all: true })
  clock.advance(DAY)
  show({ '/ba': dayPage('Lễ hội ở Sa Pa', '2025-10-03') })
  await crawl.collector.poll({ all: true })
  return { ...crawl, clock }
}
type Collected = Awaited<ReturnType<typeof collected>>

const again = (crawl: Collected, outlets: readonly Outlet[], change: Partial<ReextractOptions> = {}) =>
  reextract({ ...crawl, outlets, filter: {}, dryRun: false, ...change })

const articlesOf = async ({ store }: Pick<Collected, 'store'>) =>
  (await store.articles.list({})).map(({ id, url, title, lead, text, published, publishedBy, version, storyId }) => ({
    ...{ id, url, title, lead, text, published, publishedBy, version },
    isInStory: storyId !== null,
  }))

describe('reading the archive again', () => {
  it('changes nothing while the rules are the same', async () => {
    const crawl = await collected()
    const before = await articlesOf(crawl)
    expect(before).toHaveLength(3)
    expect(await again(crawl, [outlet])).toEqual({ read: 3, changed: 0, unarchived: 0, failed: 0 })
    expect(await articlesOf(crawl)).toEqual(before)
    await crawl.close()
  })

  it('follows a dated rule for the pages of its days alone', async () => {
    const crawl = await collected()
    const ruled: Outlet = {
      ...outlet,
      rules: [{ from: '2025-10-02', until: '2025-10-02', body: ['article'], remove: ['p:first-of-type'] }],
    }
    const seen: string[] = []
    const onChanged: ReextractOptions['onChanged'] = ({ article, fields }) => seen.push(`${article.url} ${fields}`)
    expect(await again(crawl, [ruled], { dryRun: true, onChanged })).toMatchObject({ read: 3, changed: 1 })
    expect(seen).toEqual([`${server.origin}/hai text`])
    expect((await articlesOf(crawl)).every(({ version }) => version === 1)).toBe(true)

    expect(await again(crawl, [ruled])).toMatchObject({ changed: 1, failed: 0 })
    const versions = (await articlesOf(crawl)).map(({ url, version, text }) => [url, version, text.includes('Đoạn 1')])
    expect(versions).toEqual([
      [`${server.origin}/mot`, 1, true],
      [`${server.origin}/hai`, 2, false],
      [`${server.origin}/ba`, 1, true],
    ])
    const changed = await crawl.store.articles.byUrl(`${server.origin}/hai`)
    const notes = await crawl.store.visits.versions(changed?.id ?? '')
    expect(notes.map(({ cause }) => cause)).toEqual(['first', 'reread'])
    // Assessed with it, under the rules in force.
    expect(await crawl.store.articles.unassessed(assessor.key, 10)).toEqual([])
    expect(await again(crawl, [ruled])).toMatchObject({ read: 3, changed: 0 })
    await crawl.close()
  })

  it('leaves an article alone when its page gives none now', async () => {
    const crawl = await collected()
    const failures: string[] = []
    const result = await again(crawl, [], { onFailed: ({ code }) => failures.push(code) })
    expect(result).toEqual({ read: 0, changed: 0, unarchived: 0, failed: 3 })
    expect(failures).toEqual(['outlet.unknown', 'outlet.unknown', 'outlet.unknown'])
    expect((await articlesOf(crawl)).every(({ version }) => version === 1)).toBe(true)
    await crawl.close()
  })
})

const rebuildInto = ({ store, archive }: Pick<Collected, 'store' | 'archive'>, from: string) =>
  rebuild({
    ...{ store, archive, folder: from, outlets: [outlet], who: 'quan-tri' },
    clock: simulatedClock(new Date('2025-12-01T02:00:00Z')),
    ingestAt: (clock) =>
      createIngest({
        ...{ store, assessor, clock, windowDays: 14 },
        createWindow: () => createStoryWindow({ days: 14 }),
      }),
  })

const exchange = (url: string, status: number, body: string): Exchange => ({
  ...{ url, status, startedAt: new Date('2025-10-01T02:00:00Z'), address: null, statusText: 'OK' },
  ...{ requestHeaders: [], responseHeaders: [['content-type', 'text/html; charset=windows-1258']] },
  wireBody: Buffer.from(body),
})

describe('rebuilding from the archive alone', () => {
  it('gives the same articles, and nothing more when repeated', async () => {
    const crawl = await collected()
    answers['/hai'] = dayPage('Khánh thành cầu mới ở Bát Xát', '2025-10-02').replaceAll('mưa lớn', 'mưa rất lớn')
    crawl.clock.advance(6 * DAY)
    await crawl.collector.poll({ all: true })
    const before = await articlesOf(crawl)
    expect(before.map(({ version }) => version)).toEqual([1, 2, 1])
    await crawl.close()

    const fresh = await openCrawl(join(folder, 'second'), [outlet], start())
    const run = () => rebuildInto(fresh, join(folder, 'first', 'archive'))
    expect(await run()).toMatchObject({ files: 1, added: 3, changed: 1, unread: 0, foreign: 0, damaged: [] })
    expect(await articlesOf(fresh)).toEqual(before)
    const { faults, pages } = await checkArchive({ ...fresh, all: true })
    expect(faults.map(({ kind }) => kind)).toEqual(['unlinked'])
    expect(pages).toBe(4)
    // Taken in by somebody: on record, no stranger.
    const links = await linkFinished({ ...fresh, clock: start() })
    expect(links).toMatchObject([{ reason: 'taken-in', who: 'quan-tri' }])
    const { takenIn, faults: left } = await checkArchive({ ...fresh, all: true })
    expect(left).toEqual([])
    expect(takenIn).toMatchObject([
      { who: 'quan-tri', begunAt: '2025-12-01T02:00:00.000Z', source: join(folder, 'first', 'archive') },
    ])
    // Known to the frontier: it is not asked for again.
    const asked = server.seen.length
    await fresh.collector.poll({ all: true })
    expect(server.seen.slice(asked).map(({ path }) => path)).toEqual(expect.not.arrayContaining(['/ba']))

    expect(await run()).toMatchObject({ added: 0, changed: 0 })
    expect(await articlesOf(fresh)).toEqual(before)
    await fresh.close()
  })

  it('brings in once more what people had brought in, with who and when', async () => {
    const clock = start()
    const crawl = await openCrawl(join(folder, 'first'), [outlet], clock)
    const url = `${server.origin}/giay`
    const importer = createImporter({ ...crawl, outlets: [outlet], clock })
    const bytes = Buffer.from(samplePage('Lũ quét ở Lào Cai'))
    const given = { who: 'huong', note: 'báo giấy', url, published: '2025-09-30T01:00:00.000Z' }
    expect(await importer.importSource({ name: 'bai.html', bytes }, given)).toMatchObject([{ outcome: 'new' }])
    const before = await articlesOf(crawl)
    const [first] = await crawl.store.articles.list({})
    const marks = await crawl.store.handEntries.of(first?.id ?? '')
    expect(marks).toMatchObject([{ who: 'huong', file: 'bai.html', note: 'báo giấy' }])
    await crawl.close()

    const fresh = await openCrawl(join(folder, 'second'), [outlet], start())
    const run = () => rebuildInto(fresh, join(folder, 'first', 'archive'))
    expect(await run()).toMatchObject({ captures: 1, added: 1, unread: 0 })
    expect(await articlesOf(fresh)).toEqual(before)
    const [article] = await fresh.store.articles.list({})
    expect(article).toMatchObject({
      title: 'Lũ quét ở Lào Cai',
      published: '2025-09-30T01:00:00.000Z',
      publishedBy: 'hand',
    })
    expect(await fresh.store.handEntries.of(article?.id ?? '')).toEqual(marks)
    // Its page points to the record that was there already.
    const { faults, pages, read } = await checkArchive({ ...fresh, all: true })
    expect({ pages, read }).toEqual({ pages: 1, read: 1 })
    expect(faults.map(({ kind }) => kind)).toEqual(['unlinked'])
    expect(await run()).toMatchObject({ added: 0, changed: 0 })
    expect(await fresh.store.handEntries.of(article?.id ?? '')).toEqual(marks)
    await fresh.close()
  })

  it('takes what a browser showed, under the address that was asked for, and no data that it loaded', async () => {
    const [asked, url] = [`${server.origin}/cu`, `${server.origin}/moi`]
    const shown = Buffer.from(samplePage('Lũ quét ở Lào Cai', { head: dated('2025-10-01') }))
    const crawl = await openCrawl(join(folder, 'first'), [outlet], start())
    await crawl.archive.append({
      ...{ url: asked, finalUrl: url, status: 200, headers: {}, body: shown, digest: '' },
      redirects: [exchange(asked, 301, '')],
      last: exchange(url, 200, '<html><body><div id="app"></div></body></html>'),
      rendered: {
        at: new Date('2025-10-01T02:00:05Z'),
        loaded: [exchange(`${server.origin}/api/bai`, 200, samplePage('Dữ liệu của trang'))],
      },
    })
    await crawl.close()
    const fresh = await openCrawl(join(folder, 'second'), [outlet], start())
    const result = await rebuildInto(fresh, join(folder, 'first', 'archive'))
    expect(result).toMatchObject({ captures: 1, added: 1, unread: 0 })
    const [article, ...others] = await fresh.store.articles.list({})
    expect(others).toEqual([])
    expect(article).toMatchObject({ url, title: 'Lũ quét ở Lào Cai', firstSeen: '2025-10-01T02:00:00.000Z' })
    expect((await fresh.store.articles.byUrl(asked))?.id).toBe(article?.id)
    expect(await fresh.store.pages.latestOf(asked)).toMatchObject({ url: asked, finalUrl: url, status: 200 })
    await fresh.close()
  })
})
