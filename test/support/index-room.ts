import { afterEach, beforeEach } from 'vitest'
import type { SearchDocument, SearchIndex, SearchQuery, SearchResult, Snippet } from '../../index/search-index.ts'

/** A sample document written for these tests. */
export function sampleDocument(id: string, fields: Partial<SearchDocument>): SearchDocument {
  return {
    id,
    title: `Tin mẫu ${id}`,
    lead: null,
    text: 'Nội dung mẫu.',
    outletId: 'sample-daily',
    outletName: 'Sample Daily',
    origin: 'domestic',
    outletClass: 'press',
    language: 'vi',
    published: '2025-10-01T00:00:00.000Z',
    relevance: 'main',
    topics: [],
    tone: 'neutral',
    sensitive: false,
    places: [],
    storyId: null,
    ...fields,
  }
}

const query = (text: string, more: Partial<SearchQuery> = {}): SearchQuery => ({
  text,
  filters: {},
  sort: 'rank',
  offset: 0,
  limit: 20,
  ...more,
})
const idsOf = (result: SearchResult): string[] => result.hits.map((hit) => hit.id)
export const marked = ({ text, highlights }: Snippet): string[] =>
  highlights.map(({ from, to }) => text.slice(from, to))

/** An index of each test's own, and what the tests ask of it. */
export interface IndexRoom {
  readonly index: () => SearchIndex
  readonly put: (...documents: SearchDocument[]) => Promise<void>
  readonly search: (text: string, more?: Partial<SearchQuery>) => Promise<SearchResult>
  /** Ids of what is found, in its order. */
  readonly find: (text: string, more?: Partial<SearchQuery>) => Promise<string[]>
}

/** Call it once within a `describe`. */
export function indexRoom(open: () => Promise<SearchIndex>): IndexRoom {
  let index: SearchIndex
  beforeEach(async () => {
    index = await open()
  })
  afterEach(() => index.close())
  const search: IndexRoom['search'] = (text, more = {}) => index.search(query(text, more))
  return {
    index: () => index,
    put: (...documents) => index.put(documents, 1),
    search,
    find: async (text, more) => idsOf(await search(text, more)),
  }
}
