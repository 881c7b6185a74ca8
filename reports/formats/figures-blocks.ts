import { formatNumber } from '../../locales/format.ts'
import type { Translate } from '../../locales/index.ts'
import type { Compared, ReportData } from '../report-data.ts'
import type { Block, Column, TableRow } from './blocks.ts'
import {
  beforeInFigures,
  changeInFigures,
  changeInWords,
  countryName,
  kindName,
  listInWords,
  shareInFigures,
} from './words.ts'

/** Section I: scope, counts, tables, what stands beside the press, what was not collected. */
export function figuresBlocks(data: ReportData, t: Translate): readonly Block[] {
  return [
    { kind: 'section', text: t('reports.section.figures') },
    ...scopeBlocks(data, t),
    { kind: 'heading', text: t('reports.heading.figures') },
    paragraph(...generalSentences(data, t)),
    ...topicsBlocks(data, t),
    ...tonesBlocks(data, t),
    ...kindsBlocks(data, t),
    ...besideBlocks(data, t),
    ...gapsBlocks(data, t),
  ]
}

const paragraph = (...sentences: readonly string[]): Block => ({
  kind: 'paragraph',
  runs: [{ text: sentences.join(' ') }],
})

const BESIDE = ['own', 'portal', 'aggregator', 'organisation'] as const

function scopeBlocks({ scope, origin }: ReportData, t: Translate): readonly Block[] {
  const count = (wanted: string) => scope.outlets.filter((outlet) => outlet.class === wanted).length
  const classes = BESIDE.filter((one) => count(one) > 0)
  const values = { press: formatNumber(count('press')), origin: t(`reports.document.origin.${origin}`) }
  const first =
    classes.length === 0
      ? t('reports.scope.press', values)
      : t('reports.scope.pressAndBeside', {
          ...values,
          beside: formatNumber(scope.outlets.length - count('press')),
          classes: listInWords(
            classes.map((one) =>
              t('reports.scope.classCount', { count: formatNumber(count(one)), class: t(`reports.class.${one}`) }),
            ),
          ),
        })
  return [{ kind: 'heading', text: t('reports.heading.scope') }, paragraph(first, t('reports.scope.excluded'))]
}

/** The counts in sentences; each follows from the figures alone. */
function generalSentences(
  { figures, origin, province, sensitive, roundUps, late }: ReportData,
  t: Translate,
): readonly string[] {
  const common = { origin: t(`reports.document.origin.${origin}`), province }
  const { articles } = figures
  const sentences: string[] = []
  if (articles.now === 0) sentences.push(t('reports.figures.none', common))
  else
    sentences.push(
      t('reports.figures.total', {
        ...common,
        articles: formatNumber(articles.now),
        outlets: formatNumber(figures.outlets.now),
        stories: formatNumber(figures.stories.now),
      }),
    )
  if (articles.before === null) sentences.push(t('reports.figures.notCompared'))
  else
    sentences.push(
      t('reports.figures.compared', {
        before: formatNumber(articles.before),
        change: changeInWords(t, articles.now, articles.before),
      }),
    )
  if (articles.now > 0)
    sentences.push(
      t('reports.figures.levels', {
        main: formatNumber(figures.main),
        mention: formatNumber(figures.mention),
        copies: formatNumber(figures.copies),
      }),
    )
  const columns = roundUps.filter((one) => one.sensitive)
  sentences.push(sensitiveSentence(figures.sensitive.now, sensitive, columns.length, t))
  if (columns.length > 0)
    sentences.push(t('reports.figures.sensitiveRoundUps', { count: formatNumber(columns.length) }))
  if (figures.corrected > 0) sentences.push(t('reports.figures.corrected', { count: formatNumber(figures.corrected) }))
  if (figures.unassessed > 0)
    sentences.push(t('reports.figures.unassessed', { count: formatNumber(figures.unassessed) }))
  if (late.length > 0) sentences.push(t('reports.figures.late', { count: formatNumber(late.length) }))
  if (articles.before !== null) sentences.push(t('reports.figures.recounted'))
  return sentences
}

function sensitiveSentence(articles: number, matters: ReportData['sensitive'], columns: number, t: Translate): string {
  if (matters.length === 0)
    return articles === 0 && columns === 0
      ? t('reports.figures.noSensitive')
      : t('reports.figures.sensitiveWithoutMatter', { count: formatNumber(articles) })
  const values = { count: formatNumber(articles), matters: formatNumber(matters.length) }
  return matters.every(({ placements }) => placements > 0)
    ? t('reports.figures.sensitive', values)
    : t('reports.figures.sensitiveBeside', values)
}

const column = (title: string, width: number, align: 'left' | 'center' = 'center'): Column => ({ title, width, align })

