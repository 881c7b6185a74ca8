import { squareOf } from './vectors.ts'

/** How like the sentences of a cluster are to each other and to other terms: cosines, through the terms that they share. */

/** A sentence by its terms, as `packTerms` gives them. */
interface Packed {
  readonly terms: Uint32Array
}

/** In which sentences each term stands, and how heavily: what shares no term with a sentence is never compared with it. */
export interface Postings {
  /** By the key of a term: its number. */
  readonly numberOf: ReadonlyMap<number, number>
  /** Numbers of the terms of all sentences, one after the other, and where each sentence's begin. */
  readonly numbers: Uint32Array
  readonly firsts: Uint32Array
  /** By number: where its sentences begin in `standsIn`, which has them ascending; the last is the end. */
  readonly begins: Uint32Array
  readonly standsIn: Uint32Array
  /** The term's weight in each. */
  readonly weights: Uint8Array
  readonly squares: Float64Array
}

export function postingsOf(sentences: readonly Packed[]): Postings {
  const n = sentences.length
  const firsts = new Uint32Array(n + 1)
  const squares = new Float64Array(n)
  for (const [i, { terms }] of sentences.entries()) {
    firsts[i + 1] = (firsts[i] ?? 0) + terms.length
    squares[i] = squareOf(terms)
  }
  const numbers = new Uint32Array(firsts[n] ?? 0)
  const numberOf = new Map<number, number>()
  let at = 0
  for (const { terms } of sentences)
    for (const term of terms) {
      let number = numberOf.get(term >>> 8)
      if (number === undefined) {
        number = numberOf.size
        numberOf.set(term >>> 8, number)
      }
      numbers[at++] = number
    }
  const begins = new Uint32Array(numberOf.size + 1)
  for (const number of numbers) begins[number + 1] = (begins[number + 1] ?? 0) + 1
  for (let number = 1; number < begins.length; number++)
    begins[number] = (begins[number] ?? 0) + (begins[number - 1] ?? 0)
  const standsIn = new Uint32Array(numbers.length)
  const weights = new Uint8Array(numbers.length)
  const next = begins.slice()
  at = 0
  for (const [i, { terms }] of sentences.entries())
    for (const term of terms) {
      const number = numbers[at++] ?? 0
      const free = next[number] ?? 0
      standsIn[free] = i
      weights[free] = term & 255
      next[number] = free + 1
    }
  return { numberOf, numbers, firsts, begins, standsIn, weights, squares }
}

/** Adds to the sentences' products, of which `values` has the first so many from `at`, what a term of this weight shares with them. */
function addProducts(
  postings: Postings,
  number: number,
  weight: number,
  values: Float64Array,
  at: number,
  count: number,
) {
  const { begins, standsIn, weights } = postings
  const end = begins[number + 1] ?? 0
  for (let posting = begins[number] ?? 0; posting < end; posting++) {
    const i = standsIn[posting] ?? 0
    if (i >= count) break
    values[at + i] = (values[at + i] ?? 0) + weight * (weights[posting] ?? 0)
  }
}

/** Cosines of all sentences with other terms. */
export function likeness(postings: Postings, terms: Uint32Array): Float64Array {
  const { numberOf, squares } = postings
  const values = new Float64Array(squares.length)
  for (const term of terms) {
    const number = numberOf.get(term >>> 8)
    if (number !== undefined) addProducts(postings, number, term & 255, values, 0, values.length)
  }
  const square = squareOf(terms)
  for (let i = 0; i < values.length; i++)
    if (values[i] !== 0) values[i] = (values[i] ?? 0) / Math.sqrt(square * (squares[i] ?? 0))
  return values
}

/** Cosines of all pairs of sentences: row by row, 1 in the diagonal. */
export function similarities(sentences: readonly Packed[], postings = postingsOf(sentences)): Float64Array {
  const { numbers, firsts, squares } = postings
  const n = sentences.length
  const similar = new Float64Array(n * n)
  for (const [i, { terms }] of sentences.entries()) {
    const first = firsts[i] ?? 0
    const row = i * n
    for (let t = 0; t < terms.length; t++)
      addProducts(postings, numbers[first + t] ?? 0, (terms[t] ?? 0) & 255, similar, row, i)
    for (let j = 0; j < i; j++) {
      const product = similar[row + j] ?? 0
      if (product === 0) continue
      similar[row + j] = product / Math.sqrt((squares[i] ?? 0) * (squares[j] ?? 0))
      similar[j * n + i] = similar[row + j] ?? 0
    }
    similar[row + i] = 1
  }
  return similar
}
