import { dayOf } from '../locales/format.ts'
import type { Day, Instant } from '../model.ts'
import { addDays, startOfDay } from './days.ts'

/** An ISO 8601 week in the province's zone. */
export interface Week {
  /** `2025-W40`. */
  readonly label: string
  readonly from: Instant
  /** Within its last day. */
  readonly last: Instant
}

/** The ISO week in which `day` lies: that of its Thursday. */
export function weekOf(day: Day): Week {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  const monday = addDays(day, -weekday)
  const thursday = addDays(monday, 3)
  const firstOfYear = Date.parse(`${thursday.slice(0, 4)}-01-01T00:00:00Z`)
  const number = Math.floor((Date.parse(`${thursday}T00:00:00Z`) - firstOfYear) / (7 * 86_400_000)) + 1
  return {
    label: `${thursday.slice(0, 4)}-W${String(number).padStart(2, '0')}`,
    from: startOfDay(monday),
    last: startOfDay(addDays(monday, 6)),
  }
}

/** This week and those before it, newest first. */
export function lastWeeks(now: Date, count: number): readonly Week[] {
  const today = dayOf(now.toISOString())
  return Array.from({ length: count }, (_, at) => weekOf(addDays(today, -7 * at)))
}