const row = (first: string, ...rest: readonly string[]): TableRow => ({
  kind: 'cells',
  cells: [first, ...rest].map((text) => [{ text }]),
})

const comparison = (compared: Compared): readonly string[] => [
  formatNumber(compared.now),
  beforeInFigures(compared),
  changeInFigures(compared),
]

function topicsBlocks({ figures }: ReportData, t: Translate): readonly Block[] {
  if (figures.topics.length === 0) return []
  const notes = [t('reports.figures.topicsNote')]
  if (figures.withoutTopic > 0)
    notes.push(t('reports.figures.withoutTopic', { count: formatNumber(figures.withoutTopic) }))
  return [
    { kind: 'heading', text: t('reports.heading.topics') },
    {
      kind: 'table',
      table: {
        size: 'body',
        columns: [
          column(t('reports.column.topic'), 0.4, 'left'),
          column(t('reports.column.articles'), 0.15),
          column(t('reports.column.before'), 0.15),
          column(t('reports.column.change'), 0.15),
          column(t('reports.column.stories'), 0.15),
        ],
        rows: figures.topics.map(({ label, articles, stories }) =>
          row(label, ...comparison(articles), formatNumber(stories)),
        ),
      },
    },
    paragraph(...notes),
  ]
}

function tonesBlocks({ figures }: ReportData, t: Translate): readonly Block[] {
  if (figures.articles.now === 0) return []
  return [
    { kind: 'heading', text: t('reports.heading.tones') },
    {
      kind: 'table',
      table: {
        size: 'body',
        columns: [
          column(t('reports.column.tone'), 0.32, 'left'),
          column(t('reports.column.articles'), 0.17),
          column(t('reports.column.share'), 0.17),
          column(t('reports.column.before'), 0.17),
          column(t('reports.column.change'), 0.17),
        ],
        rows: figures.tones.map(({ tone, articles }) =>
          row(
            t(`reports.tone.${tone}`),
            formatNumber(articles.now),
            shareInFigures(articles.now, figures.articles.now),
            beforeInFigures(articles),
            changeInFigures(articles),
          ),
        ),
      },
    },
    paragraph(t('reports.figures.tonesNote')),
  ]
}

/** Domestic press by its trade, foreign press by the country of its seat. */
function kindsBlocks({ figures, origin }: ReportData, t: Translate): readonly Block[] {
  if (figures.articles.now === 0) return []
  const domestic = origin === 'domestic'
  const groups = domestic
    ? figures.kinds.map(({ kind, ...rest }) => ({ name: kindName(t, kind), ...rest }))
    : figures.countries.map(({ country, ...rest }) => ({ name: countryName(t, country), ...rest }))
  return [
    { kind: 'heading', text: t(domestic ? 'reports.heading.kinds' : 'reports.heading.countries') },
    {
      kind: 'table',
      table: {
        size: 'body',
        columns: [
          column(t(domestic ? 'reports.column.kind' : 'reports.column.country'), 0.4, 'left'),
          column(t('reports.column.outlets'), 0.15),
          column(t('reports.column.articles'), 0.15),
          column(t('reports.column.before'), 0.15),
          column(t('reports.column.change'), 0.15),
        ],
        rows: groups.map(({ name, articles, outlets }) => row(name, formatNumber(outlets), ...comparison(articles))),
      },
    },
  ]
}

function besideBlocks({ figures }: ReportData, t: Translate): readonly Block[] {
  const counts = figures.beside.map(({ class: one, articles: { now, before } }) => {
    const values = { count: formatNumber(now), class: t(`reports.class.${one}`) }
    return before === null
      ? t('reports.figures.besideCount', values)
      : t('reports.figures.besideCompared', { ...values, before: formatNumber(before) })
  })
  const text =
    counts.length === 0
      ? t('reports.figures.besideNone')
      : t('reports.figures.besideIntro', { list: listInWords(counts) })
  return [{ kind: 'heading', text: t('reports.heading.beside') }, paragraph(text)]
}

const EXTENTS = ['none', 'partial', 'no-source'] as const

function gapsBlocks({ scope }: ReportData, t: Translate): readonly Block[] {
  const counts = EXTENTS.map((extent) => ({
    extent,
    count: scope.gaps.filter((gap) => gap.extent === extent).length,
  })).filter(({ count }) => count > 0)
  const text =
    counts.length === 0
      ? t('reports.gaps.none')
      : t('reports.gaps.intro', {
          list: listInWords(
            counts.map(({ extent, count }) => t(`reports.gaps.extentCount.${extent}`, { count: formatNumber(count) })),
          ),
        })
  return [{ kind: 'heading', text: t('reports.heading.gaps') }, paragraph(text)]
}
