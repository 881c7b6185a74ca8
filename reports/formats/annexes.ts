import { formatNumber } from '../../locales/format.ts'
import type { Translate } from '../../locales/index.ts'
import { problemText } from '../../locales/problem.ts'
import { OUTLET_CLASSES } from '../../profiles/outlet-schema.ts'
import type { AnnexRow, CoverageGap, ReportData } from '../report-data.ts'
import type { Annex, Block, Column, Run, TableRow } from './blocks.ts'
import { gistInWords, quotation } from './matter-blocks.ts'
import { documentMonth, documentTime, linkTo, outletName } from './words.ts'

/** Annex I: every relevant article. Annex II: the outlets followed, and those that were not collected. */
export function annexes(data: ReportData, t: Translate): readonly Annex[] {
  const { office, composedAt } = data
  const belongsTo = t('reports.document.annexOf', {
    symbol: office.symbol,
    office: office.name,
    ...documentMonth(composedAt),
  })
  return [
    {
      label: t('reports.document.annex', { numeral: 'I' }),
      title: t('reports.annex.articles', { province: data.province.toLocaleUpperCase('vi') }),
      belongsTo,
      landscape: true,
      blocks: articleBlocks(data, t),
    },
    {
      label: t('reports.document.annex', { numeral: 'II' }),
      title: t('reports.annex.outlets'),
      belongsTo,
      landscape: false,
      blocks: outletBlocks(data, t),
    },
  ]
}

function articleBlocks({ annex, late, notice }: ReportData, t: Translate): readonly Block[] {
  const press = annex.filter(({ outlet }) => outlet.class === 'press')
  const beside = annex.filter(({ outlet }) => outlet.class !== 'press')
  const group = (text: string, rows: readonly AnnexRow[]): readonly TableRow[] => [
    { kind: 'group', text },
    ...(rows.length === 0
      ? [{ kind: 'group' as const, text: t('reports.annex.none') }]
      : rows.map((row) => articleRow(row, t))),
  ]
  const count = (rows: readonly AnnexRow[]) => ({ count: formatNumber(rows.length) })
  const isFeedOnly = (row: AnnexRow) => row.completeness === 'feed-only'
  const legend = [...annex, ...late].some(isFeedOnly) ? ` ${t('reports.annex.feedOnly')}` : ''
  return [
    { kind: 'note', runs: [{ text: `${notice}${legend}`, italic: true }] },
    {
      kind: 'table',
      table: {
        size: 'annex',
        columns: columns(t),
        rows: [
          ...group(t('reports.annex.groupPress', count(press)), press),
          ...(beside.length > 0 ? group(t('reports.annex.groupBeside', count(beside)), beside) : []),
          ...(late.length > 0 ? group(t('reports.annex.groupLate', count(late)), late) : []),
        ],
      },
    },
  ]
}

function columns(t: Translate): readonly Column[] {
  const column = (
    key: 'number' | 'time' | 'outlet' | 'title' | 'summary' | 'tone' | 'link' | 'department',
    width: number,
    align: 'left' | 'center' = 'left',
  ): Column => ({ title: t(`reports.annex.column.${key}`), width, align })
  return [
    column('number', 0.045, 'center'),
    column('time', 0.08, 'center'),
    column('outlet', 0.1),
    column('title', 0.19),
    column('summary', 0.275),
    column('tone', 0.075, 'center'),
    column('link', 0.135),
    column('department', 0.1),
  ]
}

