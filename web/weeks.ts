import type { Period } from '../model.ts'
import { isoWeek, periodOfWeek, previousPeriod } from '../reports/period.ts'

/** This week and those before it, newest first. */
export function lastWeeks(now: Date, count: number): readonly Period[] {
  const weeks = [periodOfWeek(isoWeek(now).label)]
  for (let last = weeks[0]; last && weeks.length < count; ) {
    last = previousPeriod(last)
    weeks.push(last)
  }
  return weeks
}
