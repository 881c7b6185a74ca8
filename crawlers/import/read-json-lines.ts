import { z } from 'zod'
import { type ImportItem, importProblem, MOST_TEXT } from './items.ts'

const lineSchema = z.strictObject({
  url: z.string().min(1),
  title: z.string().trim().min(1).max(1000),
  text: z.string().trim().min(1).max(MOST_TEXT),
  /** ISO 8601, or as printed in the outlet's country. */
  published: z.string().nullish(),
  /** An id of the catalogue. */
  outlet: z.string().nullish(),
  /** ISO 639-1. */
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .nullish(),
})

/** One article a line: `{url, title, text, published?, outlet?, language?}`. */
export function readJsonLines(text: string): readonly ImportItem[] {
  return text.split(/\r?\n/).flatMap((line, at): ImportItem[] => {
    if (line.trim() === '') return []
    const label = `${at + 1}`
    const bad = (what: string, cause?: unknown): ImportItem[] => [
      { kind: 'bad', label, problem: importProblem('bad-line', `Line ${label}: ${what}`, cause) },
    ]
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      return bad('not JSON', error)
    }
    const parsed = lineSchema.safeParse(value)
    if (!parsed.success)
      return bad(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'line'}: ${message}`).join('; '))
    const { url, title, published = null, outlet = null, language = null } = parsed.data
    const paragraphs = parsed.data.text.split(/\n+/).map((paragraph) => paragraph.trim())
    return [
      {
        ...{ kind: 'text', label: url, url, outlet, language, published, head: [], by: 'json', document: null },
        title: title.normalize('NFC'),
        text: paragraphs.join('\n').normalize('NFC'),
      },
    ]
  })
}
