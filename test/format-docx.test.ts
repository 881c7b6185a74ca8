import { load } from 'cheerio'
import { beforeAll, describe, expect, it } from 'vitest'
import { translator } from '../locales/index.ts'
import { ND30 } from '../reports/nd30.ts'
import { composedReports, type Docx, openDocx } from './support/composed-reports.ts'

const report = composedReports()
const t = translator('vi')

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

  /** Whether a property is there and not switched off. */
  const isOn = (among: ReturnType<Docx['xml']>, name: string): boolean => {
    const property = among.find(name)
    return property.length > 0 && !['false', 'off', '0'].includes(property.attr('w:val') ?? '')
  }

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
    expect(isOn(section, 'w\\:titlePg')).toBe(true)
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
    const { top, right, bottom, left } = ND30.landscapeMargin
    expect(sections.eq(1).children('w\\:pgMar').attr()).toMatchObject({
      ...{ 'w:top': twips(top), 'w:right': twips(right), 'w:bottom': twips(bottom), 'w:left': twips(left) },
    })
    expect(isOn(annex.find('w\\:tr').first(), 'w\\:tblHeader')).toBe(true)
    const relations = docx.files.get('word/_rels/document.xml.rels') ?? ''
    for (const { url } of report('domestic-week').data.annex)
      expect(relations).toContain(`Target="${url.replaceAll('&', '&amp;')}" TargetMode="External"`)
    expect(annex.find('w\\:hyperlink').length).toBe(2 * report('domestic-week').data.annex.length)
  })

  it('no row of a table breaks over pages, none stands alone, and a heading in it runs across and stays with its rows', () => {
    const annex = docx.xml('w\\:tbl').filter((_, element) => docx.xml(element).text().startsWith('STT'))
    const rows = annex
      .find('w\\:tr')
      .toArray()
      .map((row) => docx.xml(row))
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows) expect(isOn(row, 'w\\:cantSplit')).toBe(true)
    const columns = rows[0]?.children('w\\:tc').length
    const headings = rows.filter((row) => row.children('w\\:tc').length === 1)
    expect(headings.length).toBeGreaterThan(0)
    for (const heading of headings) {
      expect(heading.find('w\\:gridSpan').attr('w:val')).toBe(String(columns))
      expect(isOn(heading, 'w\\:keepNext')).toBe(true)
    }
    const kept = rows.map((row) => isOn(row, 'w\\:keepNext'))
    expect(kept.slice(0, 2)).toEqual([true, true])
    expect(kept.slice(-2)).toEqual([true, false])
    const between = rows.slice(2, -2).filter((row) => !headings.includes(row))
    expect(between.some((row) => isOn(row, 'w\\:keepNext'))).toBe(false)
  })
})
