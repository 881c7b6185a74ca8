import { describe, expect, it } from 'vitest'
import { readFeed } from '../crawlers/discovery/feeds.ts'
import { readListing } from '../crawlers/discovery/listings.ts'
import { Skip } from '../errors.ts'
import type { Outlet } from '../model.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const outlet: Outlet = sampleOutlet({ articlePattern: '-\\d+\\.html$' })
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const address = 'https://bao.example.vn/rss/home.rss'
const rss = (items: string, head = '<?xml version="1.0" encoding="utf-8"?>'): string =>
  `${head}<rss version="2.0"><channel><title>Báo mẫu</title><link>https://bao.example.vn</link>${items}</channel></rss>`
const item = (n: number, extra = ''): string =>
  `<item><title>Tin mẫu ${n}</title><link>https://bao.example.vn/tin-${n}.html</link>${extra}</item>`

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof Skip) return error.code
    throw error
  }
  return 'none'
}

describe('feeds', () => {
  it('reads RSS 2.0 with escaped mark-up, in Vietnamese time where no zone is printed', () => {
    const feed = rss(
      item(
        1,
        '<description><![CDATA[<a href="/x"><img src="/a.jpg"/></a>Mưa lớn &amp; lũ]]></description><pubDate>Wed, 01 Oct 2025 07:30:00</pubDate><guid>g1</guid>',
      ) +
        item(
          2,
          '<description>&lt;p&gt;Hai &amp;amp; ba&lt;/p&gt;</description><pubDate>Wed, 01 Oct 2025 07:30:00 GMT</pubDate>',
        ),
    )
    const { items, doubts } = readFeed(bytes(feed), 'application/rss+xml', address, outlet)
    expect(items).toEqual([
      {
        url: 'https://bao.example.vn/tin-1.html',
        title: 'Tin mẫu 1',
        summary: 'Mưa lớn & lũ',
        published: '2025-10-01T00:30:00.000Z',
        guid: 'g1',
      },
      {
        url: 'https://bao.example.vn/tin-2.html',
        title: 'Tin mẫu 2',
        summary: 'Hai & ba',
        published: '2025-10-01T07:30:00.000Z',
        guid: null,
      },
    ])
    expect(doubts).toEqual([])
  })

  it('keeps words of a summary apart and leaves out what is no text', () => {
    const summary = '<![CDATA[<p>Một <b>hai</b></p><p>ba</p><script>var x = 1</script><br>bốn &lt; năm]]>'
    const { items } = readFeed(bytes(rss(item(1, `<description>${summary}</description>`))), null, address, outlet)
    expect(items[0]?.summary).toBe('Một hai ba bốn < năm')
  })

  it('reads Atom, RDF and JSON feeds', () => {
    const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>a</id><title type="html">Sa Pa &amp;amp; Y Tý</title><link rel="alternate" href="/tin-3.html"/><published>2025-10-01T01:00:00+07:00</published><summary>Tóm</summary></entry></feed>`
    expect(readFeed(bytes(atom), null, address, outlet).items).toMatchObject([
      { url: 'https://bao.example.vn/tin-3.html', title: 'Sa Pa & Y Tý', published: '2025-09-30T18:00:00.000Z' },
    ])
    const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>t</title><link>https://bao.example.vn</link></channel><item rdf:about="https://bao.example.vn/tin-4.html"><title>ラオカイ</title><link>https://bao.example.vn/tin-4.html</link><dc:date>2025-10-01T09:00:00+09:00</dc:date></item></rdf:RDF>`
    expect(readFeed(bytes(rdf), null, address, outlet).items).toMatchObject([
      { url: 'https://bao.example.vn/tin-4.html', title: 'ラオカイ', published: '2025-10-01T00:00:00.000Z' },
    ])
    const json = JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 't',
      items: [{ id: '5', url: '/tin-5.html', title: 'Năm', date_published: '2025-10-01T00:00:00Z', content_text: 'x' }],
    })
    expect(readFeed(bytes(json), 'application/json', address, outlet).items).toMatchObject([
      { url: 'https://bao.example.vn/tin-5.html', title: 'Năm', summary: 'x', published: '2025-10-01T00:00:00.000Z' },
    ])
  })

  it('survives a byte order mark, junk before the declaration, undeclared entities and bare ampersands', () => {
    const feed = `\ufeff<br />Warning: cache\n${rss(`<item><title>Bò&nbsp;tót & hổ</title><link>https://bao.example.vn/tin-6.html?a=1&b=2</link></item>`)}`
    const { items, doubts } = readFeed(bytes(feed), 'text/html', address, outlet)
    expect(items).toMatchObject([{ title: 'Bò tót & hổ', url: 'https://bao.example.vn/tin-6.html?a=1&b=2' }])
    expect(doubts.join()).toContain('before its beginning')
  })

  it('salvages the items of a feed that is cut off', () => {
    const cut = rss(item(7) + item(8)).replace(/<\/channel><\/rss>$/, '<item><title>Nửa')
    expect(readFeed(bytes(cut), null, address, outlet).items.map((found) => found.title)).toEqual(
      expect.arrayContaining(['Tin mẫu 7', 'Tin mẫu 8']),
    )
  })

  it('decodes by evidence when the declared charset is wrong', () => {
    const wrong = rss(item(9).replace('Tin mẫu 9', 'Sạt lở ở Bát Xát'), '<?xml version="1.0" encoding="iso-8859-1"?>')
    const { items, doubts } = readFeed(bytes(wrong), 'application/rss+xml', address, outlet)
    expect(items[0]?.title).toBe('Sạt lở ở Bát Xát')
    expect(doubts.join()).toContain('charset')
  })

  it('expands no entities of a DTD', () => {
    const bomb = rss(
      '<item><title>&b;</title><link>https://bao.example.vn/tin-10.html</link></item>',
      '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>',
    )
    const { items } = readFeed(bytes(bomb), null, address, outlet)
    expect(items).toHaveLength(1)
    expect(items[0]?.title).not.toContain('aaaa')
  })

  it('keeps every link once and counts those that are none', () => {
    const twice = rss(
      `${item(11)}${item(11).replace('.html', '.html?utm_source=rss')}<item><title>x</title><link>javascript:void(0)</link></item>`,
    )
    const { items, doubts } = readFeed(bytes(twice), null, address, outlet)
    expect(items).toHaveLength(1)
    expect(doubts).toContain('source: 1 entries without a usable link')
  })

  it('says what a source is that is no feed', () => {
    const page = '<!doctype html><html><body>Bảo trì hệ thống</body></html>'
    expect(codeOf(() => readFeed(bytes(page), 'text/html', address, outlet))).toBe('feed.not-a-feed')
    expect(codeOf(() => readFeed(bytes('Too many connections'), null, address, outlet))).toBe('feed.not-a-feed')
    expect(codeOf(() => readFeed(bytes('{"error":1}'), null, address, outlet))).toBe('feed.not-a-feed')
    expect(codeOf(() => readFeed(bytes('  '), null, address, outlet))).toBe('feed.empty')
  })

  it('reads an empty feed as a feed without items', () => {
    expect(readFeed(bytes(rss('')), null, address, outlet).items).toEqual([])
  })
})

