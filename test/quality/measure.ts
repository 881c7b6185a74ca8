import { seeded } from '../../train/seeded.ts'

/** What one measure of quality reports; the frame (`quality.ts`) prints it and holds it against its floor. */

export interface MeasureResult {
  /** The figure, 0 to 1, higher is better. */
  readonly value: number
  /** 95 % confidence interval, where it was computed. */
  readonly ci?: readonly [low: number, high: number]
  /** Items measured. */
  readonly n: number
  /** Further figures and the worst confusions, printed below the table and kept in `--json`. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface Measure {
  /** Dotted, stable: `relevance.any.f1`. */
  readonly id: string
  /** One line for the table. */
  readonly title: string
  /** Rejects with `DataAbsent` where its data is not on this machine. */
  readonly run: () => Promise<MeasureResult>
}

/** Third-party data is not part of the repository: a measure without its data is skipped by name, never passed. */
export class DataAbsent extends Error {
  override readonly name = 'DataAbsent'
}

/**
 * Percentile bootstrap (Efron 1979) of a figure over groups of items that must be drawn together (near-duplicates).
 * Returns the 2.5th and 97.5th percentile of `figure` over `rounds` resamplings.
 */
export function bootstrap<Item>(
  groups: readonly (readonly Item[])[],
  figure: (items: readonly Item[]) => number,
  rounds = 400,
): [low: number, high: number] {
  const random = seeded(20_251_125)
  const values: number[] = []
  for (let round = 0; round < rounds; round++) {
    const drawn: Item[] = []
    for (let k = 0; k < groups.length; k++) drawn.push(...(groups[Math.floor(random() * groups.length)] ?? []))
    const value = figure(drawn)
    if (Number.isFinite(value)) values.push(value)
  }
  values.sort((a, b) => a - b)
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN
  return [at(0.025), at(0.975)]
}

export interface Counts {
  readonly truePositive: number
  readonly falsePositive: number
  readonly falseNegative: number
}

export const precision = (c: Counts): number =>
  c.truePositive + c.falsePositive === 0 ? 0 : c.truePositive / (c.truePositive + c.falsePositive)
export const recall = (c: Counts): number =>
  c.truePositive + c.falseNegative === 0 ? 0 : c.truePositive / (c.truePositive + c.falseNegative)
export const f1 = (c: Counts): number =>
  c.truePositive === 0 ? 0 : (2 * c.truePositive) / (2 * c.truePositive + c.falsePositive + c.falseNegative)

/** Counts over pairs of truth and judgement. */
export function count<Item>(
  items: readonly Item[],
  truth: (item: Item) => boolean,
  judged: (item: Item) => boolean,
): Counts {
  let truePositive = 0
  let falsePositive = 0
  let falseNegative = 0
  for (const item of items) {
    const is = truth(item)
    const said = judged(item)
    if (is && said) truePositive++
    else if (said) falsePositive++
    else if (is) falseNegative++
  }
  return { truePositive, falsePositive, falseNegative }
}
