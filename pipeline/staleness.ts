import type { StorySummary } from './summarise.ts'

/** What became of the articles behind a summary since it was made. */
export interface Staleness {
  /** Articles of which there is another version now. */
  readonly changed: readonly string[]
  /** Articles that it would be made from now, too. */
  readonly added: readonly string[]
  /** Articles that it would not be made from any more: moved away, or pushed out by newer ones. */
  readonly gone: readonly string[]
}

/** Null while the summary tells of what stands. `sources` are the articles that it would be made from now. */
export function staleness(
  { madeFrom }: Pick<StorySummary, 'madeFrom'>,
  sources: readonly { readonly id: string; readonly version: number }[],
): Staleness | null {
  const made = new Map(madeFrom.map(({ articleId, version }) => [articleId, version]))
  const current = new Set(sources.map(({ id }) => id))
  const changed = sources.filter(({ id, version }) => (made.get(id) ?? version) !== version).map(({ id }) => id)
  const added = sources.filter(({ id }) => !made.has(id)).map(({ id }) => id)
  const gone = madeFrom.filter(({ articleId }) => !current.has(articleId)).map(({ articleId }) => articleId)
  return changed.length + added.length + gone.length === 0 ? null : { changed, added, gone }
}
