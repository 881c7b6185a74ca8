import type { Instant, StoryDecision } from '../model.ts'
import { type CopyDecision, createCopyWindow } from './duplicates.ts'
import { hash } from './features.ts'
import { compileForest, type Forest } from './forest.ts'
import { bothFull, type Member, PAIR_FEATURES, type PairFeatures, pairFeatures } from './pair.ts'
import { packArticle, type StoryArticle, sectionOf } from './vectors.ts'
import model from './weights/stories.json' with { type: 'json' }

/**
 * On-line clustering of articles on one event over a sliding window. A new article is compared with the articles that
 * share its heaviest terms (an inverted index over the window only); a learned pair model says how likely each is the
 * same event; the story whose members convince most takes it, else it opens its own. The state is rebuilt from the
 * store with `restore`; a story's id is derived from the article that opened it, so it is stable.
 */

/** Rises with each change of behaviour. */
export const STORIES_VERSION = 1

export interface StoryWindowItem {
  readonly article: StoryArticle
  readonly storyId: string
  readonly copyOf: string | null
}

export interface StoryWindow {
  /** Rebuilds the window from what was decided before, oldest first. */
  readonly restore: (items: Iterable<StoryWindowItem>) => void
  /** Decides on an article and remembers it. */
  readonly assign: (article: StoryArticle) => StoryDecision & { readonly copy: CopyDecision }
  /** An analyst's merge: later articles follow. */
  readonly merge: (from: string, into: string) => void
  /** An analyst's move of an article to another story (or out, into one of its own). */
  readonly move: (articleId: string, storyId: string) => void
  /** A locked story takes no article from the machine. */
  readonly lock: (storyId: string, locked: boolean) => void
  readonly size: () => number
}

/** Terms of an article by which it is found. */
const INDEXED = 32
const MOST_VISITED = 500
const CANDIDATES = 32
/** Members of one story that are compared, at most. */
const COMPARED = 8
const HEADS = 1 << 20
const GROWTH = 1.4

export const storyIdOf = (articleId: string): string => `story-${articleId}`

/** What decides on pairs of one kind. */
export interface PairJudge {
  /** Mean of their log-odds. */
  readonly forests: readonly Forest[]
  /** Share of the best member in a story's score; the mean of those compared has the rest. */
  readonly best: number
  /** Score from which an article joins. */
  readonly threshold: number
}

/** One judge for titles with summaries, one where both sides are full texts. */
export interface StoryJudge {
  readonly titles: PairJudge
  readonly full: PairJudge
}

export const shippedJudge: StoryJudge = model

/** Pairs with less text in common are never one event; nothing was learned from such pairs either. */
export const LEAST_COSINE = 0.02

interface CompiledJudge {
  readonly best: number
  readonly threshold: number
  /** Probability that a pair tells of one event. */
  readonly sameEvent: (features: PairFeatures) => number
}

function compileJudge({ best, threshold, forests }: PairJudge): CompiledJudge {
  const compiled = forests.map(compileForest)
  const sameEvent = (features: PairFeatures): number => {
    if ((features[0] ?? 0) <= LEAST_COSINE) return 0
    const z = compiled.reduce((sum, forest) => sum + forest(features), 0) / Math.max(1, compiled.length)
    return 1 / (1 + Math.exp(-z))
  }
  return { best, threshold, sameEvent }
}

interface Entry extends Member {
  readonly id: string
  storyId: string
}

const FEATURE = Object.fromEntries(PAIR_FEATURES.map((name, index) => [name, index]))

/** What tied a pair, in words that a page can show by its locale. */
const anchorsOf = (x: PairFeatures): string[] => {
  const value = (name: string) => x[FEATURE[name] ?? -1] ?? 0
  const anchors: string[] = []
  if (value('all.cosine') > 0.1) anchors.push('text')
  if (value('names.shared') > 0) anchors.push('names')
  if (value('provinces.shared') > 0 || value('places.shared') > 0) anchors.push('places')
  if (value('numbers.shared') > 0) anchors.push('numbers')
  if (value('dates.shared') > 0) anchors.push('dates')
  return anchors
}

