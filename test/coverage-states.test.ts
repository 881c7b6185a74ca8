import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { coverage, type OutletCoverage } from '../crawlers/coverage.ts'
import { neverPolled } from '../crawlers/source-state.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { registerOutletMetrics } from '../web/outlet-metrics.ts'
import { sampleOutlet } from './support/sample-outlet.ts'
import { draftSample, pageSample } from './support/store-samples.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const now = new Date('2025-10-15T20:00:00+07:00')
const ago = (ms: number): string => new Date(now.getTime() - ms).toISOString()

const names = ['deu', 'dung', 'it', 'hong', 'ngan', 'chan', 'hiem'] as const
type Name = (typeof names)[number]
const outlets = names.map((id) =>
  sampleOutlet({ id, name: `Báo ${id}`, sources: [{ kind: 'feed', url: `https://${id}.example/rss` }] }),
)
/** Once an hour from six to midnight, for 35 days; two stopped or slowed down lately, one is rare. */
const publishes: Readonly<Record<Name, (age: number, at: Date) => boolean>> = {
  deu: () => true,
  dung: (age) => age > 12 * HOUR,
  it: (age, at) => age > DAY || at.getUTCHours() % 6 === 0,
  hong: () => true,
  ngan: () => true,
  chan: () => true,
  hiem: (age) => age > 9 * DAY && Math.round(age / HOUR) % (9 * 24) === 0,
}

let folder = ''
let store: Store
let found: ReadonlyMap<string, OutletCoverage>

const read = (from: string, to: string) => coverage({ store, outlets, from, to, now })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coverage-states-'))
  store = await openStore({ file: join(folder, 'store.sqlite'), clock: simulatedClock(now) })
  await store.transaction(async (inner) => {
    for (const name of names) {
      let newest = ago(35 * DAY)
      for (let age = 35 * DAY; age > 0; age -= HOUR) {
        const at = new Date(now.getTime() - age)
        const hour = (at.getUTCHours() + 7) % 24
        if ((hour < 6 && name !== 'hiem') || !publishes[name](age, at)) continue
        newest = at.toISOString()
        const url = `https://${name}.example/${age / HOUR}.html`
        const pageId = `${name}-${age / HOUR}`
        const isRead = name !== 'hong' || age > 2 * DAY
        if (isRead) await inner.pages.add(pageSample(pageId, { url, outletId: name, fetchedAt: newest }))
        const text = name === 'ngan' ? 'Đọc tiếp trên ứng dụng.' : 'Câu mẫu đủ dài để coi là đọc được. '.repeat(10)
        const draft = { outletId: name, url, pageId: isRead ? pageId : null, published: newest, seenAt: newest }
        await inner.articles.save(draftSample(draft, { url, title: `Bài ${pageId}`, text }))
      }
      const state = neverPolled(name, `https://${name}.example/rss`)
      const times = { lastPolledAt: ago(60_000), lastSuccessAt: ago(60_000), lastNewItemAt: newest }
      await inner.sources.save({ ...state, status: 'ok', ...times })
    }
    const fail = async (name: Name, code: string): Promise<void> => {
      for (let at = 0; at < 40; at += 1) {
        const url = `https://${name}.example/loi-${at}.html`
        const times = { discoveredAt: ago(DAY), notBefore: ago(DAY) }
        const entry = { url, outletId: name, host: `${name}.example`, priority: 1, attempts: 0, item: null }
        await inner.frontier.add([{ ...entry, ...times }])
        await inner.frontier.fail(url, { code, message: 'mẫu' }, ago(HOUR))
      }
    }
    await fail('hong', 'page.no-text')
    await fail('chan', 'page.challenge')
  })
  found = new Map((await read(ago(7 * DAY), now.toISOString())).map((one) => [one.outletId, one]))
}, 60_000)
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

describe('an outlet is named by what it does', () => {
  it.each([
    ['deu', 'ok'],
    ['dung', 'silent'],
    ['it', 'late'],
    ['hong', 'broken'],
    ['ngan', 'broken'],
    ['chan', 'blocked'],
  ])('%s is %s', (id, status) => {
    expect(found.get(id)?.status).toBe(status)
  })

  it('calls a rare outlet silent only after a month', () => {
    expect(found.get('hiem')?.status).toBe('ok')
  })

  it('gives the last day beside what is usual, and the share of unread pages', () => {
    const steady = found.get('deu')
    expect(steady?.lastDay).toBeGreaterThanOrEqual(17)
    expect(steady?.usual).toBeGreaterThan(14)
    expect(steady?.usual).toBeLessThan(22)
    expect(steady?.unreadShare).toBe(0)
    expect(found.get('ngan')?.unreadShare).toBe(1)
  })

  it('enters the figures of the period in which it fell short', async () => {
    const lastDay = await read(ago(DAY), now.toISOString())
    const codes = new Map(lastDay.map(({ outletId, extent, code }) => [outletId, { extent, code }]))
    expect(codes.get('it')).toEqual({ extent: 'partial', code: 'source.late' })
    expect(codes.get('hong')).toEqual({ extent: 'partial', code: 'source.broken' })
    expect(codes.get('deu')).toEqual({ extent: 'full', code: null })
    const before = await read(ago(3 * DAY), ago(2 * DAY))
    expect(before.find(({ outletId }) => outletId === 'it')).toMatchObject({ extent: 'full', code: null })
  })
})

describe('metrics', () => {
  it('give each outlet’s state, and read the coverage once for one scrape', async () => {
    const registry = new Registry()
    let reads = 0
    const once = () => {
      reads += 1
      return read(ago(DAY), now.toISOString())
    }
    registerOutletMetrics(registry, once, () => now)
    const text = await registry.metrics()
    expect(text).toContain('monitor_outlet_state{outlet="dung",state="silent"} 1')
    expect(text).toContain('monitor_outlet_count{state="broken"} 2')
    expect(text).toMatch(/monitor_outlet_articles_last_day\{outlet="deu"\} 1[78]/)
    expect(text).toContain(
      `monitor_outlet_last_success_timestamp_seconds{outlet="deu"} ${(now.getTime() - 60_000) / 1000}`,
    )
    await registry.metrics()
    expect(reads).toBe(1)
  })
})
