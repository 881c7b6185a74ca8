import type { SearchHit, SearchResult } from '../../index/search-index.ts'
import { formatDay } from '../../locales/format.ts'
import { OUTLET_CLASSES } from '../../profiles/outlet-schema.ts'
import type { ArticleFate } from '../../store/store.ts'
import { startOfDay } from '../days.ts'
import type { Fragment, Html } from '../html.ts'
import { flag, html } from '../html.ts'
import { filterPlaces, languageLabel, outletName, placeLabel, topicLabel } from '../labels.ts'
import type { ConditionName, SearchState } from '../search-state.ts'
import { LAST_PAGE, PAGE_SIZE, RELEVANCES, SORTS, searchHref, withChange, without } from '../search-state.ts'
import type { Visit } from '../visit.ts'
import { options, page } from './layout.ts'
import {
  classLabel,
  empty,
  highlighted,
  notice,
  number,
  originLabel,
  outletLine,
  relevanceMark,
  sensitiveMark,
  time,
  toneMark,
  topicChip,
  toStory,
} from './parts.ts'
import { fateMarks } from './versions.ts'

type FacetName = keyof SearchResult['facets']

/** Name of a condition's value as people read it; null: the condition does not hold. */
function conditionText(visit: Visit, state: SearchState, name: ConditionName): string | null {
  const { t, locale, profile } = visit
  switch (name) {
    case 'origin':
      return state.origin && originLabel(visit, state.origin)
    case 'class':
      return state.class && classLabel(visit, state.class)
    case 'topic':
      return state.topic && topicLabel(profile, locale, state.topic)
    case 'outlet':
      return state.outlet && outletName(profile, state.outlet)
    case 'language':
      return state.language && languageLabel(locale, state.language)
    case 'tone':
      return state.tone && t(`web.tone.${state.tone}`)
    case 'relevance':
      return state.relevance === 'all' ? null : t(`web.search.relevance.${state.relevance}`)
    case 'sensitive':
      return state.sensitive ? t('web.sensitive.yes') : null
    case 'place':
      return state.place && placeLabel(profile, visit.locale, state.place)
    case 'from':
      return state.from && t('web.search.since', { day: formatDay(startOfDay(state.from)) })
    case 'to':
      return state.to && t('web.search.until', { day: formatDay(startOfDay(state.to)) })
  }
}

const CONDITIONS: readonly ConditionName[] = [
  'relevance',
  'sensitive',
  'origin',
  'class',
  'topic',
  'outlet',
  'language',
  'tone',
  'place',
  'from',
  'to',
]

/** The conditions that hold, each with the link that takes it away. */
function conditions(visit: Visit, state: SearchState): Html | null {
  const held = CONDITIONS.flatMap((name) => {
    const text = conditionText(visit, state, name)
    return text === null ? [] : [{ name, text }]
  })
  if (held.length === 0) return null
  return html`<ul class="conditions" aria-label="${visit.t('web.search.conditions')}">${held.map(
    ({ name, text }) =>
      html`<li><a href="${searchHref(without(state, name))}" aria-label="${visit.t('web.search.remove', { condition: text })}">${text}<span aria-hidden="true">×</span></a></li>`,
  )}</ul>`
}

function facet(
  visit: Visit,
  state: SearchState,
  result: SearchResult,
  name: FacetName,
  label: (value: string) => string,
): Html | null {
  const parameter = name === 'outletId' ? 'outlet' : name
  const chosen = state[parameter]
  const values = Object.entries(result.facets[name]).sort(([, a], [, b]) => b - a)
  if (values.length === 0) return null
  const row = ([value, count]: [string, number]): Html => {
    const active = chosen === value
    const href = searchHref(active ? without(state, parameter) : withChange(state, { [parameter]: value }))
    return html`<li><a href="${href}"${active ? html` aria-current="true"` : null}><span>${label(value)}</span> <span class="count">${number(count)}</span></a></li>`
  }
  const rest = values.slice(8)
  return html`<section class="facet"><h2>${visit.t(`web.search.facet.${parameter}`)}</h2>
    <ul>${values.slice(0, 8).map(row)}</ul>
    ${rest.length > 0 ? html`<details><summary>${visit.t('web.search.more', { count: rest.length })}</summary><ul>${rest.map(row)}</ul></details>` : null}
  </section>`
}

