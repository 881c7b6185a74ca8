import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { Document, Packer, Paragraph } from 'docx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WARCRecord, WARCSerializer } from 'warcio'
import { simulatedClock } from '../clock.ts'
import { createImporter, type ImportOptions, type ItemOutcome } from '../crawlers/import/import.ts'
import { inflatedZipBytes } from '../crawlers/import/zip-size.ts'
import { type Crawl, openCrawl, samplePage, startServer } from './crawling.ts'
import { CHROMIUM, NO_CHROMIUM, startChromium } from './support/chromium.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

/** Sample texts, written by us; they report nothing that happened. */
const HOME = 'https://bao-mau.example.vn'
const TITLE = 'Bài mẫu: Chợ phiên Bắc Hà đông khách dịp cuối tuần'
const PARAGRAPHS = [
  'Chợ phiên Bắc Hà, tỉnh Lào Cai, sáng chủ nhật đông kín người mua bán từ các bản xa về.',
  'Bà con mang theo thổ cẩm, rượu ngô, mật ong và nhiều món ăn quen thuộc của vùng cao.',
  'Ban quản lý chợ cho biết khách đến từ nhiều tỉnh, phần lớn đi theo nhóm gia đình.',
]
const outlets = [sampleOutlet({ homepage: HOME }), sampleOutlet({ id: 'bao-in', name: 'Báo in mẫu', homepage: null })]

const clock = simulatedClock(new Date('2025-10-03T02:00:00Z'))
let folder = ''
let crawl: Crawl
let bring: (
  name: string | null,
  content: string | Uint8Array,
  options?: Partial<ImportOptions>,
) => Promise<readonly ItemOutcome[]>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'))
  crawl = await openCrawl(folder, outlets, clock)
  const importer = createImporter({ ...crawl, outlets, clock })
  bring = (name, content, options = {}) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    return importer.importSource({ name, bytes }, { who: 'huong', ...options })
  }
})
afterEach(async () => {
  await crawl.close()
  await rm(folder, { recursive: true, force: true })
})

const briefly = (outcomes: readonly ItemOutcome[]): string[] =>
  outcomes.map(({ outcome, problem }) => (problem ? `${outcome} ${problem.code}` : outcome))
const only = (outcomes: readonly ItemOutcome[]): ItemOutcome => {
  expect(outcomes).toHaveLength(1)
  return outcomes[0] as ItemOutcome
}
const articles = () => crawl.store.articles.list({})

async function docx(...paragraphs: string[]): Promise<Buffer> {
  const children = paragraphs.map((text) => new Paragraph(text))
  return Packer.toBuffer(new Document({ sections: [{ children }] }))
}

describe('links', () => {
  it('go to the frontier of the outlet that owns them, once, and are marked', async () => {
    const list = `url,ghi chú\n${HOME}/a.html,trang nhất\n"${HOME}/b.html?utm_source=x"\n\n# xong\n${HOME}/a.html\nkhông phải liên kết\nhttps://la.example.org/c.html`
    expect(briefly(await bring('lien-ket.csv', list, { note: 'đọc giúp' }))).toEqual([
      'queued',
      'queued',
      'known',
      'refused import.bad-url',
      'refused import.no-outlet',
    ])
    const claimed = await crawl.store.frontier.claim(clock.now().toISOString(), 10)
    expect(claimed.map(({ url, outletId, priority }) => [url, outletId, priority])).toEqual([
      [`${HOME}/a.html`, 'bao-mau', 3],
      [`${HOME}/b.html`, 'bao-mau', 3],
    ])
  })

  it('of a host that nobody owns are taken for the outlet that is named', async () => {
    expect(briefly(await bring(null, 'https://la.example.org/c.html', { outlet: 'bao-in' }))).toEqual(['queued'])
    expect(briefly(await bring(null, 'https://la.example.org/d.html', { outlet: 'bao-la' }))).toEqual([
      'refused import.unknown-outlet',
    ])
    // What is pasted has no heads of columns.
    expect(
      briefly(await bring(null, 'bai-bao-khong-co-dia-chi\nhttps://la.example.org/e.html', { outlet: 'bao-in' })),
    ).toEqual(['refused import.bad-url', 'queued'])
    expect(briefly(await bring(null, 'file:///etc/passwd\njavascript:alert(1)'))).toEqual([
      'refused import.bad-url',
      'refused import.bad-url',
    ])
  })
})

