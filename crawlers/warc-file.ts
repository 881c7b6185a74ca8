import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { constants, crc32, gunzipSync, inflateRawSync } from 'node:zlib'
import type { WarcPointer } from '../model.ts'

/** gzip header without optional fields, as node:zlib writes it (RFC 1952, 2.3). */
const GZIP_HEADER = 10
const GZIP_TRAILER = 8
const WINDOW = 4 * 1024 * 1024
/** Larger than any record that the limits of the HTTP client allow: what does not end within it is damaged. */
const LARGEST_WINDOW = 64 * 1024 * 1024

/** One record of a WARC file in which every record is a gzip member of its own. */
export interface RecordSpan {
  readonly offset: number
  readonly length: number
  /** WARC header fields, lower-case names. */
  readonly fields: Readonly<Record<string, string>>
}

/** The length of the gzip member at the start of `bytes` and its content; null when it is cut or damaged. */
function member(bytes: Buffer): { length: number; content: Buffer } | null {
  if (bytes.length < GZIP_HEADER + GZIP_TRAILER) return null
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || bytes[3] !== 0) return null
  try {
    // `info` gives the engine, whose bytesWritten is what the deflate stream consumed; the types do not know it.
    const result = inflateRawSync(bytes.subarray(GZIP_HEADER), { info: true } as object) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    const end = GZIP_HEADER + result.engine.bytesWritten
    if (bytes.length < end + GZIP_TRAILER) return null
    const whole =
      bytes.readUInt32LE(end) === crc32(result.buffer) && bytes.readUInt32LE(end + 4) === result.buffer.length >>> 0
    return whole ? { length: end + GZIP_TRAILER, content: result.buffer } : null
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^Z_|^ERR_/.test(String(error.code))) return null
    throw error
  }
}

function fieldsOf(content: Buffer): Record<string, string> | null {
  const end = content.indexOf('\r\n\r\n')
  const lines = content.toString('utf8', 0, end < 0 ? 0 : end).split('\r\n')
  if (!lines[0]?.startsWith('WARC/1.')) return null
  const fields: Record<string, string> = Object.create(null)
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    if (colon > 0) fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return fields
}

/**
 * The records of a file from its start to the first that is cut or damaged, each with its plain bytes, and where that one begins (the size of the
 * file when all are whole). Reads in windows: memory is bounded by the largest record.
 */
export async function scanRecords(
  path: string,
  visit: (record: RecordSpan, content: Buffer) => void,
): Promise<{ goodBytes: number; size: number }> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    let offset = 0
    let windowBytes = WINDOW
    let window: Buffer = Buffer.alloc(0)
    let windowAt = 0
    while (offset < size) {
      const inWindow = window.subarray(Math.min(offset - windowAt, window.length))
      const found = inWindow.length > 0 ? member(inWindow) : null
      if (found) {
        const fields = fieldsOf(found.content)
        if (!fields) break
        visit({ offset, length: found.length, fields }, found.content)
        offset += found.length
        continue
      }
      const sawEnd = windowAt + window.length >= size
      if (inWindow.length > 0 && sawEnd) break
      // The record may go on beyond the window: look again from its start, further if that was seen already.
      if (windowAt === offset && inWindow.length > 0) windowBytes *= 2
      if (windowBytes > LARGEST_WINDOW) break
      window = await readAt(file, offset, Math.min(windowBytes, size - offset))
      windowAt = offset
    }
    return { goodBytes: offset, size }
  } finally {
    await file.close()
  }
}

export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return buffer.subarray(0, done)
}

/** The record that one gzip member holds, as plain bytes. */
export const inflateRecord = (bytes: Buffer, maxBytes: number): Buffer =>
  gunzipSync(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_FINISH })

/** `name.warc.gz` → `name-r1.warc.gz` → `name-r2.warc.gz` */
export function nextRevision(file: string): string {
  const match = /^(.*?)(?:-r(\d+))?\.warc\.gz$/.exec(file)
  return `${match?.[1] ?? file}-r${Number(match?.[2] ?? 0) + 1}.warc.gz`
}

/** The file of which one is the next revision; null when it is none. */
export function revisedFrom(file: string): string | null {
  const [, base, revision] = /^(.*)-r(\d+)\.warc\.gz$/.exec(file) ?? []
  if (base === undefined) return null
  return Number(revision) > 1 ? `${base}-r${Number(revision) - 1}.warc.gz` : `${base}.warc.gz`
}

/**
 * Writes the next revision of a file without the captures whose last response stands at one of the offsets in `drop`.
 * Records are copied byte for byte. The new file is on disk (fsync) when this returns.
 */
export async function rewriteWithout(
  folder: string,
  file: string,
  drop: ReadonlySet<number>,
): Promise<ReadonlyMap<number, WarcPointer>> {
  const records: RecordSpan[] = []
  await scanRecords(join(folder, file), (record) => records.push(record))
  const dropped = new Set(
    records.filter(({ offset }) => drop.has(offset)).map(({ fields }) => fields['warc-record-id']),
  )
  // The response of which a dropped record is the rendering.
  for (const { offset, fields } of records) {
    if (drop.has(offset) && fields['warc-type'] === 'conversion') dropped.add(fields['warc-refers-to'])
  }
  // A revisit without its body proves nothing; it goes with it.
  const bodies = new Set(
    records
      .filter(({ offset }) => drop.has(offset))
      .map(({ fields }) => `${fields['warc-target-uri']} ${fields['warc-date']}`),
  )
  for (const { fields } of records) {
    const refers = `${fields['warc-refers-to-target-uri']} ${fields['warc-refers-to-date']}`
    if (fields['warc-type'] === 'revisit' && bodies.has(refers)) dropped.add(fields['warc-record-id'])
  }
  const keeps = ({ fields }: RecordSpan): boolean =>
    !dropped.has(fields['warc-record-id']) &&
    (fields['warc-concurrent-to'] === undefined || !dropped.has(fields['warc-concurrent-to'])) &&
    !(fields['warc-type'] === 'conversion' && dropped.has(fields['warc-refers-to']))

  const name = nextRevision(file)
  const unfinished = join(folder, `${name}.part`)
  await rm(unfinished, { force: true })
  const from = await open(join(folder, file), 'r')
  const to = await open(unfinished, 'wx', 0o640)
  const moves = new Map<number, WarcPointer>()
  try {
    let at = 0
    for (const record of records.filter(keeps)) {
      await to.write(await readAt(from, record.offset, record.length))
      if (['response', 'conversion', 'resource'].includes(record.fields['warc-type'] ?? '')) {
        moves.set(record.offset, { file: name, offset: at, length: record.length })
      }
      at += record.length
    }
    await to.sync()
  } finally {
    await from.close()
    await to.close()
  }
  await rename(unfinished, join(folder, name))
  return moves
}
