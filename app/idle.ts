import type { CollectResult } from '../crawlers/tally.ts'

/** Of a poll that found nothing new and met no problem how many sources it asked; null: something happened. */
export function idlePoll({ outlets, stopped }: CollectResult): { readonly polled: number } | null {
  const isQuiet = outlets.every(
    ({ fresh, fetched, feedOnly, visited, problems }) =>
      fresh + fetched + feedOnly + visited === 0 && problems.length === 0,
  )
  return isQuiet && stopped === null ? { polled: outlets.reduce((sum, { polled }) => sum + polled, 0) } : null
}

/** Nothing happened when every count of a result, at whatever depth, is zero and every list is empty. */
export const allZero = (result: unknown): Readonly<Record<string, number>> | null => (isZero(result) ? {} : null)

function isZero(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'number') return value === 0
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.values(value).every(isZero)
}
