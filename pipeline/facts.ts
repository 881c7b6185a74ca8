import { type Token, tokens } from './features.ts'

/**
 * The checkable facts of a sentence: numbers, dates, names and quotations, each with its place, in forms that compare:
 * `8,02 %` and `8.02%` are one number, `05/10` and `ngày 5 tháng 10` one date, `ba người` and `3 người` one count.
 */

export interface NumberFact {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly value: number
  /** The one or two words after it, lower-case: what is counted. */
  readonly unit: readonly string[]
}

export interface DateFact {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly day: number | null
  readonly month: number | null
  readonly year: number | null
}

export interface TextFact {
  readonly from: number
  readonly to: number
  readonly text: string
}

export interface Facts {
  readonly numbers: readonly NumberFact[]
  readonly dates: readonly DateFact[]
  readonly names: readonly (TextFact & { readonly opening: boolean })[]
  readonly quotations: readonly TextFact[]
}

// ---------------------------------------------------------------- dates

const DATES: readonly { pattern: RegExp; order: readonly ('day' | 'month' | 'year')[] }[] = [
  { pattern: /(\d{4})年(\d{1,2})月(\d{1,2})日/gu, order: ['year', 'month', 'day'] },
  { pattern: /(?<!\d)(\d{1,2})月(\d{1,2})日/gu, order: ['month', 'day'] },
  { pattern: /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/gu, order: ['year', 'month', 'day'] },
  {
    pattern: /(?<!\p{L})ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s*(?:năm|[,/.-])\s*(\d{4}))?/giu,
    order: ['day', 'month', 'year'],
  },
  { pattern: /(?<![\d.,])(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4})(?!\d)/gu, order: ['day', 'month', 'year'] },
  {
    // `28/34 học sinh` is so many of how many; `sáng 8/12 học sinh` a day.
    pattern:
      /(?:(?<=(?:ngày|hôm|mùng|mồng|sáng|trưa|chiều|tối|đêm|khuya|từ|qua)\s)|(?!\d{1,2}\/\d{1,2}\s+(?:người|nạn nhân|học sinh|em|cháu|trẻ|công nhân|hành khách|hộ|ca)(?!\p{L})))(?<![\d.,/])(\d{1,2})([/.-])(\d{1,2})(?![\d/]|[.,]\d|\s*(?:%|(?:triệu|tỷ|tỉ|nghìn|ngàn|m|km|cm|mm|kg|tấn|ha|USD|đô|độ|điểm|lần)(?!\p{L})))/giu,
    order: ['day', 'month'],
  },
  { pattern: /(?<!\p{L})tháng\s+(\d{1,2})\s*(?:năm\s+|[/.-]\s*)(\d{4})(?!\d)/giu, order: ['month', 'year'] },
  { pattern: /(?<![\d/])(\d{1,2})\/((?:19|20)\d{2})(?!\d)/gu, order: ['month', 'year'] },
  { pattern: /(?<!\p{L})(?:ngày|mùng|mồng|hôm)\s+(\d{1,2})(?![\d\p{L}]|[.,/-]\d)/giu, order: ['day'] },
  { pattern: /(?<!\p{L})tháng\s+(\d{1,2})(?![\d\p{L}]|[.,/-]\d)/giu, order: ['month'] },
  { pattern: /(?<!\p{L})năm\s+((?:19|20)\d{2})(?!\d)/giu, order: ['year'] },
]

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const ENGLISH = new RegExp(
  `(?<![\\p{L}\\d])(?:(\\d{1,2})\\s+(${MONTHS.join('|')})|(${MONTHS.join('|')})\\s+(\\d{1,2}))(?:,?\\s+(\\d{4}))?(?!\\d)`,
  'giu',
)

const plausible = (fact: DateFact): boolean =>
  (fact.day === null || (fact.day >= 1 && fact.day <= 31)) &&
  (fact.month === null || (fact.month >= 1 && fact.month <= 12))

