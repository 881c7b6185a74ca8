import { describe, expect, it } from 'vitest'
import { gazetteer, type Mention } from '../pipeline/gazetteer.ts'
import { readFields } from '../pipeline/reading.ts'
import { mainPoints, namedScore, relevanceEvidence, relevanceOf } from '../pipeline/relevance.ts'
import type { Shape } from '../pipeline/shape.ts'
import type { Place, Profile } from '../profiles/schema.ts'
import { assessable } from './support/assessable.ts'

/** Places with names of the province and rules of our own, so that an analyst's edits move no test. */
const place = (
  id: string,
  kind: Place['kind'],
  strength: Place['strength'],
  names: readonly string[],
  homographs: Place['homographs'] = [],
): Place => ({ id, kind, strength, name: names[0] ?? id, names: { vi: [...names] }, homographs })

const profile = {
  outletDefinitions: [],
  elsewhere: ['Hà Nội', 'Hưng Yên', 'Khánh Hòa', 'Sơn La'].map((name) => ({ name, names: [name] })),
  places: [
    place('lao-cai', 'province', 'strong', ['Lào Cai']),
    place('yen-bai', 'former-province', 'strong', ['Yên Bái'], [{ rejectBefore: ['phố', 'phường'] }]),
    place('road', 'infrastructure', 'context', ['cao tốc Nội Bài - Lào Cai']),
    place('partner', 'partner', 'context', ['Vân Nam']),
    place(
      'bao-thang',
      'commune',
      'strong',
      ['Bảo Thắng', 'xã Bảo Thắng'],
      [{ rejectBefore: ['giải'] }, { reject: ['Bảo'], within: 3 }, { reject: ['ban Bảo'], within: 6 }],
    ),
    place('district-bao-thang', 'former-district', 'strong', ['Bảo Thắng']),
    place('nghia-lo', 'ward', 'strong', ['Nghĩa Lộ', 'phường Nghĩa Lộ'], [{ rejectBefore: ['phố'] }]),
    place('phong-hai', 'landmark', 'strong', ['Phong Hải']),
    place('gia-phu', 'commune', 'weak', ['Gia Phú'], [{ require: ['Pháp'], abroad: true }]),
    place('tan-lap', 'former-commune', 'weak', ['Tân Lập']),
    place('khanh-hoa', 'commune', 'weak', ['Khánh Hòa']),
  ],
} as unknown as Profile
const places = gazetteer(profile)

const read = (text: string, language = 'vi'): Mention[] => {
  const article = assessable('Tin', text, language)
  return places.read(readFields(article), article)
}
const verdicts = (text: string, language?: string): string[][] =>
  read(text, language).map(({ name, verdict }) => [name, verdict])

describe('a name that other places bear', () => {
  it('alone is the place of the province, unless a place elsewhere is named or it is dissolved', () => {
    expect(verdicts('Mưa lớn ở Gia Phú.')).toEqual([['Gia Phú', 'home']])
    expect(verdicts('Mưa lớn ở Gia Phú và ở Hà Nội.')[0]).toEqual(['Gia Phú', 'unresolved'])
    expect(verdicts('Mưa lớn ở Tân Lập.')).toEqual([['Tân Lập', 'unresolved']])
    expect(verdicts('Mưa lớn ở Tân Lập, Lào Cai nhiều mây.')[0]).toEqual(['Tân Lập', 'home'])
  })

  it('is the province or city elsewhere that bears it, though the province is named too', () => {
    const [first] = read('Khánh Hòa đón khách. Lào Cai nhiều mây.')
    expect(first).toMatchObject({ verdict: 'elsewhere', elsewhere: 'Khánh Hòa', place: null })
  })

  it('is the first of two places of the province that bear it', () => {
    expect(read('Mưa lớn ở Bảo Thắng.')[0]?.place?.id).toBe('bao-thang')
  })

  it('may begin a longer name, but a landmark does not', () => {
    expect(verdicts('Công ty mở tại Bảo Thắng Vũ.')).toEqual([['Bảo Thắng', 'unresolved']])
    expect(verdicts('Khách đến Phong Hải Vũ.')).toEqual([['Phong Hải', 'home']])
  })

  it('is not vouched for by a word that counts abroad alone', () => {
    expect(verdicts('Người Pháp đến Gia Phú rồi về Hà Nội.')[0]).toEqual(['Gia Phú', 'unresolved'])
  })
})

