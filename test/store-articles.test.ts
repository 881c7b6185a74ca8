import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { storeRoom } from './support/store-room.ts'
import { assessmentSample, draftSample, extractedSample, keySample, pageSample } from './support/store-samples.ts'

const room = storeRoom('store-articles', { file: 'monitor.db' })
let store: Store
let folder: string
beforeEach(() => {
  ;({ store, folder } = room())
})

const AT = '2025-10-01T02:00:00.000Z'
const LATER = '2025-10-02T02:00:00.000Z'
const save = (...draft: Parameters<typeof draftSample>) => store.articles.save(draftSample(...draft))
const changedIds = async (after = 0) => (await store.changes.after(after, 100)).map((change) => change.articleId)

describe('saving an article', () => {
  it('gives it a short id that depends on its canonical URL alone', async () => {
    const { article, outcome } = await save()
    expect(outcome).toBe('new')
    expect(article.version).toBe(1)
    expect(article.id).toMatch(/^[0-9a-f]{16}$/)
    const again = await openStore({ file: join(folder, 'other.db') })
    expect((await again.articles.save(draftSample({}, { title: 'Khác' }))).article.id).toBe(article.id)
    await again.close()
    expect((await save({ url: 'https://sample.test/tin-2.html' })).article.id).not.toBe(article.id)
  })

  it('keeps every property', async () => {
    await store.pages.add(pageSample('p1'))
    const { article } = await save(
      { pageId: 'p1' },
      {
        byline: 'Người Viết Mẫu',
        section: 'Xã hội',
        modified: AT,
        image: 'https://sample.test/a.jpg',
        by: { title: 'json-ld', text: 'rule' },
        doubts: ['ngày ở tương lai'],
      },
    )
    expect(article).toEqual({
      id: article.id,
      outletId: 'sample',
      url: 'https://sample.test/tin-1.html',
      version: 1,
      pageId: 'p1',
      completeness: 'full',
      language: 'vi',
      title: 'Bài mẫu: cầu mới ở Bảo Yên',
      lead: 'Cây cầu thay cầu tràn cũ.',
      text: 'Cầu dài 60 m.\nNgười dân qua lại dễ dàng hơn.',
      byline: 'Người Viết Mẫu',
      section: 'Xã hội',
      published: '2025-10-01T01:00:00.000Z',
      publishedBy: 'json-ld',
      modified: AT,
      image: 'https://sample.test/a.jpg',
      firstSeen: AT,
      by: { title: 'json-ld', text: 'rule' },
      doubts: ['ngày ở tương lai'],
    })
    const read = await store.articles.get(article.id)
    expect(read).toEqual({ ...article, assessment: null, storyId: null, copyOf: null, corrected: false })
  })

  it('makes a version of a real change only', async () => {
    const { article } = await save()
    expect(await save({ seenAt: LATER })).toEqual({ article, outcome: 'same' })
    expect((await save({}, { text: ' Cầu  dài 60 m.\n\nNgười dân qua lại dễ dàng hơn. ' })).outcome).toBe('same')
    expect((await save({}, { section: 'Khác', byline: 'Khác' })).outcome).toBe('same')
    const changed = await save({ seenAt: LATER }, { text: 'Cầu dài 70 m.' })
    expect(changed.outcome).toBe('changed')
    expect(changed.article).toMatchObject({ id: article.id, version: 2, firstSeen: AT, text: 'Cầu dài 70 m.' })
    expect((await save({}, { title: 'Tít mới', text: 'Cầu dài 70 m.' })).article.version).toBe(3)
    expect((await store.articles.versions(article.id)).map(({ version, text }) => [version, text.length])).toEqual([
      [1, article.text.length],
      [2, 13],
      [3, 13],
    ])
    expect(await changedIds()).toEqual([article.id, article.id, article.id])
  })

  it('takes decomposed text for what it is', async () => {
    const { article } = await save()
    const decomposed = { title: article.title.normalize('NFD'), text: article.text.normalize('NFD') }
    expect((await save({}, decomposed)).outcome).toBe('same')
    const fresh = await save({ url: 'https://sample.test/nfd.html' }, decomposed)
    expect(fresh.article.title).toBe(article.title)
    expect((await store.articles.get(fresh.article.id))?.text).toBe(article.text)
  })

  it('never lets a feed or an empty page replace what was read, but a page the feed', async () => {
    const feed = { completeness: 'feed-only', text: null, lead: 'Chỉ có tóm tắt.' } as const
    const first = await save({}, feed)
    expect(first.article).toMatchObject({ completeness: 'feed-only', text: '' })
    const page = await save()
    expect(page).toMatchObject({ outcome: 'changed', article: { version: 2, completeness: 'full' } })
    expect(await save({}, feed)).toMatchObject({ outcome: 'same', article: { version: 2 } })
    expect(await save({}, { text: '', completeness: 'stub' })).toMatchObject({ outcome: 'same' })
    const sameWords = await save({ url: 'https://sample.test/b' }, { ...feed, text: extractedSample().text })
    expect((await save({ url: 'https://sample.test/b' })).outcome).toBe('changed')
    expect((await store.articles.get(sameWords.article.id))?.completeness).toBe('full')
  })

  it('keeps the known time of publication when a later reading gives none', async () => {
    const { article } = await save()
    const changed = await save(
      { published: LATER, publishedBy: 'first-seen', seenAt: LATER },
      { text: 'Cầu dài 70 m.' },
    )
    expect(changed.article).toMatchObject({ published: article.published, publishedBy: 'json-ld' })
  })

  it('finds it again by every URL that led to it', async () => {
    const feedUrl = 'https://sample.test/?id=1'
    const first = await save({ url: feedUrl }, { completeness: 'feed-only', text: null })
    const page = await save({ aliases: [feedUrl, 'https://m.sample.test/tin-1.html'] })
    expect(page).toMatchObject({ outcome: 'changed', article: { id: first.article.id, version: 2 } })
    for (const url of [feedUrl, 'https://m.sample.test/tin-1.html', 'https://sample.test/tin-1.html'])
      expect((await store.articles.byUrl(url))?.id, url).toBe(first.article.id)
    expect((await store.articles.byUrl(feedUrl))?.url).toBe('https://sample.test/tin-1.html')
    expect(await store.articles.byUrl('https://sample.test/unknown')).toBeNull()
    expect((await save()).outcome).toBe('same')
    expect(await store.articles.count({})).toBe(1)
  })

  it('is the one under its own URL, though an alias belongs to another', async () => {
    const [x, y] = ['https://sample.test/x', 'https://sample.test/y']
    const [first, second] = [await save({ url: x }), await save({ url: y })]
    const again = async (url: string, alias: string) =>
      (await save({ url, aliases: [alias] }, { text: `Cầu dài 70 m, theo ${url}.` })).article.id
    expect(await again(x, y)).toBe(first.article.id)
    expect(await again(y, x)).toBe(second.article.id)
  })

  it('read from the same page with another time is a version, of which the outlet changed nothing', async () => {
    await store.pages.add(pageSample('p1'))
    const { article } = await save({ pageId: 'p1' })
    expect((await save({ pageId: 'p1' })).outcome).toBe('same')
    const published = '2025-09-30T23:00:00.000Z'
    expect(await save({ pageId: 'p1', published })).toMatchObject({ outcome: 'changed', article: { published } })
    expect((await store.visits.versions(article.id)).map(({ cause }) => cause)).toEqual(['first', 'reread'])
  })

  it('refuses an article without a title', async () => {
    await expect(save({}, { title: null })).rejects.toMatchObject({ name: 'Skip', code: 'article.no-title' })
  })
})

