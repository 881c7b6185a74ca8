import { createHash } from 'node:crypto'
import { getDomain } from 'tldts'
import { Agent, request as send } from 'undici'
import type { Clock } from '../clock.ts'
import { Fatal, RetryLater, Skip } from '../errors.ts'
import { decodeContent } from './content-encoding.ts'
import type { Guard } from './guards.ts'
import { type Politeness, retryAfterMs } from './politeness.ts'

export type HeaderList = readonly (readonly [name: string, value: string])[]

/** One request and its response, as they went over the wire. */
export interface Exchange {
  readonly url: string
  readonly startedAt: Date
  /** To which the host's connections went. */
  readonly address: string | null
  readonly requestHeaders: HeaderList
  readonly status: number
  readonly statusText: string
  /** In the order and spelling received. */
  readonly responseHeaders: HeaderList
  /** As received, transfer-encoding removed, content-encoding kept. */
  readonly wireBody: Uint8Array
}

/** What a URL led to: the redirects in between, and the last response with its content-encoding removed. */
export interface Fetched {
  readonly url: string
  readonly finalUrl: string
  readonly redirects: readonly Exchange[]
  readonly last: Exchange
  readonly status: number
  /** Lower-case names; repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** `sha256:<hex>` of `body`. */
  readonly digest: string
  /** Set when `body` is the document as a browser showed it, in UTF-8; `last` is the response as received all the same. */
  readonly rendered?: Rendered | undefined
}

export interface Rendered {
  readonly at: Date
  /** The data (XHR, fetch) from which the page was built. */
  readonly loaded: readonly Exchange[]
}

/**
 * What a page asks for besides its document; refused outside of the page's own site (registrable domain).
 * @throws as HttpClient.get; Skip `guard.site`
 */
export type Load = (url: string) => Promise<Fetched>

export interface FetchLimits {
  /** Of the body, as received and inflated, each. */
  readonly maxBytes: number
  /** Of the whole response, redirects and waiting for the host not counted. */
  readonly totalMs: number
  /** Without a byte. */
  readonly idleMs: number
  readonly maxRedirects: number
}

export const defaultLimits: FetchLimits = {
  maxBytes: 10 * 1024 * 1024,
  totalMs: 60_000,
  idleMs: 20_000,
  maxRedirects: 5,
}

export interface HttpClient {
  /**
   * GET, through guard, robots.txt and the host's pause, each again at every redirect. Any status is a result.
   * @throws RetryLater `fetch.timeout`, `fetch.network`, `robots.unavailable`; Skip `fetch.too-large`,
   * `fetch.redirects`, `fetch.encoding`, `guard.*`, `robots.disallowed`
   */
  readonly get: (url: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal) => Promise<Fetched>
  /**
   * A page with what it loads. The host stays occupied until `work` ends and its pause counts from there: what the page
   * loads from its own site follows without pauses in between, through guard, limits and robots.txt all the same.
   * @throws as get, and what `work` throws
   */
  readonly withPage: <T>(
    url: string,
    signal: AbortSignal | undefined,
    work: (page: Fetched, load: Load) => Promise<T>,
  ) => Promise<T>
  readonly close: () => Promise<void>
}

export interface HttpClientOptions {
  readonly clock: Clock
  readonly guard: Guard
  readonly politeness: Politeness
  readonly userAgent: string
  readonly limits?: FetchLimits
}

/** Names the monitor and whom to write to; RFC 9110 section 10.1.5. */
export const userAgentFor = (contact: string): string =>
  `LaoCaiPressMonitor/0.1 (${contact.includes('@') ? `mailto:${contact}` : `+${contact}`})`

export function headerRecord(list: HeaderList): Record<string, string> {
  const record: Record<string, string> = Object.create(null)
  for (const [name, value] of list) {
    const key = name.toLowerCase()
    record[key] = key in record ? `${record[key]}, ${value}` : value
  }
  return record
}

