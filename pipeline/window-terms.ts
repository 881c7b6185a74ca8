import { idfsOf, type Packed, SECTIONS, sectionOf, WEIGHT } from './vectors.ts'

/**
 * How much a term says in the window at hand. The background knows how common a word is in all news; in the week of a
 * flood, "lũ" tells no two floods apart. The window's own counts are mixed with the background's as so many virtual
 * articles. The pair that is compared is not counted: two articles that share a rare name must not make it common.
 */
export interface WindowTerms {
  readonly add: (packed: Packed) => void
  readonly remove: (packed: Packed) => void
  /** `b` has been added, `a` has not, unless `both`. */
  readonly compare: (a: Packed, b: Packed, both?: boolean) => WindowOverlap
}

export interface WindowOverlap {
  /** Of the texts, 0 to 1, with the window's weights. */
  readonly cosine: number
  /** Of the names, 0 to 1. */
  readonly names: number
  /** Weights of the rarest shared terms, falling: the first, second, third and fifth are features. */
  readonly rarest: Float64Array
}

/** Articles that the background stands for. */
const BACKGROUND = 300
/** A larger window is counted as one of so many articles, so that rarity means the same in every window. */
const LIKE = 1000
const SLOTS = 1 << 20
const SLOT = SLOTS - 1
const ALL = SECTIONS.indexOf('all')
const NAMES = SECTIONS.indexOf('names')
/** Names are counted apart from the terms of the same spelling. */
const NAME = 0x5bd1e
const RAREST = 5
const END = 0x1000000
/** Counts whose rarities are kept in a table. */
const TABLED = 64

/** Virtual articles of the background that have a term, by the byte of its rarity. */
const expected = Float64Array.from({ length: 256 }, (_, byte) => BACKGROUND * Math.exp(-byte / WEIGHT) + 0.2)

export function createWindowTerms(): WindowTerms {
  const counts = new Uint16Array(SLOTS)
  let articles = 0

  const count = (packed: Packed, by: 1 | -1) => {
    articles += by
    const bump = (slot: number) => {
      const now = counts[slot] ?? 0
      if (by > 0 ? now < 0xffff : now > 0) counts[slot] = now + by
    }
    for (const term of sectionOf(packed, ALL)) bump((term >>> 8) & SLOT)
    for (const name of sectionOf(packed, NAMES)) bump(((name >>> 8) ^ NAME) & SLOT)
  }

  /** Rarities of small counts by idf, filled as they are asked for: they hold until the number of articles changes. */
  const rarities = new Float64Array(TABLED * 256)
  const stamps = new Uint32Array(TABLED * 256)
  let stamp = 0
  let stampedSize = -1
  const rarityTable = (size: number) => {
    if (size !== stampedSize) stamp++
    stampedSize = size
    const like = Math.min(1, LIKE / size)
    const total = Math.log(size * like + BACKGROUND)
    const rarity = (others: number, idf: number) => Math.max(0, total - Math.log(others * like + (expected[idf] ?? 1)))
    return (others: number, idf: number): number => {
      if (others >= TABLED) return rarity(others, idf)
      const at = others * 256 + idf
      if (stamps[at] !== stamp) {
        stamps[at] = stamp
        rarities[at] = rarity(others, idf)
      }
      return rarities[at] ?? 0
    }
  }

  const namesAlike = (a: Uint32Array, b: Uint32Array, known: number, like: number, extra: number): number => {
    let [i, j, dot, squareA, squareB] = [0, 0, 0, 0, 0]
    while (i < a.length || j < b.length) {
      const x = a[i] ?? 0
      const y = b[j] ?? 0
      const keyA = i < a.length ? x >>> 8 : END
      const keyB = j < b.length ? y >>> 8 : END
      const key = keyA < keyB ? keyA : keyB
      const held = (keyB === key ? 1 : 0) + (keyA === key ? extra : 0)
      const others = Math.max(0, (counts[(key ^ NAME) & SLOT] ?? 0) - held) * like
      const rarity = Math.max(0, Math.log((known + 1) / (others + 0.5)))
      const wa = keyA === key ? (x & 255) * rarity : 0
      const wb = keyB === key ? (y & 255) * rarity : 0
      squareA += wa * wa
      squareB += wb * wb
      dot += wa * wb
      if (keyA === key) i++
      if (keyB === key) j++
    }
    return dot === 0 ? 0 : dot / Math.sqrt(squareA * squareB)
  }

  return {
    add: (packed) => count(packed, 1),
    remove: (packed) => count(packed, -1),
    compare: (a, b, both = false) => {
      const extra = both ? 1 : 0
      const size = Math.max(1, articles - 1 - extra)
      const like = Math.min(1, LIKE / size)
      const known = size * like
      const rarityOf = rarityTable(size)
      const rarest = new Float64Array(RAREST)
      const termsA = sectionOf(a, ALL)
      const termsB = sectionOf(b, ALL)
      const idfsA = idfsOf(a)
      const idfsB = idfsOf(b)
      let [i, j, dot, squareA, squareB] = [0, 0, 0, 0, 0]
      while (i < termsA.length || j < termsB.length) {
        const x = termsA[i] ?? 0
        const y = termsB[j] ?? 0
        const keyA = i < termsA.length ? x >>> 8 : END
        const keyB = j < termsB.length ? y >>> 8 : END
        const key = keyA < keyB ? keyA : keyB
        const idf = (keyA === key ? idfsA[i] : idfsB[j]) ?? 1
        const held = (keyB === key ? 1 : 0) + (keyA === key ? extra : 0)
        const rarity = rarityOf(Math.max(0, (counts[key & SLOT] ?? 0) - held), idf)
        // The weight is tf times the background's idf: the window's takes that one's place.
        const scale = idf === 0 ? 0 : rarity / idf
        const wa = keyA === key ? (x & 255) * scale : 0
        const wb = keyB === key ? (y & 255) * scale : 0
        squareA += wa * wa
        squareB += wb * wb
        dot += wa * wb
        if (keyA === keyB && rarity > (rarest[RAREST - 1] ?? 0)) {
          let at = RAREST - 1
          for (; at > 0 && rarity > (rarest[at - 1] ?? 0); at--) rarest[at] = rarest[at - 1] ?? 0
          rarest[at] = rarity
        }
        if (keyA === key) i++
        if (keyB === key) j++
      }
      return {
        cosine: dot === 0 ? 0 : dot / Math.sqrt(squareA * squareB),
        names: namesAlike(sectionOf(a, NAMES), sectionOf(b, NAMES), known, like, extra),
        rarest,
      }
    },
  }
}
