import type { Command } from 'commander'
import type { Monitor } from '../app/monitor.ts'
import { formatDayTime } from '../locales/format.ts'
import type { Translate } from '../locales/index.ts'

export interface RetentionCommandOptions {
  readonly t: Translate
  readonly withMonitor: <T>(work: (monitor: Monitor) => Promise<T>) => Promise<T>
  /** One line for a person. */
  readonly say: (text: string) => void
  /** One line of results. */
  readonly print: (text: string) => void
}

const KINDS = ['irrelevant', 'relevant', 'cited'] as const
const LOGS = ['actions', 'visits', 'frontier', 'runs'] as const

/** `retention [--dry-run]`: the limits in force, then what goes under them. */
export function addRetentionCommand(program: Command, { t, withMonitor, say, print }: RetentionCommandOptions): void {
  program
    .command('retention')
    .description(t('system.cli.command'))
    .option('--dry-run', t('system.cli.dryRun'), false)
    .action(async ({ dryRun }: { dryRun: boolean }) => {
      const { limits, result } = await withMonitor(async (monitor) => ({
        limits: await monitor.limits(),
        result: await monitor.retain({ dryRun }),
      }))
      for (const { name, value, setBy } of limits) {
        const by = setBy ? t('system.setBy', { who: setBy.who, at: formatDayTime(setBy.at) }) : t('system.configured')
        say(`${t(`system.limit.${name}`)}: ${value ?? t('system.forever')} (${by})`)
      }
      const { pages, files, versions, logs } = result
      for (const kind of KINDS) {
        const size = (pages[kind].bytes / 1024 / 1024).toFixed(1)
        print(t('system.cli.pages', { kind: t(`system.kind.${kind}`), pages: pages[kind].pages, size }))
      }
      print(t('system.cli.versions', { count: versions }))
      for (const log of LOGS) print(`${t(`system.log.${log}`)}: ${logs[log]}`)
      if (!dryRun) print(t('system.cli.files', { rewritten: files.rewritten, removed: files.removed.length }))
      say(t(dryRun ? 'system.cli.nothingRemoved' : 'system.cli.done'))
    })
}
