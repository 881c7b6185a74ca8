import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { createCopyWindow } from '../../../pipeline/duplicates.ts'
import { fold } from '../../../pipeline/features.ts'
import { shippedJudge } from '../../../pipeline/story-judge.ts'
import { seeded } from '../../../train/seeded.ts'
import { crossValidate, foldOf, fullTextGold, type GoldItem, storyGold } from '../../../train/stories.ts'
import { bootstrap, DataAbsent, type Measure } from '../measure.ts'

const data = new URL('../../../../shared/data/', import.meta.url)
const START = Date.parse('2025-01-01T00:00:00Z')
const minute = (n: number): string => new Date(START + n * 60_000).toISOString()

interface Scored {
  readonly precision: number
  readonly recall: number
}

/** B-cubed precision and recall of each item (Bagga & Baldwin 1998). */
function bCubed(predicted: readonly string[], truth: readonly string[]): Scored[] {
  return predicted.map((own, i) => {
    let [inCluster, inStory, inBoth] = [0, 0, 0]
    for (const [j, other] of predicted.entries()) {
      if (other === own) inCluster++
      if (truth[j] === truth[i]) inStory++
      if (other === own && truth[j] === truth[i]) inBoth++
    }
    return { precision: inBoth / inCluster, recall: inBoth / inStory }
  })
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length)
const f1 = (scores: readonly Scored[]): number => {
  const p = mean(scores.map((score) => score.precision))
  const r = mean(scores.map((score) => score.recall))
  return (2 * p * r) / (p + r)
}

const grouped = <T>(items: readonly T[], key: (item: T, i: number) => string): T[][] =>
  [
    ...Map.groupBy(
      items.map((item, i) => [item, key(item, i)] as const),
      ([, group]) => group,
    ).values(),
  ].map((group) => group.map(([item]) => item))

/** Stories as they stand at the end of the stream; `detail` has those given on arrival, before any regrouping. */
function measured(items: readonly GoldItem[], byFold: ReturnType<typeof crossValidate>) {
  const truth = items.map((item) => item.story)
  // Each fold clusters the whole stream; only its own stories count.
  const scoresOf = (when: 'first' | 'last'): Scored[] => {
    const scored = byFold.map((stories) => bCubed(stories[when], truth))
    return items.map((item, i) => scored[foldOf(item.story)]?.[i] ?? { precision: 0, recall: 0 })
  }
  const scores = scoresOf('last')
  return {
    value: f1(scores),
    ci: bootstrap(
      grouped(scores, (_, i) => truth[i] ?? ''),
      f1,
    ),
    n: items.length,
    detail: {
      precision: mean(scores.map((score) => score.precision)),
      recall: mean(scores.map((score) => score.recall)),
      'F1 on arrival': f1(scoresOf('first')),
      stories: new Set(truth).size,
    },
  }
}

const titles: Measure = {
  id: 'stories.titles.bcubed',
  title: 'stories of titles and summaries in order of publication, B-cubed F1; five folds of whole stories',
  run: async () => {
    const items = storyGold()
    if (!items) throw new DataAbsent('../shared/data/gold/stories-vi.tsv')
    return measured(items, crossValidate(items, 'titles', shippedJudge))
  },
}

const fullTexts: Measure = {
  id: 'stories.fulltext.bcubed',
  title:
    'stories of the full texts of AbMuSu train, shuffled into one stream, B-cubed F1; five folds of whole clusters',
  run: async () => {
    const items = fullTextGold(['train'])
    const learnedFrom = fullTextGold(['train', 'validation'])
    if (!items || !learnedFrom) throw new DataAbsent('../shared/data/abmusu-train.jsonl.gz')
    return measured(items, crossValidate(items, 'full', shippedJudge, learnedFrom))
  },
}

interface FullArticle {
  readonly id: string
  readonly title: string
  readonly lead: string | null
  readonly body: string
}

