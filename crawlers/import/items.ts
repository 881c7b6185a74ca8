import { Skip } from '../../errors.ts'
import type { Language } from '../../model.ts'

/** A file as a person brought it, or the links that they pasted. */
export interface ImportSource {
  /** Null: pasted. */
  readonly name: string | null
  readonly bytes: Uint8Array
}

interface Named {
  /** What the person sees of it: its address, or where it stands in the file. */
  readonly label: string
}

/** An address to be collected. */
export interface LinkItem extends Named {
  readonly kind: 'link'
  readonly url: string
}

/** A saved page: read as if it had been fetched. */
export interface PageItem extends Named {
  readonly kind: 'page'
  /** Null: the page does not say. */
  readonly url: string | null
  readonly contentType: string
  readonly body: Uint8Array
  /** When it was fetched, where that is known. */
  readonly at: Date | null
}

/** The text of an article, without a page. */
export interface TextItem extends Named {
  readonly kind: 'text'
  readonly url: string | null
  readonly title: string
  /** Paragraphs separated by one line feed. */
  readonly text: string
  /** As it is written; read by the outlet's own rules of dates. */
  readonly published: string | null
  /** Lines that may hold the date of publication. */
  readonly head: readonly string[]
  readonly language: Language | null
  readonly outlet: string | null
  /** How title and text were read: `pdf`, `docx`, `json`. */
  readonly by: string
  readonly document: { readonly contentType: string; readonly body: Uint8Array } | null
}

/** What could not be read of a file whose other items are good. */
export interface BadItem extends Named {
  readonly kind: 'bad'
  readonly problem: Skip
}

export type ImportItem = LinkItem | PageItem | TextItem | BadItem

/** Why something brought in by hand is refused. The code is a key of the texts in locales. */
export type ImportProblem =
  | 'no-url'
  | 'no-outlet'
  | 'unknown-outlet'
  | 'bad-url'
  | 'unknown-format'
  | 'too-large'
  | 'damaged'
  | 'no-text'
  | 'no-title'
  | 'bad-line'
  | 'empty'
  | 'missing'
  | 'not-archived'
  | 'unreadable'

const REMEDIES: Readonly<Record<ImportProblem, string>> = {
  'no-url': 'Give the address at which the outlet published it.',
  'no-outlet': 'Name the outlet, or add it to the catalogue first.',
  'unknown-outlet': 'Use an id of the catalogue.',
  'bad-url': 'Write the whole address, with https://.',
  'unknown-format': 'Bring links (.txt, .csv), HTML, PDF, DOCX, JSON lines (.jsonl) or WARC.',
  'too-large': 'Divide it into smaller files.',
  damaged: 'Open it in the program that made it, and save it again.',
  'no-text': 'It has no text layer (a scan): have its text recognised first.',
  'no-title': 'Put the title into the first line.',
  'bad-line': 'Each line is one JSON object with url, title and text.',
  empty: 'Choose another file.',
  missing: 'Name a file that can be read.',
  'not-archived': 'Only answers with status 200 and HTML are articles.',
  unreadable: 'Look at the page in a browser: is it an article?',
}

export const importProblem = (kind: ImportProblem, message: string, cause?: unknown): Skip =>
  new Skip(message, { code: `import.${kind}`, remedy: REMEDIES[kind], cause })

/** Bytes of one file at most, before anything in it is inflated. */
export const MOST_FILE_BYTES = 256 * 1024 * 1024
/** Bytes of one page or document at most, inflated. */
export const MOST_ITEM_BYTES = 20 * 1024 * 1024
/** Of one article's text, UTF-16 units. */
export const MOST_TEXT = 2_000_000
