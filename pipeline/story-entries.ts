import type { Instant } from '../model.ts'
import { languageOf } from './anchors.ts'
import { createArena } from './arena.ts'
import { hash } from './features.ts'
import { createMeetings } from './meetings.ts'
import type { Member } from './pair.ts'
import type { PlaceTree } from './place-tree.ts'
import { createPostings } from './postings.ts'
import { isRoundUp } from './round-up.ts'
import { type Packed, packArticle, type StoryArticle, sectionOf } from './vectors.ts'
import { createWindowTerms, type WindowTerms } from './window-terms.ts'

/** The articles of a story window: which story each stands in, which count at a time, and which are found by their terms. */

/** An article of the window. */
export interface Entry extends Member {
  readonly id: string
  readonly roundUp: boolean
  storyId: string
  /** Articles that were near to it when one of the two came; not kept over a restart. */
  near: readonly Entry[]
  /** Where `packed` stands in the window's arena, and its length: a view kept for each article costs 100 bytes. */
  place: number
  readonly size: number
}

export interface StoryEntries {
  readonly terms: WindowTerms
  /** An article as an entry that is not of the window yet. */
  readonly read: (article: StoryArticle, storyId: string) => Entry
  readonly insert: (entry: Entry) => void
  readonly get: (articleId: string) => Entry | undefined
  /** The one that came `back` articles before the last. */
  readonly before: (back: number) => Entry | undefined
  readonly of: (storyId: string) => readonly Entry[]
  readonly size: () => number
  /** Articles that share its heaviest terms, or an event at a place, and count at its time; columns of many events not. */
  readonly candidates: (entry: Entry) => Entry[]
  readonly relocate: (entry: Entry, storyId: string) => void
  /** Whether an article counts at a time: it is of the window, or the last of a story worth remembering. */
  readonly counts: (entry: Entry, now: number) => boolean
  /** Whether it is of the window at a time. */
  readonly isOpen: (entry: Entry, now: number) => boolean
  /** A story of some size, of which only the last article may be in the window. */
  readonly remember: (storyId: string) => void
  /** Forgets what counts no more, where that is much. */
  readonly expire: () => void
}

/** Terms of an article by which it is found. */
const INDEXED = 32
const MOST_VISITED = 500
const CANDIDATES = 32
const DAY_MS = 86_400_000
/** Articles that make a story worth remembering when they leave the window. */
export const REMEMBERED = 3
const NONE: readonly never[] = []

export function createStoryEntries(options: {
  readonly days: number
  readonly memoryDays: number
  readonly places: PlaceTree
}): StoryEntries {
  const terms = createWindowTerms()
  const meetings = createMeetings()
  const postings = createPostings()
  let arena = createArena()
  let entries: Entry[] = []
  const byId = new Map<string, Entry>()
  const members = new Map<string, Entry[]>()
  /** Stories that are remembered beyond the window. */
  const grown = new Set<string>()
  let newest = 0

  const heaviest = (entry: Member): Uint32Array => {
    const all = sectionOf(entry.packed, 0)
    if (all.length <= INDEXED) return all
    return Uint32Array.from(all)
      .sort((a, b) => (b & 255) - (a & 255))
      .subarray(0, INDEXED)
  }

  const index = (position: number, entry: Entry) => {
    byId.set(entry.id, entry)
    for (const term of heaviest(entry)) postings.add(term >>> 8, position)
    meetings.add(entry, position)
  }

  /** What entries inherit: their terms are looked up when they are asked for. */
  const inArena = {
    get packed(): Packed {
      const { place, size } = this as unknown as Entry
      return arena.view(place, size)
    },
  }

  const join = (entry: Entry) => {
    const story = members.get(entry.storyId)
    if (story) story.push(entry)
    else members.set(entry.storyId, [entry])
    if ((story?.length ?? 1) >= REMEMBERED) grown.add(entry.storyId)
  }

  const isOpen = (entry: Entry, now: number): boolean => entry.time >= now - options.days * DAY_MS
  const counts = (entry: Entry, now: number): boolean =>
    isOpen(entry, now) ||
    (entry.time >= now - options.memoryDays * DAY_MS &&
      grown.has(entry.storyId) &&
      members.get(entry.storyId)?.at(-1) === entry)

  return {
    terms,
    isOpen,
    counts,
    size: () => entries.length,
    get: (articleId) => byId.get(articleId),
    before: (back) => entries.at(-1 - back),
    of: (storyId) => members.get(storyId) ?? NONE,
    remember: (storyId) => {
      grown.add(storyId)
    },
    read: (article, storyId) => {
      const packed = packArticle(article, options.places)
      const own: Omit<Entry, 'packed'> = {
        id: article.id,
        roundUp: isRoundUp(article.title),
        // One string for all articles of a story.
        storyId: members.get(storyId)?.[0]?.storyId ?? storyId,
        near: NONE,
        place: arena.put(packed),
        size: packed.length,
        time: Date.parse(article.published satisfies Instant),
        outlet: hash(article.outlet),
        length: article.title.length + article.text.length,
        language: languageOf(article),
      }
      return Object.setPrototypeOf(own, inArena)
    },
    insert: (entry) => {
      terms.add(entry.packed)
      index(entries.push(entry) - 1, entry)
      join(entry)
      newest = Math.max(newest, entry.time)
    },
    expire: () => {
      const left = new Set(entries.filter((entry) => counts(entry, newest)))
      if (left.size * 3 > entries.length * 2) return
      for (const entry of entries) if (!left.has(entry)) terms.remove(entry.packed)
      entries = [...left]
      const fresh = createArena()
      for (const entry of entries) {
        entry.place = fresh.put(entry.packed)
        entry.near = entry.near.filter((other) => left.has(other))
      }
      arena = fresh
      postings.clear()
      meetings.clear()
      byId.clear()
      members.clear()
      for (const [position, entry] of entries.entries()) {
        index(position, entry)
        join(entry)
      }
      for (const id of grown) if (!members.has(id)) grown.delete(id)
    },
    candidates: (entry) => {
      const own = heaviest(entry)
      const weightOf = (at: number) => ((own[at] ?? 0) & 255) ** 2
      const most = { visited: MOST_VISITED, kept: CANDIDATES }
      const alike = postings.best(
        own.map((term) => term >>> 8),
        weightOf,
        most,
      )
      return [...new Set([...alike, ...meetings.of(entry)])].flatMap((position) => {
        const other = entries[position]
        return other && !other.roundUp && counts(other, entry.time) ? [other] : []
      })
    },
    relocate: (entry, storyId) => {
      const left = (members.get(entry.storyId) ?? []).filter((other) => other !== entry)
      if (left.length > 0) members.set(entry.storyId, left)
      else members.delete(entry.storyId)
      entry.storyId = storyId
      join(entry)
    },
  }
}