/** Real articles of which none shares a tenth of its runs of five words with another: what is left has no copies. */
function distinctArticles(count: number): FullArticle[] {
  const file = new URL('vietnews-other.jsonl.gz', data)
  if (!existsSync(file)) throw new DataAbsent('../shared/data/vietnews-other.jsonl.gz')
  const seen = new Set<string>()
  const kept: FullArticle[] = []
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
    if (kept.length === count || !line) break
    const article: FullArticle = JSON.parse(line)
    const words = article.body.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    if (words.length < 150) continue
    const runs = words.slice(4).map((_, i) => words.slice(i, i + 5).join(' '))
    if (runs.filter((run) => seen.has(run)).length * 10 > runs.length) continue
    for (const run of runs) seen.add(run)
    kept.push(article)
  }
  return kept
}

/** A reprint as desks make it: another title and lead, cut to a part, sometimes without accents. */
function mutate(article: FullArticle, other: FullArticle, kept: number, random: () => number) {
  const paragraphs = article.body.split('\n')
  const length = Math.max(1, Math.round(paragraphs.length * kept))
  const start = random() < 0.5 ? 0 : Math.floor(random() * (paragraphs.length - length + 1))
  const body = paragraphs.slice(start, start + length).join('\n')
  // A lead of the other's own words in another order, so that it is nobody's text.
  const words = `${other.lead ?? ''} ${other.title}`.split(/\s+/)
  const lead = words.map((_, i) => words[(i * 7) % words.length]).join(' ')
  const title = random() < 0.5 ? article.title : lead.split(' ').slice(0, 9).join(' ')
  const bare = random() < 0.3
  const text = `${lead}\n${body}`
  return { title: bare ? fold(title) : title, text: bare ? fold(text) : text }
}

interface Judged {
  readonly right: number
  readonly named: number
  readonly copies: number
  readonly kept: number
}

let judgedCopies: Judged[] | null = null

function copies(): Judged[] {
  if (judgedCopies) return judgedCopies
  const articles = distinctArticles(2000)
  const random = seeded(3)
  const window = createCopyWindow({ days: 30 })
  const judged: Judged[] = []
  for (const [i, { id, title, lead, body }] of articles.entries()) {
    const { copyOf } = window.add({ id, title, text: `${lead ?? ''}\n${body}`, outlet: 'a', published: minute(i) })
    judged.push({ right: 0, named: copyOf === null ? 0 : 1, copies: 0, kept: 1 })
  }
  for (let k = 0; k < 1200; k++) {
    const article = articles[Math.floor(random() * articles.length)]
    const other = articles[Math.floor(random() * articles.length)]
    if (!article || !other || article === other) continue
    const kept = 0.2 + 0.6 * random()
    const { title, text } = mutate(article, other, kept, random)
    const { copyOf } = window.add({ id: `copy-${k}`, title, text, outlet: 'b', published: minute(2000 + k) })
    judged.push({ right: copyOf === article.id ? 1 : 0, named: copyOf === null ? 0 : 1, copies: 1, kept })
  }
  judgedCopies = judged
  return judged
}

const sum = (judged: readonly Judged[], of: 'right' | 'named' | 'copies'): number =>
  judged.reduce((total, one) => total + one[of], 0)
const precisionOf = (judged: readonly Judged[]): number => sum(judged, 'right') / Math.max(1, sum(judged, 'named'))
const recallOf = (judged: readonly Judged[]): number => sum(judged, 'right') / Math.max(1, sum(judged, 'copies'))

const copyPrecision: Measure = {
  id: 'copies.precision',
  title: 'copies named, that are copies of the article named (mutated real articles among 2,000, 20–80 % kept)',
  run: async () => {
    const judged = copies()
    return {
      value: precisionOf(judged),
      ci: bootstrap(
        judged.map((one) => [one]),
        precisionOf,
        300,
      ),
      n: judged.length,
    }
  },
}

const copyRecall: Measure = {
  id: 'copies.recall',
  title: 'copies found where at least half of the article is kept',
  run: async () => {
    const judged = copies().filter((one) => one.copies === 1 && one.kept >= 0.5)
    const short = copies().filter((one) => one.copies === 1 && one.kept < 0.5)
    return {
      value: recallOf(judged),
      ci: bootstrap(
        judged.map((one) => [one]),
        recallOf,
        300,
      ),
      n: judged.length,
      detail: { 'recall at 20–50 % kept': recallOf(short) },
    }
  },
}

export const measures: readonly Measure[] = [titles, fullTexts, copyPrecision, copyRecall]
