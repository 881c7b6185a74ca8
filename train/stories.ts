/**
 * Learns the pair model of pipeline/stories.ts from ../shared/data/gold/stories-vi.tsv (titles and summaries, all pairs
 * within ten days) and writes pipeline/weights/stories.json. Run: `node train/stories.ts`.
 *
 * Honest figures: five folds of whole stories. For each fold a model is learned from pairs of which neither side belongs
 * to a story of the fold; the whole stream is clustered with it, and B-cubed counts the fold's items only. The shipped
 * model is learned from everything; test/quality measures with the folds, never with the shipped model.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { hash } from '../pipeline/features.ts'
import { type Member, pairFeatures } from '../pipeline/pair.ts'
import { packArticle, type StoryArticle } from '../pipeline/vectors.ts'
import { type BoostingOptions, boost, type Tree, treeValue } from './boosting.ts'

const data = new URL('../../shared/data/', import.meta.url)
const DAYS = 10
/** Pairs with less text in common are never candidates. */
const LEAST_COSINE = 0.02
const OPTIONS: BoostingOptions = { rounds: 120, depth: 4, rate: 0.1, leastWeight: 1, lambda: 2, features: 0.6, seed: 1 }

export interface GoldItem extends StoryArticle {
  readonly story: string
}

/** Items of the gold in order of publication, or null when the data is absent. */
export function storyGold(): GoldItem[] | null {
  if (!existsSync(data)) return null
  const rows = readFileSync(new URL('gold/stories-vi.tsv', data), 'utf8').trim().split('\n')
  const stories = new Map(rows.map((row) => row.split('\t') as [string, string]))
  const items: GoldItem[] = []
  for (const line of gunzipSync(readFileSync(new URL('news-stream-vi.jsonl.gz', data)))
    .toString()
    .split('\n')) {
    const story = stories.get(line.slice(8, 40))
    if (story === undefined) continue
    const item = JSON.parse(line)
    items.push({
      id: item.id,
      story,
      title: item.title.normalize('NFC'),
      text: (item.summary ?? '').normalize('NFC'),
      outlet: item.outlet,
      published: new Date(item.published).toISOString(),
      url: item.link,
    })
  }
  return items.sort((a, b) => (a.published < b.published ? -1 : 1))
}

export const memberOf = (item: StoryArticle): Member => ({
  packed: packArticle(item),
  time: Date.parse(item.published),
  outlet: hash(item.outlet),
})

export interface PairModel {
  readonly bias: number
  readonly trees: readonly Tree[]
}

/** Learns from the items for which `learn` is true. */
export function learnPairs(items: readonly GoldItem[], learn: (item: GoldItem) => boolean): PairModel {
  const kept = items.filter(learn)
  const members = kept.map(memberOf)
  const rows: Float64Array[] = []
  const labels: number[] = []
  for (const [i, a] of members.entries()) {
    for (let j = 0; j < i; j++) {
      const b = members[j]
      if (!b || a.time - b.time > DAYS * 86_400_000) continue
      const features = pairFeatures(a, b)
      if ((features[0] ?? 0) <= LEAST_COSINE) continue
      rows.push(features)
      labels.push(kept[i]?.story === kept[j]?.story ? 1 : 0)
    }
  }
  return boost(rows, labels, new Float64Array(rows.length).fill(1), OPTIONS)
}

export const probability = (model: PairModel, features: Float64Array): number => {
  let z = model.bias
  for (const tree of model.trees) z += treeValue(tree, features)
  return 1 / (1 + Math.exp(-z))
}

if (import.meta.main) {
  const items = storyGold()
  if (!items) {
    console.error('train/stories.ts: ../shared/data is absent; nothing was made')
    process.exit(1)
  }
  const model = learnPairs(items, () => true)
  const out = new URL('../pipeline/weights/stories.json', import.meta.url)
  writeFileSync(out, `${JSON.stringify({ best: 0.85, threshold: 0.5, bias: model.bias, trees: model.trees })}\n`)
  console.log({ trees: model.trees.length })
}
