import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Clock, iso } from '../../clock.ts'
import type { Instant } from '../../model.ts'
import type { Answer, Player } from './player.ts'

export interface RequestRecord {
  /** By the world's clock. */
  readonly at: Instant
  readonly outletId: string
  /** `127.0.0.1:port`; an outlet with a mobile twin has two. */
  readonly host: string
  readonly method: string
  readonly path: string
  /** With its question mark; empty where there is none. */
  readonly query: string
  readonly status: number
  readonly userAgent: string | null
  /** The request carried If-None-Match or If-Modified-Since. */
  readonly conditional: boolean
}

export interface Running {
  readonly player: Player
  readonly origin: string
  readonly close: () => Promise<void>
}

/** The addresses of an outlet, known once its servers listen. */
export interface Addresses {
  main: string
  mobile: string | null
}

/** Lets a player answer on its own port of 127.0.0.1. @throws when the port is taken */
export async function start(
  player: Player,
  port: number,
  clock: Clock,
  requests: RequestRecord[],
  addresses: Addresses,
): Promise<Running> {
  const server: Server = createServer((request, response) => {
    answer(player, addresses, clock.now(), request, response, requests).catch((error: unknown) => {
      // The other side hung up in the middle of a long page: what it may do. Everything else is our mistake.
      const hungUp =
        error instanceof Error &&
        'code' in error &&
        ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(String(error.code))
      if (!hungUp) server.emit('error', error)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const origin = `http://127.0.0.1:${address.port}`
  return {
    player,
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  player: Player,
  { main: origin, mobile: mobileOrigin }: Addresses,
  now: Date,
  request: IncomingMessage,
  response: ServerResponse,
  requests: RequestRecord[],
): Promise<void> {
  const { pathname: path, search, searchParams: query } = new URL(request.url ?? '/', origin)
  const isReading = request.method === 'GET' || request.method === 'HEAD'
  const found: Answer | null = isReading
    ? player.respond({ path, query, origin, mobileOrigin, now })
    : { status: 405, type: null, body: [] }
  const result: Answer = found ?? { status: 404, type: 'text/html; charset=utf-8', body: [Buffer.from('<h1>404</h1>')] }

  const headers: Record<string, string> = { ...result.headers }
  if (result.type !== null) headers['content-type'] = result.type
  let { status } = result
  if (result.modified !== undefined) {
    headers.etag = result.etag ?? `"${await digest(result.body)}"`
    headers['last-modified'] = new Date(result.modified).toUTCString()
    if (isUnchanged(request, headers.etag, result.modified)) status = 304
  }

  requests.push({
    at: iso(now),
    outletId: player.id,
    host: request.headers.host ?? '',
    method: request.method ?? '',
    path,
    query: search,
    status,
    userAgent: request.headers['user-agent'] ?? null,
    conditional: request.headers['if-none-match'] !== undefined || request.headers['if-modified-since'] !== undefined,
  })
  response.writeHead(status, headers)
  if (status === 304 || request.method === 'HEAD') response.end()
  else await pipeline(Readable.from(result.body), response)
}

async function digest(body: Answer['body']): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of body) hash.update(piece)
  return hash.digest('hex').slice(0, 24)
}

/** RFC 9110, 13.2.2: If-None-Match decides where both stand. */
function isUnchanged(request: IncomingMessage, etag: string, modified: Instant): boolean {
  const tags = request.headers['if-none-match']
  if (tags !== undefined) return tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  const since = request.headers['if-modified-since']
  return since !== undefined && Math.floor(Date.parse(modified) / 1000) * 1000 <= Date.parse(since)
}
