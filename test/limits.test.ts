import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../clock.ts'
import { linkFinished } from '../crawlers/archive-chain.ts'
import { checkArchive } from '../crawlers/archive-check.ts'
import { LIMIT_NAMES, type LimitValues, limitsInForce, setLimits } from '../crawlers/limits.ts'
import { retain } from '../crawlers/retention.ts'
import type { RelevanceLevel } from '../model.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { type Crawl, limitsOf, openCrawl } from './crawling.ts'
import { assessmentSample, draftSample, keySample, pageSample } from './support/store-samples.ts'

const DAY = 86_400_000
let folder = ''
let clock: SimulatedClock
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'))
  clock = simulatedClock(new Date('2025-01-01T02:00:00Z'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
const now = (): string => clock.now().toISOString()

const words = ['một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín', 'mười']
/** An article of so many versions, a day apart, each of a page of its own. */
async function article(store: Store, name: string, versions: number, level: RelevanceLevel = 'main'): Promise<string> {
  const url = `https://sample.test/${name}`
  let id = ''
  for (let n = 0; n < versions; n += 1) {
    const pageId = `${name}-${n + 1}`
    await store.pages.add(pageSample(pageId, { url, fetchedAt: now(), warc: null }))
    const text = `Cầu dài ${n + 1} nhịp ${words[n]}.\nNgười dân xã ${words[n]} qua lại dễ dàng, số ${n * 7} hộ được hỗ trợ.`
    const saved = await store.articles.save(
      draftSample(
        { url, pageId, seenAt: now(), published: now() },
        { url, title: `Bài ${name} lần ${words[n]}`, text },
      ),
    )
    id = saved.article.id
    const relevance = { level, score: 0.9, places: [] }
    await store.assessments.put(id, saved.article.version, keySample(), assessmentSample({ relevance }), now())
    clock.advance(DAY)
  }
  return id
}

const cite = (articleId: string, version: number) => ({ articleId, version, field: 'text' as const, from: 0, to: 3 })

describe('versions', () => {
  let store: Store
  beforeEach(async () => {
    store = await openStore({ file: join(folder, 'store.db'), clock })
  })
  afterEach(() => store.close())
  const versionsOf = async (id: string): Promise<number[]> =>
    (await store.articles.versions(id)).map(({ version }) => version)
  const drop = async (keepNewest: number, days = 30) => {
    const before = new Date(clock.now().getTime() - days * DAY).toISOString()
    await store.retention.markCited()
    const limits = { before, keepNewest }
    const said = await store.retention.countVersions(limits)
    const dropped = await store.retention.dropVersions(limits, 'huong', now(), 1000)
    expect(dropped).toBe(said)
    return dropped
  }

  it('between the first and the last go when they are old, but for the newest, and it stays on record that they were', async () => {
    const id = await article(store, 'cau', 7)
    expect(await versionsOf(id)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await drop(2)).toBe(0)
    clock.advance(60 * DAY)
    expect(await drop(2)).toBe(3)
    expect(await versionsOf(id)).toEqual([1, 5, 6, 7])
    expect((await store.retention.removedVersions(id)).map(({ version, who, cause }) => [version, who, cause])).toEqual(
      [
        [2, 'huong', 'edited'],
        [3, 'huong', 'edited'],
        [4, 'huong', 'edited'],
      ],
    )
    expect((await store.visits.fates([id])).get(id)?.edits, 'an edit stays one').toBe(6)
    expect(await drop(0)).toBe(2)
    expect(await drop(0, 0)).toBe(0)
    expect(await versionsOf(id)).toEqual([1, 7])
    // The article goes on: its current judgement stands, and the next version is the eighth.
    expect((await store.articles.get(id))?.assessment?.relevance.level).toBe('main')
    clock.advance(DAY)
    const again = draftSample(
      { url: 'https://sample.test/cau', seenAt: now() },
      {
        title: 'Bài cau được viết lại',
        text: 'Một bài hoàn toàn khác hẳn, về chuyện khác, không còn chữ nào như trước.',
      },
    )
    expect((await store.articles.save(again)).article.version).toBe(8)
  })

  it('stay when a summary, a report, an alert or a picture cites them, or they were translated', async () => {
    const [summed, reported, listed, alerted, told, pictured, translated] = [
      await article(store, 'tom-tat', 5),
      await article(store, 'bao-cao', 5),
      await article(store, 'phu-luc', 5),
      await article(store, 'canh-bao', 5),
      await article(store, 'sua', 6),
      await article(store, 'anh', 5),
      await article(store, 'dich', 5),
    ]
    const seen = async (id: string, version: number): Promise<string> =>
      (await store.visits.versions(id)).find((one) => one.version === version)?.seenAt ?? ''
    const sentence = { text: 'Cầu', cites: [cite(summed, 3)] }
    const summary = { text: 'Cầu', sentences: [sentence], madeFrom: [{ articleId: summed, version: 3 }] }
    await store.summaries.save({
      ...{ subject: 'story:s', words: 120, stepVersion: 1, madeAt: now(), madeBy: null, differences: [] },
      summary: summary as never,
    })
    const report = { reportId: 'week', periodLabel: '2025-W01', periodFrom: now(), periodTo: now(), files: {} }
    const quote = { text: 'Cầu', cite: cite(reported, 2) }
    const rows = [{ id: listed, title: 'Bài', extract: null }]
    const data = JSON.stringify({ sensitive: [{ quotes: [quote] }], annex: rows })
    await store.reports.save({ ...report, id: 'r', composedAt: await seen(listed, 4), data })
    for (const id of [alerted, told]) {
      const decision = { articleId: id, storyId: `story-${id}`, opened: true, copyOf: null, similarity: 1, anchors: [] }
      await store.stories.assign(decision, 'Vụ việc', now())
    }
    const alert = { ruleId: 'nhay-cam', change: null, storyId: `story-${alerted}`, articleId: alerted }
    await store.alerts.create({ ...alert, createdAt: await seen(alerted, 3) })
    const change = { kind: 'edited', version: 4 } as const
    await store.alerts.create({ ...alert, change, storyId: `story-${told}`, articleId: told, createdAt: now() })
    await store.evidence.begin({ articleId: pictured, version: 2 }, now(), null)
    const [png, pdf] = [
      { digest: 'sha256:a', bytes: 1 },
      { digest: 'sha256:b', bytes: 1 },
    ]
    const finalUrl = 'https://sample.test/anh'
    await store.evidence.taken({ articleId: pictured, version: 2, takenAt: now(), finalUrl, png, pdf })
    const text = { translator: 'mẫu', title: 'Bài', lead: null, text: 'Bài', madeAt: now(), madeBy: 'huong' }
    await store.helperTexts.saveTranslation({ articleId: translated, version: 3, ...text })

    clock.advance(60 * DAY)
    await drop(0)
    expect(await versionsOf(summed)).toEqual([1, 3, 5])
    expect(await versionsOf(reported)).toEqual([1, 2, 5])
    expect(await versionsOf(listed)).toEqual([1, 4, 5])
    expect(await versionsOf(alerted)).toEqual([1, 3, 5])
    // An edit is shown against the version before.
    expect(await versionsOf(told)).toEqual([1, 3, 4, 6])
    expect(await versionsOf(pictured)).toEqual([1, 2, 5])
    expect(await versionsOf(translated)).toEqual([1, 3, 5])
  })
})

describe('archived pages', () => {
  let crawl: Crawl
  beforeEach(async () => {
    crawl = await openCrawl(folder, [], clock)
  })
  afterEach(() => crawl.close())

  /** An article of that relevance whose page stands in the archive. */
  async function archived(name: string, level: RelevanceLevel): Promise<string> {
    const { store, archive } = crawl
    const url = `https://sample.test/${name}`
    const body = Buffer.from(`<h1>Bài ${name}</h1>`)
    const warc = await archive.appendResource({ url, contentType: 'text/html', body, at: clock.now() })
    const { createHash } = await import('node:crypto')
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
    await store.pages.add(pageSample(name, { url, finalUrl: url, fetchedAt: now(), digest, warc }))
    const { article: saved } = await store.articles.save(
      draftSample({ url, pageId: name, seenAt: now() }, { url, title: `Bài ${name}` }),
    )
    const relevance = { level, score: 0.9, places: [] }
    await store.assessments.put(saved.id, 1, keySample(), assessmentSample({ relevance }), now())
    return saved.id
  }
  const kept = async (): Promise<string[]> => {
    const names = ['khong', 'co', 'trich']
    const pages = await Promise.all(names.map((name) => crawl.store.pages.get(name)))
    return names.filter((_, at) => pages[at]?.warc)
  }
  const faults = async () => (await checkArchive({ ...crawl, all: true })).faults
  const link = () => linkFinished({ ...crawl, clock })
  const clean = (values: Partial<LimitValues>, dryRun = false) =>
    retain({ ...crawl, clock, limits: limitsOf(values), dryRun }).then(async (result) => {
      await link()
      return result
    })

  it('go by what they are kept for, each under its own limit, and the chain stays whole', async () => {
    await archived('khong', 'none')
    await archived('co', 'mention')
    const cited = await archived('trich', 'main')
    const report = { reportId: 'week', periodLabel: '2025-W01', periodFrom: now(), periodTo: now(), files: {} }
    const data = JSON.stringify({ quotes: [{ cite: cite(cited, 1) }] })
    await crawl.store.reports.save({ ...report, id: 'r', composedAt: now(), data })
    await crawl.archive.rotate()
    await link()
    clock.advance(4000 * DAY)

    // Nothing is set: everything stays, for ever.
    expect(await clean({})).toMatchObject({
      pages: { irrelevant: { pages: 0 }, relevant: { pages: 0 }, cited: { pages: 0 } },
    })
    expect(await kept()).toEqual(['khong', 'co', 'trich'])

    const said = await clean({ irrelevantArchiveDays: 30, relevantArchiveDays: 365 }, true)
    expect(said).toMatchObject({
      dryRun: true,
      pages: { irrelevant: { pages: 1 }, relevant: { pages: 1 }, cited: { pages: 0 } },
    })
    expect(said.pages.relevant.bytes).toBeGreaterThan(100)
    expect(await kept()).toEqual(['khong', 'co', 'trich'])

    await clean({ irrelevantArchiveDays: 30 })
    expect(await kept()).toEqual(['co', 'trich'])
    await clean({ irrelevantArchiveDays: 30, relevantArchiveDays: 365 })
    await clean({ irrelevantArchiveDays: 30, relevantArchiveDays: 365 })
    expect(await kept()).toEqual(['trich'])
    expect(await faults()).toEqual([])

    // Also what is cited, when a limit is set for it; the last file goes as a whole, one run later.
    const all = { irrelevantArchiveDays: 30, relevantArchiveDays: 365, citedArchiveDays: 3650 }
    expect((await clean(all)).pages.cited.pages).toBe(1)
    expect(await kept()).toEqual([])
    await clean(all)
    await clean(all)
    expect(await crawl.archive.files()).toEqual([])
    const { faults: left, links, removed } = await checkArchive({ ...crawl, all: true })
    expect(left).toEqual([])
    expect(links).toBe(6)
    expect(removed.map(({ who }) => who)).toEqual(['configuration', 'configuration', 'configuration'])
    // Articles and versions are untouched.
    expect(await crawl.store.articles.count({})).toBe(3)
  })

  it('of which no article was read go with the irrelevant ones', async () => {
    await archived('co', 'main')
    const body = Buffer.from('<h1>Trang chủ</h1>')
    const url = 'https://sample.test/khong'
    const warc = await crawl.archive.appendResource({ url, contentType: 'text/html', body, at: clock.now() })
    await crawl.store.pages.add(pageSample('khong', { url, finalUrl: url, fetchedAt: now(), warc }))
    await crawl.archive.rotate()
    await link()
    clock.advance(31 * DAY)
    await clean({ irrelevantArchiveDays: 30 })
    expect(await kept()).toEqual(['co'])
  })
})

describe('limits', () => {
  const configured = Object.fromEntries(
    limitsOf({ irrelevantArchiveDays: 30 }).map(({ name, value }) => [name, value]),
  ) as LimitValues

  it('that a person set go before those of the configuration, and say who answers for what went', async () => {
    const crawl = await openCrawl(folder, [], clock)
    const { store } = crawl
    await article(store, 'cau', 4)
    clock.advance(60 * DAY)
    expect(await limitsInForce(store, configured)).toHaveLength(LIMIT_NAMES.length)
    const wanted = { ...configured, versionDays: 30, versionsKept: 0 }
    expect(await setLimits(store, configured, wanted, { who: 'huong', now: clock.now() })).toEqual([
      'versionDays',
      'versionsKept',
    ])
    const limits = await limitsInForce(store, configured)
    expect(limits.find(({ name }) => name === 'versionDays')).toEqual({
      ...{ name: 'versionDays', value: 30, configured: null },
      setBy: { who: 'huong', at: now() },
    })
    expect((await retain({ ...crawl, clock, limits })).versions).toBe(2)
    const [found] = await store.articles.list({})
    expect((await store.retention.removedVersions(found?.id ?? '')).map(({ who }) => who)).toEqual(['huong', 'huong'])
    await crawl.close()
  })
})
