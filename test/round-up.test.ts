import { describe, expect, test } from 'vitest'
import { isRoundUp, tellsSeveral } from '../pipeline/round-up.ts'

// Titles made up for this test, in the forms that newsrooms use.
describe('round-ups', () => {
  test.each([
    'Tin tức sáng 9-12: Đường Tả Van thông xe; thêm hai trường học mở lại',
    'Tin tức đặc biệt trên báo in số mẫu 7.12',
    'Tin tức trong ngày: mưa lũ ở Sa Pa',
    'Tin tức thế giới 4-2: bầu cử; động đất',
    'Điểm báo sáng 3/10: nhiều báo viết về lũ ở Lào Cai',
    'ĐIỂM TIN 8h: Lũ rút ở Bảo Yên; cửa khẩu mở lại',
    'Bản tin 18h: Lào Cai mưa lớn',
    'Bản tin tối: cầu mới qua sông Chảy',
    'Toàn cảnh 17h: Lũ rút | Cửa khẩu mở lại',
    'Xem nhanh 20h ngày 2.2: Chợ phiên mở lại',
    '[TRỰC TIẾP] XEM NHANH 12H: Lũ rút ở Bảo Yên',
    'Đọc nhanh 3-3: Giá quế tăng; chè được mùa',
    '5 tin đáng chú ý trong ngày ở Lào Cai',
    'Thời sự 24h: sạt lở ở Bát Xát',
    'Lũ ở Sa Pa | Giá quế tăng | Chợ phiên mở lại',
    'Kết quả xổ số miền Bắc hôm nay',
    'Tử vi ngày 21 tháng 3',
    'News in brief: flood in Sa Pa',
    'Morning briefing: border gate reopens',
    '今日要闻：老街省洪水',
    '오늘의 주요 뉴스: 라오까이 홍수',
  ])('%s', (title) => expect(isRoundUp(title)).toBe(true))

  test.each([
    'Tin mới nhất về lũ quét ở Tả Van',
    'Tin tức mới nhất vụ lật xe trên đèo Ô Quy Hồ',
    'Toàn cảnh vụ lũ quét ở Tả Van',
    'Bản tin cảnh báo lũ quét, sạt lở đất tại Lào Cai',
    'Bản tin dự báo thời tiết: rét đậm ở vùng núi Bắc Bộ',
    'Điểm tựa của bản làng sau lũ',
    'Tin vui cho người trồng quế Văn Yên',
    'Lịch sử lũ lụt trên sông Thao',
    'Xem xét cho xe tải qua cửa khẩu Kim Thành',
    'Flood in Sa Pa leaves two missing',
    '[TRỰC TIẾP] Xem trận chung kết đua ngựa Bắc Hà',
    '老街省沙坝洪水致两人失踪',
  ])('no round-up: %s', (title) => expect(isRoundUp(title)).toBe(false))
})

describe('columns that surely tell several events', () => {
  test.each([
    'Toàn cảnh 17h: Lũ rút | Cửa khẩu mở lại',
    'Điểm tin 6h: Lũ quét ở Lào Cai; giá vàng tăng',
    '[TRỰC TIẾP] XEM NHANH 12H: Lũ rút ở Bảo Yên | Cập nhật vụ lật xe',
    '今日要闻：老街省洪水；河口口岸恢复通关',
  ])('%s', (title) => expect(tellsSeveral(title)).toBe(true))

  test.each([
    'Lũ quét ở Lào Cai, 5 người mất tích | Xã hội | Báo mẫu',
    'Bão số 10: Lào Cai sạt lở nhiều nơi; 3 người chết ở Sa Pa; quốc lộ 70 tê liệt',
    'Tổng hợp tin bão số 10: Lào Cai 9 người chết',
    'Bản tin cháy rừng ở Sa Pa',
    'Bảng xếp hạng PCI 2025: Lào Cai tăng bậc | Kinh tế',
    'Lịch cúp điện ở Lào Cai; nơi nào mất điện lâu',
  ])('one event, or none: %s', (title) => expect(tellsSeveral(title)).toBe(false))
})
