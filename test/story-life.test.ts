import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { createArticleWriter } from '../crawlers/article-writer.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import { MEMORY_DAYS, QUIET_DAYS } from '../pipeline/story-life.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { assessmentSample, draftSample, keySample } from './support/store-samples.ts'

/** A trial at court that sleeps for weeks; sample articles of ours, each another outlet's telling. */
const TRIAL = [
  'Khởi tố giám đốc Công ty Apatit Tằng Loỏng Trần Văn Mẫu vì khai thác trái phép 15.000 tấn quặng ở Lào Cai',
  'Giám đốc Công ty Apatit Tằng Loỏng Trần Văn Mẫu bị khởi tố do khai thác trái phép 15.000 tấn quặng ở Lào Cai',
  'Lào Cai: khởi tố Trần Văn Mẫu, giám đốc Công ty Apatit Tằng Loỏng, khai thác trái phép 15.000 tấn quặng',
  'Vụ khai thác trái phép 15.000 tấn quặng: Trần Văn Mẫu, giám đốc Công ty Apatit Tằng Loỏng ở Lào Cai bị khởi tố',
]

let folder: string
let store: Store
let clock: ReturnType<typeof simulatedClock>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'story-life-'))
  clock = simulatedClock(new Date('2025-10-01T05:00:00.000Z'))
  store = await openStore({ file: join(folder, 'monitor.db'), clock })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const days = (count: number) => count * 86_400_000

/** A writer with an empty window, as after a start. */
function start() {
  const writer = createArticleWriter({
    ...{ store, clock, windowDays: QUIET_DAYS },
    assessor: { key: keySample(), assess: async () => assessmentSample() },
    createWindow: () => createStoryWindow({ days: QUIET_DAYS, memoryDays: MEMORY_DAYS }),
  })
  return async (title: string, name: string): Promise<{ id: string; storyId: string; published: string }> => {
    const url = `https://${name}.example/tin.html`
    const published = new Date(clock.now().getTime() - 3_600_000).toISOString()
    const saved = await writer.write({
      page: null,
      draft: draftSample(
        { url, outletId: name, published, seenAt: clock.now().toISOString() },
        { url, title, lead: null, text: `${title}. Cơ quan điều tra cho biết: ${title.toLowerCase()}.` },
      ),
      settle: async () => undefined,
    })
    const id = saved?.article.id ?? ''
    return { id, storyId: (await store.articles.get(id))?.storyId ?? '', published }
  }
}
const [t0 = '', t1 = '', t2 = '', t3 = ''] = TRIAL

describe('a story that falls silent', () => {
  it('is recorded as closed once it has been quiet for long enough, whatever else arrives', async () => {
    const write = start()
    const { storyId, published } = await write(t0, 'bao-a')
    await clock.advance(days(QUIET_DAYS) - 1)
    expect(await store.stories.closeQuiet(clock.now())).toBe(0)
    expect((await store.stories.get(storyId))?.closedAt).toBeNull()
    await clock.advance(days(1))
    await write('Hội chợ biên giới khai mạc tại cửa khẩu Kim Thành với 400 gian hàng', 'bao-b')
    const closedAt = new Date(Date.parse(published) + days(QUIET_DAYS)).toISOString()
    expect((await store.stories.get(storyId))?.closedAt).toBe(closedAt)
    expect(await store.stories.closeQuiet(clock.now())).toBe(0)
  })

  it.each([
    ['while the program runs', false],
    ['after a restart', true],
  ])('opens again under the same id %s, and says when it had closed', async (_, restart) => {
    let write = start()
    const first = await write(t0, 'bao-a')
    await write(t1, 'bao-b')
    const last = await write(t2, 'bao-c')
    expect(last.storyId).toBe(first.storyId)
    await clock.advance(days(40))
    if (restart) write = start()
    const late = await write(t3, 'bao-d')
    expect(late.storyId).toBe(first.storyId)
    expect(await store.stories.reopenings(first.storyId)).toEqual([
      {
        articleId: late.id,
        closedAt: new Date(Date.parse(last.published) + days(QUIET_DAYS)).toISOString(),
        reopenedAt: late.published,
        seenAt: clock.now().toISOString(),
      },
    ])
    expect((await store.stories.get(first.storyId))?.closedAt).toBeNull()
  })

  it('is forgotten by the window when it was small or too long ago, and stays closed', async () => {
    let write = start()
    const small = await write(t0, 'bao-a')
    await clock.advance(days(20))
    write = start()
    expect((await write(t1, 'bao-b')).storyId).not.toBe(small.storyId)
    expect(await store.stories.reopenings(small.storyId)).toEqual([])
    expect((await store.stories.get(small.storyId))?.closedAt).not.toBeNull()
  })

  it('goes on without a closing where a page from within the silence is found late', async () => {
    const write = start()
    const { storyId, published } = await write(t0, 'bao-a')
    await clock.advance(days(QUIET_DAYS + 2))
    await store.stories.closeQuiet(clock.now())
    expect((await store.stories.get(storyId))?.closedAt).not.toBeNull()
    const found = new Date(Date.parse(published) + days(5)).toISOString()
    const { article } = await store.articles.save(draftSample({ url: 'https://bao-e.example/muon', published: found }))
    await store.stories.assign(
      { articleId: article.id, storyId, opened: false, copyOf: null, similarity: 0.9, anchors: [] },
      t1,
      clock.now().toISOString(),
    )
    expect(await store.stories.reopenings(storyId)).toEqual([])
    await store.stories.closeQuiet(clock.now())
    expect((await store.stories.get(storyId))?.closedAt).toBeNull()
  })
})
