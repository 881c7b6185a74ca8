import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../clock.ts'
import type { CollectorOptions } from '../crawlers/collect.ts'
import type { Outlet } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { type Answer, assessor, type Crawl, openCrawl, startServer, type TestServer } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const START = new Date('2025-10-01T02:00:00Z')

export interface CrawlRoom {
  readonly folder: () => string
  /** Stands at 9:00 on 1 October 2025 in Vietnam when a test begins. */
  readonly clock: SimulatedClock
  readonly serve: (answers: Record<string, Answer | string>) => Promise<TestServer>
  readonly crawl: (
    outlets: readonly Outlet[],
    change?: Partial<CollectorOptions>,
    judge?: Pick<Assessor, 'key' | 'assess'>,
  ) => Promise<Crawl>
  /** Runs after the test, before what was opened earlier is closed. */
  readonly afterwards: (close: () => Promise<void>) => void
}

/** A folder, a clock, servers and monitors of each test's own, put away after it; call it once at the top of a file. */
export function crawlRoom(prefix: string): CrawlRoom {
  let folder = ''
  let time = simulatedClock(START)
  const closing: (() => Promise<void>)[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), prefix))
    time = simulatedClock(START)
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    await rm(folder, { recursive: true, force: true })
  })

  const clock: SimulatedClock = {
    now: () => time.now(),
    sleep: (ms, signal) => time.sleep(ms, signal),
    set: (instant) => time.set(instant),
    advance: (ms) => time.advance(ms),
  }
  return {
    folder: () => folder,
    clock,
    serve: async (answers) => {
      const server = await startServer(answers)
      closing.push(server.close)
      return server
    },
    crawl: async (outlets, change = {}, judge = assessor) => {
      const opened = await openCrawl(folder, outlets, change.clock ?? clock, change, judge)
      closing.push(opened.close)
      return opened
    },
    afterwards: (close) => {
      closing.push(close)
    },
  }
}

/** An outlet whose feed stands at /feed of the server. */
export const feedOutlet = (server: TestServer, change: Partial<Outlet> = {}): Outlet =>
  sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }], ...change })
