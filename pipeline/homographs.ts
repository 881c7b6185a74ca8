import type { HomographRule, Place } from '../profiles/schema.ts'
import { isWordCode, UPPER } from './fold.ts'
import type { Found, Mention } from './gazetteer.ts'
import { isProvince, lookAlike, PERSON, STREET } from './look-alikes.ts'
import { type FieldText, firstFrom } from './reading.ts'

/**
 * What a name means where it stands:
 * `home` the place of the province; `named-after` something that bears the province's name and lies mostly elsewhere (a
 * road, a railway); `context` a place that never makes an article relevant; `elsewhere` a place outside; `rejected`
 * something else (a person, a street, a company, a place of the same name); `unresolved` a name with homographs and
 * nothing that decides.
 */
export type Verdict = 'home' | 'named-after' | 'context' | 'elsewhere' | 'rejected' | 'unresolved'

/** Where one word of a homograph rule stands in one field, in order. */
export interface Occurrences {
  readonly starts: number[]
  readonly ends: number[]
}

export interface Context {
  readonly fields: readonly FieldText[]
  /** Not in Vietnamese. */
  readonly foreign: boolean
  /** Not in Vietnamese, and not of an outlet of the country. */
  readonly abroad: boolean
  /** Words of homograph rules: field → word → where. */
  readonly words: Map<string, Map<string, Occurrences>>
  readonly found: Found[]
}

/** How far a container may stand from the name it contains: `xã Kỳ Sơn (huyện Kỳ Anh, tỉnh Hà Tĩnh)`. In characters. */
const CONTAINER_REACH = 70
/** Words between a name and the province that contains it, besides capitalised names. */
const UNIT_WORDS = new Set(
  'xa phuong thi tran huyen quan tinh thanh pho tp tx tt thon ban khu to dan thuoc cua o tai x p h q t'.split(' '),
)
const UNIT_BEFORE =
  /(?:^|[^\p{L}])(?:xa|phuong|thi tran|huyen|quan|thon|ban|x\.|p\.|h\.|q\.|tt\.?|tx\.?|tp\.?|thi xa|thanh pho) ?$/u
const RUNS_ON = 'perhaps part of a longer name'
interface Judgement {
  readonly verdict: Verdict
  readonly rule: string | null
}

interface Judged extends Judgement {
  readonly found: Found
  readonly place: Place | null
}

/** A name where it stands. */
export interface Look {
  readonly found: Found
  readonly place: Place
  readonly field: FieldText
  readonly context: Context
  /** For each name found, the name found next in its field. */
  readonly next: ReadonlyMap<Found, Found>
}

/** What the names of the article that speak for themselves say about the others. */
interface Light {
  /** Names that mean the province's places. */
  readonly firm: Set<string>
  /** Places that a name means which speaks for itself. */
  readonly firmPlaces: Set<string>
  /** Something that bears the province's name: the railway `老街—河内—海防铁路`. */
  readonly bears: boolean
  /** Names that a person or a street bears in this article. */
  readonly taken: Map<string, string>
  readonly elsewhere: boolean
}

/** Judges every name: first each by what stands around it, then those left open in the light of the others. */
export function judge(context: Context): Mention[] {
  const fieldOf = new Map(context.fields.map((field) => [field.field, field]))
  const next = following(context.found)
  const judged = context.found.map((found): Judged => {
    const field = fieldOf.get(found.field)
    const place = strongest(found)
    if (!field || !place) return { found, place, verdict: 'elsewhere', rule: null }
    return { found, place, ...byItself({ found, place, field, context, next }) }
  })
  const light: Light = {
    firm: new Set(),
    firmPlaces: new Set(),
    bears: judged.some((one) => one.verdict === 'named-after'),
    taken: new Map(),
    elsewhere: judged.some((one) => one.verdict === 'elsewhere'),
  }
  for (const { found, place, verdict, rule } of judged) {
    if (verdict === 'home') {
      light.firm.add(bareName(found.spelling))
      if (place) light.firmPlaces.add(place.id)
    }
    const isOther = rule === PERSON || rule === STREET || (context.foreign && verdict === 'rejected' && isBeside(rule))
    if (rule !== null && isOther) light.taken.set(bareName(found.spelling), rule)
  }
  return judged.map((one) => settle(inLightOfOthers(one, light)))
}

function following(found: readonly Found[]): Map<Found, Found> {
  const next = new Map<Found, Found>()
  found.forEach((one, i) => {
    const other = found[i + 1]
    if (other && other.field === one.field) next.set(one, other)
  })
  return next
}

const RANK = { strong: 2, weak: 1, context: 0 } as const

/** Of places with one name the strongest. */
function strongest(found: Found): Place | null {
  let best: Place | null = null
  for (const place of found.places) if (!best || RANK[place.strength] > RANK[best.strength]) best = place
  return best
}

/** `phường Nghĩa Lộ` → `Nghĩa Lộ`: the rules of a name hold for it after its unit too. */
export function bareName(spelling: string): string {
  const at = spelling.search(/\p{Lu}/u)
  return at > 0 ? spelling.slice(at) : spelling
}

