import { formatDay, formatNumber } from '../../locales/format.ts'
import type { Day } from '../../model.ts'
import { shortWeekday, startOfDay } from '../days.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'

export interface ChartDay {
  readonly day: Day
  readonly count: number
  /** Usual count, drawn as a dash across the bar; null where it is not known. */
  readonly usual: number | null
  readonly spike: boolean
}

const HEIGHT = 130
const TOP = 26
const WIDTH = 760

/** A usual count as people read it: one decimal; hardly ever is not never. */
export const usualText = (value: number): string => (value < 0.05 ? '< 0,1' : formatNumber(Math.round(value * 10) / 10))

/** Bars by day with the usual count and spikes; the same figures stand in the table that the caller sets beside it. */
export function seriesChart(visit: Visit, label: string, days: readonly ChartDay[]): Html {
  const { t, locale } = visit
  const most = Math.max(1, ...days.map(({ count, usual }) => Math.max(count, usual ?? 0)))
  const step = WIDTH / Math.max(14, days.length)
  const bar = step * 0.7
  const y = (value: number): number => TOP + HEIGHT - (value / most) * HEIGHT
  const every = days.length > 40 ? 7 : days.length > 20 ? 2 : 1
  const bars = days.map(({ day, count, usual, spike }, at) => {
    const x = at * step + (step - bar) / 2
    const middle = (x + bar / 2).toFixed(1)
    const shown = (days.length - 1 - at) % every === 0
    return html`<g><title>${formatDay(startOfDay(day))}: ${formatNumber(count)}${usual === null ? null : ` (${t('stories.trends.expected').toLowerCase()} ${usualText(usual)})`}${spike ? ` – ${t('stories.trends.spike')}` : null}</title>
    <rect class="series${spike ? ' spike' : ''}" x="${x.toFixed(1)}" y="${y(count).toFixed(1)}" width="${bar.toFixed(1)}" height="${(TOP + HEIGHT - y(count)).toFixed(1)}"/>
    ${usual === null ? null : html`<line class="usual" x1="${(at * step + 1).toFixed(1)}" x2="${((at + 1) * step - 1).toFixed(1)}" y1="${y(usual).toFixed(1)}" y2="${y(usual).toFixed(1)}"/>`}
    ${count > 0 && (spike || step >= 18) ? html`<text class="value${spike ? ' spike' : ''}" x="${middle}" y="${(y(count) - 4).toFixed(1)}">${count}</text>` : null}
    ${spike ? html`<text class="spike-mark" x="${middle}" y="${(y(count) - 15).toFixed(1)}">▲</text>` : null}
    ${shown ? html`<text class="tick" x="${middle}" y="${TOP + HEIGHT + 15}">${Number(day.slice(8))}/${Number(day.slice(5, 7))}</text>${step >= 22 ? html`<text class="tick small" x="${middle}" y="${TOP + HEIGHT + 29}">${shortWeekday(locale, day)}</text>` : null}` : null}</g>`
  })
  return html`<svg class="series-chart" viewBox="0 0 ${WIDTH} ${TOP + HEIGHT + 34}" role="img" aria-label="${label}"><line class="axis" x1="0" x2="${WIDTH}" y1="${TOP + HEIGHT}" y2="${TOP + HEIGHT}"/>${bars}</svg>`
}

/** A line of small bars for a row of a table; the figures stand in the row. */
export function sparkline(days: readonly Day[], counts: ReadonlyMap<Day, number>, marked: ReadonlySet<Day>): Html {
  const most = Math.max(1, ...days.map((day) => counts.get(day) ?? 0))
  const bars = days.map((day, at) => {
    const height = ((counts.get(day) ?? 0) / most) * 22
    return height === 0
      ? null
      : html`<rect class="series${marked.has(day) ? ' spike' : ''}" x="${at * 4}" y="${(24 - height).toFixed(1)}" width="3" height="${height.toFixed(1)}"/>`
  })
  return html`<svg class="spark" viewBox="0 0 ${days.length * 4} 24" preserveAspectRatio="none" aria-hidden="true"><line class="axis" x1="0" x2="${days.length * 4}" y1="24" y2="24"/>${bars}</svg>`
}

export interface SpreadBar {
  readonly day: Day
  readonly count: number
  /** Outlets so far, drawn as a rising line. */
  readonly outlets: number
}

/** Articles by day with the number of outlets so far as a stepped line. */
export function spreadChart(label: string, days: readonly SpreadBar[]): Html {
  const most = Math.max(1, ...days.map(({ count, outlets }) => Math.max(count, outlets)))
  const step = Math.min(46, WIDTH / Math.max(1, days.length))
  const width = Math.max(step * days.length, 180)
  const y = (value: number): number => 14 + 70 - (value / most) * 70
  const every = Math.ceil(34 / step)
  const line = days.flatMap(({ outlets }, at) => [
    `${(at * step).toFixed(1)},${y(outlets).toFixed(1)}`,
    `${((at + 1) * step).toFixed(1)},${y(outlets).toFixed(1)}`,
  ])
  return html`<svg class="spread-chart" viewBox="0 0 ${width.toFixed(0)} 104" role="img" aria-label="${label}"><line class="axis" x1="0" x2="${width.toFixed(0)}" y1="84" y2="84"/>${days.map(
    ({ day, count }, at) =>
      html`<rect class="series" x="${(at * step + step * 0.15).toFixed(1)}" y="${y(count).toFixed(1)}" width="${(step * 0.7).toFixed(1)}" height="${(84 - y(count)).toFixed(1)}"/>${at % every === 0 ? html`<text class="tick" x="${(at * step + step / 2).toFixed(1)}" y="98">${Number(day.slice(8))}/${Number(day.slice(5, 7))}</text>` : null}`,
  )}<polyline class="outlets-line" points="${line.join(' ')}"/></svg>`
}
