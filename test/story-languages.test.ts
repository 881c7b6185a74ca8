import { beforeAll, describe, expect, test } from 'vitest'
import { createStoryWindow } from '../pipeline/stories.ts'
import type { StoryArticle } from '../pipeline/vectors.ts'
import { type Placed, placed } from './support/placed-articles.ts'

// Sample articles written for this test; nothing in them happened. One line each: story, language, day and hour, title, text.
const SAMPLES: readonly (readonly [string, string, string, string, string])[] = [
  [
    'landslide',
    'vi',
    '06T01',
    'Sạt lở đất ở Y Tý vùi lấp hai ngôi nhà, ba người chết',
    'Rạng sáng 6/11, sạt lở đất tại xã Y Tý (Lào Cai) vùi lấp hai ngôi nhà, làm ba người chết, một người mất tích. 46 hộ được đưa đi nơi an toàn.',
  ],
  [
    'flood',
    'vi',
    '06T02',
    'Lũ tràn vào nhà dân ở Bảo Yên trong đêm',
    'Nước suối dâng cao trong đêm 5/11 tràn vào 120 ngôi nhà ở huyện Bảo Yên cũ, tỉnh Lào Cai. Không có thiệt hại về người.',
  ],
  [
    'crash',
    'vi',
    '06T04',
    'Xe khách lao xuống vực trên đèo Ô Quy Hồ, hai người tử vong',
    'Xe khách chở 29 người mất phanh, lao xuống vực trên đèo Ô Quy Hồ, phường Sa Pa, Lào Cai, làm hai người tử vong, 17 người bị thương.',
  ],
  [
    'marathon',
    'vi',
    '06T05',
    'Hơn 4.300 vận động viên dự giải chạy ở Sa Pa',
    'Giải chạy địa hình qua các bản ở Sa Pa, Lào Cai thu hút 4.320 vận động viên của 38 nước.',
  ],
  [
    'landslide',
    'zh',
    '06T08',
    '越南老街省山体滑坡致3人死亡',
    '据越南媒体报道，6日凌晨老街省伊底（Y Tý）发生山体滑坡，两栋房屋被埋，造成3人死亡、1人失踪，46户居民被转移。',
  ],
  [
    'landslide',
    'en',
    '06T09',
    'Landslide buries two houses in northern Vietnam, three dead',
    'Three people were killed and one is missing after a landslide buried two houses in Y Ty, Lao Cai province, early on Thursday. Some 46 households were moved.',
  ],
  [
    'crash',
    'en',
    '06T10',
    'Two dead as tourist bus plunges off mountain pass near Sapa',
    'A bus with 29 people on board plunged off the O Quy Ho pass near Sapa in Lao Cai province after its brakes failed. Two people were killed and 17 injured.',
  ],
  [
    'marathon',
    'en',
    '06T11',
    'Runners from 38 countries race through the villages of Sapa',
    'More than 4,300 runners took part in a trail race through the villages of Sapa, Lao Cai province; 4,320 had registered.',
  ],
  [
    'landslide',
    'ja',
    '06T12',
    'ベトナム北部で土砂崩れ、３人死亡',
    'ベトナム北部ラオカイ省イーティー（Y Tý）で6日未明、土砂崩れがあり、住宅2棟が埋まって3人が死亡、1人が行方不明になった。46世帯が避難した。',
  ],
  [
    'landslide',
    'fr',
    '06T13',
    'Viêt Nam : un glissement de terrain fait trois morts à Y Ty',
    'Un glissement de terrain a enseveli deux maisons à Y Ty, dans la province de Lao Cai. Trois personnes sont mortes, une personne est portée disparue et 46 familles ont été évacuées.',
  ],
  [
    'landslide',
    'ko',
    '06T14',
    '베트남 라오까이성 산사태로 3명 사망',
    '베트남 북부 라오까이성 이띠(Y Tý)에서 6일 새벽 산사태가 나 주택 2채가 매몰돼 3명이 숨지고 1명이 실종됐다. 46가구가 대피했다.',
  ],
  [
    'flood',
    'fr',
    '06T15',
    'Cent vingt maisons inondées à Bao Yen, dans le nord du Viêt Nam',
    'Une crue nocturne a inondé 120 maisons dans le district de Bao Yen, province de Lao Cai. Aucune victime.',
  ],
  [
    'crash',
    'zh',
    '06T16',
    '越南沙坝一客车坠崖致2死17伤',
    '越南老街省沙坝附近一辆载有29人的客车6日坠崖，2人死亡，17人受伤，系交通事故。',
  ],
  [
    'tourism',
    'ja',
    '06T17',
    'サパの棚田に観光客戻る',
    'ベトナム・ラオカイ省サパでは秋の観光シーズンを迎え、旅行者が増えている。',
  ],
  [
    'tourism-ko',
    'ko',
    '06T18',
    '베트남 사파, 겨울 관광객 맞이 준비',
    '베트남 라오까이성 사파의 호텔들이 겨울 여행객을 맞을 준비를 하고 있다.',
  ],
  [
    'trade',
    'zh',
    '06T19',
    '老街口岸前十月进出口额增长',
    '越南老街口岸前十个月进出口额同比增长两成，水果通关时间缩短。',
  ],
]

