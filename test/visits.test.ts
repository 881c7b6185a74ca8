import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WARCParser } from 'warcio'
import { type SimulatedClock, simulatedClock } from '../clock.ts'
import { type CollectorOptions, createCollector } from '../crawlers/collect.ts'
import { createIngest } from '../crawlers/ingest.ts'
import type { CollectResult } from '../crawlers/tally.ts'
import type { Outlet } from '../model.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import {
  type Answer,
  assessor,
  type Crawl,
  openCrawl,
  sampleFeed,
  sampleOutlet,
  samplePage,
  startServer,
  status,
  type TestServer,
  xml,
} from './crawling.ts'
import { CHROMIUM, NO_CHROMIUM } from './support/chromium.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let folder = ''
let clock: SimulatedClock
let answers: Record<string, Answer | string>
let server: TestServer
let crawl: Crawl
const closing: (() => Promise<void>)[] = []

/** Sample texts, written by us: one about the province that is not sensitive, one that is. */
const market = (sentence = 'Phiên chợ có 45 gian hàng.', more = ''): string =>
  samplePage('Chợ phiên Bắc Hà đông khách dịp cuối tuần', {
    body: `${[
      'Chợ phiên Bắc Hà, tỉnh Lào Cai, sáng chủ nhật đông kín người mua bán từ các bản xa về.',
      'Bà con mang theo thổ cẩm, rượu ngô, mật ong và nhiều món ăn quen thuộc của vùng cao.',
      sentence,
      'Ban quản lý chợ cho biết khách đến từ nhiều tỉnh, phần lớn đi theo nhóm gia đình.',
      'Chính quyền xã Bắc Hà bố trí thêm bãi xe và người hướng dẫn để khách đi lại thuận tiện.',
    ]
      .map((text) => `<p>${text}</p>`)
      .join('')}${more}`,
  })
const flood = samplePage('Lũ quét ở Lào Cai, nhiều nhà bị cuốn trôi')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visits-'))
  clock = simulatedClock(new Date('2025-10-01T02:00:00Z'))
  answers = {}
  server = await startServer(answers)
  closing.push(server.close)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

const outlet = (): Outlet => sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }] })
const open = async (change: Partial<CollectorOptions> = {}, outlets = [outlet()]): Promise<void> => {
  crawl = await openCrawl(folder, outlets, clock, change)
  closing.push(crawl.close)
}
/** The feed names the paths; the first poll reads them. */
const begin = async (pages: Record<string, Answer | string>, change: Partial<CollectorOptions> = {}): Promise<void> => {
  Object.assign(answers, pages)
  answers['/feed'] = xml(
    sampleFeed(Object.keys(pages).map((path) => ({ url: `${server.origin}${path}`, title: path }))),
  )
  await open(change)
  await crawl.collector.poll()
}
const articleAt = async (path: string): Promise<AssessedArticle> => {
  const article = await crawl.store.articles.byUrl(`${server.origin}${path}`)
  const assessed = article && (await crawl.store.articles.get(article.id))
  if (!assessed) throw new Error(`no article at ${path}`)
  return assessed
}
const fateOf = async (path: string) => {
  const { id } = await articleAt(path)
  return (await crawl.store.visits.fates([id])).get(id) ?? null
}
const outcomesOf = async (path: string): Promise<string[]> =>
  (await crawl.store.visits.log((await articleAt(path)).id)).map(({ outcome, reason }) =>
    reason ? `${outcome} ${reason}` : outcome,
  )
const later = async (ms: number): Promise<CollectResult> => {
  clock.advance(ms)
  return crawl.collector.poll()
}
const asked = (path: string): number => server.pathsSeen().filter((seen) => seen === path).length
const sums = ({ outlets }: CollectResult) =>
  outlets.map(({ visited, changed, gone }) => ({ visited, changed, gone }))[0]

