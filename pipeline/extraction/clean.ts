/** A paragraph of an article with what its mark-up says of it. */
export interface Paragraph {
  readonly text: string
  /** Share of the text within links, 0 to 1. */
  readonly linked: number
  readonly tag: string
  /** Not part of the article, kept only because it may open a list of other articles. */
  readonly marker?: boolean
  /** The element that holds it: paragraphs of one text share theirs. */
  readonly holder: number
}

/** Labels of players, share bars, counters and advertisements, alone on a line. */
const widget =
  /^(?:quảng cáo|advertisement|advertising|publicité|anzeige|広告|광고|广告|chia sẻ(?: bài viết)?|share(?: this)?(?: article)?|facebook|zalo|twitter|messenger|telegram|copy link|sao chép liên kết|lưu(?: bài)?(?: viết)?|in bài(?: viết)?|gửi email|thích|bình luận(?: \(?\d+\)?)?|ý kiến(?: \(?\d+\)?)?|gửi bình luận|viết bình luận.*|(?:bấm |nhấn )?nghe (?:đọc )?(?:bài(?: viết| báo)?|tin|audio)?|nghe nội dung.*|giọng (?:nữ|nam)(?: miền (?:bắc|nam|trung))?|tốc độ(?: đọc)?|tạm dừng|phát|play|pause|listen(?: to (?:this )?(?:article|story))?|[\d.]+x|\d{1,2}:\d{2}(?: ?\/ ?\d{1,2}:\d{2})?|lượt xem:? ?[\d.,]*|\d+ lượt xem|aa|a[+-]|cỡ chữ|google news|theo dõi (?:chúng tôi|.{1,40}) trên .{1,40}|đăng nhập.*|mới nhất|quay lại|về trang chủ|xem ảnh(?: lớn| gốc)?|ảnh minh h(?:ọ|oạ|ọa)a?\.?|loading\.*|đang tải.*|video đang (?:được )?phát|trở lại chủ đề|in|email|print|tweet|thứ \w+, ?\d.{0,20}|\(xem: \d+\))$/iu
