/**
 * Eight bits a number, each dimension with its own unit.
 *
 * @param vectors rows × k, row by row
 * @param kept the share of the largest number that is kept: the few beyond are cut, so that the many small ones keep their
 *   digits
 */
export function quantise(vectors: Float32Array, k: number, kept: number): { values: Int8Array; scale: Float32Array } {
  const scale = new Float32Array(k)
  vectors.forEach((v, i) => {
    scale[i % k] = Math.max(scale[i % k] ?? 0, Math.abs(v))
  })
  for (let d = 0; d < k; d++) scale[d] = ((scale[d] ?? 0) * kept) / 127 || 1
  return {
    scale,
    values: Int8Array.from(vectors, (v, i) => Math.max(-127, Math.min(127, Math.round(v / (scale[i % k] ?? 1))))),
  }
}