it('a link is collected like any other, and its article says who brought it', async () => {
  const server = await startServer({ '/bai.html': samplePage(TITLE) })
  try {
    const followed = [sampleOutlet({ homepage: server.origin })]
    await crawl.close()
    crawl = await openCrawl(folder, followed, clock)
    const importer = createImporter({ ...crawl, outlets: followed, clock })
    const bytes = Buffer.from(`${server.origin}/bai.html`)
    await importer.importSource({ name: null, bytes }, { who: 'huong', note: 'bạn đọc gửi' })
    await crawl.collector.poll()
    const [stored] = await articles()
    expect(stored?.title).toBe(TITLE)
    const marks = await crawl.store.handEntries.ofMany([stored?.id ?? '', 'other'])
    expect([...marks.values()]).toMatchObject([[{ kind: 'link', who: 'huong', file: null, note: 'bạn đọc gửi' }]])
  } finally {
    await server.close()
  }
})

describe('a saved page', () => {
  const page = samplePage(TITLE, {
    head: `<link rel="canonical" href="${HOME}/cho-phien.html"><meta property="article:published_time" content="2025-10-01T08:00:00+07:00">`,
    body: [...PARAGRAPHS, ...PARAGRAPHS].map((text) => `<p>${text}</p>`).join(''),
  })

  it('becomes an article as if it had been fetched: judged, in a story, archived, marked; once', async () => {
    const { outcome, article } = only(await bring('trang.html', page, { note: 'trang chặn truy cập' }))
    expect(outcome).toBe('new')
    const [stored] = await articles()
    expect(stored).toMatchObject({ id: article?.id, outletId: 'bao-mau', url: `${HOME}/cho-phien.html`, title: TITLE })
    expect(stored?.published).toBe('2025-10-01T01:00:00.000Z')
    expect(stored?.assessment?.relevance.level).toBe('main')
    expect(stored?.storyId).not.toBeNull()
    expect(await crawl.store.handEntries.of(article?.id ?? '')).toEqual([
      {
        ...{ url: `${HOME}/cho-phien.html`, kind: 'text', who: 'huong', at: '2025-10-03T02:00:00.000Z' },
        ...{ file: 'trang.html', note: 'trang chặn truy cập' },
      },
    ])
    const record = await crawl.store.pages.get(stored?.pageId ?? '')
    const read = await crawl.archive.read(record?.warc ?? { file: '', offset: 0, length: 0 })
    expect(Buffer.from(read.body).toString()).toBe(page)
    expect(read.url).toBe(`${HOME}/cho-phien.html`)

    expect(only(await bring('trang.html', page))).toMatchObject({ outcome: 'known', article: { id: article?.id } })
    expect(await articles()).toHaveLength(1)
    expect(await crawl.store.handEntries.of(article?.id ?? '')).toHaveLength(1)
    // The crawler need not fetch it any more.
    expect(briefly(await bring(null, `${HOME}/cho-phien.html`))).toEqual(['known'])
    expect(await crawl.store.frontier.claim(clock.now().toISOString(), 10)).toEqual([])
  })

  it('stays readable when the archive drops another one beside it', async () => {
    for (const path of ['/x.html', '/y.html']) await bring(`${path}`, samplePage(TITLE), { url: HOME + path })
    const pointers = await Promise.all(
      ['/x.html', '/y.html'].map(async (path) => {
        const article = await crawl.store.articles.byUrl(HOME + path)
        return (await crawl.store.pages.get(article?.pageId ?? ''))?.warc ?? { file: '', offset: -1, length: 0 }
      }),
    )
    const [first, second] = pointers
    if (!first || !second) throw new Error('not archived')
    await crawl.archive.rotate()
    const moves = await crawl.archive.rewrite(first.file, new Set([first.offset]))
    expect([...moves.keys()]).toEqual([second.offset])
    const moved = moves.get(second.offset)
    expect(moved && (await crawl.archive.read(moved)).url).toBe(`${HOME}/y.html`)
  })

  it('takes its address from the comment of the browser, or from the person, and is refused without', async () => {
    const plain = samplePage(TITLE)
    expect(briefly(await bring('1.html', plain))).toEqual(['refused import.no-url'])
    const saved = `<!-- saved from url=(0035)${HOME}/da-luu.html -->\n${plain}`
    expect(only(await bring('2.html', saved)).url).toBe(`${HOME}/da-luu.html`)
    expect(
      only(await bring('3.html', plain, { url: `${HOME}/ba.html`, published: '2025-09-30T17:00:00.000Z' })).outcome,
    ).toBe('new')
    const given = await crawl.store.articles.byUrl(`${HOME}/ba.html`)
    expect(given).toMatchObject({ published: '2025-09-30T17:00:00.000Z', publishedBy: 'hand' })
    expect(briefly(await bring('4.html', '<html><body><p>Không</p></body></html>', { url: `${HOME}/4.html` }))).toEqual(
      ['refused import.unreadable'],
    )
  })
})

