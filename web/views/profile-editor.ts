import type { JudgingName } from '../../profiles/overlay.ts'
import type { Term } from '../../profiles/schema.ts'
import type { ProfileRevision } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { flag, html } from '../html.ts'
import { languageLabel } from '../labels.ts'
import { conditionText, kindLabel } from '../profile-differences.ts'
import { type Entry, TERM_KINDS, type TermRow } from '../profile-form.ts'
import type { Visit } from '../visit.ts'
import { csrfField, options, page } from './layout.ts'
import { notice } from './parts.ts'
import { entryHref, field, languageOptions, textArea, textInput } from './profile-fields.ts'
import { historyList } from './profile-history.ts'
import { type PanelView, panel, testCard } from './profile-panel.ts'
import { placeFields, placeRules } from './profile-place.ts'

export interface EditorView {
  readonly name: JudgingName
  /** `new` for one that does not exist yet. */
  readonly id: string
  readonly entry: Entry
  readonly rows: readonly TermRow[]
  /** Digest of the entry in force when the form was made: what tells that somebody saved meanwhile. */
  readonly was: string
  readonly title: string
  readonly sample: string
  /** The panel beside the form, as the last check has it. */
  readonly panel: PanelView
  readonly notice: Html | null
  readonly revisions: readonly Omit<ProfileRevision, 'text'>[]
  readonly names: ReadonlyMap<string, string>
}

function topicFields(visit: Visit, entry: Entry): Html {
  const { t, profile } = visit
  return html`${labels(visit, entry)}
  ${field('definition', t('profile.field.definition'), textArea('definition', entry.definition, 3), t('profile.field.definitionHint'))}
  ${choices(
    'owner',
    t('profile.field.owner'),
    profile.departments.map(({ id, name }) => ({ value: id, label: name })),
    entry.owner,
  )}
  <details class="inner"${flag('open', Array.isArray(entry.copyTo))}><summary>${t('profile.field.copyTo')}</summary>${choices(
    'copyTo',
    t('profile.field.copyTo'),
    profile.departments.map(({ id, name }) => ({ value: id, label: name })),
    entry.copyTo,
  )}</details>
  <div class="narrow-field">${field('threshold', t('profile.field.threshold'), textInput('threshold', numeric(entry.threshold), html` inputmode="decimal"`), t('profile.field.thresholdHint'))}</div>`
}

const numeric = (value: unknown): string => (value === undefined ? '' : String(value).replace('.', ','))

function labels({ t }: Visit, entry: Entry): Html {
  const label = (entry.label ?? {}) as { readonly vi?: string; readonly en?: string }
  return html`<div class="pair">${field('label.vi', `${t('profile.field.label')} (tiếng Việt)`, textInput('label.vi', label.vi))}${field('label.en', `${t('profile.field.label')} (English)`, textInput('label.en', label.en))}</div>`
}

function choices(
  name: string,
  legend: string,
  all: readonly { readonly value: string; readonly label: string }[],
  chosen: unknown,
): Html {
  const held = new Set(Array.isArray(chosen) ? chosen.map(String) : [])
  return html`<fieldset class="picks columns" id="f-${name}"><legend>${legend}</legend>${all.map(
    ({ value, label }) =>
      html`<span class="choice"><input type="checkbox" id="i-${name}-${value}" name="${name}" value="${value}"${flag('checked', held.has(value))}><label for="i-${name}-${value}">${label}</label></span>`,
  )}</fieldset>`
}

