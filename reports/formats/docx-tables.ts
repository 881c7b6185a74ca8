import {
  AlignmentType,
  type IParagraphStyleOptions,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'
import { ND30 } from '../nd30.ts'
import { type TableRow as DataRow, type Table as DataTable, ROWS_KEPT_TOGETHER } from './blocks.ts'
import { halfPoints, inlineRuns, twips } from './docx-parts.ts'

const padding = { top: 30, bottom: 30, left: 60, right: 60, marginUnitType: WidthType.DXA }

/** Styles of the paragraphs in tables: said once, since a long annex has tens of thousands of cells. */
const styleId = { body: 'TableText', annex: 'AnnexText', link: 'AnnexLink' } as const
export const tableStyles: readonly IParagraphStyleOptions[] = [
  { id: styleId.body, name: 'Table Text', basedOn: 'Normal', run: { size: halfPoints(ND30.size.table) } },
  { id: styleId.annex, name: 'Annex Text', basedOn: 'Normal', run: { size: halfPoints(ND30.size.annexTable) } },
  { id: styleId.link, name: 'Annex Link', basedOn: 'Normal', run: { size: halfPoints(ND30.size.annexLink) } },
]

/**
 * A table of data over `width` millimetres; its head is repeated on every page, rows do not break over pages, and none
 * stands alone on the first or the last page.
 */
export function dataTable({ columns, rows, size }: DataTable, width: number): Table {
  const widths = columns.map((column) => twips(width * column.width))
  const cell = (
    children: ParagraphChild[],
    index: number,
    align: 'left' | 'center',
    { middle, keepNext }: { readonly middle: boolean; readonly keepNext: boolean },
  ): TableCell => {
    const style = styleId[size === 'annex' && index === LINK_COLUMN && !middle ? 'link' : size]
    return new TableCell({
      width: { size: widths[index] ?? 0, type: WidthType.DXA },
      // What is usual is left out: a long annex has tens of thousands of cells.
      ...(middle ? { verticalAlign: VerticalAlign.CENTER } : {}),
      children: [
        new Paragraph({
          style,
          ...(keepNext ? { keepNext } : {}),
          ...(align === 'center' ? { alignment: AlignmentType.CENTER } : {}),
          children,
        }),
      ],
    })
  }
  const head = new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: columns.map(({ title }, index) =>
      cell([new TextRun({ text: title, bold: true })], index, 'center', { middle: true, keepNext: true }),
    ),
  })
  const whole = size === 'body' && rows.length <= ROWS_KEPT_TOGETHER
  const body = rows.map((row, at) => {
    const left = rows.length - at - 1
    const keepNext = left > 0 && (whole || at === 0 || left === 1)
    return dataRow(row, columns.length, styleId[size], (runs, index) =>
      cell(inlineRuns(runs), index, columns[index]?.align ?? 'left', { middle: size === 'body', keepNext }),
    )
  })
  return new Table({
    width: { size: twips(width), type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    margins: padding,
    rows: [head, ...body],
  })
}
/** Addresses are long: they stand in smaller letters. */
const LINK_COLUMN = 6

function dataRow(
  row: DataRow,
  columns: number,
  style: string,
  cellOf: (runs: Extract<DataRow, { kind: 'cells' }>['cells'][number], index: number) => TableCell,
): TableRow {
  if (row.kind === 'cells') return new TableRow({ cantSplit: true, children: row.cells.map(cellOf) })
  return new TableRow({
    cantSplit: true,
    children: [
      new TableCell({
        columnSpan: columns,
        children: [new Paragraph({ style, keepNext: true, children: [new TextRun({ text: row.text, bold: true })] })],
      }),
    ],
  })
}
