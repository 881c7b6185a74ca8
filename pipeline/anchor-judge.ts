import { type AnchorKind, kindOf, weightOf } from './anchors.ts'
import type { Member } from './pair.ts'
import { relationOf } from './place-tree.ts'
import { overlap, SECTIONS, sectionOf } from './vectors.ts'

/**
 * Judges pairs that the learned model cannot: where an article is not Vietnamese. It reads what needs no translation
 * (anchors.ts, places of the gazetteer, dates), so the same rule holds for two languages and for one. The weights are
 * set by hand on sample articles in seven languages: no gold of that kind exists.
 */

const at = (section: (typeof SECTIONS)[number]): number => SECTIONS.indexOf(section)
const [ALL, TITLE, DATES, PLACES, ANCHORS] = (['all', 'title', 'dates', 'places', 'anchors'] as const).map(at) as [
  number,
  number,
  number,
  number,
  number,
]
const DAY_MS = 86_400_000
/** Days beyond which nothing but text ties a foreign article to a story. */
const REACH = 12

export interface AnchorJudgement {
  /** Log-odds of being one event. */
  readonly logOdds: number
  /** Both name places, and none in common. */
  readonly apart: boolean
  /** What tied them, as in `anchorsOf`. */
  readonly anchors: () => string[]
}

interface Shared {
  readonly events: number
  /** Both tell events plainly, and none of one is of the other. */
  readonly otherEvents: boolean
  readonly themes: number
  readonly numbers: number
  readonly persons: number
  readonly names: number
  readonly tolls: number
  /** Both say how many, and nothing agrees. */
  readonly otherTolls: boolean
}

function shared(a: Uint32Array, b: Uint32Array): Shared {
  const sums: Record<AnchorKind, { both: number; a: number; b: number }> = {
    event: { both: 0, a: 0, b: 0 },
    theme: { both: 0, a: 0, b: 0 },
    rumour: { both: 0, a: 0, b: 0 },
    toll: { both: 0, a: 0, b: 0 },
    number: { both: 0, a: 0, b: 0 },
    person: { both: 0, a: 0, b: 0 },
    name: { both: 0, a: 0, b: 0 },
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const x = i < a.length ? (a[i] ?? 0) : 0xffffffff
    const y = j < b.length ? (b[j] ?? 0) : 0xffffffff
    const [keyA, keyB] = [i < a.length ? x >>> 8 : 0x1000000, j < b.length ? y >>> 8 : 0x1000000]
    const sum = sums[kindOf(keyA <= keyB ? x : y)]
    if (keyA <= keyB) sum.a += weightOf(x)
    if (keyB <= keyA) sum.b += weightOf(y)
    if (keyA === keyB) sum.both += Math.min(weightOf(x), weightOf(y))
    if (keyA <= keyB) i++
    if (keyB <= keyA) j++
  }
  const { event, theme, rumour, toll, number, person, name } = sums
  return {
    events: share(event.both, event.a + theme.a / 3, event.b + theme.b / 3),
    otherEvents:
      (event.both === 0 && event.a >= TOLD && event.b >= TOLD) ||
      (rumour.both === 0 && Math.max(rumour.a, rumour.b) >= TOLD),
    themes: share(theme.both, theme.a, theme.b),
    numbers: number.both,
    persons: person.both,
    names: name.both,
    tolls: toll.both > 0 ? 1 : 0,
    otherTolls: toll.both === 0 && toll.a > 0 && toll.b > 0,
  }
}

/** Of the lesser side's weight and of both, so that a brief and a report compare; what is said in passing counts little. */
const share = (both: number, a: number, b: number): number =>
  both === 0 ? 0 : Math.min(1, both / PLAIN) * (0.5 * (both / Math.min(a, b)) + 0.5 * ((2 * both) / (a + b)))

