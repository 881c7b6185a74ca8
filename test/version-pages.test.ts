import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncIndex } from '../index/project.ts'
import { SESSION_COOKIE } from '../web/sessions.ts'
import { CHROMIUM, NO_CHROMIUM, startChromium } from './support/chromium.ts'
import { WEAK_CONTRAST } from './support/contrast.ts'
import { assessmentSample, draftSample, keySample, pageSample } from './support/store-samples.ts'
import { type Office, openOffice, type Visitor, visitor } from './support/web.ts'

let office: Office
let huong: Visitor
let id = ''

/** A sample article of ours, as read at a time; a stretch between the changes is long enough to be folded. */
const between = 'Người dân trong bản kể lại rằng mưa kéo dài suốt đêm và nước suối lên rất nhanh. '.repeat(12).trim()
async function read(at: string, title: string, text: string): Promise<string> {
  const url = 'https://vnexpress.example/lu-mau.html'
  return office.store.transaction(async (inside) => {
    const pageId = `page-${at}`
    await inside.pages.add(pageSample(pageId, { url, fetchedAt: at, outletId: 'vnexpress' }))
    const extracted = { url, title, lead: null, text, by: { text: 'rule' } }
    const draft = draftSample({ outletId: 'vnexpress', url, pageId, published: at, seenAt: at }, extracted)
    const { article } = await inside.articles.save(draft)
    await inside.assessments.put(article.id, article.version, keySample(), assessmentSample(), at)
    const decision = {
      articleId: article.id,
      storyId: 'lu-mau',
      opened: true,
      copyOf: null,
      similarity: 1,
      anchors: [],
    }
    await inside.stories.assign(decision, title, at)
    return article.id
  })
}

beforeAll(async () => {
  office = await openOffice()
  huong = visitor(office.url)
  await huong.login()
  const text = (count: number) => `Có ${count} người bị thương tại Bát Xát.\n${between}\nĐường đã thông.`
  id = await read('2025-10-01T02:00:00.000Z', 'Bài mẫu: lũ ở Bát Xát', text(3))
  await read('2025-10-01T03:00:00.000Z', 'Bài mẫu: lũ ở Bát Xát, <b>4</b> người bị thương', text(4))
  const { outletDefinitions: outlets, places } = office.profile
  await syncIndex({ store: office.store, index: office.index, outlets, places })
})
afterAll(() => office.close())

const withoutHidden = (markup: string): string => markup.replaceAll(/<span class="visually-hidden">[^<]*<\/span>/g, '')

describe('an article that was edited', () => {
  it('lists its versions with their times, and shows the words that changed', async () => {
    const { body } = await huong.get(`/articles/${id}`)
    const section = withoutHidden(/<section class="versions"[\s\S]*?<\/section>/.exec(body)?.[0] ?? '')
    expect(section).toContain('Phiên bản 2, thấy lúc 10:00 01/10/2025')
    expect(section).toContain('Phiên bản 1, thấy lúc 09:00 01/10/2025')
    expect(section).toContain('<del>3</del><ins>4</ins>')
    expect(section).toContain('<ins>, &#60;b&#62;4&#60;/b&#62; người bị thương</ins>')
    expect(section).toMatch(/<details class="unchanged"><summary>… \d+ từ không đổi …<\/summary>/)
    expect(section).not.toContain('<h3>Lời dẫn</h3>')
  })

  it('says which versions retention took away, and keeps counting them as edits', async () => {
    await read(
      '2025-10-01T04:00:00.000Z',
      'Bài mẫu: lũ ở Bát Xát, năm người bị thương',
      `Có 5 người bị thương tại Bát Xát, xã cho biết thêm lúc trưa.\n${between}`,
    )
    const before = '2025-10-01T03:30:00.000Z'
    await office.store.retention.markCited()
    expect(await office.store.retention.dropVersions({ before, keepNewest: 0 }, 'huong', before, 10)).toBe(1)
    const { body } = await huong.get(`/articles/${id}`)
    expect(body).toContain(
      'Phiên bản 2 (thấy lúc 10:00 01/10/2025) đã xóa theo thời hạn lưu lúc 10:30 01/10/2025, theo mức do huong đặt.',
    )
    expect((await office.store.visits.fates([id])).get(id)?.edits).toBe(2)
  })

  it('says so in the search and in its story', async () => {
    for (const path of ['/search?q=lũ+mẫu', '/stories/lu-mau'])
      expect((await huong.get((await huong.get(path)).location ?? path)).body, path).toContain('đã sửa 2 lần')
  })

  it('an article with one version has no such section', async () => {
    expect((await huong.get(`/articles/${office.ids[0]}`)).body).not.toContain('class="versions"')
  })
})

describe('an article that was taken down', () => {
  beforeAll(async () => {
    const gone = { reason: 'says-gone', evidence: 'Bài viết <đã bị gỡ>' } as const
    const base = { articleId: id, pageId: null, gone }
    await office.store.visits.record({ ...base, at: '2025-10-01T08:00:00.000Z', outcome: 'suspected' })
    await office.store.visits.record({ ...base, at: '2025-10-01T09:00:00.000Z', outcome: 'gone' })
  })

  it('says since when and why, in neutral words, and keeps the text', async () => {
    const { body } = await huong.get(`/articles/${id}`)
    expect(body).toContain(
      'Trang không còn trên trang của báo từ 16:00 01/10/2025 (trang ghi “Bài viết &#60;đã bị gỡ&#62;”).',
    )
    expect(body).toContain('có vẻ đã gỡ, sẽ xem lại: trang ghi')
    expect(body).toContain('Có 5 người bị thương tại Bát Xát')
    expect((await huong.get('/stories/lu-mau')).body).toContain('đã gỡ')
  })

  it('says it in English too', async () => {
    await huong.post('/language', { locale: 'en' }, `/articles/${id}`)
    expect((await huong.get(`/articles/${id}`)).body).toContain('Not on the outlet’s site since 16:00 01/10/2025')
    await huong.post('/language', { locale: 'vi' }, `/articles/${id}`)
  })

  const suite = CHROMIUM === null ? describe.skip : describe
  suite(`in a real browser${CHROMIUM === null ? ` (${NO_CHROMIUM})` : ''}`, () => {
    for (const colorScheme of ['light', 'dark'] as const)
      it(`fits a phone and can be read in ${colorScheme}; what is folded opens`, async () => {
        const browser: Browser = await startChromium()
        const context = await browser.newContext({
          viewport: { width: 390, height: 844 },
          colorScheme,
          locale: 'vi-VN',
        })
        await context.addCookies([{ name: SESSION_COOKIE, value: huong.cookie(SESSION_COOKIE) ?? '', url: office.url }])
        const page = await context.newPage()
        await page.goto(`${office.url}/articles/${id}`)
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
        const summary = page.locator('.unchanged > summary').first()
        const hidden = page.locator('.difference').getByText('Người dân trong bản kể lại').last()
        await summary.click()
        expect(await hidden.isVisible()).toBe(true)
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
        expect(await page.evaluate(WEAK_CONTRAST)).toEqual([])
        await browser.close()
      })
  })
})
