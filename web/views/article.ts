import { formatDayTime, formatShare } from '../../locales/format.ts'
import type { Article, Assessment, Citation, Page, RelevanceLevel, StepKey, Tone } from '../../model.ts'
import type {
  AssessedArticle,
  Correction,
  CorrectionField,
  EvidenceRecord,
  HandEntry,
  StoryRecord,
  TranslationRecord,
} from '../../store/store.ts'
import { headlineOf } from '../digest.ts'
import type { Fragment, Html } from '../html.ts'
import { flag, html } from '../html.ts'
import { outletName, topicLabel } from '../labels.ts'
import { TONES } from '../search-state.ts'
import type { Visit } from '../visit.ts'
import { doubtsNotice } from './doubts.ts'
import { evidenceTable, legend, marked, markedParagraphs, type Numbered, numbered, QUOTE } from './evidence.ts'
import { translationCard } from './helpers.ts'
import { handNotice } from './import.ts'
import { csrfField, page } from './layout.ts'
import {
  completenessMark,
  notice,
  number,
  outletLine,
  relevanceMark,
  sensitiveMark,
  since,
  time,
  toneMark,
  topicChip,
} from './parts.ts'
import { picturesCard } from './pictures.ts'
import { goneNotice, type LifeView, versionsSection, visitsCard } from './versions.ts'

export const LEVELS: readonly RelevanceLevel[] = ['main', 'mention', 'none']

export interface ArticleView {
  readonly article: AssessedArticle
  readonly hand: readonly HandEntry[]
  readonly machine: { readonly key: StepKey; readonly assessment: Assessment } | null
  readonly versions: readonly Article[]
  readonly life: LifeView
  /** By version, the oldest first. */
  readonly pictures: readonly EvidenceRecord[]
  /** Newest first. */
  readonly corrections: readonly Correction[]
  readonly story: StoryRecord | null
  /** Other articles of the story, newest first. */
  readonly siblings: readonly AssessedArticle[]
  readonly page: Page | null
  /** Display names of users by their log-in names. */
  readonly names: ReadonlyMap<string, string>
  readonly done: 'corrected' | 'unchanged' | null
  /** What a summary quotes of the article: where the reader came from. */
  readonly quote: Citation | null
  /** Null: nobody translates, or the article is in Vietnamese. */
  readonly translation: { readonly made: TranslationRecord | null; readonly problem: string | null } | null
}

/** Only http(s) addresses become links: what an outlet prints is not to be trusted. */
export const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url)

function head(visit: Visit, { article }: ArticleView, evidence: ReturnType<typeof numbered>): Html {
  const { t } = visit
  return html`<header class="article-head">
    <p class="meta">${outletLine(visit, article.outletId, article.language)}${article.section ? html` <span class="dot">·</span> ${article.section}` : null}</p>
    <h1 lang="${article.language}">${marked(visit, article.title, 'title', evidence)}</h1>
    <p class="meta">${t('web.article.published')} ${time(article.published)}${
      article.modified ? html` <span class="dot">·</span> ${t('web.article.modified')} ${time(article.modified)}` : null
    } <span class="dot">·</span> ${t('web.article.firstSeen')} ${time(article.firstSeen)}</p>
    <p class="actions">${
      isWebAddress(article.url)
        ? html`<a class="button" href="${article.url}" target="_blank" rel="noopener noreferrer">${t('web.article.original')} <span aria-hidden="true">↗</span></a>`
        : null
    } ${completenessMark(visit, article.completeness)}</p>
    ${
      article.assessment
        ? html`<p class="marks narrow-only">${article.assessment.sensitive ? sensitiveMark(visit) : null} ${toneMark(visit, article.assessment.tone)} ${relevanceMark(visit, article.assessment.relevance.level)} <a href="#judgement">${t('web.article.judgement')} <span aria-hidden="true">↓</span></a></p>`
        : null
    }
  </header>`
}

