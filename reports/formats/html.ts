import type { Annex, Block, Column, ReportDocument, Run, Table, TableRow } from './blocks.ts'
import { ROWS_KEPT_TOGETHER } from './blocks.ts'
import { type Html, html } from './markup.ts'
import { styles } from './print-styles.ts'

/** The report as one page without scripts or outside files: what people read on screen and what the PDF is printed from. */
export function renderHtml(document: ReportDocument): string {
  const page = html`<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.title}</title>
<style>${{ markup: styles() }}</style>
</head>
<body>
<main class="sheet">
${head(document)}
<h1 class="type">${document.type}</h1>
<p class="subject">${document.subject}</p>
<div class="rule subject-rule"></div>
${addressees(document)}
${document.basis.map((line) => html`<p class="basis">${line}</p>\n`)}
${document.body.map(block)}
${foot(document)}
</main>
${document.annexes.map(annex)}
</body>
</html>
`
  return page.markup
}

const head = (document: ReportDocument): Html => html`<header class="head">
<div class="agency"><p class="parent">${document.parent}</p><p class="own">${document.agency}</p><div class="rule agency-rule"></div></div>
<div class="nation"><p class="country">${document.country}</p><p class="motto">${document.motto}</p><div class="rule motto-rule"></div></div>
<p class="number">${document.number}</p>
<p class="dateline">${document.dateline}</p>
</header>`

function addressees({ toLabel, to }: ReportDocument): Html {
  if (to.length === 1) return html`<p class="to">${toLabel} ${to[0]}.</p>`
  return html`<div class="to many"><p>${toLabel}</p>${to.map(
    (name, index) => html`<p>- ${name}${index + 1 < to.length ? ';' : '.'}</p>`,
  )}</div>`
}

const foot = (document: ReportDocument): Html => html`<footer class="foot">
<div class="recipients"><p class="label">${document.recipientsLabel}</p>${document.recipients.map((line) => html`<p>${line}</p>`)}</div>
<div class="signature"><p>${document.signer}</p></div>
</footer>`

const annex = ({ label, title, belongsTo, landscape, blocks }: Annex): Html => html`<section class="sheet annex ${
  landscape ? 'landscape' : 'portrait'
}">
<p class="annex-label">${label}</p>
<h2 class="annex-title">${title}</h2>
<p class="annex-of">${belongsTo}</p>
${blocks.map(block)}
</section>
`

function block(one: Block): Html | readonly Html[] {
  switch (one.kind) {
    case 'section':
      return html`<h2 class="section">${one.text}</h2>\n`
    case 'heading':
      return html`<h3 class="heading">${one.text}</h3>\n`
    case 'paragraph':
      return html`<p class="text">${one.runs.map(run)}</p>\n`
    case 'note':
      return html`<p class="note">${one.runs.map(run)}</p>\n`
    case 'fill':
      return html`<p class="text fill">${one.text}</p>\n`
    case 'table':
      return table(one.table)
  }
}

/** Links open outside the reading frame and tell the outlet nothing of where one came from. */
function run({ text, bold, italic, href, cite }: Run): Html {
  let markup = html`${text}`
  if (cite)
    markup = html`<q cite="urn:article:${cite.articleId}" data-version="${cite.version}" data-field="${cite.field}" data-from="${cite.from}" data-to="${cite.to}">${markup}</q>`
  if (bold) markup = html`<b>${markup}</b>`
  if (italic) markup = html`<i>${markup}</i>`
  return href === undefined ? markup : html`<a href="${href}" target="_blank" rel="noopener noreferrer">${markup}</a>`
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`

/**
 * A long annex as several tables, each with its head, one following the other on the same page: for a table over hundreds
 * of pages Chromium holds nearly twice the memory. Annexes of a usual week stay whole.
 */
const table = ({ columns, rows, size }: Table): readonly Html[] =>
  inParts(rows).map((part) => tablePart(columns, part, size))

const ROWS_OF_A_TABLE = 500

/** What heads a group stays with its first row. */
function inParts(rows: readonly TableRow[]): readonly (readonly TableRow[])[] {
  if (rows.length <= ROWS_OF_A_TABLE) return [rows]
  const end = rows[ROWS_OF_A_TABLE - 1]?.kind === 'group' ? ROWS_OF_A_TABLE - 1 : ROWS_OF_A_TABLE
  return [rows.slice(0, end), ...inParts(rows.slice(end))]
}

const tablePart = (
  columns: readonly Column[],
  rows: readonly TableRow[],
  size: Table['size'],
): Html => html`<table class="${size === 'annex' ? 'articles' : rows.length > ROWS_KEPT_TOGETHER ? 'figures' : 'figures short'}">
<colgroup>${columns.map(({ width }) => html`<col style="width:${percent(width)}">`)}</colgroup>
<thead><tr>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => tableRow(row, columns))}</tbody>
</table>
`

function tableRow(row: TableRow, columns: readonly Column[]): Html {
  if (row.kind === 'group') return html`<tr class="group"><td colspan="${columns.length}">${row.text}</td></tr>\n`
  return html`<tr>${row.cells.map((runs, index) => html`<td class="${columns[index]?.align ?? 'left'}">${runs.map(run)}</td>`)}</tr>\n`
}
