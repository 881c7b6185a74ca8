import type { Evidence, RelevanceLevel } from '../model.ts'
import type { Condition } from '../profiles/schema.ts'
import type { FieldText } from './reading.ts'
import type { TermHit, TermList } from './terms.ts'
import { termEvidence } from './topics.ts'

/** Does the press office want to know at once? By the conditions of the profile: an event and its gravity. */

export const conditionLists = (conditions: readonly Condition[]): TermList[] =>
  conditions.flatMap((condition) => [
    { speaksFor: `event:${condition.id}`, terms: condition.event, weight: 1 },
    { speaksFor: `gravity:${condition.id}`, terms: condition.gravity ?? {}, weight: 1 },
  ])

const RANK: Record<RelevanceLevel, number> = { none: 0, mention: 1, main: 2 }

/**
 * The conditions that are met, in the profile's order.
 *
 * @param words `hits`: all that were found; `beside`: of an article that only mentions the province, those in a sentence that
 * tells of a place of it
 */
export function metConditions(
  conditions: readonly Condition[],
  { hits, beside }: { readonly hits: readonly TermHit[]; readonly beside: readonly TermHit[] },
  level: RelevanceLevel,
  topics: ReadonlySet<string>,
): Condition[] {
  const listsOf = (found: readonly TermHit[]): ReadonlySet<string> => new Set(found.map((hit) => hit.speaksFor))
  const everywhere = listsOf(hits)
  const there = listsOf(beside)
  return conditions.filter((condition) => {
    if (condition.topics && !condition.topics.some((topic) => topics.has(topic))) return false
    const isRelevant = RANK[level] >= RANK[condition.relevance]
    if (!isRelevant && condition.besidePlace !== true) return false
    const lists = isRelevant ? everywhere : there
    return lists.has(`event:${condition.id}`) && (!condition.gravity || lists.has(`gravity:${condition.id}`))
  })
}

export function sensitivityEvidence(
  fields: readonly FieldText[],
  hits: readonly TermHit[],
  met: readonly Condition[],
): Evidence[] {
  return met.flatMap((condition) =>
    [`event:${condition.id}`, `gravity:${condition.id}`].flatMap((list) =>
      termEvidence(fields, hits, list, 'sensitive').map((one) => ({ ...one, rule: condition.id })),
    ),
  )
}