function articleRow(row: AnnexRow, t: Translate): TableRow {
  const marks = [
    row.copy && row.copyOfRow === null ? t('reports.annex.copy') : '',
    row.completeness === 'full' ? '' : t(`reports.annex.completeness.${row.completeness}`),
    row.fate && row.fate.edits > 0 ? t('reports.annex.edited', { count: formatNumber(row.fate.edits) }) : '',
    row.fate?.goneAt ? t('reports.annex.takenDown', { time: documentTime(row.fate.goneAt) }) : '',
  ].filter((mark) => mark !== '')
  const title: Run[] = [{ text: row.title, ...linkTo(row.url) }]
  if (marks.length > 0) title.push({ text: ` ${marks.join(' ')}`, italic: true })
  const tone = [
    t(`reports.tone.${row.tone}`) + (row.sensitive ? `; ${t('reports.annex.sensitive')}` : ''),
    row.corrected ? t('reports.annex.corrected') : '',
  ].filter((part) => part !== '')
  return {
    kind: 'cells',
    cells: [
      [{ text: formatNumber(row.row) }],
      [{ text: documentTime(row.published) }],
      [{ text: outletName(row.outlet, t) }],
      title,
      summary(row, t),
      [{ text: tone.join(' ') }],
      [{ text: shownUrl(row.url), ...linkTo(row.url) }],
      [{ text: row.departments.join('; ') }],
    ],
  }
}

/** A reprint names the row that it repeats; other articles are quoted, those in foreign languages after a gist. */
function summary({ copyOfRow, gist, extract, ...article }: AnnexRow, t: Translate): readonly Run[] {
  if (copyOfRow !== null) return [{ text: t('reports.annex.copyOf', { row: formatNumber(copyOfRow) }) }]
  const runs: Run[] = gist ? [{ text: gistInWords(article, gist, t) }] : []
  if (gist && extract) runs.push({ text: ' ' })
  if (extract?.verbatim) return [...runs, ...quotation([extract], t)]
  return extract ? [...runs, { text: `${extract.text} ${t('reports.annex.initials')}` }] : runs
}

/** An address as it is read and typed: without the scheme, percent-encoding undone where that is safe. */
function shownUrl(url: string): string {
  const bare = url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '')
  try {
    return decodeURI(bare).normalize('NFC')
  } catch (error) {
    if (error instanceof URIError) return bare
    throw error
  }
}

function outletBlocks({ scope }: ReportData, t: Translate): readonly Block[] {
  const blocks: Block[] = OUTLET_CLASSES.flatMap((one) => {
    const names = scope.outlets.filter((outlet) => outlet.class === one).map(({ name }) => name)
    if (names.length === 0) return []
    const title = t('reports.annex.outletsOfClass', {
      class: t(`reports.annex.classTitle.${one}`),
      count: formatNumber(names.length),
    })
    return [
      {
        kind: 'note' as const,
        runs: [
          { text: title, bold: true },
          { text: ` ${names.toSorted((a, b) => a.localeCompare(b, 'vi')).join('; ')}.` },
        ],
      },
    ]
  })
  if (scope.gaps.length === 0) return [...blocks, { kind: 'note', runs: [{ text: t('reports.gaps.none') }] }]
  return [
    ...blocks,
    { kind: 'note', runs: [{ text: t('reports.annex.gapsTitle'), bold: true }] },
    ...scope.gaps.map((gap): Block => ({ kind: 'note', runs: [{ text: gapLine(gap, t) }] })),
  ]
}

/** Codes of what is no error but a deviation from the outlet's own rhythm: said in words. */
const reasons: ReadonlyMap<string, 'silent' | 'late' | 'broken'> = new Map([
  ['source.silent', 'silent'],
  ['source.late', 'late'],
  ['source.broken', 'broken'],
])

function gapLine({ outlet, extent, code, lastSuccessAt }: CoverageGap, t: Translate): string {
  const values = { outlet, extent: t(`reports.gaps.extent.${extent}`) }
  const reason = reasons.get(code ?? '')
  const line =
    code === null
      ? t('reports.gaps.line', values)
      : reason
        ? t('reports.gaps.lineWithReason', { ...values, reason: t(`reports.gaps.reason.${reason}`) })
        : t('reports.gaps.lineWithCode', { ...values, problem: problemText(t, { code, message: '' }), code })
  return lastSuccessAt === null
    ? line
    : `${line} ${t('reports.gaps.lastSuccess', { time: documentTime(lastSuccessAt) })}`
}
