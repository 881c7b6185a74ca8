import { formatDayTime } from '../../locales/format.ts'
import type { RewritingRecord, TranslationRecord } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { csrfField } from './layout.ts'
import { number } from './parts.ts'
import { quoteHref } from './story-summary.ts'

/** Names of users as they are shown. */
type Names = ReadonlyMap<string, string>

const who = (names: Names, name: string): string => names.get(name) ?? name

const failed = (visit: Visit, message: string | null): Html | null =>
  message === null ? null : html`<p class="notice bad" role="alert">${visit.t('helpers.failed', { message })}</p>`

export interface TranslationView {
  readonly articleId: string
  readonly translation: TranslationRecord | null
  /** Why the last attempt gave none. */
  readonly problem: string | null
  readonly names: Names
}

/** The translation beside the original, marked as a machine's, and the button that makes it. */
export function translationCard(visit: Visit, view: TranslationView): Html {
  const { t } = visit
  const { translation, articleId, names } = view
  const button = (label: string): Html =>
    html`<form method="post" action="/articles/${articleId}/translation">${csrfField(visit)}<button class="secondary">${label}</button></form>`
  if (translation === null) {
    return html`<section class="card" id="translation"><h2>${t('helpers.translation.title')}</h2>${failed(visit, view.problem)}<p class="hint">${t('helpers.translation.offer')}</p>${button(t('helpers.translation.make'))}</section>`
  }
  const { title, lead, text, translator, madeBy, madeAt } = translation
  const made = { translator, who: who(names, madeBy), at: formatDayTime(madeAt) }
  return html`<section class="card" id="translation" lang="vi"><h2>${t('helpers.translation.title')}</h2>${failed(visit, view.problem)}
  <h3>${title}</h3>${lead === null ? null : html`<p><b>${lead}</b></p>`}${text.split('\n').map((paragraph) => html`<p>${paragraph}</p>`)}
  <p class="hint">${t('helpers.translation.hint', made)}</p>${button(t('helpers.translation.again'))}</section>`
}

export interface RewritingView {
  readonly action: string
  readonly words: number
  readonly record: RewritingRecord | null
  /** The summary that stands now. */
  readonly summaryMadeAt: string
  readonly problem: string | null
  readonly names: Names
}

/** The rewritten summary: each sentence says whose it is and leads to what it cites. */
export function rewritingCard(visit: Visit, view: RewritingView): Html {
  const { t } = visit
  const { record, action, words, names } = view
  const button = (label: string): Html =>
    html`<form method="post" action="${action}">${csrfField(visit)}<input type="hidden" name="words" value="${words}"><button class="secondary">${label}</button></form>`
  if (record === null)
    return html`<section class="card" id="rewriting">${failed(visit, view.problem)}${button(t('helpers.rewriting.make'))}</section>`
  const { model, sentences, rejected, failure } = record.rewriting
  const made = { model, who: who(names, record.madeBy), at: formatDayTime(record.madeAt) }
  const mark = (by: 'model' | 'source'): Html =>
    html`<span class="chip">${t(by === 'model' ? 'helpers.rewriting.byModel' : 'helpers.rewriting.bySource')}</span>`
  return html`<section class="card" id="rewriting"><h2>${t('helpers.rewriting.title')}</h2>${failed(visit, view.problem)}
  ${record.summaryMadeAt === view.summaryMadeAt ? null : html`<p class="notice stale" role="status">${t('helpers.rewriting.old')}</p>`}
  ${failure === null ? null : html`<p class="notice bad">${t('helpers.rewriting.failed', { message: failure.message })}</p>`}
  <ol class="told plain">${sentences.map(({ text, cites, by }) => html`<li>${text}${cites.map((citation, at) => html`<sup><a href="${quoteHref(citation)}">[${at + 1}]</a></sup>`)} ${mark(by)}</li>`)}</ol>
  ${rejected === 0 ? null : html`<p class="hint">${t('helpers.rewriting.rejected', { count: number(rejected) })}</p>`}
  <p class="hint">${t('helpers.rewriting.hint', made)}</p>${button(t('helpers.rewriting.again'))}</section>`
}
