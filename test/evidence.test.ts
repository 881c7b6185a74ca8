import { readdirSync } from 'node:fs'
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { iso } from '../clock.ts'
import type { CollectorOptions } from '../crawlers/collect.ts'
import { type EvidenceOptions, evidenceFile, takeEvidence, verifyEvidence } from '../crawlers/evidence.ts'
import { digestOf } from '../crawlers/http-client.ts'
import { RetryLater, Skip } from '../errors.ts'
import type { Assessment, Outlet } from '../model.ts'
import { crawlRoom, feedOutlet } from './crawl-room.ts'
import { type Answer, type Crawl, sampleFeed, samplePage, status, type TestServer, xml } from './crawling.ts'
import { CHROMIUM, NO_CHROMIUM } from './support/chromium.ts'
import { assessmentSample, keySample } from './support/store-samples.ts'

const { clock, folder, serve, crawl: open } = crawlRoom('evidence-')

/** Judges by the words of our samples. */
const judge = {
  key: keySample(),
  assess: async ({ title }: { readonly title: string }): Promise<Assessment> => {
    const sample = assessmentSample({ sensitive: title.includes('nhạy cảm') })
    const level = title.includes('không liên quan') ? 'none' : title.includes('nhắc đến') ? 'mention' : 'main'
    return { ...sample, relevance: { ...sample.relevance, level } }
  },
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const png: Answer = (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(PIXEL)
const css: Answer = (_, response) =>
  response.writeHead(200, { 'content-type': 'text/css' }).end('body { background: rgb(200, 0, 0) }')

/** A site whose feed names its pages: path → title. */
async function site(titles: Readonly<Record<string, string>>, more: Record<string, Answer | string> = {}) {
  const answers: Record<string, Answer | string> = {}
  const server = await serve(answers)
  const items = Object.entries(titles).map(([path, title]) => ({ url: `${server.origin}${path}`, title }))
  answers['/feed'] = xml(sampleFeed(items))
  for (const [path, title] of Object.entries(titles)) answers[path] = samplePage(title)
  Object.assign(answers, more)
  return { server, answers }
}
const chromium = CHROMIUM === null ? null : { path: CHROMIUM, sandbox: process.getuid?.() !== 0 }
async function crawl(outlet: Outlet, change: Partial<CollectorOptions> = {}) {
  const opened = await open([outlet], { browser: chromium, ...change }, judge)
  await opened.collector.poll()
  const pictures = join(folder(), 'evidence')
  const take = (more: Partial<EvidenceOptions> = {}) =>
    takeEvidence({
      ...{ store: opened.store, outlets: [outlet], picture: opened.collector.picture, clock, folder: pictures },
      ...{ contact: 'baochi@example.vn', minFreeBytes: 0, ...more },
    })
  return { ...opened, pictures, take }
}

const articleAt = async ({ store }: Pick<Crawl, 'store'>, server: TestServer, path: string) => {
  const found = await store.articles.byUrl(`${server.origin}${path}`)
  if (!found) throw new Error(`no article at ${path}`)
  return found
}
const SHOTS = { png: Buffer.from('một ảnh'), pdf: Buffer.from('một bản in'), finalUrl: 'http://bao.example/bai' }
const drawn: NonNullable<EvidenceOptions['picture']> = async (_, url) => ({
  ...{ ...SHOTS, finalUrl: url, at: clock.now() },
})

describe.skipIf(CHROMIUM === null)(`pictures in a real browser${CHROMIUM === null ? `: ${NO_CHROMIUM}` : ''}`, () => {
  it('are taken of sensitive, relevant articles once a version, and their digests are those of the files', async () => {
    const head = '<link rel="stylesheet" href="/style.css">'
    const title = 'Bài mẫu nhạy cảm: sạt lở ở Bát Xát'
    const body = `<img src="/anh.png" alt="">${'<p>Đoạn của bài mẫu về mưa lũ ở xã Bát Xát, tỉnh Lào Cai trong đêm qua.</p>'.repeat(80)}`
    const { server } = await site(
      { '/nhay-cam': title, '/thuong': 'Bài mẫu: chợ phiên', '/xa': 'Bài mẫu nhạy cảm nhưng không liên quan' },
      { '/nhay-cam': samplePage(title, { head, body }), '/style.css': css, '/anh.png': png },
    )
    const outlet = feedOutlet(server)
    const opened = await crawl(outlet)
    const before = server.seen.length
    expect(await opened.take()).toEqual({ taken: 1, failed: 0, givenUp: 0, problems: [], stopped: null })
    expect(new Set(server.pathsSeen().slice(before))).toEqual(new Set(['/nhay-cam', '/style.css', '/anh.png']))

    const { id } = await articleAt(opened, server, '/nhay-cam')
    const record = await opened.store.evidence.get(id, 1)
    expect(record).toMatchObject({ attempts: 1, nextAt: null, problem: null })
    expect(record?.taken).toMatchObject({ takenAt: iso(clock.now()), finalUrl: `${server.origin}/nhay-cam` })
    const picture = await readFile(join(opened.pictures, id, '1.png'))
    const print = await readFile(join(opened.pictures, id, '1.pdf'))
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    // The width of the window, and the whole height of a long page.
    expect(picture.readUInt32BE(16)).toBe(1280)
    expect(picture.readUInt32BE(20)).toBeGreaterThan(2000)
    expect(print.subarray(0, 5).toString()).toBe('%PDF-')
    expect(record?.taken?.png).toEqual({ digest: digestOf(picture), bytes: picture.length })
    expect(record?.taken?.pdf).toEqual({ digest: digestOf(print), bytes: print.length })

    const after = server.seen.length
    expect(await opened.take()).toMatchObject({ taken: 0 })
    expect(server.seen.length).toBe(after)
  })

  it('wait for the pause of the host', async () => {
    const times: number[] = []
    const noted: Answer = (_, response) => {
      times.push(clock.now().getTime())
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(samplePage('Bài mẫu nhạy cảm'))
    }
    const { server } = await site(
      { '/a': 'Bài mẫu nhạy cảm A', '/b': 'Bài mẫu nhạy cảm B' },
      { '/a': noted, '/b': noted },
    )
    const opened = await crawl(feedOutlet(server, { delaySeconds: 7 }), { impoliteHosts: [] })
    times.length = 0
    expect(await opened.take()).toMatchObject({ taken: 2 })
    expect(times).toHaveLength(2)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(7000)
  })

  it('are not taken where robots.txt forbids, and it is said why', async () => {
    const { server, answers } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const first = await crawl(feedOutlet(server))
    // The outlet closes its pages after the article was read; rules are asked for anew after a day.
    answers['/robots.txt'] = 'User-agent: *\nDisallow: /a'
    await clock.sleep(25 * 3_600_000)
    const pages = (): number => server.pathsSeen().filter((path) => path === '/a').length
    const before = pages()
    expect(await first.take()).toMatchObject({ taken: 0, givenUp: 1, problems: [{ code: 'robots.disallowed' }] })
    expect(pages()).toBe(before)
    const { id } = await articleAt(first, server, '/a')
    expect(await first.store.evidence.get(id, 1)).toMatchObject({
      nextAt: null,
      problem: { code: 'robots.disallowed' },
    })
  })

  it('are not taken of an error page: a gone page is given up, an overloaded host is asked later', async () => {
    const { server, answers } = await site({ '/a': 'Bài mẫu nhạy cảm A', '/b': 'Bài mẫu nhạy cảm B' })
    const opened = await crawl(feedOutlet(server))
    answers['/a'] = status(404)
    answers['/b'] = status(500)
    const result = await opened.take()
    expect(result).toMatchObject({ taken: 0, failed: 1, givenUp: 1 })
    expect(result.problems.map(({ code }) => code).sort()).toEqual(['fetch.server-error', 'page.gone'])
    answers['/b'] = samplePage('Bài mẫu nhạy cảm B')
    expect(await opened.take()).toMatchObject({ taken: 0, failed: 0 })
    await clock.sleep(31 * 60_000)
    expect(await opened.take()).toMatchObject({ taken: 1, failed: 0, givenUp: 0 })
  })
})

describe('what is pictured', () => {
  it('is sensitive in effect: a person may add an article or take it out', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm', '/b': 'Bài mẫu nhắc đến tỉnh' })
    const opened = await crawl(feedOutlet(server))
    const [a, b] = [await articleAt(opened, server, '/a'), await articleAt(opened, server, '/b')]
    const correct = (articleId: string, value: boolean) =>
      opened.store.assessments.correct({
        ...{ articleId, field: 'sensitive' as const, value, note: null, who: 'huong', at: iso(clock.now()) },
      })
    await correct(a.id, false)
    await correct(b.id, true)
    expect(await opened.take({ picture: drawn })).toMatchObject({ taken: 1 })
    expect(await opened.store.evidence.get(a.id, 1)).toBeNull()
    expect((await opened.store.evidence.get(b.id, 1))?.taken).not.toBeNull()
  })

  it('is a page that was read: nothing of which only the feed is known, nothing gone, nothing old', async () => {
    const { server, answers } = await site({
      '/a': 'Bài mẫu nhạy cảm',
      '/b': 'Bài mẫu nhạy cảm chỉ có trong nguồn tin',
    })
    answers['/b'] = status(403)
    const opened = await crawl(feedOutlet(server))
    const [a, b] = [await articleAt(opened, server, '/a'), await articleAt(opened, server, '/b')]
    expect(b.completeness).toBe('feed-only')
    const due = async (): Promise<string[]> => {
      const now = clock.now().getTime()
      const found = await opened.store.evidence.due(iso(new Date(now)), iso(new Date(now - 7 * 86_400_000)), 10)
      return found.map(({ article }) => article.id)
    }
    expect(await due()).toEqual([a.id])
    const look = { articleId: a.id, pageId: null, gone: { reason: 'gone', evidence: '410' } } as const
    await opened.store.visits.record({ ...look, at: iso(clock.now()), outcome: 'suspected' })
    await opened.store.visits.record({ ...look, at: iso(clock.now()), outcome: 'gone' })
    expect(await due()).toEqual([])
    await opened.store.visits.record({ articleId: a.id, pageId: null, at: iso(clock.now()), outcome: 'back' })
    expect(await due()).toEqual([a.id])
    await clock.sleep(8 * 86_400_000)
    expect(await due()).toEqual([])
  })

  it('is what the monitor reads by itself: not a text that a person brought, but a link that a person named', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm A', '/b': 'Bài mẫu nhạy cảm B' })
    const opened = await crawl(feedOutlet(server))
    const entry = { who: 'huong', at: iso(clock.now()), file: null, note: null }
    await opened.store.handEntries.add({ ...entry, kind: 'text', url: `${server.origin}/a` })
    await opened.store.handEntries.add({ ...entry, kind: 'link', url: `${server.origin}/b` })
    expect(await opened.take({ picture: drawn })).toMatchObject({ taken: 1 })
    const { id } = await articleAt(opened, server, '/b')
    expect((await opened.store.evidence.get(id, 1))?.taken).not.toBeNull()
  })

  it('is pictured again as a new version, beside the old one', async () => {
    const { server, answers } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const opened = await crawl(feedOutlet(server))
    const { id } = await articleAt(opened, server, '/a')
    await opened.take({ picture: drawn })
    answers['/a'] = samplePage('Bài mẫu nhạy cảm, đã sửa tiêu đề')
    await clock.sleep(2 * 3_600_000)
    await opened.collector.poll()
    expect((await articleAt(opened, server, '/a')).version).toBe(2)
    expect(await opened.take({ picture: drawn })).toMatchObject({ taken: 1 })
    expect((await opened.store.evidence.ofArticle(id)).map(({ version, taken }) => [version, taken !== null])).toEqual([
      [1, true],
      [2, true],
    ])
    expect(readdirSync(join(opened.pictures, id)).sort()).toEqual(['1.pdf', '1.png', '2.pdf', '2.png'])
  })

  it('is a few pages a run', async () => {
    const { server } = await site(Object.fromEntries([1, 2, 3].map((n) => [`/${n}`, `Bài mẫu nhạy cảm ${n}`])))
    const opened = await crawl(feedOutlet(server))
    expect(await opened.take({ picture: drawn, limit: 2 })).toMatchObject({ taken: 2 })
    expect(await opened.take({ picture: drawn, limit: 2 })).toMatchObject({ taken: 1 })
  })
})

