import { z } from 'zod'
import type { Outlet } from '../model.ts'

/**
 * The form of `crawlers/outlets/<id>.yaml`. It stands here, left of the crawlers, because a profile names the outlets it
 * follows and is checked together with them.
 */

const id = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'use lower-case letters, digits, - and _')
const day = z.iso.date('write the day as YYYY-MM-DD, in quotes')
const url = z.url({ protocol: /^https?$/, error: 'write a whole address that begins with http:// or https://' })
const selectors = z.array(z.string().min(1)).min(1)

const links = z
  .string()
  .min(1)
  .optional()
  .describe(
    'CSS selector of the links to articles; absent: links that match `articlePattern`, without one the links that look like titles of articles.',
  )
const withQuery = url
  .refine((text) => text.includes('{query}'), { message: 'write {query} where the words that are sought stand' })
  .describe('With `{query}` in the place of the words; `outlets.search` of the profile gives them.')

const source = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('feed'), url })
    .describe('RSS, Atom, RDF or JSON feed; one with `{query}` in its address is a search.'),
  z.strictObject({ kind: z.literal('listing'), url, links }).describe('Front page or section page.'),
  z.strictObject({ kind: z.literal('sitemap'), url }).describe('Sitemap or index of sitemaps, gzip or plain.'),
  z.strictObject({ kind: z.literal('search'), url: withQuery, links }).describe("The outlet's own search page."),
  z.strictObject({ kind: z.literal('gdelt'), url: withQuery }).describe('DOC API of GDELT, format=json.'),
])

/** CSS selectors, tried in order; `selector@attribute` reads an attribute instead of the text. */
const rules = z.strictObject({
  from: day.optional().describe("First day on which the outlet's pages looked like this."),
  until: day.optional().describe('Last day; kept so that archived pages still extract.'),
  unverified: z.boolean().optional().describe('true until a check against the live page has confirmed them.'),
  title: selectors.optional(),
  lead: selectors.optional(),
  body: selectors.optional(),
  byline: selectors.optional(),
  section: selectors.optional(),
  published: selectors.optional(),
  modified: selectors.optional(),
  image: selectors.optional(),
  remove: selectors.optional().describe('Elements taken out of the body first.'),
})

export const OUTLET_CLASSES = ['press', 'own', 'aggregator', 'portal', 'organisation'] as const
export const OUTLET_KINDS = [
  'national',
  'local',
  'agency',
  'broadcaster',
  'magazine',
  'specialist',
  'travel',
  'portal',
  'aggregator',
  'ngo',
] as const

export const outletSchema = z.strictObject({
  /** The file's name without `.yaml`. */
  id,
  name: z.string().min(1),
  origin: z.enum(['domestic', 'foreign']).describe('Where the publisher sits, not which language it writes.'),
  class: z.enum(OUTLET_CLASSES).describe('Only `press` enters the figures of press opinion.'),
  kind: z.enum(OUTLET_KINDS),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'use a two-letter ISO 3166-1 code in capitals')
    .describe('Seat of the publisher, ISO 3166-1 alpha-2.'),
  languages: z.array(z.string().regex(/^[a-z]{2}$/, 'use a two-letter ISO 639-1 code')).min(1),
  homepage: url.nullable(),
  timezone: z
    .string()
    .optional()
    .describe('IANA zone of times printed without a zone; by default that of the country.'),
  dateOrder: z
    .enum(['day-first', 'month-first'])
    .default('day-first')
    .describe('`month-first` for outlets that print 5/25/2023.'),
  sources: z.array(source).describe('Empty: known, but no way to collect it has been found yet.'),
  articlePattern: z.string().min(1).optional().describe("Regular expression that an article's address matches."),
  delaySeconds: z.number().min(0).default(5).describe('Least pause between two requests to one host, seconds.'),
  rules: z.array(rules).default([]),
  notes: z.string().optional(),
  browser: z
    .enum(['always', 'never'])
    .optional()
    .describe('Whether its pages are rendered in a browser; absent: only where the text is missing in the raw page.'),
  founded: day
    .optional()
    .describe('First day on which it published on the web, where known: an earlier date on a page is doubted.'),
})

export type OutletFile = z.infer<typeof outletSchema>

const zones: Readonly<Record<string, string>> = {
  AU: 'Australia/Sydney',
  BY: 'Europe/Minsk',
  CH: 'Europe/Zurich',
  CN: 'Asia/Shanghai',
  DE: 'Europe/Berlin',
  FR: 'Europe/Paris',
  GB: 'Europe/London',
  HK: 'Asia/Hong_Kong',
  IT: 'Europe/Rome',
  JP: 'Asia/Tokyo',
  KH: 'Asia/Phnom_Penh',
  KR: 'Asia/Seoul',
  LA: 'Asia/Vientiane',
  MM: 'Asia/Yangon',
  MY: 'Asia/Kuala_Lumpur',
  QA: 'Asia/Qatar',
  RU: 'Europe/Moscow',
  SG: 'Asia/Singapore',
  TH: 'Asia/Bangkok',
  TW: 'Asia/Taipei',
  US: 'America/New_York',
  VA: 'Europe/Vatican',
  VN: 'Asia/Ho_Chi_Minh',
}

/** The zone in which an outlet of this country prints its times, or undefined when we cannot tell. */
export const zoneOf = (country: string): string | undefined => zones[country]

/** The outlet as the rest of the monitor sees it; `timezone` is the zone that the checks settled on. */
export function toOutlet(file: OutletFile, timezone: string): Outlet {
  return { ...file, timezone, articlePattern: file.articlePattern ?? null, notes: file.notes ?? null }
}
