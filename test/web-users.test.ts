import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { hashPassword, passwordProblem, verifyPassword } from '../web/passwords.ts'
import { SESSION_COOKIE, SESSION_HOURS } from '../web/sessions.ts'
import { authenticate, createUser } from '../web/users.ts'
import type { Office } from './support/web.ts'
import { openOffice, PASSWORD, visitor } from './support/web.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice()
})

afterAll(async () => {
  await office.close()
})

describe('passwords', () => {
  const cheap = { logN: 4, r: 8, p: 1 }

  it('are hashed with their own salt and checked whatever the Unicode form', async () => {
    const [one, two] = [await hashPassword(PASSWORD, cheap), await hashPassword(PASSWORD, cheap)]
    expect(one).not.toBe(two)
    expect(one).not.toContain(PASSWORD)
    expect(await verifyPassword(PASSWORD.normalize('NFD'), one)).toEqual({ ok: true, outdated: true })
    expect(await verifyPassword(`${PASSWORD} `, one)).toEqual({ ok: false, outdated: false })
  })

  it('of a damaged store are an error, not a wrong password', async () => {
    await expect(verifyPassword(PASSWORD, 'plain text')).rejects.toThrow(RangeError)
  })

  it('must be long, of several characters, and without the user name', () => {
    expect(passwordProblem('ngắn quá', 'huong')).toBe('short')
    expect(passwordProblem('a'.repeat(201), 'huong')).toBe('long')
    expect(passwordProblem('abababababab', 'huong')).toBe('monotone')
    expect(passwordProblem('xin chào HUONG nhé', 'huong')).toBe('name')
    expect(passwordProblem(PASSWORD, 'huong')).toBeNull()
  })

  it('with an outdated hash are hashed anew at the next log-in', async () => {
    const passwordHash = await hashPassword(PASSWORD, cheap)
    await office.store.users.create({ name: 'cu', displayName: 'Cũ', passwordHash, at: '2025-10-01T00:00:00.000Z' })
    expect(await authenticate(office.store, 'cu', PASSWORD)).toMatchObject({ name: 'cu' })
    expect((await office.store.users.byName('cu'))?.passwordHash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/)
    expect(await authenticate(office.store, 'cu', PASSWORD)).toMatchObject({ name: 'cu' })
  })
})

describe('creating a user', () => {
  const user = { name: 'minh', displayName: 'Lê Minh', password: PASSWORD }

  it('refuses what cannot be', async () => {
    const create = (change: Partial<typeof user>) => createUser(office.store, { ...user, ...change }, systemClock)
    await expect(create({ name: 'Có Dấu' })).rejects.toMatchObject({ code: 'user.name-invalid' })
    await expect(create({ displayName: ' ' })).rejects.toMatchObject({ code: 'user.display-name-missing' })
    await expect(create({ password: 'ngắn' })).rejects.toMatchObject({ code: 'user.password-short' })
    await expect(create({ name: 'huong' })).rejects.toMatchObject({ code: 'user.exists' })
    expect((await office.store.users.list()).map(({ name }) => name)).not.toContain('minh')
  })

  it('is logged with who did it', async () => {
    await createUser(office.store, user, office.clock)
    expect((await office.store.users.actions(1))[0]).toMatchObject({
      who: 'cli',
      action: 'user.create',
      subject: 'minh',
    })
  })
})

