import type { Instant } from '../model.ts'
import { monthOf, monthPattern } from './extraction/months.ts'
import { offsetOf, type PrintedZone, zonedInstant } from './extraction/zones.ts'

export interface DateOptions {
  /** IANA zone of a time printed without one. */
  readonly timezone: string
  /** How `5/6/2023` reads. */
  readonly dateOrder: 'day-first' | 'month-first'
  /** When the page was fetched (or the feed read): resolves "2 giờ trước" and dates without a year. */
  readonly reference?: Instant | null
}

export interface ParsedDate {
  readonly instant: Instant
  /** `coarse`: from "2 năm trước", right to the unit that was printed. */
  readonly precision: 'second' | 'minute' | 'day' | 'coarse'
  readonly zone: 'printed' | 'assumed'
  /** `yearless` and `relative` dates took what they lack from the reference. */
  readonly kind: 'absolute' | 'yearless' | 'relative'
  /** The same clock reading in the zone of the options: what it means if the printed zone is wrong. */
  readonly wallClock: Instant
}

interface DayFound {
  readonly year: number | null
  readonly month: number
  readonly day: number
  /** Where it stood in the text. */
  readonly from: number
  readonly to: number
}

interface TimeFound {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly hasSeconds: boolean
}

const chineseDigits: Readonly<Record<string, number>> = {
  〇: 0,
  '○': 0,
  零: 0,
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}

/** 二〇二五 → 2025, 十二 → 12, 二十九 → 29. */
function chineseNumber(text: string): number {
  if (!text.includes('十')) return Number([...text].map((digit) => chineseDigits[digit] ?? 0).join(''))
  const [tens = '', ones = ''] = text.split('十')
  return (tens === '' ? 1 : (chineseDigits[tens] ?? 0)) * 10 + (ones === '' ? 0 : (chineseDigits[ones] ?? 0))
}

/** Digits in full width, Chinese numerals before 年月日, odd spaces and quotes in one plain form; same meaning, new offsets. */
function plain(text: string): string {
  return text
    .slice(0, 1000)
    .normalize('NFKC')
    .replace(/[〇○零一二三四五六七八九十]{1,4}(?=[年月日])/gu, (digits) => String(chineseNumber(digits)))
    .replace(/\s+/gu, ' ')
    .toLowerCase()
}

const eras: Readonly<Record<string, number>> = {
  令和: 2018,
  平成: 1988,
  昭和: 1925,
  民国: 1911,
  民國: 1911,
  中華民國: 1911,
}
const namedMonth = `(${monthPattern})`

type Reader = (
  match: RegExpExecArray,
  order: DateOptions['dateOrder'],
) => { year: number | null; month: number; day: number } | null

const number = (text: string | undefined): number => Number(text ?? Number.NaN)
const fullYear = (text: string | undefined): number => {
  const year = number(text)
  if (text !== undefined && text.length === 2) return year + (year < 70 ? 2000 : 1900)
  // The Buddhist era of Thailand and Laos runs 543 years ahead.
  return year >= 2400 && year < 2700 ? year - 543 : year
}

/** `a/b/year` by the order of the outlet; the other order when only that is a date. */
function ordered(a: number, b: number, year: number | null, order: DateOptions['dateOrder']) {
  const dayFirst = { year, month: b, day: a }
  const monthFirst = { year, month: a, day: b }
  const [wanted, other] = order === 'day-first' ? [dayFirst, monthFirst] : [monthFirst, dayFirst]
  return wanted.month <= 12 ? wanted : other
}