/** As the steps read it: a lead with which the text begins is no field of its own; it stands once, and its marks there. */
const isLeadInText = ({ lead, text }: Article): boolean => lead !== null && lead !== '' && text.startsWith(lead)

function body(visit: Visit, { article }: ArticleView, evidence: ReturnType<typeof numbered>): Html {
  const { t } = visit
  const lead = isLeadInText(article) ? null : article.lead
  return html`<div class="article-text" lang="${article.language}">
    ${lead ? html`<p class="lead">${marked(visit, lead, 'lead', evidence)}</p>` : null}
    ${article.text.trim() === '' ? html`<p class="hint" lang="${visit.locale}">${t('web.article.noText')}</p>` : markedParagraphs(visit, article.text, evidence, article.lead)}
    </div>
    <p class="citation">${article.byline ? html`${t('web.article.byline', { byline: article.byline })} ` : null}${t('web.article.rights', { outlet: outletName(visit.profile, article.outletId) })}</p>`
}

const nameOf = (names: ArticleView['names'], who: string): string => names.get(who) ?? who

const MACHINE_FIELDS: readonly CorrectionField[] = ['relevance', 'topics', 'tone', 'sensitive']

/** A correction's value as people read it. */
function valueText(visit: Visit, field: CorrectionField, value: Correction['before']): string {
  const { t, locale, profile } = visit
  if (value === null) return t('web.article.unknown')
  if (field === 'topics')
    return Array.isArray(value) && value.length > 0
      ? value.map((id: string) => topicLabel(profile, locale, id)).join(', ')
      : t('web.article.noTopics')
  if (field === 'sensitive') return t(value === true ? 'web.sensitive.yes' : 'web.sensitive.no')
  if (field === 'relevance') return relevanceText(visit, String(value))
  return isTone(value) ? t(`web.tone.${value}`) : String(value)
}

const isTone = (value: unknown): value is Tone => TONES.some((tone) => tone === value)
const isLevel = (value: unknown): value is RelevanceLevel => LEVELS.some((level) => level === value)
const relevanceText = (visit: Visit, value: string): string =>
  isLevel(value) ? visit.t(`web.relevance.${value}`) : value

const machineValue = (assessment: Assessment, field: CorrectionField): Correction['value'] =>
  field === 'topics'
    ? assessment.topics.map(({ id }) => id)
    : field === 'relevance'
      ? assessment.relevance.level
      : assessment[field]

/** What stands now, and below it what the machine said where a person changed it. */
function judgement(visit: Visit, { article, machine, corrections, names }: ArticleView): Html {
  const { t } = visit
  const { assessment } = article
  if (!assessment)
    return html`<section class="card"><h2>${t('web.article.judgement')}</h2><p>${t('web.article.notAssessed')}</p></section>`
  // The machine is sure of what it found, not of what a person put in its place.
  const isByPerson = (field: CorrectionField): boolean => corrections.some((correction) => correction.field === field)
  const shown: Record<CorrectionField, Fragment> = {
    relevance: html`${relevanceMark(visit, assessment.relevance.level)}${
      isByPerson('relevance')
        ? null
        : html` <span class="hint">${t('web.article.score', { score: formatShare(assessment.relevance.score) })}</span>`
    }`,
    topics:
      assessment.topics.length > 0
        ? html`<span class="marks">${assessment.topics.map(({ id }) => html`${topicChip(visit, id)} `)}</span>`
        : t('web.article.noTopics'),
    tone: toneMark(visit, assessment.tone),
    sensitive: assessment.sensitive ? sensitiveMark(visit) : t('web.sensitive.no'),
  }
  return html`<section class="card" id="judgement"><h2>${t('web.article.judgement')}</h2><dl class="facts">${MACHINE_FIELDS.map(
    (field) => {
      const last = corrections.find((correction) => correction.field === field)
      return html`<dt>${t(`web.article.field.${field}`)}</dt><dd>${shown[field]}${
        last
          ? html`<p class="corrected">${t('web.article.correctedBy', { who: nameOf(names, last.who), at: formatDayTime(last.at) })}${
              machine
                ? html`<br>${t('web.article.machineSaid', { value: valueText(visit, field, machineValue(machine.assessment, field)) })}`
                : null
            }</p>`
          : null
      }</dd>`
    },
  )}</dl></section>`
}

