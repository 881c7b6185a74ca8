/**
 * The first `count` of `rows` by score, then the newest; ties by row, so that pages do not overlap. Only what beats the
 * worst of the best so far is kept and sorted, a buffer at a time: a long result costs one pass.
 */
export function best(
  rows: readonly number[],
  count: number,
  score: (row: number) => number,
  published: (row: number) => number,
): number[] {
  if (count === 0) return []
  const compare = (a: number, b: number) => score(b) - score(a) || published(b) - published(a) || b - a
  const full = Math.max(4 * count, 256)
  let kept: number[] = []
  let worst: number | undefined
  for (const row of rows) {
    if (worst !== undefined && compare(row, worst) > 0) continue
    kept.push(row)
    if (kept.length < full) continue
    kept = kept.sort(compare).slice(0, count)
    worst = kept.at(-1)
  }
  return kept.sort(compare).slice(0, count)
}
