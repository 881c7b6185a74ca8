import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { translator } from '../locales/index.ts'
import { html } from '../web/html.ts'
import { causesView } from '../web/views/alerts.ts'
import { assessmentSample, draftSample, keySample } from './support/store-samples.ts'
import type { Office, Visitor } from './support/web.ts'
import { openOffice, visitor } from './support/web.ts'

let office: Office
let huong: Visitor
beforeAll(async () => {
  office = await openOffice()
  huong = visitor(office.url)
  await huong.login()
})
afterAll(() => office.close())

const URL = 'https://vnexpress.example/bua-trua'
const TITLE = 'Bài mẫu: bữa trưa ở điểm trường Mây'
const SENTENCE = 'Các em đau bụng sau bữa trưa ở điểm trường Mây, tỉnh Lào Cai'
const AT = '2025-10-02T03:00:00.000Z'
const LATER = '2025-10-02T09:00:00.000Z'

/** A sample article of ours, which a model found sensitive by one sentence while that stood in it. */
async function version(title: string, text: string, seenAt: string): Promise<string> {
  const draft = draftSample({ url: URL, outletId: 'vnexpress', published: AT, seenAt }, { url: URL, title, text })
  const { article } = await office.store.articles.save(draft)
  const said = { for: 'sensitive', field: 'text', from: 0, to: SENTENCE.length, text: SENTENCE, weight: 0.4 } as const
  const sensitive = text.startsWith(SENTENCE)
  const evidence = sensitive ? [{ ...said, rule: 'model: sentence' }] : []
  await office.store.assessments.put(
    article.id,
    article.version,
    keySample(),
    assessmentSample({ sensitive, evidence }),
    seenAt,
  )
  return article.id
}

it('an alert shows the words that raised it, with outlet and version, also when the outlet has changed them since', async () => {
  const articleId = await version(TITLE, `${SENTENCE}.`, AT)
  const columns = { ruleId: 'sensitive-domestic', storyId: 's', articleId, change: null }
  const decision = { articleId, storyId: 's', opened: true, copyOf: null, similarity: 1, anchors: [] }
  await office.store.stories.assign(decision, TITLE, AT)
  await office.store.alerts.create({ ...columns, createdAt: AT })
  const shown = async (path: string) => {
    const { document } = parseHTML((await huong.get(path)).body)
    const hit = [...document.querySelectorAll('.hit')].find((one) => one.textContent?.includes('điểm trường Mây'))
    return { because: hit?.querySelector('.because')?.textContent ?? '', text: hit?.textContent ?? '' }
  }
  for (const path of ['/alerts', '/?days=7']) {
    const { because, text } = await shown(path)
    expect(because.replaceAll(/\s+/g, ' '), path).toContain(`${SENTENCE} (câu do mô hình chỉ ra; VnExpress, bản 1)`)
    expect(text).not.toContain('Báo đã sửa bài')
  }
  await version('Bài mẫu: các em đã trở lại lớp', 'Các em đã trở lại lớp.', LATER)
  const { because, text } = await shown('/alerts')
  expect(because).toContain(SENTENCE)
  expect(text).toContain(TITLE)
  expect(text).toContain('Báo đã sửa bài sau khi có cảnh báo; tiêu đề và từ ngữ ở đây là của bản 1.')
})

it('every alert can be reached, page by page', async () => {
  const before = (await office.store.alerts.list(1000)).length
  const columns = { ruleId: 'sensitive-domestic', change: null, createdAt: AT }
  const { id } = await office.store.articles
    .save(draftSample({ url: `${URL}-2`, outletId: 'vnexpress', published: AT, seenAt: AT }, { url: `${URL}-2` }))
    .then(({ article }) => article)
  for (let at = 0; at < 101; at += 1)
    await office.store.alerts.create({
      ...columns,
      ruleId: `rule-${at}`,
      storyId: 's',
      articleId: id,
    })
  const page = async (path: string) => {
    const { document } = parseHTML((await huong.get(path)).body)
    return {
      hits: document.querySelectorAll('.hit').length,
      older: document.querySelector('.pager [rel=next]')?.getAttribute('href'),
      newer: document.querySelector('.pager [rel=prev]')?.getAttribute('href'),
    }
  }
  expect(await page('/alerts')).toMatchObject({ hits: 100, older: '/alerts?page=2' })
  expect(await page('/alerts?page=2')).toMatchObject({ hits: before + 1, newer: '/alerts?page=1' })
  expect(await page('/alerts?page=nonsense')).toMatchObject({ hits: 100 })
})

it('the words of several causes stand once each, in the order in which they first stand', () => {
  const word = (text: string) => ({ text, field: 'text' as const, articleId: 'a' })
  const causes = [
    { by: 'words' as const, label: null, words: ['quá tải', 'du khách', 'lãnh đạo'].map(word) },
    { by: 'words' as const, label: null, words: ['Du khách', 'quá tải', 'rác'].map(word) },
  ]
  const { document } = parseHTML(`<main>${html`${causesView({ t: translator('vi') }, causes)}`.markup}</main>`)
  const shown = [...document.querySelectorAll('q')].map(({ textContent }) => textContent)
  expect(shown).toEqual(['quá tải', 'du khách', 'lãnh đạo', 'rác'])
})
