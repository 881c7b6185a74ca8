import type { Translate } from '../../locales/index.ts'
import { weekOfLabel } from '../period.ts'
import type { ReportData } from '../report-data.ts'
import { annexes } from './annexes.ts'
import type { Block, ReportDocument } from './blocks.ts'
import { figuresBlocks } from './figures-blocks.ts'
import { highlightBlocks, sensitiveBlocks } from './matter-blocks.ts'
import { documentDay, documentMonth, lastDay } from './words.ts'

/** Puts a composed report into words, in the order and with the standing lines of an administrative report. */
export function documentOf(composed: ReportData, t: Translate): ReportDocument {
  const data = printable(composed)
  const { office, period, province } = data
  const { week, year } = weekOfLabel(period.label)
  const inWords = t('reports.document.period', {
    week,
    year,
    from: documentDay(period.from),
    to: lastDay(period.to),
  })
  const common = { office: office.name, province, origin: t(`reports.document.origin.${data.origin}`) }
  const subject = data.subject.replace('{period}', inWords)
  const body: Block[] = [
    paragraph(t('reports.document.opening', { ...common, period: inWords })),
    ...figuresBlocks(data, t),
    { kind: 'section', text: t('reports.section.highlights') },
    ...highlightBlocks(data, t),
    { kind: 'section', text: t('reports.section.sensitive') },
    ...sensitiveBlocks(data, t),
    { kind: 'section', text: t('reports.section.assessment') },
    { kind: 'fill', text: t('reports.fill.assessment') },
    { kind: 'section', text: t('reports.section.proposals') },
    { kind: 'fill', text: t('reports.fill.proposals') },
    paragraph(t('reports.document.closing', { ...common, period: t('reports.document.shortPeriod', { week, year }) })),
  ]
  return {
    title: `${t('reports.document.type')} ${subject}`,
    parent: shortParent(office.parent),
    agency: unbroken(office.name.toLocaleUpperCase('vi')),
    country: t('reports.document.country'),
    motto: t('reports.document.motto'),
    number: t('reports.document.number', { symbol: office.symbol }),
    dateline: t('reports.document.dateline', { seat: office.seat, ...documentMonth(data.composedAt) }),
    type: t('reports.document.type'),
    subject,
    toLabel: t('reports.document.to'),
    to: data.to,
    // Each ends with ";", the last with ".".
    basis: data.basis.map((line, index) => `${line.replace(/[;.]$/, '')}${index + 1 < data.basis.length ? ';' : '.'}`),
    body,
    recipientsLabel: t('reports.document.recipients'),
    recipients: [...data.recipients.map((line) => `- ${line};`), t('reports.document.archive', { unit: data.unit })],
    signer: office.signer,
    annexes: annexes(data, t),
  }
}

/** Control characters, which stray into titles and which no format may hold. */
const CONTROLS = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu

/** Those as JSON escapes them, and those that it leaves. */
const MAYBE_CONTROLS = /\\[bfnrtu]|[\x7f-\x9f\uFFFE\uFFFF]/

function printable(data: ReportData): ReportData {
  const json = JSON.stringify(data)
  if (!MAYBE_CONTROLS.test(json)) return data
  return JSON.parse(json, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(CONTROLS, (control) => (/\s/.test(control) ? ' ' : '')) : value,
  )
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', runs: [{ text }] })

/** Keeps "VÀ DU LỊCH" together, where a long name goes over to a second line. */
const unbroken = (name: string): string => name.replace(/ VÀ (\S+)/gu, ' VÀ\u00a0$1')

/** The upper body as heads of documents abbreviate it, so that it stands on one line. */
const shortParent = (parent: string): string =>
  parent.toLocaleUpperCase('vi').replace(/^(?:ỦY|UỶ) BAN NHÂN DÂN /u, 'UBND ')
