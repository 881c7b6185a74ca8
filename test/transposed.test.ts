import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { gazetteer } from '../pipeline/gazetteer.ts'
import { readFields } from '../pipeline/reading.ts'
import { isNamed } from '../pipeline/relevance.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { readTable } from '../train/data.ts'
import { transposer } from '../train/transposed.ts'

const root = join(import.meta.dirname, '..')
let profile: Profile
beforeAll(async () => {
  profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
})

const isAboutUs = (title: string, text: string): boolean =>
  isNamed(
    gazetteer(profile).read(
      readFields({ id: 'mẫu', title, lead: null, text, outletId: null, language: 'vi', published: null }),
    ),
  )

describe('an article about another province', () => {
  const title = 'Sơn La: cháy chợ trong đêm'
  const text =
    'Lửa bùng lên ở chợ xã Chiềng Mẫu, huyện Mường Thử (Sơn La). Chiềng Mẫu có hơn trăm ki-ốt; Hà Nội cử đoàn hỗ trợ.'

  it('reads as if it were about ours', () => {
    expect(isAboutUs(title, text)).toBe(false)
    const [ours, body] = transposer(profile)(title, text, 'Sơn La')
    expect(ours).toBe('Lào Cai: cháy chợ trong đêm')
    expect(body).not.toMatch(/Sơn La|Chiềng Mẫu|Mường Thử/)
    expect(body).toContain('(Lào Cai)')
    expect(body).toContain('Hà Nội cử đoàn hỗ trợ')
    expect(isAboutUs(ours, body)).toBe(true)
  })

  it('gives a name the same place of ours throughout, and at each reading', () => {
    const [, body] = transposer(profile)(title, text, 'Sơn La')
    const commune = /chợ xã (.+?), huyện/.exec(body)?.[1] ?? ''
    expect(commune).not.toBe('')
    expect(body).toContain(`${commune} có hơn trăm`)
    expect(transposer(profile)(title, text, 'Sơn La')[1]).toBe(body)
  })

  it('leaves parts of longer words alone', () => {
    expect(transposer(profile)('Bình Sơn Lập', '', 'Sơn La')[0]).toBe('Bình Sơn Lập')
  })
})

describe('train/transposed.tsv', () => {
  it('labels each article once, of a province that is not ours, with a known word', () => {
    const rows = readTable('transposed.tsv')
    const elsewhere = new Set(profile.elsewhere.map(({ name }) => name))
    expect(new Set(rows.map(([id]) => id)).size).toBe(rows.length)
    for (const [id, province = '', label = ''] of rows) {
      expect(elsewhere, id).toContain(province)
      expect(['sensitive', 'negative', 'neutral', 'positive', 'mention'], id).toContain(label)
    }
  })
})
