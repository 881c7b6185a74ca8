import type { Instant, Language } from '../model.ts'
import { anchorsIn, languageOf } from './anchors.ts'
import { hash, idf, names, type Token, tokens } from './features.ts'
import { DIMENSIONS, meaning } from './meaning.ts'
import { NO_TREE, type PlaceTree, standings } from './place-tree.ts'
import { provinces } from './provinces.ts'
import { type TermBag, termBag, termBags, termWeight, type WeighedTerms } from './term-bags.ts'

/** What copies and stories need of an article. */
export interface StoryArticle {
  readonly id: string
  readonly title: string
  /** Lead and body; a title-and-summary item gives its summary. */
  readonly text: string
  readonly outlet: string
  readonly published: Instant
  readonly url?: string | undefined
  readonly language?: Language | undefined
  /** Ids of the gazetteer, in order of appearance. */
  readonly places?: readonly string[] | undefined
}

/** Sections of a packed article, in order. */
export const SECTIONS = [
  'all',
  'title',
  'opening',
  'names',
  'numbers',
  'dates',
  'provinces',
  'places',
  'anchors',
  'rarity',
  'meaning',
] as const
export type Section = (typeof SECTIONS)[number]
const HEADER = SECTIONS.length

/** Terms kept of a long article: the heaviest. */
const MOST_TERMS = 160
const MOST_OPENING = 90
/** Terms kept of a cluster's sentences together. */
const MOST_OF_CLUSTER = 220
/** Words that make the opening of a long article, about as many as a summary has. */
const OPENING_WORDS = 60
/** Rarity (idf) at most of a place of the profile: about that of the country's best known ones. */
const FAMILIAR = 5.5
/** Steps of a packed weight in a unit of idf. */
export const WEIGHT = 7

/**
 * An article as sorted sets of terms in one array: a header with the end of each section, then the sections. A term is
 * 24 bits of its hash and 8 bits of weight (tf·idf in sevenths), so that two articles are compared by one walk.
 */
export type Packed = Uint32Array

/** A weight, in sevenths, as the byte of a packed term. */
const byteOf = (weight: number): number => Math.min(255, Math.max(1, Math.round(weight * WEIGHT)))

/** Packs terms, given by hash and weight: the heaviest, each once with its greatest weight, sorted. */
function packHashes(hashes: Uint32Array, weights: Float64Array, most: number): Uint32Array {
  // The lightest that is kept; of those as light the first are.
  const least = hashes.length > most ? (weights.toSorted()[hashes.length - most] ?? 0) : Number.NEGATIVE_INFINITY
  let equals = most
  for (let at = 0; at < weights.length; at++) if ((weights[at] ?? 0) > least) equals--
  const packed = new Uint32Array(Math.min(most, hashes.length))
  let size = 0
  for (let at = 0; at < hashes.length && size < packed.length; at++) {
    const weight = weights[at] ?? 0
    if (weight < least || (weight === least && equals-- <= 0)) continue
    packed[size++] = (((hashes[at] ?? 0) >>> 8) << 8) | byteOf(weight)
  }
  packed.sort()
  let kept = 0
  for (let at = 0; at < packed.length; at++) {
    const term = packed[at] ?? 0
    const next = packed[at + 1]
    // Of equal keys, the last is the heaviest.
    if (next === undefined || next >>> 8 !== term >>> 8) packed[kept++] = term
  }
  return packed.subarray(0, kept)
}

const weightsOf = ({ idfs, counts }: TermBag): Float64Array =>
  idfs.map((rarity, at) => termWeight(rarity, counts[at] ?? 1))

const packBag = (bag: TermBag, most: number): Uint32Array => packHashes(bag.hashes, weightsOf(bag), most)

/** What a reader of sentences gives, as in a section of a packed article. */
export const packWeighed = ({ hashes, weights }: WeighedTerms): Uint32Array =>
  packHashes(hashes, weights, MOST_OF_CLUSTER)

function pack(entries: readonly (readonly [string, number])[], most: number): Uint32Array {
  const heaviest = new Map<number, number>()
  for (const [term, weight] of entries) {
    const key = hash(term)
    heaviest.set(key, Math.max(heaviest.get(key) ?? 0, weight))
  }
  return packHashes(Uint32Array.from(heaviest.keys()), Float64Array.from(heaviest.values()), most)
}

