import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAssessor } from '../pipeline/assess.ts'
import { loadLocalModel, loadShippedModel, localTranslator } from '../pipeline/models.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { assessable } from './support/assessable.ts'
import {
  writeTinyClassifier,
  writeTinyEmbedding,
  writeTinyEntailment,
  writeTinyTranslator,
} from './support/tiny-model.ts'

let folder = ''
let profile: Profile

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'))
  profile = await loadProfile(
    join(import.meta.dirname, '../profiles/lao-cai'),
    join(import.meta.dirname, '../crawlers/outlets'),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a transformers.js model from a local folder', () => {
  it('takes the place of the definitions for topics, and says so in the key', async () => {
    const model = join(folder, 'tiny')
    await writeTinyClassifier(
      model,
      { chợ: 'tourism', trận: 'sport' },
      { task: 'text-classification', threshold: 0.5, quantized: false },
    )
    const assessor = createAssessor({ profile, models: [await loadLocalModel(model, profile.topics)] })
    expect(assessor.key.modelDigest).toMatch(/^sha256:/)
    const market = await assessor.assess(assessable('chợ', 'chợ chợ chợ'))
    expect(market.topics.map((topic) => topic.id)).toEqual(['tourism'])
    const match = await assessor.assess(assessable('trận', 'trận trận trận'))
    expect(match.topics.map((topic) => topic.id)).toEqual(['sport'])
    expect(match.evidence.some((one) => one.for === 'topic:sport' && one.rule?.startsWith('model'))).toBe(true)
  })

  it('is asked only for its languages', async () => {
    const model = join(folder, 'tiny-en')
    await writeTinyClassifier(
      model,
      { match: 'sport' },
      { task: 'text-classification', threshold: 0.5, quantized: false, languages: ['en'] },
    )
    const assessor = createAssessor({ profile, models: [await loadLocalModel(model, profile.topics)] })
    const vietnamese = await assessor.assess(assessable('match', 'match match'))
    expect(vietnamese.topics).toEqual([])
    const english = await assessor.assess(assessable('match', 'match match', 'en'))
    expect(english.topics.map((topic) => topic.id)).toEqual(['sport'])
  })

  /** Topics whose definitions use the few words that the tiny models know. */
  const defined = (): Profile => ({
    ...profile,
    topics: profile.topics
      .filter(({ id }) => id === 'tourism' || id === 'sport')
      .map((topic) => ({
        ...topic,
        label: { vi: 'Lĩnh vực', en: 'Topic' },
        definition: topic.id === 'sport' ? 'bóng đá' : 'du lịch',
        terms: { vi: [] },
        weakTerms: {},
      })),
  })
  const ABOUT = { tourism: ['chợ', 'du'], sport: ['trận', 'bóng'] }

  it('reads the definitions of topics by entailment, several at once', async () => {
    const model = join(folder, 'tiny-nli')
    const hypothesis = 'Bài này nói về {}.'
    const monitor = { task: 'zero-shot-classification', threshold: 0.6, quantized: false, hypothesis }
    await writeTinyEntailment(model, ABOUT, monitor)
    const chosen = defined()
    const assessor = createAssessor({ profile: chosen, models: [await loadLocalModel(model, chosen.topics)] })
    const topics = async (text: string) =>
      (await assessor.assess(assessable('bài', text))).topics.map(({ id }) => id).sort()
    expect(await topics('chợ')).toEqual(['tourism'])
    expect(await topics('trận')).toEqual(['sport'])
    expect(await topics('chợ trận')).toEqual(['sport', 'tourism'])
    expect(await topics('khác')).toEqual([])
    const { evidence } = await assessor.assess(assessable('bài', 'chợ'))
    expect(evidence.find((one) => one.for === 'topic:tourism')?.rule).toBe('model: whole text')
  })

  it('compares an embedding of the article with those of the definitions', async () => {
    const model = join(folder, 'tiny-embedding')
    const monitor = { task: 'feature-extraction', threshold: 0.6, quantized: false, readLength: 40 }
    await writeTinyEmbedding(model, ABOUT, monitor)
    const chosen = defined()
    const assessor = createAssessor({ profile: chosen, models: [await loadLocalModel(model, chosen.topics)] })
    const topics = async (text: string) =>
      (await assessor.assess(assessable('bài', text))).topics.map(({ id }) => id).sort()
    expect(await topics('chợ chợ')).toEqual(['tourism'])
    expect(await topics('trận chợ')).toEqual(['sport', 'tourism'])
    expect(await topics('trận trận trận chợ')).toEqual(['sport'])
    // Only so many characters are read.
    expect(await topics(`trận ${'khác '.repeat(20)} chợ chợ chợ`)).toEqual(['sport'])
  })

  it('names the folder and the remedy when the configuration or the model is broken', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty, { recursive: true })
    await expect(loadLocalModel(empty, profile.topics)).rejects.toMatchObject({ code: 'model.config', name: 'Fatal' })
    await writeFile(join(empty, 'monitor.json'), JSON.stringify({ task: 'text-classification', threshold: 0.5 }))
    await expect(loadLocalModel(empty, profile.topics)).rejects.toMatchObject({
      code: 'model.unreadable',
      name: 'Fatal',
    })
  })
})

