import {
  AlignmentType,
  Document,
  type FileChild,
  Footer,
  Header,
  HeadingLevel,
  type ISectionOptions,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  TextRun,
} from 'docx'
import { ND30 } from '../nd30.ts'
import type { Annex, Block, ReportDocument } from './blocks.ts'
import { footTable, headTable } from './docx-frame.ts'
import { bodyParagraph, gap, halfPoints, inlineRuns, lineSpacing, ruleParagraph, twips } from './docx-parts.ts'
import { dataTable, tableStyles } from './docx-tables.ts'

/** The report as a Word file in the format of Nghị định 30, for people to complete, number and sign. */
export async function renderDocx(document: ReportDocument): Promise<Uint8Array> {
  const { page } = ND30
  const file = new Document({
    title: document.title,
    creator: document.agency,
    lastModifiedBy: document.agency,
    description: '',
    styles: {
      default: {
        document: {
          run: { font: ND30.font, size: halfPoints(ND30.size.body), language: { value: 'vi-VN' } },
        },
        // Headings carry the levels that Word's navigation and readers' aids use; they look as the decree says.
        heading1: { run: headingRun, paragraph: headingParagraph },
        heading2: { run: headingRun, paragraph: headingParagraph },
      },
      paragraphStyles: tableStyles,
    },
    sections: [
      {
        properties: {
          titlePage: true,
          page: {
            size: { width: twips(page.width), height: twips(page.height) },
            margin: margins(page.margin),
          },
        },
        headers: { default: pageNumber(), first: new Header({ children: [new Paragraph({})] }) },
        footers: { default: emptyFooter(), first: emptyFooter() },
        children: [
          ...firstPage(document),
          ...document.body.flatMap((one, index) => block(one, keepsNext(document.body, index))),
          footTable(document),
        ],
      },
      ...document.annexes.map(annexSection),
    ],
  })
  return Packer.toBuffer(file)
}

const headingRun = { font: ND30.font, size: halfPoints(ND30.size.body), bold: true, color: '000000' }
const headingParagraph = {
  spacing: { before: gap(), after: gap(), line: lineSpacing(), lineRule: 'auto' as const },
  indent: { firstLine: twips(ND30.firstLineIndent) },
  keepNext: true,
}

const margins = (margin: { top: number; right: number; bottom: number; left: number }) => ({
  top: twips(margin.top),
  right: twips(margin.right),
  bottom: twips(margin.bottom),
  left: twips(margin.left),
  header: twips(ND30.page.numberFromTop),
  footer: twips(ND30.page.numberFromTop),
})

const emptyFooter = (): Footer => new Footer({ children: [new Paragraph({})] })

const pageNumber = (): Header =>
  new Header({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [new TextRun({ children: [PageNumber.CURRENT], size: halfPoints(ND30.size.pageNumber) })],
      }),
    ],
  })

function firstPage(document: ReportDocument): readonly FileChild[] {
  const centred = (text: string, options: { bold?: boolean; before?: number; after?: number } = {}) =>
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { before: options.before ?? 0, after: options.after ?? 0 },
      children: [new TextRun({ text, bold: options.bold ?? false })],
    })
  return [
    headTable(document),
    centred(document.type, { bold: true, before: 360 }),
    centred(document.subject, { bold: true }),
    ruleParagraph(ND30.subjectRule, textWidth, { after: 240 }),
    ...addressees(document, centred),
    ...document.basis.map((line) => bodyParagraph([new TextRun({ text: line, italics: true })])),
  ]
}

const textWidth = ND30.page.width - ND30.page.margin.left - ND30.page.margin.right

function addressees(
  { toLabel, to }: ReportDocument,
  centred: (text: string, options?: { after?: number }) => Paragraph,
): readonly Paragraph[] {
  if (to.length === 1) return [centred(`${toLabel} ${to[0]}.`, { after: 240 })]
  const list = to.map(
    (name, index) =>
      new Paragraph({
        indent: { left: twips(60) },
        spacing: { after: index + 1 < to.length ? 0 : 240 },
        children: [new TextRun(`- ${name}${index + 1 < to.length ? ';' : '.'}`)],
      }),
  )
  return [new Paragraph({ indent: { left: twips(40) }, children: [new TextRun(toLabel)] }), ...list]
}

/**
 * The last section stays with the signature: none stands alone on a page, nor below the closing words alone. What opens a
 * section stays with what follows.
 */
function keepsNext(body: readonly Block[], index: number): boolean {
  const left = body.length - index - 1
  const kind = body[index]?.kind
  return left === 0 || (kind === 'fill' ? left === 1 : body[index - 1]?.kind === 'section')
}

function block(one: Block, keepNext = false): readonly FileChild[] {
  switch (one.kind) {
    case 'section':
      return [new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun(one.text)] })]
    case 'heading':
      return [new Paragraph({ heading: HeadingLevel.HEADING_2, children: [new TextRun(one.text)] })]
    case 'paragraph':
      return [bodyParagraph(inlineRuns(one.runs), keepNext)]
    case 'note':
      return [
        new Paragraph({
          alignment: AlignmentType.JUSTIFIED,
          spacing: { after: gap(), line: lineSpacing(), lineRule: 'auto' },
          children: inlineRuns(one.runs),
        }),
      ]
    case 'fill':
      return [bodyParagraph([new TextRun({ text: one.text, italics: true })], keepNext)]
    case 'table':
      return [
        dataTable(one.table, one.table.size === 'annex' ? landscapeWidth : textWidth),
        new Paragraph({ spacing: { after: 0, line: 120, lineRule: 'exact' } }),
      ]
  }
}

const landscapeWidth = ND30.page.height - ND30.landscapeMargin.left - ND30.landscapeMargin.right

function annexSection({ label, title, belongsTo, landscape, blocks }: Annex): ISectionOptions {
  const { page, size } = ND30
  const centred = (text: string, run: { bold?: boolean; italics?: boolean; size: number }, after = 0) =>
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { after },
      keepNext: true,
      children: [new TextRun({ ...run, text, size: halfPoints(run.size) })],
    })
  return {
    properties: {
      page: {
        // The library writes width and height the other way round for landscape pages.
        size: {
          width: twips(page.width),
          height: twips(page.height),
          orientation: landscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
        },
        margin: margins(landscape ? ND30.landscapeMargin : page.margin),
      },
    },
    headers: { default: pageNumber() },
    footers: { default: emptyFooter() },
    children: [
      centred(label, { bold: true, size: size.annexLabel }),
      centred(title, { bold: true, size: size.annexTitle }),
      centred(belongsTo, { italics: true, size: size.body }, 200),
      ...blocks.flatMap((one) => block(one)),
    ],
  }
}