describe('assessments', () => {
  it('are those of the current version; older ones stay on record', async () => {
    const { article } = await save()
    await store.assessments.put(article.id, 1, keySample(), assessmentSample(), AT)
    expect((await store.articles.get(article.id))?.assessment).toEqual(assessmentSample())
    await save({}, { text: 'Cầu dài 70 m.' })
    expect((await store.articles.get(article.id))?.assessment).toBeNull()
    await store.assessments.put(article.id, 1, keySample(2), assessmentSample({ tone: 'negative' }), AT)
    expect((await store.articles.get(article.id))?.assessment).toBeNull()
    await store.assessments.put(article.id, 2, keySample(), assessmentSample({ tone: 'neutral' }), AT)
    expect((await store.articles.get(article.id))?.assessment?.tone).toBe('neutral')
    expect(await store.assessments.ofMachine(article.id)).toEqual({
      key: keySample(),
      assessment: assessmentSample({ tone: 'neutral' }),
    })
  })

  it('as they stood at an instant: version, judgement and corrections of then', async () => {
    const { article } = await save()
    const { id } = article
    await store.assessments.put(id, 1, keySample(1), assessmentSample({ sensitive: true }), AT)
    await store.assessments.put(id, 1, keySample(2), assessmentSample({ tone: 'negative' }), LATER)
    const correction = { articleId: id, note: null, who: 'an', field: 'tone', value: 'neutral' } as const
    await store.assessments.correct({ ...correction, at: '2025-10-03T00:00:00.000Z' })
    await save({ seenAt: '2025-10-04T00:00:00.000Z' }, { title: 'Bài mẫu: cầu ở Bảo Yên thông xe' })
    await store.assessments.put(id, 2, keySample(2), assessmentSample(), '2025-10-04T00:00:00.000Z')
    const stood = async (at: string, version: number | null = null) => {
      const found = await store.articles.asOf(id, at, version)
      return [found?.version, found?.assessment?.sensitive, found?.assessment?.tone, found?.corrected]
    }
    expect(await stood(AT)).toEqual([1, true, 'positive', false])
    expect(await stood('2025-10-02T12:00:00.000Z')).toEqual([1, false, 'negative', false])
    expect(await stood('2025-10-03T12:00:00.000Z')).toEqual([1, false, 'neutral', true])
    expect(await stood('2025-10-05T00:00:00.000Z')).toEqual([2, false, 'neutral', true])
    expect(await stood(AT, 2)).toEqual([2, false, 'positive', false])
    // Before it was seen, or judged: by what was first.
    expect(await stood('2025-09-30T00:00:00.000Z')).toEqual([1, true, 'positive', false])
    expect(await store.articles.asOf(id, AT, 3)).toBeNull()
    expect(await store.articles.asOf('none', AT, null)).toBeNull()
  })

  it('say what to redo: the current versions without one under a key, oldest first', async () => {
    const b = (await save({ url: 'https://sample.test/b', published: '2025-10-02T00:00:00.000Z' })).article
    const a = (await save({ url: 'https://sample.test/a', published: '2025-10-01T00:00:00.000Z' })).article
    const todo = async (version: number, limit = 10) =>
      (await store.articles.unassessed(keySample(version), limit)).map(({ id }) => id)
    expect(await todo(1)).toEqual([a.id, b.id])
    expect(await todo(1, 1)).toEqual([a.id])
    await store.assessments.put(a.id, 1, keySample(1), assessmentSample(), AT)
    expect(await todo(1)).toEqual([b.id])
    expect(await todo(2)).toEqual([a.id, b.id])
    await save({ url: 'https://sample.test/a' }, { text: 'Mới.' })
    expect(await todo(1)).toEqual([a.id, b.id])
  })

  it('replace the one under the same key', async () => {
    const { article } = await save()
    await store.assessments.put(article.id, 1, keySample(), assessmentSample(), AT)
    await store.assessments.put(article.id, 1, keySample(), assessmentSample({ sensitive: true }), LATER)
    expect((await store.articles.list({ sensitive: true })).map(({ id }) => id)).toEqual([article.id])
  })
})

