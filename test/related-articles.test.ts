import { describe, expect, it } from 'vitest'
import { extract } from '../pipeline/extract.ts'
import { cleanParagraphs, type Paragraph } from '../pipeline/extraction/clean.ts'
import { destinations } from '../pipeline/extraction/links.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

/** Sample pages, written by us: what of them is another article's must not count as words of this one. */

const url = 'https://bao-mau.example.vn/ban-mau-gat-lua-1001.html'
const sentences = [
  'Sáng nay, bà con bản mẫu đã gặt xong ruộng lúa cuối cùng trên sườn núi phía đông sau năm ngày làm việc.',
  'Hợp tác xã cho biết sản lượng vụ này đạt 48 tạ một héc-ta, cao hơn năm ngoái gần một phần mười.',
  'Chính quyền xã hỗ trợ máy tuốt lúa cho ba mươi hộ neo đơn và bố trí xe chở thóc về tận nhà.',
  'Theo kế hoạch, bà con sẽ làm đất trồng ngô đông ngay trong tuần tới để kịp thời vụ.',
  'Trưởng bản cho hay giống lúa mới chịu rét tốt hơn và ít bị sâu bệnh trong những ngày mưa kéo dài.',
]
const own = sentences.map((text) => `<p>${text}</p>`)
const others = [
  'Lào Cai bắt nhóm buôn lậu pháo qua biên giới',
  'Sạt lở chia cắt đường vào thôn vùng cao Bát Xát',
  'Khởi tố giám đốc công ty khai thác cát trái phép',
]
const link = (text: string, at: number, to = `/tin-khac-${at}.html`): string => `<a href="${to}">${text}</a>`
const page = (body: string): string =>
  `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Bản mẫu gặt xong lúa mùa</title></head><body><div class="content"><h1>Bản mẫu gặt xong lúa mùa</h1>${body}</div></body></html>`
/** Takes every block of the text, so that no model hides what the rules in words and links do. */
const outlet = sampleOutlet({ rules: [{ body: ['.content'] }] })
const textOf = (body: string): string[] => extract({ url, html: page(body), outlet }).text?.split('\n') ?? []
/** The text around `inserted`, which stands after the second paragraph. */
const around = (inserted: string): string[] => textOf([...own.slice(0, 2), inserted, ...own.slice(2)].join('\n'))

describe('headlines of other articles within a text', () => {
  it.each([
    ['a list of links', `<ul>${others.map((text, at) => `<li>${link(text, at)}</li>`).join('')}</ul>`],
    [
      'a list whose topics are not linked',
      `<ul>${others.map((text, at) => `<li>Thời sự: ${link(text, at)}</li>`).join('')}</ul>`,
    ],
    ['headings one after the other', others.map((text, at) => `<h4 class="lead">${link(text, at)}</h4>`).join('')],
    ['a paragraph that is a link', `<p>${link(others[0] ?? '', 0)}</p>`],
    ['a question', `<p>${link('Vì sao Lào Cai hoãn phiên chợ vùng cao?', 0)}</p>`],
    ['an arrow before a link', `<h2>&gt;&gt; ${link(others[1] ?? '', 1)}</h2>`],
    ['a link to a sister site', `<p>${link(others[0] ?? '', 0, 'https://the-thao.bao-mau.example.vn/a.html')}</p>`],
  ])('leave it: %s', (_, inserted) => {
    expect(around(inserted)).toEqual(sentences)
  })

  it.each([
    ['en', 'Read more'],
    ['en', 'You may also like'],
    ['fr', 'À lire aussi'],
    ['de', 'Lesen Sie auch'],
    ['es', 'Te puede interesar'],
    ['ru', 'Читайте также'],
    ['zh-Hans', '相关新闻'],
    ['zh-Hant', '相關新聞'],
    ['ja', '関連記事'],
    ['ko', '관련기사'],
    ['th', 'ข่าวที่เกี่ยวข้อง'],
    ['lo', 'ອ່ານຕື່ມ'],
    ['vi', 'Đọc thêm'],
  ])('are known by the label before them (%s: %s)', (_, label) => {
    expect(around(`<p>${label}: ${link('Hai mươi người được cứu khỏi vùng lũ ở Lào Cai', 0)}</p>`)).toEqual(sentences)
  })

  it('go at the end without any link, as in text that only structured data carries', () => {
    const body = [
      ...sentences,
      'READ MORE:',
      'Lào Cai police detain four over smuggling',
      'Ha Long to charge for berths',
    ]
    const json = JSON.stringify({ '@type': 'NewsArticle', headline: 'Gặt lúa', articleBody: body.join('\n') })
    const html = `<html><head><script type="application/ld+json">${json}</script></head><body><div id="app"></div></body></html>`
    expect(extract({ url, html }).text?.split('\n')).toEqual(sentences)
  })
})

