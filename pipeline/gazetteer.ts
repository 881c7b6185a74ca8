import type { Assessable } from '../model.ts'
import type { HomographRule, Place, Profile } from '../profiles/schema.ts'
import { type Automaton, automaton, type Hit } from './automaton.ts'
import { bareName, type Context, judge, type Verdict } from './homographs.ts'
import type { FieldText, Stretch } from './reading.ts'
import { isWholeName } from './scripts.ts'

/** A name of the gazetteer found in the article, and what it turned out to mean there. */
export interface Mention extends Stretch {
  /** As the gazetteer spells it. */
  readonly name: string
  /** The place of the province, or null for a name elsewhere. */
  readonly place: Place | null
  /** Name of the province, city or country elsewhere, or null. */
  readonly elsewhere: string | null
  readonly verdict: Verdict
  /** The rule that decided, in words an analyst knows from places.yaml. */
  readonly rule: string | null
}

export interface Gazetteer {
  /**
   * Every name of the gazetteer in the fields, longest name first where two overlap; in order of the fields. The article
   * says its language and outlet; without it Vietnamese accents tell.
   */
  readonly read: (fields: readonly FieldText[], article?: Pick<Assessable, 'language' | 'outletId'>) => Mention[]
}

/** What one spelling may stand for. */
interface Spelling {
  readonly text: string
  readonly places: Place[]
  elsewhere: string | null
  /** A name elsewhere that is read in other languages than Vietnamese alone. */
  foreign: boolean
  /** It stands in a homograph rule. */
  context: boolean
  /** Homograph rules about this name, whichever place of the name they stand at. */
  rules: readonly HomographRule[]
  bearsProvince: boolean
}

export interface Found extends Stretch {
  readonly spelling: string
  readonly places: readonly Place[]
  readonly elsewhere: string | null
  readonly rules: readonly HomographRule[]
  /** The province's name is part of it: `cao tốc Nội Bài - Lào Cai`. */
  readonly bearsProvince: boolean
}

function spellings(profile: Profile): Spelling[] {
  const byText = new Map<string, Spelling>()
  const of = (text: string): Spelling => {
    const known = byText.get(text)
    if (known) return known
    const fresh: Spelling = {
      text,
      places: [],
      elsewhere: null,
      foreign: false,
      context: false,
      rules: [],
      bearsProvince: false,
    }
    byText.set(text, fresh)
    return fresh
  }
  for (const place of profile.places)
    for (const names of Object.values(place.names))
      for (const name of names) {
        const spelling = of(name.normalize('NFC'))
        if (!spelling.places.includes(place)) spelling.places.push(place)
      }
  for (const { name, names } of profile.elsewhere)
    for (const text of names) of(text.normalize('NFC')).elsewhere ??= name
  for (const { name, foreign = [] } of profile.elsewhere)
    for (const text of foreign) {
      const spelling = of(text.normalize('NFC'))
      if (spelling.elsewhere !== null) continue
      spelling.elsewhere = name
      spelling.foreign = true
    }
  for (const place of profile.places)
    for (const rule of place.homographs ?? [])
      for (const word of wordsOf(rule)) of(word.normalize('NFC')).context = true
  const rules = rulesByName(profile)
  const provinces = profile.places
    .filter((place) => place.kind === 'province' || place.kind === 'former-province')
    .flatMap((place) => Object.values(place.names).flat())
  for (const spelling of byText.values()) {
    spelling.rules = [...new Set([...(rules.get(spelling.text) ?? []), ...(rules.get(bareName(spelling.text)) ?? [])])]
    spelling.bearsProvince = provinces.some((name) => spelling.text.includes(name))
  }
  return [...byText.values()]
}

/** A rule without `names` is about every name of its place. */
function rulesByName(profile: Profile): Map<string, HomographRule[]> {
  const rules = new Map<string, HomographRule[]>()
  for (const place of profile.places)
    for (const rule of place.homographs ?? [])
      for (const name of rule.names ?? Object.values(place.names).flat()) {
        const key = name.normalize('NFC')
        const known = rules.get(key)
        if (known) known.push(rule)
        else rules.set(key, [rule])
      }
  return rules
}

const wordsOf = (rule: HomographRule): string[] => [
  ...(rule.require ?? []),
  ...(rule.reject ?? []),
  ...(rule.rejectBefore ?? []),
  ...(rule.rejectAfter ?? []),
]

