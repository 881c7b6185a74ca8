import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../store/open.ts'
import type { FrontierEntry, SourceState, Store } from '../store/store.ts'
import { draftSample } from './support/store-samples.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-work-'))
  store = await openStore({ file: join(folder, 'monitor.db') })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (minutes: number) => new Date(Date.UTC(2025, 9, 1) + minutes * 60_000).toISOString()

describe('sources', () => {
  it('keep their last state', async () => {
    const state: SourceState = {
      outletId: 'sample',
      url: 'https://sample.test/rss',
      status: 'ok',
      etag: '"1"',
      lastModified: null,
      bodyDigest: 'sha256:1',
      lastPolledAt: at(0),
      nextPollAt: at(10),
      lastSuccessAt: at(0),
      lastNewItemAt: at(0),
      failures: 0,
      failureWeight: 0,
      rhythm: { items: [0.5, 2], hours: [1, 3.25], at: at(0), turnoverMs: 600_000, hintMs: null },
      intervalMs: 60_000,
      lastErrorCode: null,
      lastError: null,
    }
    expect(await store.sources.get('sample', state.url)).toBeNull()
    await store.sources.save(state)
    const failing = {
      ...state,
      status: 'failing',
      failures: 2,
      failureWeight: 0.75,
      rhythm: null,
      lastErrorCode: 'fetch.timeout',
      lastError: 'x',
    } as const
    await store.sources.save(failing)
    await store.sources.save({ ...state, outletId: 'another' })
    expect(await store.sources.get('sample', state.url)).toEqual(failing)
    expect((await store.sources.all()).map(({ outletId }) => outletId)).toEqual(['another', 'sample'])
  })
})

describe('the frontier', () => {
  const entry = (url: string, fields: Partial<FrontierEntry> = {}): FrontierEntry => ({
    url,
    outletId: 'sample',
    host: 'sample.test',
    priority: 1,
    discoveredAt: at(0),
    notBefore: at(0),
    attempts: 0,
    item: { url, title: 'Tin', summary: null, published: at(0), guid: null },
    ...fields,
  })
  const claim = async (minutes: number, limit = 10) =>
    (await store.frontier.claim(at(minutes), limit)).map(({ url }) => url)
  const problem = { code: 'fetch.timeout', message: 'quá lâu' }

  it('takes each URL once, in whatever state it is', async () => {
    expect(await store.frontier.add([entry('a'), entry('b'), entry('a')])).toEqual(['a', 'b'])
    await claim(1, 1)
    await store.frontier.done('a', at(1))
    expect(await store.frontier.add([entry('a'), entry('c')])).toEqual(['c'])
    expect(await store.frontier.add([])).toEqual([])
    expect(await store.frontier.counts()).toEqual({ waiting: 2, claimed: 0, done: 1, failed: 0 })
  })

  it('gives what is due, the best first, and gives it once', async () => {
    await store.frontier.add([
      entry('late', { notBefore: at(60) }),
      entry('low', { priority: 5 }),
      entry('second', { notBefore: at(2) }),
      entry('first'),
    ])
    const [first] = await store.frontier.claim(at(5), 1)
    expect(first).toEqual(entry('first'))
    expect(await claim(5)).toEqual(['second', 'low'])
    expect(await claim(5)).toEqual([])
    expect(await claim(60)).toEqual(['late'])
  })

  it('gives nothing twice to two processes', async () => {
    const other = await openStore({ file: join(folder, 'monitor.db') })
    await store.frontier.add(Array.from({ length: 200 }, (_, i) => entry(`u${i}`)))
    const both = await Promise.all([store, other, store, other].map(({ frontier }) => frontier.claim(at(1), 40)))
    expect(new Set(both.flat().map(({ url }) => url)).size).toBe(160)
    await other.close()
  })

  it('retries later, gives up with the reason, and gives back what a dead process held', async () => {
    await store.frontier.add([entry('a'), entry('b'), entry('c')])
    await claim(1)
    await store.frontier.retry('a', at(30), problem, at(2))
    await store.frontier.fail('b', problem, at(3))
    expect(await claim(10)).toEqual([])
    expect(await store.frontier.releaseClaims()).toBe(1)
    expect(await claim(10)).toEqual(['c'])
    expect(await store.frontier.problems(at(3))).toEqual([{ url: 'b', outletId: 'sample', ...problem, at: at(3) }])
    expect(await store.frontier.problems(at(0))).toHaveLength(2)
    expect(await store.frontier.claim(at(30), 5)).toEqual([entry('a', { notBefore: at(30), attempts: 1 })])
    await store.frontier.done('a', at(31))
    expect(await store.frontier.problems(at(0)), 'what was read at last is no problem').toHaveLength(1)
    expect(await store.frontier.counts()).toEqual({ waiting: 0, claimed: 1, done: 1, failed: 1 })
  })
})

