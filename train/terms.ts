/**
 * Makes pipeline/weights/terms.json: inverse document frequencies of syllables and pairs of syllables in Vietnamese news.
 * Statistics only, no text. Run: `node train/terms.ts` (needs ../shared/data; says so when absent).
 *
 * Background: the stream of titles and summaries, without the weeks of the story gold (±3 days), so that what the gold
 * measures is not in the statistics; and 30,000 older full articles.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const data = new URL('../../shared/data/', import.meta.url)
const out = new URL('../pipeline/weights/terms.json', import.meta.url)
const SIZE = 1 << 19
const SCALE = 20
const LEAST = 5

if (!existsSync(data)) {
  console.error('train/terms.ts: ../shared/data is absent; nothing was made')
  process.exit(1)
}
// features.ts imports the file that this script makes.
if (!existsSync(out)) writeFileSync(out, JSON.stringify({ idf: '', scale: SCALE, unseen: 12 }))
const { slots, termCounts, tokens } = await import('../pipeline/features.ts')

const lines = function* (name: string): Generator<Record<string, unknown>> {
  for (const line of gunzipSync(readFileSync(new URL(name, data)))
    .toString()
    .split('\n'))
    if (line) yield JSON.parse(line)
}
const counts = new Map<string, number>()
let documents = 0
const add = (text: string) => {
  documents++
  for (const term of termCounts(tokens(text.normalize('NFC'))).keys()) counts.set(term, (counts.get(term) ?? 0) + 1)
  if (documents % 20_000 === 0) for (const [term, n] of counts) if (n === 1 && counts.size > 4e6) counts.delete(term)
}
for (const item of lines('news-stream-vi.jsonl.gz')) {
  const day = String(item.published).slice(0, 10)
  const gold = (day >= '2025-09-26' && day <= '2025-10-08') || (day >= '2026-01-30' && day <= '2026-02-08')
  if (!gold) add(`${item.title}\n${item.summary ?? ''}`)
}
for (const item of lines('vietnews-other.jsonl.gz')) add(`${item.title}\n${item.lead ?? ''}\n${item.body ?? ''}`)

const table = new Uint8Array(SIZE)
let kept = 0
for (const [term, n] of counts) {
  if (n < LEAST) continue
  kept++
  const value = Math.max(1, Math.round(Math.log(documents / n) * SCALE))
  for (const slot of slots(term, SIZE)) table[slot] = table[slot] ? Math.min(table[slot] ?? 255, value) : value
}
const unseen = Math.log(documents / 2)
writeFileSync(
  out,
  `${JSON.stringify({ scale: SCALE, unseen: Number(unseen.toFixed(3)), documents, terms: kept, idf: Buffer.from(table).toString('base64') })}\n`,
)
console.log({ documents, terms: kept, unseen })
