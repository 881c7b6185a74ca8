import { isFurther, type Labelled } from './data.ts'

/**
 * Groups near-duplicates: items of one group must stand in the same fold, else a fold is tested on what it was trained on.
 * Two items are near-duplicates when their sets of word pairs overlap (Broder, A., "On the resemblance and containment of
 * documents", 1997): a share of the smaller set, so that a summary and its article go together. Groups are connected
 * components.
 */

const LEAST_SHARED = 4
const CONTAINMENT = 0.15
/** A pair of words in more items than this says nothing about two of them. */
const COMMON = 60

function shingles(text: string): Set<string> {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const pairs = new Set<string>()
  for (let i = 0; i + 2 < words.length; i++) pairs.add(`${words[i]} ${words[i + 1]} ${words[i + 2]}`)
  return pairs
}

/** Every two texts that are near-duplicates, by their places in the list. */
function nearDuplicates(texts: readonly string[]): [a: number, b: number][] {
  const sets = texts.map(shingles)
  const holders = new Map<string, number[]>()
  sets.forEach((set, i) => {
    for (const pair of set) {
      const known = holders.get(pair)
      if (known) known.push(i)
      else holders.set(pair, [i])
    }
  })
  const shared = new Map<number, number>()
  for (const items of holders.values()) {
    if (items.length < 2 || items.length > COMMON) continue
    for (let a = 0; a < items.length; a++)
      for (let b = a + 1; b < items.length; b++) {
        const key = (items[a] ?? 0) * texts.length + (items[b] ?? 0)
        shared.set(key, (shared.get(key) ?? 0) + 1)
      }
  }
  return [...shared].flatMap(([key, n]): [number, number][] => {
    const a = Math.floor(key / texts.length)
    const b = key % texts.length
    const smaller = Math.min(sets[a]?.size ?? 0, sets[b]?.size ?? 0)
    return n >= LEAST_SHARED && n >= CONTAINMENT * smaller ? [[a, b]] : []
  })
}

/** For each text the number of its group. */
function groupNearDuplicates(texts: readonly string[]): number[] {
  const parent = texts.map((_, i) => i)
  const root = (i: number): number => {
    let at = i
    while (parent[at] !== at) at = parent[at] ?? at
    return at
  }
  for (const [a, b] of nearDuplicates(texts)) parent[root(a)] = root(b)
  return texts.map((_, i) => root(i))
}

const textOf = ({ title, text }: Pick<Labelled, 'title' | 'text'>): string => `${title}. ${text}`

/**
 * The same of labelled items. Those that the project labelled itself were chosen apart from the gold, so each is its own; but
 * one that was drawn beside an article of the gold goes with it: what is measured would have such neighbours in training more
 * often than news to come.
 */
export function groupsOf(items: readonly Pick<Labelled, 'id' | 'title' | 'text' | 'set' | 'beside'>[]): number[] {
  const measured = items.filter((item) => !isFurther(item))
  const groups = groupNearDuplicates(measured.map(textOf))
  const ofGold = new Map(measured.map(({ id, set }, i) => [`${set}/${id}`, groups[i] ?? -1]))
  return items.map((item, i) => {
    const { id, set, beside = '' } = item
    return ofGold.get(isFurther(item) ? beside : `${set}/${id}`) ?? -1 - i
  })
}

/**
 * For each item that the project labelled itself, the groups of the gold that it is a near-duplicate of, if only by a phrase
 * that all papers use: it trains no model that is measured on one of them.
 *
 * @param groups as `groupsOf` gives them
 */
export function goldNear(
  items: readonly Pick<Labelled, 'title' | 'text' | 'set'>[],
  groups: readonly number[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const near = new Map<number, Set<number>>()
  const own = items.map(isFurther)
  for (const pair of nearDuplicates(items.map(textOf)))
    for (const [i, other] of [pair, pair.toReversed()] as [number, number][])
      if (own[i] && !own[other]) near.set(i, (near.get(i) ?? new Set()).add(groups[other] ?? -1))
  return near
}
