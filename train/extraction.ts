/**
 * Trains the model that tells an article's blocks from the rest of its page (pipeline/weights/extraction.json) on the
 * Web Content Extraction Benchmark and fundus: `node train/extraction.ts`. With `--check` it only prints the figure of
 * five folds grouped by host, which is what the quality measure reports.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scriptOptions } from '../cli/script-options.ts'
import { extract } from '../pipeline/extract.ts'
import { blockFeatures, featureNames, width } from '../pipeline/extraction/block-features.ts'
import { type BodyModel, scoreBlocks, selectBlocks } from '../pipeline/extraction/body.ts'
import { findBoxes } from '../pipeline/extraction/boxes.ts'
import { cleanParagraphs } from '../pipeline/extraction/clean.ts'
import { readSizes } from '../pipeline/extraction/layout.ts'
import { generalParagraphs } from '../pipeline/extraction/paragraphs.ts'
import { parseTree, type Tree } from '../pipeline/extraction/tree.ts'
import { boost } from './boosting.ts'
import { type ArticlePage, fundusPages, multisetF1, tokensOf, wcxbPages } from './extraction-data.ts'
import { foldsOf } from './folds.ts'
import { seeded } from './seeded.ts'

interface Sample {
  readonly page: ArticlePage
  readonly host: string
  readonly benchmark: boolean
  readonly tree: Tree
  readonly rows: Float32Array
  readonly labels: Float32Array
  readonly weights: Float32Array
}

/** How much of each block stands in the truth, 0 to 1: by runs of four words, short blocks by whole lines of it. */
export function blockLabels(tree: Tree, body: string): Float32Array {
  const tokens = tokensOf(body)
  const runs = new Set<string>()
  for (let at = 0; at + 4 <= tokens.length; at += 1) runs.add(tokens.slice(at, at + 4).join(' '))
  const lines = new Set(body.split(/\n+/).map((line) => tokensOf(line).join(' ')))
  const whole = ` ${tokens.join(' ')} `
  const labels = new Float32Array(tree.blocks.length)
  for (const [index, block] of tree.blocks.entries()) {
    const own = tokensOf(block.text)
    if (own.length < 4) {
      // A cell stands in the truth within the line of its row.
      const isCell = /^t[dh]$/.test(tree.nodes[block.node]?.tag ?? '')
      const phrase = own.join(' ')
      labels[index] = own.length > 0 && (lines.has(phrase) || (isCell && whole.includes(` ${phrase} `))) ? 1 : 0
      continue
    }
    const covered = new Uint8Array(own.length)
    for (let at = 0; at + 4 <= own.length; at += 1) {
      if (runs.has(own.slice(at, at + 4).join(' '))) covered.fill(1, at, at + 4)
    }
    labels[index] = covered.reduce((sum, one) => sum + one, 0) / own.length
  }
  return labels
}

function sampleOf(page: ArticlePage, benchmark: boolean): Sample {
  const tree = parseTree(page.html)
  const labels = blockLabels(tree, page.body)
  const size = Math.max(50, tokensOf(page.body).length)
  const weights = Float32Array.from(tree.blocks, (block) => {
    const own = tokensOf(block.text).length
    // Each page weighs the same; a block weighs as much as its words move the page's figure.
    return Math.min(0.5, (own + 0.5) / size) * (benchmark ? 1 : 0.5) * 1000
  })
  const host = URL.parse(page.url)?.hostname ?? page.id
  return { page, host, benchmark, tree, rows: blockFeatures(tree, null), labels, weights }
}

/** All pages as samples; about a minute. */
export function extractionSamples(): Sample[] {
  return [
    ...[...wcxbPages()].map((page) => sampleOf(page, true)),
    ...[...fundusPages()].filter((page) => page.body.length > 200).map((page) => sampleOf(page, false)),
  ]
}

/** Weight below which a block counts as short: about six words of an article of eight hundred. */
const lightest = 8

export function trainBody(samples: readonly Sample[], rounds = 120): BodyModel {
  const rows: Float32Array[] = []
  const labels: number[] = []
  const weights: number[] = []
  for (const sample of samples) {
    for (let index = 0; index < sample.labels.length; index += 1) {
      // Three in four of the short blocks that belong to nothing teach nothing new; the fourth weighs for them.
      const light = (sample.weights[index] ?? 0) < lightest && sample.labels[index] === 0
      if (light && index % 4 !== 0) continue
      rows.push(sample.rows.subarray(index * width, (index + 1) * width))
      labels.push(sample.labels[index] ?? 0)
      weights.push((sample.weights[index] ?? 0) * (light ? 4 : 1))
    }
  }
  const options = { rounds, depth: 6, rate: 0.1, leastWeight: 30, lambda: 5, features: 0.5, seed: 7 }
  const { bias, trees } = boost(rows, labels, weights, options)
  return { features: [...featureNames], bias, trees, threshold: 0.45 }
}

/** F1 of a page's text: of the blocks that the model chose, and of what is read of them as the article's text. */
export interface PageFigures {
  readonly id: string
  readonly chosen: number
  readonly read: number
}

/** What the pipeline makes of the chosen blocks where an outlet has no rules: without boxes, related articles, labels. */
function readBlocks({ page, tree }: Sample, chosen: readonly number[]): string {
  const boxed = findBoxes(tree, readSizes(tree), page.url)
  const { title, byline } = extract({ url: page.url, html: page.html, fetchedAt: null })
  const paragraphs = generalParagraphs(
    tree,
    chosen.filter((index) => !boxed.has(index)),
    page.url,
  )
  return cleanParagraphs(paragraphs, title, byline).paragraphs.join('\n')
}

/** Figures of each benchmark page when the model has not seen its host. */
export function crossValidate(samples: readonly Sample[], folds: number, rounds = 120, seed = 11): PageFigures[] {
  const foldOf = foldsOf(
    samples.map(({ host }) => host),
    folds,
    seeded(seed),
  )
  const figures: PageFigures[] = []
  for (let fold = 0; fold < folds; fold += 1) {
    const model = trainBody(
      samples.filter((_, i) => foldOf[i] !== fold),
      rounds,
    )
    for (const sample of samples.filter(({ benchmark }, i) => benchmark && foldOf[i] === fold)) {
      const chosen = selectBlocks(sample.tree, scoreBlocks(sample.rows, model), model.threshold)
      const text = chosen.map((index) => sample.tree.blocks[index]?.text ?? '').join('\n')
      figures.push({
        id: sample.page.id,
        chosen: multisetF1(text, sample.page.body),
        read: multisetF1(readBlocks(sample, chosen), sample.page.body),
      })
    }
  }
  return figures
}

if (import.meta.main) {
  const { check } = scriptOptions('node train/extraction.ts', { check: { type: 'boolean', default: false } })
  const samples = extractionSamples()
  const blocks = samples.reduce((sum, sample) => sum + sample.labels.length, 0)
  console.log(`${samples.length} pages, ${blocks} blocks`)
  if (check) {
    const figures = crossValidate(samples, 5)
    const mean = (of: 'chosen' | 'read') => figures.reduce((sum, page) => sum + page[of], 0) / figures.length
    console.log(
      `five folds by host: F1 ${mean('chosen').toFixed(4)} of chosen blocks, ${mean('read').toFixed(4)} as read`,
    )
  } else {
    const path = join(import.meta.dirname, '..', 'pipeline', 'weights', 'extraction.json')
    writeFileSync(path, `${JSON.stringify(trainBody(samples))}\n`)
    console.log(`wrote ${path}`)
  }
}