function correctionForm(visit: Visit, { article }: ArticleView): Html | null {
  const { t, locale, profile } = visit
  const { assessment } = article
  if (!assessment) return null
  const topics = new Set(assessment.topics.map(({ id }) => id))
  const radio = (name: string, value: string, label: string, chosen: boolean): Html =>
    html`<span class="choice"><input type="radio" id="c-${name}-${value}" name="${name}" value="${value}"${flag('checked', chosen)}><label for="c-${name}-${value}">${label}</label></span>`
  return html`<details class="card correct"><summary>${t('web.article.correct')}</summary>
  <form method="post" action="/articles/${article.id}/corrections">${csrfField(visit)}
    <input type="hidden" name="was_relevance" value="${assessment.relevance.level}"><input type="hidden" name="was_tone" value="${assessment.tone}"><input type="hidden" name="was_sensitive" value="${assessment.sensitive ? 'yes' : 'no'}"><input type="hidden" name="was_topics" value="${[...topics].join(',')}">
    <fieldset><legend>${t('web.article.field.relevance')}</legend>${LEVELS.map((level) => radio('relevance', level, t(`web.relevance.${level}`), level === assessment.relevance.level))}</fieldset>
    <fieldset><legend>${t('web.article.field.topics')}</legend><div class="topic-choices">${profile.topics.map(
      ({ id, label, definition }) =>
        html`<span class="choice"><input type="checkbox" id="c-topic-${id}" name="topics" value="${id}"${flag('checked', topics.has(id))}><label for="c-topic-${id}" title="${definition}">${label[locale]}</label></span>`,
    )}</div></fieldset>
    <fieldset><legend>${t('web.article.field.tone')}</legend>${TONES.map((tone) => radio('tone', tone, t(`web.tone.${tone}`), tone === assessment.tone))}</fieldset>
    <fieldset><legend>${t('web.article.field.sensitive')}</legend>${radio('sensitive', 'yes', t('web.sensitive.yes'), assessment.sensitive)}${radio('sensitive', 'no', t('web.sensitive.no'), !assessment.sensitive)}</fieldset>
    <div class="field"><label for="c-note">${t('web.article.note')}</label><textarea id="c-note" name="note" rows="2" maxlength="1000"></textarea></div>
    <p class="hint">${t('web.article.correctHint')}</p>
    <button>${t('web.article.save')}</button>
  </form></details>`
}

/** What a correction did; of topics only those added and taken away. */
function changeText(visit: Visit, { field, before, value }: Correction): Html {
  const { t, locale, profile } = visit
  const label = t(`web.article.field.${field}`)
  if (field !== 'topics' || !Array.isArray(before) || !Array.isArray(value))
    return html`${label}: <s>${valueText(visit, field, before)}</s> → <ins>${valueText(visit, field, value)}</ins>`
  const names = (ids: readonly string[]): readonly string[] => ids.map((id) => topicLabel(profile, locale, id))
  const added = names(value.filter((id) => !before.includes(id)))
  const removed = names(before.filter((id) => !value.includes(id)))
  return html`${label}: ${added.map((name) => html`<ins>+ ${name}</ins> `)}${removed.map((name) => html`<del>− ${name}</del> `)}`
}

/** Puts back what stood before; itself a correction, so that the history says who did it and it can be put back again. */
function putBack(visit: Visit, articleId: string, { field, before, value }: Correction): Html | null {
  if (before === null) return null
  const text = visit.t('web.article.putBack', { value: valueText(visit, field, before) })
  const fields = (name: string, held: Correction['value']): Html =>
    typeof held === 'object'
      ? html`${held.map((id) => html`<input type="hidden" name="${name}" value="${id}">`)}`
      : html`<input type="hidden" name="${name}" value="${typeof held === 'boolean' ? (held ? 'yes' : 'no') : held}">`
  const shown = typeof value === 'object' ? value.join(',') : value
  return html`<form method="post" action="/articles/${articleId}/corrections">${csrfField(visit)}${fields(field, before)}${fields(`was_${field}`, shown)}<button class="secondary">${text}</button></form>`
}

