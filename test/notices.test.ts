import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emailNotices } from '../alerts/channels/email.ts'
import type { NoticeChannel } from '../alerts/channels/notice.ts'
import { webhookNotices } from '../alerts/channels/webhook.ts'
import { watchTroubles } from '../alerts/notices.ts'
import { type SimulatedClock, simulatedClock } from '../clock.ts'
import { parseConfig } from '../config.ts'
import type { CoverageStatus, OutletCoverage } from '../crawlers/coverage.ts'
import { neverPolled } from '../crawlers/source-state.ts'
import type { TroubleView } from '../crawlers/troubles.ts'
import { openStore } from '../store/open.ts'
import type { SourceState, Store } from '../store/store.ts'
import { mailServer, webhookServer } from './helpers/receivers.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const MINUTE = 60_000
const GB = 1024 ** 3
const outlets = Array.from({ length: 20 }, (_, n) => sampleOutlet({ id: `bao-${n}`, name: `Báo ${n}` }))

let folder: string
let store: Store
let clock: SimulatedClock
let mail: Awaited<ReturnType<typeof mailServer>>
let start: Date
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notices-'))
  clock = simulatedClock(new Date('2025-10-01T03:00:00.000Z'))
  start = new Date('2025-09-30T03:00:00.000Z')
  store = await openStore({ file: join(folder, 'store.sqlite'), clock })
  mail = await mailServer('accept')
})
afterEach(async () => {
  await mail.stop()
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const emails = (): NoticeChannel => emailNotices({ url: mail.url, from: 'may@example.vn', to: ['quantri@example.vn'] })

/** How things stand: outlets that are not named are read. */
interface Standing {
  readonly states?: Readonly<Record<string, CoverageStatus>>
  readonly freeBytes?: number
  readonly nextPollAt?: string
  /** Outlets whose source was asked just now; default: all. */
  readonly asked?: (id: string) => boolean
}

function viewOf({
  states = {},
  freeBytes = 100 * GB,
  nextPollAt,
  asked = () => true,
}: Standing): Omit<TroubleView, 'open'> {
  const now = clock.now()
  const long = new Date(now.getTime() - 300 * MINUTE).toISOString()
  const sources = outlets.map(({ id }): SourceState => {
    const status = states[id] ?? 'ok'
    const isDown = status === 'unreachable'
    return {
      ...neverPolled(id, `https://${id}.example/rss`),
      ...{ status: isDown ? 'unreachable' : 'ok', lastPolledAt: asked(id) ? now.toISOString() : long },
      ...{ nextPollAt: nextPollAt ?? now.toISOString(), lastErrorCode: isDown ? 'fetch.network' : null },
      lastError: isDown ? 'không kết nối được' : null,
    }
  })
  const coverage = outlets.map(
    ({ id, name }): OutletCoverage => ({
      ...{ outletId: id, outlet: name, status: states[id] ?? 'ok', extent: 'full', lastSuccessAt: null },
      ...{ lastNewItemAt: null, articles: 0, lastDay: 0, usual: null, unreadShare: null, problems: [], code: null },
    }),
  )
  return { coverage, sources, freeBytes, minFreeBytes: 2 * GB, now, upSince: start }
}

const watch = (standing: Standing, channels: readonly NoticeChannel[] = [emails()]) =>
  watchTroubles(
    { store, outlets, clock, channels, publicUrl: 'http://127.0.0.1:8080', province: 'Lào Cai', profileId: 'lao-cai' },
    async (open) => ({ ...viewOf(standing), open }),
  )

/** Looks every five minutes for so long. */
async function watchFor(minutes: number, standing: Standing): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 5) {
    await watch(standing)
    clock.advance(5 * MINUTE)
  }
}
const down = (ids: readonly number[]): Record<string, CoverageStatus> =>
  Object.fromEntries(ids.map((n) => [`bao-${n}`, 'unreachable']))

