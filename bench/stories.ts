import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createStoryWindow, type StoryWindow } from '../pipeline/stories.ts'
import { summarise } from '../pipeline/summarise.ts'
import type { StoryArticle } from '../pipeline/vectors.ts'
import { cpuOf } from './cpu.ts'
import { articleMaker, EVENT_SIZE } from './made-up-news.ts'
import type { BenchSection } from './section.ts'
import { archiveFigures } from './stories-archive.ts'
import { weeklyFigures } from './weekly.ts'

/**
 * Stories, copies and summaries on made-up articles. Times are the processor's, so that a busy machine measures the
 * same; a window of 100,000 titles is really filled, the memory of one of full texts is the slope between two sizes.
 */

const ASSIGNED = 300
const WINDOW = process.env.BENCH_SMALL === undefined ? 100_000 : 5000

/** Milliseconds of one assignment at the window's present size: mean over 300 articles. */
async function assignment(window: StoryWindow, make: (n: number) => StoryArticle, from: number): Promise<number> {
  const articles = Array.from({ length: ASSIGNED }, (_, i) => make(from + i))
  return (await cpuOf(() => articles.map((article) => window.assign(article)))) / ASSIGNED
}

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** What the heap and its buffers hold; buffers are swept beside the program, so they get a moment. */
async function megabytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect()
    await setTimeout(50)
  }
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}

function filled(make: (n: number) => StoryArticle, count: number): StoryWindow {
  const window = createStoryWindow({ days: 30 })
  window.restore(
    (function* () {
      for (let n = 0; n < count; n++)
        yield { article: make(n), storyId: `story-${Math.floor(n / EVENT_SIZE)}`, copyOf: null }
    })(),
  )
  return window
}

/** A window of its own, so that nothing else is released while it is weighed. */
async function sized(make: (n: number) => StoryArticle, count: number): Promise<{ memory: number; assign: number }> {
  const before = await megabytes()
  const window = filled(make, count)
  const memory = (await megabytes()) - before
  return { memory, assign: await assignment(window, make, count) }
}

export const storiesBench: BenchSection = {
  id: 'stories',
  run: async () => {
    const full = articleMaker(300)
    // What feeds give: a title and a summary.
    const items = articleMaker(40)
    // The first calls compile the code; they are not measured.
    await assignment(filled(items, 500), items, 500)
    const small = await assignment(filled(items, 1000), items, 1000)
    const onItems = await sized(items, WINDOW)
    const onFew = await sized(full, 1000)
    const onFull = await sized(full, 5000)
    const slope = (onFull.memory - onFew.memory) / 4000

    const summaries = await cpuOf(() => {
      for (let story = 0; story < 3000 / EVENT_SIZE; story++) {
        const articles = Array.from({ length: EVENT_SIZE }, (_, i) => full(story * EVENT_SIZE + i))
        summarise(articles, { words: 120 })
      }
    })
    const count = WINDOW.toLocaleString('en')
    return [
      {
        name: 'assign to copies and story, 1,000 articles in the window (CPU)',
        value: small,
        unit: 'ms',
        target: { max: 10 },
      },
      {
        name: `assign to copies and story, ${count} in the window (CPU)`,
        value: onItems.assign,
        unit: 'ms',
        target: { max: 20 },
      },
      {
        name: 'assign a full text, 5,000 in the window (CPU)',
        value: onFull.assign,
        unit: 'ms',
        target: { max: 10 },
      },
      ...(await archiveFigures()),
      {
        name: `memory of a window of ${count} titles with summaries`,
        value: onItems.memory,
        unit: 'MB',
        target: { max: 300 },
      },
      {
        name: 'memory of 100,000 full texts (slope of 1,000 to 5,000)',
        value: onFew.memory + slope * 99_000,
        unit: 'MB',
        target: { max: 300 },
      },
      {
        name: 'summaries of 600 stories of 5 articles (CPU)',
        value: summaries / 1000,
        unit: 's',
        target: { max: 10 },
      },
      ...(await weeklyFigures()),
    ]
  },
}
