import type * as cheerio from 'cheerio'
import type { Language } from '../model.ts'
import { zoneOf } from '../profiles/outlet-schema.ts'

/** Where a language is written when nothing else tells a publisher's seat. */
const homes: Readonly<Record<Language, string>> = {
  be: 'BY',
  de: 'DE',
  en: 'US',
  fr: 'FR',
  it: 'IT',
  ja: 'JP',
  km: 'KH',
  ko: 'KR',
  lo: 'LA',
  my: 'MM',
  ru: 'RU',
  th: 'TH',
  vi: 'VN',
  zh: 'CN',
}

export interface CountryGuess {
  /** ISO 3166-1 alpha-2. */
  readonly code: string
  /** The name of the host says so. */
  readonly sure: boolean
}

/** By the host's country domain, else by the region that the page declares, else by its language. */
export function countryOf(
  host: string,
  language: Language,
  declared: string | null,
  locale: string | null,
): CountryGuess {
  const domain = host.split(':')[0]?.split('.').at(-1)?.toUpperCase() ?? ''
  const byHost = domain === 'UK' ? 'GB' : domain
  if (/^[A-Z]{2}$/.test(byHost) && zoneOf(byHost) !== undefined) return { code: byHost, sure: true }
  const region = /[-_]([A-Z]{2})$/i.exec(declared ?? '')?.[1] ?? /[-_]([A-Z]{2})$/i.exec(locale ?? '')?.[1]
  const named = region?.toUpperCase()
  if (named && zoneOf(named) !== undefined) return { code: named, sure: false }
  return { code: homes[language] ?? 'VN', sure: false }
}

const general = /^(?:www|m|com|net|org|gov|edu|co|ac|or|ne|info|[a-z]{2})$/

/** `baolaocai` of `www.baolaocai.vn`, `news_example` of `news.example.com`. */
export function idOf(host: string): string {
  const [name = '', port] = host.split(':')
  if (/^[\d.]+$/.test(name)) return `outlet_${port ?? name.replaceAll('.', '_')}`
  const labels = name.toLowerCase().split('.')
  const own = labels.slice(0, -1).filter((label) => !general.test(label))
  return (own.length > 0 ? own : labels.slice(0, 1)).join('_').replace(/[^a-z0-9_-]/g, '_')
}

/** As the page calls its site: `og:site_name`, else the part of its title that names the house, else the host. */
export function nameOf($: cheerio.CheerioAPI, host: string): string {
  const said = $('meta[property="og:site_name"]').attr('content') ?? $('meta[name="application-name"]').attr('content')
  const title = $('title')
    .first()
    .text()
    .split(/\s[|–—-]\s/)
  const shortest = title.map((part) => part.trim()).filter((part) => part !== '')
  const name = said?.trim() || shortest.sort((a, b) => a.length - b.length)[0] || host
  return name.replace(/\s+/g, ' ').normalize('NFC').slice(0, 100)
}