/** Names of communes and districts recur over the country; those of landmarks and gates hardly do. */
const RECURRING = new Set<Place['kind']>(['commune', 'ward', 'former-commune', 'former-district'])

function byItself(look: Look): Judgement {
  const { found, place } = look
  if (place.strength === 'context') return { verdict: found.bearsProvince ? 'named-after' : 'context', rule: null }
  const rejected = rejection(look)
  if (rejected !== null) return { verdict: 'rejected', rule: rejected }
  const container = containerOf(look)
  if (isProvince(place) && !(container?.elsewhere && isSmallUnit(look)))
    return unmetRule(look) ?? { verdict: 'home', rule: null }
  if (container?.elsewhere && (container.stated || place.strength === 'weak'))
    return { verdict: 'rejected', rule: `in ${container.name}` }
  if (container && !container.elsewhere) return { verdict: 'home', rule: `in ${container.name}` }
  const unmet = unmetRule(look)
  if (unmet) return unmet
  if (place.strength === 'strong')
    return RECURRING.has(place.kind) && runsOn(look)
      ? { verdict: 'unresolved', rule: RUNS_ON }
      : { verdict: 'home', rule: null }
  const met = found.rules.find((rule) => rule.require && rule.abroad !== true)
  return met ? { verdict: 'home', rule: `near: ${met.require?.join(', ')}` } : { verdict: 'unresolved', rule: null }
}

/** A name's own second mention says nothing about it. */
const othersThan = (place: Place, words: readonly string[]): string[] => {
  const own = new Set(Object.values(place.names).flat())
  return words.filter((word) => !own.has(word))
}
const UNMET = 'none of: '
/** Rejected by a word directly beside the name: in a foreign article the name means the same further on. */
const isBeside = (rule: string | null): boolean => /^(?:after|before) "/.test(rule ?? '')
const applies = (rule: HomographRule, { context }: Look): boolean => context.abroad || rule.abroad !== true

function unmetRule(look: Look): Judgement | null {
  const unmet = look.found.rules.find(
    (rule) =>
      rule.require && applies(rule, look) && nearest(othersThan(look.place, rule.require), rule.within, look) === null,
  )
  return unmet ? { verdict: 'rejected', rule: `${UNMET}${unmet.require?.join(', ')}` } : null
}

/** A name that cannot stand alone takes its meaning from the firm names of the article. */
function inLightOfOthers(one: Judged, light: Light): Judged {
  if (one.verdict === 'unresolved' && one.found.elsewhere !== null) return one
  // `老街省` says what `老街` means in the same article.
  if (
    one.verdict === 'rejected' &&
    one.rule?.startsWith(UNMET) &&
    one.place &&
    (light.firmPlaces.has(one.place.id) || (light.bears && isProvince(one.place)))
  )
    return { ...one, verdict: 'home', rule: 'its full name is named' }
  const bare = bareName(one.found.spelling)
  const supported = light.firm.size > (light.firm.has(bare) ? 1 : 0)
  if (supported)
    return one.verdict === 'unresolved'
      ? { ...one, verdict: 'home', rule: 'another place of the province is named' }
      : one
  const taken = light.taken.get(bare)
  if (one.verdict === 'home' && taken !== undefined && bare === one.found.spelling)
    return { ...one, verdict: 'rejected', rule: taken }
  const standsAlone =
    one.verdict === 'unresolved' && one.rule !== RUNS_ON && one.place?.kind !== 'former-commune' && !light.elsewhere
  return standsAlone ? { ...one, verdict: 'home', rule: 'nothing elsewhere is named' } : one
}

/** A name that is not the place of the province is the place elsewhere of the same name, if there is one. */
function settle({ found, verdict, rule, place }: Judged): Mention {
  const outside = found.elsewhere !== null && verdict !== 'home'
  return {
    field: found.field,
    start: found.start,
    end: found.end,
    name: found.spelling,
    place: outside ? null : place,
    elsewhere: outside ? found.elsewhere : null,
    verdict: outside ? 'elsewhere' : verdict,
    rule,
  }
}

function rejection(look: Look): string | null {
  const other = lookAlike(look)
  // Said first: what a street is called, it is called in the whole article. But `phố phường Yên Bái` are a town's.
  if (other === STREET && namesOneStreet(look)) return other
  for (const rule of look.found.rules) {
    const reason = applies(rule, look) ? rejectedBy(rule, look) : null
    if (reason !== null) return reason
  }
  return other
}

const namesOneStreet = ({ found, field }: Look): boolean =>
  bareName(found.spelling) === found.spelling && !field.scan.folded.text.slice(0, found.start).endsWith('duong pho ')

