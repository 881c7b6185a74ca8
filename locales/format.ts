import { PROVINCE_ZONE } from '../clock.ts'
import type { Instant } from '../model.ts'

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: PROVINCE_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function partsOf(instant: Instant): Record<'year' | 'month' | 'day' | 'hour' | 'minute', string> {
  const found: Record<string, string> = {}
  for (const part of parts.formatToParts(new Date(instant))) found[part.type] = part.value
  return found as Record<'year' | 'month' | 'day' | 'hour' | 'minute', string>
}

/** `05/10/2025`, in the province's zone. */
export function formatDay(instant: Instant): string {
  const { day, month, year } = partsOf(instant)
  return `${day}/${month}/${year}`
}

/** `14:05`, in the province's zone. */
export function formatTime(instant: Instant): string {
  const { hour, minute } = partsOf(instant)
  return `${hour}:${minute}`
}

/** `14:05 05/10/2025`, in the province's zone. */
export const formatDayTime = (instant: Instant): string => `${formatTime(instant)} ${formatDay(instant)}`

/** `2025-10-05`, in the province's zone. */
export function dayOf(instant: Instant): string {
  const { day, month, year } = partsOf(instant)
  return `${year}-${month}-${day}`
}

const numbers = new Intl.NumberFormat('vi-VN')
/** Decimal comma, point for thousands: `13.256,92`. */
export const formatNumber = (value: number): string => numbers.format(value)

/** `8,02%`, as Vietnamese writes it; the value is a share of 1. */
export const formatShare = (value: number): string =>
  `${new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 }).format(value * 100)}%`

/** `12,5 GB`, `340 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${formatNumber(value < 10 && unit > 0 ? Math.round(value * 10) / 10 : Math.round(value))} ${units[unit]}`
}
