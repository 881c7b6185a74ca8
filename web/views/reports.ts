import { formatDay } from '../../locales/format.ts'
import type { Instant, Period } from '../../model.ts'
import type { ReportRecord } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { reportLabel } from '../labels.ts'
import type { Visit } from '../visit.ts'
import { csrfField, options, page } from './layout.ts'
import { empty, listTable, notice, time } from './parts.ts'

/** Formats in the order in which they are offered. */
export const FORMATS = ['docx', 'pdf', 'html', 'xlsx'] as const
export type Format = (typeof FORMATS)[number]

/** The last day of a half-open period. */
const lastDay = (to: Instant): string => formatDay(new Date(Date.parse(to) - 1).toISOString())

const weekText = (visit: Visit, { label, from, to }: Period): string =>
  visit.t('web.report.week', {
    number: Number(label.slice(-2)),
    year: label.slice(0, 4),
    from: formatDay(from),
    to: lastDay(to),
  })

const periodText = (visit: Visit, { periodLabel, periodFrom, periodTo }: ReportRecord): string =>
  /^\d{4}-W\d{2}$/.test(periodLabel)
    ? weekText(visit, { label: periodLabel, from: periodFrom, to: periodTo })
    : `${periodLabel} (${formatDay(periodFrom)} – ${lastDay(periodTo)})`

function downloads(visit: Visit, { id, files }: ReportRecord): Html {
  return html`<span class="downloads">${FORMATS.filter(
    (format) => format !== 'html' && files[format] !== undefined,
  ).map(
    (format) =>
      html`<a class="button secondary" href="/reports/${encodeURIComponent(id)}/${format}" download>${format.toUpperCase()}</a> `,
  )}${files.pdf === undefined ? html`<span class="hint">${visit.t('web.report.noPdf')}</span>` : null}</span>`
}

export interface ReportsView {
  readonly records: readonly ReportRecord[]
  /** Newest first. */
  readonly weeks: readonly Period[]
  readonly problem: string | null
}

export function reportsPage(visit: Visit, { records, weeks, problem }: ReportsView): Html {
  const { t, locale, profile } = visit
  const main = html`<div class="page-head"><div><h1>${t('web.nav.reports')}</h1><p class="intro">${t('web.report.intro')}</p></div></div>
  ${problem ? notice('problem', problem) : null}
  <form class="card compose" method="post" action="/reports">${csrfField(visit)}<h2>${t('web.report.compose')}</h2><div class="compose-fields">
    <div class="field"><label for="report">${t('web.report.which')}</label><select id="report" name="report">${options(
      profile.reports.map(({ id, label }) => ({ value: id, label: label[locale] })),
      '',
    )}</select></div>
    <div class="field"><label for="period">${t('web.report.period')}</label><select id="period" name="period">${options(
      weeks.map((week) => ({ value: week.label, label: weekText(visit, week) })),
      weeks[1]?.label ?? '',
    )}</select></div>
    <button>${t('web.report.go')}</button></div><p class="hint">${t('web.report.hint')}</p></form>
  ${
    records.length === 0
      ? empty(t('web.report.none'), t('web.report.noneHint'))
      : listTable(
          [
            { label: t('web.report.which') },
            { label: t('web.report.period') },
            { label: t('web.report.composedAt') },
            { label: t('web.report.files') },
          ],
          records.map((record) => [
            html`<a href="/reports/${encodeURIComponent(record.id)}">${reportLabel(profile, locale, record.reportId)}</a>`,
            periodText(visit, record),
            time(record.composedAt),
            downloads(visit, record),
          ]),
        )
  }`
  return page(visit, { title: t('web.nav.reports'), section: 'reports', main })
}

export function reportPage(visit: Visit, record: ReportRecord, done: boolean): Html {
  const { t, locale, profile } = visit
  const title = reportLabel(profile, locale, record.reportId)
  const main = html`${done ? notice('done', t('web.report.done')) : null}<div class="page-head"><div><p class="eyebrow"><a href="/reports">${t('web.nav.reports')}</a></p><h1>${title}</h1><p class="meta">${periodText(visit, record)} <span class="dot">·</span> ${t('web.report.composedAt')} ${time(record.composedAt)}</p></div>${downloads(visit, record)}</div>
  ${
    record.files.html === undefined
      ? empty(t('web.report.noHtml'), t('web.report.noHtmlHint'))
      : html`<iframe class="report-frame" src="/reports/${encodeURIComponent(record.id)}/html" title="${title}"></iframe><p><a href="/reports/${encodeURIComponent(record.id)}/html" target="_blank">${t('web.report.alone')} <span aria-hidden="true">↗</span></a></p>`
  }`
  return page(visit, { title, section: 'reports', main })
}
