import type { Channel } from '../alerts/channels/channel.ts'
import { deliverAlerts } from '../alerts/deliver.ts'
import { evaluateAlerts } from '../alerts/evaluate.ts'
import { type Clock, iso } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Collector } from '../crawlers/collect.ts'
import { evidenceFolder, takeEvidence } from '../crawlers/evidence.ts'
import type { Judging } from '../crawlers/judging.ts'
import type { CollectResult } from '../crawlers/tally.ts'
import type { Outlet } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import { lastFullWeek } from '../reports/period.ts'
import type { Job } from '../scheduler/scheduler.ts'
import type { Store } from '../store/store.ts'
import { allZero, idlePoll } from './idle.ts'
import type { Monitor } from './monitor.ts'

const periodKey = (planned: Date): string => iso(planned)

export interface Jobs {
  readonly crawl: Job
  readonly alerts: Job
  readonly rejudge: Job
  readonly retention: Job
  /** Every job that the scheduler plans, those above among them. */
  readonly all: readonly Job[]
}

/** The standing work of a monitor, and when it is planned. */
export function createJobs(options: {
  readonly store: Store
  readonly profile: Profile
  readonly outlets: readonly Outlet[]
  readonly config: Config
  readonly clock: Clock
  readonly dataFolder: string
  readonly channels: readonly Channel[]
  readonly judging: Judging
  readonly collector: Collector
  readonly poll: (signal: AbortSignal) => Promise<CollectResult>
  readonly watch: () => Promise<unknown>
  readonly retain: () => Promise<unknown>
  readonly updateIndex: () => Promise<number>
  readonly composeReport: Monitor['composeReport']
}): Jobs {
  const { store, profile, config, clock, channels, judging, updateIndex } = options

  const crawl: Job = {
    name: 'crawl',
    // Busy feeds are asked once a minute; nothing is due in most minutes.
    cron: '* * * * *',
    periodKey,
    run: (_planned, signal) => options.poll(signal),
    idle: (result) => idlePoll(result as CollectResult),
  }

  const alerts: Job = {
    name: 'alerts',
    cron: '*/5 * * * *',
    periodKey,
    run: async () => ({
      evaluation: await evaluateAlerts({ store, profile, now: clock.now(), channels }),
      delivery: await deliverAlerts({ store, profile, channels, clock, publicUrl: config.publicUrl }),
    }),
    idle: allZero,
  }

  const retention: Job = {
    name: 'retention',
    cron: '30 2 * * *',
    periodKey,
    run: options.retain,
  }

  const rejudge: Job = {
    name: 'rejudge',
    cron: '*/10 * * * *',
    periodKey,
    run: async (_planned, signal) => {
      await judging.refresh()
      const articles = await judging.rejudge(signal)
      if (articles > 0) await updateIndex()
      return { articles }
    },
    idle: allZero,
  }

  const evidence: Job = {
    name: 'evidence',
    cron: '*/10 * * * *',
    periodKey,
    run: (_planned, signal) =>
      takeEvidence({
        ...{ store, outlets: options.outlets, clock, signal, picture: options.collector.picture },
        folder: evidenceFolder(options.dataFolder),
        contact: config.contact,
        minFreeBytes: config.minFreeBytes,
      }),
    idle: allZero,
  }

  const watch: Job = {
    name: 'watch',
    cron: '*/5 * * * *',
    periodKey,
    run: options.watch,
    idle: allZero,
  }

  const reports = profile.reports.map(
    (definition): Job => ({
      name: `report:${definition.id}`,
      cron: definition.schedule,
      // The week it is about, not the hour it was planned: composing late is composing the same report.
      periodKey: (planned: Date) => lastFullWeek(planned).label,
      run: async (planned) => {
        const { record, problems } = await options.composeReport(definition.id, lastFullWeek(planned).label)
        return { record: { id: record.id }, problems }
      },
    }),
  )

  const all = [crawl, alerts, retention, rejudge, watch, ...(config.takeEvidence ? [evidence] : []), ...reports]
  return { crawl, alerts, rejudge, retention, all }
}
