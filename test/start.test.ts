import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** `npm start` as a newcomer meets it: its own process, real ports and files. */

const root = join(import.meta.dirname, '..')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(root, 'app.ts')], {
    env: { PATH: process.env.PATH, MONITOR_LOG_LEVEL: 'silent', MONITOR_LOCALE: 'en', MONITOR_PORT: '0', ...env },
  })
  let printed = ''
  let complained = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complained += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, ended, printed: () => printed, complained: () => complained }
}

async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const run = start(env)
  const code = await run.ended
  expect(code, run.complained()).toBe(1)
  return run.complained()
}

describe('npm start', () => {
  it('serves, says what is missing to go on, and stops cleanly when told to', async () => {
    const run = start({ MONITOR_DATA: join(folder, 'good') })
    await expect.poll(run.printed, { timeout: 60_000 }).toMatch(/user add/)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(run.printed())?.[0]
    expect(run.printed()).toMatch(/MONITOR_CONTACT/)
    const page = await fetch(`${url}/search`, { redirect: 'manual' })
    expect(page.status).toBe(303)
    expect(page.headers.get('location')).toMatch(/login/)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  }, 90_000)

  it('refuses an occupied port with the remedy', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    try {
      const said = await refusal({ MONITOR_DATA: join(folder, 'port'), MONITOR_PORT: port })
      expect(said).toContain(port)
      expect(said).toContain('MONITOR_PORT')
    } finally {
      other.close()
    }
  }, 90_000)

  it('refuses a store from a newer version and leaves it as it is', async () => {
    const data = join(folder, 'newer')
    await mkdir(data)
    const file = join(data, 'monitor.sqlite')
    const first = start({ MONITOR_DATA: data })
    await expect.poll(first.printed, { timeout: 60_000 }).toMatch(/http:/)
    first.child.kill('SIGTERM')
    await first.ended
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 9999')
    database.close()
    expect(await refusal({ MONITOR_DATA: data })).toMatch(/newer/i)
    const after = new DatabaseSync(file, { readOnly: true })
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 9999 })
    after.close()
  }, 120_000)

  it('refuses a profile that is not there, and a wrong setting, by name', async () => {
    expect(await refusal({ MONITOR_DATA: join(folder, 'profile'), MONITOR_PROFILE: 'atlantis' })).toMatch(/atlantis/)
    expect(
      await refusal({ MONITOR_DATA: join(folder, 'setting'), MONITOR_HOST: '', MONITOR_MIN_FREE_MB: 'much' }),
    ).toMatch(/MONITOR_MIN_FREE_MB/)
  }, 90_000)
})
