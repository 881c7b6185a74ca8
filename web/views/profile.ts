import { fold } from '../../pipeline/fold.ts'
import type { JudgingName } from '../../profiles/overlay.ts'
import type { Place } from '../../profiles/schema.ts'
import type { ProfileDraft, ProfileRevision } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { FileState } from '../profile-desk.ts'
import type { Visit } from '../visit.ts'
import { csrfField, page } from './layout.ts'
import { listTable, notice, number, time } from './parts.ts'
import { termCount } from './profile-editor.ts'
import { entryHref } from './profile-fields.ts'
import { historyList, itemLabel, whoOf } from './profile-history.ts'

export interface OverviewView {
  readonly files: readonly FileState[]
  readonly drafts: readonly ProfileDraft[]
  readonly revisions: readonly Omit<ProfileRevision, 'text'>[]
  readonly names: ReadonlyMap<string, string>
  /** What is looked for among the places. */
  readonly q: string
  readonly notice: Html | null
}

const MOST_PLACES = 40

function inForce(visit: Visit, { files, names }: OverviewView): Html {
  const { t } = visit
  return html`<section class="card"><h2>${t('profile.inForce.title')}</h2><dl class="facts in-force">${files.map(
    ({ name, edited, last, shippedChanged }) =>
      html`<dt>${t(`profile.files.${name}`)}</dt><dd>${t(edited ? 'profile.inForce.edited' : 'profile.inForce.shipped')}${
        last && edited
          ? html` <span class="hint">${last.kind === 'outside' ? t('profile.inForce.outside') : t('profile.inForce.by', { who: whoOf(names, last), at: '' })}${time(last.at)}</span>`
          : null
      }${
        edited
          ? html`${shippedChanged ? html`<p>${t('profile.inForce.shippedChanged', { file: t(`profile.files.${name}`) })}</p>` : null}<form class="inline" method="post" action="/profile/${name}/shipped">${csrfField(visit)}<button class="quiet-link">${t('profile.inForce.compare')}</button></form>`
          : null
      }</dd>`,
  )}</dl></section>`
}

const heading = (visit: Visit, name: JudgingName, count: string): Html =>
  html`<div class="card-head" id="${name}"><h2>${visit.t(`profile.files.${name}`)} <span class="hint">${count}</span></h2>${
    name === 'tone'
      ? null
      : html`<a class="button secondary" href="${entryHref(name, 'new')}">${visit.t(`profile.add.${name}`)}</a>`
  }</div>`

function topics(visit: Visit): Html {
  const { t, locale, profile } = visit
  const department = (id: string): string => profile.departments.find((one) => one.id === id)?.name ?? id
  const rows = profile.topics.map((topic) => [
    html`<a href="${entryHref('topics', topic.id)}">${topic.label[locale]}</a> <p class="hint">${topic.definition}</p>`,
    topic.owner.map(department).join(', '),
    number(termCount(topic.terms)),
    number(termCount(topic.weakTerms)),
    number(termCount(topic.negativeTerms)),
  ])
  const columns = [
    { label: t('profile.one.topics') },
    { label: t('profile.field.owner') },
    { label: t('profile.kind.terms'), numeric: true },
    { label: t('profile.kind.weakTerms'), numeric: true },
    { label: t('profile.kind.negativeTerms'), numeric: true },
  ]
  return html`<section>${heading(visit, 'topics', t('profile.count.topics', { count: profile.topics.length }))}${listTable(columns, rows)}</section>`
}

function matching(places: readonly Place[], q: string): readonly Place[] {
  const asked = fold(q).text.trim()
  if (asked === '') return []
  const names = ({ id, name, names: spelled }: Place): string[] => [id, name, ...Object.values(spelled).flat()]
  return places.filter((place) => names(place).some((name) => fold(name).text.includes(asked)))
}

