import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { draftSample } from './support/store-samples.ts'
import type { Office, Visitor } from './support/web.ts'
import { openOffice, visitor } from './support/web.ts'

let office: Office
let huong: Visitor
const AT = '2025-10-02T03:00:00.000Z'

/** Sample articles of ours in stories; every title twice, in two outlets: a column and its copy. */
async function article(name: string, storyId: string, title: string, outlet: string): Promise<void> {
  const url = `https://${outlet}.example/${name}`
  const draft = draftSample(
    { url, outletId: outlet, published: AT, seenAt: AT },
    { url, title, lead: null, text: `Bài mẫu ${name}: sự việc ở Lào Cai.` },
  )
  const { article: saved } = await office.store.articles.save(draft)
  const decision = { articleId: saved.id, storyId, opened: false, copyOf: null, similarity: 1, anchors: [] }
  await office.store.stories.assign(decision, title, AT)
  const by = { articleId: saved.id, note: null, who: 'huong', at: AT }
  await office.store.assessments.correct({ ...by, field: 'relevance', value: 'main' })
}
const twice = async (storyId: string, title: string): Promise<void> => {
  await article(`${storyId}-1`, storyId, title, 'vnexpress')
  await article(`${storyId}-2`, storyId, title, 'tuoitre')
}

const EVENT = 'Bài mẫu: khánh thành cầu Hồ Thầu'
const COLUMN = 'Điểm tin sáng: Cầu mới ở Hồ Thầu | Giá vàng tăng | Thi đấu bóng đá'
const NAMED = 'Xem nhanh 12h: Lễ hội ở Bắc Hà | Chợ phiên Cán Cấu | Mùa lúa chín'

beforeAll(async () => {
  office = await openOffice()
  huong = visitor(office.url)
  await huong.login()
  await twice('event', EVENT)
  await twice('column', COLUMN)
  await twice('named', NAMED)
  await office.store.storyDesk.rename({ storyId: 'named', title: 'Lễ hội mùa thu', who: 'huong', at: AT })
})
afterAll(() => office.close())

const documentAt = async (path: string) => parseHTML((await huong.get(path)).body).document

describe('columns that tell several events are no stories, as in the reports', () => {
  it('on the home page, which names them', async () => {
    const before = await documentAt('/?days=7')
    const count = Number(before.querySelectorAll('.figures .figure-value')[3]?.textContent)
    const [, outstanding] = before.querySelectorAll('.home-main section')
    const rows = [...(outstanding?.querySelectorAll('.hit h3') ?? [])].map((row) => row.textContent)
    expect(rows).toContain(EVENT)
    expect(rows).toContain('Lễ hội mùa thu')
    expect(rows).not.toContain(COLUMN)
    expect(outstanding?.querySelector('details')?.textContent).toContain('2 bài tổng hợp nhiều sự việc')
    expect(outstanding?.querySelector('details a')?.textContent).toBe(COLUMN)
    // A further event counts, a further column does not.
    await article('more', 'more', 'Bài mẫu: chợ đêm Cốc Lếu mở cửa', 'vnexpress')
    await article('more-column', 'more-column', 'Điểm tin tối: Chợ đêm ở Cốc Lếu | Giá gạo giảm', 'vnexpress')
    const after = await documentAt('/?days=7')
    expect(Number(after.querySelectorAll('.figures .figure-value')[3]?.textContent)).toBe(count + 1)
  })

  it('in the list of stories', async () => {
    const { body } = await huong.get('/stories?days=7')
    expect(body).toContain('/stories/event')
    expect(body).toContain('/stories/named')
    expect(body).not.toContain('/stories/column')
  })

  it('in the trends', async () => {
    const { body } = await huong.get('/trends?days=14')
    expect(body).toContain('/stories/event')
    expect(body).toContain('/stories/named')
    expect(body).not.toContain('/stories/column')
  })
})