export function judgeByAnchors(a: Member, b: Member): AnchorJudgement {
  const days = Math.abs(a.time - b.time) / DAY_MS
  if (days > REACH) return { logOdds: Number.NEGATIVE_INFINITY, apart: false, anchors: () => [] }
  const [placesA, placesB] = [sectionOf(a.packed, PLACES), sectionOf(b.packed, PLACES)]
  const places = relationOf(placesA, placesB)
  const found = shared(sectionOf(a.packed, ANCHORS), sectionOf(b.packed, ANCHORS))
  const dates = overlap(a.packed, DATES, b.packed, DATES).count > 0
  const sameLanguage = a.language === b.language
  const text = sameLanguage ? overlap(a.packed, ALL, b.packed, ALL).cosine : 0
  const title = sameLanguage ? overlap(a.packed, TITLE, b.packed, TITLE).cosine : 0
  let logOdds = -3.9
  logOdds += 4.5 * found.events + 0.8 * found.themes
  if (found.events < LEAST_EVENTS && text < ALIKE) logOdds -= 3
  logOdds += places.same > 0 ? 1.6 + 0.4 * Math.min(2, places.same - 1) : places.around ? 1.2 : 0
  // Where the counts agree, another place may be one that the gazetteer has no name for in this language.
  if (found.otherEvents) logOdds -= 2.5
  if (places.apart) logOdds -= found.tolls > 0 && found.numbers > 0 ? 1 : 2.5
  // Elsewhere than in the province no gazetteer helps, but names do that are spelt alike.
  else if (placesA.length === 0 && placesB.length === 0) logOdds += found.names === 0 ? -2.5 : Math.min(2, found.names)
  else if (places.same === 0 && !places.around) logOdds -= places.wide ? 0.2 : 2.5
  logOdds += Math.min(3, 0.5 * found.numbers) + Math.min(2, 1.2 * found.persons)
  logOdds += found.tolls > 0 ? 1.5 : found.otherTolls ? -1 : 0
  if (dates) logOdds += 0.5
  logOdds -= 0.35 * Math.max(0, days - 0.5)
  if (sameLanguage) logOdds += Math.max(0, 8 * (text - ALIKE)) + Math.max(0, 3 * (title - ALIKE))
  const anchors = () => [
    ...(found.events > 0 ? ['event'] : []),
    ...(places.same > 0 || places.around || places.wide ? ['places'] : []),
    ...(found.numbers > 0 || found.tolls > 0 ? ['numbers'] : []),
    ...(found.persons + found.names > 0 ? ['names'] : []),
    ...(dates ? ['dates'] : []),
    ...(text > ALIKE ? ['text'] : []),
  ]
  return { logOdds, apart: places.apart, anchors }
}

/** Weight from which a kind is told plainly: in a title, or more than once at the beginning. */
const PLAIN = 16
const TOLD = 20
const LEAST_EVENTS = 0.2
/** Cosine of two unrelated texts in one language whose words the background does not know. */
const ALIKE = 0.3

/** What places and events add to the learned judgement of two Vietnamese articles, which never saw a gazetteer. */
export interface Scene {
  /** Log-odds. */
  readonly shift: number
  /** Both name places of the province, and none in common. */
  readonly apart: boolean
}

/** Set by hand on sample articles and on ten months of the province's items, read by their stories. */
export function sceneOf(a: Member, b: Member): Scene {
  const [placesA, placesB] = [sectionOf(a.packed, PLACES), sectionOf(b.packed, PLACES)]
  if (placesA.length === 0 || placesB.length === 0) return { shift: 0, apart: false }
  const { same, around, apart } = relationOf(placesA, placesB)
  const found = shared(sectionOf(a.packed, ANCHORS), sectionOf(b.packed, ANCHORS))
  const days = Math.abs(a.time - b.time) / DAY_MS
  const here = same > 0 || around
  const met = here && found.events >= LEAST_EVENTS && days <= NEAR_DAYS ? 4 * found.events : 0
  const placeAlone = here && found.events + found.themes + found.numbers + found.persons + found.tolls === 0
  const parted = (apart ? 2.5 : 0) + (found.otherEvents ? 2.5 : 0) + (found.otherTolls ? 2 : 0) + (placeAlone ? 1 : 0)
  return { shift: met - parted, apart }
}

/** Days within which one kind of event at one place is likely one event. */
const NEAR_DAYS = 4
