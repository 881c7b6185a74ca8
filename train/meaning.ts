/**
 * Makes pipeline/weights/meaning.json: latent semantic vectors of the terms of Vietnamese news, by subspace iteration
 * (Halko et al. 2011) on the matrix of titles, summaries and leads by terms. Run: `node train/meaning.ts` after
 * `node train/terms.ts`.
 */
import { writeFileSync } from 'node:fs'
import { scriptOptions } from '../cli/script-options.ts'
import { hash, idf, termCounts, tokens } from '../pipeline/features.ts'
import { background } from './background.ts'
import { seeded } from './seeded.ts'

scriptOptions('node train/meaning.ts', {})

const DIMENSIONS = 48
const TERMS = 22_000
const ROUNDS = 6

const counts = new Map<string, number>()
const documents: string[][] = []
for (const { title, text } of background({ full: false })) {
  const terms = [...termCounts(tokens(`${title}\n${text}`)).keys()].filter((term) => /^\p{L}/u.test(term))
  documents.push(terms)
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
}
const most = documents.length * 0.08
const vocabulary = [...counts]
  .filter(([, n]) => n <= most)
  .sort((a, b) => b[1] - a[1])
  .slice(0, TERMS)
  .map(([term]) => term)
const rowOf = new Map(vocabulary.map((term, row) => [term, row]))
const weight = Float64Array.from(vocabulary, (term) => idf(term))
const starts = new Uint32Array(documents.length + 1)
const columns: number[] = []
const norms = new Float64Array(documents.length)
for (const [d, terms] of documents.entries()) {
  let square = 0
  for (const term of terms) {
    const row = rowOf.get(term)
    if (row === undefined) continue
    columns.push(row)
    square += (weight[row] ?? 0) ** 2
  }
  starts[d + 1] = columns.length
  norms[d] = 1 / Math.sqrt(square || 1)
}
documents.length = 0
const entries = Uint32Array.from(columns)
const random = seeded(7)
let basis = new Float64Array(TERMS * DIMENSIONS).map(() => random() - 0.5)

/** Gram–Schmidt over the columns. */
const orthonormalise = (matrix: Float64Array): number[] => {
  const lengths: number[] = []
  for (let c = 0; c < DIMENSIONS; c++) {
    for (let p = 0; p < c; p++) {
      let dot = 0
      for (let r = 0; r < TERMS; r++) dot += (matrix[r * DIMENSIONS + c] ?? 0) * (matrix[r * DIMENSIONS + p] ?? 0)
      for (let r = 0; r < TERMS; r++)
        matrix[r * DIMENSIONS + c] = (matrix[r * DIMENSIONS + c] ?? 0) - dot * (matrix[r * DIMENSIONS + p] ?? 0)
    }
    let square = 0
    for (let r = 0; r < TERMS; r++) square += (matrix[r * DIMENSIONS + c] ?? 0) ** 2
    const length = Math.sqrt(square) || 1
    lengths.push(length)
    for (let r = 0; r < TERMS; r++) matrix[r * DIMENSIONS + c] = (matrix[r * DIMENSIONS + c] ?? 0) / length
  }
  return lengths
}

let lengths = orthonormalise(basis)
for (let round = 0; round < ROUNDS; round++) {
  const product = new Float64Array(TERMS * DIMENSIONS)
  const row = new Float64Array(DIMENSIONS)
  for (let d = 0; d + 1 < starts.length; d++) {
    row.fill(0)
    for (let e = starts[d] ?? 0; e < (starts[d + 1] ?? 0); e++) {
      const t = entries[e] ?? 0
      const w = (weight[t] ?? 0) * (norms[d] ?? 0)
      for (let c = 0; c < DIMENSIONS; c++) row[c] = (row[c] ?? 0) + w * (basis[t * DIMENSIONS + c] ?? 0)
    }
    for (let e = starts[d] ?? 0; e < (starts[d + 1] ?? 0); e++) {
      const t = entries[e] ?? 0
      const w = (weight[t] ?? 0) * (norms[d] ?? 0)
      for (let c = 0; c < DIMENSIONS; c++)
        product[t * DIMENSIONS + c] = (product[t * DIMENSIONS + c] ?? 0) + w * (row[c] ?? 0)
    }
  }
  basis = product
  lengths = orthonormalise(basis)
}
// A term's vector leans to the strong directions by the root of their singular value (lengths are its square).
const vectors = new Float64Array(TERMS * DIMENSIONS)
for (let t = 0; t < TERMS; t++) {
  let square = 0
  for (let c = 0; c < DIMENSIONS; c++) {
    const x = (basis[t * DIMENSIONS + c] ?? 0) / (lengths[c] ?? 1) ** 0.25
    vectors[t * DIMENSIONS + c] = x
    square += x * x
  }
  const length = Math.sqrt(square) || 1
  for (let c = 0; c < DIMENSIONS; c++) vectors[t * DIMENSIONS + c] = (vectors[t * DIMENSIONS + c] ?? 0) / length
}
const base64 = (array: Uint8Array | Uint32Array | Int8Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')
writeFileSync(
  new URL('../pipeline/weights/meaning.json', import.meta.url),
  `${JSON.stringify({
    dimensions: DIMENSIONS,
    terms: base64(Uint32Array.from(vocabulary, (term) => hash(term))),
    vectors: base64(Int8Array.from(vectors, (x) => Math.round(x * 127))),
  })}\n`,
)
console.log({ terms: vocabulary.length, singular: lengths.map((x) => x.toFixed(0)).join(' ') })
