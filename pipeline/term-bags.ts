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
    const known = positions.get(hash)
    if (known !== undefined) {
      counts[known] = (counts[known] ?? 0) + 1
      return
    }
    const position = positions.size
    positions.set(hash, position)
    hashes[position] = hash
    idfs[position] = idfOfHashes(hash, finished(second))
    counts[position] = 1
  }
  const bags: TermBag[] = []
  let before: Token | null = null
  let [first, second] = [0, 0]
  for (let at = 0; at <= list.length; at++) {
    for (let more = bags.length; more < ends.length && ends[more] === at; more++)
      bags.push({
        hashes: hashes.subarray(0, positions.size),
        idfs: idfs.subarray(0, positions.size),
        counts: counts.slice(0, positions.size),
      })
    const token = list[at]
    if (!token) break
    const pair = before !== null && token.joined && token.kind === 'word' && before.kind === 'word'
    const ownFirst = hashed(token.text, SEED)
    const ownSecond = hashed(token.text, SECOND_SEED)
    add(ownFirst, ownSecond)
    if (pair) add(hashed(token.text, hashed(' ', first)), hashed(token.text, hashed(' ', second)))
    before = token
    ;[first, second] = [ownFirst, ownSecond]
  }
  return bags
}

/** The whole text's bag. */
export const termBag = (list: readonly Token[]): TermBag => {
  const [bag] = termBags(list, [list.length])
  if (!bag) throw new Error('A bag is made for each end that is asked for.')
  return bag
}
