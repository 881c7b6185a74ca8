import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncIndex } from '../index/project.ts'
import { type BusyOffice, openBusyOffice, textsOf } from './support/busy-office.ts'
import { SAMPLES } from './support/web-samples.ts'

let office: BusyOffice['office']
let analyst: BusyOffice['analyst']
let flood: BusyOffice['flood']

beforeAll(async () => {
  ;({ office, analyst, flood } = await openBusyOffice())
})
afterAll(() => office.close())

describe('the article page', () => {
  it('marks the words that caused each judgement and lists them', async () => {
    const { body } = await analyst.get(`/articles/${flood}`)
    const { document } = parseHTML(body)
    const mark = [...document.querySelectorAll('h1 a.ev-sensitive')].map((node) => node.textContent)
    expect(mark).toEqual(['mất tích'])
    expect(document.querySelector('h1')?.textContent).toBe(SAMPLES[0]?.title)
    const why = document.querySelector('.article-text a.ev-tone')
    expect(why?.textContent).toBe('bốn ngôi nhà bị cuốn trôi')
    const row = document.querySelector(why?.getAttribute('href') ?? 'none')
    expect(row?.textContent).toContain('bốn ngôi nhà bị cuốn trôi')
    expect(row?.textContent).toContain('−0,8')
    for (const link of document.querySelectorAll('.evidence .words a')) {
      expect(document.querySelector(link.getAttribute('href') ?? 'none'), link.outerHTML).not.toBeNull()
    }
  })

  it('leads to the original without telling the outlet who reads', async () => {
    const { body } = await analyst.get(`/articles/${flood}`)
    const original = parseHTML(body).document.querySelector('.actions a')
    expect(original?.getAttribute('href')).toMatch(/^https:\/\/vnexpress\.example\//)
    expect(original?.getAttribute('rel')).toBe('noopener noreferrer')
  })

  it('leads to the other articles of its story', async () => {
    const { body } = await analyst.get(`/articles/${flood}`)
    expect(textsOf(body, '.siblings a')).toEqual([SAMPLES[1]?.title])
    expect((await analyst.get('/articles/nothing')).status).toBe(404)
  })
})

describe('corrections', () => {
  const form = (change: Record<string, string | readonly string[]>) => ({
    was_relevance: 'main',
    was_topics: 'disaster_environment',
    was_tone: 'negative',
    was_sensitive: 'yes',
    relevance: 'main',
    topics: ['disaster_environment'],
    tone: 'negative',
    sensitive: 'yes',
    note: '',
    ...change,
  })
  const path = () => `/articles/${office.ids[1]}`
  const current = async () => (await office.store.articles.get(office.ids[1] ?? ''))?.assessment

  it('change nothing when nothing was changed', async () => {
    const { location } = await analyst.post(`${path()}/corrections`, form({}), path())
    expect(location).toBe(`${path()}?done=unchanged`)
    expect(await office.store.assessments.corrections(office.ids[1])).toEqual([])
  })

  it('win over the machine, with who, when and what stood before', async () => {
    const change = { topics: ['disaster_environment', 'foreign_relations'], tone: 'neutral', note: 'Đọc lại toàn văn' }
    await analyst.post(`${path()}/corrections`, form(change), path())
    expect((await current())?.topics.map(({ id }) => id).toSorted()).toEqual([
      'disaster_environment',
      'foreign_relations',
    ])
    expect((await current())?.tone).toBe('neutral')
    const { body } = await analyst.get(path())
    const history = textsOf(body, '.history li').join(' ')
    expect(history).toContain('Nguyễn Thị Hương')
    expect(history).toContain('09:00 03/10/2025')
    expect(history).toMatch(/Sắc thái: Tiêu cực → Trung tính/)
    expect(history).toMatch(/Chủ đề: \+ Đối ngoại/)
    expect(history).toContain('Đọc lại toàn văn')
    expect(textsOf(body, '.corrected').join(' ')).toContain('Máy đánh giá: Tiêu cực')
    const [last] = await office.store.users.actions(1)
    expect(last).toMatchObject({ who: 'huong', action: 'article.correct', detail: 'topics, tone' })
    const { store, index, profile } = office
    await syncIndex({ store, index, outlets: profile.outletDefinitions, places: profile.places })
    expect(textsOf((await analyst.get('/search?topic=foreign_relations')).body, '.hit h2')).toEqual([SAMPLES[1]?.title])
  })

  it('leave alone what a colleague changed meanwhile', async () => {
    // This form was opened before the tone became neutral; only sensitivity is changed in it.
    await analyst.post(`${path()}/corrections`, form({ sensitive: 'no' }), path())
    expect(await current()).toMatchObject({ tone: 'neutral', sensitive: false })
  })

  it('take only what the profile knows', async () => {
    const before = await current()
    await analyst.post(
      `${path()}/corrections`,
      form({ topics: ['nonsense'], was_topics: '', relevance: 'huge' }),
      path(),
    )
    expect(await current()).toEqual(before)
  })
})