describe('a picture that fails', () => {
  const later = async (): Promise<never> => {
    throw new RetryLater('the browser failed', { code: 'browser.failed', remedy: 'Nothing.' })
  }

  it('is tried three times, each on record, and then no more', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const opened = await crawl(feedOutlet(server))
    const { id } = await articleAt(opened, server, '/a')
    const runs = []
    for (let n = 0; n < 5; n++) {
      const { failed, givenUp } = await opened.take({ picture: later })
      runs.push([failed, givenUp])
      await clock.sleep(4 * 3_600_000)
    }
    expect(runs).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 0],
      [0, 0],
    ])
    expect(await opened.store.evidence.get(id, 1)).toMatchObject({
      ...{ attempts: 3, nextAt: null, taken: null, problem: { code: 'browser.failed', message: 'the browser failed' } },
    })
  })

  it('does not keep the next one from being taken, and is not tried again when it is refused', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm A', '/b': 'Bài mẫu nhạy cảm B' })
    const opened = await crawl(feedOutlet(server))
    const picture: typeof drawn = async (outlet, url) => {
      if (url.endsWith('/a')) throw new Skip('refused', { code: 'page.forbidden', remedy: 'Ask.' })
      return drawn(outlet, url)
    }
    expect(await opened.take({ picture })).toMatchObject({ taken: 1, givenUp: 1 })
    await clock.sleep(4 * 3_600_000)
    expect(await opened.take({ picture })).toMatchObject({ taken: 0, givenUp: 0 })
  })

  it('does not count when the monitor stops meanwhile', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const opened = await crawl(feedOutlet(server))
    const { id } = await articleAt(opened, server, '/a')
    const stop = new AbortController()
    const picture = async (): Promise<never> => {
      stop.abort()
      return later()
    }
    expect(await opened.take({ picture, signal: stop.signal })).toMatchObject({ taken: 0, failed: 0, problems: [] })
    expect(await opened.store.evidence.get(id, 1)).toMatchObject({ attempts: 0, problem: null })
    expect(await opened.take({ picture: drawn })).toMatchObject({ taken: 1 })
  })

  it('because the process died between file and record is redone; two at a time take one', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const opened = await crawl(feedOutlet(server))
    const { id } = await articleAt(opened, server, '/a')
    const key = { articleId: id, version: 1 }
    const now = clock.now()
    // What a crash leaves: an attempt that began, and a file that no record names.
    expect(await opened.store.evidence.begin(key, iso(now), iso(new Date(now.getTime() + 1000)))).toBe(true)
    expect(await opened.store.evidence.begin(key, iso(now), null)).toBe(false)
    await mkdir(join(opened.pictures, id), { recursive: true })
    await writeFile(join(opened.pictures, id, '1.png'), 'nửa ảnh')
    expect(await verifyEvidence(opened.store, opened.pictures)).toEqual({ files: 0, faults: [] })
    await clock.sleep(2000)
    expect(await opened.take({ picture: drawn })).toMatchObject({ taken: 1 })
    expect(await readFile(join(opened.pictures, id, '1.png'))).toEqual(SHOTS.png)
    expect(await verifyEvidence(opened.store, opened.pictures)).toEqual({ files: 2, faults: [] })
    expect(await opened.store.evidence.begin(key, iso(clock.now()), null)).toBe(false)
  })
})

