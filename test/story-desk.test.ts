import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { migrate } from '../store/migrate.ts'
import { migrations } from '../store/migrations/index.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { draftSample } from './support/store-samples.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'story-desk-'))
  store = await openStore({ file: join(folder, 'monitor.db') })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const AT = '2025-10-02T03:00:00.000Z'
const by = { who: 'huong', at: AT }

/** An article in a story, seen on a day of October 2025. */
async function article(name: string, storyId: string, day = 1): Promise<string> {
  const seenAt = `2025-10-0${day}T02:00:00.000Z`
  const url = `https://sample.test/${name}`
  const saved = await store.articles.save(
    draftSample({ url, published: seenAt, seenAt }, { url, title: `Bài mẫu ${name}` }),
  )
  await assign(saved.article.id, storyId, seenAt)
  return saved.article.id
}

const assign = (articleId: string, storyId: string, seenAt = AT) =>
  store.stories.assign(
    { articleId, storyId, opened: false, copyOf: null, similarity: 0.9, anchors: ['text'] },
    'Tít của máy',
    seenAt,
  )

const storyOfArticle = async (id: string) => (await store.articles.get(id))?.storyId
const changedSince = async (seq: number) => (await store.changes.after(seq, 100)).map(({ articleId }) => articleId)

describe('merging', () => {
  it('puts the articles of one story into another; the old id leads there', async () => {
    const [a, b] = [await article('a', 'one', 1), await article('b', 'two', 3)]
    const before = await store.changes.last()
    await store.storyDesk.merge({ from: 'one', into: 'two', ...by })
    expect(await storyOfArticle(a)).toBe('two')
    expect(await store.stories.get('one')).toMatchObject({ mergedInto: 'two', articles: 0 })
    expect(await store.stories.get('two')).toMatchObject({
      ...{ mergedInto: null, articles: 2 },
      ...{ firstSeen: '2025-10-01T02:00:00.000Z', lastSeen: '2025-10-03T02:00:00.000Z' },
    })
    expect(await changedSince(before)).toEqual([a])
    const listed = await store.stories.list({ seenFrom: '2025-01-01', seenTo: '2026-01-01', limit: 9 })
    expect(listed.map(({ id }) => id)).toEqual(['two'])
    expect(await storyOfArticle(b)).toBe('two')
  })

  it('is followed by the machine and by later merges', async () => {
    await article('a', 'one')
    await article('b', 'two')
    await article('c', 'three')
    await store.storyDesk.merge({ from: 'one', into: 'two', ...by })
    await store.storyDesk.merge({ from: 'two', into: 'three', ...by })
    expect((await store.stories.get('one'))?.mergedInto).toBe('three')
    const { article: late } = await store.articles.save(draftSample({ url: 'https://sample.test/late' }))
    expect(await assign(late.id, 'one')).toBe('three')
    expect(await storyOfArticle(late.id)).toBe('three')
    await expect(store.storyDesk.merge({ from: 'one', into: 'two', ...by })).rejects.toMatchObject({
      code: 'story.same',
    })
    await expect(store.storyDesk.merge({ from: 'one', into: 'none', ...by })).rejects.toMatchObject({
      code: 'story.unknown',
    })
  })
})

describe('splitting and moving', () => {
  it('gives the chosen articles a story of their own', async () => {
    const [a, b, c] = [await article('a', 'one', 1), await article('b', 'one', 2), await article('c', 'one', 3)]
    const before = await store.changes.last()
    const made = await store.storyDesk.split({ storyId: 'one', articleIds: [c, b], title: null, ...by })
    expect(made).toBe(`story-${b}-2`)
    expect([await storyOfArticle(a), await storyOfArticle(b), await storyOfArticle(c)]).toEqual(['one', made, made])
    expect(await store.stories.get(made)).toMatchObject({
      ...{ title: 'Bài mẫu b', renamed: false, firstSeen: '2025-10-02T02:00:00.000Z' },
    })
    expect((await store.stories.get('one'))?.lastSeen).toBe('2025-10-01T02:00:00.000Z')
    expect(await changedSince(before)).toEqual([b, c])
  })

  it('refuses all articles, none, and articles of another story, and leaves nothing behind', async () => {
    const [a, b, other] = [await article('a', 'one'), await article('b', 'one'), await article('x', 'two')]
    const split = (articleIds: string[]) => store.storyDesk.split({ storyId: 'one', articleIds, title: null, ...by })
    await expect(split([a, b])).rejects.toMatchObject({ code: 'story.nothing-left' })
    await expect(split([])).rejects.toMatchObject({ code: 'story.not-member' })
    await expect(split([a, other])).rejects.toMatchObject({ code: 'story.not-member' })
    expect(await store.storyDesk.edits({ after: 0 })).toEqual([])
    expect(await store.users.actions(9)).toEqual([])
  })

  it('never lets the machine take back what a person placed', async () => {
    const [a, b] = [await article('a', 'one'), await article('b', 'one')]
    await article('c', 'two')
    await store.storyDesk.move({ storyId: 'one', articleIds: [a], to: 'two', ...by })
    expect(await assign(a, 'one')).toBe('two')
    expect(await storyOfArticle(a)).toBe('two')
    expect(await assign(b, 'two')).toBe('two')
  })
})

