/**
 * Groups a few articles anew by average linkage (Sokal & Michener 1958): the two groups that are most alike on average
 * are joined, until none are alike enough. On-line decisions depend on the order of arrival; this does not.
 */

/** Likeness of a pair beyond which no more is gained or lost: one very sure pair must not outweigh many doubtful ones. */
const LEAST = -5
const MOST = 3

export const clipped = (likeness: number): number => Math.max(LEAST, Math.min(MOST, likeness))

/**
 * `likeness` is above zero for pairs that belong together. `crowd`: what a union's mean likeness must reach for each
 * unit of the logarithm of its size; of many pairs some look alike by chance, and a large group would draw in what is
 * near to it. Returns positions, in the order given.
 */
export function averageLinkage(size: number, likeness: (a: number, b: number) => number, crowd = 0): number[][] {
  const sums = Array.from({ length: size }, () => new Float64Array(size))
  for (let a = 0; a < size; a++)
    for (let b = 0; b < a; b++) {
      const value = clipped(likeness(a, b))
      for (const [x, y] of [
        [a, b],
        [b, a],
      ] as const)
        (sums[x] ?? [])[y] = value
    }
  let groups = Array.from({ length: size }, (_, a) => ({ at: a, members: [a] }))
  const sumOf = (a: number, b: number): number => sums[a]?.[b] ?? LEAST
  for (;;) {
    let best: { mean: number; into: (typeof groups)[number]; from: (typeof groups)[number] } | null = null
    for (const [i, from] of groups.entries())
      for (const into of groups.slice(0, i)) {
        const pairs = into.members.length * from.members.length
        const mean = sumOf(into.at, from.at) / pairs - crowd * Math.log(into.members.length + from.members.length - 1)
        if (mean >= 0 && (!best || mean > best.mean)) best = { mean, into, from }
      }
    if (!best) return groups.map(({ members }) => members.sort((a, b) => a - b))
    const { into, from } = best
    into.members.push(...from.members)
    groups = groups.filter((group) => group !== from)
    for (const { at } of groups) {
      const value = sumOf(into.at, at) + sumOf(from.at, at)
      ;(sums[into.at] ?? [])[at] = value
      ;(sums[at] ?? [])[into.at] = value
    }
  }
}

/**
 * What a foreign article brings together: its story and others, of which one at least has no Vietnamese article; it parts
 * none. `own`: its position. `likeness` as for `averageLinkage`.
 */
export function gathered<Article extends Placed>(
  articles: readonly Article[],
  own: number,
  likeness: (a: number, b: number) => number,
  isForeign: (article: Article) => boolean,
): number[][] {
  const stories = [...Map.groupBy(articles.keys(), (at) => articles[at]?.storyId).values()]
  const home = stories.find((story) => story.includes(own)) ?? []
  const allForeign = (story: readonly number[]): boolean =>
    story.every((at) => articles.slice(at, at + 1).every(isForeign))
  const groups = [home]
  for (const story of stories) {
    if (story === home) continue
    const sum = home.reduce((total, a) => total + story.reduce((part, b) => part + likeness(a, b), 0), 0)
    if ((allForeign(home) || allForeign(story)) && sum >= 0) home.push(...story)
    else groups.push(story)
  }
  return groups.map((group) => group.sort((a, b) => a - b))
}

/** What the machine did to its own stories besides placing a new article. */
export interface StoryChange {
  /** `merge`: all of a story went into another; `split`: some opened one of their own; `move`: some went to another. */
  readonly kind: 'merge' | 'split' | 'move'
  readonly storyId: string
  readonly otherId: string
  readonly articleIds: readonly string[]
}

interface Placed {
  readonly id: string
  readonly time: number
  readonly storyId: string
}

/**
 * Which story each group is: of those at least half of whose articles it has, the oldest; else the one of most of its
 * articles; else a new one, named by `open` after its oldest article.
 */
export function nameGroups(
  groups: readonly (readonly Placed[])[],
  open: (oldest: Placed) => string,
): { readonly storyId: string; readonly members: readonly Placed[] }[] {
  const sizes = new Map<string, number>()
  const opened = new Map<string, number>()
  for (const { storyId, time } of groups.flat()) {
    sizes.set(storyId, (sizes.get(storyId) ?? 0) + 1)
    opened.set(storyId, Math.min(opened.get(storyId) ?? time, time))
  }
  const claims = groups.flatMap((members, group) =>
    [...Map.groupBy(members, ({ storyId }) => storyId)].map(([storyId, of]) => ({
      ...{ group, storyId, count: of.length },
      half: of.length * 2 >= (sizes.get(storyId) ?? 0),
      since: opened.get(storyId) ?? 0,
    })),
  )
  claims.sort((a, b) => Number(b.half) - Number(a.half) || (a.half ? a.since - b.since : b.count - a.count))
  const named = new Map<number, string>()
  const taken = new Set<string>()
  for (const { group, storyId } of claims) {
    if (named.has(group) || taken.has(storyId)) continue
    named.set(group, storyId)
    taken.add(storyId)
  }
  return groups.flatMap((members, group) => {
    const oldest = members.reduce<Placed | undefined>((a, b) => (a && a.time <= b.time ? a : b), undefined)
    return oldest ? [{ storyId: named.get(group) ?? open(oldest), members }] : []
  })
}

/** The changes that lead from where the articles stand to the groups' stories. `created`: stories made for a group. */
export function changesTo(
  groups: readonly { readonly storyId: string; readonly members: readonly Placed[] }[],
): StoryChange[] {
  const all = groups.flatMap(({ members }) => members)
  const sizes = Map.groupBy(all, ({ storyId }) => storyId)
  const kept = new Set(groups.map(({ storyId }) => storyId))
  return groups.flatMap(({ storyId: otherId, members }) =>
    [...Map.groupBy(members, ({ storyId }) => storyId)]
      .filter(([storyId]) => storyId !== otherId)
      .map(([storyId, of]): StoryChange => {
        const whole = !kept.has(storyId) && of.length === sizes.get(storyId)?.length
        const kind = whole ? 'merge' : sizes.has(otherId) ? 'move' : 'split'
        return { kind, storyId, otherId, articleIds: of.map(({ id }) => id) }
      }),
  )
}
