import { mkdir } from 'node:fs/promises'
import { Command } from 'commander'
import type { Monitor } from './app/monitor.ts'
import { addArchiveCommands } from './cli/archive.ts'
import { assessFilter, extractFilter, storiesFilter, summariseFilter } from './cli/filters.ts'
import { addImportCommand } from './cli/import.ts'
import type { Streams } from './cli/json-lines.ts'
import { addOutletCommands } from './cli/outlet.ts'
import { readNewPassword } from './cli/password.ts'
import { evaluateCorrections, exportCorrections } from './cli/quality-at-work.ts'
import { addRetentionCommand } from './cli/retention.ts'
import { systemClock } from './clock.ts'
import { type Config, parseConfig } from './config.ts'
import { tryAssessor } from './crawlers/trial.ts'
import { describeError, Skip } from './errors.ts'
import { type Translate, translator } from './locales/index.ts'
import { JUDGING_NAMES, judgingFile } from './profiles/overlay.ts'
import { profileLocation, readProfile } from './profiles/read.ts'
import type { UserRole } from './store/store.ts'

const streams: Streams = { input: process.stdin, output: process.stdout, complaints: process.stderr }

/** Prints one line for a person; standard output belongs to the filters' results. */
const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Loaded when a command needs it: a filter must not wait for the server's libraries. */
const app = () => import('./app.ts')

async function withMonitor<T>(config: Config, work: (monitor: Monitor) => Promise<T>): Promise<T> {
  await mkdir(config.dataFolder, { recursive: true })
  const { openMonitor } = await app()
  const monitor = await openMonitor(config)
  try {
    return await work(monitor)
  } finally {
    await monitor.close()
  }
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) {
    throw new Skip(`"${text}" is not a whole number above 0`, { code: 'cli.number', remedy: 'Write e.g. 120.' })
  }
  return value
}

function roleOf(text: string, t: Translate): UserRole {
  if (text === 'administrator' || text === 'editor') return text
  throw new Skip(t('system.cli.badRole', { role: text }), { code: 'user.role', remedy: t('system.cli.badRoleRemedy') })
}

