/** A column that tells several events ("Xem nhanh 12h: … | …", "Điểm tin sáng"): a story of its own, which nothing joins. */
const ROUND_UP =
  /^(?:xem nhanh|điểm tin|điểm báo|tin nhanh|tin vắn|bản tin (?:sáng|trưa|chiều|tối|cuối ngày)|tin (?:sáng|trưa|chiều|tối) \d|news in brief)\b/iu

export const isRoundUp = (title: string): boolean => ROUND_UP.test(title.trim())