function conditionFields(visit: Visit, entry: Entry): Html {
  const { t, profile, locale } = visit
  const levels = (['main', 'mention'] as const).map((value) => ({ value, label: t(`web.relevance.${value}`) }))
  const tick = (name: 'besidePlace' | 'decides'): Html =>
    html`<p class="field" id="f-${name}"><span class="choice"><input type="checkbox" id="i-${name}" name="${name}" value="1"${flag('checked', entry[name] === true)}><label for="i-${name}">${t(`profile.field.${name}`)}</label></span><span class="hint">${t(`profile.field.${name}Hint`)}</span></p>`
  return html`${labels(visit, entry)}
  <div class="pair">${field('relevance', t('profile.field.relevance'), html`<select id="i-relevance" name="relevance">${options(levels, String(entry.relevance))}</select>`)}</div>
  ${tick('besidePlace')}
  ${tick('decides')}
  <details class="inner"${flag('open', Array.isArray(entry.topics))}><summary>${t('profile.field.topics')}</summary><p class="hint">${t('profile.field.topicsHint')}</p>${choices(
    'topics',
    t('profile.field.topics'),
    profile.topics.map(({ id, label }) => ({ value: id, label: label[locale] })),
    entry.topics,
  )}</details>
  ${entry.weight === undefined ? null : field('weight', t('profile.field.weight'), textInput('weight', numeric(entry.weight)))}`
}

// ---------------------------------------------------------------- terms

function termRow(visit: Visit, name: JudgingName, row: TermRow, n: number): Html {
  const { t } = visit
  const kinds = TERM_KINDS[name].map((value) => ({ value, label: kindLabel(visit, value) }))
  const conditions = conditionText(visit, row)
  const small = (key: 'with' | 'without' | 'within', wide: boolean): Html =>
    html`<div class="field${wide ? '' : ' short'}"><label for="r${n}-${key}">${t(`profile.terms.${key}`)}</label><input type="text" id="r${n}-${key}" name="r${n}.${key}" value="${row[key]}"${wide ? null : html` inputmode="numeric"`} autocomplete="off"></div>`
  return html`<tr id="r${n}">
    <td class="term"><input type="hidden" name="r${n}.language" value="${row.language}"><input type="text" name="r${n}.term" value="${row.term}" lang="${row.language}" aria-label="${t('profile.terms.term')}" autocomplete="off"></td>
    <td class="stem"><input type="checkbox" id="r${n}-stem" name="r${n}.stem" value="1"${flag('checked', row.stem)}><label for="r${n}-stem" title="${t('profile.terms.stemHint')}">${t('profile.terms.stem')}</label></td>
    <td class="kind"><select name="r${n}.kind" aria-label="${t('profile.terms.kind')}">${options(kinds, row.kind)}</select></td>
    <td class="weight"><input type="text" name="r${n}.weight" value="${row.weight}" inputmode="decimal" aria-label="${t('profile.terms.weightHead')}" placeholder="${row.kind === 'weakTerms' ? '0,4' : '1'}" autocomplete="off"></td>
    <td class="conditions"><details${flag('open', false)}><summary>${conditions === '' ? html`<span class="hint">${t('profile.terms.none')}</span>` : conditions}</summary><div class="condition-fields">${small('with', true)}${small('without', true)}${small('within', false)}</div></details></td>
    <td class="drop"><input type="checkbox" id="r${n}-drop" name="r${n}.drop" value="1" aria-label="${t('profile.terms.dropOf', { term: row.term })}"><label for="r${n}-drop">${t('profile.terms.drop')}</label></td>
  </tr>`
}

function termsTable(visit: Visit, { name, rows }: EditorView): Html | null {
  const { t, locale } = visit
  if (TERM_KINDS[name].length === 0) return null
  const numbered = rows.map((row, n) => ({ row, n }))
  const languages = [...Map.groupBy(numbered, ({ row }) => row.language)]
  const kinds = TERM_KINDS[name].map((value) => ({ value, label: kindLabel(visit, value) }))
  return html`<section class="terms" id="f-terms"><h2>${t('profile.terms.title')}</h2><p class="hint">${t(`profile.kindHint.${name}`)} ${t('profile.terms.listHint')}</p>
  <fieldset class="add-terms"><legend>${t('profile.terms.add')}</legend>
    <div class="add-fields"><label class="visually-hidden" for="i-add">${t('profile.terms.add')}</label><textarea id="i-add" name="add" rows="2" placeholder="${t('profile.terms.addHint')}"></textarea>
    <div class="field"><label for="i-addLanguage">${t('profile.terms.language')}</label><select id="i-addLanguage" name="addLanguage">${languageOptions(visit, 'vi')}</select></div>
    <div class="field"><label for="i-addKind">${t('profile.terms.kind')}</label><select id="i-addKind" name="addKind">${options(kinds, '')}</select></div>
    <button class="secondary" name="go" value="table">${t('profile.terms.addGo')}</button></div></fieldset>
  ${languages.map(
    ([language, group], at) =>
      html`<details class="language-terms"${flag('open', at === 0)}><summary>${languageLabel(locale, language)} <span class="hint">${t('profile.count.terms', { count: group.length })}</span></summary>
      <table class="term-table"><thead><tr><th scope="col">${t('profile.terms.term')}</th><th scope="col"></th><th scope="col">${t('profile.terms.kind')}</th><th scope="col">${t('profile.terms.weightHead')}</th><th scope="col">${t('profile.terms.conditions')}</th><th scope="col"></th></tr></thead>
      <tbody>${group.map(({ row, n }) => termRow(visit, name, row, n))}</tbody></table></details>`,
  )}</section>`
}