function commands(config: Config, t: Translate): Command {
  const program = new Command('monitor').description(t('cli.description'))

  /** A line that failed is a failure of the command, after the others were done. */
  const filter = async (work: Promise<number>): Promise<void> => {
    const count = await work
    if (count > 0) {
      say(t('cli.linesFailed', { count }))
      process.exitCode = 1
    }
  }
  program
    .command('extract')
    .description(t('cli.extract'))
    .action(async () => filter(extractFilter(streams, (await readProfile(config)).outletDefinitions)))
  program
    .command('assess')
    .description(t('cli.assess'))
    .action(async () => {
      const { createConfiguredAssessor } = await app()
      const profile = await readProfile(config)
      await filter(assessFilter(streams, await createConfiguredAssessor(config, profile), profile.outletDefinitions))
    })
  program
    .command('stories')
    .description(t('cli.stories'))
    .option('--days <n>', t('cli.storiesDays'), wholeNumber, 30)
    .action((options: { days: number }) => filter(storiesFilter(streams, options.days)))
  program
    .command('summarise')
    .description(t('cli.summarise'))
    .option('--words <n>', t('cli.summariseWords'), wholeNumber, 120)
    .action((options: { words: number }) => filter(summariseFilter(streams, options.words)))

  const user = program.command('user').description(t('cli.user'))
  user
    .command('add <name>')
    .description(t('cli.userAdd'))
    .requiredOption('--name <full name>', t('cli.userName'))
    .option('--role <role>', t('system.cli.roleOption'))
    .action(async (name: string, options: { name: string; role?: string }) => {
      const role = options.role === undefined ? {} : { role: roleOf(options.role, t) }
      const password = await readNewPassword({ first: t('cli.passwordFirst'), again: t('cli.passwordAgain') })
      const { createUser } = await import('./web/users.ts')
      const created = await withMonitor(config, ({ store }) =>
        createUser(store, { name, displayName: options.name, password, ...role }, systemClock),
      )
      say(t('cli.userAdded', { name: created.name, displayName: created.displayName }))
    })
  user
    .command('list')
    .description(t('cli.userList'))
    .action(async () => {
      for (const { name, displayName, createdAt, role } of await withMonitor(config, ({ store }) => store.users.list()))
        console.log(`${name}\t${displayName}\t${createdAt}\t${role}`)
    })
  user
    .command('role <name> <role>')
    .description(t('system.cli.role'))
    .action(async (name: string, given: string) => {
      const role = roleOf(given, t)
      const { setRole } = await import('./web/users.ts')
      await withMonitor(config, ({ store }) => setRole(store, name, role, systemClock))
      say(t('system.cli.roleSet', { name, role: t(`system.role.${role}`) }))
    })

  program
    .command('collect')
    .description(t('cli.collect'))
    .option('--all', t('cli.collectAll'), false)
    .action(async ({ all }: { all: boolean }) => {
      console.log(JSON.stringify(await withMonitor(config, (monitor) => monitor.collect({ all })), null, 2))
    })
  program
    .command('report <id> <period>')
    .description(t('cli.report'))
    .action(async (id: string, period: string) => {
      const { record, problems } = await withMonitor(config, (monitor) => monitor.composeReport(id, period))
      say(t('cli.reportDone', { id: record.id }))
      for (const file of Object.values(record.files)) console.log(file)
      for (const { message, remedy } of problems) say(`${message}. ${remedy ?? ''}`)
    })
  program
    .command('reassess')
    .description(t('cli.reassess'))
    .action(async () => {
      say(t('cli.reassessDone', { count: await withMonitor(config, (monitor) => monitor.reassess()) }))
    })
  program
    .command('index')
    .description(t('cli.index'))
    .action(async () => {
      say(t('cli.indexDone', { count: await withMonitor(config, (monitor) => monitor.rebuildIndex()) }))
    })
  addImportCommand(program, {
    ...{ t, say, print: (text) => console.log(text) },
    withMonitor: (work) => withMonitor(config, work),
  })
  addArchiveCommands(program, {
    ...{ t, say, print: (text) => console.log(text) },
    withMonitor: (work) => withMonitor(config, work),
  })
  addRetentionCommand(program, {
    ...{ t, say, print: (text) => console.log(text) },
    withMonitor: (work) => withMonitor(config, work),
  })
  addOutletCommands(program, { config, t, say, print: (text) => console.log(text) })

  const profile = program.command('profile').description(t('cli.profile'))
  profile
    .command('check')
    .description(t('cli.profileCheck'))
    .action(async () => {
      const { id, places, topics, outletDefinitions } = await readProfile(config)
      const counts = { places: places.length, topics: topics.length, outlets: outletDefinitions.length }
      say(t('cli.profileGood', { profile: id, ...counts }))
      for (const name of JUDGING_NAMES) {
        const { file, edited } = await judgingFile(name, profileLocation(config))
        if (edited) say(t('cli.profileEdited', { name, file }))
      }
    })
  profile
    .command('try <folder>')
    .description(t('cli.profileTry'))
    .option('--days <n>', t('cli.profileTryDays'), wholeNumber, 30)
    .action(async (folder: string, { days }: { days: number }) => {
      const { createConfiguredAssessor } = await app()
      const candidate = await createConfiguredAssessor(config, await readProfile(config, folder))
      const { articles, changes } = await withMonitor(config, ({ store, clock, assessor }) =>
        tryAssessor({ store, current: assessor, candidate, days, now: clock.now() }),
      )
      for (const change of changes) console.log(JSON.stringify(change))
      say(t('cli.profileTried', { articles, changes: changes.length, days }))
    })

  program
    .command('evaluate')
    .description(t('cli.evaluate'))
    .action(async () => {
      const fields = await withMonitor(config, ({ store, assessor }) => evaluateCorrections(store, assessor))
      for (const { field, agreed, corrected, disagreements } of fields) {
        say(t('cli.evaluated', { field, agreed, corrected }))
        for (const disagreement of disagreements) console.log(JSON.stringify({ field, ...disagreement }))
      }
    })
  program
    .command('corrections')
    .description(t('cli.corrections'))
    .action(async () => {
      for (const article of await withMonitor(config, ({ store }) => exportCorrections(store)))
        console.log(JSON.stringify(article))
    })
  return program
}

/** One clear message, the remedy, and an exit code: what an administrator sees of any failure. */
function explain(error: unknown, t: Translate): void {
  const { message, remedy } = describeError(error)
  say(message)
  if (remedy !== null) say(t('cli.remedy', { remedy }))
  process.exitCode = 1
}

let t = translator('vi')
try {
  const config = parseConfig(process.env)
  t = translator(config.locale)
  await commands(config, t).parseAsync()
} catch (error) {
  explain(error, t)
}
