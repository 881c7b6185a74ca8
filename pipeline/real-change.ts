import { diffArrays } from 'diff'
import { isFurniture } from './extraction/labels.ts'

/** What readers see of an article, and by which means each field was read. */
export interface Reading {
  readonly title: string
  readonly lead: string | null
  /** Paragraphs separated by line feeds. */
  readonly text: string
  /** `Article.by`; absent where it is not known: the means count as the same then. */
  readonly by?: Readonly<Record<string, string>>
}

const readByOther = (field: 'title' | 'lead' | 'text', before: Reading, after: Reading): boolean => {
  const [old, fresh] = [before.by?.[field], after.by?.[field]]
  return old !== undefined && fresh !== undefined && old !== fresh
}

/**
 * Share of the words that two readings by different means have in common, from which on whole paragraphs that only one
 * of them shows are the reader's doing (a caption, a box), not the outlet's. Edits within a paragraph count regardless.
 */
const SAME_ARTICLE = 0.85
/** Texts of more different words than this are different without counting further. */
const MOST_EDITS = 4000

const TIME = String.raw`\d{1,4}\s*(?:giây|phút|giờ|tiếng|ngày|tuần|tháng|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)\s*(?:trước|ago)|(?:il y a|vor|hace)\s+\d{1,4}\s+\p{L}+|\d{1,4}\s*(?:秒|分钟|分鐘|分|小时|小時|时间|時間|天|日|周|週間)(?:之)?前|\d{1,4}\s*(?:초|분|시간|일|주)\s*전|vừa xong|just now|刚刚|剛剛`
const COUNT = String.raw`[\d.,]+\s*[km]?\s*(?:lượt (?:xem|thích|chia sẻ|đọc)|bình luận|ý kiến|chia sẻ|thích|views?|comments?|shares?|likes?|reads?|阅读|评论|回复|閲覧|コメント|조회|댓글)|(?:lượt xem|bình luận|ý kiến|chia sẻ|thích|views?|comments?|shares?|likes?|阅读|评论|조회수|댓글)\s*[:：(]?\s*[\d.,]+\s*[km]?\)?`
const LABEL = `cập nhật(?: lúc)?|đăng(?: lúc)?|updated|posted|published|bình luận|lượt xem|comments?|chia sẻ|shares?|tweet|facebook|zalo|twitter|messenger|telegram|whatsapp|lưu(?: bài)?|in bài|sao chép|thích|like|quảng cáo|advertisement|更新|广告|広告`
/** A relative time, a counter or a label of the page's furniture. */
const part = new RegExp(`${TIME}|${COUNT}|(?<![\\p{L}\\p{N}])(?:${LABEL})(?![\\p{L}\\p{N}])`, 'giu')
/** Opens a line that leads to another article. */
const leadsAway =
  /^(?:>>+|»|xem thêm|đọc thêm|tin liên quan|bài liên quan|mời (?:bạn|quý) |read more|see also|read also|related|lire aussi|延伸阅读|相关|関連記事|관련)/iu

