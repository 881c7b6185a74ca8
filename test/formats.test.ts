import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'cheerio'
import { extractText, getDocumentProxy, getMeta } from 'unpdf'
import { beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../crawlers/chromium.ts'
import { translator } from '../locales/index.ts'
import type { Profile } from '../profiles/schema.ts'
import { composeReport } from '../reports/compose.ts'
import type { ReportDocument, Run, TableRow } from '../reports/formats/blocks.ts'
import { documentOf } from '../reports/formats/document.ts'
import { renderDocx } from '../reports/formats/docx.ts'
import { renderHtml } from '../reports/formats/html.ts'
import { renderPdf } from '../reports/formats/pdf.ts'
import { changeInFigures, changeInWords, documentDay, documentMonth, shareInFigures } from '../reports/formats/words.ts'
import { ND30 } from '../reports/nd30.ts'
import { periodOfWeek } from '../reports/period.ts'
import type { ReportData } from '../reports/report-data.ts'
import { openStore } from '../store/open.ts'
import { sampleProfile } from './helpers/report-profile.ts'
import { domesticStories, foreignStories, type SampleStory } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'
import { unzip } from './helpers/unzip.ts'

const t = translator('vi')
const chromium = { path: findChromium(process.env.PATH ?? ''), sandbox: process.getuid?.() !== 0 }

/** Titles that try to be more than text, in every format. */
const hostile: SampleStory = {
  ...(domesticStories.find(({ story }) => story === 'que') as SampleStory),
  story: 'hostile',
  outlets: ['laodong'],
  title: '[Bài mẫu] <script>alert(1)</script> & "Lào Cai" </w:t> \u0007]]>',
}

/** What a person called a story; markup like the rest is words. */
const GIVEN = 'Hàng qua Kim Thành <tăng> bốn tháng liền'

let reports: { readonly id: string; readonly data: ReportData; readonly document: ReportDocument }[]

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'formats-'))
  const store = await openStore({ file: join(folder, 'store.sqlite') })
  const profile: Profile = await sampleProfile()
  await fillStore(store, [...domesticStories, ...foreignStories, hostile])
  await fillStore(store, domesticStories.slice(1, 6), { shiftDays: -7 })
  await store.storyDesk.rename({ storyId: 'cua-khau-0', title: GIVEN, who: 'an', at: '2025-10-05T01:00:00.000Z' })
  reports = []
  for (const definition of profile.reports) {
    const now = new Date('2025-10-06T00:00:00.000Z')
    const period = periodOfWeek('2025-W40')
    const data = await composeReport({ store, profile, definition, period, coverage: [], now })
    reports.push({ id: definition.id, data, document: documentOf(data, t) })
  }
  await store.close()
  await rm(folder, { recursive: true })
})

const report = (id: string) => {
  const found = reports.find((one) => one.id === id)
  if (!found) throw new Error(`no report ${id}`)
  return found
}

/** Without white space of any kind: lines break differently in each format. */
const squeeze = (text: string): string => text.replace(/\s+/gu, '')
/** Where two long texts part, with what stands around; null when they are the same. */
function difference(a: string, b: string): { readonly a: string; readonly b: string } | null {
  if (a === b) return null
  let at = 0
  while (a[at] === b[at]) at += 1
  const around = (text: string) => text.slice(Math.max(0, at - 30), at + 30)
  return { a: around(a), b: around(b) }
}
const htmlText = (html: string): string => squeeze(load(html)('body').text())

interface Docx {
  readonly xml: ReturnType<typeof load>
  readonly files: ReadonlyMap<string, string>
  readonly text: string
}

async function openDocx(document: ReportDocument): Promise<Docx> {
  const files = unzip(await renderDocx(document))
  const xml = load(files.get('word/document.xml') ?? '', { xml: true })
  return { xml, files, text: squeeze(xml('w\\:t').text()) }
}

/** Heads of tables, which paged formats repeat. */
const tableHeads = (document: ReportDocument): readonly string[] =>
  [...document.body, ...document.annexes.flatMap(({ blocks }) => blocks)].flatMap((block) =>
    block.kind === 'table' ? [squeeze(block.table.columns.map(({ title }) => title).join(''))] : [],
  )
const withoutHeads = (text: string, document: ReportDocument): string =>
  tableHeads(document).reduce((rest, head) => rest.replaceAll(head, ''), text)

const print = async (html: string): Promise<Uint8Array> => new Uint8Array(await renderPdf(html, chromium))

