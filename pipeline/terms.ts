import type { Language } from '../model.ts'
import type { Term } from '../profiles/schema.ts'
import { automaton, type Hit } from './automaton.ts'
import { type FieldText, firstFrom, type Stretch } from './reading.ts'

/** Terms by language, as a profile writes them. */
export type TermsByLanguage = Readonly<Record<string, readonly Term[]>>

/** One list of the book: what its terms speak for, and their weight where they name none. */
export interface TermList {
  /** `topic:tourism`, `tone:negative`, `event:deaths` … */
  readonly speaksFor: string
  readonly terms: TermsByLanguage
  readonly weight: number
}

/** A term found, its conditions met. */
export interface TermHit extends Stretch {
  readonly speaksFor: string
  /** As the profile writes it. */
  readonly term: string
  readonly weight: number
}

export interface TermBook {
  /** Every term of every list in the fields. `language` null: the terms of all languages are looked for. */
  readonly read: (fields: readonly FieldText[], language: Language | null) => TermHit[]
}

interface Entry {
  readonly speaksFor: string
  readonly term: string
  readonly weight: number
  readonly language: string
  readonly with: readonly string[] | null
  readonly without: readonly string[] | null
  readonly within: number | null
}

/** A term whose every word is capitalised is a proper name (`Hoàng Sa`, `Dao`); otherwise a capital means nothing. */
const isProper = (term: string): boolean =>
  term.split(/\s+/).every((word) => /^[\p{Lu}\d]/u.test(word)) && /\p{Lu}/u.test(term)

export function termBook(lists: readonly TermList[]): TermBook {
  const entries: Entry[] = lists.flatMap(({ speaksFor, terms, weight }) =>
    Object.entries(terms).flatMap(([language, ofLanguage]) =>
      ofLanguage.map((term): Entry => {
        const whole = typeof term === 'string' ? { term } : term
        return {
          speaksFor,
          term: whole.term,
          weight: whole.weight ?? weight,
          language,
          with: whole.with ?? null,
          without: whole.without ?? null,
          within: whole.within ?? null,
        }
      }),
    ),
  )
  /** English proper names stand in texts of every language (`Human Rights Watch`, `OCOP`); any other word is another word there. */
  const isEverywhere = ({ language, term }: Entry): boolean => language === 'en' && isProper(term)
  const texts = [...new Set(entries.flatMap((entry) => [entry.term, ...(entry.with ?? []), ...(entry.without ?? [])]))]
  const machine = automaton(texts.map((text) => ({ text, proper: isProper(text) })))
  const byText = new Map<string, Entry[]>()
  for (const entry of entries) {
    const known = byText.get(entry.term)
    if (known) known.push(entry)
    else byText.set(entry.term, [entry])
  }

  return {
    read: (fields, language) => {
      const asked = (entry: Entry): boolean =>
        language === null || entry.language === language || (language !== 'vi' && isEverywhere(entry))
      const found: TermHit[] = []
      const there: Found = new Map()
      for (const field of fields)
        for (const hit of machine.find(field.scan)) {
          const text = texts[hit.pattern] ?? ''
          const key = keyOf(text, field)
          const known = there.get(key)
          if (known) known.hits.push(hit)
          else there.set(key, { text, field, hits: [hit] })
        }
      for (const { text, field, hits } of there.values())
        for (const entry of byText.get(text) ?? []) {
          if (!asked(entry)) continue
          const { speaksFor, term, weight } = entry
          for (const hit of hits) {
            if (entry.with && !stands(entry.with, entry.within, field, hit, fields, there)) continue
            if (entry.without && stands(entry.without, entry.within, field, hit, fields, there)) continue
            found.push({ field: field.field, start: hit.start, end: hit.end, speaksFor, term, weight })
          }
        }
      return found
    },
  }
}

/** Terms found, by term and field; hits in order. */
type Found = Map<string, { readonly text: string; readonly field: FieldText; readonly hits: Hit[] }>
const keyOf = (text: string, field: FieldText): string => `${field.field}\n${text}`

/** Whether one of the words stands in the article, or within so many words of the hit. */
function stands(
  words: readonly string[],
  within: number | null,
  field: FieldText,
  hit: Hit,
  fields: readonly FieldText[],
  there: Found,
): boolean {
  return words.some((word) => {
    if (within === null) return fields.some((one) => there.has(keyOf(word, one)))
    const hits = there.get(keyOf(word, field))?.hits ?? []
    const number = (position: number): number => field.words[position] ?? 0
    const next = hits[firstFrom(hits.length, (i) => number(hits[i]?.start ?? 0) >= number(hit.start) - within)]
    return next !== undefined && number(next.start) <= number(hit.end - 1) + within
  })
}
