import { copyFile, mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pino } from 'pino'
import type { Monitor } from '../../app/monitor.ts'
import { openMonitor } from '../../app.ts'
import { type SimulatedClock, simulatedClock } from '../../clock.ts'
import { type Config, parseConfig } from '../../config.ts'
import type { OutletResult, Problem } from '../../crawlers/tally.ts'
import type { Day } from '../../model.ts'
import { periodOfWeek } from '../../reports/period.ts'
import type { WorldArticle } from './articles.ts'
import { type PressWorld, startPressWorld } from './world.ts'

const HOUR_MS = 3_600_000
/** Feeds reach this far back: well above the step, so that nothing falls between two polls. */
const FEED_HOURS_PER_STEP = 3

export interface Play {
  readonly clock: SimulatedClock
  readonly config: Config
  readonly world: PressWorld
  readonly monitor: Monitor
  /** Moves the clock from `from` to `to`, collecting every `stepHours`. */
  readonly run: (from: Date, to: Date, stepHours: number, progress: (at: Date) => void) => Promise<Collected>
  /** Composes every report of a week and copies its documents to `folder`. */
  readonly report: (week: string, folder: string) => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** The results of many polls, added up. */
export interface Collected {
  readonly polls: number
  readonly outlets: ReadonlyMap<string, Omit<OutletResult, 'outletId' | 'problems'>>
  readonly problems: readonly Problem[]
}

/** The press world and a whole monitor beside it, under one simulated clock; politeness is lifted for the world's hosts. */
export async function play(options: {
  readonly articles: readonly WorldArticle[]
  readonly start: Date
  readonly stepHours: number
  readonly trouble: boolean
  readonly dataFolder: string
  readonly env: Readonly<Record<string, string | undefined>>
}): Promise<Play> {
  const clock = simulatedClock(options.start)
  const world = await startPressWorld({
    articles: options.articles,
    clock,
    feedHours: options.stepHours * FEED_HOURS_PER_STEP,
    trouble: options.trouble,
  })
  const config = parseConfig({
    MONITOR_CONTACT: 'press-world@example.org',
    MONITOR_LOG_LEVEL: 'error',
    MONITOR_MIN_FREE_MB: '256',
    // Containers and continuous integration run as root, where Chromium refuses its sandbox; it prints only our own page.
    MONITOR_CHROMIUM_NO_SANDBOX: String(process.getuid?.() === 0),
    ...options.env,
    MONITOR_DATA: options.dataFolder,
    MONITOR_TEST_HOSTS: world.hosts.join(','),
  })
  const log = pino({ level: config.logLevel })
  const monitor = await openMonitor(config, { clock, log, outlets: world.outlets })

  const run: Play['run'] = async (from, to, stepHours, progress) => {
    const outlets = new Map<string, Omit<OutletResult, 'outletId' | 'problems'>>()
    const problems = new Map<string, Problem>()
    let polls = 0
    for (let at = from.getTime(); at < to.getTime(); ) {
      at = Math.min(at + stepHours * HOUR_MS, to.getTime())
      clock.set(new Date(at))
      const result = await monitor.collect({ all: true })
      polls++
      for (const { outletId, problems: found, ...counts } of result.outlets) {
        const known = outlets.get(outletId)
        outlets.set(outletId, known ? add(known, counts) : counts)
        for (const problem of found) problems.set(`${problem.url} ${problem.code}`, problem)
      }
      progress(new Date(at))
    }
    return { polls, outlets, problems: [...problems.values()] }
  }

  const report: Play['report'] = async (week, folder) => {
    await mkdir(folder, { recursive: true })
    const written: string[] = []
    for (const definition of monitor.profile.reports) {
      const { record, problems } = await monitor.composeReport(definition.id, week)
      for (const problem of problems) console.error(`${definition.id}: ${problem.message}. ${problem.remedy ?? ''}`)
      for (const file of Object.values(record.files)) {
        const target = join(folder, `${definition.id}-${week}${extname(file)}`)
        await copyFile(join(config.dataFolder, file), target)
        written.push(target)
      }
    }
    return written
  }

  return {
    clock,
    config,
    world,
    monitor,
    run,
    report,
    close: async () => {
      await monitor.close()
      await world.close()
    },
  }
}

function add<Counts extends Readonly<Record<string, number>>>(a: Counts, b: Counts): Counts {
  return Object.fromEntries(Object.entries(a).map(([name, value]) => [name, value + (b[name] ?? 0)])) as Counts
}

/** The ISO weeks that lie wholly in the days from `from` to `to`, both included. */
export function wholeWeeks(from: Day, to: Day, weekOf: (date: Date) => { label: string }): string[] {
  const end = midnight(to).getTime() + 24 * HOUR_MS
  const labels = new Set<string>()
  for (let at = midnight(from).getTime(); at < end; at += 24 * HOUR_MS) labels.add(weekOf(new Date(at)).label)
  return [...labels].filter((label) => {
    const period = periodOfWeek(label)
    return Date.parse(period.from) >= midnight(from).getTime() && Date.parse(period.to) <= end
  })
}

/** The beginning of a day in the province, which keeps no daylight saving time. */
export const midnight = (day: Day): Date => new Date(`${day}T00:00:00+07:00`)