describe('renaming and locking', () => {
  it('keeps a given title until it is given back', async () => {
    await article('a', 'one')
    const before = await store.changes.last()
    await store.storyDesk.rename({ storyId: 'one', title: '  Lũ quét ở   Nậm Lúc ', ...by })
    expect(await store.stories.get('one')).toMatchObject({ title: 'Lũ quét ở Nậm Lúc', renamed: true })
    expect(await changedSince(before)).toHaveLength(1)
    await article('b', 'one')
    expect((await store.stories.get('one'))?.title).toBe('Lũ quét ở Nậm Lúc')
    expect(await store.storyDesk.givenTitles()).toEqual(new Map([['one', 'Lũ quét ở Nậm Lúc']]))
    await expect(store.storyDesk.rename({ storyId: 'one', title: ' ', ...by })).rejects.toMatchObject({
      code: 'story.no-title',
    })
    await store.storyDesk.rename({ storyId: 'one', title: null, ...by })
    expect(await store.stories.get('one')).toMatchObject({ title: 'Bài mẫu a', renamed: false })
  })

  it('keeps the machine out of a locked story, people not', async () => {
    const a = await article('a', 'one')
    const b = await article('b', 'two')
    await store.storyDesk.lock({ storyId: 'one', locked: true, ...by })
    expect(await store.storyDesk.lockedStories()).toEqual(['one'])
    await expect(assign(b, 'one')).rejects.toThrow(/locked/)
    expect(await assign(a, 'one')).toBe('one')
    await store.storyDesk.move({ storyId: 'two', articleIds: [b], to: 'one', ...by })
    expect(await storyOfArticle(b)).toBe('one')
    await store.storyDesk.lock({ storyId: 'one', locked: false, ...by })
    expect(await store.storyDesk.lockedStories()).toEqual([])
    expect(await assign(await article('c', 'three'), 'one')).toBe('one')
  })
})

describe('the record', () => {
  it('says who did what when, to the story and to the other one, and logs it', async () => {
    const [a] = [await article('a', 'one'), await article('b', 'one'), await article('c', 'two')]
    await store.storyDesk.move({ storyId: 'one', articleIds: [a], to: 'two', ...by })
    await store.storyDesk.rename({ storyId: 'two', title: 'Tít mới', who: 'minh', at: AT })
    const edits = await store.storyDesk.edits({ storyId: 'two' })
    expect(edits.map(({ kind, storyId, otherId, who, after }) => [kind, storyId, otherId, who, after])).toEqual([
      ['move', 'one', 'two', 'huong', null],
      ['rename', 'two', null, 'minh', 'Tít mới'],
    ])
    expect(await store.storyDesk.edits({ storyId: 'one' })).toEqual([edits[0]])
    expect(edits[0]?.articleIds).toEqual([a])
    expect(await store.storyDesk.edits({ after: edits[0]?.id ?? 0 })).toEqual([edits[1]])
    expect(await store.storyDesk.lastEdit()).toBe(edits[1]?.id)
    expect((await store.users.actions(9)).map(({ who, action, subject, at }) => [who, action, subject, at])).toEqual([
      ['minh', 'story.rename', 'two', AT],
      ['huong', 'story.move', 'one', AT],
    ])
  })

  it('tells nobody twice what was merged, split or moved after an alert; a later article of a split raises its own', async () => {
    const [a, b] = [await article('a', 'one'), await article('b', 'one')]
    await article('x', 'two')
    const alert = (storyId: string, articleId: string) =>
      store.alerts.create({ ruleId: 'flood', storyId, articleId, change: null, createdAt: '2025-10-01T05:00:00.000Z' })
    expect(await alert('one', a)).not.toBeNull()
    const made = await store.storyDesk.split({ storyId: 'one', articleIds: [b], title: null, ...by })
    expect(await alert(made, b)).toBeNull()
    const later = await article('later', made, 3)
    expect(await alert(made, later)).not.toBeNull()
    await store.storyDesk.merge({ from: 'one', into: 'two', ...by })
    expect(await alert('two', await article('y', 'two'))).toBeNull()
  })

  it('tells of what was parted from a story before that story raised its alert', async () => {
    const [a, b] = [await article('a', 'one'), await article('b', 'one')]
    const made = await store.storyDesk.split({ storyId: 'one', articleIds: [b], title: null, ...by })
    const alert = { ruleId: 'flood', change: null, createdAt: '2025-10-02T05:00:00.000Z' }
    expect(await store.alerts.create({ ...alert, storyId: 'one', articleId: a })).not.toBeNull()
    expect(await store.alerts.create({ ...alert, storyId: made, articleId: b })).not.toBeNull()
  })
})

describe('summaries', () => {
  it('keeps each length apart, and the newest counts', async () => {
    const summary = {
      text: 'Câu một.',
      sentences: [
        { text: 'Câu một.', cites: [{ articleId: 'a', version: 1, field: 'text' as const, from: 0, to: 8 }] },
      ],
      madeFrom: [{ articleId: 'a', version: 1 }],
    }
    const record = {
      subject: 'story:one',
      words: 60,
      stepVersion: 1,
      madeAt: AT,
      madeBy: null,
      summary,
      differences: [],
    } as const
    await store.summaries.save(record)
    expect(await store.summaries.latest('story:one', 60)).toEqual(record)
    expect(await store.summaries.latest('story:one', 120)).toBeNull()
    await store.summaries.save({ ...record, madeBy: 'huong' })
    expect((await store.summaries.latest('story:one', 60))?.madeBy).toBe('huong')
  })
})

it('a store of the first version gains what it needs and loses nothing', () => {
  const file = join(folder, 'old.db')
  const raw = new DatabaseSync(file)
  migrate(raw, file, systemClock, migrations.slice(0, 1))
  raw.exec(`insert into story values ('one', 'Tít cũ', '${AT}', '${AT}')`)
  expect(migrate(raw, file, systemClock, migrations)).not.toBeNull()
  expect({ ...raw.prepare('select id, title, renamed, locked, mergedInto from story').get() }).toEqual({
    ...{ id: 'one', title: 'Tít cũ', renamed: 0, locked: 0, mergedInto: null },
  })
  raw.close()
})
