/** An inverted index over the positions of a window: which articles have a term. */
export interface Postings {
  /** `key`: 24 bits. */
  readonly add: (key: number, position: number) => void
  /**
   * The positions that share most with the keys given, best first; of equals, those met first. Of a key, only the newest
   * `visited` positions are looked at, so that a term that is in everything costs no more than another.
   */
  readonly best: (
    keys: Uint32Array,
    weightOf: (at: number) => number,
    most: { readonly visited: number; readonly kept: number },
  ) => number[]
  readonly clear: () => void
}

/** 20 bits of a key are its slot; the rest stands beside the position, so that chains tell keys apart. */
const SLOT_BITS = 20
const SLOTS = 1 << SLOT_BITS
const REST_BITS = 24 - SLOT_BITS
const POSITION_BITS = 32 - REST_BITS
const POSITION = (1 << POSITION_BITS) - 1
/** Small steps: what is kept in reserve for a large window would weigh megabytes. */
const GROWTH = 1.04

export function createPostings(): Postings {
  const heads = new Uint32Array(SLOTS)
  let next = new Uint32Array(1 << 12)
  let owner = new Uint32Array(1 << 12)
  let used = 1
  /** Sums of the call under way, by position; zero outside it. */
  let sums = new Uint32Array(1 << 10)
  let met = new Uint32Array(1 << 10)

  const grown = (array: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> => {
    const larger = new Uint32Array(size)
    larger.set(array)
    return larger
  }

  return {
    add: (key, position) => {
      if (used === next.length) {
        const size = Math.ceil(used * GROWTH)
        next = grown(next, size)
        owner = grown(owner, size)
      }
      if (position > POSITION) throw new Error(`A window holds ${POSITION} articles at most.`)
      if (position >= sums.length) {
        const size = Math.ceil((position + 1) * GROWTH)
        sums = new Uint32Array(size)
        met = new Uint32Array(size)
      }
      const slot = key & (SLOTS - 1)
      owner[used] = ((key >>> SLOT_BITS) << POSITION_BITS) | position
      next[used] = heads[slot] ?? 0
      heads[slot] = used++
    },

    best: (keys, weightOf, { visited, kept }) => {
      let count = 0
      for (let k = 0; k < keys.length; k++) {
        const key = keys[k] ?? 0
        const rest = key >>> SLOT_BITS
        const weight = weightOf(k)
        let left = visited
        for (let at = heads[key & (SLOTS - 1)] ?? 0; at > 0 && left > 0; at = next[at] ?? 0) {
          const held = owner[at] ?? 0
          if (held >>> POSITION_BITS !== rest) continue
          left--
          const position = held & POSITION
          const sum = sums[position] ?? 0
          if (sum === 0) met[count++] = position
          sums[position] = sum + weight
        }
      }
      const chosen: number[] = []
      for (let m = 0; m < count; m++) {
        const position = met[m] ?? 0
        const sum = sums[position] ?? 0
        if (chosen.length === kept && sum <= (sums[chosen[kept - 1] ?? 0] ?? 0)) continue
        let at = chosen.length < kept ? chosen.length : kept - 1
        for (; at > 0 && sum > (sums[chosen[at - 1] ?? 0] ?? 0); at--) chosen[at] = chosen[at - 1] ?? 0
        chosen[at] = position
      }
      for (let m = 0; m < count; m++) sums[met[m] ?? 0] = 0
      return chosen
    },

    clear: () => {
      heads.fill(0)
      used = 1
    },
  }
}