async function savedArticle(name: string): Promise<string> {
  return (await store.articles.save(draftSample({ url: `https://sample.test/${name}` }))).article.id
}
const decision = (articleId: string, storyId: string, opened: boolean) => ({
  articleId,
  storyId,
  opened,
  copyOf: null,
  similarity: 0.8,
  anchors: ['Lào Cai'],
})

describe('stories', () => {
  it('grow, keep the title of the first article and say when they were seen', async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(savedArticle))
    await store.stories.assign(decision(a ?? '', 's1', true), 'Cầu mới', at(10))
    await store.stories.assign({ ...decision(b ?? '', 's1', false), copyOf: a ?? '' }, 'Khác', at(30))
    await store.stories.assign(decision(c ?? '', 's2', true), 'Lễ hội', at(20))
    expect(await store.stories.get('s1')).toEqual({
      id: 's1',
      title: 'Cầu mới',
      firstSeen: at(10),
      lastSeen: at(30),
      articles: 2,
      renamed: false,
      locked: false,
      closedAt: null,
      mergedInto: null,
    })
    expect(await store.stories.get('none')).toBeNull()
    const list = async (from: number, to: number) =>
      (await store.stories.list({ seenFrom: at(from), seenTo: at(to), limit: 5 })).map(({ id }) => id)
    expect(await list(0, 60)).toEqual(['s1', 's2'])
    expect(await list(25, 60)).toEqual(['s1'])
    expect(await list(0, 15)).toEqual(['s1'])
    expect(await store.articles.get(b ?? '')).toMatchObject({ storyId: 's1', copyOf: a })
    const window = await store.stories.window('2025-10-01T00:00:00.000Z', '2025-10-02T00:00:00.000Z')
    expect(window).toHaveLength(3)
    expect(window.find(({ article }) => article.id === b)).toMatchObject({ storyId: 's1', copyOf: a })
    expect(await store.stories.window('2025-10-02T00:00:00.000Z', '2025-10-03T00:00:00.000Z')).toEqual([])
  })
})

describe('alerts', () => {
  it('fire once per rule and story, and record intent, attempts and outcome once per channel', async () => {
    const articleId = await savedArticle('a')
    await store.stories.assign(decision(articleId, 's1', true), 'Tin', at(0))
    const alert = { ruleId: 'r', storyId: 's1', articleId, change: null, createdAt: at(1) }
    const created = await store.alerts.create(alert)
    expect(created).toMatchObject(alert)
    expect(await store.alerts.create({ ...alert, createdAt: at(2) })).toBeNull()
    expect(await store.alerts.create({ ...alert, ruleId: 'r2' })).not.toBeNull()
    const id = created?.id ?? ''
    expect(await store.alerts.get(id)).toEqual(created)
    expect(await store.alerts.list(10)).toHaveLength(2)

    const intended = await store.alerts.intend(id, 'email', '<1@monitor>', at(3))
    expect(intended).toEqual({
      id: intended.id,
      alertId: id,
      channel: 'email',
      messageId: '<1@monitor>',
      state: 'intended',
      attempts: 0,
      intendedAt: at(3),
      outcomeAt: null,
      error: null,
    })
    expect(await store.alerts.intend(id, 'email', '<2@monitor>', at(4))).toEqual(intended)
    await store.alerts.attempt(intended.id, at(5))
    const state = async () => (await store.alerts.deliveries({ alertId: id }))[0]
    expect(await state()).toMatchObject({ state: 'intended', attempts: 1, intendedAt: at(3) })
    await store.alerts.outcome(intended.id, 'failed', 'từ chối', at(6))
    expect(await state()).toMatchObject({ state: 'failed', error: 'từ chối', outcomeAt: at(6) })
    await store.alerts.attempt(intended.id, at(7))
    expect(await state(), 'a crash now leaves it attempted, without outcome').toMatchObject({
      state: 'intended',
      attempts: 2,
      outcomeAt: null,
    })
    await store.alerts.outcome(intended.id, 'confirmed', null, at(8))
    await expect(store.alerts.attempt(intended.id, at(9))).rejects.toThrow()
    await store.alerts.intend(id, 'webhook', '<3@monitor>', at(9))
    expect(await store.alerts.deliveries({ states: ['confirmed'] })).toHaveLength(1)
    expect(await store.alerts.deliveries({})).toHaveLength(2)
    expect(await store.alerts.deliveries({ alertId: 'another' })).toEqual([])
  })

  it('fire once per article too, whichever story it stands in by then', async () => {
    const [a, b] = [await savedArticle('a'), await savedArticle('b')]
    await store.stories.assign(decision(a, 's1', true), 'Tin', at(0))
    await store.stories.assign(decision(b, 's2', true), 'Tin khác', at(0))
    const alert = { ruleId: 'r', storyId: 's1', articleId: a, change: null, createdAt: at(1) }
    expect(await store.alerts.create(alert)).not.toBeNull()
    expect(await store.alerts.create({ ...alert, storyId: 's2' })).toBeNull()
    expect(await store.alerts.create({ ...alert, storyId: 's2', articleId: b })).not.toBeNull()
  })
})

