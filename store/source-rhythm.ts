import type { Instant } from '../model.ts'

/** What is known of how often a source publishes; `crawlers/rhythm.ts` learns and reads it. */
export interface SourceRhythm {
  /** Decayed number of new items by hour of the day in the outlet's zone: 0–23 working days, 24–47 weekends. */
  readonly items: readonly number[]
  /** Decayed hours in which the source was watched, likewise. */
  readonly hours: readonly number[]
  /** Up to when it was watched; null before the first poll. */
  readonly at: Instant | null
  /** In how long the entries that it shows are all replaced, milliseconds; null when not known. */
  readonly turnoverMs: number | null
  /** How often it asks to be read, milliseconds. */
  readonly hintMs: number | null
}
