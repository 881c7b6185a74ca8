import { beforeAll, describe, expect, test } from 'vitest'
import { createStoryWindow } from '../pipeline/stories.ts'
import { type Placed, placed } from './support/placed-articles.ts'

/**
 * In the news of the country a town of the province is a rare word, which nearly tells an event alone; in what is read
 * about the province it is named every day.
 */

// Sample articles written for this test; nothing in them happened. One line each: event, day and hour, title, text.
const SAMPLES: readonly (readonly [string, string, string, string])[] = [
  [
    'school',
    '05T20',
    'Mù Cang Chải: khởi công trường nội trú',
    'Công trình trường nội trú tại Mù Cang Chải, Lào Cai được khởi công sáng 5/10 với kinh phí 200 tỷ đồng.',
  ],
  [
    'secretary',
    '06T01',
    'Mù Cang Chải có bí thư mới',
    'Ban Thường vụ Tỉnh ủy Lào Cai điều động ông A giữ chức Bí thư xã Mù Cang Chải.',
  ],
  ['notice', '06T02', 'Mù Cang Chải: bài đăng năm 2062', 'Bài mẫu: trang ghi ngày đăng ở năm 2062.'],
  [
    'pears',
    '06T03',
    'Bắc Hà trồng thêm 50 ha lê',
    'Nông dân Bắc Hà, Lào Cai trồng thêm 50 ha lê Tai Nung trong năm nay.',
  ],
  ['market', '06T04', 'Bắc Hà đón đoàn khách quốc tế', 'Chợ phiên Bắc Hà, Lào Cai đón đoàn 60 khách sáng chủ nhật.'],
  [
    'clouds',
    '06T05',
    'Mây vờn quanh đỉnh Fansipan',
    'Nhiều người leo Fansipan, Lào Cai từ ba giờ sáng để chụp biển mây trong nắng sớm.',
  ],
  [
    'stars',
    '07T05',
    'Ngắm sao trên đỉnh Fansipan',
    'Nhóm yêu thiên văn dựng lều gần đỉnh Fansipan, Lào Cai ghi lại dải ngân hà trong đêm.',
  ],
]

let profile: Placed
beforeAll(async () => {
  profile = await placed()
})

describe('articles that share a place of the province and nothing else', () => {
  test('are stories of their own, and join none of the week', async () => {
    const window = createStoryWindow({ days: 30, places: profile.places })
    for (const article of (await profile.week()).articles) window.assign(article)
    for (const [event, at, title, text] of SAMPLES) {
      const published = `2025-10-${at}:00:00.000Z`
      const article = await profile.place({ id: event, title, text, outlet: `mau-${event}`, published, language: 'vi' })
      expect(window.assign(article).storyId, title).toBe(`story-${event}`)
    }
  })

  test('were found by those names: without the profile they are taken for one event', async () => {
    const window = createStoryWindow({ days: 30 })
    for (const [event, at, title, text] of SAMPLES) {
      const published = `2025-10-${at}:00:00.000Z`
      window.assign({ id: event, title, text, outlet: `mau-${event}`, published, language: 'vi' })
    }
    expect(window.storyOf('secretary')).toBe(window.storyOf('school'))
  })
})
