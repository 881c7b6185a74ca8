import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Channel } from './alerts/channels/channel.ts'
import { emailChannel, emailNotices } from './alerts/channels/email.ts'
import type { NoticeChannel } from './alerts/channels/notice.ts'
import { webhookChannel, webhookNotices } from './alerts/channels/webhook.ts'
import { createJobs } from './app/jobs.ts'
import { listen } from './app/listen.ts'
import type { Monitor } from './app/monitor.ts'
import { createRetaining } from './app/retention.ts'
import { createWatch } from './app/watch.ts'
import { type Clock, iso, systemClock } from './clock.ts'
import { type Config, parseConfig } from './config.ts'
import { openArchive } from './crawlers/archive.ts'
import { linkFinished } from './crawlers/archive-chain.ts'
import { checkArchive } from './crawlers/archive-check.ts'
import { type ChromiumOptions, findChromium } from './crawlers/chromium.ts'
import { createCollector, type PollOptions } from './crawlers/collect.ts'
import { coverage } from './crawlers/coverage.ts'
import { evidenceFolder, verifyEvidence } from './crawlers/evidence.ts'
import { createImporter } from './crawlers/import/import.ts'
import { createIngest, type Ingest, reassess } from './crawlers/ingest.ts'
import { createJudging } from './crawlers/judging.ts'
import { rebuild } from './crawlers/rebuild.ts'
import { reextract } from './crawlers/reextract.ts'
import type { CollectResult } from './crawlers/tally.ts'
import { describeError, Skip } from './errors.ts'
import { syncIndex } from './index/project.ts'
import { openSqliteIndex } from './index/sqlite.ts'
import { translator } from './locales/index.ts'
import type { Outlet } from './model.ts'
import type { ArticleModel } from './pipeline/article-model.ts'
import { type Assessor, createAssessor } from './pipeline/assess.ts'
import { loadLocalModel, loadShippedModel, localTranslator } from './pipeline/models.ts'
import { placeTree } from './pipeline/place-tree.ts'
import { createStoryWindow } from './pipeline/stories.ts'
import { MEMORY_DAYS, QUIET_DAYS } from './pipeline/story-life.ts'
import { JUDGING_NAMES, judgingFile } from './profiles/overlay.ts'
import { profileLocation, readProfile } from './profiles/read.ts'
import type { Profile } from './profiles/schema.ts'
import { composeReport } from './reports/compose.ts'
import { deliverReport } from './reports/deliver.ts'
import { type Chat, createChat } from './reports/helpers/chat.ts'
import { chatTranslator, libreTranslator, type Translator } from './reports/helpers/translator.ts'
import { periodOfWeek } from './reports/period.ts'
import { createScheduler, type Job } from './scheduler/scheduler.ts'
import { openStore } from './store/open.ts'

const REASSESS_BATCH = 200
const TRANSLATION_TIMEOUT_MS = 60_000
const DAY_MS = 86_400_000

/** Judges articles as the monitor does, without a store: a configured local model first, then the shipped one. */
export async function createConfiguredAssessor(
  { modelFolder }: Config,
  profile: Profile,
  shipped: Promise<ArticleModel> = loadShippedModel(),
): Promise<Assessor> {
  const local = modelFolder === null ? [] : [await loadLocalModel(modelFolder, profile.topics)]
  return createAssessor({ profile, models: [...local, await shipped] })
}

/** The Chromium of the configuration, or one of the machine. */
const chromiumOf = ({ chromium: { path, sandbox } }: Config): ChromiumOptions => ({
  path: path ?? findChromium(process.env.PATH ?? ''),
  sandbox,
})

function channelsOf(config: Config): Channel[] {
  const channels: Channel[] = []
  if (config.smtp) channels.push(emailChannel(config.smtp))
  if (config.webhook) channels.push(webhookChannel(config.webhook))
  return channels
}

/** How the administrator is reached. */
function noticeChannelsOf({ administrator: { smtp, webhook } }: Config): readonly NoticeChannel[] {
  return [...(smtp ? [emailNotices(smtp)] : []), ...(webhook ? [webhookNotices(webhook)] : [])]
}

/** The optional language model and translator; off unless configured. */
function helpersOf(config: Config, clock: Clock): { chat: Chat | null; translator: Translator | null } {
  const { languageModel, translator } = config
  const chat = languageModel === null ? null : createChat({ ...languageModel, clock })
  if (translator?.kind === 'libretranslate')
    return { chat, translator: libreTranslator({ ...translator, timeoutMs: TRANSLATION_TIMEOUT_MS }) }
  if (translator?.kind === 'local') return { chat, translator: localTranslator(translator.folder) }
  return { chat, translator: translator?.kind === 'llm' && chat !== null ? chatTranslator(chat) : null }
}

/**
 * Opens every part in the order in which they depend on each other.
 * @param overrides.outlets other outlets than the profile's: the press world
 * @throws {Fatal} for a broken profile, a store from a newer version, a folder that cannot be written …
 */
