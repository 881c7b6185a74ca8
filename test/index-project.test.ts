import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { syncIndex } from '../index/project.ts'
import type { SearchIndex } from '../index/search-index.ts'
import { openSqliteIndex } from '../index/sqlite.ts'
import type { Place } from '../profiles/schema.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { sampleOutlet } from './support/sample-outlet.ts'
import { assessmentSample, draftSample, keySample } from './support/store-samples.ts'

const outlet = sampleOutlet({ id: 'sample', name: 'Báo Mẫu', origin: 'foreign', class: 'portal' })

const names = { vi: ['Bảo Yên'] }
const places: readonly Place[] = [
  { id: 'bao-yen', kind: 'former-district', name: 'Bảo Yên', names, strength: 'strong', communes: ['pho-rang'] },
  {
    id: 'pho-rang',
    kind: 'commune',
    name: 'Phố Ràng',
    names,
    strength: 'strong',
    district: 'bao-yen',
    area: 'old-lao-cai',
  },
]

let folder: string
let store: Store
let index: SearchIndex
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'project-'))
  store = await openStore({ file: join(folder, 'monitor.db') })
  index = await openSqliteIndex(join(folder, 'index.db'))
})
afterEach(async () => {
  await index.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const save = async (name: string, text = 'Cầu mới ở Bảo Yên.') =>
  (await store.articles.save(draftSample({ url: `https://sample.test/${name}` }, { text }))).article
const sync = (batch?: number) => syncIndex({ store, index, outlets: [outlet], places, ...(batch ? { batch } : {}) })
const search = (text: string) => index.search({ text, filters: {}, sort: 'rank', offset: 0, limit: 10 })

it('projects articles with their outlet and the assessment in effect', async () => {
  const { id } = await save('a')
  await store.assessments.put(id, 1, keySample(), assessmentSample(), '2025-10-01T02:00:00.000Z')
  await store.assessments.correct({
    articleId: id,
    field: 'tone',
    value: 'negative',
    note: null,
    who: 'lan',
    at: '2025-10-01T03:00:00.000Z',
  })
  expect(await sync()).toBe(1)
  expect(await sync()).toBe(0)
  expect((await search('bảo yên')).hits[0]?.document).toEqual({
    id,
    title: 'Bài mẫu: cầu mới ở Bảo Yên',
    outletId: 'sample',
    outletName: 'Báo Mẫu',
    origin: 'foreign',
    outletClass: 'portal',
    language: 'vi',
    published: '2025-10-01T01:00:00.000Z',
    relevance: 'main',
    topics: ['transport'],
    tone: 'negative',
    sensitive: false,
    places: ['bao-yen', 'pho-rang', 'old-lao-cai'],
    storyId: null,
  })
})

it('finds an article by the communes, the district and the area of the places that it names', async () => {
  const { id } = await save('a')
  await store.assessments.put(id, 1, keySample(), assessmentSample(), '2025-10-01T02:00:00.000Z')
  await sync()
  const by = async (place: string) =>
    (await index.search({ text: '', filters: { place }, sort: 'newest', offset: 0, limit: 10 })).total
  expect([await by('bao-yen'), await by('pho-rang'), await by('old-lao-cai'), await by('old-yen-bai')]).toEqual([
    1, 1, 1, 0,
  ])
})

it('follows the feed in batches of any size, whatever changed', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await save(name)
  expect(await sync(2)).toBe(5)
  expect(await index.cursor()).toBe(await store.changes.last())
  await save('b', 'Tin đã sửa: chợ phiên.')
  expect(await sync()).toBe(1)
  expect((await search('chợ phiên')).total).toBe(1)
  expect((await search('')).total).toBe(5)
})

it('fills an emptied index again, and replaces one that is ahead of its store', async () => {
  await save('a')
  await sync()
  await index.clear()
  expect(await sync()).toBe(1)
  await index.put([], 999)
  expect(await sync()).toBe(1)
  expect(await index.cursor()).toBe(await store.changes.last())
})

it('keeps the articles of an outlet that is not followed any more, but not as press', async () => {
  await store.articles.save(draftSample({ outletId: 'gone' }))
  await sync()
  expect((await search('')).hits[0]?.document).toMatchObject({
    outletId: 'gone',
    outletName: 'gone',
    outletClass: 'organisation',
  })
})
