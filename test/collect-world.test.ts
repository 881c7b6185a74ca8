import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectWorld, type WorldCollection, type WorldJudgement } from './press-world/collecting.ts'
import { generateWorld } from './press-world/generate.ts'

const HOUR = 3_600_000
/** One outlet of every recipe; those that need a browser stand in the tests of the browser. */
const generated = generateWorld({ seed: 11, outlets: 18, articles: 150, days: 0.5, scripts: false })

describe('a generated world', () => {
  it('is the same for the same seed, and another for another', () => {
    const again = generateWorld({ seed: 11, outlets: 18, articles: 150, days: 0.5, scripts: false })
    expect(again.articles).toEqual(generated.articles)
    const other = generateWorld({ seed: 12, outlets: 18, articles: 150, days: 0.5, scripts: false })
    expect(other.articles).not.toEqual(generated.articles)
  })

  it('holds as many articles as asked for, each marked a sample, with edits and take-downs', () => {
    expect(generated.articles).toHaveLength(150)
    expect(generated.articles.every(({ sample }) => sample)).toBe(true)
    const kinds = new Set(generated.articles.flatMap(({ changes = [] }) => changes.map(({ kind }) => kind)))
    expect(kinds).toEqual(new Set(['edit', 'gone']))
  })
})

describe('collecting a world in which every outlet is hard to follow in its own way', () => {
  let folder = ''
  let collection: WorldCollection
  let judged: WorldJudgement

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'collect-world-'))
    collection = await collectWorld(generated, folder)
    await collection.run(generated.end, 20)
    // Nothing new from here on; edits and take-downs are still to be met.
    await collection.run(new Date(generated.end.getTime() + 27 * HOUR), 60)
    judged = await collection.judge()
  }, 300_000)

  afterAll(async () => {
    await collection?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('finds every article and reads its text', () => {
    expect(judged.collectable).toBeGreaterThanOrEqual(140)
    expect(judged.missing).toEqual([])
    expect(judged.withoutText).toEqual([])
  })

  it('holds none twice, whatever sessions and twins its links name', () => {
    expect(judged.doubled).toEqual([])
  })

  it('tells every edit and take-down, and none that was none', () => {
    expect(judged.expectedEdits).toBeGreaterThan(0)
    expect(judged.expectedGone).toBeGreaterThan(0)
    expect(judged.missedEdits).toEqual([])
    expect(judged.missedGone).toEqual([])
    expect(judged.falseEdits).toEqual([])
    expect(judged.falseGone).toEqual([])
  })

  it('asks nothing that robots.txt forbids and keeps every host’s pause', () => {
    expect(judged.requests).toBeGreaterThan(500)
    expect(judged.breaches).toEqual([])
  })

  it('does not walk into the calendar', () => {
    expect(collection.world.requests.filter(({ path }) => path.startsWith('/lich/'))).toEqual([])
  })

  it('leaves endless pages, circles of redirects and addresses inside the network as announced', async () => {
    const problems = await collection.crawl.store.frontier.problems('2025-01-01T00:00:00.000Z')
    const codes = new Map(problems.map(({ url, code }) => [new URL(url).pathname, code]))
    expect(codes.get('/trang-khong-het-post9000001.html')).toBe('fetch.too-large')
    expect(codes.get('/vong-tron-post9000002.html')).toBe('fetch.redirects')
    expect(codes.get('/mang-noi-bo-post9000003.html')).toMatch(/^guard\./)
    expect(codes.get('/noi-bo/ban-thao-post9000004.html')).toBe('robots.disallowed')
  })
})
