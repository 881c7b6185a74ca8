import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAssessor } from '../pipeline/assess.ts'
import { gazetteer } from '../pipeline/gazetteer.ts'
import { gravityFeatures, gravityLists, wordsOf } from '../pipeline/gravity.ts'
import { loadShippedModel } from '../pipeline/models.ts'
import { readFields } from '../pipeline/reading.ts'
import { termBook } from '../pipeline/terms.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'

const root = join(import.meta.dirname, '..')
let profile: Profile
beforeAll(async () => {
  profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
})

const article = (title: string, text: string) => ({
  id: 'mẫu',
  title,
  lead: null,
  text,
  outletId: null,
  language: 'vi',
  published: null,
})

function read(title: string, text: string) {
  const fields = readFields(article(title, text))
  const hits = termBook(gravityLists).read(fields, 'vi')
  return { hits, features: gravityFeatures(fields, hits, gazetteer(profile).read(fields)) }
}

describe('how grave an event is', () => {
  it('tells those who died from those who were hurt', () => {
    const hurt = read('Xe khách lật ở Sa Pa, ba người bị thương', 'Ba người được đưa đi cấp cứu.').features
    expect(hurt.get('grave hurt only')).toBe(1)
    expect(hurt.get('grave nobody dead here')).toBe(1)
    const dead = read('Xe khách lật ở Sa Pa, ba người tử vong', 'Hai người bị thương.').features
    expect(dead.has('grave hurt only')).toBe(false)
    expect(dead.has('grave nobody dead here')).toBe(false)
    expect(dead.get('grave title/gravity-word:dead')).toBe(1)
  })

  it('belongs to the nearest place of its sentence, and without one to the last that was named', () => {
    const two = read('Mưa lũ ở miền núi', 'Tại Lai Châu, hai người tử vong. Tại Lào Cai, 35 hộ dân bị cô lập.').features
    expect(two.has('grave elsewhere/gravity-word:dead')).toBe(true)
    expect(two.get('grave nobody dead here')).toBe(1)
    expect(two.has('grave home/gravity-word:scale')).toBe(true)
    const before = read('Mưa lũ', 'Lũ về xã Mường Hum, tỉnh Lào Cai trong đêm. Hai người tử vong.').features
    expect(before.has('grave home/gravity-word:dead')).toBe(true)
    expect(read('Hai người tử vong', 'Chưa rõ nơi xảy ra.').features.has('grave nowhere/gravity-word:dead')).toBe(true)
  })

  it('knows a column of several events', () => {
    expect(read('Điểm tin 17h: Lật xe ở Lào Cai | Giá vàng tăng', '').features.get('grave round-up')).toBe(1)
    expect(read('Lật xe ở Lào Cai', '').features.has('grave round-up')).toBe(false)
  })

  it('gives back the words behind a feature, and none behind another', () => {
    const { hits } = read('Xe khách lật ở Sa Pa, ba người tử vong', '')
    expect(wordsOf('grave home/gravity-word:dead', hits).map(({ term }) => term)).toEqual(['tử vong'])
    expect(wordsOf('grave nobody dead here', hits)).toEqual([])
    expect(wordsOf('tone/negative', hits)).toEqual([])
  })
})

describe('the shipped judgement of sensitivity', () => {
  const judge = async (title: string, text: string) =>
    createAssessor({ profile, models: [await loadShippedModel()] }).assess(article(title, text))

  it('goes by whether anyone died', async () => {
    const text = (toll: string): string =>
      `Sáng nay, một xe tải mất lái trên quốc lộ 4D, đoạn qua phường Sa Pa (Lào Cai), làm ${toll}. Giao thông đã thông suốt.`
    const dead = await judge('Xe tải mất lái ở Sa Pa, hai người tử vong', text('hai người tử vong'))
    expect(dead.sensitive).toBe(true)
    const reasons = dead.evidence.filter((one) => one.for === 'sensitive').map((one) => one.text.toLowerCase())
    expect(reasons.some((words) => words.includes('tử vong'))).toBe(true)
    expect(
      (await judge('Xe tải mất lái ở Sa Pa, hai người bị thương', text('hai người bị thương nhẹ'))).sensitive,
    ).toBe(false)
  })

  it('is not moved by deaths elsewhere, nor by an appointment', async () => {
    const elsewhere = await judge(
      'Lũ quét ở Lai Châu, ba người chết',
      'Đêm qua, lũ quét ở Lai Châu làm ba người chết. Lào Cai, Sơn La cũng có mưa lớn.',
    )
    expect(elsewhere.sensitive).toBe(false)
    const appointed = await judge(
      'Lào Cai có phó chủ tịch tỉnh mới',
      'Ông N.V.A, giám đốc sở, được HĐND tỉnh Lào Cai bầu giữ chức phó chủ tịch UBND tỉnh với 100% đại biểu tán thành.',
    )
    expect(appointed.sensitive).toBe(false)
  })
})
