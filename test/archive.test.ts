import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WARCParser } from 'warcio'
import { simulatedClock } from '../clock.ts'
import { type Archive, openArchive } from '../crawlers/archive.ts'
import { decodeContent } from '../crawlers/content-encoding.ts'
import { type Exchange, type Fetched, headerRecord } from '../crawlers/http-client.ts'

let folder = ''
const clock = simulatedClock(new Date('2025-10-01T00:00:00Z'))
const open = (maxFileBytes?: number): Promise<Archive> =>
  openArchive({ folder, clock, software: 'test', ...(maxFileBytes ? { maxFileBytes } : {}) })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

const hop = (path: string, wireBody: Uint8Array, change: Partial<Exchange> = {}): Exchange => ({
  url: `https://bao.example.vn${path}`,
  startedAt: new Date('2025-10-01T01:02:03.456Z'),
  address: '203.0.113.7',
  requestHeaders: [
    ['host', 'bao.example.vn'],
    ['user-agent', 'test'],
  ],
  status: 200,
  statusText: 'OK',
  responseHeaders: [
    ['Content-Type', 'text/html; charset=gbk'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ],
  wireBody,
  ...change,
})

async function fetchedOf(last: Exchange, redirects: readonly Exchange[] = []): Promise<Fetched> {
  const headers = headerRecord(last.responseHeaders)
  const body = await decodeContent(last.wireBody, headers['content-encoding'] ?? null, 1e7, last.url)
  const url = redirects[0]?.url ?? last.url
  return { url, finalUrl: last.url, redirects, last, status: last.status, headers, body, digest: sha256(body) }
}

/** All records of a file, by warcio's own parser. */
async function records(file: string) {
  const found: { type: string; fields: Map<string, string>; http: string; payload: Uint8Array; offset: number }[] = []
  const parser = new WARCParser(createReadStream(join(folder, file)), { keepHeadersCase: true })
  for await (const record of parser) {
    const payload = await record.readFully(false)
    found.push({
      type: record.warcType,
      fields: new Map([...record.warcHeaders.headers.entries()].map(([name, value]) => [name, value])),
      http: record.httpHeaders?.toString() ?? '',
      payload,
      offset: parser.offset,
    })
  }
  return found
}

describe('the archive', () => {
  it('keeps bytes that are no UTF-8 exactly, with request, response and digests that public tools read', async () => {
    const body = Buffer.from([0x3c, 0x70, 0x3e, 0xc0, 0xcf, 0xbd, 0xd6, 0xff, 0x00, 0x0d, 0x0a, 0x0d, 0x0a, 0x80])
    const archive = await open()
    const pointer = await archive.append(await fetchedOf(hop('/tin-1.html?a=1', body)))
    await archive.close()

    const [info, request, response] = await records(pointer.file)
    expect([info?.type, request?.type, response?.type]).toEqual(['warcinfo', 'request', 'response'])
    expect(request?.http).toContain('GET /tin-1.html?a=1 HTTP/1.1')
    expect(response?.http.match(/Set-Cookie/g)).toHaveLength(2)
    expect(Buffer.from(response?.payload ?? []).equals(body)).toBe(true)
    expect(response?.fields.get('WARC-Target-URI')).toBe('https://bao.example.vn/tin-1.html?a=1')
    expect(response?.fields.get('WARC-Date')).toBe('2025-10-01T01:02:03.456Z')
    expect(response?.fields.get('WARC-Payload-Digest')).toBe(sha256(body))
    expect(response?.fields.get('WARC-Block-Digest')).toBe(
      sha256(Buffer.concat([Buffer.from(`${response?.http}\r\n`), body])),
    )
    expect(request?.fields.get('WARC-Concurrent-To')).toBe(response?.fields.get('WARC-Record-ID'))
    expect(response?.fields.get('WARC-IP-Address')).toBe('203.0.113.7')
    expect(response?.offset).toBe(pointer.offset)
    const whole = await readFile(join(folder, pointer.file))
    expect(whole.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
    expect(whole.length).toBe(pointer.offset + pointer.length)
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('keeps a %s body as it came and gives it back inflated', async (encoding, compress) => {
    const body = Buffer.from('<p>Lũ quét ở Lào Cai</p>'.repeat(50))
    const wire = compress(body)
    const archive = await open()
    const pointer = await archive.append(
      await fetchedOf(hop('/a', wire, { responseHeaders: [['Content-Encoding', encoding]] })),
    )
    // Readable while its file is still being written.
    const back = await archive.read(pointer)
    expect(Buffer.from(back.body).equals(body)).toBe(true)
    expect(back).toMatchObject({
      status: 200,
      url: 'https://bao.example.vn/a',
      headers: [['Content-Encoding', encoding]],
    })
    await archive.close()
    expect((await records(pointer.file)).at(-1)?.payload.length).toBe(wire.length)
    expect(Buffer.from((await archive.read(pointer)).body).equals(body)).toBe(true)
  })

  it('says under another name that the body came in chunks, so that readers do not unpack it again', async () => {
    const archive = await open()
    const chunked = hop('/a', Buffer.from('5\r\nno chunk'), { responseHeaders: [['Transfer-Encoding', 'chunked']] })
    const pointer = await archive.append(await fetchedOf(chunked))
    await archive.close()
    const parser = new WARCParser(createReadStream(join(folder, pointer.file)))
    const texts: string[] = []
    for await (const record of parser) texts.push(await record.contentText())
    expect(texts.at(-1)).toBe('5\r\nno chunk')
    expect((await records(pointer.file)).at(-1)?.http).toContain('X-Archive-Orig-Transfer-Encoding: chunked')
  })

  it('writes a revisit for an unchanged body, and points to the body', async () => {
    const archive = await open()
    const fetched = await fetchedOf(hop('/a', Buffer.from('same')))
    const first = await archive.append(fetched)
    const earlier = { url: fetched.url, fetchedAt: '2025-10-01T01:02:03.456Z', warc: first }
    expect(await archive.append(fetched, earlier)).toEqual(first)
    await archive.close()
    const revisit = (await records(first.file)).at(-1)
    expect(revisit?.type).toBe('revisit')
    expect(revisit?.payload.length).toBe(0)
    expect(revisit?.fields.get('WARC-Refers-To-Target-URI')).toBe(fetched.url)
    expect(revisit?.fields.get('WARC-Refers-To-Date')).toBe('2025-10-01T01:02:03.456Z')
    expect(revisit?.fields.get('WARC-Profile')).toBe('http://netpreserve.org/warc/1.1/revisit/identical-payload-digest')
    expect(revisit?.fields.get('WARC-Payload-Digest')).toBe(sha256(Buffer.from('same')))
  })

  it('writes a whole record when the same page came in other bytes', async () => {
    const archive = await open()
    const first = await archive.append(await fetchedOf(hop('/a', Buffer.from('same'))))
    const packed = hop('/a', gzipSync('same'), { responseHeaders: [['Content-Encoding', 'gzip']] })
    const earlier = { url: packed.url, fetchedAt: '2025-10-01T01:02:03.456Z', warc: first }
    const second = await archive.append(await fetchedOf(packed), earlier)
    expect(second).not.toEqual(first)
    expect(Buffer.from((await archive.read(second)).body).toString()).toBe('same')
    await archive.close()
  })

  it('keeps redirects beside the page to which they led', async () => {
    const archive = await open()
    const redirect = hop('/old', Buffer.from(''), {
      status: 301,
      statusText: 'Moved',
      responseHeaders: [['Location', '/new']],
    })
    const pointer = await archive.append(await fetchedOf(hop('/new', Buffer.from('new')), [redirect]))
    await archive.close()
    const all = await records(pointer.file)
    expect(all.map(({ type, http }) => `${type} ${http.split('\r\n')[0]}`)).toEqual([
      'warcinfo ',
      'request GET /old HTTP/1.1',
      'response HTTP/1.1 301 Moved',
      'request GET /new HTTP/1.1',
      'response HTTP/1.1 200 OK',
    ])
    expect((await archive.read(pointer)).url).toBe('https://bao.example.vn/new')
  })

  it('lets no header forge another record or field', async () => {
    const archive = await open()
    const evil = hop('/a', Buffer.from('x'), {
      responseHeaders: [['X-A', 'b\r\nX-Forged: 1\r\n\r\nWARC/1.1']],
      statusText: 'OK\r\nX: y',
    })
    const pointer = await archive.append(await fetchedOf(evil))
    await archive.close()
    const last = (await records(pointer.file)).at(-1)
    expect(last?.http).not.toMatch(/^X-Forged|^X:/m)
    expect(Buffer.from(last?.payload ?? []).toString()).toBe('x')
  })

  it('keeps many appended at once apart, and begins a new file when one is full', async () => {
    const archive = await open(8000)
    const bodies = Array.from({ length: 40 }, (_, n) => createHash('sha512').update(String(n)).digest())
    const pointers = await Promise.all(
      bodies.map(async (body, n) => archive.append(await fetchedOf(hop(`/${n}`, body)))),
    )
    for (const [n, pointer] of pointers.entries()) {
      expect(Buffer.from((await archive.read(pointer)).body).equals(bodies[n] ?? Buffer.alloc(0))).toBe(true)
    }
    await archive.close()
    const files = (await readdir(folder)).filter((name) => name.endsWith('.warc.gz'))
    expect(files.length).toBeGreaterThan(2)
    expect((await Promise.all(files.map(records))).flat().filter(({ type }) => type === 'response')).toHaveLength(40)
    for (const [n, pointer] of pointers.entries()) {
      expect((await archive.read(pointer)).url).toBe(`https://bao.example.vn/${n}`)
    }
  })
})

describe('after a crash', () => {
  /** The id of a process that has ended. */
  const dead = spawnSync(process.execPath, ['-e', '']).pid

  const crash = async (tail: Buffer | number) => {
    const archive = await open()
    const kept = await archive.append(await fetchedOf(hop('/kept', Buffer.from('kept'))))
    const lost = await archive.append(await fetchedOf(hop('/lost', Buffer.from('lost'))))
    // What a process that ends here leaves behind: the file as it is, under the name it has while it is written.
    const path = join(folder, `${kept.file}.open.${dead}`)
    const bytes = await readFile(join(folder, `${kept.file}.open.${process.pid}`))
    await archive.close()
    await rm(join(folder, kept.file))
    await writeFile(
      path,
      typeof tail === 'number' ? bytes.subarray(0, bytes.length - tail) : Buffer.concat([bytes, tail]),
    )
    const size = (await stat(path)).size
    return { kept, lost, size }
  }

  it('cuts a torn record off, keeps it aside and goes on in a new file', async () => {
    const { kept, lost, size } = await crash(20)
    const archive = await open()
    expect(archive.repaired).toEqual([{ file: kept.file, tornBytes: size - lost.offset }])
    expect((await stat(join(folder, kept.file))).size).toBe(lost.offset)
    expect((await stat(join(folder, `${kept.file}.torn`))).size).toBe(size - lost.offset)
    expect(Buffer.from((await archive.read(kept)).body).toString()).toBe('kept')
    const next = await archive.append(await fetchedOf(hop('/next', Buffer.from('next'))))
    expect(next.file).not.toBe(kept.file)
    await archive.close()
    expect((await records(kept.file)).at(-1)?.type).toBe('request')
  })

  it('cuts off bytes that are no record', async () => {
    const { kept, lost } = await crash(Buffer.alloc(5000))
    const archive = await open()
    expect(archive.repaired).toEqual([{ file: kept.file, tornBytes: 5000 }])
    expect(Buffer.from((await archive.read(lost)).body).toString()).toBe('lost')
    await archive.close()
  })

  it('leaves the file of another living process alone, and reads from it', async () => {
    const archive = await open()
    const pointer = await archive.append(await fetchedOf(hop('/a', Buffer.from('a'))))
    const bytes = await readFile(join(folder, `${pointer.file}.open.${process.pid}`))
    await archive.close()
    await rm(join(folder, pointer.file))
    const theirs = join(folder, `${pointer.file}.open.${process.ppid}`)
    await writeFile(theirs, Buffer.concat([bytes, Buffer.from('half a record')]))
    const reader = await open()
    expect(reader.repaired).toEqual([])
    expect((await stat(theirs)).size).toBe(bytes.length + 13)
    expect(Buffer.from((await reader.read(pointer)).body).toString()).toBe('a')
    await expect(reader.read({ ...pointer, file: 'none.warc.gz' })).rejects.toMatchObject({ code: 'archive.no-file' })
  })

  it('keeps no file in which not even the first record is whole', async () => {
    await writeFile(join(folder, `monitor-20251001000000-00001.warc.gz.open.${dead}`), Buffer.from([0x1f, 0x8b, 8, 0]))
    const archive = await open()
    expect(archive.repaired).toEqual([{ file: 'monitor-20251001000000-00001.warc.gz', tornBytes: 4 }])
    expect(await readdir(folder)).toEqual(['monitor-20251001000000-00001.warc.gz.torn'])
    const pointer = await archive.append(await fetchedOf(hop('/a', Buffer.from('a'))))
    expect(Buffer.from((await archive.read(pointer)).body).toString()).toBe('a')
    await archive.close()
  })

  it('leaves a whole file as it is', async () => {
    const { kept, lost } = await crash(Buffer.alloc(0))
    const archive = await open()
    expect(archive.repaired).toEqual([{ file: kept.file, tornBytes: 0 }])
    expect(Buffer.from((await archive.read(lost)).body).toString()).toBe('lost')
    expect((await readdir(folder)).filter((name) => !name.endsWith('.warc.gz'))).toEqual([])
  })

  it('finds the end of records larger than its window', async () => {
    const archive = await open()
    const big = Buffer.concat(
      Array.from({ length: 100_000 }, (_, n) => createHash('sha512').update(String(n)).digest()),
    )
    const pointer = await archive.append(await fetchedOf(hop('/big', big)))
    const bytes = await readFile(join(folder, `${pointer.file}.open.${process.pid}`))
    await archive.close()
    await rm(join(folder, pointer.file))
    await writeFile(join(folder, `${pointer.file}.open.${process.pid}`), Buffer.concat([bytes, Buffer.from('torn')]))
    const again = await open()
    expect(again.repaired).toEqual([{ file: pointer.file, tornBytes: 4 }])
    expect(Buffer.from((await again.read(pointer)).body).equals(big)).toBe(true)
  })
})
