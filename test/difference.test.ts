import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceOf, folded, type Segment } from '../pipeline/difference.ts'

const side = (segments: readonly Segment[], without: 'added' | 'removed'): string =>
  segments.flatMap(({ kind, text }) => (kind === without ? [] : [text])).join('')

describe('differenceOf', () => {
  it('shows the words that changed', () => {
    expect(differenceOf('Có 45 hộ phải di dời.', 'Có 46 hộ đã di dời.', 'vi')).toEqual([
      { kind: 'same', text: 'Có ' },
      { kind: 'removed', text: '45' },
      { kind: 'added', text: '46' },
      { kind: 'same', text: ' hộ ' },
      { kind: 'removed', text: 'phải' },
      { kind: 'added', text: 'đã' },
      { kind: 'same', text: ' di dời.' },
    ])
  })

  it('keeps a changed phrase whole', () => {
    expect(differenceOf('do mưa lớn gây ra', 'do xả lũ gây ra', 'vi')).toEqual([
      { kind: 'same', text: 'do ' },
      { kind: 'removed', text: 'mưa lớn' },
      { kind: 'added', text: 'xả lũ' },
      { kind: 'same', text: ' gây ra' },
    ])
  })

  it('cuts scripts without spaces at words', () => {
    const segments = differenceOf('老街省发生山体滑坡', '老街省发生洪水', 'zh')
    expect(segments[0]).toEqual({ kind: 'same', text: '老街省发生' })
    expect(segments.slice(1).map(({ kind }) => kind)).toEqual(['removed', 'added'])
  })

  it('joins to both texts again, whatever they are', () => {
    const words = fc
      .array(fc.constantFrom('Lào', 'Cai', 'mưa', '45', '.', ',', ' ', '  ', '\n', '“', '老街', 'ラオ'))
      .map((parts) => parts.join(' '))
    fc.assert(
      fc.property(words, words, fc.constantFrom('vi', 'zh', 'ja', 'th'), (a, b, language) => {
        const segments = differenceOf(a, b, language)
        expect(side(segments, 'added')).toBe(a)
        expect(side(segments, 'removed')).toBe(b)
      }),
    )
  })

  it('gives up counting for texts that have nothing in common', () => {
    const words = (name: string): string => Array.from({ length: 20_000 }, (_, n) => `${name}${n}`).join(' ')
    const segments = differenceOf(words('a'), words('b'), 'vi')
    expect(segments.map(({ kind }) => kind)).toEqual(['removed', 'added'])
  })
})

describe('folded', () => {
  const many = Array.from({ length: 100 }, (_, n) => `từ${n}`).join(' ')

  it('leaves out what is far from any change, and says how much', () => {
    const shown = folded(differenceOf(`${many} cũ ${many}`, `${many} mới ${many}`, 'vi'), 'vi', 10)
    expect(shown.map(({ kind }) => kind)).toEqual(['folded', 'same', 'removed', 'added', 'same', 'folded'])
    expect(shown[0]).toMatchObject({ words: 90 })
    expect(
      shown
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join(''),
    ).toBe(`${many} cũ ${many}`)
  })

  it('folds nothing short', () => {
    const segments = differenceOf('một hai ba', 'một hai bốn', 'vi')
    expect(folded(segments, 'vi')).toEqual(segments)
  })
})
