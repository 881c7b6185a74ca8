import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock, systemClock } from '../clock.ts'
import { Fatal } from '../errors.ts'
import { migrate } from '../store/migrate.ts'
import { migrations } from '../store/migrations/index.ts'
import { openStore } from '../store/open.ts'
import type { Schema } from '../store/schema.ts'
import { rootScope } from '../store/scope.ts'
import { sqliteDialect } from '../store/sqlite-dialect.ts'
import { usersOf } from '../store/users.ts'
import { writeAheadLog } from '../store/wal.ts'
import { draftSample } from './support/store-samples.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'))
  file = join(folder, 'monitor.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const child = (task: string) => {
  const running = spawn(process.execPath, [join(import.meta.dirname, 'support', 'store-child.ts'), file, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => running.on('close', () => resolve()))
  return { running, ended, lines: createInterface({ input: running.stdout }) }
}

const failure = async (work: Promise<unknown>): Promise<Fatal> => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Fatal)
  return error as Fatal
}

const user = (name: string) => ({ name, displayName: name, passwordHash: 'x', at: '2025-10-01T00:00:00.000Z' })

describe('opening the store', () => {
  it('makes the folder, and opens with WAL, full synchronisation and foreign keys', async () => {
    const deep = join(folder, 'a', 'b', 'monitor.db')
    const store = await openStore({ file: deep })
    await expect(
      store.stories.assign(
        { articleId: 'none', storyId: 's', opened: true, copyOf: null, similarity: 1, anchors: [] },
        'Tin',
        '2025-10-01T00:00:00.000Z',
      ),
    ).rejects.toThrow()
    expect(await store.stories.get('s'), 'nothing of a failed write stays').toBeNull()
    await store.close()
    const raw = new DatabaseSync(deep)
    expect(raw.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    expect(raw.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
    raw.close()
  })

  it('refuses a store of a newer version, and leaves it alone', async () => {
    await (await openStore({ file })).close()
    const raw = new DatabaseSync(file)
    raw.exec('pragma user_version = 999')
    raw.close()
    const error = await failure(openStore({ file }))
    expect(error.code).toBe('store.newer')
    expect(error.message).toContain('999')
    expect(error.remedy).not.toBe('')
    expect(readdirSync(folder).filter((name) => name.endsWith('.backup'))).toEqual([])
  })

  it('refuses a database of another program', async () => {
    const raw = new DatabaseSync(file)
    raw.exec('create table recipes (name text)')
    raw.close()
    expect((await failure(openStore({ file }))).code).toBe('store.foreign')
  })

  it('says that a file is damaged, and keeps it', async () => {
    writeFileSync(file, 'no database at all '.repeat(400))
    const error = await failure(openStore({ file }))
    expect(error.code).toBe('store.corrupt')
    expect(error.message).toContain(file)
    expect(existsSync(file)).toBe(true)
  })

  it('says that another program holds the file', async () => {
    await (await openStore({ file })).close()
    const raw = new DatabaseSync(file)
    raw.exec('pragma locking_mode = exclusive; begin exclusive; create table x (y); rollback')
    expect((await failure(openStore({ file, lockWaitMs: 50 }))).code).toBe('store.locked')
    raw.close()
  })

  it('says that the file cannot be opened', async () => {
    expect((await failure(openStore({ file: folder }))).code).toBe('store.cannot-open')
  })
})

describe('migrations', () => {
  const next = {
    number: (migrations.at(-1)?.number ?? 0) + 1,
    name: 'next',
    statements: ['create table extra (x text)'],
  }
  const versionOf = (path: string) => {
    const raw = new DatabaseSync(path)
    const version = raw.prepare('pragma user_version').get()?.user_version
    raw.close()
    return version
  }
  const clock = simulatedClock(new Date('2025-10-01T03:04:05Z'))

  beforeEach(async () => {
    const store = await openStore({ file })
    await store.users.create(user('lan'))
    await store.close()
  })

  it('are numbered 1, 2, …', () => {
    expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_, i) => i + 1))
  })

  it('copy a store that holds something before they change it', () => {
    const raw = new DatabaseSync(file)
    const backup = migrate(raw, file, clock, [...migrations, next])
    raw.close()
    expect(versionOf(file)).toBe(next.number)
    expect(backup).toContain(`.v${next.number - 1}-2025-10-01T03-04-05-000Z.backup`)
    const copy = new DatabaseSync(backup ?? '')
    expect(copy.prepare('select name from user').get()).toMatchObject({ name: 'lan' })
    expect(() => copy.prepare('select * from extra')).toThrow()
    copy.close()
    expect(versionOf(backup ?? '')).toBe(next.number - 1)
  })

  it('apply all of a batch or nothing', () => {
    const broken = { number: next.number + 1, name: 'broken', statements: ['create table more (x)', 'no sql at all'] }
    const raw = new DatabaseSync(file)
    expect(() => migrate(raw, file, clock, [...migrations, next, broken])).toThrow()
    expect(() => raw.prepare('select * from extra')).toThrow()
    raw.close()
    expect(versionOf(file)).toBe(next.number - 1)
  })

  it('do nothing, and copy nothing, on a store that has them', () => {
    const raw = new DatabaseSync(file)
    expect(migrate(raw, file, clock, migrations)).toBeNull()
    raw.close()
    expect(readdirSync(folder).filter((name) => name.endsWith('.backup'))).toEqual([])
  })
})