describe('corrections', () => {
  it('win over the machine, whatever it says later', async () => {
    const { article } = await save()
    const { id } = article
    await store.assessments.put(id, 1, keySample(), assessmentSample(), AT)
    const correct = (field: 'relevance' | 'topics' | 'tone' | 'sensitive', value: string | string[] | boolean) =>
      store.assessments.correct({ articleId: id, field, value, note: null, who: 'lan', at: LATER })
    await correct('relevance', 'none')
    await correct('topics', ['transport', 'culture'])
    await correct('tone', 'negative')
    await correct('tone', 'neutral')
    await correct('sensitive', true)
    const expected = {
      relevance: { ...assessmentSample().relevance, level: 'none' },
      topics: [
        { id: 'transport', score: 0.8 },
        { id: 'culture', score: 1 },
      ],
      tone: 'neutral',
      sensitive: true,
      evidence: assessmentSample().evidence,
    }
    const check = async () => {
      const read = await store.articles.get(id)
      expect(read).toMatchObject({ corrected: true, assessment: expected })
      expect(await store.articles.getMany([id])).toEqual([read])
      expect(await store.articles.list({ relevance: ['none'], topic: 'culture', sensitive: true })).toEqual([read])
      expect(await store.articles.count({ relevance: ['main'] })).toBe(0)
    }
    await check()
    await store.assessments.put(id, 1, keySample(2), assessmentSample({ tone: 'positive' }), LATER)
    await check()
    expect((await store.assessments.ofMachine(id))?.assessment).toEqual(assessmentSample({ tone: 'positive' }))
    await save({}, { text: 'Cầu dài 70 m.' })
    expect((await store.articles.get(id))?.assessment?.tone).toBe('neutral')
    await store.assessments.put(id, 2, keySample(2), assessmentSample({ tone: 'positive' }), LATER)
    await check()
  })

  it('count in the order in which they were made, also in lists, and keep the machine’s scores', async () => {
    const { id } = (await save()).article
    await store.assessments.put(id, 1, keySample(), assessmentSample(), AT)
    const base = { articleId: id, note: null, who: 'lan', at: LATER } as const
    for (const value of [true, false]) await store.assessments.correct({ ...base, field: 'sensitive', value })
    for (const value of [['culture'], ['transport']])
      await store.assessments.correct({ ...base, field: 'topics', value })
    expect(await store.articles.count({ sensitive: true })).toBe(0)
    expect(await store.articles.count({ topic: 'culture' })).toBe(0)
    expect((await store.articles.get(id))?.assessment?.topics).toEqual([{ id: 'transport', score: 0.8 }])
    const stood = (await store.assessments.corrections(id)).map(({ before }) => before)
    expect(stood).toEqual([false, true, ['transport'], ['culture']])
  })

  it('record who, when and what stood before', async () => {
    const { id } = (await save()).article
    await store.assessments.put(id, 1, keySample(), assessmentSample(), AT)
    const base = { articleId: id, note: 'đọc lại', who: 'lan', at: LATER } as const
    await store.assessments.correct({ ...base, field: 'tone', value: 'negative' })
    await store.assessments.correct({ ...base, field: 'tone', value: 'neutral', who: 'mai' })
    await store.assessments.correct({ ...base, field: 'topics', value: [] })
    expect(await store.assessments.corrections(id)).toEqual([
      { ...base, field: 'tone', value: 'negative', before: 'positive' },
      { ...base, field: 'tone', value: 'neutral', before: 'negative', who: 'mai' },
      { ...base, field: 'topics', value: [], before: ['transport'] },
    ])
    expect(await store.assessments.corrections()).toHaveLength(3)
    expect(await store.assessments.corrections('other')).toEqual([])
  })

  it('refuse what is no value of their field', async () => {
    const { id } = (await save()).article
    for (const [field, value] of [
      ['relevance', 'very'],
      ['tone', true],
      ['sensitive', 'yes'],
      ['topics', 'transport'],
    ] as const)
      await expect(
        store.assessments.correct({ articleId: id, field, value, note: null, who: 'lan', at: AT }),
      ).rejects.toMatchObject({ code: 'correction.invalid' })
    expect(await store.assessments.corrections()).toEqual([])
  })
})
