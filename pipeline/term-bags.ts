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

/** The bag of a sentence, its terms numbered among those of all that its reader has read. */
export interface NumberedBag extends TermBag {
  readonly numbers: Uint32Array
}

/** Reads the sentences of a cluster into bags, one after the other: a term is weighed once however many have it. */
export function bagReader(): (list: readonly Token[]) => NumberedBag {
  const numberOf = new Map<number, number>()
  const idfOf: number[] = []
  /** The last sentence with a term, and where in its bag. */
  const lastIn: number[] = []
  const placeOf: number[] = []
  let sentence = 0
  // Filled anew for each sentence; what it has is copied.
  let [hashes, numbers, counts] = [new Uint32Array(256), new Uint32Array(256), new Uint16Array(256)]
  let size = 0
  const add = (first: number, second: number) => {
    const hash = finished(first)
    // Signed, since a small integer is a cheaper key.
    let number = numberOf.get(hash | 0)
    if (number === undefined) {
      number = numberOf.size
      numberOf.set(hash | 0, number)
      idfOf.push(idfOfHashes(hash, finished(second)))
      lastIn.push(0)
      placeOf.push(0)
    }
    if (lastIn[number] === sentence) {
      const place = placeOf[number] ?? 0
      counts[place] = (counts[place] ?? 0) + 1
      return
    }
    lastIn[number] = sentence
    placeOf[number] = size
    hashes[size] = hash
    numbers[size] = number
    counts[size++] = 1
  }
  return (list) => {
    sentence++
    size = 0
    const most = 2 * list.length
    if (most > hashes.length)
      [hashes, numbers, counts] = [new Uint32Array(most), new Uint32Array(most), new Uint16Array(most)]
    eachTerm(list, add)
    const idfs = new Float64Array(size)
    for (let at = 0; at < size; at++) idfs[at] = idfOf[numbers[at] ?? 0] ?? 0
    return { hashes: hashes.slice(0, size), numbers: numbers.slice(0, size), idfs, counts: counts.slice(0, size) }
  }
}

/** The bag of sentences one after the other, which share no pair of words; all are of one reader. */
export function mergedBag(bags: readonly NumberedBag[]): TermBag {
  const most = bags.reduce((sum, { hashes }) => sum + hashes.length, 0)
  const [hashes, idfs, counts] = [new Uint32Array(most), new Float64Array(most), new Uint16Array(most)]
  const placeOf: number[] = []
  let size = 0
  for (const bag of bags)
    for (let at = 0; at < bag.numbers.length; at++) {
      const number = bag.numbers[at] ?? 0
      let place = placeOf[number]
      if (place === undefined) {
        place = size++
        placeOf[number] = place
        hashes[place] = bag.hashes[at] ?? 0
        idfs[place] = bag.idfs[at] ?? 0
      }
      counts[place] = (counts[place] ?? 0) + (bag.counts[at] ?? 0)
    }
  return { hashes: hashes.subarray(0, size), idfs: idfs.subarray(0, size), counts: counts.subarray(0, size) }
}
