import type { Example } from './examples.ts'
import { seeded } from './seeded.ts'

export const SEED = 20_251_125
export const INNER_FOLDS = 3

/** Labelled once, and chosen for being hard: they count less, and place no threshold. */
export const FURTHER = 0.6

/** The fold of each example, by which thresholds are placed; near-duplicates share one. */
export function innerFolds(examples: readonly Example[]): number[] {
  const random = seeded(SEED + 1)
  const foldOf = new Map<number, number>()
  return examples.map(({ group }) => {
    const known = foldOf.get(group)
    if (known !== undefined) return known
    const fold = Math.floor(random() * INNER_FOLDS)
    foldOf.set(group, fold)
    return fold
  })
}
