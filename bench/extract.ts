/**
 * Extraction against Readability over linkedom alone, on the same pages in the same process: both read each page in turn,
 * so that a busy machine slows both. CPU time of this process, user and system.
 */
import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { extract } from '../pipeline/extract.ts'
import { type ArticlePage, hasExtractionData, wcxbPages } from '../train/extraction-data.ts'
import { cpuOf } from './cpu.ts'
import type { BenchFigure, BenchSection } from './section.ts'

const sampleEvery = 4

function readability({ html }: ArticlePage): void {
  const { document } = parseHTML(html)
  // linkedom's types are not lib.dom's; Readability uses what both have.
  new Readability(document as unknown as ConstructorParameters<typeof Readability>[0]).parse()
}

function extraction({ url, html }: ArticlePage): void {
  extract({ url, html, fetchedAt: '2026-01-01T00:00:00.000Z' })
}

/** CPU per page of an article padded to about `size` characters by further paragraphs. */
function ofSize(size: number): Promise<number> {
  const paragraph =
    '<p>Sáng nay, đoàn công tác của tỉnh đã kiểm tra các tuyến đường bị ngập và thăm hỏi các hộ dân ở bốn thôn.</p>\n'
  const html = `<html><body><article><h1>Bài mẫu</h1>${paragraph.repeat(Math.ceil(size / paragraph.length))}</article></body></html>`
  return cpuOf(() => extract({ url: 'https://bao.example/bai-mau.html', html }))
}

async function run(): Promise<readonly BenchFigure[] | { readonly missing: string }> {
  if (!hasExtractionData())
    return { missing: '../shared/data/extraction (pages of the Web Content Extraction Benchmark)' }
  const pages = [...wcxbPages()].filter((_, index) => index % sampleEvery === 0)
  for (const page of pages.slice(0, 20)) {
    readability(page)
    extraction(page)
  }
  let theirs = 0
  let ours = 0
  let skipped = 0
  for (const page of pages) {
    try {
      theirs += await cpuOf(() => readability(page))
      ours += await cpuOf(() => extraction(page))
    } catch (error) {
      // Readability over linkedom throws on a few pages; they count for neither.
      if (!(error instanceof Error)) throw error
      skipped += 1
    }
  }
  const read = pages.length - skipped
  await ofSize(200_000)
  const small = await ofSize(500_000)
  const large = await ofSize(2_000_000)
  return [
    { name: 'extraction ÷ Readability over linkedom, CPU', value: ours / theirs, unit: '×', target: { max: 1.2 } },
    { name: 'extraction, CPU per page', value: ours / read, unit: 'ms' },
    { name: 'Readability over linkedom, CPU per page', value: theirs / read, unit: 'ms' },
    { name: 'pages read by both', value: read, unit: 'pages' },
    { name: 'a page of 2 MB ÷ one of 0.5 MB (4 is linear)', value: large / small, unit: '×', target: { max: 6 } },
  ]
}

export const extractBench: BenchSection = { id: 'extract', run }