describe('the plan', () => {
  it('reads an article again after 1 h, 6 h, 1 d, 3 d, 7 d and 30 d, and then no more', async () => {
    await begin({ '/cho': market() })
    expect((await articleAt('/cho')).assessment).toMatchObject({ sensitive: false, relevance: { level: 'main' } })
    const counts: number[] = []
    for (const wait of [
      59 * MINUTE,
      MINUTE,
      5 * HOUR,
      18 * HOUR,
      2 * DAY,
      4 * DAY,
      22 * DAY,
      DAY,
      23 * DAY,
      300 * DAY,
    ]) {
      await later(wait)
      counts.push(asked('/cho') - 1)
    }
    expect(counts).toEqual([0, 1, 2, 3, 4, 5, 5, 6, 6, 6])
  })

  it('reads a sensitive article more often', async () => {
    await begin({ '/lu': flood, '/cho': market() })
    expect((await articleAt('/lu')).assessment?.sensitive).toBe(true)
    for (let quarter = 0; quarter < 24; quarter += 1) await later(15 * MINUTE)
    expect([asked('/lu') - 1, asked('/cho') - 1]).toEqual([4, 2])
  })

  it('makes one visit of those that passed while the monitor was off, and survives a restart', async () => {
    await begin({ '/cho': market() })
    await crawl.close()
    closing.pop()
    clock.advance(25 * HOUR)
    await open()
    await crawl.collector.poll()
    expect(asked('/cho')).toBe(2)
    expect(await crawl.store.visits.nextAt((await articleAt('/cho')).id)).toBe('2025-10-04T02:00:00.000Z')
  })

  it('leaves irrelevant articles alone, until a person says that they are not', async () => {
    await begin({
      '/vang': samplePage('Giá vàng tăng', {
        body: `<p>${'Giá vàng thế giới tăng mạnh trong phiên giao dịch sáng nay tại các thị trường lớn. '.repeat(8)}</p>`,
      }),
    })
    const { id } = await articleAt('/vang')
    await later(2 * DAY)
    expect(asked('/vang')).toBe(1)
    const correct = (value: string) =>
      crawl.store.assessments.correct({
        articleId: id,
        field: 'relevance',
        value,
        note: null,
        who: 'lan',
        at: clock.now().toISOString(),
      })
    await correct('main')
    await later(MINUTE)
    expect(asked('/vang')).toBe(2)
    await correct('none')
    await later(5 * DAY)
    expect(asked('/vang')).toBe(2)
  })

  it('does not visit what became relevant when it was long old', async () => {
    await begin({
      '/vang': samplePage('Giá vàng tăng', {
        body: `<p>${'Giá vàng thế giới tăng mạnh trong phiên sáng nay. '.repeat(12)}</p>`,
      }),
    })
    const { id } = await articleAt('/vang')
    clock.advance(40 * DAY)
    await crawl.store.assessments.correct({
      articleId: id,
      field: 'relevance',
      value: 'main',
      note: null,
      who: 'lan',
      at: clock.now().toISOString(),
    })
    expect(await crawl.store.visits.nextAt(id)).toBeNull()
  })

  it('asks politely: what robots.txt has come to forbid is not fetched', async () => {
    await begin({ '/cho': market() })
    answers['/robots.txt'] = (_, response) => response.end('User-agent: *\nDisallow: /cho\n')
    await later(26 * HOUR)
    expect(asked('/cho')).toBe(1)
    expect(await outcomesOf('/cho')).toEqual(['refused robots.disallowed'])
    expect(await fateOf('/cho')).toBeNull()
  })
})

