import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCopyWindow, credit, credits } from '../pipeline/duplicates.ts'
import { fold } from '../pipeline/features.ts'

// Sample articles written for these tests.
const FLOOD = [
  'Mưa lớn từ đêm 29/9 làm nước suối Mẫu dâng nhanh, tràn vào hơn bốn mươi căn nhà ở hai bên bờ.',
  'Đến sáng, lực lượng xung kích của xã đã đưa toàn bộ người già và trẻ em lên nhà văn hóa thôn.',
  'Chủ tịch xã cho biết đường vào thôn bị sạt ba đoạn, xe máy chưa thể đi qua.',
  'Điện được cắt từ nửa đêm để bảo đảm an toàn, dự kiến chiều nay mới có lại.',
  'Trạm y tế xã cử hai tổ lưu động mang thuốc và nước sạch vào từng nhà.',
  'Theo dự báo, mưa còn kéo dài đến hết ngày mai, nguy cơ lũ quét ở các xã vùng cao vẫn rất cao.',
  'Huyện đề nghị người dân không vớt củi trên suối và không trở về nhà khi chưa có thông báo.',
  'Ngành giáo dục cho học sinh sáu trường nghỉ học hai ngày để dọn bùn và kiểm tra phòng học.',
]
const TOURISM = [
  'Lượng khách lên thị xã vùng cao dịp cuối tuần tăng gần gấp đôi so với tháng trước.',
  'Các cơ sở lưu trú kín phòng từ thứ sáu, nhiều nhà nghỉ phải từ chối khách đến muộn.',
  'Ngành du lịch lập đường dây nóng để tiếp nhận phản ánh về giá phòng và dịch vụ vận chuyển.',
  'Ban quản lý khu du lịch bố trí thêm bãi đỗ xe và hướng dẫn viên ở các điểm tham quan.',
  'Lễ hội mùa thu sẽ khai mạc tối thứ bảy với phần trình diễn khèn, múa xòe và chợ phiên.',
]
let minute = 0
const published = () => new Date(Date.UTC(2025, 8, 30, 0, minute++)).toISOString()
const article = (id: string, title: string, text: string, outlet: string, url?: string) => ({
  id,
  title,
  text,
  outlet,
  published: published(),
  url,
})

