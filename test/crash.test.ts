import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { openCrawl, sampleFeed, samplePage, startServer, status, xml } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

/** `CRASH_KILLS=20 npx vitest run test/crash.test.ts` kills more often than there is time for in every run. */
const KILLS = Number(process.env.CRASH_KILLS ?? 4)
const PAGES = 30 * KILLS
/** After how many article requests of each start the process is killed. */
const killAfter = Array.from({ length: KILLS }, (_, start) => 1 + ((start * 7 + 2) % 12))

describe('SIGKILL in the middle of collecting', () => {
  it('loses and doubles nothing: articles, pages and archive agree', { timeout: 60_000 + 30_000 * KILLS }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crash-'))
    let kill: (() => void) | null = null
    let requests = 0
    const pageOf = (path: string): string => samplePage(`Bài số ${path.slice(1)}`)
    const server = await startServer({
      '/robots.txt': status(404),
      '*': (request, response) => {
        const path = request.url ?? ''
        if (path === '/feed') {
          const items = Array.from({ length: PAGES }, (_, n) => ({
            url: `${server.origin}/${n}`,
            title: `Bài số ${n}`,
          }))
          return xml(sampleFeed(items))(request, response)
        }
        requests += 1
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(path))
        kill?.()
      },
    })
    const run = (after: number): Promise<{ killed: boolean }> =>
      new Promise((resolve, reject) => {
        const script = join(import.meta.dirname, 'crawl-child.ts')
        const child = spawn(process.execPath, [script, folder, `${server.origin}/feed`], {
          stdio: ['ignore', 'ignore', 'pipe'],
        })
        let errors = ''
        child.stderr.on('data', (chunk) => {
          errors += chunk
        })
        const limit = requests + after
        // A moment after the answer, so that the process is somewhere between archive and store.
        kill = () => {
          if (requests === limit) setTimeout(() => child.kill('SIGKILL'), (after * 7) % 25)
        }
        child.on('error', reject)
        child.on('exit', (code, signal) => {
          if (signal === 'SIGKILL') resolve({ killed: true })
          else if (code === 0) resolve({ killed: false })
          else reject(new Error(errors))
        })
      })

    try {
      let kills = 0
      for (const after of killAfter) kills += (await run(after)).killed ? 1 : 0
      expect(kills).toBeGreaterThan(0)
      expect(await run(Number.POSITIVE_INFINITY)).toEqual({ killed: false })

      const outlet = sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }] })
      const crawl = await openCrawl(folder, [outlet], simulatedClock(new Date('2025-10-01T02:00:00Z')))
      try {
        const articles = await crawl.store.articles.list({})
        expect(articles.map(({ url }) => new URL(url).pathname).sort()).toEqual(
          Array.from({ length: PAGES }, (_, n) => `/${n}`).sort(),
        )
        for (const article of articles) {
          expect(article).toMatchObject({ version: 1, completeness: 'full' })
          expect(article.assessment).not.toBeNull()
          expect(article.storyId).not.toBeNull()
          const page = await crawl.store.pages.get(article.pageId ?? '')
          if (!page?.warc) throw new Error(`${article.url} is not archived`)
          const { body } = await crawl.archive.read(page.warc)
          expect(Buffer.from(body).toString()).toBe(pageOf(new URL(page.url).pathname))
          expect(page.digest).toBe(`sha256:${createHash('sha256').update(body).digest('hex')}`)
        }
        expect(await crawl.store.frontier.counts()).toEqual({ waiting: 0, claimed: 0, done: PAGES, failed: 0 })
        // Only what was under way at a kill is fetched again: at most the concurrency, each time.
        expect(requests).toBeLessThanOrEqual(PAGES + kills * 17)
      } finally {
        await crawl.close()
      }
    } finally {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
