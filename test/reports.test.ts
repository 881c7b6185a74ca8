import { beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../reports/report-data.ts'
import type { Store } from '../store/store.ts'
import { domesticStories, foreignStories, type SampleStory } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'
import { mattersOf, outletsOf, reportRoom, sample } from './support/report-room.ts'

const room = reportRoom()
const { compose, classOf, pressOf } = room
let store: Store
beforeEach(() => {
  store = room.store()
})

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
