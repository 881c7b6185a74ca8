import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokens } from '../pipeline/features.ts'

/** What a word is, read by a pattern alone; digits apart. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}]+/gu

const piece = fc.oneof(
  fc.constantFrom(
    'Lào Cai',
    'ĐƯỜNG',
    'a\u0301',
    '“',
    '”',
    '…',
    ' ',
    '\n',
    '漢字',
    'ラオ・カイ',
    'ไทย',
    'ລາວ',
    '한국',
    '𠮷',
    '😀',
  ),
  fc.constantFrom('abc漢', 'Σίσυφος', 'ΟΔΟΣ', 'İzmir', 'Лаокай', '\ud800', '\udc00', '々', 'ﬁ'),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
)

test('words are those of the pattern in every script, whichever way they are read', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('').replace(/\p{Nd}/gu, '-')),
      (text) => {
        const read = tokens(text).map(({ text: lower, from, to, kind }) => [lower, from, to, kind])
        expect(read).toEqual(
          Array.from(text.matchAll(WORD), ({ 0: word, index }) => [
            word.toLowerCase(),
            index,
            index + word.length,
            'word',
          ]),
        )
      },
    ),
    { numRuns: 2000 },
  )
})

test('capitals, what stands between, numbers and dates are told', () => {
  const told = tokens('Sáng 29/9, Đặng Thị Mây. Mưa 1.200 mm\nở Sa Pa').map((token) =>
    [
      token.text,
      token.kind === 'word' ? '' : token.kind,
      token.capital ? 'capital' : '',
      token.joined ? 'joined' : '',
      token.opening ? 'opening' : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  )
  expect(told).toEqual([
    'sáng capital opening',
    '@29/9 date joined',
    'đặng capital',
    'thị capital joined',
    'mây capital joined',
    'mưa capital opening',
    '1200 number joined',
    'mm joined',
    'ở opening',
    'sa capital joined',
    'pa capital joined',
  ])
})
