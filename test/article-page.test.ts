import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncIndex } from '../index/project.ts'
import { type BusyOffice, openBusyOffice, textsOf } from './support/busy-office.ts'
import { assessmentSample, draftSample } from './support/store-samples.ts'
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

  it('shows a lead with which the text begins once, with its marks and what a summary quotes of it', async () => {
    const lead = 'Bài mẫu: mưa lớn làm ba người mất tích.'
    const found = { from: lead.indexOf('mất tích'), to: lead.indexOf('mất tích') + 8, text: 'mất tích' }
    const extracted = { url: 'https://sample.test/mo-dau.html', lead, text: `${lead}\nTỉnh đang tìm kiếm.` }
    const { article } = await office.store.articles.save(draftSample({ url: extracted.url }, extracted))
    const key = { step: 'assess', stepVersion: 1, profileDigest: 'sha256:test', modelDigest: 'lexicon' }
    const evidence = [{ for: 'sensitive', field: 'text' as const, ...found, weight: 1 }]
    const judged = assessmentSample({ sensitive: true, evidence })
    await office.store.assessments.put(article.id, 1, key, judged, article.firstSeen)
    const { body } = await analyst.get(`/articles/${article.id}?quote=lead.0-${lead.length}.v1`)
    expect(textsOf(body, '.article-text p')).toEqual([lead, 'Tỉnh đang tìm kiếm.'])
    expect(textsOf(body, '.article-text .lead')).toEqual([lead])
    expect(textsOf(body, '.article-text .lead a.ev-sensitive')).toEqual(['mất tích'])
    expect(textsOf(body, '.article-text #quote').join('')).not.toBe('')
  })

  it('adds up the words of the rules only, and says each in the language of the reader', async () => {
    const title = 'Bài mẫu: đường sắt Lào Cai - Hà Nội - Hải Phòng, đường sắt nối cảng'
    const extracted = { url: 'https://sample.test/duong-sat.html', title, lead: null, text: 'Tỉnh bàn giao mặt bằng.' }
    const { article } = await office.store.articles.save(draftSample({ url: extracted.url }, extracted))
    const key = { step: 'assess', stepVersion: 1, profileDigest: 'sha256:test', modelDigest: 'sample' }
    const at = (text: string, from: number) => ({ field: 'title' as const, from, to: from + text.length, text })
    const rail = 'đường sắt'
    const evidence = [
      { for: 'relevance', ...at('Lào Cai - Hà Nội - Hải Phòng', 19), weight: 0.5, rule: 'named after the province' },
      { for: 'tone', ...at(rail, title.indexOf(rail)), weight: -1 },
      { for: 'tone', ...at(rail, title.lastIndexOf(rail)), weight: -0.5 },
      { for: 'tone', ...at('nối cảng', title.indexOf('nối cảng')), weight: 0.7, rule: 'model: word' },
    ]
    await office.store.assessments.put(
      article.id,
      1,
      key,
      assessmentSample({ tone: 'negative', evidence }),
      article.firstSeen,
    )
    const { body } = await analyst.get(`/articles/${article.id}`)
    expect(textsOf(body, '#why-relevance .rule-name')).toEqual(['tên gọi lấy theo tên tỉnh:'])
    expect(textsOf(body, '#why-tone th .ev')).toEqual(['Sắc thái: Tiêu cực'])
    expect(textsOf(body, '#why-tone .words li').map((text) => text.replace(/\s+/g, ' '))).toEqual([
      '“đường sắt” ×2 −1,5',
      '“nối cảng”',
    ])
    expect(textsOf(body, '#why-tone .num')).toEqual(['−1,5'])
  })

  it('says in words what was doubted when the page was read, and where each part came from', async () => {
    const doubts = ['charset: header says windows-1252, but the bytes are utf-8', 'json-ld: the zone of it is wrong']
    const extracted = { url: 'https://sample.test/nghi-ngo.html', doubts: [...doubts, 'charset: some bytes'] }
    const { article } = await office.store.articles.save(draftSample({ url: extracted.url }, extracted))
    const { body } = await analyst.get(`/articles/${article.id}`)
    const items = textsOf(body, '.notice li')
    expect(items).toHaveLength(2)
    expect(items[0]).toMatch(/^Bảng mã chữ .*windows-1252.*; charset: some bytes$/)
    expect(items[1]).toMatch(/^Ngày đăng chưa chắc/)
    expect(body).toContain('tiêu đề: quy tắc đọc của nguồn tin <code>rule</code>')
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
    expect(textsOf(body, '#judgement dd').filter((text) => text.includes('độ chắc'))).toHaveLength(1)
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

  it('are put back by a button beside the last of a field, which the history tells, too', async () => {
    const press = async (legend: RegExp): Promise<void> => {
      const { document } = parseHTML((await analyst.get(path())).body)
      const form = [...document.querySelectorAll('.history form')].find((one) => legend.test(one.textContent ?? ''))
      const sent: Record<string, string[]> = {}
      for (const input of form?.querySelectorAll('input') ?? []) {
        const name = input.getAttribute('name') ?? ''
        if (name !== '_csrf') sent[name] = [...(sent[name] ?? []), input.getAttribute('value') ?? '']
      }
      const { location } = await analyst.post(`${path()}/corrections`, sent, path())
      expect(location).toBe(`${path()}?done=corrected`)
    }
    await press(/trả lại: Tiêu cực/)
    expect(await current()).toMatchObject({ tone: 'negative', sensitive: false })
    await press(/trả lại: Nhạy cảm/)
    await press(/trả lại: Thiên tai/)
    expect(await current()).toMatchObject({ sensitive: true, topics: [{ id: 'disaster_environment' }] })
    const { body } = await analyst.get(path())
    expect(textsOf(body, '.history form')).toHaveLength(3)
    await press(/trả lại: Trung tính/)
    expect(await current()).toMatchObject({ tone: 'neutral', sensitive: true })
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
