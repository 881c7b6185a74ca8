import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'filters-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The command as a person runs it: its own process, real pipes. */
async function run(args: readonly string[], lines: readonly unknown[]) {
  const child = spawn(process.execPath, [join(root, 'cli.ts'), ...args], {
    env: { PATH: process.env.PATH, MONITOR_DATA: join(folder, 'data'), MONITOR_LOCALE: 'en' },
  })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  child.stdin.end(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr] = await said
  const results = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  return { code, results, stderr }
}

const page = `<!doctype html><html lang="vi"><head><title>Lũ quét ở Sa Pa - Báo mẫu</title>
<meta property="og:title" content="Lũ quét ở Sa Pa"><meta property="article:published_time" content="2025-10-01T08:15:00+07:00">
</head><body><article><h1>Lũ quét ở Sa Pa</h1>
<p>Rạng sáng nay, lũ quét bất ngờ đổ về thôn ven suối của xã Tả Van, tỉnh Lào Cai, cuốn trôi ba ngôi nhà của người dân.</p>
<p>Chính quyền xã đã đưa 45 hộ dân đến nơi an toàn và đang thống kê thiệt hại ban đầu để hỗ trợ các gia đình bị mất nhà cửa.</p>
<p>Tuyến đường vào trung tâm xã bị sạt lở tại hai điểm, xe cộ chưa thể đi lại cho tới khi công nhân dọn xong đất đá.</p>
</article></body></html>`

/** Starting a process takes long on a busy machine. */
const SLOW = { timeout: 180_000 }

describe('the pipeline as filters', SLOW, () => {
  it('extract reads a page from the line or from a file, gzipped too, and gives null for what is absent', async () => {
    const file = join(folder, 'page.html.gz')
    await writeFile(file, gzipSync(page))
    const url = 'https://bao-mau.example/lu-quet-o-sa-pa.html'
    const { code, results } = await run(
      ['extract'],
      [
        { id: 'a', url, html: page },
        { id: 'b', url, file },
      ],
    )
    expect(code).toBe(0)
    expect(results.map(({ id }) => id)).toEqual(['a', 'b'])
    for (const result of results) {
      expect(Object.keys(result)).toEqual(
        'id url title lead text byline section published modified language canonical image by'.split(' '),
      )
      expect(result).toMatchObject({ title: 'Lũ quét ở Sa Pa', published: '2025-10-01T01:15:00.000Z', language: 'vi' })
      expect(result.text).toContain('45 hộ dân')
      expect(result.byline).toBeNull()
      expect(result.by.title).toMatch(/^(h1|open-graph|json-ld)$/)
    }
  })

  it('assess shows relevance, topics, tone, sensitivity and the words that caused them', async () => {
    const line = {
      id: 'a',
      title: 'Lũ quét ở Sa Pa, hai người mất tích',
      text: 'Lũ quét cuốn trôi ba ngôi nhà ở xã Tả Van (Lào Cai); hai người mất tích, nhiều hộ phải sơ tán.',
    }
    const other = {
      id: 'b',
      title: 'Deep mining in Peru',
      text: 'Nothing of the province.',
      outlet: null,
      language: 'en',
    }
    const { code, results } = await run(['assess'], [line, other])
    expect(code).toBe(0)
    const [found, none] = results
    expect(Object.keys(found)).toEqual('id relevance score places topics tone sensitive evidence'.split(' '))
    expect(found).toMatchObject({ relevance: 'main', tone: 'negative', sensitive: true })
    expect(found.topics.map(({ id }: { id: string }) => id)).toContain('disaster_environment')
    for (const { field, from, to, text: words } of found.evidence) {
      expect((field === 'title' ? line.title : line.text).slice(from, to)).toBe(words)
    }
    expect(none).toMatchObject({ id: 'b', relevance: 'none', places: [], sensitive: false })
  })

  it('stories joins articles on one event and summarise cites what it quotes', async () => {
    const told = (id: string, outlet: string, hour: string, title: string) => ({
      id,
      outlet,
      title,
      published: `2025-10-01T${hour}:00:00+07:00`,
      text: `${title}. Trận lũ quét rạng sáng 1/10 tại xã Tả Van, Lào Cai làm hai người mất tích và cuốn trôi ba ngôi nhà.`,
    })
    const articles = [
      told('a', 'Báo Một', '08', 'Lũ quét ở Tả Van, hai người mất tích'),
      told('b', 'Báo Hai', '09', 'Hai người mất tích do lũ quét ở Tả Van'),
      { ...told('c', 'Báo Ba', '10', 'Giá vàng tăng'), text: 'Giá vàng trong nước tăng 500.000 đồng mỗi lượng.' },
    ]
    const stories = await run(['stories'], articles)
    expect(stories.code).toBe(0)
    const [a, b, c] = stories.results
    expect(b.story).toBe(a.story)
    expect(c.story).not.toBe(a.story)

    const summary = await run(['summarise', '--words', '40'], [{ id: 's', articles: articles.slice(0, 2) }])
    expect(summary.code).toBe(0)
    const [{ text: summaryText, sentences }] = summary.results
    expect(summaryText.split(/\s+/).length).toBeLessThanOrEqual(40)
    expect(sentences.length).toBeGreaterThan(0)
    for (const { text: words, cites } of sentences) {
      for (const { id, from, to, field } of cites) {
        const cited = articles.find((article) => article.id === id)
        expect((field === 'title' ? cited?.title : cited?.text)?.slice(from, to)).toBe(words)
      }
    }
  })

  it('names bad lines, does the others and ends with an exit code', async () => {
    const { code, results, stderr } = await run(
      ['assess'],
      ['{oops', { id: 'a', title: 'Tin', text: '' }, { title: 1 }],
    )
    expect(code).toBe(1)
    expect(results.map(({ id }) => id)).toEqual(['a'])
    expect(stderr).toMatch(/line 1: not JSON/)
    expect(stderr).toMatch(/line 3: id: /)
  })
})
