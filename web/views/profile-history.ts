import type { JudgingName } from '../../profiles/overlay.ts'
import type { ProfileRevision } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Difference } from '../profile-differences.ts'
import type { Visit } from '../visit.ts'
import { csrfField, page } from './layout.ts'
import { time } from './parts.ts'

type Listed = Omit<ProfileRevision, 'text'>

/** Who made a revision; those that no person made in these pages say what they are. */
export const whoOf = (names: ReadonlyMap<string, string>, { who }: Pick<ProfileRevision, 'who'>): string =>
  names.get(who) ?? who

/** `Chủ đề · Du lịch`. */
export function itemLabel(visit: Visit, file: JudgingName, item: string | null): string {
  const { profile, locale, t } = visit
  if (file === 'tone') return t('profile.files.tone')
  if (item === null) return `${t(`profile.files.${file}`)} · ${t('profile.history.whole')}`
  const name =
    file === 'topics'
      ? profile.topics.find(({ id }) => id === item)?.label[locale]
      : file === 'places'
        ? profile.places.find(({ id }) => id === item)?.name
        : profile.conditions.find(({ id }) => id === item)?.label[locale]
  return `${t(`profile.one.${file}`)} · ${name ?? item}`
}

/** Revisions, newest first. @param item the entry whose history it is: revisions lead to what they changed in it */
export function historyList(
  visit: Visit,
  revisions: readonly Listed[],
  names: ReadonlyMap<string, string>,
  item: string | null,
): Html {
  const { t } = visit
  if (revisions.length === 0) return html`<p class="hint">${t('profile.history.none')}</p>`
  return html`<ol class="history">${revisions.map((revision) => {
    const person = revision.kind !== 'origin' && revision.kind !== 'outside'
    const query = item === null ? '' : `?item=${encodeURIComponent(item)}`
    return html`<li><p><a href="/profile/revisions/${revision.id}${query}"><b>${person ? whoOf(names, revision) : t(`profile.revision.${revision.kind}`)}</b></a> <span class="hint">${time(revision.at)}${person ? html` · ${t(`profile.revision.${revision.kind}`)}` : null}${item === null ? html` · ${itemLabel(visit, revision.file as JudgingName, revision.item)}` : null}</span></p>
      ${revision.note ? html`<p class="note">${revision.note}</p>` : null}</li>`
  })}</ol>`
}

/** Lines that differ; the words that came and went are marked. */
export function differenceList(visit: Visit, differences: readonly Difference[], most = 200): Html {
  const shown = differences.slice(0, most)
  return html`<ul class="differences">${shown.map(
    ({ kind, pieces }) =>
      html`<li class="${kind}"><span class="sign" aria-hidden="true">${kind === 'added' ? '+' : kind === 'removed' ? '−' : '±'}</span><span>${pieces.map(
        ({ text, side }) =>
          side === 'both' ? text : side === 'after' ? html`<ins>${text}</ins>` : html`<del>${text}</del>`,
      )}</span></li>`,
  )}</ul>${differences.length > most ? html`<p class="hint">${visit.t('profile.check.more', { count: differences.length - most })}</p>` : null}`
}

export function historyPage(visit: Visit, revisions: readonly Listed[], names: ReadonlyMap<string, string>): Html {
  const { t } = visit
  const main = html`<div class="page-head"><div><p class="eyebrow"><a href="/profile">${t('profile.title')}</a></p><h1>${t('profile.history.title')}</h1></div></div>
  <section class="card">${historyList(visit, revisions, names, null)}</section>`
  return page(visit, { title: t('profile.history.title'), section: 'profile', main })
}

export function revisionPage(
  visit: Visit,
  view: {
    readonly revision: ProfileRevision
    readonly item: string | null
    readonly differences: readonly Difference[]
    readonly isFirst: boolean
    readonly names: ReadonlyMap<string, string>
  },
): Html {
  const { t } = visit
  const { revision, item, differences, isFirst, names } = view
  const title = t('profile.history.revision', { id: revision.id })
  const what = itemLabel(visit, revision.file as JudgingName, item)
  const main = html`<div class="page-head"><div><p class="eyebrow"><a href="/profile">${t('profile.title')}</a> · <a href="/profile/revisions">${t('profile.history.title')}</a></p><h1>${title}</h1>
    <p class="intro">${what} · ${t(`profile.revision.${revision.kind}`)} · ${whoOf(names, revision)}, ${time(revision.at)}</p>${revision.note ? html`<p class="note">${revision.note}</p>` : null}</div></div>
  <section class="card layers"><h2>${t('profile.history.compared')}</h2>${isFirst ? html`<p class="hint">${t('profile.history.first')}</p>` : differences.length === 0 ? html`<p class="hint">${t('profile.check.same')}</p>` : differenceList(visit, differences)}
  <form method="post" action="/profile/revisions/${revision.id}/restore">${csrfField(visit)}${item === null ? null : html`<input type="hidden" name="item" value="${item}">`}<button class="secondary">${t('profile.history.restore')}</button> <span class="hint">${t('profile.history.restoreHint')}</span></form></section>`
  return page(visit, { title, section: 'profile', main })
}
