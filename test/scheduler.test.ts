import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { simulatedClock, systemClock } from '../clock.ts'
import { createScheduler, type Job, lastPlanned } from '../scheduler/scheduler.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

const log = pino({ level: 'silent' })
/** Monday 2025-10-06, 07:00 in the province. */
const mondaySeven = new Date('2025-10-06T00:00:00.000Z')

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scheduler-'))
  store = await openStore({ file: join(folder, 'monitor.sqlite') })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

function weekly(run: Job['run']): Job {
  return { name: 'report:week', cron: '0 7 * * 1', periodKey: (planned) => planned.toISOString().slice(0, 10), run }
}

describe('lastPlanned', () => {
  it('reads the expression in the province’s zone', () => {
    expect(lastPlanned('0 7 * * 1', new Date('2025-10-08T12:00:00Z'))).toEqual(mondaySeven)
  })
  it('counts the planned moment itself', () => {
    expect(lastPlanned('0 7 * * 1', mondaySeven)).toEqual(mondaySeven)
    expect(lastPlanned('0 7 * * 1', new Date(mondaySeven.getTime() - 1000))).toEqual(new Date('2025-09-29T00:00:00Z'))
  })
})

describe('scheduler', () => {
  it('catches up a run that was missed while the machine was off, once', async () => {
    const clock = simulatedClock(new Date('2025-10-03T00:00:00Z'))
    const planned: string[] = []
    const job = weekly(async (at) => {
      planned.push(at.toISOString())
    })
    const scheduler = () => createScheduler({ store, clock, jobs: [job], log })

    await scheduler().catchUp()
    expect(planned, 'what was planned before the installation is nobody’s debt').toEqual([])

    clock.set(new Date('2025-10-09T00:00:00Z'))
    await scheduler().catchUp()
    await scheduler().catchUp()
    expect(planned).toEqual([mondaySeven.toISOString()])
  })

  it('owes what is planned for the very moment of the installation', async () => {
    const clock = simulatedClock(mondaySeven)
    let runs = 0
    const job = weekly(async () => {
      runs++
    })
    await createScheduler({ store, clock, jobs: [job], log }).catchUp()
    expect(runs).toBe(1)
  })

  it('begins nothing more of what was missed once it is told to stop', async () => {
    const clock = simulatedClock(mondaySeven)
    const begun: string[] = []
    let stopped: Promise<void> = Promise.resolve()
    const jobs = ['first', 'second'].map((name) => ({
      ...weekly(async () => {
        begun.push(name)
        stopped = scheduler.stop()
      }),
      name,
    }))
    const scheduler = createScheduler({ store, clock, jobs, log })
    await scheduler.catchUp()
    await stopped
    expect(begun).toEqual(['first'])
  })

  it('keeps one record of runs in which nothing happened', async () => {
    const clock = simulatedClock(mondaySeven)
    const found = [0, 0, 7]
    const job: Job = {
      ...weekly(async () => ({ pages: found.shift() })),
      idle: (result) => ((result as { pages: number }).pages === 0 ? { polled: 3 } : null),
    }
    const scheduler = createScheduler({ store, clock, jobs: [job], log })
    for (const day of ['2025-10-06', '2025-10-13', '2025-10-20'])
      expect(await scheduler.runNow(job, new Date(`${day}T00:00:00.000Z`))).toBe('done')
    const records = (await store.runs.list(10, job.name)).map(({ periodKey, result }) => [periodKey, result])
    expect(records).toEqual([
      ['2025-10-20', '{"pages":7}'],
      ['2025-10-13', '{"idle":2,"polled":6}'],
    ])
  })

  it('takes a failed run up again, and keeps why it failed', async () => {
    const clock = simulatedClock(mondaySeven)
    let attempts = 0
    const job = weekly(async () => {
      attempts++
      if (attempts === 1) throw new Error('the disk was full')
      return { written: 2 }
    })
    const scheduler = createScheduler({ store, clock, jobs: [job], log })
    expect(await scheduler.runNow(job, mondaySeven)).toBe('failed')
    expect(await scheduler.runNow(job, mondaySeven)).toBe('done')
    expect(await scheduler.runNow(job, mondaySeven)).toBeNull()
    const results = (await store.runs.list(10)).map(({ outcome, result }) => ({ outcome, result }))
    expect(results).toHaveLength(2)
    expect(results.find(({ outcome }) => outcome === 'failed')?.result).toContain('the disk was full')
    expect(results.find(({ outcome }) => outcome === 'done')?.result).toBe('{"written":2}')
  })

  it('lets one of two processes run a job', async () => {
    const clock = simulatedClock(mondaySeven)
    const other = await openStore({ file: join(folder, 'monitor.sqlite') })
    let running = 0
    let most = 0
    const job = weekly(async () => {
      running++
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 50))
      running--
    })
    const outcomes = await Promise.all(
      [store, other].map((each) => createScheduler({ store: each, clock, jobs: [job], log }).runNow(job, mondaySeven)),
    )
    await other.close()
    expect(outcomes.toSorted()).toEqual(['done', null])
    expect(most).toBe(1)
  })

  it('does not begin another period of a job while one is running', async () => {
    const clock = simulatedClock(mondaySeven)
    const [begun, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const job = weekly(() => {
      begun.resolve()
      return finish.promise
    })
    const scheduler = createScheduler({ store, clock, jobs: [job], log })
    const first = scheduler.runNow(job, mondaySeven)
    await begun.promise
    expect(await scheduler.runNow(job, new Date('2025-10-13T00:00:00Z'))).toBeNull()
    finish.resolve()
    expect(await first).toBe('done')
  })

  it('tells a running job to stop and waits for it', async () => {
    const clock = simulatedClock(mondaySeven)
    const begun = Promise.withResolvers<void>()
    let stopped = false
    const job = weekly(async (_planned, signal) => {
      const told = new Promise((resolve) => signal.addEventListener('abort', resolve))
      begun.resolve()
      await told
      // What it still has to put away.
      await new Promise((resolve) => setTimeout(resolve, 20))
      stopped = true
    })
    const scheduler = createScheduler({ store, clock, jobs: [job], log })
    const run = scheduler.runNow(job, mondaySeven)
    await begun.promise
    await scheduler.stop()
    expect(stopped).toBe(true)
    expect(await run).toBe('done')
  })
})

