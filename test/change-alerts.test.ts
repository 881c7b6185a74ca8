import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emailChannel } from '../alerts/channels/email.ts'
import { deliverAlerts } from '../alerts/deliver.ts'
import { evaluateAlerts } from '../alerts/evaluate.ts'
import { articleOf } from '../alerts/rules.ts'
import { type SimulatedClock, simulatedClock } from '../clock.ts'
import type { Assessment, Extracted } from '../model.ts'
import type { AlertRule, Profile } from '../profiles/schema.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { mailServer } from './helpers/receivers.ts'
import { sampleProfile } from './helpers/report-profile.ts'

const HOUR = 3_600_000
const URL_OF = 'https://vnexpress.net/lu-quet-1.html'

const rule = (id: string, when: AlertRule['when']): AlertRule => ({
  ...{ id, label: { vi: id, en: id }, when },
  ...{ department: 'vhttdl', channels: ['email'], maxAgeHours: 72 },
})

let folder: string
let clock: SimulatedClock
let store: Store
let profile: Profile

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'change-alerts-'))
  clock = simulatedClock(new Date('2025-10-01T02:00:00.000Z'))
  store = await openStore({ file: join(folder, 'store.sqlite'), clock })
  const alerts = [
    rule('edited', { change: 'edited', relevance: 'mention' }),
    rule('removed', { change: 'removed', relevance: 'mention' }),
  ]
  profile = { ...(await sampleProfile()), alerts }
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const now = (): string => clock.now().toISOString()
const key = { step: 'assess', stepVersion: 1, profileDigest: 'p', modelDigest: 'lexicon' }
let pages = 0

/** A sample article, written by us; saved again with another text it is a version. */
async function save(text: string, judged: { level?: 'main' | 'mention'; sensitive?: boolean } = {}): Promise<string> {
  pages += 1
  const pageId = `page-${pages}`
  const extracted: Extracted = {
    ...{ url: URL_OF, title: 'Lũ quét ở Bát Xát', lead: null, text, byline: null, section: null },
    ...{ published: null, modified: null, language: 'vi', canonical: null, image: null, imageCaption: null },
    ...{ completeness: 'full', by: { text: 'rule' }, doubts: [] },
  }
  const assessment: Assessment = {
    relevance: { level: judged.level ?? 'main', score: 0.9, places: [] },
    ...{ topics: [], tone: 'negative', sensitive: judged.sensitive ?? false, evidence: [] },
  }
  return store.transaction(async (inside) => {
    await inside.pages.add({
      ...{ id: pageId, url: URL_OF, finalUrl: URL_OF, outletId: 'vnexpress', fetchedAt: now(), status: 200 },
      ...{ headers: {}, digest: `sha256:${pages}`, bytes: 1, warc: null },
    })
    const { article, outcome } = await inside.articles.save({
      ...{ outletId: 'vnexpress', url: URL_OF, aliases: [], pageId, extracted, language: 'vi' },
      ...{ published: '2025-10-01T01:00:00.000Z', publishedBy: 'time', seenAt: now() },
    })
    if (outcome !== 'same') await inside.assessments.put(article.id, article.version, key, assessment, now())
    if (outcome === 'new') {
      const decision = {
        articleId: article.id,
        storyId: 'flood',
        opened: true,
        copyOf: null,
        similarity: 1,
        anchors: [],
      }
      await inside.stories.assign(decision, article.title, now())
    }
    return article.id
  })
}

const evaluate = () => evaluateAlerts({ store, profile, now: clock.now(), channels: [{ name: 'email' }] })
const goneAt = async (articleId: string): Promise<void> => {
  const gone = { reason: 'says-gone', evidence: 'Bài viết đã bị gỡ' } as const
  await store.visits.record({ articleId, at: now(), pageId: null, outcome: 'suspected', gone })
  clock.advance(HOUR)
  await store.visits.record({ articleId, at: now(), pageId: null, outcome: 'gone', gone })
}
const told = async () => (await store.alerts.list(20)).map(({ ruleId, change }) => ({ ruleId, change }))

