import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExtractionRules, FeedItem, Outlet } from '../model.ts'
import { type ExtractInput, extract } from '../pipeline/extract.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const url = 'https://bao-mau.example.vn/bai-mau.html'
const layout = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', 'layouts', `${name}.html`), 'utf8')
const read = (html: string, more: Partial<ExtractInput> = {}) =>
  extract({ url, html, fetchedAt: '2025-10-05T03:00:00.000Z', ...more })

const outlet = (rules: readonly ExtractionRules[] = [], more: Partial<Outlet> = {}): Outlet =>
  sampleOutlet({ rules, ...more })

const sentence = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `<p>Câu mẫu số ${index + 1} kể rằng người dân bản mẫu đã gặt xong ruộng lúa trên sườn núi phía đông.</p>`,
  ).join('\n')
const page = (body: string, head = '', title = 'Bản mẫu gặt xong lúa mùa'): string =>
  `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body><div class="content"><h1>${title}</h1>${body}</div></body></html>`

describe('extract on layouts', () => {
  it('reads a page of a large newsroom’s system and leaves its boxes out', () => {
    const article = read(layout('cms-with-boxes'))
    expect(article).toMatchObject({
      title: 'Bản mẫu Nậm Thử khánh thành cầu treo mới',
      lead: 'Cây cầu treo dài 85 mét giúp hơn 200 hộ dân bản mẫu không còn phải lội suối mùa mưa.',
      byline: 'Trần Thị Mẫu',
      section: 'Dân sinh',
      language: 'vi',
      canonical: 'https://bao-mau.example.vn/ban-mau-nam-thu-khanh-thanh-cau-treo-moi-185251001140512345.htm',
      image: 'https://bao-mau.example.vn/anh/cau-treo.jpg',
      imageCaption: 'Cầu treo nhìn từ đầu bản. Ảnh mẫu',
      completeness: 'full',
    })
    const paragraphs = article.text?.split('\n') ?? []
    expect(paragraphs.map((paragraph) => paragraph.slice(0, 20))).toEqual([
      'Sáng 1/10, chính quy',
      'Cầu dài 85 mét, rộng',
      'Ông Giàng A Mẫu, trư',
      'Xã dự kiến lắp thêm ',
    ])
  })

  it('doubts structured data that calls local time UTC, for both of its times', () => {
    const article = read(layout('cms-with-boxes'))
    expect(article).toMatchObject({ published: '2025-10-01T07:05:00.000Z', modified: '2025-10-01T08:20:00.000Z' })
    expect(article.by.published).toBe('open-graph')
    expect(article.doubts.join()).toContain('zone')
  })

  it('reads a provincial paper: lead printed twice, player, file names, newer teasers and the page’s clock', () => {
    const article = read(layout('provincial-paper'))
    expect(article).toMatchObject({
      title: 'Thôn Vách thu 12 tấn mật ong',
      lead: 'Vụ này, thôn Vách thu 12 tấn mật ong, cao nhất trong năm năm.',
      published: '2025-10-04T09:45:00.000Z',
      byline: 'Lý Mẫu Dần',
    })
    expect(article.text?.split('\n')).toHaveLength(3)
    expect(article.text).not.toMatch(/0:00|\.jpg|15\/3|đọc thêm/)
  })

  it('reads an old page of tables without classes of today', () => {
    const article = read(layout('old-tables'), { fetchedAt: null })
    expect(article).toMatchObject({
      title: 'Phiên chợ mẫu họp lại sau lũ',
      published: '2008-09-13T03:25:00.000Z',
      byline: 'Hà Mẫu',
      by: { title: 'class', published: 'page', text: 'general' },
    })
    expect(article.text?.split('\n')).toHaveLength(3)
    expect(article.text).not.toContain('Giá gạo')
  })

  it('reads a Chinese portal in the outlet’s zone', () => {
    const article = read(layout('chinese-portal'), {
      outlet: outlet([], { timezone: 'Asia/Shanghai', country: 'CN', name: '样本网' }),
    })
    expect(article).toMatchObject({
      title: '样本：边境小镇恢复集市',
      language: 'zh',
      published: '2025-10-01T01:29:00.000Z',
    })
    expect(article.text).toContain('越南老街省')
    expect(article.text).not.toMatch(/责编|马拉松/)
  })

  it('reads ill-formed JSON-LD with @graph and keeps headings and lists of the text', () => {
    const article = read(layout('english-blog'))
    expect(article).toMatchObject({
      title: 'A sample walk through the terraces',
      byline: 'Ann Sample, Bo Muster',
      section: 'Travel',
      published: '2025-10-01T23:30:00.000Z',
      modified: '2025-10-03T01:00:00.000Z',
      imageCaption: 'Terraces in an invented valley',
      by: { title: 'json-ld', byline: 'json-ld' },
    })
    expect(article.text).toContain('The first valley\n')
    expect(article.text).toContain('Bring water for four hours.')
    expect(article.text).not.toMatch(/Subscribe|Lovely|Share this|Read more|rights reserved|clicks/)
  })
})

