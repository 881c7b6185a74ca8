import { normalWords, shareKept } from './real-change.ts'

/** Why a page is taken for gone; the first five come from the answer itself, the others from what it shows. */
export type GoneReason =
  | 'not-found'
  | 'gone'
  | 'redirect-home'
  | 'redirect-section'
  | 'moved-to-another'
  | 'says-gone'
  | 'same-as-others'
  | 'emptied'
  | 'replaced'

export interface Gone {
  readonly reason: GoneReason
  /** The words, the address or the number that say so. */
  readonly evidence: string
}

/** What a page says in the place of an article that it no longer has. */
const phrases = [
  String.raw`(?:trang|bài viết|bài báo|nội dung|liên kết|đường dẫn|địa chỉ|dữ liệu)[^.!?\n]{0,40}?(?:không (?:còn )?tồn tại|không (?:được )?tìm thấy|đã (?:bị |được )?(?:gỡ|xóa|xoá|gỡ bỏ|hạ)|không còn (?:khả dụng|hiệu lực)|ngừng hiển thị|không khả dụng)`,
  String.raw`(?:không tìm thấy|không tồn tại)[^.!?\n]{0,20}?(?:trang|bài|nội dung|dữ liệu|đường dẫn)`,
  String.raw`lỗi 404|404 not found|error 404|http 404|^404(?:\s*[-–|:].{0,60})?$`,
  String.raw`(?:page|article|story|post|content|document|url)[^.!?\n]{0,40}?(?:(?:was|is|could|can) ?not (?:be )?(?:found|available|exist)|not found|no longer (?:exists?|available)|has been (?:removed|deleted|taken down)|does(?: not|n['’]t) exist|unavailable)`,
  `page not found|we can(?:not|['’]t) find (?:the|that|this) page|nothing (?:was )?found here`,
  String.raw`(?:页面|頁面|网页|網頁|文章|内容|內容|稿件)[^。！？\n]{0,12}?(?:不存在|未找到|找不到|已(?:被)?(?:删除|刪除|移除|下架|下线))|(?:找不到|无法找到|無法找到)[^。！？\n]{0,12}?(?:页面|頁面|网页|網頁|文章)`,
  String.raw`(?:ページ|記事|お探し)[^。！？\n]{0,24}?(?:見つかりません|ありません|存在しません|削除され|終了し)`,
  String.raw`(?:페이지|기사)[^.!?\n]{0,16}?(?:찾을 수 없|존재하지 않|삭제되)`,
  `ไม่พบ(?:หน้า|บทความ|ข่าว)|ບໍ່ພົບ`,
  String.raw`(?:page|article)[^.!?\n]{0,20}?(?:introuvable|n['’]existe (?:pas|plus)|a été supprimé)|seite (?:wurde )?nicht gefunden|página no encontrada|página não encontrada|страница не найдена|(?:страница|статья|материал) (?:не существует|удал[её]н)`,
]
const saysGone = new RegExp(phrases.map((phrase) => `(?:${phrase})`).join('|'), 'iu')

/** A page that says that something is gone says little else. */
const MOST_WORDS = 150
/** Of the text of a page that nobody has read before. */
const MOST_WORDS_FIRST = 60
/** From this share of the article's phrases on the article is still there, whatever else the page says. */
const STILL_THERE = 0.5
/** Below this share of its phrases nothing of an article is left. */
const NOTHING_LEFT = 0.1
/** A text of less than this share of its length, in other words, is a rest of the page. */
const EMPTIED = 0.3
/** So many other addresses of the outlet with the very same body, and it is no article's. */
const SAME_BODY = 2

export interface Look {
  readonly before: { readonly title: string; readonly lead: string | null; readonly text: string }
  /** Of the page that is there now: its `title` or heading, and every text that it shows. */
  readonly title: string | null
  readonly shown: string
  /** What is read as its article; null: nothing. */
  readonly text: string | null
  /** How many other addresses of the outlet answered with the same bytes. */
  readonly othersWithSameBody: number
}

/** Words of a script without spaces are cut into pairs of characters, so that shares mean something. */
function comparable(text: string): readonly string[] {
  return normalWords(text).flatMap((word) =>
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}]/u.test(word)
      ? Array.from({ length: Math.max(1, word.length - 1) }, (_, at) => word.slice(at, at + 2))
      : [word],
  )
}

/** Three words in a row: single ones stand in any text of the language. */
function shingles(text: string): readonly string[] {
  const words = comparable(text)
  if (words.length < 3) return words
  return words.slice(2).map((word, at) => `${words[at]} ${words[at + 1]} ${word}`)
}

/** Share of an article's phrases of three words that a text still shows, 0 to 1. */
function shareShown({ lead, text }: Look['before'], shown: string): number {
  const own = new Set(shingles(`${lead ?? ''}\n${text}`))
  return shareKept([...own], shingles(shown))
}

