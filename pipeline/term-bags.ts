import { finished, hashed, idfOfHashes, SECOND_SEED, SEED, type Token } from './features.ts'

/**
 * The terms of a text (words and pairs of neighbouring words, as `termCounts`) by their hashes: no string is made for a
 * pair, and each term is hashed and weighed once however often it comes.
 */
export interface TermBag {
  /** Hashes of the distinct terms, in order of their first occurrence. */
  readonly hashes: Uint32Array
  /** Inverse document frequency of each. */
  readonly idfs: Float64Array
  /** Occurrences of each. */
  readonly counts: Uint16Array
}

/**
 * One bag for each beginning of a text, of `ends` tokens, ascending: a title, an opening and the whole share their
 * terms, so they are read in one walk. Terms of a shorter beginning come first in a longer one.
 */
export function termBags(list: readonly Token[], ends: readonly number[]): TermBag[] {
  const positions = new Map<number, number>()
  const hashes = new Uint32Array(2 * list.length)
  const idfs = new Float64Array(2 * list.length)
  const counts = new Uint16Array(2 * list.length)
  const add = (first: number, second: number) => {
    const hash = finished(first)
    // Signed, since a small integer is a cheaper key.
    const known = positions.get(hash | 0)
    if (known !== undefined) {
      counts[known] = (counts[known] ?? 0) + 1
      return
    }
    const position = positions.size
    positions.set(hash | 0, position)
    hashes[position] = hash
    idfs[position] = idfOfHashes(hash, finished(second))
    counts[position] = 1
  }
  const bags: TermBag[] = []
  const bagsAt = (at: number) => {
    for (let more = bags.length; more < ends.length && ends[more] === at; more++)
      bags.push({
        hashes: hashes.subarray(0, positions.size),
        idfs: idfs.subarray(0, positions.size),
        counts: counts.slice(0, positions.size),
      })
  }
  eachTerm(list, add, bagsAt)
  bagsAt(list.length)
  return bags
}

/** Gives the states of both hashes of each term in turn; `reached` is told how many tokens are read. */
function eachTerm(
  list: readonly Token[],
  add: (first: number, second: number) => void,
  reached?: (at: number) => void,
): void {
  let before: Token | null = null
  let [first, second] = [0, 0]
  for (let at = 0; at < list.length; at++) {
    reached?.(at)
    const token = list[at]
    if (!token) continue
    const pair = before !== null && token.joined && token.kind === 'word' && before.kind === 'word'
    const ownFirst = hashed(token.text, SEED)
    const ownSecond = hashed(token.text, SECOND_SEED)
    add(ownFirst, ownSecond)
    if (pair) add(hashed(token.text, hashed(' ', first)), hashed(token.text, hashed(' ', second)))
    before = token
    first = ownFirst
    second = ownSecond
  }
}

/** The whole text's bag. */
export const termBag = (list: readonly Token[]): TermBag => {
  const [bag] = termBags(list, [list.length])
  if (!bag) throw new Error('A bag is made for each end that is asked for.')
  return bag
}

/** What a term weighs in a text that has it so often. */
export const termWeight = (idf: number, count: number): number => (1 + Math.log(count)) * idf

/** The terms of a sentence, kept by the reader that read it. */
export interface SentenceTerms {
  readonly reader: TermReader
  readonly from: number
  readonly to: number
}

/** Terms by hash, in order of their first occurrence, with their weights. */
export interface WeighedTerms {
  readonly hashes: Uint32Array
  readonly weights: Float64Array
}

/**
 * Reads the sentences of a cluster: a term is weighed once however many have it, and all are kept in one array, since
 * small arrays cost more than the work on them.
 */
export interface TermReader {
  readonly read: (list: readonly Token[]) => SentenceTerms
  /** Terms of sentences one after the other, which share no pair of words. Overwritten by the next call. */
  readonly weighed: (sentences: readonly SentenceTerms[]) => WeighedTerms
}

export function termReader(): TermReader {
  const numberOf = new Map<number, number>()
  /** By number: a term's hash and rarity, the last text that had it, and where it stands there. */
  const hashOf: number[] = []
  const idfOf: number[] = []
  const lastIn: number[] = []
  const placeOf: number[] = []
  let texts = 0
  let numbers = new Uint32Array(1024)
  let counts = new Uint16Array(1024)
  let size = 0
  /** What `weighed` hands out, and the numbers of the terms that it counts. */
  let hashes = new Uint32Array(512)
  let weights = new Float64Array(512)
  let counted = new Uint32Array(512)
  const add = (first: number, second: number) => {
    const hash = finished(first)
    // Signed, since a small integer is a cheaper key.
    let number = numberOf.get(hash | 0)
    if (number === undefined) {
      number = numberOf.size
      numberOf.set(hash | 0, number)
      hashOf.push(hash)
      idfOf.push(idfOfHashes(hash, finished(second)))
      lastIn.push(0)
      placeOf.push(0)
    }
    if (lastIn[number] === texts) {
      const place = placeOf[number] ?? 0
      counts[place] = (counts[place] ?? 0) + 1
      return
    }
    lastIn[number] = texts
    placeOf[number] = size
    numbers[size] = number
    counts[size++] = 1
  }
  const reader: TermReader = {
    read: (list) => {
      texts++
      const from = size
      if (numbers.length < size + 2 * list.length) {
        const wider = 2 * (size + 2 * list.length)
        const [oldNumbers, oldCounts] = [numbers, counts]
        numbers = new Uint32Array(wider)
        counts = new Uint16Array(wider)
        numbers.set(oldNumbers)
        counts.set(oldCounts)
      }
      eachTerm(list, add)
      return { reader, from, to: size }
    },
    weighed: (sentences) => {
      texts++
      if (weights.length < numberOf.size) {
        hashes = new Uint32Array(2 * numberOf.size)
        weights = new Float64Array(2 * numberOf.size)
        counted = new Uint32Array(2 * numberOf.size)
      }
      let terms = 0
      for (const { from, to } of sentences)
        for (let at = from; at < to; at++) {
          const number = numbers[at] ?? 0
          if (lastIn[number] !== texts) {
            lastIn[number] = texts
            placeOf[number] = terms
            counted[terms] = number
            weights[terms++] = 0
          }
          const place = placeOf[number] ?? 0
          weights[place] = (weights[place] ?? 0) + (counts[at] ?? 0)
        }
      for (let place = 0; place < terms; place++) {
        const number = counted[place] ?? 0
        hashes[place] = hashOf[number] ?? 0
        weights[place] = termWeight(idfOf[number] ?? 0, weights[place] ?? 0)
      }
      return { hashes: hashes.subarray(0, terms), weights: weights.subarray(0, terms) }
    },
  }
  return reader
}