let profile: Placed
beforeAll(async () => {
  profile = await placed()
})

/** Ids of the articles of each story as the window has it, by the window's story. */
async function clustered(articles: readonly StoryArticle[]): Promise<string[][]> {
  const window = createStoryWindow({ days: 30, places: profile.places })
  for (const article of articles) window.assign(await profile.place(article))
  return [...Map.groupBy(articles, ({ id }) => window.storyOf(id)).values()].map((story) => story.map(({ id }) => id))
}

const samples = SAMPLES.map(([story, language, at, title, text]) => ({
  id: `${story} ${language}`,
  title,
  text,
  outlet: `mau-${story}-${language}`,
  published: `2025-11-${at}:00:00.000Z`,
  language,
}))

describe('one event in several languages', () => {
  test('is one story; another event at the same place or on the same day is another', async () => {
    const stories = await clustered(samples)
    const byEvent = [...Map.groupBy(samples, ({ id }) => id.split(' ')[0]).values()]
    expect(stories.map((ids) => ids.sort()).sort()).toEqual(byEvent.map((of) => of.map(({ id }) => id).sort()).sort())
  })

  test('is one story whatever order the articles come in', async () => {
    for (const seed of [3, 5, 7]) {
      const order = samples.map((sample, n) => [sample, (n * seed) % samples.length] as const)
      const shuffled = order
        .sort((a, b) => a[1] - b[1])
        .map(([sample], n) => ({ ...sample, published: `2025-11-06T${String(n + 1).padStart(2, '0')}:00:00.000Z` }))
      const landslide = (await clustered(shuffled)).filter((ids) => ids.some((id) => id.startsWith('landslide ')))
      expect(landslide, `order ${seed}`).toHaveLength(1)
      expect(new Set(landslide[0]?.map((id) => id.split(' ')[0])), `order ${seed}`).toEqual(new Set(['landslide']))
    }
  })

  test('without places, a foreign article on another event does not join by a common number', () => {
    const window = createStoryWindow({ days: 30 })
    window.assign({
      ...{ id: 'a', outlet: 'a', published: '2025-11-06T01:00:00.000Z', language: 'vi' },
      title: 'Lũ quét cuốn trôi 120 ngôi nhà',
      text: 'Lũ quét trong đêm cuốn trôi 120 ngôi nhà.',
    })
    const foreign = window.assign({
      ...{ id: 'b', outlet: 'b', published: '2025-11-06T02:00:00.000Z', language: 'en' },
      title: 'Flood damages 120 houses in another country',
      text: 'A flood damaged 120 houses on the coast.',
    })
    expect(foreign.storyId).toBe('story-b')
  })
})

describe('the sample week of the press world', () => {
  test('the flood of Tả Van is one story in five languages, and no machine parts it', async () => {
    const { samples: world, articles } = await profile.week()
    const window = createStoryWindow({ days: 30, places: profile.places })
    const changes = articles.flatMap((article) => window.assign(article).changes)
    expect(changes.filter(({ kind }) => kind === 'split')).toEqual([])
    const flood = world.filter(({ expected }) => expected.story === 'flood-sa-pa')
    expect(new Set(flood.map(({ language }) => language)).size).toBe(5)
    expect(
      Map.groupBy(
        flood.map(({ id }) => id),
        (id) => window.storyOf(id),
      ),
    ).toHaveProperty('size', 1)
    // The Korean article on the later flood recalls the earlier one at length.
    const vanYen = world.filter(({ expected }) => expected.story === 'flood-van-yen')
    expect(new Set(vanYen.map(({ language }) => language)).size).toBe(2)
    expect(new Set(vanYen.map(({ id }) => window.storyOf(id))).size).toBe(1)
    expect(window.storyOf('vi-flood-van-yen-1')).not.toBe(window.storyOf('vi-flood-sa-pa-1'))
    for (const other of ['zh-laocai-trade', 'ko-sapa-tour', 'en-ten-places', 'fr-sapa-terraces', 'vi-weather-forecast'])
      expect(window.storyOf(other), other).not.toBe(window.storyOf('vi-flood-sa-pa-1'))
  })
})