/** Terms of a few words (a sentence), sorted, as in a section of a packed article. */
export const packTerms = (list: readonly Token[]): Uint32Array => packBag(termBag(list), MOST_OF_CLUSTER)

/** Sum of the squared weights of an array made by `packTerms`. */
export function squareOf(terms: Uint32Array): number {
  let square = 0
  for (let i = 0; i < terms.length; i++) {
    const weight = (terms[i] ?? 0) & 255
    square += weight * weight
  }
  return square
}

/** Cosine of two arrays made by `packTerms`; who compares each with many gives their squares. */
export function cosine(a: Uint32Array, b: Uint32Array, squareA = squareOf(a), squareB = squareOf(b)): number {
  let [i, j, dot] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const x = a[i] ?? 0
    const y = b[j] ?? 0
    if (x >>> 8 === y >>> 8) dot += (x & 255) * (y & 255)
    if (x >>> 8 <= y >>> 8) i++
    if (y >>> 8 <= x >>> 8) j++
  }
  return dot === 0 ? 0 : dot / Math.sqrt(squareA * squareB)
}

/** Rarity in the background of each term of `all`, in the same order, in sevenths: four bytes to a word. */
export const idfsOf = (packed: Packed): Uint8Array => {
  const section = sectionOf(packed, SECTIONS.indexOf('rarity'))
  return new Uint8Array(section.buffer, section.byteOffset, section.byteLength)
}

const nameTerms = (list: readonly Token[], { familiar }: PlaceTree): [string, number][] =>
  names(list).map((name) => {
    const words = name.split(' ')
    let rarest = 0
    for (const [i, word] of words.entries()) {
      rarest = Math.max(rarest, words.length === 1 ? idf(word) : i > 0 ? idf(`${words[i - 1]} ${word}`) : 0)
    }
    return [name, familiar.has(hash(name)) ? Math.min(FAMILIAR, rarest) : rarest]
  })

/** The terms of the profile's own place names say no more than those of places that all the news name. */
const familiarised = ({ hashes, idfs }: TermBag, { familiar }: PlaceTree): void => {
  for (const [at, term] of hashes.entries()) if (familiar.has(term)) idfs[at] = Math.min(FAMILIAR, idfs[at] ?? 0)
}

/** A place's key and its standing; of equal keys one. */
const packPlaces = (places: readonly (readonly [string, number])[]): Uint32Array =>
  Uint32Array.from(
    new Map(places.map(([id, standing]) => [hash(id) >>> 8, standing])),
    ([key, standing]) => ((key << 8) | standing) >>> 0,
  ).sort()

/** `tree`: which places lie in which; without it each stands for itself. */
export function packArticle(
  article: Pick<StoryArticle, 'title' | 'text' | 'places' | 'language'>,
  tree: PlaceTree = NO_TREE,
): Packed {
  const title = tokens(article.title)
  const text = tokens(article.text)
  const all = [...title, ...text]
  const opening = all.slice(0, title.length + OPENING_WORDS)
  const [inTitle, inOpening, inAll] = termBags(all, [title.length, opening.length, all.length])
  if (!inTitle || !inOpening || !inAll) throw new Error('A bag is made for each end that is asked for.')
  familiarised(inAll, tree)
  const numbers = [...title, ...text.slice(0, 4 * OPENING_WORDS)].filter((token) => token.kind === 'number')
  const dates = all.filter((token) => token.kind === 'date')
  const terms = packBag(inAll, MOST_TERMS)
  const rarity = new Map<number, number>()
  for (let at = 0; at < inAll.hashes.length; at++) {
    const key = (inAll.hashes[at] ?? 0) >>> 8
    rarity.set(key, Math.max(rarity.get(key) ?? 0, byteOf(inAll.idfs[at] ?? 0)))
  }
  const bytes = new Uint8Array(Math.ceil(terms.length / 4) * 4)
  for (const [at, term] of terms.entries()) bytes[at] = rarity.get(term >>> 8) ?? 1
  const meanings = new Int8Array(3 * DIMENSIONS)
  for (const [at, bag] of [inOpening, inTitle, inAll].entries()) meanings.set(meaning(bag), at * DIMENSIONS)
  const sections: Record<Section, ArrayLike<number>> = {
    all: terms,
    title: packBag(inTitle, MOST_TERMS),
    // A short article is its own opening: it is kept once.
    opening: text.length <= OPENING_WORDS ? [] : packBag(inOpening, MOST_OPENING),
    names: pack([...nameTerms(title, tree), ...nameTerms(text, tree)], 40),
    numbers: pack(
      numbers.map((token) => [token.text, idf(token.text)]),
      24,
    ),
    dates: pack(
      dates.map((token) => [token.text, idf(token.text)]),
      12,
    ),
    provinces: provinces(opening),
    places: packPlaces(standings(article.places ?? [], tree)),
    anchors: anchorsIn(article.title, article.text, languageOf(article), all, tree.familiar),
    rarity: new Uint32Array(bytes.buffer),
    meaning: new Uint32Array(meanings.buffer),
  }
  const packed = new Uint32Array(HEADER + SECTIONS.reduce((sum, section) => sum + sections[section].length, 0))
  let end = HEADER
  for (const [index, section] of SECTIONS.entries()) {
    packed.set(sections[section], end)
    end += sections[section].length
    packed[index] = end
  }
  return packed
}

