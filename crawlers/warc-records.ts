import { createHash, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import { WARCRecord, WARCSerializer } from 'warcio'
import type { Instant, WarcPointer } from '../model.ts'
import type { Exchange, Fetched, HeaderList, Rendered } from './http-client.ts'

/** Records of WARC 1.1 (ISO 28500:2017), each compressed by itself. */

const compress = promisify(gzip)
const WARC_1_1 = 'WARC/1.1'
const SERVER_NOT_MODIFIED = 'http://netpreserve.org/warc/1.1/revisit/server-not-modified'
const SMALL_BYTES = 64 * 1024
/** Pages come out 4 % larger than with the usual 6, in half the time. */
const LEVEL = 4

/** What an unchanged body was when it was archived in full. */
export interface EarlierRecord {
  readonly url: string
  readonly fetchedAt: Instant
  readonly warc: WarcPointer
}

export interface Resource {
  readonly url: string
  readonly contentType: string
  readonly body: Uint8Array
  /** When it was retrieved, or brought in. */
  readonly at: Date
  /** What is known beside it (who brought it in): a `metadata` record (WARC 1.1, 6.5) of these fields. */
  readonly about?: Readonly<Record<string, string>>
}

const newId = (): string => `<urn:uuid:${randomUUID()}>`

/** What warcio asks of a hasher. */
function nodeHasher() {
  const hash = createHash('sha256')
  return { update: (chunk: Uint8Array) => void hash.update(chunk), digest: () => hash.digest('hex') }
}

async function serialise(record: WARCRecord): Promise<Buffer> {
  const serializer = new WARCSerializer(record, { digest: { algo: 'sha-256', prefix: 'sha256:' } })
  // The same digests as warcio's own, which compiles WebAssembly for each record.
  Object.assign(serializer, { newHasher: async () => nodeHasher() })
  const plain = await serializer.readFully()
  // A small record is compressed sooner than it is handed to another thread.
  if (plain.length >= SMALL_BYTES) return compress(plain, { level: LEVEL })
  // A window beyond the record serves nothing, and preparing it costs more than compressing a request.
  return gzipSync(plain, plain.length < 1024 ? { level: LEVEL, windowBits: 10, memLevel: 4 } : { level: LEVEL })
}

/**
 * Header fields as they were, but never with a line break that would forge another. The transfer-encoding is removed from
 * the body, so its header goes under the name by which other archives keep it; readers would unpack the body once more.
 */
const clean = (list: HeaderList): [string, string][] =>
  list.map(([name, value]) => [
    name.replace(/[\r\n:]/g, '').replace(/^transfer-encoding$/i, 'X-Archive-Orig-Transfer-Encoding'),
    value.replace(/[\r\n]+/g, ' '),
  ])

/** `name: value` lines (WARC 1.1, application/warc-fields). */
const warcFields = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value.replace(/\s+/g, ' ').trim()}\r\n`)
    .join('')

const pathOf = (url: string): string => {
  const parsed = new URL(url)
  return `${parsed.pathname}${parsed.search}`
}

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Records whose block is the document itself, without the header of a response. */
export const isDocument = ({ warcType }: WARCRecord): boolean => warcType === 'conversion' || warcType === 'resource'

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Request and response records of one hop; the ids of all records of one capture name each other by Concurrent-To. */
async function recordsOf(hop: Exchange, captureId: string, responseId: string, unchanged: EarlierRecord | null) {
  const date = hop.startedAt.toISOString()
  const concurrent: Record<string, string> = captureId === responseId ? {} : { 'WARC-Concurrent-To': captureId }
  const address: Record<string, string> = hop.address === null ? {} : { 'WARC-IP-Address': hop.address }
  const common = { url: hop.url, date, warcVersion: WARC_1_1 } as const
  const request = WARCRecord.create({
    ...common,
    type: 'request',
    warcHeaders: { 'WARC-Record-ID': newId(), 'WARC-Concurrent-To': captureId },
    statusline: `GET ${pathOf(hop.url)} HTTP/1.1`,
    httpHeaders: clean(hop.requestHeaders),
  })
  const answer = {
    statusline: `HTTP/1.1 ${hop.status} ${hop.statusText.replace(/[\r\n]+/g, ' ')}`.trimEnd(),
    httpHeaders: clean(hop.responseHeaders),
  }
  const response = unchanged
    ? WARCRecord.create({
        ...common,
        ...answer,
        type: 'revisit',
        warcHeaders: {
          'WARC-Record-ID': responseId,
          'WARC-Payload-Digest': digestOf(hop.wireBody),
          ...concurrent,
          ...address,
        },
        refersToUrl: unchanged.url,
        refersToDate: unchanged.fetchedAt,
      })
    : WARCRecord.create(
        {
          ...common,
          ...answer,
          type: 'response',
          warcHeaders: { 'WARC-Record-ID': responseId, ...concurrent, ...address },
        },
        only(hop.wireBody),
      )
  // warcio knows the other profile of WARC 1.1, section 6.7, only.
  if (unchanged && hop.status === 304) {
    response.warcHeaders.headers.set('WARC-Profile', SERVER_NOT_MODIFIED)
    response.warcHeaders.headers.delete('WARC-Payload-Digest')
  }
  return { request: await serialise(request), response: await serialise(response) }
}

/**
 * What a browser made of a page: the data that it loaded as requests and responses, and last the document as shown. That
 * is a `conversion` (WARC 1.1, 6.8: another version of a record's content, made by an archival process), which refers to
 * the response; a `resource` (6.4) would claim that it was retrieved as it stands.
 */
async function shownRecords(fetched: Fetched, rendered: Rendered, captureId: string): Promise<Buffer[]> {
  const parts: Buffer[] = []
  for (const hop of rendered.loaded) {
    const { request, response } = await recordsOf(hop, captureId, newId(), null)
    parts.push(request, response)
  }
  const conversion = WARCRecord.create(
    {
      type: 'conversion',
      url: fetched.finalUrl,
      date: rendered.at.toISOString(),
      warcVersion: WARC_1_1,
      warcHeaders: {
        'WARC-Record-ID': newId(),
        'WARC-Refers-To': captureId,
        'Content-Type': 'text/html; charset=utf-8',
      },
    },
    only(fetched.body),
  )
  return [...parts, await serialise(conversion)]
}

/** The records of one capture: its redirects, the answer (a `revisit` when `unchanged`), what a browser made of it. */
export async function captureRecords(fetched: Fetched, unchanged: EarlierRecord | null): Promise<readonly Buffer[]> {
  const captureId = newId()
  const parts: Buffer[] = []
  for (const hop of fetched.redirects) {
    const { request, response } = await recordsOf(hop, captureId, newId(), null)
    parts.push(request, response)
  }
  const { request, response } = await recordsOf(fetched.last, captureId, captureId, unchanged)
  const shown = fetched.rendered ? await shownRecords(fetched, fetched.rendered, captureId) : []
  return [...parts, request, response, ...shown]
}

/** The record of a document that no server was asked for, behind one of what is known about it. */
export async function resourceRecords({
  url,
  contentType,
  body,
  at,
  about = {},
}: Resource): Promise<readonly Buffer[]> {
  const id = newId()
  const common = { url, date: at.toISOString(), warcVersion: WARC_1_1 } as const
  const parts: Buffer[] = []
  if (Object.keys(about).length > 0) {
    const metadata = WARCRecord.create(
      {
        ...{ ...common, type: 'metadata' },
        warcHeaders: {
          'WARC-Record-ID': newId(),
          'WARC-Concurrent-To': id,
          'Content-Type': 'application/warc-fields',
        },
      },
      only(Buffer.from(warcFields(about))),
    )
    parts.push(await serialise(metadata))
  }
  const warcHeaders = { 'WARC-Record-ID': id, 'Content-Type': contentType }
  return [...parts, await serialise(WARCRecord.create({ ...common, type: 'resource', warcHeaders }, only(body)))]
}

/** The record that a file begins with. */
export function infoRecord(file: string, at: Date, software: string): Promise<Buffer> {
  const info = { filename: file, date: at.toISOString(), warcVersion: WARC_1_1 } as const
  return serialise(WARCRecord.createWARCInfo(info, { software, format: 'WARC File Format 1.1', robots: 'obey' }))
}
