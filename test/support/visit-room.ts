import { beforeEach } from 'vitest'
import type { SimulatedClock } from '../../clock.ts'
import type { CollectorOptions } from '../../crawlers/collect.ts'
import type { CollectResult } from '../../crawlers/tally.ts'
import type { Outlet } from '../../model.ts'
import type { AssessedArticle } from '../../store/store.ts'
import type { ArticleFate } from '../../store/visits.ts'
import { crawlRoom, feedOutlet } from '../crawl-room.ts'
import { type Answer, type Crawl, sampleFeed, samplePage, type TestServer, xml } from '../crawling.ts'

/** One outlet whose articles are visited again: its server, its monitor, and what came of the visits. */

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Sample texts, written by us: one about the province that is not sensitive, one that is. */
export const market = (sentence = 'Phiên chợ có 45 gian hàng.', more = ''): string =>
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
export const flood = samplePage('Lũ quét ở Lào Cai, nhiều nhà bị cuốn trôi')
/** One that is not about the province. */
export const gold = samplePage('Giá vàng tăng', {
  body: `<p>${'Giá vàng thế giới tăng mạnh trong phiên giao dịch sáng nay tại các thị trường lớn. '.repeat(8)}</p>`,
})

export interface VisitRoom {
  readonly clock: SimulatedClock
  /** Paths → what the outlet's server answers; empty when a test begins. */
  readonly answers: Record<string, Answer | string>
  readonly origin: () => string
  readonly outlet: () => Outlet
  readonly crawl: () => Crawl
  readonly open: (change?: Partial<CollectorOptions>) => Promise<void>
  /** The feed names the paths; the first poll reads them. */
  readonly begin: (pages: Record<string, Answer | string>, change?: Partial<CollectorOptions>) => Promise<void>
  /** Polls when so much time has passed. */
  readonly later: (ms: number) => Promise<CollectResult>
  /** How often a path was asked for, the first time included. */
  readonly asked: (path: string) => number
  readonly articleAt: (path: string) => Promise<AssessedArticle>
  readonly fateOf: (path: string) => Promise<ArticleFate | null>
  /** What its visits found, the first one first. */
  readonly outcomesOf: (path: string) => Promise<string[]>
  /** Runs after the test, before what was opened earlier is closed. */
  readonly afterwards: (close: () => Promise<void>) => void
}

/** Call it once at the top of a file. */
export function visitRoom(): VisitRoom {
  const room = crawlRoom('visits-')
  const answers: VisitRoom['answers'] = {}
  let server: TestServer
  let crawl: Crawl

  beforeEach(async () => {
    for (const path of Object.keys(answers)) delete answers[path]
    server = await room.serve(answers)
  })

  const outlet = (): Outlet => feedOutlet(server)
  const open: VisitRoom['open'] = async (change = {}) => {
    crawl = await room.crawl([outlet()], change)
  }
  const articleAt = async (path: string): Promise<AssessedArticle> => {
    const article = await crawl.store.articles.byUrl(`${server.origin}${path}`)
    const assessed = article && (await crawl.store.articles.get(article.id))
    if (!assessed) throw new Error(`no article at ${path}`)
    return assessed
  }
  return {
    ...{ clock: room.clock, afterwards: room.afterwards, answers, outlet, open, articleAt },
    origin: () => server.origin,
    crawl: () => crawl,
    begin: async (pages, change) => {
      Object.assign(answers, pages)
      answers['/feed'] = xml(
        sampleFeed(Object.keys(pages).map((path) => ({ url: `${server.origin}${path}`, title: path }))),
      )
      await open(change)
      await crawl.collector.poll()
    },
    later: async (ms) => {
      room.clock.advance(ms)
      return crawl.collector.poll()
    },
    asked: (path) => server.pathsSeen().filter((seen) => seen === path).length,
    fateOf: async (path) => {
      const { id } = await articleAt(path)
      return (await crawl.store.visits.fates([id])).get(id) ?? null
    },
    outcomesOf: async (path) =>
      (await crawl.store.visits.log((await articleAt(path)).id)).map(({ outcome, reason }) =>
        reason ? `${outcome} ${reason}` : outcome,
      ),
  }
}

/** Of the one outlet. */
export const sums = ({ outlets }: CollectResult) =>
  outlets.map(({ visited, changed, gone }) => ({ visited, changed, gone }))[0]
