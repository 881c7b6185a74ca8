import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decodePage } from '../pipeline/decode.ts'

const page = (body: string, head = ''): string =>
  `<!doctype html><html><head>${head}</head><body><p>${body}</p></body></html>`
const utf8 = (html: string): Uint8Array => new TextEncoder().encode(html)
const encoded = (html: string, charset: string): Uint8Array => new Uint8Array(iconv.encode(html, charset))

const samples = {
  gb18030: '老街省位于越南西北部，与中国云南省接壤，是越南重要的边境口岸之一。今年以来旅游业发展迅速。',
  big5: '老街省位於越南西北部，與中國雲南省接壤，是越南重要的邊境口岸之一。今年以來旅遊業發展迅速。',
  'euc-kr': '라오까이성은 베트남 북서부에 위치하며 중국 윈난성과 국경을 접하고 있다. 올해 관광객이 늘었다.',
  shift_jis: 'ラオカイ省はベトナム北西部に位置し、中国雲南省と国境を接しています。今年の観光客は増えています。',
} as const
const codec: Readonly<Record<string, string>> = {
  gb18030: 'gb18030',
  big5: 'big5',
  'euc-kr': 'euc-kr',
  shift_jis: 'cp932',
}
const vietnamese =
  'Tỉnh Lào Cai và các xã vùng cao đã có đường cho người dân trong năm nay, không phải là những việc nhỏ với địa phương.'

/** windows-1258 writes the tone after a letter that may carry a circumflex, breve or horn already. */
const for1258 = (text: string): string =>
  text
    .normalize('NFD')
    .replace(
      /([aeiouy])([\u0300\u0301\u0303\u0309\u0323]?)([\u0302\u0306\u031b])/giu,
      (_, letter, tone, mark) => `${`${letter}${mark}`.normalize('NFC')}${tone}`,
    )

describe('decodePage', () => {
  it.each(Object.entries(samples))('reads %s named by the header', (charset, text) => {
    const decoded = decodePage(encoded(page(text), codec[charset] ?? ''), `text/html; charset=${charset}`)
    expect(decoded).toMatchObject({ charset, by: 'header', doubts: [] })
    expect(decoded.html).toContain(text)
  })

  it.each(Object.entries(samples))('reads %s named by meta only', (charset, text) => {
    const html = page(text, `<meta http-equiv="Content-Type" content="text/html; charset=${charset}">`)
    const decoded = decodePage(encoded(html, codec[charset] ?? ''), 'text/html')
    expect(decoded).toMatchObject({ charset, by: 'meta' })
    expect(decoded.html).toContain(text)
  })

  it.each(Object.entries(samples))('detects %s that nothing names', (charset, text) => {
    const decoded = decodePage(encoded(page(text), codec[charset] ?? ''), null)
    expect(decoded).toMatchObject({ charset, by: 'detected' })
    expect(decoded.html).toContain(text)
  })

  it.each(Object.entries(samples))('overrules a header that calls %s utf-8', (charset, text) => {
    const decoded = decodePage(encoded(page(text), codec[charset] ?? ''), 'text/html; charset=utf-8')
    expect(decoded.html).toContain(text)
    expect(decoded.doubts).toContain('charset: header says utf-8, but the bytes are not utf-8')
  })

  it.each(['gbk', 'big5', 'euc-kr', 'shift_jis', 'iso-8859-1', 'windows-1258'])(
    'overrules a header that calls utf-8 %s',
    (charset) => {
      const decoded = decodePage(utf8(page(`${vietnamese} ${samples.gb18030}`)), `text/html; charset=${charset}`)
      expect(decoded).toMatchObject({ charset: 'utf-8' })
      expect(decoded.html).toContain(vietnamese)
      expect(decoded.doubts).toHaveLength(1)
    },
  )

  it('overrules Latin-1, the default of many servers, for Chinese bytes', () => {
    const decoded = decodePage(encoded(page(samples.gb18030), 'gb18030'), 'text/html; charset=ISO-8859-1')
    expect(decoded.html).toContain(samples.gb18030)
    expect(decoded.charset).toBe('gb18030')
  })

  it('believes the byte order mark before the header', () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, ...utf8(page(vietnamese))])
    const decoded = decodePage(bytes, 'text/html; charset=big5')
    expect(decoded).toMatchObject({ charset: 'utf-8', by: 'bom' })
    expect(decoded.html.startsWith('<!doctype')).toBe(true)
    const wide = new Uint8Array([0xff, 0xfe, ...iconv.encode(page(vietnamese), 'utf-16le')])
    expect(decodePage(wide, null)).toMatchObject({ charset: 'utf-16le', by: 'bom' })
    expect(decodePage(wide, null).html).toContain(vietnamese)
  })

  it('reads the XML declaration', () => {
    const bytes = encoded(
      `<?xml version="1.0" encoding="GB2312"?><rss><title>${samples.gb18030}</title></rss>`,
      'gb18030',
    )
    expect(decodePage(bytes, 'application/xml')).toMatchObject({ charset: 'gb18030', by: 'xml' })
  })

  it('reads windows-1258 and hands over NFC', () => {
    const bytes = encoded(page(for1258(vietnamese)), 'windows-1258')
    const named = decodePage(bytes, 'text/html; charset=windows-1258')
    expect(named.html).toContain(vietnamese)
    expect(named.html).toBe(named.html.normalize('NFC'))
    expect(decodePage(bytes, null)).toMatchObject({ charset: 'windows-1258', by: 'detected' })
  })

  it('converts TCVN3 under a Latin-1 label, and says so', () => {
    const text = 'tỉnh và các xã đã có đường cho người dân, không những là việc của huyện với tỉnh này'
    const decoded = decodePage(encoded(page(text), 'tcvn'), 'text/html; charset=iso-8859-1')
    expect(decoded.html).toContain(text)
    expect(decoded.charset).toBe('tcvn3')
    expect(decoded.doubts.join()).toContain('TCVN3')
  })

  it('only flags TCVN3 beside real Vietnamese', () => {
    const misread = iconv.decode(
      iconv.encode('tỉnh và các xã đã có đường cho người dân, không những là việc', 'tcvn'),
      'latin1',
    )
    const decoded = decodePage(utf8(page(`${misread} Trang chủ Đăng nhập`)), 'text/html; charset=utf-8')
    expect(decoded.html).toContain(misread.normalize('NFC'))
    expect(decoded.doubts.join()).toContain('TCVN3')
  })

  it('names an unknown encoding and goes on', () => {
    const decoded = decodePage(utf8(page(vietnamese)), 'text/html; charset=klingon')
    expect(decoded.html).toContain(vietnamese)
    expect(decoded.doubts).toEqual(['charset: header names the unknown encoding klingon'])
  })

  it('keeps utf-8 in spite of a cut sequence', () => {
    const bytes = utf8(page(vietnamese.repeat(20)))
    const cut = bytes.subarray(0, bytes.length - 24)
    expect(decodePage(cut, 'text/html; charset=utf-8').charset).toBe('utf-8')
  })

  it('survives any bytes and always gives NFC', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.option(fc.constantFrom('text/html; charset=gbk', 'text/html; charset=utf-16', 'x')),
        (bytes, type) => {
          const { html } = decodePage(bytes, type)
          expect(html).toBe(html.normalize('NFC'))
        },
      ),
    )
  })
})
