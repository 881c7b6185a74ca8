import type { Extracted } from '../model.ts'
import { furtherPages, type PageLink } from './extraction/further-pages.ts'
import { parseTree } from './extraction/tree.ts'

/** The further pages of an article that one of its pages names; see {@link furtherPages}. */
export const linkedPages = (html: string, first: string, here: string): readonly PageLink[] =>
  furtherPages(parseTree(html), first, here)

/**
 * The pages of an article as one text, in their order. What a further page repeats of the earlier ones (lead, caption,
 * a box on each page) stands once; everything but the text is the first page's.
 *
 * @param further texts of pages 2, 3 …; null: that page could not be read
 * @param missing true: more pages are known than were read
 */
export function joinPages(first: Extracted, further: readonly (Extracted | null)[], missing: boolean): Extracted {
  const seen = new Set([first.title, first.lead, ...(first.text ?? '').split('\n')].map((part) => part?.trim() ?? ''))
  const paragraphs = (first.text ?? '').split('\n')
  let read = 1
  for (const page of further) {
    if (page?.text == null) continue
    const fresh = page.text.split('\n').filter((paragraph) => !seen.has(paragraph.trim()))
    if (fresh.length > 0) read++
    for (const paragraph of fresh) seen.add(paragraph.trim())
    paragraphs.push(...fresh)
  }
  const isWhole = !missing && further.every((page) => page !== null)
  return {
    ...first,
    text: paragraphs.join('\n'),
    completeness: isWhole ? 'full' : 'paged',
    by: read > 1 ? { ...first.by, pages: String(read) } : first.by,
  }
}
