import { AlignmentType, BorderStyle, ExternalHyperlink, Paragraph, type ParagraphChild, TextRun } from 'docx'
import { ND30 } from '../nd30.ts'
import type { Run } from './blocks.ts'

/** Millimetres in twentieths of a point. */
export const twips = (millimetres: number): number => Math.round((millimetres / 25.4) * 1440)
/** Points in half-points. */
export const halfPoints = (points: number): number => Math.round(points * 2)
/** The gap between paragraphs, in twentieths of a point. */
export const gap = (): number => ND30.paragraphGap * 20
/** Line spacing in 240ths of a line. */
export const lineSpacing = (): number => Math.round(ND30.lineSpacing * 240)

/** Runs as Word's, links clickable and black. */
export const inlineRuns = (runs: readonly Run[]): ParagraphChild[] =>
  runs.map(({ text, bold, italic, href }) => {
    const run = new TextRun({
      text,
      ...(bold ? { bold } : {}),
      ...(italic ? { italics: italic } : {}),
    })
    return href === undefined ? run : new ExternalHyperlink({ link: href, children: [run] })
  })

/** A paragraph of the body: justified, first line indented; `keepNext` keeps it on the page of what follows. */
export const bodyParagraph = (children: ParagraphChild[], keepNext = false): Paragraph =>
  new Paragraph({
    keepNext,
    alignment: AlignmentType.JUSTIFIED,
    indent: { firstLine: twips(ND30.firstLineIndent) },
    spacing: { after: gap(), line: lineSpacing(), lineRule: 'auto' },
    children,
  })

/** A solid rule of `length` in the middle of a column of `width` (millimetres). */
export const ruleParagraph = (length: number, width: number, spacing: { after: number } = { after: 0 }): Paragraph =>
  new Paragraph({
    indent: { left: twips((width - length) / 2), right: twips((width - length) / 2) },
    spacing: { before: 0, after: spacing.after, line: 60, lineRule: 'exact' },
    border: { bottom: { style: BorderStyle.SINGLE, size: 6, color: '000000', space: 0 } },
    children: [new TextRun({ text: '', size: 2 })],
  })
