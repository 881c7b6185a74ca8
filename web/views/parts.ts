import type { Highlight, Snippet } from '../../index/search-index.ts'
import { formatDay, formatDayTime, formatNumber } from '../../locales/format.ts'
import type { Completeness, Instant, Origin, OutletClass, RelevanceLevel, Tone } from '../../model.ts'
import { ago } from '../days.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { languageLabel, outletName, outletOf, topicLabel } from '../labels.ts'
import { START, searchHref } from '../search-state.ts'
import type { Visit } from '../visit.ts'

export const number = formatNumber

/** `<time>` with the exact instant behind it. */
export const time = (at: Instant, form: 'day' | 'minute' = 'minute'): Html =>
  html`<time datetime="${at}">${form === 'day' ? formatDay(at) : formatDayTime(at)}</time>`

/** How long ago, with the exact time on pointing. */
export const since = (visit: Visit, at: Instant): Html =>
  html`<time datetime="${at}" title="${formatDayTime(at)}">${ago(visit.locale, at, visit.now)}</time>`

const TONE_SIGN: Record<Tone, string> = { positive: '▲', neutral: '●', negative: '▼' }

export const toneMark = (visit: Visit, tone: Tone): Html =>
  html`<span class="tone ${tone}"><span aria-hidden="true">${TONE_SIGN[tone]}</span> ${visit.t(`web.tone.${tone}`)}</span>`

export const sensitiveMark = (visit: Visit): Html =>
  html`<span class="sensitive-mark">${visit.t('web.sensitive.yes')}</span>`

export const relevanceMark = (visit: Visit, level: RelevanceLevel): Html =>
  html`<span class="relevance ${level}">${visit.t(`web.relevance.${level}`)}</span>`

export const topicChip = (visit: Visit, id: string): Html =>
  html`<a class="chip" href="${searchHref({ ...START, topic: id })}">${topicLabel(visit.profile, visit.locale, id)}</a>`

/** The way to a story, by what a person called it. */
export const toStory = (visit: Visit, id: string, title: string | null): Html =>
  html`<a class="to-story" href="/stories/${id}">${title === null ? visit.t('web.story.open') : visit.t('web.story.named', { title })}</a>`

export const originLabel = (visit: Visit, origin: Origin): string => visit.t(`web.origin.${origin}`)
export const classLabel = (visit: Visit, outletClass: OutletClass): string => visit.t(`web.class.${outletClass}`)

/** Outlet, where it stands (domestic or foreign; its class unless it is press) and the language when it is not Vietnamese. */
export function outletLine(visit: Visit, outletId: string, language: string | null): Html {
  const outlet = outletOf(visit.profile, outletId)
  return html`<span class="outlet">${outletName(visit.profile, outletId)}</span>${
    outlet
      ? html` <span class="tag ${outlet.origin}">${originLabel(visit, outlet.origin)}</span>${
          outlet.class === 'press' ? null : html` <span class="tag">${classLabel(visit, outlet.class)}</span>`
        }`
      : null
  }${language && language !== 'vi' ? html` <span class="tag">${languageLabel(visit.locale, language)}</span>` : null}`
}

export const completenessMark = (visit: Visit, completeness: Completeness): Html | null =>
  completeness === 'full' ? null : html`<span class="tag doubt">${visit.t(`web.completeness.${completeness}`)}</span>`

/** The text with its ranges marked; ranges are taken in order, overlapping ones from where the last ended. */
export function highlighted({ text, highlights }: Snippet): Html {
  const parts: Fragment[] = []
  let at = 0
  for (const { from, to } of [...highlights].sort((a: Highlight, b: Highlight) => a.from - b.from)) {
    const start = Math.max(at, from)
    if (to <= start) continue
    parts.push(text.slice(at, start), html`<mark>${text.slice(start, to)}</mark>`)
    at = to
  }
  parts.push(text.slice(at))
  return html`${parts}`
}

/** What a reader sees where nothing is: what it means and what to do. */
export const empty = (title: string, advice: Fragment): Html =>
  html`<div class="empty"><p class="empty-title">${title}</p><p>${advice}</p></div>`

export const notice = (kind: 'done' | 'problem' | 'info', text: Fragment): Html =>
  html`<div class="notice ${kind}" role="${kind === 'problem' ? 'alert' : 'status'}">${text}</div>`

export interface Column {
  readonly label: string
  readonly numeric?: boolean
}

/** A table whose rows become cards on a narrow screen; the first cell of a row names it. */
export function listTable(columns: readonly Column[], rows: readonly (readonly Fragment[])[]): Html {
  const cell = (content: Fragment, at: number): Html => {
    const { label = '', numeric = false } = columns[at] ?? {}
    if (at === 0) return html`<th scope="row">${content}</th>`
    return html`<td data-label="${label}"${numeric ? html` class="num"` : null}>${content}</td>`
  }
  return html`<div class="table-scroll"><table class="list"><thead><tr>${columns.map(
    ({ label, numeric }) => html`<th scope="col"${numeric ? html` class="num"` : null}>${label}</th>`,
  )}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table></div>`
}
