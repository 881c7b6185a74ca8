import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitSentences } from '../pipeline/sentences.ts'

const split = (text: string, language = 'vi') =>
  splitSentences(text, language).map(({ from, to }) => text.slice(from, to))

describe('splitSentences', () => {
  it.each([
    [
      'Sáng 3/9, TP. Lào Cai có 1.200 người dự. Ông B. cho biết: “Tốt lắm!” Th.S Nguyễn Văn C. nói vậy. Hết… Rồi.',
      [
        'Sáng 3/9, TP. Lào Cai có 1.200 người dự.',
        'Ông B. cho biết: “Tốt lắm!”',
        'Th.S Nguyễn Văn C. nói vậy.',
        'Hết…',
        'Rồi.',
      ],
    ],
    [
      'UBND TX. Sa Pa, H. Bát Xát và Q.1 họp. PGS.TS. Lê An dự.',
      ['UBND TX. Sa Pa, H. Bát Xát và Q.1 họp.', 'PGS.TS. Lê An dự.'],
    ],
    [
      'Tổng vốn 3.500 tỷ đồng. Năm 2025 tăng 12,5%. 15 xã tham gia.',
      ['Tổng vốn 3.500 tỷ đồng.', 'Năm 2025 tăng 12,5%.', '15 xã tham gia.'],
    ],
    ['“Chúng tôi đã sẵn sàng.” Ông nói thêm.', ['“Chúng tôi đã sẵn sàng.”', 'Ông nói thêm.']],
    ['“Sao vậy?”, ông hỏi. Không ai đáp!', ['“Sao vậy?”, ông hỏi.', 'Không ai đáp!']],
    [
      'Mưa lớn kéo dài.Nhiều tuyến đường sạt lở. Xem tại www.bao.example.vn để biết.',
      ['Mưa lớn kéo dài.', 'Nhiều tuyến đường sạt lở.', 'Xem tại www.bao.example.vn để biết.'],
    ],
    ['Đoạn một\nĐoạn hai. Hết', ['Đoạn một', 'Đoạn hai.', 'Hết']],
    ['Trạm TP.HCM báo tin. Xong.', ['Trạm TP.HCM báo tin.', 'Xong.']],
  ])('%s', (text, expected) => {
    expect(split(text)).toEqual(expected)
  })

  it('splits Chinese, Japanese and Korean', () => {
    expect(split('老街省今天开会。他说：“很好。”明天见！好', 'zh')).toEqual([
      '老街省今天开会。',
      '他说：“很好。”',
      '明天见！',
      '好',
    ])
    expect(split('雨が降った。「大丈夫です。」と話した。', 'ja').join('')).toBe(
      '雨が降った。「大丈夫です。」と話した。',
    )
    expect(split('비가 왔다. 세 명이 숨졌다.', 'ko')).toEqual(['비가 왔다.', '세 명이 숨졌다.'])
  })

  it('splits English and French', () => {
    expect(split('Mr. Smith went to the U.S. capital. He paid $3.5 million. Really?', 'en')).toEqual([
      'Mr. Smith went to the U.S. capital.',
      'He paid $3.5 million.',
      'Really?',
    ])
    expect(split('M. Dupont est à Sa Pa. Il pleut.', 'fr')).toEqual(['M. Dupont est à Sa Pa.', 'Il pleut.'])
  })

  it('covers everything but white space, in order, for any text', () => {
    const piece = fc.oneof(
      fc.constantFrom('. ', '.', '! ', '”', '“', 'TP. ', '1.200', 'Ông ', 'a', '。', '\n', ' ', '…', '?'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom('vi', 'zh', 'th', null), (pieces, language) => {
        const text = pieces.join('')
        const spans = splitSentences(text, language)
        let end = 0
        for (const { from, to } of spans) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeGreaterThan(from)
          expect(text.slice(end, from).trim()).toBe('')
          end = to
        }
        expect(text.slice(end).trim()).toBe('')
      }),
    )
  })
})
