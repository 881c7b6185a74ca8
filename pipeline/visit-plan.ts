import type { Instant } from '../model.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long after it was first seen an article is looked at again, milliseconds. */
const plain: readonly number[] = [HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY]
/** A sensitive article is edited or taken down sooner, and it matters more. */
const sensitive: readonly number[] = [
  ...[15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ...[DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY, 30 * DAY],
]

/** A page that seemed gone is looked at once more after so long, before anybody says that it is. */
export const SECOND_LOOK_MS = HOUR

/** From here on nothing is planned any more, milliseconds after it was first seen. */
export const LAST_VISIT_MS = 30 * DAY

/**
 * When an article is due to be read again: the first step of its plan after the last look. Steps that passed meanwhile
 * (the monitor was off, or the article became relevant later) make one visit together. Null: there is none any more.
 */
export function nextVisit(firstSeen: Instant, lastLook: Instant, isSensitive: boolean): Instant | null {
  const start = Date.parse(firstSeen)
  const looked = Date.parse(lastLook)
  const step = (isSensitive ? sensitive : plain).find((offset) => start + offset > looked)
  return step === undefined ? null : new Date(start + step).toISOString()
}
