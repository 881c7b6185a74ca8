import type { StoryArticle } from '../pipeline/vectors.ts'

/**
 * Made-up articles: words of a made-up language with the frequencies of a real one (Zipf), so that a bench needs no
 * data. Each article shares names and words with the others of its event.
 */

const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 4_294_967_296
}
const MINUTE = 60_000
export const START = Date.parse('2025-01-01T00:00:00Z')
/** Articles of one event, which follow each other. */
export const EVENT_SIZE = 5

const wordOf = (rank: number): string => {
  let text = ''
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / 17))
    text += 'bcdđghklmnprstvxy'[rest % 17] + 'aeiouâêôơư'.charAt(rest % 10)
  return text
}
const WORDS = Array.from({ length: 32_001 }, (_, rank) => wordOf(rank))

/** The nth article of a stream in which one comes every 24 seconds. */
export function articleMaker(wordsOfText: number): (n: number) => StoryArticle {
  const word = (rank: number): string => WORDS[rank] ?? ''
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
