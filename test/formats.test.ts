import { load } from 'cheerio'
import { extractText, getDocumentProxy, getMeta } from 'unpdf'
import { describe, expect, it } from 'vitest'
import { translator } from '../locales/index.ts'
import type { ReportDocument, Run, TableRow } from '../reports/formats/blocks.ts'
import { documentOf } from '../reports/formats/document.ts'
import { renderHtml } from '../reports/formats/html.ts'
import {
  changeInFigures,
  changeInWords,
  documentDay,
  documentMonth,
  lastDay,
  listInWords,
  outletName,
  shareInFigures,
} from '../reports/formats/words.ts'
import type { OutletRef } from '../reports/report-data.ts'
import { domesticStories } from './helpers/report-samples.ts'
import { chromium, composedReports, GIVEN, htmlText, openDocx, print, squeeze } from './support/composed-reports.ts'

const report = composedReports()
const t = translator('vi')

/** Where two long texts part, with what stands around; null when they are the same. */
function difference(a: string, b: string): { readonly a: string; readonly b: string } | null {
  if (a === b) return null
  let at = 0
  while (a[at] === b[at]) at += 1
  const around = (text: string) => text.slice(Math.max(0, at - 30), at + 30)
  return { a: around(a), b: around(b) }
}

/** Heads of tables, which paged formats repeat. */
const tableHeads = (document: ReportDocument): readonly string[] =>
  [...document.body, ...document.annexes.flatMap(({ blocks }) => blocks)].flatMap((block) =>
    block.kind === 'table' ? [squeeze(block.table.columns.map(({ title }) => title).join(''))] : [],
  )
const withoutHeads = (text: string, document: ReportDocument): string =>
  tableHeads(document).reduce((rest, head) => rest.replaceAll(head, ''), text)

describe('the formats say the same', () => {
  it.each(['domestic-week', 'foreign-week'])('%s: HTML and DOCX, character by character', async (id) => {
    const { document } = report(id)
    const html = htmlText(renderHtml(document))
    expect(html.length).toBeGreaterThan(2000)
    expect(difference((await openDocx(document)).text, html)).toBeNull()
  })

  it.each([
    [['Tỉnh ủy'], 'Kính gửi: Tỉnh ủy.'],
    [['Tỉnh ủy', 'UBND tỉnh', 'Sở'], 'Kính gửi: - Tỉnh ủy; - UBND tỉnh; - Sở.'],
  ])('to whom it goes: %j', async (to, expected) => {
    const document = { ...report('domestic-week').document, toLabel: 'Kính gửi:', to }
    const html = htmlText(renderHtml(document))
    expect(html).toContain(squeeze(expected))
    expect(difference((await openDocx(document)).text, html)).toBeNull()
  })

  it('what is printed leaning leans in both', async () => {
    const block = { kind: 'paragraph', runs: [{ text: 'Nghiêng', italic: true }, { text: 'Thẳng' }] } as const
    const document = { ...report('domestic-week').document, body: [block] }
    const leaning = load(renderHtml(document))('i, em').filter((_, element) => load(element).text() === 'Nghiêng')
    expect(leaning).toHaveLength(1)
    const { xml } = await openDocx(document)
    const run = (text: string) => xml('w\\:r').filter((_, element) => xml(element).text() === text)
    expect([run('Nghiêng').find('w\\:i').length, run('Thẳng').find('w\\:i').length]).toEqual([1, 0])
  })

  it('a story that a person named bears that name in bold, with the printed title beside it', async () => {
    const { document } = report('domestic-week')
    const printed = domesticStories.find(({ story }) => story === 'cua-khau')?.title ?? ''
    const line = load(renderHtml(document))('p').filter((_, element) => load(element).text().includes(GIVEN))
    expect(line).toHaveLength(1)
    expect(squeeze(line.text())).toContain(squeeze(`${GIVEN}: “${printed}” (`))
    expect(line.find('b, strong').first().text()).toBe(GIVEN)
    expect((await openDocx(document)).text).toContain(squeeze(`${GIVEN}: “${printed}” (`))
  })

  it.skipIf(chromium.path === null)(
    'PDF and HTML, character by character (skipped where no Chromium is installed)',
    async () => {
      const { document } = report('domestic-week')
      const html = renderHtml(document)
      const pdf = await getDocumentProxy(await print(html))
      const { text: pages } = await extractText(pdf, { mergePages: false })
      const joined = pages
        .map((page, index) => {
          if (index === 0) return page
          expect(page.startsWith(`${index + 1}\n`), `page ${index + 1} bears its number on top`).toBe(true)
          return page.slice(String(index + 1).length)
        })
        .join('')
      expect(pages[0]).toMatch(/^UBND TỈNH LÀO CAI/)
      const printed = withoutHeads(squeeze(joined), document)
      expect(difference(printed, withoutHeads(htmlText(html), document))).toBeNull()
    },
    120_000,
  )

  it.skipIf(chromium.path === null)(
    'PDF pages are A4, the annex table lies across (skipped where no Chromium is installed)',
    async () => {
      const { document } = report('foreign-week')
      const pdf = await getDocumentProxy(await print(renderHtml(document)))
      const { info } = await getMeta(pdf)
      expect(info).toMatchObject({ Title: document.title, Language: 'vi' })
      const { text: pages } = await extractText(pdf, { mergePages: false })
      const sizes = await Promise.all(
        pages.map(async (_, index) => (await pdf.getPage(index + 1)).view.slice(2).map((side) => Math.round(side))),
      )
      expect(sizes[0]).toEqual([595, 842])
      expect(sizes[pages.findIndex((page) => page.includes('Phụ lục I\n'))]).toEqual([842, 595])
      expect(sizes.at(-1)).toEqual([595, 842])
    },
    120_000,
  )
})

