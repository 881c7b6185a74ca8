import { join } from 'node:path'
import { type Clock, iso } from '../clock.ts'
import type { Page } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { digestFile, linkRemoved } from './archive-chain.ts'
import { nextRevision } from './warc-file.ts'

export interface RetentionResult {
  /** Pages whose bytes were dropped. */
  readonly dropped: number
  /** Archive files that were written anew. */
  readonly files: number
}

const DAY = 86_400_000
const BATCH = 2000

/**
 * Drops the archived bytes of pages whose article is irrelevant and was first seen more than `days` ago. Rows, versions
 * and assessments stay. A file is copied without them first, then the pointers move in one transaction; the old file
 * goes at the next run, when nobody can be about to read it. A crash at any point leaves every pointer readable.
 */
export async function dropIrrelevant(options: {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
  readonly days: number
}): Promise<RetentionResult> {
  const { store, archive, clock, days } = options
  await removeLeftovers(store, archive, clock)
  const before = iso(new Date(clock.now().getTime() - days * DAY))
  let dropped = 0
  let files = 0
  const skipped = new Set<string>()
  for (;;) {
    const pages = (await store.pages.droppable(before, BATCH)).filter(({ warc }) => warc && !skipped.has(warc.file))
    if (pages.length === 0) return { dropped, files }
    const finished = new Set(await archive.files())
    const digests = new Map((await store.archiveChain.latest()).map(({ file, digest }) => [file, digest]))
    for (const [file, ofFile] of Map.groupBy(pages, ({ warc }) => warc?.file ?? '')) {
      // The file being written waits for the next run, and one whose copy still stands beside it.
      if (!finished.has(file) || finished.has(nextRevision(file))) skipped.add(file)
      // What was tampered with is evidence, not to be written anew; the check of the archive names it.
      else if (await isAltered(archive, file, digests.get(file))) skipped.add(file)
      else {
        await rewrite(store, archive, file, ofFile)
        dropped += ofFile.length
        files += 1
      }
    }
  }
}

async function isAltered(archive: Archive, file: string, digest: string | undefined): Promise<boolean> {
  return digest !== undefined && (await digestFile(join(archive.folder, file))).digest !== digest
}

async function rewrite(store: Store, archive: Archive, file: string, unwanted: readonly Page[]): Promise<void> {
  const ids = new Set(unwanted.map(({ id }) => id))
  const all = await store.pages.inWarcFile(file)
  // An unchanged page shares the record of the earlier one: it is kept as long as one of them is wanted.
  const wanted = new Set(all.filter(({ id }) => !ids.has(id)).map(({ warc }) => warc?.offset))
  const drop = new Set(unwanted.flatMap(({ warc }) => (warc !== null && !wanted.has(warc.offset) ? [warc.offset] : [])))
  const moves = await archive.rewrite(file, drop)
  const moved = all.map(({ id, warc }) => ({
    id,
    warc: ids.has(id) || warc === null ? null : (moves.get(warc.offset) ?? null),
  }))
  await store.transaction((inner) => inner.pages.moveWarc(moved))
}

/** Of a file and its next revision, the one that no page points to goes; the chain of digests says so first. */
async function removeLeftovers(store: Store, archive: Archive, clock: Clock): Promise<void> {
  const files = new Set(await archive.files())
  for (const file of files) {
    const revision = nextRevision(file)
    if (!files.has(revision)) continue
    const unused = await firstUnused(store, [file, revision])
    if (unused === null) continue
    await linkRemoved(store, archive, clock, unused)
    await archive.remove(unused)
  }
}

async function firstUnused(store: Store, files: readonly string[]): Promise<string | null> {
  for (const file of files) if ((await store.pages.inWarcFile(file)).length === 0) return file
  return null
}
