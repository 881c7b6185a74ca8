import type { LookupAddress, lookup } from 'node:dns'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { createGuard, isPublicAddress } from '../crawlers/guards.ts'
import { createHttpClient, defaultLimits, type HttpClient, userAgentFor } from '../crawlers/http-client.ts'
import { createPoliteness } from '../crawlers/politeness.ts'
import { RetryLater, Skip } from '../errors.ts'
import { type Answer, startServer, type TestServer } from './crawling.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const serve = async (answers: Readonly<Record<string, Answer | string>>): Promise<TestServer> => {
  const server = await startServer(answers)
  closing.push(server.close)
  return server
}

const clientFor = (testHosts: readonly string[], limits = {}, guard = createGuard(testHosts)): HttpClient => {
  const client = createHttpClient({
    ...{ clock: systemClock, guard },
    politeness: createPoliteness({
      clock: systemClock,
      robotsName: 'LaoCaiPressMonitor',
      defaultDelaySeconds: 0,
      liftedHosts: testHosts,
    }),
    userAgent: userAgentFor('baochi@example.vn'),
    limits: { ...defaultLimits, ...limits },
  })
  closing.push(client.close)
  return client
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Skip || error instanceof RetryLater) return error.code
    throw error
  }
  return 'none'
}

describe('addresses', () => {
  it.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['127.0.0.1', false],
    ['10.1.2.3', false],
    ['172.16.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['168.63.129.16', false],
    ['0.0.0.0', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['fe80::1', false],
    ['fd00:ec2::254', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::7f00:1', false],
    ['not an address', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected)
  })
})

describe('guard', () => {
  it('refuses other schemes, credentials and private addresses in any spelling', async () => {
    const client = clientFor([])
    expect(await codeOf(client.get('ftp://example.vn/x', {}))).toBe('guard.scheme')
    expect(await codeOf(client.get('file:///etc/passwd', {}))).toBe('guard.scheme')
    for (const who of ['user:pass', 'user', ':pass'])
      expect(await codeOf(client.get(`http://${who}@127.0.0.1/`, {})), who).toBe('guard.credentials')
    for (const url of [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::1]/',
      'http://[::ffff:10.0.0.1]/',
      'http://[::ffff:7f00:1]/',
      'http://0177.0.0.1/',
      'http://017700000001/',
      'http://0/',
      'http://127.1/',
      'http://①②⑦.⓪.⓪.①/',
      'http://169.254.169.254/latest/meta-data',
      'http://[fe80::1]/',
      'http://[fd00:ec2::254]/',
      'http://[64:ff9b::a9fe:a9fe]/',
    ]) {
      expect(await codeOf(client.get(url, {})), url).toBe('guard.address')
    }
  })

  it('refuses a name that resolves to an address inside', async () => {
    const server = await serve({ '*': 'inside' })
    const url = server.origin.replace('127.0.0.1', 'localhost')
    expect(await codeOf(clientFor(['127.0.0.1']).get(url, {}))).toBe('guard.address')
    expect(server.seen).toEqual([])
  })

  it('refuses a name of which one address leads inside, before anything is connected', async () => {
    const server = await serve({ '*': 'inside' })
    const resolve = (...[, , done]: [string, unknown, (error: null, found: LookupAddress[]) => void]): void =>
      done(
        null,
        ['8.8.8.8', '127.0.0.1'].map((address) => ({ address, family: 4 })),
      )
    const client = clientFor([], {}, createGuard([], resolve as typeof lookup))
    const { port } = new URL(server.origin)
    expect(await codeOf(client.get(`http://bao.example:${port}/`, {}))).toBe('guard.address')
    expect(server.seen).toEqual([])
  })

  it('lets no byte pass to an address inside, whatever was said of it before the connection', async () => {
    const server = await serve({ '*': 'inside' })
    const { hostname, port } = new URL(server.origin)
    const connected = await new Promise<Error | null>((done) =>
      createGuard([]).connector({ hostname, port, host: server.host, protocol: 'http:' }, (...[error]) => done(error)),
    )
    expect(connected).toMatchObject({ name: 'Skip', code: 'guard.address' })
    expect(server.seen).toEqual([])
  })

  it('tells a name that cannot be resolved just now from one that does not exist', async () => {
    const failing = (code: string) => {
      const resolve = (...[, , done]: [string, unknown, (error: Error) => void]): void =>
        done(Object.assign(new Error(`getaddrinfo ${code} bao.example`), { code }))
      return clientFor([], {}, createGuard([], resolve as typeof lookup)).get('http://bao.example/robots.txt', {})
    }
    await expect(failing('EAI_AGAIN')).rejects.toMatchObject({ name: 'RetryLater', code: 'fetch.dns' })
    await expect(failing('ENOTFOUND')).rejects.toMatchObject({ name: 'Skip', code: 'fetch.dns' })
  })

  it('refuses a redirect to an address inside, after the redirect was followed to it', async () => {
    const inside = await serve({ '*': 'secret' })
    const outside = await serve({
      '/a': (_, response) => response.writeHead(302, { location: `${inside.origin}/latest/meta-data` }).end(),
      '/b': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    })
    const client = clientFor([outside.host])
    expect(await codeOf(client.get(`${outside.origin}/a`, {}))).toBe('guard.address')
    expect(await codeOf(client.get(`${outside.origin}/b`, {}))).toBe('guard.scheme')
    expect(inside.seen).toEqual([])
  })

  it('lifts the check for listed hosts only, never by their ending', async () => {
    const server = await serve({ '/': 'ok' })
    expect((await clientFor([server.host]).get(`${server.origin}/`, {})).status).toBe(200)
    expect((await clientFor(['127.0.0.1']).get(`${server.origin}/`, {})).status).toBe(200)
    expect(await codeOf(clientFor(['0.0.1', '127.0.0.1:1']).get(`${server.origin}/`, {}))).toBe('guard.address')
  })
})