export function createStoryWindow(options: { readonly days: number; readonly judge?: StoryJudge }): StoryWindow {
  const judge = options.judge ?? shippedJudge
  const titles = compileJudge(judge.titles)
  const full = compileJudge(judge.full)
  const copies = createCopyWindow({ days: options.days })
  let entries: Entry[] = []
  const members = new Map<string, Entry[]>()
  const locked = new Set<string>()
  const merged = new Map<string, string>()
  const heads = new Int32Array(HEADS)
  let keys = new Uint32Array(1 << 12)
  let next = new Int32Array(1 << 12)
  let owner = new Int32Array(1 << 12)
  let used = 1
  let newest = 0
  let since = 0

  const current = (storyId: string): string => {
    let id = storyId
    for (let to = merged.get(id); to !== undefined; to = merged.get(id)) id = to
    return id
  }

  const heaviest = (entry: Member): Uint32Array => {
    const all = sectionOf(entry.packed, 0)
    if (all.length <= INDEXED) return all
    return Uint32Array.from(all)
      .sort((a, b) => (b & 255) - (a & 255))
      .subarray(0, INDEXED)
  }

  const index = (position: number, entry: Entry) => {
    for (const term of heaviest(entry)) {
      if (used === keys.length) {
        const size = Math.ceil(used * GROWTH)
        const [k, n, o] = [new Uint32Array(size), new Int32Array(size), new Int32Array(size)]
        k.set(keys)
        n.set(next)
        o.set(owner)
        ;[keys, next, owner] = [k, n, o]
      }
      const key = term >>> 8
      const slot = key & (HEADS - 1)
      keys[used] = key
      owner[used] = position
      next[used] = heads[slot] ?? 0
      heads[slot] = used++
    }
  }

  const insert = (entry: Entry) => {
    index(entries.push(entry) - 1, entry)
    const story = members.get(entry.storyId)
    if (story) story.push(entry)
    else members.set(entry.storyId, [entry])
    newest = Math.max(newest, entry.time)
  }

  const expire = () => {
    const oldest = newest - options.days * 86_400_000
    const kept = entries.filter((entry) => entry.time >= oldest)
    if (kept.length * 3 > entries.length * 2) return
    entries = kept
    heads.fill(0)
    used = 1
    members.clear()
    for (const [position, entry] of entries.entries()) {
      index(position, entry)
      const story = members.get(entry.storyId)
      if (story) story.push(entry)
      else members.set(entry.storyId, [entry])
    }
  }

  const candidates = (entry: Entry): Entry[] => {
    const scores = new Map<number, number>()
    for (const term of heaviest(entry)) {
      const key = term >>> 8
      const weight = (term & 255) ** 2
      let visited = 0
      for (let at = heads[key & (HEADS - 1)] ?? 0; at > 0 && visited < MOST_VISITED; at = next[at] ?? 0) {
        if (keys[at] !== key) continue
        visited++
        const position = owner[at] ?? 0
        scores.set(position, (scores.get(position) ?? 0) + weight)
      }
    }
    const oldest = entry.time - options.days * 86_400_000
    return [...scores]
      .sort((a, b) => b[1] - a[1])
      .slice(0, CANDIDATES)
      .flatMap(([position]) => {
        const other = entries[position]
        return other && other.time >= oldest && !locked.has(other.storyId) ? [other] : []
      })
  }

  const decide = (entry: Entry): { storyId: string; similarity: number; anchors: string[] } | null => {
    const near = candidates(entry)
    const compared = new Map<string, Set<Entry>>()
    for (const other of near) {
      const story = compared.get(other.storyId) ?? new Set()
      if (story.size < COMPARED) story.add(other)
      compared.set(other.storyId, story)
    }
    let joined: { storyId: string; similarity: number; anchors: string[]; surplus: number } | null = null
    for (const [storyId, chosen] of compared) {
      for (const other of (members.get(storyId) ?? []).slice(-COMPARED)) if (chosen.size < COMPARED) chosen.add(other)
      const pairs = [...chosen].map((member) => {
        const features = pairFeatures(entry, member)
        const kind = bothFull(entry, member) ? full : titles
        return { features, kind, p: kind.sameEvent(features) }
      })
      const closest = pairs.reduce((a, b) => (b.p > a.p ? b : a))
      const mean = pairs.reduce((sum, pair) => sum + pair.p, 0) / pairs.length
      const similarity = closest.kind.best * closest.p + (1 - closest.kind.best) * mean
      const surplus = similarity - closest.kind.threshold
      if (surplus < 0 || (joined && surplus <= joined.surplus)) continue
      joined = { storyId, similarity, anchors: anchorsOf(closest.features), surplus }
    }
    return joined
  }

  const entryOf = (article: StoryArticle, storyId: string): Entry => ({
    id: article.id,
    storyId,
    packed: packArticle(article),
    time: Date.parse(article.published satisfies Instant),
    outlet: hash(article.outlet),
  })

  const relocate = (entry: Entry, storyId: string) => {
    const left = (members.get(entry.storyId) ?? []).filter((other) => other !== entry)
    if (left.length > 0) members.set(entry.storyId, left)
    else members.delete(entry.storyId)
    entry.storyId = storyId
    const story = members.get(storyId)
    if (story) story.push(entry)
    else members.set(storyId, [entry])
  }

  return {
    size: () => entries.length,
    restore: (items) => {
      for (const { article, storyId, copyOf } of items) {
        copies.restore(article, copyOf)
        insert(entryOf(article, current(storyId)))
      }
    },
    assign: (article) => {
      if (++since >= 1000) {
        since = 0
        expire()
      }
      const copy = copies.add(article)
      const entry = entryOf(article, '')
      const twin = copy.copyOf ?? copy.versionOf ?? copy.originalOf[0] ?? null
      const original = twin === null ? undefined : entries.findLast((other) => other.id === twin)
      const joined =
        original && !locked.has(original.storyId)
          ? {
              storyId: original.storyId,
              similarity: copy.containment,
              anchors: [copy.versionOf === null ? 'copy' : 'version'],
            }
          : decide(entry)
      entry.storyId = joined?.storyId ?? storyIdOf(article.id)
      insert(entry)
      return {
        articleId: article.id,
        storyId: entry.storyId,
        opened: joined === null,
        copyOf: copy.copyOf,
        similarity: joined?.similarity ?? 0,
        anchors: joined?.anchors ?? [],
        copy,
      }
    },
    merge: (from, into) => {
      const source = current(from)
      const target = current(into)
      if (source === target) return
      merged.set(source, target)
      for (const entry of [...(members.get(source) ?? [])]) relocate(entry, target)
    },
    move: (articleId, storyId) => {
      const entry = entries.findLast((other) => other.id === articleId)
      if (entry) relocate(entry, current(storyId))
    },
    lock: (storyId, on) => {
      if (on) locked.add(current(storyId))
      else locked.delete(current(storyId))
    },
  }
}
