import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
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
    let finish: () => void = () => undefined
    const job = weekly(() => new Promise<void>((resolve) => (finish = resolve)))
    const scheduler = createScheduler({ store, clock, jobs: [job], log })
    const first = scheduler.runNow(job, mondaySeven)
    await expect.poll(async () => (await store.runs.list(1)).length).toBe(1)
    expect(await scheduler.runNow(job, new Date('2025-10-13T00:00:00Z'))).toBeNull()
    finish()
    expect(await first).toBe('done')
  })

  it('tells a running job to stop and waits for it', async () => {
    const clock = simulatedClock(mondaySeven)
    let stopped = false
    const job = weekly(
      (_planned, signal) =>
        new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => {
            stopped = true
            resolve()
          }),
        ),
    )
    const scheduler = createScheduler({ store, clock, jobs: [job], log })
    const run = scheduler.runNow(job, mondaySeven)
    await expect.poll(async () => (await store.runs.list(1)).length).toBe(1)
    await scheduler.stop()
    expect(stopped).toBe(true)
    expect(await run).toBe('done')
  })
})
