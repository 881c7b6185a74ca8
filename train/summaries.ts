/**
 * Learns what a sentence is worth for a summary (pipeline/summarise.ts) from ../shared/data/abmusu-*.jsonl.gz and writes
 * pipeline/weights/summaries.json. The target of a sentence is the part of its word pairs that the human summary has.
 * Run: `node train/summaries.ts`.
 *
 * Honest figures: five folds of whole clusters over train and validation together; test/quality measures with the
 * folds. The powers of novelty and length were chosen on these folds among eight pairs that differ by 0.01.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { scriptOptions } from '../cli/script-options.ts'
import { type SummaryArticle, sentenceFeatures, sourceSentences } from '../pipeline/sentence-scores.ts'
import { type BoostingOptions, boost, type Tree, treeValue } from './boosting.ts'

const data = new URL('../../shared/data/', import.meta.url)
const OPTIONS: BoostingOptions = {
  rounds: 100,
  depth: 4,
  rate: 0.06,
  leastWeight: 20,
  lambda: 5,
  features: 0.5,
  seed: 1,
}

export interface SummaryCluster {
  readonly id: string
  readonly articles: readonly SummaryArticle[]
  readonly reference: string
}

interface AbmusuLine {
  readonly summary: string
  readonly single_documents: readonly {
    readonly title: string
    readonly anchor_text: string
    readonly raw_text: string
  }[]
}

/** Clusters of AbMuSu: the lead stands as the first paragraph of the text. Null when the data is absent. */
export function summaryClusters(parts: readonly ('train' | 'validation')[]): SummaryCluster[] | null {
  if (!existsSync(data)) return null
  return parts.flatMap((part) =>
    gunzipSync(readFileSync(new URL(`abmusu-${part}.jsonl.gz`, data)))
      .toString()
      .trim()
      .split('\n')
      .map((line, position) => {
        const cluster: AbmusuLine = JSON.parse(line)
        return {
          id: `${part}-${position}`,
          reference: cluster.summary.normalize('NFC'),
          articles: cluster.single_documents.map((document, i) => ({
            id: `${part}-${position}-${i}`,
            title: document.title.normalize('NFC').trim(),
            text: `${document.anchor_text.trim()}\n${document.raw_text.trim()}`.normalize('NFC'),
          })),
        }
      }),
  )
}

/** Lower-case words of letters and digits: the tokens of ROUGE here. */
export const rougeTokens = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

export function bigrams(text: string): Map<string, number> {
  const words = rougeTokens(text)
  const counts = new Map<string, number>()
  for (let i = 0; i + 1 < words.length; i++) {
    const pair = `${words[i]} ${words[i + 1]}`
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  return counts
}

const part = (text: string, reference: Map<string, number>): number => {
  let [hits, all] = [0, 0]
  for (const [pair, n] of bigrams(text)) {
    all += n
    hits += Math.min(n, reference.get(pair) ?? 0)
  }
  return all === 0 ? 0 : hits / all
}

/** Learns from clusters; returns what a sentence's features are worth, and the trees. */
export function learnSentences(clusters: readonly SummaryCluster[]): {
  worthOf: (features: Float64Array) => number
  bias: number
  trees: Tree[]
} {
  const rows: Float64Array[] = []
  const targets: number[] = []
  const weights: number[] = []
  for (const { articles, reference } of clusters) {
    const wanted = bigrams(reference)
    const sentences = sourceSentences(articles)
    for (const [i, features] of sentenceFeatures(articles, sentences).entries()) {
      rows.push(features)
      targets.push(part(sentences[i]?.text ?? '', wanted))
      weights.push((sentences[i]?.words ?? 0) / 25)
    }
  }
  const { bias, trees } = boost(rows, targets, weights, OPTIONS, 'squared')
  return { bias, trees, worthOf: (features) => trees.reduce((sum, tree) => sum + treeValue(tree, features), bias) }
}

if (import.meta.main) {
  scriptOptions('node train/summaries.ts', {})
  const clusters = summaryClusters(['train', 'validation'])
  if (!clusters) {
    console.error('train/summaries.ts: ../shared/data is absent; nothing was made')
    process.exit(1)
  }
  const { bias, trees } = learnSentences(clusters)
  const out = new URL('../pipeline/weights/summaries.json', import.meta.url)
  writeFileSync(out, `${JSON.stringify({ novelty: 1, length: 0.15, bias, trees })}\n`)
  console.log({ clusters: clusters.length, trees: trees.length })
}