describe('what contains a name', () => {
  const gia = (text: string) => read(text)[0]

  it('is the province named right after, in brackets or after the unit', () => {
    expect(gia('Xã Gia Phú, tỉnh Hưng Yên, có mưa.')).toMatchObject({ verdict: 'rejected', rule: 'in Hưng Yên' })
    expect(gia('Xã Gia Phú, TP. Hưng Yên có mưa.')).toMatchObject({ verdict: 'rejected', rule: 'in Hưng Yên' })
    expect(gia('Xã Gia Phú (Lào Cai) có mưa, Hà Nội nắng.')).toMatchObject({ verdict: 'home', rule: 'in Lào Cai' })
  })

  it('is none behind the end of a sentence, behind closed brackets or too far away', () => {
    expect(gia('Xã Gia Phú. Hưng Yên có mưa.')?.rule).not.toBe('in Hưng Yên')
    expect(gia('Xã Gia Phú (Bảo Thắng), Hưng Yên có mưa.')?.rule).not.toBe('in Hưng Yên')
    const far = 'Thôn An, Thôn Bình, Thôn Chính, Thôn Dân, Thôn Giang, Thôn Hà, Thôn Kim, Thôn Lan'
    expect(gia(`Xã Gia Phú, ${far}, Hưng Yên có mưa.`)?.rule).not.toBe('in Hưng Yên')
  })

  it('takes a commune that bears the name of the province for what it is', () => {
    expect(verdicts('Xã Yên Bái, tỉnh Hưng Yên có mưa.')[0]).toEqual(['Yên Bái', 'rejected'])
    expect(verdicts('Tỉnh Yên Bái, Hưng Yên có mưa.')[0]).toEqual(['Yên Bái', 'home'])
  })

  it('asks of a name that means the place by itself to be said with its unit', () => {
    expect(verdicts('Ở Bảo Thắng (Hưng Yên) có mưa.')[0]).toEqual(['Bảo Thắng', 'home'])
    expect(verdicts('Ở Gia Phú (Hưng Yên) có mưa.')[0]).toEqual(['Gia Phú', 'rejected'])
    expect(verdicts('Ở thôn Bảo Thắng (Hưng Yên) có mưa.')[0]).toEqual(['Bảo Thắng', 'rejected'])
  })
})

describe('what a person or a street is called', () => {
  it('it is called in the whole article, but the commune with its unit is the commune', () => {
    expect(verdicts('Ông Trần Bảo Thắng đến dự. Hôm sau Bảo Thắng từ chối.')).toEqual([
      ['Bảo Thắng', 'rejected'],
      ['Bảo Thắng', 'rejected'],
    ])
    expect(verdicts('Ông Trần Bảo Thắng đến thăm xã Bảo Thắng.')).toEqual([
      ['Bảo Thắng', 'rejected'],
      ['xã Bảo Thắng', 'home'],
    ])
  })

  it('is a street before any rule of the profile, but the streets of a town are no street', () => {
    expect(verdicts('Cháy nhà trên phố Yên Bái. Yên Bái tắc đường.')).toEqual([
      ['Yên Bái', 'rejected'],
      ['Yên Bái', 'rejected'],
    ])
    expect(verdicts('Đường phố Yên Bái đông vui. Yên Bái có mưa.')[1]).toEqual(['Yên Bái', 'home'])
    expect(verdicts('Phố phường Nghĩa Lộ đông vui. Nghĩa Lộ có mưa.')[1]).toEqual(['Nghĩa Lộ', 'home'])
  })

  it('holds for the whole article where a rule rejects beside the name in a foreign language alone', () => {
    const text = 'Khai mạc giải Bảo Thắng. Hôm sau Bảo Thắng có mưa.'
    expect(verdicts(text).map(([, verdict]) => verdict)).toEqual(['rejected', 'home'])
    expect(verdicts(text, 'en').map(([, verdict]) => verdict)).toEqual(['rejected', 'rejected'])
  })
})

