import { describe, expect, test } from 'vitest'
import { createStoryWindow, storyIdOf } from '../pipeline/stories.ts'
import { storyLine, storyLineSchema } from '../pipeline/story-filters.ts'

// Sample items written for these tests: titles with summaries, as feeds give them.
const item = (id: string, published: string, outlet: string, title: string, text: string) => ({
  id,
  published,
  outlet,
  title,
  text,
})
const CRASH = [
  item(
    'c1',
    '2025-11-03T01:00:00.000Z',
    'Báo A',
    'Lật xe khách trên đèo Hoa Ban, 5 người chết',
    'Xe khách chở 20 người lật trên đèo Hoa Ban, tỉnh Lào Cai sáng 3/11, 5 người tử vong tại chỗ.',
  ),
  item(
    'c2',
    '2025-11-03T03:00:00.000Z',
    'Báo B',
    'Hiện trường vụ lật xe khách ở đèo Hoa Ban khiến 5 người tử vong',
    'Xe khách lật nghiêng trên đèo Hoa Ban (Lào Cai), lực lượng cứu hộ đưa 15 người bị thương đi cấp cứu.',
  ),
  item(
    'c3',
    '2025-11-03T09:00:00.000Z',
    'Báo C',
    'Nguyên nhân ban đầu vụ lật xe khách trên đèo Hoa Ban',
    'Công an tỉnh Lào Cai cho biết xe khách mất phanh khi xuống đèo Hoa Ban làm 5 người chết, 15 người bị thương.',
  ),
]
const OTHERS = [
  item(
    'k1',
    '2025-11-03T02:00:00.000Z',
    'Báo A',
    'Khởi công cầu qua sông Chảy',
    'Cây cầu dài 420 m nối hai bờ sông Chảy được khởi công sáng nay, vốn 310 tỉ đồng.',
  ),
  item(
    'd1',
    '2025-11-03T04:00:00.000Z',
    'Báo B',
    'Lật xe tải ở Cà Mau, tài xế thoát nạn',
    'Xe tải chở tôm lật trên quốc lộ 1 đoạn qua Cà Mau, tài xế chỉ xây xát nhẹ.',
  ),
  item(
    'p1',
    '2025-11-03T05:00:00.000Z',
    'Báo C',
    'Giá xăng giảm gần 300 đồng một lít',
    'Từ 15 giờ chiều nay, mỗi lít xăng RON 95 giảm 290 đồng, dầu diesel giảm 150 đồng.',
  ),
]
const stream = [...CRASH, ...OTHERS].sort((a, b) => (a.published < b.published ? -1 : 1))