describe('transactions', () => {
  it('keep all or nothing, and show others only what is committed', async () => {
    const store = await openStore({ file })
    const failed = store.transaction(async (inner) => {
      await inner.users.create(user('lan'))
      expect(await inner.users.list()).toHaveLength(1)
      throw new Error('enough')
    })
    await expect(failed).rejects.toThrow('enough')
    expect(await store.users.list()).toEqual([])

    let inside: (() => void) | undefined
    const open = new Promise<void>((resolve) => {
      inside = resolve
    })
    let finish: (() => void) | undefined
    const running = store.transaction(async (inner) => {
      await inner.users.create(user('mai'))
      inside?.()
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    })
    await open
    expect(await store.users.list()).toEqual([])
    const waiting = store.users.create(user('hoa'))
    finish?.()
    await Promise.all([running, waiting])
    expect((await store.users.list()).map(({ name }) => name)).toEqual(['mai', 'hoa'])
    await store.close()
  })

  it('nest: an inner one that fails takes back its own writes only', async () => {
    const store = await openStore({ file })
    await store.transaction(async (outer) => {
      await outer.users.create(user('lan'))
      await expect(
        outer.transaction(async (inner) => {
          await inner.users.create(user('mai'))
          throw new Error('inner')
        }),
      ).rejects.toThrow('inner')
      await expect(outer.users.create(user('LAN'))).rejects.toMatchObject({ code: 'user.exists' })
      await outer.users.create(user('hoa'))
    })
    expect((await store.users.list()).map(({ name }) => name)).toEqual(['lan', 'hoa'])
    await store.close()
  })

  it('refuse the outer store inside and the inner store afterwards, rather than wait for ever', async () => {
    const store = await openStore({ file })
    await expect(store.transaction(() => store.users.create(user('lan')))).rejects.toThrow(/transaction was given/)
    await expect(store.transaction(() => store.users.list())).rejects.toThrow(/transaction was given/)
    const late = await store.transaction(async (inner) => inner)
    await expect(late.users.list()).rejects.toThrow(/has ended/)
    await store.close()
  })

  it('wait for another process that writes', async () => {
    const store = await openStore({ file })
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    const writing = store.users.create(user('lan'))
    await delay(80)
    expect(await store.users.list()).toEqual([])
    other.exec('commit')
    other.close()
    expect((await writing).name).toBe('lan')
    await store.close()
  })

  it('say that the disk is full, and keep what was confirmed', async () => {
    await (await openStore({ file })).close()
    const raw = new DatabaseSync(file)
    const readerRaw = new DatabaseSync(file)
    const over = (database: DatabaseSync) => ({
      raw: database,
      db: new Kysely<Schema>({ dialect: sqliteDialect(database) }),
    })
    const wal = { sync: async () => undefined }
    const users = usersOf(rootScope({ file, wal, writer: over(raw), reader: over(readerRaw) }))
    await users.create(user('lan'))
    const pages = Number(raw.prepare('pragma page_count').get()?.page_count)
    raw.exec(`pragma max_page_count = ${pages}`)
    const error = await failure(users.create({ ...user('mai'), passwordHash: 'x'.repeat(1_000_000) }))
    expect(error.code).toBe('store.full')
    expect(error.message).toContain(file)
    expect((await users.list()).map(({ name }) => name)).toEqual(['lan'])
    raw.close()
    readerRaw.close()
  })
})

