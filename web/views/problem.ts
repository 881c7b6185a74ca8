import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { page } from './layout.ts'

export interface Problem {
  readonly title: string
  readonly what: string
  readonly remedy: string
  /** Stable code and number of the request, to be told to the administrator; null: none needed. */
  readonly code: string | null
}

/** Says what happened, what it means and what to do now. */
export function problemPage(visit: Visit, { title, what, remedy, code }: Problem): Html {
  const main = html`<section class="problem-page"><h1>${title}</h1><p>${what}</p><p><b>${visit.t('web.problem.remedy')}</b> ${remedy}</p>
  ${code ? html`<p class="hint">${visit.t('web.problem.code')} <code>${code}</code></p>` : null}
  <p><a class="button" href="/">${visit.t('web.problem.home')}</a></p></section>`
  return page(visit, { title, section: null, main, width: 'reading' })
}