describe('the outlet’s rules', () => {
  const html = `<html><body><div class="old"><b class="t">Tiêu đề theo luật cũ</b><div class="noi-dung"><p>Đoạn một của bài mẫu.</p><div class="box">Hộp lạ trong bài.</div><p>Đoạn hai của bài mẫu.</p></div><i data-time="2019-03-04 10:00">hôm nọ</i></div></body></html>`
  const old: ExtractionRules = {
    until: '2020-12-31',
    title: ['.missing', '.t'],
    body: ['.noi-dung'],
    remove: ['.box'],
    published: ['i@data-time'],
  }
  const current: ExtractionRules = { from: '2021-01-01', title: ['h1'], body: ['article'] }

  it('come first, by the date of the page', () => {
    const article = read(html, {
      url: 'https://bao-mau.example.vn/2019/03/04/bai.html',
      outlet: outlet([old, current]),
    })
    expect(article).toMatchObject({
      title: 'Tiêu đề theo luật cũ',
      text: 'Đoạn một của bài mẫu.\nĐoạn hai của bài mẫu.',
      published: '2019-03-04T03:00:00.000Z',
      by: { title: 'rule', text: 'rule', published: 'rule' },
    })
  })

  it('take out elements inside a line too, of the text and of other fields', () => {
    const stamped = page(
      `<p class="sapo"><span class="noi">Miền Bắc</span>Tin mẫu mở đầu bằng một câu.</p>${sentence(5)}<p>Câu cuối <em class="noi">quảng cáo</em>của bài mẫu.</p>`,
    )
    const rules: ExtractionRules = { lead: ['.sapo'], body: ['.content p:not(.sapo)'], remove: ['.noi'] }
    const article = read(stamped, { outlet: outlet([rules]) })
    expect(article.lead).toBe('Tin mẫu mở đầu bằng một câu.')
    expect(article.text?.split('\n').at(-1)).toBe('Câu cuối của bài mẫu.')
    expect(article.text).toContain(
      sentence(1)
        .replaceAll(/<[^>]*>/g, '')
        .slice(0, 20),
    )
  })

  it('give way, with a doubt, where they find nothing', () => {
    const article = read(html, { outlet: outlet([old, current]) })
    expect(article.by.text).not.toBe('rule')
    expect(article.doubts).toContain('rule: body found nothing')
  })

  it('are held against the general reader while no live page has confirmed them', () => {
    const html = page(`<p class="x">Một câu lẻ loi.</p>${sentence(6)}`)
    const wrong: ExtractionRules = { unverified: true, body: ['.x'] }
    const article = read(html, { outlet: outlet([wrong]) })
    expect(article.by.text).toBe('general')
    expect(article.doubts.join()).toContain('unverified body rule')
    expect(read(html, { outlet: outlet([{ ...wrong, unverified: false }]) }).text).toBe('Một câu lẻ loi.')
  })

  it('name a selector that does not parse', () => {
    const article = read(page(sentence(4)), { outlet: outlet([{ title: ['h1[['], body: ['::nope('] }]) })
    expect(article.title).toBe('Bản mẫu gặt xong lúa mùa')
    expect(article.doubts.filter((doubt) => doubt.startsWith('rule: '))).not.toHaveLength(0)
  })
})