describe('a write', () => {
  it('is confirmed once the disk has it, and holds up no other meanwhile', async () => {
    await (await openStore({ file })).close()
    const raw = new DatabaseSync(file)
    const connection = { raw, db: new Kysely<Schema>({ dialect: sqliteDialect(raw) }) }
    const asked: PromiseWithResolvers<undefined>[] = []
    const sync = (): Promise<undefined> => {
      asked.push(Promise.withResolvers())
      return asked.at(-1)?.promise ?? Promise.reject(new Error('not asked'))
    }
    const users = usersOf(rootScope({ file, wal: { sync }, writer: connection, reader: connection }))
    const confirmed: string[] = []
    const writing = ['lan', 'mai'].map(async (name) => {
      await users.create(user(name))
      confirmed.push(name)
    })
    await expect.poll(() => asked.length).toBe(2)
    expect((await users.list()).map(({ name }) => name)).toEqual(['lan', 'mai'])
    expect(confirmed).toEqual([])
    asked[0]?.resolve(undefined)
    await writing[0]
    expect(confirmed).toEqual(['lan'])
    asked[1]?.reject(new Fatal('the disk reports an error', { code: 'store.io', remedy: 'Check the disk.' }))
    await expect(writing[1]).rejects.toMatchObject({ code: 'store.io' })
    raw.close()
  })

  it('asks the disk again for what is committed while it is asked', async () => {
    const store = await openStore({ file })
    await store.users.create(user('lan'))
    const log = writeAheadLog(file)
    const [first, second] = [log.sync(), log.sync()]
    // Neither has begun: one serves both.
    expect(second).toBe(first)
    await first
    expect(log.sync()).not.toBe(first)
    await log.close()
    await store.close()
    await expect(writeAheadLog(join(file, 'nowhere')).sync()).rejects.toMatchObject({ code: 'store.io' })
  })
})

/** Starting a process takes long on a busy machine. */
const SLOW = { timeout: 180_000 }

describe('a process killed with -9', SLOW, () => {
  it('loses nothing confirmed, and leaves nothing unconfirmed', async () => {
    const { running, ended, lines } = child('write')
    const confirmed: string[] = []
    for await (const line of lines) {
      if (line === 'open') running.kill('SIGKILL')
      else confirmed.push(line)
    }
    await ended
    expect(confirmed).toHaveLength(30)
    const store = await openStore({ file })
    expect(await store.articles.count({})).toBe(30)
    expect(await store.changes.last()).toBe(30)
    expect((await store.articles.save(draftSample({ url: 'https://sample.test/31.html' }))).outcome).toBe('new')
    await store.close()
  })

  it('loses nothing confirmed, killed between any two writes', async () => {
    const { running, ended, lines } = child('write')
    let confirmed = 0
    for await (const line of lines) if (line.startsWith('confirmed') && ++confirmed === 11) running.kill('SIGKILL')
    await ended
    const store = await openStore({ file })
    expect(await store.articles.count({})).toBeGreaterThanOrEqual(confirmed)
    await store.close()
  })
})

describe('two processes', SLOW, () => {
  it('never begin the same job both', async () => {
    await (await openStore({ file, clock: systemClock })).close()
    const wins: string[] = []
    await Promise.all(
      [child('claim'), child('claim'), child('claim')].map(async ({ lines, ended }) => {
        for await (const line of lines) wins.push(line)
        await ended
      }),
    )
    expect(wins.toSorted()).toEqual(Array.from({ length: 40 }, (_, i) => `won ${i}`).toSorted())
  })
})
