import type { TermBag } from './term-bags.ts'
import weights from './weights/meaning.json' with { type: 'json' }

/**
 * Latent semantic analysis (Deerwester et al. 1990): terms as short vectors learned from which of them share documents
 * in the background (`train/meaning.ts`), so that `ngập` and `lũ` are near. Statistics only.
 */

export const DIMENSIONS = weights.dimensions

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
const vectors = new Int8Array(bytes(weights.vectors).buffer)
const rows = new Map([...new Uint32Array(bytes(weights.terms).buffer)].map((key, row) => [key, row]))

/** Direction of a text in the space of meanings, unit length times 127; all zero when no term is known. */
export function meaning({ hashes, idfs, counts }: TermBag): Int8Array {
  const sum = new Float64Array(DIMENSIONS)
  for (let at = 0; at < hashes.length; at++) {
    const row = rows.get(hashes[at] ?? 0)
    if (row === undefined) continue
    const weight = (1 + Math.log(counts[at] ?? 1)) * (idfs[at] ?? 0)
    const base = row * DIMENSIONS
    for (let d = 0; d < DIMENSIONS; d++) sum[d] = (sum[d] ?? 0) + weight * (vectors[base + d] ?? 0)
  }
  let square = 0
  for (const x of sum) square += x * x
  const out = new Int8Array(DIMENSIONS)
  if (square === 0) return out
  const length = Math.sqrt(square)
  for (let d = 0; d < DIMENSIONS; d++) out[d] = Math.round((127 * (sum[d] ?? 0)) / length)
  return out
}

/** Cosine of two meanings, -1 to 1. */
export function nearness(a: Int8Array, b: Int8Array): number {
  let dot = 0
  for (let d = 0; d < a.length; d++) dot += (a[d] ?? 0) * (b[d] ?? 0)
  return dot / (127 * 127)
}
