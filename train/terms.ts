/**
 * Makes pipeline/weights/terms.json: inverse document frequencies of syllables and pairs of syllables in Vietnamese news.
 * Statistics only, no text. Run: `node train/terms.ts` (needs ../shared/data; says so when absent).
 */
import { existsSync, writeFileSync } from 'node:fs'
import { scriptOptions } from '../cli/script-options.ts'
import { background } from './background.ts'

scriptOptions('node train/terms.ts', {})

const out = new URL('../pipeline/weights/terms.json', import.meta.url)
const SIZE = 1 << 19
const SCALE = 20
const LEAST = 5

// features.ts imports the file that this script makes.
if (!existsSync(out)) writeFileSync(out, JSON.stringify({ idf: '', scale: SCALE, unseen: 12 }))
const { slots, termCounts, tokens } = await import('../pipeline/features.ts')

const counts = new Map<string, number>()
let documents = 0
const add = (text: string) => {
  documents++
  for (const term of termCounts(tokens(text)).keys()) counts.set(term, (counts.get(term) ?? 0) + 1)
  if (documents % 20_000 === 0) for (const [term, n] of counts) if (n === 1 && counts.size > 4e6) counts.delete(term)
}
for (const { title, text } of background({ full: true })) add(`${title}\n${text}`)

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