describe('HTML', () => {
  it('prints words that look like markup as words, and runs and loads nothing', () => {
    const html = renderHtml(report('domestic-week').document)
    const page = load(html)
    expect(page('script, img, link, iframe, object').length).toBe(0)
    expect(page('body').text()).toContain('<script>alert(1)</script> & "Lào Cai"')
    expect(html).not.toMatch(/url\(|@import/)
  })

  it('links lead to the articles only, and no other scheme becomes a link', () => {
    const { data } = report('domestic-week')
    const first = data.annex[0]
    if (!first) throw new Error('an annex')
    const bad = { ...data, annex: [{ ...first, url: 'javascript:alert(1)' }], sensitive: [], highlights: [] }
    const page = load(renderHtml(documentOf(bad, t)))
    expect(page('a').length).toBe(0)
    expect(page('body').text()).toContain('javascript:alert(1)')
  })

  it('each quotation carries its citation', () => {
    const { data, document } = report('domestic-week')
    const quotes = load(renderHtml(document))('q')
    const cited = [...data.sensitive, ...data.highlights.flatMap(({ matters }) => matters)].flatMap((one) => one.quotes)
    expect(quotes.length).toBeGreaterThanOrEqual(cited.length)
    expect(quotes.first().attr()).toMatchObject({ 'data-version': '1', 'data-field': 'lead' })
  })

  it('gives a long annex as several tables, each with its head, and leaves out none of its rows', () => {
    const { document } = report('domestic-week')
    const row = (number: number): TableRow => ({ kind: 'cells', cells: [[{ text: `hàng ${number}` }]] })
    // The second group's name would end a table.
    const rows: TableRow[] = Array.from({ length: 1200 }, (_, index) =>
      index === 0 || index === 499 ? { kind: 'group', text: `nhóm ${index}` } : row(index),
    )
    const columns = [{ title: 'Số', width: 1, align: 'left' as const }]
    const tables = (some: readonly TableRow[]) => {
      const [annex] = document.annexes
      if (!annex) throw new Error('no annex')
      const blocks = [{ kind: 'table' as const, table: { size: 'annex' as const, columns, rows: some } }]
      const page = load(renderHtml({ ...document, annexes: [{ ...annex, blocks }] }))
      return page('table.articles')
        .toArray()
        .map((table) => ({
          head: page(table).find('thead').text(),
          rows: page(table)
            .find('tbody tr')
            .toArray()
            .map((tr) => page(tr).text()),
        }))
    }
    const parts = tables(rows)
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.every(({ head }) => head === 'Số')).toBe(true)
    expect(parts.flatMap((part) => part.rows)).toEqual(
      rows.map((_, index) => (index === 0 || index === 499 ? `nhóm ${index}` : `hàng ${index}`)),
    )
    expect(parts.every((part) => part.rows.at(-1)?.startsWith('hàng'))).toBe(true)
    expect(tables(rows.slice(0, 100))).toHaveLength(1)
  })
})