function history(visit: Visit, { article, corrections, names }: ArticleView): Html | null {
  if (corrections.length === 0) return null
  const isLast = ({ field }: Correction, at: number): boolean =>
    corrections.findIndex((correction) => correction.field === field) === at
  return html`<section class="card"><h2>${visit.t('web.article.history')}</h2><ol class="history">${corrections.map(
    (
      correction,
      at,
    ) => html`<li><p><b>${nameOf(names, correction.who)}</b> <span class="hint">${time(correction.at)}</span></p>
      <p>${changeText(visit, correction)}</p>
      ${correction.note ? html`<p class="note">${correction.note}</p>` : null}
      ${isLast(correction, at) ? putBack(visit, article.id, correction) : null}</li>`,
  )}</ol></section>`
}

/** Other articles of the story that its card names. */
const SIBLINGS = 6

function storyCard(visit: Visit, { article, story, siblings }: ArticleView): Html | null {
  if (!story) return null
  const { t } = visit
  const original = article.copyOf ? siblings.find(({ id }) => id === article.copyOf) : undefined
  return html`<section class="card"><h2>${t('web.article.story')}</h2>
    <p><a href="/stories/${story.id}"><b>${story.renamed ? story.title : (headlineOf(visit.profile, [article, ...siblings])?.title ?? story.title)}</b></a> <span class="hint">${t('web.story.articles', { count: number(story.articles) })}</span></p>
    ${original ? html`<p class="hint">${t('web.article.copyOf')} <a href="/articles/${original.id}">${outletName(visit.profile, original.outletId)}</a></p>` : null}
    <ul class="siblings">${siblings
      .slice(0, SIBLINGS)
      .map(
        (other) =>
          html`<li><a href="/articles/${other.id}" lang="${other.language}">${other.title}</a> <span class="hint">${outletName(visit.profile, other.outletId)} · ${since(visit, other.published)}${other.copyOf ? html` · ${t('web.story.copy')}` : null}</span></li>`,
      )}</ul>${
      siblings.length > SIBLINGS
        ? html`<p><a href="/stories/${story.id}">${t('web.article.moreSiblings', { count: number(siblings.length - SIBLINGS) })}</a></p>`
        : null
    }</section>`
}

const PARTS = ['title', 'lead', 'text', 'byline', 'section', 'published', 'modified', 'canonical', 'image'] as const
const SOURCES = ['rule', 'page', 'json-ld', 'microdata', 'open-graph', 'feed', 'url', 'time'] as const

/** Parts and sources as a reader calls them; others as the program does. */
function partText(visit: Visit, part: string): string {
  const known = PARTS.find((one) => one === part)
  return known ? visit.t(`web.article.part.${known}`) : part
}
function sourceText(visit: Visit, source: string): Html {
  const known = SOURCES.find((one) => one === source)
  return html`${known ? html`${visit.t(`web.article.source.${known}`)} ` : null}<code>${source}</code>`
}

