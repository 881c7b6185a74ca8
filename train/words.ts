/**
 * `node train/words.ts`: makes pipeline/weights/words-vi.bin, vectors of Vietnamese words and fixed pairs of words, from
 * articles without labels (the stream's titles and summaries, and older full articles; the gold items are left out), by
 * factoring which words stand near which, in positive pointwise mutual information (Levy, O., Goldberg, Y. and Dagan, I.,
 * "Improving distributional similarity with lessons learned from word embeddings", TACL 2015). Vietnamese writes syllables
 * apart: pairs that stand together far more often than chance become one word first (Mikolov, T. et al., "Distributed
 * representations of words and phrases and their compositionality", NIPS 2013). Statistics only, no text. Takes some
 * minutes and 3 GB; `npm run train` uses what it made.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { scriptOptions } from '../cli/script-options.ts'
import { mix, tokenise } from '../pipeline/model-features.ts'
import { readFields } from '../pipeline/reading.ts'
import { encodeVectors } from '../pipeline/weights-format.ts'
import { dataFolder, isDataPresent, readGold } from './data.ts'
import { nearTerms } from './near-terms.ts'
import { quantise } from './quantise.ts'
import { seeded } from './seeded.ts'

const K = 100
const LEAST_COUNT = 10
const MOST_WORDS = 24_000
/** So much of a full article is read, in characters. */
const LEAD = 1500
/** Words to each side that are near. */
const WINDOW = 8
/** So many of the most frequent words are what others stand near. */
const CONTEXTS = 9_000
const LEAST_PAIR = 20
/** How much more often than chance a pair must stand together. */
const BOUND = 10
/** Frequent words say less: their weight in an article's vector is RARE / (RARE + share of all words) (Arora et al. 2017). */
const RARE = 1e-3

const out = new URL('../pipeline/weights/words-vi.bin', import.meta.url)
const streamItem = z.object({ id: z.string(), title: z.string(), summary: z.string().nullish() })
const fullArticle = z.object({ id: z.string(), title: z.string(), lead: z.string().nullish(), body: z.string() })

const linesOf = (name: string): string[] =>
  gunzipSync(readFileSync(new URL(name, dataFolder)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')

/** Between two sentences, and between two articles. */
const STOP = 0

/** The words of an article, by their hashes, with stops between sentences. */
function wordsOf(title: string, text: string): number[] {
  const article = {
    id: '',
    title: title.normalize('NFC'),
    lead: null,
    text: text.normalize('NFC'),
    outletId: null,
    language: 'vi',
    published: null,
  }
  const words: number[] = []
  let sentence = 0
  for (const token of tokenise(readFields(article), [])) {
    if (token.sentence !== sentence) words.push(STOP)
    sentence = token.sentence
    words.push(token.hash)
  }
  return words
}

/** All words of the background, one article after the other; articles begin where `starts` says. */
function readBackground(): { words: Uint32Array; starts: number[] } {
  const gold = new Set(readGold().map((item) => item.id))
  const seen = new Set<string>()
  let words = new Uint32Array(1 << 22)
  let n = 0
  const starts: number[] = []
  const add = (title: string, text: string): void => {
    if (seen.has(title)) return
    seen.add(title)
    const own = wordsOf(title, text)
    if (n + own.length > words.length) {
      const larger = new Uint32Array(words.length * 2)
      larger.set(words)
      words = larger
    }
    starts.push(n)
    words.set(own, n)
    n += own.length
  }
  for (const line of linesOf('news-stream-vi.jsonl.gz')) {
    const item = streamItem.parse(JSON.parse(line))
    if (!gold.has(`stream/${item.id}`)) add(item.title, item.summary ?? '')
  }
  for (const line of linesOf('vietnews-other.jsonl.gz')) {
    const item = fullArticle.parse(JSON.parse(line))
    if (!gold.has(item.id)) add(item.title, `${item.lead ?? ''}\n${item.body}`.slice(0, LEAD))
  }
  starts.push(n)
  return { words: words.subarray(0, n), starts }
}

/** Counts by the low bits of the hash: collisions are rare and only blur a count. */
const CELLS = 1 << 24
const cell = (hash: number): number => (hash ^ (hash >>> 8)) & (CELLS - 1)

/** Each pair that is bound becomes one word, from left to right; others stay. */
function bindPairs(words: Uint32Array): Uint32Array {
  const single = new Uint32Array(CELLS)
  const pair = new Uint32Array(CELLS)
  const add = (counts: Uint32Array, hash: number): void => {
    counts[cell(hash)] = (counts[cell(hash)] ?? 0) + 1
  }
  words.forEach((word, i) => {
    if (word === STOP) return
    add(single, word)
    const next = words[i + 1] ?? STOP
    if (next !== STOP) add(pair, mix(word, next))
  })
  const distinct = [single, pair].reduce(
    (sum, counts) => sum + counts.reduce((n, count) => n + (count > 0 ? 1 : 0), 0),
    0,
  )
  const isBound = (a: number, b: number): boolean => {
    const together = (pair[cell(mix(a, b))] ?? 0) - LEAST_PAIR
    return together > 0 && (together * distinct) / ((single[cell(a)] ?? 1) * (single[cell(b)] ?? 1)) > BOUND
  }
  const bound = new Uint32Array(words.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? STOP
    const next = words[i + 1] ?? STOP
    // The second word's place stays empty, so that articles begin where they began.
    if (word !== STOP && next !== STOP && isBound(word, next)) {
      bound[i] = mix(word, next)
      i++
    } else bound[i] = word
  }
  return bound
}

scriptOptions('node train/words.ts', {})
if (!isDataPresent()) {
  console.log('../shared/data is absent: the shipped vectors stay as they are.')
} else {
  const { words, starts } = readBackground()
  const bound = bindPairs(words)
  const counts = new Map<number, number>()
  for (const word of bound) if (word !== STOP) counts.set(word, (counts.get(word) ?? 0) + 1)
  const vocabulary = [...counts]
    .filter(([, count]) => count >= LEAST_COUNT)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, MOST_WORDS)
  const rowOf = new Map(vocabulary.map(([word], row) => [word, row]))
  const frequency = Float64Array.from(vocabulary, ([, count]) => count)
  const total = frequency.reduce((sum, count) => sum + count, 0)
  const texts = starts.slice(0, -1).map((from, i) => {
    const rows: number[] = []
    for (let at = from; at < (starts[i + 1] ?? 0); at++) {
      const row = rowOf.get(bound[at] ?? STOP)
      if (row !== undefined) rows.push(row)
    }
    return Uint32Array.from(rows)
  })
  console.log(`${texts.length} articles, ${total} words, ${vocabulary.length} distinct`)
  const vectors = nearTerms(texts, frequency.length, { k: K, window: WINDOW, contexts: CONTEXTS }, seeded(11))
  const bytes = encodeVectors({
    k: K,
    columns: Uint32Array.from(vocabulary, ([word]) => word),
    idf: Float32Array.from(frequency, (count) => RARE / (RARE + count / total)),
    ...quantise(vectors, K, 1),
  })
  writeFileSync(out, bytes)
  console.log(`pipeline/weights/words-vi.bin: ${(bytes.length / 1e6).toFixed(1)} MB`)
}
