import { constants, existsSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { WARCParser, type WARCRecord } from 'warcio'
import type { Clock } from '../clock.ts'
import { Fatal, Skip } from '../errors.ts'
import type { Instant, WarcPointer } from '../model.ts'
import { openForReading, openNameOf, repairLeft } from './archive-files.ts'
import { decodeContent } from './content-encoding.ts'
import type { Fetched, HeaderList } from './http-client.ts'
import { inflateRecord, nextRevision, readAt, rewriteWithout } from './warc-file.ts'
import {
  captureRecords,
  digestOf,
  type EarlierRecord,
  infoRecord,
  isDocument,
  type Resource,
  resourceRecords,
} from './warc-records.ts'

/** Nothing larger was ever archived: the limits of the HTTP client lie far below. */
const MOST_RECORD_BYTES = 256 * 1024 * 1024

export interface ArchivedResponse {
  readonly url: string
  readonly status: number
  readonly headers: HeaderList
  /** Content-encoding removed. */
  readonly body: Uint8Array
  readonly recordedAt: Instant
}

/** WARC 1.1 files (ISO 28500:2017), gzip per record, SHA-256 digests, bytes as received. */
export interface Archive {
  /**
   * Writes request and response records of all hops and returns once they are on disk (fsync). When the bytes are those
   * of `earlier`, or the answer is 304, the last response becomes a `revisit` record and the pointer is that of the earlier one.
   */
  readonly append: (fetched: Fetched, earlier?: EarlierRecord | null) => Promise<WarcPointer>
  /**
   * Writes bytes that no server was asked for (a file that a person brought) as a `resource` record (WARC 1.1, 6.4) and
   * returns once they are on disk.
   */
  readonly appendResource: (resource: Resource) => Promise<WarcPointer>
  readonly read: (pointer: WarcPointer) => Promise<ArchivedResponse>
  /** Finished files, oldest first. */
  readonly files: () => Promise<readonly string[]>
  /**
   * Copies a finished file without the captures whose last response `drop` names by its offset (their requests and
   * redirects go too). The original stays until `remove`, so that pointers can be moved in between.
   * @returns where each remaining response stands now, by its old offset
   */
  readonly rewrite: (file: string, drop: ReadonlySet<number>) => Promise<ReadonlyMap<number, WarcPointer>>
  readonly remove: (file: string) => Promise<void>
  /** Closes the file being written; the next append begins a new one. */
  readonly rotate: () => Promise<void>
  readonly close: () => Promise<void>
  readonly folder: string
  /** Files repaired at opening and how many bytes of a torn tail were set aside. */
  readonly repaired: readonly { readonly file: string; readonly tornBytes: number }[]
}

/** Records that wait to be written; the main one is the last `mainLength` bytes. */
interface Waiting {
  readonly bytes: Buffer
  readonly mainLength: number
  readonly resolve: (pointer: WarcPointer) => void
  readonly reject: (error: unknown) => void
}

export interface ArchiveOptions {
  readonly folder: string
  readonly clock: Clock
  /** Stands in the warcinfo record. */
  readonly software: string
  /** A file is closed once it is larger. */
  readonly maxFileBytes?: number
  /** Told of each file before its first byte is written. */
  readonly begun?: (file: string, origin: 'written' | 'rewritten') => Promise<void>
}

/**
 * Opens the archive. A file that a process left unfinished when it died is cut after its last whole record; what is cut
 * off is kept beside it (`.torn`) and reported. A file that another living process writes is left alone.
 * @throws Fatal `archive.unwritable`
 */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  const { folder, clock } = options
  const maxFileBytes = options.maxFileBytes ?? 512 * 1024 * 1024
  let current: { name: string; handle: FileHandle; size: number } | null = null
  let serial = 0
  let chain: Promise<unknown> = Promise.resolve()
  const waiting: Waiting[] = []
  let flushAsked = false

  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new Fatal(`The archive folder ${folder} cannot be made`, {
      code: 'archive.unwritable',
      remedy: 'Give the monitor a folder that it may write to (MONITOR_DATA).',
      cause: error,
    })
  }
  const repaired = await repairLeft(folder)

  const begin = async () => {
    const stamp = clock.now().toISOString().replace(/\D/g, '').slice(0, 14)
    for (;;) {
      serial += 1
      // With the process id, so that two processes never give one name.
      const name = `monitor-${stamp}-${String(serial).padStart(5, '0')}-${process.pid}.warc.gz`
      if (existsSync(join(folder, name))) continue
      await options.begun?.(name, 'written')
      const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND
      let handle: FileHandle
      try {
        handle = await open(join(folder, openNameOf(name)), flags, 0o640)
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue
        throw error
      }
      const bytes = await infoRecord(name, clock.now(), options.software)
      await handle.write(bytes)
      current = { name, handle, size: bytes.length }
      return current
    }
  }

  const finish = async (): Promise<void> => {
    const file = current
    if (!file) return
    current = null
    await file.handle.sync()
    await file.handle.close()
    await rename(join(folder, openNameOf(file.name)), join(folder, file.name))
  }

  /** One at a time, in the order asked. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = chain.then(work)
    chain = result.catch(() => undefined)
    return result
  }

  /** As many of those that wait as the file takes before it is full. */
  const nextGroup = (size: number): readonly Waiting[] => {
    let end = size
    const full = waiting.findIndex(({ bytes }) => {
      end += bytes.length
      return end >= maxFileBytes
    })
    return waiting.splice(0, full < 0 ? waiting.length : full + 1)
  }

  /** One write and one fsync serve all who wait: whoever comes while they run shares the next. */
  const flush = async (): Promise<void> => {
    flushAsked = false
    let group: readonly Waiting[] = []
    try {
      if (current && current.size >= maxFileBytes) await finish()
      const file = current ?? (await begin())
      group = nextGroup(file.size)
      await writeWhole(
        file.handle,
        group.map(({ bytes }) => bytes),
        file.size,
      )
      const pointers: WarcPointer[] = []
      for (const { bytes, mainLength } of group) {
        file.size += bytes.length
        pointers.push({ file: file.name, offset: file.size - mainLength, length: mainLength })
      }
      await file.handle.datasync()
      for (const [at, { resolve }] of group.entries()) resolve(pointers[at] as WarcPointer)
    } catch (error) {
      for (const { reject } of group.length > 0 ? group : waiting.splice(0)) reject(error)
    }
    if (waiting.length > 0) askFlush()
  }

  const askFlush = (): void => {
    if (flushAsked) return
    flushAsked = true
    void inTurn(flush)
  }

  const readRecord = async (pointer: WarcPointer): Promise<WARCRecord> => {
    const handle = await openForReading(folder, pointer.file)
    try {
      const plain = inflateRecord(await readAt(handle, pointer.offset, pointer.length), MOST_RECORD_BYTES)
      const record = await WARCParser.parse([plain], { keepHeadersCase: true })
      if (!record || !(record.httpHeaders || isDocument(record))) throw noRecord(pointer)
      return record
    } finally {
      await handle.close()
    }
  }

  /** Appends records and returns once they are on disk; points at the last, `mainLength` bytes long. */
  const write = (bytes: Buffer, mainLength: number): Promise<WarcPointer> =>
    new Promise((resolve, reject) => {
      waiting.push({ bytes, mainLength, resolve, reject })
      askFlush()
    })

  const append: Archive['append'] = async (fetched, earlier = null) => {
    // A page may be the same while its bytes on the wire are not: only identical payloads are revisits.
    const isNotModified = fetched.status === 304
    const same =
      earlier &&
      (isNotModified || (await readRecord(earlier.warc)).warcPayloadDigest === digestOf(fetched.last.wireBody))
    const unchanged = same ? earlier : null
    const parts = await captureRecords(fetched, unchanged)
    // The record that holds the text stands last.
    const pointer = await write(Buffer.concat(parts), parts.at(-1)?.length ?? 0)
    return unchanged && !fetched.rendered ? unchanged.warc : pointer
  }

  const appendResource: Archive['appendResource'] = async (resource) => {
    const parts = await resourceRecords(resource)
    return write(Buffer.concat(parts), parts.at(-1)?.length ?? 0)
  }

  const read: Archive['read'] = async (pointer) => {
    const record = await readRecord(pointer)
    const url = record.warcTargetURI ?? ''
    const recordedAt = new Date(record.warcDate ?? 0).toISOString()
    if (isDocument(record)) {
      // Only pages that answered 200 are shown in a browser or brought in by hand.
      const headers: HeaderList = [['content-type', record.warcContentType ?? '']]
      return { url, status: 200, headers, body: await record.readFully(false), recordedAt }
    }
    const headers = [...(record.httpHeaders?.headers.entries() ?? [])]
    const encoding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1] ?? null
    return {
      url,
      status: Number(record.httpHeaders?.statusCode),
      headers,
      body: await decodeContent(await record.readFully(false), encoding, MOST_RECORD_BYTES, url),
      recordedAt,
    }
  }

  return {
    append,
    appendResource,
    read,
    files: async () => (await readdir(folder)).filter((name) => name.endsWith('.warc.gz')).sort(),
    rewrite: async (file, drop) => {
      await options.begun?.(nextRevision(file), 'rewritten')
      return rewriteWithout(folder, file, drop)
    },
    remove: (file) => rm(join(folder, file)),
    rotate: () => inTurn(finish),
    close: () => inTurn(finish),
    folder,
    repaired,
  }
}

/** Appends all of `blocks`, or leaves the file as it was. @throws Fatal `archive.write` */
async function writeWhole(handle: FileHandle, blocks: readonly Buffer[], size: number): Promise<void> {
  const length = blocks.reduce((sum, block) => sum + block.length, 0)
  try {
    const { bytesWritten } = await handle.writev(blocks)
    if (bytesWritten !== length) throw new Error(`only ${bytesWritten} of ${length} bytes were written`)
  } catch (error) {
    await handle.truncate(size)
    throw new Fatal(`The archive cannot be written: ${error instanceof Error ? error.message : String(error)}`, {
      code: 'archive.write',
      remedy: 'Free space on the disk of the data folder (or repair it), then start again: nothing was lost.',
      cause: error,
    })
  }
}

const noRecord = (pointer: WarcPointer): Skip =>
  new Skip(`${pointer.file} holds no response at ${pointer.offset}`, {
    code: 'archive.no-record',
    remedy: 'The file was changed or damaged: restore it from a backup.',
  })
