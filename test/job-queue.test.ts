import { describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { createJobQueue, type Job } from '../crawlers/job-queue.ts'
import { createPoliteness } from '../crawlers/politeness.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const outlet = sampleOutlet({ sources: [{ kind: 'feed', url: 'http://bao.example/feed' }] })
const job = (url: string): Job => {
  const [source] = outlet.sources
  if (!source) throw new Error('the sample outlet has no source')
  return {
    ...{ kind: 'source', outlet, source, url, headers: {}, priority: 0 },
    state: { outletId: outlet.id, url } as Extract<Job, { kind: 'source' }>['state'],
  }
}

describe('the queue of a poll', () => {
  it('asks the frontier once more when a job ended while it was being asked', async () => {
    const answers: ((jobs: readonly Job[]) => void)[] = []
    const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
    const queue = createJobQueue({
      clock,
      politeness: createPoliteness({
        ...{ clock, robotsName: 'LaoCaiPressMonitor', defaultDelaySeconds: 0, liftedHosts: ['bao.example'] },
      }),
      refill: () => new Promise((resolve) => answers.push(resolve)),
      deadline: Number.POSITIVE_INFINITY,
    })
    queue.push([job('http://bao.example/feed')])
    const first = await queue.list.fetchNextRequest()
    if (!first) throw new Error('nothing was handed out')

    const empty = queue.list.isEmpty()
    await expect.poll(() => answers.length).toBe(1)
    // The feed ends, and leaves an entry that the frontier's answer on its way does not hold.
    await queue.list.markRequestHandled(first)
    answers[0]?.([])
    expect(await empty).toBe(true)

    const finished = queue.list.isFinished()
    await expect.poll(() => answers.length).toBe(2)
    answers[1]?.([job('http://bao.example/bai-1.html')])
    expect(await finished).toBe(false)
    expect((await queue.list.fetchNextRequest())?.url).toBe('http://bao.example/bai-1.html')
  })
})
