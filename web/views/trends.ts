import { formatDay } from '../../locales/format.ts'
import type { Period } from '../../model.ts'
import { addDays, startOfDay } from '../days.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName, placeLabel, topicLabel } from '../labels.ts'
import {
  daysOf,
  FALSE_ALARMS,
  LEAST_COUNT,
  LEAST_HISTORY,
  LEAST_STORY_DAYS,
  type Series,
  type SpanOfDays,
  type StoryTrend,
  usualCount,
} from '../trends.ts'
import type { Visit } from '../visit.ts'
import { page } from './layout.ts'
import { type Column, empty, listTable, notice, number, time } from './parts.ts'
import { seriesChart, sparkline, usualText } from './series-chart.ts'
import { durationText, kindLabel } from './story-life.ts'
import { type SummaryView, summaryCard } from './story-summary.ts'

export const SPANS = [14, 30, 90] as const
export const GROUPS = ['topic', 'place', 'story'] as const
type Group = (typeof GROUPS)[number]

export interface TrendsView {
  readonly days: (typeof SPANS)[number]
  readonly span: SpanOfDays
  /** What the chart shows: the whole province where `group` is null. */
  readonly main: { readonly group: Group | null; readonly series: Series }
  readonly topics: readonly Series[]
  readonly places: readonly Series[]
  readonly stories: readonly StoryTrend[]
  readonly titles: ReadonlyMap<string, string>
  /** What was written on the chosen topic in an ISO week. */
  readonly told: { readonly week: Period; readonly summary: SummaryView } | null
}

const href = (days: number, group: Group | null, id: string): string =>
  group === null ? `/trends?days=${days}` : `/trends?days=${days}&${group}=${encodeURIComponent(id)}`

function nameOf(visit: Visit, { titles }: TrendsView, group: Group | null, id: string): string {
  if (group === null) return visit.t('stories.trends.all')
  if (group === 'topic') return topicLabel(visit.profile, visit.locale, id)
  return group === 'place' ? placeLabel(visit.profile, visit.locale, id) : (titles.get(id) ?? id)
}

/** The chart of one series, and the same figures as a table. */
function mainChart(visit: Visit, view: TrendsView): Html {
  const { t } = visit
  const { span, main, days } = view
  const { group, series } = main
  const name = nameOf(visit, view, group, series.id)
  const marked = new Set(series.spikes.map(({ day }) => day))
  const rows = daysOf(span).map((day) => ({
    day,
    count: series.counts.get(day) ?? 0,
    usual: group === 'story' ? null : usualCount(series.counts, day, span.known),
    spike: marked.has(day),
  }))
  const label = t('stories.trends.chart', { name })
  return html`<section class="card"><div class="card-head"><h2>${name}</h2>${group === null ? null : html`<a href="${href(days, null, '')}">${t('stories.trends.back')}</a>`}</div>
  <figure class="chart wide">${seriesChart(visit, label, rows)}<figcaption><span class="key series">${t('stories.trends.bar')}</span><span class="key usual">${t('stories.trends.usual')}</span><span class="key spike">▲ ${t('stories.trends.spike')}</span></figcaption></figure>
  <p class="hint">${t('stories.trends.chartHint')}</p>
  <details><summary>${t('stories.trends.table')}</summary><div class="table-scroll"><table class="small"><caption class="visually-hidden">${label}</caption><thead><tr><th scope="col">${t('stories.trends.day')}</th><th scope="col" class="num">${t('stories.trends.count')}</th><th scope="col" class="num">${t('stories.trends.expected')}</th><th scope="col">${t('stories.trends.mark')}</th></tr></thead><tbody>${rows
    .toReversed()
    .map(
      ({ day, count, usual, spike }) =>
        html`<tr><th scope="row">${formatDay(startOfDay(day))}</th><td class="num">${number(count)}</td><td class="num">${usual === null ? '–' : usualText(usual)}</td><td>${spike ? html`<b>▲ ${t('stories.trends.spike')}</b>` : null}</td></tr>`,
    )}</tbody></table></div></details></section>`
}

function spikeList(visit: Visit, { spikes }: Series): Fragment {
  if (spikes.length === 0) return null
  const items = spikes.toReversed().slice(0, 3)
  return html`<ul class="plain spikes">${items.map(({ day, count, expected }) => html`<li><span aria-hidden="true">▲</span> ${visit.t('stories.trends.spikeText', { day: formatDay(startOfDay(day)).slice(0, 5), count: number(count), expected: usualText(expected) })}</li>`)}</ul>`
}

const line = (span: SpanOfDays, { counts, spikes }: Series): Html =>
  sparkline(daysOf(span), counts, new Set(spikes.map(({ day }) => day)))

/** Rows in sight; the rest opens below: a phone scrolls enough. */
const IN_SIGHT = 8