describe('the administrator is told', () => {
  it('of an outlet that falls silent, once, and once that it is over', async () => {
    await watchFor(60, { states: { 'bao-3': 'silent' } })
    expect(mail.mails.map(({ subject, to }) => [subject, to])).toEqual([
      ['[Lào Cai] Hệ thống theo dõi báo chí: Báo 3: Im lặng lâu hơn thường lệ', 'quantri@example.vn'],
    ])
    await watchFor(60, {})
    expect(mail.mails.map(({ subject }) => subject).slice(1)).toEqual([
      '[Lào Cai] Hệ thống theo dõi báo chí: đã hết: Báo 3: Im lặng lâu hơn thường lệ',
    ])
    // Another time is another event.
    await watch({ states: { 'bao-3': 'silent' } })
    expect(mail.mails).toHaveLength(3)
  })

  it('of nothing that passes within half an hour', async () => {
    await watchFor(20, { states: { ...down([4]), 'bao-5': 'blocked' } })
    await watchFor(60, {})
    expect(mail.mails).toEqual([])
    await watchFor(40, { states: down([4]) })
    expect(mail.mails).toHaveLength(1)
    expect(mail.mails[0]?.text).toContain('không kết nối được (fetch.network)')
  })

  it('of the line, not of each outlet, when most fail at once, and not of the outlets when it is back', async () => {
    const all = outlets.map((_, n) => n)
    await watchFor(120, { states: down(all) })
    expect(mail.mails).toHaveLength(1)
    expect(mail.mails[0]?.subject).toContain('Mất kết nối')
    expect(mail.mails[0]?.text).toContain('20 trong 20 nguồn tin')
    // Back: half of the outlets are asked again at once, the others later.
    const half = (id: string): boolean => Number(id.slice(4)) < 10
    await watch({ states: down(all.slice(10)), asked: half })
    expect(mail.mails).toHaveLength(2)
    expect(mail.mails[1]?.subject).toContain('đã hết: Mất kết nối')
    clock.advance(5 * MINUTE)
    await watchFor(60, { states: down(all.slice(10)), asked: half })
    await watchFor(60, {})
    expect(mail.mails).toHaveLength(2)
  })

  it('of several outlets in one message', async () => {
    await watch({ states: { 'bao-1': 'broken', 'bao-2': 'silent', 'bao-7': 'refused-by-robots' } })
    expect(mail.mails).toHaveLength(1)
    expect(mail.mails[0]?.subject).toContain('3 sự cố mới')
    for (const name of ['Báo 1', 'Báo 2', 'Báo 7']) expect(mail.mails[0]?.text).toContain(name)
  })

  it('that space runs low, that collecting stopped for it, and that there is enough again', async () => {
    await watchFor(15, { freeBytes: 3 * GB })
    expect(mail.mails.map(({ text }) => /Còn [^;]*/.exec(text)?.[0])).toEqual(['Còn 3 GB trống'])
    await watchFor(15, { freeBytes: GB })
    expect(mail.mails).toHaveLength(2)
    // Just above a limit is not enough to be over.
    await watchFor(15, { freeBytes: 2.1 * GB })
    expect(mail.mails).toHaveLength(2)
    await watchFor(15, { freeBytes: 50 * GB })
    expect(mail.mails).toHaveLength(3)
    expect(mail.mails[2]?.subject).toContain('2 đã hết')
  })

  it('that nothing is asked any more, but not because the machine was off', async () => {
    const overdue = { nextPollAt: '2025-10-01T01:00:00.000Z' }
    start = clock.now()
    await watchFor(30, overdue)
    expect(mail.mails).toEqual([])
    await watchFor(40, overdue)
    expect(mail.mails).toHaveLength(1)
    expect(mail.mails[0]?.subject).toContain('Việc thu thập đứng lại')
  })

  it('later, when the mail cannot be sent now, and the same once', async () => {
    mail.set('refuse-for-now')
    await watch({ states: { 'bao-3': 'silent' } })
    expect((await store.troubles.notices(5)).map(({ state, attempts }) => [state, attempts])).toEqual([['failed', 1]])
    mail.set('accept')
    clock.advance(5 * MINUTE)
    await watchFor(20, { states: { 'bao-3': 'silent' } })
    expect(mail.mails).toHaveLength(1)
    expect(await store.troubles.notices(5)).toMatchObject([{ state: 'confirmed', attempts: 2, nextAt: null }])
  })

  it('once more, under the same id, where it is not known whether it arrived', async () => {
    mail.set('lost')
    await watch({ states: { 'bao-3': 'silent' } })
    await watchFor(30, { states: { 'bao-3': 'silent' } })
    expect(mail.mails).toHaveLength(2)
    expect(new Set(mail.mails.map(({ id }) => id)).size).toBe(1)
    expect(mail.mails[1]?.text).toContain('Gửi lại')
  })

  it('once more, and so it says, after a process that died while sending', async () => {
    const dying: NoticeChannel = { name: 'email', send: () => Promise.reject(new Error('killed')) }
    await expect(watch({ states: { 'bao-3': 'silent' } }, [dying])).rejects.toThrow('killed')
    await watchFor(30, { states: { 'bao-3': 'silent' } })
    expect(mail.mails).toHaveLength(1)
    expect(mail.mails[0]?.text).toContain('Gửi lại')
  })

  it('once more also when the server refuses for a while in between', async () => {
    mail.set('lost')
    await watch({ states: { 'bao-3': 'silent' } })
    mail.set('refuse-for-now')
    await watch({ states: { 'bao-3': 'silent' } })
    expect(await store.troubles.notices(5)).toMatchObject([{ state: 'unknown', attempts: 2 }])
    mail.set('accept')
    clock.advance(5 * MINUTE)
    await watchFor(30, { states: { 'bao-3': 'silent' } })
    expect(mail.mails.map(({ text }) => text.includes('Gửi lại'))).toEqual([false, true])
  })

  it('not again of what the server refuses for good, and for about a day of what it refuses for now', async () => {
    mail.set('refuse')
    await watchFor(30, { states: { 'bao-3': 'silent' } })
    expect(await store.troubles.notices(5)).toMatchObject([{ state: 'failed', attempts: 1, nextAt: null }])
    mail.set('refuse-for-now')
    for (let hour = 0; hour < 32; hour += 1) {
      await watch({ states: { 'bao-3': 'silent', 'bao-4': 'broken' } })
      clock.advance(60 * MINUTE)
    }
    const [later] = await store.troubles.notices(1)
    expect(later).toMatchObject({ state: 'failed', attempts: 30, nextAt: null })
    expect(later?.error).toContain('450')
  })

  it('of an outlet whatever became of another just before', async () => {
    await watch({ states: { 'bao-3': 'silent' } })
    clock.advance(5 * MINUTE)
    await watchFor(40, { states: down([4]), asked: () => false })
    expect(mail.mails.map(({ subject }) => subject).slice(1)).toEqual([
      expect.stringContaining('đã hết: Báo 3'),
      expect.stringContaining('Báo 4'),
    ])
  })

  it('by a webhook too, signed', async () => {
    const hook = await webhookServer(200)
    await watch({ states: { 'bao-3': 'silent' } }, [webhookNotices({ url: hook.url, secret: 'một bí mật đủ dài' })])
    expect(hook.posts).toHaveLength(1)
    expect(JSON.parse(hook.posts[0]?.body ?? '')).toMatchObject({
      ...{ type: 'notice', resent: false, ended: [] },
      began: [{ kind: 'outlet', code: 'silent', outlet: 'bao-3', ended: null }],
    })
    expect(hook.posts[0]?.headers['x-monitor-signature']).toMatch(/^sha256=[0-9a-f]{64}$/)
    await hook.stop()
  })

  it('of what is open as soon as there is a way to', async () => {
    await watch({ states: { 'bao-3': 'silent' } }, [])
    expect(await store.troubles.open()).toMatchObject([{ subject: 'bao-3', toldAt: null }])
    await watch({ states: { 'bao-3': 'silent' } })
    expect(mail.mails).toHaveLength(1)
  })
})

describe('the address of the administrator', () => {
  it('stands beside that of the alerts, or alone', () => {
    const smtp = { MONITOR_SMTP_URL: 'smtp://127.0.0.1', MONITOR_SMTP_FROM: 'may@example.vn' }
    const alone = parseConfig({ ...smtp, MONITOR_ADMIN_TO: 'quantri@example.vn' })
    expect([alone.smtp, alone.administrator.smtp?.to]).toEqual([null, ['quantri@example.vn']])
    const both = parseConfig({
      ...smtp,
      MONITOR_ADMIN_TO: 'a@example.vn, b@example.vn',
      MONITOR_ALERT_TO: 'c@example.vn',
    })
    expect([both.smtp?.to, both.administrator.smtp?.to]).toEqual([['c@example.vn'], ['a@example.vn', 'b@example.vn']])
    expect(() => parseConfig({ MONITOR_ADMIN_TO: 'quantri@example.vn' })).toThrow('MONITOR_SMTP_URL')
  })
})