describe('the formats say the same', () => {
  it.each(['domestic-week', 'foreign-week'])('%s: HTML and DOCX, character by character', async (id) => {
    const { document } = report(id)
    const html = htmlText(renderHtml(document))
    expect(html.length).toBeGreaterThan(2000)
    expect(difference((await openDocx(document)).text, html)).toBeNull()
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

describe('DOCX by Nghị định 30', () => {
  const twips = (millimetres: number) => String(Math.round((millimetres / 25.4) * 1440))
  let docx: Docx
  beforeAll(async () => {
    docx = await openDocx(report('domestic-week').document)
  })
  /** The run that prints `text`, with the size (points) and style that it carries itself. */
  const run = (text: string) => {
    const found = docx.xml('w\\:r').filter((_, element) => docx.xml(element).children('w\\:t').text() === text)
    expect(found.length, text).toBeGreaterThan(0)
    const properties = found.first().children('w\\:rPr')
    const on = (name: string) => {
      const element = properties.children(name)
      return element.length > 0 && element.attr('w:val') !== 'false' && element.attr('w:val') !== '0'
    }
    const size = properties.children('w\\:sz').attr('w:val')
    return { size: size === undefined ? null : Number(size) / 2, bold: on('w\\:b'), italic: on('w\\:i') }
  }
  const paragraph = (text: string) =>
    docx
      .xml('w\\:p')
      .filter((_, element) => docx.xml(element).find('w\\:t').text() === text)
      .first()

  it('the page is A4 with the margins, in Times New Roman 14, Vietnamese', () => {
    const section = docx.xml('w\\:sectPr').first()
    expect(section.children('w\\:pgSz').attr()).toMatchObject({ 'w:w': twips(210), 'w:h': twips(297) })
    const { top, right, bottom, left } = ND30.page.margin
    const margins = section.children('w\\:pgMar').attr()
    expect(margins).toMatchObject({ 'w:top': twips(top), 'w:right': twips(right), 'w:bottom': twips(bottom) })
    expect(margins).toMatchObject({ 'w:left': twips(left) })
    for (const [side, [least, most]] of Object.entries({
      top: [20, 25],
      bottom: [20, 25],
      left: [30, 35],
      right: [15, 20],
    })) {
      const value = ND30.page.margin[side as keyof typeof ND30.page.margin]
      expect(value >= (least ?? 0) && value <= (most ?? 0), side).toBe(true)
    }
    const styles = load(docx.files.get('word/styles.xml') ?? '', { xml: true })
    const defaults = styles('w\\:rPrDefault w\\:rPr')
    expect(defaults.children('w\\:rFonts').attr('w:ascii')).toBe('Times New Roman')
    expect(defaults.children('w\\:sz').attr('w:val')).toBe('28')
    expect(defaults.children('w\\:lang').attr('w:val')).toBe('vi-VN')
  })

  it.each([
    ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', [12, 13], true, false],
    ['Độc lập - Tự do - Hạnh phúc', [13, 14], true, false],
    ['UBND TỈNH LÀO CAI', [12, 13], false, false],
    ['SỞ VĂN HÓA, THỂ THAO VÀ\u00a0DU LỊCH', [12, 13], true, false],
    ['Số:         /BC-SVHTTDL', [13, 13], false, false],
    ['Lào Cai, ngày       tháng 10 năm 2025', [13, 14], false, true],
    ['Nơi nhận:', [12, 12], true, true],
    ['- Như trên;', [11, 11], false, false],
    ['- Lưu: VT, BCXB.', [11, 11], false, false],
    ['GIÁM ĐỐC', [13, 14], true, false],
    ['Phụ lục I', [14, 14], true, false],
  ] as const)('"%s" has its size and style', (text, [least, most], bold, italic) => {
    const found = run(text)
    expect(found).toMatchObject({ bold, italic })
    expect((found.size ?? 14) >= least && (found.size ?? 14) <= most, `${found.size} pt`).toBe(true)
  })

  it('BÁO CÁO and the trích yếu are bold and centred, with a rule under it', () => {
    const subject =
      'Tổng hợp dư luận báo chí trong nước viết về tỉnh Lào Cai tuần 40 năm 2025 (từ ngày 29/9/2025 đến ngày 05/10/2025)'
    for (const text of ['BÁO CÁO', subject]) {
      expect(run(text)).toMatchObject({ bold: true, italic: false })
      expect(paragraph(text).find('w\\:jc').attr('w:val')).toBe('center')
    }
    expect(paragraph(subject).next().find('w\\:pBdr w\\:bottom').attr('w:val')).toBe('single')
  })

  it('the body is justified, with the first line indented and at least 6 pt between paragraphs', () => {
    const opening = paragraph(t('reports.scope.excluded')).length
    expect(opening).toBe(0)
    const body = docx
      .xml('w\\:p')
      .filter((_, element) => docx.xml(element).text().startsWith('Sở Văn hóa, Thể thao và Du lịch tổng hợp'))
      .first()
      .children('w\\:pPr')
    expect(body.children('w\\:jc').attr('w:val')).toBe('both')
    expect(body.children('w\\:ind').attr('w:firstLine')).toBe(twips(12.7))
    expect(Number(body.children('w\\:spacing').attr('w:after'))).toBeGreaterThanOrEqual(120)
  })

  it('basis lines end with ";", the last with "."; the body ends with "./."', () => {
    const { basis, body } = report('domestic-week').document
    expect(basis.map((line) => line.at(-1))).toEqual([';', '.'])
    const last = body.at(-1)
    expect(last?.kind === 'paragraph' && last.runs.at(-1)?.text.endsWith('./.')).toBe(true)
  })

  it('sections are I to V in capitals, and people fill IV and V', () => {
    const { body } = report('domestic-week').document
    expect(body.flatMap((block) => (block.kind === 'section' ? [block.text] : []))).toEqual([
      'I. TỔNG QUAN SỐ LIỆU',
      'II. NỘI DUNG NỔI BẬT THEO LĨNH VỰC',
      'III. VẤN ĐỀ NHẠY CẢM, DƯ LUẬN QUAN TÂM',
      'IV. NHẬN ĐỊNH, ĐÁNH GIÁ',
      'V. ĐỀ XUẤT, KIẾN NGHỊ',
    ])
    for (const title of ['IV. NHẬN ĐỊNH, ĐÁNH GIÁ', 'V. ĐỀ XUẤT, KIẾN NGHỊ']) {
      const at = body.findIndex((block) => block.kind === 'section' && block.text === title)
      expect(body[at + 1]?.kind).toBe('fill')
    }
  })

  it('the page number stands centred on top, and not on page 1', () => {
    const section = docx.xml('w\\:sectPr').first()
    expect(section.children('w\\:titlePg').length).toBe(1)
    const target = (type: string) => {
      const id = section.children(`w\\:headerReference[w\\:type="${type}"]`).attr('r:id')
      const relations = load(docx.files.get('word/_rels/document.xml.rels') ?? '', { xml: true })
      return docx.files.get(`word/${relations(`Relationship[Id="${id}"]`).attr('Target')}`) ?? ''
    }
    expect(target('default')).toContain('PAGE')
    expect(target('default')).toMatch(/<w:jc w:val="center"\/>/)
    expect(target('default')).toContain(`<w:sz w:val="${ND30.size.pageNumber * 2}"/>`)
    expect(target('first')).not.toContain('PAGE')
  })

  it('the annex table lies across, its head is repeated, its links can be clicked', () => {
    const sections = docx.xml('w\\:sectPr')
    expect(sections.length).toBe(3)
    expect(sections.eq(1).children('w\\:pgSz').attr()).toMatchObject({
      'w:w': twips(297),
      'w:h': twips(210),
      'w:orient': 'landscape',
    })
    const annex = docx.xml('w\\:tbl').filter((_, element) => docx.xml(element).text().startsWith('STT'))
    expect(annex.find('w\\:tr').first().find('w\\:tblHeader').length).toBe(1)
    const relations = docx.files.get('word/_rels/document.xml.rels') ?? ''
    for (const { url } of report('domestic-week').data.annex)
      expect(relations).toContain(`Target="${url.replaceAll('&', '&amp;')}" TargetMode="External"`)
    expect(annex.find('w\\:hyperlink').length).toBe(2 * report('domestic-week').data.annex.length)
  })
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
    expect(changeInWords(t, 120, 100)).toBe('tăng 20 tin, bài (20\u00a0%)')
    expect(changeInWords(t, 2, 3)).toBe('giảm 1 tin, bài (33,3\u00a0%)')
    expect(changeInWords(t, 5, 0)).toBe('tăng 5 tin, bài')
    expect(changeInWords(t, 5, 5)).toBe('không thay đổi')
    expect(changeInFigures({ now: 1200, before: 2500 })).toBe('−1.300')
    expect(changeInFigures({ now: 3, before: null })).toBe('–')
    expect(shareInFigures(1, 8)).toBe('12,5\u00a0%')
    expect(shareInFigures(0, 0)).toBe('–')
  })

  it('days and months are padded as the decree says', () => {
    expect(documentDay('2015-09-07T05:00:00.000Z')).toBe('07/9/2015')
    expect(documentDay('2026-02-03T05:00:00.000Z')).toBe('03/02/2026')
    expect(documentDay('2025-10-04T17:30:00.000Z')).toBe('05/10/2025')
    expect(documentMonth('2026-01-31T17:30:00.000Z')).toEqual({ month: '02', year: '2026' })
  })
})
