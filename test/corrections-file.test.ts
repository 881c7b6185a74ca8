import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCorrections } from '../train/data.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corrections-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fileOf = (...lines: string[]): string => {
  const file = join(folder, 'corrections.jsonl')
  writeFileSync(file, lines.join('\n'))
  return file
}
const one = JSON.stringify({ id: 'a', title: 'Bản mẫu', text: 'Chợ phiên.', relevance: 'main', sensitive: false })

describe('a file of corrections', () => {
  it('is read as the monitor exports it, null where nothing was said', () => {
    expect(readCorrections(fileOf(one, ''))).toEqual([
      {
        ...{ id: 'a', title: 'Bản mẫu', text: 'Chợ phiên.', set: 'correction' },
        ...{ relevance: 'main', topics: null, tone: null, sensitive: false },
      },
    ])
  })

  it('is refused with its name and a remedy where it is not there', () => {
    const file = join(folder, 'elsewhere.jsonl')
    expect(() => readCorrections(file)).toThrow(
      expect.objectContaining({
        code: 'corrections.unreadable',
        message: expect.stringContaining(file),
        remedy: expect.stringContaining('cli -- corrections'),
      }),
    )
  })

  it('is refused with the number of the line that is no correction', () => {
    for (const line of ['{"id":', '{"id":"b"}', JSON.stringify({ id: 'b', title: '', text: '', tone: 'angry' })])
      expect(() => readCorrections(fileOf(one, '', line))).toThrow(
        expect.objectContaining({ code: 'corrections.invalid', message: expect.stringMatching(/^Line 3 of /) }),
      )
  })
})
