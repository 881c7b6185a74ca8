import { describe, expect, it } from 'vitest'
import { causesOf, isTooOld, matches } from '../alerts/rules.ts'
import type { Evidence, Outlet } from '../model.ts'
import type { AlertRule, Profile } from '../profiles/schema.ts'
import type { AssessedArticle } from '../store/store.ts'

const rule = (when: Partial<AlertRule['when']>): AlertRule => ({
  id: 'r',
  label: { vi: 'Quy tắc', en: 'Rule' },
  when: { relevance: 'mention', ...when },
  department: 'vhttdl',
  channels: ['email'],
  maxAgeHours: 24,
})
const evidence = (about: string, text: string, weight: number, ruleId?: string): Evidence => ({
  ...{ for: about, field: 'text', from: 0, to: text.length, text, weight },
  ...(ruleId === undefined ? {} : { rule: ruleId }),
})
/** What the functions read of an article, an outlet and a profile. */
const article = (more: Partial<AssessedArticle['assessment']> = {}, corrected = false): AssessedArticle =>
  ({
    ...{ id: 'a', outletId: 'o', version: 2, language: 'vi', text: 'Bài mẫu.' },
    published: '2025-10-01T00:00:00.000Z',
    firstSeen: '2025-10-01T01:00:00.000Z',
    corrected,
    assessment: {
      relevance: { level: 'main', score: 1, places: [] },
      topics: [{ id: 'tourism', score: 0.9 }],
      tone: 'negative',
      sensitive: false,
      evidence: [],
      ...more,
    },
  }) as unknown as AssessedArticle
const domestic = { origin: 'domestic' } as Outlet
const profile = {
  conditions: [{ id: 'deaths', label: { vi: 'Thương vong', en: 'Deaths' } }],
  topics: [{ id: 'tourism', label: { vi: 'Du lịch', en: 'Tourism' } }],
  outletDefinitions: [{ id: 'o', name: 'Báo Mẫu' }],
  places: [],
} as unknown as Profile

describe('matching', () => {
  it.each([
    ['a topic it carries', { topics: ['sport', 'tourism'] }, true],
    ['a topic it does not carry', { topics: ['sport'] }, false],
    ['its tone', { tone: 'negative' }, true],
    ['another tone', { tone: 'positive' }, false],
    ['its origin', { origin: 'domestic' }, true],
    ['another origin', { origin: 'foreign' }, false],
    ['sensitivity that it lacks', { sensitive: true }, false],
    ['all conditions together', { topics: ['tourism'], tone: 'negative', sensitive: false }, true],
    ['all conditions but one', { topics: ['tourism'], tone: 'neutral', sensitive: false }, false],
  ] as const)('%s', (_name, when, expected) => {
    expect(matches(rule(when as Partial<AlertRule['when']>), article(), domestic)).toBe(expected)
  })

  it.each([
    ['main', 'main', true],
    ['main', 'mention', false],
    ['mention', 'main', true],
    ['mention', 'mention', true],
    ['mention', 'none', false],
  ] as const)('a rule that asks for %s meets %s: %s', (asked, level, expected) => {
    const relevance = { level, score: 1, places: [] }
    expect(matches(rule({ relevance: asked }), article({ relevance }), domestic)).toBe(expected)
  })

  it('an article without assessment meets nothing', () => {
    expect(matches(rule({}), { ...article(), assessment: null }, domestic)).toBe(false)
  })
})

describe('an article whose page gave no text', () => {
  const untold = (more: Parameters<typeof article>[0], corrected = false): AssessedArticle => ({
    ...article(more, corrected),
    text: '',
  })
  const meets = (when: Partial<AlertRule['when']>, one: AssessedArticle) => matches(rule(when), one, domestic)
  const learned = evidence('sensitive', 'Trang không có chữ nào', 0.4, 'model: sentence')
  const condition = evidence('sensitive', 'mất tích', 1, 'deaths')

  it('meets no rule by what a model makes of its title; with its text it does', () => {
    const guessed = { sensitive: true, evidence: [learned] }
    expect(meets({ sensitive: true }, untold(guessed))).toBe(false)
    expect(meets({ sensitive: true }, article(guessed))).toBe(true)
    const topic = evidence('topic:tourism', 'Trang không có chữ nào', 0.4, 'model: sentence')
    expect(meets({ topics: ['tourism'] }, untold({ evidence: [topic] }))).toBe(false)
    const tone = evidence('tone', 'Trang không có chữ nào', 0.4, 'model: sentence')
    expect(meets({ tone: 'negative' }, untold({ evidence: [tone] }))).toBe(false)
  })

  it('meets it by a condition in its title, by a term, by what a person decided, and when it is taken down', () => {
    expect(meets({ sensitive: true }, untold({ sensitive: true, evidence: [condition, learned] }))).toBe(true)
    const topic = evidence('topic:tourism', 'du lịch', 1)
    expect(meets({ topics: ['tourism'] }, untold({ evidence: [topic] }))).toBe(true)
    expect(meets({ tone: 'negative' }, untold({ evidence: [evidence('tone', 'thiệt hại', -1)] }))).toBe(true)
    expect(meets({ sensitive: true }, untold({ sensitive: true }, true))).toBe(true)
    expect(meets({ change: 'removed' }, untold({}))).toBe(true)
    expect(meets({ tone: 'neutral' }, untold({ tone: 'neutral' })), 'of which no word speaks').toBe(true)
  })
})

