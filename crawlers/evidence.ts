import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, iso } from '../clock.ts'
import { describeError, Fatal, RetryLater, Skip } from '../errors.ts'
import type { Outlet } from '../model.ts'
import type { DueEvidence, EvidenceFile, EvidenceTaken, Store } from '../store/store.ts'
import type { Collector } from './collect.ts'
import { lowDisk, noContact, type Stopped } from './free-space.ts'
import { digestOf } from './http-client.ts'

/** Pictures (PNG) and prints (PDF) of the pages of sensitive articles, one of each for every version. */

export type EvidenceFormat = 'png' | 'pdf'
export const EVIDENCE_FORMATS: readonly EvidenceFormat[] = ['png', 'pdf']

/** A picture says what a page showed at its time: one taken long after a version was read says nothing about it. */
const LATEST_MS = 7 * 86_400_000
/** After the first attempt, after the second; the third is the last. Longer than any attempt takes. */
const PAUSES_MS = [30 * 60_000, 3 * 3_600_000]
/** A run is short, so that its hosts are soon free for collecting. */
const PER_RUN = 5
/** Begins nothing new after so long: a start of the monitor waits for the first run. */
const BUDGET_MS = 60_000
const MOST_BYTES = 60 * 1024 * 1024
const LIST_BATCH = 500

export interface EvidenceResult {
  readonly taken: number
  /** Tried again later. */
  readonly failed: number
  /** For good: refused by the site, or tried too often. */
  readonly givenUp: number
  readonly problems: readonly { readonly url: string; readonly code: string; readonly message: string }[]
  readonly stopped: Stopped | null
}

export interface EvidenceOptions {
  readonly store: Store
  readonly outlets: readonly Outlet[]
  /** Null: there is no browser. */
  readonly picture: Collector['picture']
  readonly clock: Clock
  /** See `evidenceFolder`. */
  readonly folder: string
  readonly contact: string | null
  readonly minFreeBytes: number
  readonly signal?: AbortSignal | undefined
  /** Pages at most; 5. */
  readonly limit?: number
}

export const evidenceFolder = (dataFolder: string): string => join(dataFolder, 'evidence')

/** Where a file stands, relative to the folder. Article ids are hexadecimal; anything else names no file. */
export function evidenceFile(articleId: string, version: number, format: EvidenceFormat): string {
  if (!/^[0-9a-z-]{1,64}$/.test(articleId) || !Number.isSafeInteger(version) || version < 1)
    throw new TypeError(`no file is named after version ${version} of the article ${JSON.stringify(articleId)}`)
  return join(articleId, `${version}.${format}`)
}

/**
 * Takes the pictures that are due, one page after the other; what fails is on record and tried three times.
 * @throws Fatal when store or disk cannot be written
 */
export async function takeEvidence(options: EvidenceOptions): Promise<EvidenceResult> {
  const { store, picture, clock, folder, signal, limit = PER_RUN } = options
  const counts = { taken: 0, failed: 0, givenUp: 0 }
  const problems: { url: string; code: string; message: string }[] = []
  const outlets = new Map(options.outlets.map((outlet) => [outlet.id, outlet]))
  const result = (stopped: Stopped | null): EvidenceResult => ({ ...counts, problems, stopped })
  if (options.contact === null) return result(noContact)
  if (picture === null) return result(noBrowser)
  await mkdir(folder, { recursive: true })

  const start = clock.now()
  const since = iso(new Date(start.getTime() - LATEST_MS))
  for (const due of await store.evidence.due(iso(start), since, limit)) {
    if (signal?.aborted || clock.now().getTime() - start.getTime() > BUDGET_MS) break
    const stopped = await lowDisk(folder, options.minFreeBytes)
    if (stopped) return result(stopped)
    const key = { articleId: due.article.id, version: due.article.version }
    const now = clock.now()
    const next = retryAt(now, due.attempts)
    if (!(await store.evidence.begin(key, iso(now), next))) continue
    try {
      const outlet = outlets.get(due.article.outletId)
      if (!outlet) throw notFollowed(due)
      const { png, pdf, finalUrl, at } = await picture(outlet, due.page.url, signal)
      if (png.length + pdf.length > MOST_BYTES) throw tooLarge(due, png.length + pdf.length)
      const files = { png: await write(folder, key, 'png', png), pdf: await write(folder, key, 'pdf', pdf) }
      await store.evidence.taken({ ...key, takenAt: iso(at), finalUrl, ...files })
      counts.taken += 1
    } catch (error) {
      if (signal?.aborted) {
        await store.evidence.release(key, iso(clock.now()))
        break
      }
      if (!(error instanceof Skip) && !(error instanceof RetryLater)) throw error
      const { code, message } = describeError(error)
      const nextAt = error instanceof Skip ? null : next
      await store.evidence.failed(key, { code, message, at: iso(clock.now()) }, nextAt)
      counts[nextAt === null ? 'givenUp' : 'failed'] += 1
      problems.push({ url: due.page.url, code, message })
    }
  }
  return result(null)
}

