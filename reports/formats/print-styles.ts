import { ND30 } from '../nd30.ts'

/** A single line of Times New Roman, in its size: what a word processor multiplies by the line spacing. */
const SINGLE = 1.15

/** The styles of the HTML, from the figures of Nghị định 30: on paper as the decree says, on a screen as sheets. */
export function styles(): string {
  const { page, size } = ND30
  const { top, right, bottom, left } = page.margin
  const font = `"${ND30.font}", "Liberation Serif", "Tinos", "Noto Serif", "Noto Serif CJK SC", "Noto Sans CJK SC", serif`
  return `
@page { size: ${page.width}mm ${page.height}mm; margin: ${top}mm ${right}mm ${bottom}mm ${left}mm;
  @top-center { content: counter(page); font: ${size.pageNumber}pt ${font}; } }
@page :first { @top-center { content: none; } }
@page landscape { size: ${page.height}mm ${page.width}mm; margin: ${ND30.landscapeMargin.top}mm ${ND30.landscapeMargin.right}mm ${ND30.landscapeMargin.bottom}mm ${ND30.landscapeMargin.left}mm; }
* { box-sizing: border-box; }
html { color: #000; background: #fff; }
body { margin: 0; font: ${size.body}pt/${(ND30.lineSpacing * SINGLE).toFixed(3)} ${font}; }
p, h1, h2, h3 { margin: 0; font-size: inherit; }
a { color: inherit; text-decoration: none; overflow-wrap: anywhere; }
q { quotes: none; }
.head { display: grid; grid-template-columns: ${ND30.head.left}fr ${ND30.head.right}fr; text-align: center; line-height: normal; }
.head p { white-space: pre-wrap; }
.parent, .own { font-size: ${size.agency}pt; }
.own, .country, .motto { font-weight: bold; }
.country { font-size: ${size.country}pt; }
.head .country, .head .motto { white-space: nowrap; }
.motto { font-size: ${size.motto}pt; }
.number { font-size: ${size.number}pt; }
.dateline { font-size: ${size.dateline}pt; font-style: italic; }
.number, .dateline { margin-top: 8pt; align-self: baseline; }
.rule { height: 0; border-top: 0.75pt solid #000; margin: 2pt auto 0; }
.agency-rule { width: ${ND30.agencyRule}mm; }
.motto-rule { width: ${ND30.mottoRule}mm; }
.subject-rule { width: ${ND30.subjectRule}mm; margin: 3pt auto 12pt; }
.type { text-align: center; font-weight: bold; margin-top: 18pt; }
.subject { text-align: center; font-weight: bold; }
.to { text-align: center; margin: 0 0 12pt; }
.to.many { width: max-content; max-width: 100%; margin-inline: auto; text-align: left; }
.to.many p + p { padding-left: 12.7mm; }
.basis, .text { text-align: justify; text-indent: ${ND30.firstLineIndent}mm; margin: 0 0 ${ND30.paragraphGap}pt; }
.basis { font-style: italic; }
.section, .heading { font-weight: bold; text-indent: ${ND30.firstLineIndent}mm; margin: ${ND30.paragraphGap}pt 0; break-after: avoid; }
.section + .text:not(.fill) { break-after: avoid; }
.text { overflow-wrap: break-word; orphans: 2; widows: 2; }
.fill { font-style: italic; }
/* Who signs does so below the last section, not below the closing words alone. */
.fill + .text { break-before: avoid; }
.note { text-align: justify; margin: 0 0 ${ND30.paragraphGap}pt; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; line-height: 1.1; margin: ${ND30.paragraphGap}pt 0 8pt; }
th, td { border: 0.5pt solid #000; padding: 1.5pt 3pt; vertical-align: top; overflow-wrap: break-word; }
th { text-align: center; vertical-align: middle; }
td.center { text-align: center; }
table.figures { font-size: ${size.table}pt; }
table.figures td { vertical-align: middle; }
table.articles { font-size: ${size.annexTable}pt; }
table.articles td:nth-child(7) { font-size: ${size.annexLink}pt; }
table.articles + table.articles { margin-top: -8pt; }
tr { break-inside: avoid; }
table.short { break-inside: avoid; }
/* No row stands alone on the first or the last page of a table. */
tbody tr:first-child { break-after: avoid; }
tbody tr:last-child { break-before: avoid; }
thead { display: table-header-group; }
.group { font-weight: bold; break-after: avoid; }
.foot { display: grid; grid-template-columns: ${ND30.foot.left}fr ${ND30.foot.right}fr; margin-top: 12pt; break-inside: avoid; break-before: avoid; line-height: 1.05; }
.recipients { font-size: ${size.recipients}pt; }
.recipients .label { font-size: ${size.recipientsLabel}pt; font-weight: bold; font-style: italic; }
.signature { text-align: center; font-weight: bold; padding-bottom: ${ND30.signatureSpace}mm; }
.annex-label { text-align: center; font-weight: bold; font-size: ${size.annexLabel}pt; }
.annex-title { text-align: center; font-weight: bold; font-size: ${size.annexTitle}pt; }
.subject, .annex-title, .annex-of { text-wrap: balance; }
.annex-of { text-align: center; font-style: italic; margin-bottom: 10pt; white-space: pre-wrap; }
@media print {
  .annex { break-before: page; }
  .annex.landscape { page: landscape; }
}
@media screen {
  html { background: #e8e8e8; }
  .sheet { background: #fff; width: ${page.width}mm; max-width: 100%; margin: 6mm auto; padding: ${top}mm ${right}mm ${bottom}mm ${left}mm; }
  .sheet.landscape { width: ${page.height}mm; padding: ${ND30.landscapeMargin.top}mm ${ND30.landscapeMargin.right}mm; }
  a:hover, a:focus-visible { text-decoration: underline; }
}
@media screen and (max-width: 1000px) {
  .sheet { overflow-x: auto; }
  table.articles { min-width: 230mm; }
}
@media screen and (max-width: 700px) {
  body { font-size: 12pt; }
  .sheet { padding: 6mm 4mm; margin: 0 0 4mm; }
  .head { grid-template-columns: minmax(0, 1fr); row-gap: 6pt; }
  .head .country, .head .motto { font-size: 11pt; white-space: normal; }
  .head .nation { order: -1; }
}
`.trim()
}