describe('listings', () => {
  const page = `<html><head><base href="https://bao.example.vn/"></head><body>
    <nav><a href="/thoi-su">Thời sự</a></nav>
    <div class="story"><a href="tin-1.html"><img alt="Ảnh" src="x"></a><h3><a href="tin-1.html">Đèo Ô Quy Hồ có băng</a></h3></div>
    <div class="story"><h3><a href="/tin-2.html?utm_source=home">Chợ Bắc Hà</a></h3></div>
    <a href="mailto:a@b.vn">Liên hệ</a></body></html>`
  const listing = { kind: 'listing', url: 'https://bao.example.vn/lao-cai' } as const

  it('takes the links that match the pattern of the outlet, titled by their longest text', () => {
    const { items } = readListing(bytes(page), null, listing.url, listing, outlet)
    expect(items.map(({ url, title }) => ({ url, title }))).toEqual([
      { url: 'https://bao.example.vn/tin-1.html', title: 'Đèo Ô Quy Hồ có băng' },
      { url: 'https://bao.example.vn/tin-2.html?utm_source=home', title: 'Chợ Bắc Hà' },
    ])
  })

  it('takes the links of a CSS rule', () => {
    const ruled = { ...listing, links: 'nav a' }
    expect(readListing(bytes(page), null, listing.url, ruled, outlet).items).toMatchObject([{ title: 'Thời sự' }])
  })

  it('says so when the layout gives no link, or neither rule nor pattern nor title tells an article', () => {
    expect(codeOf(() => readListing(bytes('<p>x</p>'), null, listing.url, listing, outlet))).toBe('listing.no-links')
    const without = { ...outlet, articlePattern: null }
    expect(codeOf(() => readListing(bytes(page), null, listing.url, listing, without))).toBe('listing.no-links')
  })
})