/** Words before, after and near that stand in one rule must all be there; each list is met by one of its words. */
function rejectedBy(rule: HomographRule, look: Look): string | null {
  const reasons: string[] = []
  const meets = (words: readonly string[] | undefined, word: string | null | undefined, how: string): boolean => {
    if (words === undefined) return true
    if (word == null) return false
    reasons.push(`${how} "${word}"`)
    return true
  }
  const all =
    meets(
      rule.rejectBefore,
      rule.rejectBefore?.find((word) => touches(word, look, 'before')),
      'after',
    ) &&
    meets(
      rule.rejectAfter,
      rule.rejectAfter?.find((word) => touches(word, look, 'after')),
      'before',
    ) &&
    meets(rule.reject, rule.reject && nearest(rule.reject, rule.within, look), 'near')
  return all && reasons.length > 0 ? reasons.join(', ') : null
}

/** Index of the first value not below `value`. */
const lowerBound = (sorted: readonly number[], value: number): number =>
  firstFrom(sorted.length, (i) => (sorted[i] ?? 0) >= value)

/** A rule's word directly before or after the name, with at most a space between. */
function touches(word: string, { found, field, context }: Look, side: 'before' | 'after'): boolean {
  const there = context.words.get(found.field)?.get(word.normalize('NFC'))
  if (!there) return false
  const { text } = field.scan.folded
  const edge = side === 'before' ? found.start : found.end
  const edges = side === 'before' ? there.ends : there.starts
  const at = (position: number): boolean => edges[lowerBound(edges, position)] === position
  if (at(edge)) return true
  const space = side === 'before' ? edge - 1 : edge
  return text[space] === ' ' && at(side === 'before' ? edge - 1 : edge + 1)
}

/** The first of `words` that stands within so many words of the name (absent: anywhere in the article). */
function nearest(words: readonly string[], within: number | undefined, { found, field, context }: Look): string | null {
  for (const word of words) {
    const key = word.normalize('NFC')
    if (within === undefined) {
      for (const [name, byWord] of context.words) {
        const there = byWord.get(key)
        if (
          there &&
          (name !== found.field ||
            there.starts.some((start, i) => start >= found.end || (there.ends[i] ?? 0) <= found.start))
        )
          return word
      }
      continue
    }
    const there = context.words.get(found.field)?.get(key)
    if (!there) continue
    const from = (field.words[found.start] ?? 0) - within
    const to = (field.words[found.end - 1] ?? 0) + within
    const i = lowerBound(there.starts, found.start)
    for (const j of [i - 2, i - 1, i, i + 1]) {
      const start = there.starts[j]
      const end = there.ends[j]
      if (start === undefined || end === undefined || (start < found.end && end > found.start)) continue
      const number = field.words[start] ?? 0
      if (number >= from && number <= to) return word
    }
  }
  return null
}

/** A capitalised word follows at once: the name may be the beginning of another (`Lâm Thượng Vũ`). */
function runsOn({ found, field }: Look): boolean {
  const { text, marks } = field.scan.folded
  return (
    text[found.end] === ' ' && isWordCode(text.charCodeAt(found.end + 1)) && ((marks[found.end + 1] ?? 0) & UPPER) !== 0
  )
}

/** `xã Yên Bái` is a commune of that name, not the province. */
const isSmallUnit = ({ found, field }: Look): boolean =>
  /(?:^|[^\p{L}])(?:xa|(?<!dia )phuong|thi tran|thon|ap|x\.|p\.) ?$/u.test(
    field.scan.folded.text.slice(Math.max(0, found.start - 9), found.start),
  )

interface Container {
  readonly name: string
  readonly elsewhere: boolean
  /** Said in so many words: in brackets or after a unit word. */
  readonly stated: boolean
}

/** The province named right after, with nothing but unit words, capitalised names and commas between. */
function containerOf({ found, field, next }: Look): Container | null {
  const { text, marks } = field.scan.folded
  const unit =
    UNIT_BEFORE.test(text.slice(Math.max(0, found.start - 12), found.start)) ||
    /^(?:xa|phuong|thi|huyen|quan|thon|ban) /.test(text.slice(found.start, found.end))
  let stated = false
  let at = found.end
  for (let other = next.get(found); other; other = next.get(other)) {
    if (other.start - found.end > CONTAINER_REACH) return null
    const gap = text.slice(at, other.start)
    if (/[.;:!?\n"]/.test(gap.replace(/\b(?:tp|tx|tt|p|x|h|q|t)\./g, ''))) return null
    let position = at
    for (const word of gap.match(/[^\s,()[\]\-.]+/g) ?? []) {
      position = text.indexOf(word, position)
      if (!UNIT_WORDS.has(word) && !((marks[position] ?? 0) & UPPER)) return null
      position += word.length
    }
    if (gap.includes('(') || /(?:tinh|huyen|tp\.?|thanh pho|thi xa|quan) ?$/.test(gap)) stated = true
    if (gap.includes(')') && !gap.includes('(') && at !== found.end) return null
    const place = strongest(other)
    const province = isProvince(place)
    if (province) return unit || stated ? { name: other.spelling, elsewhere: false, stated } : null
    if (!place && other.elsewhere !== null)
      return unit || stated ? { name: other.spelling, elsewhere: true, stated: unit } : null
    at = other.end
  }
  return null
}
