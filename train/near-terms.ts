import { termVectors } from './lsa.ts'
import type { Rows } from './rows.ts'

/**
 * Vectors of words from the words that stand near them: the counts in positive pointwise mutual information, the contexts'
 * shares smoothed, factored to a few dimensions that are weighed by the root of their singular value (Levy, Goldberg and
 * Dagan, TACL 2015).
 *
 * @param texts rows of the vocabulary in order, the most frequent word being row 0
 * @returns words × k, row by row
 */
export function nearTerms(
  texts: readonly Uint32Array[],
  words: number,
  { k, window, contexts }: { readonly k: number; readonly window: number; readonly contexts: number },
  random: () => number,
): Float32Array {
  const rows = informationOf(nearCounts(texts, words, window, contexts), words, contexts)
  const directions = termVectors(rows, k, random)
  const vectors = new Float32Array(words * k)
  for (let word = 0; word < words; word++)
    for (let p = rows.start[word] as number; p < (rows.start[word + 1] as number); p++) {
      const value = rows.value[p] as number
      const from = (rows.column[p] as number) * k
      for (let d = 0; d < k; d++) (vectors[word * k + d] as number) += value * (directions[from + d] as number)
    }
  return vectors
}

/** How often each word stands near each context, words × contexts; the further apart, the less it counts. */
function nearCounts(texts: readonly Uint32Array[], words: number, window: number, contexts: number): Float32Array {
  const counts = new Float32Array(words * contexts)
  const weight = Float64Array.from({ length: window + 1 }, (_, distance) => 1 / Math.sqrt(distance))
  for (const text of texts)
    for (let i = 0; i < text.length; i++) {
      const one = text[i] as number
      const last = Math.min(text.length - 1, i + window)
      for (let j = i + 1; j <= last; j++) {
        const other = text[j] as number
        if (other < contexts) (counts[one * contexts + other] as number) += weight[j - i] as number
        if (one < contexts) (counts[other * contexts + one] as number) += weight[j - i] as number
      }
    }
  return counts
}

const SMOOTH = 0.75

function informationOf(counts: Float32Array, words: number, contexts: number): Rows {
  const ofWord = new Float64Array(words)
  const ofContext = new Float64Array(contexts)
  for (let word = 0; word < words; word++)
    for (let context = 0; context < contexts; context++) {
      const count = counts[word * contexts + context] as number
      if (count === 0) continue
      ;(ofWord[word] as number) += count
      ;(ofContext[context] as number) += count
    }
  const smoothed = ofContext.map((count) => count ** SMOOTH)
  const all = smoothed.reduce((sum, one) => sum + one, 0)
  const start = new Uint32Array(words + 1)
  const column: number[] = []
  const value: number[] = []
  for (let word = 0; word < words; word++) {
    for (let context = 0; context < contexts; context++) {
      const count = counts[word * contexts + context] as number
      if (count === 0) continue
      const information = Math.log((count * all) / ((ofWord[word] as number) * (smoothed[context] as number)))
      if (information <= 0) continue
      column.push(context)
      value.push(information)
    }
    start[word + 1] = column.length
  }
  return { start, column: Uint32Array.from(column), value: Float32Array.from(value), columns: contexts }
}
