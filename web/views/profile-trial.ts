import type { WouldChange } from '../../crawlers/trial.ts'
import type { JudgingName } from '../../profiles/overlay.ts'
import type { ProfileDraft } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName, topicLabel } from '../labels.ts'
import type { Difference } from '../profile-differences.ts'
import type { Trial } from '../profile-trials.ts'
import type { Visit } from '../visit.ts'
import { csrfField, page } from './layout.ts'
import { listTable, notice, number, time } from './parts.ts'
import { entryHref } from './profile-fields.ts'
import { differenceList, itemLabel } from './profile-history.ts'
import { differenceLines } from './profile-panel.ts'

export interface TrialView {
  readonly draft: ProfileDraft
  readonly trial: Trial | null
  /** False: the draft does not fit with the rest of the profile any more. */
  readonly valid: boolean
  readonly differences: readonly Difference[]
  readonly removed: boolean
  readonly notice: Html | null
}

/** Articles shown of a trial. */
const SHOWN = 100

const draftHref = ({ id }: ProfileDraft): string => `/profile/drafts/${id}`

const button = (visit: Visit, draft: ProfileDraft, action: string, label: string, quiet = true): Html =>
  html`<form method="post" action="${draftHref(draft)}/${action}">${csrfField(visit)}<button${quiet ? html` class="secondary"` : null}>${label}</button></form>`

/** Replaced by itself every second while the trial runs. */
export function trialCard(visit: Visit, view: TrialView): Html {
  const { t } = visit
  const { draft, trial, valid } = view
  const live = trial?.status === 'running' || trial?.status === 'waiting'
  const poll = live
    ? html` hx-get="${draftHref(draft)}/trial" hx-trigger="every 1s" hx-target="this" hx-swap="outerHTML"`
    : null
  return html`<section class="card trial layers" id="trial"${poll} aria-live="polite">${
    !valid
      ? notice('problem', t('profile.trial.stale'))
      : trial === null
        ? button(visit, draft, 'trial', t('profile.trial.begin'), false)
        : body(visit, view, trial)
  }</section>`
}

function body(visit: Visit, { draft }: TrialView, trial: Trial): Html {
  const { t } = visit
  const { done, total } = trial.progress
  switch (trial.status) {
    case 'waiting':
      return html`<p>${t('profile.trial.waiting')}</p>${button(visit, draft, 'cancel', t('profile.trial.cancel'))}`
    case 'running':
      return html`<p>${t('profile.trial.running', { done: number(done), total: number(total) })} <span class="hint">${t('profile.trial.found', { changes: number(trial.changes.length) })}</span></p>
      <progress max="${Math.max(1, total)}" value="${done}"></progress>${button(visit, draft, 'cancel', t('profile.trial.cancel'))}`
    case 'cancelled':
      return html`<p>${t('profile.trial.cancelled', { done: number(done) })}</p>${button(visit, draft, 'trial', t('profile.trial.again'))}${results(visit, trial)}`
    case 'failed':
      return html`${notice('problem', t('profile.trial.failed', { message: trial.error ?? '' }))}${button(visit, draft, 'trial', t('profile.trial.again'))}`
    case 'done':
      return html`<p><b>${t('profile.trial.done', { articles: number(done) })}</b> ${
        trial.changes.length === 0
          ? t('profile.trial.none')
          : t('profile.trial.some', { changes: number(trial.changes.length) })
      }</p>${trial.changes.length === 0 ? html`<p class="hint">${t('profile.trial.noneHint')}</p>` : null}${results(visit, trial)}
      <form class="save layers" method="post" action="${draftHref(draft)}/save">${csrfField(visit)}
        <div class="field"><label for="i-note">${t('profile.trial.note')}</label><textarea id="i-note" name="note" rows="2" maxlength="1000" placeholder="${t('profile.trial.notePlaceholder')}"></textarea></div>
        <p><button>${t('profile.trial.save')}</button> <span class="hint">${t('profile.trial.saveHint')} ${t('profile.trial.people')}</span></p></form>`
  }
}

// ---------------------------------------------------------------- what would change

