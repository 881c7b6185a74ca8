import { fold } from '../pipeline/fold.ts'
import type { SearchDocument } from './search-index.ts'
import { segment } from './segment.ts'

/** Stands between title and text: no phrase reaches across. */
const BREAK = 'ø'
/** A word that stands this often weighs in a document. */
const OFTEN = 3
/** Lead and text as one; some outlets repeat the lead at the head of the text. */
export function bodyOf(lead: string | null, text: string): string {
  if (lead === null || lead === '' || text.startsWith(lead)) return text
  return text === '' ? lead : `${lead}\n${text}`
}

/**
 * What the index holds of a document. `signals`: each word once, behind a letter that says where it stands: `w` anywhere,
 * `t` in the title, `s` in the lead or at least three times, `x` with these accents. `body`: all words in order.
 */
export function wordsOf({ title, lead, text }: SearchDocument): { signals: string; body: string } {
  const signals = new Set<string>()
  const counts = new Map<string, number>()
  const body: string[] = []
  const read = (part: string, letter: 't' | 's' | null) => {
    for (const token of segment(fold(part))) {
      body.push(token.text)
      signals.add(`w${token.text}`)
      if (letter !== null) signals.add(letter + token.text)
      if (token.accented) signals.add(`x${token.exact}`)
      const count = (counts.get(token.text) ?? 0) + 1
      counts.set(token.text, count)
      if (count === OFTEN) signals.add(`s${token.text}`)
    }
  }
  read(title, 't')
  body.push(BREAK)
  const rest = bodyOf(lead, text)
  const leadLength = lead === null ? 0 : lead.length
  read(rest.slice(0, leadLength), 's')
  read(rest.slice(leadLength), null)
  return { signals: [...signals].join(' '), body: body.join(' ') }
}