/** The ways to write a day, the most certain first. */
const readers: readonly (readonly [RegExp, Reader])[] = [
  [
    /(中華民國|民[国國]|令和|平成|昭和) ?(元|\d{1,3}) ?年 ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?日)?/u,
    (m) => ({
      year: (m[2] === '元' ? 1 : number(m[2])) + (eras[m[1] ?? ''] ?? 0),
      month: number(m[3]),
      day: number(m[4] ?? '1'),
    }),
  ],
  [
    /(?<!\d)(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日/u,
    (m) => ({ year: fullYear(m[1]), month: number(m[2]), day: number(m[3]) }),
  ],
  [
    /(?<!\d)(\d{4}) ?년 ?(\d{1,2}) ?월 ?(\d{1,2}) ?일/u,
    (m) => ({ year: fullYear(m[1]), month: number(m[2]), day: number(m[3]) }),
  ],
  [
    /(?<!\d)(\d{4}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?!\d)/u,
    (m) => ({ year: fullYear(m[1]), month: number(m[3]), day: number(m[4]) }),
  ],
  [
    /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?=\d{2}:)/u,
    (m) => ({ year: fullYear(m[1]), month: number(m[2]), day: number(m[3]) }),
  ],
  [
    /(?<!\d)(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4})(?=$|\D|\d{2}:\d{2})/u,
    (m, order) => ordered(number(m[1]), number(m[3]), fullYear(m[4]), order),
  ],
  [
    /(?<!\d)(\d{1,2}) ?(?:tháng|thang) ?(\d{1,2})(?:,| năm| nam)? ?(\d{4})/u,
    (m) => ({ year: fullYear(m[3]), month: number(m[2]), day: number(m[1]) }),
  ],
  [
    new RegExp(
      `(?<![\\d:])(\\d{1,2})(?:st|nd|rd|th|er|\\.|º|ª)?(?: (?:de|of|di|do|tháng))? ?[-/ ]?${namedMonth}\\.?(?: ?/ ?[^\\d ]+)?[ ,./-]*(?:de |del |พ\\.ศ\\. ?)?(\\d{4})(?!\\d)`,
      'u',
    ),
    (m) => ({ year: fullYear(m[3]), month: monthOf(m[2]), day: number(m[1]) }),
  ],
  [
    new RegExp(`${namedMonth}\\.? ?(\\d{1,2})(?:st|nd|rd|th)?,? ?(\\d{4})(?!\\d)`, 'u'),
    (m) => ({ year: fullYear(m[3]), month: monthOf(m[1]), day: number(m[2]) }),
  ],
  [
    /\(?(?<!\d)(\d{2})\.(\d{1,2})\.(\d{1,2})(?= ?일자)/u,
    (m) => ({ year: fullYear(m[1]), month: number(m[2]), day: number(m[3]) }),
  ],
  [
    /(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{2})(?![\d/.:-])/u,
    (m, order) => ordered(number(m[1]), number(m[3]), fullYear(m[4]), order),
  ],
  // Central News Agency of Taiwan closes a story with the day in the Minguo calendar: …1000322
  [
    /[)）。….] ?(1\d{2})(0[1-9]|1[0-2])([0-3]\d)$/u,
    (m) => ({ year: number(m[1]) + 1911, month: number(m[2]), day: number(m[3]) }),
  ],
  [
    /(?<!\d)(20[0-4]\d|19[89]\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)/u,
    (m) => ({ year: number(m[1]), month: number(m[2]), day: number(m[3]) }),
  ],
]

/** Days without a year; believed only when a reference can give one. */
const yearlessReaders: readonly (readonly [RegExp, Reader])[] = [
  [/(?<!\d)(\d{1,2}) ?月 ?(\d{1,2}) ?日/u, (m) => ({ year: null, month: number(m[1]), day: number(m[2]) })],
  [/(?<!\d)(\d{1,2}) ?월 ?(\d{1,2}) ?일/u, (m) => ({ year: null, month: number(m[1]), day: number(m[2]) })],
  [/(?<!\d)(\d{1,2}) ?tháng ?(\d{1,2})(?!\d)/u, (m) => ({ year: null, month: number(m[2]), day: number(m[1]) })],
  [
    new RegExp(`(?<![\\d:])(\\d{1,2})(?:st|nd|rd|th|er|\\.)?(?: de| of)? ${namedMonth}(?![\\p{L}\\d])`, 'u'),
    (m) => ({ year: null, month: monthOf(m[2]), day: number(m[1]) }),
  ],
  [
    new RegExp(`(?<!\\p{L})${namedMonth}\\.? (\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])`, 'u'),
    (m) => ({ year: null, month: monthOf(m[1]), day: number(m[2]) }),
  ],
  [
    /(?<![\d/.:,-])(\d{1,2})([-/.])(\d{1,2})(?![\d/.:%-])/u,
    (m, order) => ordered(number(m[1]), number(m[3]), null, order),
  ],
]

function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1)) return false
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function findDay(text: string, list: typeof readers, order: DateOptions['dateOrder']): DayFound | null {
  let first: DayFound | null = null
  for (const [pattern, read] of list) {
    const match = pattern.exec(text)
    const found = match && read(match, order)
    if (!match || !found || !isDay(found.year ?? 2024, found.month, found.day)) continue
    // The earliest in the text; of two readings of one place the more certain, which comes first.
    if (first === null || match.index < first.from)
      first = { ...found, from: match.index, to: match.index + match[0].length }
  }
  return first
}

const clock = /(?<![\d:])(\d{1,2})(?::|h|g|giờ| giờ | h |[时時点點시] ?)(\d{2})(?:(?::|m|分|분)(\d{2}))?(?![\d])/u
const before = /(?<!\p{L})(am|pm|a\.m\.|p\.m\.|오전|오후|上午|下午|午前|午後|晚上|中午|凌晨|sáng|chiều|tối)[ ,:]{0,2}$/u
const after = /^[: ]{0,2}(?:phút |分)?(am|pm|a\.m\.|p\.m\.|a\. m\.|p\. m\.|sa|ch|sáng|chiều|tối)(?!\p{L})/u
const afternoon = /^(?:pm|p\.m\.|p\. m\.|오후|下午|午後|晚上|ch|chiều|tối)$/u
const morning = /^(?:am|a\.m\.|a\. m\.|오전|上午|午前|凌晨|sa|sáng)$/u

