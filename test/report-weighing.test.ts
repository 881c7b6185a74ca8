import { beforeEach, describe, expect, it } from 'vitest'
import { previousPeriod } from '../reports/period.ts'
import type { Store } from '../store/store.ts'
import { domesticStories, type SampleStory } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'
import { mattersOf, reportRoom, sample, week } from './support/report-room.ts'

const room = reportRoom()
const { compose, classOf } = room
let store: Store
beforeEach(() => {
  store = room.store()
})

const DAY = 86_400_000
/** One article of a story: samples of one story's name stand in one story. */
const told = (story: string, outlet: string, day: string, change: Partial<SampleStory> = {}): SampleStory => ({
  ...sample('que'),
  ...{ story, outlets: [outlet], day: `2025-10-${day}:00:00.000Z` },
  ...change,
})

describe('the article that stands for a story', () => {
  const outletThatTells = async (): Promise<string | undefined> => mattersOf(await compose())[0]?.article.outlet.id

  it('is about the province rather than one that mentions it, though that came first', async () => {
    await fillStore(store, [told('a', 'vnexpress', '01T01', { level: 'mention' }), told('a', 'tuoitre', '01T05')])
    expect(await outletThatTells()).toBe('tuoitre')
  })

  it('was read in full rather than from the feed alone', async () => {
    const short = { completeness: 'feed-only', text: '' } as const
    await fillStore(store, [told('a', 'vnexpress', '01T01', short), told('a', 'tuoitre', '01T05')])
    expect(await outletThatTells()).toBe('tuoitre')
  })

  it('is the original rather than a reprint that was dated earlier', async () => {
    const ids = await fillStore(store, [told('a', 'vnexpress', '01T01'), told('a', 'tuoitre', '01T05')])
    const [early = '', original = ''] = [ids.get('a/vnexpress'), ids.get('a/tuoitre')]
    const decision = { articleId: early, storyId: 'a-0', opened: false, similarity: 1, anchors: [] }
    await store.stories.assign({ ...decision, copyOf: original }, 'Tin', '2025-10-01T06:00:00.000Z')
    expect(await outletThatTells()).toBe('tuoitre')
  })
})

describe('the order of matters', () => {
  const stories = async () => mattersOf(await compose()).map(({ storyId }) => storyId)

  it('puts what more outlets carried first, where as many articles tell it', async () => {
    await fillStore(store, [
      told('mot-bao', 'vnexpress', '01T01'),
      told('cung-bao', 'vnexpress', '02T01'),
      told('hai-bao', 'tuoitre', '03T01'),
      told('hai-bao', 'dantri', '03T05'),
    ])
    const by = { who: 'an', at: '2025-10-05T01:00:00.000Z' }
    await store.storyDesk.merge({ ...by, from: 'cung-bao-0', into: 'mot-bao-0' })
    expect(await stories()).toEqual(['hai-bao-0', 'mot-bao-0'])
  })

  it('puts the earlier first among equals', async () => {
    await fillStore(store, [told('sau', 'vnexpress', '03T01'), told('truoc', 'tuoitre', '01T01')])
    expect(await stories()).toEqual(['truoc-0', 'sau-0'])
  })

  it('puts the topic with more stories first, whichever that is in a week', async () => {
    const farm = { topics: { agriculture_rural: 0.9 } }
    const travel = { topics: { tourism: 0.9 } }
    await fillStore(store, [
      told('a', 'vnexpress', '01T01', farm),
      told('b', 'tuoitre', '01T02', farm),
      told('c', 'dantri', '01T03', travel),
    ])
    const before = [
      told('d', 'vnexpress', '01T01', farm),
      told('e', 'tuoitre', '01T02', travel),
      told('f', 'dantri', '01T03', travel),
    ]
    await fillStore(store, before, { shiftDays: -7 })
    const topics = async (period = week) =>
      (await compose('domestic-week', { period })).highlights.map(({ topic }) => topic.id)
    expect(await topics()).toEqual(['agriculture_rural', 'tourism'])
    expect(await topics(previousPeriod(week))).toEqual(['tourism', 'agriculture_rural'])
  })

  it('tells a story under the topic that its articles together speak of most', async () => {
    await fillStore(store, [
      told('a', 'vnexpress', '01T01', { topics: { tourism: 0.9 } }),
      told('a', 'tuoitre', '01T02', { topics: { culture_heritage: 0.5 } }),
      told('a', 'dantri', '01T03', { topics: { culture_heritage: 0.5 } }),
    ])
    expect((await compose()).highlights.map(({ topic }) => topic.id)).toEqual(['culture_heritage'])
  })

  it('leaves what no press outlet carried to the annex', async () => {
    expect(classOf('laocai_gov')).not.toBe('press')
    await fillStore(store, [told('a', 'laocai_gov', '01T01')])
    const { highlights, annex } = await compose()
    expect(highlights).toEqual([])
    expect(annex).toHaveLength(1)
  })
})

