import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { SearchIndex } from '../index/search-index.ts'
import { openSqliteIndex } from '../index/sqlite.ts'
import { searchIndexContract } from './contracts/search-index.ts'
import { sampleDocument } from './support/index-room.ts'

const folder = mkdtempSync(join(tmpdir(), 'search-index-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = () => join(folder, `index-${++files}.db`)

searchIndexContract('SQLite FTS5', () => openSqliteIndex(newFile()))

describe('the SQLite index', () => {
  const total = async (index: SearchIndex, text: string) =>
    (await index.search({ text, filters: {}, sort: 'rank', offset: 0, limit: 10 })).total

  it('keeps documents and cursor over a restart', async () => {
    const file = newFile()
    const first = await openSqliteIndex(file)
    await first.put([sampleDocument('a', { text: 'chè Shan tuyết' })], 42)
    await first.close()
    const second = await openSqliteIndex(file)
    expect(await second.cursor()).toBe(42)
    expect(await total(second, 'shan tuyết')).toBe(1)
    await second.close()
  })

  it('follows what another process writes, removes and clears', async () => {
    const file = newFile()
    const writer = await openSqliteIndex(file)
    const reader = await openSqliteIndex(file)
    expect(await total(reader, 'thổ cẩm')).toBe(0)
    await writer.put([sampleDocument('a', { text: 'thổ cẩm' }), sampleDocument('b', { text: 'thổ cẩm' })], 2)
    expect(await total(reader, 'thổ cẩm')).toBe(2)
    await writer.remove(['a'], 3)
    expect(await total(reader, 'thổ cẩm')).toBe(1)
    expect(await total(reader, '')).toBe(1)
    await writer.clear()
    expect(await total(reader, '')).toBe(0)
    await writer.put([sampleDocument('c', { text: 'thổ cẩm' })], 1)
    expect(await total(reader, 'thổ cẩm')).toBe(1)
    await writer.close()
    await reader.close()
  })

  it.each([
    [
      'is no database',
      (file: string) => writeFileSync(file, 'this is not a database, but it is longer than its header. '.repeat(100)),
    ],
    ['was cut short', (file: string) => truncateSync(file, 20_000)],
  ])('starts empty, with its cursor at 0, when its file %s', async (_, damage) => {
    const file = newFile()
    const before = await openSqliteIndex(file)
    await before.put(
      Array.from({ length: 300 }, (_, i) => sampleDocument(`d${i}`, { text: `bài số ${i} `.repeat(50) })),
      300,
    )
    await before.close()
    damage(file)
    const after = await openSqliteIndex(file)
    expect(await total(after, 'bài')).toBe(0)
    expect(await after.cursor()).toBe(0)
    await after.put([sampleDocument('a', { text: 'bài mới' })], 1)
    expect(await total(after, 'bài mới')).toBe(1)
    await after.close()
  })
})
