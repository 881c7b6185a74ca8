import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Evidence } from '../model.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { sensitiveReasons } from '../reports/reasons.ts'
import type { AssessedArticle } from '../store/store.ts'

const root = join(import.meta.dirname, '..')
let profile: Profile
beforeAll(async () => {
  profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
})

const spoken = (text: string, weight: number, rule: string): Evidence => ({
  ...{ for: 'sensitive', field: 'text', from: 0, to: text.length, text, weight, rule },
})
/** As a condition finds it in a text. */
const found = (source: string, text: string, rule: string): Evidence => ({
  ...spoken(text, 1, rule),
  from: source.indexOf(text),
  to: source.indexOf(text) + text.length,
})

function sensitive(evidence: readonly Evidence[], source = '', language = 'vi'): AssessedArticle {
  const relevance = { level: 'main', score: 1, places: [] } as const
  return {
    ...{ id: 'a', outletId: 'o', url: 'https://bao.example/a', version: 1, pageId: null, completeness: 'full' },
    ...{ language, title: 'Bài mẫu', lead: null, text: source, byline: null, section: null, modified: null },
    ...{ published: '2025-10-01T00:00:00.000Z', publishedBy: 'rule', firstSeen: '2025-10-01T00:00:00.000Z' },
    ...{ image: null, by: {}, doubts: [], storyId: null, copyOf: null, corrected: false },
    assessment: { relevance, topics: [], tone: 'negative', sensitive: true, evidence },
  }
}

const wordsOf = (evidence: readonly Evidence[]) =>
  sensitiveReasons(profile, [sensitive(evidence)]).map(({ words }) => words.map(({ text }) => text))

describe('why a matter is sensitive', () => {
  it('shows the sentence that a model weighed rather than its lone syllables', () => {
    const sentence = spoken('Lũ cuốn trôi ba ngôi nhà.', 0.3, 'model: sentence')
    expect(wordsOf([spoken('trôi', 0.9, 'model: word'), sentence])).toEqual([['Lũ cuốn trôi ba ngôi nhà.']])
  })

  it('shows the syllables where nothing else speaks', () => {
    expect(wordsOf([spoken('trôi', 0.9, 'model: word')])).toEqual([['trôi']])
  })

  it('shows a condition of the profile by its name, and what a model weighed only in articles that meet none', () => {
    const condition = profile.conditions[0]
    const met = sensitive([
      spoken('ba người mất tích', 0.2, 'model: sentence'),
      spoken('mất tích', 2, condition?.id ?? ''),
    ])
    expect(sensitiveReasons(profile, [met]).map(({ label }) => label)).toEqual([condition?.label.vi])
    const other = { ...sensitive([spoken('Trẻ nhập viện sau bữa trưa.', 0.4, 'model: sentence')]), id: 'b' }
    expect(sensitiveReasons(profile, [met, other]).map(({ label }) => label)).toEqual([condition?.label.vi, null])
  })

  it('shows a lone syllable where few longer words speak, and none that stands within another word', () => {
    const id = profile.conditions[0]?.id ?? ''
    const printed = (source: string, words: readonly string[], language = 'vi') =>
      sensitiveReasons(profile, [
        sensitive(
          words.map((word) => found(source, word, id)),
          source,
          language,
        ),
      ]).map(({ words: shown }) => shown.map(({ text }) => text))
    const source = 'Sau trận lũ ống, lãnh đạo xã Gia Phú nhận lỗi.'
    expect(printed(source, ['lũ', 'lũ ống', 'xã', 'lãnh đạo'])).toEqual([['lũ ống', 'lãnh đạo']])
    expect(printed(source, ['lũ', 'lãnh đạo'])).toEqual([['lãnh đạo', 'lũ']])
    // A part of a word, with what is printed around it.
    expect(printed('The town has been built up so fast that villagers worry.', ['so', 'villagers'], 'en')).toEqual([
      ['villagers', 'built up so fast that'],
    ])
    expect(printed('급류에 한 명 사망', ['급류'], 'ko')).toEqual([['급류']])
    expect(printed('建設省の発表', ['省'], 'ja')).toEqual([['建設省の発']])
  })

  it('names outlet and version of a whole sentence', () => {
    const [reason] = sensitiveReasons(profile, [sensitive([spoken('Trẻ nhập viện.', 0.4, 'model: sentence')])])
    expect(reason?.words[0]?.source).toEqual({ outlet: 'o', version: 1 })
  })

  it('shortens the names of minors, victims and suspects to initials, and says so', () => {
    const said = 'Bị cáo Lò Văn Mẫu lĩnh 14 năm tù vì đưa hai cô gái qua biên giới.'
    const [reason] = sensitiveReasons(profile, [sensitive([spoken(said, 0.4, 'model: sentence')])])
    expect(reason?.words[0]).toMatchObject({ text: said.replace('Lò Văn Mẫu', 'L.V.M.'), shortened: true })
    const [other] = sensitiveReasons(profile, [sensitive([spoken('Trẻ nhập viện ở Bản Mây.', 0.4, 'model: sentence')])])
    expect(other?.words[0]).not.toHaveProperty('shortened')
  })

  it('keeps to four words and two passages', () => {
    const condition = profile.conditions[0]?.id ?? ''
    const words = ['chết', 'tử vong', 'mất tích', 'nạn nhân', 'cuốn trôi'].map((word) => spoken(word, 1, condition))
    expect(wordsOf(words)[0]).toHaveLength(4)
    const sentences = ['Một.', 'Hai.', 'Ba.'].map((text) => spoken(text, 1, 'model: sentence'))
    expect(wordsOf(sentences)[0]).toHaveLength(2)
  })
})
