import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Monitor } from '../app/monitor.ts'
import { openMonitor } from '../app.ts'
import { systemClock } from '../clock.ts'
import { parseConfig } from '../config.ts'
import { overlayFolder, writeCopy } from '../profiles/overlay.ts'
import { profileLocation } from '../profiles/read.ts'
import { entryOf, spliceEntry } from '../profiles/splice.ts'
import { openStore } from '../store/open.ts'
import { createProfileDesk } from '../web/profile-desk.ts'
import { draftSample } from './support/store-samples.ts'

let folder = ''
let monitor: Monitor
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-live-'))
  monitor = await openMonitor(parseConfig({ MONITOR_DATA: folder, MONITOR_LOG_LEVEL: 'silent' }))
})
afterAll(async () => {
  await monitor.close()
  await rm(folder, { recursive: true, force: true })
})

const overlay = () => overlayFolder(folder, 'lao-cai')
const sport = { list: 'topics', id: 'sport' }

describe('rules edited under a running monitor', () => {
  it('hold at its next look, and what was judged before is judged again', async () => {
    const { store, profile, assessor } = monitor
    const { article } = await store.articles.save(draftSample())
    const rejudge = monitor.jobs.find(({ name }) => name === 'rejudge')
    const run = () => rejudge?.run(new Date(), new AbortController().signal)
    expect(await run()).toEqual({ articles: 1 })
    expect(await run()).toEqual({ articles: 0 })
    const before = profile.digest

    // As another process or a text editor would.
    const text = await readFile(join(profileLocation(monitor.config).folder, 'topics.yaml'), 'utf8')
    await writeCopy(overlay(), 'topics', spliceEntry(text, sport, { ...entryOf(text, sport), threshold: 9 }))
    expect(await run()).toEqual({ articles: 1 })
    expect(profile.digest).not.toBe(before)
    expect(profile.topics.find(({ id }) => id === 'sport')?.threshold).toBe(9)
    expect(assessor.key.profileDigest).toBe(profile.digest)
    expect((await store.assessments.ofMachine(article.id))?.key.profileDigest).toBe(profile.digest)
  })

  it('are saved by one of two who save at once, from whatever process', async () => {
    const file = join(folder, 'monitor.sqlite')
    const stores = [await openStore({ file }), await openStore({ file })]
    const location = profileLocation(monitor.config)
    const editing = {
      ...{ location, assessor: () => monitor.assessor, assessorFor: async () => monitor.assessor },
      reload: async () => undefined,
    }
    const desks = stores.map((store) => createProfileDesk({ store, clock: systemClock, editing, profileId: 'lao-cai' }))
    const entry = entryOf(await readFile(join(overlay(), 'topics.yaml'), 'utf8'), sport)
    const drafts = await Promise.all(
      desks.map((desk, at) =>
        desk.edit({ name: 'topics', id: 'sport', value: { ...entry, threshold: 20 + at }, who: `p${at}` }),
      ),
    )
    const outcomes = await Promise.all(
      desks.map(async (desk, at) => {
        const draft = drafts[at]
        return draft && (await desk.save(draft, { who: `p${at}`, note: null })).kind
      }),
    )
    expect(outcomes.toSorted()).toEqual(['conflict', 'saved'])
    const winner = outcomes.indexOf('saved')
    const now = entryOf(await readFile(join(overlay(), 'topics.yaml'), 'utf8'), sport)
    expect(now?.threshold).toBe(20 + winner)
    const [last] = await monitor.store.profileEdits.revisions('lao-cai', { file: 'topics', limit: 1 })
    expect(last).toMatchObject({ who: `p${winner}`, kind: 'edit' })
    expect(await monitor.store.profileEdits.drafts('lao-cai')).toHaveLength(1)
    for (const store of stores) await store.close()
  })
})
