import type { StoryDecision } from '../model.ts'
import { judgeByAnchors, sceneOf } from './anchor-judge.ts'
import { type CopyDecision, createCopyWindow } from './duplicates.ts'
import { bothFull, type Member, pairFeatures } from './pair.ts'
import { NO_TREE, type PlaceTree } from './place-tree.ts'
import { averageLinkage, changesTo, clipped, gathered, nameGroups, type StoryChange } from './regroup.ts'
import { createSteadiness } from './steady.ts'
import { createStoryEntries, type Entry } from './story-entries.ts'
import {
  anchorsOf,
  compileJudge,
  FOREIGN,
  type PairJudge,
  probability,
  type StoryJudge,
  setApart,
  shippedJudge,
} from './story-judge.ts'
import type { StoryArticle } from './vectors.ts'

/**
 * On-line clustering of articles on one event over a sliding window. A new article is compared with the articles that
 * share its heaviest terms (an inverted index over the window only); a learned pair model says how likely each is the
 * same event; the story whose members convince most takes it, else it opens its own. Where an article is near to two
 * stories, their articles and those of stories once near to them are grouped anew, which merges, splits or mends them;
 * that is done again for it when more has come, since what ties or parts two stories is often written later. Stories
 * that a person touched stay as they are. The state is rebuilt from the store with `restore`; a story's id is derived
 * from the article that opened it, so it is stable.
 */

export interface StoryWindowItem {
  readonly article: StoryArticle
  readonly storyId: string
  readonly copyOf: string | null
}

/** What becomes of a new article, and of others by it. */
export interface Assigned extends StoryDecision {
  readonly copy: CopyDecision
  /** The story was closed: its last article had left the window. */
  readonly reopened: boolean
  /** What the machine changed of its own stories on this occasion; the new article itself is not among them. */
  readonly changes: readonly StoryChange[]
}

export interface StoryWindow {
  /** Rebuilds the window from what was decided before, oldest first. */
  readonly restore: (items: Iterable<StoryWindowItem>) => void
  /** Decides on an article and remembers it. */
  readonly assign: (article: StoryArticle) => Assigned
  /** Where an article of the window stands now. */
  readonly storyOf: (articleId: string) => string | null
  /** An analyst's merge: later articles follow. */
  readonly merge: (from: string, into: string) => void
  /** An analyst's move of an article to another story (or out, into one of its own). */
  readonly move: (articleId: string, storyId: string) => void
  /** A locked story takes no article from the machine. */
  readonly lock: (storyId: string, locked: boolean) => void
  /** A person touched it: it still takes articles, but is never merged away, split or mended. */
  readonly hold: (storyId: string) => void
  /** A story of some size, of which only the last article may be in the window: it can be opened again. */
  readonly remember: (storyId: string) => void
  readonly size: () => number
}

/** Members of one story that are compared, at most. */
const COMPARED = 8
/** Probability below which a found member gives its story no chance. */
const HOPELESS = 0.02
/** Articles that are grouped anew together, at most: larger stories are left as they are. */
const REGROUPED = 48
/** Neighbours that an article keeps, at most: the latest. */
const MOST_NEAR = 16
/** After so many further articles, the stories around an article are grouped anew once more. */
const LOOKED_AGAIN = [30, 100, 300]
/** Score from which a remembered story is opened again. */
const REOPEN = 0.8

export const storyIdOf = (articleId: string): string => `story-${articleId}`

/** The models know Vietnamese alone. */
const isForeign = ({ language }: Member): boolean => language !== 'vi'

interface Compared {
  readonly kind: Pick<PairJudge, 'best' | 'threshold' | 'rival' | 'regroup'>
  readonly logOdds: number
  readonly apart: boolean
  readonly anchors: () => string[]
}

interface Joined {
  readonly storyId: string
  readonly similarity: number
  readonly anchors: string[]
}

