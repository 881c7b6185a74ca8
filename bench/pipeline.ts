/**
 * The steps between a page and the store: extraction, relevance, topics, tone, sensitivity, copies and story, against
 * Readability over linkedom alone on the same pages in the same run; then assessment with the shipped model, by length.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import type { Assessable } from '../model.ts'
import { type Assessor, createAssessor } from '../pipeline/assess.ts'
import { extract } from '../pipeline/extract.ts'
import { loadShippedModel } from '../pipeline/models.ts'
import { createStoryWindow, type StoryWindow } from '../pipeline/stories.ts'
import { loadProfile } from '../profiles/load.ts'
import { type ArticlePage, hasExtractionData, wcxbPages } from '../train/extraction-data.ts'
import { cpuOf, median, memoryInUse } from './cpu.ts'
import type { BenchFigure, BenchSection } from './section.ts'

const root = join(import.meta.dirname, '..')
const VIETNEWS = join(root, '..', 'shared', 'data', 'vietnews-laocai.jsonl.gz')
const EVERY = 4
const ARTICLES = 400
const WARM_UP = 20

function readability({ html }: ArticlePage): void {
  const { document } = parseHTML(html)
  // linkedom's types are not lib.dom's; Readability uses what both have.
  new Readability(document as unknown as ConstructorParameters<typeof Readability>[0]).parse()
}

async function wholePipeline(page: ArticlePage, at: number, assessor: Assessor, stories: StoryWindow): Promise<void> {
  const { title, lead, text, language } = extract({ url: page.url, html: page.html })
  const article = { id: String(at), title: title ?? '', lead, text: text ?? '', language, outletId: null }
  const published = new Date(Date.UTC(2025, 0, 1) + at * 60_000).toISOString()
  await assessor.assess({ ...article, published })
  const words = [lead, text].filter((part) => part).join('\n')
  stories.assign({
    id: article.id,
    title: article.title,
    text: words,
    outlet: page.url,
    published,
    language: language ?? undefined,
  })
}

function vietnamese(): Assessable[] {
  const lines = gunzipSync(readFileSync(VIETNEWS)).toString('utf8').split('\n').slice(0, ARTICLES)
  return lines.map((line) => {
    const { id, title, lead, body } = JSON.parse(line)
    return { id, title, lead, text: body, outletId: null, language: 'vi', published: null }
  })
}

/** One sentence, made of names alone: what a step that looks around each name pays most for. */
function listOfPlaces(size: number): Assessable {
  const names = 'Lao Cai, Ha Giang, '
  const text = names.repeat(size / names.length)
  return { id: 'list', title: 'Storm', lead: null, text, outletId: null, language: 'en', published: null }
}

async function run(): Promise<readonly BenchFigure[] | { readonly missing: string }> {
  if (!hasExtractionData() || !existsSync(VIETNEWS)) return { missing: '../shared/data (pages and full articles)' }
  const profile = await loadProfile(join(root, 'profiles', 'lao-cai'), join(root, 'crawlers', 'outlets'))
  // First, while the heap is small: collecting a large one would be counted as work.
  const before = memoryInUse()
  const model = await loadShippedModel()
  const grown = memoryInUse() - before
  const assessor = createAssessor({ profile, models: [model] })
  const articles = vietnamese()
  for (const article of articles.slice(0, WARM_UP)) await assessor.assess(article)
  const withModel: number[] = []
  for (const article of articles) withModel.push(await cpuOf(() => assessor.assess(article)))

  const long = (size: number): Assessable => {
    const text = articles.map((article) => article.text).join('\n')
    return { ...(articles[0] as Assessable), text: text.repeat(Math.ceil(size / text.length)).slice(0, size) }
  }
  const ofLength = async (article: Assessable): Promise<number> => {
    const times: number[] = []
    for (let round = 0; round < 5; round++) times.push(await cpuOf(() => assessor.assess(article)))
    return median(times)
  }
  const quarter = await ofLength(long(250_000))
  const whole = await ofLength(long(1_000_000))
  const listQuarter = await ofLength(listOfPlaces(250_000))
  const listWhole = await ofLength(listOfPlaces(1_000_000))

  const lexicon = createAssessor({ profile })
  const pages = [...wcxbPages()].filter((_, index) => index % EVERY === 0)
  const stories = createStoryWindow({ days: 14 })
  for (const [at, page] of pages.slice(0, WARM_UP).entries()) {
    readability(page)
    await wholePipeline(page, at, lexicon, stories)
  }
  let [theirs, ours] = [0, 0]
  for (const [at, page] of pages.entries()) {
    theirs += await cpuOf(() => readability(page))
    ours += await cpuOf(() => wholePipeline(page, at, lexicon, stories))
  }

  return [
    {
      name: 'whole pipeline without a model ÷ Readability, CPU',
      value: ours / theirs,
      unit: '×',
      target: { max: 1.4 },
    },
    { name: 'whole pipeline without a model, CPU per page', value: ours / pages.length, unit: 'ms' },
    {
      name: 'assessment with the shipped model, CPU, median',
      value: median(withModel),
      unit: 'ms',
      target: { max: 15 },
    },
    {
      name: 'an article of 1 MB ÷ one of 0.25 MB (4 is linear)',
      value: whole / quarter,
      unit: '×',
      target: { max: 6 },
    },
    {
      name: 'a list of places of 1 MB without a full stop ÷ one of 0.25 MB, in English (4 is linear)',
      value: listWhole / listQuarter,
      unit: '×',
      target: { max: 6 },
    },
    { name: 'memory that the shipped model adds', value: grown / 1024 / 1024, unit: 'MB', target: { max: 150 } },
  ]
}

export const pipelineBench: BenchSection = { id: 'pipeline', run }