function readTime(text: string, match: RegExpExecArray): TimeFound | null {
  let hour = number(match[1])
  const minute = number(match[2])
  const second = match[3] === undefined ? 0 : number(match[3])
  if (hour > 24 || minute > 59 || second > 60) return null
  const mark =
    before.exec(text.slice(Math.max(0, match.index - 12), match.index))?.[1] ??
    after.exec(text.slice(match.index + match[0].length))?.[1] ??
    ''
  if (afternoon.test(mark) && hour < 12) hour += 12
  else if (morning.test(mark) && hour === 12) hour = 0
  return { hour: hour % 24, minute, second: Math.min(second, 59), hasSeconds: match[3] !== undefined }
}

const alone = /(?<![\d:.])(\d{1,2}) ?(am|pm|a\.m\.|p\.m\.)(?!\p{L})/u

/** The time that stands nearest to the day; the one after it when both sides have one. */
function findTime(text: string, day: DayFound): TimeFound | null {
  const following = text.slice(day.to, day.to + 80)
  const match = clock.exec(following)
  const found = match && readTime(following, match)
  if (found) return found
  const preceding = text.slice(Math.max(0, day.from - 60), day.from)
  const earlier = [...preceding.matchAll(new RegExp(clock.source, 'gu'))].at(-1)
  if (earlier) return readTime(preceding, earlier as RegExpExecArray)
  const hourOnly = alone.exec(following)
  if (!hourOnly || number(hourOnly[1]) > 12) return null
  const hour = (number(hourOnly[1]) % 12) + (hourOnly[2]?.startsWith('p') ? 12 : 0)
  return { hour, minute: 0, second: 0, hasSeconds: false }
}

const isoPattern =
  /(\d{4})-(\d{2})-(\d{2})[t ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)? ?(z|[+-]\d{1,2}(?::?\d{2})?)?(?![\d:])/u

/** An offset printed as Z, +07:00, GMT+7 or by a zone's short name, in minutes; removed from the text so that it is no time. */
function takeZone(text: string): { text: string; offset: PrintedZone | null } {
  const found = offsetOf(text)
  if (found === null) return { text, offset: null }
  return { text: `${text.slice(0, found.from)} ${text.slice(found.to)}`, offset: found.zone }
}

function assemble(
  day: { year: number; month: number; day: number },
  time: TimeFound | null,
  offset: PrintedZone | null,
  kind: ParsedDate['kind'],
  options: DateOptions,
): ParsedDate {
  const { hour, minute, second } = time ?? { hour: 0, minute: 0, second: 0 }
  const wall = Date.UTC(day.year, day.month - 1, day.day, hour, minute, second)
  const wallClock = zonedInstant(wall, options.timezone)
  const printed = time !== null && offset !== null
  const instant = printed
    ? typeof offset === 'string'
      ? zonedInstant(wall, offset)
      : new Date(wall - offset * 60_000).toISOString()
    : wallClock
  const filler = time?.hasSeconds === true && hour === 0 && minute === 0 && second === 0 && !printed
  const precision = time === null || filler ? 'day' : time.hasSeconds ? 'second' : 'minute'
  return { instant, precision, zone: printed ? 'printed' : 'assumed', kind, wallClock }
}

/** The year in which a day without one lies: that of the reference, or the one before when that would be the future. */
function withYear(day: DayFound, options: DateOptions): number | null {
  if (!options.reference) return null
  const reference = Date.parse(options.reference)
  const year = new Date(reference).getUTCFullYear()
  // A day of slack for zones ahead of UTC.
  for (const candidate of [year, year - 1]) {
    if (
      isDay(candidate, day.month, day.day) &&
      Date.UTC(candidate, day.month - 1, day.day) <= reference + 36 * 3_600_000
    )
      return candidate
  }
  return null
}