describe('age', () => {
  it('counts to the hour, from publication to first sight and from first sight to now', () => {
    const now = new Date('2025-10-02T01:00:00.000Z')
    expect(isTooOld(rule({}), article(), now)).toBe(false)
    expect(isTooOld(rule({}), article(), new Date(now.getTime() + 1))).toBe(true)
    const late = { ...article(), firstSeen: '2025-10-02T00:00:00.001Z' }
    expect(isTooOld(rule({}), late, now)).toBe(true)
  })
})

describe('causes', () => {
  it('are the words of the topic, the heaviest first, each once, without those that spoke against', () => {
    const words = [
      evidence('topic:tourism', 'du khách', 0.4),
      evidence('topic:tourism', 'Du lịch', 1),
      evidence('topic:tourism', 'du lịch', 0.9),
      evidence('topic:tourism', 'khu công nghiệp', -1),
      evidence('topic:sport', 'bóng đá', 1),
    ]
    const causes = causesOf(profile, rule({ topics: ['tourism'] }), article({ evidence: words }))
    expect(causes.map(({ label, words: shown }) => [label, shown.map(({ text }) => text)])).toEqual([
      ['Du lịch', ['Du lịch', 'du khách']],
    ])
  })

  it('are the condition’s words, or what a model weighed where no condition speaks', () => {
    const weighed = evidence('sensitive', 'Câu này nặng nhất.', 0.7, 'model')
    const both = [evidence('sensitive', 'mất tích', 1, 'deaths'), weighed]
    const labelsOf = (words: readonly Evidence[]) =>
      causesOf(profile, rule({ sensitive: true }), article({ sensitive: true, evidence: words })).map(
        ({ by, label }) => [by, label],
      )
    expect(labelsOf(both)).toEqual([['words', 'Thương vong']])
    expect(labelsOf([weighed])).toEqual([['words', null]])
  })

  it('of a tone are those that spoke for it: in the list’s words the sign is the tone', () => {
    const words = [
      evidence('tone', 'phát triển', 2),
      evidence('tone', 'thiệt hại', -1),
      evidence('tone', 'Câu này nặng nhất.', 0.4, 'model: sentence'),
      evidence('tone', 'nặng', 0.2, 'model: word'),
    ]
    const shown = (tone: 'negative' | 'positive') =>
      causesOf(profile, rule({ tone }), article({ tone, evidence: words })).flatMap((cause) =>
        cause.words.map(({ text }) => text),
      )
    expect(shown('negative')).toEqual(['thiệt hại', 'Câu này nặng nhất.'])
    expect(shown('positive')).toEqual(['phát triển', 'Câu này nặng nhất.'])
  })

  it('name outlet and version of a whole sentence', () => {
    const weighed = evidence('sensitive', 'Câu này nặng nhất.', 0.7, 'model: sentence')
    const [cause] = causesOf(profile, rule({ sensitive: true }), article({ sensitive: true, evidence: [weighed] }))
    expect(cause?.words).toEqual([
      { text: 'Câu này nặng nhất.', field: 'text', articleId: 'a', source: { outlet: 'Báo Mẫu', version: 2 } },
    ])
  })

  it('are none where no word spoke', () => {
    expect(causesOf(profile, rule({ topics: ['tourism'], tone: 'negative' }), article({ evidence: [] }))).toEqual([])
  })

  it('are a person where a person decided', () => {
    const causes = causesOf(profile, rule({ sensitive: true }), article({ sensitive: true }, true))
    expect(causes).toEqual([{ by: 'person', label: null, words: [] }])
  })
})
