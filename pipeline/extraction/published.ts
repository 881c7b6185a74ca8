import type { FeedItem, Instant, Outlet } from '../../model.ts'
import { type DateOptions, type ParsedDate, parseDate } from '../dates.ts'
import type { Candidate, Structured } from './structured.ts'
import { attribute, collapse, rawText, type Tree } from './tree.ts'

export interface PublishedInput {
  readonly tree: Tree
  readonly url: string
  readonly structured: Structured
  /** What the outlet's own rules found. */
  readonly ruled: { readonly published: readonly Candidate[]; readonly modified: readonly Candidate[] }
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
  readonly date: ParsedDate
  readonly by: string
}

function parseAll(candidates: readonly Candidate[], options: DateOptions): Found[] {
  return candidates.flatMap(({ value, by }) => {
    const date = parseDate(value, options)
    return date ? [{ date, by }] : []
  })
}

/** When the article appeared, weighed from rules, structured data, `time` elements, the address and the feed. */
export function findPublished(input: PublishedInput): Published {
  const options: DateOptions = {
    timezone: input.outlet?.timezone ?? 'Asia/Ho_Chi_Minh',
    dateOrder: input.outlet?.dateOrder ?? 'day-first',
    reference: input.fetchedAt,
  }
  const doubts: string[] = []
  const times = input.tree.times.slice(0, 5).map((element) => ({
    value: attribute(element, 'datetime') ?? collapse(rawText(element)),
    by: 'time',
  }))
  const found = parseAll([...input.ruled.published, ...input.structured.published, ...times], options)
  const limit = input.fetchedAt === null ? null : Date.parse(input.fetchedAt) + 600_000
  const believed = found.filter(({ date, by }) => {
    if (limit === null || Date.parse(date.instant) <= limit) return true
    doubts.push(`published: ${date.instant} (${by}) lies in the future`)
    return false
  })
  const best = believed[0] ?? null
  const modified = parseAll([...input.ruled.modified, ...input.structured.modified], options)[0] ?? null
  return {
    published: best?.date.instant ?? input.feed?.published ?? null,
    publishedBy: best?.by ?? (input.feed?.published ? 'feed' : null),
    modified: modified?.date.instant ?? null,
    modifiedBy: modified?.by ?? null,
    doubts,
  }
}