describe('documents', () => {
  const URL_OF_PRINT = 'https://bao-in.example.vn/so-123/trang-3'

  it('a DOCX becomes an article: title, date and paragraphs', async () => {
    const file = await docx(TITLE, 'Thứ tư, 01/10/2025', ...PARAGRAPHS)
    const options = { url: URL_OF_PRINT, outlet: 'bao-in' }
    expect(briefly(await bring('bai.docx', file))).toEqual(['refused import.no-url'])
    expect(briefly(await bring('bai.docx', file, options))).toEqual(['new'])
    const [stored] = await articles()
    expect(stored).toMatchObject({
      outletId: 'bao-in',
      title: TITLE,
      published: '2025-09-30T17:00:00.000Z',
      pageId: null,
    })
    expect(stored?.text.split('\n').slice(1)).toEqual(PARAGRAPHS)
    expect(briefly(await bring('bai.docx', file, options))).toEqual(['known'])
  })

  it('a broken DOCX and one that would unpack to too much are refused', async () => {
    const options = { url: URL_OF_PRINT, outlet: 'bao-in' }
    const file = await docx(TITLE, ...PARAGRAPHS)
    expect(briefly(await bring('cut.docx', file.subarray(0, 900), options))).toEqual(['refused import.damaged'])
    expect(briefly(await bring('no.docx', 'no zip at all', options))).toEqual(['refused import.damaged'])
    expect(briefly(await bring('bomb.docx', bomb(45 * 1024 * 1024), options))).toEqual(['refused import.too-large'])
    expect(await articles()).toEqual([])
  })

  it('sizes of a ZIP are found by unpacking, whatever its directory says', () => {
    const lying = bomb(3_000_000, 10)
    expect(inflatedZipBytes(lying, 1_000_000)).toBeNull()
    expect(inflatedZipBytes(lying, 4_000_000)).toBe(3_000_000)
  })

  it.skipIf(CHROMIUM === null)(
    `a PDF becomes an article; one without text is refused (${CHROMIUM ?? NO_CHROMIUM})`,
    async () => {
      const browser = await startChromium()
      const print = async (html: string): Promise<Buffer> => {
        const page = await browser.newPage()
        await page.setContent(html)
        return page.pdf({ format: 'A4' })
      }
      const paragraphs = PARAGRAPHS.map((text) => `<p>${text}</p>`).join('')
      const good = await print(`<title>${TITLE}</title><h1>${TITLE}</h1><p>Ngày 1/10/2025</p>${paragraphs}`)
      const scan = await print(
        '<title>Bản quét</title><svg width="300" height="300"><circle r="90" cx="100" cy="100"/></svg>',
      )
      await browser.close()
      const options = { url: URL_OF_PRINT, outlet: 'bao-in' }
      expect(briefly(await bring('quet.pdf', scan, options))).toEqual(['refused import.no-text'])
      expect(briefly(await bring('cut.pdf', good.subarray(0, 300), options))).toEqual(['refused import.damaged'])
      expect(briefly(await bring('bai.pdf', good, options))).toEqual(['new'])
      const [stored] = await articles()
      expect(stored).toMatchObject({ title: TITLE, published: '2025-09-30T17:00:00.000Z' })
      expect(stored?.text.replace(/\s+/g, ' ')).toContain(PARAGRAPHS.join(' '))
      await crawl.archive.rotate()
      expect(await readdir(join(folder, 'archive'))).toHaveLength(1)
    },
    60_000,
  )
})

describe('JSON lines', () => {
  it('bring an article a line; wrong lines are named and the others kept', async () => {
    const line = (value: object): string => JSON.stringify(value)
    const good = { url: `${HOME}/1.html`, title: TITLE, text: PARAGRAPHS.join('\n') }
    const file = [
      line({ ...good, published: '2025-10-02T01:00:00Z', language: 'vi' }),
      '{"url":',
      line({ ...good, url: `${HOME}/2.html`, title: '' }),
      line({ ...good, url: 'https://la.example.org/3.html' }),
      line({ ...good, url: 'https://la.example.org/4.html', outlet: 'bao-in' }),
      line(good),
      line({ ...good, url: 'ftp://la.example.org/5', outlet: 'bao-in' }),
    ].join('\n')
    expect(briefly(await bring('bai.jsonl', file))).toEqual([
      'new',
      'refused import.bad-line',
      'refused import.bad-line',
      'refused import.no-outlet',
      'new',
      'known',
      'refused import.bad-url',
    ])
    const stored = await articles()
    expect(stored.map(({ url, published, outletId }) => [url, published, outletId])).toEqual([
      [`${HOME}/1.html`, '2025-10-02T01:00:00.000Z', 'bao-mau'],
      ['https://la.example.org/4.html', '2025-10-03T02:00:00.000Z', 'bao-in'],
    ])
  })

  it('give an article its text of which only the feed was known', async () => {
    const url = `${HOME}/tom-tat.html`
    const item = { url, title: TITLE, summary: 'Tóm tắt mẫu.', published: null, guid: null }
    const at = clock.now().toISOString()
    const entry = { url, outletId: 'bao-mau', host: 'bao-mau.example.vn', priority: 1, attempts: 0, item }
    const [outlet] = outlets
    if (!outlet) throw new Error('no outlet')
    await crawl.ingest.feedOnly(outlet, { ...entry, discoveredAt: at, notBefore: at }, async () => undefined)
    const outcome = only(await bring('x.jsonl', JSON.stringify({ url, title: TITLE, text: PARAGRAPHS.join('\n') })))
    expect(outcome.outcome).toBe('completed')
    expect(await articles()).toMatchObject([{ completeness: 'full', text: PARAGRAPHS.join('\n') }])
  })
})