/** A date line: weekday, time and day in any order, and nothing more. */
const dateLine =
  /^(?:(?:thứ \p{L}+|thứ \d|chủ nhật|cn|\p{L}{3,9}day|ngày|lúc|đăng|cập nhật)[\s,:|-]*){0,3}(?:\d{1,2}[:h]\d{2}(?::\d{2})?[\s,|-]*(?:ngày )?)?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[\s,|-]*(?:lúc )?(?:\d{1,2}[:h]\d{2}(?::\d{2})?)?[\s,|(]*(?:[ap]m)?[\s(]*(?:gmt|utc)? ?[+-]?\d{0,2}\)?$/iu
/** The same with the month in words. */
const dateInWords =
  /^(?:\p{L}{3,9}day,? )?(?:\d{1,2}(?:st|nd|rd|th|er|\.)? \p{L}{3,9}\.?,? \d{4}|\p{L}{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})(?:[,|–-]? ?(?:at )?\d{1,2}[:h.]\d{2}.{0,8})?$/iu
const fileName = /^[\w.() -]{1,80}\.(?:jpe?g|png|webp|gif|mp4|mp3)$/iu
/** Introduces links to other articles, on a line of its own or before them. */
const seeAlso =
  /^(?:>>+|»+|→|▶|\*|-|•|\+)?\s*(?:xem thêm|đọc thêm|có thể bạn quan tâm|tin liên quan|bài liên quan|tin bài liên quan|liên quan|tham khảo thêm|mời (?:quý )?(?:bạn đọc|độc giả|bạn|quý vị) (?:xem|đọc|theo dõi|đón đọc).{0,40}|bạn đọc có thể xem|read more|see also|read also|also read|read next|related(?: articles| stories| news)?|more on this story|recommended|lire aussi|à lire (?:aussi|également)|sur le même sujet|lesen sie (?:auch|mehr).*|mehr zum thema|lea también|leia (?:também|mais)|leggi anche|читайте также|延伸阅读|相关(?:阅读|新闻|报道|链接)|推荐阅读|延伸閱讀|相關(?:閱讀|新聞|報導)|関連(?:記事|リンク|ニュース)|あわせて読みたい|관련\s?(?:기사|뉴스))\s*(?:[:：].*|$)/iu
/** Everything after such a heading belongs to other articles … */
const otherArticles =
  /^(?:tin (?:cùng|khác|mới|nóng|đọc nhiều|nổi bật|tức khác|liên quan|bài khác).{0,30}|các (?:tin|bài)(?: viết)? (?:khác|liên quan|mới).{0,20}|cùng (?:chuyên mục|chủ đề|tác giả)|(?:bài|tin) (?:viết )?(?:cùng|liên quan|mới).{0,25}|đọc nhiều(?: nhất)?|xem nhiều(?: nhất)?|có thể bạn quan tâm|bạn có thể (?:quan tâm|thích)|related (?:articles|stories|posts|news)|most (?:read|popular|viewed)|you (?:may|might) also (?:like|be interested in).{0,20}|recommended (?:for you|stories)|more (?:from|stories|news).{0,40}|热门(?:推荐|新闻|排行)|相关(?:新闻|阅读)|관련 ?기사|関連記事)$/iu
/** … or to readers and the house. */
const afterword =
  /^(?:ý kiến (?:bạn đọc|của bạn)|bình luận(?: \(?\d+\)?)?|gửi (?:ý kiến|bình luận|phản hồi).{0,20}|tags?:?|từ khóa:?|chủ đề:|comments?(?: \(\d+\))?|leave a (?:reply|comment)|about the author|关于我们|責任編輯.{0,20}|responsible editor.*)$/iu
/** Whether a text names what follows the article: the caller need not keep other unchosen blocks. */
export const opensOtherArticles = (text: string): boolean => text.length < 60 && otherArticles.test(text)
/** Where a reprint came from, at the end: "Theo TTXVN", "Nguồn: Báo Lào Cai". */
const source =
  /^\(?(?:theo|nguồn|nguồn tin|nguồn ảnh|source|sources|quelle|来源|來源|出典|출처)\s*[:：]?\s*(?:[\p{Lu}\p{N}"“(]|https?:)[^.!?]{0,70}\)?\.?$/u
const editor =
  /^[(（【[]?\s*(?:责任编辑|責任編輯|编辑|編輯|责编|記者|기자|biên tập|bt|người viết|thực hiện|bài(?: và|,) ảnh|tin, ảnh|ảnh|video|clip|đồ họa)\s*[:：].{0,60}$/iu
const credit =
  /(?:무단\s?전재|재배포|all rights reserved|©|copyright|bản quyền (?:thuộc|của)|cấm sao chép|ghi rõ nguồn|转载请注明|未经授权)/iu

const tokensOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
export const bare = (text: string): string => tokensOf(text).join(' ')

const endsSentence = (text: string): boolean => /[.!?…。！？:"”’»)）」』]$/u.test(text)

/** "Nguyễn Văn A", "THU HÀ - MINH ĐỨC", "PV/TTXVN": at most eight capitalised words and no end mark. */
export function looksLikeName(text: string): boolean {
  if (text.length > 60 || /[.!?…:;"“”\d]/u.test(text.replace(/\.$/, ''))) return false
  const words = text.split(/[\s\-–/,&|()]+/u).filter((word) => word !== '')
  if (words.length === 0 || words.length > 8) return false
  return words.every((word) => /^(?:\p{Lu}[\p{L}\p{M}.]*|và|and|et|và)$/u.test(word))
}

function isNoise(paragraph: Paragraph, title: string | null, byline: string | null): boolean {
  const { text, linked } = paragraph
  if (widget.test(text) || fileName.test(text) || editor.test(text)) return true
  if (text.length < 160 && credit.test(text)) return true
  if (/^[^\p{L}\p{N}]+$/u.test(text)) return true
  const own = bare(text)
  if (title !== null && own === bare(title)) return true
  if (byline !== null && own !== '' && own === bare(byline)) return true
  if (seeAlso.test(text) && (linked > 0.3 || text.length < 60)) return true
  // A paragraph that is a link to another article and no sentence: the headline of a related one.
  return (
    linked > 0.85 &&
    /^(?:p|div|span|strong)$/.test(paragraph.tag) &&
    !endsSentence(text) &&
    tokensOf(text).length >= 4 &&
    tokensOf(text).length <= 30
  )
}

/** "TTO - ", "(NLĐO) – ", "VOV.VN - ": the on-line desk names itself before the first sentence. */
const masthead = /^[([]?(?:\p{Lu}{2,5}O|[\p{L}\d]+\.(?:vn|VN|com))[)\]]?\s*[-–—]\s*(?=["“'‘]?\p{Lu})/u

/** Takes the outlet's own name, where it is set before the first sentence, away; a place's (the dateline) stays. */
export function withoutMasthead(text: string, outletName: string | null): string {
  const rest = text.replace(masthead, '')
  if (rest !== text || outletName === null) return rest
  const name = /^[([]?(.{2,40}?)[)\]]?\s*[-–—]\s+(?=["“'‘]?[\p{Lu}\p{N}])/u.exec(text)
  const isOwn = name !== null && bare(name[1] ?? '') === bare(outletName)
  return isOwn ? text.slice(name[0].length) : text
}

export interface Cleaned {
  readonly paragraphs: readonly string[]
  /** The name that stood alone under the text. */
  readonly signature: string | null
}

/**
 * Takes out of an article's paragraphs what outlets put between and after them: labels of players and share bars,
 * related links ("Xem thêm", "Đọc thêm"), the repeated title, captions' file names, editors, sources ("Theo …") and the
 * signature, which is handed back for the byline.
 */
export function cleanParagraphs(
  paragraphs: readonly Paragraph[],
  title: string | null,
  byline: string | null,
): Cleaned {
  const words = paragraphs.map(({ text, marker }) => (marker ? 0 : tokensOf(text).length))
  const total = words.reduce((sum, count) => sum + count, 0)
  const kept: string[] = []
  let passed = 0
  let inLinks = false
  const holders = new Set<number>()
  for (const [index, paragraph] of paragraphs.entries()) {
    const { text } = paragraph
    if (passed > total * 0.4 && (otherArticles.test(text) || (!paragraph.marker && afterword.test(text)))) {
      // A box within the text ends nothing: what follows it stands beside what went before.
      if (
        !paragraphs
          .slice(index + 1)
          .some((later, at) => holders.has(later.holder) && (words[index + 1 + at] ?? 0) >= 10)
      )
        break
      continue
    }
    if ((words[index] ?? 0) >= 10) holders.add(paragraph.holder)
    if (paragraph.marker) continue
    passed += words[index] ?? 0
    // After "Xem thêm:" alone on its line, the links under it go too.
    if (inLinks && paragraph.linked > 0.6) continue
    inLinks = seeAlso.test(text) && text.length < 60
    // A date under the headline is not text; a date in a table further down is.
    if (kept.length < 3 && text.length < 70 && (dateLine.test(text) || dateInWords.test(text))) continue
    if (!isNoise(paragraph, title, byline)) kept.push(text)
  }
  let signature: string | null = null
  for (let rounds = 0; rounds < 4 && kept.length > 1; rounds += 1) {
    const last = kept.at(-1) ?? ''
    if (source.test(last)) kept.pop()
    else if (signature === null && looksLikeName(last) && endsSentence(kept.at(-2) ?? '')) {
      signature = last
      kept.pop()
    } else break
  }
  return { paragraphs: kept, signature }
}

/** Whether a line is the page's furniture and no words of an article: labels, date lines, file names, links to others. */
export const isFurniture = (line: string): boolean =>
  [widget, dateLine, dateInWords, fileName, seeAlso, otherArticles, afterword].some((pattern) => pattern.test(line))