function places(visit: Visit, q: string): Html {
  const { t, profile } = visit
  const found = matching(profile.places, q)
  const list = (some: readonly Place[]): Html =>
    html`<ul class="place-list">${some.map(
      ({ id, name, strength, homographs }) =>
        html`<li><a href="${entryHref('places', id)}">${name}</a> <span class="hint">${t(`profile.strength.${strength}`).split(':')[0]}${homographs ? html` · ${number(homographs.length)} ⚖` : null}</span></li>`,
    )}</ul>`
  const byKind = [...Map.groupBy(profile.places, ({ kind }) => kind)]
  return html`<section id="place-section">${heading(visit, 'places', t('profile.count.places', { count: profile.places.length }))}
  <div class="card layers">
  <form class="find-place" action="/profile#place-section" hx-get="/profile" hx-trigger="input delay:250ms, submit" hx-target="#places-found" hx-select="#places-found" hx-swap="outerHTML" hx-sync="this:replace"><div class="field"><label for="i-q">${t('profile.findPlace')}</label><input type="search" id="i-q" name="q" value="${q}" placeholder="${t('profile.findHint')}" autocomplete="off"></div><button class="secondary">${t('profile.find')}</button></form>
  <div id="places-found">${
    q.trim() === ''
      ? byKind.map(
          ([kind, some]) =>
            html`<details class="inner"><summary>${t(`profile.placeKind.${kind}`)} <span class="hint">${number(some.length)}</span></summary>${list(some)}</details>`,
        )
      : found.length === 0
        ? html`<p class="hint">${t('profile.noPlace', { q })}</p>`
        : html`${list(found.slice(0, MOST_PLACES))}${found.length > MOST_PLACES ? html`<p class="hint">${t('profile.manyPlaces', { count: found.length - MOST_PLACES })}</p>` : null}`
  }</div></div></section>`
}

function conditions(visit: Visit): Html {
  const { t, locale, profile } = visit
  const rows = profile.conditions.map((condition) => [
    html`<a href="${entryHref('sensitivity', condition.id)}">${condition.label[locale]}</a>`,
    t(`web.relevance.${condition.relevance}`),
    number(termCount(condition.event)),
    condition.gravity ? number(termCount(condition.gravity)) : '—',
  ])
  const columns = [
    { label: t('profile.one.sensitivity') },
    { label: t('profile.field.relevance') },
    { label: t('profile.kind.event'), numeric: true },
    { label: t('profile.kind.gravity'), numeric: true },
  ]
  const count = t('profile.count.conditions', { count: profile.conditions.length })
  return html`<section>${heading(visit, 'sensitivity', count)}${listTable(columns, rows)}</section>`
}

function tone(visit: Visit): Html {
  const { t, profile } = visit
  const { positive, negative, neutral } = profile.tone
  const lists = [
    ['positive', positive],
    ['negative', negative],
    ['neutral', neutral],
  ] as const
  return html`<section>${heading(visit, 'tone', '')}<div class="card"><p>${lists.map(([kind, terms]) => html`<span class="tag">${t(`profile.kind.${kind}`)}: ${t('profile.count.terms', { count: number(termCount(terms)) })}</span> `)}</p><p class="hint">${t('profile.kindHint.tone')}</p><p><a class="button secondary" href="${entryHref('tone', 'all')}">${t('profile.editTone')}</a></p></div></section>`
}

/** Drafts that somebody began and neither saved nor discarded. */
function drafts(visit: Visit, { drafts: open, names }: OverviewView): Html | null {
  if (open.length === 0) return null
  const { t } = visit
  return html`<section class="card"><h2>${t('profile.drafts.title')}</h2><ul class="plain">${open.map(
    (draft) =>
      html`<li><a href="/profile/drafts/${draft.id}">${itemLabel(visit, draft.file as JudgingName, draft.item)}</a> <span class="hint">${whoOf(names, draft)}, ${time(draft.at)}</span></li>`,
  )}</ul></section>`
}

export function profilePage(visit: Visit, view: OverviewView): Html {
  const { t } = visit
  const main = html`<div class="page-head"><div><h1>${t('profile.title')}</h1><p class="intro">${t('profile.intro')}</p></div></div>
  ${view.notice}
  <div class="editor-columns overview"><div class="editor-main">${topics(visit)}${places(visit, view.q)}${conditions(visit)}${tone(visit)}</div>
  <aside class="editor-side">${inForce(visit, view)}${drafts(visit, view)}
  <section class="card"><h2>${t('profile.history.title')}</h2>${historyList(visit, view.revisions, view.names, null)}${view.revisions.length > 0 ? html`<p class="more"><a href="/profile/revisions">${t('profile.history.all')}</a></p>` : null}</section></aside></div>`
  return page(visit, { title: t('profile.title'), section: 'profile', main, width: 'wide' })
}

export const conflictNotice = (visit: Visit, what: string): Html =>
  notice('problem', html`<b>${visit.t('profile.conflict.title')}</b><p>${what}</p>`)
