import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WARCParser } from 'warcio'
import { createCollector } from '../crawlers/collect.ts'
import { createIngest } from '../crawlers/ingest.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import type { Store } from '../store/store.ts'
import { type Answer, assessor, sampleFeed, status, xml } from './crawling.ts'
import { HOUR, MINUTE, market, sums, visitRoom } from './support/visit-room.ts'

const { clock, answers, origin, outlet, crawl, begin, later, articleAt, fateOf, outcomesOf, afterwards } = visitRoom()

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
    expect(await crawl().store.visits.versions(article.id)).toEqual([
      { version: 1, seenAt: '2025-10-01T02:00:00.000Z', cause: 'first' },
      { version: 2, seenAt: '2025-10-01T03:00:00.000Z', cause: 'edited' },
    ])
    expect(await fateOf('/cho')).toMatchObject({ edits: 1, lastEditAt: '2025-10-01T03:00:00.000Z', goneAt: null })
    // The page that the new version was read from is the one archived at the visit.
    const page = await crawl().store.pages.get(article.pageId ?? '')
    if (!page?.warc) throw new Error('not archived')
    expect(Buffer.from((await crawl().archive.read(page.warc)).body).toString()).toBe(edited)
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
    const item = { url: `${origin()}/xe-dap`, title: 'Xe đạp', date: 'Wed, 01 Oct 2025 09:30:00 +0700' }
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
    await crawl().archive.rotate()
    const revisits: (string | null | undefined)[][] = []
    for (const file of await crawl().archive.files()) {
      const bytes = new Uint8Array(await readFile(join(crawl().archive.folder, file)))
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
      ['304', `${profile}/server-not-modified`, `${origin()}/cho`],
      ['200', `${profile}/identical-payload-digest`, `${origin()}/cho`],
    ])
  })

  it('follows a moved article to its new address, and keeps it one article', async () => {
    await begin({ '/cho': market() })
    answers['/cho'] = status(301, { location: '/cho-phien-bac-ha-99' })
    answers['/cho-phien-bac-ha-99'] = market()
    await later(HOUR)
    expect(await outcomesOf('/cho')).toEqual(['unchanged'])
    expect(await crawl().store.articles.count({})).toBe(1)
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
    const { store, archive } = crawl()
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
    afterwards(collector.close)
    clock.advance(HOUR)
    await collector.poll()
    expect((await articleAt('/cho')).version).toBe(1)
    expect((await store.pages.latestOf(`${origin()}/cho`))?.fetchedAt).toBe('2025-10-01T02:00:00.000Z')
    expect((await store.visits.log(id)).map(({ outcome }) => outcome)).toEqual(['failed'])
    await later(5 * MINUTE)
    expect((await articleAt('/cho')).version).toBe(2)
  })
})
