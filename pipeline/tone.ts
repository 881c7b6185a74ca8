import type { Evidence, Tone } from '../model.ts'
import type { ToneTerms } from '../profiles/schema.ts'
import type { FieldText } from './reading.ts'
import type { TermHit, TermList } from './terms.ts'
import { termEvidence, termScore } from './topics.ts'

/** The province's image as a reader elsewhere would take it from the article: about the event, never about its author. */

export const toneLists = (tone: ToneTerms): TermList[] => [
  { speaksFor: 'tone:positive', terms: tone.positive, weight: 1 },
  { speaksFor: 'tone:negative', terms: tone.negative, weight: 1 },
  { speaksFor: 'tone:neutral', terms: tone.neutral ?? {}, weight: 1 },
]

/** So much more must speak for one side than for the other. */
const MARGIN = 0.9

/** What the office wants to know at once is hardly ever good news: two words' worth against the province's image. */
const SENSITIVE = 2

export function toneOf(hits: readonly TermHit[], sensitive: boolean): Tone {
  const routine = sensitive ? 0 : termScore(hits, 'tone:neutral')
  const difference = termScore(hits, 'tone:positive') - termScore(hits, 'tone:negative') - (sensitive ? SENSITIVE : 0)
  if (Math.abs(difference) < routine) return 'neutral'
  return difference >= MARGIN ? 'positive' : difference <= -MARGIN ? 'negative' : 'neutral'
}

export function toneEvidence(fields: readonly FieldText[], hits: readonly TermHit[]): Evidence[] {
  const against = termEvidence(fields, hits, 'tone:negative', 'tone').map((one) => ({ ...one, weight: -one.weight }))
  return [...termEvidence(fields, hits, 'tone:positive', 'tone'), ...against]
}