describe('runs', () => {
  const lease = 10 * 60_000
  it('are one at a time and once per period', async () => {
    const first = await store.runs.begin('crawl', '1', at(0), lease)
    expect(first).toMatchObject({ job: 'crawl', periodKey: '1', outcome: 'running', startedAt: at(0), result: null })
    expect(await store.runs.begin('crawl', '1', at(1), lease)).toBeNull()
    expect(await store.runs.begin('crawl', '2', at(1), lease)).toBeNull()
    expect(await store.runs.begin('digest', '1', at(1), lease)).not.toBeNull()
    await store.runs.finish(first?.id ?? 0, 'done', '{"pages":3}', at(5))
    expect(await store.runs.begin('crawl', '1', at(6), lease)).toBeNull()
    expect(await store.runs.lastDone('crawl')).toMatchObject({
      periodKey: '1',
      result: '{"pages":3}',
      finishedAt: at(5),
    })
    expect(await store.runs.lastDone('digest')).toBeNull()
    const second = await store.runs.begin('crawl', '2', at(6), lease)
    await store.runs.finish(second?.id ?? 0, 'failed', '{}', at(7))
    expect(await store.runs.begin('crawl', '2', at(8), lease), 'a failed period may be tried again').not.toBeNull()
  })

  it('share one record while nothing happens, and leave the others alone', async () => {
    const run = async (minute: number, end: 'idle' | 'busy' | 'failed') => {
      const { id } = (await store.runs.begin('crawl', String(minute), at(minute), lease)) ?? { id: 0 }
      if (end === 'idle') await store.runs.finishIdle(id, { polled: 2 }, at(minute))
      else await store.runs.finish(id, end === 'busy' ? 'done' : 'failed', '{"pages":1}', at(minute))
    }
    for (const minute of [0, 1, 2]) await run(minute, 'idle')
    await run(3, 'busy')
    await run(4, 'idle')
    await run(5, 'failed')
    await run(6, 'idle')
    await run(7, 'idle')
    const rows = (await store.runs.list(10)).map(({ periodKey, startedAt, finishedAt, result }) => [
      ...[periodKey, startedAt, finishedAt],
      result,
    ])
    expect(rows).toEqual([
      ['7', at(6), at(7), '{"idle":2,"polled":4}'],
      ['5', at(5), at(5), '{"pages":1}'],
      ['4', at(4), at(4), '{"idle":1,"polled":2}'],
      ['3', at(3), at(3), '{"pages":1}'],
      ['2', at(0), at(2), '{"idle":3,"polled":6}'],
    ])
    expect(await store.runs.begin('crawl', '7', at(8), lease), 'its period is done').toBeNull()
  })

  it('take over from a process whose lease ended, which then can finish nothing', async () => {
    const dead = await store.runs.begin('crawl', '1', at(0), lease)
    await store.runs.extend(dead?.id ?? 0, at(5), lease)
    expect(await store.runs.begin('crawl', '1', at(14), lease)).toBeNull()
    const next = await store.runs.begin('crawl', '1', at(15), lease)
    expect(next).not.toBeNull()
    await store.runs.finish(dead?.id ?? 0, 'done', '{}', at(16))
    await store.runs.finishIdle(dead?.id ?? 0, { polled: 2 }, at(16))
    const runs = await store.runs.list(5)
    expect(runs.map(({ id, outcome, finishedAt }) => [id, outcome, finishedAt])).toEqual([
      [next?.id, 'running', null],
      [dead?.id, 'failed', at(15)],
    ])
    const { error } = JSON.parse(runs[1]?.result ?? '{}')
    expect(error).toMatchObject({ code: 'run.lease-ended', remedy: expect.stringContaining('taken up again') })
  })
})

