import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError, RetryLater, Skip } from '../errors.ts'
import type { Instant, Page } from '../model.ts'
import { CHAIN_START, chainOf } from '../store/archive-chain.ts'
import type { ArchiveLink, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { digestFile, type KnownFile, knownFiles } from './archive-chain.ts'
import { finishedNameOf } from './archive-files.ts'
import { recordFault } from './warc-digests.ts'
import { scanRecords } from './warc-file.ts'

export type ArchiveFaultKind =
  /** A link of the chain does not follow from those before it, or one is missing. */
  | 'chain'
  /** A file that the chain names is not there. */
  | 'missing'
  /** A file is not what it was when it was linked. */
  | 'altered'
  /** A file of which the chain knows nothing yet, or that retention was to remove. */
  | 'unlinked'
  /** A file that neither the monitor began nor a person had taken in: somebody put it there. */
  | 'foreign'
  /** A record cannot be read, and what follows in its file cannot be reached from the start. */
  | 'damaged'
  /** A record's content is not that of its digest. */
  | 'digest'
  /** A page of the store points to where no record of a page begins. */
  | 'pointer'
  /** A page's record holds other bytes than the store says. */
  | 'content'

export interface ArchiveFault {
  readonly kind: ArchiveFaultKind
  /** The file, or `#<seq>` of the link. */
  readonly file: string
  /** Of the record, bytes. */
  readonly offset: number | null
  /** Of the record, as far as store or file tell. */
  readonly url: string | null
  readonly detail: string
}

export interface ArchiveCheck {
  readonly links: number
  readonly files: number
  /** Being written: their whole records are checked, their end is not. */
  readonly open: number
  readonly records: number
  /** Pages whose pointers were looked up. */
  readonly pages: number
  /** Pages whose bytes were read back and compared. */
  readonly read: number
  /** Files that people had copied here from elsewhere. */
  readonly takenIn: readonly KnownFile[]
  /** Files that retention removed, when, and under whose limit. */
  readonly removed: readonly { readonly file: string; readonly at: Instant; readonly who: string | null }[]
  readonly faults: readonly ArchiveFault[]
  /** The last value of the chain: noted elsewhere, it proves all before it. */
  readonly chain: string
}

export interface ArchiveCheckOptions {
  readonly store: Store
  readonly archive: Archive
  /** Every page is read back; else some of each file. */
  readonly all: boolean
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void
}

const LINKS = 1000
/** Pages of a file that are read back when not all are. */
const SAMPLE = 20

/**
 * Compares the archive with its chain of digests, its records with their own digests, and the pages of the store with
 * their records. Files are read one after the other, records one at a time.
 */
export async function checkArchive(options: ArchiveCheckOptions): Promise<ArchiveCheck> {
  const { store, archive, all, onProgress = () => undefined } = options
  const faults: ArchiveFault[] = []
  const fault = (
    kind: ArchiveFaultKind,
    file: string,
    detail: string,
    offset: number | null = null,
    url = '',
  ): void => {
    faults.push({ kind, file, offset, url: url === '' ? null : url, detail })
  }
  const { latest, links, chain } = await checkChain(store, fault)

  const records = await knownFiles(store)
  const used = new Set(await store.pages.warcFiles())
  const isKnown = (file: string): boolean => records.has(file) || used.has(file)
  const present: string[] = []
  for (const name of (await readdir(archive.folder)).sort()) {
    // Beside a file stand what a crash tore off it, and its copy while retention makes it.
    const file = finishedNameOf(name) ?? finishedNameOf(name.replace(/\.(?:torn|part)$/, ''))
    if (file !== null && isKnown(file)) {
      if (finishedNameOf(name) !== null) present.push(name)
      continue
    }
    const bytes = (await stat(join(archive.folder, name))).size
    const link = latest.get(name)
    fault('foreign', name, link ? `${bytes} bytes, found at a start on ${link.at}` : `${bytes} bytes`)
  }
  const sizes = new Map<string, number>()
  for (const name of present) sizes.set(name, (await stat(join(archive.folder, name))).size)
  // Each file is read twice: as a whole and record by record.
  const total = 2 * [...sizes.values()].reduce((sum, size) => sum + size, 0)
  let done = 0
  const advance = (bytes: number): void => {
    done += bytes
    onProgress(done, total)
  }

  const there = new Set(present.map((name) => finishedNameOf(name) ?? name))
  for (const { file, reason } of latest.values()) {
    if (reason !== 'removed' && isKnown(file) && !there.has(file)) fault('missing', file, 'the chain names it')
  }
  for (const file of used) {
    if (!there.has(file) && !latest.has(file)) fault('missing', file, 'pages point to it')
  }

  let [recordCount, pages, read, open] = [0, 0, 0, 0]
  for (const name of present) {
    const file = finishedNameOf(name) ?? name
    const isOpen = file !== name
    const path = join(archive.folder, name)
    const pointing = Map.groupBy(await store.pages.inWarcFile(file), ({ warc }) => warc?.offset ?? -1)
    const urlAt = (offset: number): string => pointing.get(offset)?.[0]?.url ?? ''
    if (isOpen) open += 1
    else {
      const link = latest.get(file)
      const { digest, bytes } = await digestFile(path, advance)
      if (!link) fault('unlinked', file, `${bytes} bytes, ${digest}`)
      else if (link.digest !== digest) {
        fault('altered', file, `was ${link.bytes} bytes, ${link.digest}; is ${bytes} bytes, ${digest}`)
      } else if (link.reason === 'removed') fault('unlinked', file, 'retention was to remove it')
    }
    /** Where pages may point: the length of the record by its offset. */
    const lengths = new Map<number, number>()
    const { goodBytes, size } = await scanRecords(path, (record, content) => {
      recordCount += 1
      advance(record.length)
      const { offset, fields } = record
      if (pointsHere(fields['warc-type'])) lengths.set(offset, record.length)
      const wrong = recordFault(fields, content)
      if (wrong !== null) fault('digest', file, wrong, offset, fields['warc-target-uri'] ?? '')
    })
    if (goodBytes < size && !isOpen) fault('damaged', file, `${size - goodBytes} bytes`, goodBytes, urlAt(goodBytes))
    let left = all ? Number.POSITIVE_INFINITY : SAMPLE
    for (const [offset, ofRecord] of pointing) {
      pages += ofRecord.length
      const wrong = ofRecord.find(({ warc }) => warc?.length !== lengths.get(offset))
      const isBehindDamage = offset >= goodBytes && goodBytes < size
      if (wrong && !isBehindDamage) {
        fault('pointer', file, 'no page begins there', offset, wrong.url)
        continue
      }
      for (const page of ofRecord) {
        if (left <= 0) break
        left -= 1
        read += 1
        const problem = await contentFault(archive, page)
        if (problem !== null) fault('content', file, problem, offset, page.url)
      }
    }
  }
  const takenIn = [...records.values()].filter(({ file, origin }) => origin === 'taken-in' && there.has(file))
  const removed = [...latest.values()]
    .filter(({ file, reason }) => reason === 'removed' && !there.has(file))
    .map(({ file, at, who }) => ({ file, at, who }))
  const figures = { links, files: present.length - open, open, records: recordCount, pages, read }
  return { ...figures, takenIn, removed, faults, chain }
}

const pointsHere = (type: string | undefined): boolean =>
  type === 'response' || type === 'conversion' || type === 'resource'

async function checkChain(
  store: Store,
  fault: (kind: ArchiveFaultKind, file: string, detail: string) => void,
): Promise<{ latest: ReadonlyMap<string, ArchiveLink>; links: number; chain: string }> {
  const latest = new Map<string, ArchiveLink>()
  let chain = CHAIN_START
  let seq = 0
  for (;;) {
    const batch = await store.archiveChain.after(seq, LINKS)
    for (const link of batch) {
      const before = latest.get(link.file)
      if (link.seq !== seq + 1) fault('chain', `#${seq + 1}`, `the link before #${link.seq} is missing`)
      if (link.chain !== chainOf(chain, link)) fault('chain', `#${link.seq}`, link.file)
      if (before && before.digest !== link.digest) {
        fault('altered', link.file, `link #${before.seq} says ${before.digest}, link #${link.seq} ${link.digest}`)
      }
      latest.set(link.file, link)
      // From here on as written: one broken link is one fault.
      chain = link.chain
      seq = link.seq
    }
    if (batch.length < LINKS) return { latest, links: seq, chain }
  }
}

/** Whether the record that a page points to gives its bytes. */
async function contentFault(archive: Archive, page: Page): Promise<string | null> {
  if (page.warc === null) return null
  try {
    const { body } = await archive.read(page.warc)
    // A page that had not changed (304) has no bytes of its own.
    if (page.status === 304) return null
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
    return digest === page.digest ? null : `the store says ${page.digest}, the record gives ${digest}`
  } catch (error) {
    // Also what zlib and the parser say of damaged bytes: all of it is the finding.
    const known = error instanceof Skip || error instanceof RetryLater
    return known ? describeError(error).message : `cannot be read: ${String(error)}`
  }
}
