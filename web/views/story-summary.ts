import { formatDay, formatDayTime } from '../../locales/format.ts'
import type { Citation } from '../../model.ts'
import { movement } from '../../pipeline/contradictions.ts'
import type { AssessedArticle, SummaryRecord } from '../../store/store.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName } from '../labels.ts'
import { LENGTHS, type StandingSummary } from '../story-summary.ts'
import type { Visit } from '../visit.ts'
import { csrfField } from './layout.ts'
import { number, time } from './parts.ts'

/** The article with the quoted words marked and in sight. */
export const quoteHref = ({ articleId, version, field, from, to }: Citation): string =>
  `/articles/${articleId}?quote=${field}.${from}-${to}.v${version}#quote`

export interface SummaryView {
  readonly summary: StandingSummary | null
  /** All articles that may be cited, oldest first. */
  readonly articles: readonly AssessedArticle[]
  readonly words: number
  /** Page whose `words` the length switch sets, and where the form goes. */
  readonly href: string
  readonly action: string
  readonly names: ReadonlyMap<string, string>
}

const sourceText = (visit: Visit, { outletId, published, title }: AssessedArticle): string =>
  visit.t('stories.summary.quote', { outlet: outletName(visit.profile, outletId), day: formatDay(published), title })

function staleNotice(visit: Visit, { summary, action, words }: SummaryView): Html | null {
  if (!summary?.stale) return null
  const { t } = visit
  const { changed, added, gone } = summary.stale
  const reasons = [
    changed.length > 0 ? t('stories.summary.staleChanged', { count: number(changed.length) }) : null,
    added.length > 0 ? t('stories.summary.staleAdded', { count: number(added.length) }) : null,
    gone.length > 0 ? t('stories.summary.staleGone', { count: number(gone.length) }) : null,
  ].filter((reason) => reason !== null)
  return html`<div class="notice stale" role="status"><p><b>${t('stories.summary.stale')}</b> ${reasons.join('; ')}.</p>
  <form method="post" action="${action}">${csrfField(visit)}<input type="hidden" name="words" value="${words}"><button class="secondary">${t('stories.summary.again')}</button></form></div>`
}

/** Sentences of the stored summary, each with the numbers of the articles that it quotes. */
export function summaryCard(visit: Visit, view: SummaryView): Html | null {
  const { summary, articles, words, href, names } = view
  if (!summary || summary.record.summary.sentences.length === 0) return null
  const { t } = visit
  const { record } = summary
  const byId = new Map(articles.map((article) => [article.id, article]))
  const cited = [...new Set(record.summary.sentences.flatMap(({ cites }) => cites.map(({ articleId }) => articleId)))]
  const reference = (citation: Citation): Html => {
    const article = byId.get(citation.articleId)
    return html`<sup><a href="${quoteHref(citation)}" title="${article ? sourceText(visit, article) : citation.articleId}">[${cited.indexOf(citation.articleId) + 1}]</a></sup>`
  }
  return html`<section class="card summary" aria-labelledby="summary-title"><div class="card-head"><h2 id="summary-title">${t('stories.summary.title')}</h2>
  <nav class="segmented small" aria-label="${t('stories.summary.length')}">${LENGTHS.map((length) => html`<a href="${href}words=${length}"${length === words ? html` aria-current="true"` : null}>${t('stories.summary.words', { count: length })}</a>`)}</nav></div>
  ${staleNotice(visit, view)}
  <p class="told">${record.summary.sentences.map(({ text, cites }) => html`<span lang="${byId.get(cites[0]?.articleId ?? '')?.language ?? 'vi'}">${text}</span>${cites.map(reference)} `)}</p>
  <details class="sources"><summary>${t('stories.summary.sources')} (${cited.length})</summary><ol>${cited.map((id) => {
    const article = byId.get(id)
    return html`<li><a href="/articles/${id}">${article ? sourceText(visit, article) : id}</a></li>`
  })}</ol></details>
  <p class="hint">${t('stories.summary.hint')} ${
    record.madeBy === null
      ? t('stories.summary.madeBySelf', { at: formatDayTime(record.madeAt), count: record.summary.madeFrom.length })
      : t('stories.summary.madeBy', {
          who: names.get(record.madeBy) ?? record.madeBy,
          at: formatDayTime(record.madeAt),
          count: record.summary.madeFrom.length,
        })
  }</p>${differences(visit, record)}</section>`
}

/** Figures on which the outlets differ, side by side. */
function differences(visit: Visit, { differences: found }: SummaryRecord): Html | null {
  if (found.length === 0) return null
  const { t } = visit
  const reported = (report: SummaryRecord['differences'][number]['reports'][number]): Fragment =>
    html`<li><a href="${quoteHref(report.citation)}">“${report.text}”</a> <span class="hint">${outletName(visit.profile, report.outlet)}${report.published ? html`, ${time(report.published)}` : null}</span></li>`
  return html`<div class="differ"><h3>${t('stories.differ.title')}</h3><dl>${found.map(
    ({ kind, reports, ...moved }) =>
      html`<dt>${t(`stories.differ.kind.${kind}`)} <span class="tag doubt">${t(`stories.differ.${movement(moved)}`)}</span></dt><dd><ul class="plain">${reports.map(reported)}</ul></dd>`,
  )}</dl><p class="hint">${t('stories.differ.hint')}</p></div>`
}
