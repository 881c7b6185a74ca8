import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Outlet } from '../model.ts'

/** What the tests of the crawlers share: an outlet to vary, and a server on loopback that remembers its requests. */

export const sampleOutlet = (change: Partial<Outlet> = {}): Outlet => ({
  id: 'bao-mau',
  name: 'Báo mẫu',
  origin: 'domestic',
  class: 'press',
  kind: 'national',
  country: 'VN',
  languages: ['vi'],
  homepage: null,
  timezone: 'Asia/Ho_Chi_Minh',
  dateOrder: 'day-first',
  sources: [],
  articlePattern: null,
  delaySeconds: 0,
  rules: [],
  notes: null,
  ...change,
})

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
