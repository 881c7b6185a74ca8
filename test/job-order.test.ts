import { describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { createJobQueue, type Job } from '../crawlers/job-queue.ts'
import { priorities } from '../crawlers/outcomes.ts'
import { createPoliteness } from '../crawlers/politeness.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const outlet = sampleOutlet()
const job = (url: string, priority: number): Job => ({
  kind: 'article',
  isKnown: false,
  outlet,
  url,
  headers: {},
  priority,
  entry: {
    ...{ url, outletId: outlet.id, host: new URL(url).host, priority, attempts: 0, item: null },
    discoveredAt: '2025-10-01T00:00:00.000Z',
    notBefore: '2025-10-01T00:00:00.000Z',
  },
})

/** Takes everything the queue hands out, each request in no time, and when that was. */
async function order(jobs: readonly Job[], later: readonly Job[] = []) {
  const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
  const politeness = createPoliteness({ clock, robotsName: 'x', defaultDelaySeconds: 5, liftedHosts: [] })
  const start = clock.now().getTime()
  const queue = createJobQueue({ clock, politeness, refill: async () => [], deadline: Number.POSITIVE_INFINITY })
  queue.push(jobs)
  const taken: [path: string, second: number][] = []
  while (!(await queue.list.isFinished())) {
    if (await queue.list.isEmpty()) continue
    const request = await queue.list.fetchNextRequest()
    if (!request) continue
    taken.push([request.url.replace('http://', ''), (clock.now().getTime() - start) / 1000])
    const leave = await politeness.enter(new URL(request.url))
    leave()
    await queue.list.markRequestHandled(request)
    if (taken.length === 1) queue.push(later)
  }
  return taken
}

describe('the order of requests', () => {
  it('takes what was first seen just now before backlog, also when it comes later', async () => {
    const backlog = Array.from({ length: 20 }, (_, n) => job(`http://a.example/old-${n}`, priorities.backlog))
    const taken = await order(backlog, [job('http://a.example/new', priorities.breaking)])
    expect(taken.map(([path]) => path).slice(0, 3)).toEqual(['a.example/old-0', 'a.example/new', 'a.example/old-1'])
    expect(taken).toHaveLength(21)
  })

  it('asks sources before articles, and what is new before what is recent', async () => {
    const taken = await order([
      job('http://a.example/backlog', priorities.backlog),
      job('http://a.example/recent', priorities.recent),
      job('http://a.example/breaking', priorities.breaking),
      job('http://a.example/source', priorities.source),
    ])
    expect(taken.map(([path]) => path.split('/')[1])).toEqual(['source', 'breaking', 'recent', 'backlog'])
  })

  it('lets a host with much to fetch hold up no other, and keeps the pause of each', async () => {
    const flood = Array.from({ length: 10 }, (_, n) => job(`http://a.example/${n}`, priorities.breaking))
    const taken = await order([
      ...flood,
      job('http://b.example/1', priorities.backlog),
      job('http://b.example/2', priorities.backlog),
    ])
    const at = (host: string) => taken.filter(([path]) => path.startsWith(host)).map(([, second]) => second)
    expect(at('b.example')[0]).toBeLessThan(5)
    expect(at('b.example')[1]).toBeLessThan(12)
    for (const host of ['a.example', 'b.example']) {
      const times = at(host)
      for (const [n, second] of times.entries())
        if (n > 0) expect(second - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(5)
    }
  })
})