describe('a translation model from a local folder', () => {
  const SENTENCES = { flood: ['lũ', 'quét'], market: ['chợ', 'phiên', 'vùng', 'cao'] }

  it('translates into Vietnamese, text by text, and leaves empty ones empty', async () => {
    const model = join(folder, 'tiny-nllb')
    await writeTinyTranslator(model, SENTENCES, { languages: { en: 'eng_Latn', vi: 'vie_Latn' }, quantized: false })
    const translator = localTranslator(model)
    expect(translator.name).toBe('tiny-nllb')
    expect(await translator.translate(['flood', '', 'market'], 'en')).toEqual(['lũ quét', '', 'chợ phiên vùng cao'])
    await expect(translator.translate(['inondation'], 'fr')).rejects.toMatchObject({ code: 'translate.language' })
  })

  it('says what is missing in its folder', async () => {
    const empty = join(folder, 'no-translator')
    await mkdir(empty, { recursive: true })
    const translator = localTranslator(empty)
    await expect(translator.translate(['flood'], 'en')).rejects.toMatchObject({ code: 'model.unreadable' })
    await writeTinyTranslator(empty, SENTENCES, { languages: { en: 'eng_Latn', vi: 'vie_Latn' }, quantized: false })
    expect(await translator.translate(['flood'], 'en')).toEqual(['lũ quét'])
  })
})

describe('the shipped model', () => {
  it('judges Vietnamese, and shows the words that weigh', async () => {
    const assessor = createAssessor({ profile, models: [await loadShippedModel()] })
    const text =
      'Sáng nay, một xe khách chở 20 người lao xuống vực trên quốc lộ 4D, đoạn qua phường Sa Pa (Lào Cai), làm ba người tử vong.'
    const judged = await assessor.assess(assessable('Xe khách lao xuống vực ở Sa Pa, ba người chết', text))
    expect(judged.relevance.level).toBe('main')
    expect(judged.topics.map((topic) => topic.id)).toContain('infrastructure_transport')
    expect(judged.tone).toBe('negative')
    expect(judged.sensitive).toBe(true)
    expect(
      judged.evidence.some((one) => one.for === 'topic:infrastructure_transport' && one.rule === 'model: sentence'),
    ).toBe(true)
  })

  it('leaves the word to a condition that the office lets decide', async () => {
    const event = { vi: ['lễ thượng cờ mẫu'] }
    const condition = { id: 'sample', label: { vi: 'Mẫu', en: 'Sample' }, event, relevance: 'mention' as const }
    const sample = assessable(
      'Lào Cai: lễ thượng cờ mẫu tại Bát Xát',
      'Sáng nay tại Bát Xát, Lào Cai diễn ra lễ thượng cờ mẫu.',
    )
    const models = [await loadShippedModel()]
    const judge = (conditions: Profile['conditions']) =>
      createAssessor({ profile: { ...profile, conditions }, models }).assess(sample)
    expect((await judge([condition])).sensitive).toBe(false)
    const decided = await judge([{ ...condition, decides: true }])
    expect(decided.sensitive).toBe(true)
    expect(decided.evidence).toContainEqual(
      expect.objectContaining({ for: 'sensitive', text: 'lễ thượng cờ mẫu', rule: 'sample' }),
    )
  })

  it('gives the same judgement twice and has a digest of its weights', async () => {
    const [one, two] = [await loadShippedModel(), await loadShippedModel()]
    expect(one.digest).toBe(two.digest)
    const sample = assessable(
      'Lào Cai khai mạc lễ hội mùa thu',
      'Lễ hội mùa thu Lào Cai thu hút hàng nghìn du khách đến Sa Pa ngắm ruộng bậc thang.',
    )
    const judge = async (model: typeof one) => createAssessor({ profile, models: [model] }).assess(sample)
    expect(await judge(one)).toEqual(await judge(two))
  })

  it('says what to do when its weights are not there or not whole', async () => {
    const url = pathToFileURL(`${folder}/`)
    await expect(loadShippedModel(url)).rejects.toMatchObject({ code: 'model.unreadable' })
    await writeFile(join(folder, 'assess-vi.bin'), 'nothing')
    await writeFile(join(folder, 'vectors-vi.bin'), 'nothing')
    await writeFile(join(folder, 'words-vi.bin'), 'nothing')
    await writeFile(join(folder, 'topics-vi.bin'), 'nothing')
    await expect(loadShippedModel(url)).rejects.toMatchObject({ code: 'model.unreadable' })
  })
})
