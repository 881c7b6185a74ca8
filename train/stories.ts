/**
 * Learns the two pair models of pipeline/stories.ts and writes pipeline/weights/stories.json. Run: `node train/stories.ts`.
 *
 * - titles with summaries: all pairs of ../shared/data/gold/stories-vi.tsv within ten days;
 * - full texts: all pairs of the clusters of AbMuSu train and validation that share some text (no times, one outlet each).
 *
 * Honest figures: five folds of whole stories. For each fold a model is learned from pairs of which neither side belongs
 * to a story of the fold; the whole stream is clustered with it, and B-cubed counts the fold's items only. The shipped
 * model is learned from everything; test/quality measures with the folds, never with the shipped model.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { scriptOptions } from '../cli/script-options.ts'
import { languageOf } from '../pipeline/anchors.ts'
import { hash } from '../pipeline/features.ts'
import { LEAST_COSINE, type Member, PAIR_FEATURES, pairFeatures } from '../pipeline/pair.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import type { PairJudge, StoryJudge } from '../pipeline/story-judge.ts'
import { packArticle, type StoryArticle } from '../pipeline/vectors.ts'
import { createWindowTerms } from '../pipeline/window-terms.ts'
import { type BoostingOptions, boost } from './boosting.ts'
import { summaryClusters } from './summaries.ts'

const data = new URL('../../shared/data/', import.meta.url)
const DAYS = 10
const OPTIONS: BoostingOptions = {
  rounds: 120,
  depth: 4,
  rate: 0.08,
  leastWeight: 1,
  lambda: 4,
  features: 0.4,
  seed: 1,
}
const SEEDS = [1, 2, 3]
/** Pairs with so little in common are easy; one in `EASY` of those of different stories is learned from, weighing as many. */
const EASY_COSINE = 0.07
const EASY = 4
/**
 * Chosen on the folds: shares among 0, 0.5 and 0.85, thresholds by 0.05, rivals among 0.15, 0.3 and 0.5, regrouping by
 * 0.25, crowds by 0.05 as large as the sample week bears.
 */
const TITLES = { best: 0.85, threshold: 0.5, rival: 0.5, regroup: -1, crowd: 0 }
const FULL = { best: 0, threshold: 0.45, rival: 0.15, regroup: -0.25, crowd: 0.2 }

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
  length: item.title.length + item.text.length,
  language: languageOf(item),
})

/** Full texts of AbMuSu as items of one shuffled stream, a minute apart; null when the data is absent. */
export function fullTextGold(parts: readonly ('train' | 'validation')[]): GoldItem[] | null {
  const clusters = summaryClusters(parts)
  if (!clusters) return null
  const start = Date.parse('2025-01-01T00:00:00Z')
  return clusters
    .flatMap(({ id, articles }) => articles.map((article, i) => ({ article, id, outlet: `outlet-${i}` })))
    .sort((a, b) => hash(a.article.id) - hash(b.article.id))
    .map(({ article, id, outlet }, place) => ({
      id: article.id,
      story: id,
      title: article.title,
      text: article.text,
      outlet,
      published: new Date(start + place * 60_000).toISOString(),
    }))
}

interface Pairs {
  readonly rows: readonly Float64Array[]
  readonly sides: readonly (readonly [GoldItem, GoldItem])[]
}

function allPairs(items: readonly GoldItem[], kind: 'titles' | 'full'): Pairs {
  const members = items.map(memberOf)
  const window = createWindowTerms()
  const rows: Float64Array[] = []
  const sides: [GoldItem, GoldItem][] = []
  // The full texts have no real times or outlets: nothing may be learned from them.
  const unknown = kind === 'full' ? [PAIR_FEATURES.indexOf('hours'), PAIR_FEATURES.indexOf('sameOutlet')] : []
  for (const [i, a] of members.entries()) {
    for (let j = 0; j < i; j++) {
      const b = members[j]
      const [newer, older] = [items[i], items[j]]
      if (!b || !newer || !older || a.time - b.time > DAYS * 86_400_000) continue
      const features = pairFeatures(a, b, window)
      const cosine = features[0] ?? 0
      if (cosine <= LEAST_COSINE) continue
      if (newer.story !== older.story && cosine < EASY_COSINE && hash(newer.id + older.id) % EASY > 0) continue
      for (const feature of unknown) features[feature] = 0
      rows.push(features)
      sides.push([newer, older])
    }
    window.add(a.packed)
  }
  return { rows, sides }
}

function learn(pairs: Pairs, items: readonly GoldItem[], use: (item: GoldItem) => boolean): PairJudge['forests'] {
  const size = new Map<string, number>()
  for (const { story } of items) size.set(story, (size.get(story) ?? 0) + 1)
  const rows: Float64Array[] = []
  const labels: number[] = []
  const weights: number[] = []
  for (const [i, [newer, older]] of pairs.sides.entries()) {
    const features = pairs.rows[i]
    if (!features || !use(newer) || !use(older)) continue
    const same = newer.story === older.story
    rows.push(features)
    labels.push(same ? 1 : 0)
    // Pairs of a large story count less: it would drown the others.
    weights.push(same ? 5 / (size.get(newer.story) ?? 1) : (features[0] ?? 0) < EASY_COSINE ? EASY : 1)
  }
  return SEEDS.map((seed) => boost(rows, labels, weights, { ...OPTIONS, seed }))
}

const FOLDS = 5
export const foldOf = (story: string): number => hash(story) % FOLDS

/**
 * For each fold, the story of every item when a judge that never saw the fold's stories clusters the whole stream: the
 * one that it was given on arrival, and the one in which it stands at the end.
 * The other kind's judge is the shipped one: no pair of this kind meets it.
 */
export function crossValidate(
  items: readonly GoldItem[],
  kind: 'titles' | 'full',
  shipped: StoryJudge,
  learnedFrom: readonly GoldItem[] = items,
): { first: string[]; last: string[] }[] {
  const pairs = allPairs(learnedFrom, kind)
  return Array.from({ length: FOLDS }, (_, fold) => {
    const forests = learn(pairs, learnedFrom, (item) => foldOf(item.story) !== fold)
    const own: PairJudge = { ...(kind === 'titles' ? TITLES : FULL), forests }
    const window = createStoryWindow({ days: 30, judge: { ...shipped, [kind]: own } })
    return {
      first: items.map((item) => window.assign(item).storyId),
      last: items.map(({ id }) => window.storyOf(id) ?? id),
    }
  })
}

if (import.meta.main) {
  scriptOptions('node train/stories.ts', {})
  const titles = storyGold()
  const full = fullTextGold(['train', 'validation'])
  if (!titles || !full) {
    console.error('train/stories.ts: ../shared/data is absent; nothing was made')
    process.exit(1)
  }
  const judge: StoryJudge = {
    titles: { ...TITLES, forests: learn(allPairs(titles, 'titles'), titles, () => true) },
    full: { ...FULL, forests: learn(allPairs(full, 'full'), full, () => true) },
  }
  writeFileSync(new URL('../pipeline/weights/stories.json', import.meta.url), `${JSON.stringify(judge)}\n`)
}
