import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { type Clock, iso } from '../clock.ts'
import type { ArchiveLink, LinkReason, Store } from '../store/store.ts'
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

/**
 * Links every finished file that has no link yet; called at the start, after collecting, after retention and at the end,
 * so that a crash leaves at worst a file without link for the next call. A file that differs from its link is left alone:
 * that is what the check finds.
 * @param reason of files that are no rewriting of another and that this process did not repair
 */
export async function linkFinished(options: {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
  readonly reason: Extract<LinkReason, 'closed' | 'taken-in'>
}): Promise<readonly ArchiveLink[]> {
  const { store, archive, clock, reason } = options
  const latest = new Map((await store.archiveChain.latest()).map((link) => [link.file, link]))
  const repaired = new Set(archive.repaired.map(({ file }) => file))
  const added: ArchiveLink[] = []
  // Earlier revisions have the shorter name and come first.
  for (const file of (await archive.files()).toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    if (latest.has(file)) continue
    const { digest, bytes } = await digestFile(join(archive.folder, file))
    const original = latest.get(revisedFrom(file) ?? '')
    const link = await store.archiveChain.add({
      ...{ file, bytes, digest, at: iso(clock.now()) },
      reason: original ? 'rewritten' : repaired.has(file) ? 'closed' : reason,
      previousDigest: original?.digest ?? null,
    })
    if (link === null) continue
    latest.set(file, link)
    added.push(link)
  }
  return added
}

/** Says that retention takes a file away; to be called before it does. */
export async function linkRemoved(store: Store, archive: Archive, clock: Clock, file: string): Promise<void> {
  const { digest, bytes } = await digestFile(join(archive.folder, file))
  const at = iso(clock.now())
  await store.archiveChain.add({ file, bytes, digest, at, reason: 'removed', previousDigest: null })
}
