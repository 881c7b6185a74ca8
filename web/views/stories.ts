import { QUIET_DAYS } from '../../pipeline/story-life.ts'
import type { ArticleFate, AssessedArticle, RewritingRecord, StoryRecord, StoryReopening } from '../../store/store.ts'
import type { StoryGroup } from '../digest.ts'
import { headlineOf, voiceOf } from '../digest.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName } from '../labels.ts'
import type { StandingSummary } from '../story-summary.ts'
import type { Visit } from '../visit.ts'
import { rewritingCard } from './helpers.ts'
import { page } from './layout.ts'
import {
  completenessMark,
  empty,
  listTable,
  notice,
  number,
  outletLine,
  sensitiveMark,
  since,
  time,
  toneMark,
  topicChip,
} from './parts.ts'
import { type DeskView, deskForms, deskHistory, deskNotice } from './story-desk.ts'
import { closedAt, lifeSection } from './story-life.ts'
import { summaryCard } from './story-summary.ts'
import { fateMarks } from './versions.ts'

export interface StoriesView {
  readonly days: number
  readonly groups: readonly { readonly story: StoryRecord; readonly group: StoryGroup }[]
}

export const SPANS = [1, 7, 30] as const

const topicsOf = (articles: readonly AssessedArticle[]): readonly string[] => [
  ...new Set(articles.flatMap(({ assessment }) => assessment?.topics.map(({ id }) => id) ?? [])),
]

function storyLink(visit: Visit, story: StoryRecord, { articles, sensitive }: StoryGroup): Html {
  const headline = story.renamed ? null : headlineOf(visit.profile, articles)
  return html`<a href="/stories/${story.id}" lang="${headline?.language ?? 'vi'}">${headline?.title ?? story.title}</a> ${sensitive ? sensitiveMark(visit) : null}`
}

export function storiesPage(visit: Visit, { days, groups }: StoriesView): Html {
  const { t } = visit
  const main = html`<div class="page-head"><div><h1>${t('web.nav.stories')}</h1><p class="intro">${t('web.story.intro')}</p></div>
  <nav class="segmented" aria-label="${t('web.home.span')}">${SPANS.map((span) => html`<a href="/stories?days=${span}"${span === days ? html` aria-current="true"` : null}>${t(`web.home.days${span}`)}</a>`)}</nav></div>
  ${
    groups.length === 0
      ? empty(t('web.story.none'), t('web.story.noneHint'))
      : listTable(
          [
            { label: t('web.story.title') },
            { label: t('web.story.topics') },
            { label: t('web.story.articlesHead'), numeric: true },
            { label: t('web.story.outletsHead'), numeric: true },
            { label: t('web.story.last') },
          ],
          groups.map(({ story, group }) => [
            storyLink(visit, story, group),
            html`<span class="marks">${topicsOf(group.articles)
              .slice(0, 3)
              .map((id) => topicChip(visit, id))}</span>`,
            number(group.articles.length),
            number(group.outlets),
            since(visit, group.last),
          ]),
        )
  }`
  return page(visit, { title: t('web.nav.stories'), section: 'stories', main, width: 'wide' })
}

export interface StoryView {
  readonly story: StoryRecord
  /** Oldest first. */
  readonly articles: readonly AssessedArticle[]
  /** When it had been silent and went on, oldest first. */
  readonly reopenings: readonly StoryReopening[]
  /** Of the articles that were edited or taken down. */
  readonly fates: ReadonlyMap<string, ArticleFate>
  readonly summary: StandingSummary | null
  /** Null: no language model is configured. */
  readonly rewriting: { readonly record: RewritingRecord | null; readonly problem: string | null } | null
  /** Length of the summary. */
  readonly words: number
  readonly desk: Omit<DeskView, 'story' | 'articles' | 'title'>
  readonly outcome: Parameters<typeof deskNotice>[1]
}

/** Whether it goes on, and what people decided about it. */
function states(visit: Visit, { story, articles }: StoryView): Html {
  const { t } = visit
  return html`${
    closedAt({ story, articles }, visit.now) !== null
      ? html`<span class="state" title="${t('stories.state.closedHint', { days: QUIET_DAYS })}">${t('stories.state.closed')}</span>`
      : html`<span class="state confirmed">${t('stories.state.open')}</span>`
  } ${story.locked ? html`<span class="state unknown">${t('stories.state.locked')}</span> ` : null}${story.renamed ? html`<span class="state">${t('stories.state.renamed')}</span> ` : null}`
}

