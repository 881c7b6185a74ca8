import type { ArticleField, Assessable, Evidence } from '../model.ts'
import { type Scan, scan } from './automaton.ts'
import { isWordCode } from './fold.ts'

/** One field of an article, made ready once for every step that looks for words in it. */
export interface FieldText {
  readonly field: ArticleField
  readonly source: string
  readonly scan: Scan
  /** For each character of the folded text: the number of words begun up to it; a character without spaces counts as one. */
  readonly words: Uint32Array
}

/** A half-open stretch of a field's folded text. */
export interface Stretch {
  readonly field: ArticleField
  readonly start: number
  readonly end: number
}

const isIdeographic = (code: number): boolean =>
  (code >= 0x0e00 && code <= 0x0eff) || (code >= 0x3041 && code <= 0xd7a3)

function wordNumbers(text: string): Uint32Array {
  const numbers = new Uint32Array(text.length)
  let n = 0
  let inside = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const letter = isWordCode(code)
    if ((letter && !inside) || isIdeographic(code)) n++
    inside = letter
    numbers[i] = n
  }
  return numbers
}

function fieldText(field: ArticleField, source: string): FieldText {
  const scanned = scan(source)
  return { field, source, scan: scanned, words: wordNumbers(scanned.folded.text) }
}

/** Title, lead and text in order; a lead that the text repeats at its head is not read twice, nor is an empty field. */
export function readFields(article: Assessable): FieldText[] {
  const fields = [fieldText('title', article.title)]
  if (article.lead && !article.text.startsWith(article.lead)) fields.push(fieldText('lead', article.lead))
  if (article.text !== '') fields.push(fieldText('text', article.text))
  return fields
}

/** The stretch in the field's own text: `source.slice(from, to) === text`. */
export function inSource(field: FieldText, start: number, end: number): { from: number; to: number; text: string } {
  const { from, to } = field.scan.folded
  const begin = from[start] ?? 0
  const finish = to[end - 1] ?? begin
  return { from: begin, to: finish, text: field.source.slice(begin, finish) }
}

/** Evidence over a stretch of the folded text. */
export function evidenceAt(
  field: FieldText,
  stretch: { readonly start: number; readonly end: number },
  about: { readonly for: string; readonly weight: number; readonly rule?: string },
): Evidence {
  return {
    for: about.for,
    field: field.field,
    ...inSource(field, stretch.start, stretch.end),
    weight: round(about.weight),
    ...(about.rule === undefined ? {} : { rule: about.rule }),
  }
}

export const round = (value: number): number => Math.round(value * 1000) / 1000

/** The first index of 0 … length for which `holds` is true, where it is false before and true after (binary search). */
export function firstFrom(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
