import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RelevanceLevel } from '../model.ts'
import { openStore } from '../store/open.ts'
import type { Store, VolumeFilter } from '../store/store.ts'
import { draftSample } from './support/store-samples.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'volume-'))
  store = await openStore({ file: join(folder, 'store.sqlite') })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const key = { step: 'assess', stepVersion: 1, profileDigest: 'sample', modelDigest: 'lexicon' }

/** An assessed sample article of ours; returns its id. */
async function article(
  name: string,
  {
    at,
    outlet = 'vnexpress',
    story = null,
    level = 'main',
    topics = [],
    places = [],
    sensitive = false,
  }: {
    at: string
    outlet?: string
    story?: string | null
    level?: RelevanceLevel
    topics?: readonly string[]
    places?: readonly string[]
    sensitive?: boolean
  },
): Promise<string> {
  const url = `https://${outlet}.example/${name}`
  const words = { url, title: `Bài mẫu ${name}`, lead: null, text: 'Nội dung của bài mẫu.' }
  const saved = await store.articles.save(draftSample({ url, outletId: outlet, published: at, seenAt: at }, words))
  const { id } = saved.article
  const relevance = {
    level,
    score: 1,
    places: places.map((place) => ({ id: place, field: 'title' as const, from: 0, to: 3, text: 'Bài' })),
  }
  const assessed = topics.map((topic) => ({ id: topic, score: 0.9 }))
  await store.assessments.put(
    ...([id, 1, key, { relevance, topics: assessed, tone: 'neutral', sensitive, evidence: [] }, at] as const),
  )
  const decision = { articleId: id, storyId: story ?? '', opened: false, copyOf: null, similarity: 1, anchors: [] }
  if (story !== null) await store.stories.assign(decision, words.title, at)
  return id
}

const filter: VolumeFilter = {
  from: '2025-09-30T17:00:00.000Z',
  to: '2025-10-02T17:00:00.000Z',
  relevance: ['main', 'mention'],
  outletIds: ['vnexpress', 'tuoitre'],
}

describe('volume', () => {
  it('counts by the days of the province what the filter lets through, and nothing else', async () => {
    await article('before', { at: '2025-09-30T16:59:59.000Z' })
    await article('night', { at: '2025-09-30T17:00:00.000Z' })
    await article('evening', { at: '2025-10-01T16:59:59.000Z', outlet: 'tuoitre' })
    await article('next', { at: '2025-10-01T17:00:00.000Z', level: 'mention' })
    await article('after', { at: '2025-10-02T17:00:00.000Z' })
    await article('elsewhere', { at: '2025-10-01T03:00:00.000Z', outlet: 'portal' })
    await article('irrelevant', { at: '2025-10-01T03:00:00.000Z', level: 'none' })
    expect(await store.volume.since()).toBe('2025-09-30T16:59:59.000Z')
    expect(await store.volume.days(filter)).toEqual(
      new Map([
        ['2025-10-01', 2],
        ['2025-10-02', 1],
      ]),
    )
  })

  it('counts topics and places as they stand after corrections', async () => {
    const at = '2025-10-01T03:00:00.000Z'
    const a = await article('a', { at, topics: ['tourism', 'transport'], places: ['sa-pa'] })
    await article('b', { at: '2025-10-02T03:00:00.000Z', topics: ['tourism'], places: ['sa-pa', 'bat-xat'] })
    const names = async (by: 'topic' | 'place') =>
      Object.fromEntries((await store.volume.names(by, filter)).map(({ name, articles }) => [name, articles]))
    expect(await names('topic')).toEqual({ tourism: 2, transport: 1 })
    expect(await names('place')).toEqual({ 'sa-pa': 2, 'bat-xat': 1 })
    await store.assessments.correct({ articleId: a, field: 'topics', value: ['health'], note: null, who: 'an', at })
    expect(await names('topic')).toEqual({ tourism: 1, health: 1 })
    expect(await store.volume.daysOf('topic', ['tourism', 'none'], filter)).toEqual(
      new Map([
        ['tourism', new Map([['2025-10-02', 1]])],
        ['none', new Map()],
      ]),
    )
    expect((await store.volume.daysOf('place', ['sa-pa'], filter)).get('sa-pa')).toEqual(
      new Map([
        ['2025-10-01', 1],
        ['2025-10-02', 1],
      ]),
    )
  })

  it('counts stories by articles and outlets, as people put them', async () => {
    const at = '2025-10-01T03:00:00.000Z'
    await article('a', { at, story: 'one' })
    await article('b', { at, story: 'one' })
    await article('c', { at, story: 'one', outlet: 'tuoitre' })
    await article('d', { at: '2025-10-01T02:00:00.000Z', story: 'two' })
    await article('e', { at })
    expect(await store.volume.stories(filter, 2)).toEqual([{ storyId: 'one', articles: 3, outlets: 2 }])
    await store.storyDesk.merge({ from: 'two', into: 'one', who: 'an', at })
    expect(await store.volume.stories(filter, 2)).toEqual([{ storyId: 'one', articles: 4, outlets: 2 }])
    const placements = await store.volume.placements(['one'], filter)
    expect(placements.map(({ title, outletId }) => [title, outletId])).toEqual([
      ['Bài mẫu d', 'vnexpress'],
      ...placements.slice(1).map(({ title, outletId }) => [title, outletId]),
    ])
    expect(placements).toHaveLength(4)
  })

  it('gives what came in since, by when it was first seen', async () => {
    await article('early', { at: '2025-10-01T01:00:00.000Z', topics: ['tourism'] })
    const late = await article('late', {
      ...{ at: '2025-10-01T05:00:00.000Z', story: 'one', sensitive: true },
      topics: ['health', 'tourism'],
    })
    await article('later', { at: '2025-10-01T06:00:00.000Z', topics: ['health'] })
    await article('none', { at: '2025-10-01T07:00:00.000Z', level: 'none', topics: ['health'] })
    const since = '2025-10-01T05:00:00.000Z'
    const arrived = await store.volume.arrivals(since, ['main', 'mention'])
    expect(arrived).toHaveLength(2)
    expect(arrived[0]).toEqual({
      ...{ id: late, outletId: 'vnexpress', published: since, firstSeen: since, storyId: 'one', sensitive: true },
      title: 'Bài mẫu late',
    })
    expect(arrived[1]).toMatchObject({ storyId: null, sensitive: false })
    expect(await store.volume.arrivedTopics(since, ['main', 'mention'])).toEqual([
      { name: 'health', articles: 2 },
      { name: 'tourism', articles: 1 },
    ])
  })
})
