import { describe, expect, test } from 'vitest'
import { languageOf } from '../pipeline/anchors.ts'
import { hash } from '../pipeline/features.ts'
import { type Member, PAIR_FEATURES, pairFeatures } from '../pipeline/pair.ts'
import { createStoryWindow, type StoryWindow } from '../pipeline/stories.ts'
import { type StoryJudge, shippedJudge } from '../pipeline/story-judge.ts'
import { packArticle, type StoryArticle } from '../pipeline/vectors.ts'
import { createWindowTerms } from '../pipeline/window-terms.ts'

/**
 * How rare a word is in the window says how much it ties; it is known only when more has come. These two sample articles
 * are near to each other at first, and one event by a judge that asks for the rarity which their words reach later.
 */

const START = Date.parse('2025-10-01T00:00:00.000Z')
const article = (id: string, title: string, minutes: number): StoryArticle => ({
  ...{ id, title, text: `${title}, theo tin của báo mẫu.`, outlet: `mau-${id}`, language: 'vi' },
  published: new Date(START + minutes * 60_000).toISOString(),
})
const PAIR = [
  article('first', 'Cây pơ mu nghìn tuổi bật gốc', 0),
  article('second', 'Pơ mu đổ chắn lối lên bản', 1),
] as const
/** Nothing of what they tell stands in the pair. */
const fillers = (count: number, from: number): StoryArticle[] =>
  Array.from({ length: count }, (_, n) => article(`filler-${n}`, `Bóng đá hạng nhì lượt ${n}`, from + n))

const memberOf = (one: StoryArticle): Member => ({
  packed: packArticle(one),
  time: Date.parse(one.published),
  outlet: hash(one.outlet),
  length: one.title.length + one.text.length,
  language: languageOf(one),
})

const RAREST = PAIR_FEATURES.indexOf('window.rarest')
const [first, second] = [memberOf(PAIR[0]), memberOf(PAIR[1])]

/** Rarity of the rarest word that the pair shares, among so many others. */
function rarityAmong(others: readonly StoryArticle[]): number {
  const terms = createWindowTerms()
  for (const one of [...PAIR, ...others]) terms.add(memberOf(one).packed)
  return pairFeatures(second, first, terms, true)[RAREST] ?? 0
}

const alone = rarityAmong([])
const later = rarityAmong(fillers(30, 2))

/** From the rarity between the two on a pair is one event; a little below it is near, and with common words alone it is nothing. */
const judge = (): StoryJudge => {
  const tree = [[RAREST, alone - 0.01, 1, 2], [-9], [RAREST, (alone + later) / 2, 3, 4], [-0.5], [2]]
  const kind = { ...shippedJudge.titles, rival: 0.15, regroup: 0, forests: [{ bias: 0, trees: [tree] }] }
  return { titles: kind, full: kind }
}

const windowWith = (articles: readonly StoryArticle[]): { window: StoryWindow; merges: number[] } => {
  const window = createStoryWindow({ days: 30, judge: judge() })
  const merges = articles.flatMap((one, at) =>
    window.assign(one).changes.some(({ kind }) => kind === 'merge') ? [at] : [],
  )
  return { window, merges }
}

describe('articles that were near to each other when they came', () => {
  test('are rarer company among more articles', () => {
    expect(later).toBeGreaterThan(alone)
  })

  test('are judged again when more has come, and what became of them is told', () => {
    const { window: before } = windowWith([...PAIR, ...fillers(28, 2)])
    expect(before.storyOf('second')).toBe('story-second')
    const { window, merges } = windowWith([...PAIR, ...fillers(31, 2)])
    expect(window.storyOf('second')).toBe('story-first')
    expect(merges).toHaveLength(1)
  })

  test('are left as they are when one of them has left the window', () => {
    const DAY = 24 * 60
    const later = { ...PAIR[1], published: new Date(START + 10 * DAY * 60_000).toISOString() }
    // Fillers after the second alone, then after both: each of the two would be looked at again.
    for (const count of [30, 31]) {
      const { window, merges } = windowWith([PAIR[0], later, ...fillers(count, 35 * DAY)])
      expect(window.storyOf('second'), `${count} further`).toBe('story-second')
      expect(merges).toEqual([])
    }
  })

  test('stay apart where a person touched one of their stories', () => {
    const window = createStoryWindow({ days: 30, judge: judge() })
    for (const one of PAIR) window.assign(one)
    window.hold('story-second')
    for (const one of fillers(31, 2)) window.assign(one)
    expect(window.storyOf('second')).toBe('story-second')
  })
})
