import { afterEach, describe, expect, it } from 'vitest'
import { type Clock, simulatedClock, systemClock } from '../clock.ts'
import { createGuard } from '../crawlers/guards.ts'
import { createHttpClient, type HttpClient } from '../crawlers/http-client.ts'
import { createPoliteness, type Politeness, type PolitenessOptions, retryAfterMs } from '../crawlers/politeness.ts'
import { recentMap } from '../crawlers/recent.ts'
import { RetryLater, Skip } from '../errors.ts'
import { type Answer, startServer, type TestServer } from './crawling.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function setUp(answers: Readonly<Record<string, Answer | string>>, change: Partial<PolitenessOptions> = {}) {
  const server: TestServer = await startServer(answers)
  const politeness: Politeness = createPoliteness({
    clock: systemClock,
    robotsName: 'LaoCaiPressMonitor',
    defaultDelaySeconds: 0,
    liftedHosts: [],
    ...change,
  })
  const client: HttpClient = createHttpClient({
    clock: change.clock ?? systemClock,
    guard: createGuard(['127.0.0.1']),
    politeness,
    userAgent: 'LaoCaiPressMonitor/0.1 (+https://example.vn)',
  })
  closing.push(server.close, client.close)
  return { server, politeness, client }
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
const robots =
  (text: string): Answer =>
  (_, response) =>
    response.writeHead(200).end(text)
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end()

describe('robots.txt', () => {
  it('is read once, before anything else, and obeyed', async () => {
    const { server, client } = await setUp({
      '/robots.txt': robots('User-agent: *\nDisallow: /private/\nDisallow: /*?print='),
      '*': 'page',
    })
    expect(await codeOf(client.get(`${server.origin}/private/a`, {}))).toBe('robots.disallowed')
    expect(await codeOf(client.get(`${server.origin}/a?print=1`, {}))).toBe('robots.disallowed')
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('none')
    expect(server.pathsSeen()).toEqual(['/robots.txt', '/a'])
  })

  it('is obeyed where it names us', async () => {
    const { server, client } = await setUp({
      '/robots.txt': robots('User-agent: *\nAllow: /\n\nUser-agent: LaoCaiPressMonitor\nDisallow: /'),
      '*': 'page',
    })
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('robots.disallowed')
    expect(server.pathsSeen()).toEqual(['/robots.txt'])
  })

  it('is obeyed on the host to which a redirect leads', async () => {
    const other = await setUp({ '/robots.txt': robots('User-agent: *\nDisallow: /'), '*': 'page' })
    const { server, client } = await setUp({ '/a': status(302, { location: `${other.server.origin}/b` }) })
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('robots.disallowed')
    expect(other.server.pathsSeen()).toEqual(['/robots.txt'])
  })

  it('allows all where there is none, and nothing while it cannot be read', async () => {
    const none = await setUp({ '/a': 'page' })
    expect(await codeOf(none.client.get(`${none.server.origin}/a`, {}))).toBe('none')
    let broken = true
    const { server, client } = await setUp(
      {
        '/robots.txt': (_, response) => response.writeHead(broken ? 503 : 404).end(),
        '/a': 'page',
      },
      { penaltyMs: 0 },
    )
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('robots.unavailable')
    expect(server.pathsSeen()).toEqual(['/robots.txt'])
    broken = false
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('none')
  })

  it('is read anew after a day', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const { server, client } = await setUp({ '/robots.txt': robots(''), '*': 'page' }, { clock })
    await client.get(`${server.origin}/a`, {})
    clock.advance(23 * 3_600_000)
    await client.get(`${server.origin}/b`, {})
    clock.advance(2 * 3_600_000)
    await client.get(`${server.origin}/c`, {})
    expect(server.pathsSeen()).toEqual(['/robots.txt', '/a', '/b', '/robots.txt', '/c'])
  })

  it('is read anew once, also when many ask at the end of its day', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const { server, client } = await setUp({ '/robots.txt': robots(''), '*': 'page' }, { clock })
    await client.get(`${server.origin}/a`, {})
    clock.advance(25 * 3_600_000)
    await Promise.all(['/b', '/c', '/d'].map((path) => client.get(server.origin + path, {})))
    expect(server.pathsSeen().filter((path) => path === '/robots.txt')).toHaveLength(2)
  })

  it('forbids all while the host asks to be left alone, and is asked again after that', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    let throttled = true
    const { server, client } = await setUp(
      { '/robots.txt': (_, response) => response.writeHead(throttled ? 429 : 404).end(), '/a': 'page' },
      { clock },
    )
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('robots.unavailable')
    throttled = false
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('none')
    expect(clock.now().toISOString()).toBe('2025-10-01T00:00:30.000Z')
    expect(server.pathsSeen()).toEqual(['/robots.txt', '/robots.txt', '/a'])
  })

  it('that leads inside the network is refused for what it is, not asked for again and again', async () => {
    const { server, client } = await setUp({
      '/robots.txt': status(302, { location: 'http://169.254.169.254/robots.txt' }),
      '/a': 'page',
    })
    expect(await codeOf(client.get(`${server.origin}/a`, {}))).toBe('guard.address')
    expect(server.pathsSeen()).toEqual(['/robots.txt'])
  })

  it('may itself be read, whatever it forbids', async () => {
    const { server, client } = await setUp({ '/robots.txt': robots('User-agent: *\nDisallow: /') })
    expect((await client.get(`${server.origin}/robots.txt`, {})).status).toBe(200)
    expect(server.pathsSeen()).toEqual(['/robots.txt'])
  })

  it('is read as far as its first 512 KB', async () => {
    const filler = `# ${'x'.repeat(1000)}\n`.repeat(525)
    const { server, client } = await setUp({
      '/robots.txt': robots(`User-agent: *\nDisallow: /dau/\n${filler}Disallow: /cuoi/\n`),
      '*': 'page',
    })
    expect(await codeOf(client.get(`${server.origin}/dau/1`, {}))).toBe('robots.disallowed')
    expect(await codeOf(client.get(`${server.origin}/cuoi/1`, {}))).toBe('none')
  })
})

