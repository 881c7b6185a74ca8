import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RetryLater } from '../errors.ts'
import type { Chat } from '../reports/helpers/chat.ts'
import type { Translator } from '../reports/helpers/translator.ts'
import type { AssessedArticle } from '../store/store.ts'
import { type Office, openOffice, type Visitor, visitor } from './support/web.ts'

/** Models cannot run here; their protocols are tested in text-helpers.test.ts. These stand for a model that answers. */
let fails = false
const translator: Translator = {
  name: 'Máy dịch mẫu',
  translate: async (texts) => {
    if (fails) throw new RetryLater('máy dịch không trả lời', { code: 'helper.timeout', remedy: 'Chờ.' })
    return texts.map((text) => (text === '' ? '' : `vi: ${text}`))
  },
}
const chat: Chat = {
  model: 'mau-7b',
  ask: async (_system, user) => {
    const { sentences } = JSON.parse(user) as { sentences: { n: number; text: string }[] }
    const invented = { text: 'Có 987654 người dự, ông Nguyễn Văn Bịa nói.', cites: [1] }
    return JSON.stringify({ sentences: [{ text: sentences[0]?.text, cites: [1] }, invented] })
  },
}

let office: Office
let person: Visitor
let foreign: AssessedArticle
let plain: Office
beforeAll(async () => {
  office = await openOffice({ translator, chat })
  plain = await openOffice()
  person = visitor(office.url)
  await person.login()
  const articles = await office.store.articles.list({})
  const found = articles.find((article) => article.language !== 'vi')
  if (!found) throw new Error('the samples hold no foreign article')
  foreign = found
  // A summary is made of at least two articles: the flood's own one and another.
  const other = articles.find((article) => article.language === 'vi' && article.storyId !== 'flood')
  if (!other) throw new Error('the samples hold no other Vietnamese article')
  const decision = { storyId: 'flood', opened: false, copyOf: null, similarity: 1, anchors: [] }
  await office.store.stories.assign({ ...decision, articleId: other.id }, other.title, other.published)
}, 120_000)
afterAll(async () => {
  await office.close()
  await plain.close()
})

describe('machine translation', () => {
  it('stands beside the original, marked as a machine’s, with who and when', async () => {
    const path = `/articles/${foreign.id}`
    expect((await person.get(path)).body).toContain('Dịch máy sang tiếng Việt')
    const answer = await person.post(`${path}/translation`, {}, path)
    expect(answer.status).toBe(303)
    const { body } = await person.get(path)
    expect(body).toContain('Bản dịch máy')
    expect(body).toContain('Máy dịch mẫu')
    expect(body).toContain('vi: ')
    expect(body.indexOf('vi: '), 'after the original').toBeGreaterThan(body.indexOf(foreign.text.slice(0, 20)))
    expect(await office.store.helperTexts.translation(foreign.id, foreign.version)).toMatchObject({ madeBy: 'huong' })
  })

  it('keeps the earlier translation and says why, when the helper fails', async () => {
    fails = true
    const path = `/articles/${foreign.id}`
    const answer = await person.post(`${path}/translation`, {}, path)
    expect(answer.location).toContain('helper=')
    const { body } = await person.get((answer.location ?? '').split('#')[0] ?? '')
    expect(body).toContain('máy dịch không trả lời')
    expect(body).toContain('Máy dịch mẫu')
    fails = false
  })

  it('is not offered for Vietnamese articles, nor where no translator is configured', async () => {
    const vietnamese = (await office.store.articles.list({})).find((article) => article.language === 'vi')
    expect((await person.get(`/articles/${vietnamese?.id}`)).body).not.toContain('Dịch máy')
    const other = visitor(plain.url)
    await other.login()
    expect((await other.get(`/articles/${foreign.id}`)).body).not.toContain('Dịch máy')
    expect((await other.post(`/articles/${foreign.id}/translation`, {}, `/articles/${foreign.id}`)).status).toBe(404)
  })

  it('needs the CSRF token', async () => {
    expect((await person.post(`/articles/${foreign.id}/translation`, {}, null)).status).toBe(403)
  })
})

describe('a rewritten summary', () => {
  it('shows which sentence is whose, and none that the verifier refused', async () => {
    const path = '/stories/flood'
    const page = await person.get(path)
    expect(page.body).toContain('Viết lại bằng mô hình ngôn ngữ')
    const words = /name="words" value="(\d+)"/.exec(page.body)?.[1] ?? ''
    const answer = await person.post(`${path}/rewriting`, { words }, path)
    expect(answer.status, answer.body).toBe(303)
    const { body } = await person.get(`${path}?words=${words}`)
    expect(body).toContain('câu của mô hình')
    expect(body).not.toContain('987654')
    expect(body).toContain('1 câu của mô hình không đối chiếu được')
    expect(body).toContain('mau-7b')
  })
})
