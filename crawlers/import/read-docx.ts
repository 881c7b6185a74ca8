import mammoth from 'mammoth'
import { Skip } from '../../errors.ts'
import { documentText } from './document-text.ts'
import { importProblem, type TextItem } from './items.ts'
import { inflatedZipBytes } from './zip-size.ts'

const MOST_INFLATED = 40 * 1024 * 1024
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/**
 * An article as DOCX; the first paragraph is its title. Nothing that the document links is opened.
 * @throws Skip `import.damaged`, `import.too-large`, `import.no-text`, `import.no-title`
 */
export async function readDocx(label: string, body: Uint8Array, url: string | null): Promise<TextItem> {
  let text: string
  try {
    if (inflatedZipBytes(body, MOST_INFLATED) === null)
      throw importProblem('too-large', `${label} would unpack to more than ${MOST_INFLATED} bytes`)
    text = (await mammoth.extractRawText({ buffer: Buffer.from(body) })).value
  } catch (error) {
    if (error instanceof Skip) throw error
    throw importProblem('damaged', `${label} cannot be read as DOCX`, error)
  }
  return documentText({ label, url, body, by: 'docx', contentType: DOCX, title: null, paragraphs: text.split('\n') })
}
