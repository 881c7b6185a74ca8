import { formatNumber } from '../../locales/format.ts'
import type { Translate } from '../../locales/index.ts'
import { movement } from '../../pipeline/contradictions.ts'
import type { ArticleRef, Gist, Matter, Quote, Reason, ReportData, RoundUp } from '../report-data.ts'
import type { Block, Run } from './blocks.ts'
import { documentDay, languageName, linkTo, listInWords, outletName } from './words.ts'

/** Section II: what stands out, by topic; topics whose stories are all told in section III are only named. */
export function highlightBlocks({ highlights, perTopic, roundUps }: ReportData, t: Translate): readonly Block[] {
  const told = highlights.filter(({ matters }) => matters.length > 0)
  const untold = highlights.filter(({ matters }) => matters.length === 0).map(({ topic }) => quoted(topic.label, t))
  const stories = told.flatMap(({ topic, matters, more, sensitive }, index): Block[] => {
    const elsewhere: string[] = []
    if (more > 0) elsewhere.push(t('reports.matter.more', { count: formatNumber(more) }))
    if (sensitive > 0) elsewhere.push(t('reports.matter.sensitiveElsewhere', { count: formatNumber(sensitive) }))
    return [
      { kind: 'heading', text: t('reports.matter.topic', { number: index + 1, topic: topic.label }) },
      ...matters.map((matter) => matterBlock(matter, t)),
      ...(elsewhere.length > 0 ? [plain(elsewhere.join(' '))] : []),
    ]
  })
  const blocks =
    told.length === 0
      ? [plain(t('reports.matter.none'))]
      : [plain(t('reports.matter.intro', { most: formatNumber(perTopic) })), ...stories]
  const columns = roundUps.filter((one) => !one.sensitive)
  if (columns.length > 0)
    blocks.push(
      plain(
        t('reports.matter.roundUps', {
          count: formatNumber(columns.length),
          rows: listInWords(columns.map(({ article }) => formatNumber(article.row))),
        }),
      ),
    )
  if (untold.length > 0) blocks.push(plain(t('reports.matter.topicsInSensitive', { topics: listInWords(untold) })))
  return blocks
}

/** Section III: sensitive matters, each with the words that made it one; then columns of several events that have such words. */
export function sensitiveBlocks({ sensitive, roundUps }: ReportData, t: Translate): readonly Block[] {
  const columns = roundUps.filter((one) => one.sensitive)
  if (sensitive.length === 0 && columns.length === 0) return [plain(t('reports.matter.noSensitive'))]
  return [
    plain(t('reports.matter.sensitiveIntro')),
    ...sensitive.map((matter, index) => matterBlock(matter, t, `${index + 1}. `)),
    ...(columns.length > 0 ? [plain(t('reports.matter.sensitiveRoundUps'))] : []),
    ...columns.map((column) => roundUpBlock(column, t)),
  ]
}

function roundUpBlock({ article, gist, reasons }: RoundUp, t: Translate): Block {
  const source = t('reports.matter.source', {
    outlet: outletName(article.outlet, t),
    day: documentDay(article.published),
  })
  const row = t('reports.matter.row', { row: formatNumber(article.row) })
  const after = [
    ` (${source}; ${row}).`,
    ...(gist ? [gistInWords(article, gist, t)] : []),
    ...(reasons.length > 0 ? [reasonsInWords(reasons, t)] : []),
  ]
  const title = { text: article.title, ...linkTo(article.url) }
  return { kind: 'paragraph', runs: [{ text: '- ' }, title, { text: after.join(' ') }] }
}

const plain = (text: string): Block => ({ kind: 'paragraph', runs: [{ text }] })

/** What a person called the story, title as printed, where it stands, placements, gist, quotations, reasons: one paragraph. */
function matterBlock(matter: Matter, t: Translate, opening = '- '): Block {
  const { article } = matter
  const runs: Run[] = [{ text: opening }, ...titleRuns(matter, t), { text: ` (${sourceOf(matter, t)}).` }]
  if (matter.gist) runs.push({ text: ` ${gistInWords(article, matter.gist, t)}` })
  if (matter.quotes.length > 0) runs.push({ text: ' ' }, ...quotation(matter.quotes, t))
  if (matter.counts) runs.push(...countRuns(matter.counts, t))
  if (matter.reasons.length > 0) runs.push({ text: ` ${reasonsInWords(matter.reasons, t)}` })
  return { kind: 'paragraph', runs }
}

