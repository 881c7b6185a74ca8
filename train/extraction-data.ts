import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Third-party pages with their truth; they are not part of the repository (README of ../shared/data). */
const folder = join(import.meta.dirname, '..', '..', 'shared', 'data', 'extraction')

export const hasExtractionData = (): boolean =>
  existsSync(join(folder, 'wcxb-articles')) && existsSync(join(folder, 'fundus'))

export interface ArticlePage {
  readonly id: string
  readonly url: string
  readonly html: string
  readonly body: string
}

const unzip = (path: string): string => gunzipSync(readFileSync(path)).toString('utf8')
const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8'))
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const string = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Web Content Extraction Benchmark (CC-BY-4.0), development part: pages whose truth has a main text. */
export function* wcxbPages(): Generator<ArticlePage> {
  const root = join(folder, 'wcxb-articles')
  for (const file of readdirSync(join(root, 'html')).sort()) {
    const id = file.slice(0, 4)
    const truth = json(join(root, 'truth', `${id}.json`))
    const body = string(record(truth.ground_truth).main_content)
    if (body !== '') yield { id, url: string(truth.url), html: unzip(join(root, 'html', file)), body }
  }
}

export interface PublisherPage extends ArticlePage {
  readonly country: string
  readonly title: string
  /** As the truth prints it: `2025-01-13 21:37:00+09:00`, the zone sometimes missing. */
  readonly published: string | null
  /** UTC. */
  readonly fetchedAt: string | null
}

/** Publishers' pages of flairNLP/fundus (MIT) with the truth of the layout that was valid when each was fetched. */
export function* fundusPages(): Generator<PublisherPage> {
  const root = join(folder, 'fundus')
  for (const country of readdirSync(root).sort()) {
    if (country === 'LICENSE') continue
    const files = readdirSync(join(root, country)).sort()
    const meta = files.includes('meta.info') ? json(join(root, country, 'meta.info')) : {}
    const pages = Map.groupBy(
      files.filter((file) => file.endsWith('.html.gz')),
      (file) => file.replace(/_\d{4}_\d\d_\d\d\.html\.gz$/, ''),
    )
    for (const [publisher, own] of pages) {
      if (!files.includes(`${publisher}.json`)) continue
      // Versions of a publisher's layout stand in the order of its pages.
      const truths = Object.entries(json(join(root, country, `${publisher}.json`))).sort(([a], [b]) => (a < b ? -1 : 1))
      for (const [index, file] of own.entries()) {
        const truth = record(truths[index]?.[1])
        const body = record(truth.body)
        const sections = list(body.sections).map(record)
        const { url, crawl_date: fetched } = record(meta[file])
        const date = new Date(`${string(fetched).replace(' ', 'T').slice(0, 23)}Z`)
        yield {
          id: `${country}/${file.replace('.html.gz', '')}`,
          country,
          url: string(url),
          html: unzip(join(root, country, file)),
          body: [
            ...list(body.summary),
            ...sections.flatMap((section) => [...list(section.headline), ...list(section.paragraphs)]),
          ].join('\n'),
          title: string(truth.title),
          published: string(truth.publishing_date) || null,
          fetchedAt: Number.isNaN(date.getTime()) ? null : date.toISOString(),
        }
      }
    }
  }
}

/** Lower-cased runs of letters and digits: what the benchmark compares as a multiset. */
export const tokensOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** F1 over the multisets of tokens of two texts; 1 when both are empty. */
export function multisetF1(ours: string, truth: string): number {
  const left = tokensOf(ours)
  const right = tokensOf(truth)
  if (left.length === 0 && right.length === 0) return 1
  const counts = new Map<string, number>()
  for (const token of right) counts.set(token, (counts.get(token) ?? 0) + 1)
  let common = 0
  for (const token of left) {
    const count = counts.get(token) ?? 0
    if (count === 0) continue
    common += 1
    counts.set(token, count - 1)
  }
  return (2 * common) / (left.length + right.length)
}
