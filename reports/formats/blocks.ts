import type { Citation } from '../../model.ts'

/** A report in words, before any layout: what every format lays out, so that all of them say the same. */
export interface ReportDocument {
  /** For the file's properties. */
  readonly title: string
  readonly parent: string
  readonly agency: string
  readonly country: string
  readonly motto: string
  readonly number: string
  readonly dateline: string
  readonly type: string
  readonly subject: string
  readonly toLabel: string
  readonly to: readonly string[]
  readonly basis: readonly string[]
  readonly body: readonly Block[]
  readonly recipientsLabel: string
  readonly recipients: readonly string[]
  readonly signer: string
  readonly annexes: readonly Annex[]
}

export interface Annex {
  readonly label: string
  readonly title: string
  /** "(Kèm theo Báo cáo số …)". */
  readonly belongsTo: string
  readonly landscape: boolean
  readonly blocks: readonly Block[]
}

/** Text with what may be said of it: a link, a citation, a style. */
export interface Run {
  readonly text: string
  readonly bold?: boolean
  readonly italic?: boolean
  readonly href?: string
  /** Where the words are printed, when they are a quotation. */
  readonly cite?: Citation
}

export type Block =
  | { readonly kind: 'section'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  /** In an annex: without first-line indent. */
  | { readonly kind: 'note'; readonly runs: readonly Run[] }
  /** A place that only people fill. */
  | { readonly kind: 'fill'; readonly text: string }
  | { readonly kind: 'table'; readonly table: Table }

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly TableRow[]
  /** `annex`: small, over the whole width, its head repeated on every page. */
  readonly size: 'body' | 'annex'
}

/** A table of figures with so many rows is not broken over pages. */
export const ROWS_KEPT_TOGETHER = 6

export interface Column {
  readonly title: string
  /** Share of the width; the shares of a table add up to 1. */
  readonly width: number
  readonly align: 'left' | 'center'
}

export type TableRow =
  | { readonly kind: 'cells'; readonly cells: readonly (readonly Run[])[] }
  /** Over all columns. */
  | { readonly kind: 'group'; readonly text: string }

/** The words of a run of blocks, for comparing formats and for reading them without layout. */
export const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('')