function dates(text: string): DateFact[] {
  const found: DateFact[] = []
  const put = (fact: DateFact) => {
    if (plausible(fact) && !found.some((other) => fact.from < other.to && other.from < fact.to)) found.push(fact)
  }
  for (const match of text.matchAll(ENGLISH)) {
    const month = MONTHS.indexOf((match[2] ?? match[3] ?? '').toLowerCase()) + 1
    const day = Number(match[1] ?? match[4])
    const year = match[5] === undefined ? null : Number(match[5])
    put({ from: match.index, to: match.index + match[0].length, text: match[0], day, month, year })
  }
  for (const { pattern, order } of DATES) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.slice(1).filter((group) => group === undefined || /^\d+$/.test(group))
      const part = (name: 'day' | 'month' | 'year'): number | null => {
        const at = order.indexOf(name)
        return at < 0 || groups[at] === undefined ? null : Number(groups[at])
      }
      put({
        from: match.index,
        to: match.index + match[0].length,
        text: match[0],
        day: part('day'),
        month: part('month'),
        year: part('year'),
      })
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

// ---------------------------------------------------------------- numbers

const SCALES: Readonly<Record<string, number>> = {
  trăm: 1e2,
  nghìn: 1e3,
  ngàn: 1e3,
  vạn: 1e4,
  triệu: 1e6,
  tỷ: 1e9,
  tỉ: 1e9,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
}
const DIGITS: Readonly<Record<string, number>> = {
  không: 0,
  một: 1,
  mốt: 1,
  hai: 2,
  ba: 3,
  bốn: 4,
  tư: 4,
  năm: 5,
  lăm: 5,
  sáu: 6,
  bảy: 7,
  bẩy: 7,
  tám: 8,
  chín: 9,
}
/** What a lone number word must count: `năm` is a year and `ba` a father elsewhere. */
const COUNTED = new Set(
  `người nạn cháu bé học em trẻ công ngư thuyền hành du khách cán chiến bị đối nghi hộ nhà ngôi căn chiếc xe ô ôtô tàu
  vụ trận con ngày giờ phút tháng tuần lần xã phường tỉnh huyện thôn bản địa mét tấn bệnh thi tuyến cây cầu đợt dự bác`.split(
    /\s+/,
  ),
)

const parseNumber = (printed: string): number => {
  if (/^\d{1,3}(?:[.,]\d{3})+$/.test(printed)) return Number(printed.replace(/[.,]/g, ''))
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(printed)) return Number(printed.replace(/\./g, '').replace(',', '.'))
  if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(printed)) return Number(printed.replace(/,/g, ''))
  return Number(printed.replace(',', '.'))
}

/** Only after another number word. */
const FOLLOWS_NUMBER: ReadonlySet<string> = new Set(['tư', 'lăm', 'mốt'])
const OPENS_NUMBER: ReadonlySet<string> = new Set([
  'mười',
  ...Object.keys(DIGITS).filter((word) => !FOLLOWS_NUMBER.has(word)),
])

/** Value of a run of number words from `start`, and how many words it takes; null where there is none. */
function wordNumber(list: readonly Token[], start: number): { value: number; length: number } | null {
  // Told at once of nearly every word.
  if (!OPENS_NUMBER.has(list[start]?.text ?? '')) return null
  let [total, group, last, length] = [0, 0, 0, 0]
  for (let i = start; i < list.length; i++, length++) {
    const token = list[i]
    if (token?.kind !== 'word' || (i > start && !token.joined)) break
    const before = list[i - 1]?.text ?? ''
    const scale = SCALES[token.text] ?? 0
    if (token.text === 'mười' && last === 0) group += 10
    else if (token.text === 'mươi' && last > 0) group += last * 9
    else if (token.text === 'trăm' && last > 0) group += last * 99
    else if (scale > 100 && group > 0) {
      total += group * scale
      group = 0
    } else if ((token.text === 'linh' || token.text === 'lẻ') && length > 0) continue
    else {
      const digit = DIGITS[token.text]
      // `mười năm` is ten years, `hai mươi tư` twenty-four; `tư` alone is private.
      const placed = token.text === 'năm' ? length === 0 || before === 'linh' || before === 'lẻ' : true
      const follows = !FOLLOWS_NUMBER.has(token.text) || length > 0
      if (digit === undefined || last > 0 || !placed || !follows) break
      group += digit
      last = digit
      continue
    }
    last = 0
  }
  while (length > 0 && ['linh', 'lẻ'].includes(list[start + length - 1]?.text ?? '')) length--
  const value = total + group
  return length === 0 || value === 0 ? null : { value, length }
}

