import { beforeEach, describe, expect, it } from 'vitest'
import type { SearchDocument, SearchIndex } from '../../index/search-index.ts'
import { indexRoom, sampleDocument } from '../support/index-room.ts'
import { finding } from './search-finding.ts'
import { showing } from './search-showing.ts'

/** What every search index does, whatever holds it. `open` gives an empty one. */
export function searchIndexContract(name: string, open: () => Promise<SearchIndex>): void {
  describe(`${name}: the search index contract`, () => {
    const room = indexRoom(open)
    const { index, put, search, find } = room

    finding(room)
    showing(room)

    describe('filters and counts', () => {
      const documents = [
        sampleDocument('a', {
          text: 'mưa',
          origin: 'foreign',
          outletId: 'x',
          outletClass: 'press',
          language: 'en',
          topics: ['disaster', 'transport'],
          tone: 'negative',
          sensitive: true,
          places: ['sa-pa'],
          relevance: 'main',
          published: '2025-09-29T00:00:00.000Z',
        }),
        sampleDocument('b', {
          text: 'mưa',
          outletId: 'y',
          outletClass: 'own',
          topics: ['disaster'],
          tone: 'positive',
          places: ['bac-ha', 'sa-pa'],
          relevance: 'mention',
          published: '2025-10-01T12:00:00.000Z',
        }),
        sampleDocument('c', { text: 'nắng', outletId: 'y', relevance: 'none', published: '2025-10-06T00:00:00.000Z' }),
      ]
      beforeEach(() => put(...documents))

      it.each([
        [{ origin: 'foreign' }, ['a']],
        [{ outletClass: 'own' }, ['b']],
        [{ outletId: 'y' }, ['b', 'c']],
        [{ language: 'en' }, ['a']],
        [{ topic: 'disaster' }, ['a', 'b']],
        [{ topic: 'transport' }, ['a']],
        [{ topic: 'unknown' }, []],
        [{ tone: 'positive' }, ['b']],
        [{ place: 'sa-pa' }, ['a', 'b']],
        [{ place: 'bac-ha' }, ['b']],
        [{ relevance: 'main' }, ['a']],
        [{ relevance: 'none' }, ['c']],
        [{ relevance: 'relevant' }, ['a', 'b']],
        [{ sensitive: true }, ['a']],
        [{ sensitive: false }, ['b', 'c']],
        [{ from: '2025-10-01T12:00:00.000Z' }, ['b', 'c']],
        [{ to: '2025-10-01T12:00:00.000Z' }, ['a']],
        [{ from: '2025-09-29T00:00:00.000Z', to: '2025-10-06T00:00:00.000Z' }, ['a', 'b']],
        [{ topic: 'disaster', origin: 'domestic' }, ['b']],
      ] as const)('%o', async (filters, expected) => {
        expect((await find('', { filters })).toSorted()).toEqual(expected)
        const withWords = expected.filter((id) => id !== 'c')
        expect((await find('mưa', { filters })).toSorted()).toEqual(withWords)
      })

      it('facets over the whole result, not the page', async () => {
        expect((await search('', { limit: 1 })).facets).toEqual({
          origin: { foreign: 1, domestic: 2 },
          outletId: { x: 1, y: 2 },
          language: { en: 1, vi: 2 },
          topic: { disaster: 2, transport: 1 },
          tone: { negative: 1, positive: 1, neutral: 1 },
        })
        expect((await search('mưa', { filters: { origin: 'domestic' } })).facets).toEqual({
          origin: { domestic: 1 },
          outletId: { y: 1 },
          language: { vi: 1 },
          topic: { disaster: 1 },
          tone: { positive: 1 },
        })
      })

      it('a document that changes leaves its old facets and words', async () => {
        await put({ ...(documents[0] as SearchDocument), topics: ['culture'], tone: 'neutral', text: 'tuyết' })
        const result = await search('', { filters: { outletId: 'x' } })
        expect(result.facets.topic).toEqual({ culture: 1 })
        expect(result.facets.tone).toEqual({ neutral: 1 })
        expect(await find('mưa')).toEqual(['b'])
        expect(await find('tuyết')).toEqual(['a'])
      })
    })

    describe('keeps', () => {
      it('a cursor that put and remove set and clear resets', async () => {
        expect(await index().cursor()).toBe(0)
        await index().put([sampleDocument('a', {})], 12)
        expect(await index().cursor()).toBe(12)
        await index().put([], 15)
        expect(await index().cursor()).toBe(15)
        await index().remove(['a'], 16)
        expect(await index().cursor()).toBe(16)
        await index().clear()
        expect(await index().cursor()).toBe(0)
      })

      it('one document per id, and none after removal or clearing', async () => {
        await put(sampleDocument('a', { text: 'một' }), sampleDocument('b', { text: 'một' }))
        await put(sampleDocument('a', { text: 'một' }))
        expect((await search('một')).total).toBe(2)
        await index().remove(['a', 'never-there'], 2)
        expect(await find('một')).toEqual(['b'])
        expect((await search('')).facets.language).toEqual({ vi: 1 })
        await put(sampleDocument('a', { text: 'một' }))
        expect((await find('một')).toSorted()).toEqual(['a', 'b'])
        await index().clear()
        expect((await search('một')).total).toBe(0)
        expect((await search('')).total).toBe(0)
        await put(sampleDocument('c', { text: 'một' }))
        expect(await find('một')).toEqual(['c'])
      })
    })
  })
}