describe('the pause of a host', () => {
  const gaps = (server: TestServer): number[] => server.seen.slice(1).map(({ at }, n) => at - (server.seen[n]?.at ?? 0))

  it('lies between any two requests, also with many asked at once', async () => {
    const { server, client, politeness } = await setUp({ '*': 'page' })
    politeness.setDelay(server.host, 0.15)
    await Promise.all(['/a', '/b', '/c', '/d'].map((path) => client.get(server.origin + path, {})))
    expect(server.pathsSeen().toSorted()).toEqual(['/a', '/b', '/c', '/d', '/robots.txt'])
    // A timer may fire a millisecond early.
    for (const gap of gaps(server)) expect(gap).toBeGreaterThanOrEqual(149)
  })

  it('holds for redirects within the host too', async () => {
    const { server, client, politeness } = await setUp({ '/a': status(301, { location: '/b' }), '/b': 'page' })
    politeness.setDelay(server.host, 0.15)
    await client.get(`${server.origin}/a`, {})
    expect(server.pathsSeen()).toEqual(['/robots.txt', '/a', '/b'])
    for (const gap of gaps(server)) expect(gap).toBeGreaterThanOrEqual(149)
  })

  it('holds for what a page asked for before or after its end: the one is left, the other not begun', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const never: Answer = (_, response) => response.writeHead(200)
    const { server, client, politeness } = await setUp({ '/bai': 'page', '/cham': never, '/sau': 'part' }, { clock })
    politeness.setDelay(server.host, 5)
    let load: (url: string) => Promise<unknown> = () => expect.fail()
    let waiting: Promise<string> = Promise.resolve('')
    await client.withPage(`${server.origin}/bai`, undefined, async (_, loadPart) => {
      load = loadPart
      waiting = codeOf(loadPart(`${server.origin}/cham`))
      await expect.poll(() => server.pathsSeen()).toContain('/cham')
      clock.advance(2000)
    })
    expect(await waiting).toBe('fetch.stopped')
    expect(await codeOf(load(`${server.origin}/sau`))).toBe('fetch.stopped')
    expect(server.pathsSeen()).toEqual(['/robots.txt', '/bai', '/cham'])
    expect(politeness.readyAt(server.host) - clock.now().getTime()).toBe(5000)
  })

  it('is kept for one at a time, also by who comes just as another leaves', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const politeness = createPoliteness({ clock, robotsName: 'x', defaultDelaySeconds: 5, liftedHosts: [] })
    const url = new URL('http://bao.example/')
    const [entered, ends]: [number[], (() => void)[]] = [[], []]
    const enter = async (n: number): Promise<void> => {
      const leave = await politeness.enter(url)
      entered.push(n)
      ends.push(leave)
    }
    await enter(1)
    const waiting = enter(2)
    ends[0]?.()
    await enter(3)
    expect(entered).toEqual([1, 3])
    ends[1]?.()
    await waiting
    expect(entered).toEqual([1, 3, 2])
  })

  it('is the longest of those given, whichever comes last', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const { server, client, politeness } = await setUp({ '*': 'page' }, { clock })
    for (const seconds of [3, 8, 5]) politeness.setDelay(server.host, seconds)
    await client.get(`${server.origin}/a`, {})
    expect(politeness.readyAt(server.host) - clock.now().getTime()).toBe(8000)
  })

  it('is five minutes at most: what rests longer waits in the frontier', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const slow = await setUp({ '/robots.txt': robots('User-agent: *\nCrawl-delay: 86400'), '/a': 'page' }, { clock })
    const busy = await setUp({ '/a': status(429, { 'retry-after': '86400' }) }, { clock })
    for (const { server, client, politeness } of [slow, busy]) {
      await client.get(`${server.origin}/a`, {})
      expect(politeness.readyAt(server.host) - clock.now().getTime()).toBe(300_000)
    }
    // A shorter rest that is asked for later ends none that lasts longer.
    busy.politeness.penalise(new URL(busy.server.origin), 60_000)
    expect(busy.politeness.readyAt(busy.server.host) - clock.now().getTime()).toBe(300_000)
  })

  it('grows to the Crawl-delay that robots.txt asks for, from the request after robots.txt on', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const { server, client } = await setUp(
      { '/robots.txt': robots('User-agent: *\nCrawl-delay: 20'), '*': 'page' },
      { clock },
    )
    const start = clock.now().getTime()
    const seconds = (): number => (clock.now().getTime() - start) / 1000
    await client.get(`${server.origin}/a`, {})
    expect(seconds()).toBe(20)
    await client.get(`${server.origin}/b`, {})
    expect(seconds()).toBe(40)
  })

  it('is at least 30 s after a 429, and as long as Retry-After asks', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const { server, client, politeness } = await setUp(
      { '/a': status(429), '/b': status(503, { 'retry-after': '120' }), '/c': 'page' },
      { clock },
    )
    const at = (): number => (clock.now().getTime() - Date.parse('2025-10-01T00:00:00Z')) / 1000
    expect((await client.get(`${server.origin}/a`, {})).status).toBe(429)
    expect(politeness.readyAt(server.host) - clock.now().getTime()).toBe(30_000)
    await client.get(`${server.origin}/b`, {})
    expect(at()).toBe(30)
    await client.get(`${server.origin}/c`, {})
    expect(at()).toBe(150)
  })

  it('waits for no pause on listed hosts, but keeps to their robots.txt', async () => {
    const { server, client, politeness } = await setUp(
      { '/robots.txt': robots('User-agent: *\nDisallow: /forbidden'), '*': 'page' },
      { liftedHosts: ['127.0.0.1'] },
    )
    politeness.setDelay(server.host, 60)
    await client.get(`${server.origin}/a`, {})
    politeness.penalise(new URL(server.origin), 60_000)
    expect(politeness.readyAt(server.host)).toBe(0)
    await client.get(`${server.origin}/b`, {})
    expect(await codeOf(client.get(`${server.origin}/forbidden`, {}))).toBe('robots.disallowed')
    expect(server.pathsSeen()).toEqual(['/robots.txt', '/a', '/b'])
  })

  it('ends when the monitor stops', async () => {
    const stop = new AbortController()
    // The monitor stops as soon as the pause has begun.
    const clock: Clock = {
      now: systemClock.now,
      sleep: (ms, signal) => {
        queueMicrotask(() => stop.abort())
        return systemClock.sleep(ms, signal)
      },
    }
    const { server, client, politeness } = await setUp({ '*': 'page' }, { clock })
    politeness.setDelay(server.host, 60)
    const waiting = codeOf(
      client.get(`${server.origin}/a`, {}, stop.signal).catch((error: unknown) => {
        if (stop.signal.aborted) throw new RetryLater('stopped', { code: 'fetch.stopped', remedy: '', cause: error })
        throw error
      }),
    )
    expect(await waiting).toBe('fetch.stopped')
    expect(server.pathsSeen()).toEqual(['/robots.txt'])
    expect(politeness.readyAt(server.host), 'the host is free again').toBeLessThan(Number.POSITIVE_INFINITY)
  })
})

