/** The first `count` by score, then the newest; ties by row, so that pages do not overlap. */
export function best(
  rows: readonly number[],
  count: number,
  score: (row: number) => number,
  published: (row: number) => number,
): number[] {
  const compare = (a: number, b: number) => score(b) - score(a) || published(b) - published(a) || b - a
  if (rows.length <= count * 2) return rows.toSorted(compare).slice(0, count)
  // Sorting numbers natively finds the last one wanted; only what reaches it is compared in full.
  const key = (row: number) => score(row) * 1e14 + published(row)
  const threshold = Float64Array.from(rows, key).sort().at(-count)
  return rows
    .filter((row) => threshold !== undefined && key(row) >= threshold)
    .sort(compare)
    .slice(0, count)
}
