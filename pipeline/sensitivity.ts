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
 * @param isBeside whether a word stands in a sentence that tells of a place of the province
 */
export function metConditions(
  conditions: readonly Condition[],
  hits: readonly TermHit[],
  level: RelevanceLevel,
  topics: ReadonlySet<string>,
  isBeside: (hit: TermHit) => boolean,
): Condition[] {
  const named = (found: readonly TermHit[]): ReadonlySet<string> => new Set(found.map((hit) => hit.speaksFor))
  const spoken = named(hits)
  const speaks = ({ id, gravity }: Condition, lists: ReadonlySet<string>): boolean =>
    lists.has(`event:${id}`) && (!gravity || lists.has(`gravity:${id}`))
  const isCalledFor = (condition: Condition): boolean =>
    (!condition.topics || condition.topics.some((topic) => topics.has(topic))) && speaks(condition, spoken)
  return conditions.filter(isCalledFor).filter((condition) => {
    if (RANK[level] >= RANK[condition.relevance]) return true
    if (level === 'none' || condition.besidePlace !== true) return false
    const own = hits.filter(({ speaksFor }) => [`event:${condition.id}`, `gravity:${condition.id}`].includes(speaksFor))
    return speaks(condition, named(own.filter(isBeside)))
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