function longTable(visit: Visit, columns: readonly Column[], rows: readonly (readonly Fragment[])[]): Html {
  const rest = rows.slice(IN_SIGHT)
  const more = visit.t('stories.trends.more', { count: number(rest.length) })
  return html`${listTable(columns, rows.slice(0, IN_SIGHT))}${rest.length > 0 ? html`<details class="more"><summary>${more}</summary>${listTable(columns, rest)}</details>` : null}`
}

function seriesTable(visit: Visit, view: TrendsView, group: 'topic' | 'place', series: readonly Series[]): Html {
  const { t } = visit
  const columns = [
    { label: t('stories.trends.name') },
    { label: t('stories.trends.line') },
    { label: t('stories.trends.total'), numeric: true },
    { label: t('stories.trends.usualHead'), numeric: true },
    { label: t('stories.trends.spikes') },
  ]
  return longTable(
    visit,
    columns,
    series.map((one) => [
      html`<a href="${href(view.days, group, one.id)}">${nameOf(visit, view, group, one.id)}</a>`,
      line(view.span, one),
      number(one.total),
      one.usual === null ? '–' : usualText(one.usual),
      spikeList(visit, one),
    ]),
  )
}

function storyTable(visit: Visit, view: TrendsView): Html {
  const { t, profile } = visit
  return longTable(
    visit,
    [
      { label: t('stories.trends.name') },
      { label: t('stories.trends.line') },
      { label: t('stories.trends.total'), numeric: true },
      { label: t('stories.trends.outlets'), numeric: true },
      { label: t('stories.trends.firstReport') },
      { label: t('stories.trends.speed') },
      { label: t('stories.trends.reach') },
      { label: t('stories.trends.spikes') },
    ],
    view.stories.map((story) => [
      html`<a href="/stories/${story.id}">${nameOf(visit, view, 'story', story.id)}</a>`,
      html`<a class="spark-link" href="${href(view.days, 'story', story.id)}" aria-label="${t('stories.trends.chart', { name: nameOf(visit, view, 'story', story.id) })}">${line(view.span, story)}</a>`,
      number(story.total),
      number(story.outlets),
      html`${outletName(profile, story.life.first.outletId)}<br><span class="hint">${time(story.life.first.published)}</span>`,
      story.life.hoursToHalf === null ? null : durationText(visit, story.life.hoursToHalf),
      html`<span class="hint">${story.life.reach.map(({ kind, outlets }) => `${kindLabel(visit, kind)} ${outlets}`).join(', ')}</span>`,
      spikeList(visit, story),
    ]),
  )
}

function weekSummary(visit: Visit, { week, summary }: NonNullable<TrendsView['told']>): Html | null {
  const card = summaryCard(visit, summary)
  if (!card) return null
  const last = new Date(Date.parse(week.to) - 1).toISOString()
  return html`<p class="hint">${visit.t('stories.trends.week', { from: formatDay(week.from), to: formatDay(last) })}</p>${card}`
}

export function trendsPage(visit: Visit, view: TrendsView): Html {
  const { t } = visit
  const { days, span, main } = view
  const have = span.known === null ? 0 : Math.max(0, daysOf({ from: span.known, to: addDays(span.to, -1) }).length)
  const nothing = view.stories.length + view.topics.length + main.series.total === 0
  const content = html`<div class="page-head"><div><h1>${t('stories.trends.title')}</h1><p class="intro">${t('stories.trends.intro')}</p></div>
  <nav class="segmented" aria-label="${t('stories.trends.span')}">${SPANS.map((known) => html`<a href="${href(known, main.group, main.series.id)}"${known === days ? html` aria-current="true"` : null}>${t('stories.trends.days', { count: known })}</a>`)}</nav></div>
  ${have < LEAST_HISTORY ? notice('info', t('stories.trends.tooShort', { days: LEAST_HISTORY, have })) : null}
  ${
    nothing
      ? empty(t('stories.trends.none'), t('stories.trends.noneHint'))
      : html`${mainChart(visit, view)}${view.told ? weekSummary(visit, view.told) : null}
  ${
    view.stories.length === 0
      ? null
      : html`<section><h2 class="section-title">${t('stories.trends.stories')}</h2><p class="hint">${t('stories.trends.storiesHint', { days: LEAST_STORY_DAYS + 1 })}</p>${storyTable(visit, view)}</section>`
  }
  ${view.topics.length === 0 ? null : html`<section><h2 class="section-title">${t('stories.trends.topics')}</h2>${seriesTable(visit, view, 'topic', view.topics)}</section>`}
  ${view.places.length === 0 ? null : html`<section><h2 class="section-title">${t('stories.trends.places')}</h2>${seriesTable(visit, view, 'place', view.places)}</section>`}
  <p class="hint alarm">${t('stories.trends.alarm', { rate: FALSE_ALARMS, least: LEAST_COUNT })}</p>`
  }`
  return page(visit, { title: t('stories.trends.title'), section: 'trends', main: content, width: 'wide' })
}
