import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { emailChannel } from '../alerts/channels/email.ts'
import { webhookChannel } from '../alerts/channels/webhook.ts'
import { deliverAlerts } from '../alerts/deliver.ts'
import { evaluateAlerts } from '../alerts/evaluate.ts'
import { type SimulatedClock, simulatedClock } from '../clock.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Store } from '../store/store.ts'
import { mailServer, webhookServer } from './helpers/receivers.ts'
import { sampleProfile } from './helpers/report-profile.ts'
import { domesticStories, foreignStories, type SampleStory } from './helpers/report-samples.ts'
import { fillStore } from './helpers/report-store.ts'
import { storeRoom } from './support/store-room.ts'
import { draftSample, keySample } from './support/store-samples.ts'

const MINUTE = 60_000
const story = (name: string): SampleStory => {
  const found = [...domesticStories, ...foreignStories].find((sample) => sample.story === name)
  if (!found) throw new Error(`no sample ${name}`)
  return found
}
/** Nine prints of one sensitive story, on 30 September and 1 October. */
const flood = story('lu-quet')

let clock: SimulatedClock
let store: Store
let profile: Profile

beforeAll(async () => {
  profile = await sampleProfile()
})
beforeEach(() => {
  clock = simulatedClock(new Date('2025-10-01T03:00:00.000Z'))
})
const room = storeRoom('alerts', { file: 'store.sqlite', clock: () => clock })
beforeEach(() => {
  ;({ store } = room())
})

const EMAIL = [{ name: 'email' }] as const
const evaluate = (channels: readonly { readonly name: 'email' | 'webhook' }[] = EMAIL, using = profile) =>
  evaluateAlerts({ store, profile: using, now: clock.now(), channels })

/** An article of the flood, of which the alert was raised. */
async function storedFlood() {
  const ids = await fillStore(store, [flood])
  await evaluate()
  const article = await store.articles.get(ids.get('lu-quet/vnexpress') ?? '')
  if (!article?.assessment) throw new Error('no article')
  return { ...article, assessment: article.assessment }
}

describe('evaluating', () => {
  it('a rule fires once per story: reprints and later articles raise nothing more', async () => {
    await fillStore(store, [flood])
    expect(await evaluate()).toMatchObject({ alerts: 1 })
    await fillStore(store, [
      { ...flood, outlets: ['bnews', 'congly'], title: '[Bài mẫu] Thêm tin về lũ quét ở Lào Cai' },
    ])
    expect(await evaluate()).toMatchObject({ alerts: 0 })
    expect(await store.alerts.list(10)).toHaveLength(1)
    expect(await store.alerts.deliveries({})).toHaveLength(1)
  })

  it('the same change read again raises nothing, and nothing is read twice', async () => {
    await fillStore(store, [flood])
    const first = await evaluate()
    expect(first.changes).toBeGreaterThan(0)
    expect(await evaluate()).toEqual({ changes: 0, alerts: 0, tooOld: 0 })
    await store.changes.setPosition('alerts', 0)
    expect(await evaluate()).toMatchObject({ changes: first.changes, alerts: 0 })
  })

  it('each origin has its rule, and what is not sensitive raises none', async () => {
    await fillStore(store, [flood, story('flood-fr'), story('du-lich-sapa')])
    await evaluate()
    expect((await store.alerts.list(10)).map(({ ruleId }) => ruleId).sort()).toEqual([
      'sensitive-domestic',
      'sensitive-foreign',
    ])
  })

  it('an article that mentions the province only does not meet a rule that asks for more', async () => {
    await fillStore(store, [{ ...flood, level: 'mention' }])
    expect(await evaluate()).toMatchObject({ alerts: 0, tooOld: 0 })
  })

  it('what was old when first seen raises nothing, and is counted', async () => {
    await fillStore(store, [flood], { seenAfterMs: 73 * 3_600_000 })
    expect(await evaluate()).toMatchObject({ alerts: 0, tooOld: flood.outlets.length })
  })

  it('an archive that is assessed anew raises nothing', async () => {
    await fillStore(store, [flood])
    clock.advance(30 * 24 * 60 * MINUTE)
    expect(await evaluate()).toMatchObject({ alerts: 0, tooOld: flood.outlets.length })
  })

  it('a person who marks an article as sensitive raises the alert', async () => {
    const ids = await fillStore(store, [story('cua-khau')])
    expect(await evaluate()).toMatchObject({ alerts: 0 })
    const articleId = ids.get('cua-khau/congthuong') ?? ''
    await store.assessments.correct({
      articleId,
      field: 'sensitive',
      value: true,
      note: null,
      who: 'an',
      at: '2025-10-02T08:00:00.000Z',
    })
    clock.set(new Date('2025-10-02T09:00:00.000Z'))
    expect(await evaluate()).toMatchObject({ alerts: 1 })
  })

  it('reads on past what one transaction takes', async () => {
    const ids = await fillStore(store, [story('cua-khau')])
    const correction = { articleId: ids.get('cua-khau/congthuong') ?? '', note: null, who: 'an' } as const
    await store.transaction(async (inside) => {
      for (let n = 0; n < 250; n += 1)
        await inside.assessments.correct({
          ...correction,
          field: 'tone',
          value: 'neutral',
          at: clock.now().toISOString(),
        })
    })
    await fillStore(store, [flood])
    const { changes, alerts } = await evaluate()
    expect(alerts).toBe(1)
    expect(changes).toBeGreaterThan(250)
    expect(await store.changes.position('alerts')).toBe(await store.changes.last())
  })

  it('an article that stands in no story yet raises its alert once it does', async () => {
    const { outletId, url, assessment, published, ...rest } = await storedFlood()
    const draft = draftSample(
      { outletId, url: `${url}?b=2`, language: rest.language, published, seenAt: clock.now().toISOString() },
      { title: 'Bài mẫu: lũ quét ở Bát Xát' },
    )
    const { article } = await store.articles.save(draft)
    await store.assessments.put(article.id, article.version, keySample(), assessment, draft.seenAt)
    expect(await evaluate()).toMatchObject({ changes: 2, alerts: 0 })
    const decision = {
      articleId: article.id,
      storyId: 'bat-xat',
      opened: true,
      copyOf: null,
      similarity: 1,
      anchors: [],
    }
    await store.stories.assign(decision, article.title, draft.seenAt)
    expect(await evaluate()).toMatchObject({ alerts: 1 })
  })

  it('only configured channels of the rule get an intent, each a stable id', async () => {
    const both = profile.alerts.map((rule) => ({ ...rule, channels: ['email' as const, 'webhook' as const] }))
    await fillStore(store, [flood])
    await evaluate([{ name: 'email' }, { name: 'webhook' }], { ...profile, alerts: both })
    const [alert] = await store.alerts.list(1)
    const intents = await store.alerts.deliveries({})
    expect(intents.map(({ messageId, state, attempts }) => ({ messageId, state, attempts }))).toEqual([
      { messageId: `alert-${alert?.id}-email@lao-cai.press-monitor`, state: 'intended', attempts: 0 },
      { messageId: `alert-${alert?.id}-webhook@lao-cai.press-monitor`, state: 'intended', attempts: 0 },
    ])
    await fillStore(store, [story('flood-fr')])
    await evaluate([{ name: 'webhook' }], { ...profile, alerts: both })
    const further = (await store.alerts.deliveries({})).slice(2)
    expect(further.map(({ channel }) => channel)).toEqual(['webhook'])
  })
})