describe('reports', () => {
  it('are kept by id, the newest first', async () => {
    const record = {
      id: 'r1',
      reportId: 'weekly',
      periodLabel: '2025-W40',
      periodFrom: at(0),
      periodTo: at(10_080),
      composedAt: at(1),
      data: '{"a":1}',
      files: { docx: 'reports/a.docx' },
    }
    await store.reports.save(record)
    await store.reports.save({ ...record, id: 'r2', composedAt: at(2) })
    await store.reports.save({ ...record, files: { docx: 'b.docx', pdf: 'b.pdf' } })
    expect((await store.reports.list(5)).map(({ id }) => id)).toEqual(['r2', 'r1'])
    expect((await store.reports.get('r1'))?.files).toEqual({ docx: 'b.docx', pdf: 'b.pdf' })
    expect(await store.reports.get('none')).toBeNull()
  })
})

describe('users', () => {
  const create = (name: string) =>
    store.users.create({ name, displayName: `Chị ${name}`, passwordHash: 'scrypt$x', at: at(0) })

  it('have names that differ by more than case', async () => {
    const lan = await create('Lan')
    expect(lan).toEqual({
      id: lan.id,
      name: 'Lan',
      displayName: 'Chị Lan',
      createdAt: at(0),
      disabledAt: null,
      role: 'administrator',
    })
    // The first is the administrator, until another is made one.
    expect((await create('Hoa')).role).toBe('editor')
    await store.users.setRole(lan.id, 'editor')
    expect((await store.users.byName('Lan'))?.role).toBe('editor')
    await store.users.setRole(lan.id, 'administrator')
    await expect(create('lan')).rejects.toMatchObject({ code: 'user.exists' })
    expect(await store.users.byName('LAN')).toEqual({ ...lan, passwordHash: 'scrypt$x' })
    expect(await store.users.byName('mai')).toBeNull()
    expect(JSON.stringify(await store.users.list())).not.toContain('scrypt')
  })

  it('have sessions until they end, close, or the password changes', async () => {
    const { id } = await create('lan')
    const open = (tokenDigest: string) =>
      store.users.openSession({ tokenDigest, userId: id, at: at(0), expiresAt: at(60) })
    await open('d1')
    await open('d2')
    expect((await store.users.sessionUser('d1', at(59)))?.name).toBe('lan')
    expect(await store.users.sessionUser('d1', at(60))).toBeNull()
    expect(await store.users.sessionUser('none', at(1))).toBeNull()
    await store.users.closeSession('d1')
    expect(await store.users.sessionUser('d1', at(1))).toBeNull()
    await store.users.setPassword(id, 'scrypt$y')
    expect(await store.users.sessionUser('d2', at(1))).toBeNull()
    expect((await store.users.byName('lan'))?.passwordHash).toBe('scrypt$y')
  })

  it('leave a trace of what they do, the newest first', async () => {
    await store.users.log({ who: 'lan', action: 'login', subject: 'lan', detail: null, at: at(0) })
    const second = { who: 'lan', action: 'correct', subject: 'article 1', detail: 'tone', at: at(1) }
    await store.users.log(second)
    expect(await store.users.actions(1)).toEqual([second])
    expect(await store.users.actions(9)).toHaveLength(2)
  })
})