/** `memoryDays`: how long a story of some size that left the window may be opened again; by default not at all. */
export function createStoryWindow(options: {
  readonly days: number
  readonly memoryDays?: number
  readonly judge?: StoryJudge
  /** Of the profile's gazetteer. */
  readonly places?: PlaceTree
}): StoryWindow {
  const entries = createStoryEntries({
    days: options.days,
    memoryDays: Math.max(options.days, options.memoryDays ?? 0),
    places: options.places ?? NO_TREE,
  })
  const judge = options.judge ?? shippedJudge
  const titles = compileJudge(judge.titles)
  const full = compileJudge(judge.full)
  const copies = createCopyWindow({ days: options.days })
  const steadiness = createSteadiness()
  const locked = new Set<string>()
  /** Stories that people touched. */
  const held = new Set<string>()
  const merged = new Map<string, string>()
  let since = 0

  const current = (storyId: string): string => {
    let id = storyId
    for (let to = merged.get(id); to !== undefined; to = merged.get(id)) id = to
    return id
  }

  const compare = (a: Entry, b: Entry, both: boolean): Compared => {
    if (isForeign(a) || isForeign(b)) return { kind: FOREIGN, ...judgeByAnchors(a, b) }
    const kind = bothFull(a, b) ? full : titles
    const features = pairFeatures(a, b, entries.terms, both)
    const { shift, apart } = sceneOf(a, b)
    return {
      kind,
      logOdds: kind.logOdds(features) + shift,
      apart: apart || setApart(features),
      anchors: () => anchorsOf(features),
    }
  }

  /** A Vietnamese article is compared with its like, as long as the story has any. */
  const comparable = (entry: Entry, story: readonly Entry[]): readonly Entry[] => {
    if (isForeign(entry)) return story
    const own = story.filter((member) => !isForeign(member))
    return own.length > 0 ? own : story
  }

  /** The story that an article joins, if any, and the other ones that it is near to. */
  const decide = (
    entry: Entry,
  ): { joined: (Joined & { reopened: boolean }) | null; near: string[]; alike: Entry[] } => {
    const compared = new Map<string, Set<Entry>>()
    for (const other of entries.candidates(entry)) {
      if (locked.has(other.storyId)) continue
      const story = compared.get(other.storyId) ?? new Set()
      if (story.size < COMPARED) story.add(other)
      compared.set(other.storyId, story)
    }
    let joined: (Joined & { surplus: number; reopened: boolean }) | null = null
    const near: string[] = []
    const alike: Entry[] = []
    for (const [storyId, chosen] of compared) {
      const judged = (member: Entry) => {
        const { kind, anchors, logOdds } = compare(entry, member, false)
        return { kind, anchors, member, p: probability(logOdds) }
      }
      const story = comparable(entry, entries.of(storyId))
      const found = comparable(entry, [...chosen])
      const pairs = found.some((member) => story.includes(member)) ? found.map(judged) : []
      // Where the members found by their terms are this unlike, the others are not worth a look.
      if (pairs.every(({ p }) => p < HOPELESS)) continue
      for (const other of story.slice(-COMPARED)) {
        if (pairs.length >= COMPARED) break
        // What left the window is not there after a restart either.
        if (chosen.has(other) || !entries.counts(other, entry.time)) continue
        chosen.add(other)
        pairs.push(judged(other))
      }
      const closest = pairs.reduce((a, b) => (b.p > a.p ? b : a))
      const mean = pairs.reduce((sum, pair) => sum + pair.p, 0) / pairs.length
      const similarity = closest.kind.best * closest.p + (1 - closest.kind.best) * mean
      const closed = ![...chosen].some((member) => entries.isOpen(member, entry.time))
      if (!closed && closest.p >= closest.kind.rival) {
        near.push(storyId)
        for (const { p, kind, member } of pairs) if (p >= kind.rival) alike.push(member)
      }
      const surplus = similarity - (closed ? REOPEN : closest.kind.threshold)
      if (surplus < 0 || (joined && surplus <= joined.surplus)) continue
      joined = { storyId, similarity, anchors: closest.anchors(), surplus, reopened: closed }
    }
    return { joined, near, alike }
  }

  /** Judges each pair once, however often it is asked for. */
  const pairsOf = (articles: readonly Entry[]) => {
    const known = new Map<number, { likeness: number; apart: boolean }>()
    const judged = (a: Entry, b: Entry) => {
      const { kind, apart, logOdds } = compare(a, b, true)
      return { likeness: clipped(logOdds - kind.regroup), apart }
    }
    return (i: number, j: number) => {
      const key = Math.max(i, j) * REGROUPED + Math.min(i, j)
      let pair = known.get(key)
      if (pair) return pair
      const [a, b] = [articles[i], articles[j]]
      pair = a && b ? judged(a, b) : { likeness: 0, apart: false }
      known.set(key, pair)
      return pair
    }
  }

  const untouched = (storyId: string): boolean => !held.has(storyId) && !locked.has(storyId)

  const noteNear = (entry: Entry, alike: readonly Entry[]) => {
    entry.near = alike
    // Arrays of their exact size: room to grow would cost more than what they hold.
    for (const other of alike) other.near = [...other.near, entry].slice(-MOST_NEAR)
  }

  /**
   * Groups the articles of stories anew that one article is near to, and puts every one where it belongs now. `arriving`:
   * the article that is being assigned, which no store knows yet.
   */
  const regroup = (entry: Entry, near: readonly string[], arriving: Entry): StoryChange[] => {
    const closest = [...new Set([entry.storyId, ...near])]
    if (!closest.every(untouched)) return []
    // A foreign article parts none: it brings together what itself is near to.
    const around = isForeign(entry)
      ? []
      : closest
          .flatMap(entries.of)
          .flatMap((member) => member.near.filter((other) => entries.isOpen(other, arriving.time)))
          .map(({ storyId }) => storyId)
    const articles = closest.flatMap(entries.of)
    if (articles.length > REGROUPED) return []
    for (const id of new Set(around.filter((id) => !closest.includes(id) && untouched(id)))) {
      const more = entries.of(id)
      if (articles.length + more.length <= REGROUPED) articles.push(...more)
    }
    if (articles.every(({ storyId }) => storyId === entry.storyId)) return []
    const pair = pairsOf(articles)
    const { crowd } =
      articles.filter((article) => bothFull(article, article)).length * 2 > articles.length ? full : titles
    const likeness = (i: number, j: number): number => pair(i, j).likeness
    const groups = isForeign(entry)
      ? gathered(articles, articles.indexOf(entry), likeness, isForeign)
      : steadiness.settle({
          articles,
          groups: averageLinkage(articles.length, likeness, crowd),
          likeness,
          apart: (i, j) => pair(i, j).apart,
          newest: entry === arriving ? entry : null,
        })
    const free = (id: string): string => {
      for (let number = 1; ; number++) if (entries.of(`${id}-m${number}`).length === 0) return `${id}-m${number}`
    }
    const named = nameGroups(
      groups.map((group) => group.flatMap((at) => articles[at] ?? [])),
      (oldest) => free(storyIdOf(oldest.id)),
    )
    const changes = changesTo(named)
    for (const { kind, storyId, otherId } of changes) if (kind === 'merge') merged.set(storyId, otherId)
    for (const { storyId, members: of } of named)
      for (const { id } of of) {
        const moved = articles.find((article) => article.id === id)
        if (moved && moved.storyId !== storyId) entries.relocate(moved, storyId)
      }
    // The arriving article is not in the store yet: it goes where it belongs at once.
    return changes.flatMap((change) => {
      const articleIds = change.articleIds.filter((id) => id !== arriving.id)
      return articleIds.length === 0 ? [] : [{ ...change, articleIds }]
    })
  }

  return {
    size: entries.size,
    restore: (items) => {
      for (const { article, storyId, copyOf } of items) {
        copies.restore(article, copyOf)
        entries.insert(entries.read(article, current(storyId)))
      }
    },
    assign: (article) => {
      if (++since >= 1000) {
        since = 0
        entries.expire()
      }
      const copy = copies.add(article)
      const entry = entries.read(article, '')
      const twin = copy.copyOf ?? copy.versionOf ?? copy.originalOf[0] ?? null
      const original = twin === null ? undefined : entries.get(twin)
      const { joined, near, alike } =
        original && !locked.has(original.storyId)
          ? {
              joined: {
                storyId: original.storyId,
                similarity: copy.containment,
                anchors: [copy.versionOf === null ? 'copy' : 'version'],
                reopened: false,
              },
              near: [],
              alike: [],
            }
          : entry.roundUp
            ? { joined: null, near: [], alike: [] }
            : decide(entry)
      entry.storyId = joined?.storyId ?? storyIdOf(article.id)
      entries.insert(entry)
      noteNear(entry, alike)
      const changes = near.length === 0 ? [] : regroup(entry, near, entry)
      for (const further of LOOKED_AGAIN) {
        const earlier = entries.before(further)
        // What left the window was told in reports long ago.
        if (earlier && !isForeign(earlier) && entries.isOpen(earlier, entry.time))
          changes.push(...regroup(earlier, [], entry))
      }
      return {
        articleId: article.id,
        storyId: entry.storyId,
        opened: entries.of(entry.storyId).length === 1,
        copyOf: copy.copyOf,
        similarity: joined?.similarity ?? 0,
        anchors: joined?.anchors ?? [],
        reopened: joined?.reopened === true && entry.storyId === joined.storyId,
        changes,
        copy,
      }
    },
    storyOf: (articleId) => entries.get(articleId)?.storyId ?? null,
    merge: (from, into) => {
      const source = current(from)
      const target = current(into)
      if (source === target) return
      merged.set(source, target)
      for (const entry of [...entries.of(source)]) entries.relocate(entry, target)
    },
    move: (articleId, storyId) => {
      // A story that articles are put into stands, whatever it was merged into before.
      merged.delete(storyId)
      const entry = entries.get(articleId)
      if (!entry) return
      entries.relocate(entry, storyId)
    },
    lock: (storyId, on) => {
      if (on) locked.add(current(storyId))
      else locked.delete(current(storyId))
    },
    hold: (storyId) => {
      held.add(current(storyId))
    },
    remember: (storyId) => entries.remember(current(storyId)),
  }
}
