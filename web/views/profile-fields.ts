import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { languageLabel } from '../labels.ts'
import type { Visit } from '../visit.ts'
import { options } from './layout.ts'

/** `/profile/topics/tourism`. */
export const entryHref = (name: string, id: string): string => `/profile/${name}/${encodeURIComponent(id)}`

export const field = (id: string, label: string, control: Fragment, hint: string | null = null): Html =>
  html`<div class="field" id="f-${id}"><label for="i-${id}">${label}</label>${control}${hint ? html`<p class="hint">${hint}</p>` : null}</div>`

export const textInput = (name: string, value: unknown, more: Html | null = null): Html =>
  html`<input type="text" id="i-${name}" name="${name}" value="${String(value ?? '')}" autocomplete="off"${more}>`

export const textArea = (name: string, value: unknown, rows: number): Html =>
  html`<textarea id="i-${name}" name="${name}" rows="${rows}">${String(value ?? '')}</textarea>`

/** Languages in which a profile may hold words, by their names. */
const LANGUAGES = ['vi', 'en', 'zh', 'fr', 'ja', 'ko', 'lo', 'th', 'ru', 'km', 'de', 'es', 'it', 'pt', 'nl', 'sv', 'id']

export const languageOptions = (visit: Visit, chosen: string): Html =>
  options(
    LANGUAGES.map((value) => ({ value, label: languageLabel(visit.locale, value) })),
    chosen,
  )
