import { diffArrays, diffWordsWithSpace } from 'diff'
import { parse } from 'yaml'
import type { JudgingName } from '../profiles/overlay.ts'
import { type Entry, LISTS, RULE_LISTS, rowsOf, type TermRow } from './profile-form.ts'
import type { Visit } from './visit.ts'

/** A part of a line: the same on both sides, or on one. */
export interface Piece {
  readonly text: string
  readonly side: 'both' | 'before' | 'after'
}

/** One line that differs; a line that changed has pieces of both sides. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly pieces: readonly Piece[]
}

/** The lines of an entry as a person reads them: each term and each field is one. */
export function entryLines(visit: Visit, name: JudgingName, entry: Entry | null): readonly string[] {
  if (entry === null) return []
  const { t } = visit
  const line = (label: string, value: unknown): string[] =>
    value === undefined || value === '' ? [] : [`${label}: ${Array.isArray(value) ? value.join('; ') : String(value)}`]
  const label = entry.label as { vi?: string; en?: string } | undefined
  const names = Object.entries((entry.names ?? {}) as Record<string, readonly string[]>)
  const rules = (entry.homographs ?? []) as readonly Entry[]
  return [
    ...line(t('profile.field.name'), entry.name),
    ...line(`${t('profile.field.label')} (vi)`, label?.vi),
    ...line(`${t('profile.field.label')} (en)`, label?.en),
    ...line(t('profile.field.definition'), entry.definition),
    ...line(t('profile.field.kind'), entry.kind),
    ...line(t('profile.field.strength'), entry.strength),
    ...line(t('profile.field.area'), entry.area),
    ...line(t('profile.field.code'), entry.code),
    ...line(t('profile.field.district'), entry.district),
    ...line(t('profile.field.communes'), entry.communes),
    ...line(t('profile.field.owner'), entry.owner),
    ...line(t('profile.field.copyTo'), entry.copyTo),
    ...line(t('profile.field.topics'), entry.topics),
    ...line(t('profile.field.relevance'), entry.relevance),
    ...line(t('profile.field.threshold'), entry.threshold),
    ...line(t('profile.field.weight'), entry.weight),
    ...(entry.besidePlace === true ? [t('profile.field.besidePlace')] : []),
    ...(entry.decides === true ? [t('profile.field.decides')] : []),
    ...names.flatMap(([language, spelled]) =>
      spelled.map((one) => `${t('profile.field.names')} · ${language} · ${one}`),
    ),
    ...rules.map((rule) => `${t('profile.field.rule')} · ${ruleLine(visit, rule)}`),
    ...line(t('profile.field.note'), entry.note),
    ...rowsOf(name, entry).map((row) => termLine(visit, row)),
  ]
}

export const kindLabel = (visit: Visit, kind: string): string =>
  kind === 'terms' || kind === 'weakTerms' || kind === 'negativeTerms' || kind === 'event' || kind === 'gravity'
    ? visit.t(`profile.kind.${kind}`)
    : kind === 'positive' || kind === 'negative' || kind === 'neutral'
      ? visit.t(`profile.kind.${kind}`)
      : kind

/** `trong 10 từ, cùng: a; b`. */
export const conditionText = ({ t }: Visit, row: TermRow): string =>
  [
    ...(row.with === '' ? [] : [t('profile.terms.withShort', { words: row.with })]),
    ...(row.without === '' ? [] : [t('profile.terms.withoutShort', { words: row.without })]),
    ...(row.within === '' ? [] : [t('profile.terms.withinShort', { count: row.within })]),
  ].join(' · ')

function termLine(visit: Visit, row: TermRow): string {
  const parts = [
    kindLabel(visit, row.kind),
    row.language,
    `${row.term}${row.stem ? '*' : ''}`,
    ...(row.weight === '' ? [] : [`${visit.t('profile.terms.weight')} ${row.weight}`]),
    conditionText(visit, row),
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

function ruleLine({ t }: Visit, rule: Entry): string {
  const lists = RULE_LISTS.flatMap((field) => {
    const words = rule[field] as readonly string[] | undefined
    return words ? [`${t(`profile.rule.${field}`)}: ${words.join('; ')}`] : []
  })
  const more = [
    ...(rule.within === undefined ? [] : [t('profile.terms.withinShort', { count: String(rule.within) })]),
    ...(rule.abroad === true ? [t('profile.rule.abroad')] : []),
    ...(rule.note === undefined ? [] : [`(${String(rule.note)})`]),
  ]
  return [...lists, ...more].join(' · ')
}

/** What differs between two states of an entry, line by line, the words marked. */
export function differencesOf(before: readonly string[], after: readonly string[]): readonly Difference[] {
  const result: Difference[] = []
  const parts = diffArrays([...before], [...after])
  parts.forEach((part, at) => {
    const next = parts[at + 1]
    const previous = parts[at - 1]
    if (part.removed && next?.added) {
      // Lines that changed stand beside each other; what remains came or went.
      const pairs = pair(part.value, next.value)
      result.push(...pairs)
    } else if (part.removed) result.push(...part.value.map((line) => whole(line, 'removed')))
    else if (part.added && !previous?.removed) result.push(...part.value.map((line) => whole(line, 'added')))
  })
  return result
}

const whole = (text: string, kind: 'added' | 'removed'): Difference => ({
  kind,
  pieces: [{ text, side: kind === 'added' ? 'after' : 'before' }],
})

/** Begin alike: the same field, or the same list and language. */
const alike = (a: string, b: string): boolean => {
  const head = (line: string): string =>
    line
      .split(/: | · /, 3)
      .slice(0, line.includes(' · ') ? 3 : 1)
      .join('·')
  return head(a) === head(b)
}

function pair(removed: readonly string[], added: readonly string[]): readonly Difference[] {
  const left = [...added]
  const first = removed.map((line): Difference => {
    const at = left.findIndex((other) => alike(line, other))
    const other = at < 0 ? undefined : left.splice(at, 1)[0]
    if (other === undefined) return whole(line, 'removed')
    const pieces = diffWordsWithSpace(line, other).map(
      ({ value, added: fresh, removed: gone }): Piece => ({
        text: value,
        side: fresh ? 'after' : gone ? 'before' : 'both',
      }),
    )
    return { kind: 'changed', pieces }
  })
  return [...first, ...left.map((line) => whole(line, 'added'))]
}

/** The lines of a whole file; entries are named before each. */
export function fileLines(visit: Visit, name: JudgingName, text: string): readonly string[] {
  const list = LISTS[name]
  const value: unknown = parse(text)
  if (typeof value !== 'object' || value === null) return []
  const whole = value as Entry
  if (list === null) return entryLines(visit, name, whole)
  return ((whole[list] ?? []) as readonly Entry[]).flatMap((entry) =>
    entryLines(visit, name, entry).map((line) => `${String(entry.id)} — ${line}`),
  )
}
