import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAssessor } from '../pipeline/assess.ts'
import { hitsRead } from '../pipeline/dense-features.ts'
import { gazetteer } from '../pipeline/gazetteer.ts'
import { gravityFeatures, gravityLists } from '../pipeline/gravity.ts'
import { shareOfOthers } from '../pipeline/linear-model.ts'
import { loadShippedModel } from '../pipeline/models.ts'
import { readFields } from '../pipeline/reading.ts'
import { termBook } from '../pipeline/terms.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { assessable } from './support/assessable.ts'

const root = join(import.meta.dirname, '..')
let profile: Profile
beforeAll(async () => {
  profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
})

function read(title: string, text: string) {
  const fields = readFields(assessable(title, text))
  const hits = termBook(gravityLists).read(fields, 'vi')
  const grave = gravityFeatures(fields, hits, gazetteer(profile).read(fields))
  return {
    features: new Map([...grave].map(([name, { value }]) => [name, value])),
    words: (name: string) => grave.get(name)?.words.map(({ term }) => term),
  }
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

  it('of two places in a sentence belongs to the nearer', () => {
    const { features, words } = read('Mưa lũ', 'Lũ từ Lai Châu tràn về, ở Lào Cai hai người tử vong.')
    expect(features.has('grave home/gravity-word:dead')).toBe(true)
    expect(features.has('grave elsewhere/gravity-word:dead')).toBe(false)
    expect(words('grave home in opening/gravity-word:dead')).toEqual(['tử vong'])
  })

  it('gives the words behind a feature, each to the place that it belongs to', () => {
    const { words } = read('Mưa lũ', 'Tại Lai Châu, hai người tử vong. Tại Lào Cai, một người thiệt mạng.')
    expect(words('grave home/gravity-word:dead')).toEqual(['thiệt mạng'])
    expect(words('grave elsewhere/gravity-word:dead')).toEqual(['tử vong'])
    expect(words('grave all/gravity-word:dead')).toEqual(['tử vong', 'thiệt mạng'])
    expect(read('Xe khách lật ở Sa Pa, ba người bị thương', '').words('grave hurt only')).toEqual(['bị thương'])
    expect(read('Chợ phiên Sa Pa đông vui', '').words('grave nobody dead here')).toEqual([])
  })

  it.each([
    ['dead, afterwards', 'Truy tặng bằng khen cho hai người tử vong ở Sa Pa'],
    ['officials blamed', 'Kỷ luật chủ tịch xã ở Lào Cai vì sai phạm'],
    ['spared', 'Ôtô lao xuống vực ở Sa Pa, hai người thoát nạn'],
    ['ordinary crime', 'Bắt nhóm trộm cắp xe máy ở Sa Pa'],
  ])('knows by its words: %s', (name, text) => {
    const { features, words } = read(text, '')
    expect(features.get(`grave ${name}`)).toBe(1)
    expect(words(`grave ${name}`)?.length).toBeGreaterThan(0)
    expect(read('Chợ phiên Sa Pa đông vui', '').features.has(`grave ${name}`)).toBe(false)
  })

  it('reads no further than the model does', () => {
    const far = `${'Chợ phiên Sa Pa đông vui. '.repeat(400)}Hai người tử vong.`
    const fields = readFields(assessable('Chợ phiên', far))
    const hits = hitsRead(termBook(gravityLists).read(fields, 'vi'))
    expect(gravityFeatures(fields, hits, gazetteer(profile).read(fields)).has('grave any/gravity-word:dead')).toBe(
      false,
    )
  })
})

describe('what relevance and tone add to sensitivity', () => {
  it('grows with being the subject and with speaking against, within bounds', () => {
    const neutral = { positive: 0, neutral: 0, negative: 0 }
    expect(shareOfOthers(0.2, 0, neutral)).toBeCloseTo(0.06)
    // A sure subject counts no more than a plain one.
    expect(shareOfOthers(9, 0, neutral)).toBeCloseTo(0.15)
    expect(shareOfOthers(0.2, 0.2, { ...neutral, negative: 9 })).toBeCloseTo(0.075)
    expect(shareOfOthers(0, 0, { ...neutral, positive: 9 })).toBeCloseTo(-0.225)
  })
})

describe('the shipped judgement of sensitivity', () => {
  const judge = async (title: string, text: string) =>
    createAssessor({ profile, models: [await loadShippedModel()] }).assess(assessable(title, text))

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