/** What each outlet last said of the same count, as printed; nobody here decides which is right. */
function countRuns({ reports, ...moved }: NonNullable<Matter['counts']>, t: Translate): readonly Run[] {
  const listed = reports.flatMap(({ text, cite, outlet, published }, index): Run[] => [
    { text: index === 0 ? ' ' : '; ' },
    ...quotation([{ text, cite }], t),
    { text: ` (${t('reports.matter.source', { outlet: outletName(outlet, t), day: documentDay(published) })})` },
  ])
  return [
    { text: ` ${t('reports.matter.counts')}` },
    ...listed,
    { text: ` – ${t(`stories.differ.${movement(moved)}`)}.` },
  ]
}

/** A title that a person gave says what happened; the printed one beside it, whose article is cited. */
function titleRuns({ title, article }: Matter, t: Translate): readonly Run[] {
  const link = linkTo(article.url)
  if (title === undefined) return [{ text: article.title, bold: true, ...link }]
  return [{ text: title, bold: true }, { text: ': ' }, { text: quoted(article.title, t), ...link }]
}

/** Outlet and day; where the story stands more than once, how often and where; the row of the annex. */
function sourceOf({ article, placements, outlets, beside }: Matter, t: Translate): string {
  const counts = { count: formatNumber(placements), outlets: formatNumber(outlets), beside: formatNumber(beside) }
  const parts = [
    t('reports.matter.source', { outlet: outletName(article.outlet, t), day: documentDay(article.published) }),
  ]
  if (placements > 1) parts.push(t('reports.matter.placements', counts))
  if (placements === 0) parts.push(t('reports.matter.besideOnly', counts))
  else if (beside > 0) parts.push(t('reports.matter.beside', counts))
  parts.push(t('reports.matter.row', { row: formatNumber(article.row) }))
  return parts.join('; ')
}

/**
 * Printed words in one pair of quotation marks, italic, each sentence with its citation; `[…]` stands where something
 * between them was left out.
 */
export function quotation(quotes: readonly Quote[], t: Translate): readonly Run[] {
  const runs = quotes.flatMap(({ text, cite }, index): Run[] => {
    const before = quotes[index - 1]?.cite
    const follows = before !== undefined && before.field === cite.field && cite.from - before.to <= 1
    const between =
      before === undefined ? [] : [{ text: follows ? ' ' : ` ${t('reports.matter.leftOut')} `, italic: true }]
    return [...between, { text, italic: true, cite }]
  })
  return [
    { text: t('reports.matter.openQuote'), italic: true },
    ...runs,
    { text: t('reports.matter.closeQuote'), italic: true },
  ]
}

/** In Vietnamese, from facts: language, topics and places; outlet, country and date stand beside it. */
export function gistInWords({ language }: ArticleRef, { topics, places }: Gist, t: Translate): string {
  const listed = listInWords(topics.map((label) => quoted(label, t)))
  const named = listInWords(places.map(({ name, former }) => (former ? t('reports.matter.former', { name }) : name)))
  return t('reports.matter.gist', {
    language: languageName(language),
    topics: topics.length === 0 ? '' : t('reports.matter.gistTopics', { topics: listed }),
    places: places.length === 0 ? '' : t('reports.matter.gistPlaces', { places: named }),
  })
}

/** Words and labels may hold commas: in a list each needs a mark where it begins and ends. */
const quoted = (text: string, t: Translate): string =>
  `${t('reports.matter.openQuote')}${text}${t('reports.matter.closeQuote')}`

const reasonsInWords = (reasons: readonly Reason[], t: Translate): string =>
  t('reports.matter.reasons', { reasons: reasons.map((reason) => reasonInWords(reason, t)).join('; ') })

function reasonInWords({ by, label, words }: Reason, t: Translate): string {
  if (by === 'person') return t('reports.matter.person')
  return t('reports.matter.reason', {
    label: label ?? t('reports.matter.unlabelled'),
    words: words
      .map(({ text, shortened, source }) => {
        const said = shortened ? `${text} ${t('reports.annex.initials')}` : quoted(text, t)
        return source ? `${said} (${t('alerts.source', source)})` : said
      })
      .join(', '),
  })
}