/** Whether a line is the page's and not the article's: related links, counters, share bars, advertisements, "5 phút trước". */
export function isBoilerplate(line: string): boolean {
  const text = line.trim()
  if (text.length > 240) return false
  const isSentence = text.length > 60 && /[.!?。！？]["”»)]?$/u.test(text)
  if (!isSentence && (isFurniture(text) || leadsAway.test(text))) return true
  const rest = text.replace(part, '')
  return rest !== text && !/[\p{L}\p{N}]/u.test(rest)
}

const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/gu
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/gu
const WORD = /(?<![\p{L}\p{N}])-(?=\p{N})[\p{N}.,:/]*\p{N}%?|\p{N}+(?:[.,:/]\p{N}+)*%?|[\p{L}\p{M}]+/gu

/** The words of a text, whatever its Unicode form, spacing, quotes, dashes and capitals; a figure keeps sign and point. */
export function normalWords(text: string): readonly string[] {
  const folded = text.normalize('NFKC').replaceAll(UNSEEN, '').replaceAll(DASHES, '-').toLowerCase()
  return folded.match(WORD) ?? []
}

const startsWith = (words: readonly string[], start: readonly string[]): boolean =>
  start.length <= words.length && start.every((word, at) => word === words[at])

interface Body {
  readonly paragraphs: readonly string[]
  readonly words: readonly string[]
}

/** Lead and text without the page's furniture; a lead that also opens the text counts once. */
function bodyOf({ title, text }: Reading, lead: string | null): Body {
  const heading = normalWords(title).join(' ')
  const paragraphs = text.split('\n').filter((line) => line.trim() !== '' && !isBoilerplate(line))
  const rows = paragraphs.map(normalWords).filter((words) => words.length > 0 && words.join(' ') !== heading)
  const flat = rows.flat()
  const opening = normalWords(lead ?? '')
  const extra = opening.length > 0 && !startsWith(flat, opening)
  const all = extra ? [opening, ...rows] : rows
  return { paragraphs: all.map((words) => words.join(' ')), words: extra ? [...opening, ...flat] : flat }
}

/** A title may gain or lose the name of outlet or section behind a bar when the page's layout changes. */
export function sameTitle(before: Reading, after: Reading): boolean {
  if (normalWords(before.title).join(' ') === normalWords(after.title).join(' ')) return true
  const bare = (title: string): string => normalWords(title.replace(/\s+[|｜–—-]\s+[^|｜–—\d-]{2,40}$/u, '')).join(' ')
  return readByOther('title', before, after) && bare(before.title) === bare(after.title)
}

/** The lead of a page's description is often the printed one cut short: then neither says that anything changed. */
function leadsOf(before: Reading, after: Reading): readonly [string | null, string | null] {
  if (!readByOther('lead', before, after)) return [before.lead, after.lead]
  const [old, fresh] = [normalWords(before.lead ?? ''), normalWords(after.lead ?? '')]
  return startsWith(old, fresh) || startsWith(fresh, old) ? [null, null] : [before.lead, after.lead]
}

/**
 * Share of the words of `before` that `after` still has, in order or not, 0 to 1; 1 when there was none.
 */
export function shareKept(before: readonly string[], after: readonly string[]): number {
  if (before.length === 0) return 1
  const left = new Map<string, number>()
  for (const word of after) left.set(word, (left.get(word) ?? 0) + 1)
  let kept = 0
  for (const word of before) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    left.set(word, count - 1)
    kept += 1
  }
  return kept / before.length
}

/** Whether all that differs are whole paragraphs that only one side shows. */
function onlyWholeParagraphs(before: Body, after: Body): boolean {
  const changes = diffArrays([...before.paragraphs], [...after.paragraphs], { maxEditLength: MOST_EDITS })
  if (changes === undefined) return false
  return changes.every((change, at) => {
    const next = changes[at + 1]
    // Replaced, not added: the outlet wrote something else in its place.
    return !(change.removed && next?.added) && !(change.added && next?.removed)
  })
}

/**
 * Whether the outlet changed what readers see. No change: white space, Unicode form, quotes, dashes, capitals, the split
 * into paragraphs, a lead moved into the text, and lines that are the page's (related links, counters, share bars,
 * advertisements, relative times). A changed figure within a sentence always is one.
 *
 * When the text was read by another means than before (another layout, another extractor), paragraphs that only one side
 * shows are no change as long as at least 85 % of the words stay and nothing within a paragraph differs.
 */
export function isRealChange(before: Reading, after: Reading): boolean {
  if (!sameTitle(before, after)) return true
  const [oldLead, freshLead] = leadsOf(before, after)
  const [old, fresh] = [bodyOf(before, oldLead), bodyOf(after, freshLead)]
  if (old.words.join(' ') === fresh.words.join(' ')) return false
  if (!readByOther('text', before, after)) return true
  const kept = Math.min(shareKept(old.words, fresh.words), shareKept(fresh.words, old.words))
  return kept < SAME_ARTICLE || !onlyWholeParagraphs(old, fresh)
}