describe('a rule about edits', () => {
  it('is raised once per version, however often the changes are read', async () => {
    await save('Có 3 người bị thương.')
    expect(await evaluate()).toMatchObject({ alerts: 0 })
    clock.advance(HOUR)
    await save('Có 4 người bị thương.')
    expect(await evaluate()).toMatchObject({ alerts: 1 })
    await store.changes.setPosition('alerts', 0)
    expect(await evaluate()).toMatchObject({ alerts: 0 })
    clock.advance(HOUR)
    await save('Có 5 người bị thương.')
    expect(await evaluate()).toMatchObject({ alerts: 1 })
    expect(await told()).toEqual([
      { ruleId: 'edited', change: { kind: 'edited', version: 3 } },
      { ruleId: 'edited', change: { kind: 'edited', version: 2 } },
    ])
  })

  it('tells every version that was made while nothing was evaluated', async () => {
    await save('Có 3 người bị thương.')
    for (const count of [4, 5]) {
      clock.advance(HOUR)
      await save(`Có ${count} người bị thương.`)
    }
    expect(await evaluate()).toMatchObject({ alerts: 2 })
    // Each tells its own version, though both were raised at one time.
    for (const alert of await store.alerts.list(2)) {
      const version = alert.change?.kind === 'edited' ? alert.change.version : null
      expect((await articleOf(store, alert))?.version).toBe(version)
    }
  })

  it('concerns articles chiefly about the province, and sensitive ones', async () => {
    await save('Có 3 người bị thương.', { level: 'mention' })
    await save('Có 4 người bị thương.', { level: 'mention' })
    expect(await evaluate()).toMatchObject({ alerts: 0 })
    await save('Có 5 người bị thương.', { level: 'mention', sensitive: true })
    expect((await evaluate()).alerts).toBe(2)
  })

  it('raises nothing for what happened long ago', async () => {
    await save('Có 3 người bị thương.')
    await save('Có 4 người bị thương.')
    clock.advance(73 * HOUR)
    expect(await evaluate()).toMatchObject({ alerts: 0, tooOld: 1 })
  })

  it('stands beside the rule that told of the article itself', async () => {
    profile = { ...profile, alerts: [...profile.alerts, rule('published', { relevance: 'main' })] }
    await save('Có 3 người bị thương.')
    expect(await evaluate()).toMatchObject({ alerts: 1 })
    await save('Có 4 người bị thương.')
    expect(await evaluate()).toMatchObject({ alerts: 1 })
    expect((await told()).map(({ ruleId }) => ruleId).sort()).toEqual(['edited', 'published'])
  })
})

describe('a rule about take-downs', () => {
  it('is raised when the second look finds it gone, and anew when it came back and goes again', async () => {
    const id = await save('Có 3 người bị thương.')
    await evaluate()
    const first = new Date(clock.now().getTime() + HOUR).toISOString()
    await goneAt(id)
    expect(await evaluate()).toMatchObject({ alerts: 1 })
    clock.advance(HOUR)
    await store.visits.record({ articleId: id, at: now(), pageId: null, outcome: 'back' })
    expect(await evaluate()).toMatchObject({ changes: 1, alerts: 0 })
    clock.advance(HOUR)
    await goneAt(id)
    expect(await evaluate()).toMatchObject({ alerts: 1 })
    expect((await told()).at(-1)).toEqual({ ruleId: 'removed', change: { kind: 'removed', goneAt: first } })
  })

  it('is not raised by a first look', async () => {
    const id = await save('Có 3 người bị thương.')
    const gone = { reason: 'not-found', evidence: 'HTTP 404' } as const
    await store.visits.record({ articleId: id, at: now(), pageId: null, outcome: 'suspected', gone })
    expect(await evaluate()).toMatchObject({ alerts: 0 })
  })
})

/** The texts of the mails about what happened until now. */
async function mailed(): Promise<readonly string[]> {
  await evaluate()
  const server = await mailServer('accept')
  const channels = [emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })]
  await deliverAlerts({ store, profile, channels, clock, publicUrl: 'http://127.0.0.1' })
  await server.stop()
  return server.mails.map(({ text }) => text)
}