describe('as time passes', () => {
  const MINUTE = 60_000
  const sevenPlus = (ms: number): Date => new Date(mondaySeven.getTime() + ms)
  beforeEach(() => {
    // Time alone is played; the store, the jobs and what plans them are real.
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    vi.setSystemTime(sevenPlus(-MINUTE / 2))
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('runs each job at its time, and takes up what failed ten minutes later at most', async () => {
    const planned: string[] = []
    const run: Job['run'] = async (at) => {
      planned.push(at.toISOString())
      if (planned.length === 1) throw new Error('the disk was full')
    }
    const job: Job = { ...weekly(run), cron: '5 7 * * 1' }
    const scheduler = createScheduler({ store, clock: systemClock, jobs: [job], log })
    await scheduler.start()
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    expect(planned).toEqual([])
    await vi.advanceTimersByTimeAsync(MINUTE)
    await expect.poll(() => store.runs.list(5, job.name)).toMatchObject([{ outcome: 'failed' }])
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    await expect.poll(() => store.runs.lastDone(job.name)).toMatchObject({ periodKey: '2025-10-06' })
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    await scheduler.stop()
    expect(planned).toEqual([sevenPlus(5 * MINUTE), sevenPlus(5 * MINUTE)].map((at) => at.toISOString()))
  })

  it('makes up for what was missed as it starts', async () => {
    const planned: string[] = []
    const job = weekly(async (at) => {
      planned.push(at.toISOString())
    })
    const scheduler = () => createScheduler({ store, clock: systemClock, jobs: [job], log })
    await scheduler().catchUp()
    vi.setSystemTime(sevenPlus(60 * MINUTE))
    const started = scheduler()
    await started.start()
    expect(planned).toEqual([mondaySeven.toISOString()])
    await started.stop()
  })

  it('holds what it runs for as long as it runs, and no longer', async () => {
    const [begun, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const job = weekly(() => {
      begun.resolve()
      return finish.promise
    })
    const scheduler = () => createScheduler({ store, clock: systemClock, jobs: [job], log })
    const run = scheduler().runNow(job, mondaySeven)
    await begun.promise
    for (let minute = 0; minute < 10; minute += 1) {
      await vi.advanceTimersByTimeAsync(MINUTE)
      expect(await scheduler().runNow(job, mondaySeven), `another process, minute ${minute}`).toBeNull()
    }
    finish.resolve()
    expect(await run).toBe('done')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('outlives a store that fails, says so, and tries again the next time', async () => {
    // Between two looks at what was missed, so that the job alone is due.
    vi.setSystemTime(sevenPlus(1.5 * MINUTE))
    const said: string[] = []
    const loud = pino({ level: 'error' }, { write: (line: string) => said.push(JSON.parse(line).msg) })
    const job: Job = { ...weekly(async () => undefined), cron: '* * * * *' }
    const scheduler = createScheduler({ store, clock: systemClock, jobs: [job], log: loud })
    await scheduler.start()
    await store.close()
    for (const times of [1, 2]) {
      await vi.advanceTimersByTimeAsync(MINUTE)
      await expect.poll(() => said).toEqual(Array.from({ length: times }, () => 'scheduler failed'))
    }
    await scheduler.stop()
  })
})
