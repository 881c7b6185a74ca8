import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../clock.ts'
import { coverage, gapsOf } from '../crawlers/coverage.ts'
import { neverPolled } from '../crawlers/source-state.ts'
import {
  type Answer,
  type Crawl,
  openCrawl,
  sampleFeed,
  samplePage,
  startServer,
  status,
  type TestServer,
  xml,
} from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

let folder = ''
let clock: SimulatedClock
let server: TestServer
let crawl: Crawl
let answers: Record<string, Answer | string>
const HOUR = 3_600_000

const feedOutlet = (id: string, ...paths: string[]) =>
  sampleOutlet({ id, name: `Báo ${id}`, sources: paths.map((path) => ({ kind: 'feed', url: server.origin + path })) })
const item = (path: string, date = 'Wed, 01 Oct 2025 07:00:00 +0700') => ({
  url: server.origin + path,
  title: `Bài ${path}`,
  date,
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coverage-'))
  clock = simulatedClock(new Date('2025-10-01T02:00:00Z'))
  answers = {}
  server = await startServer(answers)
})
afterEach(async () => {
  await crawl.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

describe('coverage', () => {
  it('names each outlet that was not collected, and why', async () => {
    answers['/good'] = xml(sampleFeed([item('/1'), item('/2')]))
    answers['/1'] = samplePage('Bài một')
    answers['/2'] = samplePage('Bài hai')
    answers['/broken'] = status(500)
    answers['/blocked'] = status(403)
    const outlets = [
      feedOutlet('tot', '/good'),
      feedOutlet('hong', '/broken'),
      feedOutlet('chan', '/blocked'),
      feedOutlet('nua', '/good', '/broken'),
      feedOutlet('khong'),
    ]
    crawl = await openCrawl(folder, outlets, clock)
    await crawl.collector.poll()
    clock.advance(HOUR / 4)
    const period = { from: '2025-09-29T17:00:00.000Z', to: '2025-10-06T17:00:00.000Z' }
    const all = await coverage({ store: crawl.store, outlets, ...period, now: clock.now() })
    const rows = all.map(({ outletId, status, extent, code }) => ({ outletId, status, extent, code }))
    expect(rows).toEqual([
      { outletId: 'tot', status: 'ok', extent: 'full', code: null },
      { outletId: 'hong', status: 'failing', extent: 'none', code: 'fetch.server-error' },
      { outletId: 'chan', status: 'blocked', extent: 'none', code: 'page.forbidden' },
      { outletId: 'nua', status: 'partial', extent: 'partial', code: 'fetch.server-error' },
      { outletId: 'khong', status: 'no-sources', extent: 'no-source', code: null },
    ])
    expect(all[0]).toMatchObject({ articles: 2, lastSuccessAt: '2025-10-01T02:00:00.000Z', problems: [] })
    expect(gapsOf(all).map(({ outletId }) => outletId)).toEqual(['hong', 'chan', 'nua', 'khong'])
  })

  it('takes a source for read as long as its own pause lasts, an hour or a day, and no longer', async () => {
    const outlets = [feedOutlet('nhanh', '/good'), feedOutlet('cham', '/slow')]
    crawl = await openCrawl(folder, outlets, clock)
    const readAt = clock.now().toISOString()
    for (const [id, path, intervalMs] of [
      ['nhanh', '/good', HOUR],
      ['cham', '/slow', 24 * HOUR],
    ] as const) {
      const times = { lastPolledAt: readAt, lastSuccessAt: readAt, intervalMs }
      await crawl.store.sources.save({ ...neverPolled(id, server.origin + path), status: 'ok', ...times })
    }
    const extents = async (hours: number) => {
      const now = new Date(Date.parse(readAt) + hours * HOUR)
      const period = { from: '2025-09-24T17:00:00.000Z', to: now.toISOString() }
      return (await coverage({ store: crawl.store, outlets, ...period, now })).map(({ extent }) => extent)
    }
    expect(await extents(1.5)).toEqual(['full', 'full'])
    expect(await extents(2)).toEqual(['partial', 'full'])
    expect(await extents(26)).toEqual(['partial', 'full'])
    expect(await extents(28)).toEqual(['partial', 'partial'])
  })

  it('names an outlet that fails at the poll at which it does', async () => {
    answers['/good'] = xml(sampleFeed([item('/1')]))
    answers['/1'] = samplePage('Bài một')
    const outlets = [feedOutlet('tot', '/good')]
    crawl = await openCrawl(folder, outlets, clock)
    await crawl.collector.poll()
    answers['/good'] = status(403)
    clock.advance(HOUR)
    await crawl.collector.poll()
    const [row] = await coverage({
      ...{ store: crawl.store, outlets, from: '2025-09-24T17:00:00.000Z', to: clock.now().toISOString() },
      now: clock.now(),
    })
    expect(row).toMatchObject({ status: 'blocked', code: 'page.forbidden' })
  })

  it('calls an outlet silent that gives nothing new for a week, and never read what was never asked', async () => {
    answers['/good'] = xml(sampleFeed([item('/1')]))
    answers['/1'] = samplePage('Bài một')
    const outlets = [feedOutlet('tot', '/good')]
    crawl = await openCrawl(folder, outlets, clock)
    const at = async (from: string) => {
      const to = new Date(clock.now().getTime() + HOUR).toISOString()
      return (await coverage({ store: crawl.store, outlets, from, to, now: clock.now() }))[0]
    }
    expect(await at('2025-09-24T17:00:00.000Z')).toMatchObject({ status: 'never', extent: 'none' })
    await crawl.collector.poll()
    expect(await at('2025-09-24T17:00:00.000Z')).toMatchObject({ status: 'ok', extent: 'full' })
    clock.advance(8 * 24 * HOUR)
    await crawl.collector.poll()
    expect(await at('2025-09-30T17:00:00.000Z')).toMatchObject({ status: 'silent', extent: 'full' })
    expect(await at('2025-10-02T17:00:00.000Z')).toMatchObject({
      extent: 'partial',
      code: 'source.silent',
      articles: 0,
    })
  })

  it('calls an outlet collected in part when it stopped answering within the period, or its pages cannot be read', async () => {
    answers['/good'] = xml(sampleFeed([item('/1')]))
    answers['/1'] = samplePage('Bài một')
    answers['/many'] = xml(sampleFeed(Array.from({ length: 8 }, (_, n) => item(`/x${n}`))))
    const outlets = [feedOutlet('tat', '/good'), feedOutlet('trang', '/many')]
    crawl = await openCrawl(folder, outlets, clock)
    await crawl.collector.poll()
    answers['/good'] = status(500)
    for (let day = 0; day < 4; day += 1) {
      clock.advance(24 * HOUR)
      await crawl.collector.poll()
    }
    const period = { from: '2025-09-29T17:00:00.000Z', to: '2025-10-06T17:00:00.000Z' }
    const [stopped, unread] = await coverage({ store: crawl.store, outlets, ...period, now: clock.now() })
    expect(stopped).toMatchObject({ status: 'failing', extent: 'partial', lastSuccessAt: '2025-10-01T02:00:00.000Z' })
    expect(unread).toMatchObject({ status: 'ok', extent: 'partial', code: 'page.gone' })
    expect(unread?.problems).toEqual([{ code: 'page.gone', count: 8 }])
  })
})