/** Share of a text's phrases of three words that are the article's, 0 to 1: high for its first page, or what was not cut. */
const shareOwn = ({ lead, text }: Look['before'], read: string): number =>
  shareKept(shingles(read), shingles(`${lead ?? ''}\n${text}`))

/** Whether a page shows half of an article, or what is read as its text is the article's for the greater part. */
export const holdsArticle = (before: Look['before'], shown: string, text: string | null): boolean =>
  shareShown(before, shown) >= STILL_THERE || (text !== null && text !== '' && shareOwn(before, text) >= STILL_THERE)

/**
 * Whether a page that answered 200 still holds the article that it held before: a "soft 404" says that the page is
 * gone, is the same for many addresses, has lost its text, or holds quite another. Null while half of the article's
 * phrases are shown, and for a text written anew under the same title.
 */
export function softGone({ before, title, shown, text, othersWithSameBody }: Look): Gone | null {
  const kept = shareShown(before, shown)
  if (kept >= STILL_THERE) return null
  const words = normalWords(shown).length
  const inTitle = title === null || saysGone.test(before.title) ? null : saysGone.exec(title)
  if (inTitle) return { reason: 'says-gone', evidence: inTitle[0].trim() }
  const inText = words <= MOST_WORDS ? saysGone.exec(shown) : null
  if (inText) return { reason: 'says-gone', evidence: inText[0].trim() }
  if (othersWithSameBody >= SAME_BODY) return { reason: 'same-as-others', evidence: String(othersWithSameBody) }
  const isOther = title !== null && shareKept(comparable(before.title), comparable(title)) < STILL_THERE
  if (isOther) return kept < NOTHING_LEFT ? { reason: 'replaced', evidence: title.slice(0, 200) } : null
  const isShort = comparable(text ?? '').length < comparable(before.text).length * EMPTIED
  // What an outlet cut is still its own words; what is left of an emptied page is not.
  const isRest = text === null || shareOwn(before, text) < STILL_THERE
  return isShort && isRest ? { reason: 'emptied', evidence: `${Math.round(kept * 100)} %` } : null
}

/** Whether a page shows next to nothing of an article: it was emptied, or written anew. */
export const holdsNothing = (before: Look['before'], shown: string): boolean => shareShown(before, shown) < NOTHING_LEFT

/**
 * Whether the text that stands in the place of an article, of which nothing is left, is that of its neighbours: teasers
 * and boxes that a page without an article still has. What it says itself is then a rest, or nothing.
 *
 * @param elsewhere texts of other pages of the outlet
 */
export function emptiedBeside(before: Look['before'], text: string, elsewhere: readonly string[]): Gone | null {
  const others = new Set(elsewhere.flatMap(shingles))
  const phrases = shingles(text)
  const own = phrases.filter((phrase) => !others.has(phrase)).length
  const left = own / Math.max(1, shingles(before.text).length)
  return own < phrases.length && left < EMPTIED ? { reason: 'emptied', evidence: '0 %' } : null
}

/**
 * The words by which a page that is read for the first time says that it holds no article: in its title or in its text,
 * which is short. Null: it may be one.
 */
export function saysItIsGone(title: string, text: string): string | null {
  if (normalWords(text).length > MOST_WORDS_FIRST) return null
  // "Nhiều bài viết sai sự thật đã bị gỡ" is news; "Bài viết đã bị gỡ | Báo mẫu" is a message.
  const message = title.split(/\s[|–—-]\s/u).find((part) => {
    const found = saysGone.exec(part)?.[0]
    return found !== undefined && normalWords(found).length === normalWords(part).length
  })
  return message?.trim() ?? saysGone.exec(text)?.[0].trim() ?? null
}

const segments = (path: string): readonly string[] => path.split('/').filter((part) => part !== '')

/**
 * Whether a redirect leads away from articles: to the home page, or to a section (an address that the article's own
 * begins with, or one short part without a figure). Null: it may be another article.
 */
export function redirectedAway(from: string, to: string): Gone | null {
  const [start, end] = [new URL(from), new URL(to)]
  const [parts, ending] = [segments(start.pathname), segments(end.pathname)]
  if (parts.length === 0) return null
  const isHome = ending.length === 0 || (ending.length === 1 && /^(?:index|home|default)\b/i.test(ending[0] ?? ''))
  if (isHome && end.search === '') return { reason: 'redirect-home', evidence: to }
  const saysError = ending.some((part) => /^(?:404|error|not-?found|loi|khong-tim-thay)\b/i.test(part))
  if (saysError) return { reason: 'not-found', evidence: to }
  const isParent = ending.length < parts.length && ending.every((part, at) => part === parts[at])
  const last = ending.at(-1) ?? ''
  const isShort = ending.length === 1 && !/\d/.test(last) && last.split('-').length <= 4 && parts.join('/') !== last
  return isParent || (isShort && end.search === '') ? { reason: 'redirect-section', evidence: to } : null
}