export async function openMonitor(
  config: Config,
  overrides: { readonly clock?: Clock; readonly log?: Logger; readonly outlets?: readonly Outlet[] } = {},
): Promise<Monitor> {
  const clock = overrides.clock ?? systemClock
  const log = overrides.log ?? pino({ level: config.logLevel })
  const loaded = await readProfile(config)
  const opened = overrides.outlets ? { ...loaded, outletDefinitions: overrides.outlets } : loaded
  const outlets = opened.outletDefinitions
  const dataFolder = resolve(config.dataFolder)
  await mkdir(dataFolder, { recursive: true })

  const shipped = loadShippedModel()
  const assessorFor = (candidate: Profile): Promise<Assessor> => createConfiguredAssessor(config, candidate, shipped)
  const first = await assessorFor(opened)
  const store = await openStore({ file: join(dataFolder, 'monitor.sqlite'), clock })
  const location = { ...profileLocation(config), shares: opened.shares }
  const judging = await createJudging({
    ...{ location, store, clock, log, assessorFor },
    ...{ profile: opened, assessor: first },
  })
  const { profile, assessor } = judging
  const index = await openSqliteIndex(join(dataFolder, 'index.sqlite'))
  const archive = await openArchive({
    ...{ folder: join(dataFolder, 'archive'), clock, software: 'laocai-press-monitor' },
    begun: (file, origin) =>
      store.archiveFiles.begin({ file, origin, begunAt: iso(clock.now()), who: null, source: null }),
  })
  const linkArchive = () => linkFinished({ store, archive, clock })
  for (const { file } of await linkArchive()) log.info({ file }, 'an archive file was linked')
  const retaining = createRetaining({ store, archive, clock, config, profile })
  const names = new Map(profile.outletDefinitions.map(({ id, name }) => [id, name]))
  const ingestAt = (time: Clock): Ingest =>
    createIngest({
      ...{ store, assessor, clock: time, windowDays: QUIET_DAYS },
      outletName: (id) => names.get(id) ?? id,
      createWindow: () =>
        createStoryWindow({ days: QUIET_DAYS, memoryDays: MEMORY_DAYS, places: placeTree(profile.places) }),
    })
  const ingest = ingestAt(clock)
  const importer = createImporter({ store, archive, ingest, outlets, clock })
  const collector = createCollector({
    ...{ store, outlets, archive, ingest, clock, log },
    contact: config.contact,
    minFreeBytes: config.minFreeBytes,
    testHosts: config.testHosts,
    browser: config.readWithBrowser ? chromiumOf(config) : null,
  })
  const channels = channelsOf(config)
  const noticeChannels = noticeChannelsOf(config)

  /** One sync at a time in this process; another process's sync repeats work at worst, since a put is idempotent. */
  let syncing: Promise<unknown> = Promise.resolve()
  const updateIndex = (): Promise<number> => {
    const next = syncing.then(
      () => syncIndex({ store, index, outlets, places: profile.places }),
      () => syncIndex({ store, index, outlets, places: profile.places }),
    )
    syncing = next
    return next
  }

  const pollOnce = async (options: PollOptions): Promise<CollectResult> => {
    const result = await collector.poll(options)
    await linkArchive()
    await updateIndex()
    // Through the scheduler, whose lease lets one process deliver at a time: what another one delivers now is not ours.
    await scheduler.runNow(jobs.alerts, clock.now())
    return result
  }

  /** A job that somebody asked for, under the lease of the standing one. */
  const alone = async <T>(job: Job, work: () => Promise<T>, busy: () => Skip): Promise<T> => {
    const done: T[] = []
    let failure: unknown = null
    const run: Job['run'] = async () => {
      try {
        const result = await work()
        done.push(result)
        return result
      } catch (error) {
        failure = error
        throw error
      }
    }
    const outcome = await scheduler.runNow({ ...job, run }, clock.now())
    if (outcome === 'failed') throw failure
    const [result] = done
    if (result === undefined) throw busy()
    return result
  }

  const collect: Monitor['collect'] = (options = {}) => alone(jobs.crawl, () => pollOnce(options), collectBusy)

  const compose: Monitor['composeReport'] = async (reportId, week) => {
    const definition = profile.reports.find((report) => report.id === reportId)
    if (definition === undefined) {
      throw new Skip(`The profile ${profile.id} has no report "${reportId}".`, {
        code: 'report.unknown',
        remedy: `Use one of: ${profile.reports.map((report) => report.id).join(', ')}.`,
      })
    }
    const period = periodOfWeek(week)
    const now = clock.now()
    const collected = await coverage({ store, outlets, from: period.from, to: period.to, now })
    const gaps = collected.flatMap(({ extent, ...outlet }) => (extent === 'full' ? [] : [{ ...outlet, extent }]))
    const data = await composeReport({ store, profile, definition, period, coverage: gaps, now })
    const chromium = chromiumOf(config)
    const delivered = await deliverReport({ store, data, dataFolder, chromium, t: translator('vi') })
    for (const problem of delivered.problems) log.warn({ report: reportId, ...problem }, 'format not written')
    return delivered
  }

  /** After an edit of the profile: in force at once, the articles follow in the background. */
  const reload = async (): Promise<void> => {
    await judging.refresh()
    scheduler
      .runNow(jobs.rejudge, clock.now())
      .catch((error: unknown) => log.error(describeError(error), 'not rejudged'))
  }

  const retainAndLink = async () => {
    const result = await retaining.retain({})
    await linkArchive()
    return result
  }

  const jobs = createJobs({
    ...{ store, profile, outlets, config, clock, dataFolder, channels, judging, collector },
    ...{ updateIndex, composeReport: compose, retain: retainAndLink },
    poll: (signal) => pollOnce({ signal }),
    watch: createWatch({ store, outlets, clock, config, profile, dataFolder, channels: noticeChannels }),
  })
  const scheduler = createScheduler({ store, clock, jobs: jobs.all, log })
  let server: FastifyInstance | null = null

  const serve: Monitor['serve'] = async ({ schedule = true } = {}) => {
    // Only a server needs the pages and what they load.
    const { createServer } = await import('./web/server.ts')
    const { registerOutletMetrics } = await import('./web/outlet-metrics.ts')
    const metrics = new Registry()
    collectDefaultMetrics({ register: metrics })
    const coverageNow = (): ReturnType<typeof coverage> => {
      const now = clock.now()
      return coverage({ store, outlets, from: iso(new Date(now.getTime() - DAY_MS)), to: iso(now), now })
    }
    registerOutletMetrics(metrics, coverageNow, clock.now)
    const secure = config.publicUrl.startsWith('https:')
    const { metricsToken } = config
    server = await createServer({
      ...{ store, index, profile, clock, log, dataFolder, metrics, metricsToken, secure },
      ...helpersOf(config, clock),
      importer,
      system: {
        ...{ configured: retaining.configured, limits: retaining.limits, preview: retaining.preview },
        ...{ minFreeBytes: config.minFreeBytes, channels: noticeChannels.map(({ name }) => name) },
      },
      editing: { location, assessor: judging.current, assessorFor: judging.assessorFor, reload },
      composeReport: async (reportId, week) => (await compose(reportId, week)).record,
      changed: () => {
        updateIndex().catch((error: unknown) => log.error(describeError(error), 'a change was not followed'))
      },
    })
    const url = await listen(server, config)
    if (schedule) await scheduler.start()
    return url
  }

  return {
    ...{
      config,
      profile,
      store,
      outlets,
      index,
      assessor,
      clock,
      log,
      jobs: jobs.all,
      collect,
      composeReport: compose,
      importer,
      updateIndex,
      serve,
    },
    reassess: async () => {
      let total = 0
      for (let count = REASSESS_BATCH; count === REASSESS_BATCH; total += count) {
        count = await reassess({ store, assessor: judging.current(), clock, limit: REASSESS_BATCH })
      }
      await updateIndex()
      return total
    },
    verifyArchive: async (given) => ({
      check: await checkArchive({ store, archive, ...given }),
      evidence: await verifyEvidence(store, evidenceFolder(dataFolder)),
    }),
    reextract: async (given) => {
      const result = await reextract({ ...{ store, archive, ingest, clock, outlets }, ...given })
      await updateIndex()
      return result
    },
    retain: ({ dryRun = false }) =>
      dryRun ? retaining.retain({ dryRun }) : alone(jobs.retention, retainAndLink, retentionBusy),
    limits: retaining.limits,
    rebuild: async (folder, given) => {
      const result = await rebuild({ store, archive, folder, outlets, ingestAt, clock, ...given })
      await linkArchive()
      await updateIndex()
      return result
    },
    rebuildIndex: async () => {
      await index.clear()
      await updateIndex()
      return store.articles.count({})
    },
    close: async () => {
      await scheduler.stop()
      await server?.close()
      await collector.close()
      await archive.close()
      await linkArchive()
      await index.close()
      await store.close()
    },
  }
}