describe('a word near a name', () => {
  it('is never part of the name, and is found on both sides of it', () => {
    expect(verdicts('Trời mưa ở Bảo Thắng.')[0]?.[1]).toBe('home')
    expect(verdicts('Ở Bảo Thắng, Bảo đi học.')[0]?.[1]).toBe('rejected')
    expect(verdicts('Bảo đi ban Bảo Thắng.')[0]?.[1]).toBe('rejected')
    expect(verdicts('Các ban Bảo có mưa nên ban Bảo Thắng.')[0]?.[1]).toBe('rejected')
  })
})

describe('what an article says of the names', () => {
  const shown = (text: string) => {
    const article = assessable('Tin', text)
    const fields = readFields(article)
    const mentions = places.read(fields, article)
    return {
      places: relevanceOf(fields, mentions, 'mention').places.map(({ text: words }) => words),
      evidence: relevanceEvidence(fields, mentions).map(({ text: words, weight, rule }) => [words, weight, rule]),
    }
  }

  it('names the places that count alone, each name three times at most as evidence', () => {
    const { places: counted, evidence } = shown(`${'Lào Cai có mưa. '.repeat(5)}Ông Trần Bảo Thắng đến.`)
    expect(counted).toEqual(Array.from({ length: 5 }, () => 'Lào Cai'))
    expect(evidence).toEqual([
      ...Array.from({ length: 3 }, () => ['Lào Cai', 1, undefined]),
      ['Bảo Thắng', -1, "a person's name"],
    ])
  })

  it('weighs what bears the name by half, and what nothing decides not at all', () => {
    expect(shown('Trên cao tốc Nội Bài - Lào Cai, xe đi Tân Lập.').evidence).toEqual([
      ['cao tốc Nội Bài - Lào Cai', 0.5, 'named after the province'],
      ['Tân Lập', 0, undefined],
    ])
  })

  it('is surer of the province with each firm name more, but not with the same name again', () => {
    const score = (text: string): number => namedScore(read(text))
    expect(score('Hà Nội có mưa.')).toBe(0)
    expect(score('Lào Cai có mưa.')).toBe(0.92)
    expect(score('Lào Cai có mưa. Lào Cai nắng.')).toBe(0.92)
    expect(score('Trên cao tốc Nội Bài - Lào Cai có mưa.')).toBe(0.7)
    expect(score('Lào Cai có mưa. Phong Hải nắng.')).toBeGreaterThan(0.99)
  })
})

describe('the points for being the subject', () => {
  const shape = (change: Partial<Shape>): Shape => ({
    ...{ homeInTitle: false, elsewhereInTitle: false, bearsInTitle: false, firstSentence: 3, leads: false },
    ...{ home: 4, bears: 0, elsewhere: 4, homeNames: 1, elsewhereNames: 1, local: 0, listed: 0, contained: 0 },
    ...{ share: 0.2, sentences: 20, ...change },
  })
  const plain = mainPoints(shape({}))

  it.each<readonly [string, Partial<Shape>, number]>([
    ['the title names it', { homeInTitle: true }, 3],
    ['the title names it and a place elsewhere', { homeInTitle: true, elsewhereInTitle: true }, 2],
    ['the title names a place elsewhere alone', { elsewhereInTitle: true }, -1],
    ['it stands in the first sentence', { firstSentence: 1 }, 2],
    ['it stands in the second', { firstSentence: 2 }, 1],
    ['it is the first place named', { leads: true }, 1],
    ['it is named in most sentences', { share: 0.4 }, 1],
    ['it is named in few sentences', { share: 0.1 }, -1],
    ['several of its places are named', { local: 2 }, 1],
    ['it stands in lists alone', { listed: 4 }, -3],
    ['it stands in lists now and then', { listed: 3 }, 0],
    ['most names are its own', { elsewhere: 2 }, 1],
    ['nothing else is named', { elsewhere: 0 }, 2],
    ['most names are elsewhere', { elsewhere: 12 }, -1.5],
  ])('%s', (_fact, change, points) => {
    expect(mainPoints(shape(change)) - plain).toBe(points)
  })

  it('are never enough for what only bears its name', () => {
    const bears = { home: 0, bears: 5, elsewhere: 0, share: 0.9, firstSentence: 0, leads: true }
    expect(mainPoints(shape(bears))).toBeLessThan(0)
  })
})