describe('sentences follow from the figures', () => {
  const text = (id: string): string => {
    const runs = report(id).document.body.flatMap((block): readonly Run[] =>
      block.kind === 'paragraph' ? [...block.runs, { text: '\n' }] : [],
    )
    return runs.map((run) => run.text).join('')
  }

  it('the totals are those of the data', () => {
    const { figures } = report('domestic-week').data
    expect(text('domestic-week')).toContain(
      `Trong tuần có ${figures.articles.now} tin, bài của ${figures.outlets.now} cơ quan báo chí trong nước viết về tỉnh Lào Cai, phản ánh ${figures.stories.now} vụ việc, sự kiện.`,
    )
    expect(text('domestic-week')).toContain(`So với tuần trước (${figures.articles.before} tin, bài): tăng`)
  })

  it('without a week before nothing is compared', () => {
    expect(text('foreign-week')).toContain('Chưa có số liệu tuần trước để so sánh.')
    expect(text('foreign-week')).not.toContain('So với tuần trước')
  })

  it('the scope names what is not included', () => {
    expect(text('domestic-week')).toContain('Không bao gồm báo in, phát thanh, truyền hình và mạng xã hội.')
  })

  it('changes are worded and rounded right', () => {
    expect(changeInWords(t, 120, 100)).toBe('tăng 20 tin, bài (20%)')
    expect(changeInWords(t, 2, 3)).toBe('giảm 1 tin, bài (33,3%)')
    expect(changeInWords(t, 5, 0)).toBe('tăng 5 tin, bài')
    expect(changeInWords(t, 5, 5)).toBe('không thay đổi')
    expect(changeInFigures({ now: 1200, before: 2500 })).toBe('−1.300')
    expect(changeInFigures({ now: 3, before: null })).toBe('–')
    expect(shareInFigures(1, 8)).toBe('12,5%')
    expect(shareInFigures(0, 0)).toBe('–')
  })

  it('days and months are padded as the decree says', () => {
    expect(documentDay('2015-09-07T05:00:00.000Z')).toBe('07/9/2015')
    expect(documentDay('2026-02-03T05:00:00.000Z')).toBe('03/02/2026')
    expect(documentDay('2025-10-04T17:30:00.000Z')).toBe('05/10/2025')
    expect(documentMonth('2026-01-31T17:30:00.000Z')).toEqual({ month: '02', year: '2026' })
  })

  it('a period ends on the day before it is over, and lists read as sentences do', () => {
    expect(lastDay('2025-10-05T17:00:00.000Z')).toBe(documentDay('2025-10-05T05:00:00.000Z'))
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listInWords)).toEqual(['', 'a', 'a và b', 'a, b và c'])
  })

  it('foreign outlets bear the country of their seat, written as the office writes it', () => {
    const named = (country: string) => outletName({ id: 'mau', name: 'Báo Mẫu', country } as OutletRef, t)
    expect(named('VN')).toBe('Báo Mẫu')
    expect(named('JP')).toBe('Báo Mẫu, Nhật Bản')
    for (const country of ['TW', 'HK', 'MO']) expect(named(country)).toMatch(/^Báo Mẫu, .+ \(Trung Quốc\)$/)
  })
})
