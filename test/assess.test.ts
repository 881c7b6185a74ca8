import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Assessment } from '../model.ts'
import type { ArticleModel } from '../pipeline/article-model.ts'
import { type Assessor, createAssessor } from '../pipeline/assess.ts'
import { loadShippedModel } from '../pipeline/models.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { assessable } from './support/assessable.ts'

const root = join(import.meta.dirname, '..')
const profileOf = (id: string) => loadProfile(join(root, 'profiles', id), join(root, 'crawlers/outlets'))

let profile: Profile
let laoCai: Assessor
let laiChau: Assessor
let withModel: Assessor

beforeAll(async () => {
  profile = await profileOf('lao-cai')
  laoCai = createAssessor({ profile })
  laiChau = createAssessor({ profile: await profileOf('lai-chau') })
  withModel = createAssessor({ profile, models: [await loadShippedModel()] })
})

const level = async (assessor: Assessor, title: string, text: string, language: string | null = 'vi') =>
  (await assessor.assess(assessable(title, text, language))).relevance.level

describe('topics of which a model is not sure', () => {
  const unsure = (scores: readonly [string, number][]): ArticleModel => ({
    digest: 'unsure',
    languages: null,
    judge: async () => ({
      main: null,
      topics: new Map(scores),
      tone: null,
      sensitive: null,
      evidence: () => [],
    }),
  })
  const topicsOf = async (scores: readonly [string, number][], title: string): Promise<string[]> => {
    const assessor = createAssessor({ profile, models: [unsure(scores)] })
    return (await assessor.assess(assessable(title, ''))).topics.map(({ id }) => id)
  }
  const guesses: [string, number][] = [
    ['society', 0.3],
    ['tourism', 0.4],
  ]

  it('are the best guess where the province is named, and nothing elsewhere', async () => {
    expect(await topicsOf(guesses, 'Một ngày ở Lào Cai')).toEqual(['tourism'])
    expect(await topicsOf(guesses, 'Một ngày ở Đà Nẵng')).toEqual([])
  })

  it('are nothing where even the best guess is a poor one', async () => {
    expect(await topicsOf([['tourism', 0.1]], 'Một ngày ở Lào Cai')).toEqual([])
  })

  it('do not join those that are sure', async () => {
    expect(await topicsOf([...guesses, ['sport', 0.6]], 'Một ngày ở Lào Cai')).toEqual(['sport'])
  })
})

describe('relevance, on sentences of our own', () => {
  it('finds the subject in Vietnamese with and without accents, decomposed or in capitals', async () => {
    const title = 'Lào Cai khánh thành trường nội trú vùng biên'
    const text = 'UBND tỉnh Lào Cai sáng nay khánh thành ngôi trường tại xã A Mú Sung.'
    expect(await level(laoCai, title, text)).toBe('main')
    expect(await level(laoCai, title.normalize('NFD'), text.normalize('NFD'))).toBe('main')
    expect(await level(laoCai, title.toUpperCase(), text)).toBe('main')
    expect(
      await level(
        laoCai,
        'Lao Cai khanh thanh truong noi tru',
        'UBND tinh Lao Cai khanh thanh truong tai xa A Mu Sung.',
      ),
    ).toBe('main')
  })

  it('counts old Yên Bái as the province, and names today’s commune', async () => {
    const { relevance } = await laoCai.assess(
      assessable('Mưa lớn ở Mù Cang Chải', 'Huyện Mù Cang Chải, tỉnh Yên Bái có mưa lớn từ đêm qua.'),
    )
    expect(relevance.level).toBe('main')
    expect(relevance.places.map((place) => place.id)).toContain('district-mu-cang-chai')
  })

  it('is not misled by persons, streets, firms and places of the same name', async () => {
    expect(
      await level(laoCai, 'Ông Trần Bắc Hà ra tòa', 'Cựu chủ tịch ngân hàng Trần Bắc Hà bị cáo buộc nhiều tội.'),
    ).toBe('none')
    expect(
      await level(
        laoCai,
        'Cháy nhà trên phố Yên Bái',
        'Ngôi nhà số 5 phố Yên Bái, quận Hai Bà Trưng, Hà Nội bốc cháy.',
      ),
    ).toBe('none')
    expect(
      await level(laoCai, 'Khánh Hòa đón tàu du lịch', 'Tỉnh Khánh Hòa đón du thuyền chở 2.000 khách đến Nha Trang.'),
    ).toBe('none')
    expect(await level(laoCai, 'Xã Kỳ Sơn mở lớp học', 'Lớp học mở ở xã Bảo Thắng (huyện Kỳ Sơn, Nghệ An).')).toBe(
      'none',
    )
    expect(await level(laoCai, 'Ngôi làng được ví như Sa Pa', 'Đồi chè này được gọi là "Sa Pa của Gia Lai".')).toBe(
      'none',
    )
  })

  it('tells a mention from a subject', async () => {
    const forecast =
      'Các tỉnh Hà Giang, Lào Cai, Sơn La, Điện Biên có mưa vừa. Hà Nội nhiều mây, ngày nắng. Quảng Ninh có gió mạnh.'
    expect(await level(laoCai, 'Miền Bắc sắp có mưa', forecast)).toBe('mention')
    const road = 'Trên cao tốc Nội Bài - Lào Cai, đoạn qua tỉnh Phú Thọ, hai ô tô va chạm khiến một người bị thương.'
    expect(await level(laoCai, 'Hai ô tô va chạm ở Phú Thọ', road)).toBe('mention')
  })

  it('shows why a name did not count', async () => {
    const { evidence } = await laoCai.assess(
      assessable('Ông Trần Bắc Hà ra tòa', 'Cựu chủ tịch ngân hàng Trần Bắc Hà bị cáo buộc.'),
    )
    expect(evidence.filter((one) => one.for === 'relevance').map((one) => [one.text, one.weight < 0])).toContainEqual([
      'Bắc Hà',
      true,
    ])
  })

  it('works for another province from its profile alone', async () => {
    const text = 'Tỉnh Lai Châu mở tuần văn hóa tại thành phố Lai Châu, có khách từ Lào Cai.'
    expect(await level(laiChau, 'Lai Châu mở tuần văn hóa', text)).toBe('main')
    expect(await level(laiChau, 'Lào Cai đón năm mới', 'Sa Pa, tỉnh Lào Cai, đón khách dịp năm mới.')).toBe('none')
  })
})

