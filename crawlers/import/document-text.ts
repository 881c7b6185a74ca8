import { importProblem, MOST_TEXT, type TextItem } from './items.ts'

/** Lines at the start and the end of a document that may hold its date. */
const HEAD_LINES = 6

interface DocumentText {
  readonly label: string
  readonly url: string | null
  /** From the document's own data; absent: its first paragraph is the title. */
  readonly title: string | null
  readonly paragraphs: readonly string[]
  readonly by: 'pdf' | 'docx'
  readonly contentType: string
  readonly body: Uint8Array
}

/** The article of a document of text. @throws Skip `import.no-text`, `import.no-title`, `import.too-large` */
export function documentText({ label, url, title, paragraphs, by, contentType, body }: DocumentText): TextItem {
  const lines = paragraphs
    .map((line) => line.replace(/\s+/g, ' ').trim().normalize('NFC'))
    .filter((line) => line !== '')
  if (lines.length === 0) throw importProblem('no-text', `${label} holds no text`)
  const first = lines[0] ?? ''
  const heading = title ?? first
  if (heading.length > 300) throw importProblem('no-title', `${label} does not begin with a title`)
  const rest = heading === first ? lines.slice(1) : lines
  const text = rest.join('\n')
  if (text === '') throw importProblem('no-text', `${label} holds a title only`)
  if (text.length > MOST_TEXT) throw importProblem('too-large', `The text of ${label} is too long`)
  const head = [...rest.slice(0, HEAD_LINES), ...rest.slice(-2)].filter((line) => line.length <= 120)
  return {
    ...{ kind: 'text', label, url, title: heading, text, published: null, head, language: null, outlet: null, by },
    document: { contentType, body },
  }
}
