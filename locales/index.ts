import { alerts as enAlerts } from './en/alerts.ts'
import { archive as enArchive } from './en/archive.ts'
import { cli as enCli } from './en/cli.ts'
import { evidence as enEvidence } from './en/evidence.ts'
import { helpers as enHelpers } from './en/helpers.ts'
import { imports as enImports } from './en/import.ts'
import { outlet as enOutlet } from './en/outlet.ts'
import { problems as enProblems } from './en/problems.ts'
import { profile as enProfile } from './en/profile.ts'
import { reports as enReports } from './en/reports.ts'
import { stories as enStories } from './en/stories.ts'
import { system as enSystem } from './en/system.ts'
import { visits as enVisits } from './en/visits.ts'
import { web as enWeb } from './en/web.ts'
import { alerts as viAlerts } from './vi/alerts.ts'
import { archive as viArchive } from './vi/archive.ts'
import { cli as viCli } from './vi/cli.ts'
import { evidence as viEvidence } from './vi/evidence.ts'
import { helpers as viHelpers } from './vi/helpers.ts'
import { imports as viImports } from './vi/import.ts'
import { outlet as viOutlet } from './vi/outlet.ts'
import { problems as viProblems } from './vi/problems.ts'
import { profile as viProfile } from './vi/profile.ts'
import { reports as viReports } from './vi/reports.ts'
import { stories as viStories } from './vi/stories.ts'
import { system as viSystem } from './vi/system.ts'
import { visits as viVisits } from './vi/visits.ts'
import { web as viWeb } from './vi/web.ts'

/** Vietnamese is the first language: its files give the keys, the other languages must have the same. */
const vi = {
  alerts: viAlerts,
  archive: viArchive,
  cli: viCli,
  evidence: viEvidence,
  helpers: viHelpers,
  imports: viImports,
  outlet: viOutlet,
  problems: viProblems,
  profile: viProfile,
  reports: viReports,
  stories: viStories,
  system: viSystem,
  visits: viVisits,
  web: viWeb,
} as const

type Shape<T> = { readonly [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }
const en: Shape<typeof vi> = {
  alerts: enAlerts,
  archive: enArchive,
  cli: enCli,
  evidence: enEvidence,
  helpers: enHelpers,
  imports: enImports,
  outlet: enOutlet,
  problems: enProblems,
  profile: enProfile,
  reports: enReports,
  stories: enStories,
  system: enSystem,
  visits: enVisits,
  web: enWeb,
}

type KeyOf<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : KeyOf<T[K], `${Prefix}${K}.`>
}[keyof T & string]

export type Locale = 'vi' | 'en'
export const LOCALES: readonly Locale[] = ['vi', 'en']

/** `web.search.title`, … : checked by the compiler. */
export type MessageKey = KeyOf<typeof vi>

/** Gives the text of `key` with each `{name}` replaced from `values`. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string

/**
 * Texts of one language.
 * @throws {RangeError} from the returned function when a `{name}` of the text has no value.
 */
export function translator(locale: Locale): Translate {
  const messages: Shape<typeof vi> = locale === 'vi' ? vi : en
  return (key, values = {}) => {
    let node: unknown = messages
    for (const part of key.split('.')) node = (node as Readonly<Record<string, unknown>>)[part]
    return String(node).replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new RangeError(`locales/${locale}: "${key}" needs a value for {${name}}`)
      return String(value)
    })
  }
}
