import { describe, expect, it } from 'vitest'
import { type Answer, samplePage, status } from './crawling.ts'
import { CHROMIUM, NO_CHROMIUM } from './support/chromium.ts'
import { DAY, flood, gold, HOUR, MINUTE, market, sums, visitRoom } from './support/visit-room.ts'

const { clock, answers, crawl, open, begin, later, asked, articleAt, fateOf, outcomesOf } = visitRoom()

describe('pages taken down', () => {
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
      { '/cho': status(301, { location: '/gia-vang-tang-77' }), '/gia-vang-tang-77': gold },
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
    ['another text at its address', { '/cho': gold }, 'replaced'],
  ])('%s: suspected, looked at again after an hour, marked', async (_name, change, reason) => {
    await begin({ '/cho': market() })
    Object.assign(answers, change)
    expect(sums(await later(HOUR))).toEqual({ visited: 1, changed: 0, gone: 0 })
    expect(await fateOf('/cho')).toBeNull()
    await later(30 * MINUTE)
    expect(asked('/cho')).toBe(2)
    const seq = await crawl().store.changes.last()
    expect(sums(await later(30 * MINUTE))).toEqual({ visited: 1, changed: 0, gone: 1 })
    expect(await outcomesOf('/cho')).toEqual([`suspected ${reason}`, `gone ${reason}`])
    expect(await fateOf('/cho')).toMatchObject({ edits: 0, goneAt: '2025-10-01T04:00:00.000Z', goneReason: reason })
    const article = await articleAt('/cho')
    expect(article).toMatchObject({ version: 1, title: 'Chợ phiên Bắc Hà đông khách dịp cuối tuần' })
    expect((await crawl().store.changes.after(seq, 10)).map(({ articleId }) => articleId)).toEqual([article.id])
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
    const [entry] = await crawl().store.visits.log((await articleAt('/cho')).id)
    const page = await crawl().store.pages.get(entry?.pageId ?? '')
    expect(page).toMatchObject({ status: 404 })
    if (!page?.warc) throw new Error('not archived')
    expect(Buffer.from((await crawl().archive.read(page.warc)).body).toString()).toContain('Không có trang này')
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
    const seq = await crawl().store.changes.last()
    answers['/cho'] = market('Phiên chợ có 50 gian hàng.')
    await later(18 * HOUR)
    expect(await outcomesOf('/cho')).toEqual(['suspected not-found', 'gone not-found', 'gone not-found', 'changed'])
    expect(await fateOf('/cho')).toMatchObject({ edits: 1, goneAt: null, goneReason: null })
    expect((await crawl().store.changes.after(seq, 10)).length).toBeGreaterThan(0)
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
      await crawl().close()
      await open({ browser: null })
      await later(10 * DAY)
      expect((await outcomesOf('/cho')).at(-1)).toBe('unreadable browser.missing')
      expect(await fateOf('/cho')).toBeNull()
    })
  },
)
