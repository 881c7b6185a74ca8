import type { Example } from './examples.ts'
import { seeded } from './seeded.ts'

/** The fold of each item, drawn: items of one group (near-duplicates, pages of one host) share it. */
export function foldsOf<Group>(groups: readonly Group[], count: number, random: () => number): number[] {
  const foldOf = new Map<Group, number>()
  return groups.map((group) => {
    const fold = foldOf.get(group) ?? Math.floor(random() * count)
    foldOf.set(group, fold)
    return fold
  })
}

export const SEED = 20_251_125
export const INNER_FOLDS = 3

/** Labelled once, and chosen for being hard: they count less, and place no threshold. */
export const FURTHER = 0.6

/** The fold of each example inside the training data, by which thresholds are placed. */
export const innerFolds = (examples: readonly Pick<Example, 'group'>[]): number[] =>
  foldsOf(
    examples.map(({ group }) => group),
    INNER_FOLDS,
    seeded(SEED + 1),
  )
