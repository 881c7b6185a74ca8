import { readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import type { Command } from 'commander'
import type { Monitor } from '../app/monitor.ts'
import { iso } from '../clock.ts'
import type { Importer, ImportOptions, ItemOutcome } from '../crawlers/import/import.ts'
import { type ImportSource, importProblem, MOST_FILE_BYTES } from '../crawlers/import/items.ts'
import { describeError, Skip } from '../errors.ts'
import { importProblemText } from '../locales/import-problem.ts'
import type { Translate } from '../locales/index.ts'
import { parseDate } from '../pipeline/dates.ts'

interface ImportCommandOptions {
  readonly t: Translate
  /** One line for a person. */
  readonly say: (text: string) => void
  /** One line of results. */
  readonly print: (text: string) => void
  readonly withMonitor: <T>(work: (monitor: Monitor) => Promise<T>) => Promise<T>
}

interface Given {
  readonly outlet?: string
  readonly url?: string
  readonly date?: string
  readonly who: string
  readonly note?: string
}

const OUTCOMES = ['new', 'completed', 'known', 'queued', 'refused'] as const

/** `import FILE…`: one line an item; an item that was refused makes the exit code 1, the others are kept. */
export function addImportCommand(program: Command, options: ImportCommandOptions): void {
  const { t } = options
  program
    .command('import <files...>')
    .description(t('imports.command'))
    .option('--outlet <id>', t('imports.outletOption'))
    .option('--url <url>', t('imports.urlOption'))
    .option('--date <date>', t('imports.dateOption'))
    .option('--who <name>', t('imports.whoOption'), userInfo().username)
    .option('--note <text>', t('imports.noteOption'))
    .action((files: string[], given: Given) => importFiles(files, given, options))
}

async function importFiles(files: readonly string[], given: Given, options: ImportCommandOptions): Promise<void> {
  const { t, say, print, withMonitor } = options
  if (given.url !== undefined && files.length > 1)
    throw new Skip(t('imports.oneUrl'), { code: 'import.one-url', remedy: t('imports.oneUrlRemedy') })
  const { who, note = null, outlet = null, url = null } = given
  const published = given.date === undefined ? null : dateOf(given.date, t)
  const outcomes = await withMonitor(async ({ importer, store, clock, updateIndex }) => {
    const all: ItemOutcome[] = []
    for (const file of files) {
      for (const item of await itemsOf(file, importer, { who, note, outlet, url, published })) {
        print(lineOf(item, t))
        all.push(item)
      }
      await store.users.log({
        who,
        action: 'article.import',
        subject: basename(file),
        detail: note,
        at: iso(clock.now()),
      })
    }
    await updateIndex()
    return all
  })
  const count = (wanted: string): number => outcomes.filter(({ outcome }) => outcome === wanted).length
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count(outcome)]))
  say(t('imports.total', counts))
  if (count('refused') > 0) process.exitCode = 1
}

/** @throws Skip `import.missing`, `import.too-large` */
async function sourceOf(file: string): Promise<ImportSource> {
  let bytes: Uint8Array
  try {
    const { size } = await stat(file)
    if (size > MOST_FILE_BYTES) throw importProblem('too-large', `${file} has ${size} bytes`)
    bytes = await readFile(file)
  } catch (error) {
    if (error instanceof Skip) throw error
    throw importProblem('missing', `${file} cannot be opened`, error)
  }
  return { name: basename(file), bytes }
}

/** A file that cannot be opened is one more item that is refused. */
async function itemsOf(file: string, importer: Importer, options: ImportOptions): Promise<readonly ItemOutcome[]> {
  try {
    return await importer.importSource(await sourceOf(file), options)
  } catch (error) {
    if (!(error instanceof Skip)) throw error
    return [{ label: file, outcome: 'refused', url: null, article: null, problem: describeError(error) }]
  }
}

/** A date as people write it, in the province's zone. */
function dateOf(date: string, t: Translate): string {
  const parsed = parseDate(date, { timezone: 'Asia/Ho_Chi_Minh', dateOrder: 'day-first' })
  if (parsed?.kind === 'absolute') return parsed.instant
  throw new Skip(t('imports.badDate', { date }), { code: 'import.bad-date', remedy: t('imports.badDateRemedy') })
}

function lineOf({ outcome, label, article, problem }: ItemOutcome, t: Translate): string {
  const line = t('imports.line', { outcome: t(`imports.outcome.${outcome}`), label })
  if (problem) return `${line}\n  ${importProblemText(t, problem)}`
  return article ? `${line}\n  ${article.title}` : line
}
