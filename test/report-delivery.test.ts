import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OutletCoverage } from '../crawlers/coverage.ts'
import { translator } from '../locales/index.ts'
import type { Profile } from '../profiles/schema.ts'
import { composeReport } from '../reports/compose.ts'
import { deliverReport } from '../reports/deliver.ts'
import { periodOfWeek } from '../reports/period.ts'
import type { ReportData } from '../reports/report-data.ts'
import type { Store } from '../store/store.ts'
import { domesticStories, foreignStories } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'
import { monday, reportRoom, sample, week } from './support/report-room.ts'

const room = reportRoom()
const { definition, compose, pressOf } = room
let folder: string
let store: Store
let profile: Profile
beforeEach(() => {
  folder = room.folder()
  store = room.store()
  profile = room.profile()
})

describe('what was not collected', () => {
  it('is told for the outlets of the report only, and nothing is told of those that were', async () => {
    const coverage = (outletId: string, extent: OutletCoverage['extent']): OutletCoverage => ({
      outletId,
      outlet: outletId,
      status: 'failing',
      extent,
      lastSuccessAt: null,
      lastNewItemAt: null,
      articles: 0,
      lastDay: 0,
      usual: null,
      unreadShare: null,
      problems: [],
      code: 'fetch.timeout',
    })
    const all = [coverage('tuoitre', 'partial'), coverage('vnexpress', 'full'), coverage('bbc', 'none')]
    const { scope } = await compose('domestic-week', { coverage: all })
    expect(scope.gaps).toEqual([
      { outletId: 'tuoitre', outlet: 'tuoitre', extent: 'partial', code: 'fetch.timeout', lastSuccessAt: null },
    ])
    expect(scope.outlets.every(({ id }) => id !== 'bbc')).toBe(true)
  })
})

describe('composing and delivering', () => {
  const deliver = async (data: ReportData) =>
    deliverReport({ store, data, dataFolder: folder, chromium: { path: null, sandbox: true }, t: translator('vi') })

  it('the data are JSON, and the record keeps them', async () => {
    await fillStore(store, [...domesticStories, ...foreignStories])
    const data = await compose('foreign-week')
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
    const { record } = await deliver(data)
    expect(JSON.parse((await store.reports.get(record.id))?.data ?? '')).toEqual(data)
  })

  it('without a Chromium the HTML and the DOCX are written, and the message says how to get the PDF', async () => {
    await fillStore(store, domesticStories)
    const { record, problems } = await deliver(await compose())
    expect(Object.keys(record.files)).toEqual(['html', 'docx'])
    expect(problems).toMatchObject([{ format: 'pdf', code: 'pdf.no-chromium' }])
    expect(problems[0]?.remedy).toContain('MONITOR_CHROMIUM')
    for (const file of Object.values(record.files))
      expect((await readFile(join(folder, file))).length).toBeGreaterThan(999)
  })

  it('composing a period again keeps the earlier report and its files', async () => {
    await fillStore(store, domesticStories)
    const first = await deliver(await compose())
    const earlier = await readFile(join(folder, first.record.files.html ?? ''), 'utf8')
    await fillStore(store, [{ ...sample('que'), story: 'them', outlets: ['laodong'] }])
    const second = await deliver(await compose())
    expect(second.record.id).not.toBe(first.record.id)
    expect(await readFile(join(folder, first.record.files.html ?? ''), 'utf8')).toBe(earlier)
    expect((await store.reports.list(10)).map(({ id }) => id).sort()).toEqual(
      [first.record.id, second.record.id].sort(),
    )
  })

  it('articles found after the report of their week are told in the next one, and counted in none', async () => {
    await fillStore(store, [sample('cua-khau')], { shiftDays: -7 })
    const before = periodOfWeek('2025-W39')
    const earlier = await composeReport({
      ...{ store, profile, period: before, coverage: [] },
      definition: definition('domestic-week'),
      now: new Date('2025-09-29T00:00:00.000Z'),
    })
    await deliver(earlier)
    const late = { ...sample('que'), story: 'muon', outlets: ['danviet'], day: '2025-09-27T03:00:00.000Z' }
    await fillStore(store, [late], { seenAfterMs: 3 * 24 * 3_600_000 })
    const data = await compose()
    expect(data.late.map(({ outlet }) => outlet.id)).toEqual(['danviet'])
    expect(data.figures.articles).toMatchObject({ now: 0, before: pressOf([sample('cua-khau')]).length + 1 })
    expect(data.annex).toEqual([])
  })

  it('a department without what a document must name is refused with its remedy', async () => {
    const departments = profile.departments.map(({ symbol: _symbol, ...rest }) => rest)
    const incomplete = composeReport({
      ...{ store, period: week, coverage: [], now: monday, definition: definition('domestic-week') },
      profile: { ...profile, departments },
    })
    await expect(incomplete).rejects.toMatchObject({
      code: 'report.office-incomplete',
      remedy: expect.stringContaining('departments.yaml'),
    })
  })
})