describe('edits', () => {
  it('finds an edit at the next visit, and judges it anew', async () => {
    await begin({ '/cho': market() })
    const edited = market('Một vụ cháy lớn làm 3 người chết tại chợ, lực lượng chức năng đang điều tra.')
    answers['/cho'] = edited
    expect(sums(await later(HOUR))).toEqual({ visited: 1, changed: 1, gone: 0 })
    const article = await articleAt('/cho')
    expect(article).toMatchObject({
      version: 2,
      firstSeen: '2025-10-01T02:00:00.000Z',
      published: '2025-10-01T00:00:00.000Z',
    })
    expect(article.text).toContain('3 người chết')
    expect(article.assessment?.sensitive).toBe(true)
    expect(await crawl.store.visits.versions(article.id)).toEqual([
      { version: 1, seenAt: '2025-10-01T02:00:00.000Z', cause: 'first' },
      { version: 2, seenAt: '2025-10-01T03:00:00.000Z', cause: 'edited' },
    ])
    expect(await fateOf('/cho')).toMatchObject({ edits: 1, lastEditAt: '2025-10-01T03:00:00.000Z', goneAt: null })
    // The page that the new version was read from is the one archived at the visit.
    const page = await crawl.store.pages.get(article.pageId ?? '')
    if (!page?.warc) throw new Error('not archived')
    expect(Buffer.from((await crawl.archive.read(page.warc)).body).toString()).toBe(edited)
    expect(sums(await later(5 * HOUR))).toEqual({ visited: 1, changed: 0, gone: 0 })
  })

  it('takes boilerplate, another layout and another spelling of the same words for no edit', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = market(
      undefined,
      '<p>1.204 lượt xem</p><p>5 phút trước</p><p>Xem thêm: <a href="/khac">Ruộng bậc thang vào mùa</a></p>',
    )
    await later(HOUR)
    answers['/cho'] = market()
      .normalize('NFD')
      .replaceAll('<p>', '<div class="new-layout"><p class="x">\n ')
      .replaceAll('</p>', '</p></div>')
      .replace('<nav>', '<nav><ul><li><a href="/m">Mới</a></li></ul>')
    await later(5 * HOUR)
    expect((await articleAt('/cho')).version).toBe(1)
    expect(await outcomesOf('/cho')).toEqual(['unchanged', 'unchanged'])
  })

  it('takes a relaunch of the outlet for no edit, but finds what was edited along with it', async () => {
    const paths = ['/cho', '/cho-2', '/cho-3', '/cho-4']
    await begin(Object.fromEntries(paths.map((path, at) => [path, market(`Phiên chợ có ${45 + at} gian hàng.`)])))
    // The desk's line now stands in the text of every page, and there is a dateline before the first sentence.
    const desk = 'Bạn đọc có thông tin xin gọi cho đường dây nóng của báo mẫu bất cứ lúc nào trong ngày.'
    const relaunched = (sentence: string): string =>
      market(sentence)
        .replace(
          /<article>(.*)<\/article>/s,
          '<section id="main" class="story-v2"><div class="copy">$1</div></section>',
        )
        .replace('<p>', '<p class="lead">Bắc Hà - ')
        .replaceAll('<p>', '<p class="line">')
        .replace('</p></div>', `</p><p class="line">${desk}</p></div>`)
        .replace(
          '<nav>',
          '<header class="masthead"><nav class="top"><ul class="menu"><li class="item">Tin mới</li></ul>',
        )
        .replace('</nav>', '</nav></header>')
    Object.assign(
      answers,
      Object.fromEntries(paths.map((path, at) => [path, relaunched(`Phiên chợ có ${45 + at} gian hàng.`)])),
    )
    answers['/cho-2'] = relaunched('Phiên chợ có 64 gian hàng.')
    answers['/cho-3'] = relaunched('Phiên chợ có 47 gian hàng. Ban tổ chức xin lỗi vì con số đã đưa trước đây.')
    // What was published since the relaunch tells what stands on every page.
    answers['/xe-dap'] = relaunched('Giải đua xe đạp quanh chợ có 60 tay đua.')
    const item = { url: `${server.origin}/xe-dap`, title: 'Xe đạp', date: 'Wed, 01 Oct 2025 09:30:00 +0700' }
    answers['/feed'] = xml(sampleFeed([item]))
    await later(HOUR)
    expect((await articleAt('/xe-dap')).text).toContain(desk)
    const edits = await Promise.all(paths.map(async (path) => [path, (await fateOf(path))?.edits ?? 0]))
    expect(Object.fromEntries(edits)).toEqual({ '/cho': 0, '/cho-2': 1, '/cho-3': 1, '/cho-4': 0 })
  })

  it('sends conditions, and archives an unchanged page as a revisit', async () => {
    const etags: (string | undefined)[] = []
    const answer: Answer = (request, response) => {
      etags.push(request.headers['if-none-match'])
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end()
      else response.writeHead(200, { etag: '"1"', 'content-type': 'text/html; charset=utf-8' }).end(market())
    }
    await begin({ '/cho': answer })
    await later(HOUR)
    answers['/cho'] = market()
    await later(5 * HOUR)
    expect(etags).toEqual([undefined, '"1"'])
    expect(await outcomesOf('/cho')).toEqual(['unchanged', 'unchanged'])
    await crawl.archive.rotate()
    const revisits: (string | null | undefined)[][] = []
    for (const file of await crawl.archive.files()) {
      const bytes = new Uint8Array(await readFile(join(crawl.archive.folder, file)))
      for await (const record of new WARCParser([bytes])) {
        if (record.warcType === 'revisit')
          revisits.push([
            String(record.httpHeaders?.statusCode),
            record.warcHeader('WARC-Profile'),
            record.warcRefersToTargetURI,
          ])
        await record.skipFully()
      }
    }
    const profile = 'http://netpreserve.org/warc/1.1/revisit'
    expect(revisits).toEqual([
      ['304', `${profile}/server-not-modified`, `${server.origin}/cho`],
      ['200', `${profile}/identical-payload-digest`, `${server.origin}/cho`],
    ])
  })

  it('follows a moved article to its new address, and keeps it one article', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = status(301, { location: '/cho-phien-bac-ha-99' })
    answers['/cho-phien-bac-ha-99'] = market()
    await later(HOUR)
    expect(await outcomesOf('/cho')).toEqual(['unchanged'])
    expect(await crawl.store.articles.count({})).toBe(1)
  })

  it('tries again after a failure that may pass, without taking the article for gone', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = status(500)
    await later(HOUR)
    answers['/cho'] = market('Phiên chợ có 46 gian hàng.')
    await later(5 * MINUTE)
    expect(await outcomesOf('/cho')).toEqual(['failed fetch.server-error', 'changed'])
  })

  it('page, version and visit come together or not at all', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = market('Phiên chợ có 46 gian hàng.')
    const { id } = await articleAt('/cho')
    const { store, archive } = crawl
    const fails = async (): Promise<never> => {
      throw new Error('the disk is full')
    }
    const broken: Store = {
      ...store,
      transaction: (work) =>
        store.transaction((inner) => work({ ...inner, visits: { ...inner.visits, record: fails } })),
    }
    const createWindow = () => createStoryWindow({ days: 14 })
    const collector = createCollector({
      ...{ store, archive, clock, outlets: [outlet()] },
      ingest: createIngest({ store: broken, assessor, clock, windowDays: 14, createWindow }),
      log: { info: () => undefined, warn: () => undefined },
      ...{ contact: 'baochi@example.vn', minFreeBytes: 0, testHosts: ['127.0.0.1'] },
    })
    closing.push(collector.close)
    clock.advance(HOUR)
    await collector.poll()
    expect((await articleAt('/cho')).version).toBe(1)
    expect((await store.pages.latestOf(`${server.origin}/cho`))?.fetchedAt).toBe('2025-10-01T02:00:00.000Z')
    expect((await store.visits.log(id)).map(({ outcome }) => outcome)).toEqual(['failed'])
    await later(5 * MINUTE)
    expect((await articleAt('/cho')).version).toBe(2)
  })
})

