import { PROVINCE_ZONE } from '../../clock.ts'
import { formatNumber, formatShare } from '../../locales/format.ts'
import type { Translate } from '../../locales/index.ts'
import type { Instant } from '../../model.ts'
import { OUTLET_KINDS } from '../../profiles/outlet-schema.ts'
import type { Compared, OutletRef } from '../report-data.ts'

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: PROVINCE_ZONE,
  year: 'numeric',
  month: 'numeric',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

const partsOf = (instant: Instant) =>
  Object.fromEntries(parts.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))

/** A month as administrative documents write it: only January and February are padded. */
const padMonth = (month: number): string => (month <= 2 ? `0${month}` : String(month))

/** `05/10/2025`, `07/9/2015`, `03/02/2026`: days below 10 are padded, of the months only 1 and 2. */
export function documentDay(instant: Instant): string {
  const { day, month, year } = partsOf(instant)
  return `${day}/${padMonth(Number(month))}/${year}`
}

/** `14:05 05/10/2025`. */
export function documentTime(instant: Instant): string {
  const { hour, minute } = partsOf(instant)
  return `${hour}:${minute} ${documentDay(instant)}`
}

/** Month and year of the date line. */
export function documentMonth(instant: Instant): { readonly month: string; readonly year: string } {
  const { month, year } = partsOf(instant)
  return { month: padMonth(Number(month)), year: String(year) }
}

/** The day before a half-open period's end. */
export const lastDay = (to: Instant): string => documentDay(new Date(Date.parse(to) - 1).toISOString())

/** `8,02%`; a dash where there is no whole. */
export const shareInFigures = (part: number, whole: number): string =>
  whole === 0 ? NO_FIGURE : formatShare(part / whole)

/** `tăng 12 tin, bài (10%)`. */
export function changeInWords(t: Translate, now: number, before: number): string {
  if (now === before) return t('reports.figures.same')
  const count = formatNumber(Math.abs(now - before))
  if (before === 0) return t('reports.figures.increaseFromZero', { count })
  const share = shareInFigures(Math.abs(now - before), before)
  return now > before
    ? t('reports.figures.increase', { count, share })
    : t('reports.figures.decrease', { count, share })
}

/** `+12`, `−3`, `0`; a dash when there is nothing to compare with. */
export function changeInFigures({ now, before }: Compared): string {
  if (before === null) return NO_FIGURE
  return now === before ? '0' : `${now > before ? '+' : '−'}${formatNumber(Math.abs(now - before))}`
}
export const NO_FIGURE = '–'

export const beforeInFigures = ({ before }: Compared): string => (before === null ? NO_FIGURE : formatNumber(before))

const regions = new Intl.DisplayNames(['vi'], { type: 'region' })
const languages = new Intl.DisplayNames(['vi'], { type: 'language' })

/** As Vietnamese documents write it: `Nhật Bản`, `Đài Loan (Trung Quốc)`. */
export function countryName(t: Translate, code: string): string {
  if (code === 'TW' || code === 'HK' || code === 'MO') return t(`reports.country.${code}`)
  return regions.of(code) ?? code
}

/** `VnExpress`; of foreign outlets with the country of their seat: `Nikkei Asia, Nhật Bản`. */
export const outletName = ({ name, country }: OutletRef, t: Translate): string =>
  country === 'VN' ? name : `${name}, ${countryName(t, country)}`

/** A link to an address of the web; anything else is not made one. */
export const linkTo = (url: string): { readonly href?: string } => (/^https?:\/\//i.test(url) ? { href: url } : {})

/** `tiếng Anh`. */
export const languageName = (code: string): string => {
  const name = languages.of(code) ?? code
  return name.charAt(0).toLocaleLowerCase('vi') + name.slice(1)
}

/** An outlet's kind in words. */
export function kindName(t: Translate, kind: string): string {
  const known = OUTLET_KINDS.find((one) => one === kind)
  return known ? t(`reports.kind.${known}`) : t('reports.kind.other', { kind })
}

/** `a`, `a và b`, `a, b và c`. */
export const listInWords = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} và ${items.at(-1)}`
