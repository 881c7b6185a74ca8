/**
 * Articles that tell several events, or none: they join no story, and nothing joins them (a copy of one still joins its
 * original). Known by how their titles begin and by their form; the lists are of what newsrooms print over them.
 */

const END = String.raw`(?![\p{L}\p{M}])`
/** `17h`, `6h30`, `20h ngày 2.2`. */
const HOUR = String.raw`\d{1,2}\s?(?:h|giờ|g)(?:\d{2})?`
const DAY = String.raw`\d{1,2}\s?[-./]\s?\d{1,2}`
const PART = '(?:sáng|trưa|chiều|tối|đêm)'

/** Columns that tell several events: "Xem nhanh 12h: … | …", "Điểm tin sáng", "Tin tức đặc biệt trên báo in …". */
const COLUMNS: readonly string[] = [
  `(?:xem|đọc|lướt|nghe) nhanh${END}`,
  `(?:điểm|tóm tắt|tổng hợp) (?:tin|báo)${END}`,
  String.raw`tin (?:nhanh|vắn|ngắn|vắn tắt|trong ngày|24h|24/7|${PART} (?:nay|\d)|đáng chú ý|nổi bật|nóng(?: trong ngày| ngày)?)${END}(?! (?:về|vụ) )`,
  `tin tức (?:${PART}|đặc biệt|trong ngày|hôm nay|mới nhất|thế giới|quốc tế|24h|trong tuần|nổi bật|ngày)${END}(?! (?:về|vụ) )`,
  `bản tin(?! (?:sức khỏe|cảnh báo|dự báo|thời tiết|bão|lũ|khí tượng|động đất))${END}`,
  `toàn cảnh (?:${HOUR}|24h|trong ngày|tin tức|ngày ${DAY}|tuần)`,
  `(?:thời sự|chuyển động|nhịp sống|dòng sự kiện|dòng chảy) (?:24h|${HOUR}|${PART}|ngày ${DAY}|trong ngày|tuần qua|hôm nay)`,
  String.raw`(?:các |những |\d+ )?(?:tin|sự kiện|tin tức) (?:đáng chú ý|nổi bật|nóng)(?: nhất)? (?:trong |của )?(?:ngày|tuần|tháng|24h|sáng|chiều|tối|hôm nay)`,
  String.raw`(?:trung đông|ukraine|thế giới|trong nước|quốc tế) ${PART} ${DAY}\s?:`,
  '(?:news in brief|(?:morning|evening|daily|weekly|news) (?:briefing|digest|round-?up|bulletin|wrap)|(?:today|this week) in )',
  `(?:l['’]essentiel (?:de|du)|en bref|le journal (?:de|du)|revue de presse|les titres)${END}`,
  '(?:今日要闻|今日要聞|每日要闻|一周要闻|新闻早|早报|晚报|早報|晚報|新闻联播|新聞懶人包|要闻速览|主なニュース|今日のニュース|ニュース一覧|오늘의 (?:주요 ?)?뉴스|주요 ?뉴스|간추린 ?뉴스|이 시각 뉴스)',
]
/** Columns that come every day whatever happens: lottery results, horoscopes, tables of matches, cuts of water and power. */
const ROUTINE: readonly string[] = [
  '(?:kết quả |trực tiếp )?xổ số (?:miền|kiến thiết miền|vietlott|hôm nay|ngày)',
  'kết quả xổ số',
  `(?:tử vi|lịch âm|lịch vạn niên|con số may mắn)${END}`,
  'lịch (?:thi đấu|trực tiếp|phát sóng|truyền hình|cúp điện|cúp nước|ngừng cấp điện)',
  'bảng xếp hạng',
]
const opening = (forms: readonly string[]): RegExp =>
  new RegExp(
    `^[\\s"'“”‘’[(【]*(?:(?:trực tiếp|video|clip|ảnh)\\s?[\\])】:|-]\\s*)?(?:\\d{1,2}[./-]\\d{1,2}\\s*[:,-]\\s*)?(?:${forms.join('|')})`,
    'iu',
  )
const OPENING = opening([...COLUMNS, ...ROUTINE])
const COLUMN = opening(COLUMNS)
/** What stands between two headlines. */
const BETWEEN = /\S\s?(?:\||[;；])\s?\S/u
/** Several headlines in one: parted by bars, or two bars' worth of semicolons after a colon. */
const SEVERAL = /(?:^|\S)\s\|\s.*\S\s\|\s\S|:\s[^;|]{12,};\s[^;|]{12,};\s[^;|]{12,}/u

export const isRoundUp = (title: string): boolean => {
  const plain = title.normalize('NFC').trim()
  return OPENING.test(plain) || SEVERAL.test(plain)
}

/**
 * Whether a title is that of a column and names several events. Narrower than `isRoundUp`, which only keeps an article out of
 * stories: what is no matter of its own in a report must surely be one of many, and "Tổng hợp tin bão: Lào Cai 9 người chết"
 * tells one event.
 */
export const tellsSeveral = (title: string): boolean => {
  const plain = title.normalize('NFC').trim()
  return COLUMN.test(plain) && BETWEEN.test(plain)
}

/** Whether a story counts as one. Of columns only it tells no event of its own, unless a person gave it a title. */
export const tellsOneEvent = (articles: readonly { readonly title: string }[], named: boolean): boolean =>
  named || !articles.every(({ title }) => tellsSeveral(title))
