import { describe, expect, it } from 'vitest'
import { dayOf } from '../locales/format.ts'
import { centralTitle } from '../pipeline/central-title.ts'
import { newerTitles } from '../pipeline/newest-toll.ts'
import { staleness } from '../pipeline/staleness.ts'
import { isClosed, spread } from '../pipeline/story-life.ts'

/** Sample titles of ours. */
const title = (text: string, minute: number, change: { language?: string; press?: boolean } = {}) => ({
  title: text,
  language: change.language ?? 'vi',
  press: change.press ?? true,
  published: `2025-10-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
})
const isPress = ({ press }: { press: boolean }): boolean => press

describe('the title of a story', () => {
  it('is the one most like the others, not the first', () => {
    const titles = [
      title('Người mẹ ở Nậm Lúc kể lại đêm kinh hoàng', 1),
      title('Lũ quét ở Nậm Lúc, Lào Cai: ba người mất tích', 2),
      title('Lào Cai: ba người mất tích trong trận lũ quét ở Nậm Lúc', 3),
      title('Tìm kiếm ba người mất tích do lũ quét ở Nậm Lúc', 4),
    ]
    const chosen = centralTitle(titles, isPress)
    expect(titles.slice(1)).toContain(chosen)
    // Whatever order they arrive in.
    expect(centralTitle(titles.toReversed(), isPress)).toBe(chosen)
  })

  it('is Vietnamese and of the press where there is one', () => {
    const foreign = title('Flash flood in Lao Cai', 1, { language: 'en' })
    const portal = title('Thông báo về lũ quét', 2, { press: false })
    const press = title('Lũ quét ở Nậm Lúc', 3)
    expect(centralTitle([foreign, portal, press], isPress)).toBe(press)
    expect(centralTitle([foreign, portal], isPress)).toBe(portal)
    expect(centralTitle([foreign], isPress)).toBe(foreign)
    expect(centralTitle([], isPress)).toBeNull()
  })
})

describe('a title that tells a toll', () => {
  const first = title('Lật xe khách ở đèo Mây, 7 người tử vong', 1)
  const chosen = (...titles: ReturnType<typeof title>[]) => centralTitle([first, ...titles], isPress)?.title

  it('gives way to one that tells the newest', () => {
    const newest = title('Vụ lật xe ở đèo Mây: chín người chết', 9)
    expect(chosen(title('Lật xe khách ở đèo Mây, 8 người tử vong', 4), newest)).toBe(newest.title)
    const risen = title('Lật xe ở đèo Mây: số người chết tăng lên 9', 9)
    expect(chosen(title('Thêm 1 người tử vong trong vụ lật xe ở đèo Mây', 8), risen)).toBe(risen.title)
  })

  it('stays where a title of other words tells more, unless a second one does: it may count the country, or another event', () => {
    const newer = (...titles: ReturnType<typeof title>[]) => newerTitles(first, [first, ...titles])
    const country = 'Bão lũ cả nước: 51 người chết'
    expect(newer(title(country, 9))).toEqual([])
    // The same words again are a reprint, no second voice.
    expect(newer(title(country, 8), title(country, 9))).toEqual([])
    expect(newer(title('Từ Làng Nủ 60 người chết đến mùa mưa này', 9))).toEqual([])
    const two = [title('Nỗi đau 9 người chết của đoàn thiện nguyện', 8), title('Cả xã tiễn đưa 9 người chết', 9)]
    expect(newer(...two)).toEqual(two)
  })

  it('of those that tell it, is the most central', () => {
    const central = title('Lật xe khách ở đèo Mây, 9 người tử vong', 7)
    expect(
      chosen(
        title('Nỗi đau sau vụ 9 người chết', 6),
        central,
        title('Vụ lật xe khách ở đèo Mây: 9 người tử vong, khởi tố tài xế', 8),
      ),
    ).toBe(central.title)
  })

  it('stays where the others tell none, or fewer: those are some of the dead', () => {
    expect(chosen(title('Điều tra vụ lật xe khách ở đèo Mây', 5))).toBe(first.title)
    expect(chosen(title('Lật xe ở đèo Mây: 2 người tử vong là anh em', 5))).toBe(first.title)
    // A column of the day tells other events as well.
    expect(chosen(title('Toàn cảnh 17h: 9 người chết vì lật xe | Cháy chợ | Giá vàng', 9))).toBe(first.title)
  })

  it('gives way to fewer where several later titles correct it', () => {
    const corrected = title('Lật xe khách ở đèo Mây: 6 người tử vong, không phải 7', 5)
    expect(chosen(corrected)).toBe(first.title)
    expect(chosen(title('Lật xe ở đèo Mây: 6 người chết', 5), title('Vụ lật xe làm 6 người chết', 6))).toBe(
      'Lật xe ở đèo Mây: 6 người chết',
    )
  })

  it('follows the missing as they are found, and foreign titles where there are no others', () => {
    const searching = title('Lũ quét ở Nậm Lúc: 5 người mất tích', 1)
    const found = title('Lũ quét ở Nậm Lúc: còn 2 người mất tích', 5)
    expect(centralTitle([searching, found], isPress)).toBe(found)
    const early = title('Flash flood in Lao Cai leaves 3 dead', 1, { language: 'en' })
    const late = title('Lao Cai flood: 5 people killed', 5, { language: 'en' })
    expect(centralTitle([early, late], isPress)).toBe(late)
  })
})

describe('a title that tells how many are in hospital, or missing', () => {
  it('gives way to one that tells the newest', () => {
    const first = title('28/34 học sinh ở Bản Mây nhập viện sau bữa trưa', 1)
    const later = title('Vụ học sinh ở Bản Mây nhập viện sau bữa trưa: 45 em phải nhập viện', 9)
    expect(newerTitles(first, [first, later])).toEqual([later])
    const early = title('28 students hospitalised after lunch in Lao Cai', 1, { language: 'en' })
    const late = title('45 students hospitalised in Lao Cai after lunch', 9, { language: 'en' })
    expect(newerTitles(early, [early, late])).toEqual([late])
  })

  it('gives way when the last of the missing are found, which no number says', () => {
    const first = title('Lũ quét ở Nậm Lúc: 3 người mất tích', 1)
    for (const end of ['Đã tìm thấy nạn nhân cuối cùng ở Nậm Lúc', 'Nậm Lúc: không còn ai mất tích']) {
      const last = title(end, 9)
      expect(newerTitles(first, [first, last]), end).toEqual([last])
    }
    expect(newerTitles(first, [first, title('Nậm Lúc: chưa tìm thấy nạn nhân cuối cùng', 9)])).toEqual([])
    const early = title('Flash flood in Lao Cai: 3 missing', 1, { language: 'en' })
    const late = title('Lao Cai flash flood: last missing victim found', 9, { language: 'en' })
    expect(newerTitles(early, [early, late])).toEqual([late])
  })
})

describe('staleness', () => {
  const summary = {
    madeFrom: [
      { articleId: 'a', version: 1 },
      { articleId: 'b', version: 2 },
    ],
  }

  it('is null while the same versions stand, in whatever order', () => {
    const sources = [
      { id: 'b', version: 2 },
      { id: 'a', version: 1 },
    ]
    expect(staleness(summary, sources)).toBeNull()
  })

  it('tells new versions, new articles and those that left apart', () => {
    const sources = [
      { id: 'b', version: 3 },
      { id: 'c', version: 1 },
    ]
    expect(staleness(summary, sources)).toEqual({ changed: ['b'], added: ['c'], gone: ['a'] })
  })
})

describe('the life of a story', () => {
  it('ends after fourteen quiet days and begins again with an article', () => {
    const now = new Date('2025-10-20T00:00:00.000Z')
    expect(isClosed('2025-10-05T23:59:59.000Z', now)).toBe(true)
    expect(isClosed('2025-10-06T00:00:00.000Z', now)).toBe(false)
  })

  it('counts an outlet once, on the day it first carried the story, in the zone of the province', () => {
    const placement = (outletId: string, published: string) => ({
      ...{ articleId: `${outletId} ${published}`, outletId, published, kind: 'national' },
    })
    const placements = [
      placement('b', '2025-10-01T18:00:00.000Z'),
      placement('a', '2025-10-01T10:00:00.000Z'),
      placement('a', '2025-10-01T19:00:00.000Z'),
      placement('c', '2025-10-04T03:00:00.000Z'),
    ]
    expect(spread(placements, dayOf)).toEqual([
      { day: '2025-10-01', articles: 1, newOutlets: 1, outlets: 1 },
      { day: '2025-10-02', articles: 2, newOutlets: 1, outlets: 2 },
      { day: '2025-10-04', articles: 1, newOutlets: 1, outlets: 3 },
    ])
  })
})
