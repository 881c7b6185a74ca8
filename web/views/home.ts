import { sensitiveReasons } from '../../reports/reasons.ts'
import { longDay } from '../days.ts'
import type { DayCount, Figures, StoryGroup } from '../digest.ts'
import { headlineOf, toneOf } from '../digest.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { alertLabel, outletName, topicLabel } from '../labels.ts'
import { START, searchHref } from '../search-state.ts'
import type { Visit } from '../visit.ts'
import type { AlertRow } from './alerts.ts'
import { causesView, deliveryMark } from './alerts.ts'
import { dayChart, shareBar } from './chart.ts'
import { page } from './layout.ts'
import type { OutletRow } from './outlets.ts'
import { outletState } from './outlets.ts'
import { empty, number, outletLine, since, toneMark, topicChip, toStory } from './parts.ts'

export interface HomeView {
  readonly days: 1 | 7
  readonly figures: Figures
  readonly previous: Figures
  readonly stories: number
  readonly sensitive: readonly StoryGroup[]
  readonly outstanding: readonly StoryGroup[]
  /** Round-ups of several events that are not sensitive. */
  readonly columns: readonly StoryGroup[]
  readonly byDay: readonly DayCount[]
  readonly topics: readonly { readonly id: string; readonly count: number }[]
  readonly alerts: readonly AlertRow[]
  readonly problems: readonly OutletRow[]
  readonly outlets: number
}

function figure(visit: Visit, label: string, value: number, before: number | null, href: string, kind = ''): Html {
  const change = before === null ? null : value - before
  return html`<a class="figure ${kind}" href="${href}"><span class="figure-label">${label}</span><span class="figure-value">${number(value)}</span>
    <span class="figure-change">${
      change === null
        ? html`&nbsp;`
        : change === 0
          ? visit.t('web.home.same')
          : visit.t(change > 0 ? 'web.home.more' : 'web.home.less', { count: number(Math.abs(change)) })
    }</span></a>`
}

/** A story in one row. */
function storyRow(visit: Visit, group: StoryGroup, extra: Fragment): Html | null {
  const [newest] = group.articles
  const headline = headlineOf(visit.profile, group.articles)
  if (!newest || !headline) return null
  const tone = toneOf(group.articles)
  const { t } = visit
  const topics = [...new Set(group.articles.flatMap(({ assessment }) => assessment?.topics.map(({ id }) => id) ?? []))]
  const href = group.storyId && group.articles.length > 1 ? `/stories/${group.storyId}` : `/articles/${newest.id}`
  return html`<li class="hit${group.sensitive ? ' is-sensitive' : ''}"><article>
    <p class="meta">${
      group.articles.length > 1
        ? html`<b>${t('web.story.articles', { count: number(group.articles.length) })}</b> <span class="dot">·</span> ${t('web.story.outlets', { count: number(new Set(group.articles.map(({ outletId }) => outletId)).size) })}`
        : outletLine(visit, newest.outletId, newest.language)
    } <span class="dot">·</span> ${since(visit, newest.published)}</p>
    <h3 lang="${group.title === null ? headline.language : 'vi'}"><a href="${href}">${group.title ?? headline.title}</a></h3>
    ${group.column ? html`<p class="hint">${t('alerts.roundUp')}</p>` : null}
    ${headline.lead ? html`<p class="passage" lang="${headline.language}">${headline.lead}</p>` : null}${extra}
    <p class="marks">${tone ? toneMark(visit, tone) : null} ${topics.slice(0, 3).map((id) => html`${topicChip(visit, id)} `)}</p>
  </article></li>`
}

const sensitiveRow = (visit: Visit, group: StoryGroup): Html | null =>
  storyRow(visit, group, causesView(visit, sensitiveReasons(visit.profile, group.articles)))

/** Columns that tell several events are no stories; they are named, so that nothing is lost. */
function columnsLine({ t }: Visit, columns: readonly StoryGroup[]): Html | null {
  const articles = columns.flatMap((group) => group.articles)
  if (articles.length === 0) return null
  return html`<details class="hint"><summary>${t('web.home.columns', { count: number(articles.length) })}</summary><ul class="plain">${articles.map(
    ({ id, title, language }) => html`<li><a href="/articles/${id}" lang="${language}">${title}</a></li>`,
  )}</ul></details>`
}

