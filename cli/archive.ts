import { userInfo } from 'node:os'
import { SingleBar } from 'cli-progress'
import type { Command } from 'commander'
import type { Monitor } from '../app/monitor.ts'
import type { ArchiveFault } from '../crawlers/archive-check.ts'
import { BY_CONFIGURATION } from '../crawlers/retention.ts'
import { Skip } from '../errors.ts'
import { formatDayTime } from '../locales/format.ts'
import type { Translate } from '../locales/index.ts'

export interface ArchiveCommandOptions {
  readonly t: Translate
  readonly withMonitor: <T>(work: (monitor: Monitor) => Promise<T>) => Promise<T>
  /** One line for a person. */
  readonly say: (text: string) => void
  /** One line of results. */
  readonly print: (text: string) => void
}

interface ReextractFlags {
  readonly outlet?: string
  readonly since?: string
  readonly dryRun: boolean
  readonly fromArchive?: string
  readonly who: string
}

/** `archive verify [--all]` and `reextract`. */
export function addArchiveCommands(program: Command, options: ArchiveCommandOptions): void {
  const { t } = options
  program
    .command('archive')
    .description(t('archive.command'))
    .command('verify')
    .description(t('archive.verify'))
    .option('--all', t('archive.verifyAll'), false)
    .action(({ all }: { all: boolean }) => verify(all, options))
  program
    .command('reextract')
    .description(t('archive.reextract'))
    .option('--outlet <id>', t('archive.reextractOutlet'))
    .option('--since <day>', t('archive.reextractSince'))
    .option('--dry-run', t('archive.reextractDryRun'), false)
    .option('--from-archive <folder>', t('archive.reextractFrom'))
    .option('--who <name>', t('imports.whoOption'), userInfo().username)
    .action((flags: ReextractFlags) =>
      flags.fromArchive === undefined ? reextract(flags, options) : rebuild(flags.fromArchive, flags, options),
    )
}

/** A bar for whoever watches; nothing where the output goes into a file. */
async function withBar<T>(work: (onProgress: (done: number, total: number) => void) => Promise<T>): Promise<T> {
  const bar = new SingleBar({
    ...{ stream: process.stderr, noTTYOutput: false, clearOnComplete: true, hideCursor: null },
    format: '{bar} {percentage} % · {eta_formatted}',
  })
  let begun = false
  try {
    return await work((done, total) => {
      if (!begun) bar.start(total, 0)
      begun = true
      bar.update(Math.min(done, total))
    })
  } finally {
    bar.stop()
  }
}

async function verify(all: boolean, { t, withMonitor, say, print }: ArchiveCommandOptions): Promise<void> {
  const { check, evidence } = await withBar((onProgress) =>
    withMonitor((monitor) => monitor.verifyArchive({ all, onProgress })),
  )
  const { faults, chain, takenIn, removed, ...figures } = check
  for (const fault of faults) {
    print(faultLine(fault, t))
    print(`  ${t(`archive.remedy.${fault.kind}`)}`)
  }
  for (const { file, fault } of evidence.faults) {
    print(t('archive.fault', { file, place: '', what: t('archive.kind.picture'), detail: fault }))
    print(`  ${t('archive.remedy.picture')}`)
  }
  const { links, files, open, records, pages, read } = figures
  say(t('archive.verified', { links, files, open, records, pages, read, pictures: evidence.files }))
  for (const { file, who, begunAt, source } of takenIn) {
    say(t('archive.takenIn', { file, who: who ?? '–', at: formatDayTime(begunAt), source: source ?? '–' }))
  }
  for (const { file, at, who } of removed) {
    const by = who === null || who === BY_CONFIGURATION ? t('system.configured') : who
    say(t('archive.removed', { file, at: formatDayTime(at), who: by }))
  }
  if (chain !== '') say(t('archive.chain', { chain }))
  const count = faults.length + evidence.faults.length
  say(count === 0 ? t('archive.intact') : t('archive.broken', { count }))
  if (count > 0) process.exitCode = 1
}

function faultLine({ kind, file, offset, url, detail }: ArchiveFault, t: Translate): string {
  const at = offset === null ? '' : t('archive.at', { offset })
  const page = url === null ? '' : t('archive.page', { url })
  return t('archive.fault', { file, place: `${at}${page}`, what: t(`archive.kind.${kind}`), detail })
}

async function reextract(flags: ReextractFlags, { t, withMonitor, say, print }: ArchiveCommandOptions): Promise<void> {
  const { outlet, since, dryRun } = flags
  const from = since === undefined ? null : dayStart(since, t)
  const result = await withBar((onProgress) =>
    withMonitor((monitor) => {
      if (outlet !== undefined && !monitor.outlets.some(({ id }) => id === outlet)) {
        const remedy = monitor.outlets.map(({ id }) => id).join(', ')
        throw new Skip(t('archive.unknownOutlet', { id: outlet }), { code: 'outlet.unknown', remedy })
      }
      return monitor.reextract({
        filter: {
          ...(outlet === undefined ? {} : { outletIds: [outlet] }),
          ...(from === null ? {} : { firstSeenFrom: from }),
        },
        dryRun,
        onProgress,
        onChanged: ({ article: { url }, fields }) => print(t('archive.reread', { url, fields: fields.join(', ') })),
        onFailed: ({ article: { url }, message }) => say(t('archive.rereadFailed', { url, message })),
      })
    }),
  )
  say(t('archive.reextractDone', { ...result }))
}

/** Midnight in Lào Cai. */
function dayStart(day: string, t: Translate): string {
  const start = new Date(`${day}T00:00:00+07:00`)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(start.getTime())) {
    throw new Skip(t('archive.notADay', { day }), { code: 'cli.day', remedy: t('archive.dayRemedy') })
  }
  return start.toISOString()
}

async function rebuild(
  folder: string,
  { outlet, since, dryRun, who }: ReextractFlags,
  { t, withMonitor, say }: ArchiveCommandOptions,
): Promise<void> {
  if (outlet !== undefined || since !== undefined || dryRun) {
    throw new Skip(t('archive.eitherOr'), { code: 'cli.options', remedy: t('archive.reextractFrom') })
  }
  const { damaged, ...figures } = await withBar((onProgress) =>
    withMonitor((monitor) => monitor.rebuild(folder, { who, onProgress })),
  )
  for (const { file, offset } of damaged) say(t('archive.rebuildDamaged', { file, offset }))
  say(t('archive.rebuilt', figures))
  if (damaged.length > 0) process.exitCode = 1
}