function numbers(text: string, list: readonly Token[], taken: readonly DateFact[]): NumberFact[] {
  const out: NumberFact[] = []
  const inDate = (at: number) => taken.some((date) => at >= date.from && at < date.to)
  const unitAt = (i: number): string[] => {
    const after = text.slice(list[i - 1]?.to ?? 0, list[i]?.from ?? text.length)
    if (/^\s*%/u.test(after)) return ['%']
    return [list[i], list[i + 1]].flatMap((token) =>
      token && token.kind === 'word' && token.joined ? [token.text] : [],
    )
  }
  for (const [i, token] of list.entries()) {
    if (inDate(token.from)) continue
    if (token.kind !== 'word') {
      const printed = text.slice(token.from, token.to)
      // Not a date that `dates` knows: 1-2 m, 24/7, 3.5.
      for (const piece of printed.matchAll(/\d+(?:[.,]\d+)*/gu)) {
        const next = list[i + 1]
        const scaled = next?.joined ? SCALES[next.text] : undefined
        const further = scaled !== undefined && list[i + 2]?.joined ? SCALES[list[i + 2]?.text ?? ''] : undefined
        const used = scaled === undefined ? 0 : further === undefined ? 1 : 2
        const value = parseNumber(piece[0]) * (scaled ?? 1) * (further ?? 1)
        const from = token.from + piece.index
        const to = used === 0 ? from + piece[0].length : (list[i + used]?.to ?? token.to)
        out.push({ from, to, text: text.slice(from, to), value, unit: unitAt(i + 1 + used) })
      }
      continue
    }
    if (i > 0 && list[i - 1]?.joined !== undefined && out.at(-1) && (out.at(-1)?.to ?? 0) > token.from) continue
    const words = wordNumber(list, i)
    if (!words) continue
    const unit = unitAt(i + words.length)
    if (words.length === 1 && !COUNTED.has(unit[0] ?? '')) continue
    // `5 năm ngày`, `thứ hai`: not a count.
    const before = list[i - 1]
    if (before && token.joined && (before.kind === 'number' || before.text === 'thứ' || before.text === 'tháng'))
      continue
    const to = list[i + words.length - 1]?.to ?? token.to
    out.push({ from: token.from, to, text: text.slice(token.from, to), value: words.value, unit })
  }
  return out
}

// ---------------------------------------------------------------- names and quotations

function nameRuns(text: string, list: readonly Token[]): (TextFact & { opening: boolean })[] {
  const out: (TextFact & { opening: boolean })[] = []
  let run: Token[] = []
  const flush = () => {
    const first = run[0]
    const last = run.at(-1)
    if (first && last && (run.length > 1 || !first.opening))
      out.push({ from: first.from, to: last.to, text: text.slice(first.from, last.to), opening: first.opening })
    run = []
  }
  for (const token of list) {
    const before = run.at(-1)
    // An initial keeps the run together: Nguyễn Văn A., N.V.H.
    const continued =
      before && (token.joined || (before.text.length === 1 && text.slice(before.to, token.from) === '.'))
    if (token.capital && continued) run.push(token)
    else {
      flush()
      if (token.capital) run = [token]
    }
  }
  flush()
  return out
}

const QUOTATIONS = [
  /“([^“”]+)”/gu,
  /"([^"]+)"/gu,
  /«([^«»]+)»/gu,
  /「([^「」]+)」/gu,
  /‘([^‘’]+)’(?!\p{L})/gu,
  /(?<![\p{L}\d])'([^']+)'(?![\p{L}\d])/gu,
]

/** What stands in quotation marks, without them. */
export function quotations(text: string): TextFact[] {
  const found: TextFact[] = []
  for (const pattern of QUOTATIONS)
    for (const match of text.matchAll(pattern)) {
      const from = match.index + 1
      found.push({ from, to: from + (match[1] ?? '').length, text: match[1] ?? '' })
    }
  return found.sort((a, b) => a.from - b.from)
}

/** The numbers alone. */
export const numbersOf = (text: string): readonly NumberFact[] => numbers(text, tokens(text), dates(text))

export function factsOf(text: string): Facts {
  const list = tokens(text)
  const dated = dates(text)
  return {
    numbers: numbers(text, list, dated),
    dates: dated,
    names: nameRuns(text, list),
    quotations: quotations(text),
  }
}