describe('copies', () => {
  test('a reprint under another title, with another lead, cut and without accents names its original', () => {
    const window = createCopyWindow({ days: 30 })
    window.add(article('a', 'Lũ tràn vào hơn bốn mươi nhà dân', FLOOD.join('\n'), 'Báo A'))
    window.add(article('t', 'Khách du lịch tăng gấp đôi', TOURISM.join('\n'), 'Báo A'))
    const titled = window.add(article('b', 'Nước suối dâng trong đêm, cả thôn chạy lũ', FLOOD.join('\n'), 'Báo B'))
    expect(titled.copyOf).toBe('a')
    const cut = `Sáng nay, thôn bên suối vẫn chưa có điện sau trận lũ trong đêm.\n${FLOOD.slice(1, 5).join('\n')}`
    expect(window.add(article('c', 'Thôn cô lập', cut, 'Báo C')).copyOf).toBe('a')
    expect(window.add(article('d', 'Lu tran vao nha dan', fold(FLOOD.slice(0, 6).join('\n')), 'Báo D')).copyOf).toBe(
      'a',
    )
  })

  test('another report of the same event in its own words is no copy', () => {
    const window = createCopyWindow({ days: 30 })
    window.add(article('a', 'Lũ tràn vào nhà dân', FLOOD.join('\n'), 'Báo A'))
    const own = [
      'Hơn bốn mươi hộ ven suối Mẫu phải bỏ nhà chạy trong đêm khi nước lên quá nhanh.',
      'Bà con được đón về nhà văn hóa, nhận mì tôm và chăn ấm từ các đoàn thể của xã.',
      'Ba điểm sạt lở chặn đường vào thôn, đoàn công tác phải đi bộ gần hai giờ.',
    ].join('\n')
    expect(window.add(article('b', 'Chạy lũ trong đêm', own, 'Báo B')).copyOf).toBeNull()
  })

  test('a later version of one address is a version, not a copy, and copies of it name the first', () => {
    const window = createCopyWindow({ days: 30 })
    const url = 'https://bao-a.example/lu-quet-100.html'
    window.add(article('a', 'Lũ quét', FLOOD.join('\n'), 'Báo A', url))
    const again = window.add(
      article('a2', 'Lũ quét (cập nhật)', FLOOD.join('\n'), 'Báo A', `${url}?utm_source=feed#top`),
    )
    expect(again).toMatchObject({ copyOf: null, versionOf: 'a' })
    const elsewhere = article(
      'b',
      'Lũ quét',
      FLOOD.join('\n'),
      'Báo A',
      'https://bao-a.example/xa-hoi/lu-quet-101.html',
    )
    expect(window.add(elsewhere).copyOf).toBe('a')
  })

  test('the credited agency is the original even when it comes in late', () => {
    const window = createCopyWindow({ days: 30 })
    window.add(article('a', 'Lũ tràn vào nhà dân', `${FLOOD.join('\n')}\nTheo TTXVN`, 'Báo A'))
    const agency = window.add(article('w', 'Lũ tràn vào nhà dân', FLOOD.join('\n'), 'Thông tấn xã Việt Nam'))
    expect(agency).toMatchObject({ copyOf: null, originalOf: ['a'] })
    expect(window.add(article('b', 'Lũ lớn', FLOOD.join('\n'), 'Báo B')).copyOf).toBe('w')
  })

  test('a restored window decides as the one that was running', () => {
    const first = createCopyWindow({ days: 30 })
    const original = article('a', 'Lũ tràn vào nhà dân', FLOOD.join('\n'), 'Báo A')
    first.add(original)
    const second = createCopyWindow({ days: 30 })
    second.restore(original, null)
    const reprint = article('b', 'Lũ', FLOOD.join('\n'), 'Báo B')
    expect(second.add(reprint)).toEqual(first.add(reprint))
  })

  test('what left the window is forgotten', () => {
    const window = createCopyWindow({ days: 2 })
    window.add(article('a', 'Lũ tràn vào nhà dân', FLOOD.join('\n'), 'Báo A'))
    for (let i = 0; i < 2500; i++) {
      const late = new Date(Date.UTC(2025, 9, 20, 0, i)).toISOString()
      window.add({
        id: `x${i}`,
        title: `Tin số ${i}`,
        text: `Sự kiện ${i} ở điểm ${i * 7}`,
        outlet: 'B',
        published: late,
      })
    }
    const late = { ...article('b', 'Lũ', FLOOD.join('\n'), 'Báo B'), published: '2025-10-22T00:00:00.000Z' }
    expect(window.add(late).copyOf).toBeNull()
  })

  test('any part of at least half of the sentences, in order, is found', () => {
    fc.assert(
      fc.property(fc.subarray([...FLOOD.keys()], { minLength: FLOOD.length / 2 }), fc.boolean(), (kept, bare) => {
        const window = createCopyWindow({ days: 30 })
        window.add(article('a', 'Lũ tràn vào nhà dân', FLOOD.join('\n'), 'Báo A'))
        const text = kept.map((i) => FLOOD[i]).join('\n')
        expect(window.add(article('b', 'Tin lũ', bare ? fold(text) : text, 'Báo B')).copyOf).toBe('a')
      }),
      { numRuns: 60 },
    )
  })
})

test('credits are read as printed and matched to the outlet they mean', () => {
  expect(credit('Nước đang rút.\nTheo TTXVN')).toBe('TTXVN')
  expect(credit('Lào Cai (TTXVN) - Mưa lớn gây sạt lở.')).toBe('TTXVN')
  expect(credit('Nước rút chậm.\nNguồn: Báo Sương Mai')).toBe('Báo Sương Mai')
  expect(credit('Theo dự báo, mưa còn kéo dài.')).toBeNull()
  expect(credits('TTXVN', 'Thông tấn xã Việt Nam')).toBe(true)
  expect(credits('Báo Sương Mai', 'Sương Mai')).toBe(true)
  expect(credits('Sương Mai', 'Báo Sương Mai (bản điện tử)')).toBe(true)
  expect(credits('TTXVN', 'Sương Mai')).toBe(false)
})
