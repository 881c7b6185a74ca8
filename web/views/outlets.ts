import type { CoverageStatus } from '../../crawlers/coverage.ts'
import { formatDayTime } from '../../locales/format.ts'
import { problemText } from '../../locales/problem.ts'
import type { Outlet } from '../../model.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { OutletRow } from '../outlet-rows.ts'
import { COVERAGE_DAYS } from '../outlet-rows.ts'
import { START, searchHref } from '../search-state.ts'
import type { Visit } from '../visit.ts'
import { isWebAddress } from './article.ts'
import { page } from './layout.ts'
import { classLabel, listTable, number, originLabel, since } from './parts.ts'

export type { OutletRow } from '../outlet-rows.ts'

const STATE: Record<CoverageStatus, 'confirmed' | 'failed' | 'unknown' | 'intended'> = {
  ok: 'confirmed',
  silent: 'unknown',
  late: 'unknown',
  partial: 'unknown',
  broken: 'failed',
  failing: 'failed',
  blocked: 'failed',
  'refused-by-robots': 'unknown',
  unreachable: 'failed',
  'given-up': 'failed',
  never: 'intended',
  'no-sources': 'intended',
}

export const outletState = (visit: Visit, { coverage: { status } }: OutletRow): Html =>
  html`<span class="state ${STATE[status]}">${visit.t(`web.outlet.status.${status}`)}</span>`

/** When one of its sources is asked next, and how often the busiest one is asked. */
function pace(visit: Visit, { sources }: OutletRow): Html | null {
  const next = sources.flatMap(({ nextPollAt }) => nextPollAt ?? []).sort()[0]
  const intervals = sources.flatMap(({ intervalMs }) => intervalMs ?? [])
  if (next === undefined) return null
  const shortest = Math.min(...intervals)
  const every =
    intervals.length === 0
      ? null
      : shortest < 90 * 60_000
        ? visit.t('web.outlet.every', { minutes: number(Math.max(1, Math.round(shortest / 60_000))) })
        : visit.t('web.outlet.everyHours', { hours: number(Math.round(shortest / 3_600_000)) })
  return html`<br><span class="hint">${visit.t('web.outlet.next', { at: formatDayTime(next) })}${
    every === null ? null : html`, ${every}`
  }</span>`
}

/** Why: what the last try of a source met, and how many pages could not be read. */
function problems(visit: Visit, { sources, coverage }: OutletRow): Html | null {
  const failed = sources.filter(({ status, lastError }) => status !== 'ok' && lastError !== null)
  if (failed.length === 0 && coverage.problems.length === 0) return null
  return html`<ul class="plain">${failed.map(
    ({ lastError, lastErrorCode, failures, url }) =>
      html`<li><span class="problem-text" title="${lastError ?? ''}">${problemText(visit.t, { code: lastErrorCode ?? '', message: lastError ?? '' })}</span> <span class="hint">${lastErrorCode} · ${visit.t('web.outlet.failures', { count: failures })}</span><br><span class="hint break">${url}</span></li>`,
  )}${coverage.problems.map(
    ({ code, count }) =>
      html`<li class="hint">${visit.t('web.outlet.unread', { count: number(count) })} ${problemText(visit.t, { code, message: '' })} <code>${code}</code></li>`,
  )}</ul>`
}

/** What the last day brought beside what the outlet's own rhythm lets expect. */
const lastDay = (visit: Visit, { lastDay: articles, usual }: OutletRow['coverage']): Html =>
  html`<br><span class="hint">${
    usual === null
      ? visit.t('web.outlet.lastDay', { articles: number(articles) })
      : visit.t('web.outlet.lastDayOfUsual', { articles: number(articles), usual: number(Math.round(usual)) })
  }</span>`

const unreadShare = (visit: Visit, { unreadShare: share }: OutletRow['coverage']): Html | null =>
  share === null || share === 0
    ? null
    : html`<span class="hint">${visit.t('web.outlet.unreadShare', { percent: number(Math.max(1, Math.round(share * 100))) })}</span>`

const nameCell = ({ id, name, homepage }: Outlet): Html =>
  html`<a href="${searchHref({ ...START, outlet: id })}">${name}</a>${
    homepage && isWebAddress(homepage)
      ? html`<br><a class="hint" href="${homepage}" target="_blank" rel="noopener noreferrer">${new URL(homepage).host} <span aria-hidden="true">↗</span></a>`
      : null
  }`

export function outletsPage(visit: Visit, rows: readonly OutletRow[]): Html {
  const { t } = visit
  const count = (status: CoverageStatus): number => rows.filter((row) => row.coverage.status === status).length
  const statuses = [...new Set(rows.map(({ coverage }) => coverage.status))]
  const main = html`<div class="page-head"><div><h1>${t('web.nav.outlets')}</h1><p class="intro">${t('web.outlet.intro')}</p></div></div>
  <p class="marks">${statuses.map((status) => html`<span class="state ${STATE[status]}">${t(`web.outlet.status.${status}`)}: <b>${number(count(status))}</b></span> `)}</p>
  ${listTable(
    [
      { label: t('web.outlet.name') },
      { label: t('web.outlet.group') },
      { label: t('web.outlet.state') },
      { label: t('web.outlet.articles', { days: COVERAGE_DAYS }), numeric: true },
      { label: t('web.outlet.lastSuccess') },
      { label: t('web.outlet.lastNew') },
      { label: t('web.outlet.problem') },
    ],
    rows.map((row) => [
      nameCell(row.outlet),
      html`<span class="tag ${row.outlet.origin}">${originLabel(visit, row.outlet.origin)}</span>${row.outlet.class === 'press' ? null : html` <span class="tag">${classLabel(visit, row.outlet.class)}</span>`}`,
      outletState(visit, row),
      html`${number(row.coverage.articles)}${lastDay(visit, row.coverage)}`,
      html`${row.coverage.lastSuccessAt ? since(visit, row.coverage.lastSuccessAt) : '–'}${pace(visit, row)}`,
      row.coverage.lastNewItemAt ? since(visit, row.coverage.lastNewItemAt) : '–',
      html`${problems(visit, row)}${unreadShare(visit, row.coverage)}`,
    ]),
  )}`
  return page(visit, { title: t('web.nav.outlets'), section: 'outlets', main, width: 'wide' })
}