describe('pages taken down', () => {
  const other = samplePage('Giá vàng tăng', {
    body: `<p>${'Giá vàng thế giới tăng mạnh trong phiên giao dịch sáng nay tại các thị trường lớn. '.repeat(8)}</p>`,
  })

  it.each<[string, Record<string, Answer | string>, string]>([
    ['404', { '/cho': status(404) }, 'not-found'],
    ['410', { '/cho': status(410) }, 'gone'],
    [
      'a redirect to the home page',
      { '/cho': status(302, { location: '/' }), '/': '<h1>Báo mẫu</h1><p>Tin mới</p>' },
      'redirect-home',
    ],
    [
      'a redirect to another article',
      { '/cho': status(301, { location: '/gia-vang-tang-77' }), '/gia-vang-tang-77': other },
      'moved-to-another',
    ],
    [
      'a soft 404',
      { '/cho': samplePage('Không tìm thấy trang', { body: '<p>Bài viết không tồn tại hoặc đã bị gỡ.</p>' }) },
      'says-gone',
    ],
    [
      'an emptied page',
      { '/cho': '<html><title>Chợ phiên Bắc Hà đông khách</title><body><nav>Trang chủ</nav></body></html>' },
      'emptied',
    ],
    [
      'an empty body',
      { '/cho': (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end() },
      'emptied',
    ],
    ['another text at its address', { '/cho': other }, 'replaced'],
  ])('%s: suspected, looked at again after an hour, marked', async (_name, change, reason) => {
    await begin({ '/cho': market() })
    Object.assign(answers, change)
    expect(sums(await later(HOUR))).toEqual({ visited: 1, changed: 0, gone: 0 })
    expect(await fateOf('/cho')).toBeNull()
    await later(30 * MINUTE)
    expect(asked('/cho')).toBe(2)
    const seq = await crawl.store.changes.last()
    expect(sums(await later(30 * MINUTE))).toEqual({ visited: 1, changed: 0, gone: 1 })
    expect(await outcomesOf('/cho')).toEqual([`suspected ${reason}`, `gone ${reason}`])
    expect(await fateOf('/cho')).toMatchObject({ edits: 0, goneAt: '2025-10-01T04:00:00.000Z', goneReason: reason })
    const article = await articleAt('/cho')
    expect(article).toMatchObject({ version: 1, title: 'Chợ phiên Bắc Hà đông khách dịp cuối tuần' })
    expect((await crawl.store.changes.after(seq, 10)).map(({ articleId }) => articleId)).toEqual([article.id])
  })

  it('a page emptied but for teasers that fill it: told by its neighbours, a text written anew is an edit', async () => {
    const teasers = Array.from(
      { length: 6 },
      (_, n) => `<p>Tin bên ${n}: giá vàng, giá xăng và tỷ giá hôm nay thay đổi thế nào, mời xem bảng tin số ${n}.</p>`,
    ).join('')
    await begin({
      '/cho': market(),
      '/lu': flood.replace('</footer>', `${teasers}</footer>`),
    })
    const title = 'Chợ phiên Bắc Hà đông khách dịp cuối tuần'
    answers['/cho'] = samplePage(title, { body: teasers })
    await later(HOUR)
    await later(HOUR)
    expect(await outcomesOf('/cho')).toEqual(['suspected emptied', 'gone emptied'])
    expect(await fateOf('/cho')).toMatchObject({ edits: 0, goneReason: 'emptied' })
    const anew = Array.from(
      { length: 5 },
      (_, n) =>
        `<p>Phần ${n}: tòa soạn viết lại bài về Bắc Hà, Lào Cai sau khi xác minh từng con số với ban quản lý.</p>`,
    ).join('')
    answers['/cho'] = samplePage(title, { body: anew })
    await later(DAY)
    expect(await fateOf('/cho')).toMatchObject({ edits: 1, goneAt: null })
  })

  it('keeps what the page answered as evidence', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = (_, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Không có trang này</h1>')
    await later(HOUR)
    const [entry] = await crawl.store.visits.log((await articleAt('/cho')).id)
    const page = await crawl.store.pages.get(entry?.pageId ?? '')
    expect(page).toMatchObject({ status: 404 })
    if (!page?.warc) throw new Error('not archived')
    expect(Buffer.from((await crawl.archive.read(page.warc)).body).toString()).toContain('Không có trang này')
  })

  it('the same body at many addresses', async () => {
    await begin({ '/cho': market(), '/a': market('Bài A.'), '/b': market('Bài B.') }, { maxConcurrency: 1 })
    const same = `<html><title>Báo mẫu</title><body>${'<p>Đọc tin mới mỗi ngày cùng Báo mẫu, tờ báo của mọi nhà.</p>'.repeat(20)}</body></html>`
    Object.assign(answers, { '/cho': same, '/a': same, '/b': same })
    await later(HOUR)
    const reasons = (await Promise.all(['/cho', '/a', '/b'].map(outcomesOf))).flat()
    expect(reasons).toContain('suspected same-as-others')
  })

  it('a page that is there again at the second look was never gone', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = status(404)
    await later(HOUR)
    answers['/cho'] = market()
    await later(HOUR)
    expect(await outcomesOf('/cho')).toEqual(['suspected not-found', 'back'])
    expect(await fateOf('/cho')).toBeNull()
    answers['/cho'] = status(404)
    await later(4 * HOUR)
    expect(await outcomesOf('/cho')).toEqual(['suspected not-found', 'back', 'suspected not-found'])
  })

  it('a page that comes back later is marked no more; the log keeps it', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = status(404)
    await later(HOUR)
    await later(HOUR)
    await later(4 * HOUR)
    const seq = await crawl.store.changes.last()
    answers['/cho'] = market('Phiên chợ có 50 gian hàng.')
    await later(18 * HOUR)
    expect(await outcomesOf('/cho')).toEqual(['suspected not-found', 'gone not-found', 'gone not-found', 'changed'])
    expect(await fateOf('/cho')).toMatchObject({ edits: 1, goneAt: null, goneReason: null })
    expect((await crawl.store.changes.after(seq, 10)).length).toBeGreaterThan(0)
  })

  it('a refusal, or a text that cannot be found in a page that shows it, is no take-down', async () => {
    await begin({ '/cho': market(), '/a': market('Bài A.') })
    answers['/cho'] = status(403)
    await later(HOUR)
    await later(5 * HOUR)
    expect(await outcomesOf('/cho')).toEqual(['refused page.forbidden', 'refused page.forbidden'])
    expect(await fateOf('/cho')).toBeNull()
  })
})