function timeline(visit: Visit, { articles, fates }: StoryView): Html {
  const { t } = visit
  const names = new Map(articles.map(({ id, outletId }) => [id, outletName(visit.profile, outletId)]))
  return html`<ol class="timeline">${articles.map(
    (
      article,
    ) => html`<li class="${article.copyOf ? 'copy' : ''}${article.assessment?.sensitive ? ' is-sensitive' : ''}">
      <p class="meta">${time(article.published)} <span class="dot">·</span> ${outletLine(visit, article.outletId, article.language)} ${completenessMark(visit, article.completeness)} ${fateMarks(visit, fates.get(article.id))}</p>
      <h3 lang="${article.language}"><a href="/articles/${article.id}">${article.title}</a></h3>
      ${article.copyOf ? html`<p class="hint">${t('web.article.copyOf')} <a href="/articles/${article.copyOf}">${names.get(article.copyOf) ?? t('web.story.another')}</a></p>` : article.lead ? html`<p class="passage" lang="${article.language}">${article.lead}</p>` : null}
      <p class="marks">${article.assessment ? toneMark(visit, article.assessment.tone) : null} ${article.assessment?.sensitive ? sensitiveMark(visit) : null}</p></li>`,
  )}</ol>`
}

export function storyPage(visit: Visit, view: StoryView): Html {
  const { t, profile } = visit
  const { story, articles } = view
  const copies = articles.filter(({ copyOf }) => copyOf !== null).length
  // As on the page of all stories and in reports, other sources stand beside the press, not among it.
  const press = articles.filter((article) => voiceOf(profile, article) !== 'other')
  const outlets = new Set(press.map(({ outletId }) => outletId)).size
  const voices = (['domestic', 'foreign', 'other'] as const).map((voice) => ({
    voice,
    count: articles.filter((article) => voiceOf(profile, article) === voice).length,
  }))
  const headline = story.renamed ? null : headlineOf(profile, articles)
  const title = headline?.title ?? story.title
  const desk = { ...view.desk, story, articles, title }
  const summary = {
    ...{ summary: view.summary, articles, words: view.words, names: view.desk.names },
    ...{ href: `/stories/${story.id}?`, action: `/stories/${story.id}/summary` },
  }
  const main = html`${deskNotice(visit, view.outcome)}<div class="page-head"><div><p class="eyebrow">${t('web.story.eyebrow')}</p><h1 lang="${headline?.language ?? 'vi'}">${title}</h1>
    <p class="meta">${time(articles[0]?.published ?? story.firstSeen)} – ${time(articles.at(-1)?.published ?? story.lastSeen)}</p>
    <p class="marks">${states(visit, view)}${topicsOf(articles)
      .slice(0, 6)
      .map((id) => html`${topicChip(visit, id)} `)}</p></div></div>
  <dl class="figures small"><div class="figure"><dt class="figure-label">${t('web.story.placements')}</dt><dd class="figure-value">${number(articles.length)}</dd></div><div class="figure"><dt class="figure-label">${t('web.story.distinct')}</dt><dd class="figure-value">${number(articles.length - copies)}</dd></div><div class="figure"><dt class="figure-label">${t('web.story.outletsHead')}</dt><dd class="figure-value">${number(outlets)}</dd></div>${voices.map(({ voice, count }) => html`<div class="figure ${voice}"><dt class="figure-label">${t(`web.voice.${voice}`)}</dt><dd class="figure-value">${number(count)}</dd></div>`)}</dl>
  ${summaryCard(visit, summary)}
  ${view.rewriting && view.summary ? rewritingCard(visit, { action: `/stories/${story.id}/rewriting`, words: view.words, record: view.rewriting.record, summaryMadeAt: view.summary.record.madeAt, problem: view.rewriting.problem, names: view.desk.names }) : null}
  ${articles.length === 0 ? notice('info', t('web.story.noArticles')) : null}
  <section><h2 class="section-title">${t('web.story.timeline')}</h2>${timeline(visit, view)}</section>
  ${lifeSection(visit, view)}
  ${deskForms(visit, desk)}
  ${deskHistory(visit, desk)}`
  return page(visit, { title, section: 'stories', main })
}
