import { isShort, subjectShare } from '../pipeline/linear-model.ts'
import { type Example, isFurther, type Label, labelMain } from './examples.ts'
import { seeded } from './seeded.ts'

/** Where a judgement says yes: from margins of models that did not see the article. */
export interface Cuts {
  readonly cut: number
  /** For short texts. */
  readonly short: number
  /** How steep the score is at the cut. */
  readonly steep: number
}

interface Known {
  readonly is: boolean
  readonly margin: number
  readonly short: boolean
}

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
export function topicCuts(examples: readonly Example[], label: Label, margins: Float64Array): Cuts {
  const known = examples.flatMap((example, i): Known[] =>
    label(example) === 0 || isFurther(example)
      ? []
      : [{ is: label(example) > 0, margin: margins[i] ?? 0, short: isShort(example.item) }],
  )
  const random = seeded(29)
  const samples = Array.from({ length: SAMPLES }, () =>
    known.map(() => known[Math.floor(random() * known.length)] as Known).sort((a, b) => b.margin - a.margin),
  )
  const mean = (of: (sample: readonly Known[]) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / SAMPLES
  const all = mean((sample) => cutOf(sample, COMMON_CUT, DRAW))
  const only = (short: boolean): number =>
    mean((sample) =>
      cutOf(
        sample.filter((one) => one.short === short),
        all,
        DRAW_LENGTH,
      ),
    )
  const cut = only(false)
  return { cut, short: only(true), steep: steepness(known, all) }
}

/** The same of relevance, whose positives are many: the best of all, hardly drawn. */
export function mainCut(examples: readonly Example[], label: Label, margins: Float64Array): Cuts {
  const known = examples
    .flatMap((example, i): Known[] =>
      label(example) === 0 || isFurther(example)
        ? []
        : [{ is: label(example) > 0, margin: margins[i] ?? 0, short: false }],
    )
    .sort((a, b) => b.margin - a.margin)
  const cut = cutOf(known, -0.2, 8)
  return { cut, short: cut, steep: steepness(known, cut) }
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

/** Sensitive must miss little: the highest cut that still finds so many. The subject's margin is added as in use. */
const FOUND = 0.91

export function sensitiveCut(
  examples: readonly Example[],
  margins: Float64Array,
  main: Float64Array,
  mainCut: number,
): Cuts {
  const known = examples
    .map((example, i) => ({
      is: example.item.sensitive === true,
      margin: (margins[i] ?? 0) + subjectShare(main[i] ?? 0, mainCut),
      asked: labelMain(example) !== 0 && !isFurther(example),
    }))
    .filter((one) => one.asked)
  const positives = known.filter((one) => one.is).sort((a, b) => b.margin - a.margin)
  const cut = positives[Math.min(positives.length - 1, Math.floor(FOUND * positives.length))]?.margin ?? 0
  return { cut, short: cut, steep: steepness(known, cut) }
}
