import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import { mailServer } from './helpers/receivers.ts'
import { sampleProfile } from './helpers/report-profile.ts'
import { domesticStories } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'
import { storeRoom } from './support/store-room.ts'

const clock = simulatedClock(new Date('2025-10-01T03:00:00.000Z'))
const room = storeRoom('alerts-killed', { file: 'store.sqlite', clock: () => clock })
const flood = domesticStories.filter(({ story }) => story === 'lu-quet')
let folder: string
let store: Store
beforeEach(async () => {
  ;({ folder, store } = room())
  const profile = await sampleProfile()
  await writeFile(join(folder, 'profile.json'), JSON.stringify(profile))
  await fillStore(store, flood)
})

/** Starting a process takes long on a busy machine. */
const SLOW = { timeout: 180_000 }

describe('a process killed while delivering', SLOW, () => {
  const start = (url: string, mode: 'hang' | 'normal'): ChildProcess =>
    fork(join(import.meta.dirname, 'helpers/alert-child.ts'), [folder, url, mode], {
      execPath: process.execPath,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  const killAfterSending = async (url: string): Promise<void> => {
    const child = start(url, 'hang')
    const [message] = await once(child, 'message')
    expect(message).toBe('sent')
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const runToEnd = async (url: string): Promise<unknown> => {
    const child = start(url, 'normal')
    const exited = once(child, 'exit')
    const [run] = await once(child, 'message')
    await exited
    return run
  }

  it('between sending and recording: sent once more under the same Message-ID, then never again', async () => {
    const server = await mailServer('accept')
    await killAfterSending(server.url)
    expect(server.mails).toHaveLength(1)
    expect(await runToEnd(server.url)).toEqual({ confirmed: 1, waiting: 0, failed: 0, unknown: 0 })
    expect(await runToEnd(server.url)).toEqual({ confirmed: 0, waiting: 0, failed: 0, unknown: 0 })
    await server.stop()
    expect(server.mails).toHaveLength(2)
    expect(server.mails[1]?.id).toBe(server.mails[0]?.id)
    expect(server.mails[1]?.text).toContain('gửi lại một lần')
    expect((await store.alerts.deliveries({}))[0]).toMatchObject({ state: 'confirmed', attempts: 2 })
  })

  it('killed again while sending once more: no third mail, and the outcome stays unknown', async () => {
    const server = await mailServer('accept')
    await killAfterSending(server.url)
    await killAfterSending(server.url)
    expect(await runToEnd(server.url)).toEqual({ confirmed: 0, waiting: 0, failed: 0, unknown: 0 })
    await server.stop()
    expect(server.mails).toHaveLength(2)
    expect((await store.alerts.deliveries({}))[0]).toMatchObject({ state: 'unknown', attempts: 2 })
  })
})