function provenance(visit: Visit, { article, versions, machine, page: fetched }: ArticleView): Html {
  const { t } = visit
  const by = Object.entries(article.by)
  return html`<details class="card"><summary>${t('web.article.provenance')}</summary><dl class="facts">
    <dt>${t('web.article.address')}</dt><dd class="break">${article.url}</dd>
    <dt>${t('web.article.dateFrom')}</dt><dd>${sourceText(visit, article.publishedBy)}</dd>
    ${by.length > 0 ? html`<dt>${t('web.article.by')}</dt><dd><ul class="plain">${by.map(([field, source]) => html`<li>${partText(visit, field)}: ${sourceText(visit, source)}</li>`)}</ul></dd>` : null}
    ${fetched ? html`<dt>${t('web.article.archived')}</dt><dd>${time(fetched.fetchedAt)} · ${fetched.status === 0 ? null : `HTTP ${fetched.status} · `}${number(fetched.bytes)} B<br><code class="break">${fetched.digest}</code>${fetched.warc ? html`<br><code class="break">${fetched.warc.file}@${fetched.warc.offset}</code>` : html`<br>${t('web.article.archiveDropped')}`}</dd>` : null}
    <dt>${t('web.article.versions')}</dt><dd><ol class="plain">${versions.map((version) => html`<li>${t('web.article.version', { version: version.version })}: ${version.title}${version.modified ? html` <span class="hint">${time(version.modified)}</span>` : null}</li>`)}</ol></dd>
    ${machine ? html`<dt>${t('web.article.assessedBy')}</dt><dd><code class="break">${machine.key.step}@${machine.key.stepVersion} · ${machine.key.modelDigest}</code></dd>` : null}
  </dl></details>`
}

/** The quotation as one more mark of the text; a quotation of an older version is not to be found in this one. */
function withQuote({ article, quote }: ArticleView, evidence: readonly Numbered[]): readonly Numbered[] {
  if (quote === null || quote.version !== article.version) return evidence
  const { field, from, to } = quote
  return [...evidence, { for: QUOTE, field, from, to, text: '', weight: 0, at: evidence.length }]
}

function quoteNotice(visit: Visit, { article, quote, versions }: ArticleView): Html | null {
  if (quote === null) return null
  if (quote.version === article.version) return notice('info', visit.t('stories.quote.here'))
  const quoted = versions.find(({ version }) => version === quote.version)?.[quote.field]?.slice(quote.from, quote.to)
  if (!quoted) return null
  const text = html`<p>${visit.t('stories.quote.old', { version: quote.version })}</p><blockquote id="quote" lang="${article.language}">${quoted}</blockquote>`
  return notice('info', text)
}

export function articlePage(visit: Visit, view: ArticleView): Html {
  const { t } = visit
  const { article } = view
  const evidence = article.assessment ? numbered(article.assessment) : []
  const marks = withQuote(view, evidence).map((item) =>
    item.field === 'lead' && isLeadInText(article) ? { ...item, field: 'text' as const } : item,
  )
  const main = html`${view.done ? notice(view.done === 'corrected' ? 'done' : 'info', t(`web.article.done.${view.done}`)) : null}
  <div class="article-columns">
  <article class="article-main">
    ${head(visit, view, marks)}
    ${handNotice(visit, view.hand, view.names)}
    ${goneNotice(visit, view.life.fate)}
    ${quoteNotice(visit, view)}
    ${doubtsNotice(visit, article.doubts)}
    ${article.completeness === 'full' ? null : notice('info', t(`web.completenessHint.${article.completeness}`))}
    ${legend(visit, evidence)}
    ${body(visit, view, marks)}
    ${view.translation === null ? null : translationCard(visit, { articleId: article.id, translation: view.translation.made, problem: view.translation.problem, names: view.names })}
    ${versionsSection(visit, view.versions, view.life)}
    ${evidence.length > 0 ? html`<section class="why"><h2>${t('web.evidence.title')}</h2><p class="hint">${t('web.evidence.hint')}</p>${evidenceTable(visit, evidence, { articleId: article.id, tone: view.machine?.assessment.tone ?? null })}</section>` : null}
  </article>
  <aside class="article-side">
    ${judgement(visit, view)}
    ${correctionForm(visit, view)}
    ${history(visit, view)}
    ${storyCard(visit, view)}
    ${picturesCard(visit, view.pictures, article.version)}
    ${visitsCard(visit, view.life)}
    ${provenance(visit, view)}
  </aside></div>`
  return page(visit, { title: article.title, section: null, main, width: 'wide' })
}
