import type { Mention } from './gazetteer.ts'
import { GRAVITY_WORDS } from './gravity-words.ts'
import { READ_LENGTH } from './model-features.ts'
import type { FieldText } from './reading.ts'
import { isRoundUp } from './round-up.ts'
import type { TermHit, TermList } from './terms.ts'

/**
 * How grave an event is and where it was, as numbers for the learned judgement of sensitivity: whether anyone died or was
 * only hurt, whether officials are blamed, whether it is long over; and for each word that the profile's conditions or these
 * lists found, whether the place it belongs to is the province's.
 */

/** Names of these features begin so. */
export const GRAVE = 'grave '
const LIST = 'gravity-word:'

export const gravityLists: readonly TermList[] = Object.entries(GRAVITY_WORDS).map(([name, words]) => ({
  speaksFor: `${LIST}${name}`,
  terms: { vi: words },
  weight: 1,
}))

export const isGravityWord = ({ speaksFor }: TermHit): boolean => speaksFor.startsWith(LIST)

/** The words that made a feature of this name, so that its share in a judgement can be shown on them. */
export function wordsOf(feature: string, hits: readonly TermHit[]): TermHit[] {
  if (!feature.startsWith(GRAVE)) return []
  const list = feature.slice(feature.indexOf('/') + 1)
  return hits.filter(({ speaksFor, field, start }) => speaksFor === list && (field !== 'text' || start < READ_LENGTH))
}

/** So much of a text is its opening, in characters. */
const OPENING = 250

type Scope = 'home' | 'elsewhere' | 'nowhere'

const ORDER: Readonly<Record<TermHit['field'], number>> = { title: 0, lead: 1, text: 2 }
const isStop = (text: string, i: number): boolean =>
  text[i] === '\n' ||
  ((text[i] === '.' || text[i] === '?' || text[i] === '!' || text[i] === '…') && text[i + 1] === ' ')

/**
 * The place that a word belongs to: the nearest in its sentence; without one, the last that was named before. Found by the
 * ends of sentences, which are read once.
 */
function scopes(fields: readonly FieldText[], mentions: readonly Mention[]): (hit: TermHit) => Scope {
  const places = mentions.filter(
    ({ field, start, verdict }) => verdict in SCOPE && (field !== 'text' || start < READ_LENGTH),
  )
  const texts = new Map(fields.map(({ field, scan }) => [field, scan.folded.text]))
  return (hit) => {
    const text = texts.get(hit.field) ?? ''
    let from = hit.start
    while (from > 0 && !isStop(text, from - 1)) from--
    let to = hit.end
    while (to < text.length && !isStop(text, to)) to++
    let nearest: Mention | undefined
    for (const place of places) {
      if (place.field !== hit.field || place.start < from || place.start >= to) continue
      if (!nearest || Math.abs(place.start - hit.start) < Math.abs(nearest.start - hit.start)) nearest = place
    }
    const place =
      nearest ??
      places.findLast(
        ({ field, start }) => ORDER[field] < ORDER[hit.field] || (field === hit.field && start < hit.start),
      )
    return place ? (SCOPE[place.verdict] ?? 'nowhere') : 'nowhere'
  }
}
const SCOPE: Readonly<Record<string, Scope>> = { home: 'home', 'named-after': 'home', elsewhere: 'elsewhere' }

/** @param hits as far as the model reads */
export function gravityFeatures(
  fields: readonly FieldText[],
  hits: readonly TermHit[],
  mentions: readonly Mention[],
): Map<string, number> {
  const features = new Map<string, number>()
  const put = (name: string, value: number): void => {
    if (value !== 0) features.set(GRAVE + name, value)
  }
  const scopeOf = scopes(fields, mentions)
  const lists = Map.groupBy(
    hits.filter((hit) => !hit.speaksFor.startsWith('topic:')),
    (hit) => hit.speaksFor,
  )
  for (const [list, found] of lists) {
    const where = found.map(scopeOf)
    const count = (scope: Scope): number => where.filter((one) => one === scope).length
    for (const scope of ['home', 'elsewhere', 'nowhere'] as const) put(`${scope}/${list}`, Math.tanh(count(scope) / 2))
    if (count('elsewhere') > count('home')) put(`mostly elsewhere/${list}`, 1)
    if (!list.startsWith(LIST)) continue
    const opens = (hit: TermHit): boolean => hit.field !== 'text' || hit.start < OPENING
    put(`any/${list}`, 1)
    put(`all/${list}`, Math.tanh(found.length / 3))
    if (found.some(({ field }) => field === 'title')) put(`title/${list}`, 1)
    if (found.some((hit) => hit.field !== 'title' && opens(hit))) put(`opening/${list}`, 1)
    if (found.some((hit, i) => where[i] === 'home' && opens(hit))) put(`home in opening/${list}`, 1)
  }
  const has = (name: keyof typeof GRAVITY_WORDS): boolean => lists.has(LIST + name)
  const casualties = has('dead') || has('missing')
  const deadHere = features.has(`${GRAVE}home/${LIST}dead`)
  if (has('hurt') && !casualties) put('hurt only', 1)
  if (!casualties) put('nobody dead or missing', 1)
  if (!deadHere) put('nobody dead here', 1)
  if (has('spared') && !has('dead')) put('spared', 1)
  if (has('dead') && has('after')) put('dead, afterwards', 1)
  if (has('officials') && has('blame')) put('officials blamed', 1)
  if (has('ordinary') && !has('dead') && !has('children') && !has('officials')) put('ordinary crime', 1)
  if (isRoundUp(fields[0]?.source ?? '')) put('round-up', 1)
  return features
}
