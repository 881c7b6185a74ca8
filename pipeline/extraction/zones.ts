import type { Instant } from '../../model.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Offset of an IANA zone at an instant, in milliseconds ahead of UTC; an unknown zone counts as UTC+07:00. */
function zoneOffset(at: number, zone: string): number {
  // The zone in which nearly everything is read has had one offset since 1975.
  if (zone === 'Asia/Ho_Chi_Minh' && at > Date.UTC(1976, 0, 1)) return 7 * 3_600_000
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value)
  const local = Date.UTC(
    part.year ?? 0,
    (part.month ?? 1) - 1,
    part.day ?? 1,
    part.hour ?? 0,
    part.minute ?? 0,
    part.second ?? 0,
  )
  return local - Math.floor(at / 1000) * 1000
}

/**
 * The instant at which a clock in `zone` shows what `wall` shows in UTC.
 * @param wall a clock reading as if it were UTC, in milliseconds
 */
export function zonedInstant(wall: number, zone: string): Instant {
  const guess = wall - zoneOffset(wall, zone)
  // The offset can differ on the other side of a change of summer time: ask again at the guess.
  return new Date(wall - zoneOffset(guess, zone)).toISOString()
}

/** Short names of zones on pages we read, in minutes; CST is left out, since China and America both claim it. */
const shortNames: Readonly<Record<string, number>> = {
  gmt: 0,
  utc: 0,
  z: 0,
  wet: 0,
  bst: 60,
  west: 60,
  cet: 60,
  cest: 120,
  mez: 60,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  мск: 180,
  pkt: 300,
  ict: 420,
  wib: 420,
  sgt: 480,
  hkt: 480,
  jst: 540,
  kst: 540,
  aest: 600,
  aedt: 660,
  est: -300,
  edt: -240,

  pst: -480,
  pdt: -420,
  mst: -420,
  mdt: -360,
  cdt: -300,
}

/** Names that mean summer or winter time by the day. */
const seasonal: Readonly<Record<string, string>> = {
  pt: 'America/Los_Angeles',
  et: 'America/New_York',
  ct: 'America/Chicago',
}

const named = new RegExp(
  `(?<=\\d[ (\\[]{0,3}|[ap]\\.?m\\.?[ (\\[]{1,3})(${[...Object.keys(shortNames), ...Object.keys(seasonal)].join('|')})(?![\\p{L}\\d])`,
  'u',
)
const numeric =
  /(?:(?:gmt|utc) ?|(?<=\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?)|^ )([+-]|\u2212) ?(\d{1,2})(?::?(\d{2}))?(?!\d|[-/.]\d)/u

/** A zone as printed: minutes ahead of UTC, or an IANA name where the offset depends on the day. */
export type PrintedZone = number | string

/** A zone in lower-case text: `gmt+7`, `(utc +08:00)`, `+0700` after a time, `jst`, `pt`; and where it stands. */
export function offsetOf(text: string): { zone: PrintedZone; from: number; to: number } | null {
  const offset = numeric.exec(text)
  if (offset) {
    const minutes = (Number(offset[2]) * 60 + Number(offset[3] ?? '0')) * (offset[1] === '+' ? 1 : -1)
    if (Math.abs(minutes) <= 14 * 60) return { zone: minutes, from: offset.index, to: offset.index + offset[0].length }
  }
  if (text === ' z') return { zone: 0, from: 0, to: 2 }
  const name = named.exec(text)
  if (!name) return null
  const zone = seasonal[name[1] ?? ''] ?? shortNames[name[1] ?? ''] ?? 0
  return { zone, from: name.index, to: name.index + name[0].length }
}
