import type { Mention } from './gazetteer.ts'
import { type FieldText, firstFrom } from './reading.ts'

/**
 * How the places of the province stand in an article: facts that need no language, by which a subject differs from a mere
 * mention. Each fact has a name and a value; `facts` turns them into the words that the learned model knows.
 */
export interface Shape {
  readonly homeInTitle: boolean
  readonly elsewhereInTitle: boolean
  readonly bearsInTitle: boolean
  /** Of the first mention of the province: 0 title, 1 first sentence of the text, 2 second, …, 99 none. */
  readonly firstSentence: number
  /** The first place named at all is the province's. */
  readonly leads: boolean
  readonly home: number
  readonly bears: number
  readonly elsewhere: number
  /** Different names. */
  readonly homeNames: number
  readonly elsewhereNames: number
  /** Mentions of communes, wards, districts and landmarks. */
  readonly local: number
  /** Mentions in a list with places elsewhere: `Hà Giang, Lào Cai, Sơn La`. */
  readonly listed: number
  /** Mentions with a unit and the province in brackets or after a comma: `xã A Mú Sung (Lào Cai)`. */
  readonly contained: number
  /** Share of the sentences read that name the province. */
  readonly share: number
  readonly sentences: number
}

const PROVINCE = new Set(['province', 'former-province'])

/**
 * Reads at most the first `limit` characters of the text (as the model does), title and lead in full. `emptySentences`: a
 * line's end after a full stop ends a sentence more, as the model for Vietnamese learned to count.
 */
export function shapeOf(
  fields: readonly FieldText[],
  mentions: readonly Mention[],
  limit: number,
  emptySentences = true,
): Shape {
  const counted = mentions.filter((mention) => mention.field !== 'text' || mention.start < limit)
  const home = counted.filter((mention) => mention.verdict === 'home')
  const bears = counted.filter((mention) => mention.verdict === 'named-after')
  const elsewhere = counted.filter((mention) => mention.verdict === 'elsewhere')
  const sentences = sentenceEnds(fields, limit, emptySentences)
  const number = (mention: Mention): number => (mention.field === 'title' ? 0 : 1 + sentenceOf(sentences, mention))
  const numbers = [...home, ...bears].map(number)
  const named = counted.filter((mention) => ['home', 'named-after', 'elsewhere'].includes(mention.verdict))
  return {
    homeInTitle: home.some((mention) => mention.field === 'title'),
    elsewhereInTitle: elsewhere.some((mention) => mention.field === 'title'),
    bearsInTitle: bears.some((mention) => mention.field === 'title'),
    firstSentence: numbers.length === 0 ? 99 : Math.min(...numbers),
    leads: named[0] !== undefined && named[0].verdict !== 'elsewhere',
    home: home.length,
    bears: bears.length,
    elsewhere: elsewhere.length,
    homeNames: new Set(home.map((mention) => mention.place?.id)).size,
    elsewhereNames: new Set(elsewhere.map((mention) => mention.elsewhere)).size,
    local: home.filter((mention) => !PROVINCE.has(mention.place?.kind ?? '')).length,
    listed: listed(fields, counted),
    contained: home.filter((mention) => mention.rule?.startsWith('in ') === true).length,
    share: new Set(numbers).size / (sentences.length + 1),
    sentences: sentences.length,
  }
}

interface End {
  readonly field: FieldText['field']
  readonly at: number
}

function sentenceEnds(fields: readonly FieldText[], limit: number, emptySentences: boolean): End[] {
  const ends: End[] = []
  for (const { field, scan } of fields) {
    if (field === 'title') continue
    const { text } = scan.folded
    const length = Math.min(text.length, limit)
    let last = -1
    for (let i = 0; i < length; i++) {
      const char = text[i]
      const stop =
        char === '\n' ||
        char === '。' ||
        ((char === '.' || char === '?' || char === '!') && (text[i + 1] === ' ' || text[i + 1] === '\n'))
      if (!stop && i !== length - 1) continue
      if (emptySentences || text.slice(last + 1, i).trim() !== '') ends.push({ field, at: i })
      last = i
    }
  }
  return ends
}

const sentenceOf = (ends: readonly End[], mention: Mention): number => {
  const first = ends.findIndex((end) => end.field === mention.field)
  const last = ends.findLastIndex((end) => end.field === mention.field)
  return first + firstFrom(last - first, (i) => (ends[first + i]?.at ?? 0) >= mention.start)
}

/** Mentions of the province with a place elsewhere beside it and nothing between but commas, dashes, `và` and unit words. */
function listed(fields: readonly FieldText[], mentions: readonly Mention[]): number {
  let n = 0
  mentions.forEach((mention, i) => {
    if (mention.verdict !== 'home') return
    const before = mentions[i - 1]
    const after = mentions[i + 1]
    if ((before && isJoined(fields, before, mention)) || (after && isJoined(fields, mention, after))) n++
  })
  return n
}

const JOINT = /^(?: ?[,;/-] ?| va | and | et |、|和|,)(?:(?:tinh|tp\.?|thanh pho|cac tinh) )?$/

function isJoined(fields: readonly FieldText[], left: Mention, right: Mention): boolean {
  if (left.field !== right.field || (left.verdict !== 'elsewhere' && right.verdict !== 'elsewhere')) return false
  const field = fields.find((one) => one.field === left.field)
  return field !== undefined && JOINT.test(field.scan.folded.text.slice(left.end, right.start))
}

const bucket = (n: number): string => (n <= 3 ? String(n) : n <= 5 ? '4-5' : n <= 8 ? '6-8' : '9+')

/** The facts as words, alone and in the pairs that matter. */
export function facts(shape: Shape): string[] {
  const { home, elsewhere } = shape
  const ratio = Math.round((4 * home) / (home + elsewhere || 1))
  const first = bucket(shape.firstSentence)
  const title = `${shape.homeInTitle ? 'home' : ''}${shape.bearsInTitle ? 'bears' : ''}${shape.elsewhereInTitle ? 'else' : ''}`
  const listedShare = home === 0 ? 'none' : String(Math.round((2 * shape.listed) / home))
  const long = shape.sentences > 3 ? 'long' : 'short'
  const share = Math.round(shape.share * 6)
  return [
    `title=${title}`,
    `first=${first}`,
    `leads=${shape.leads}`,
    `home=${bucket(home)}`,
    `bears=${bucket(shape.bears)}`,
    `else=${bucket(elsewhere)}`,
    `homeNames=${bucket(shape.homeNames)}`,
    `elseNames=${bucket(shape.elsewhereNames)}`,
    `local=${bucket(shape.local)}`,
    `listed=${listedShare}`,
    `contained=${bucket(shape.contained)}`,
    `share=${share}`,
    `ratio=${ratio}`,
    `long=${long}`,
    `title=${title}&first=${first}&${long}`,
    `title=${title}&ratio=${ratio}`,
    `first=${first}&ratio=${ratio}`,
    `first=${first}&listed=${listedShare}&${long}`,
    `home=${bucket(home)}&elseNames=${bucket(shape.elsewhereNames)}`,
    `share=${share}&leads=${shape.leads}&${long}`,
    `local=${bucket(shape.local)}&ratio=${ratio}`,
    `onlyBears=${home === 0 && shape.bears > 0}&local=${bucket(shape.local)}`,
  ]
}