describe('dates weighed', () => {
  const meta = (time: string): string => `<meta property="article:published_time" content="${time}">`
  const feed = (published: string): FeedItem => ({ url, title: 'Tít trên RSS', summary: null, published, guid: null })

  it('doubts the future and takes the next source', () => {
    const article = read(page(`<div>Thứ bảy, 04/10/2025, 20:15</div>${sentence(4)}`, meta('2062-01-01T00:00:00+07:00')))
    expect(article.published).toBe('2025-10-04T13:15:00.000Z')
    expect(article.doubts.join()).toContain('in the future')
  })

  it('doubts a day before the outlet existed', () => {
    const article = read(page(sentence(4), meta('1970-01-01T00:00:00Z')), {
      outlet: outlet([], { founded: '2004-05-01' }),
    })
    expect(article.published).toBeNull()
    expect(article.doubts.join()).toContain('before the outlet existed')
  })

  it('lets feed and address outvote the page', () => {
    const article = read(page(sentence(4), meta('2024-01-02T08:00:00+07:00')), {
      url: 'https://bao-mau.example.vn/bai-20251003091500123.htm',
      feed: feed('2025-10-03T02:16:00.000Z'),
    })
    expect(article.published).toBe('2025-10-03T02:15:00.000Z')
    expect(article.by.published).toBe('url')
    expect(article.doubts.join()).toContain('agree on')
  })

  it('adds the time of another source to a day', () => {
    const article = read(page(sentence(4), meta('2025-10-03')), {
      url: 'https://bao-mau.example.vn/bai-20251003091500123.htm',
    })
    expect(article.published).toBe('2025-10-03T02:15:00.000Z')
  })

  it('never shows an update as the publication', () => {
    const article = read(page(`<div>Cập nhật lần cuối: 03/10/2025 10:00</div>${sentence(4)}`))
    expect(article).toMatchObject({ published: null, modified: '2025-10-03T03:00:00.000Z' })
  })

  it('falls back on the feed', () => {
    const article = read(page(sentence(4)), { feed: feed('2025-10-04T01:00:00.000Z') })
    expect(article).toMatchObject({ published: '2025-10-04T01:00:00.000Z', by: { published: 'feed' } })
  })

  it('rejects the page’s own clock', () => {
    const clock = '<div class="top">Chủ nhật, 05/10/2025 10:02</div>'
    const html = page(sentence(4)).replace('<div class="content">', `${clock}<div class="content">`)
    expect(read(html).published).toBeNull()
  })
})

describe('completeness', () => {
  it.each([
    ['full', page(sentence(8))],
    [
      'live',
      page(
        sentence(8),
        '<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Trực tiếp"}</script>',
      ),
    ],
    [
      'gallery',
      page(
        `${sentence(1)}${'<figure><img src="/a.jpg"><figcaption>Ruộng bậc thang mẫu</figcaption></figure>'.repeat(10)}`,
      ),
    ],
    ['stub', page(`${sentence(2)}<div class="paywall">Đăng ký gói thuê bao để đọc tiếp bài viết này</div>`)],
    ['paged', page(`${sentence(8)}<div><a href="/bai-mau.html?page=2">2</a></div>`)],
    ['stub', page('')],
  ])('%s', (expected, html) => {
    expect(read(html).completeness).toBe(expected)
  })

  it('is feed-only when the page has no text and a feed named it', () => {
    const feed = { url, title: 'Tít trên RSS', summary: 'Tóm tắt', published: null, guid: null }
    expect(read('<html></html>', { feed })).toMatchObject({
      title: 'Tít trên RSS',
      text: null,
      completeness: 'feed-only',
    })
  })

  it('takes the text that only JSON-LD carries', () => {
    const body = Array.from(
      { length: 6 },
      (_, index) => `Đoạn ${index} kể chuyện gặt lúa ở bản mẫu trong mùa thu năm nay.`,
    ).join('\\n')
    const script = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Gặt lúa","articleBody":"${body}"}</script>`
    const article = read(`<html><head>${script}</head><body><div id="app"></div></body></html>`)
    expect(article.by.text).toBe('json-ld')
    expect(article.text?.split('\n')).toHaveLength(6)
  })
})

describe('any input', () => {
  it('gives nulls and doubts for nothing', () => {
    expect(read('')).toMatchObject({ title: null, lead: null, text: null, published: null, language: null })
    expect(read('').doubts).toEqual(['title: none found', 'text: none found'])
  })

  it('survives depth and size', () => {
    expect(read(`${'<div>'.repeat(50_000)}sâu${'</div>'.repeat(50_000)}`).title).toBeNull()
    const large = read(page(sentence(5000)))
    expect(large.text?.split('\n')).toHaveLength(5000)
  })

  it('survives broken mark-up', () => {
    const piece = fc.constantFrom(
      '<div',
      '>',
      '<p>',
      '</p>',
      '<script>',
      '<!--',
      '<a href=',
      '"',
      '<table><td>',
      '&#0;',
      '&nbsp;',
      'chữ mẫu ',
      '<h1>',
      '<time datetime="x">',
      '<meta property="og:title" content="',
      '<script type="application/ld+json">{"@graph":[',
      ']',
      '}',
      '01/02/2025',
      '<svg>',
      '\u0000',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const article = read(pieces.join(''))
        expect(Array.isArray(article.doubts)).toBe(true)
        for (const paragraph of article.text?.split('\n') ?? []) expect(paragraph.trim()).toBe(paragraph)
      }),
    )
  })

  it('survives structured data of any shape', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('headline', 'author', 'image', 'datePublished', 'articleBody', '@type', 'mainEntityOfPage'),
        (value, key) => {
          const json = JSON.stringify({ '@type': 'NewsArticle', [key]: value }).replaceAll('<', '\\u003c')
          const article = read(page(sentence(3), `<script type="application/ld+json">${json}</script>`))
          expect(article.text).not.toBeNull()
        },
      ),
    )
  })
})
