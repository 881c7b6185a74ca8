import { join } from 'node:path'
import type { Command } from 'commander'
import { iso, systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { checkOutlet, type OutletCheck } from '../crawlers/outlet-check.ts'
import { confirmRules, outletYaml, withConfirmedRules, writeFixture, writeOutlet } from '../crawlers/outlet-files.ts'
import { type Survey, surveyOutlet } from '../crawlers/outlet-survey.ts'
import { openSurveyClient, type SurveyClient } from '../crawlers/survey-client.ts'
import { Skip } from '../errors.ts'
import type { Translate } from '../locales/index.ts'
import { loadOutlets } from '../profiles/load.ts'
import { toOutlet, zoneOf } from '../profiles/outlet-schema.ts'

const root = join(import.meta.dirname, '..')
const CATALOGUE = join(root, 'crawlers', 'outlets')
const FIXTURES = join(root, 'test', 'fixtures')
const PREVIEW_WORDS = 25

export interface OutletCommandOptions {
  readonly config: Pick<Config, 'contact' | 'testHosts'>
  readonly t: Translate
  /** One line for a person. */
  readonly say: (text: string) => void
  /** One line of results. */
  readonly print: (text: string) => void
}

interface AddOptions {
  readonly dryRun?: boolean
  readonly id?: string
  readonly folder: string
  readonly fixtures: string
}

interface CheckOptions {
  readonly json: boolean
  readonly confirm: boolean
  readonly folder: string
  readonly fixtures: string
}

/** `outlet add URL` and `outlet check [ID…]`. */
export function addOutletCommands(program: Command, options: OutletCommandOptions): void {
  const { t } = options
  const outlet = program.command('outlet').description(t('outlet.command'))
  outlet
    .command('add <url>')
    .description(t('outlet.add'))
    .option('--dry-run', t('outlet.addDryRun'))
    .option('--id <id>', t('outlet.addId'))
    .option('--folder <folder>', t('outlet.addFolder'), CATALOGUE)
    .option('--fixtures <folder>', t('outlet.addFixtures'), FIXTURES)
    .action((url: string, given: AddOptions) => add(url, given, options))
  outlet
    .command('check [ids...]')
    .description(t('outlet.check'))
    .option('--json', t('outlet.checkJson'), false)
    .option('--confirm', t('outlet.checkConfirm'), false)
    .option('--folder <folder>', t('outlet.addFolder'), CATALOGUE)
    .option('--fixtures <folder>', t('outlet.addFixtures'), FIXTURES)
    .action((ids: string[], given: CheckOptions) => check(ids, given, options))
}

async function withClient<T>(
  { config, t, say }: OutletCommandOptions,
  work: (client: SurveyClient) => Promise<T>,
): Promise<T> {
  const client = openSurveyClient({
    ...{ clock: systemClock, contact: config.contact, testHosts: config.testHosts },
    onRequest: (url) => say(t('outlet.asking', { url })),
  })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

async function add(url: string, given: AddOptions, options: OutletCommandOptions): Promise<void> {
  const { t, say, print } = options
  const survey = await withClient(options, (client) => surveyOutlet({ client, clock: systemClock, url, id: given.id }))
  show(survey, options)
  const now = iso(systemClock.now())
  const text = outletYaml(survey.outlet, survey.toCheck, now.slice(0, 10))
  print(text.trimEnd())
  if (given.dryRun) return say(t('outlet.dryRun'))
  say(t('outlet.written', { file: await writeOutlet(given.folder, survey.outlet, text) }))
  const outlet = toOutlet(survey.outlet, zoneOf(survey.outlet.country) ?? 'UTC')
  const page = survey.pages.find(({ article }) => article.completeness === 'full') ?? survey.pages[0]
  if (page) say(t('outlet.written', { file: await writeFixture(given.fixtures, outlet, page, now) }))
}

function show({ trials, charset, charsetBy, pages, toCheck }: Survey, { t, say }: OutletCommandOptions): void {
  for (const { url, as, items, reason } of trials) {
    if (reason !== null) say(t('outlet.notFound', { as, url, reason }))
    else if (items !== null && as !== 'article') say(t('outlet.found', { as, url, items }))
  }
  say(t('outlet.charset', { charset, by: charsetBy }))
  for (const { article } of pages) {
    const { title, published, completeness, lead, text } = article
    const words = (text ?? lead ?? '').split(/\s+/).slice(0, PREVIEW_WORDS).join(' ').slice(0, 160)
    say(
      t('outlet.article', {
        ...{ title: title ?? t('outlet.noTitle'), published: published ?? t('outlet.noDate'), completeness, words },
      }),
    )
  }
  for (const what of toCheck) say(t('outlet.toCheck', { what }))
}

async function check(ids: readonly string[], given: CheckOptions, options: OutletCommandOptions): Promise<void> {
  const { t, say, print } = options
  const catalogue = await loadOutlets(given.folder)
  const unknown = ids.find((id) => !catalogue.some((outlet) => outlet.id === id))
  if (unknown !== undefined) {
    throw new Skip(t('outlet.unknown', { id: unknown }), { code: 'outlet.unknown', remedy: given.folder })
  }
  const wanted = catalogue.filter(({ id, sources }) => (ids.length > 0 ? ids.includes(id) : sources.length > 0))
  await withClient(options, async (client) => {
    for (const outlet of wanted) {
      const pages: { readonly url: string; readonly html: string }[] = []
      const onPage = (page: (typeof pages)[number]): unknown => pages.push(page)
      const result = await checkOutlet({ client, clock: systemClock, outlet, onPage })
      print(given.json ? JSON.stringify(result) : line(result, t))
      if (!given.json) {
        for (const { url, message } of result.sources) {
          if (message !== null) say(t('outlet.sourceFailed', { url, message }))
        }
      }
      const file = join(given.folder, `${outlet.id}.yaml`)
      if (given.confirm && result.rules === 'confirmed' && (await confirmRules(file))) {
        say(t('outlet.confirmed', { file }))
        const [page] = pages
        const now = iso(systemClock.now())
        if (page) {
          const recorded = await writeFixture(given.fixtures, withConfirmedRules(outlet), page, now)
          say(t('outlet.written', { file: recorded }))
        }
      }
    }
  })
}

const line = ({ outletId: id, verdict, sources, articles, rules }: OutletCheck, t: Translate): string =>
  t('outlet.checkLine', {
    id,
    verdict: t(`outlet.verdict.${verdict}`),
    read: sources.filter(({ items }) => items !== null).length,
    sources: sources.length,
    articles: articles.filter(({ paragraphs }) => paragraphs > 0).length,
    rules: t(`outlet.rules.${rules ?? 'none'}`),
  })
