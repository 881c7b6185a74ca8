import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Clock, iso } from '../clock.ts'
import { type Archive, openArchive } from '../crawlers/archive.ts'
import { type Collector, type CollectorOptions, createCollector } from '../crawlers/collect.ts'
import { createIngest, type Ingest } from '../crawlers/ingest.ts'
import { LIMIT_NAMES, LIMIT_RULES, type LimitInForce, type LimitValues } from '../crawlers/limits.ts'
import type { Outlet } from '../model.ts'
import { type Assessor, createAssessor } from '../pipeline/assess.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import { loadProfile } from '../profiles/load.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** What the tests of the crawlers share: pages and feeds, and a server on loopback that remembers its requests. */

export interface RequestSeen {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Milliseconds, monotonic. */
  readonly at: number
}

export interface TestServer {
  readonly origin: string
  readonly host: string
  readonly seen: RequestSeen[]
  readonly pathsSeen: () => string[]
  readonly close: () => Promise<void>
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Paths → answers; what is not named answers 404. */
export async function startServer(answers: Readonly<Record<string, Answer | string>>): Promise<TestServer> {
  const seen: RequestSeen[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    seen.push({ path, headers: request.headers, at: performance.now() })
    const answer = answers[path] ?? answers['*']
    if (answer === undefined) {
      response.statusCode = 404
      response.end('not found')
    } else if (typeof answer === 'string') {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(answer)
    } else {
      answer(request, response)
    }
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    pathsSeen: () => seen.map(({ path }) => path),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

export interface Crawl {
  readonly store: Store
  readonly archive: Archive
  readonly ingest: Ingest
  readonly collector: Collector
  /** Once, however often it is called. */
  readonly close: () => Promise<void>
}

const root = join(import.meta.dirname, '..')
export const assessor = createAssessor({
  profile: await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets')),
})

/** All real parts over a folder, as the application puts them together. */
export async function openCrawl(
  folder: string,
  outlets: readonly Outlet[],
  clock: Clock,
  change: Partial<CollectorOptions> = {},
  judge: Pick<Assessor, 'key' | 'assess'> = assessor,
): Promise<Crawl> {
  const store = await openStore({ file: join(folder, 'store.db'), clock })
  const archive = await openArchive({
    ...{ folder: join(folder, 'archive'), clock, software: 'test' },
    begun: (file, origin) =>
      store.archiveFiles.begin({ file, origin, begunAt: iso(clock.now()), who: null, source: null }),
  })
  const ingest = createIngest({
    ...{ store, assessor: judge, clock, windowDays: 14 },
    createWindow: () => createStoryWindow({ days: 14 }),
  })
  const collector = createCollector({
    ...{ store, archive, ingest, clock, outlets },
    log: { info: () => undefined, warn: () => undefined },
    contact: 'baochi@example.vn',
    minFreeBytes: 0,
    testHosts: ['127.0.0.1'],
    ...change,
  })
  let closed: Promise<void> | null = null
  const close = async (): Promise<void> => {
    await collector.close()
    await archive.close()
    await store.close()
  }
  return {
    ...{ store, archive, ingest, collector },
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

/** A page of a sample article, written by us; long enough to be read. */
export const samplePage = (title: string, options: { head?: string; body?: string } = {}): string =>
  `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>${title}</title>${options.head ?? ''}</head><body>
<nav><a href="/">Trang chủ</a></nav><article><h1>${title}</h1>${
    options.body ??
    Array.from(
      { length: 6 },
      (_, n) =>
        `<p>Đoạn ${n + 1} của bài mẫu "${title}": chính quyền xã Bát Xát, tỉnh Lào Cai cho biết mưa lớn từ đêm qua đã gây sạt lở đất, nhiều hộ dân phải di dời đến nơi an toàn trong sáng nay.</p>`,
    ).join('')
  }</article><footer>Báo mẫu, bài viết mẫu dùng để kiểm thử</footer></body></html>`

export interface SampleItem {
  readonly url: string
  readonly title: string
  readonly summary?: string
  /** RFC 822. */
  readonly date?: string
}

export const sampleFeed = (items: readonly SampleItem[]): string =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo mẫu</title><link>http://bao.example</link>${items
    .map(
      ({ url, title, summary = `Tóm tắt: ${title}`, date = 'Wed, 01 Oct 2025 07:00:00 +0700' }) =>
        `<item><title>${title}</title><link>${url.replaceAll('&', '&amp;')}</link><description>${summary}</description><pubDate>${date}</pubDate></item>`,
    )
    .join('')}</channel></rss>`

export const xml =
  (text: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/rss+xml', ...headers }).end(text)

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end()

/** Limits as the configuration sets them: what is not named stays for ever, logs for a thousand days. */
export const limitsOf = (values: Partial<LimitValues>): readonly LimitInForce[] =>
  LIMIT_NAMES.map((name) => {
    const value = values[name] ?? (LIMIT_RULES[name].mayBeOff ? null : 1000)
    return { name, value, configured: value, setBy: null }
  })
