import type { Tone } from '../model.ts'
import { shareOfOthers } from '../pipeline/linear-model.ts'
import { isShort } from '../pipeline/topic-model.ts'
import { isFurther } from './data.ts'
import { type Example, type Label, labelMain, labelSensitive } from './examples.ts'
import { seeded } from './seeded.ts'

/** Where a judgement says yes: from margins of models that did not see the article. */
export interface Cut {
  readonly cut: number
  /** How steep the score is at the cut. */
  readonly steep: number
}

interface Known {
  readonly is: boolean
  readonly margin: number
  readonly short: boolean
}

/** What the gold says of a judgement; what the project labelled itself places no cut. */
const knownOf = (examples: readonly Example[], label: Label, marginOf: (i: number) => number): Known[] =>
  examples.flatMap((example, i) =>
    label(example) === 0 || isFurther(example.item)
      ? []
      : [{ is: label(example) > 0, margin: marginOf(i), short: isShort(example.item) }],
  )

const COMMON_CUT = -0.25
/** So many positives weigh as much as the common cut, and as the cut of all lengths. */
const DRAW = 20
const DRAW_LENGTH = 40
const SAMPLES = 15

/**
 * The margin from which F1 is best. The best of one sample hangs on a few articles, so it is the mean over bootstrap samples
 * (bagging: Breiman 1996). Few positives say little about where to cut: their cut is drawn to the common one, and for the
 * short and the long texts to that of both.
 */
export function topicCuts(
  examples: readonly Example[],
  label: Label,
  margins: Float64Array,
): Cut & { readonly short: number } {
  const known = knownOf(examples, label, (i) => margins[i] ?? 0)
  const mean = bagged(known)
  const all = mean((sample) => cutOf(sample, COMMON_CUT, DRAW))
  const only = (short: boolean): number =>
    mean((sample) =>
      cutOf(
        sample.filter((one) => one.short === short),
        all,
        DRAW_LENGTH,
      ),
    )
  return { cut: only(false), short: only(true), steep: steepness(known, all) }
}

/** The mean of a figure over bootstrap samples, each by falling margin. */
function bagged(known: readonly Known[]): (of: (sample: readonly Known[]) => number) => number {
  const random = seeded(29)
  const samples = Array.from({ length: SAMPLES }, () =>
    known.map(() => known[Math.floor(random() * known.length)] as Known).sort((a, b) => b.margin - a.margin),
  )
  return (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / SAMPLES
}

/** The same of relevance, whose positives are many: hardly drawn, and one cut for all lengths. */
export function mainCut(examples: readonly Example[], margins: Float64Array): Cut {
  const known = knownOf(examples, labelMain, (i) => margins[i] ?? 0)
  const cut = bagged(known)((sample) => cutOf(sample, 0, 8))
  return { cut, steep: steepness(known, cut) }
}

/** @param known by falling margin */
function cutOf(known: readonly Known[], drawnTo: number, draw: number): number {
  const positives = known.filter((one) => one.is).length
  let hits = 0
  let best = 0
  let cut = 0
  known.forEach((one, rank) => {
    if (one.is) hits++
    const f1 = (2 * hits) / (rank + 1 + positives)
    const next = known[rank + 1]?.margin ?? one.margin - 1
    if (f1 > best && one.margin > -1.3 && one.margin < 0.8) {
      best = f1
      cut = (one.margin + next) / 2
    }
  })
  return (positives * cut + draw * drawnTo) / (positives + draw)
}

/** One-parameter logistic fit of yes and no around the cut (Platt 1999, the cut given). */
function steepness(known: readonly { is: boolean; margin: number }[], cut: number): number {
  let slope = 2
  for (let round = 0; round < 30; round++) {
    let gradient = 0
    let curvature = 0.01
    for (const { is, margin } of known) {
      const x = margin - cut
      const p = 1 / (1 + Math.exp(-slope * x))
      gradient += ((is ? 1 : 0) - p) * x
      curvature += p * (1 - p) * x * x
    }
    slope = Math.min(20, Math.max(0.5, slope + gradient / curvature))
  }
  return slope
}

/**
 * Sensitive must miss little: the highest cut that still finds so many of those that the model did not see. Models that saw
 * all of the training data find a little more.
 */
const FOUND = 0.905

/** @param held margins of each judgement; what relevance and tone add is added as in use */
export function sensitiveCut(
  examples: readonly Example[],
  held: Readonly<Record<'sensitive' | 'main' | Tone, Float64Array>>,
  mainCut: number,
): Cut {
  const marginOf = (i: number): number =>
    (held.sensitive[i] ?? 0) +
    shareOfOthers(held.main[i] ?? 0, mainCut, {
      positive: held.positive[i] ?? 0,
      neutral: held.neutral[i] ?? 0,
      negative: held.negative[i] ?? 0,
    })
  const known = knownOf(examples, labelSensitive, marginOf)
  const cut = bagged(known)((sample) => {
    const positives = sample.filter((one) => one.is)
    return positives[Math.min(positives.length - 1, Math.floor(FOUND * positives.length))]?.margin ?? 0
  })
  return { cut, steep: steepness(known, cut) }
}
