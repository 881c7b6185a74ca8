import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { openStore } from '../store/open.ts'
import type { FrontierEntry } from '../store/store.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const old = '2025-01-01T00:00:00.000Z'
const limit = '2025-06-01T00:00:00.000Z'
const fresh = '2025-07-01T00:00:00.000Z'
const entry = (url: string): FrontierEntry => ({
  ...{ url, outletId: 'bao-mau', host: 'bao.example', priority: 0, discoveredAt: old, notBefore: old },
  ...{ attempts: 0, item: null },
})

describe('limits of what grows with time', () => {
  it('drop what is older, and nothing that still waits', async () => {
    const store = await openStore({ file: join(folder, 'store.db') })
    const url = (name: string): string => `https://bao.example/${name}`
    await store.frontier.add(['old', 'failed', 'fresh', 'waiting'].map((name) => entry(url(name))))
    await store.frontier.done(url('old'), old)
    await store.frontier.fail(url('failed'), { code: 'page.gone', message: 'đã gỡ' }, old)
    await store.frontier.done(url('fresh'), fresh)
    // More than go in one transaction.
    await store.transaction(async (inner) => {
      for (let n = 0; n < 2100; n += 1)
        await inner.users.log({ who: 'a', action: 'b', subject: `${n}`, detail: null, at: old })
      await inner.users.log({ who: 'a', action: 'b', subject: 'fresh', detail: null, at: fresh })
    })
    for (const job of ['crawl', 'crawl', 'report:week', 'install']) {
      const run = await store.runs.begin(job, `${Math.random()}`, old, 1000)
      await store.runs.finish(run?.id ?? 0, 'done', 'null', old)
    }
    const before = { actions: limit, visits: limit, frontier: limit, runs: limit }
    const forget = () => store.logLimits.forget(before)
    expect(await store.logLimits.count(before)).toEqual({ actions: 2100, visits: 0, frontier: 2, runs: 1 })
    expect(await forget()).toEqual({ actions: 2100, visits: 0, frontier: 2, runs: 1 })
    expect((await store.runs.list(9)).map(({ job }) => job)).toEqual(['install', 'report:week', 'crawl'])
    expect((await store.users.actions(10)).map(({ subject }) => subject)).toEqual(['fresh'])
    expect(await store.frontier.counts()).toEqual({ waiting: 1, claimed: 0, done: 1, failed: 0 })
    expect(await store.frontier.get(url('waiting'))).toEqual(entry(url('waiting')))
    expect(await forget()).toEqual({ actions: 0, visits: 0, frontier: 0, runs: 0 })
    await store.close()
  })

  it('are set by the administrator, the frontier not below what feeds still show', () => {
    expect(parseConfig({}).keepDays).toEqual({ actions: 1095, visits: 730, frontier: 180, runs: 14 })
    expect(parseConfig({ MONITOR_KEEP_FRONTIER_DAYS: '60' }).keepDays.frontier).toBe(60)
    expect(() => parseConfig({ MONITOR_KEEP_FRONTIER_DAYS: '59' })).toThrow('MONITOR_KEEP_FRONTIER_DAYS')
    expect(() => parseConfig({ MONITOR_KEEP_ACTIONS_DAYS: '0' })).toThrow('MONITOR_KEEP_ACTIONS_DAYS')
  })
})
