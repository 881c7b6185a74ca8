import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBoilerplate, isRealChange, normalWords, type Reading } from '../pipeline/real-change.ts'

/** Sample sentences, written by us. */
const sentences = [
  'Mưa lớn từ đêm 12/9 làm sạt lở đất tại xã Bát Xát, tỉnh Lào Cai.',
  'Chính quyền đã di dời 45 hộ dân đến nơi an toàn trong sáng nay.',
  'Ông chủ tịch xã cho biết đường đã thông trở lại lúc 17 giờ 30.',
  'Thiệt hại ước tính 1,2 tỷ đồng, chưa kể hoa màu.',
  'Lực lượng chức năng khuyến cáo người dân không qua ngầm tràn.',
]
const reading = (change: Partial<Reading> = {}): Reading => ({
  title: 'Sạt lở ở Bát Xát, 45 hộ phải di dời',
  lead: 'Mưa lớn kéo dài gây sạt lở tại nhiều nơi của tỉnh.',
  text: sentences.join('\n'),
  ...change,
})

describe('isRealChange', () => {
  it.each([
    ['white space and another split into paragraphs', { text: sentences.join('  ') }],
    ['another Unicode form', { text: sentences.join('\n').normalize('NFD') }],
    ['typographic quotes and dashes', { title: 'Sạt lở ở Bát Xát – 45 hộ phải “di dời”' }],
    ['capitals', { title: 'SẠT LỞ Ở BÁT XÁT, 45 HỘ PHẢI DI DỜI' }],
    [
      'no-break spaces and soft hyphens',
      { text: sentences.join('\n').replaceAll(' ', '\u00a0').replace('Mưa', 'Mư\u00ada') },
    ],
    ['the lead at the head of the text', { lead: null, text: `${reading().lead}\n${reading().text}` }],
    ['the lead both apart and in the text', { text: `${reading().lead}\n${reading().text}` }],
    ['the title repeated in the text', { text: `${reading().title}\n${reading().text}` }],
    ['a relative time', { text: `Cập nhật 5 phút trước\n${reading().text}` }],
    ['counters and share bars', { text: `${reading().text}\n1.204 lượt xem\nChia sẻ 12 bình luận` }],
    ['related links', { text: `${reading().text}\nXem thêm: Lào Cai đón 5 triệu lượt khách` }],
    ['an advertisement', { text: reading().text.replace('\n', '\nQuảng cáo\n') }],
  ])('no change: %s', (_name, change) => {
    expect(isRealChange(reading(), reading(change))).toBe(false)
    expect(isRealChange(reading(change), reading())).toBe(false)
  })

  it.each([
    ['a figure', { text: reading().text.replace('45 hộ', '46 hộ') }],
    ['a decimal point', { text: reading().text.replace('1,2 tỷ', '12 tỷ') }],
    ['a tone mark', { text: reading().text.replace('khuyến cáo', 'khuyên cáo') }],
    ['a negation', { text: reading().text.replace('dân không qua', 'dân qua') }],
    ['the title', { title: 'Sạt lở ở Bát Xát, 45 hộ đã về nhà' }],
    ['the lead', { lead: 'Mưa lớn kéo dài gây sạt lở tại hai nơi của tỉnh.' }],
    ['a paragraph more', { text: `${reading().text}\nĐến trưa 13/9, xã Trịnh Tường cũng bị cô lập.` }],
    ['a paragraph less', { text: sentences.slice(0, -1).join('\n') }],
    [
      'a sentence that begins like a link',
      {
        text: `${reading().text}\nLiên quan: đến vụ việc, cơ quan chức năng đã mời 3 người lên làm việc trong chiều nay.`,
      },
    ],
  ])('a change: %s', (_name, change) => {
    expect(isRealChange(reading(), reading(change))).toBe(true)
    expect(isRealChange(reading(change), reading())).toBe(true)
  })

  it('does not take another means of reading for an edit, as long as only whole paragraphs come or go', () => {
    const long = Array.from({ length: 4 }, () => sentences)
      .flat()
      .map((sentence, at) => `${sentence} (đoạn ${at})`)
    const before = reading({ text: long.join('\n'), by: { title: 'rule', text: 'rule' } })
    const caption = 'Hiện trường vụ sạt lở nhìn từ trên cao, ảnh do người dân cung cấp.'
    const other = { title: 'Sạt lở ở Bát Xát, 45 hộ phải di dời | Báo mẫu', by: { title: 'meta', text: 'model' } }
    const after = reading({ ...other, text: [...long.slice(0, 3), caption, ...long.slice(3)].join('\n') })
    expect(isRealChange(before, after)).toBe(false)
    expect(isRealChange(before, { ...after, by: before.by ?? {} })).toBe(true)
    expect(isRealChange(before, { ...after, text: after.text.replace('45 hộ', '46 hộ') })).toBe(true)
    expect(isRealChange(before, { ...after, text: long.slice(0, 10).join('\n') })).toBe(true)
  })

  it('reads scripts without spaces', () => {
    const zh = reading({
      title: '老街省发生山体滑坡',
      lead: null,
      text: '老街省坝洒县发生山体滑坡，45户居民被转移。\n当局称道路已恢复通行。',
    })
    expect(isRealChange(zh, { ...zh, text: zh.text.replace('\n', '') })).toBe(false)
    expect(isRealChange(zh, { ...zh, text: `${zh.text}\n5分钟前\n阅读 1204` })).toBe(false)
    expect(isRealChange(zh, { ...zh, text: zh.text.replace('45', '46') })).toBe(true)
    expect(isRealChange(zh, { ...zh, text: zh.text.replace('已恢复', '未恢复') })).toBe(true)
  })
})

