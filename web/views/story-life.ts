import { iso } from '../../clock.ts'
import { dayOf, formatDay, formatNumber } from '../../locales/format.ts'
import type { Day, Instant } from '../../model.ts'
import { isClosed, QUIET_DAYS, spread } from '../../pipeline/story-life.ts'
import { type LifeLine, lifeLine } from '../../pipeline/trends.ts'
import { OUTLET_KINDS } from '../../profiles/outlet-schema.ts'
import type { AssessedArticle, StoryRecord, StoryReopening } from '../../store/store.ts'
import { addDays, startOfDay } from '../days.ts'
import { voiceOf } from '../digest.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName } from '../labels.ts'
import { placementOf } from '../trends.ts'
import type { Visit } from '../visit.ts'
import { number, time } from './parts.ts'
import { spreadChart } from './series-chart.ts'

export const kindLabel = (visit: Visit, kind: string): string =>
  visit.t(`stories.kind.${OUTLET_KINDS.find((known) => known === kind) ?? 'other'}`)

/** `2,8 giờ`, `6 ngày`. */
export const durationText = ({ t }: Visit, hours: number): string =>
  hours < 48
    ? t('stories.life.hours', { count: formatNumber(Math.round(hours * 10) / 10) })
    : t('stories.life.days', { count: formatNumber(Math.round(hours / 24)) })

function speedText(visit: Visit, { hoursToHalf }: Pick<LifeLine, 'hoursToHalf'>): string {
  return hoursToHalf === null
    ? visit.t('stories.life.speedOne')
    : visit.t('stories.life.speedTime', { time: durationText(visit, hoursToHalf) })
}

/** Days drawn at most: a story that smoulders for months shows its latest ones. */
const MOST_DAYS = 60

export interface StoryLifeView {
  readonly story: StoryRecord
  /** Oldest first. */
  readonly articles: readonly AssessedArticle[]
  readonly reopenings: readonly StoryReopening[]
}

const DAY_MS = 86_400_000

/** When it fell silent: as recorded, or by its last article where that was not looked at yet. */
export function closedAt({ story, articles }: Omit<StoryLifeView, 'reopenings'>, now: Date): Instant | null {
  if (story.closedAt !== null) return story.closedAt
  const last = articles.at(-1)?.published ?? story.lastSeen
  return isClosed(last, now) ? iso(new Date(Date.parse(last) + QUIET_DAYS * DAY_MS)) : null
}

/** Silences that ended, and the one that goes on. */
function silences(visit: Visit, view: StoryLifeView): Html {
  const { t, profile } = visit
  const outlets = new Map(view.articles.map(({ id, outletId }) => [id, outletName(profile, outletId)]))
  const closed = closedAt(view, visit.now)
  const again = view.reopenings.map((reopening) => {
    const text = t('stories.life.reopenedText', {
      closed: formatDay(reopening.closedAt),
      at: formatDay(reopening.reopenedAt),
    })
    return html`<li>${text} <a href="/articles/${reopening.articleId}">${outlets.get(reopening.articleId) ?? reopening.articleId}</a></li>`
  })
  return html`${
    again.length > 0
      ? html`<div><dt>${t('stories.life.reopened')}</dt><dd><ul class="plain">${again}</ul></dd></div>`
      : null
  }${
    closed === null
      ? null
      : html`<div><dt>${t('stories.life.closed')}</dt><dd>${t('stories.life.closedText', { at: formatDay(closed), days: QUIET_DAYS })}</dd></div>`
  }`
}

/** As in the trends, the life of a story is that of its coverage in the press; of one in other sources only, theirs. */
function counted(visit: Visit, articles: readonly AssessedArticle[]): readonly AssessedArticle[] {
  const press = articles.filter((article) => voiceOf(visit.profile, article) !== 'other')
  return press.length > 0 ? press : articles
}

/** First report, peak, last, silences, speed of spread and reach of a story; nothing is ranked by tone. */
export function lifeSection(visit: Visit, view: StoryLifeView): Html | null {
  const articles = counted(visit, view.articles)
  const { t, profile } = visit
  const others = view.articles.length - articles.length
  const placements = articles.map((article) => placementOf(profile, article, article.id))
  const life = lifeLine(placements, dayOf)
  if (!life) return null
  const days = spread(placements, dayOf)
  const report = ({ articleId, outletId, published }: LifeLine['first']): Html =>
    html`<a href="/articles/${articleId}">${outletName(profile, outletId)}</a>, ${time(published)}`
  return html`<section class="card life"><h2>${t('stories.life.title')}</h2>
  ${others === 0 ? null : html`<p class="hint">${t('stories.life.pressOnly', { count: number(others) })}</p>`}
  <dl class="facts wide"><div><dt>${t('stories.life.first')}</dt><dd>${report(life.first)}</dd></div>
    <div><dt>${t('stories.life.peak')}</dt><dd>${formatDay(startOfDay(life.peak.day))} <span class="hint">${t('stories.life.articles', { count: number(life.peak.count) })}</span></dd></div>
    <div><dt>${t('stories.life.last')}</dt><dd>${report(life.last)}</dd></div>
    <div><dt>${t('stories.life.speed')}</dt><dd>${speedText(visit, life)}</dd></div>
    ${silences(visit, view)}</dl>
  <div class="life-tables"><figure class="chart">${days.length > 1 ? html`${spreadChart(t('stories.life.chart'), everyDay(days).slice(-MOST_DAYS))}<figcaption>${t('stories.life.chart')}</figcaption>` : null}
  <details><summary>${t('stories.life.byDay')}</summary><table class="small"><thead><tr><th scope="col">${t('stories.life.day')}</th><th scope="col" class="num">${t('stories.life.articlesHead')}</th><th scope="col" class="num">${t('stories.life.newOutlets')}</th><th scope="col" class="num">${t('stories.life.outlets')}</th></tr></thead><tbody>${days.map((day) => html`<tr><th scope="row">${formatDay(startOfDay(day.day))}</th><td class="num">${number(day.articles)}</td><td class="num">${number(day.newOutlets)}</td><td class="num">${number(day.outlets)}</td></tr>`)}</tbody></table></details></figure>
  <table class="small"><caption>${t('stories.life.reach')}</caption><thead><tr><th scope="col">${t('stories.life.kind')}</th><th scope="col" class="num">${t('stories.life.outletsHead')}</th><th scope="col" class="num">${t('stories.life.articlesHead')}</th></tr></thead><tbody>${life.reach.map(({ kind, outlets, placements: count }) => html`<tr><th scope="row">${kindLabel(visit, kind)}</th><td class="num">${number(outlets)}</td><td class="num">${number(count)}</td></tr>`)}</tbody></table></div></section>`
}

/** With the days between on which nobody wrote. */
function everyDay(days: ReturnType<typeof spread>): { day: Day; count: number; outlets: number }[] {
  const all: { day: Day; count: number; outlets: number }[] = []
  for (const { day, articles, outlets } of days) {
    const before = all.at(-1)
    for (let at = before ? addDays(before.day, 1) : day; at < day; at = addDays(at, 1))
      all.push({ day: at, count: 0, outlets: before?.outlets ?? 0 })
    all.push({ day, count: articles, outlets })
  }
  return all
}