describe.skipIf(CHROMIUM === null)(
  `pages whose text needs a browser${CHROMIUM === null ? `: ${NO_CHROMIUM}` : ''}`,
  () => {
    const browser = { path: CHROMIUM ?? '', sandbox: process.getuid?.() !== 0 }
    const frame =
      '<html lang="vi"><head><meta charset="utf-8"><title>Chợ phiên</title></head><body><div id="root"></div><noscript>Hãy bật JavaScript</noscript><script src="/app.js"></script></body></html>'
    const app: Answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/javascript' })
        .end("fetch('/api').then((a) => a.text()).then((text) => { document.getElementById('root').innerHTML = text })")
    const shows = (page: string): string => /<article>[\s\S]*<\/article>/.exec(page)?.[0] ?? ''
    const start = async (): Promise<void> => {
      Object.assign(answers, { '/app.js': app, '/api': shows(market()) })
      await begin({ '/cho': frame }, { browser })
      expect(await articleAt('/cho')).toMatchObject({ completeness: 'full', version: 1 })
    }

    it('are visited with it: an edit that scripts bring is found', async () => {
      await start()
      await later(HOUR)
      answers['/api'] = shows(market('Phiên chợ có 46 gian hàng.'))
      await later(5 * HOUR)
      expect(await outcomesOf('/cho')).toEqual(['unchanged', 'changed'])
    })

    it('are not taken for gone when it is forgotten that they do, nor where there is none', async () => {
      await start()
      clock.advance(25 * DAY)
      await later(0)
      await later(5 * MINUTE)
      expect(await outcomesOf('/cho')).toEqual(['failed browser.needed', 'unchanged'])
      await crawl.close()
      closing.pop()
      await open({ browser: null })
      await later(10 * DAY)
      expect((await outcomesOf('/cho')).at(-1)).toBe('unreadable browser.missing')
      expect(await fateOf('/cho')).toBeNull()
    })
  },
)