describe('stories', () => {
  test('reports of one event gather, others open stories of their own', () => {
    const window = createStoryWindow({ days: 30 })
    const decisions = new Map(stream.map((article) => [article.id, window.assign(article)]))
    for (const { id } of CRASH) expect(decisions.get(id)?.storyId, id).toBe(storyIdOf('c1'))
    for (const { id } of OTHERS) expect(decisions.get(id), id).toMatchObject({ storyId: storyIdOf(id), opened: true })
    expect(decisions.get('c2')?.anchors).toEqual(expect.arrayContaining(['text', 'names', 'places']))
  })

  test('a window rebuilt from what was decided goes on as if it had never stopped', () => {
    const running = createStoryWindow({ days: 30 })
    const before = stream.slice(0, 3)
    const items = before.map((article) => {
      const { storyId, copyOf } = running.assign(article)
      return { article, storyId, copyOf }
    })
    const restored = createStoryWindow({ days: 30 })
    restored.restore(items)
    for (const article of stream.slice(3)) expect(restored.assign(article)).toEqual(running.assign(article))
  })

  test('a copy joins the story of its original', () => {
    const window = createStoryWindow({ days: 30 })
    const text = stream.map((article) => article.text).join('\n')
    const base = item('o', '2025-11-04T01:00:00.000Z', 'Báo A', 'Điểm tin trong ngày', text)
    const opened = window.assign(base)
    const copy = window.assign({ ...base, id: 'r', outlet: 'Báo B', title: 'Tin đáng chú ý' })
    expect(copy).toMatchObject({ copyOf: 'o', storyId: opened.storyId, anchors: ['copy'] })
  })

  test('an analyst’s merge, move and lock are respected by what follows', () => {
    const window = createStoryWindow({ days: 30 })
    const [first, second, third] = CRASH
    if (!first || !second || !third) throw new Error('the samples are there')
    window.assign(first)
    window.lock(storyIdOf('c1'), true)
    expect(window.assign(second).storyId).toBe(storyIdOf('c2'))
    window.lock(storyIdOf('c1'), false)
    window.merge(storyIdOf('c1'), storyIdOf('c2'))
    expect(window.assign(third).storyId).toBe(storyIdOf('c2'))
    window.move('c3', 'story-of-the-analyst')
    const again = { ...third, id: 'c4', outlet: 'Báo D', published: '2025-11-03T10:00:00.000Z' }
    expect(window.assign(again).storyId).toBe('story-of-the-analyst')
  })

  test('a foreign article joins by names, numbers and dates that need no translation', () => {
    const window = createStoryWindow({ days: 30 })
    for (const article of stream) window.assign(article)
    const foreign = {
      ...item(
        'f1',
        '2025-11-03T12:00:00.000Z',
        'Example Times',
        'Five dead as bus overturns on Hoa Ban pass in Lào Cai, Vietnam',
        'A bus with 20 people overturned on Hoa Ban pass in Lào Cai on 3/11; 15 people were injured.',
      ),
      language: 'en',
    }
    expect(window.assign(foreign).storyId).toBe(storyIdOf('c1'))
  })

  test('the filter gives id, story and copyOf, null where there is none', () => {
    const window = createStoryWindow({ days: 30 })
    const line = storyLineSchema.parse({
      id: 'x',
      title: 'Tin',
      text: null,
      outlet: 'A',
      published: '2025-11-03T08:00:00+07:00',
    })
    expect(storyLine(window, line)).toEqual({ id: 'x', story: 'story-x', copyOf: null })
    expect(
      storyLineSchema.safeParse({ id: 'x', title: 'Tin', text: '', outlet: 'A', published: 'hôm qua' }).success,
    ).toBe(false)
  })

  test('a round-up of several events joins none of them, and nothing joins it', () => {
    const window = createStoryWindow({ days: 30 })
    const [first, second] = CRASH
    if (!first || !second) throw new Error('no samples')
    const roundUp = { ...first, id: 'r1', outlet: 'Báo D', title: `Xem nhanh 12h: ${first.title} | Giá xăng giảm` }
    expect(window.assign(roundUp).storyId).toBe(storyIdOf('r1'))
    expect(window.assign({ ...second, published: '2025-11-03T04:00:00.000Z' }).storyId).toBe(storyIdOf('c2'))
    const other = {
      ...second,
      id: 'r2',
      outlet: 'Báo E',
      title: `Điểm tin sáng 4/11: ${second.title}`,
      text: 'Các tin đáng chú ý.',
    }
    expect(window.assign(other).storyId).toBe(storyIdOf('r2'))
  })

  test('a story that left the window is opened again by an article that clearly belongs, if it is remembered', () => {
    const [first] = CRASH
    if (!first) throw new Error('no samples')
    const later = {
      ...first,
      id: 'late',
      outlet: 'Báo E',
      published: '2025-12-10T01:00:00.000Z',
      title: 'Khởi tố tài xế vụ lật xe khách trên đèo Hoa Ban, 5 người chết',
      text: 'Công an tỉnh Lào Cai khởi tố tài xế xe khách lật trên đèo Hoa Ban hôm 3/11 làm 5 người tử vong tại chỗ.',
    }
    const decide = (memoryDays: number) => {
      const window = createStoryWindow({ days: 14, memoryDays })
      for (const article of stream) window.assign(article)
      return window.assign(later)
    }
    expect(decide(14)).toMatchObject({ storyId: storyIdOf('late'), reopened: false })
    expect(decide(90)).toMatchObject({ storyId: storyIdOf('c1'), reopened: true })
  })
})
