import type { FeedItem, Instant, Outlet } from '../../model.ts'
import { type DateOptions, type ParsedDate, parseDate } from '../dates.ts'
import type { PrintedDates } from './printed-dates.ts'
import type { Candidate, Structured } from './structured.ts'
import { dateFromUrl } from './url-date.ts'

export interface PublishedInput {
  readonly url: string
  readonly structured: Structured
  /** What the outlet's own rules found. */
  readonly ruled: { readonly published: readonly Candidate[]; readonly modified: readonly Candidate[] }
  /** `time` elements and dates printed near the headline. */
  readonly printed: PrintedDates
  readonly options: DateOptions
  readonly outlet: Outlet | null
  readonly fetchedAt: Instant | null
  readonly feed: FeedItem | null
}

export interface Published {
  readonly published: Instant | null
  readonly publishedBy: string | null
  readonly modified: Instant | null
  readonly modifiedBy: string | null
  readonly doubts: readonly string[]
}

interface Found {
  readonly instant: number
  readonly wallClock: number
  readonly hasTime: boolean
  readonly zonePrinted: boolean
  readonly isUtc: boolean
  readonly kind: ParsedDate['kind']
  readonly by: string
}

const minute = 60_000
const hour = 60 * minute
/** Clocks of publishers and of ours differ a little. */
const clockSlack = 10 * minute
/** The first newspapers came to the web then; an earlier stamp is a filler (1970, 0001). */
const firstWebPress = Date.UTC(1993, 0, 1)

const iso = (instant: number): Instant => new Date(instant).toISOString()
const near = (a: number, b: number, within: number): boolean => Math.abs(a - b) <= within

function parseAll(candidates: readonly Candidate[], options: DateOptions): Found[] {
  return candidates.flatMap(({ value, by }) => {
    const date = parseDate(value, options)
    if (date === null) return []
    const hasTime = date.precision === 'second' || date.precision === 'minute'
    return [
      {
        instant: Date.parse(date.instant),
        wallClock: Date.parse(date.wallClock),
        hasTime,
        zonePrinted: date.zone === 'printed',
        isUtc: /(?:Z|[+-]00:?00|GMT|UTC)\s*$/i.test(value),
        kind: date.kind,
        by,
      },
    ]
  })
}

/**
 * A clock reading without a zone beside dates of the same page that print one: that zone is meant. A Z is not lent: it is
 * what programs write by default.
 */
function lendZone(found: readonly Found[], all: readonly Found[]): Found[] {
  const shifts = new Set(
    all
      .filter(({ zonePrinted, instant, wallClock, isUtc }) => zonePrinted && !isUtc && instant !== wallClock)
      .map((other) => other.instant - other.wallClock),
  )
  const [shift] = shifts
  if (shifts.size !== 1 || shift === undefined) return [...found]
  return found.map((date) =>
    date.zonePrinted || !date.hasTime ? date : { ...date, instant: date.wallClock + shift, zonePrinted: true },
  )
}

interface Witnesses {
  readonly printed: Found | null
  readonly address: Found | null
  readonly feed: number | null
}

/** Times that other parts of the page, its address and the feed give, as far as they give any. */
const timesOf = ({ printed, address, feed }: Witnesses): number[] => [
  ...(printed?.hasTime ? [printed.instant] : []),
  ...(address?.hasTime ? [address.instant] : []),
  ...(feed === null ? [] : [feed]),
]

/**
 * Structured data often prints local time with a Z or another zone. It is believed against its zone when only the clock
 * reading agrees with what page, address or feed say, or when only it does not lie in the future.
 */
function correctZone(found: Found, witnesses: Witnesses, input: PublishedInput, doubts: string[]): Found {
  const knowsZone = input.outlet !== null || /\.vn$/.test(URL.parse(input.url)?.hostname ?? '')
  if (!knowsZone || !found.zonePrinted || found.wallClock === found.instant) return found
  const times = timesOf(witnesses).filter((time) => time !== found.instant)
  const agrees = (instant: number) => times.some((time) => near(time, instant, 3 * minute))
  const isFuture = input.fetchedAt !== null && found.instant > Date.parse(input.fetchedAt) + clockSlack
  const wallIsPast = input.fetchedAt === null || found.wallClock <= Date.parse(input.fetchedAt) + clockSlack
  const lies = (agrees(found.wallClock) && !agrees(found.instant)) || (isFuture && wallIsPast)
  if (!lies) return found
  doubts.push(`${found.by}: the zone of ${iso(found.instant)} is wrong, it is local time`)
  return { ...found, instant: found.wallClock }
}

/** Why a date cannot be that of the article, or null. */
function impossible(found: Found, input: PublishedInput): string | null {
  const founded = input.outlet?.founded ? Date.parse(input.outlet.founded) : firstWebPress
  if (found.instant < founded)
    return input.outlet?.founded ? 'before the outlet existed' : 'before the press was on the web'
  if (input.fetchedAt === null) return null
  // Without a known outlet a time without a zone may be that of a place further east.
  const slack = !found.zonePrinted && input.outlet === null ? 7 * hour : clockSlack
  const limit = Date.parse(input.fetchedAt) + slack
  // A day alone begins at midnight: nothing to add. A later day is the future.
  return found.instant > limit ? 'in the future' : null
}

