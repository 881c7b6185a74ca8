import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { beginPoll, type CrashWatch, MOST_DEATHS } from '../crawlers/crash-watch.ts'
import type { Job } from '../crawlers/job-queue.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { openCrawl, sampleFeed, samplePage, startServer, xml } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-watch-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const log = { info: () => undefined, warn: () => undefined }
const clock = simulatedClock(new Date('2025-10-01T02:00:00Z'))
const watch = (store: Store) => beginPoll({ trace: store.crawlTrace, clock, log })
const job = (name: string) => ({ kind: 'article', url: `https://bao.example/${name}` }) as const
/** Work during which the process dies: it never ends. */
const dies = () => new Promise<never>(() => undefined)

describe('a page whose processing kills the process', () => {
  it('is found after some deaths, and given up, and only that one', async () => {
    const store = await openStore({ file: join(folder, 'store.db') })
    let deaths = 0
    const done: string[] = []
    for (;;) {
      const crashes = await watch(store)
      // A good page before the bad one, and a good one that is under way beside it.
      await crashes.take(job('tot'), async () => done.push('tot'))
      const begun = Promise.withResolvers<null>()
      const outcome = crashes.take(job('xau'), () => {
        begun.resolve(null)
        return dies()
      })
      const beside = crashes.take(job('ben-canh'), async () => done.push('ben-canh'))
      const settled = await Promise.race([outcome.catch((error: { code: string }) => error.code), begun.promise])
      if (settled !== null) {
        expect(settled).toBe('collect.kills-process')
        await beside
        await crashes.end()
        break
      }
      deaths += 1
      expect(deaths).toBeLessThan(20)
    }
    expect(deaths).toBe(2 + MOST_DEATHS)
    expect(done.at(-1)).toBe('ben-canh')
    // From then on nothing is careful, and nothing is remembered.
    expect(await store.crawlTrace.beginPoll(clock.now().toISOString())).toEqual({ deaths: 0, suspects: new Map() })
    await store.close()
  })

  it('is asked for last, so that one that was under way by chance is not so again', async () => {
    const store = await openStore({ file: join(folder, 'store.db') })
    const jobs = ['mot', 'hai', 'ba'].map((name) => ({ ...job(name), priority: 1 })) as unknown as Job[]
    const order = (crashes: CrashWatch) =>
      crashes
        .inOrder(jobs)
        .toSorted((a, b) => a.priority - b.priority)
        .map(({ url }) => url.split('/').at(-1))
    for (let death = 0; death < 2; death += 1) expect(order(await watch(store))).toEqual(['mot', 'hai', 'ba'])
    const careful = await watch(store)
    expect(order(careful)).toEqual(['mot', 'hai', 'ba'])
    const begun = Promise.withResolvers<null>()
    void careful.take(job('mot'), () => {
      begun.resolve(null)
      return dies()
    })
    await begun.promise
    expect(order(await watch(store))).toEqual(['hai', 'ba', 'mot'])
    await store.close()
  })

  it('holds nothing against pages while polls end by themselves', async () => {
    const store = await openStore({ file: join(folder, 'store.db') })
    for (let poll = 0; poll < 5; poll += 1) {
      const crashes = await watch(store)
      if (poll % 2 === 0) await crashes.take(job('tot'), async () => undefined)
      else void crashes.take(job('tot'), dies)
      // Every other poll dies.
      if (poll % 2 === 0) await crashes.end()
    }
    expect((await store.crawlTrace.beginPoll(clock.now().toISOString())).suspects.size).toBe(0)
    await store.close()
  })

  it('is parked with a reason that a person sees, and the others are read', async () => {
    const answers: Parameters<typeof startServer>[0] & Record<string, unknown> = {
      '/tot': samplePage('Khánh thành cầu mới ở Bát Xát'),
      '/xau': samplePage('Lũ quét ở Lào Cai'),
    }
    const server = await startServer(answers)
    const paths = ['/tot', '/xau']
    answers['/feed'] = xml(sampleFeed(paths.map((path) => ({ url: server.origin + path, title: `Bài ${path}` }))))
    const outlet = sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }] })
    const crawl = await openCrawl(folder, [outlet], clock, { maxConcurrency: 1 })
    try {
      // As it stands after five deaths.
      for (let death = 0; death < 2 + MOST_DEATHS; death += 1) {
        const { deaths } = await crawl.store.crawlTrace.beginPoll(clock.now().toISOString())
        if (deaths >= 2) await crawl.store.crawlTrace.enter(`article ${server.origin}/xau`, clock.now().toISOString())
      }
      await crawl.collector.poll()
      const problems = await crawl.store.frontier.problems('2025-01-01T00:00:00.000Z')
      expect(problems.map(({ url, code }) => [url, code])).toEqual([[`${server.origin}/xau`, 'collect.kills-process']])
      expect(await crawl.store.frontier.counts()).toMatchObject({ waiting: 0, claimed: 0, done: 1, failed: 1 })
      // What the feed said of it stays.
      const known = (await crawl.store.articles.list({})).map(({ url, completeness }) => [url, completeness])
      expect(known.sort()).toEqual([
        [`${server.origin}/tot`, 'full'],
        [`${server.origin}/xau`, 'feed-only'],
      ])
    } finally {
      await crawl.close()
      await server.close()
    }
  })
})
