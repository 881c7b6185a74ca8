import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, it } from 'vitest'
import type { ReportDocument, TableRow } from '../reports/formats/blocks.ts'
import { renderHtml } from '../reports/formats/html.ts'
import { chromium, composedReports, openDocx, print } from './support/composed-reports.ts'

const report = composedReports()

describe('pages', () => {
  /** A report whose annex has so many rows of one line, and the rows on each page. */
  const withRows = (count: number): ReportDocument => {
    const { document } = report('foreign-week')
    const row = (number: number): TableRow => ({ kind: 'cells', cells: [[{ text: `hàng-${number}-` }]] })
    const rows = Array.from({ length: count }, (_, index) => row(index))
    const annexes = document.annexes.map((annex) => ({
      ...annex,
      blocks: annex.blocks.map((block) =>
        block.kind === 'table' ? { ...block, table: { ...block.table, rows } } : block,
      ),
    }))
    return { ...document, annexes }
  }
  const pagesOf = async (document: ReportDocument): Promise<readonly string[]> => {
    const pdf = await getDocumentProxy(await print(renderHtml(document)))
    return (await extractText(pdf, { mergePages: false })).text
  }
  const rowsOnPages = async (count: number): Promise<readonly number[]> =>
    (await pagesOf(withRows(count))).map((page) => page.match(/hàng-/g)?.length ?? 0).filter((rows) => rows > 0)

  it.skipIf(chromium.path === null)(
    'no row stands alone on the last page, and a long annex fills its pages (skipped where no Chromium is installed)',
    async () => {
      const [first = 0, second = 0, ...others] = await rowsOnPages(560)
      expect(second).toBeGreaterThan(10)
      // Where one table ends and the next begins its head takes the place of a row or two.
      for (const rows of others.slice(0, -1)) expect(rows).toBeGreaterThanOrEqual(second - 2)
      expect(await rowsOnPages(first + second + 1)).toEqual([first, second - 1, 2])
    },
    120_000,
  )

  it.skipIf(chromium.path === null)(
    'who signs does so on the page of the last section (skipped where no Chromium is installed)',
    async () => {
      const { document } = report('foreign-week')
      const filler = (lines: number): ReportDocument['body'] =>
        Array.from({ length: lines }, () => ({ kind: 'paragraph', runs: [{ text: 'Một dòng.' }] }))
      for (const lines of [0, 4, 8, 12, 16]) {
        const pages = await pagesOf({ ...document, body: [...filler(lines), ...document.body] })
        const signed = pages.find((page) => page.includes('Nơi nhận:')) ?? ''
        expect(signed, `${lines} lines`).toContain('V. ĐỀ XUẤT, KIẾN NGHỊ')
      }
    },
    120_000,
  )

  it('in DOCX: the same is said to the word processor', async () => {
    const { xml } = await openDocx(withRows(9))
    const keeps = (element: ReturnType<typeof xml>) => element.find('w\\:keepNext').length > 0
    const rows = xml('w\\:tbl')
      .filter((_, element) => xml(element).text().startsWith('STT'))
      .find('w\\:tr')
    // Head, nine rows: the first two and the last two stay together.
    expect(rows.toArray().map((row) => keeps(xml(row)))).toEqual([
      ...[true, true, false, false, false, false, false, false, true, false],
    ])
    const figures = xml('w\\:tbl').filter((_, element) => xml(element).text().startsWith('Sắc thái'))
    const kept = figures.find('w\\:tr').toArray()
    expect(kept.map((row) => keeps(xml(row)))).toEqual(kept.map((_, at) => at < kept.length - 1))
    const following = (title: string) =>
      xml('w\\:p')
        .filter((_, element) => xml(element).text() === title)
        .first()
        .next()
    expect(keeps(following('V. ĐỀ XUẤT, KIẾN NGHỊ'))).toBe(true)
    expect(keeps(following('III. VẤN ĐỀ NHẠY CẢM, DƯ LUẬN QUAN TÂM'))).toBe(true)
  })
})
