import { PROVINCE_ZONE } from '../clock.ts'
import { Skip } from '../errors.ts'
import { dayOf } from '../locales/format.ts'
import type { Day, Instant, Period } from '../model.ts'

const MS_PER_DAY = 86_400_000
const MS_PER_WEEK = 7 * MS_PER_DAY

/** Days since 1970-01-01 of a calendar day. */
const dayNumber = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY

const offsetParts = new Intl.DateTimeFormat('en', { timeZone: PROVINCE_ZONE, timeZoneName: 'longOffset' })

/** Milliseconds by which the province's clocks are ahead of UTC at an instant. */
function zoneOffset(at: number): number {
  const name = offsetParts.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name)
  if (!match) throw new RangeError(`unreadable zone offset ${name}`)
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}

/** The instant at which a calendar day (by number) begins in the province. */
const midnight = (day: number): Instant => {
  const utc = day * MS_PER_DAY
  return new Date(utc - zoneOffset(utc)).toISOString()
}

/** Monday (by day number) of ISO week 1 of a year: the week with the year's first Thursday, so with 4 January (ISO 8601). */
function firstMonday(year: number): number {
  const fourth = dayNumber(`${String(year).padStart(4, '0')}-01-04`)
  // 1970-01-01 was a Thursday: (n + 3) mod 7 is 0 on Mondays.
  return fourth - ((((fourth + 3) % 7) + 7) % 7)
}

/** Weeks of an ISO year: 52 or 53. */
const weeksOf = (year: number): number => (firstMonday(year + 1) - firstMonday(year)) / 7

const weekLabel = (year: number, week: number): string =>
  `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`

/** ISO 8601 week of a moment, by the calendar of the province: `{ year: 2025, week: 40, label: '2025-W40' }`. */
export function isoWeek(date: Date): { readonly year: number; readonly week: number; readonly label: string } {
  const day = dayNumber(dayOf(date.toISOString()))
  const calendarYear = new Date(day * MS_PER_DAY).getUTCFullYear()
  const year = [calendarYear + 1, calendarYear].find((candidate) => firstMonday(candidate) <= day) ?? calendarYear - 1
  const week = Math.floor((day - firstMonday(year)) / 7) + 1
  return { year, week, label: weekLabel(year, week) }
}

/** Year and number of a week's label. @throws {Skip} `period.invalid` when it is no ISO week */
export function weekOfLabel(label: string): { readonly year: number; readonly week: number } {
  const match = /^(\d{4})-W(\d{2})$/.exec(label)
  const [year, week] = [Number(match?.[1]), Number(match?.[2])]
  if (!match || week < 1 || week > weeksOf(year))
    throw new Skip(`"${label}" is not an ISO week`, {
      code: 'period.invalid',
      remedy: 'Write the year and the week as 2025-W40; a year has 52 or 53 weeks.',
    })
  return { year, week }
}

/**
 * The week as a half-open range of instants, from Monday 00:00 to the next Monday 00:00 in the province.
 * @throws {Skip} `period.invalid` when the label is no ISO week
 */
export function periodOfWeek(label: string): Period {
  const { year, week } = weekOfLabel(label)
  const monday = firstMonday(year) + (week - 1) * 7
  return { label, from: midnight(monday), to: midnight(monday + 7) }
}

/** The week before. */
export const previousPeriod = (period: Period): Period =>
  periodOfWeek(isoWeek(new Date(Date.parse(period.from) - MS_PER_WEEK / 2)).label)

/** The last week that had ended at a moment: what a summary written on Monday is about. */
export const lastFullWeek = (now: Date): Period => previousPeriod(periodOfWeek(isoWeek(now).label))
