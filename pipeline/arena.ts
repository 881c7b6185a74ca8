/**
 * Many short arrays in a few large ones: an array of its own costs some 300 bytes besides its numbers, which for a
 * window of 100,000 articles is more than what they say.
 */
export interface Arena {
  /** Copies an array; returns where it stands. */
  readonly put: (array: Uint32Array) => number
  /** The `length` numbers at a place given by `put`: a view, not a copy. */
  readonly view: (place: number, length: number) => Uint32Array
}

/** Words of a chunk: one mebibyte. */
const CHUNK = 1 << 18

export function createArena(): Arena {
  const chunks: Uint32Array[] = []
  let used = CHUNK

  return {
    put: (array) => {
      if (array.length > CHUNK) throw new Error(`An arena holds arrays of ${CHUNK} numbers at most.`)
      if (used + array.length > CHUNK) {
        chunks.push(new Uint32Array(CHUNK))
        used = 0
      }
      chunks.at(-1)?.set(array, used)
      const place = (chunks.length - 1) * CHUNK + used
      used += array.length
      return place
    },
    view: (place, length) => {
      const chunk = chunks[Math.floor(place / CHUNK)]
      if (!chunk) throw new Error(`Nothing stands at ${place}.`)
      return chunk.subarray(place % CHUNK, (place % CHUNK) + length)
    },
  }
}
