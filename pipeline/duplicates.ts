import type { Instant } from '../model.ts'
import { createArena } from './arena.ts'
import { finished, fold, hash, hashed, SECOND_SEED, SEED, tokens } from './features.ts'
import { createPostings } from './postings.ts'

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
const CANDIDATES = 40
const KEY = 0xffffff
const MS_PER_DAY = 86_400_000

/** The k smallest hashes of a text's runs of words, ascending, and how many runs the text has. */
export function sketch(text: string): { hashes: Uint32Array; runs: number } {
  const words = tokens(fold(text))
  const seen = new Set<number>()
  for (let i = 0; i + RUN <= words.length; i++) {
    let run = hashed(words[i]?.text ?? '', SEED)
    for (let j = 1; j < RUN; j++) run = hashed(words[i + j]?.text ?? '', hashed(' ', run))
    seen.add(finished(run))
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

/** Without what we write behind a name to tell outlets apart: `Tin Nhanh (bản in)` prints itself as `Tin Nhanh`. */
const nameKey = (name: string): string =>
  fold(name)
    .replace(/\s*\([^()]*\)\s*$/, '')
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

/** The address as a number: 53 bits of its hashes, since a string of its own for each article costs more. */
const addressOf = (url: string): number => {
  const key = addressKey(url)
  return hash(key) * 2 ** 21 + (hash(key, SECOND_SEED) >>> 11)
}

/** A string of its own: what a pattern found in a text keeps that whole text in memory. */
const detached = (text: string): string => [...text].join('')

type Sketch = ReturnType<typeof sketch>

interface Entry {
  readonly id: string
  readonly outlet: string
  readonly time: number
  /** Where the sketch's hashes stand in the arena, how many, and of how many runs. */
  place: number
  readonly hashes: number
  readonly runs: number
  readonly credit: string | null
  readonly address: number | null
  /** Position of the group's original. */
  original: number
}

/** A window of `days` days, in which copies are looked for. */
export function createCopyWindow(options: { readonly days: number }): CopyWindow {
  let entries: Entry[] = []
  let arena = createArena()
  const byAddress = new Map<number, number>()
  const positions = new Map<string, number>()
  /** Positions of an original's copies; an article without any has no group. */
  const groups = new Map<number, number[]>()
  const postings = createPostings()
  let newest = 0

  const sketchOf = (entry: Entry): Sketch => ({ hashes: arena.view(entry.place, entry.hashes), runs: entry.runs })

  const keysOf = (hashes: Uint32Array): Uint32Array => hashes.slice(0, INDEXED).map((key) => key & KEY)

  /** Files an entry under its position. */
  const file = (entry: Entry, position: number, hashes: Uint32Array) => {
    positions.set(entry.id, position)
    if (entry.address !== null) byAddress.set(entry.address, position)
    if (entry.original !== position) {
      const group = groups.get(entry.original)
      if (group) group.push(position)
      else groups.set(entry.original, [position])
    }
    for (const key of keysOf(hashes)) postings.add(key, position)
  }

  /** Remembers an article; without an original it is its own. */
  const insert = (article: CopyArticle, own: Sketch, printed: string | null, original: number | null): number => {
    const position = entries.length
    const entry: Entry = {
      id: article.id,
      outlet: article.outlet,
      time: Date.parse(article.published),
      place: arena.put(own.hashes),
      hashes: own.hashes.length,
      runs: own.runs,
      credit: printed === null ? null : detached(printed),
      address: article.url ? addressOf(article.url) : null,
      original: original ?? position,
    }
    entries.push(entry)
    file(entry, position, own.hashes)
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
    const fresh = createArena()
    for (const [position, entry] of entries.entries()) {
      if (entry.time < oldest) continue
      moved.set(position, kept.push(entry) - 1)
      entry.place = fresh.put(arena.view(entry.place, entry.hashes))
    }
    ;[entries, arena] = [kept, fresh]
    for (const index of [byAddress, positions, groups]) index.clear()
    postings.clear()
    for (const [position, entry] of entries.entries()) {
      entry.original = moved.get(entry.original) ?? position
      file(entry, position, arena.view(entry.place, entry.hashes))
    }
  }

  const nearest = (own: Sketch, time: number): { position: number; part: number } | null => {
    let best: { position: number; part: number } | null = null
    const most = { visited: MOST_VISITED, kept: CANDIDATES }
    for (const position of postings.best(keysOf(own.hashes), () => 1, most)) {
      const other = entries[position]
      if (!other || other.time < time - options.days * MS_PER_DAY) continue
      const { part, shared } = containment(own, sketchOf(other))
      const enough = shared >= LEAST_SHARED ? part >= LEAST_CONTAINMENT : part >= SHORT_CONTAINMENT
      if (enough && (!best || part > best.part)) best = { position, part }
    }
    return best
  }

  let since = 0
  return {
    size: () => entries.length,
    restore: (article, copyOf) => {
      const own = sketch(`${article.title}\n${article.text}`)
      const original = copyOf === null ? undefined : positions.get(copyOf)
      insert(article, own, credit(article.text), original ?? null)
    },
    add: (article) => {
      if (++since >= 1000) {
        since = 0
        expire()
      }
      const printed = credit(article.text)
      const own = sketch(`${article.title}\n${article.text}`)
      const same = article.url === undefined ? undefined : byAddress.get(addressOf(article.url))
      const earlier = same === undefined ? undefined : entries[same]
      if (earlier) {
        insert(article, own, printed, earlier.original)
        return { copyOf: null, versionOf: earlier.id, containment: 1, credit: printed, originalOf: [] }
      }
      const near = nearest(own, Date.parse(article.published))
      if (!near) {
        insert(article, own, printed, null)
        return { copyOf: null, versionOf: null, containment: 0, credit: printed, originalOf: [] }
      }
      const root = entries[near.position]?.original ?? near.position
      const group = [root, ...(groups.get(root) ?? [])].flatMap((position) => entries[position] ?? [])
      // The group credits this outlet, and its original so far is not that outlet: this one is the original.
      const owed = group.some((other) => other.credit !== null && credits(other.credit, article.outlet))
      const first = entries[root]
      const settled = first !== undefined && group.some((o) => o.credit !== null && credits(o.credit, first.outlet))
      if (owed && !settled) {
        const position = insert(article, own, printed, null)
        for (const other of group) other.original = position
        groups.set(position, [root, ...(groups.get(root) ?? [])])
        groups.delete(root)
        const originalOf = group.map((other) => other.id)
        return { copyOf: null, versionOf: null, containment: near.part, credit: printed, originalOf }
      }
      insert(article, own, printed, root)
      return { copyOf: first?.id ?? null, versionOf: null, containment: near.part, credit: printed, originalOf: [] }
    },
  }
}
