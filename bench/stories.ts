import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createStoryWindow, type StoryWindow } from '../pipeline/stories.ts'
import { summarise } from '../pipeline/summarise.ts'
import type { StoryArticle } from '../pipeline/vectors.ts'
import type { BenchSection } from './section.ts'

/**
 * Stories, copies and summaries on made-up articles: words of a made-up language with the frequencies of a real one
 * (Zipf), so that the bench needs no data. Each article shares names and words with the others of its event.
 */

const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 4_294_967_296
}
const MINUTE = 60_000
const START = Date.parse('2025-01-01T00:00:00Z')
const EVENT_SIZE = 5

function articleMaker(wordsOfText: number): (n: number) => StoryArticle {
  const word = (rank: number): string => {
    let text = ''
    for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / 17))
      text += 'bcdđghklmnprstvxy'[rest % 17] + 'aeiouâêôơư'.charAt(rest % 10)
    return text
  }
  return (n) => {
    const random = seeded(n * 7919 + 1)
    const event = seeded(Math.floor(n / EVENT_SIZE) * 104_729 + 5)
    const subject = Array.from({ length: 24 }, () => word(Math.floor(2000 + event() * 30_000)))
    const common = () => word(Math.floor(Math.exp(random() * Math.log(20_000))))
    const name = subject.slice(0, 2).map((text) => text.charAt(0).toUpperCase() + text.slice(1))
    const sentence = (length: number) =>
      `${Array.from({ length }, () => (random() < 0.25 ? (subject[Math.floor(random() * subject.length)] ?? '') : common())).join(' ')} ${name.join(' ')} ${Math.floor(event() * 900)} ${common()}.`
    const text = Array.from({ length: Math.ceil(wordsOfText / 20) }, () => sentence(16)).join('\n')
    return {
      id: `article-${n}`,
      title: sentence(8),
      text,
      outlet: `outlet-${n % 40}`,
      published: new Date(START + n * 0.4 * MINUTE).toISOString(),
    }
  }
}

/** Milliseconds of one assignment at the window's present size: mean over 300 articles. */
function assignment(window: StoryWindow, make: (n: number) => StoryArticle, from: number): number {
  const articles = Array.from({ length: 300 }, (_, i) => make(from + i))
  const start = process.cpuUsage()
  for (const article of articles) window.assign(article)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / articles.length
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

function fill(window: StoryWindow, make: (n: number) => StoryArticle, count: number): StoryWindow {
  window.restore(
    (function* () {
      for (let n = 0; n < count; n++)
        yield { article: make(n), storyId: `story-${Math.floor(n / EVENT_SIZE)}`, copyOf: null }
    })(),
  )
  return window
}

const filled = (make: (n: number) => StoryArticle, count: number): StoryWindow =>
  fill(createStoryWindow({ days: 30 }), make, count)

/** A window of its own, so that nothing else is released while it is weighed. */
async function sized(
  make: (n: number) => StoryArticle,
  count: number,
): Promise<{ memory: number; milliseconds: number }> {
  // The empty window's tables (some 6 MB) are not a matter of its articles.
  const window = createStoryWindow({ days: 30 })
  const before = await megabytes()
  fill(window, make, count)
  const memory = (await megabytes()) - before
  return { memory, milliseconds: assignment(window, make, count) }
}

export const storiesBench: BenchSection = {
  id: 'stories',
  run: async () => {
    const full = articleMaker(300)
    // What feeds give: a title and a summary.
    const items = articleMaker(40)
    assignment(filled(items, 500), items, 500)
    const small = assignment(filled(items, 1000), items, 1000)
    const onItems = await sized(items, 100_000)
    const onFull = await sized(full, 5000)

    const start = process.cpuUsage()
    for (let story = 0; story < 3000 / EVENT_SIZE; story++) {
      const articles = Array.from({ length: EVENT_SIZE }, (_, i) => full(story * EVENT_SIZE + i))
      summarise(articles, { words: 120 })
    }
    const { user, system } = process.cpuUsage(start)
    return [
      {
        name: 'assign to copies and story, 1,000 articles in the window (CPU)',
        value: small,
        unit: 'ms',
        target: { max: 10 },
      },
      {
        name: 'assign to copies and story, 100,000 in the window (CPU)',
        value: onItems.milliseconds,
        unit: 'ms',
        target: { max: 20 },
      },
      {
        name: 'assign a full text, 5,000 in the window (CPU)',
        value: onFull.milliseconds,
        unit: 'ms',
        target: { max: 10 },
      },
      {
        name: 'memory of a window of 100,000 titles with summaries',
        value: onItems.memory,
        unit: 'MB',
        target: { max: 300 },
      },
      {
        name: 'memory of 100,000 full texts (20 × 5,000)',
        value: onFull.memory * 20,
        unit: 'MB',
        target: { max: 300 },
      },
      {
        name: 'summaries of 600 stories of 5 articles (CPU)',
        value: (user + system) / 1e6,
        unit: 's',
        target: { max: 10 },
      },
    ]
  },
}