describe('limits', () => {
  const endless: Answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const push = (): void => {
      if (!response.destroyed) response.write(chunk, () => setImmediate(push))
    }
    push()
  }

  it('refuses a page that is announced, or turns out, too large', async () => {
    const server = await serve({
      '/announced': (_, response) => response.writeHead(200, { 'content-length': String(50 * 1024 * 1024) }).end('x'),
      '/endless': endless,
    })
    const client = clientFor([server.host], { maxBytes: 1024 * 1024 })
    expect(await codeOf(client.get(`${server.origin}/announced`, {}))).toBe('fetch.too-large')
    expect(await codeOf(client.get(`${server.origin}/endless`, {}))).toBe('fetch.too-large')
  })

  it('refuses a compression bomb, also a nested one', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024))
    const answer =
      (body: Buffer, encoding: string): Answer =>
      (_, response) =>
        response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding }).end(body)
    const server = await serve({
      '/bomb': answer(bomb, 'gzip'),
      '/twice': answer(gzipSync(bomb), 'gzip, gzip'),
      '/thrice': answer(gzipSync(gzipSync(bomb)), 'gzip, gzip, gzip'),
      '/damaged': answer(Buffer.from('no gzip'), 'gzip'),
    })
    const client = clientFor([server.host], { maxBytes: 1024 * 1024 })
    expect(await codeOf(client.get(`${server.origin}/bomb`, {}))).toBe('fetch.too-large')
    expect(await codeOf(client.get(`${server.origin}/twice`, {}))).toBe('fetch.too-large')
    expect(await codeOf(client.get(`${server.origin}/thrice`, {}))).toBe('fetch.encoding')
    expect(await codeOf(client.get(`${server.origin}/damaged`, {}))).toBe('fetch.encoding')
  })

  it('refuses a flood of headers', async () => {
    const flood =
      (headers: Record<string, string>): Answer =>
      (_, response) => {
        response.writeHead(200, headers).end('x')
      }
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`x-${n}`, 'a'.repeat(100)]))
    const server = await serve({ '/many': flood(many), '/long': flood({ x: 'a'.repeat(100_000) }) })
    const client = clientFor([server.host])
    expect(await codeOf(client.get(`${server.origin}/many`, {}))).toBe('fetch.network')
    expect(await codeOf(client.get(`${server.origin}/long`, {}))).toBe('fetch.network')
  })

  it('gives up on a server that says nothing, or ever a little more', async () => {
    const server = await serve({
      '/silent': () => undefined,
      '/drip': (_, response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(timer))
      },
      '/stalled': (_, response) => response.writeHead(200).write('x'),
    })
    const inAll = clientFor([server.host], { idleMs: 60_000, totalMs: 3000 })
    const between = clientFor([server.host], { idleMs: 3000, totalMs: 60_000 })
    const codes = await Promise.all([
      ...['/silent', '/drip'].map((path) => codeOf(inAll.get(server.origin + path, {}))),
      ...['/silent', '/stalled'].map((path) => codeOf(between.get(server.origin + path, {}))),
    ])
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'fetch.timeout'))
  })

  it('follows redirects to their end, but not in circles nor for ever', async () => {
    const to =
      (location: string): Answer =>
      (_, response) =>
        response.writeHead(301, { location }).end()
    const server = await serve({
      '/1': to('/2'),
      '/2': to('/3'),
      '/3': 'end',
      '/circle': to('/circle2'),
      '/circle2': to('/circle'),
      '/robots.txt': (_, response) => response.writeHead(404).end(),
      '/session': (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
      '*': (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
    })
    const client = clientFor([server.host])
    const fetched = await client.get(`${server.origin}/1`, {})
    expect(fetched.finalUrl).toBe(`${server.origin}/3`)
    expect(fetched.redirects.map((hop) => new URL(hop.url).pathname)).toEqual(['/1', '/2'])
    expect(Buffer.from(fetched.body).toString()).toBe('end')
    expect(await codeOf(client.get(`${server.origin}/circle`, {}))).toBe('fetch.redirects')
    expect(await codeOf(client.get(`${server.origin}/session`, {}))).toBe('fetch.redirects')
  })
})

describe('honesty', () => {
  it('names itself and its contact, and sends nothing that pretends to be a browser', async () => {
    const server = await serve({ '/': 'ok' })
    await clientFor([server.host]).get(`${server.origin}/`, {})
    const headers = server.seen[0]?.headers ?? {}
    expect(headers['user-agent']).toBe('LaoCaiPressMonitor/0.1 (mailto:baochi@example.vn)')
    expect(Object.keys(headers).filter((name) => name.startsWith('sec-') || name === 'cookie')).toEqual([])
  })

  it('keeps the bytes as received and inflates a copy', async () => {
    const body = Buffer.from('<p>Lào Cai</p>')
    const wire = gzipSync(body)
    const server = await serve({
      '/': (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip', 'X-Odd-Case': 'Á' }).end(wire),
    })
    const fetched = await clientFor([server.host]).get(`${server.origin}/`, {})
    expect(Buffer.from(fetched.last.wireBody).equals(wire)).toBe(true)
    expect(Buffer.from(fetched.body).equals(body)).toBe(true)
    expect(fetched.last.responseHeaders.map(([name]) => name)).toContain('X-Odd-Case')
    expect(fetched.last.address).toBe('127.0.0.1')
  })
})
