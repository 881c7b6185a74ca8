import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { createArticleWriter } from '../crawlers/article-writer.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { assessmentSample, draftSample, keySample } from './support/store-samples.ts'

/** Two events, told in sample articles of ours; each line is another outlet's telling. */
const FLOOD = [
  'Lũ quét trong đêm ở Nậm Lúc, Lào Cai làm ba người mất tích, bốn ngôi nhà bị cuốn trôi',
  'Lào Cai: lũ quét ở xã Nậm Lúc cuốn trôi bốn ngôi nhà, ba người mất tích',
  'Ba người mất tích sau trận lũ quét ở Nậm Lúc, Lào Cai, bốn ngôi nhà bị cuốn trôi',
  'Lũ quét Nậm Lúc: bốn ngôi nhà bị cuốn trôi, ba người mất tích ở Lào Cai',
]
const FAIR = [
  'Hội chợ thương mại biên giới Việt – Trung khai mạc tại cửa khẩu Kim Thành với 400 gian hàng',
  'Khai mạc hội chợ thương mại Việt – Trung ở cửa khẩu Kim Thành, 400 gian hàng tham dự',
]

let folder: string
let store: Store
const clock = simulatedClock(new Date('2025-10-01T05:00:00.000Z'))
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'story-window-'))
  store = await openStore({ file: join(folder, 'monitor.db'), clock })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A writer with an empty window, as after a start. */
function start() {
  const writer = createArticleWriter({
    ...{ store, clock, windowDays: 14 },
    assessor: { key: keySample(), assess: async () => assessmentSample() },
    createWindow: () => createStoryWindow({ days: 14 }),
  })
  let count = 0
  /** Writes an article of an outlet of its own and returns its id and story. */
  return async (title: string, name: string): Promise<{ id: string; storyId: string | null }> => {
    const url = `https://${name}.example/tin.html`
    const published = new Date(clock.now().getTime() - 3_600_000 + count++ * 60_000).toISOString()
    const text = `${title}. Thông tin ban đầu cho biết: ${title.toLowerCase()}. Tin của báo mẫu ${name}.`
    const saved = await writer.write({
      page: null,
      draft: draftSample({ url, outletId: name, published }, { url, title, lead: null, text }),
      settle: async () => undefined,
    })
    const id = saved?.article.id ?? ''
    return { id, storyId: (await store.articles.get(id))?.storyId ?? null }
  }
}
const by = { who: 'huong', at: '2025-10-01T06:00:00.000Z' }
const [f0 = '', f1 = '', f2 = '', f3 = ''] = FLOOD
const [g0 = '', g1 = ''] = FAIR

describe.each([
  ['while it runs', false],
  ['after a restart', true],
] as const)('the machine respects people %s', (_, restart) => {
  it('follows a merge', async () => {
    let write = start()
    const flood = await write(f0, 'bao-a')
    const fair = await write(g0, 'bao-b')
    expect(fair.storyId).not.toBe(flood.storyId)
    await store.storyDesk.merge({ from: fair.storyId ?? '', into: flood.storyId ?? '', ...by })
    if (restart) write = start()
    expect((await write(g1, 'bao-c')).storyId).toBe(flood.storyId)
  })

  it('lets later articles follow a split', async () => {
    let write = start()
    const first = await write(f0, 'bao-a')
    const second = await write(f1, 'bao-b')
    const fair = await write(g0, 'bao-c')
    expect(second.storyId).toBe(first.storyId)
    await store.storyDesk.merge({ from: fair.storyId ?? '', into: first.storyId ?? '', ...by })
    const made = await store.storyDesk.split({
      storyId: first.storyId ?? '',
      articleIds: [fair.id],
      title: null,
      ...by,
    })
    if (restart) write = start()
    expect((await write(g1, 'bao-d')).storyId).toBe(made)
    expect((await write(f2, 'bao-e')).storyId).toBe(first.storyId)
  })

  it('keeps a locked story as it is, until it is unlocked', async () => {
    let write = start()
    const first = await write(f0, 'bao-a')
    await store.storyDesk.lock({ storyId: first.storyId ?? '', locked: true, ...by })
    if (restart) write = start()
    const second = await write(f1, 'bao-b')
    expect(second.storyId).not.toBe(first.storyId)
    expect((await write(f2, 'bao-c')).storyId).toBe(second.storyId)
    await store.storyDesk.lock({ storyId: first.storyId ?? '', locked: false, ...by })
    await store.storyDesk.lock({ storyId: second.storyId ?? '', locked: true, ...by })
    if (restart) write = start()
    expect((await write(f3, 'bao-d')).storyId).toBe(first.storyId)
  })

  it('leaves a moved article and a given title alone when the page is read again', async () => {
    let write = start()
    const flood = await write(f0, 'bao-a')
    const other = await write(f1, 'bao-b')
    const fair = await write(g0, 'bao-c')
    await store.storyDesk.move({ storyId: flood.storyId ?? '', articleIds: [other.id], to: fair.storyId ?? '', ...by })
    await store.storyDesk.rename({ storyId: fair.storyId ?? '', title: 'Tít do người đặt', ...by })
    if (restart) write = start()
    expect(await write(`${f1} (cập nhật)`, 'bao-b')).toEqual({ id: other.id, storyId: fair.storyId })
    await write(g1, 'bao-d')
    expect(await store.stories.get(fair.storyId ?? '')).toMatchObject({
      ...{ title: 'Tít do người đặt', articles: 3 },
    })
  })
})

it('takes a credited outlet for the original though it came in late, also after a restart', async () => {
  const names = new Map([
    ['sao-mai', 'Sao Mai (mẫu)'],
    ['trang-gom', 'Trang Gom'],
  ])
  const open = () =>
    createArticleWriter({
      ...{ store, clock, windowDays: 14 },
      assessor: { key: keySample(), assess: async () => assessmentSample() },
      createWindow: () => createStoryWindow({ days: 14 }),
      outletName: (id) => names.get(id) ?? id,
    })
  const told = `${f0}. ${'Nước từ thượng nguồn đổ về lúc ba giờ sáng, khi phần lớn người dân trong thôn còn đang ngủ. '.repeat(2)}`
  const write = async (outletId: string, byline: string, published: string): Promise<string> => {
    const url = `https://${outletId}.example/tin.html`
    const draft = draftSample({ url, outletId, published }, { url, title: f0, lead: null, text: told, byline })
    const saved = await open().write({ page: null, draft, settle: async () => undefined })
    return saved?.article.id ?? ''
  }
  const copy = await write('trang-gom', '(Theo Sao Mai)', '2025-10-01T03:00:00.000Z')
  const seen = await store.changes.last()
  const original = await write('sao-mai', 'Người Viết Mẫu', '2025-10-01T02:00:00.000Z')
  const standing = await Promise.all([original, copy].map((id) => store.articles.get(id)))
  expect(standing.map((article) => article?.copyOf)).toEqual([null, original])
  expect(standing[0]?.storyId).toBe(standing[1]?.storyId)
  expect((await store.changes.after(seen, 10)).map(({ articleId }) => articleId)).toContain(copy)
})