describe('delivering', () => {
  type MailServer = Awaited<ReturnType<typeof mailServer>>
  let server: MailServer
  beforeEach(async () => {
    server = await mailServer('accept')
    await fillStore(store, [flood])
    await evaluate()
  })
  afterEach(() => server.stop())

  const deliver = () =>
    deliverAlerts({
      store,
      profile,
      clock,
      publicUrl: 'http://127.0.0.1:8080',
      channels: [emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })],
    })
  const delivery = async () => (await store.alerts.deliveries({}))[0]

  it('one mail per story, with the words that caused it; confirmed is never sent again', async () => {
    expect(await deliver()).toEqual({ confirmed: 1, waiting: 0, failed: 0, unknown: 0 })
    expect(await deliver()).toEqual({ confirmed: 0, waiting: 0, failed: 0, unknown: 0 })
    expect(server.mails).toHaveLength(1)
    expect(server.mails[0]?.text).toContain('- Thương vong: “Lũ quét” (tiêu đề), “mất tích” (tiêu đề)')
    expect(server.mails[0]?.text, 'nobody named the story').not.toContain('Vụ việc')
    expect(server.mails[0]?.text).toContain('Đơn vị tiếp nhận: Sở Văn hóa, Thể thao và Du lịch')
    expect(await delivery()).toMatchObject({ state: 'confirmed', attempts: 1, error: null })
  })

  it('tells the version that raised it, whatever the outlet wrote since', async () => {
    const [alert] = await store.alerts.list(1)
    const article = await store.articles.get(alert?.articleId ?? '')
    if (!article?.assessment) throw new Error('no article')
    const seenAt = '2025-10-01T04:00:00.000Z'
    clock.set(new Date(seenAt))
    const { outletId, url, language, published } = article
    const title = '[Bài mẫu] Lào Cai thông đường sau mưa'
    const draft = draftSample(
      { outletId, url, language, published, seenAt },
      { url, title, language, text: 'Đã thông.' },
    )
    const { article: edited } = await store.articles.save(draft)
    const calm = { ...article.assessment, sensitive: false, evidence: [] }
    await store.assessments.put(edited.id, edited.version, keySample(), calm, seenAt)
    expect(edited.version).toBe(2)
    await deliver()
    expect(server.mails[0]?.subject).toContain(article.title)
    expect(server.mails[0]?.text).toContain('- Thương vong: “Lũ quét” (tiêu đề), “mất tích” (tiêu đề)')
  })

  it('names the story as a person named it, also when the article stands in another one by then', async () => {
    const [alert] = await store.alerts.list(1)
    const by = { who: 'an', at: '2025-10-01T02:30:00.000Z' }
    await fillStore(store, [story('cua-khau')])
    await store.storyDesk.merge({ ...by, from: alert?.storyId ?? '', into: 'cua-khau-0' })
    await store.storyDesk.rename({ ...by, storyId: 'cua-khau-0', title: 'Lũ quét ở xã Nậm Lúc' })
    await deliver()
    expect(server.mails[0]?.text).toContain('Vụ việc: Lũ quét ở xã Nậm Lúc\n')
    expect(server.mails[0]?.text).toContain(`Tiêu đề: ${flood.title}`)
  })

  it('what the server refuses for now is tried again, later and later, under the same id', async () => {
    server.set('refuse-for-now')
    expect(await deliver()).toMatchObject({ waiting: 1 })
    expect(await delivery()).toMatchObject({ state: 'failed', attempts: 1 })
    expect(await deliver(), 'not before the pause is over').toMatchObject({ waiting: 0 })
    clock.advance(MINUTE)
    expect(await deliver()).toMatchObject({ waiting: 1 })
    clock.advance(MINUTE)
    expect(await deliver(), 'the second pause is longer').toMatchObject({ waiting: 0, confirmed: 0 })
    server.set('accept')
    clock.advance(MINUTE)
    expect(await deliver()).toMatchObject({ confirmed: 1 })
    expect(server.mails).toHaveLength(1)
    expect(await delivery()).toMatchObject({ state: 'confirmed', attempts: 3, error: null })
  })

  it('what the server refuses for a day is given up, said to be so, and left alone', async () => {
    server.set('refuse-for-now')
    const waits: number[] = []
    for (let minute = 0, last = 0; minute < 26 * 60; minute += 1) {
      const { waiting, failed } = await deliver()
      if (waiting + failed > 0) waits.push(minute - last)
      if (waiting + failed > 0) last = minute
      clock.advance(MINUTE)
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, ...Array.from({ length: 23 }, () => 60)])
    const given = await delivery()
    expect(given).toMatchObject({ state: 'failed', attempts: 30 })
    expect(given?.error).toMatch(/^Không gửi được sau 30 lần thử \(.*450.*\[expired\]$/)
    server.set('accept')
    clock.advance(24 * 60 * MINUTE)
    await deliver()
    expect(server.mails).toEqual([])
  })

  it('what may have arrived and is then refused for a day stays unknown', async () => {
    server.set('lost')
    await deliver()
    server.set('refuse-for-now')
    for (let hour = 0; hour < 32; hour += 1) {
      await deliver()
      clock.advance(60 * MINUTE)
    }
    const given = await delivery()
    expect(given).toMatchObject({ state: 'unknown', attempts: 30 })
    expect(given?.error).toMatch(/\[expired\]$/)
    expect(server.mails).toHaveLength(1)
  })

  it('names who of several did not get the mail that the others got', async () => {
    const office = await mailServer('accept', ['cu@example.vn'])
    const to = ['so@example.vn', 'cu@example.vn']
    const channels = [emailChannel({ url: office.url, from: 'monitor@example.vn', to })]
    const run = await deliverAlerts({ store, profile, clock, publicUrl: 'http://127.0.0.1:8080', channels })
    await office.stop()
    expect(run).toMatchObject({ confirmed: 1 })
    expect(office.mails).toHaveLength(1)
    expect(await delivery()).toMatchObject({ state: 'confirmed', error: 'Đã xác nhận (not taken for cu@example.vn).' })
  })

  it('waits untouched while its channel is not configured', async () => {
    const before = await store.alerts.deliveries({})
    const run = await deliverAlerts({ store, profile, clock, publicUrl: 'http://127.0.0.1:8080', channels: [] })
    expect(run).toEqual({ confirmed: 0, waiting: 0, failed: 0, unknown: 0 })
    expect(await store.alerts.deliveries({})).toEqual(before)
    expect(await deliver()).toMatchObject({ confirmed: 1 })
  })

  it('fails and says so where its rule is no more, and is not tried again', async () => {
    const without = { ...profile, alerts: [] }
    const channels = [emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })]
    const options = { store, clock, publicUrl: 'http://127.0.0.1:8080', channels }
    expect(await deliverAlerts({ ...options, profile: without })).toMatchObject({ failed: 1 })
    expect(await delivery()).toMatchObject({ state: 'failed', attempts: 0, error: expect.stringContaining('[gone]') })
    clock.advance(24 * 60 * MINUTE)
    expect(await deliver()).toMatchObject({ failed: 0, confirmed: 0 })
    expect(server.mails).toEqual([])
  })

  it('what the server refuses for good is failed, with its words, and left alone', async () => {
    server.set('refuse')
    expect(await deliver()).toMatchObject({ failed: 1 })
    clock.advance(24 * 60 * MINUTE)
    expect(await deliver()).toEqual({ confirmed: 0, waiting: 0, failed: 0, unknown: 0 })
    const failed = await delivery()
    expect(failed).toMatchObject({ state: 'failed', attempts: 1 })
    expect(failed?.error).toMatch(/550.*\[rejected\]$/)
  })

  it('when the connection breaks before the answer, the outcome is unknown; it is sent once more and then never again', async () => {
    server.set('lost')
    expect(await deliver()).toMatchObject({ unknown: 1 })
    expect(await delivery()).toMatchObject({ state: 'unknown', attempts: 1 })
    expect(await deliver()).toMatchObject({ unknown: 1 })
    clock.advance(24 * 60 * MINUTE)
    expect(await deliver()).toEqual({ confirmed: 0, waiting: 0, failed: 0, unknown: 0 })
    expect(await delivery()).toMatchObject({ state: 'unknown', attempts: 2 })
    expect(new Set(server.mails.map(({ id }) => id)).size).toBe(1)
    expect(server.mails).toHaveLength(2)
  })

  it('an unknown outcome that is confirmed on re-sending says that it was sent again', async () => {
    server.set('lost')
    await deliver()
    server.set('accept')
    expect(await deliver()).toMatchObject({ confirmed: 1 })
    const [first, second] = server.mails
    expect(second?.id).toBe(first?.id)
    expect(first?.text).not.toContain('gửi lại một lần')
    expect(second?.text).toContain('gửi lại một lần')
    const confirmed = await delivery()
    expect(confirmed).toMatchObject({ state: 'confirmed', attempts: 2 })
    expect(confirmed?.error).toContain('gửi lại một lần')
  })

  it('a clear failure while re-sending keeps the one chance', async () => {
    server.set('lost')
    await deliver()
    server.set('refuse-for-now')
    expect(await deliver()).toMatchObject({ waiting: 1 })
    expect(await delivery()).toMatchObject({ state: 'unknown' })
    server.set('accept')
    clock.advance(10 * MINUTE)
    expect(await deliver()).toMatchObject({ confirmed: 1 })
    expect(server.mails).toHaveLength(2)
  })

  it('both channels are told which article is a column of several events', async () => {
    const hook = await webhookServer(204)
    const title = 'Điểm tin sáng: Lũ quét ở Lào Cai | Giá vàng tăng'
    await fillStore(store, [{ ...flood, story: 'diem-tin', title, outlets: ['bnews'] }])
    const both = profile.alerts.map((rule) => ({ ...rule, channels: ['email' as const, 'webhook' as const] }))
    await evaluate([{ name: 'email' }, { name: 'webhook' }], { ...profile, alerts: both })
    const channels = [
      emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] }),
      webhookChannel({ url: hook.url, secret: null }),
    ]
    await deliverAlerts({ store, profile, clock, publicUrl: 'http://127.0.0.1:8080/', channels })
    await hook.stop()
    expect(JSON.parse(hook.posts[0]?.body ?? '').article).toMatchObject({ title, roundUp: true })
    expect(server.mails.find(({ subject }) => subject.includes('Điểm tin'))?.text).toContain('Bài tổng hợp nhiều')
  })

  it('mail and webhook stand apart: one may fail while the other is confirmed', async () => {
    const hook = await webhookServer(204)
    const alert = (await store.alerts.list(1))[0]
    const id = `alert-${alert?.id}-webhook@lao-cai.press-monitor`
    await store.alerts.intend(alert?.id ?? '', 'webhook', id, '2025-10-01T03:00:00.000Z')
    server.set('refuse')
    const channels = [
      emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] }),
      webhookChannel({ url: hook.url, secret: null }),
    ]
    const run = await deliverAlerts({ store, profile, clock, publicUrl: 'http://127.0.0.1:8080/', channels })
    await hook.stop()
    expect(run).toMatchObject({ confirmed: 1, failed: 1 })
    expect(hook.posts.map(({ headers }) => headers['idempotency-key'])).toEqual([id])
    expect(JSON.parse(hook.posts[0]?.body ?? '')).toMatchObject({
      link: `http://127.0.0.1:8080/articles/${alert?.articleId}`,
      article: { outlet: 'VnExpress', title: flood.title, version: 1, roundUp: false },
    })
  })
})