/** A name begins each of its words that carry meaning with a capital; `chợ tình Sa Pa` asks for those of `Sa Pa` alone. */
const isProper = (text: string): boolean => /\p{Lu}/u.test(text)

/** Compiles the places of a profile; building takes some tens of milliseconds, so that it is done once. */
export function gazetteer(profile: Profile): Gazetteer {
  const all = spellings(profile)
  const machine: Automaton = automaton(
    all.map((spelling) => ({ text: spelling.text, proper: isProper(spelling.text) })),
  )
  const home = new Set(profile.outletDefinitions.filter(({ country }) => country === COUNTRY).map(({ id }) => id))

  return {
    read: (fields, article) => {
      const accented = fields.some((field) => field.scan.accented)
      const foreign = article?.language == null ? !accented : article.language !== 'vi'
      const abroad = foreign && !(article?.outletId != null && home.has(article.outletId))
      const context: Context = { fields, foreign, abroad, words: new Map(), found: [] }
      for (const field of fields) {
        const hits = machine.find(field.scan)
        for (const hit of hits) noteWord(context, field, all[hit.pattern], hit)
        context.found.push(...longest(field, hits, all, foreign))
      }
      return judge(context)
    },
  }
}

/** Outlets of the country know that their readers know where a place lies. */
const COUNTRY = 'VN'

function noteWord(context: Context, field: FieldText, spelling: Spelling | undefined, hit: Hit): void {
  if (!spelling?.context) return
  let words = context.words.get(field.field)
  if (!words) {
    words = new Map()
    context.words.set(field.field, words)
  }
  let there = words.get(spelling.text)
  if (!there) {
    there = { starts: [], ends: [] }
    words.set(spelling.text, there)
  }
  there.starts.push(hit.start)
  there.ends.push(hit.end)
}

/** Of names that overlap the longest stands; of equally long ones the name elsewhere (`Bắc` + `Hà Nội`, not `Bắc Hà` + `Nội`). */
function longest(field: FieldText, hits: readonly Hit[], all: readonly Spelling[], foreign: boolean): Found[] {
  const names = hits.flatMap((hit) => {
    const spelling = all[hit.pattern]
    if (!spelling || !isWholeName(field.scan.folded.text, hit.start, hit.end)) return []
    const outside = spelling.elsewhere !== null && (foreign || !spelling.foreign)
    return spelling.places.length > 0 || outside ? [{ hit, spelling }] : []
  })
  /** Where a name elsewhere begins → where it ends. */
  const outside = new Map<number, number>()
  for (const { hit, spelling } of names)
    if (spelling.elsewhere !== null) outside.set(hit.start, Math.max(hit.end, outside.get(hit.start) ?? 0))
  /** `huyện Bắc Hà` + `Tĩnh`: the last word belongs to a name elsewhere that goes on. */
  const crossed = (hit: Hit): boolean => {
    for (let i = hit.start + 1; i < hit.end; i++) if ((outside.get(i) ?? 0) > hit.end) return true
    return false
  }
  const weight = ({ hit, spelling }: (typeof names)[number]): number =>
    (hit.end - hit.start) * 4 + (hit.exact ? 2 : 0) + (spelling.elsewhere === null ? 0 : 1)
  names.sort((a, b) => weight(b) - weight(a) || a.hit.start - b.hit.start)
  /** Where a name found begins → its index in `found`. */
  const at = new Map<number, number>()
  const occupied = new Uint8Array(field.scan.folded.text.length)
  const found: Found[] = []
  for (const { hit, spelling } of names) {
    const index = at.get(hit.start)
    const other = index === undefined ? undefined : found[index]
    if (index !== undefined && other?.end === hit.end) {
      // The same stretch under another spelling (`Lào Cai`, `Lao Cai`): the places add up.
      const places = [...new Set([...other.places, ...spelling.places])]
      const rules = [...new Set([...other.rules, ...spelling.rules])]
      found[index] = { ...other, places, rules, elsewhere: other.elsewhere ?? spelling.elsewhere }
      continue
    }
    if (crossed(hit) || occupied[hit.start] || occupied[hit.end - 1]) continue
    occupied.fill(1, hit.start, hit.end)
    at.set(hit.start, found.length)
    found.push({
      field: field.field,
      start: hit.start,
      end: hit.end,
      spelling: spelling.text,
      places: spelling.places,
      elsewhere: spelling.elsewhere,
      rules: spelling.rules,
      bearsProvince: spelling.bearsProvince,
    })
  }
  return found.sort((a, b) => a.start - b.start)
}
