import type { Group } from '../pipeline/model-features.ts'

/** How much each kind of feature counts in the judgements of one kind; set by hand on the development gold. */
export interface Family {
  readonly groups: Readonly<Record<Group, number>>
  readonly dense: number
  readonly vector: number
  /** What stands beside a place of the province, or beside one elsewhere. */
  readonly beside: number
  /** How grave it is, and where. */
  readonly grave: number
  /** Nearness to landmarks. */
  readonly near: number
  readonly cost: number
}

export const FAMILIES = {
  main: {
    groups: { words: 1, title: 1, opening: 1, around: 1, shape: 1 },
    dense: 0,
    vector: 0,
    beside: 0,
    grave: 0,
    near: 0,
    cost: 0.1,
  },
  tone: {
    groups: { words: 1, title: 0.8, opening: 0.5, around: 0, shape: 0 },
    dense: 0.5,
    vector: 1,
    beside: 0,
    grave: 0,
    near: 0,
    cost: 0.8,
  },
  sensitive: {
    groups: { words: 1, title: 1, opening: 0.7, around: 0.5, shape: 0.4 },
    dense: 0.5,
    vector: 1,
    beside: 0.5,
    grave: 0.16,
    near: 1,
    cost: 0.5,
  },
} as const satisfies Record<string, Family>