const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:giây|seconds?|secs?|secondes?|秒|초|секунд\p{L}*|วินาที)/u, 1000],
  [/^(?:phút|minutes?|mins?|minutos?|minuten|分钟|分鐘|分|분|минут\p{L}*|นาที)/u, 60_000],
  [/^(?:giờ|tiếng|hours?|hrs?|heures?|horas?|stunden?|小时|小時|時間|时|시간|час\p{L}*|ชั่วโมง)/u, 3_600_000],
  [/^(?:ngày|days?|jours?|días?|tagen?|天|日|일|дн\p{L}*|день|วัน)/u, 86_400_000],
  [/^(?:tuần|weeks?|semaines?|semanas?|wochen?|周|週間|주|недел\p{L}*)/u, 7 * 86_400_000],
  [/^(?:tháng|months?|mois|meses|monaten?|个月|個月|か月|ヶ月|개월|месяц\p{L}*|เดือน)/u, 30 * 86_400_000],
  [/^(?:năm|years?|ans?|años?|jahren?|年|년|лет|год\p{L}*|ปี)/u, 365 * 86_400_000],
]
const ago =
  /(?:(?:cách đây|il y a|hace|vor) )?(?<!\d)(\d{1,3}|an?|một) ?(giây|phút|giờ|tiếng|ngày|tuần|tháng|năm|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|secondes?|heures?|jours?|semaines?|mois|ans?|minutos?|horas?|días?|semanas?|meses|años?|minuten|stunden?|tagen?|wochen?|monaten?|jahren?|秒|分钟|分鐘|分|小时|小時|時間|天|日|周|週間|个月|個月|か月|ヶ月|年|초|분|시간|일|주|개월|년|секунд\p{L}*|минут\p{L}*|час\p{L}*|дн\p{L}*|день|недел\p{L}*|месяц\p{L}*|лет|год\p{L}*|นาที|ชั่วโมง|วัน|เดือน|ปี) ?(trước|ago|前|전|назад|ที่แล้ว|ที่ผ่านมา)?/u
const yesterday = /(?:hôm qua|yesterday|(?<!\p{L})hier(?!\p{L})|ayer|gestern|昨天|昨日|어제|вчера|เมื่อวาน)/u
const today = /(?:hôm nay|today|aujourd.hui|(?<!\p{L})hoy(?!\p{L})|heute|今天|今日|오늘|сегодня|วันนี้)/u

function relative(text: string, options: DateOptions): ParsedDate | null {
  if (!options.reference) return null
  const reference = Date.parse(options.reference)
  const match = ago.exec(text)
  if (match && (match[3] !== undefined || /^(?:cách đây|il y a|hace|vor) /u.test(match[0]))) {
    const unit = units.find(([pattern]) => pattern.test(match[2] ?? ''))?.[1] ?? 0
    const count = /^\d+$/.test(match[1] ?? '') ? number(match[1]) : 1
    const instant = new Date(reference - count * unit).toISOString()
    const precision = unit <= 60_000 ? 'minute' : 'coarse'
    return { instant, precision, zone: 'assumed', kind: 'relative', wallClock: instant }
  }
  const back = yesterday.test(text) ? 1 : today.test(text) ? 0 : null
  if (back === null) return null
  const local = reference - back * 86_400_000 + (reference - Date.parse(zonedInstant(reference, options.timezone)))
  const date = new Date(local)
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), from: 0, to: 0 }
  return assemble(day, findTime(text, day), null, 'relative', options)
}

/**
 * Reads the first date of a short text, in the ways the press prints it: numeric in the outlet's order, ISO 8601, with
 * month names in some twenty languages, 年月日, 년월일, the Buddhist, Minguo and Japanese eras, 12-hour clocks, zones by
 * offset or short name, relative ("2 giờ trước") and without a year (both need `reference`); Unix time in
 * seconds or milliseconds.
 * @returns null when there is none
 */
export function parseDate(text: string, options: DateOptions): ParsedDate | null {
  const input = plain(text)
  const epoch = /^\s*(1\d{9})(\d{3})?\s*$/.exec(input)
  if (epoch) {
    const instant = new Date(number(epoch[1]) * 1000 + number(epoch[2] ?? '0')).toISOString()
    return { instant, precision: 'second', zone: 'printed', kind: 'absolute', wallClock: instant }
  }
  const exact = isoPattern.exec(input)
  if (exact && isDay(number(exact[1]), number(exact[2]), number(exact[3]))) {
    const [, y, mo, d, h, mi, s, zone] = exact
    const offset = zone === undefined ? takeZone(input).offset : (offsetOf(` ${zone}`)?.zone ?? null)
    const time = { hour: number(h), minute: number(mi), second: number(s ?? '0'), hasSeconds: s !== undefined }
    if (time.hour <= 24 && time.minute < 60 && time.second <= 60)
      return assemble({ year: number(y), month: number(mo), day: number(d) }, time, offset, 'absolute', options)
  }
  const { text: rest, offset } = takeZone(input)
  const day = findDay(rest, readers, options.dateOrder)
  if (day && day.year !== null)
    return assemble(
      { year: day.year, month: day.month, day: day.day },
      findTime(rest, day),
      offset,
      'absolute',
      options,
    )
  const yearless = findDay(rest, yearlessReaders, options.dateOrder)
  const year = yearless && withYear(yearless, options)
  if (yearless && year !== null)
    return assemble(
      { year, month: yearless.month, day: yearless.day },
      findTime(rest, yearless),
      offset,
      'yearless',
      options,
    )
  return relative(rest, options)
}