describe('Retry-After', () => {
  const now = new Date('2025-10-01T00:00:00Z')
  it.each([
    ['120', 120_000],
    ['Wed, 01 Oct 2025 00:01:00 GMT', 60_000],
    ['Wed, 01 Oct 2024 00:01:00 GMT', 0],
    ['soon', null],
    [null, null],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected)
  })
})

describe('what is remembered of hosts', () => {
  it('does not grow without bound, and never forgets a host that is asked or rests', async () => {
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const politeness = createPoliteness({ clock, robotsName: 'x', defaultDelaySeconds: 5, liftedHosts: [] })
    const resting = new URL('http://resting.example/')
    ;(await politeness.enter(resting))()
    politeness.penalise(resting, 60_000)
    const rests = politeness.readyAt(resting.host)
    const asked = new URL('http://asked.example/')
    const leave = await politeness.enter(asked)
    for (let n = 0; n < 5000; n += 1) politeness.setDelay(`h${n}.example`, 5)
    expect(politeness.readyAt(resting.host)).toBe(rests)
    expect(rests - clock.now().getTime()).toBe(60_000)
    expect(politeness.readyAt(asked.host)).toBe(Number.POSITIVE_INFINITY)
    leave()
    expect(politeness.readyAt(asked.host) - clock.now().getTime()).toBe(5000)
  })

  it('keeps the most recently used entries', () => {
    const map = recentMap<string, number>(3, (value) => value !== 1)
    for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) map.set(key, at)
    expect(['a', 'b', 'c', 'd'].map(map.get)).toEqual([undefined, 1, 2, 3])
    map.get('c')
    for (const [at, key] of ['e', 'f'].entries()) map.set(key, at + 10)
    expect(map.size()).toBe(3)
    expect(map.get('b')).toBe(1)
  })
})
