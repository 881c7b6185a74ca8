import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { WARCParser, type WARCRecord } from 'warcio'
import { Skip } from '../../errors.ts'
import { decodeContent } from '../content-encoding.ts'
import { type ImportItem, importProblem, MOST_ITEM_BYTES } from './items.ts'

/** All records together, inflated. */
const MOST_INFLATED = 2 * 1024 * 1024 * 1024

async function* inflated(label: string, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    yield bytes
    return
  }
  let total = 0
  // One gzip member a record: zlib goes on with the next by itself.
  for await (const chunk of Readable.from([bytes]).pipe(createGunzip())) {
    total += chunk.length
    if (total > MOST_INFLATED) throw importProblem('too-large', `${label} unpacks to more than ${MOST_INFLATED} bytes`)
    yield chunk
  }
}

/** The parser takes anything for a record: what does not begin as one is no WARC file. */
async function* plainBytes(label: string, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const chunk of inflated(label, bytes)) {
    if (first && !Buffer.from(chunk.subarray(0, 5)).equals(Buffer.from('WARC/')))
      throw importProblem('damaged', `${label} does not begin with a WARC record`)
    first = false
    yield chunk
  }
}

/** The body of a message in chunks (RFC 9112, 7.1). Archives that removed them already are left as they are. */
function withoutChunks(body: Uint8Array): Uint8Array {
  const message = Buffer.from(body)
  const parts: Buffer[] = []
  let at = 0
  while (at < message.length) {
    const end = message.indexOf('\r\n', at)
    const size = /^([0-9a-f]+)\s*(?:;.*)?$/i.exec(message.toString('latin1', at, end < 0 ? at : end))?.[1]
    if (size === undefined) return body
    const length = Number.parseInt(size, 16)
    if (length === 0) break
    parts.push(message.subarray(end + 2, end + 2 + length))
    at = end + 2 + length + 2
  }
  return Buffer.concat(parts)
}

/** A record's page; null when it is none: another type of record, another status, no HTML. */
async function pageOf(record: WARCRecord, url: string): Promise<ImportItem | null> {
  const headers = new Map([...(record.httpHeaders?.headers ?? [])].map(([name, value]) => [name.toLowerCase(), value]))
  const isResponse = record.warcType === 'response'
  const contentType = (isResponse ? headers.get('content-type') : record.warcContentType) ?? ''
  if (!/^(?:text\/html|application\/xhtml\+xml)/i.test(contentType)) return null
  if (isResponse && Number(record.httpHeaders?.statusCode) !== 200) return null
  if (!isResponse && record.warcType !== 'conversion' && record.warcType !== 'resource') return null
  const size = Number(record.warcHeaders.headers.get('Content-Length') ?? 0)
  if (size > MOST_ITEM_BYTES)
    return { kind: 'bad', label: url, problem: importProblem('too-large', `${url} has ${size} bytes`) }
  const block = await record.readFully(false)
  const whole = /chunked/i.test(headers.get('transfer-encoding') ?? '') ? withoutChunks(block) : block
  const body = await decodeContent(whole, headers.get('content-encoding') ?? null, MOST_ITEM_BYTES, url)
  const at = new Date(record.warcDate ?? '')
  return { kind: 'page', label: url, url, contentType, body, at: Number.isNaN(at.getTime()) ? null : at }
}

/**
 * The pages of a WARC file (1.0 or 1.1, plain or gzip): answers 200 with HTML, and documents that a browser or a person
 * saved. Pages that `wanted` does not want are left out unread.
 */
export async function* readWarc(
  label: string,
  bytes: Uint8Array,
  wanted: (url: string) => boolean,
): AsyncGenerator<ImportItem> {
  let pages = 0
  try {
    for await (const record of new WARCParser(plainBytes(label, bytes), { keepHeadersCase: true })) {
      const url = record.warcTargetURI?.replace(/^<|>$/g, '') ?? ''
      if (!wanted(url)) {
        await record.skipFully()
        continue
      }
      let item: ImportItem | null
      try {
        item = await pageOf(record, url)
      } catch (error) {
        item = { kind: 'bad', label: url, problem: importProblem('damaged', `${url} cannot be unpacked`, error) }
      }
      if (item === null) {
        await record.skipFully()
        continue
      }
      pages += 1
      yield item
    }
  } catch (error) {
    const problem =
      error instanceof Skip
        ? error
        : importProblem('damaged', `${label} is cut or damaged: what came before was read`, error)
    yield { kind: 'bad', label, problem }
    return
  }
  if (pages === 0)
    yield { kind: 'bad', label, problem: importProblem('not-archived', `${label} holds no page of a followed outlet`) }
}
