import type { Day, Instant } from '../model.ts'
import type { Placement } from './trends.ts'

/** Days without an article after which a story is closed; the window keeps its articles as long. */
export const QUIET_DAYS = 14

/** Days for which a running program remembers closed stories of some size, to open them again. */
export const MEMORY_DAYS = 90

/** A new article opens a closed story again: only the date of the last one counts. */
export const isClosed = (last: Instant, now: Date): boolean =>
  now.getTime() - Date.parse(last) > QUIET_DAYS * 86_400_000

export interface SpreadDay {
  readonly day: Day
  readonly articles: number
  /** Outlets that carried the story for the first time on that day. */
  readonly newOutlets: number
  /** Outlets that have carried it by the end of that day. */
  readonly outlets: number
}

/** How a story spread over the outlets, by days with articles, oldest first. */
export function spread(placements: readonly Placement[], dayOf: (instant: Instant) => Day): SpreadDay[] {
  const ordered = placements.toSorted((a, b) => a.published.localeCompare(b.published))
  const known = new Set<string>()
  return [...Map.groupBy(ordered, ({ published }) => dayOf(published))].map(([day, of]) => {
    const before = known.size
    for (const { outletId } of of) known.add(outletId)
    return { day, articles: of.length, newOutlets: known.size - before, outlets: known.size }
  })
}
