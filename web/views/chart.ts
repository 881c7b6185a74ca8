import { formatDay, formatNumber } from '../../locales/format.ts'
import type { Day } from '../../model.ts'
import { shortWeekday, startOfDay } from '../days.ts'
import type { DayCount } from '../digest.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'

const VOICES = ['domestic', 'foreign', 'other'] as const
const HEIGHT = 110
const STEP = 26
const BAR = 18
const TOP = 16

/** The day, with its month where one begins. */
const dayNumber = (day: Day, at: number): string => {
  const number = String(Number(day.slice(8)))
  return at === 0 || number === '1' ? `${number}/${Number(day.slice(5, 7))}` : number
}

/** Bars per day, one colour per voice; the same figures stand in a table for those who cannot see them. */
export function dayChart(visit: Visit, days: readonly DayCount[]): Html {
  const { t, locale } = visit
  const totals = days.map(({ domestic, foreign, other }) => domestic + foreign + other)
  const most = Math.max(1, ...totals)
  const width = days.length * STEP
  const bars = days.map((day, at) => {
    const x = at * STEP + (STEP - BAR) / 2
    let top = TOP + HEIGHT
    const pieces = VOICES.map((voice) => {
      const height = (day[voice] / most) * HEIGHT
      top -= height
      return height > 0
        ? html`<rect class="bar ${voice}" x="${x}" y="${top.toFixed(1)}" width="${BAR}" height="${height.toFixed(1)}"/>`
        : null
    })
    const total = totals[at] ?? 0
    return html`<g><title>${formatDay(startOfDay(day.day))}: ${VOICES.map((voice) => `${t(`web.voice.${voice}`)} ${formatNumber(day[voice])}`).join(', ')}</title>
      ${pieces}${total > 0 ? html`<text class="value" x="${x + BAR / 2}" y="${(top - 4).toFixed(1)}">${total}</text>` : null}
      <text class="tick" x="${x + BAR / 2}" y="${TOP + HEIGHT + 15}">${shortWeekday(locale, day.day)}</text><text class="tick small" x="${x + BAR / 2}" y="${TOP + HEIGHT + 29}">${dayNumber(day.day, at)}</text></g>`
  })
  return html`<figure class="chart">
    <svg viewBox="0 0 ${width} ${TOP + HEIGHT + 34}" role="img" aria-label="${t('web.home.chart')}" preserveAspectRatio="xMinYMid meet"><line class="axis" x1="0" x2="${width}" y1="${TOP + HEIGHT}" y2="${TOP + HEIGHT}"/>${bars}</svg>
    <figcaption>${VOICES.map((voice) => html`<span class="key ${voice}">${t(`web.voice.${voice}`)}</span>`)}</figcaption>
    <div class="visually-hidden"><table><caption>${t('web.home.chart')}</caption><thead><tr><th scope="col">${t('web.home.day')}</th>${VOICES.map((voice) => html`<th scope="col">${t(`web.voice.${voice}`)}</th>`)}</tr></thead><tbody>
    ${days.map((day) => html`<tr><th scope="row">${formatDay(startOfDay(day.day))}</th>${VOICES.map((voice) => html`<td>${day[voice]}</td>`)}</tr>`)}</tbody></table></div>
  </figure>`
}

/** A share as a bar without inline style: the browser draws `<meter>`-like SVG by its width attribute. */
export const shareBar = (value: number, most: number, kind = ''): Html =>
  html`<svg class="share ${kind}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="ground" width="100" height="6"/><rect class="fill" width="${((100 * value) / Math.max(1, most)).toFixed(1)}" height="6"/></svg>`
