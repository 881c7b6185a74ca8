import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'cheerio'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OutletCoverage } from '../crawlers/coverage.ts'
import { translator } from '../locales/index.ts'
import type { Profile, ReportDefinition } from '../profiles/schema.ts'
import { composeReport } from '../reports/compose.ts'
import { deliverReport } from '../reports/deliver.ts'
import { documentOf } from '../reports/formats/document.ts'
import { renderHtml } from '../reports/formats/html.ts'
import { periodOfWeek } from '../reports/period.ts'
import type { Matter, Quote, ReportData } from '../reports/report-data.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { sampleProfile } from './helpers/report-profile.ts'
import { domesticStories, foreignStories, type SampleStory } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'

let folder: string
let store: Store
let profile: Profile
const week = periodOfWeek('2025-W40')
const monday = new Date('2025-10-06T00:00:00.000Z')

beforeAll(async () => {
  profile = await sampleProfile()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'))
  store = await openStore({ file: join(folder, 'store.sqlite') })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const definition = (id: string): ReportDefinition => {
  const found = profile.reports.find((report) => report.id === id)
  if (!found) throw new Error(`no report ${id}`)
  return found
}
const compose = (id = 'domestic-week', more: { coverage?: readonly OutletCoverage[]; period?: typeof week } = {}) =>
  composeReport({
    store,
    profile,
    definition: definition(id),
    period: more.period ?? week,
    coverage: more.coverage ?? [],
    now: monday,
  })
const sample = (name: string): SampleStory => {
  const found = [...domesticStories, ...foreignStories].find(({ story }) => story === name)
  if (!found) throw new Error(`no sample ${name}`)
  return found
}
const outletsOf = (stories: readonly SampleStory[]): readonly string[] => stories.flatMap(({ outlets }) => outlets)
const classOf = (id: string): string => profile.outletDefinitions.find((outlet) => outlet.id === id)?.class ?? ''
const pressOf = (stories: readonly SampleStory[]) => outletsOf(stories).filter((id) => classOf(id) === 'press')
const mattersOf = (data: ReportData): readonly Matter[] => [
  ...data.sensitive,
  ...data.highlights.flatMap(({ matters }) => matters),
]

describe('figures', () => {
  it('count press outlets only; the others stand beside', async () => {
    await fillStore(store, domesticStories)
    const { figures, annex } = await compose()
    const press = pressOf(domesticStories)
    expect(figures.articles.now).toBe(press.length)
    expect(figures.outlets.now).toBe(new Set(press).size)
    const beside = Object.fromEntries(figures.beside.map(({ class: one, articles }) => [one, articles.now]))
    const expected: Record<string, number> = {}
    for (const one of outletsOf(domesticStories)
      .map(classOf)
      .filter((one) => one !== 'press'))
      expected[one] = (expected[one] ?? 0) + 1
    expect(beside).toEqual(expected)
    expect(annex).toHaveLength(outletsOf(domesticStories).length)
    expect(annex.slice(0, press.length).every(({ outlet }) => outlet.class === 'press')).toBe(true)
  })

  it('tones and kinds add up to the whole, topics count each article they are on', async () => {
    await fillStore(store, domesticStories)
    const { figures } = await compose()
    const sum = (parts: readonly { readonly articles: { readonly now: number } }[]) =>
      parts.reduce((total, { articles }) => total + articles.now, 0)
    expect(sum(figures.tones)).toBe(figures.articles.now)
    expect(sum(figures.kinds)).toBe(figures.articles.now)
    expect(sum(figures.countries)).toBe(figures.articles.now)
    expect(figures.main + figures.mention).toBe(figures.articles.now)
    const tourism = pressOf(domesticStories.filter(({ topics }) => 'tourism' in topics))
    expect(figures.topics.find(({ id }) => id === 'tourism')?.articles.now).toBe(tourism.length)
  })

  it('each origin has its own report', async () => {
    await fillStore(store, [...domesticStories, ...foreignStories])
    expect((await compose('foreign-week')).figures.articles.now).toBe(pressOf(foreignStories).length)
    expect((await compose('domestic-week')).figures.articles.now).toBe(pressOf(domesticStories).length)
  })

  it('the week before is compared with; where nothing was collected there is nothing to compare', async () => {
    await fillStore(store, domesticStories)
    expect((await compose()).figures.articles.before).toBeNull()
    const before = [sample('cua-khau'), sample('que')]
    await fillStore(store, before, { shiftDays: -7 })
    const { figures } = await compose()
    expect(figures.articles).toEqual({ now: pressOf(domesticStories).length, before: pressOf(before).length })
    expect(figures.topics.find(({ id }) => id === 'tourism')?.articles.before).toBe(0)
  })

  it('the week begins and ends at midnight of the province', async () => {
    const at = (story: string, day: string): SampleStory => ({ ...sample('que'), story, outlets: ['nnmt'], day })
    await fillStore(store, [
      at('a', '2025-09-28T16:59:59.999Z'),
      at('b', '2025-09-28T17:00:00.000Z'),
      at('c', '2025-10-05T16:59:59.999Z'),
      at('d', '2025-10-05T17:00:00.000Z'),
    ])
    expect((await compose()).annex.map(({ url }) => url.split('/').at(-1)?.[0])).toEqual(['b', 'c'])
  })

  it('what awaits its assessment is counted apart', async () => {
    await fillStore(store, [sample('que')], { assess: false })
    const { figures, annex } = await compose()
    expect(figures).toMatchObject({ unassessed: 2, articles: { now: 0 } })
    expect(annex).toEqual([])
  })

  it('an empty week is a report with zeros', async () => {
    const data = await compose()
    expect(data.figures.articles).toEqual({ now: 0, before: null })
    expect([data.annex, data.highlights, data.sensitive]).toEqual([[], [], []])
  })
})

describe('stories', () => {
  it('are told once, with their placements', async () => {
    await fillStore(store, domesticStories)
    const data = await compose()
    const told = mattersOf(data).map(({ storyId }) => storyId)
    expect(new Set(told).size).toBe(told.length)
    const customs = mattersOf(data).find(({ storyId }) => storyId === 'cua-khau-0')
    expect(customs).toMatchObject({ placements: 4, outlets: 4, beside: 1 })
    expect(customs?.article.outlet.id).toBe('congthuong')
    expect(data.figures.stories.now).toBe(domesticStories.filter((story) => pressOf([story]).length > 0).length)
  })

  it('bear the title that a person gave, beside the printed one, until it is taken back', async () => {
    await fillStore(store, domesticStories)
    const by = { storyId: 'cua-khau-0', who: 'an', at: '2025-10-05T01:00:00.000Z' }
    await store.storyDesk.rename({ ...by, title: 'Hàng qua Kim Thành tăng bốn tháng liền' })
    const customs = async () => mattersOf(await compose()).find(({ storyId }) => storyId === 'cua-khau-0')
    expect(await customs()).toMatchObject({
      title: 'Hàng qua Kim Thành tăng bốn tháng liền',
      article: { title: sample('cua-khau').title },
    })
    await store.storyDesk.rename({ ...by, title: null })
    expect(await customs()).not.toHaveProperty('title')
  })

  it('are those that people made of them: merged ones are told once, articles moved count where they are now', async () => {
    const ids = await fillStore(store, domesticStories)
    const by = { who: 'an', at: '2025-10-05T01:00:00.000Z' }
    const before = (await compose()).figures.stories.now
    await store.storyDesk.merge({ ...by, from: 'duong-sat-0', into: 'cua-khau-0' })
    const moved = ids.get('du-lich-sapa/vov') ?? ''
    await store.storyDesk.move({ ...by, storyId: 'du-lich-sapa-0', articleIds: [moved], to: 'cua-khau-0' })
    const data = await compose()
    const matter = (id: string) => mattersOf(data).find(({ storyId }) => storyId === id)
    expect(matter('duong-sat-0')).toBeUndefined()
    const into = [sample('cua-khau'), sample('duong-sat')]
    expect(matter('cua-khau-0')).toMatchObject({ placements: pressOf(into).length + 1 })
    expect(matter('du-lich-sapa-0')).toMatchObject({ placements: pressOf([sample('du-lich-sapa')]).length - 1 })
    expect(data.figures.stories.now).toBe(before - 1)
  })

  it('quotes are two or three short sentences, exactly as printed', async () => {
    const ids = await fillStore(store, [...domesticStories, ...foreignStories])
    for (const id of ['domestic-week', 'foreign-week']) {
      const data = await compose(id)
      const quotes: Quote[] = mattersOf(data).flatMap((matter) => matter.quotes)
      quotes.push(...data.annex.flatMap(({ extract }) => (extract?.verbatim ? [extract] : [])))
      expect(quotes.length).toBeGreaterThan(10)
      expect(mattersOf(data).every((matter) => matter.quotes.length >= 1 && matter.quotes.length <= 3)).toBe(true)
      for (const { text, cite } of quotes) {
        const version = (await store.articles.versions(cite.articleId)).find((one) => one.version === cite.version)
        expect(version?.[cite.field]?.slice(cite.from, cite.to)).toBe(text)
      }
    }
    expect(ids.size).toBeGreaterThan(0)
  })

  it('what only mentions the province stands in the annex, not among what stands out', async () => {
    await fillStore(store, [sample('thoi-tiet')])
    const data = await compose()
    expect(data.highlights).toEqual([])
    expect(data.annex).toHaveLength(3)
  })

  it('show at most as many per topic as the profile says, and say how many more', async () => {
    const many = Array.from({ length: 8 }, (_, index) => ({
      ...sample('que'),
      story: `que-${index}`,
      outlets: ['nnmt'],
    }))
    await fillStore(store, many)
    const [topic] = (await compose()).highlights
    expect(topic).toMatchObject({ topic: { id: 'agriculture_rural' }, more: 3, sensitive: 0 })
    expect(topic?.matters).toHaveLength(5)
  })

  it('a foreign article has a gist from facts; a Vietnamese one needs none', async () => {
    await fillStore(store, [sample('hekou-zh'), sample('cua-khau')])
    const [foreign] = mattersOf(await compose('foreign-week'))
    expect(foreign?.gist).toEqual({
      topics: ['Kinh tế cửa khẩu, thương mại, đầu tư', 'Đối ngoại, hợp tác quốc tế'],
      places: [{ name: 'Lào Cai', former: false }],
    })
    expect(foreign?.quotes[0]?.text).toContain('老街')
    expect(mattersOf(await compose())[0]?.gist).toBeNull()
  })
})

describe('sensitive matters', () => {
  it('show the words that made them so, and are told in one place only', async () => {
    await fillStore(store, domesticStories)
    const data = await compose()
    expect(data.sensitive.map(({ storyId }) => storyId)).toEqual(['lu-quet-0', 'can-bo-0'])
    expect(data.sensitive[0]?.reasons).toMatchObject([
      { by: 'words', label: 'Thương vong', words: [{ text: 'Lũ quét', field: 'title' }, { text: 'mất tích' }] },
    ])
    expect(data.highlights.flatMap(({ matters }) => matters).every(({ reasons }) => reasons.length === 0)).toBe(true)
    const disaster = data.highlights.find(({ topic }) => topic.id === 'disaster_environment')
    expect(disaster).toMatchObject({ matters: [], sensitive: 1 })
  })

  it('of an organisation stand among them, but in no figure of the press', async () => {
    await fillStore(store, [sample('rights-en')])
    const data = await compose('foreign-week')
    expect(data.sensitive).toMatchObject([{ placements: 0, beside: 1, article: { outlet: { id: 'hrw' } } }])
    expect(data.figures.articles.now).toBe(0)
    expect(data.figures.sensitive.now).toBe(0)
  })

  it('bear a title that tells the newest toll, unless a person gave one, and show what each outlet last said', async () => {
    const crash = {
      ...sample('lu-quet'),
      story: 'lat-xe',
      outlets: ['vnexpress'],
      title: '[Bài mẫu] Lật xe khách ở Lào Cai, 7 người tử vong',
    }
    const later = {
      ...crash,
      story: 'lat-xe-sau',
      outlets: ['tuoitre'],
      day: '2025-09-30T09:00:00.000Z',
      title: '[Bài mẫu] Vụ lật xe ở Lào Cai: 9 người chết',
    }
    const ids = await fillStore(store, [crash, later])
    await store.storyDesk.merge({ from: 'lat-xe-sau-0', into: 'lat-xe-0', who: 'an', at: '2025-10-05T01:00:00.000Z' })
    const [matter] = (await compose()).sensitive
    expect(matter?.article).toMatchObject({ title: later.title, outlet: { id: 'tuoitre' } })
    expect(matter?.quotes.every(({ cite }) => cite.articleId === ids.get('lat-xe-sau/tuoitre'))).toBe(true)
    expect(matter).not.toHaveProperty('title')
    expect(matter?.counts).toMatchObject({
      grew: true,
      reports: [
        {
          text: '7 người tử vong',
          outlet: { id: 'vnexpress' },
          cite: { articleId: ids.get('lat-xe/vnexpress'), field: 'title' },
        },
        { text: '9 người chết', outlet: { id: 'tuoitre' }, published: later.day },
      ],
    })
    const given = { storyId: 'lat-xe-0', title: 'Vụ lật xe khách', who: 'an', at: '2025-10-05T02:00:00.000Z' }
    await store.storyDesk.rename(given)
    expect((await compose()).sensitive[0]).toMatchObject({ title: 'Vụ lật xe khách', article: { title: later.title } })
  })

  it('are never a column that tells several events: it is listed as one, counted, and stays in the annex', async () => {
    const column = {
      ...sample('lu-quet'),
      story: 'toan-canh',
      outlets: ['thanhnien'],
      title: 'Toàn cảnh 17h: [Bài mẫu] Lũ quét ở Lào Cai | Giá vàng tăng | Cháy chợ',
    }
    const morning = {
      ...sample('que'),
      story: 'diem-tin',
      outlets: ['dantri'],
      title: 'Điểm tin sáng: [Bài mẫu] Quế hữu cơ Lào Cai sang châu Âu | Giá xăng giảm',
    }
    const ids = await fillStore(store, [sample('lu-quet'), column, morning])
    const data = await compose()
    expect(mattersOf(data).map(({ storyId }) => storyId)).toEqual(['lu-quet-0'])
    expect(data.figures.stories.now).toBe(1)
    expect(data.figures.sensitive.now).toBe(pressOf([sample('lu-quet')]).length + 1)
    const rows = new Map(data.annex.map(({ id, row }) => [id, row]))
    expect(data.roundUps.map(({ article }) => article.id).toSorted()).toEqual(
      [ids.get('toan-canh/thanhnien'), ids.get('diem-tin/dantri')].toSorted(),
    )
    for (const { article } of data.roundUps) expect(article.row).toBe(rows.get(article.id))
    const told = data.roundUps.find(({ sensitive }) => sensitive)
    expect(told).toMatchObject({
      article: { title: column.title },
      reasons: [{ label: 'Thương vong', words: [{ text: 'Lũ quét' }, { text: 'mất tích' }] }],
    })
    const page = load(renderHtml(documentOf(data, translator('vi'))))('main')
      .text()
      .replaceAll(/\s+/g, ' ')
    expect(page).toContain(`- ${column.title} (Thanh Niên, 30/9/2025; Phụ lục I, số ${told?.article.row}). Căn cứ`)
    expect(page).toContain('Có 1 bài tổng hợp nhiều sự việc có nội dung nhạy cảm')
    expect(page).toContain('Ngoài ra có 1 bài tổng hợp nhiều sự việc')
  })

  it('are never silent on a week whose only sensitive article is a column', async () => {
    const column = {
      ...sample('lu-quet'),
      story: 'toan-canh',
      outlets: ['thanhnien'],
      title: 'Toàn cảnh 17h: [Bài mẫu] Lũ quét ở Lào Cai | Giá vàng tăng',
    }
    await fillStore(store, [column])
    const page = load(renderHtml(documentOf(await compose(), translator('vi'))))('main').text()
    expect(page).not.toContain('Không ghi nhận vấn đề nhạy cảm')
    expect(page).toContain('không phải kết luận về tính đúng, sai')
  })

  it('keep a story that a column joined, and a column that a person gave a title', async () => {
    const column = {
      ...sample('lu-quet'),
      story: 'toan-canh',
      outlets: ['thanhnien'],
      title: 'Toàn cảnh 17h: [Bài mẫu] Lũ quét ở Lào Cai | Giá vàng tăng',
    }
    await fillStore(store, [sample('lu-quet'), column])
    const at = '2025-10-05T02:00:00.000Z'
    await store.storyDesk.rename({ storyId: 'toan-canh-0', title: 'Lũ quét qua lời kể', who: 'an', at })
    const told = await compose()
    expect(told.sensitive.map(({ title }) => title)).toContain('Lũ quét qua lời kể')
    expect(told.figures.stories.now).toBe(2)
    await store.storyDesk.merge({ from: 'toan-canh-0', into: 'lu-quet-0', who: 'an', at })
    const merged = await compose()
    expect(merged.roundUps).toEqual([])
    expect(merged.sensitive.map(({ storyId }) => storyId)).toEqual(['lu-quet-0'])
    expect(merged.sensitive[0]?.article.title).not.toBe(column.title)
  })

  it('that a person marked say so', async () => {
    const ids = await fillStore(store, [sample('que')])
    const articleId = ids.get('que/nnmt') ?? ''
    const at = '2025-10-02T08:00:00.000Z'
    await store.assessments.correct({ articleId, field: 'sensitive', value: true, note: null, who: 'an', at })
    const data = await compose()
    expect(data.sensitive[0]?.reasons).toEqual([{ by: 'person', label: null, words: [] }])
    expect(data.figures.corrected).toBe(1)
    expect(data.annex.filter(({ corrected }) => corrected).map(({ id }) => id)).toEqual([articleId])
  })
})

describe('names', () => {
  const named = (text: string): SampleStory => ({
    ...sample('can-bo'),
    outlets: ['cand'],
    lead: '',
    text,
    topics: { crime_law: 0.9 },
    places: [{ id: 'lao-cai', name: 'Lào Cai' }],
    sensitive: { condition: 'officials', words: ['Khởi tố'] },
  })

  it('of suspects become initials in the annex, which then is no quotation', async () => {
    await fillStore(store, [
      named('Công an tỉnh Lào Cai đã khởi tố bị can Nguyễn Văn Mẫu về hành vi vận chuyển hàng cấm qua biên giới.'),
    ])
    const [row] = (await compose()).annex
    expect(row?.extract).toMatchObject({ verbatim: false })
    expect(row?.extract?.text).toContain('N.V.M.')
    expect(row?.extract?.text).not.toContain('Nguyễn Văn Mẫu')
  })

  it('are avoided in quotations where other sentences will do', async () => {
    await fillStore(store, [
      named(
        'Công an tỉnh Lào Cai đã khởi tố bị can Nguyễn Văn Mẫu về hành vi vận chuyển hàng cấm qua biên giới.\nLực lượng chức năng tỉnh Lào Cai thu giữ 120 kg hàng cấm trong chuyên án kéo dài ba tháng.',
      ),
    ])
    const data = await compose()
    expect(data.sensitive[0]?.quotes.map(({ text }) => text)).toEqual([
      'Lực lượng chức năng tỉnh Lào Cai thu giữ 120 kg hàng cấm trong chuyên án kéo dài ba tháng.',
    ])
  })

  it('of journalists appear nowhere', async () => {
    await fillStore(store, [{ ...sample('que'), byline: 'Phóng Viên Mẫu' }])
    expect(JSON.stringify(await compose())).not.toContain('Phóng Viên Mẫu')
  })
})

describe('the annex', () => {
  it('numbers its rows, and matters and reprints name them', async () => {
    await fillStore(store, domesticStories)
    const data = await compose()
    expect(data.annex.map(({ row }) => row)).toEqual(data.annex.map((_, index) => index + 1))
    for (const { article } of mattersOf(data)) expect(data.annex[article.row - 1]?.id).toBe(article.id)
    const reprint = data.annex.find(({ outlet, title }) => outlet.id === 'tuoitre' && title === sample('lu-quet').title)
    expect(data.annex[(reprint?.copyOfRow ?? 0) - 1]?.outlet.id).toBe('vnexpress')
  })

  it('names the departments that own the topic', async () => {
    await fillStore(store, [sample('du-lich-sapa')])
    expect((await compose()).annex[0]?.departments).toEqual(['Sở Văn hóa, Thể thao và Du lịch'])
  })

  it('a person who takes an article out takes it out everywhere', async () => {
    const ids = await fillStore(store, [sample('que')])
    const at = '2025-10-02T08:00:00.000Z'
    for (const articleId of ids.values())
      await store.assessments.correct({ articleId, field: 'relevance', value: 'none', note: null, who: 'an', at })
    const data = await compose()
    expect(data.annex).toEqual([])
    expect(data.figures.articles.now).toBe(0)
  })
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
