import { describe, expect, test } from 'vitest'
import { createSteadiness } from '../pipeline/steady.ts'

/** Articles named `a1 a2 … b1 …`: those of one letter are alike, those of two are not. */
const group = (ids: string, story = 'one') => ids.split(' ').map((id) => ({ id, storyId: story }))
const newest = { id: 'z', storyId: 'other' }
const inputOf = (
  articles: { id: string; storyId: string }[],
  { across = -3, within = 2, apart = true }: { across?: number; within?: number; apart?: boolean } = {},
) => {
  const sameLetter = (a: number, b: number) => articles[a]?.id[0] === articles[b]?.id[0]
  return {
    articles,
    groups: [...Map.groupBy(articles.keys(), (at) => articles[at]?.id[0]).values()],
    likeness: (a: number, b: number) => (sameLetter(a, b) ? within : across),
    apart: (a: number, b: number) => apart && !sameLetter(a, b),
    newest,
  }
}
const named = (articles: readonly { id: string }[], groups: readonly (readonly number[])[]) =>
  groups.map((positions) => positions.map((at) => articles[at]?.id).join(' ')).sort()

describe('what a grouping anew may change', () => {
  test('two dense groups that name other places part when two groupings in a row say so', () => {
    const steadiness = createSteadiness()
    const articles = [...group('a1 a2 a3 b1 b2 b3'), newest]
    expect(named(articles, steadiness.settle(inputOf(articles)))).toEqual(['a1 a2 a3 b1 b2 b3', 'z'])
    expect(named(articles, steadiness.settle(inputOf(articles)))).toEqual(['a1 a2 a3', 'b1 b2 b3', 'z'])
  })

  test('another part each time is no confirmation', () => {
    const steadiness = createSteadiness()
    const first = [...group('a1 a2 a3 b1 b2 b3'), newest]
    const second = [...group('a1 a2 a3 b1 c1 c2 c3'), newest]
    steadiness.settle(inputOf(first))
    expect(named(second, steadiness.settle(inputOf(second)))).toEqual(['a1 a2 a3 b1 c1 c2 c3', 'z'])
  })

  test.each([
    ['a lone follow-up', 'a1 a2 a3 b1', {}],
    ['a pair', 'a1 a2 a3 b1 b2', {}],
    ['a part whose articles share places, dates or names with the rest', 'a1 a2 a3 b1 b2 b3', { apart: false }],
    ['a part that is only a little unlike', 'a1 a2 a3 b1 b2 b3', { across: -1 }],
    ['a part that is no group itself', 'a1 a2 a3 b1 b2 b3', { within: 0.2 }],
  ])('stays, however often it is looked at: %s', (_, ids, likeness) => {
    const steadiness = createSteadiness()
    const articles = [...group(ids), newest]
    for (let round = 0; round < 4; round++)
      expect(named(articles, steadiness.settle(inputOf(articles, likeness)))).toEqual([ids, 'z'])
  })

  test('an article goes over to another story only when it is much more alike to that one', () => {
    const steadiness = createSteadiness()
    const articles = [...group('a1 a2 b1', 'one'), ...group('b2 b3', 'two'), newest]
    const hardly = inputOf(articles, { within: 0.2, across: -0.2 })
    expect(named(articles, steadiness.settle(hardly))).toEqual(['a1 a2 b1', 'b2 b3', 'z'])
    const clearly = inputOf(articles, { within: 0.4, across: -0.4 })
    expect(named(articles, steadiness.settle(clearly))).toEqual(['a1 a2', 'b1 b2 b3', 'z'])
  })

  test('the newest article goes where it belongs, and stories that are one merge', () => {
    const steadiness = createSteadiness()
    const fresh = { id: 'a9', storyId: 'two' }
    const articles = [...group('a1 a2', 'one'), ...group('a3', 'two'), ...group('b1 b2', 'two'), fresh]
    const settled = steadiness.settle({ ...inputOf(articles), newest: fresh })
    expect(named(articles, settled)).toEqual(['a1 a2 a3 a9', 'b1 b2'])
    const whole = [...group('a1 a2', 'one'), ...group('a3 a4', 'two'), fresh]
    expect(named(whole, steadiness.settle({ ...inputOf(whole), newest: fresh }))).toEqual(['a1 a2 a3 a4 a9'])
  })
})
