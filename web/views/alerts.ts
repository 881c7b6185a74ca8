import type { Cause } from '../../alerts/channels/channel.ts'
import { formatDayTime } from '../../locales/format.ts'
import type { Alert, AlertDelivery } from '../../model.ts'
import { tellsSeveral } from '../../pipeline/round-up.ts'
import type { AssessedArticle } from '../../store/store.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { alertLabel } from '../labels.ts'
import type { Visit } from '../visit.ts'
import { page } from './layout.ts'
import { empty, outletLine, time, toStory } from './parts.ts'

export interface AlertRow {
  readonly alert: Alert
  readonly title: string
  /** What a person called its story, and which story that is now. */
  readonly story: { readonly id: string; readonly title: string | null }
  /** As it stood then. */
  readonly article: AssessedArticle | null
  /** The outlet changed it since. */
  readonly isEdited: boolean
  /** The words that met the rule when the alert was raised. */
  readonly causes: readonly Cause[]
  readonly deliveries: readonly AlertDelivery[]
}

/** State of a delivery in words; what was sent more than once says so. */
export const deliveryMark = (visit: Visit, { channel, state, attempts }: AlertDelivery): Html =>
  html`<span class="state ${state}">${visit.t(channel === 'webhook' ? 'web.alert.webhook' : 'web.alert.email')}: ${visit.t(`web.alert.state.${state}`)}${
    attempts > 1 ? html` <b>${visit.t('web.alert.resent', { attempts })}</b>` : null
  }</span> `

/** When it was to be sent and what came of it; the outcome alone where it was sent as intended. */
function deliveryTimes({ t }: Visit, { state, intendedAt, outcomeAt }: AlertDelivery): Fragment {
  const outcome = outcomeAt ? html`${t('web.alert.outcome')} ${time(outcomeAt)}` : null
  if (state === 'confirmed' && outcome && formatDayTime(intendedAt) === formatDayTime(outcomeAt ?? '')) return outcome
  return html`${t('web.alert.intended')} ${time(intendedAt)}${outcome ? html` · ${outcome}` : null}`
}

/** Which version, or since when it is gone: with the way to the words that changed. */
function changeText(visit: Visit, { articleId, change }: Alert): Fragment {
  if (change === null) return ''
  if (change.kind === 'removed') return visit.t('visits.alert.removed', { time: formatDayTime(change.goneAt) })
  const { version } = change
  return html`<a href="/articles/${articleId}#versions">${visit.t('visits.alert.edited', { version })}</a>`
}

/** Each word once, where it first stands. */
const eachOnce = <Word extends { readonly text: string }>(words: readonly Word[]): readonly Word[] =>
  [...Map.groupBy(words, ({ text }) => text.toLowerCase()).values()].flatMap(([first]) => first ?? [])

/** The words that made the rule fire, the weightiest first, whole sentences with where they stand; what a person decided has none. */
export function causesView({ t }: Pick<Visit, 't'>, causes: readonly Cause[]): Fragment {
  const words = eachOnce(causes.flatMap((cause) => cause.words))
  const person = causes.some(({ by }) => by === 'person') ? t('reports.matter.person') : null
  if (words.length === 0) return person === null ? null : html`<p class="because">${person}</p>`
  return html`<p class="because">${t('web.home.because')} ${words.map(({ text, shortened, source }) => html`${shortened ? html`${text} ${t('reports.annex.initials')}` : html`<q>${text}</q>`} ${source ? html`<span class="hint">(${t('alerts.source', source)})</span> ` : null}`)}${person}</p>`
}

function alertView(visit: Visit, { alert, title, story, article, isEdited, causes, deliveries }: AlertRow): Html {
  const { t, locale, profile } = visit
  return html`<li class="hit is-sensitive"><article>
    <p class="meta"><b>${alertLabel(profile, locale, alert.ruleId)}</b> <span class="dot">·</span> ${time(alert.createdAt)}</p>
    <h2 lang="${article?.language ?? 'vi'}"><a href="/articles/${alert.articleId}">${title}</a></h2>
    ${tellsSeveral(title) ? html`<p class="hint">${t('alerts.roundUp')}</p>` : null}
    ${alert.change === null ? null : html`<p>${changeText(visit, alert)}</p>`}
    ${article && isEdited ? html`<p class="hint">${t('alerts.editedSince', { version: article.version })}</p>` : null}
    ${causesView(visit, causes)}
    <p class="meta">${article ? html`${outletLine(visit, article.outletId, article.language)} <span class="dot">·</span> ` : null}${toStory(visit, story.id, story.title)}</p>
    ${
      deliveries.length === 0
        ? html`<p class="hint">${t('web.alert.noDeliveries')}</p>`
        : html`<ul class="deliveries">${deliveries.map(
            (delivery) =>
              html`<li>${deliveryMark(visit, delivery)} <span class="hint">${deliveryTimes(visit, delivery)}</span>${delivery.error ? html`<span class="problem-text">${delivery.error}</span>` : null}</li>`,
          )}</ul>`
    }
  </article></li>`
}

export interface AlertsView {
  readonly rows: readonly AlertRow[]
  /** From 1. */
  readonly page: number
  readonly older: boolean
}

function pager({ t }: Visit, { page: at, older }: AlertsView): Html | null {
  if (at === 1 && !older) return null
  return html`<nav class="pager" aria-label="${t('web.search.pages')}">
    ${at > 1 ? html`<a rel="prev" href="/alerts?page=${at - 1}">${t('web.alert.newer')}</a>` : null}
    ${older ? html`<a rel="next" href="/alerts?page=${at + 1}">${t('web.alert.older')}</a>` : null}
  </nav>`
}

export function alertsPage(visit: Visit, view: AlertsView): Html {
  const { rows } = view
  const { t, locale } = visit
  const rules = visit.profile.alerts
  const main = html`<div class="page-head"><div><h1>${t('web.nav.alerts')}</h1><p class="intro">${t('web.alert.intro')}</p></div></div>
  ${rows.length === 0 ? empty(t('web.alert.none'), t('web.alert.noneHint', { rules: rules.map((rule) => rule.label[locale]).join('; ') || '–' })) : html`<ol class="hits">${rows.map((row) => alertView(visit, row))}</ol>`}${pager(visit, view)}
  <details class="card"><summary>${t('web.alert.legend')}</summary><dl class="facts">${(['intended', 'confirmed', 'failed', 'unknown'] as const).map((state) => html`<dt><span class="state ${state}">${t(`web.alert.state.${state}`)}</span></dt><dd>${t(`web.alert.meaning.${state}`)}</dd>`)}</dl></details>`
  return page(visit, { title: t('web.nav.alerts'), section: 'alerts', main })
}
