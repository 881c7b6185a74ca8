import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createUser } from '../web/users.ts'
import { CONFIGURED_LIMITS, type Office, openOffice, PASSWORD, type Visitor, visitor } from './support/web.ts'

let office: Office
let administrator: Visitor
let editor: Visitor
beforeAll(async () => {
  office = await openOffice()
  await createUser(office.store, { name: 'mai', displayName: 'Trần Thị Mai', password: PASSWORD }, office.clock)
  administrator = visitor(office.url)
  await administrator.login('huong')
  editor = visitor(office.url)
  await editor.login('mai')
})
afterAll(() => office.close())

const form = (change: Readonly<Record<string, string>> = {}) => ({
  ...Object.fromEntries(
    Object.entries(CONFIGURED_LIMITS).map(([name, value]) => [name, value === null ? '' : `${value}`]),
  ),
  do: 'save',
  ...change,
})

describe('the page of the system', () => {
  it('shows the limits in force, the sizes on disk and the troubles', async () => {
    await writeFile(join(office.folder, 'archive', 'monitor-1.warc.gz'), Buffer.alloc(3 * 1024 * 1024))
    const trouble = { kind: 'outlet', subject: 'bao-lao-cai', code: 'silent' } as const
    await office.store.troubles.note({ ...trouble, detail: '{"code":"","words":""}' }, '2025-10-03T01:00:00.000Z')
    const run = await office.store.runs.begin('retention', '1', '2025-10-02T19:30:00.000Z', 1000)
    const result = {
      dryRun: false,
      pages: {
        irrelevant: { pages: 12, bytes: 345_000 },
        relevant: { pages: 0, bytes: 0 },
        cited: { pages: 0, bytes: 0 },
      },
      files: { rewritten: 2, removed: ['a.warc.gz'] },
      versions: 7,
      logs: { actions: 0, visits: 3, frontier: 4, runs: 5 },
    }
    await office.store.runs.finish(run?.id ?? 0, 'done', JSON.stringify(result), '2025-10-02T19:31:00.000Z')
    const { body, status } = await administrator.get('/system')
    expect(status).toBe(200)
    expect(body).toContain('3 MB')
    expect(body).toMatch(/Còn trống<\/dt><dd class="figure-value">[\d.,]+ [MGT]B/)
    expect(body).toMatch(/Trang gốc của bài không liên quan[\s\S]*?<b>30 ngày<\/b>/)
    expect(body).toMatch(/Trang gốc của bài liên quan[\s\S]*?<b>giữ mãi<\/b>/)
    expect(body).toContain('Im lặng lâu hơn thường lệ')
    expect(body).toContain('MONITOR_ADMIN_TO')
    expect(body).toMatch(/Trang gốc, bài không liên quan<\/th>.*12 trang, 337 KB/)
    expect(body).toMatch(/Phiên bản ở giữa<\/th><td[^>]*>7</)
  })

  it('lets an administrator set a limit, who and when beside it, and takes it back', async () => {
    const set = await administrator.post('/system/limits', form({ versionDays: '90', actionsDays: '365' }), '/system')
    expect([set.status, set.location]).toEqual([303, '/system?done=saved'])
    const { body } = await administrator.get('/system')
    expect(body).toMatch(
      /Các phiên bản ở giữa của một bài[\s\S]*?<b>90 ngày<\/b>[\s\S]*?Nguyễn Thị Hương đặt lúc 09:00 03\/10\/2025/,
    )
    expect((await office.store.settings.all()).map(({ name, value, who }) => [name, value, who])).toEqual([
      ['actionsDays', 365, 'huong'],
      ['versionDays', 90, 'huong'],
    ])
    const logged = (await office.store.users.actions(2)).map(({ who, action, subject, detail }) => [
      who,
      action,
      subject,
      detail,
    ])
    expect(logged).toEqual([
      ['huong', 'limits.set', 'actionsDays', '1095 → 365'],
      ['huong', 'limits.set', 'versionDays', '∞ → 90'],
    ])
    // As configured again: nobody's setting stands any more.
    expect((await administrator.post('/system/limits', form(), '/system')).location).toBe('/system?done=saved')
    expect(await office.store.settings.all()).toEqual([])
    expect((await administrator.post('/system/limits', form(), '/system')).location).toBe('/system?done=unchanged')
  })

  it('refuses what is no limit, keeps what was typed, and sets nothing', async () => {
    for (const [change, said] of [
      [{ frontierDays: '59' }, 'ít nhất 60'],
      [{ actionsDays: '' }, 'không được để trống'],
      [{ visitsDays: '1,5' }, 'phải là số nguyên'],
      [
        { relevantArchiveDays: '90', citedArchiveDays: '', irrelevantArchiveDays: '' },
        'không được ngắn hơn “Trang gốc của bài không liên quan”',
      ],
      [{ runsDays: '99999' }, 'nhiều nhất 36.500'],
    ] as const) {
      const { status, body } = await administrator.post('/system/limits', form(change), '/system')
      expect(status).toBe(422)
      expect(body).toContain(said)
      expect(body).toContain('Chưa lưu: có thời hạn nhập chưa đúng')
      expect(body.match(/<input class="limit"[^>]* autofocus>/g)).toHaveLength(1)
      const [typed] = Object.values(change)
      expect(body).toContain(`value="${typed}"`)
    }
    expect(await office.store.settings.all()).toEqual([])
  })

  it('shows what would go before anything is saved', async () => {
    const change = { ...form({ actionsDays: '30' }), do: 'preview' }
    const old = '2025-08-01T00:00:00.000Z'
    await office.store.users.log({ who: 'huong', action: 'user.login', subject: 'huong', detail: null, at: old })
    const { status, body } = await administrator.post('/system/limits', change, '/system')
    expect(status).toBe(200)
    expect(body).toMatch(/Dòng nhật ký thay đổi<\/th><td[^>]*>1</)
    expect(body).toContain('Chưa xóa gì và chưa lưu gì.')
    expect(await office.store.settings.all()).toEqual([])
    expect((await office.store.users.actions(100)).some(({ at }) => at === old)).toBe(true)
  })

  it('lets nobody else set one, and nobody without the token of the form', async () => {
    const { body } = await editor.get('/system')
    expect(body).toContain('Quản trị viên: Nguyễn Thị Hương')
    expect(body).not.toContain('action="/system/limits"')
    const refused = await editor.post('/system/limits', form({ versionDays: '90' }), '/system')
    expect(refused.status).toBe(403)
    expect((await administrator.post('/system/limits', form({ versionDays: '90' }), null)).status).toBe(403)
    expect((await visitor(office.url).get('/system')).location).toBe('/login?next=%2Fsystem')
    expect(await office.store.settings.all()).toEqual([])
  })
})
