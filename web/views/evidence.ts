import type { ArticleField, Assessment, Evidence, Tone } from '../../model.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { placeLabel, topicLabel } from '../labels.ts'
import type { Visit } from '../visit.ts'
import { ruleText } from './rules.ts'

export const EVIDENCE_KINDS = ['relevance', 'place', 'topic', 'tone', 'sensitive'] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** `topic:transport` → `topic`; null for a kind that this page does not know. */
export function kindOf(cause: string): EvidenceKind | null {
  const kind = cause.split(':', 1)[0]
  return EVIDENCE_KINDS.find((known) => known === kind) ?? null
}

/** `Chủ đề: Giao thông`. */
export function causeLabel(visit: Visit, cause: string): string {
  const kind = kindOf(cause)
  const id = cause.slice(cause.indexOf(':') + 1)
  if (kind === 'topic') return visit.t('web.evidence.topic', { topic: topicLabel(visit.profile, visit.locale, id) })
  if (kind === 'place') return visit.t('web.evidence.place', { place: placeLabel(visit.profile, visit.locale, id) })
  return kind === null ? cause : visit.t(`web.evidence.${kind}`)
}

/** A stretch that a summary quotes: marked beside the evidence, but no evidence itself. */
export const QUOTE = 'quote'

export const rowId = (cause: string): string => `why-${cause.replace(/[^a-zA-Z0-9_-]/g, '-')}`

/** `+1,2`: what the words added to the score, or took from it. */
export function weightText(weight: number): string {
  const size = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 2 }).format(Math.abs(weight))
  return `${weight < 0 ? '−' : '+'}${size}`
}

/** Characters of a quoted word shown in the table; model evidence quotes whole sentences. */
const LONGEST = 90

export interface Numbered extends Evidence {
  /** Position in the assessment: names the mark, so that the table can lead to it. */
  readonly at: number
}

/** The evidence with the places the article names, so that the text shows them, too; those weigh nothing by themselves. */
export function numbered({ evidence, relevance }: Pick<Assessment, 'evidence' | 'relevance'>): readonly Numbered[] {
  const known = new Set(evidence.map(({ for: cause, field, from }) => `${cause} ${field} ${from}`))
  const places = relevance.places
    .map(({ id, ...where }) => ({ for: `place:${id}`, ...where, weight: 0 }))
    .filter(({ for: cause, field, from }) => !known.has(`${cause} ${field} ${from}`))
  return [...evidence, ...places].map((item, at) => ({ ...item, at }))
}

/** A model weighs every word against all others, and only its heaviest are kept: their weights add up to no score. */
const isLearned = ({ rule }: Numbered): boolean => rule?.startsWith('model') === true

/** What the words of definitions added together. */
const scoreOf = (items: readonly Numbered[]): number =>
  items.reduce((sum, item) => sum + (isLearned(item) ? 0 : item.weight), 0)

/** What a stretch caused: each judgement once, with what all its pieces here added together. */
function whyText(visit: Visit, over: readonly Numbered[]): string {
  return [...Map.groupBy(over, (item) => item.for)]
    .map(([cause, items]) => {
      const weight = scoreOf(items)
      const rules = [...new Set(items.flatMap(({ rule }) => (rule ? [ruleText(visit, rule)] : [])))]
      const details = [...(weight === 0 ? [] : [weightText(weight)]), ...rules]
      return details.length > 0 ? `${causeLabel(visit, cause)} (${details.join(', ')})` : causeLabel(visit, cause)
    })
    .join(' · ')
}

/** One stretch of text over which the same pieces of evidence lie. */
function stretch(visit: Visit, text: string, over: readonly Numbered[], begins: readonly Numbered[]): Html {
  if (over.some((item) => item.for === QUOTE)) {
    const without = (items: readonly Numbered[]) => items.filter((item) => item.for !== QUOTE)
    const id = begins.some((item) => item.for === QUOTE) ? html` id="quote"` : null
    return html`<mark class="quoted"${id}>${stretch(visit, text, without(over), without(begins))}</mark>`
  }
  const [first] = over
  if (!first) return html`${text}`
  const kinds = [...new Set(over.flatMap((item) => kindOf(item.for) ?? []))]
  const why = whyText(visit, over)
  const anchors = begins.map((item) => html`<span id="e${item.at}" class="anchor"></span>`)
  return html`${anchors}<a class="ev ${kinds.map((kind) => `ev-${kind}`).join(' ')}" href="#${rowId(first.for)}" data-why="${why}">${text}</a>`
}

/**
 * The text of a field, each piece of evidence marked with what it caused. Pieces may overlap: the text is cut at every
 * border, so that each stretch knows all that lie over it. Offsets outside the text (of another version) are left out.
 */
