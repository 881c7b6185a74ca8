import type { Evidence, TopicScore } from '../model.ts'
import type { Topic } from '../profiles/schema.ts'
import { evidenceAt, type FieldText, round } from './reading.ts'
import type { TermHit, TermList } from './terms.ts'

/** What an article is about, by the profile's weighted terms. */

/** A term in the title says twice as much. */
const TITLE = 2
/** Each further occurrence of a term adds so much of what the one before added. */
const REPEAT = 0.4
/** A definition that says nothing else assigns its topic from this score: one strong term in the title, or three in the text. */
const THRESHOLD = 2
const WEAK = 0.4

export const thresholdOf = (topic: Topic): number => topic.threshold ?? THRESHOLD

export const topicLists = (topics: readonly Topic[]): TermList[] =>
  topics.flatMap((topic) => [
    { speaksFor: `topic:${topic.id}`, terms: topic.terms, weight: 1 },
    { speaksFor: `topic:${topic.id}`, terms: topic.weakTerms ?? {}, weight: WEAK },
    { speaksFor: `topic:${topic.id}`, terms: negated(topic.negativeTerms ?? {}), weight: -1 },
  ])

const negated = (terms: NonNullable<Topic['negativeTerms']>): NonNullable<Topic['negativeTerms']> =>
  Object.fromEntries(
    Object.entries(terms).map(([language, list]) => [
      language,
      list.map((term) =>
        typeof term === 'string' ? { term, weight: -1 } : { ...term, weight: -Math.abs(term.weight ?? 1) },
      ),
    ]),
  )

/** Sum of the weights of the distinct terms found; repeats count less and less. */
export function termScore(hits: readonly TermHit[], speaksFor: string): number {
  const terms = new Map<string, { n: number; sum: number }>()
  for (const hit of hits) {
    if (hit.speaksFor !== speaksFor) continue
    const term = terms.get(hit.term) ?? { n: 0, sum: 0 }
    term.sum += hit.weight * REPEAT ** Math.min(term.n, 6) * (hit.field === 'title' ? TITLE : 1)
    term.n++
    terms.set(hit.term, term)
  }
  let sum = 0
  for (const term of terms.values()) sum += term.sum
  return sum
}

/** A long text has a word on everything: what says less than this share of the strongest topic is beside the point … */
const BESIDE = 0.5
/** … unless it says this many times what its definition asks. */
const AMPLE = 2
const FAINT = 0.49

/** 0.5 at the topic's threshold. `alone`: no model judges, and only topics that stand beside the strongest reach 0.5. */
export function topicScores(topics: readonly Topic[], hits: readonly TermHit[], alone: boolean): TopicScore[] {
  const sums = topics.map((topic) => Math.max(0, termScore(hits, `topic:${topic.id}`)))
  const strongest = Math.max(0, ...sums)
  return topics.map((topic, i) => {
    const sum = sums[i] ?? 0
    const threshold = thresholdOf(topic)
    const score = round(sum / (sum + threshold))
    const faint = alone && sum < BESIDE * strongest && sum < AMPLE * threshold
    return { id: topic.id, score: faint ? Math.min(score, FAINT) : score }
  })
}

const SHOWN_PER_TERM = 2

export function termEvidence(
  fields: readonly FieldText[],
  hits: readonly TermHit[],
  speaksFor: string,
  about = speaksFor,
): Evidence[] {
  const byField = new Map(fields.map((field) => [field.field, field]))
  const shown = new Map<string, number>()
  return hits.flatMap((hit): Evidence[] => {
    const field = byField.get(hit.field)
    if (!field || hit.speaksFor !== speaksFor) return []
    const n = (shown.get(hit.term) ?? 0) + 1
    shown.set(hit.term, n)
    return n > SHOWN_PER_TERM
      ? []
      : [evidenceAt(field, hit, { for: about, weight: hit.weight * (hit.field === 'title' ? TITLE : 1) })]
  })
}
