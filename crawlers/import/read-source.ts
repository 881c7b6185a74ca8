import { decodePage } from '../../pipeline/decode.ts'
import { type ImportItem, type ImportSource, importProblem, MOST_FILE_BYTES, MOST_ITEM_BYTES } from './items.ts'
import { readDocx } from './read-docx.ts'
import { readHtml } from './read-html.ts'
import { readJsonLines } from './read-json-lines.ts'
import { readPdf } from './read-pdf.ts'
import { readUrls } from './read-urls.ts'
import { readWarc } from './read-warc.ts'

export interface ReadOptions {
  /** The address of the one article that a page or a document holds. */
  readonly url: string | null
  /** Which pages of a WARC file are wanted. */
  readonly wanted: (url: string) => boolean
}

type Format = 'links' | 'html' | 'pdf' | 'docx' | 'json-lines' | 'warc'

/** By what the file begins with where that says it, else by its name. */
function formatOf({ name, bytes }: ImportSource): Format | null {
  if (name === null) return 'links'
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  const ending = /\.(warc(?:\.gz)?|[a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  if (start.startsWith('%PDF-') || ending === 'pdf') return 'pdf'
  if (start.startsWith('WARC/') || ending.startsWith('warc')) return 'warc'
  if (ending === 'docx') return 'docx'
  if (['jsonl', 'ndjson', 'json'].includes(ending)) return 'json-lines'
  if (['html', 'htm', 'xhtml'].includes(ending)) return 'html'
  if (['txt', 'csv', 'tsv'].includes(ending)) return 'links'
  return /^\S*\s*<(?:!doctype html|html)/i.test(start) ? 'html' : null
}

/** The items of a file, in its order; one that cannot be read is a `bad` item among the good ones. */
export async function* readSource(source: ImportSource, options: ReadOptions): AsyncGenerator<ImportItem> {
  const { bytes } = source
  const label = source.name ?? ''
  const format = formatOf(source)
  const text = (): string => decodePage(bytes, 'text/plain').html
  if (bytes.length === 0) throw importProblem('empty', `${label} is empty`)
  if (format === null) throw importProblem('unknown-format', `${label} is of an unknown kind`)
  const most = format === 'warc' || format === 'json-lines' ? MOST_FILE_BYTES : MOST_ITEM_BYTES
  if (bytes.length > most) throw importProblem('too-large', `${label} has more than ${most} bytes`)
  if (format === 'links') yield* readUrls(text(), { isFile: source.name !== null })
  else if (format === 'json-lines') yield* readJsonLines(text())
  else if (format === 'html') yield readHtml(label, bytes, options.url)
  else if (format === 'pdf') yield await readPdf(label, bytes, options.url)
  else if (format === 'docx') yield await readDocx(label, bytes, options.url)
  else yield* readWarc(label, bytes, options.wanted)
}
