import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import type { RelevanceLevel } from '../model.ts'
import { type Assessor, createAssessor } from '../pipeline/assess.ts'
import { isWholeName } from '../pipeline/scripts.ts'
import { loadProfile } from '../profiles/load.ts'

const root = join(import.meta.dirname, '..')
let assessor: Assessor

beforeAll(async () => {
  const profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
  assessor = createAssessor({ profile })
}, 60_000)

async function levelOf(
  language: string | null,
  title: string,
  text: string,
  outletId: string | null = null,
): Promise<RelevanceLevel> {
  const article = { id: 'sample', title, lead: null, text, outletId, language, published: null }
  return (await assessor.assess(article)).relevance.level
}

const samples = z
  .array(
    z.strictObject({
      language: z.string(),
      level: z.enum(['main', 'mention', 'none']),
      title: z.string(),
      text: z.string(),
    }),
  )
  .parse(parse(readFileSync(join(import.meta.dirname, 'foreign-relevance.yaml'), 'utf8')))

describe('relevance in foreign languages', () => {
  it.each(samples)('$language $level: $title', async ({ language, level, title, text }) => {
    expect(await levelOf(language, title, text)).toBe(level)
  })

  it('asks for something of Vietnam only abroad', async () => {
    const text = 'Sapa has opened its first school of cookery. Pupils come from all its villages.'
    expect(await levelOf('en', 'A school of cookery', text)).toBe('none')
    expect(await levelOf('en', 'A school of cookery', text, 'vietnamplus_en')).not.toBe('none')
    expect(
      await levelOf('vi', 'Trường dạy nấu ăn', 'Sapa vừa có trường dạy nấu ăn đầu tiên, học sinh đến từ các bản.'),
    ).not.toBe('none')
  })

  it('takes one full name for the short ones of the article', async () => {
    const text = '越南老街省昨日宣布新規劃。住在老街的商人說，他們等了很久。'
    const article = { id: 'sample', title: '新規劃', lead: null, text, outletId: null, language: 'zh', published: null }
    const { relevance } = await assessor.assess(article)
    expect(relevance.places.map((place) => place.text)).toEqual(['越南老街', '老街'])
  })
})

describe('isWholeName', () => {
  const whole = (text: string, name: string): boolean => {
    const start = text.indexOf(name)
    return isWholeName(text, start, start + name.length)
  }

  it('parts a short katakana name from a longer word', () => {
    expect(whole('霧の町サパを歩く', 'サパ')).toBe(true)
    expect(whole('ベトナム・サパの棚田', 'サパ')).toBe(true)
    expect(whole('サパツアー', 'サパ')).toBe(true)
    expect(whole('サパティスタ', 'サパ')).toBe(false)
    expect(whole('アサパ', 'サパ')).toBe(false)
    expect(whole('北ラオカイ', 'ラオカイ')).toBe(true)
  })

  it('lets a short Hangul name carry particles and nouns of places, and nothing else', () => {
    for (const text of ['사파', '사파를 걷다', '사파에서는', '사파시장의', '사파여행', '탁바호는'])
      expect(whole(text, text.slice(0, 2))).toBe(true)
    for (const text of ['사파이어', '사파리', '박하차', '박하사탕']) expect(whole(text, text.slice(0, 2))).toBe(false)
  })
})
