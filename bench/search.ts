import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { SearchDocument, SearchQuery } from '../index/search-index.ts'
import { openSqliteIndex } from '../index/sqlite.ts'
import { cpuOf } from './cpu.ts'
import type { BenchFigure, BenchSection } from './section.ts'

const DATA = join(import.meta.dirname, '..', '..', 'shared', 'data', 'vietnews-other.jsonl.gz')
const ARTICLES = 30_000

/** What people type, rare and common, with accents and without; facets are counted for each. */
const queries: readonly string[] = [
  '',
  'lũ quét',
  'lu quet',
  'lao cai lũ quét',
  'bạc hà',
  'việt nam',
  'viet nam',
  'trung quốc kinh tế',
  'du lịch',
  'du lich ha noi',
  '"tai nạn giao thông"',
  'công an điều tra',
  'người',
  'học sinh -đại học',
  'giáo viên bị phạt',
  'COVID-19',
  'thủ tướng nguyễn xuân phúc',
  'bóng đá u23 việt nam',
  'giá vàng hôm nay',
  'mưa lớn sạt lở đường sắt',
  'ung thư phổi',
  'donald trump',
  'triều tiên tên lửa',
  'cháy rừng',
  '老街',
]

export const searchBench: BenchSection = {
  id: 'search',
  run: async () => {
    if (!existsSync(DATA)) return { missing: `${DATA} (30,000 full articles)` }
    const folder = mkdtempSync(join(tmpdir(), 'search-bench-'))
    const file = join(folder, 'index.db')
    const index = await openSqliteIndex(file)
    try {
      const documents = readDocuments()
      const started = performance.now()
      for (let i = 0; i < documents.length; i += 500) await index.put(documents.slice(i, i + 500), i)
      const indexing = (performance.now() - started) / 1000
      await index.search(queryOf('việt nam', 0))
      const times: number[] = []
      const ownTimes: number[] = []
      for (let round = 0; round < 4; round++)
        for (const text of queries) {
          const begin = performance.now()
          ownTimes.push(await cpuOf(() => index.search(queryOf(text, round))))
          times.push(performance.now() - begin)
        }
      return figures(times, ownTimes, documents.length, documents.length / indexing, statSync(file).size)
    } finally {
      await index.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** By rank, by date, filtered, and deep in the pages. */
function queryOf(text: string, round: number): SearchQuery {
  return {
    text,
    filters: round === 2 ? { origin: 'domestic', topic: 'topic-3', from: '2025-03-01', to: '2025-09-01' } : {},
    sort: round === 1 ? 'newest' : 'rank',
    offset: round === 3 ? 200 : 0,
    limit: 20,
  }
}

/** The texts are real; outlets, topics and dates are spread over them, so that filters and facets have work. */
function readDocuments(): SearchDocument[] {
  const lines = gunzipSync(readFileSync(DATA)).toString('utf8').split('\n').filter(Boolean).slice(0, ARTICLES)
  return lines.map((line, i) => {
    const { id, title, lead, body }: { id: string; title: string; lead: string | null; body: string } = JSON.parse(line)
    return {
      id,
      title,
      lead,
      text: body,
      outletId: `outlet-${i % 60}`,
      outletName: `Outlet ${i % 60}`,
      origin: i % 5 === 0 ? 'foreign' : 'domestic',
      outletClass: 'press',
      language: i % 7 === 0 ? 'en' : 'vi',
      published: new Date(Date.UTC(2025, 0, 1) + i * 900_000).toISOString(),
      relevance: i % 3 === 0 ? 'main' : 'none',
      topics: [`topic-${i % 15}`, `topic-${(i * 7) % 15}`],
      tone: i % 4 === 0 ? 'negative' : 'neutral',
      sensitive: i % 50 === 0,
      places: [`place-${i % 90}`],
      storyId: null,
    }
  })
}

/** By the clock, and of the processor: on a machine that does other work as well they part. */
function figures(
  times: readonly number[],
  ownTimes: readonly number[],
  articles: number,
  rate: number,
  bytes: number,
): BenchFigure[] {
  const percentile = (all: readonly number[], p: number) =>
    all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * p))] ?? 0
  return [
    { name: 'articles in the index', value: articles, unit: 'articles' },
    { name: 'search with facets and passages, p50', value: percentile(times, 0.5), unit: 'ms' },
    { name: 'search with facets and passages, p95', value: percentile(times, 0.95), unit: 'ms', target: { max: 50 } },
    { name: 'search with facets and passages, p95 (CPU)', value: percentile(ownTimes, 0.95), unit: 'ms' },
    { name: 'search with facets and passages, slowest', value: percentile(times, 1), unit: 'ms' },
    { name: 'indexing', value: rate, unit: 'articles/s' },
    { name: 'size of the index', value: bytes / 1e6, unit: 'MB' },
  ]
}
