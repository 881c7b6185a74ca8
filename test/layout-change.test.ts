import { describe, expect, it } from 'vitest'
import type { ExtractionRules } from '../model.ts'
import { extract } from '../pipeline/extract.ts'
import { parseTree } from '../pipeline/extraction/tree.ts'
import { differencesAcross, isEditAcross, isOtherLayout, type View, viewOf } from '../pipeline/layout-change.ts'
import type { WorldArticle } from './press-world/articles.ts'
import { cookieBanner } from './press-world/layouts/foreign.ts'
import {
  microdataWithTeasers,
  modernJsonLd,
  oldTables,
  openGraphOnly,
  portal,
} from './press-world/layouts/vietnamese.ts'
import type { Layout } from './press-world/page.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

/** Sample texts, written by us. */
const article: WorldArticle = {
  id: 'mau',
  outlet: 'bao-mau',
  language: 'vi',
  published: '2025-10-01T01:00:00.000Z',
  title: 'Sạt lở ở Bát Xát, 45 hộ phải di dời trong đêm',
  lead: 'Mưa lớn kéo dài gây sạt lở tại nhiều nơi của tỉnh Lào Cai trong đêm qua.',
  paragraphs: [
    'Mưa lớn từ đêm 12/9 làm sạt lở đất tại xã Bát Xát. Chính quyền đã di dời 45 hộ dân đến nơi an toàn trong sáng nay.',
    'Ông chủ tịch xã cho biết đường đã thông trở lại lúc 17 giờ 30. Thiệt hại ước tính 1,2 tỷ đồng, chưa kể hoa màu.',
    'Lực lượng chức năng khuyến cáo người dân không qua ngầm tràn khi nước dâng. Các trường học trong xã cho học sinh nghỉ.',
  ],
  section: null,
  byline: null,
  path: null,
  expected: {},
  sample: true,
}
const neighbours = [
  ['Chợ phiên Bắc Hà đông khách', 'Sáng chủ nhật, chợ phiên Bắc Hà đón hàng nghìn lượt khách từ các tỉnh xa về.'],
  ['Ruộng bậc thang vào mùa lúa chín', 'Những ngày này ruộng bậc thang ở Sa Pa đã ngả vàng trên các sườn núi.'],
  ['Mở thêm chuyến tàu đêm lên Lào Cai', 'Ngành đường sắt mở thêm hai chuyến tàu đêm cho dịp nghỉ lễ sắp tới.'],
].map(([title = '', lead = ''], at) => ({ title, lead, url: `https://bao.example/tin-${at}.html` }))

const origin = 'https://bao.example'
const pageOf = (layout: Layout, change: Partial<WorldArticle> = {}, related = neighbours): string =>
  layout({
    ...{ article: { ...article, ...change }, outletName: 'Báo mẫu', origin, url: `${origin}/sat-lo-1.html`, related },
    ...{ timezone: 'Asia/Ho_Chi_Minh', charset: 'utf-8', now: new Date('2025-10-02T03:00:00Z') },
  })
/** The portal marks its heading with nothing that could be known. */
const portalRules: readonly ExtractionRules[] = [{ title: ['.ArticleHeader'] }]
const views = new Map<string, View>()
const view = (html: string, rules = portalRules): View => {
  const known = rules === portalRules ? views.get(html) : undefined
  if (known) return known
  const outlet = sampleOutlet({ name: 'Báo mẫu', rules })
  const { title, lead, text, by } = extract({ url: `${origin}/sat-lo-1.html`, html, outlet })
  const read = viewOf(parseTree(html), { title: title ?? '', lead, text: text ?? '', by })
  if (rules === portalRules) views.set(html, read)
  return read
}
const isEdit = (before: View, after: View, elsewhere: readonly string[] = []): boolean =>
  isEditAcross(differencesAcross(before, after), elsewhere)