describe('logging in', () => {
  it('answers a wrong password and an unknown name alike', async () => {
    const known = await visitor(office.url).login('huong', 'sai hoàn toàn nhé')
    const unknown = await visitor(office.url).login('khongai', 'sai hoàn toàn nhé')
    const message = (body: string) => /role="alert">([^<]+)</.exec(body)?.[1]
    expect([known.status, unknown.status]).toEqual([401, 401])
    expect(message(known.body)).toMatch(/^Tên đăng nhập hoặc mật khẩu không đúng\. .* quản trị viên đặt lại\.$/)
    expect(known.body).toMatch(/id="password"[^>]* autofocus/)
    expect(message(unknown.body)).toBe(message(known.body))
  })

  it('gives a cookie that scripts cannot read; the store knows only its digest', async () => {
    const reader = visitor(office.url)
    const { headers, location } = await reader.post(
      '/login',
      { name: 'huong', password: PASSWORD, next: '/search?q=a' },
      '/login',
    )
    expect(location).toBe('/search?q=a')
    const cookie = headers.getSetCookie().find((line) => line.startsWith(SESSION_COOKIE)) ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    const token = reader.cookie(SESSION_COOKIE) ?? ''
    expect(token.length).toBeGreaterThan(40)
    const database = new DatabaseSync(join(office.folder, 'monitor.sqlite'), { readOnly: true })
    const rows = JSON.stringify(database.prepare('SELECT * FROM session').all())
    database.close()
    expect(rows.length).toBeGreaterThan(10)
    expect(rows).not.toContain(token)
  })

  it('travels by a protected line only, where the pages are reached by one', async () => {
    const behind = await openOffice({ secure: true })
    try {
      const { headers } = await visitor(behind.url).login()
      expect(headers.getSetCookie().find((line) => line.startsWith(SESSION_COOKIE))).toMatch(/; Secure/)
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{5,}/)
    } finally {
      await behind.close()
    }
  })

  it('ends, and begins no more, for a user who is disabled', async () => {
    const at = '2025-10-01T00:00:00.000Z'
    await createUser(office.store, { name: 'nghi', displayName: 'Đã Nghỉ', password: PASSWORD }, systemClock)
    const gone = visitor(office.url)
    expect((await gone.login('nghi')).status).toBe(303)
    expect((await gone.get('/account')).status).toBe(200)
    const database = new DatabaseSync(join(office.folder, 'monitor.sqlite'))
    database.prepare('UPDATE user SET disabledAt = ? WHERE name = ?').run(at, 'nghi')
    database.close()
    expect((await gone.get('/account')).status).toBe(303)
    expect((await visitor(office.url).login('nghi')).status).toBe(401)
  })

  it('ends in the store when one logs out', async () => {
    const reader = visitor(office.url)
    await reader.login()
    const token = reader.cookie(SESSION_COOKIE) ?? ''
    expect((await reader.post('/logout', {}, '/account')).location).toBe('/login')
    const replay = visitor(office.url)
    replay.setCookie(SESSION_COOKIE, token)
    expect((await replay.get('/account')).status).toBe(303)
  })

  it('ends by itself', async () => {
    const reader = visitor(office.url)
    await reader.login()
    office.clock.advance((SESSION_HOURS - 0.1) * 3_600_000)
    expect((await reader.get('/account')).status).toBe(200)
    office.clock.advance(0.2 * 3_600_000)
    expect((await reader.get('/account')).location).toBe('/login?next=%2Faccount')
    expect((await reader.get('/login')).body).toContain('Phiên làm việc đã kết thúc')
  })

  it('is limited per name, and says when to come back', async () => {
    const tries = visitor(office.url)
    const statuses: number[] = []
    for (let at = 0; at < 12; at++) statuses.push((await tries.login('doan', 'sai hoàn toàn nhé')).status)
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
    expect((await tries.login('dung', 'sai hoàn toàn nhé')).status, 'another name of the same letter').toBe(401)
    const limited = await tries.login('DOAN', 'sai hoàn toàn nhé')
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(limited.body).toMatch(/Hãy thử lại sau \d+ phút/)
    expect((await visitor(office.url).login()).status).toBe(303)
    // Each try hashes a password, which is slow by design.
  }, 90_000)
})

describe('changing the password', () => {
  it('asks for the old one and ends other sessions', async () => {
    const [reader, elsewhere] = [visitor(office.url), visitor(office.url)]
    await reader.login('minh')
    await elsewhere.login('minh')
    const change = (form: Record<string, string>) => reader.post('/account/password', form, '/account')
    const next = 'suối chảy qua bản'
    expect((await change({ current: 'sai hoàn toàn nhé', next, repeat: next })).body).toContain('không đúng')
    expect((await change({ current: PASSWORD, next, repeat: 'khác đi một chút' })).status).toBe(422)
    expect((await change({ current: PASSWORD, next: 'ngắn', repeat: 'ngắn' })).body).toContain('ít nhất 12 ký tự')
    expect((await change({ current: PASSWORD, next, repeat: next })).location).toBe('/account?done=changed')
    expect((await reader.get('/account')).status).toBe(200)
    expect((await elsewhere.get('/account')).status).toBe(303)
    expect((await visitor(office.url).login('minh', PASSWORD)).status).toBe(401)
    expect((await visitor(office.url).login('minh', next)).status).toBe(303)
    expect((await office.store.users.actions(3)).map(({ action }) => action)).toContain('user.password')
  })
})

describe('an office without users', () => {
  it('says how the first one is made, and lets nobody in', async () => {
    const empty = await openOffice({
      store: { ...office.store, users: { ...office.store.users, list: async () => [] } },
    })
    try {
      expect((await visitor(empty.url).get('/login')).body).toContain('npm run cli -- user add')
    } finally {
      await empty.close()
    }
    expect((await visitor(office.url).login('admin', 'admin')).status).toBe(401)
  })
})
