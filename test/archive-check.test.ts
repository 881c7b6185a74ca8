import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { linkFinished } from '../crawlers/archive-chain.ts'
import { checkArchive } from '../crawlers/archive-check.ts'
import { retain } from '../crawlers/retention.ts'
import { limitsOf, openCrawl, sampleFeed, samplePage, startServer, type TestServer, xml } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

const DAY = 86_400_000
const elsewhere = Array.from(
  { length: 6 },
  (_, n) => `<p>Đoạn ${n}: giá xe máy tại thành phố biển tăng nhẹ, người mua chờ đợt giảm giá cuối năm.</p>`,
).join('')

let folder = ''
let server: TestServer
let crawl: Awaited<ReturnType<typeof openCrawl>>
const clock = () => simulatedClock(new Date('2025-10-01T02:00:00Z'))
let time = clock()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-check-'))
  const answers: Parameters<typeof startServer>[0] = {
    '/feed': (request, response) => feed(request, response),
    '/lu-quet': samplePage('Lũ quét ở Lào Cai'),
    '/cau-moi': samplePage('Khánh thành cầu mới ở Bát Xát'),
    '/xe-may': samplePage('Giá xe máy tăng nhẹ', { body: elsewhere }),
  }
  server = await startServer(answers)
  const paths = ['/lu-quet', '/cau-moi', '/xe-may']
  const feed = xml(sampleFeed(paths.map((path) => ({ url: server.origin + path, title: `Bài ${path}` }))))
  time = clock()
  const outlet = sampleOutlet({ sources: [{ kind: 'feed', url: `${server.origin}/feed` }] })
  crawl = await openCrawl(folder, [outlet], time, { maxConcurrency: 1 })
  await crawl.collector.poll()
})
afterEach(async () => {
  await crawl.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const link = () => linkFinished({ store: crawl.store, archive: crawl.archive, clock: time })
const drop = () => retain({ ...crawl, clock: time, limits: limitsOf({ irrelevantArchiveDays: 30 }) })
const check = (all = true) => checkArchive({ store: crawl.store, archive: crawl.archive, all })
const kinds = async () => (await check()).faults.map(({ kind }) => kind)
const recordOf = async (path: string) => {
  const page = await crawl.store.pages.latestOf(server.origin + path)
  if (!page?.warc) throw new Error(`${path} has no record`)
  return page.warc
}
const flip = async (file: string, at: number) => {
  const handle = await open(join(folder, 'archive', file), 'r+')
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at)
  buffer[0] = (buffer[0] ?? 0) ^ 0xff
  await handle.write(buffer, 0, 1, at)
  await handle.close()
}

describe('checking the archive', () => {
  it('finds nothing in an untouched one, open or finished', async () => {
    expect(await check()).toMatchObject({ links: 0, files: 0, open: 1, pages: 3, read: 3, faults: [] })
    await crawl.archive.rotate()
    expect(await kinds()).toEqual(['unlinked'])
    expect(await link()).toMatchObject([{ seq: 1, reason: 'closed', previousDigest: null }])
    expect(await link()).toEqual([])
    const result = await check()
    expect(result).toMatchObject({ links: 1, files: 1, open: 0, pages: 3, read: 3, faults: [] })
    // warcinfo, and a request and a response each.
    expect(result.records).toBe(7)
  })

  it('names the file and the record when one byte is another', async () => {
    await crawl.archive.rotate()
    await link()
    const { file, offset, length } = await recordOf('/cau-moi')
    await flip(file, offset + Math.floor(length / 2))
    const { faults } = await check()
    expect(faults).toContainEqual(expect.objectContaining({ kind: 'altered', file }))
    const at = { file, offset, url: `${server.origin}/cau-moi` }
    expect(faults).toContainEqual(expect.objectContaining({ kind: 'damaged', ...at }))
    expect(faults).toContainEqual(expect.objectContaining({ kind: 'content', ...at }))
    // The page behind it is still read by its pointer, and is whole.
    expect(faults.filter(({ url }) => url === `${server.origin}/xe-may`)).toEqual([])
  })

  it('names a record whose content was forged with a gzip member that is whole', async () => {
    await crawl.archive.rotate()
    const { file, offset, length } = await recordOf('/xe-may')
    const path = join(folder, 'archive', file)
    const bytes = await readFile(path)
    const plain = gunzipSync(bytes.subarray(offset, offset + length)).toString('latin1')
    const forged = gzipSync(Buffer.from(plain.replaceAll('<p>', '<b>').replaceAll('</p>', '</b>'), 'latin1'))
    await writeFile(path, Buffer.concat([bytes.subarray(0, offset), forged, bytes.subarray(offset + length)]))
    await link()
    const { faults } = await check()
    expect(faults).toContainEqual(
      expect.objectContaining({ kind: 'digest', file, offset, url: `${server.origin}/xe-may` }),
    )
    expect(faults.filter(({ kind }) => kind === 'damaged')).toEqual([])
  })

  it('names a file that was deleted', async () => {
    await crawl.archive.rotate()
    await link()
    const { file } = await recordOf('/cau-moi')
    await rm(join(folder, 'archive', file))
    expect((await check()).faults).toEqual([expect.objectContaining({ kind: 'missing', file })])
  })

  it('follows what retention rewrites and removes', async () => {
    await crawl.archive.rotate()
    await link()
    time.advance(40 * DAY)
    expect(await drop()).toMatchObject({ pages: { irrelevant: { pages: 1 } }, files: { rewritten: 1, removed: [] } })
    expect(await link()).toMatchObject([{ reason: 'rewritten', previousDigest: expect.stringMatching(/^sha256:/) }])
    expect(await check()).toMatchObject({ files: 2, pages: 2, faults: [] })
    await drop()
    expect(await readdir(join(folder, 'archive'))).toHaveLength(1)
    const links = await crawl.store.archiveChain.after(0, 10)
    expect(links.map(({ reason }) => reason)).toEqual(['closed', 'rewritten', 'removed'])
    expect(await check()).toMatchObject({ links: 3, files: 1, pages: 2, faults: [] })
    // The chain goes on telling what the file was, when it went and under whose limit.
    const [closed, , removed] = links
    expect(removed).toMatchObject({ file: closed?.file, digest: closed?.digest, who: 'configuration' })
    expect((await check()).removed).toEqual([{ file: closed?.file, at: removed?.at, who: 'configuration' }])
    // Put back, it is not taken for the monitor's own.
    await writeFile(join(folder, 'archive', closed?.file ?? ''), 'put back')
    expect(await kinds()).toEqual(['altered', 'damaged'])
  })

  it('names a file that was slipped in, whatever its name, and leaves it out of the chain', async () => {
    await crawl.archive.rotate()
    const [own = ''] = await link().then((links) => links.map(({ file }) => file))
    const bytes = await readFile(join(folder, 'archive', own))
    const next = own.replace('.warc.gz', '-r1.warc.gz')
    // A copy of real records: as a new file, as a revision of a file, as one that a dead process left, and not as WARC.
    const slipped = ['monitor-20250930000000-00001-7.warc.gz', next, `${own}x.warc.gz.open.999999999`, 'notes.txt']
    for (const name of slipped) await writeFile(join(folder, 'archive', name), bytes)
    expect(await link()).toEqual([])
    const { faults, takenIn, links, files } = await check()
    expect({ links, files, takenIn }).toEqual({ links: 1, files: 1, takenIn: [] })
    expect(faults.map(({ kind, file }) => `${kind} ${file}`).sort()).toEqual(
      slipped.map((name) => `foreign ${name}`).sort(),
    )
  })

  it('takes a file that a start of an earlier version had linked for foreign, unless pages were read from it', async () => {
    await crawl.archive.rotate()
    const [own = ''] = await link().then((links) => links.map(({ file }) => file))
    const name = 'monitor-20250930000000-00001-7.warc.gz'
    const bytes = await readFile(join(folder, 'archive', own))
    await writeFile(join(folder, 'archive', name), bytes)
    const { digestFile } = await import('../crawlers/archive-chain.ts')
    const found = await digestFile(join(folder, 'archive', name))
    const at = '2025-09-30T00:00:00.000Z'
    await crawl.store.archiveChain.add({
      file: name,
      ...found,
      at,
      reason: 'taken-in',
      previousDigest: null,
      who: null,
    })
    expect((await check()).faults).toEqual([expect.objectContaining({ kind: 'foreign', file: name })])
  })

  it('knows what crawlers left finished but not linked', async () => {
    await crawl.close()
    crawl = await openCrawl(folder, [], time)
    expect(await link()).toMatchObject([{ reason: 'closed', who: null }])
    expect((await check()).faults).toEqual([])
  })

  it('keeps retention from writing a tampered file anew', async () => {
    await crawl.archive.rotate()
    await link()
    const { file, offset } = await recordOf('/lu-quet')
    await flip(file, offset + 30)
    time.advance(40 * DAY)
    expect(await drop()).toMatchObject({ pages: { irrelevant: { pages: 0 } }, files: { rewritten: 0, removed: [] } })
    expect(await readdir(join(folder, 'archive'))).toEqual([file])
  })

  it('finds a link that was changed in the store, and one that was taken out', async () => {
    await crawl.archive.rotate()
    await link()
    const { file } = await recordOf('/cau-moi')
    await flip(file, (await stat(join(folder, 'archive', file))).size - 30)
    const { digestFile } = await import('../crawlers/archive-chain.ts')
    const { digest } = await digestFile(join(folder, 'archive', file))
    const database = new DatabaseSync(join(folder, 'store.db'))
    database.prepare('update archiveLink set digest = ?').run(digest)
    expect((await check()).faults).toContainEqual(expect.objectContaining({ kind: 'chain', file: '#1', detail: file }))
    database.exec('update archiveLink set seq = 2')
    expect((await check()).faults).toContainEqual(expect.objectContaining({ kind: 'chain', file: '#1' }))
    database.close()
  })

  it('finds a page that points elsewhere', async () => {
    const { offset } = await recordOf('/cau-moi')
    const database = new DatabaseSync(join(folder, 'store.db'))
    database.prepare('update page set warcOffset = warcOffset + 1 where warcOffset = ?').run(offset)
    database.close()
    expect((await check()).faults).toEqual([
      expect.objectContaining({ kind: 'pointer', offset: offset + 1, url: `${server.origin}/cau-moi` }),
    ])
  })
})