describe('WARC files', () => {
  const response = async (
    url: string,
    body: Uint8Array | string,
    header: Record<string, string> = {},
    status = '200 OK',
  ) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    async function* content() {
      yield bytes
    }
    const httpHeaders = { 'Content-Type': 'text/html; charset=utf-8', ...header }
    const record = WARCRecord.create(
      { url, date: '2025-10-01T05:00:00Z', type: 'response', statusline: `HTTP/1.1 ${status}`, httpHeaders },
      content(),
    )
    return Buffer.from(await WARCSerializer.serialize(record))
  }
  const page = (title: string) => samplePage(title)

  it('give the pages of followed outlets, whatever way they were sent, and nothing else', async () => {
    const whole = Buffer.from(page('Bài mẫu trong WARC, gửi từng khúc'))
    const chunked = Buffer.concat([
      Buffer.from(`${whole.length.toString(16)}\r\n`),
      whole,
      Buffer.from('\r\n0\r\n\r\n'),
    ])
    const records = [
      await response(`${HOME}/mot.html`, page('Bài mẫu thứ nhất trong WARC')),
      await response(`${HOME}/`, page('Trang chủ')),
      await response('https://la.example.org/x.html', page('Báo khác')),
      await response(`${HOME}/khong-co.html`, page('Không có'), {}, '404 Not Found'),
      await response(`${HOME}/anh.jpg`, 'jpeg', { 'Content-Type': 'image/jpeg' }),
      await response(`${HOME}/hai.html`, gzipSync(page('Bài mẫu nén trong WARC')), { 'Content-Encoding': 'gzip' }),
      await response(`${HOME}/ba.html`, chunked, { 'Transfer-Encoding': 'chunked' }),
    ]
    const zipped = Buffer.concat(records.map((record) => gzipSync(record)))
    const outcomes = await bring('kho.warc.gz', zipped)
    expect(outcomes.map(({ url, outcome }) => [url, outcome])).toEqual([
      [`${HOME}/mot.html`, 'new'],
      [`${HOME}/hai.html`, 'new'],
      [`${HOME}/ba.html`, 'new'],
    ])
    const pageId = (await articles())[0]?.pageId
    expect((await crawl.store.pages.get(pageId ?? ''))?.fetchedAt).toBe('2025-10-01T05:00:00.000Z')
    expect(briefly(await bring('kho.warc', Buffer.concat(records)))).toEqual(['known', 'known', 'known'])
    expect(await articles()).toHaveLength(3)
  })

  it('that are cut give what came before; others are refused', async () => {
    const first = gzipSync(await response(`${HOME}/mot.html`, page('Bài mẫu thứ nhất trong WARC')))
    const cut = first.subarray(0, Math.floor(first.length / 2))
    expect(briefly(await bring('cut.warc.gz', Buffer.concat([first, cut])))).toEqual(['new', 'refused import.damaged'])
    expect(briefly(await bring('no.warc', 'no WARC at all'))).toEqual(['refused import.damaged'])
    const other = await response('https://la.example.org/x.html', page('Báo khác'))
    expect(briefly(await bring('other.warc', other))).toEqual(['refused import.not-archived'])
  })
})

it('refuses what is empty or of an unknown kind', async () => {
  expect(briefly(await bring('a.html', ''))).toEqual(['refused import.empty'])
  expect(briefly(await bring('a.xlsx', 'PK'))).toEqual(['refused import.unknown-format'])
  expect(briefly(await bring('a.txt', '\n\n# nothing\n'))).toEqual(['refused import.empty'])
})

/** A ZIP of one entry of zeros; its directory says `claimed` bytes. */
function bomb(bytes: number, claimed = bytes): Buffer {
  const packed = deflateRawSync(Buffer.alloc(bytes), { level: 1 })
  const name = Buffer.from('word/document.xml')
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(claimed, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(claimed, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, entry, name, end])
}