describe('properties', () => {
  const furniture = fc.oneof(
    fc.nat(50_000).map((n) => `${n} lượt xem`),
    fc.nat(59).map((n) => `${n + 1} phút trước`),
    fc.nat(59).map((n) => `Cập nhật ${n + 1} giờ trước`),
    fc.nat(400).map((n) => `Bình luận (${n})`),
    fc.nat(400).map((n) => `${n} shares`),
    fc.constantFrom(
      'Quảng cáo',
      'Chia sẻ',
      'Facebook',
      'Lưu bài',
      'Advertisement',
      '  ',
      'Xem thêm: Chợ phiên Bắc Hà',
      'Tin liên quan',
    ),
  )
  const text = fc.array(fc.constantFrom(...sentences), { minLength: 1, maxLength: 12 })

  it('furniture added anywhere is never a change', () => {
    fc.assert(
      fc.property(text, fc.array(fc.tuple(fc.nat(), furniture), { minLength: 1, maxLength: 6 }), (lines, added) => {
        const after = [...lines]
        for (const [at, line] of added) after.splice(at % (after.length + 1), 0, line)
        expect(isRealChange(reading({ text: lines.join('\n') }), reading({ text: after.join('\n') }))).toBe(false)
      }),
    )
  })

  it('another figure in a sentence always is one', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 1, max: 9 }), (lines, at, by) => {
        const before = lines.join('\n')
        const digits = [...before.matchAll(/\d/g)]
        const digit = digits[at % Math.max(1, digits.length)]
        fc.pre(digit !== undefined)
        const { index } = digit as RegExpMatchArray & { index: number }
        const changed = (Number(before[index]) + by) % 10
        const after = before.slice(0, index) + changed + before.slice(index + 1)
        expect(isRealChange(reading({ text: before }), reading({ text: after }))).toBe(true)
      }),
    )
  })

  it('is symmetric, and false for a text against itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(isRealChange(reading({ text: a }), reading({ text: a }))).toBe(false)
        const there = isRealChange(reading({ text: a }), reading({ text: b }))
        expect(isRealChange(reading({ text: b }), reading({ text: a }))).toBe(there)
      }),
    )
  })
})

describe('what it reads', () => {
  it('keeps sign, point and colon of figures', () => {
    expect(normalWords('−3 °C, 1.200 người, lúc 17:30, 5 %, 2–3 ngày')).toEqual([
      '-3',
      'c',
      '1.200',
      'người',
      'lúc',
      '17:30',
      '5',
      '2',
      '3',
      'ngày',
    ])
  })

  it('knows furniture from sentences with the same words', () => {
    for (const line of [
      '5 phút trước',
      'Cập nhật: 2 giờ trước',
      '3 hours ago',
      '12 bình luận',
      'Lượt xem: 1.204',
      '25分钟前',
      '>> Mưa lũ ở Yên Bái',
    ])
      expect(isBoilerplate(line), line).toBe(true)
    for (const line of [
      'Xe lao xuống vực 5 phút trước khi đội cứu hộ tới.',
      'Ông thích 3 bình luận của dân.',
      'Chia sẻ khó khăn với bà con vùng lũ',
    ])
      expect(isBoilerplate(line), line).toBe(false)
  })
})
