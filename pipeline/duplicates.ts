import type { Instant } from '../model.ts'
import { fold, hash, tokens } from './features.ts'

/**
 * Reprints and near-copies, found on-line. An article is the set of its runs of three folded words; a bottom-k sketch
 * (Broder 1997, "On the resemblance and containment of documents") keeps the k smallest hashes, which estimate how much
 * of the shorter text stands in the longer one. Containment, not resemblance, since a reprint is often cut to a fifth.
 * Folding makes the loss of accents harmless; a new title or lead only adds runs that are not shared.
 */

export interface CopyArticle {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly outlet: string
  readonly published: Instant
  readonly url?: string | undefined
}

export interface CopyDecision {
  /** The original of which this is a reprint, as far as known now. */
  readonly copyOf: string | null
  /** An article of the same URL: a version, not a copy. */
  readonly versionOf: string | null
  /** Part of the shorter text that stands in the other, 0 to 1. */
  readonly containment: number
  /** Whom the text credits (`TTXVN`), as printed. */
  readonly credit: string | null
  /** Earlier copies whose original turns out to be this article (the credited agency that came in late). */
  readonly originalOf: readonly string[]
}

export interface CopyWindow {
  readonly add: (article: CopyArticle) => CopyDecision
  /** Remembers an article with a decision made before. */
  readonly restore: (article: CopyArticle, copyOf: string | null) => void
  readonly size: () => number
}

const RUN = 3
const SKETCH = 96
const INDEXED = 24
/** Least part of the shorter text that is shared. Tuned on mutated articles of the background, not on those measured. */
const LEAST_CONTAINMENT = 0.5
/** A shared sentence is no reprint: so many runs of words at least, or nearly everything. */
const LEAST_SHARED = 40
const SHORT_CONTAINMENT = 0.75
const MOST_VISITED = 400
const HEADS = 1 << 18
const GROWTH = 1.4
const MS_PER_DAY = 86_400_000

/** The k smallest hashes of a text's runs of words, ascending, and how many runs the text has. */
export function sketch(text: string): { hashes: Uint32Array; runs: number } {
  const words = tokens(fold(text))
  const seen = new Set<number>()
  for (let i = 0; i + RUN <= words.length; i++) {
    let run = words[i]?.text ?? ''
    for (let j = 1; j < RUN; j++) run += ` ${words[i + j]?.text ?? ''}`
    seen.add(hash(run))
  }
  return { hashes: Uint32Array.from(seen).sort().slice(0, SKETCH), runs: seen.size }
}

/** Estimated containment of the smaller set, and the estimated number of shared runs. */
export function containment(
  a: { hashes: Uint32Array; runs: number },
  b: { hashes: Uint32Array; runs: number },
): { part: number; shared: number } {
  const bound = (s: { hashes: Uint32Array; runs: number }) =>
    s.runs > s.hashes.length ? (s.hashes.at(-1) ?? 0) : 0xffffffff
  const limit = Math.min(bound(a), bound(b))
  let [i, j, shared, countA, countB] = [0, 0, 0, 0, 0]
  for (;;) {
    const x = a.hashes[i] ?? Number.POSITIVE_INFINITY
    const y = b.hashes[j] ?? Number.POSITIVE_INFINITY
    const least = Math.min(x, y)
    if (least > limit) break
    if (x === least) {
      i++
      countA++
    }
    if (y === least) {
      j++
      countB++
    }
    if (x === y) shared++
  }
  const smaller = Math.min(countA, countB)
  const part = smaller === 0 ? 0 : shared / smaller
  return { part, shared: part * Math.min(a.runs, b.runs) }
}

/** Agencies under their several names; an outlet of the agency's house counts as it. */
const AGENCIES: readonly (readonly string[])[] = [
  ['ttxvn', 'thong tan xa viet nam', 'vietnam+', 'vietnamplus', 'vna', 'vietnam news agency', 'bao tin tuc'],
  ['tan hoa xa', 'xinhua', '新华社', '新華社'],
  ['reuters'],
  ['afp'],
  ['ap', 'associated press'],
  ['kyodo', '共同通信'],
  ['yonhap', '연합뉴스'],
]

const CREDIT =
  /\(\s*(TTXVN|AFP|AP|Reuters|Xinhua)\s*[)/]|\bTTXVN\/[\p{L}+]+|(?:^|[\s(.])(?:[Tt]heo|THEO|Nguồn:?|NGUỒN:?)\s+((?:[Bb]áo |[Tt]ạp chí |[Đđ]ài )?(?:TTXVN|[\p{Lu}][\p{L}+]*(?:[ &][\p{Lu}][\p{L}+]*){0,3}))\s*(?:$|[.)\n])|(新华社|新華社)/mu

/** Whom a text credits as its source: `Theo TTXVN` at its end, `(TTXVN)`, `Nguồn: …`; null when nobody. */
export function credit(text: string): string | null {
  const found = CREDIT.exec(text)
  if (!found) return null
  return (found[1] ?? found[2] ?? found[3] ?? 'TTXVN').trim()
}

const nameKey = (name: string): string =>
  fold(name)
    .replace(/^(?:bao|tap chi|dai)\s+/, '')
    .trim()

/** Whether a printed credit means an outlet. */
export function credits(printed: string, outlet: string): boolean {
  const a = nameKey(printed)
  const b = nameKey(outlet)
  if (a === b) return true
  return AGENCIES.some((group) => group.includes(a) && group.some((name) => b === name || fold(outlet) === name))
}

/** The address without what does not tell articles apart. */
const addressKey = (url: string): string =>
  url
    .replace(/^https?:\/\/(?:www\.|m\.|amp\.)?/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/(?:amp\/?)?$/, '')
    .toLowerCase()

