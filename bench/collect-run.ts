import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CheerioCrawler, Configuration, Log, LogLevel } from '@crawlee/cheerio'
import { iso, systemClock } from '../clock.ts'
import { type ChromiumOptions, findChromium } from '../crawlers/chromium.ts'
import { createCollector } from '../crawlers/collect.ts'
import { type Ingest, pageRecord } from '../crawlers/ingest.ts'
import type { Outlet } from '../model.ts'
import type { Store } from '../store/store.ts'
import { openCrawl } from '../test/crawling.ts'
import { collectWorld } from '../test/press-world/collecting.ts'
import { generateWorld } from '../test/press-world/generate.ts'

/** One measurement of collecting, in a process of its own whose memory is then its own: prints one line of JSON. */

const MEGABYTE = 1024 * 1024
/** The visit after a day and the second look. */
const AFTERWARDS_MS = 27 * 3_600_000
const quiet = { info: () => undefined, warn: () => undefined }

interface Host {
  readonly outlets: readonly Outlet[]
  readonly hosts: readonly string[]
  readonly urls: readonly string[]
  readonly stop: () => void
}

async function startHost(kind: 'pages' | 'scripts', articles: number): Promise<Host> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'collect-host.ts'), kind, String(articles)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...JSON.parse(line), stop: () => child.stdin.end() }
  }
  throw new Error('the press world did not start')
}

/** Kilobytes of a field of smaps_rollup; 0 where the process has ended or the system has no such file. */
function kilobytes(pid: number, field: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  } catch {
    return 0
  }
}

function childrenOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found.slice(1)
}

/** Peak of the process and of its browser's processes, whose shared memory is counted once (PSS). */
function watchMemory(except: readonly number[] = []): { readonly peak: () => { own: number; all: number } } {
  let own = 0
  let all = 0
  const look = (): void => {
    const mine = process.memoryUsage.rss()
    own = Math.max(own, mine / MEGABYTE)
    const others = childrenOf(process.pid).filter((pid) => !except.includes(pid))
    all = Math.max(all, mine / MEGABYTE + others.reduce((sum, pid) => sum + kilobytes(pid, 'Pss') / 1024, 0))
  }
  const timer = setInterval(look, 1000)
  timer.unref()
  return {
    peak: () => {
      look()
      return { own, all }
    },
  }
}

const hostChildren = (): readonly number[] => childrenOf(process.pid)

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-collect-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const chromium = (): ChromiumOptions => ({
  path: findChromium(process.env.PATH ?? ''),
  // Continuous integration runs as root, where Chromium refuses its sandbox; it reads only our own pages here.
  sandbox: process.getuid?.() !== 0,
})

/** What is in the frontier, as if a feed had announced it. */
const announce = (store: Store, { outlets, urls }: Host): Promise<readonly string[]> =>
  store.frontier.add(
    urls.map((url) => ({
      ...{ url, outletId: outlets[0]?.id ?? '', host: new URL(url).host, priority: 2, attempts: 0, item: null },
      ...{ discoveredAt: iso(systemClock.now()), notBefore: iso(systemClock.now()) },
    })),
  )

/** The whole of collecting over simulated days, in the one process with the world it collects. */
async function world(outlets: number, articles: number, days: number, scripts: boolean): Promise<object> {
  return inFolder(async (folder) => {
    const generated = generateWorld({ seed: 41, outlets, articles, days, scripts })
    const collection = await collectWorld(generated, folder, scripts ? { browser: chromium() } : {})
    const memory = watchMemory()
    const started = performance.now()
    try {
      await collection.run(generated.end, 15, (at) => {
        if (process.env.BENCH_PROGRESS) process.stderr.write(`${at.toISOString()}\n`)
      })
      // Nothing new from here on: what slow sources hold is still found, edits and take-downs are still met.
      await collection.run(new Date(generated.end.getTime() + AFTERWARDS_MS), 60)
      const judged = await collection.judge()
      const count = (values: readonly unknown[]): number => values.length
      if (process.env.BENCH_PROGRESS) {
        const { missing, withoutText, doubled, missedEdits, missedGone, falseEdits, falseGone, breaches } = judged
        const heads = { missing, withoutText, doubled, missedEdits, missedGone, falseEdits, falseGone, breaches }
        for (const [name, list] of Object.entries(heads))
          process.stderr.write(`${name} ${JSON.stringify(list.slice(0, 6), null, 1)}\n`)
      }
      return {
        ...judged,
        missing: count(judged.missing),
        withoutText: count(judged.withoutText),
        doubled: count(judged.doubled),
        missedEdits: count(judged.missedEdits),
        missedGone: count(judged.missedGone),
        falseEdits: count(judged.falseEdits),
        falseGone: count(judged.falseGone),
        againstRobots: count(judged.breaches.filter(({ kind }) => kind === 'robots')),
        tooSoon: count(judged.breaches.filter(({ kind }) => kind === 'interval')),
        breaches: count(judged.breaches),
        seconds: (performance.now() - started) / 1000,
        memory: memory.peak(),
      }
    } finally {
      await collection.close()
    }
  })
}

/** Fetching and archiving without extraction beside crawlee's plain crawler, in turns. */
async function speed(pages: number): Promise<object> {
  const host = await startHost('pages', pages)
  const ours: Speed[] = []
  const plain: Speed[] = []
  try {
    for (let round = 0; round < 3; round += 1) {
      ours.push(await inFolder((folder) => oursOnce(folder, host)))
      plain.push(await plainOnce(host.urls))
    }
  } finally {
    host.stop()
  }
  const rates = (all: readonly Speed[]): number[] => all.map(({ rate }) => rate)
  const cpu = (all: readonly Speed[]): number[] => all.map(({ cpuMs }) => cpuMs)
  return { pages: host.urls.length, ours: rates(ours), plain: rates(plain), oursCpu: cpu(ours), plainCpu: cpu(plain) }
}

