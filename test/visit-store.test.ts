import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { nextVisit } from '../pipeline/visit-plan.ts'
import { migrate } from '../store/migrate.ts'
import { migrations } from '../store/migrations/index.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { assessmentSample, draftSample, keySample, pageSample } from './support/store-samples.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visit-store-'))
  file = join(folder, 'store.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const HOUR = 3_600_000
const at = (hours: number): string => new Date(Date.parse('2025-10-01T02:00:00.000Z') + hours * HOUR).toISOString()
const urlOf = (name: string): string => `https://sample.test/${name}.html`

async function save(
  store: Store,
  name: string,
  text: string,
  hours = 0,
  change: { completeness?: 'full' | 'feed-only' } = {},
) {
  return store.transaction(async (inside) => {
    const { completeness = 'full' } = change
    const pageId = completeness === 'full' ? `${name}-${hours}` : null
    if (pageId !== null) await inside.pages.add(pageSample(pageId, { url: urlOf(name), fetchedAt: at(hours) }))
    const draft = draftSample({ url: urlOf(name), pageId, seenAt: at(hours) }, { text, completeness })
    const saved = await inside.articles.save(draft)
    const { id, version } = saved.article
    if (saved.outcome !== 'same') await inside.assessments.put(id, version, keySample(), assessmentSample(), at(hours))
    return saved
  })
}

describe('nextVisit', () => {
  it('is the first step after the last look', () => {
    const steps: (string | null)[] = []
    for (let look: string | null = at(0); look !== null && steps.length < 20; look = steps.at(-1) ?? null)
      steps.push(nextVisit(at(0), look, false))
    expect(steps).toEqual([at(1), at(6), at(24), at(72), at(168), at(720), null])
    expect(nextVisit(at(0), at(0), true)).toBe(at(0.25))
    expect(nextVisit(at(0), at(24), true)).toBe(at(48))
    expect(nextVisit(at(0), at(23.9), false)).toBe(at(24))
  })
})

describe('the plan in the store', () => {
  let store: Store
  beforeEach(async () => {
    store = await openStore({ file })
  })
  afterEach(() => store.close())

  it('plans with the assessment, and not for what only a feed told', async () => {
    const read = await save(store, 'a', 'Một hai ba.')
    const told = await save(store, 'b', '', 0, { completeness: 'feed-only' })
    expect(await store.visits.nextAt(read.article.id)).toBe(at(1))
    expect(await store.visits.nextAt(told.article.id)).toBeNull()
    const whole = await save(store, 'b', 'Toàn văn của bài.', 5)
    expect(whole.outcome).toBe('changed')
    expect(await store.visits.nextAt(told.article.id)).toBe(at(6))
    expect((await store.visits.versions(told.article.id)).map(({ cause }) => cause)).toEqual(['first', 'completed'])
    expect((await store.visits.fates([told.article.id])).size).toBe(0)
  })

  it('comes sooner once a person finds the article sensitive', async () => {
    const { article } = await save(store, 'a', 'Một hai ba.')
    await store.visits.record({ articleId: article.id, at: at(6), pageId: null, outcome: 'unchanged' })
    expect(await store.visits.nextAt(article.id)).toBe(at(24))
    await store.assessments.correct({
      articleId: article.id,
      field: 'sensitive',
      value: true,
      note: null,
      who: 'lan',
      at: at(7),
    })
    expect(await store.visits.nextAt(article.id)).toBe(at(12))
  })

  it('gives sensitive articles first, then the longest due, without those under way', async () => {
    const [a, b, c] = [
      await save(store, 'a', 'Một.'),
      await save(store, 'b', 'Hai.', 0.5),
      await save(store, 'c', 'Ba.', 1),
    ]
    await store.assessments.correct({
      articleId: c.article.id,
      field: 'sensitive',
      value: true,
      note: null,
      who: 'lan',
      at: at(1),
    })
    const due = async (hours: number, except: string[] = []) =>
      (await store.visits.due(at(hours), 10, except)).map(({ article }) => article.url)
    expect(await due(0.9)).toEqual([])
    expect(await due(3)).toEqual([urlOf('c'), urlOf('a'), urlOf('b')])
    expect(await due(3, [a.article.id, c.article.id])).toEqual([urlOf('b')])
    expect(await store.visits.due(at(3), 1)).toHaveLength(1)
    expect((await store.visits.due(at(3), 10)).map(({ page }) => page.id)).toEqual(['c-1', 'a-0', 'b-0.5'])
    expect(b.outcome).toBe('new')
  })

  it('compares with the last page that held the article', async () => {
    const { article } = await save(store, 'a', 'Một hai ba.')
    await store.pages.add(pageSample('later', { url: urlOf('a'), fetchedAt: at(1) }))
    await store.pages.add(pageSample('lost', { url: urlOf('a'), fetchedAt: at(6), status: 404 }))
    await store.visits.record({ articleId: article.id, at: at(1), pageId: 'later', outcome: 'unchanged' })
    const gone = { reason: 'not-found', evidence: 'HTTP 404' } as const
    await store.visits.record({ articleId: article.id, at: at(6), pageId: 'lost', outcome: 'suspected', gone })
    const [visit] = await store.visits.due(at(7), 1)
    expect(visit).toMatchObject({ page: { id: 'later' }, suspectedGoneAt: at(6), dueAt: at(7) })
  })

  it('knows a text read by other means from the same page, which is no edit', async () => {
    const { article } = await save(store, 'a', 'Một hai ba.')
    const again = draftSample({ url: urlOf('a'), pageId: 'a-0', seenAt: at(2) }, { text: 'Một hai ba bốn.' })
    expect(await store.articles.save(again)).toMatchObject({ outcome: 'changed', article: { version: 2 } })
    expect((await store.visits.versions(article.id)).map(({ cause }) => cause)).toEqual(['first', 'reread'])
    expect((await store.visits.fates([article.id])).size).toBe(0)
  })

  it('believes whoever saw both pages that a paragraph is an edit and not another way of reading', async () => {
    const sentences = Array.from({ length: 12 }, (_, n) => `Câu mẫu thứ ${n} của bài về cây cầu mới.`)
    const added = 'Đính chính: cầu dài 60 m.'
    const drafts = (name: string, isEdit: boolean) => [
      draftSample({ url: urlOf(name) }, { text: sentences.join('\n'), by: { text: 'rule' } }),
      draftSample(
        { url: urlOf(name), seenAt: at(2), ...(isEdit ? { isEdit } : {}) },
        { text: [...sentences, added].join('\n'), by: { text: 'general' } },
      ),
    ]
    const outcomes = async (name: string, isEdit: boolean): Promise<string[]> => {
      const found: string[] = []
      for (const draft of drafts(name, isEdit)) found.push((await store.articles.save(draft)).outcome)
      return found
    }
    expect(await outcomes('compared', false)).toEqual(['new', 'same'])
    expect(await outcomes('told', true)).toEqual(['new', 'changed'])
    const told = await store.articles.byUrl(urlOf('told'))
    expect((await store.visits.versions(told?.id ?? '')).map(({ cause }) => cause)).toEqual(['first', 'edited'])
  })

  it('gives the archived pages of what its outlet published last until then', async () => {
    const put = async (name: string, hours: number, outletId = 'sample', isArchived = true) => {
      await store.pages.add(pageSample(name, { outletId, ...(isArchived ? {} : { warc: null }) }))
      const draft = draftSample({ url: urlOf(name), outletId, pageId: name, published: at(hours) }, { text: name })
      return (await store.articles.save(draft)).article
    }
    const own = await put('own', 3)
    await put('other-outlet', 2, 'other')
    await put('not-archived', 2, 'sample', false)
    for (const [name, hours] of [
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['later', 5],
    ] as const)
      await put(name, hours)
    const ids = (pages: readonly { readonly id: string }[]): string[] => pages.map(({ id }) => id)
    expect(ids(await store.pages.beside(own, at(4), 2))).toEqual(['c', 'b'])
    expect(ids(await store.pages.beside(own, at(6), 9))).toEqual(['later', 'c', 'b', 'a'])
  })
})

describe('a store of the version before', () => {
  it('keeps its alerts and deliveries, and plans visits to what is young', async () => {
    const before = migrations.filter(({ number }) => number < 5)
    const raw = new DatabaseSync(file)
    migrate(raw, file, systemClock, before)
    const now = new Date().toISOString()
    const old = new Date(Date.now() - 40 * 24 * HOUR).toISOString()
    for (const [id, firstSeen] of [
      ['young', now],
      ['old', old],
    ] as const) {
      raw.exec(
        `insert into page values ('p-${id}', '${urlOf(id)}', '${urlOf(id)}', 'sample', '${firstSeen}', 200, '{}', 'sha256:1', 1, null, null, null)`,
      )
      raw.exec(
        `insert into story (id, title, firstSeen, lastSeen) values ('s-${id}', 'Tin', '${firstSeen}', '${firstSeen}')`,
      )
      raw.exec(`insert into article (id, outletId, url, version, published, firstSeen, relevance, corrected, storyId)
        values ('${id}', 'sample', '${urlOf(id)}', 1, '${firstSeen}', '${firstSeen}', 'main', 0, 's-${id}')`)
      raw.exec(`insert into articleVersion (articleId, version, pageId, completeness, language, title, text, published, publishedBy, extractedBy, doubts, seenAt)
        values ('${id}', 1, 'p-${id}', 'full', 'vi', 'Tin', 'Một.', '${firstSeen}', 'time', '{}', '[]', '${firstSeen}')`)
    }
    raw.exec(`insert into alert values ('alert-1', 'r', 's-old', 'old', '${old}')`)
    raw.exec(
      `insert into alertDelivery values (7, 'alert-1', 'email', 'm-1', 'confirmed', 1, '${old}', '${old}', '${old}', null)`,
    )
    raw.close()

    const store = await openStore({ file })
    expect(await store.alerts.get('alert-1')).toEqual({
      id: 'alert-1',
      ruleId: 'r',
      storyId: 's-old',
      articleId: 'old',
      change: null,
      createdAt: old,
    })
    expect(await store.alerts.deliveries({ alertId: 'alert-1' })).toMatchObject([
      { id: 7, state: 'confirmed', messageId: 'm-1' },
    ])
    expect(
      await store.alerts.create({ ruleId: 'r', storyId: 's-old', articleId: 'old', change: null, createdAt: now }),
    ).toBeNull()
    expect((await store.visits.due(now, 10)).map(({ article }) => article.id)).toEqual(['young'])
    expect((await store.visits.versions('old')).map(({ cause }) => cause)).toEqual(['first'])
    await store.close()
  })
})
