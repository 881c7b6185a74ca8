import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { type Clock, iso } from '../clock.ts'
import type { ArchiveFile, ArchiveLink, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { revisedFrom } from './warc-file.ts'

/** The digest of a whole file, read in pieces. */
export async function digestFile(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<{ readonly digest: string; readonly bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk)
    bytes += chunk.length
    onBytes(chunk.length)
  }
  return { digest: `sha256:${hash.digest('hex')}`, bytes }
}

/** A file of which the store knows where it comes from. */
export type KnownFile = Pick<ArchiveFile, 'file' | 'origin' | 'begunAt' | 'who' | 'source'>

/**
 * The files of the archive that are no strangers: those that were recorded when they were begun or taken in, and, of
 * before there were such records, those that the chain names as the monitor's own.
 */
export async function knownFiles(store: Store): Promise<ReadonlyMap<string, KnownFile>> {
  const known = new Map<string, KnownFile>()
  for (const { file, reason, at, who } of await store.archiveChain.latest()) {
    const origin = reason === 'rewritten' || reason === 'taken-in' ? reason : 'written'
    if (origin === 'taken-in' && who === null) continue
    known.set(file, { file, origin, begunAt: at, who, source: null })
  }
  for (const one of await store.archiveFiles.all()) known.set(one.file, one)
  return known
}

/**
 * Links every finished file that has no link yet; called at the start, after collecting, after retention and at the end,
 * so that a crash leaves at worst a file without link for the next call. A file that differs from its link is left alone:
 * that is what the check finds. So is one that is on no record and to which no page points: somebody put it there, and the
 * check says so.
 */
export async function linkFinished(options: {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
}): Promise<readonly ArchiveLink[]> {
  const { store, archive, clock } = options
  const latest = new Map((await store.archiveChain.latest()).map((link) => [link.file, link]))
  const fresh = (await archive.files()).filter((file) => !latest.has(file))
  if (fresh.length === 0) return []
  const known = await knownFiles(store)
  const used = new Set(await store.pages.warcFiles())
  const added: ArchiveLink[] = []
  // Earlier revisions have the shorter name and come first.
  for (const file of fresh.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const record = known.get(file)
    if (!record && !used.has(file)) continue
    const { digest, bytes } = await digestFile(join(archive.folder, file))
    const original = latest.get(revisedFrom(file) ?? '')
    const isTakenIn = record?.origin === 'taken-in'
    const link = await store.archiveChain.add({
      ...{ file, bytes, digest, at: iso(clock.now()) },
      reason: isTakenIn ? 'taken-in' : original ? 'rewritten' : 'closed',
      previousDigest: isTakenIn ? null : (original?.digest ?? null),
      who: isTakenIn ? record.who : null,
    })
    if (link === null) continue
    latest.set(file, link)
    added.push(link)
  }
  return added
}

/** Says that retention takes a file away, and under whose limit; to be called before it does. */
export async function linkRemoved(options: {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
  readonly file: string
  readonly who: string
}): Promise<void> {
  const { store, archive, clock, file, who } = options
  const { digest, bytes } = await digestFile(join(archive.folder, file))
  const at = iso(clock.now())
  await store.archiveChain.add({ file, bytes, digest, at, reason: 'removed', previousDigest: null, who })
}
