import { describe, expect, test } from 'vitest'
import { factsOf } from '../pipeline/facts.ts'
import { verify, verifySentence } from '../pipeline/verify.ts'

// A sample text written for these tests.
const SOURCE = {
  text: [
    'Ngày 5 tháng 10 năm 2025, mưa lớn làm 8 người ở xã Mây Trắng bị thương, 1.200 ngôi nhà bị ngập.',
    'Ông Lò Văn Bình, Chủ tịch xã, nói: “Chúng tôi đã sơ tán 350 hộ trong đêm”.',
    'Sản lượng ngô năm nay tăng 8,02 % so với năm trước; tỉnh chi 1,5 tỉ đồng sửa kênh.',
  ].join('\n'),
  outlet: 'Báo Sương Mai',
  published: '2025-10-06T02:00:00.000Z',
}
const problems = (sentence: string) => verifySentence(sentence, [SOURCE]).map(({ kind, text }) => `${kind}: ${text}`)

describe('true sentences pass in other forms', () => {
  test.each([
    'Mưa lớn ngày 05/10/2025 khiến 8 người ở xã Mây Trắng bị thương.',
    'Hôm 5/10, tám người bị thương vì mưa lớn.',
    'Có 1200 ngôi nhà bị ngập.',
    'Sản lượng ngô tăng 8.02% so với năm trước.',
    'Tỉnh chi 1.500.000.000 đồng sửa kênh.',
    'Theo ông Lò Văn B., “Chúng tôi đã sơ tán 350 hộ trong đêm”.',
    'Ông L.V.B. cho biết đã sơ tán 350 hộ.',
    'Theo Báo Sương Mai ngày 06/10/2025, 1.200 ngôi nhà bị ngập.',
    'Xa May Trang co 8 nguoi bi thuong.',
  ])('%s', (sentence) => expect(problems(sentence)).toEqual([]))
})

describe('what the cited text does not have is a problem', () => {
  test.each([
    ['Mưa lớn làm 9 người bị thương.', 'number: 9'],
    ['Mưa lớn làm chín người bị thương.', 'number: chín'],
    // The number stands there, but for houses.
    ['Mưa lớn làm 1.200 người bị thương.', 'number: 1.200'],
    ['Sản lượng ngô tăng 8,2 % so với năm trước.', 'number: 8,2'],
    ['Mưa lớn ngày 06/11 làm 8 người bị thương.', 'date: 06/11'],
    ['Ngày 5 tháng 10 năm 2024, 8 người bị thương.', 'date: Ngày 5 tháng 10 năm 2024'],
    ['Theo ông Lò Văn Minh, 8 người bị thương.', 'name: Lò Văn Minh'],
    ['Ông L.V.M. cho biết đã sơ tán 350 hộ.', 'name: Ông L.V.M'],
    ['Ông Bình nói: “Chúng tôi chưa sơ tán 350 hộ trong đêm”.', 'quotation: Chúng tôi chưa sơ tán 350 hộ trong đêm'],
  ])('%s', (sentence, problem) => expect(problems(sentence)).toContain(problem))

  test('a number that took another’s place in the same sentence is found', () => {
    const source = { text: 'Nhiệt độ cao nhất từ 27 đến 30 độ ở vùng thấp.\nVùng cao rét, có nơi 9 độ.' }
    const [found] = verifySentence('Nhiệt độ cao nhất từ 27 đến 27 độ ở vùng thấp.', [source])
    expect(found).toMatchObject({ kind: 'number', text: '27', instead: '30' })
  })

  test('a sentence without a citation is itself a problem', () => {
    expect(verify([{ text: 'Mưa lớn.', sources: [] }])).toEqual([
      [{ kind: 'citation', text: 'Mưa lớn.', from: 0, to: 8, instead: null }],
    ])
  })
})

test('an extract passes as it stands, whatever it holds', () => {
  for (const line of SOURCE.text.split('\n')) expect(verifySentence(line, [SOURCE])).toEqual([])
})

test('facts are read with their places', () => {
  const text = 'Sáng 29.9, hai mươi tư hộ nhận 1,5 triệu đồng; 12.5 điểm.'
  const { numbers, dates } = factsOf(text)
  expect(numbers.map(({ value, text: printed }) => [value, printed])).toEqual([
    [24, 'hai mươi tư'],
    [1_500_000, '1,5 triệu'],
    [12.5, '12.5'],
  ])
  expect(dates).toMatchObject([{ day: 29, month: 9, year: null }])
  for (const { from, to, text: printed } of [...numbers, ...dates]) expect(text.slice(from, to)).toBe(printed)
})
