import { type FileHandle, open } from 'node:fs/promises'
import { constants, crc32, gunzipSync, inflateRawSync } from 'node:zlib'

/** gzip header without optional fields, as node:zlib writes it (RFC 1952, 2.3). */
const GZIP_HEADER = 10
const GZIP_TRAILER = 8
const WINDOW = 4 * 1024 * 1024

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
 * The records of a file from its start to the first that is cut or damaged, and where that one begins (the size of the
 * file when all are whole). Reads in windows: memory is bounded by the largest record.
 */
export async function scanRecords(
  path: string,
  visit: (record: RecordSpan) => void,
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
        visit({ offset, length: found.length, fields })
        offset += found.length
        continue
      }
      const sawEnd = windowAt + window.length >= size
      if (inWindow.length > 0 && sawEnd) break
      // The record may go on beyond the window: look again from its start, further if that was seen already.
      if (windowAt === offset && inWindow.length > 0) windowBytes *= 2
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
