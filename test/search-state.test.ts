import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import {
  LAST_PAGE,
  parseSearch,
  type SearchState,
  START,
  searchHref,
  toQuery,
  withChange,
  without,
} from '../web/search-state.ts'

const root = join(import.meta.dirname, '..')
let profile: Profile
beforeAll(async () => {
  profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
})
const stateOf = (query: string): SearchState =>
  parseSearch(Object.fromEntries(new URLSearchParams(query)), profile).state

describe('what a search is, read from its address', () => {
  it('is the same however its letters are composed', () => {
    const composed = 'lũ quét'.normalize('NFC')
    expect(stateOf(`q=${encodeURIComponent(composed.normalize('NFD'))}`).q).toBe(composed)
  })

  it('is cut where a query is longer than anyone types', () => {
    expect(stateOf(`q=${'a'.repeat(5000)}`).q).toHaveLength(300)
  })

  it('has no page beyond the last one that is shown, and says what it left out', () => {
    expect(stateOf(`page=${LAST_PAGE}`).page).toBe(LAST_PAGE)
    const beyond = String(LAST_PAGE + 1)
    const { state, ignored } = parseSearch({ page: beyond }, profile)
    expect([state.page, ignored]).toEqual([1, [`page=${beyond}`]])
  })

  it('begins at the first page again when a condition comes or goes, and keeps the others', () => {
    const third = stateOf('q=ch%E1%BB%A3&tone=negative&origin=foreign&page=3')
    expect(searchHref(third)).toContain('page=3')
    for (const other of [withChange(third, { sensitive: true }), without(third, 'tone'), without(third, 'relevance')])
      expect(other).toMatchObject({ page: 1, q: 'chợ', origin: 'foreign' })
    expect(without(third, 'tone').tone).toBeNull()
    expect(without(third, 'relevance').relevance).toBe('all')
  })

  it('is written back as it was read, without what is usual', () => {
    for (const address of [
      '/search',
      '/search?q=ch%E1%BB%A3&sort=newest',
      '/search?tone=negative&sort=rank',
      '/search?q=a&relevance=all&sensitive=1&from=2025-10-01&to=2025-10-03&page=2',
    ])
      expect(searchHref(stateOf(address.split('?')[1] ?? ''))).toBe(address)
    expect(stateOf('')).toEqual(START)
  })

  it('asks for whole days of the province, and for the articles of its page', () => {
    const { filters, offset, limit } = toQuery(stateOf('from=2025-10-01&to=2025-10-03&page=3'))
    expect(filters).toMatchObject({ from: '2025-09-30T17:00:00.000Z', to: '2025-10-03T17:00:00.000Z' })
    expect(offset).toBe(2 * limit)
  })
})
