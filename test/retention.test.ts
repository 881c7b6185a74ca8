import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WARCParser } from 'warcio'
import { simulatedClock } from '../clock.ts'
import { retain } from '../crawlers/retention.ts'
import { type Answer, limitsOf, openCrawl, sampleFeed, samplePage, startServer, xml } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retention-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const elsewhere = Array.from(
  { length: 6 },
  (_, n) => `<p>Đoạn ${n}: giá xe máy tại thành phố biển tăng nhẹ, người mua chờ đợt giảm giá cuối năm.</p>`,
).join('')

const DAY = 86_400_000

describe('the archive of irrelevant articles', () => {
  it('is dropped after its days, and everything else stays readable', async () => {
    const answers: Record<string, Answer | string> = {
      '/lao-cai': samplePage('Lũ quét ở Lào Cai'),
      '/xe-may': samplePage('Giá xe máy tăng nhẹ', { body: elsewhere }),
      '/xe-moi': samplePage('Giá xe máy mới tăng', { body: elsewhere }),
      '/cu': (_, response) => response.writeHead(301, { location: '/xe-may' }).end(),
    }
    const server = await startServer(answers)
    const list = (paths: readonly string[]) =>
      paths.map((path) => ({ url: server.origin + path, title: `Bài ${path}` }))
    answers['/feed'] = xml(sampleFeed(list(['/lao-cai', '/xe-may', '/cu'])))
    const clock = simulatedClock(new Date('2025-10-01T02:00:00Z'))
    const outlet = sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }] })
    const { store, archive, collector, close } = await openCrawl(folder, [outlet], clock, { maxConcurrency: 1 })
    const limits = limitsOf({ irrelevantArchiveDays: 30 })
    const drop = async (dryRun = false) => {
      const { pages, files } = await retain({ store, archive, clock, limits, dryRun })
      return { pages: pages.irrelevant.pages, rewritten: files.rewritten, removed: files.removed.length }
    }
    try {
      await collector.poll()
      await archive.rotate()
      clock.advance(20 * DAY)
      answers['/feed'] = xml(sampleFeed(list(['/xe-moi'])))
      await collector.poll()
      await archive.rotate()
      expect(await drop()).toEqual({ pages: 0, rewritten: 0, removed: 0 })

      clock.advance(11 * DAY)
      const before = new Map((await store.articles.list({})).map((article) => [article.url, article]))
      const pageOf = async (path: string) => store.pages.get(before.get(server.origin + path)?.pageId ?? '')
      expect((await pageOf('/xe-may'))?.warc).not.toBeNull()
      // Once said, once done, the same pages; saying removes nothing.
      const said = await drop(true)
      expect(said.pages).toBeGreaterThanOrEqual(1)
      expect((await pageOf('/xe-may'))?.warc).not.toBeNull()
      expect(await drop()).toEqual({ pages: said.pages, rewritten: 1, removed: 0 })
      // The old file goes with the next run, when nobody can be about to read it.
      expect(await drop()).toEqual({ pages: 0, rewritten: 0, removed: 1 })

      expect((await pageOf('/xe-may'))?.warc).toBeNull()
      for (const [path, title] of [
        ['/lao-cai', 'Lũ quét ở Lào Cai'],
        ['/xe-moi', 'Giá xe máy mới tăng'],
      ] as const) {
        const page = await pageOf(path)
        if (!page?.warc) throw new Error(`${path} lost its record`)
        expect(Buffer.from((await archive.read(page.warc)).body).toString()).toContain(title)
      }
      // Rows, versions and assessments stay.
      expect(await store.articles.count({})).toBe(before.size)
      expect(before.get(`${server.origin}/xe-may`)?.assessment?.relevance.level).toBe('none')

      const files = (await readdir(join(folder, 'archive'))).sort()
      expect(files.filter((name) => name.includes('-r1.'))).toHaveLength(1)
      expect(files).toHaveLength(2)
      const targets: string[] = []
      for (const name of files) {
        for await (const record of new WARCParser(createReadStream(join(folder, 'archive', name)))) {
          await record.readFully(false)
          if (record.warcTargetURI) targets.push(`${record.warcType} ${new URL(record.warcTargetURI).pathname}`)
        }
      }
      expect(targets).toEqual(
        expect.arrayContaining(['request /lao-cai', 'response /lao-cai', 'request /xe-moi', 'response /xe-moi']),
      )
      expect(targets.filter((target) => target.endsWith('/xe-may'))).toEqual([])
    } finally {
      await close()
      await server.close()
    }
  })
})
