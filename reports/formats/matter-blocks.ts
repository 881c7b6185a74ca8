import { formatNumber } from '../../locales/format.ts'
import type { Translate } from '../../locales/index.ts'
import type { ArticleRef, Gist, Matter, Quote, Reason, ReportData } from '../report-data.ts'
import type { Block, Run } from './blocks.ts'
import { countryName, documentDay, languageName, listInWords } from './words.ts'

/** Section II: what stands out, by topic. */
export function highlightBlocks({ highlights }: ReportData, t: Translate): readonly Block[] {
  if (highlights.length === 0) return [plain(t('reports.matter.none'))]
  return highlights.flatMap(({ topic, matters, more, sensitive }, index) => {
    const elsewhere: string[] = []
    if (more > 0) elsewhere.push(t('reports.matter.more', { count: formatNumber(more) }))
    if (sensitive > 0) elsewhere.push(t('reports.matter.sensitiveElsewhere', { count: formatNumber(sensitive) }))
    return [
      {
        kind: 'heading' as const,
        text: t('reports.matter.topic', { number: index + 1, topic: topic.label }),
      },
      ...matters.map((matter) => matterBlock(matter, t)),
      ...(elsewhere.length > 0 ? [plain(elsewhere.join(' '))] : []),
    ]
  })
}

/** Section III: sensitive matters, each with the words that made it one. */
export function sensitiveBlocks({ sensitive }: ReportData, t: Translate): readonly Block[] {
  if (sensitive.length === 0) return [plain(t('reports.matter.noSensitive'))]
  return [
    plain(t('reports.matter.sensitiveIntro')),
    ...sensitive.map((matter, index) => matterBlock(matter, t, `${index + 1}. `)),
  ]
}

const plain = (text: string): Block => ({ kind: 'paragraph', runs: [{ text }] })

/** Title as printed, where it stands, placements, gist, quotations, reasons: one paragraph. */
function matterBlock(matter: Matter, t: Translate, opening = '- '): Block {
  const { article, placements, outlets, beside } = matter
  const counts = { count: formatNumber(placements), outlets: formatNumber(outlets), beside: formatNumber(beside) }
  const placed =
    placements === 0
      ? t('reports.matter.besideOnly', counts)
      : t(beside > 0 ? 'reports.matter.placementsBeside' : 'reports.matter.placements', counts)
  const runs: Run[] = [
    { text: opening },
    { text: article.title, bold: true, href: article.url },
    { text: ` ${sourceOf(article, t)}: ${placed}` },
  ]
  if (matter.gist) runs.push({ text: ` ${gistInWords(article, matter.gist, t)}` })
  for (const quote of matter.quotes) runs.push({ text: ' ' }, quoteRun(quote, t))
  if (matter.reasons.length > 0)
    runs.push({
      text: ` ${t('reports.matter.reasons', { reasons: matter.reasons.map((reason) => reasonInWords(reason, t)).join('; ') })}`,
    })
  return { kind: 'paragraph', runs }
}

const sourceOf = ({ outlet, published, row }: ArticleRef, t: Translate): string =>
  t('reports.matter.source', { outlet: outlet.name, day: documentDay(published), row: formatNumber(row) })

/** Printed words in quotation marks, italic, with their citation. */
export const quoteRun = ({ text, cite }: Quote, t: Translate): Run => ({
  text: t('reports.matter.quote', { text }),
  italic: true,
  cite,
})

/** In Vietnamese, from facts: language, outlet, country, date, topics and places. */
export function gistInWords(
  { outlet, published, language }: ArticleRef,
  { topics, places }: Gist,
  t: Translate,
): string {
  return t('reports.matter.gist', {
    language: languageName(language),
    outlet: outlet.name,
    country: countryName(t, outlet.country),
    day: documentDay(published),
    topics: topics.length === 0 ? '' : t('reports.matter.gistTopics', { topics: listInWords(topics.map(quoteLabel)) }),
    places: places.length === 0 ? '' : t('reports.matter.gistPlaces', { places: listInWords(places) }),
  })
}

/** Labels of topics hold commas: a list of them needs a mark where each begins and ends. */
const quoteLabel = (label: string): string => `“${label}”`

function reasonInWords({ by, label, words }: Reason, t: Translate): string {
  if (by === 'person') return t('reports.matter.person')
  return t('reports.matter.reason', {
    label: label ?? t('reports.matter.unlabelled'),
    words: words.map(({ text }) => t('reports.matter.quote', { text })).join(', '),
  })
}