describe('links that are the article’s own', () => {
  const items = (to: (at: number) => string) =>
    `<ul>${others.map((text, at) => `<li>${link(text, at, to(at))}</li>`).join('')}</ul>`
  it.each([
    ['places on the same page', items((at) => `#muc-${at}`)],
    [
      'a list that the text announces',
      `<p>Trong tuần, báo đã đăng các bài sau đây của bạn đọc gửi về:</p>${items((at) => `/bai-${at}.html`)}`,
    ],
    ['documents of another house', items((at) => `https://van-ban.example.org/${at}.html`)],
  ])('stay: %s', (_, inserted) => {
    const text = around(inserted).join('\n')
    for (const other of others) expect(text).toContain(other)
    for (const sentence of sentences) expect(text).toContain(sentence)
  })

  it('stay in a round-up that says little but them', () => {
    const listed = Array.from(
      { length: 8 },
      (_, at) => `<li>${link(`Tin thứ ${at + 1} trong ngày của các xã vùng cao mẫu`, at)}</li>`,
    )
    const text = textOf(`<p>${sentences[0]}</p><ul>${listed.join('')}</ul>`)
    expect(text).toHaveLength(9)
  })

  it('do not make a paragraph with links in it another article’s', () => {
    const linked = `Ông Giàng A Mẫu nói ${link('hợp tác xã đã ký hợp đồng bán toàn bộ số thóc', 1)} cho nhà máy ở tỉnh bên.`
    expect(around(`<p>${linked}</p>`)).toContain(linked.replaceAll(/<[^>]*>/g, ''))
  })
})

describe('what ends a text', () => {
  const paragraph = (text: string, more: Partial<Paragraph> = {}): Paragraph => ({
    text,
    linked: 0,
    leads: null,
    tag: 'p',
    holder: '5 div text',
    ...more,
  })
  const texts = sentences.map((text) => paragraph(text))
  const label = paragraph('Tin liên quan', { marker: true, holder: '#' })

  it('is not a heading of other articles where the text goes on in an element of the same name', () => {
    const cut = [...texts.slice(0, 3), label, ...texts.slice(3)]
    expect(cleanParagraphs(cut, null, null).paragraphs).toEqual(sentences)
    const teasers = texts.slice(3).map((teaser) => ({ ...teaser, holder: '6 div teaser' }))
    expect(cleanParagraphs([...texts.slice(0, 3), label, ...teasers], null, null).paragraphs).toEqual(
      sentences.slice(0, 3),
    )
  })

  it('keeps sentences about rights and leaves notices of them', () => {
    const about = 'Nhà văn mẫu kiện nhà xuất bản vì vi phạm bản quyền của mình trong ba năm.'
    const notices = ['Bản quyền thuộc Báo Mẫu', '© 2025 Sample News', 'Copyright 2025 Sample News']
    const all = [...texts, paragraph(about), ...notices.map((text) => paragraph(text))]
    expect(cleanParagraphs(all, null, null).paragraphs).toEqual([...sentences, about])
  })

  it('keeps a cell of a table that says what a share bar says', () => {
    const bar = [...texts.slice(0, 2), paragraph('Facebook'), paragraph('Zalo', { tag: 'td' }), ...texts.slice(2)]
    expect(cleanParagraphs(bar, null, null).paragraphs).toEqual([
      ...sentences.slice(0, 2),
      'Zalo',
      ...sentences.slice(2),
    ])
  })
})

it('tells where a link leads', () => {
  const of = destinations('https://www.bao-mau.com.vn/muc/bai.html')
  expect(
    [
      '#b',
      '/muc/bai.html?in=1',
      'https://m.bao-mau.com.vn/x.html',
      'khac.html',
      '/',
      '/a.jpg',
      'https://bao-khac.com.vn/x',
    ].map(of),
  ).toEqual(['self', 'self', 'sister', 'sister', 'elsewhere', 'elsewhere', 'elsewhere'])
  expect(destinations('http://127.0.0.1:4000/a')('http://127.0.0.1:4001/b')).toBe('elsewhere')
})