/** How many articles each judgement would gain and lose. */
function tallies(visit: Visit, changes: readonly WouldChange[]): readonly (readonly [string, number, number])[] {
  const { t, locale, profile } = visit
  const counts = new Map<string, [number, number]>()
  const add = (label: string, gained: boolean): void => {
    const [more, less] = counts.get(label) ?? [0, 0]
    counts.set(label, gained ? [more + 1, less] : [more, less + 1])
  }
  const rank = { none: 0, mention: 1, main: 2 }
  for (const { difference } of changes) {
    if (difference.relevance)
      add(t('profile.trial.tally.relevance'), rank[difference.relevance[1]] > rank[difference.relevance[0]])
    for (const id of difference.topicsAdded)
      add(t('profile.trial.tally.topic', { topic: topicLabel(profile, locale, id) }), true)
    for (const id of difference.topicsRemoved)
      add(t('profile.trial.tally.topic', { topic: topicLabel(profile, locale, id) }), false)
    if (difference.tone) add(`${t('profile.trial.tally.tone')}: ${t(`web.tone.${difference.tone[1]}`)}`, true)
    if (difference.sensitive) add(t('profile.trial.tally.sensitive'), difference.sensitive[1])
  }
  return [...counts]
    .map(([label, [more, less]]) => [label, more, less] as const)
    .sort((a, b) => b[1] + b[2] - a[1] - a[2])
}

function results(visit: Visit, { changes }: Trial): Html | null {
  if (changes.length === 0) return null
  const { t } = visit
  const newest = [...changes].sort((a, b) => b.published.localeCompare(a.published)).slice(0, SHOWN)
  const rows = newest.map((change) => [
    html`<a href="/articles/${change.id}">${change.title}</a> <span class="hint">${outletName(visit.profile, change.outletId)} · ${time(change.published, 'day')}</span>`,
    html`<ul class="plain">${differenceLines(visit, change.difference).map((line) => html`<li>${line}</li>`)}</ul>`,
    words(visit, change),
  ])
  return html`<ul class="tallies">${tallies(visit, changes).map(
    ([label, more, less]) =>
      html`<li><b>${label}</b> ${more > 0 ? html`<ins>${t('profile.trial.gained', { count: number(more) })}</ins>` : null} ${less > 0 ? html`<del>${t('profile.trial.lost', { count: number(less) })}</del>` : null}</li>`,
  )}</ul>
  ${changes.length > SHOWN ? html`<p class="hint">${t('profile.trial.shown', { shown: SHOWN })}</p>` : null}
  ${listTable([{ label: t('profile.trial.article') }, { label: t('profile.trial.change') }, { label: t('profile.trial.why') }], rows)}`
}

function words({ t }: Visit, { causes }: WouldChange): Html {
  return html`<ul class="plain">${causes.map(({ after, before }) => {
    const list = (some: readonly string[]): string => some.map((word) => `“${word}”`).join(', ')
    return html`${after.length > 0 ? html`<li>${t('profile.trial.because')} ${list(after)}</li>` : null}${before.length > 0 ? html`<li class="hint">${t('profile.trial.noLonger')} ${list(before)}</li>` : null}`
  })}</ul>`
}

export function trialPage(visit: Visit, view: TrialView): Html {
  const { t } = visit
  const { draft, differences, removed } = view
  const file = draft.file as JudgingName
  const what = itemLabel(visit, file, draft.item)
  const canEdit = draft.item !== null || file === 'tone'
  const main = html`<div class="page-head"><div><p class="eyebrow"><a href="/profile">${t('profile.title')}</a> · ${canEdit ? html`<a href="${entryHref(file, draft.item ?? 'all')}">${what}</a>` : what}</p><h1>${t('profile.trial.title')}</h1></div>
    <div class="actions">${canEdit && !removed ? html`<a class="button secondary" href="${draftHref(draft)}/edit">${t('profile.trial.editAgain')}</a>` : null}${button(visit, draft, 'discard', t('profile.trial.discard'))}</div></div>
  ${view.notice}
  <section class="card layers"><h2>${t('profile.trial.changes')}</h2>${removed ? html`<p>${t('profile.trial.removed')}</p>` : null}${differences.length === 0 ? html`<p class="hint">${t('profile.check.same')}</p>` : differenceList(visit, differences, 60)}</section>
  ${trialCard(visit, view)}`
  return page(visit, { title: t('profile.trial.title'), section: 'profile', main, width: 'wide' })
}