describe('topics, tone and sensitivity', () => {
  it('are judged whatever the relevance, in languages without a model too', async () => {
    const english = await withModel.assess(
      assessable(
        'Landslide kills three',
        'A landslide after a typhoon killed three people and left two missing.',
        'en',
      ),
    )
    expect(english.relevance.level).toBe('none')
    expect(english.topics.map((topic) => topic.id)).toContain('disaster_environment')
    expect(english.tone).toBe('negative')
    expect(english.sensitive).toBe(false)
  })

  it('are sensitive only where the province is the subject', async () => {
    const text = 'Lũ quét tại xã Phúc Khánh, tỉnh Lào Cai làm bốn người thiệt mạng, hai người mất tích.'
    expect((await laoCai.assess(assessable('Lũ quét ở Lào Cai, bốn người chết', text))).sensitive).toBe(true)
    expect(
      (
        await laoCai.assess(
          assessable(
            'Lũ quét ở Sơn La, bốn người chết',
            text.replaceAll('Lào Cai', 'Sơn La').replace('xã Phúc Khánh', 'xã Mường Bú'),
          ),
        )
      ).sensitive,
    ).toBe(false)
  })

  it('is never set off by the name of a people or a religion alone', async () => {
    const judged = await laoCai.assess(
      assessable(
        'Lễ hội của người Mông ở Lào Cai',
        'Người Mông, người Dao và bà con theo đạo Tin Lành ở Lào Cai cùng đón năm mới.',
      ),
    )
    expect(judged.sensitive).toBe(false)
  })
})

describe('evidence', () => {
  const words = fc.constantFrom(
    'Lào Cai',
    'Sa Pa',
    'Hà Nội',
    'lũ quét',
    'làm',
    '5 người chết',
    'du khách',
    '(',
    ')',
    ', ',
    '. ',
    '\n',
    '老街',
    'Ha\u0300 Nội',
    '🏔',
    'cao tốc Nội Bài - Lào Cai',
    'https://vi-du.vn/sa-pa',
    'xã Khánh Hòa',
  )
  const quotes = (judged: Assessment, title: string, text: string): void => {
    for (const one of [...judged.evidence, ...judged.relevance.places])
      expect((one.field === 'title' ? title : text).slice(one.from, one.to)).toBe(one.text)
  }

  it('is the article’s own text at its offsets, for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 5 }), fc.array(words, { maxLength: 60 }), async (title, text) => {
        const [heading, body] = [title.join(' '), text.join(' ')]
        quotes(await withModel.assess(assessable(heading, body)), heading, body)
      }),
      { numRuns: 60 },
    )
  })

  it('ends on long and hostile text', async () => {
    const hostile = [
      'a'.repeat(200_000),
      'Lào Cai '.repeat(20_000),
      '('.repeat(100_000),
      'lao-cai-'.repeat(20_000),
      '老街'.repeat(50_000),
      'xã, '.repeat(50_000),
      'Sa Pa (Lào Cai), '.repeat(8_000),
    ]
    for (const text of hostile) quotes(await withModel.assess(assessable('Thử', text)), 'Thử', text)
  })
})