describe('the gist of a foreign article', () => {
  it('names the strongest topic first, and four places at most', async () => {
    const places = room.profile().places.slice(0, 6)
    const text = places.map(({ name }) => name).join(', ')
    const topics = { foreign_relations: 0.5, economy_trade: 0.9 }
    await fillStore(store, [
      {
        ...sample('hekou-zh'),
        outlets: ['xinhua'],
        text,
        topics,
        places: places.map(({ id, name }) => ({ id, name })),
      },
    ])
    const [matter] = mattersOf(await compose('foreign-week'))
    expect(matter?.gist?.topics).toEqual(['Kinh tế cửa khẩu, thương mại, đầu tư', 'Đối ngoại, hợp tác quốc tế'])
    expect(matter?.gist?.places).toHaveLength(4)
  })
})

describe('what is counted', () => {
  it('has reprints, articles without a topic and corrections in it, the last of every class', async () => {
    const ids = await fillStore(store, [
      told('a', 'vnexpress', '01T01', { outlets: ['vnexpress', 'tuoitre', 'dantri'] }),
      told('b', 'nld', '02T01', { topics: {} }),
      told('c', 'laocai_gov', '02T01'),
    ])
    for (const article of ['b/nld', 'c/laocai_gov'])
      await store.assessments.correct({
        ...{ articleId: ids.get(article) ?? '', field: 'tone', value: 'neutral', note: null },
        ...{ who: 'an', at: '2025-10-05T01:00:00.000Z' },
      })
    const { figures } = await compose()
    expect(figures).toMatchObject({ copies: 2, withoutTopic: 1, corrected: 2 })
    expect(figures.topics.map(({ id }) => id).toSorted()).toEqual(['agriculture_rural', 'economy_trade'])
  })

  it('lists the kinds of outlets by their articles, also those that wrote the week before alone', async () => {
    const kindOf = (id: string) => room.profile().outletDefinitions.find((outlet) => outlet.id === id)?.kind
    await fillStore(store, [
      told('a', 'vietnamplus', '01T01'),
      told('b', 'vnexpress', '01T02', { outlets: ['vnexpress', 'tuoitre'] }),
    ])
    await fillStore(store, [told('c', 'hanoimoi', '01T01')], { shiftDays: -7 })
    const { kinds } = (await compose()).figures
    expect(kinds.map(({ kind, articles }) => [kind, articles.now, articles.before])).toEqual([
      [kindOf('vnexpress'), 2, 0],
      [kindOf('vietnamplus'), 1, 0],
      [kindOf('hanoimoi'), 0, 1],
    ])
  })

  it('leaves the assessed out of what awaits its assessment', async () => {
    await fillStore(store, [told('a', 'vnexpress', '01T01'), told('b', 'tuoitre', '01T02', { level: 'mention' })])
    await fillStore(store, [told('c', 'dantri', '01T03')], { assess: false })
    expect((await compose()).figures.unassessed).toBe(1)
  })

  it('is compared with nothing where the week before was collected after its end alone', async () => {
    await fillStore(store, domesticStories)
    await fillStore(store, [sample('cua-khau')], { shiftDays: -7, seenAfterMs: 8 * DAY })
    expect((await compose()).figures.articles.before).toBeNull()
  })
})
