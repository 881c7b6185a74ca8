import {
  AlignmentType,
  BorderStyle,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { ND30 } from '../nd30.ts'
import type { ReportDocument } from './blocks.ts'
import { halfPoints, ruleParagraph, twips } from './docx-parts.ts'

const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }
const noBorders = { top: none, bottom: none, left: none, right: none, insideHorizontal: none, insideVertical: none }

interface Look {
  readonly size: number
  readonly bold?: boolean
  readonly italics?: boolean
  readonly before?: number
}

const line = (text: string, { size, bold = false, italics = false, before = 0 }: Look, centred = true): Paragraph =>
  new Paragraph({
    alignment: centred ? AlignmentType.CENTER : AlignmentType.LEFT,
    spacing: { before, after: 0 },
    children: [new TextRun({ text, size: halfPoints(size), bold, italics })],
  })

/** A table without lines, of two columns (millimetres), whose rows never break over a page. */
function frame(
  columns: { left: number; right: number },
  rows: readonly (readonly [Paragraph[], Paragraph[]])[],
): Table {
  const widths = [twips(columns.left), twips(columns.right)]
  return new Table({
    width: { size: twips(columns.left + columns.right), type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    borders: noBorders,
    margins: { left: 0, right: 0 },
    rows: rows.map(
      (cells) =>
        new TableRow({
          cantSplit: true,
          children: cells.map(
            (children, index) =>
              new TableCell({
                children,
                borders: noBorders,
                width: { size: widths[index] ?? 0, type: WidthType.DXA },
                margins: { left: 0, right: 0 },
              }),
          ),
        }),
    ),
  })
}

/** Agency and number left, country, motto and date line right. */
export const headTable = (document: ReportDocument): Table => {
  const { size, head } = ND30
  return frame(head, [
    [
      [
        line(document.parent, { size: size.agency }),
        line(document.agency, { size: size.agency, bold: true }),
        ruleParagraph(ND30.agencyRule, head.left),
      ],
      [
        line(document.country, { size: size.country, bold: true }),
        line(document.motto, { size: size.motto, bold: true }),
        ruleParagraph(ND30.mottoRule, head.right),
      ],
    ],
    [
      [line(document.number, { size: size.number, before: 120 })],
      [line(document.dateline, { size: size.dateline, italics: true, before: 120 })],
    ],
  ])
}

/** Recipients left, the signer's title and room for signature and seal right. */
export const footTable = (document: ReportDocument): Table => {
  const { size, foot, signatureSpace } = ND30
  return frame(foot, [
    [
      [
        new Paragraph({
          children: [
            new TextRun({
              text: document.recipientsLabel,
              size: halfPoints(size.recipientsLabel),
              bold: true,
              italics: true,
            }),
          ],
        }),
        ...document.recipients.map((text) => line(text, { size: size.recipients }, false)),
      ],
      [
        line(document.signer, { size: size.body, bold: true }),
        new Paragraph({ spacing: { before: twips(signatureSpace) }, children: [] }),
      ],
    ],
  ])
}