const retryAt = (now: Date, attemptsBefore: number): string | null => {
  const pause = PAUSES_MS[attemptsBefore]
  return pause === undefined ? null : iso(new Date(now.getTime() + pause))
}

/** The whole file or none, on the disk before the store names it; what a crash left is written over. */
async function write(
  folder: string,
  { articleId, version }: Pick<EvidenceTaken, 'articleId' | 'version'>,
  format: EvidenceFormat,
  bytes: Uint8Array,
): Promise<EvidenceFile> {
  const file = join(folder, evidenceFile(articleId, version, format))
  const part = `${file}.${process.pid}.part`
  try {
    await mkdir(join(folder, articleId), { recursive: true })
    const handle = await open(part, 'w', 0o640)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, file)
  } catch (cause) {
    await rm(part, { force: true })
    throw new Fatal(`${file} cannot be written: ${describeError(cause).message}`, {
      code: 'evidence.cannot-write',
      remedy: 'Give the monitor the right to write in its data folder, and free space on its disk.',
      cause,
    })
  }
  return { digest: digestOf(bytes), bytes: bytes.length }
}

export interface EvidenceFault {
  readonly articleId: string
  readonly version: number
  /** Relative to the folder. */
  readonly file: string
  readonly fault: 'missing' | 'altered'
}

/**
 * Compares every file that the store names with its SHA-256.
 * @param folder as `evidenceFolder` gives it
 */
export async function verifyEvidence(
  store: Pick<Store, 'evidence'>,
  folder: string,
): Promise<{ readonly files: number; readonly faults: readonly EvidenceFault[] }> {
  const faults: EvidenceFault[] = []
  let files = 0
  for (let after: EvidenceTaken | null = null; ; ) {
    const batch: readonly EvidenceTaken[] = await store.evidence.list(after, LIST_BATCH)
    for (const taken of batch) {
      const { articleId, version } = taken
      for (const format of EVIDENCE_FORMATS) {
        files += 1
        const file = evidenceFile(articleId, version, format)
        const digest = await digestOfFile(join(folder, file))
        if (digest === taken[format].digest) continue
        faults.push({ articleId, version, file, fault: digest === null ? 'missing' : 'altered' })
      }
    }
    after = batch.at(-1) ?? null
    if (after === null) return { files, faults }
  }
}

/** Null when there is no such file. */
async function digestOfFile(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return `sha256:${hash.digest('hex')}`
}

const noBrowser: Stopped = {
  code: 'browser.missing',
  message: 'No pictures are taken: there is no Chromium',
  remedy:
    'Install Chromium (Debian, Ubuntu: apt install chromium) or name one in MONITOR_CHROMIUM; or MONITOR_EVIDENCE=false.',
}

const notFollowed = ({ article }: DueEvidence): Skip =>
  new Skip(`the outlet ${article.outletId} is not followed any more`, {
    code: 'outlet.unknown',
    remedy: 'Nothing to do unless the outlet should be followed: then add it to the profile.',
  })

const tooLarge = ({ page }: DueEvidence, bytes: number): Skip =>
  new Skip(`the pictures of ${page.url} are larger than ${MOST_BYTES} bytes (${bytes})`, {
    code: 'evidence.too-large',
    remedy: 'Nothing to do: the page itself stands in the archive.',
  })
