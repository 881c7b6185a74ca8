import { extractText, getDocumentProxy, getMeta } from 'unpdf'
import { Skip } from '../../errors.ts'
import { documentText } from './document-text.ts'
import { importProblem, type TextItem } from './items.ts'

const MOST_PAGES = 300
/** What programs write when nobody gave a title. */
const NO_TITLE = /^$|untitled|không có tiêu đề|^microsoft word|\.(?:docx?|pdf|html?|indd|qxd|pub)$|^https?:|^about:/i

/** Lines as printed become paragraphs: one ends where a line stops short after the end of a sentence. */
function paragraphsOf(pages: readonly string[]): string[] {
  const lines = pages.flatMap((page) => page.split('\n')).map((line) => line.trim())
  const widest = lines.reduce((most, { length }) => Math.max(most, length), 0)
  const paragraphs: string[] = []
  let open = ''
  for (const [at, line] of lines.entries()) {
    open = open === '' ? line : `${open} ${line}`
    const ends = line === '' || line.length < widest * 0.6 || (line.length < widest * 0.85 && /[.!?…”"»:]$/.test(line))
    if (ends || at === lines.length - 1) {
      paragraphs.push(open)
      open = ''
    }
  }
  return paragraphs
}

/**
 * An article as PDF. Its text layer is read; images of text are not recognised.
 * @throws Skip `import.damaged`, `import.no-text`, `import.too-large`
 */
export async function readPdf(label: string, body: Uint8Array, url: string | null): Promise<TextItem> {
  let pages: readonly string[]
  let title: string
  try {
    // The reader takes the bytes for itself.
    const document = await getDocumentProxy(Uint8Array.from(body), { verbosity: 0 })
    try {
      if (document.numPages > MOST_PAGES)
        throw importProblem('too-large', `${label} has ${document.numPages} pages, more than ${MOST_PAGES}`)
      pages = (await extractText(document, { mergePages: false })).text
      title = String((await getMeta(document)).info.Title ?? '').trim()
    } finally {
      await document.loadingTask.destroy()
    }
  } catch (error) {
    if (error instanceof Skip) throw error
    throw importProblem('damaged', `${label} cannot be read as PDF`, error)
  }
  return documentText({
    ...{ label, url, body, by: 'pdf', contentType: 'application/pdf' },
    title: NO_TITLE.test(title) ? null : title.normalize('NFC'),
    paragraphs: paragraphsOf(pages),
  })
}
