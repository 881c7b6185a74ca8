import iconv from 'iconv-lite'
import type { WorldArticle } from './articles.ts'

/** What a layout needs to print one article. */
export interface PageView {
  readonly article: WorldArticle
  readonly outletName: string
  /** `http://127.0.0.1:port` */
  readonly origin: string
  readonly url: string
  /** IANA zone in which the outlet prints its times. */
  readonly timezone: string
  /** Written into the page's own declaration. */
  readonly charset: string
  /** The moment of the request: many sites print today's date in their header. */
  readonly now: Date
  /** Other articles, for "read more" boxes inside and after the text. */
  readonly related: readonly { readonly title: string; readonly url: string; readonly lead: string }[]
}

export type Layout = (view: PageView) => string

/** Fields of a date as an outlet prints them in its zone, zero-padded. */
export interface PrintedDate {
  readonly year: string
  readonly month: string
  readonly day: string
  readonly hour: string
  readonly minute: string
  /** 0 is Sunday. */
  readonly weekday: number
  /** `+07:00` */
  readonly offset: string
  /** With the zone's offset: `2025-10-01T08:15:00+07:00`. */
  readonly iso: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Building a format takes far longer than using it. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  formats.set(timeZone, format)
  return format
}

export function printed(date: Date | string, timeZone: string): PrintedDate {
  const parts = Object.fromEntries(
    formatIn(timeZone)
      .formatToParts(new Date(date))
      .map(({ type, value }) => [type, value]),
  )
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts
  const offset = (parts.timeZoneName ?? '').replace('GMT', '') || '+00:00'
  const weekday = new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDay()
  return {
    year,
    month,
    day,
    hour,
    minute,
    weekday,
    offset,
    iso: `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`,
  }
}

/** `Lũ quét ở Sa Pa` → `lu-quet-o-sa-pa`; empty for scripts without Latin letters. */
export const slug = (title: string): string =>
  title
    .replace(/đ/gi, 'd')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80)

/** Bytes of a page; for windows-1258 the tone marks are written apart from their letters, as that charset asks. */
export function encode(text: string, charset: string): Buffer {
  return iconv.encode(charset.toLowerCase() === 'windows-1258' ? withCombiningTones(text) : text, charset)
}

/** windows-1258 has â ê ô ă ơ ư đ as letters, but the five tones only as combining marks. */
function withCombiningTones(text: string): string {
  return text.normalize('NFD').replace(/(\p{L})(\p{M}+)/gu, (_cluster, base: string, marks: string) => {
    const shape = [...marks].filter((mark) => '\u0302\u0306\u031b'.includes(mark)).join('')
    const tones = [...marks].filter((mark) => !shape.includes(mark)).join('')
    return (base + shape).normalize('NFC') + tones
  })
}