const pairs = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: Math.floor(raw.length / 2) }, (_, at) => [raw[2 * at] ?? '', raw[2 * at + 1] ?? ''])

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, guard, politeness, userAgent } = options
  const limits = options.limits ?? defaultLimits
  const agent = new Agent({
    connect: guard.connector,
    connections: 8,
    pipelining: 1,
    headersTimeout: limits.idleMs,
    bodyTimeout: limits.idleMs,
    maxHeaderSize: 64 * 1024,
  })

  const tooLarge = (url: URL, bytes: string): Skip =>
    new Skip(`${url.href} is larger than ${limits.maxBytes} bytes (${bytes})`, {
      code: 'fetch.too-large',
      remedy: 'Nothing to do unless it is an article: then raise the limit on the size of a page.',
    })

  const readBody = async (body: AsyncIterable<Buffer>, url: URL): Promise<Uint8Array> => {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > limits.maxBytes) throw tooLarge(url, 'as received')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  /** One hop, without regard to politeness. */
  const exchange = async (url: URL, headers: HeaderList, signal?: AbortSignal): Promise<Exchange> => {
    const controller = new AbortController()
    const timeout = setTimeout(() => controller.abort(new Error('total time')), limits.totalMs)
    const stop = (): void => controller.abort(signal?.reason)
    signal?.addEventListener('abort', stop, { once: true })
    const startedAt = clock.now()
    try {
      signal?.throwIfAborted()
      const response = await send(url, {
        dispatcher: agent,
        method: 'GET',
        headers: headers.flat(),
        signal: controller.signal,
        responseHeaders: 'raw',
      })
      // With `raw` the headers come as a flat list; undici's types do not say so.
      const responseHeaders = pairs(response.headers as unknown as string[])
      const announced = Number(responseHeaders.find(([name]) => /^content-length$/i.test(name))?.[1] ?? 0)
      if (announced > limits.maxBytes) {
        controller.abort(new Error('too large'))
        response.body.on('error', () => undefined)
        throw tooLarge(url, `announced ${announced}`)
      }
      const wireBody = await readBody(response.body, url)
      const { statusCode: status, statusText } = response
      const address = guard.addressOf(url)
      return {
        url: url.href,
        startedAt,
        address,
        requestHeaders: headers,
        status,
        statusText,
        responseHeaders,
        wireBody,
      }
    } catch (error) {
      const failure = classify(error, url, signal, controller.signal)
      // Whatever of the response is still on its way; after a whole one there is nothing to end.
      controller.abort()
      throw failure
    } finally {
      clearTimeout(timeout)
      signal?.removeEventListener('abort', stop)
    }
  }

  const inTurn: Hop = async (url, headers, signal) => {
    const leave = await politeness.enter(url, signal)
    try {
      return { result: await atOnce(url, headers, signal), leave }
    } catch (error) {
      leave()
      throw error
    }
  }

  const atOnce = async (url: URL, headers: HeaderList, signal?: AbortSignal): Promise<Exchange> => {
    const result = await exchange(url, headers, signal)
    if (result.status === 429 || result.status === 503) {
      politeness.penalise(url, retryAfterMs(headerRecord(result.responseHeaders)['retry-after'] ?? null, clock.now()))
    }
    return result
  }

  const robotsFor = (hop: Hop, signal?: AbortSignal) => async (robots: URL) => {
    const { fetched, leave } = await follow(robots.href, {}, signal, { hop })
    leave()
    return fetched
  }

  /** Follows redirects. Whoever called has to leave the last host. */
  const follow = async (
    start: string,
    extra: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
    how: { readonly hop: Hop; readonly check?: (url: URL) => Promise<void> },
  ): Promise<{ fetched: Fetched; leave: () => void }> => {
    const redirects: Exchange[] = []
    let url = parse(start)
    for (;;) {
      guard.checkUrl(url)
      await how.check?.(url)
      const headers: HeaderList = [
        ['host', url.host],
        ['user-agent', userAgent],
        ['accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5'],
        ['accept-encoding', 'gzip, deflate, br'],
        ...(redirects.length === 0 ? Object.entries(extra) : []),
      ]
      const { result: last, leave } = await how.hop(url, headers, signal)
      try {
        const record = headerRecord(last.responseHeaders)
        const location = [301, 302, 303, 307, 308].includes(last.status) ? record.location : undefined
        if (location === undefined) {
          const body = await decodeContent(last.wireBody, record['content-encoding'] ?? null, limits.maxBytes, url.href)
          const [digest, { status }] = [digestOf(body), last]
          const fetched = { url: start, finalUrl: url.href, redirects, last, status, headers: record, body, digest }
          return { fetched, leave }
        }
        redirects.push(last)
        const next = URL.parse(location, url.href)
        const seen = next === null || redirects.some((hop) => hop.url === next.href)
        if (next === null || seen || redirects.length > limits.maxRedirects) {
          throw new Skip(
            `${start} is redirected ${next === null ? 'to nowhere' : seen ? 'in a circle' : 'too often'}`,
            {
              code: 'fetch.redirects',
              remedy: 'Open the address in a browser; the outlet may ask for cookies or have moved.',
            },
          )
        }
        url = next
      } catch (error) {
        leave()
        throw error
      }
      leave()
    }
  }

  const checked = (signal?: AbortSignal) => ({
    hop: inTurn,
    check: (url: URL) => politeness.checkRobots(url, robotsFor(inTurn, signal)),
  })

  const get: HttpClient['get'] = async (url, headers, signal) => {
    const { fetched, leave } = await follow(url, headers, signal, checked(signal))
    leave()
    return fetched
  }

  const withPage: HttpClient['withPage'] = async (url, signal, work) => {
    const { fetched, leave } = await follow(url, {}, signal, checked(signal))
    const page = new URL(fetched.finalUrl)
    const hop: Hop = async (at, headers, inner) => ({
      result: await atOnce(at, headers, inner),
      leave: () => undefined,
    })
    const check = async (at: URL): Promise<void> => {
      if (siteOf(at) !== siteOf(page)) {
        throw new Skip(`${at.host} does not belong to the site of ${page.host}`, {
          code: 'guard.site',
          remedy: 'Nothing to do: pages are read without what other sites add to them.',
        })
      }
      // The page's own host is occupied by the page: waiting for it would never end.
      await politeness.checkRobots(at, robotsFor(at.host === page.host ? hop : inTurn, signal))
    }
    // What a page asks for after its end, or is still waiting for then, would reach the host within its pause.
    const end = new AbortController()
    const until = signal ? AbortSignal.any([signal, end.signal]) : end.signal
    const under = new Set<Promise<unknown>>()
    const load: Load = async (at) => {
      if (end.signal.aborted) throw left(at, end.signal.reason)
      const part = follow(at, { referer: page.href }, until, { hop, check })
      under.add(part)
      return (await part.finally(() => under.delete(part))).fetched
    }
    try {
      return await work(fetched, load)
    } finally {
      end.abort()
      await Promise.allSettled([...under])
      leave()
    }
  }

  return {
    get,
    withPage,
    close: () => agent.close(),
  }
}

