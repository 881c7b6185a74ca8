import type { Mention } from './gazetteer.ts'
import { type FieldText, firstFrom, type Stretch } from './reading.ts'

/**
 * In a foreign article the province is often named in passing: the home of somebody who lives abroad, a stop on a tour of
 * the country, a mutiny of 1930. Such mentions make the article relevant, but not its subject. They are told by what
 * stands beside them in the sentence, without a model of the language.
 */

/** Somebody's origin, directly before or after the name. */
const ORIGIN_BEFORE =
  /(?:来自|來自|出生于|出生於|生于|生於|送返|遣返|返乡|返鄉|(?:born|raised|grew up|native|natives|a native of|comes|came|hails|hailed) (?:in|from|of)|, \d{1,2}, (?:from|of)|his village in|her village in|originaires? d[eu']|natifs? d[eu']|nee? (?:a|en|au)|stammt aus|geboren in|aus der provinz|natural de|nacid[oa] en|originari[oa] de|родом из|уроженк?[аец]+ ) ?(?:(?:a|the|northern|mountainous|province|provinz|provincia|la|de|of|in|vietnam(?:s|'s)?|越南|провинции)[ -]*)*$/u
const ORIGIN_AFTER =
  /^(?:省|州|県|성|시)?(?:籍|人(?!民|口|大)|出身|生まれ|の出身| ?출신|(?:이|가) ?고향| ?태생|が故郷| native\b|-born\b)/u

/** A year before the time of news. */
const PAST_YEAR =
  /(?<![\d.,])1(?:[0-8]\d\d|9[0-7]\d|98\d)(?![\d.,]\d|\d| ?(?:m|km|metre|meter|mètre|米|公尺|メートル|미터|ha|hecta))/
const LATER_YEAR = /(?<!\d)20[0-4]\d(?!\d)/

/** Two names with nothing between them but what joins a list, in the languages read. */
const LIST_JOINT =
  /^ ?(?:[,;/、・·]|[,;]? ?(?:and|et|und|y|e|и|og|och|en) |和|与|與|及|以及|や|と|または|および|와|과|및|, ?|และ|กับ|ແລະ) ?(?:(?:and|et|und|y|the|la|le|in|in the|省|越南|ベトナムの) ?)?$/u

const isStop = (text: string, at: number): boolean => {
  const char = text[at]
  if (char === '\n' || char === '。') return true
  if (char !== '.' && char !== '!' && char !== '?') return false
  const next = text.charCodeAt(at + 1)
  return Number.isNaN(next) || next === 0x20 || next === 0x0a || next > 0x2e80
}

/** The sentences of a text, found once. */
interface Sentences {
  /** Number of the sentence in which a position lies. */
  readonly at: (position: number) => number
  /** Whether the sentence of that number is dated before the time of news alone. */
  readonly isLongAgo: (sentence: number) => boolean
}

function sentencesOf(text: string): Sentences {
  const ends: number[] = []
  for (let i = 0; i < text.length; i++) if (isStop(text, i)) ends.push(i)
  const known = new Map<number, boolean>()
  return {
    at: (position) => firstFrom(ends.length, (i) => (ends[i] ?? 0) >= position),
    isLongAgo: (n) => {
      const found = known.get(n)
      if (found !== undefined) return found
      const sentence = text.slice((ends[n - 1] ?? -1) + 1, ends[n] ?? text.length)
      const isOld = PAST_YEAR.test(sentence) && !LATER_YEAR.test(sentence)
      known.set(n, isOld)
      return isOld
    },
  }
}

const isOrigin = (text: string, { start, end }: Mention): boolean =>
  ORIGIN_BEFORE.test(text.slice(Math.max(0, start - 60), start)) || ORIGIN_AFTER.test(text.slice(end, end + 12))

/** Where the reporter sits: `HANOI, Vietnam (AP) —`, `ХАНОЙ, 4 августа.`, `（法新社河內11日電）`, `(하노이=연합뉴스)`. */
function isDateLine(text: string, { field, start, end }: Mention): boolean {
  if (field === 'title' || start > 16) return false
  return (
    (start === 0 &&
      /^ ?(?:,[^.\n]{2,24})?(?:\([^)]{2,30}\))? ?[-:]|^ ?\(|^, \d{1,2} \p{L}{3,10}\.? ?[(.-]/u.test(
        text.slice(end, end + 60),
      )) ||
    (/^[(【[〔]?[^ ,.。、]{0,10}$/.test(text.slice(0, start)) &&
      /^(?:[^ ,.。、]{0,3}(?:\d{1,2}|[〇一二三四五六七八九十廿]{1,3})日|[电電]|[=＝])/.test(text.slice(end, end + 12)))
  )
}

/** Where an organisation sits that speaks of the province: `Washington-based`, `总部设在伦敦`. */
const SEAT_BEFORE =
  /(?:总部(?:设|位)[在于]|總部(?:設|位)[在於]|本部を置く|based in|(?:basee?|siege) a|mit sitz in|con sede en) ?$/u
const SEAT_AFTER = /^(?:-based\b|に本部| ?소재| ?본부)/u

const isSeat = (text: string, { start, end }: Mention): boolean =>
  SEAT_BEFORE.test(text.slice(Math.max(0, start - 16), start)) || SEAT_AFTER.test(text.slice(end, end + 8))

/** Of each mention: how many places elsewhere stand in the list of joined names that it belongs to. */
function elsewhereInLists(texts: ReadonlyMap<string, string>, mentions: readonly Mention[]): readonly number[] {
  const isJoined = (left: Mention | undefined, right: Mention): boolean =>
    left?.field === right.field && LIST_JOINT.test((texts.get(right.field) ?? '').slice(left.end, right.start))
  const lists: { outside: number }[] = []
  return mentions
    .map((mention, i) => {
      const before = lists[i - 1]
      const list = before && isJoined(mentions[i - 1], mention) ? before : { outside: 0 }
      if (mention.verdict === 'elsewhere') list.outside += 1
      lists.push(list)
      return list
    })
    .map(({ outside }) => outside)
}

/** Two places elsewhere beside it in a list: one stop among several. */
const LIST = 2

/** Whether a word stands in a sentence that tells of a place of the province: not as somebody's origin, nor of long ago. */
export function besideHome(fields: readonly FieldText[], mentions: readonly Mention[]): (word: Stretch) => boolean {
  const told = fields.map(({ field, scan }) => {
    const { text } = scan.folded
    const sentences = sentencesOf(text)
    const home = mentions.filter(
      (mention) =>
        mention.field === field &&
        mention.verdict === 'home' &&
        mention.place?.kind !== 'partner' &&
        !isOrigin(text, mention),
    )
    const numbers = new Set(home.map(({ start }) => sentences.at(start)).filter((n) => !sentences.isLongAgo(n)))
    return { field, has: (position: number) => numbers.has(sentences.at(position)) }
  })
  return (word) => told.some(({ field, has }) => field === word.field && has(word.start))
}

/** The mentions without those of the province that are made in passing. */
export function foreground(fields: readonly FieldText[], mentions: readonly Mention[]): Mention[] {
  const texts = new Map(fields.map((field) => [field.field, field.scan.folded.text]))
  const sentences = new Map(Array.from(texts, ([field, text]) => [field, sentencesOf(text)]))
  const outside = elsewhereInLists(texts, mentions)
  const inTitle = mentions.some((mention) => mention.field === 'title' && mention.verdict === 'home')
  const kept = mentions.filter((mention, i) => {
    const text = texts.get(mention.field) ?? ''
    if (mention.verdict === 'elsewhere') return !isDateLine(text, mention) && !isSeat(text, mention)
    if (mention.verdict !== 'home') return true
    if (mention.place?.kind === 'partner') return false
    if (isOrigin(text, mention)) return false
    if ((outside[i] ?? 0) >= LIST) return false
    if (mention.field === 'title' || inTitle) return true
    const of = sentences.get(mention.field)
    return !of?.isLongAgo(of.at(mention.start))
  })
  const home = kept.filter((mention) => mention.verdict === 'home')
  // Named once, after the opening: whatever the article is about, it is something else.
  const [only] = home
  const body = texts.get('text') ?? ''
  const isLate = ({ field, start }: Mention): boolean => field === 'text' && !opens(body, start)
  const bears = kept.some((mention) => mention.verdict === 'named-after' && !isLate(mention))
  const late = home.length === 1 && only !== undefined && isLate(only) && !bears
  return late ? kept.filter((mention) => mention !== only) : kept
}

/** In the first sentence. */
function opens(text: string, start: number): boolean {
  for (let i = 0; i < start; i++) if (isStop(text, i)) return false
  return true
}