/** Pages a second, and processor milliseconds a page, which other work on the machine disturbs less. */
interface Speed {
  readonly rate: number
  readonly cpuMs: number
}

function stopwatch(): (pages: number) => Speed {
  const started = performance.now()
  const before = process.cpuUsage()
  return (pages) => {
    const { user, system } = process.cpuUsage(before)
    return { rate: pages / ((performance.now() - started) / 1000), cpuMs: (user + system) / 1000 / pages }
  }
}

async function oursOnce(folder: string, host: Host): Promise<Speed> {
  const outlets = host.outlets.map((outlet) => ({ ...outlet, sources: [] }))
  const crawl = await openCrawl(folder, outlets, systemClock, { testHosts: host.hosts })
  const { store, archive } = crawl
  let taken = 0
  const ingest: Ingest = {
    ...crawl.ingest,
    page: async ({ outlet, entry, fetched, warc }) => {
      // Row and frontier entry as in earnest, together and with those that arrive meanwhile; only the reading is left out.
      await crawl.ingest.write({
        page: pageRecord(outlet, fetched, warc),
        draft: null,
        settle: (inner) => inner.frontier.done(entry.url, iso(systemClock.now())),
      })
      taken += 1
      return { article: null, outcome: null, problem: null }
    },
  }
  const options = { store, archive, ingest, outlets, clock: systemClock, log: quiet, contact: 'bench@example.org' }
  const collector = createCollector({ ...options, minFreeBytes: 0, testHosts: host.hosts })
  await announce(store, host)
  const watch = stopwatch()
  await collector.poll()
  const speed = watch(taken)
  await collector.close()
  await crawl.close()
  if (taken !== host.urls.length) throw new Error(`${taken} of ${host.urls.length} pages were fetched`)
  return speed
}

async function plainOnce(urls: readonly string[]): Promise<Speed> {
  let taken = 0
  const crawler = new CheerioCrawler(
    {
      maxConcurrency: 16,
      minConcurrency: 16,
      requestHandler: async () => {
        taken += 1
      },
      log: new Log({ level: LogLevel.OFF }),
    },
    new Configuration({ persistStorage: false, purgeOnStart: true }),
  )
  const watch = stopwatch()
  await crawler.run([...urls])
  const speed = watch(taken)
  if (taken !== urls.length) throw new Error(`crawlee fetched ${taken} of ${urls.length} pages`)
  return speed
}

/** The whole way of many pages, and the memory after each quarter of them. */
async function many(pages: number): Promise<object> {
  const host = await startHost('pages', pages)
  return inFolder(async (folder) => {
    const outlets = host.outlets.map((outlet) => ({ ...outlet, sources: [] }))
    const crawl = await openCrawl(folder, outlets, systemClock, { testHosts: host.hosts })
    const memory = watchMemory(hostChildren())
    const rss: number[] = []
    const started = performance.now()
    try {
      await announce(crawl.store, host)
      const quarter = host.urls.length / 4
      const timer = setInterval(async () => {
        const { done } = await crawl.store.frontier.counts()
        if (done >= quarter * (rss.length + 1)) rss.push(process.memoryUsage.rss() / MEGABYTE)
      }, 1000)
      for (;;) {
        await crawl.collector.poll()
        if ((await crawl.store.frontier.counts()).waiting === 0) break
      }
      clearInterval(timer)
      while (rss.length < 4) rss.push(process.memoryUsage.rss() / MEGABYTE)
      const { done } = await crawl.store.frontier.counts()
      return { pages: done, rss, memory: memory.peak(), rate: done / ((performance.now() - started) / 1000) }
    } finally {
      await crawl.close()
      host.stop()
    }
  })
}

/** Pages whose text a script puts in. */
async function browser(pages: number): Promise<object> {
  const found = chromium()
  if (found.path === null) return { missing: 'an installed Chromium' }
  const host = await startHost('scripts', pages)
  return inFolder(async (folder) => {
    const outlets = host.outlets.map((outlet) => ({ ...outlet, sources: [], browser: 'always' as const }))
    const crawl = await openCrawl(folder, outlets, systemClock, { testHosts: host.hosts, browser: found })
    const memory = watchMemory(hostChildren())
    try {
      await announce(crawl.store, host)
      const started = performance.now()
      await crawl.collector.poll()
      const seconds = (performance.now() - started) / 1000
      const articles = await crawl.store.articles.list({})
      const read = articles.filter(({ completeness }) => completeness === 'full').length
      return { pages: host.urls.length, read, rate: host.urls.length / seconds, memory: memory.peak() }
    } finally {
      await crawl.close()
      host.stop()
    }
  })
}

const [mode = '', ...numbers] = process.argv.slice(2)
const [first = 0, second = 0, third = 0] = numbers.map(Number)
const measurements: Readonly<Record<string, () => Promise<object>>> = {
  world: () => world(first, second, third, true),
  // Without outlets that need a browser: what a monitor without Chromium can do.
  plain: () => world(first, second, third, false),
  speed: () => speed(first),
  many: () => many(first),
  browser: () => browser(first),
}
const measure = measurements[mode]
if (!measure) throw new Error(`no measurement "${mode}": ${Object.keys(measurements).join(', ')}`)
process.stdout.write(`${JSON.stringify(await measure())}\n`)
