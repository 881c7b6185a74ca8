import { quotations } from './facts.ts'
import { familyNames } from './family-names.ts'
import { type Token, tokens } from './features.ts'
import { namedProvinces } from './provinces.ts'

/**
 * Names of minors, victims and suspects become initials in what we write ourselves (`Nguyễn Văn An` → `N.V.A.`).
 * Quotations stay as printed; titles and extracts are never passed through here.
 *
 * A name is recognised by, in this order:
 * 1. a role directly before it: `bị can`, `bị cáo`, `nghi phạm`, `đối tượng`, `nạn nhân`, `cháu`, `bé`, `em`, `học sinh` …
 *    (also with `anh`, `chị`, `ông`, `bà`, `tên` between);
 * 2. an age under 18 directly after it: `(15 tuổi …`, `, 15 tuổi`, or a year of birth that makes it so (`SN 2011`);
 * 3. arrest or prosecution directly before it: `bắt tạm giam`, `khởi tố`, `truy nã`, `truy tố` …;
 * 4. what befell the person shortly after it: `tử vong`, `bị thương`, `mất tích`, `bị bắt`, `bị khởi tố` …;
 *    rules 3 and 4 ask for a Vietnamese family name, so that no place or office is shortened.
 * A name once recognised is shortened wherever it stands in the text, its last syllable alone included.
 */

export interface Shortened {
  readonly name: string
  readonly initials: string
  /** The words that made it a name to shorten. */
  readonly because: string
}

const ROLE =
  /(?<![\p{L}])(?:bị can|bị cáo|nghi phạm|nghi can|hung thủ|thủ phạm|đối tượng|kẻ|phạm nhân|nạn nhân|người chết|người bị nạn|người bị thương|cháu|bé|bé trai|bé gái|em|các em|học sinh|nam sinh|nữ sinh|trẻ|thiếu niên|thiếu nữ|thi thể|thi thể của|con trai|con gái)(?:\s+(?:là|tên|tên là|anh|chị|ông|bà|em|cháu|bé|học sinh))*\s*[:,]?\s*$/iu
const ARREST =
  /(?<![\p{L}])(?:bắt|bắt giữ|bắt tạm giam|bắt khẩn cấp|tạm giữ|tạm giam|tạm giữ hình sự|khởi tố|khởi tố bị can|truy tố|truy nã|tuyên phạt|xét xử)(?:\s+(?:đối với|hình sự|bị can|anh|chị|ông|bà|tên))*\s*$/iu
const BEFELL =
  /^[^.;:!?\n]{0,40}?(?<![\p{L}])(?:tử vong|thiệt mạng|qua đời|chết|bị thương|mất tích|bị bắt|bị khởi tố|bị tạm giữ|bị tạm giam|bị truy nã|bị truy tố|đuối nước|bị cuốn trôi|bị lũ cuốn|bị đâm|bị sát hại|bị xâm hại|tự tử)(?![\p{L}])/iu
const AGE = /^\s*[(,]?\s*(?:mới\s+)?(\d{1,2})\s*tuổi/u
const BORN = /^\s*[(,]?\s*(?:SN|sn|sinh năm|sinh)\s*:?\s*((?:19|20)\d{2})/u

/** Some are words of the language as well, so that they open a name only where the context already asks for a person. */
export const FAMILY_NAMES: ReadonlySet<string> = new Set([
  ...familyNames,
  ...'thân cư ly sèn tráng thền hạng ma mùa cứ lừu'.split(' '),
])

export const initialsOf = (name: string): string =>
  `${name
    .split(/\s+/)
    .map((part) => part.charAt(0).toLocaleUpperCase('vi'))
    .join('.')}.`

interface Run {
  readonly from: number
  readonly to: number
  readonly words: readonly Token[]
}

function runs(text: string): Run[] {
  const out: Run[] = []
  let run: Token[] = []
  const flush = () => {
    const first = run[0]
    const last = run.at(-1)
    if (first && last) out.push({ from: first.from, to: last.to, words: run })
    run = []
  }
  for (const token of tokens(text)) {
    if (token.capital && (run.length === 0 || token.joined)) run.push(token)
    else {
      flush()
      if (token.capital) run = [token]
    }
  }
  flush()
  return out
}

/** Why a name is to be shortened, as printed; null when nothing says so. */
function reason(text: string, run: Run, year: number | null): string | null {
  const before = text.slice(Math.max(0, run.from - 60), run.from)
  const after = text.slice(run.to, run.to + 60)
  const age = AGE.exec(after)
  if (age && Number(age[1]) < 18) return age[0].replace(/^[\s(,]+/, '')
  const born = BORN.exec(after)
  if (born && year !== null && year - Number(born[1]) < 18) return born[0].replace(/^[\s(,]+/, '')
  const role = ROLE.exec(before)
  if (role) return role[0].trim()
  if (run.words.length < 2 || run.words.length > 5 || !FAMILY_NAMES.has(run.words[0]?.text ?? '')) return null
  const arrest = ARREST.exec(before)
  if (arrest) return arrest[0].trim()
  return BEFELL.exec(after)?.[0].trim() ?? null
}

/**
 * Shortens the names in a text of our own. `year` (of the article) turns years of birth into ages; without it they say
 * nothing. `places` are names that are never persons, in lower case, besides the provinces.
 */
export function shortenNames(
  text: string,
  options: { readonly year?: number; readonly places?: ReadonlySet<string> } = {},
): { text: string; shortened: Shortened[] } {
  const quoted = quotations(text)
  const isQuoted = (run: { from: number; to: number }) => quoted.some((q) => run.from >= q.from && run.to <= q.to)
  const found = new Map<string, Shortened>()
  const all = runs(text).flatMap((run): Run[] => {
    // `Ông Nguyễn …` at the start of a sentence: the form of address is no part of the name.
    const first = run.words[0]
    const address = first?.opening && /^(?:ông|bà|anh|chị|em|cháu|bé|bị|nạn|nghi|đối)$/u.test(first.text)
    const words = address ? run.words.slice(1) : run.words
    const start = words[0]
    return start ? [{ from: start.from, to: run.to, words }] : []
  })
  for (const run of all) {
    const name = text.slice(run.from, run.to)
    if (isQuoted(run) || namedProvinces(run.words).length > 0 || options.places?.has(name.toLowerCase())) continue
    const because = reason(text, run, options.year ?? null)
    if (because !== null && !found.has(name)) found.set(name, { name, initials: initialsOf(name), because })
  }
  const given = new Map([...found.values()].map((one) => [one.name.split(/\s+/).at(-1) ?? '', one]))
  let out = ''
  let end = 0
  for (const run of all) {
    const name = text.slice(run.from, run.to)
    const alone = run.words.length === 1 ? given.get(name) : undefined
    const replacement = found.get(name)?.initials ?? (alone && initialsOf(name))
    if (replacement === undefined || isQuoted(run)) continue
    out += text.slice(end, run.from) + replacement
    // One full stop is enough at the end of a sentence.
    end = text[run.to] === '.' ? run.to + 1 : run.to
  }
  return { text: out + text.slice(end), shortened: [...found.values()] }
}