describe('the mail', () => {
  it('shows the words that changed, or why the page is taken for gone, once each', async () => {
    const id = await save(`${'Mưa lớn kéo dài nhiều giờ. '.repeat(40)}Có 3 người bị thương.`)
    clock.advance(HOUR)
    await save(`${'Mưa lớn kéo dài nhiều giờ. '.repeat(40)}Có 4 người bị thương nặng.`)
    await goneAt(id)
    expect(await evaluate()).toMatchObject({ alerts: 2 })
    const server = await mailServer('accept')
    const channels = [emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })]
    const deliver = () => deliverAlerts({ store, profile, channels, clock, publicUrl: 'http://127.0.0.1' })
    expect(await deliver()).toMatchObject({ confirmed: 2 })
    await evaluate()
    expect(await deliver()).toMatchObject({ confirmed: 0 })
    await server.stop()
    expect(server.mails.map(({ subject }) => subject).sort()).toEqual([
      '[Theo dõi báo chí Lào Cai] Bài không còn trên trang của báo: Lũ quét ở Bát Xát',
      '[Theo dõi báo chí Lào Cai] Báo sửa bài: Lũ quét ở Bát Xát',
    ])
    const [edited = '', removed = ''] = server.mails
      .map(({ text }) => text)
      .sort((a, b) => b.indexOf('sửa bài') - a.indexOf('sửa bài'))
    expect(edited).toContain('Báo đã sửa bài (phiên bản 2, thấy lúc 10:00 01/10/2025):')
    expect(edited).toContain('Có [-3-][+4+] người bị thương[+ nặng+].')
    expect(edited.length).toBeLessThan(2500)
    expect(removed).toContain('Trang không còn trên trang của báo từ 11:00 01/10/2025: trang ghi “Bài viết đã bị gỡ”.')
    for (const text of [edited, removed]) expect(text).toContain('Mỗi lần bài được sửa hoặc gỡ chỉ báo một lần')
  })

  it('compares each version with the one before, and shows no field that stayed as it was', async () => {
    for (const count of [3, 4, 5]) {
      await save(`Có ${count} người bị thương.`)
      clock.advance(HOUR)
    }
    const texts = await mailed()
    expect(texts.map((text) => /Nội dung: (.*)/.exec(text)?.[1]).sort()).toEqual([
      'Có [-3-][+4+] người bị thương.',
      'Có [-4-][+5+] người bị thương.',
    ])
    // The title of the article itself, and no second line of that name.
    for (const text of texts) expect(text.match(/^Tiêu đề: /gm)).toHaveLength(1)
  })

  it('gives each take-down its own reason', async () => {
    const id = await save('Có 3 người bị thương.')
    await goneAt(id)
    await store.visits.record({ articleId: id, at: now(), pageId: null, outcome: 'back' })
    await evaluate()
    clock.advance(HOUR)
    const gone = { reason: 'not-found', evidence: 'HTTP 404' } as const
    await store.visits.record({ articleId: id, at: now(), pageId: null, outcome: 'suspected', gone })
    clock.advance(HOUR)
    await store.visits.record({ articleId: id, at: now(), pageId: null, outcome: 'gone', gone })
    const texts = await mailed()
    expect(texts).toHaveLength(1)
    expect(texts[0]).toContain('trang báo không tìm thấy bài (404)')
    expect(texts[0]).not.toContain('Bài viết đã bị gỡ')
  })

  it('is not sent of what nothing more is known, and that is said', async () => {
    const articleId = await save('Có 3 người bị thương.')
    const change = { kind: 'removed', goneAt: now() } as const
    const alert = await store.alerts.create({
      ruleId: 'removed',
      storyId: 'flood',
      articleId,
      change,
      createdAt: now(),
    })
    await store.alerts.intend(alert?.id ?? '', 'email', 'alert-1', now())
    expect(await mailed()).toEqual([])
    expect((await store.alerts.deliveries({})).map(({ state, error }) => [state, error?.slice(-6)])).toEqual([
      ['failed', '[gone]'],
    ])
  })
})
