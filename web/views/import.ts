import type { ItemOutcome } from '../../crawlers/import/import.ts'
import { formatDayTime } from '../../locales/format.ts'
import { importProblemText } from '../../locales/import-problem.ts'
import type { HandEntry } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { csrfField, options, page } from './layout.ts'
import { listTable, notice } from './parts.ts'

/** What the form held, so that it need not be written again after a refusal. */
export interface ImportForm {
  readonly links: string
  readonly outlet: string
  readonly url: string
  readonly date: string
  readonly note: string
}

export interface ImportView {
  readonly form: ImportForm
  readonly problem: string | null
  /** Null: nothing was brought in yet. */
  readonly results: readonly { readonly file: string | null; readonly item: ItemOutcome }[] | null
  readonly limits: { readonly files: number; readonly megabytes: number }
}

const STATE = {
  new: 'confirmed',
  completed: 'confirmed',
  known: 'intended',
  queued: 'intended',
  refused: 'failed',
} as const

function resultsTable(visit: Visit, results: NonNullable<ImportView['results']>): Html {
  const { t } = visit
  const rows = results.map(({ file, item: { label, outcome, article, problem } }) => [
    html`<span class="break">${label || t('imports.pasted')}</span>${file !== null && file !== label ? html` <span class="hint">${file}</span>` : null}`,
    html`<span class="state ${STATE[outcome]}">${t(`imports.outcome.${outcome}`)}</span>`,
    problem
      ? html`<span class="problem-text">${importProblemText(visit.t, problem)}</span>`
      : article
        ? html`<a href="/articles/${encodeURIComponent(article.id)}">${article.title}</a>`
        : html`<span class="hint">–</span>`,
  ])
  const columns = [{ label: t('imports.item') }, { label: t('imports.outcomeHead') }, { label: t('imports.article') }]
  return html`<section id="results"><h2 class="section-title">${t('imports.results')}</h2>${listTable(columns, rows)}</section>`
}

export function importPage(visit: Visit, { form, problem, results, limits }: ImportView): Html {
  const { t } = visit
  const outlets = [...visit.profile.outletDefinitions]
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'))
    .map(({ id, name }) => ({ value: id, label: name }))
  const main = html`<div class="page-head"><div><h1>${t('imports.title')}</h1><p class="intro">${t('imports.intro')}</p></div></div>
  ${notice('info', t('imports.notice'))}
  ${problem === null ? null : notice('problem', problem)}
  ${results === null ? null : resultsTable(visit, results)}
  <form class="card" method="post" action="/import" enctype="multipart/form-data">${csrfField(visit)}<div class="stack">
    <div class="field"><label for="i-files">${t('imports.files')}</label><input id="i-files" type="file" name="files" multiple accept=".html,.htm,.pdf,.docx,.jsonl,.ndjson,.json,.warc,.gz,.txt,.csv" aria-describedby="i-files-hint"><p class="hint" id="i-files-hint">${t('imports.filesHint', { count: limits.files, size: limits.megabytes })}</p></div>
    <div class="field"><label for="i-links">${t('imports.links')}</label><textarea id="i-links" name="links" rows="4" spellcheck="false" aria-describedby="i-links-hint">${form.links}</textarea><p class="hint" id="i-links-hint">${t('imports.linksHint')}</p></div>
    <div class="field"><label for="i-outlet">${t('imports.outlet')}</label><select id="i-outlet" name="outlet">${options([{ value: '', label: t('imports.outletAuto') }, ...outlets], form.outlet)}</select></div>
    <div class="field"><label for="i-url">${t('imports.url')}</label><input id="i-url" name="url" inputmode="url" maxlength="2000" value="${form.url}" aria-describedby="i-url-hint"><p class="hint" id="i-url-hint">${t('imports.urlHint')}</p></div>
    <div class="field"><label for="i-date">${t('imports.date')}</label><input id="i-date" type="date" name="date" value="${form.date}" aria-describedby="i-date-hint"><p class="hint" id="i-date-hint">${t('imports.dateHint')}</p></div>
    <div class="field"><label for="i-note">${t('imports.note')}</label><textarea id="i-note" name="note" rows="2" maxlength="1000">${form.note}</textarea></div>
    <button>${t('imports.go')}</button>
  </div></form>`
  return page(visit, { title: t('imports.title'), section: 'import', main, width: 'normal' })
}

/** On the article: that a person brought it in, who, when and from what. */
export function handNotice(
  visit: Visit,
  entries: readonly HandEntry[],
  names: ReadonlyMap<string, string>,
): Html | null {
  if (entries.length === 0) return null
  const { t } = visit
  const lines = entries.map(({ kind, who, at, file, note }) => {
    const from = file === null ? t('imports.pasted') : t('imports.mark.file', { file })
    const detail = [from, ...(note === null ? [] : [t('imports.mark.note', { note })])].join('; ')
    return html`<p>${t(`imports.mark.${kind}`, { who: names.get(who) ?? who, at: formatDayTime(at), detail })}</p>`
  })
  return notice('info', html`${lines}`)
}