export function marked(
  visit: Visit,
  text: string,
  field: ArticleField,
  evidence: readonly Numbered[],
  shift = 0,
): Html {
  const here = evidence
    .filter((item) => item.field === field && item.to > shift && item.from < shift + text.length && item.from < item.to)
    .map((item) => ({ item, from: Math.max(0, item.from - shift), to: Math.min(text.length, item.to - shift) }))
  const cuts = [...new Set([0, text.length, ...here.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b)
  const parts: Fragment[] = []
  cuts.slice(0, -1).forEach((from, at) => {
    const to = cuts[at + 1] ?? text.length
    const over = here.filter((piece) => piece.from <= from && piece.to >= to).map(({ item }) => item)
    const begins = here.filter((piece) => piece.from === from).map(({ item }) => item)
    parts.push(stretch(visit, text.slice(from, to), over, begins))
  })
  return html`${parts}`
}

/** Paragraphs of the body, marked; one that is the article's `lead` stands out as it. */
export function markedParagraphs(
  visit: Visit,
  text: string,
  evidence: readonly Numbered[],
  lead: string | null = null,
): Html {
  let shift = 0
  const paragraphs: Html[] = []
  for (const paragraph of text.split('\n')) {
    if (paragraph.trim() !== '') {
      const kind = paragraph === lead ? html` class="lead"` : null
      paragraphs.push(html`<p${kind}>${marked(visit, paragraph, 'text', evidence, shift)}</p>`)
    }
    shift += paragraph.length + 1
  }
  return html`${paragraphs}`
}

/** The switches above the text: one per kind of evidence that stands in it; style.css does the switching. */
export function legend(visit: Visit, evidence: readonly Evidence[]): Html | null {
  const present = EVIDENCE_KINDS.filter((kind) => evidence.some((item) => kindOf(item.for) === kind))
  if (present.length === 0) return null
  return html`<fieldset class="legend"><legend>${visit.t('web.evidence.legend')}</legend>${present.map(
    (kind) =>
      html`<span class="legend-item"><input type="checkbox" id="show-${kind}" checked><label for="show-${kind}"><span class="ev ev-${kind}">${visit.t(`web.evidence.kind.${kind}`)}</span></label></span>`,
  )}</fieldset>`
}

/** Where the rule behind a judgement is edited, with the article to try it on; null: no one rule stands behind it. */
function ruleHref(visit: Visit, cause: string, items: readonly Numbered[], articleId: string): string | null {
  const { topics, places, conditions } = visit.profile
  const id = cause.slice(cause.indexOf(':') + 1)
  const at = (path: string): string => `/profile/${path}?article=${encodeURIComponent(articleId)}#test`
  switch (kindOf(cause)) {
    case 'topic':
      return topics.some((topic) => topic.id === id) ? at(`topics/${encodeURIComponent(id)}`) : null
    case 'place':
      return places.some((place) => place.id === id) ? at(`places/${encodeURIComponent(id)}`) : null
    case 'tone':
      return at('tone/all')
    case 'sensitive': {
      const condition = conditions.find((one) => items.some(({ rule }) => rule === one.id))
      return condition ? at(`sensitivity/${encodeURIComponent(condition.id)}`) : null
    }
    default:
      return null
  }
}

/**
 * One row per judgement: the words that caused it, each leading to its place in the text.
 * Rows lead to the rules behind them, with the article to try those on; `tone` is the one that the machine found.
 */
export function evidenceTable(
  visit: Visit,
  evidence: readonly Numbered[],
  { articleId, tone }: { readonly articleId: string; readonly tone: Tone | null },
): Html {
  const { t } = visit
  const causes = new Map<string, Numbered[]>()
  for (const item of evidence) {
    const items = causes.get(item.for)
    if (items) items.push(item)
    else causes.set(item.for, [item])
  }
  const order = (cause: string): number => {
    const kind = kindOf(cause)
    return kind === null ? EVIDENCE_KINDS.length : EVIDENCE_KINDS.indexOf(kind)
  }
  const rows = [...causes].sort(([a], [b]) => order(a) - order(b))
  return html`<div class="table-scroll"><table class="evidence list"><thead><tr><th scope="col">${t('web.evidence.cause')}</th><th scope="col">${t('web.evidence.words')}</th><th scope="col" class="num">${t('web.evidence.sum')}</th></tr></thead><tbody>
  ${rows.map(([cause, items]) => {
    const sum = scoreOf(items)
    const label =
      kindOf(cause) === 'tone' && tone !== null
        ? t('web.evidence.toneFound', { tone: t(`web.tone.${tone}`) })
        : causeLabel(visit, cause)
    const href = ruleHref(visit, cause, items, articleId)
    const edit =
      href === null
        ? null
        : html` <a class="edit-rule" href="${href}" aria-label="${t('profile.whyOf', { cause: label })}">${t('profile.why')}</a>`
    return html`<tr id="${rowId(cause)}"><th scope="row"><span class="ev ev-${kindOf(cause)}">${label}</span>${edit}</th><td>${words(visit, items)}</td><td class="num" data-label="${t('web.evidence.sum')}">${sum === 0 ? null : weightText(sum)}</td></tr>`
  })}</tbody></table></div>`
}

/** The words of a judgement, by the rule that spoke; the same words at several places stand once, with their number. */
function words(visit: Visit, items: readonly Numbered[]): Html {
  const byRule = Map.groupBy(items, ({ rule }) => rule ?? '')
  return html`${[...byRule].map(
    ([rule, under]) =>
      html`<div class="rule">${rule ? html`<span class="rule-name">${ruleText(visit, rule)}:</span>` : null}<ul class="words">${[
        ...Map.groupBy(under, ({ text }) => text.toLowerCase()).values(),
      ].map(wordView)}</ul></div>`,
  )}`
}

function wordView(same: readonly Numbered[]): Html | null {
  const [first] = same
  if (!first) return null
  const weight = scoreOf(same)
  const text = first.text.length > LONGEST ? `${first.text.slice(0, LONGEST)}…` : first.text
  return html`<li><a href="#e${first.at}">“${text}”</a>${same.length > 1 ? html` ×${same.length}` : null}${
    weight === 0 ? null : html` <span class="weight">${weightText(weight)}</span>`
  }</li>`
}
