import { DIMENSIONS, nearness } from './meaning.ts'
import { meaningsOf, overlap, type Packed, SECTIONS, type Section, sectionOf, sizeOf } from './vectors.ts'
import type { WindowTerms } from './window-terms.ts'

/** An article of the window, as a pair is judged. */
export interface Member {
  readonly packed: Packed
  /** Milliseconds since the epoch. */
  readonly time: number
  /** Hash of the outlet. */
  readonly outlet: number
  /** Of title and text, in characters. */
  readonly length: number
  readonly language: string
}

const at = (section: Section): number => SECTIONS.indexOf(section)
const [ALL, TITLE, OPENING, NAMES, NUMBERS, DATES, PROVINCES, PLACES] = (
  ['all', 'title', 'opening', 'names', 'numbers', 'dates', 'provinces', 'places'] as const
).map(at) as [number, number, number, number, number, number, number, number]

/** Names of the features of a pair, in order; `train/stories.ts` learns their weights. */
export const PAIR_FEATURES = [
  'all.cosine',
  'all.containment',
  'all.shared',
  'all.heaviest',
  'title.cosine',
  'title.containment',
  'title.shared',
  'opening.cosine',
  'opening.shared',
  'titleInOther',
  'otherTitleIn',
  'names.cosine',
  'names.shared',
  'names.heaviest',
  'names.none',
  'numbers.shared',
  'numbers.conflict',
  'dates.shared',
  'dates.conflict',
  'provinces.shared',
  'provinces.conflict',
  'provinces.open',
  'places.shared',
  'meaning',
  'meaning.title',
  'hours',
  'sameOutlet',
  'window.cosine',
  'window.names',
  'window.rarest',
  'window.second',
  'window.third',
  'window.fifth',
  'meaning.all',
  'title.inAll.less',
  'title.inAll.more',
  'length.less',
  'length.ratio',
] as const

export type PairFeatures = Float64Array

/** Pairs with less text in common are never one event; nothing was learned from such pairs either. */
export const LEAST_COSINE = 0.02
const NOTHING: PairFeatures = new Float64Array(PAIR_FEATURES.length)

const intersects = (a: Uint32Array, b: Uint32Array): boolean => a.some((x) => b.includes(x))

/** Terms from which an article counts as a full text; a title with a summary has about half as many. */
const FULL_TERMS = 150

/** Whether both articles are full texts, which a model of their own judges. */
export const bothFull = (a: Member, b: Member): boolean => areFull(a.packed, b.packed)

const areFull = (a: Packed, b: Packed): boolean => sizeOf(a, ALL) >= FULL_TERMS && sizeOf(b, ALL) >= FULL_TERMS

/** Section of the opening: a short article is its own. */
const openingOf = (packed: Packed): number => (sizeOf(packed, OPENING) === 0 ? ALL : OPENING)

/**
 * Features of a pair, the newer article first; it counts in the window only when `both` do. Where one side is only a title with a summary, both are compared by
 * their openings, so that lengths compare.
 */
export function pairFeatures(a: Member, b: Member, window: WindowTerms, both = false): PairFeatures {
  // A window looks its terms up each time.
  const [packedA, packedB] = [a.packed, b.packed]
  const full = areFull(packedA, packedB)
  const openingA = openingOf(packedA)
  const openingB = openingOf(packedB)
  const all = overlap(packedA, full ? ALL : openingA, packedB, full ? ALL : openingB)
  if (all.cosine <= LEAST_COSINE) return NOTHING
  const title = overlap(packedA, TITLE, packedB, TITLE)
  const opening = overlap(packedA, openingA, packedB, openingB)
  const titleA = overlap(packedA, TITLE, packedB, openingB)
  const titleB = overlap(packedB, TITLE, packedA, openingA)
  const names = overlap(packedA, NAMES, packedB, NAMES)
  const numbers = overlap(packedA, NUMBERS, packedB, NUMBERS)
  const dates = overlap(packedA, DATES, packedB, DATES)
  const places = overlap(packedA, PLACES, packedB, PLACES)
  const provincesA = sectionOf(packedA, PROVINCES)
  const provincesB = sectionOf(packedB, PROVINCES)
  const bothNamed = provincesA.length > 0 && provincesB.length > 0
  const sameProvince = bothNamed && intersects(provincesA, provincesB)
  const here = window.compare(packedA, packedB, both)
  const inA = overlap(packedB, TITLE, packedA, ALL).containment
  const inB = overlap(packedA, TITLE, packedB, ALL).containment
  const meaningA = meaningsOf(packedA)
  const meaningB = meaningsOf(packedB)
  return Float64Array.of(
    all.cosine,
    all.containment,
    Math.log1p(all.shared),
    all.heaviest,
    title.cosine,
    title.containment,
    Math.log1p(title.shared),
    opening.cosine,
    Math.log1p(opening.shared),
    titleA.containment,
    titleB.containment,
    names.cosine,
    Math.log1p(names.shared),
    names.heaviest,
    names.sizeA === 0 || names.sizeB === 0 ? 1 : 0,
    Math.log1p(numbers.shared),
    numbers.sizeA > 0 && numbers.sizeB > 0 && numbers.count === 0 ? 1 : 0,
    dates.count > 0 ? 1 : 0,
    dates.sizeA > 0 && dates.sizeB > 0 && dates.count === 0 ? 1 : 0,
    sameProvince ? 1 : 0,
    bothNamed && !sameProvince ? 1 : 0,
    bothNamed ? 0 : 1,
    Math.log1p(places.shared),
    nearness(meaningA.subarray(0, DIMENSIONS), meaningB.subarray(0, DIMENSIONS)),
    nearness(meaningA.subarray(DIMENSIONS, 2 * DIMENSIONS), meaningB.subarray(DIMENSIONS, 2 * DIMENSIONS)),
    Math.log1p(Math.abs(a.time - b.time) / 3_600_000),
    a.outlet === b.outlet ? 1 : 0,
    here.cosine,
    here.names,
    here.rarest[0] ?? 0,
    here.rarest[1] ?? 0,
    here.rarest[2] ?? 0,
    here.rarest[4] ?? 0,
    nearness(meaningA.subarray(2 * DIMENSIONS), meaningB.subarray(2 * DIMENSIONS)),
    Math.min(inA, inB),
    Math.max(inA, inB),
    Math.log1p(Math.min(a.length, b.length)),
    Math.abs(Math.log1p(a.length) - Math.log1p(b.length)),
  )
}
