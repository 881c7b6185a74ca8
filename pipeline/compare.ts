import type { Assessment, RelevanceLevel, Tone } from '../model.ts'

/** What differs between two judgements of one article. */
export interface AssessmentDifference {
  readonly relevance: readonly [before: RelevanceLevel, after: RelevanceLevel] | null
  readonly topicsAdded: readonly string[]
  readonly topicsRemoved: readonly string[]
  readonly tone: readonly [before: Tone, after: Tone] | null
  readonly sensitive: readonly [before: boolean, after: boolean] | null
}

/** null when the judgements are the same; scores alone are no difference, since nothing is decided by them. */
export function differenceOf(before: Assessment, after: Assessment): AssessmentDifference | null {
  const was = new Set(before.topics.map((topic) => topic.id))
  const is = new Set(after.topics.map((topic) => topic.id))
  const topicsAdded = [...is.difference(was)].sort()
  const topicsRemoved = [...was.difference(is)].sort()
  const changed = <T>(a: T, b: T): readonly [T, T] | null => (a === b ? null : [a, b])
  const relevance = changed(before.relevance.level, after.relevance.level)
  const tone = changed(before.tone, after.tone)
  const sensitive = changed(before.sensitive, after.sensitive)
  const same =
    relevance === null && tone === null && sensitive === null && topicsAdded.length === 0 && topicsRemoved.length === 0
  return same ? null : { relevance, topicsAdded, topicsRemoved, tone, sensitive }
}
