import { formatNumber } from '../../locales/format.ts'
import type { Assessment, Evidence } from '../../model.ts'
import type { AssessmentDifference } from '../../pipeline/compare.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { topicLabel } from '../labels.ts'
import type { Difference } from '../profile-differences.ts'
import type { FormProblem } from '../profile-mistakes.ts'
import type { Visit } from '../visit.ts'
import { weightText } from './evidence.ts'
import { relevanceMark, toneMark } from './parts.ts'
import { differenceList } from './profile-history.ts'

/** What an article's judgement is now and would be. */
export interface TestView {
  /** `no-article`, `invalid`: nothing could be tried. */
  readonly problem: 'no-article' | 'invalid' | null
  readonly title: string
  readonly definition: { readonly sum: number; readonly threshold: number } | null
  readonly before: Assessment | null
  readonly after: Assessment | null
  /** Words of the entry that is edited. */
  readonly words: readonly Evidence[]
  readonly corrected: boolean
}

export interface PanelView {
  readonly problems: readonly FormProblem[]
  readonly differences: readonly Difference[]
  readonly test: TestView | null
}

/** What stands beside the form: is it valid, what differs, how an article would be judged. */
export function panel(visit: Visit, { problems, differences }: PanelView): Html {
  const { t } = visit
  return html`<h2>${t('profile.check.title')}</h2>${
    problems.length === 0
      ? html`<p class="good"><span aria-hidden="true">✓</span> ${t('profile.check.good')}</p>`
      : html`<div class="bad"><p>${t('profile.check.problems', { count: problems.length })}</p><ul>${problems.map(
          ({ at, what }) => html`<li>${at === null ? what : html`<a href="#${at}">${what}</a>`}</li>`,
        )}</ul></div>`
  }
  <h3>${t('profile.check.differences')}</h3>${
    differences.length === 0
      ? html`<p class="hint">${t('profile.check.same')}</p>`
      : differenceList(visit, differences, 30)
  }`
}

/** What stands below the article to try. @param aside true: in an answer whose main part goes elsewhere on the page */
export const testCard = (visit: Visit, { test }: PanelView, aside: boolean): Html =>
  html`<div id="test-result"${aside ? html` hx-swap-oob="true"` : null}>${test === null ? null : testResult(visit, test)}</div>`

function testResult(visit: Visit, test: TestView): Html {
  const { t } = visit
  if (test.problem !== null)
    return html`<p class="hint">${t(test.problem === 'invalid' ? 'profile.test.invalid' : 'profile.test.noArticle')}</p>`
  const { before, after, definition, words } = test
  return html`<p class="test-title">${test.title}</p>
  ${
    definition === null
      ? null
      : html`<p>${t('profile.test.score', { sum: formatNumber(Math.round(definition.sum * 100) / 100), threshold: formatNumber(definition.threshold) })} — <b>${t(definition.sum >= definition.threshold ? 'profile.test.enough' : 'profile.test.notEnough')}</b></p>`
  }
  ${before && after ? judgements(visit, before, after) : null}
  <h4>${t('profile.test.words')}</h4>${
    words.length === 0
      ? html`<p class="hint">${t('profile.test.noWords')}</p>`
      : html`<ul class="words">${wordsOf(words).map(
          ([text, weight, count]) =>
            html`<li>“${text}”${count > 1 ? html` ×${count}` : null}${weight === 0 ? null : html` <span class="weight">${weightText(weight)}</span>`}</li>`,
        )}</ul>`
  }
  ${test.corrected ? html`<p class="hint">${t('profile.test.corrected')}</p>` : null}`
}

const wordsOf = (evidence: readonly Evidence[]): readonly (readonly [string, number, number])[] =>
  [...Map.groupBy(evidence, ({ text }) => text.toLowerCase()).values()].map(
    (same) => [same[0]?.text ?? '', same.reduce((sum, { weight }) => sum + weight, 0), same.length] as const,
  )

function judgements(visit: Visit, before: Assessment, after: Assessment): Html {
  const { t, locale, profile } = visit
  const topics = (assessment: Assessment): string =>
    assessment.topics.map(({ id }) => topicLabel(profile, locale, id)).join(', ') || t('web.article.noTopics')
  const rows: readonly (readonly [string, Fragment, Fragment, boolean])[] = [
    [
      t('web.article.field.relevance'),
      relevanceMark(visit, before.relevance.level),
      relevanceMark(visit, after.relevance.level),
      before.relevance.level !== after.relevance.level,
    ],
    [t('web.article.field.topics'), topics(before), topics(after), topics(before) !== topics(after)],
    [
      t('web.article.field.tone'),
      toneMark(visit, before.tone),
      toneMark(visit, after.tone),
      before.tone !== after.tone,
    ],
    [
      t('web.article.field.sensitive'),
      t(before.sensitive ? 'web.sensitive.yes' : 'web.sensitive.no'),
      t(after.sensitive ? 'web.sensitive.yes' : 'web.sensitive.no'),
      before.sensitive !== after.sensitive,
    ],
  ]
  const changed = rows.some(([, , , differs]) => differs)
  return html`<dl class="judgements">${rows.map(
    ([label, was, is, differs]) =>
      html`<div><dt>${label}</dt><dd>${differs ? html`<del>${was}</del> → <b>${is}</b>` : is}</dd></div>`,
  )}</dl>${changed ? null : html`<p class="hint">${t('profile.test.same')}</p>`}`
}

/** A difference of judgements in a line each. */
export function differenceLines(visit: Visit, difference: AssessmentDifference): readonly Html[] {
  const { t, locale, profile } = visit
  const label = (id: string): string => topicLabel(profile, locale, id)
  return [
    ...(difference.relevance
      ? [html`${relevanceMark(visit, difference.relevance[0])} → ${relevanceMark(visit, difference.relevance[1])}`]
      : []),
    ...difference.topicsAdded.map((id) => html`<ins>+ ${label(id)}</ins>`),
    ...difference.topicsRemoved.map((id) => html`<del>− ${label(id)}</del>`),
    ...(difference.tone ? [html`${toneMark(visit, difference.tone[0])} → ${toneMark(visit, difference.tone[1])}`] : []),
    ...(difference.sensitive
      ? [
          html`${t(difference.sensitive[0] ? 'web.sensitive.yes' : 'web.sensitive.no')} → ${t(difference.sensitive[1] ? 'web.sensitive.yes' : 'web.sensitive.no')}`,
        ]
      : []),
  ]
}
