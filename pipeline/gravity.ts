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
/** Lists of the language; the profile's own are called `gravity:`. */
const LIST = 'gravity-word:'

export const gravityLists: readonly TermList[] = Object.entries(GRAVITY_WORDS).map(([name, words]) => ({
  speaksFor: `${LIST}${name}`,
  terms: { vi: words },
  weight: 1,
}))

export const isGravityWord = ({ speaksFor }: TermHit): boolean => speaksFor.startsWith(LIST)

/** What a feature is worth, and the words that made it, on which its share in a judgement can be shown. */
export interface Grave {
  readonly value: number
  readonly words: readonly TermHit[]
}

/** So much of a text is its opening, in characters. */
const OPENING = 250

type Scope = 'home' | 'elsewhere' | 'nowhere'

const ORDER: Readonly<Record<TermHit['field'], number>> = { title: 0, lead: 1, text: 2 }
const isStop = (text: string, i: number): boolean =>
  text[i] === '\n' ||
  ((text[i] === '.' || text[i] === '?' || text[i] === '!' || text[i] === '…') && text[i + 1] === ' ')

/**
 * The place that a word belongs to: the nearest in its sentence; without one, the last that was named before.
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
): Map<string, Grave> {
  const features = new Map<string, Grave>()
  const put = (name: string, value: number, words: readonly TermHit[]): void => {
    if (value !== 0) features.set(GRAVE + name, { value, words })
  }
  const scopeOf = scopes(fields, mentions)
  const lists = Map.groupBy(
    hits.filter((hit) => !hit.speaksFor.startsWith('topic:')),
    (hit) => hit.speaksFor,
  )
  for (const [list, found] of lists) {
    const where = found.map(scopeOf)
    const at = (scope: Scope): TermHit[] => found.filter((_, i) => where[i] === scope)
    for (const scope of ['home', 'elsewhere', 'nowhere'] as const)
      put(`${scope}/${list}`, Math.tanh(at(scope).length / 2), at(scope))
    if (at('elsewhere').length > at('home').length) put(`mostly elsewhere/${list}`, 1, at('elsewhere'))
    if (!list.startsWith(LIST)) continue
    const opens = (hit: TermHit): boolean => hit.field !== 'text' || hit.start < OPENING
    put(`any/${list}`, 1, found)
    put(`all/${list}`, Math.tanh(found.length / 3), found)
    const once = (name: string, words: readonly TermHit[]) => put(`${name}/${list}`, words.length > 0 ? 1 : 0, words)
    once(
      'title',
      found.filter(({ field }) => field === 'title'),
    )
    once(
      'opening',
      found.filter((hit) => hit.field !== 'title' && opens(hit)),
    )
    once('home in opening', at('home').filter(opens))
  }
  type Name = keyof typeof GRAVITY_WORDS
  const has = (name: Name): boolean => lists.has(LIST + name)
  /** A feature of several lists, shown on the words of some. */
  const flag = (name: string, is: boolean, ...shown: readonly Name[]): void =>
    put(
      name,
      is ? 1 : 0,
      shown.flatMap((list) => lists.get(LIST + list) ?? []),
    )
  const casualties = has('dead') || has('missing')
  const deadHere = features.has(`${GRAVE}home/${LIST}dead`)
  flag('hurt only', has('hurt') && !casualties, 'hurt')
  flag('nobody dead or missing', !casualties)
  flag('nobody dead here', !deadHere)
  flag('spared', has('spared') && !has('dead'), 'spared')
  flag('dead, afterwards', has('dead') && has('after'), 'dead', 'after')
  flag('officials blamed', has('officials') && has('blame'), 'officials', 'blame')
  flag('ordinary crime', has('ordinary') && !has('dead') && !has('children') && !has('officials'), 'ordinary')
  flag('round-up', isRoundUp(fields[0]?.source ?? ''))
  return features
}