export const sectionOf = (packed: Packed, section: number): Uint32Array =>
  packed.subarray(section === 0 ? HEADER : packed[section - 1], packed[section])

/** Terms in a section. */
export const sizeOf = (packed: Packed, section: number): number =>
  (packed[section] ?? 0) - (section === 0 ? HEADER : (packed[section - 1] ?? 0))

/** The meanings of the opening, of the title and of everything, one after the other. */
export const meaningsOf = (packed: Packed): Int8Array => {
  const section = sectionOf(packed, SECTIONS.length - 1)
  return new Int8Array(section.buffer, section.byteOffset, section.byteLength)
}

export interface Overlap {
  /** 0 to 1. */
  readonly cosine: number
  /** Shared weight as a part of the lighter side's, 0 to 1. */
  readonly containment: number
  /** Sum of the weights shared, in units of idf. */
  readonly shared: number
  /** Heaviest shared term. */
  readonly heaviest: number
  readonly count: number
  readonly sizeA: number
  readonly sizeB: number
}

/** One walk over a section of each of two articles. */
export function overlap(a: Packed, sectionA: number, b: Packed, sectionB: number): Overlap {
  let i = sectionA === 0 ? HEADER : (a[sectionA - 1] ?? 0)
  let j = sectionB === 0 ? HEADER : (b[sectionB - 1] ?? 0)
  const endA = a[sectionA] ?? 0
  const endB = b[sectionB] ?? 0
  const sizeA = endA - i
  const sizeB = endB - j
  let [dot, squareA, squareB, sumA, sumB, shared, heaviest, count] = [0, 0, 0, 0, 0, 0, 0, 0]
  while (i < endA || j < endB) {
    const x = i < endA ? (a[i] ?? 0) : 0xffffffff
    const y = j < endB ? (b[j] ?? 0) : 0xffffffff
    const keyA = i < endA ? x >>> 8 : 0x1000000
    const keyB = j < endB ? y >>> 8 : 0x1000000
    const wa = keyA <= keyB ? x & 255 : 0
    const wb = keyB <= keyA ? y & 255 : 0
    squareA += wa * wa
    squareB += wb * wb
    sumA += wa
    sumB += wb
    if (keyA === keyB) {
      dot += wa * wb
      const least = Math.min(wa, wb)
      shared += least
      if (least > heaviest) heaviest = least
      count++
    }
    if (keyA <= keyB) i++
    if (keyB <= keyA) j++
  }
  return {
    cosine: dot === 0 ? 0 : dot / Math.sqrt(squareA * squareB),
    containment: shared === 0 ? 0 : shared / Math.max(1, Math.min(sumA, sumB)),
    shared: shared / WEIGHT,
    heaviest: heaviest / WEIGHT,
    count,
    sizeA,
    sizeB,
  }
}