const collectBusy = (): Skip =>
  new Skip('The monitor is collecting already.', {
    code: 'collect.busy',
    remedy: 'Wait until the running collection has ended; a running monitor collects by itself.',
  })

const retentionBusy = (): Skip =>
  new Skip('Retention is running already.', {
    code: 'retention.busy',
    remedy: 'Wait until it has ended; a running monitor cleans up each night by itself.',
  })

/** `npm start`: serves until it is told to stop. */
async function main(): Promise<void> {
  const config = parseConfig(process.env)
  const t = translator(config.locale)
  const monitor = await openMonitor(config)
  const { log } = monitor
  const stop = (signal: string): void => {
    log.info({ signal }, 'stopping')
    monitor.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal(describeError(error), 'did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const url = await monitor.serve()
  console.log(t('cli.serving', { url }))
  for (const name of JUDGING_NAMES) {
    const { file, edited } = await judgingFile(name, profileLocation(config))
    if (edited) console.log(t('cli.profileEdited', { name, file }))
  }
  if (config.contact === null) console.log(t('cli.noContact'))
  if ((await monitor.store.users.list()).length === 0) console.log(t('cli.noUsers'))
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    const { message, remedy } = describeError(error)
    console.error(message)
    if (remedy !== null) console.error(translator('vi')('cli.remedy', { remedy }))
    process.exit(1)
  })
}
