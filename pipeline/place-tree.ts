import type { PlaceMention } from '../model.ts'
import type { Place } from '../profiles/schema.ts'
import { hash, termCounts, tokens } from './features.ts'

/** Which places of the gazetteer say much about where something happened, and which lie in which. */
export interface PlaceTree {
  /** The province itself, what it was before, and what lies partly elsewhere: most articles name them. */
  readonly wide: ReadonlySet<string>
  /** Ids of what a place lies in, nearest first. */
  readonly within: ReadonlyMap<string, readonly string[]>
  /** Hashes of the terms of all names: rare in the news of the country, common in what is read about the province. */
  readonly familiar: ReadonlySet<number>
}

export const NO_TREE: PlaceTree = { wide: new Set(), within: new Map(), familiar: new Set() }

const WIDE: ReadonlySet<Place['kind']> = new Set(['province', 'former-province', 'partner', 'river'])

export function placeTree(places: readonly Place[]): PlaceTree {
  const byId = new Map(places.map((place) => [place.id, place]))
  const above = ({ communes = [], district }: Place): string[] => {
    // A former district is divided into communes, it does not lie in them.
    const own = communes.length === 1 ? communes : []
    const districts = [district, ...own.map((id) => byId.get(id)?.district)]
    return [...own, ...districts.filter((id) => id !== undefined)]
  }
  return {
    wide: new Set(places.filter(({ kind }) => WIDE.has(kind)).map(({ id }) => id)),
    within: new Map(
      places
        .filter(({ kind }) => !WIDE.has(kind) && kind !== 'former-district')
        .map((place) => [place.id, above(place).filter((id) => id !== place.id)]),
    ),
    familiar: new Set(
      places
        .flatMap(({ names }) => Object.values(names).flat())
        .flatMap((name) => [name.toLowerCase(), ...termCounts(tokens(name)).keys()])
        .map((term) => hash(term)),
    ),
  }
}

/** How a place stands in an article, as a weight that rises. */
export const WIDELY = 1
/** Something of it is named, not the place itself. */
export const AROUND = 2
export const NAMED = 3

const MOST_NAMED = 6

/** Ids with how they stand in an article; of those named the first ones, which tell where it happened. */
export function standings(ids: readonly string[], tree: PlaceTree): [string, number][] {
  const named = [...new Set(ids)].filter((id) => !tree.wide.has(id)).slice(0, MOST_NAMED)
  const around = named.flatMap((id) => tree.within.get(id) ?? [])
  const standing = new Map<string, number>()
  for (const id of ids) if (tree.wide.has(id)) standing.set(id, WIDELY)
  for (const id of named) standing.set(id, NAMED)
  // "Tả Van, Sa Pa" names one place.
  for (const id of around) standing.set(id, AROUND)
  return [...standing]
}

export interface PlaceRelation {
  /** Places that both name. */
  readonly same: number
  /** One names a place that lies in, or around, one that the other names. */
  readonly around: boolean
  /** Both name places, and none of one lies in one of the other. */
  readonly apart: boolean
  /** Both name the province. */
  readonly wide: boolean
}

/** Compares two sorted sections of places, each a key of 24 bits and its standing. */
export function relationOf(a: Uint32Array, b: Uint32Array): PlaceRelation {
  let [i, j, same] = [0, 0, 0]
  let [around, wide, namedA, namedB] = [false, false, false, false]
  for (const x of a) if ((x & 255) === NAMED) namedA = true
  for (const x of b) if ((x & 255) === NAMED) namedB = true
  while (i < a.length && j < b.length) {
    const x = a[i] ?? 0
    const y = b[j] ?? 0
    if (x >>> 8 === y >>> 8) {
      const [low, high] = [Math.min(x & 255, y & 255), Math.max(x & 255, y & 255)]
      if (low === NAMED) same++
      else if (high === NAMED && low === AROUND) around = true
      else if (high === WIDELY) wide = true
    }
    if (x >>> 8 <= y >>> 8) i++
    if (y >>> 8 <= x >>> 8) j++
  }
  return { same, around, wide, apart: namedA && namedB && same === 0 && !around }
}

/** Characters of the text in which an article says where something happened; further on it compares and recalls. */
const SCENE = 400
/**
 * How a sentence of a foreign article begins that recalls another event: "앞서 …에서는". Vietnamese is left out: its
 * "Trước đó" tells the same event from its beginning.
 */
const RECALLS =
  /^\s*(?:earlier (?:this|last|in)|last (?:week|month|year)|plus tôt (?:cette|ce|dans)|le mois dernier|l['’]an dernier|此前|早前|先前|去年|上个?月|上[周週]|これに先立ち|先月|昨年|(?:이에 )?앞서|지난해|지난달|ранее (?:в|на|сообщалось)|(?:в прошлом (?:году|месяце)|на прошлой неделе)|(?:vergangene|letzte)[nrs]? (?:Woche|Monat|Jahr)|im (?:vergangenen|letzten) (?:Monat|Jahr)|(?:la semana|el mes|el año) pasad[ao]|ก่อนหน้านี้|เมื่อ(?:ปี|เดือน|สัปดาห์)(?:ที่แล้ว|ก่อน)|ກ່ອນໜ້ານີ້|(?:ປີ|ເດືອນ|ອາທິດ)(?:ແລ້ວ|ຜ່ານມາ|ກາຍນີ້))/iu
const STOP = /[.!?。！？]\s+|[。！？]|\n/gu

/** Whether the sentence around an offset of a text recalls something. */
function isRecalled(text: string, from: number): boolean {
  let begin = 0
  for (const stop of text.slice(0, from).matchAll(STOP)) begin = stop.index + stop[0].length
  return RECALLS.test(text.slice(begin, from))
}

/**
 * Ids of the places where an article says that something happened, in order: of title, lead and beginning, without what
 * it recalls of other events. `text`: of the article, which the offsets of the field `text` are of.
 */
export function sceneIds(mentions: readonly Pick<PlaceMention, 'id' | 'field' | 'from'>[], text = ''): string[] {
  const scene = mentions.filter(({ field, from }) => field !== 'text' || from < SCENE)
  const told = scene.filter(({ field, from }) => field !== 'text' || !isRecalled(text, from))
  const best = told.length > 0 ? told : scene
  return (best.length > 0 ? best : mentions).map(({ id }) => id)
}
