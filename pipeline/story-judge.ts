import { compileForest, type Forest } from './forest.ts'
import { LEAST_COSINE, PAIR_FEATURES, type PairFeatures } from './pair.ts'
import model from './weights/stories.json' with { type: 'json' }

/** What decides on pairs of one kind. */
export interface PairJudge {
  /** Mean of their log-odds. */
  readonly forests: readonly Forest[]
  /** Share of the best member in a story's score; the mean of those compared has the rest. */
  readonly best: number
  /** Score from which an article joins. */
  readonly threshold: number
  /** Probability from which a pair makes another story a rival, so that both are grouped anew. */
  readonly rival: number
  /** Log-odds from which a pair is better together when articles are grouped anew. */
  readonly regroup: number
  /** How much more alike larger groups must be, as `averageLinkage` says. */
  readonly crowd: number
}

/** One judge for titles with summaries, one where both sides are full texts. */
export interface StoryJudge {
  readonly titles: PairJudge
  readonly full: PairJudge
}

export const shippedJudge: StoryJudge = model

export interface CompiledJudge extends Omit<PairJudge, 'forests'> {
  /** That a pair tells of one event. */
  readonly logOdds: (features: PairFeatures) => number
}

export function compileJudge({ forests, ...judge }: PairJudge): CompiledJudge {
  const compiled = forests.map(compileForest)
  const logOdds = (features: PairFeatures): number =>
    (features[0] ?? 0) <= LEAST_COSINE
      ? Number.NEGATIVE_INFINITY
      : compiled.reduce((sum, forest) => sum + forest(features), 0) / Math.max(1, compiled.length)
  return { ...judge, logOdds }
}

/** How pairs are judged of which one is not Vietnamese (anchor-judge.ts); as the learned ones say it. */
export const FOREIGN: Omit<PairJudge, 'forests'> = { best: 0.7, threshold: 0.5, rival: 0.5, regroup: 0, crowd: 0 }

export const probability = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))

/** Rarity (idf) below which a shared name sets nothing together: `Hà Nội`, `Thủ tướng`. */
const COMMON_NAME = 5
const FEATURE = Object.fromEntries(PAIR_FEATURES.map((name, index) => [name, index]))

/** What tied a pair, in words that a page can show by its locale. */
export const anchorsOf = (x: PairFeatures): string[] => {
  const value = (name: string) => x[FEATURE[name] ?? -1] ?? 0
  const anchors: string[] = []
  if (value('all.cosine') > 0.1) anchors.push('text')
  if (value('names.shared') > 0) anchors.push('names')
  if (value('provinces.shared') > 0 || value('places.shared') > 0) anchors.push('places')
  if (value('numbers.shared') > 0) anchors.push('numbers')
  if (value('dates.shared') > 0) anchors.push('dates')
  return anchors
}

/** Whether a pair names other provinces, or neither a name nor a place nor a date in common. */
export const setApart = (x: PairFeatures): boolean => {
  const value = (name: string) => x[FEATURE[name] ?? -1] ?? 0
  if (value('provinces.conflict') > 0) return true
  return value('places.shared') === 0 && value('dates.shared') === 0 && value('names.heaviest') < COMMON_NAME
}
