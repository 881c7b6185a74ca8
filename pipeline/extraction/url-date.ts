import type { Instant } from '../../model.ts'
import { monthOf, monthPattern } from './months.ts'
import { zonedInstant } from './zones.ts'

export interface UrlDate {
  readonly instant: Instant
  readonly precision: 'second' | 'minute' | 'day'
}

type Parts = readonly [year: number, month: number, day: number, hour?: number, minute?: number, second?: number]

function instantOf([year, month, day, hour, minute, second]: Parts, timezone: string): UrlDate | null {
  if (!(year >= 1995 && year <= 2060 && month >= 1 && month <= 12 && day >= 1)) return null
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return null
  const wall = Date.UTC(year, month - 1, day, hour ?? 0, minute ?? 0, second ?? 0)
  const precision = second !== undefined ? 'second' : minute !== undefined ? 'minute' : 'day'
  return { instant: zonedInstant(wall, timezone), precision }
}

/** `4 2 2 2` of the digits at `from` as numbers. */
function cut(digits: string, from: number, lengths: readonly number[]): number[] {
  let at = from
  return lengths.map((length) => {
    at += length
    return Number(digits.slice(at - length, at))
  })
}

const shortYear = (parts: readonly number[]): Parts => [2000 + (parts[0] ?? 0), ...parts.slice(1)] as unknown as Parts
const longYear = (parts: readonly number[]): Parts => parts as unknown as Parts
const monthFirst = (parts: readonly number[]): Parts =>
  [parts[2] ?? 0, parts[0] ?? 0, parts[1] ?? 0, ...parts.slice(3)] as unknown as Parts

const toSecond = [4, 2, 2, 2, 2, 2]
const shortToSecond = [2, 2, 2, 2, 2, 2]

/** The readings of a run of digits by its length, the most certain first. */
function readings(digits: string): Parts[] {
  switch (digits.length) {
    case 8:
      return [longYear(cut(digits, 0, [4, 2, 2]))]
    case 12:
      // viet-jo.com writes YYMMDDhhmmss; others YYYYMMDDhhmm.
      return [shortYear(cut(digits, 0, shortToSecond)), longYear(cut(digits, 0, [4, 2, 2, 2, 2]))]
    case 14:
      // rfa.org puts the month first.
      return [longYear(cut(digits, 0, toSecond)), monthFirst(cut(digits, 0, [2, 2, 4, 2, 2, 2]))]
    case 15:
      return [shortYear(cut(digits, 0, shortToSecond)), longYear(cut(digits, 0, [4, 2, 2]))]
    case 17:
      return [longYear(cut(digits, 0, toSecond))]
    case 18:
      // The publishing system of cafef.vn, suckhoedoisong.vn and others: three digits of the site, then YYMMDDhhmmss.
      return [shortYear(cut(digits, 3, shortToSecond)), longYear(cut(digits, 0, toSecond))]
    default:
      return digits.length === 13 || digits.length === 16 || digits.length === 20
        ? [longYear(cut(digits, 0, [4, 2, 2]))]
        : []
  }
}

function fromDigits(text: string, timezone: string): UrlDate | null {
  let best: UrlDate | null = null
  for (const match of text.matchAll(/(?<!\d)\d{8,20}(?!\d)/g)) {
    const digits = match[0]
    const clock = /^_(\d{2})(\d{2})(\d{2})(?!\d)/.exec(text.slice(match.index + 8, match.index + 16))
    const parts: Parts[] =
      digits.length === 8 && clock
        ? [longYear([...cut(digits, 0, [4, 2, 2]), Number(clock[1]), Number(clock[2]), Number(clock[3])])]
        : readings(digits)
    const found = parts.map((reading) => instantOf(reading, timezone)).find((date) => date !== null)
    if (found && (best === null || (best.precision === 'day' && found.precision !== 'day'))) best = found
    // Milliseconds since 1970.
    if (!found && digits.length === 13 && /^(?:9|1[0-9])/.test(digits)) {
      const instant = new Date(Number(digits))
      if (instant.getUTCFullYear() >= 2000 && instant.getUTCFullYear() <= 2060)
        best ??= { instant: instant.toISOString(), precision: 'second' }
    }
  }
  return best
}

const folders: readonly RegExp[] = [
  /\/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)/,
  /\/(\d{4})\/(\d{2})(\d{2})(?=[/_.-]|$)/,
  /[/=_-](\d{4})-(\d{2})-(\d{2})(?!\d)/,
]
const namedFolder = new RegExp(`/(\\d{4})/(${monthPattern})/(\\d{1,2})(?=[/_.-]|$)`, 'u')

/**
 * The day or time that an address carries: folders (`/2025/12/22/`, `/n1/2025/1222/`), stamps (`20251006174455559`,
 * `169230812121307264`, `240912172045`), milliseconds since 1970; running numbers are no dates.
 * @param timezone IANA zone of the stamp
 */
export function dateFromUrl(url: string, timezone: string): UrlDate | null {
  const parsed = URL.parse(url)
  if (parsed === null) return null
  const text = `${parsed.pathname}${parsed.search}`.slice(0, 2000).toLowerCase()
  const stamp = fromDigits(text, timezone)
  if (stamp && stamp.precision !== 'day') return stamp
  for (const pattern of folders) {
    const match = pattern.exec(text)
    const found = match && instantOf([Number(match[1]), Number(match[2]), Number(match[3])], timezone)
    if (found) return found
  }
  const named = namedFolder.exec(text)
  const found = named && instantOf([Number(named[1]), monthOf(named[2]), Number(named[3])], timezone)
  return found ?? stamp
}