function aside(visit: Visit, view: HomeView): Html {
  const { t, locale, profile } = visit
  const most = view.topics[0]?.count ?? 0
  return html`<aside class="home-side">
    <section class="card"><h2>${t('web.home.byDay')}</h2>${dayChart(visit, view.byDay)}</section>
    <section class="card"><h2>${t('web.home.topics')}</h2>${
      view.topics.length === 0
        ? html`<p class="hint">${t('web.home.noTopics')}</p>`
        : html`<ol class="ranking">${view.topics.slice(0, 7).map(({ id, count }) => html`<li><a href="${searchHref({ ...START, topic: id })}">${topicLabel(profile, locale, id)}</a><span class="count">${number(count)}</span>${shareBar(count, most)}</li>`)}</ol>`
    }</section>
    <section class="card"><h2><a href="/alerts">${t('web.home.alerts')}</a></h2>${
      view.alerts.length === 0
        ? html`<p class="hint">${t('web.home.noAlerts')}</p>`
        : html`<ul class="plain rows">${view.alerts.map((row) => html`<li><a href="/articles/${row.alert.articleId}">${row.title}</a>${row.story.title === null ? null : toStory(visit, row.story.id, row.story.title)}<span class="hint">${alertLabel(profile, locale, row.alert.ruleId)} · ${since(visit, row.alert.createdAt)}</span><span class="marks">${row.deliveries.map((delivery) => deliveryMark(visit, delivery))}</span></li>`)}</ul>`
    }</section>
    <section class="card"><h2><a href="/outlets">${t('web.home.notCollected')}</a></h2>${
      view.problems.length === 0
        ? html`<p class="all-well">${t('web.home.allCollected', { count: view.outlets })}</p>`
        : html`<p class="hint">${t('web.home.problems', { count: view.problems.length, all: view.outlets })}</p><ul class="plain rows">${view.problems.slice(0, 6).map((row) => html`<li><span>${outletName(profile, row.outlet.id)}</span><span class="hint">${outletState(visit, row)}</span></li>`)}</ul>${view.problems.length > 6 ? html`<p><a href="/outlets">${t('web.home.allProblems')}</a></p>` : null}`
    }</section>
  </aside>`
}

export function homePage(visit: Visit, view: HomeView): Html {
  const { t } = visit
  const { figures, previous } = view
  const from = view.byDay.at(view.days === 1 ? -1 : -7)?.day ?? null
  const link = (change: Partial<typeof START>) => searchHref({ ...START, from, ...change })
  const nothing = figures.domestic + figures.foreign + figures.other === 0
  const main = html`<div class="page-head"><div><p class="eyebrow">${longDay(visit.locale, visit.now)}</p><h1>${t('web.home.title')}</h1></div>
    <nav class="segmented" aria-label="${t('web.home.span')}">${([1, 7] as const).map((days) => html`<a href="${days === 1 ? '/' : `/?days=${days}`}"${days === view.days ? html` aria-current="true"` : null}>${t(`web.home.days${days}`)}</a>`)}</nav></div>
  <section class="figures" aria-label="${t('web.home.figures')}">
    ${figure(visit, t('web.voice.domestic'), figures.domestic, previous.domestic, link({ origin: 'domestic', class: 'press' }), 'domestic')}
    ${figure(visit, t('web.voice.foreign'), figures.foreign, previous.foreign, link({ origin: 'foreign', class: 'press' }), 'foreign')}
    ${figure(visit, t('web.home.sensitive'), figures.sensitive, previous.sensitive, link({ sensitive: true }), figures.sensitive > 0 ? 'sensitive' : '')}
    ${figure(visit, t('web.home.stories'), view.stories, null, `/stories?days=${view.days}`)}
    ${figure(visit, t('web.voice.other'), figures.other, previous.other, link({}), 'beside')}
  </section>
  <div class="home-columns"><div class="home-main">
    <section><h2 class="section-title">${t('web.home.attention')}</h2>${
      view.sensitive.length === 0
        ? html`<p class="all-well">${t('web.home.noSensitive')}</p>`
        : html`<ol class="hits">${view.sensitive.slice(0, 8).map((group) => sensitiveRow(visit, group))}</ol>${view.sensitive.length > 8 ? html`<p><a href="${link({ sensitive: true })}">${t('web.home.allSensitive', { count: view.sensitive.length })}</a></p>` : null}`
    }</section>
    <section><h2 class="section-title">${t('web.home.outstanding')}</h2>${
      view.outstanding.length === 0
        ? nothing
          ? empty(t('web.home.nothing'), t('web.home.nothingHint'))
          : html`<p class="hint">${t('web.home.noStories')}</p>`
        : html`<ol class="hits">${view.outstanding.map((group) => storyRow(visit, group, null))}</ol>`
    }${columnsLine(visit, view.columns)}</section>
  </div>${aside(visit, view)}</div>`
  return page(visit, { title: t('web.nav.home'), section: 'home', main, width: 'wide' })
}
