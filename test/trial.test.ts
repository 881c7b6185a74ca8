import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { createJudging } from '../crawlers/judging.ts'
import { tryAssessor } from '../crawlers/trial.ts'
import { createAssessor } from '../pipeline/assess.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { draftSample } from './support/store-samples.ts'

const root = join(import.meta.dirname, '..')
const NOW = new Date('2025-10-03T02:00:00.000Z')
let folder = ''
let store: Store
let profile: Profile
const clock = simulatedClock(NOW)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trial-'))
  store = await openStore({ file: join(folder, 'monitor.sqlite'), clock })
  profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
  for (let n = 0; n < 30; n++) {
    const url = `https://vnexpress.example/bai-${n}`
    const seenAt = n === 0 ? '2025-08-01T00:00:00.000Z' : '2025-10-01T00:00:00.000Z'
    const title = n % 2 === 0 ? `Bài mẫu ${n}: ruộng bậc thang Lào Cai` : `Bài mẫu ${n}: chợ phiên Lào Cai`
    const text = 'Người dân Lào Cai gieo mạ trên ruộng bậc thang.'
    const draft = draftSample(
      { url, outletId: 'vnexpress', seenAt, published: seenAt },
      { url, title, lead: null, text },
    )
    await store.articles.save(draft)
  }
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

/** The profile with `chợ phiên` as a decisive word of sport. */
const candidate = (): Profile => ({
  ...profile,
  digest: 'sha256:candidate',
  topics: profile.topics.map((topic) =>
    topic.id === 'sport'
      ? { ...topic, terms: { ...topic.terms, vi: ['chợ phiên', ...(topic.terms.vi ?? [])] } }
      : topic,
  ),
})

describe('trying other rules on the last days', () => {
  it('gives each article that would change with the words, and leaves older ones out', async () => {
    const current = createAssessor({ profile })
    const options = { store, current, days: 30, now: NOW }
    const { articles, changes } = await tryAssessor({ ...options, candidate: createAssessor({ profile: candidate() }) })
    expect(articles).toBe(29)
    expect(changes).toHaveLength(15)
    for (const { title, difference, causes } of changes) {
      expect(title).toContain('chợ phiên')
      expect(difference.topicsAdded).toEqual(['sport'])
      expect(causes).toContainEqual({ of: 'topic:sport', before: [], after: ['chợ phiên'] })
    }
    expect((await tryAssessor({ ...options, candidate: current })).changes).toEqual([])
    expect(await store.assessments.ofMachine(changes[0]?.id ?? '')).toBeNull()
  })

  it('lets others have their turn between two articles, says how far it is, and can be stopped', async () => {
    const assessor = createAssessor({ profile })
    const abort = new AbortController()
    let turns = 0
    let going = true
    const count = (): void => {
      turns++
      if (going) setImmediate(count)
    }
    setImmediate(count)
    const seen: number[] = []
    const result = await tryAssessor({
      ...{ store, current: assessor, candidate: assessor, days: 30, now: NOW, signal: abort.signal },
      onProgress: ({ done, total }) => {
        expect(total).toBe(29)
        seen.push(done)
        if (done === 10) abort.abort()
      },
    })
    going = false
    expect(result).toMatchObject({ articles: 10, cancelled: true })
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(turns).toBeGreaterThanOrEqual(10)
  })
})

describe('judging again beside the other work', () => {
  it('stores every judgement under the key of the rules that made it, until none is old', async () => {
    const log = { info: () => undefined, warn: () => undefined }
    const location = { folder: join(root, 'profiles/lao-cai'), overlay: null }
    const assessorFor = async (one: Profile) => createAssessor({ profile: one })
    const assessor = await assessorFor(profile)
    const judging = await createJudging({ location, profile, assessor, assessorFor, store, clock, log })
    expect(await judging.rejudge(AbortSignal.abort())).toBe(0)
    expect(await judging.rejudge()).toBe(30)
    expect(await judging.rejudge()).toBe(0)
    expect(await store.articles.unassessed(judging.assessor.key, 50)).toEqual([])
  })
})