function placeOptions(visit: Visit, chosen: string | null): Html {
  const areas = visit.profile.areas ?? []
  const areaOptions = areas.map(({ id, label }) => ({ value: id, label: label[visit.locale] }))
  return html`${areas.length > 0 ? html`<optgroup label="${visit.t('web.search.areas')}">${options(areaOptions, chosen ?? '')}</optgroup>` : null}${filterPlaces(
    visit.profile,
  ).map(
    ({ kind, places }) =>
      html`<optgroup label="${visit.t(`web.placeKind.${kind}`)}">${options(
        places.map(({ id, name }) => ({ value: id, label: name })),
        chosen ?? '',
      )}</optgroup>`,
  )}`
}

function filters(visit: Visit, state: SearchState): Html {
  const { t } = visit
  const any = { value: '', label: t('web.search.any') }
  const field = (id: string, label: string, control: Fragment): Html =>
    html`<div class="field"><label for="${id}">${label}</label>${control}</div>`
  return html`<div class="filters">
    ${field(
      'f-relevance',
      t('web.search.field.relevance'),
      html`<select id="f-relevance" name="relevance">${options(
        RELEVANCES.map((value) => ({ value, label: t(`web.search.relevance.${value}`) })),
        state.relevance,
      )}</select>`,
    )}
    ${field(
      'f-class',
      t('web.search.field.class'),
      html`<select id="f-class" name="class">${options(
        [any, ...OUTLET_CLASSES.map((value) => ({ value, label: classLabel(visit, value) }))],
        state.class ?? '',
      )}</select>`,
    )}
    ${field('f-place', t('web.search.field.place'), html`<select id="f-place" name="place"><option value="">${any.label}</option>${placeOptions(visit, state.place)}</select>`)}
    <div class="two">
    ${field('f-from', t('web.search.field.from'), html`<input id="f-from" type="date" name="from" value="${state.from ?? ''}">`)}
    ${field('f-to', t('web.search.field.to'), html`<input id="f-to" type="date" name="to" value="${state.to ?? ''}">`)}
    </div>
    <div class="check"><input id="f-sensitive" type="checkbox" name="sensitive" value="1"${flag('checked', state.sensitive)}><label for="f-sensitive">${t('web.search.field.sensitive')}</label></div>
    <button class="secondary">${t('web.search.apply')}</button>
  </div>`
}

/** Conditions that the form has no control for: the facets'. */
const carried = (state: SearchState): Html =>
  html`${(['origin', 'topic', 'outlet', 'language', 'tone'] as const).map((name) =>
    state[name] === null ? null : html`<input type="hidden" name="${name}" value="${state[name]}">`,
  )}`

function hitView(visit: Visit, { id, title, passage, document }: SearchHit, { fates, given }: SearchView): Html {
  return html`<li class="hit${document.sensitive ? ' is-sensitive' : ''}"><article>
    <p class="meta">${outletLine(visit, document.outletId, document.language)} <span class="dot">·</span> ${time(document.published)} ${fateMarks(visit, fates.get(id))}</p>
    <h2 lang="${document.language}"><a href="/articles/${id}">${highlighted(title)}</a></h2>
    <p class="passage" lang="${document.language}">${highlighted(passage)}</p>
    <p class="marks">${document.sensitive ? sensitiveMark(visit) : null} ${toneMark(visit, document.tone)} ${
      document.relevance === 'main' ? null : relevanceMark(visit, document.relevance)
    } ${document.topics.map((topic) => topicChip(visit, topic))} ${
      document.storyId ? toStory(visit, document.storyId, given.get(document.storyId) ?? null) : null
    }</p>
  </article></li>`
}

function pager(visit: Visit, state: SearchState, total: number): Html | null {
  const last = Math.min(LAST_PAGE, Math.ceil(total / PAGE_SIZE))
  if (last <= 1) return null
  const link = (to: number, label: string, rel: 'prev' | 'next'): Html | null =>
    to < 1 || to > last ? null : html`<a rel="${rel}" href="${searchHref({ ...state, page: to })}">${label}</a>`
  return html`<nav class="pager" aria-label="${visit.t('web.search.pages')}">
    ${link(state.page - 1, visit.t('web.search.previous'), 'prev')}
    <span>${visit.t('web.search.page', { page: state.page, last })}</span>
    ${link(state.page + 1, visit.t('web.search.next'), 'next')}
  </nav>`
}