interface Entry {
  readonly id: string
  readonly outlet: string
  readonly time: number
  readonly sketch: { hashes: Uint32Array; runs: number }
  readonly credit: string | null
  /** Position of the group's original. */
  original: number
}

/** A window of `days` days, in which copies are looked for. */
export function createCopyWindow(options: { readonly days: number }): CopyWindow {
  let entries: Entry[] = []
  let byAddress = new Map<string, number>()
  const heads = new Int32Array(HEADS)
  let keys = new Uint32Array(1 << 12)
  let next = new Int32Array(1 << 12)
  let owner = new Int32Array(1 << 12)
  let used = 1
  let newest = 0

  const index = (position: number, hashes: Uint32Array) => {
    for (const key of hashes.subarray(0, INDEXED)) {
      if (used === keys.length) {
        const grow = <T extends Uint32Array | Int32Array>(from: T, to: T): T => {
          to.set(from)
          return to
        }
        keys = grow(keys, new Uint32Array(Math.ceil(used * GROWTH)))
        next = grow(next, new Int32Array(Math.ceil(used * GROWTH)))
        owner = grow(owner, new Int32Array(Math.ceil(used * GROWTH)))
      }
      const slot = key & (HEADS - 1)
      keys[used] = key
      owner[used] = position
      next[used] = heads[slot] ?? 0
      heads[slot] = used++
    }
  }

  const insert = (article: CopyArticle, entry: Entry) => {
    const position = entries.push(entry) - 1
    if (entry.original < 0) entry.original = position
    if (article.url) byAddress.set(addressKey(article.url), position)
    index(position, entry.sketch.hashes)
    newest = Math.max(newest, entry.time)
    return position
  }

  /** Drops what left the window once it is more than a third of everything. */
  const expire = () => {
    const oldest = newest - options.days * MS_PER_DAY
    let stale = 0
    for (const entry of entries) if (entry.time < oldest) stale++
    if (stale * 3 < entries.length) return
    const moved = new Map<number, number>()
    const kept: Entry[] = []
    for (const [position, entry] of entries.entries())
      if (entry.time >= oldest) moved.set(position, kept.push(entry) - 1)
    for (const [position, entry] of kept.entries()) entry.original = moved.get(entry.original) ?? position
    byAddress = new Map(
      [...byAddress].flatMap(([address, position]) => {
        const to = moved.get(position)
        return to === undefined ? [] : [[address, to] as const]
      }),
    )
    entries = kept
    heads.fill(0)
    used = 1
    for (const [position, entry] of entries.entries()) index(position, entry.sketch.hashes)
  }

  const nearest = (
    own: { hashes: Uint32Array; runs: number },
    time: number,
  ): { position: number; part: number } | null => {
    const hits = new Map<number, number>()
    for (const key of own.hashes.subarray(0, INDEXED)) {
      let visited = 0
      for (let at = heads[key & (HEADS - 1)] ?? 0; at > 0 && visited < MOST_VISITED; at = next[at] ?? 0) {
        if (keys[at] !== key) continue
        visited++
        const position = owner[at] ?? 0
        hits.set(position, (hits.get(position) ?? 0) + 1)
      }
    }
    let best: { position: number; part: number } | null = null
    for (const [position] of [...hits].sort((a, b) => b[1] - a[1]).slice(0, 40)) {
      const other = entries[position]
      if (!other || other.time < time - options.days * MS_PER_DAY) continue
      const { part, shared } = containment(own, other.sketch)
      const enough = shared >= LEAST_SHARED ? part >= LEAST_CONTAINMENT : part >= SHORT_CONTAINMENT
      if (enough && (!best || part > best.part)) best = { position, part }
    }
    return best
  }

  let since = 0
  return {
    size: () => entries.length,
    restore: (article, copyOf) => {
      const original = copyOf === null ? -1 : entries.findLastIndex((entry) => entry.id === copyOf)
      insert(article, {
        id: article.id,
        outlet: article.outlet,
        time: Date.parse(article.published),
        sketch: sketch(`${article.title}\n${article.text}`),
        credit: credit(article.text),
        original,
      })
    },
    add: (article) => {
      if (++since >= 1000) {
        since = 0
        expire()
      }
      const printed = credit(article.text)
      const own = sketch(`${article.title}\n${article.text}`)
      const entry: Entry = {
        id: article.id,
        outlet: article.outlet,
        time: Date.parse(article.published),
        sketch: own,
        credit: printed,
        original: -1,
      }
      const same = article.url === undefined ? undefined : byAddress.get(addressKey(article.url))
      const earlier = same === undefined ? undefined : entries[same]
      if (earlier && same !== undefined) {
        entry.original = earlier.original
        insert(article, entry)
        return { copyOf: null, versionOf: earlier.id, containment: 1, credit: printed, originalOf: [] }
      }
      const near = nearest(own, entry.time)
      if (!near) {
        insert(article, entry)
        return { copyOf: null, versionOf: null, containment: 0, credit: printed, originalOf: [] }
      }
      const root = entries[near.position]?.original ?? near.position
      const group = entries.filter((other) => other.original === root)
      // The group credits this outlet, and its original so far is not that outlet: this one is the original.
      const owed = group.some((other) => other.credit !== null && credits(other.credit, article.outlet))
      const first = entries[root]
      const settled = first !== undefined && group.some((o) => o.credit !== null && credits(o.credit, first.outlet))
      if (owed && !settled) {
        const position = insert(article, entry)
        for (const other of group) other.original = position
        const originalOf = group.map((other) => other.id)
        return { copyOf: null, versionOf: null, containment: near.part, credit: printed, originalOf }
      }
      entry.original = root
      insert(article, entry)
      return { copyOf: first?.id ?? null, versionOf: null, containment: near.part, credit: printed, originalOf: [] }
    },
  }
}