describe('nothing is pictured', () => {
  it('on a nearly full disk, without a browser, or without a contact; nothing is counted as an attempt', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const opened = await crawl(feedOutlet(server))
    const { id } = await articleAt(opened, server, '/a')
    const code = async (change: Partial<EvidenceOptions>) =>
      (await opened.take({ picture: drawn, ...change })).stopped?.code
    expect(await code({ minFreeBytes: Number.MAX_SAFE_INTEGER })).toBe('disk.low')
    expect(await code({ picture: null })).toBe('browser.missing')
    expect(await code({ contact: null })).toBe('collect.no-contact')
    expect(await opened.store.evidence.get(id, 1)).toBeNull()
  })

  it('of an outlet that is not followed any more', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const opened = await crawl(feedOutlet(server))
    expect(await opened.take({ picture: drawn, outlets: [] })).toMatchObject({ problems: [{ code: 'outlet.unknown' }] })
  })
})

describe('verifying', () => {
  it('names each file that is missing or altered, and only those', async () => {
    const titles = Object.fromEntries([1, 2, 3].map((n) => [`/${n}`, `Bài mẫu nhạy cảm ${n}`]))
    const { server } = await site(titles)
    const opened = await crawl(feedOutlet(server))
    expect(await opened.take({ picture: drawn })).toMatchObject({ taken: 3 })
    expect(await verifyEvidence(opened.store, opened.pictures)).toEqual({ files: 6, faults: [] })
    const first = await articleAt(opened, server, '/1')
    const second = await articleAt(opened, server, '/2')
    await rm(join(opened.pictures, first.id, '1.pdf'))
    await writeFile(join(opened.pictures, second.id, '1.png'), 'một ảnh khác')
    const { files, faults } = await verifyEvidence(opened.store, opened.pictures)
    expect(files).toBe(6)
    expect([...faults].sort((a, b) => a.fault.localeCompare(b.fault))).toEqual([
      { articleId: second.id, version: 1, file: join(second.id, '1.png'), fault: 'altered' },
      { articleId: first.id, version: 1, file: join(first.id, '1.pdf'), fault: 'missing' },
    ])
  })
})

describe('a file', () => {
  it('is named by nothing but an id and a version', () => {
    expect(evidenceFile('0a1b2c3d4e5f6071', 2, 'pdf')).toBe(join('0a1b2c3d4e5f6071', '2.pdf'))
    for (const id of ['../x', 'a/b', '..', '', 'A', 'a\0'])
      expect(() => evidenceFile(id, 1, 'png'), JSON.stringify(id)).toThrow(TypeError)
    for (const version of [0, -1, 1.5, Number.NaN]) expect(() => evidenceFile('ab', version, 'png')).toThrow(TypeError)
  })

  it('that cannot be written stops the work, says so, and leaves no half of itself', async () => {
    const { server } = await site({ '/a': 'Bài mẫu nhạy cảm' })
    const opened = await crawl(feedOutlet(server))
    const { id } = await articleAt(opened, server, '/a')
    await mkdir(opened.pictures, { recursive: true })
    await symlink('/nonexistent/folder', join(opened.pictures, id))
    await expect(opened.take({ picture: drawn })).rejects.toMatchObject({ code: 'evidence.cannot-write' })
    expect((await opened.store.evidence.get(id, 1))?.taken).toBeNull()
    await expect(stat('/nonexistent')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
