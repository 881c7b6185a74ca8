/** Lines by which outlets lead away from an article, or label what is around it. */

const whole = (parts: readonly string[], flags = 'iu'): RegExp => new RegExp(`^(?:${parts.join('|')})$`, flags)

/** Labels of players, share bars, counters and advertisements, alone on a line. */
const widget = whole([
  'quảng cáo|advertise?ment|advertising|article content|publicité|anzeige|werbung|publicidad|реклама:?|広告|광고|广告|廣告|โฆษณา',
  'chia sẻ(?: bài viết)?|share(?: this)?(?: article)?|facebook|zalo|twitter(?:-x)?|linkedin|whatsapp|pinterest|reddit|messenger|telegram|viber',
  'copy link|sao chép liên kết|lưu(?: bài)?(?: viết)?|in bài(?: viết)?|gửi email|thích|bình luận(?: \\(?\\d+\\)?)?|ý kiến(?: \\(?\\d+\\)?)?',
  'gửi bình luận|viết bình luận.*|(?:bấm |nhấn )?nghe (?:đọc )?(?:bài(?: viết| báo)?|tin|audio)?|nghe nội dung.*',
  'giọng (?:nữ|nam)(?: miền (?:bắc|nam|trung))?|tốc độ(?: đọc)?|tạm dừng|phát|play|pause|listen(?: to (?:this )?(?:article|story))?',
  '[\\d.]+x|\\d{1,2}:\\d{2}(?: ?\\/ ?\\d{1,2}:\\d{2})?|lượt xem:? ?[\\d.,]*|\\d+ lượt xem|aa|a[+-]|cỡ chữ|google news',
  'theo dõi (?:chúng tôi|.{1,40}) trên .{1,40}|đăng nhập.*|mới nhất|quay lại|về trang chủ|xem ảnh(?: lớn| gốc)?',
  'ảnh minh h(?:ọ|oạ|ọa)a?\\.?|loading\\.*|đang tải.*|video đang (?:được )?phát|trở lại chủ đề|in|e-?mail|print|tweet',
  'thứ \\w+, ?\\d.{0,20}|\\(xem: \\d+\\)',
])
/** A date line: weekday, time and day in any order, and nothing more. */
const dateLine =
  /^(?:(?:thứ \p{L}+|thứ \d|chủ nhật|cn|\p{L}{3,9}day|ngày|lúc|đăng|cập nhật)[\s,:|-]*){0,3}(?:\d{1,2}[:h]\d{2}(?::\d{2})?[\s,|-]*(?:ngày )?)?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[\s,|-]*(?:lúc )?(?:\d{1,2}[:h]\d{2}(?::\d{2})?)?[\s,|(]*(?:[ap]m)?[\s(]*(?:gmt|utc)? ?[+-]?\d{0,2}\)?$/iu
/** The same with the month in words. */
const dateInWords =
  /^(?:\p{L}{3,9}day,? )?(?:\d{1,2}(?:st|nd|rd|th|er|\.)? \p{L}{3,9}\.?,? \d{4}|\p{L}{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})(?:[,|–-]? ?(?:at )?\d{1,2}[:h.]\d{2}.{0,8})?$/iu
const fileName = /^[\w.() -]{1,80}\.(?:jpe?g|png|webp|gif|mp4|mp3)$/iu

/** Arrows that outlets set before a link to another article. */
const arrow = '>>+|»+|=>|→|▶|►|☞|👉|\\*|-|•|\\+'
/** Introduces links to other articles, on a line of its own or before them. */
const seeAlsoLabels = [
  'xem thêm|đọc thêm|xem tiếp|có thể bạn quan tâm|tin liên quan|bài (?:viết )?liên quan|tin bài liên quan|liên quan|tham khảo thêm',
  'mời (?:quý )?(?:bạn đọc|độc giả|bạn|quý vị) (?:xem|đọc|theo dõi|đón đọc).{0,40}|bạn đọc có thể xem|tin cùng chủ đề',
  'read more|see also|read also|also read|read next|related(?: articles?| stor(?:y|ies)| news| reading| content| posts?| coverage)?',
  'more on this (?:story|topic)|recommended|further reading|(?:if you .{1,30} )?you (?:may|might) also (?:like|be interested in).{0,20}',
  'lire aussi|à lire (?:aussi|également)|lire également|voir aussi|sur le même (?:sujet|thème)',
  'lesen sie (?:auch|mehr|dazu).*|mehr (?:zum thema|dazu)|zum (?:artikel|thema)|auch interessant|siehe auch|passend zum thema',
  'le[ae] también|leer (?:más|también)|(?:también )?(?:te|le) puede interesar|ver también|noticias? relacionadas?',
  'leia (?:também|mais)|veja (?:também|mais)|leggi anche|per approfondire|lees ook|läs (?:också|även|mer)|les også|læs også',
  'czytaj (?:też|także|również|więcej)|zobacz (?:też|także|również)|čtěte také|ilgili haber(?:ler)?|baca juga|lihat juga',
  'читайте (?:также|по теме|ещё|еще)|(?:материалы )?по теме|смотрите также|читайте також|дивіться також',
  '延伸阅读|(?:相关|推荐)(?:阅读|新闻|报道|链接|文章)|延伸閱讀|(?:相關|推薦)(?:閱讀|新聞|報導|報道|連結|文章)|更多(?:新闻|報導|报道|新聞)',
  '関連(?:記事|リンク|ニュース)|[あ合]わせて読みたい|관련\\s?(?:기사|뉴스)|함께 (?:보면|읽으면) 좋은 (?:기사|뉴스)',
  '(?:ข่าว|บทความ|เรื่อง)(?:ที่)?เกี่ยวข้อง|อ่าน(?:ข่าว)?เพิ่มเติม|อ่านข่าวอื่น.{0,10}|ຂ່າວທີ່ກ່ຽວຂ້ອງ|ອ່ານ(?:ເພີ່ມເຕີມ|ຕື່ມ)',
].join('|')
const seeAlso = new RegExp(`^(?:${arrow})?\\s*[[(（【]?(?:${seeAlsoLabels})[\\])）】]?\\s*(?:[:：].*|$)`, 'iu')
const arrowFirst = /^(?:>>+|»+|=>|→|▶|►|☞|👉)/u

/** Everything after such a heading belongs to other articles … */
const otherArticles = whole([
  'tin (?:cùng|khác|mới|nóng|đọc nhiều|nổi bật|tức khác|liên quan|bài khác).{0,30}|các (?:tin|bài)(?: viết)? (?:khác|liên quan|mới).{0,20}',
  'cùng (?:chuyên mục|chủ đề|tác giả)|(?:bài|tin) (?:viết )?(?:cùng|liên quan|mới).{0,25}|(?:đọc|xem) nhiều(?: nhất)?',
  'có thể bạn quan tâm|bạn có thể (?:quan tâm|thích)',
  'related (?:articles|stories|posts|news|content|coverage|reading)|most (?:read|popular|viewed)|more (?:from|stories|news).{0,40}|more in \\p{L}{2,20}',
  'you (?:may|might) also (?:like|be interested in).{0,20}|recommended (?:for you|stories)|(?:read|up) next|(?:top|latest|trending) (?:stories|news|articles)',
  'à lire (?:aussi|également)|sur le même (?:sujet|thème)|les plus lus|articles (?:liés|similaires)|dans la même rubrique',
  'mehr zum thema|(?:das könnte sie )?auch interess(?:ant|ieren)|meistgelesen|weitere (?:artikel|nachrichten|meldungen|themen)|lesen sie auch',
  '(?:noticias|artículos) relacionad[ao]s|(?:también )?te puede interesar|lo más (?:leído|visto)|más noticias|mais lidas|veja também|notícias relacionadas',
  'читайте также|(?:материалы|новости|статьи) по теме|похожие (?:новости|материалы|статьи)|(?:другие|последние) новости|самое читаемое',
  '热门(?:推荐|新闻|排行)|(?:相关|推荐)(?:新闻|阅读|报道|文章)|延伸阅读|熱門(?:推薦|新聞|排行)|(?:相關|推薦)(?:新聞|閱讀|報導|報道|文章)|延伸閱讀',
  '관련 ?(?:기사|뉴스)|(?:많이 본|인기|추천|주요) ?(?:기사|뉴스)|(?:関連|人気|新着|おすすめ)(?:記事|ニュース)|関連リンク|(?:アクセス)?ランキング',
  '(?:ข่าว|บทความ|เรื่อง)(?:ที่)?เกี่ยวข้อง|ข่าว(?:ล่าสุด|ยอดนิยม)|ຂ່າວທີ່ກ່ຽວຂ້ອງ|(?:berita|artikel) terkait|baca juga',
])
/** … or to readers and the house. */
const afterword = whole([
  'ý kiến (?:bạn đọc|của bạn)|bình luận(?: \\(?\\d+\\)?)?|gửi (?:ý kiến|bình luận|phản hồi).{0,20}|tags?:?|từ khóa:?|chủ đề:',
  'comments?(?: \\(\\d+\\))?|leave a (?:reply|comment)|about the authors?|关于我们|責任編輯.{0,20}|responsible editor.*',
])

/** Whether a text names what follows the article: the caller need not keep other unchosen blocks. */
export const opensOtherArticles = (text: string): boolean => text.length < 60 && otherArticles.test(text)
/** Whether a text opens what readers and the house say after an article. */
export const isAfterword = (text: string): boolean => text.length < 60 && afterword.test(text)
export const isSeeAlso = (text: string): boolean => seeAlso.test(text)
export const startsWithArrow = (text: string): boolean => arrowFirst.test(text)
export const isWidget = (text: string): boolean => widget.test(text)
export const isFileName = (text: string): boolean => fileName.test(text)
export const isDateLine = (text: string): boolean => dateLine.test(text) || dateInWords.test(text)

/** Whether a line is the page's furniture and no words of an article: labels, date lines, file names, links to others. */
export const isFurniture = (line: string): boolean =>
  [widget, dateLine, dateInWords, fileName, seeAlso, otherArticles, afterword].some((pattern) => pattern.test(line))