function nothing(visit: Visit, state: SearchState): Html {
  const { t } = visit
  const { from, to } = state
  const swapped = from !== null && to !== null && from > to ? withChange(state, { from: to, to: from }) : null
  const wider = CONDITIONS.filter((name) => conditionText(visit, state, name) !== null)
  return html`<div class="empty"><p class="empty-title">${state.q ? t('web.search.none', { q: state.q }) : t('web.search.noneAtAll')}</p>
    <ul>
      ${swapped === null ? null : html`<li>${t('web.search.reversed')} <a class="chip" href="${searchHref(swapped)}">${t('web.search.swap')}</a></li>`}
      ${wider.length > 0 ? html`<li>${t('web.search.tryWider')} ${wider.map((name) => html`<a class="chip" href="${searchHref(without(state, name))}">${t('web.search.without', { condition: conditionText(visit, state, name) ?? '' })}</a> `)}</li>` : null}
      <li>${t('web.search.tryWords')}</li>
      <li>${t('web.search.tryLanguages')}</li>
    </ul></div>`
}

export interface SearchView {
  readonly state: SearchState
  readonly ignored: readonly string[]
  readonly result: SearchResult
  /** Of the articles found that were edited or taken down. */
  readonly fates: ReadonlyMap<string, ArticleFate>
  /** Titles that people gave, by story. */
  readonly given: ReadonlyMap<string, string>
}

export function searchPage(visit: Visit, view: SearchView): Html {
  const { state, ignored, result } = view
  const { t, locale, profile } = visit
  const sorting = html`<div class="field inline"><label for="f-sort">${t('web.search.field.sort')}</label><select id="f-sort" name="sort" form="search">${options(
    SORTS.map((value) => ({ value, label: t(`web.search.sort.${value}`) })),
    state.sort,
  )}</select></div>`
  const main = html`<div id="search-page">
  <h1 class="visually-hidden">${t('web.nav.search')}</h1>
  <form id="search" class="search" action="/search" role="search" hx-get="/search" hx-trigger="submit, change target:[name] delay:80ms" hx-target="#search-page" hx-select="#search-page" hx-swap="outerMorph" hx-sync="this:replace">
    <div class="search-line"><label class="visually-hidden" for="q">${t('web.search.label')}</label>
    <input id="q" type="search" name="q" value="${state.q}" placeholder="${t('web.search.placeholder')}" autocomplete="off">
    <button>${t('web.search.go')}</button></div>
    <p class="hint">${t('web.search.hint')}</p>
    ${carried(state)}
  <div class="search-columns">
    <input id="show-filters" class="toggle" type="checkbox"><label class="toggle-label" for="show-filters">${t('web.search.filters')}</label>
    <div class="search-side">
      ${filters(visit, state)}
      ${facet(visit, state, result, 'origin', (value) => (value === 'domestic' || value === 'foreign' ? originLabel(visit, value) : value))}
      ${facet(visit, state, result, 'topic', (value) => topicLabel(profile, locale, value))}
      ${facet(visit, state, result, 'tone', (value) => (value === 'positive' || value === 'neutral' || value === 'negative' ? t(`web.tone.${value}`) : value))}
      ${facet(visit, state, result, 'language', (value) => languageLabel(locale, value))}
      ${facet(visit, state, result, 'outletId', (value) => outletName(profile, value))}
    </div>
    <section class="results" aria-live="polite" aria-label="${t('web.search.results')}">
      ${ignored.length > 0 ? notice('problem', t('web.search.ignored', { what: ignored.join(', ') })) : null}
      <div class="results-head"><p class="total">${t('web.search.total', { total: number(result.total) })}</p>${sorting}</div>
      ${conditions(visit, state)}
      ${result.hits.length > 0 ? html`<ol class="hits" start="${(state.page - 1) * PAGE_SIZE + 1}">${result.hits.map((hit) => hitView(visit, hit, view))}</ol>` : result.total > 0 ? empty(t('web.search.beyond'), html`<a href="${searchHref({ ...state, page: 1 })}">${t('web.search.firstPage')}</a>`) : nothing(visit, state)}
      ${pager(visit, state, result.total)}
    </section>
  </div></form></div>`
  return page(visit, { title: state.q || t('web.nav.search'), section: 'search', main, width: 'wide', ownSearch: true })
}
