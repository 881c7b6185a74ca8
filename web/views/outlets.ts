import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { OutletRow, OutletStatus } from '../outlet-rows.ts'
import { START, searchHref } from '../search-state.ts'
import type { Visit } from '../visit.ts'
import { isWebAddress } from './article.ts'
import { page } from './layout.ts'
import { classLabel, number, originLabel, since } from './parts.ts'

export type { OutletRow } from '../outlet-rows.ts'

const STATE: Record<OutletStatus, 'confirmed' | 'failed' | 'unknown' | 'intended'> = {
  ok: 'confirmed',
  silent: 'unknown',
  failing: 'failed',
  blocked: 'failed',
  'refused-by-robots': 'unknown',
  never: 'intended',
  'no-sources': 'intended',
}

export const outletState = (visit: Visit, { status }: OutletRow): Html =>
  html`<span class="state ${STATE[status]}">${visit.t(`web.outlet.status.${status}`)}</span>`

/** Why, in the outlet's own words, and since how many attempts. */
function problems(visit: Visit, { sources, outlet, status }: OutletRow): Html | null {
  const failed = sources.filter((source) => source.status !== 'ok' && source.lastError !== null)
  if (failed.length === 0)
    return status === 'ok' || outlet.notes === null ? null : html`<p class="hint">${outlet.notes}</p>`
  return html`<ul class="plain">${failed.map(
    (source) =>
      html`<li><span class="problem-text">${source.lastError}</span> <span class="hint">${source.lastErrorCode} · ${visit.t('web.outlet.failures', { count: source.failures })}</span><br><span class="hint break">${source.url}</span></li>`,
  )}</ul>`
}

export function outletsPage(visit: Visit, rows: readonly OutletRow[]): Html {
  const { t } = visit
  const count = (status: OutletStatus): number => rows.filter((row) => row.status === status).length
  const statuses = [...new Set(rows.map(({ status }) => status))]
  const main = html`<div class="page-head"><div><h1>${t('web.nav.outlets')}</h1><p class="intro">${t('web.outlet.intro')}</p></div></div>
  <p class="marks">${statuses.map((status) => html`<span class="state ${STATE[status]}">${t(`web.outlet.status.${status}`)}: <b>${number(count(status))}</b></span> `)}</p>
  <div class="table-scroll"><table class="list"><thead><tr><th scope="col">${t('web.outlet.name')}</th><th scope="col">${t('web.outlet.group')}</th><th scope="col">${t('web.outlet.state')}</th><th scope="col">${t('web.outlet.lastSuccess')}</th><th scope="col">${t('web.outlet.lastNew')}</th><th scope="col">${t('web.outlet.problem')}</th></tr></thead><tbody>
  ${rows.map(
    (row) =>
      html`<tr><th scope="row"><a href="${searchHref({ ...START, outlet: row.outlet.id })}">${row.outlet.name}</a>${
        row.outlet.homepage && isWebAddress(row.outlet.homepage)
          ? html`<br><a class="hint" href="${row.outlet.homepage}" target="_blank" rel="noopener noreferrer">${new URL(row.outlet.homepage).host} <span aria-hidden="true">↗</span></a>`
          : null
      }</th><td><span class="tag ${row.outlet.origin}">${originLabel(visit, row.outlet.origin)}</span> <span class="tag">${classLabel(visit, row.outlet.class)}</span></td><td>${outletState(visit, row)}</td><td>${row.lastSuccessAt ? since(visit, row.lastSuccessAt) : '–'}</td><td>${row.lastNewItemAt ? since(visit, row.lastNewItemAt) : '–'}</td><td>${problems(visit, row)}</td></tr>`,
  )}</tbody></table></div>`
  return page(visit, { title: t('web.nav.outlets'), section: 'outlets', main, width: 'wide' })
}
