import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { MACHINE } from '../store/story-desk.ts'
import { draftSample } from './support/store-samples.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'story-undo-'))
  store = await openStore({ file: join(folder, 'monitor.db') })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const AT = '2025-10-02T03:00:00.000Z'
const LATER = '2025-10-02T04:00:00.000Z'
const by = { who: 'huong', at: AT }
const undoer = { who: 'minh', at: LATER }

async function article(name: string, storyId: string, day = 1): Promise<string> {
  const seenAt = `2025-10-0${day}T02:00:00.000Z`
  const url = `https://sample.test/${name}`
  const { article: saved } = await store.articles.save(
    draftSample({ url, published: seenAt, seenAt }, { url, title: `Bài mẫu ${name}` }),
  )
  await assign(saved.id, storyId, seenAt)
  return saved.id
}
const assign = (articleId: string, storyId: string, seenAt = AT) =>
  store.stories.assign(
    { articleId, storyId, opened: false, copyOf: null, similarity: 0.9, anchors: ['text'] },
    'Tít của máy',
    seenAt,
  )
const storyOf = async (id: string) => (await store.articles.get(id))?.storyId
const undoLast = async () => store.storyDesk.undo({ editId: await store.storyDesk.lastEdit(), ...undoer })

describe('taking an edit back', () => {
  it('parts what was merged: the old story stands again under its id, and the machine leaves it', async () => {
    const [a, b] = [await article('a', 'one', 1), await article('b', 'two', 3)]
    await store.storyDesk.merge({ from: 'one', into: 'two', ...by })
    const merged = await store.storyDesk.lastEdit()
    const before = await store.changes.last()
    expect(await undoLast()).toBe('one')
    expect([await storyOf(a), await storyOf(b)]).toEqual(['one', 'two'])
    expect(await store.stories.get('one')).toMatchObject({ mergedInto: null, articles: 1 })
    expect(await store.stories.get('two')).toMatchObject({ articles: 1, firstSeen: '2025-10-03T02:00:00.000Z' })
    expect((await store.storyDesk.edits({ after: merged })).at(-1)).toMatchObject({
      ...{ kind: 'split', storyId: 'two', otherId: 'one', articleIds: [a], who: 'minh', at: LATER, undoes: merged },
    })
    expect((await store.changes.after(before, 9)).map(({ articleId }) => articleId)).toEqual([a])
    expect(await assign(a, 'two')).toBe('one')
    const again = store.storyDesk.regroup({
      ...{ kind: 'move', storyId: 'one', otherId: 'two', articleIds: [a], at: LATER },
    })
    await again.catch(() => undefined)
    expect(await store.storyDesk.heldStories()).toEqual(expect.arrayContaining(['one', 'two']))
  })

  it('leaves in the merged story what came there otherwise', async () => {
    const [a, b] = [await article('a', 'one', 1), await article('b', 'two', 2)]
    await store.storyDesk.merge({ from: 'one', into: 'two', ...by })
    const since = await article('c', 'two', 3)
    await undoLast()
    expect([await storyOf(a), await storyOf(b), await storyOf(since)]).toEqual(['one', 'two', 'two'])
  })

  it('puts split articles back, and the emptied story leads there', async () => {
    const [a, b] = [await article('a', 'one', 1), await article('b', 'one', 2)]
    const made = await store.storyDesk.split({ storyId: 'one', articleIds: [b], title: 'Tách ra', ...by })
    expect(await undoLast()).toBe('one')
    expect([await storyOf(a), await storyOf(b)]).toEqual(['one', 'one'])
    expect(await store.stories.get(made)).toMatchObject({ mergedInto: 'one', articles: 0 })
  })

  it('puts moved articles back unless somebody has moved them on since', async () => {
    const [a, b] = [await article('a', 'one', 1), await article('b', 'one', 2)]
    await article('c', 'two', 1)
    await article('d', 'three', 1)
    await store.storyDesk.move({ storyId: 'one', articleIds: [a, b], to: 'two', ...by })
    const moved = await store.storyDesk.lastEdit()
    await store.storyDesk.move({ storyId: 'two', articleIds: [b], to: 'three', ...by })
    await store.storyDesk.undo({ editId: moved, ...undoer })
    expect([await storyOf(a), await storyOf(b)]).toEqual(['one', 'three'])
  })

  it('takes back what the machine did', async () => {
    const [a, b] = [await article('a', 'one', 1), await article('b', 'two', 2)]
    await store.storyDesk.regroup({ kind: 'merge', storyId: 'two', otherId: 'one', articleIds: [b], at: AT })
    expect((await store.storyDesk.edits({ after: 0 })).at(-1)?.who).toBe(MACHINE)
    await undoLast()
    expect([await storyOf(a), await storyOf(b)]).toEqual(['one', 'two'])
    await expect(
      store.storyDesk.regroup({ kind: 'move', storyId: 'two', otherId: 'one', articleIds: [b], at: LATER }),
    ).rejects.toMatchObject({ code: 'story.held' })
  })

  it("gives the title back that stood before: another person's, then the machine's", async () => {
    await article('a', 'one')
    await store.storyDesk.rename({ storyId: 'one', title: 'Tít thứ nhất', ...by })
    const first = await store.storyDesk.lastEdit()
    await store.storyDesk.rename({ storyId: 'one', title: 'Tít thứ hai', ...by })
    await undoLast()
    expect(await store.stories.get('one')).toMatchObject({ title: 'Tít thứ nhất', renamed: true })
    // The first renaming is not the last one: it is taken back by hand.
    await expect(store.storyDesk.undo({ editId: first, ...undoer })).rejects.toMatchObject({
      code: 'story.changed-since',
    })
  })

  it("goes back to the machine's title where no person had given one", async () => {
    await article('a', 'one')
    await store.storyDesk.rename({ storyId: 'one', title: 'Tít đặt tay', ...by })
    await undoLast()
    expect(await store.stories.get('one')).toMatchObject({ title: 'Bài mẫu a', renamed: false })
    expect(await store.storyDesk.givenTitles()).toEqual(new Map())
  })

  it('can be taken back itself, but no edit twice', async () => {
    const [a] = [await article('a', 'one', 1), await article('b', 'two', 2)]
    await store.storyDesk.merge({ from: 'one', into: 'two', ...by })
    const merged = await store.storyDesk.lastEdit()
    await undoLast()
    await expect(store.storyDesk.undo({ editId: merged, ...undoer })).rejects.toMatchObject({ code: 'story.undone' })
    expect(await undoLast()).toBe('two')
    expect(await storyOf(a)).toBe('two')
    expect(await store.stories.get('one')).toMatchObject({ mergedInto: 'two', articles: 0 })
  })

  it('refuses locks, edits that there are none of, and those of which nothing stands', async () => {
    const [a] = [await article('a', 'one', 1), await article('b', 'one', 2), await article('c', 'two', 2)]
    await store.storyDesk.lock({ storyId: 'one', locked: true, ...by })
    await expect(undoLast()).rejects.toMatchObject({ code: 'story.unknown-edit' })
    await expect(store.storyDesk.undo({ editId: 99, ...undoer })).rejects.toMatchObject({ code: 'story.unknown-edit' })
    await store.storyDesk.move({ storyId: 'one', articleIds: [a], to: 'two', ...by })
    const moved = await store.storyDesk.lastEdit()
    await store.storyDesk.move({ storyId: 'two', articleIds: [a], to: 'one', ...by })
    await expect(store.storyDesk.undo({ editId: moved, ...undoer })).rejects.toMatchObject({
      code: 'story.changed-since',
    })
    expect((await store.users.actions(9)).map(({ who }) => who)).not.toContain('minh')
  })
})
