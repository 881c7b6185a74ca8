import { beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../store/store.ts'
import { storeRoom } from './support/store-room.ts'
import { assessmentSample, draftSample, keySample, pageSample } from './support/store-samples.ts'

const room = storeRoom('store-article-lists', { file: 'monitor.db' })
let store: Store
beforeEach(() => {
  ;({ store } = room())
})

const AT = '2025-10-01T02:00:00.000Z'
const LATER = '2025-10-02T02:00:00.000Z'
const save = (...draft: Parameters<typeof draftSample>) => store.articles.save(draftSample(...draft))
const changedIds = async (after = 0) => (await store.changes.after(after, 100)).map((change) => change.articleId)

describe('lists', () => {
  const ids: string[] = []
  beforeEach(async () => {
    ids.length = 0
    for (let i = 0; i < 12; i++) {
      const day = String(12 - i).padStart(2, '0')
      const { article } = await save({
        url: `https://sample.test/${i}`,
        outletId: i % 2 ? 'odd' : 'even',
        published: `2025-10-${day}T00:00:00.000Z`,
        seenAt: `2025-10-${day}T06:00:00.000Z`,
      })
      ids.unshift(article.id)
      await store.assessments.put(
        article.id,
        1,
        keySample(),
        assessmentSample({
          relevance: { level: i % 3 ? 'none' : 'main', score: 0.5, places: [] },
          topics: i % 4 ? [] : [{ id: 'culture', score: 1 }],
        }),
        AT,
      )
    }
  })
  const list = async (...args: Parameters<Store['articles']['list']>) =>
    (await store.articles.list(...args)).map(({ id }) => id)

  it('are oldest first, whole or by pages', async () => {
    expect(await list({})).toEqual(ids)
    expect(await list({}, { offset: 0, limit: 5 })).toEqual(ids.slice(0, 5))
    expect(await list({}, { offset: 10, limit: 5 })).toEqual(ids.slice(10))
    expect(await list({ outletIds: ['odd'] }, { offset: 1, limit: 2 })).toEqual([ids[2], ids[4]])
  })

  it('filter, alone and together, and count the same', async () => {
    const cases: readonly [Parameters<Store['articles']['list']>[0], number][] = [
      [{}, 12],
      [{ publishedFrom: '2025-10-03T00:00:00.000Z', publishedTo: '2025-10-05T00:00:00.000Z' }, 2],
      [{ firstSeenFrom: '2025-10-03T06:00:00.000Z', firstSeenTo: '2025-10-05T06:00:00.000Z' }, 2],
      [{ outletIds: ['odd'] }, 6],
      [{ outletIds: ['odd', 'even'] }, 12],
      [{ outletIds: [] }, 0],
      [{ relevance: ['main'] }, 4],
      [{ relevance: ['main', 'none'] }, 12],
      [{ relevance: [] }, 0],
      [{ topic: 'culture' }, 3],
      [{ topic: 'culture', relevance: ['main'] }, 1],
      [{ sensitive: false }, 12],
      [{ sensitive: true }, 0],
      [{ storyId: 'none' }, 0],
    ]
    for (const [filter, expected] of cases) {
      expect(await store.articles.count(filter), JSON.stringify(filter)).toBe(expected)
      expect(await list(filter), JSON.stringify(filter)).toHaveLength(expected)
    }
  })

  it('give many by id, in the order asked, without those that do not exist', async () => {
    const asked = [ids[7], 'unknown', ids[2], ids[9]].map(String)
    const found = await store.articles.getMany(asked)
    expect(found.map(({ id }) => id)).toEqual([ids[7], ids[2], ids[9]])
    expect(await store.articles.getMany([])).toEqual([])
  })
})

describe('the change feed', () => {
  it('names every version, assessment, correction and story in order of commit, and nothing rolled back', async () => {
    const a = (await save({ url: 'https://sample.test/a' })).article.id
    const b = (await save({ url: 'https://sample.test/b' })).article.id
    await store.assessments.put(b, 1, keySample(), assessmentSample(), AT)
    await store.assessments.correct({ articleId: a, field: 'tone', value: 'neutral', note: null, who: 'lan', at: AT })
    const decision = { articleId: b, storyId: 's', opened: true, copyOf: null, similarity: 1, anchors: ['Bảo Yên'] }
    await store.stories.assign(decision, 'Cầu mới', AT)
    const lost = store.transaction(async (inner) => {
      await inner.articles.save(draftSample({ url: 'https://sample.test/c' }))
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    await save({ url: 'https://sample.test/a' }, { text: 'Mới.' })
    expect(await changedIds()).toEqual([a, b, b, a, b, a])
    const seqs = (await store.changes.after(0, 100)).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((x, y) => x - y))
    expect(await store.changes.last()).toBe(seqs.at(-1))
    expect(await changedIds(seqs[3])).toEqual([b, a])
    expect(await store.changes.after(0, 2)).toHaveLength(2)
  })

  it('keeps positions of consumers', async () => {
    expect(await store.changes.position('alerts')).toBe(0)
    await store.changes.setPosition('alerts', 5)
    await store.changes.setPosition('alerts', 9)
    expect(await store.changes.position('alerts')).toBe(9)
    expect(await store.changes.position('other')).toBe(0)
  })
})

describe('pages', () => {
  it('are dropped from the archive only for articles irrelevant in effect and seen before', async () => {
    const add = async (name: string, level: 'main' | 'none' | null, seenAt = AT) => {
      await store.pages.add(pageSample(name, { warc: { file: 'w', offset: name.charCodeAt(0), length: 1 } }))
      const { article } = await save({ url: `https://sample.test/${name}`, pageId: name, seenAt })
      if (level !== null) {
        const relevance = { level, score: 0, places: [] }
        await store.assessments.put(article.id, 1, keySample(), assessmentSample({ relevance }), AT)
      }
      return article.id
    }
    await add('a', 'none')
    await add('b', 'main')
    await add('c', null)
    await add('d', 'none', '2025-11-01T00:00:00.000Z')
    const kept = await add('e', 'none')
    const dropped = await add('f', 'main')
    await store.pages.add(pageSample('g', { warc: { file: 'w', offset: 200, length: 1 } }))
    const correct = (articleId: string, value: string) =>
      store.assessments.correct({ articleId, field: 'relevance', value, note: null, who: 'lan', at: AT })
    await correct(kept, 'mention')
    await correct(dropped, 'none')
    // The same article read again: its second page is its page too.
    await store.pages.add(pageSample('h', { warc: { file: 'w', offset: 300, length: 1 } }))
    await save({ url: 'https://sample.test/a', pageId: 'h' })
    const droppable = async (limit = 10) =>
      (await store.pages.droppable('2025-10-15T00:00:00.000Z', limit)).map(({ id }) => id)
    expect(await droppable()).toEqual(['a', 'f', 'h'])
    expect(await droppable(1)).toEqual(['a'])
    // And so is each further page over which it goes on.
    await store.pages.add(pageSample('i', { warc: { file: 'v', offset: 1, length: 1 } }))
    await save({ url: 'https://sample.test/a', pageId: 'h', furtherPageIds: ['i'] })
    expect(await droppable()).toEqual(['i', 'a', 'f', 'h'])
    await store.pages.moveWarc([{ id: 'i', warc: null }])
    await store.pages.moveWarc([
      { id: 'a', warc: null },
      { id: 'b', warc: { file: 'w2', offset: 7, length: 8 } },
    ])
    expect(await droppable()).toEqual(['f', 'h'])
    expect((await store.pages.get('a'))?.warc).toBeNull()
    expect((await store.pages.inWarcFile('w2')).map(({ id, warc }) => [id, warc?.offset])).toEqual([['b', 7]])
    expect((await store.pages.inWarcFile('w')).map(({ id }) => id)).toEqual(['c', 'd', 'e', 'f', 'g', 'h'])
  })

  it('come back as they were, the latest of a URL first', async () => {
    const old = pageSample('old', { url: 'https://sample.test/x' })
    const late = pageSample('late', { url: 'https://sample.test/x', fetchedAt: LATER, warc: null })
    await store.pages.add(late)
    await store.pages.add(old)
    expect(await store.pages.get('old')).toEqual(old)
    expect(await store.pages.latestOf('https://sample.test/x')).toEqual(late)
    expect(await store.pages.latestOf('https://sample.test/y')).toBeNull()
    const asked = ['https://sample.test/x', 'https://sample.test/y']
    expect(await store.pages.fetchedAmong(asked)).toEqual(new Set(['https://sample.test/x']))
    await expect(store.pages.add(old), 'a page is immutable').rejects.toThrow()
  })
})
