import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { simulatedClock } from '../clock.ts'
import { openSqliteIndex } from '../index/sqlite.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Store } from '../store/store.ts'
import { createServer } from '../web/server.ts'
import { createSessions, SESSION_COOKIE } from '../web/sessions.ts'
import { cpuOf, median } from './cpu.ts'
import { filledStore } from './filled-store.ts'
import type { BenchFigure, BenchSection } from './section.ts'

/**
 * What a reader waits for the pages that count over many articles, by the real server on a real store. Of each the first
 * view after something changed: while collecting runs, every view is one. Times are the processor's.
 */

const SMALL = 5000
const LARGE = process.env.BENCH_SMALL === undefined ? 100_000 : 10_000
const ROUNDS = 5
const PAGES = { home: '/', week: '/?days=7', trends: '/trends', quarter: '/trends?days=90' } as const
type Page = keyof typeof PAGES

const root = join(import.meta.dirname, '..')
const NOW = new Date('2025-10-03T02:00:00.000Z')

/** Something changes, so that nothing that was worked out before serves. */
const change = (store: Store, round: number): Promise<void> =>
  store.assessments.correct({
    ...{ articleId: 'article-0', field: 'tone', value: round % 2 === 0 ? 'positive' : 'negative', note: null },
    ...{ who: 'an', at: NOW.toISOString() },
  })

/** Median milliseconds of each page. */
async function measured(count: number): Promise<Readonly<Record<Page, number>>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-pages-'))
  try {
    const profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
    const outlets = profile.outletDefinitions
    const store = await filledStore(join(folder, 'store.sqlite'), { profile, outlets, count, now: NOW })
    const index = await openSqliteIndex(join(folder, 'index.sqlite'))
    const clock = simulatedClock(NOW)
    const app = await createServer({
      ...{ store, index, profile, clock, log: pino({ level: 'silent' }), dataFolder: folder },
      composeReport: async () => ({ id: 'none' }),
    })
    const at = NOW.toISOString()
    const user = await store.users.create({ name: 'an', displayName: 'An', passwordHash: 'none', at })
    const cookies = { [SESSION_COOKIE]: await createSessions(store, clock).open(user) }
    const times: Record<Page, number[]> = { home: [], week: [], trends: [], quarter: [] }
    for (let round = -1; round < ROUNDS; round++)
      for (const page of Object.keys(PAGES) as Page[]) {
        await change(store, round)
        let status = 0
        const ms = await cpuOf(async () => {
          status = (await app.inject({ url: PAGES[page], cookies })).statusCode
        })
        if (status !== 200) throw new Error(`${PAGES[page]} answered ${status}`)
        // The first round compiles the code.
        if (round >= 0) times[page].push(ms)
      }
    await app.close()
    await index.close()
    await store.close()
    return {
      ...{ home: median(times.home), week: median(times.week) },
      ...{ trends: median(times.trends), quarter: median(times.quarter) },
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const NAMES: Readonly<Record<Page, string>> = {
  home: 'home, one day',
  week: 'home, seven days',
  trends: 'trends, 30 days, first view',
  quarter: 'trends, 90 days, first view',
}

export const pagesBench: BenchSection = {
  id: 'pages',
  run: async () => {
    const small = await measured(SMALL)
    const large = await measured(LARGE)
    const [few, many] = [SMALL.toLocaleString('en'), LARGE.toLocaleString('en')]
    return (Object.keys(PAGES) as Page[]).flatMap((page): BenchFigure[] => [
      { name: `${NAMES[page]}, ${many} articles (CPU)`, value: large[page], unit: 'ms', target: { max: 500 } },
      { name: `${NAMES[page]}, ${many} to ${few} articles`, value: large[page] / small[page], unit: '×' },
    ])
  },
}