/** A day without a time takes the time of another source that names the same day. */
function refine(found: Found, witnesses: Witnesses): Found {
  if (found.hasTime) return found
  const sameDay = (time: number) => time >= found.instant && time < found.instant + 24 * hour
  const { printed, address, feed } = witnesses
  if (printed?.hasTime && sameDay(printed.instant)) return printed
  if (address?.hasTime && sameDay(address.instant)) return address
  if (feed !== null && sameDay(feed)) return { ...found, instant: feed, hasTime: true, by: 'feed' }
  return found
}

/** When two of printed date, address and feed agree with each other on another day than the first source, they win. */
function outvote(found: Found, witnesses: Witnesses, doubts: string[]): Found {
  const others: Found[] = [
    ...(witnesses.printed && witnesses.printed.by !== found.by ? [witnesses.printed] : []),
    ...(witnesses.address ? [witnesses.address] : []),
    ...(witnesses.feed === null
      ? []
      : [{ ...found, instant: witnesses.feed, hasTime: true, zonePrinted: true, isUtc: true, by: 'feed' }]),
  ]
  const against = others.filter((other) => !near(other.instant, found.instant, 36 * hour))
  if (against.length === 0) return found
  const [one, two] = against
  if (one && two && against.length === others.length && near(one.instant, two.instant, 30 * hour)) {
    const better = against.find((other) => other.hasTime) ?? one
    doubts.push(
      `published: ${found.by} says ${iso(found.instant)}, but ${one.by} and ${two.by} agree on ${iso(better.instant)}`,
    )
    return better
  }
  doubts.push(
    `published: ${found.by} says ${iso(found.instant)}, ${against.map((other) => `${other.by} ${iso(other.instant)}`).join(', ')}`,
  )
  return found
}

function addressDate(url: string, options: DateOptions): Found | null {
  const date = dateFromUrl(url, options.timezone)
  if (date === null) return null
  const instant = Date.parse(date.instant)
  return {
    instant,
    wallClock: instant,
    hasTime: date.precision !== 'day',
    zonePrinted: false,
    isUtc: false,
    kind: 'absolute',
    by: 'url',
  }
}

/**
 * When the article appeared and was changed. Rules and structured data first, then what is printed near the headline,
 * the address, the feed; each is held against the others, and a date in the future, before the outlet's first day or in
 * a zone that the others contradict is doubted, not believed.
 */
export function findPublished(input: PublishedInput): Published {
  const { options } = input
  const doubts: string[] = []
  const stated = parseAll([...input.ruled.published, ...input.structured.published], options)
  const shown = parseAll(input.printed.published, options)
  const changes = parseAll([...input.ruled.modified, ...input.structured.modified, ...input.printed.modified], options)
  // The zone of a known outlet is known; elsewhere the page's other dates may tell.
  const zoned = (found: readonly Found[]) =>
    input.outlet ? [...found] : lendZone(found, [...stated, ...shown, ...changes])
  const printed = zoned(shown)
  const first = (list: readonly Found[]) => list.find((found) => impossible(found, input) === null) ?? null
  const witnesses: Witnesses = {
    printed: first(printed.filter(({ kind }) => kind !== 'yearless')) ?? first(printed),
    address: first([addressDate(input.url, options)].filter((found) => found !== null)),
    feed: input.feed?.published ? Date.parse(input.feed.published) : null,
  }
  const ordered = [...zoned(stated), ...printed, ...(witnesses.address ? [witnesses.address] : [])]
  let chosen: Found | null = null
  const corrected: Found[] = []
  for (const candidate of ordered) {
    const found = correctZone(candidate, witnesses, input, doubts)
    if (found !== candidate) corrected.push(found)
    const why = impossible(found, input)
    if (why === null) {
      chosen = found
      break
    }
    doubts.push(`published: ${iso(found.instant)} (${found.by}) lies ${why}`)
  }
  if (chosen) {
    chosen = refine(outvote(chosen, witnesses, doubts), witnesses)
    if (chosen.kind === 'relative') doubts.push('published: printed as a distance in time, not as a date')
    if (chosen.kind === 'yearless') doubts.push('published: printed without a year')
  } else if (witnesses.feed !== null) {
    chosen = {
      instant: witnesses.feed,
      wallClock: witnesses.feed,
      hasTime: true,
      zonePrinted: true,
      isUtc: true,
      kind: 'absolute',
      by: 'feed',
    }
  }
  const lied = new Set(corrected.map(({ by }) => by))
  const changed = zoned(changes)
    .map((found) =>
      lied.has(found.by) && found.zonePrinted
        ? { ...found, instant: found.wallClock }
        : correctZone(found, witnesses, input, []),
    )
    .filter((found) => impossible(found, input) === null)
  const modified = changed.find(({ instant }) => chosen === null || instant >= chosen.instant - minute) ?? null
  return {
    published: chosen ? iso(chosen.instant) : null,
    publishedBy: chosen?.by ?? null,
    modified: modified ? iso(modified.instant) : null,
    modifiedBy: modified?.by ?? null,
    doubts,
  }
}
