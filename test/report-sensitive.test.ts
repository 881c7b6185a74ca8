import { load } from 'cheerio'
import { beforeEach, describe, expect, it } from 'vitest'
import { translator } from '../locales/index.ts'
import { documentOf } from '../reports/formats/document.ts'
import { renderHtml } from '../reports/formats/html.ts'
import type { Store } from '../store/store.ts'
import { domesticStories } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'
import { mattersOf, reportRoom, sample } from './support/report-room.ts'

const room = reportRoom()
const { compose, pressOf } = room
let store: Store
beforeEach(() => {
  store = room.store()
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