const layouts: Readonly<Record<string, Layout>> = {
  ...{ modernJsonLd, openGraphOnly, microdataWithTeasers, oldTables, portal, cookieBanner },
}
const pairs = Object.keys(layouts).flatMap((from) =>
  Object.keys(layouts).flatMap((to) => (from === to ? [] : [[from, to] as const])),
)
const [first = '', second = '', third = ''] = article.paragraphs
const edits: Readonly<Record<string, Partial<WorldArticle>>> = {
  'a figure': { paragraphs: [first.replace('45 hộ', '46 hộ'), second, third] },
  'a negation': { paragraphs: [first, second, third.replace('không qua', 'đi qua')] },
  'a sentence added': { paragraphs: [`${first} Đến trưa, thêm một thôn bị cô lập.`, second, third] },
  'a paragraph added': { paragraphs: ['Đính chính: số hộ phải di dời đã được cập nhật.', first, second, third] },
  'a paragraph taken out': { paragraphs: [first, third] },
  'the title': { title: 'Sạt lở ở Bát Xát, 54 hộ phải di dời trong đêm' },
  'the lead': { lead: article.lead?.replace('nhiều nơi', 'hai nơi') ?? null },
}

describe('an article in another layout', () => {
  it.each(pairs)('%s → %s: another layout, and no edit', (from, to) => {
    const [before, after] = [view(pageOf(layouts[from] ?? portal)), view(pageOf(layouts[to] ?? portal))]
    expect(isOtherLayout(before, after)).toBe(true)
    expect(differencesAcross(before, after)).toMatchObject({ title: false })
    expect(isEdit(before, after)).toBe(false)
  })

  it.each(pairs.flatMap(([from, to]) => Object.keys(edits).map((name) => [from, to, name] as const)))(
    '%s → %s: %s changed too, and is found',
    (from, to, name) => {
      const before = view(pageOf(layouts[from] ?? portal))
      const after = view(pageOf(layouts[to] ?? portal, edits[name] ?? {}))
      expect(isEdit(before, after)).toBe(true)
      expect(isEdit(after, before)).toBe(true)
    },
  )

  it('is no edit where the new rules name neither lead nor boxes', () => {
    const old: ExtractionRules = { title: ['h1.title-detail'], lead: ['p.description'], body: ['p.Normal'] }
    const fresh: ExtractionRules = { title: ['td.tieude'], body: ['td.noidung'] }
    const before = view(pageOf(modernJsonLd), [old])
    const after = view(pageOf(oldTables), [fresh])
    expect(before.reading.lead).not.toBeNull()
    expect(after.reading.lead).toBeNull()
    expect(isEdit(before, after)).toBe(false)
    expect(isEdit(before, view(pageOf(oldTables, edits['a figure'] ?? {}), [fresh]))).toBe(true)
  })

  it('takes other neighbours in the boxes for no edit', () => {
    const others = neighbours.map(({ lead, url }, at) => ({ title: `Tin khác số ${at} của ngày hôm sau`, lead, url }))
    expect(isEdit(view(pageOf(openGraphOnly)), view(pageOf(modernJsonLd, {}, others)))).toBe(false)
  })

  it('takes sentences that stand on other pages of the outlet for the page’s', () => {
    const notice = 'Bạn đọc có thông tin về vụ việc xin gọi cho đường dây nóng của báo.'
    const before = view(pageOf(portal))
    const after = view(pageOf(microdataWithTeasers).replace('</strong></p>', `</strong></p><p>${notice}</p>`))
    expect(after.reading.text).toContain(notice)
    expect(isEdit(before, after)).toBe(true)
    expect(isEdit(before, after, [notice])).toBe(false)
    const edited = view(pageOf(microdataWithTeasers, edits['a figure'] ?? {}))
    expect(isEdit(before, edited, [notice])).toBe(true)
  })

  it('takes a shorter title for machines for no change of the title', () => {
    const meta = '<meta property="og:title" content="Sạt lở ở Bát Xát"><title>Sạt lở ở Bát Xát - Báo mẫu</title>'
    const before = view(pageOf(portal))
    const after = pageOf(oldTables).replace(/<title>.*?<\/title>/, meta)
    expect(view(after).reading.title).toBe('Sạt lở ở Bát Xát')
    expect(isEdit(before, view(after))).toBe(false)
    expect(isEdit(before, view(after.replaceAll('45 hộ phải', '54 hộ phải')))).toBe(true)
  })
})

describe('isOtherLayout', () => {
  it('is not another one because of other neighbours, counters or a longer text', () => {
    for (const layout of Object.values(layouts)) {
      const longer = { paragraphs: [...article.paragraphs, ...article.paragraphs.map((text) => `Tiếp. ${text}`)] }
      expect(isOtherLayout(view(pageOf(layout)), view(pageOf(layout, longer, neighbours.slice(1))))).toBe(false)
    }
  })
})