/** One request and its answer; `leave` frees the host. */
type Hop = (
  url: URL,
  headers: HeaderList,
  signal?: AbortSignal,
) => Promise<{ readonly result: Exchange; readonly leave: () => void }>

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Hosts under one registrable domain (Public Suffix List) are one site; an address is a site of its own. */
export const siteOf = (url: URL): string => getDomain(url.hostname, { allowPrivateDomains: true }) ?? url.host

function parse(url: string): URL {
  const parsed = URL.parse(url)
  if (parsed) return parsed
  throw new Skip(`Not an address: ${url.slice(0, 200)}`, {
    code: 'url.invalid',
    remedy: 'Correct the link in the feed, listing or list of addresses.',
  })
}

const left = (url: string, cause: unknown): RetryLater =>
  new RetryLater(`${url} was left: the monitor stops, or the page that asked for it has ended`, {
    code: 'fetch.stopped',
    remedy: 'Nothing to do: it is fetched when it is needed again.',
    cause,
  })

/** What happens next after a failed request. */
function classify(error: unknown, url: URL, outer: AbortSignal | undefined, inner: AbortSignal): unknown {
  if (error instanceof Skip || error instanceof RetryLater || error instanceof Fatal) return error
  if (outer?.aborted) return left(url.href, error)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const message = error instanceof Error ? error.message : String(error)
  if (inner.aborted || /TIMEOUT/.test(code)) {
    return new RetryLater(`${url.host} did not answer in time (${code || 'total time'})`, {
      code: 'fetch.timeout',
      remedy: 'Nothing to do: it is tried again later.',
      cause: error,
    })
  }
  if (/^(?:CERT_|ERR_TLS|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(code)) {
    return new RetryLater(`${url.host}: the certificate is not accepted (${code})`, {
      code: 'fetch.certificate',
      remedy: 'Checks of certificates are never turned off; tell the outlet, or add its authority to the system.',
      cause: error,
    })
  }
  return new RetryLater(`${url.host}: ${message}${code ? ` (${code})` : ''}`, {
    code: 'fetch.network',
    remedy: 'Check the line to the internet; it is tried again later.',
    cause: error,
  })
}