/** Number of a term in any language, for lists. */
export const termCount = (lists: Readonly<Record<string, readonly Term[]>> | undefined): number =>
  Object.values(lists ?? {}).reduce((sum, terms) => sum + terms.length, 0)

// ---------------------------------------------------------------- the page

export function editorPage(visit: Visit, view: EditorView): Html {
  const { t } = visit
  const { name, id, entry, title } = view
  const isNew = id === 'new'
  const action = entryHref(name, id)
  const fields =
    name === 'topics'
      ? topicFields(visit, entry)
      : name === 'sensitivity'
        ? conditionFields(visit, entry)
        : name === 'places'
          ? placeFields(visit, entry)
          : null
  const main = html`<div class="page-head"><div><p class="eyebrow"><a href="/profile">${t('profile.title')}</a> · ${t(`profile.one.${name}`)}</p><h1>${title}</h1></div><p class="narrow-only"><a href="#panel">${t('profile.check.title')} · ${t('profile.check.try')} <span aria-hidden="true">↓</span></a></p></div>
  ${view.notice}
  <form class="editor" method="post" action="${action}/draft" hx-post="${action}/check" hx-trigger="change delay:150ms, input delay:700ms" hx-target="#panel" hx-swap="innerHTML" hx-sync="this:replace">
    ${csrfField(visit)}<input type="hidden" name="was" value="${view.was}">
    <div class="editor-columns">
    <div class="editor-main">
      ${
        fields === null
          ? null
          : html`<section class="card layers">${isNew ? field('id', t('profile.field.id'), textInput('id', entry.id), t('profile.field.idHint')) : null}${fields}</section>`
      }
      ${name === 'places' ? placeRules(visit, entry) : null}
      ${termsTable(visit, view)}
    </div>
    <aside class="editor-side">
      <div class="sticky">
      <section class="card"><div id="panel" aria-live="polite">${panel(visit, view.panel)}</div>
        <p class="go"><button>${t('profile.check.try')}</button></p><p class="hint">${t('profile.check.tryHint')}</p></section>
      <section class="card test" id="test"><h2>${t('profile.test.title')}</h2><p class="hint">${t('profile.test.hint')}</p>
        <label class="visually-hidden" for="i-sample">${t('profile.test.label')}</label><textarea id="i-sample" name="sample" rows="4">${view.sample}</textarea>${testCard(visit, view.panel, false)}</section>
      </div>
    </aside>
    </div>
  </form>
  ${
    isNew || name === 'tone'
      ? null
      : html`<form class="remove" method="post" action="${action}/remove">${csrfField(visit)}<button class="secondary">${t('profile.check.remove')}</button> <span class="hint">${t('profile.check.removeHint')}</span></form>`
  }
  ${isNew ? null : html`<section class="card"><h2>${t('profile.history.ofEntry')}</h2>${historyList(visit, view.revisions, view.names, id === 'all' ? null : id)}</section>`}`
  return page(visit, { title, section: 'profile', main, width: 'wide' })
}

export const savedNotice = (visit: Visit, done: string | undefined): Html | null =>
  done === 'saved' || done === 'discarded' ? notice('done', visit.t(`profile.done.${done}`)) : null
