import type { Evidence, PlaceMention, Relevance, RelevanceLevel } from '../model.ts'
import type { Mention } from './gazetteer.ts'
import { evidenceAt, type FieldText, inSource, round } from './reading.ts'
import type { Shape } from './shape.ts'

/**
 * `main`, `mention` or `none`, from what the names of the gazetteer turned out to mean and from how they stand in the
 * article. Needs no language; a learned model may refine `main` against `mention` (see `assess.ts`).
 */

/** Points for being the subject; each is a fact that an analyst can see. */
export function mainPoints(shape: Shape): number {
  const { home, elsewhere } = shape
  const ratio = home / (home + elsewhere || 1)
  const listed = home > 0 && shape.listed >= home
  return (
    (shape.homeInTitle ? 3 : 0) +
    (shape.homeInTitle && shape.elsewhereInTitle ? -1 : 0) +
    (home > 0 && shape.firstSentence <= 1 ? 2 : 0) +
    (home > 0 && shape.firstSentence === 2 ? 1 : 0) +
    (shape.leads && home > 0 ? 1 : 0) +
    (ratio >= 0.6 ? 1.5 : ratio >= 0.4 ? 0.5 : -1) +
    (shape.share >= 0.4 ? 1 : shape.share < 0.12 ? -1 : 0) +
    (shape.local >= 2 ? 1 : 0) +
    (home >= 2 && elsewhere === 0 ? 1 : 0) +
    (shape.elsewhereInTitle && !shape.homeInTitle ? -1 : 0) +
    (listed ? -3 : 0) +
    (home === 0 ? -3 : 0)
  )
}

export const MAIN_POINTS = 3.5

const COUNTED = new Set(['home', 'named-after'])

/** Whether anything in the article really names the province. */
export const isNamed = (mentions: readonly Mention[]): boolean =>
  mentions.some((mention) => COUNTED.has(mention.verdict))

/** How sure it is that the province is named at all: more names and firmer ones make it surer. 0 to 1. */
export function namedScore(mentions: readonly Mention[]): number {
  let doubt = 1
  const seen = new Set<string>()
  for (const mention of mentions) {
    if (!COUNTED.has(mention.verdict) || seen.has(mention.name)) continue
    seen.add(mention.name)
    doubt *= mention.rule === null && mention.verdict === 'home' ? 0.08 : 0.3
  }
  return seen.size === 0 ? 0 : round(1 - doubt)
}

export function relevanceOf(
  fields: readonly FieldText[],
  mentions: readonly Mention[],
  level: RelevanceLevel,
): Relevance {
  const byField = new Map(fields.map((field) => [field.field, field]))
  const places: PlaceMention[] = []
  for (const mention of mentions) {
    const field = byField.get(mention.field)
    if (!field || !mention.place || !COUNTED.has(mention.verdict)) continue
    places.push({ id: mention.place.id, field: mention.field, ...inSource(field, mention.start, mention.end) })
  }
  return { level, score: namedScore(mentions), places }
}

/** A name shown as evidence is shown this often at most; the rest say nothing new. */
const SHOWN_PER_NAME = 3

/** The names that count, and those that do not with the rule that says why. */
export function relevanceEvidence(fields: readonly FieldText[], mentions: readonly Mention[]): Evidence[] {
  const byField = new Map(fields.map((field) => [field.field, field]))
  const shown = new Map<string, number>()
  return mentions.flatMap((mention): Evidence[] => {
    const field = byField.get(mention.field)
    const ofPlace = mention.place !== null && mention.verdict !== 'context'
    if (!field || !ofPlace) return []
    const key = `${mention.name} ${mention.verdict}`
    const n = (shown.get(key) ?? 0) + 1
    shown.set(key, n)
    if (n > SHOWN_PER_NAME) return []
    const weight =
      mention.verdict === 'home' ? 1 : mention.verdict === 'named-after' ? 0.5 : mention.verdict === 'rejected' ? -1 : 0
    const rule = mention.rule ?? (mention.verdict === 'named-after' ? 'named after the province' : undefined)
    return [evidenceAt(field, mention, { for: 'relevance', weight, ...(rule === undefined ? {} : { rule }) })]
  })
}
