import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Skip } from '../errors.ts'
import { canonicalUrl, isCrawlerTrap } from '../pipeline/url.ts'

describe('canonicalUrl', () => {
  it.each([
    // Protocol, host, port, credentials, trailing slash, fragment.
    ['http://Bao.Example.VN:80/Tin-Tuc/', 'https://bao.example.vn/Tin-Tuc'],
    ['https://bao.example.vn:443/', 'https://bao.example.vn/'],
    ['https://bao.example.vn', 'https://bao.example.vn/'],
    ['https://user:secret@bao.example.vn/a', 'https://bao.example.vn/a'],
    ['https://bao.example.vn./a#binh-luan', 'https://bao.example.vn/a'],
    ['https://bao.example.vn//tin///a.html', 'https://bao.example.vn/tin/a.html'],
    // Tracking and session parameters go, meaningful ones stay, in one order.
    ['https://a.vn/x.html?utm_source=zalo&utm_medium=social', 'https://a.vn/x.html'],
    ['https://a.vn/x?fbclid=IwAR0&gclid=1&zarsrc=30&gidzl=abc&vn_source=rcm', 'https://a.vn/x'],
    ['https://a.vn/x?page=2&id=77&utm_campaign=y', 'https://a.vn/x?id=77&page=2'],
    ['https://a.vn/x?id=77&PHPSESSID=0a1b2c', 'https://a.vn/x?id=77'],
    ['https://a.vn/x.jsp;jsessionid=1A2B?id=7', 'https://a.vn/x.jsp?id=7'],
    ['https://a.vn/x?sid=0123456789abcdef0123456789', 'https://a.vn/x'],
    ['https://a.vn/tin/x.html;sid=0a1b', 'https://a.vn/tin/x.html'],
    ['https://a.vn/(S(lit3py55t21z5v55vlm25s55))/tin/7.aspx', 'https://a.vn/tin/7.aspx'],
    ['https://a.vn/x?sid=12&s=lao+cai', 'https://a.vn/x?s=lao+cai&sid=12'],
    ['https://a.vn/x?share=facebook&from=timeline&from=hanoi', 'https://a.vn/x?from=hanoi'],
    ['https://a.vn/x?ref=rss', 'https://a.vn/x'],
    ['https://a.vn/x?ref=2024-15', 'https://a.vn/x?ref=2024-15'],
    // A query in a legacy charset keeps its bytes.
    ['https://a.cn/s?q=%c0%cf%bd%d6', 'https://a.cn/s?q=%C0%CF%BD%D6'],
    ['https://a.vn/l%c3%a0o%2Dcai', 'https://a.vn/l%C3%A0o-cai'],
    // Mobile and AMP twins.
    ['https://m.a.vn/x.html', 'https://a.vn/x.html'],
    ['https://mobile.a.com.vn/x', 'https://a.com.vn/x'],
    ['https://en.m.wiki.org/wiki/Sa_Pa', 'https://en.wiki.org/wiki/Sa_Pa'],
    ['https://m.me/x', 'https://m.me/x'],
    ['https://m.com.vn/x', 'https://m.com.vn/x'],
    ['https://a.vn/x/amp', 'https://a.vn/x'],
    ['https://a.vn/amp/x.html', 'https://a.vn/x.html'],
    ['https://a.vn/x.amp.html', 'https://a.vn/x.html'],
    ['https://a.vn/x?amp=1', 'https://a.vn/x'],
    ['https://a.vn/x?outputType=amp', 'https://a.vn/x'],
    ['https://a.vn/ampere/x', 'https://a.vn/ampere/x'],
    ['https://a-vn.cdn.ampproject.org/c/s/m.a.vn/x/amp/?utm_source=g', 'https://a.vn/x'],
    ['https://www.google.com/amp/s/amp.a.vn/x.html', 'https://a.vn/x.html'],
    // Hosts without a public name, and ports, keep their protocol.
    ['http://127.0.0.1:8080/a/?utm_source=x', 'http://127.0.0.1:8080/a'],
    ['http://localhost/a', 'http://localhost/a'],
    ['http://a.vn:8081/x', 'http://a.vn:8081/x'],
    // Addresses of single-page sites.
    ['https://a.vn/#!/tin/5', 'https://a.vn/#!/tin/5'],
  ])('%s', (url, expected) => {
    expect(canonicalUrl(url)).toBe(expected)
  })

  it('resolves against a base', () => {
    expect(canonicalUrl('../tin/a.html?utm_source=x', 'https://a.vn/muc/trang/')).toBe('https://a.vn/muc/tin/a.html')
    expect(canonicalUrl('//m.a.vn/b', 'http://a.vn/')).toBe('https://a.vn/b')
  })

  it.each(['mailto:a@b.vn', 'javascript:void(0)', 'ftp://a.vn/x', 'not an address', '', 'file:///etc/passwd'])(
    'skips %s',
    (url) => {
      expect(() => canonicalUrl(url)).toThrow(Skip)
    },
  )

  it('is idempotent and never loses the host’s last two labels', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
    const segment = fc.oneof(fc.constant('amp'), fc.constant('x.amp'), fc.constant(''), fc.webFragments())
    const query = fc.array(
      fc.tuple(fc.constantFrom('utm_source', 'id', 's', 'amp', 'from', 'ref', 'fbclid'), fc.webFragments()),
    )
    fc.assert(
      fc.property(
        fc.constantFrom('http', 'https'),
        fc.array(fc.oneof(label, fc.constantFrom('m', 'amp', 'www', 'mobile', 'com')), { minLength: 2, maxLength: 5 }),
        fc.array(segment, { maxLength: 5 }),
        query,
        (protocol, labels, segments, parameters) => {
          const url = `${protocol}://${labels.join('.')}.vn/${segments.join('/')}?${parameters.map((pair) => pair.join('=')).join('&')}`
          if (!URL.canParse(url)) return
          const once = canonicalUrl(url)
          expect(canonicalUrl(once)).toBe(once)
          expect(new URL(once).hostname.split('.').slice(-2)).toEqual(new URL(url).hostname.split('.').slice(-2))
        },
      ),
    )
  })
})

describe('isCrawlerTrap', () => {
  it.each([
    'https://a.vn/lich/2025/10',
    'https://a.jp/archives/2025/09/',
    'https://a.vn/2025/10/01/',
    'https://a.vn/tin-tuc/2025-10',
    'https://a.vn/thoi-su?date=2025-10-01',
    'https://a.vn/su-kien?thang=10&nam=2031',
    'https://a.vn/thoi-su/trang-3.html',
    'https://a.vn/thoi-su/page/12/',
    'https://a.vn/thoi-su?page=4',
    'https://a.vn/tag/sa-pa',
    'https://a.vn/cua-khau-tag116.html',
    'https://a.vn/tim-kiem?q=lao+cai',
    'https://a.vn/vi/bai-viet/1001/in',
  ])('%s is none of an article', (url) => {
    expect(isCrawlerTrap(url)).toBe(true)
  })

  it.each([
    'https://a.vn/2025/10/01/mua-lon-o-bat-xat.html',
    'https://a.vn/vi/bai-viet/1001',
    'https://a.jp/archives/12345',
    'https://a.vn/mua-lon-4900001.html?page=2',
    'https://a.vn/view.aspx?newsid=77&page=2',
    'https://a.cn/n1/2025/1001/c1002-40570001.html',
    'https://a.vn/chi-tiet/tinh-lao-cai-in-an-pham-moi-123.html',
  ])('%s may be one', (url) => {
    expect(isCrawlerTrap(url)).toBe(false)
  })
})
