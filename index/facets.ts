import type { SearchDocument, SearchFilters, SearchResult } from './search-index.ts'

/** What filters and facets need of a document. */
export type Facts = Omit<SearchDocument, 'id' | 'title' | 'lead' | 'text' | 'outletName' | 'storyId'>

/** Numbers for the values of one property, in the order met. */
interface Dictionary {
  readonly code: (value: string) => number
  readonly find: (value: string) => number
  readonly values: readonly string[]
}

function dictionary(): Dictionary {
  const codes = new Map<string, number>()
  const values: string[] = []
  return {
    values,
    find: (value) => codes.get(value) ?? -1,
    code: (value) => {
      const known = codes.get(value)
      if (known !== undefined) return known
      codes.set(value, values.length)
      return values.push(value) - 1
    },
  }
}

const single = ['origin', 'outletClass', 'outletId', 'language', 'tone', 'relevance'] as const
const several = ['topics', 'places'] as const

/**
 * The filterable properties of all documents as columns in memory, by row number: filters and facets over a whole
 * result are then one pass over numbers (about 60 bytes per document).
 */
export interface FacetColumns {
  readonly set: (row: number, facts: Facts) => void
  readonly remove: (row: number) => void
  readonly clear: () => void
  /** All rows that hold a document. */
  readonly all: () => number[]
  /** Milliseconds since 1970. */
  readonly published: (row: number) => number
  readonly filter: (filters: SearchFilters) => (row: number) => boolean
  readonly count: (rows: readonly number[]) => SearchResult['facets']
}

export function facetColumns(): FacetColumns {
  const names = Object.fromEntries([...single, ...several].map((name) => [name, dictionary()])) as Record<
    (typeof single)[number] | (typeof several)[number],
    Dictionary
  >
  const columns = Object.fromEntries(single.map((name) => [name, [] as number[]])) as Record<
    (typeof single)[number],
    number[]
  >
  const lists = { topics: [] as (readonly number[])[], places: [] as (readonly number[])[] }
  let times: number[] = []
  let sensitive: boolean[] = []
  let live: boolean[] = []

  return {
    set: (row, facts) => {
      live[row] = true
      for (const name of single) columns[name][row] = names[name].code(facts[name])
      for (const name of several) lists[name][row] = [...new Set(facts[name])].map(names[name].code)
      times[row] = Date.parse(facts.published)
      sensitive[row] = facts.sensitive
    },
    remove: (row) => {
      live[row] = false
    },
    clear: () => {
      live = []
      for (const name of single) columns[name].length = 0
      for (const name of several) lists[name].length = 0
      times = []
      sensitive = []
    },
    all: () => times.flatMap((_, row) => (live[row] ? [row] : [])),
    published: (row) => times[row] ?? 0,

    filter: (filters) => {
      const tests: ((row: number) => boolean)[] = []
      for (const name of single) {
        const value = filters[name]
        if (value === undefined) continue
        const column = columns[name]
        const codes = (value === 'relevant' ? ['main', 'mention'] : [value]).map(names[name].find)
        tests.push((row) => codes.includes(column[row] ?? -2))
      }
      for (const [name, value] of [
        ['topics', filters.topic],
        ['places', filters.place],
      ] as const) {
        if (value === undefined) continue
        const code = names[name].find(value)
        tests.push((row) => lists[name][row]?.includes(code) ?? false)
      }
      if (filters.sensitive !== undefined) tests.push((row) => sensitive[row] === filters.sensitive)
      // An instant that is none lets nothing through: every comparison with NaN is false.
      const { from, to } = filters
      if (from !== undefined) {
        const limit = Date.parse(from)
        tests.push((row) => (times[row] ?? 0) >= limit)
      }
      if (to !== undefined) {
        const limit = Date.parse(to)
        tests.push((row) => (times[row] ?? 0) < limit)
      }
      return (row) => live[row] === true && tests.every((test) => test(row))
    },

    count: (rows) => {
      const countSingle = (name: 'origin' | 'outletId' | 'language' | 'tone') => {
        const counts = new Uint32Array(names[name].values.length)
        const column = columns[name]
        for (const row of rows) {
          const code = column[row] ?? 0
          counts[code] = (counts[code] ?? 0) + 1
        }
        return named(names[name], counts)
      }
      const topics = new Uint32Array(names.topics.values.length)
      for (const row of rows) for (const code of lists.topics[row] ?? []) topics[code] = (topics[code] ?? 0) + 1
      return {
        origin: countSingle('origin'),
        outletId: countSingle('outletId'),
        language: countSingle('language'),
        topic: named(names.topics, topics),
        tone: countSingle('tone'),
      }
    },
  }
}

function named({ values }: Dictionary, counts: Uint32Array): Record<string, number> {
  const result: Record<string, number> = {}
  values.forEach((value, code) => {
    const count = counts[code] ?? 0
    if (count > 0) result[value] = count
  })
  return result
}
