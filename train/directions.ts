/**
 * `node train/directions.ts`: makes pipeline/weights/vectors-vi.bin, the directions of Vietnamese words, from articles
 * without labels (the stream's titles and summaries, and older full articles; the gold items are left out). Statistics
 * only, no text. Takes some minutes and 2 GB; `npm run train` uses what it made.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { scriptOptions } from '../cli/script-options.ts'
import { DIMENSIONS, type Feature, featuresOf, tokenise } from '../pipeline/model-features.ts'
import type { TermVectors } from '../pipeline/model-sums.ts'
import { readFields } from '../pipeline/reading.ts'
import { encodeVectors } from '../pipeline/weights-format.ts'
import { dataFolder, isDataPresent, readGold } from './data.ts'
import { termVectors } from './lsa.ts'
import { quantise } from './quantise.ts'
import type { Rows } from './rows.ts'
import { seeded } from './seeded.ts'

const K = 120
const STREAM_ITEMS = 50_000
const FULL_ARTICLES = 12_000
const LEAST_DOCUMENTS = 15
const MOST_SHARE = 0.2
/** So much of a full article is read, in characters. */
const LEAD = 900

const out = new URL('../pipeline/weights/vectors-vi.bin', import.meta.url)
const streamItem = z.object({ id: z.string(), title: z.string(), summary: z.string().nullish() })
const fullArticle = z.object({ id: z.string(), title: z.string(), lead: z.string().nullish(), body: z.string() })

interface Background {
  readonly title: string
  readonly text: string
}

/** Every n-th line, so that the sample spreads over the whole file. */
function sample(name: string, size: number): unknown[] {
  const lines = gunzipSync(readFileSync(new URL(name, dataFolder)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  const step = Math.max(1, lines.length / size)
  return Array.from({ length: Math.min(size, lines.length) }, (_, i): unknown =>
    JSON.parse(lines[Math.floor(i * step)] ?? '{}'),
  )
}

function readBackground(): Background[] {
  const gold = new Set(readGold().map((item) => item.id))
  const stream = sample('news-stream-vi.jsonl.gz', STREAM_ITEMS)
    .map((line) => streamItem.parse(line))
    .filter((item) => !gold.has(`stream/${item.id}`))
    .map((item): Background => ({ title: item.title, text: item.summary ?? '' }))
  const full = sample('vietnews-other.jsonl.gz', FULL_ARTICLES)
    .map((line) => fullArticle.parse(line))
    .filter((item) => !gold.has(`vietnews/${item.id}`) && !gold.has(item.id))
    .map((item): Background => ({ title: item.title, text: `${item.lead ?? ''}\n${item.body}`.slice(0, LEAD) }))
  return [...stream, ...full]
}

function wordsOf({ title, text }: Background): readonly Feature[] {
  const article = {
    id: '',
    title: title.normalize('NFC'),
    lead: null,
    text: text.normalize('NFC'),
    outletId: null,
    language: 'vi',
    published: null,
  }
  return featuresOf(tokenise(readFields(article), []), []).words
}

function rowsOf(documents: readonly (readonly Feature[])[], rowOf: Int32Array, idf: Float32Array): Rows {
  const start = new Uint32Array(documents.length + 1)
  const column: number[] = []
  const value: number[] = []
  documents.forEach((words, i) => {
    const known = words.flatMap(({ column: c, count }) => {
      const row = rowOf[c] ?? -1
      return row < 0 ? [] : [{ row, value: (1 + Math.log(count)) * (idf[row] ?? 0) }]
    })
    const length = Math.sqrt(known.reduce((sum, one) => sum + one.value ** 2, 0)) || 1
    for (const one of known) {
      column.push(one.row)
      value.push(one.value / length)
    }
    start[i + 1] = column.length
  })
  return { start, column: Uint32Array.from(column), value: Float32Array.from(value), columns: idf.length }
}

/** The few largest numbers are cut to half, so that the many small ones keep their digits. */
const KEPT = 0.5

scriptOptions('node train/directions.ts', {})
if (!isDataPresent()) {
  console.log('../shared/data is absent: the shipped vectors stay as they are.')
} else {
  const documents = readBackground().map(wordsOf)
  const met = new Uint32Array(DIMENSIONS)
  for (const words of documents) for (const { column } of words) met[column] = (met[column] ?? 0) + 1
  const columns = Uint32Array.from(
    [...met.keys()].filter((c) => (met[c] ?? 0) >= LEAST_DOCUMENTS && (met[c] ?? 0) < documents.length * MOST_SHARE),
  )
  const rowOf = new Int32Array(DIMENSIONS).fill(-1)
  columns.forEach((column, row) => {
    rowOf[column] = row
  })
  const idf = Float32Array.from(columns, (column) => Math.log(documents.length / (met[column] ?? 1)))
  console.log(`${documents.length} articles, ${columns.length} words and pairs of words`)
  const vectors = termVectors(rowsOf(documents, rowOf, idf), K, seeded(5), 3)
  const made: TermVectors = { k: K, columns, idf, ...quantise(vectors, K, KEPT) }
  const bytes = encodeVectors(made)
  writeFileSync(out, bytes)
  console.log(`pipeline/weights/vectors-vi.bin: ${(bytes.length / 1e6).toFixed(1)} MB`)
}
