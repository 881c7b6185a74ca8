import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { averageLinkage, changesTo, nameGroups } from '../pipeline/regroup.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { MACHINE } from '../store/story-desk.ts'
import { draftSample } from './support/store-samples.ts'

const alike = (pairs: readonly string[]) => (a: number, b: number) =>
  pairs.includes(`${Math.min(a, b)}${Math.max(a, b)}`) ? 2 : -2
const placed = (id: string, time: number, storyId: string) => ({ id, time, storyId })

describe('grouping anew', () => {
  it('joins what is alike on average, not by one pair', () => {
    expect(averageLinkage(4, alike(['01', '23']))).toEqual([
      [0, 1],
      [2, 3],
    ])
    // One bridge between two groups does not join them; most of the pairs do.
    expect(averageLinkage(4, alike(['01', '23', '12']))).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(averageLinkage(4, alike(['01', '23', '12', '02', '13']))).toEqual([[0, 1, 2, 3]])
  })

  it('asks more of larger groups where crowds count', () => {
    const slightly = () => 0.1
    expect(averageLinkage(3, slightly)).toEqual([[0, 1, 2]])
    expect(averageLinkage(3, slightly, 0.25)).toEqual([[0, 1], [2]])
  })

  it('names a merge after the older story, and a part split off anew', () => {
    const [a, b, c] = [placed('a', 1, 'old'), placed('b', 2, 'young'), placed('c', 3, 'young')]
    const together = nameGroups([[a, b, c]], () => 'new')
    expect(together[0]?.storyId).toBe('old')
    expect(changesTo(together)).toEqual([{ kind: 'merge', storyId: 'young', otherId: 'old', articleIds: ['b', 'c'] }])
    const [d, e, f] = [placed('d', 1, 'one'), placed('e', 2, 'one'), placed('f', 3, 'one')]
    const apart = nameGroups([[d, e], [f]], ({ id }) => `story-${id}-m1`)
    expect(changesTo(apart)).toEqual([{ kind: 'split', storyId: 'one', otherId: 'story-f-m1', articleIds: ['f'] }])
  })
})

describe('the machine regrouping its own stories in the store', () => {
  let folder: string
  let store: Store
  const at = '2025-10-01T06:00:00.000Z'
  const clock = simulatedClock(new Date(at))
  const ids: string[] = []
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'story-regroup-'))
    store = await openStore({ file: join(folder, 'monitor.db'), clock })
    ids.length = 0
    for (const [n, storyId] of ['old', 'young', 'young'].entries()) {
      const url = `https://bao-${n}.example/tin.html`
      const { article } = await store.articles.save(draftSample({ url }, { url }))
      ids.push(article.id)
      const decision = { articleId: article.id, storyId, opened: n < 2, copyOf: null, similarity: 1, anchors: [] }
      await store.stories.assign(decision, `Tin mẫu ${n}`, at)
    }
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const merge = () =>
    store.storyDesk.regroup({ kind: 'merge', storyId: 'young', otherId: 'old', articleIds: ids.slice(1), at })

  it('keeps the older story, records what it did, and a person takes it back', async () => {
    await merge()
    expect(await store.stories.get('young')).toMatchObject({ mergedInto: 'old', articles: 0 })
    expect(await store.stories.get('old')).toMatchObject({ articles: 3 })
    const [edit] = await store.storyDesk.edits({ storyId: 'old' })
    expect(edit).toMatchObject({ kind: 'merge', who: MACHINE, storyId: 'young', otherId: 'old' })
    expect(await store.storyDesk.heldStories()).toEqual([])
    const part = await store.storyDesk.split({
      storyId: 'old',
      articleIds: ids.slice(1),
      title: null,
      who: 'huong',
      at,
    })
    expect(await store.stories.get(part)).toMatchObject({ articles: 2 })
    expect(new Set(await store.storyDesk.heldStories())).toEqual(new Set(['old', part]))
  })

  it('splits a story and leaves those alone that a person titled', async () => {
    const part = { kind: 'split', storyId: 'young', otherId: 'young-m1', articleIds: ids.slice(2), at } as const
    await store.storyDesk.regroup(part)
    expect(await store.stories.get('young-m1')).toMatchObject({ articles: 1, mergedInto: null })
    await store.storyDesk.rename({ storyId: 'young', title: 'Tít do người đặt', who: 'huong', at })
    await expect(merge()).rejects.toMatchObject({ code: 'story.held' })
    expect(await store.stories.get('young')).toMatchObject({ articles: 1, mergedInto: null })
  })

  it('tells nobody the same story twice', async () => {
    const alert = { ruleId: 'lu', change: null, createdAt: at }
    expect(await store.alerts.create({ ...alert, storyId: 'young', articleId: ids[1] ?? '' })).not.toBeNull()
    await merge()
    expect(await store.alerts.create({ ...alert, storyId: 'old', articleId: ids[1] ?? '' })).toBeNull()
    expect(await store.alerts.create({ ...alert, storyId: 'old', articleId: ids[2] ?? '' })).toBeNull()
  })
})
