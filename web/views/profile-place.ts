import { type HomographRule, PLACE_KINDS } from '../../profiles/schema.ts'
import type { Html } from '../html.ts'
import { flag, html } from '../html.ts'
import { languageLabel } from '../labels.ts'
import { type Entry, RULE_LISTS, STRENGTHS } from '../profile-form.ts'
import type { Visit } from '../visit.ts'
import { options } from './layout.ts'
import { field, languageOptions, textArea, textInput } from './profile-fields.ts'

/** What a place is, its spellings, and the rules that tell it from others of its name. */
export function placeFields(visit: Visit, entry: Entry): Html {
  const { t, profile, locale } = visit
  const none = { value: '', label: t('profile.field.none') }
  const kinds = PLACE_KINDS.map((value) => ({ value, label: t(`profile.placeKind.${value}`) }))
  const areas = [none, ...(profile.areas ?? []).map(({ id, label }) => ({ value: id, label: label[locale] }))]
  const districts = profile.places
    .filter(({ kind }) => kind === 'former-district')
    .map(({ id, name }) => ({ value: id, label: name }))
  return html`<div class="pair">${field('name', t('profile.field.name'), textInput('name', entry.name))}
  ${field('kind', t('profile.field.kind'), html`<select id="i-kind" name="kind">${options(kinds, String(entry.kind))}</select>`)}</div>
  <fieldset class="picks" id="f-strength"><legend>${t('profile.field.strength')}</legend>${STRENGTHS.map(
    (value) =>
      html`<span class="choice"><input type="radio" id="i-strength-${value}" name="strength" value="${value}"${flag('checked', entry.strength === value)}><label for="i-strength-${value}">${t(`profile.strength.${value}`)}</label></span>`,
  )}</fieldset>
  <div class="pair">${field('area', t('profile.field.area'), html`<select id="i-area" name="area">${options(areas, String(entry.area ?? ''))}</select>`)}
  ${field('district', t('profile.field.district'), html`<select id="i-district" name="district">${options([none, ...districts], String(entry.district ?? ''))}</select>`)}</div>
  <div class="pair">${field('communes', t('profile.field.communes'), textArea('communes', ((entry.communes ?? []) as readonly string[]).join(' '), 2), t('profile.field.communesHint'))}
  ${field('code', t('profile.field.code'), textInput('code', entry.code))}</div>
  ${field('note', t('profile.field.note'), textArea('note', entry.note, 2))}
  ${spellings(visit, entry)}`
}

function spellings(visit: Visit, entry: Entry): Html {
  const { t, locale } = visit
  const names = (entry.names ?? {}) as Readonly<Record<string, readonly string[]>>
  const shown = Object.keys(names).length === 0 ? { vi: [] } : names
  return html`<fieldset class="spellings" id="f-names"><legend>${t('profile.field.names')}</legend><p class="hint">${t('profile.names.hint')}</p><div class="spelling-grid">${Object.entries(
    shown,
  ).map(
    ([language, spelled]) =>
      html`<div class="field" id="f-names.${language}"><label for="i-names.${language}">${languageLabel(locale, language)}</label><textarea id="i-names.${language}" name="names.${language}" rows="${Math.min(8, Math.max(2, spelled.length))}" lang="${language}">${spelled.join('\n')}</textarea></div>`,
  )}</div>
  <details class="inner"><summary>${t('profile.names.add')}</summary><div class="pair"><div class="field"><label for="i-addLanguage">${t('profile.terms.language')}</label><select id="i-addLanguage" name="addLanguage">${languageOptions(visit, 'en')}</select></div>
  <div class="field"><label for="i-addNames">${t('profile.field.names')}</label><textarea id="i-addNames" name="addNames" rows="2"></textarea></div></div></details></fieldset>`
}

function ruleCard(visit: Visit, rule: HomographRule | null, n: number): Html {
  const { t } = visit
  const body = html`<div class="rule-fields">${RULE_LISTS.map((key) => {
    const words = (rule?.[key] ?? []).join('; ')
    return html`<div class="field"><label for="h${n}-${key}">${t(`profile.rule.${key}`)}</label><textarea id="h${n}-${key}" name="h${n}.${key}" rows="${Math.min(5, 1 + Math.floor(words.length / 70))}"${key === 'names' ? html` placeholder="${t('profile.rule.namesHint')}"` : null}>${words}</textarea></div>`
  })}
  <div class="field"><label for="h${n}-within">${t('profile.rule.within')}</label><input type="text" id="h${n}-within" name="h${n}.within" value="${rule?.within ?? ''}" inputmode="numeric" placeholder="${t('profile.rule.withinHint')}" autocomplete="off"></div>
  <div class="field"><label for="h${n}-note">${t('profile.field.note')}</label><textarea id="h${n}-note" name="h${n}.note" rows="1">${rule?.note ?? ''}</textarea></div>
  <p><span class="choice"><input type="checkbox" id="h${n}-abroad" name="h${n}.abroad" value="1"${flag('checked', rule?.abroad === true)}><label for="h${n}-abroad">${t('profile.rule.abroad')}</label></span>
  ${rule === null ? null : html`<span class="choice"><input type="checkbox" id="h${n}-drop" name="h${n}.drop" value="1"><label for="h${n}-drop">${t('profile.rule.drop')}</label></span>`}</p></div>`
  const short = [rule?.note, (rule?.names ?? []).join('; ')].filter((part) => part).join(' · ')
  return html`<details class="rule-card" id="h${n}"${flag('open', false)}><summary>${rule === null ? t('profile.rule.fresh') : t('profile.rule.number', { n: n + 1 })}${short === '' ? null : html` <span class="hint">${short}</span>`}</summary>${body}</details>`
}

export function placeRules(visit: Visit, entry: Entry): Html {
  const { t } = visit
  const rules = (entry.homographs ?? []) as readonly HomographRule[]
  return html`<section class="card layers" id="f-homographs"><h2>${t('profile.rule.title')}</h2><p class="hint">${t('profile.rule.hint')}</p>${rules.map((rule, n) => ruleCard(visit, rule, n))}${ruleCard(visit, null, rules.length)}</section>`
}
