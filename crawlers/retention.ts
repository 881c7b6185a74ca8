import { join } from 'node:path'
import { type Clock, iso } from '../clock.ts'
import type { Instant, Page } from '../model.ts'
import type { Forgotten, PageKind, PageLimits, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { digestFile, knownFiles, linkRemoved } from './archive-chain.ts'
import { type LimitInForce, type LimitName, valuesOf } from './limits.ts'
import { nextRevision } from './warc-file.ts'

export interface RetentionResult {
  /** Nothing was removed: these are what would be. */
  readonly dryRun: boolean
  /** Pages whose archived bytes were dropped, and their compressed size, by what they were kept for. */
  readonly pages: Readonly<Record<PageKind, { readonly pages: number; readonly bytes: number }>>
  /** Archive files written anew without them, and those that went as a whole. */
  readonly files: { readonly rewritten: number; readonly removed: readonly string[] }
  readonly versions: number
  readonly logs: Forgotten
}

const DAY = 86_400_000
const BATCH = 2000
/** Where a limit is nobody's but the configuration's. */
export const BY_CONFIGURATION = 'configuration'

export interface RetentionOptions {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
  readonly limits: readonly LimitInForce[]
  readonly dryRun?: boolean
}

/**
 * Takes away what its limit lets go: archived bytes, versions in between, logs. Rows of articles, the first and the last
 * version and what a stored summary, report or alert cites stay. The chain of digests keeps a link of each archive file
 * that goes, with when and under whose limit.
 */
export async function retain(options: RetentionOptions): Promise<RetentionResult> {
  const { store, clock, limits, dryRun = false } = options
  const values = valuesOf(limits)
  const now = clock.now()
  const ago = (days: number): Instant => iso(new Date(now.getTime() - days * DAY))
  const agoOrNever = (days: number | null): Instant | null => (days === null ? null : ago(days))
  // What may not be switched off is never null.
  const logBefore = (name: LimitName): Instant => ago(values[name] ?? Number.POSITIVE_INFINITY)
  const pageLimits: PageLimits = {
    irrelevant: agoOrNever(values.irrelevantArchiveDays),
    relevant: agoOrNever(values.relevantArchiveDays),
    cited: agoOrNever(values.citedArchiveDays),
  }
  const versionLimits = { before: agoOrNever(values.versionDays), keepNewest: values.versionsKept ?? 0 }
  const logs = {
    actions: logBefore('actionsDays'),
    visits: logBefore('visitsDays'),
    frontier: logBefore('frontierDays'),
    runs: logBefore('runsDays'),
  }
  await store.retention.markCited()
  const pages = await store.retention.pageTotals(pageLimits)
  if (dryRun) {
    const versions = await store.retention.countVersions(versionLimits)
    return { dryRun, pages, files: { rewritten: 0, removed: [] }, versions, logs: await store.logLimits.count(logs) }
  }
  const removed = await removeUnused(options, pageLimits)
  const { kept, rewritten } = await dropPages(options, pageLimits)
  let versions = 0
  const who = whoLimits(limits, 'versionDays')
  for (let dropped = BATCH; dropped === BATCH; versions += dropped) {
    dropped = await store.retention.dropVersions(versionLimits, who, iso(now), BATCH)
  }
  const dropped = less(pages, kept)
  return { dryRun, pages: dropped, files: { rewritten, removed }, versions, logs: await store.logLimits.forget(logs) }
}

/** Who answers for what goes under a limit. */
export const whoLimits = (limits: readonly LimitInForce[], name: LimitName): string =>
  limits.find((limit) => limit.name === name)?.setBy?.who ?? BY_CONFIGURATION

type Totals = RetentionResult['pages']

const less = (all: Totals, kept: Totals): Totals => ({
  irrelevant: minus(all.irrelevant, kept.irrelevant),
  relevant: minus(all.relevant, kept.relevant),
  cited: minus(all.cited, kept.cited),
})
const minus = (all: Totals[PageKind], kept: Totals[PageKind]): Totals[PageKind] => ({
  pages: all.pages - kept.pages,
  bytes: all.bytes - kept.bytes,
})

/**
 * Drops archived bytes. A file is copied without them first, then the pointers move in one transaction; the old file
 * goes at the next run, when nobody can be about to read it. A crash at any point leaves every pointer readable.
 */
async function dropPages(
  { store, archive }: RetentionOptions,
  limits: PageLimits,
): Promise<{ kept: Totals; rewritten: number }> {
  let rewritten = 0
  const skipped = new Set<string>()
  for (let looked = BATCH; ; looked += BATCH) {
    const pages = (await store.retention.pages(limits, looked)).filter(({ warc }) => warc && !skipped.has(warc.file))
    if (pages.length === 0) {
      const kept = await store.retention.pageTotals(limits)
      return { kept, rewritten }
    }
    const finished = new Set(await archive.files())
    const digests = new Map((await store.archiveChain.latest()).map(({ file, digest }) => [file, digest]))
    for (const [file, ofFile] of Map.groupBy(pages, ({ warc }) => warc?.file ?? '')) {
      // The file being written waits for the next run, and one whose copy still stands beside it.
      if (!finished.has(file) || finished.has(nextRevision(file))) skipped.add(file)
      // What was tampered with is evidence, not to be written anew; the check of the archive names it.
      else if (await isAltered(archive, file, digests.get(file))) skipped.add(file)
      else {
        await rewrite(store, archive, file, ofFile)
        rewritten += 1
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
  if (wanted.size === 0) {
    // Nothing of the file is wanted: it goes as a whole, at the next run.
    await store.transaction((inner) => inner.pages.moveWarc(all.map(({ id }) => ({ id, warc: null }))))
    return
  }
  const moves = await archive.rewrite(file, drop)
  const moved = all.map(({ id, warc }) => ({
    id,
    warc: ids.has(id) || warc === null ? null : (moves.get(warc.offset) ?? null),
  }))
  await store.transaction((inner) => inner.pages.moveWarc(moved))
}

/**
 * Files to which no page points: of a file and its next revision the one that is not used, and what the last run
 * emptied. A file that a person took in stays, and so does one of which nothing is on record. The chain of digests says that it goes before it goes.
 */
async function removeUnused(options: RetentionOptions, pageLimits: PageLimits): Promise<readonly string[]> {
  const { store, archive, clock, limits } = options
  const files = new Set(await archive.files())
  const used = new Set(await store.pages.warcFiles())
  const known = await knownFiles(store)
  const digests = new Map((await store.archiveChain.latest()).map(({ file, digest }) => [file, digest]))
  const removed: string[] = []
  for (const file of [...files].sort()) {
    if (used.has(file)) continue
    const revision = nextRevision(file)
    const isReplaced = files.has(revision) && used.has(revision)
    const record = known.get(file)
    // Of a young file the pages may be on their way into the store. A rewritten one had them at once, or a crash came in
    // between and they point to its original.
    const isOld = pageLimits.irrelevant !== null && record !== undefined && record.begunAt < pageLimits.irrelevant
    const isEmptied = record?.origin === 'rewritten' || (record?.origin === 'written' && isOld)
    if (!isReplaced && !isEmptied) continue
    if (await isAltered(archive, file, digests.get(file))) continue
    await linkRemoved({ store, archive, clock, file, who: whoLimits(limits, 'irrelevantArchiveDays') })
    await archive.remove(file)
    removed.push(file)
  }
  return removed
}
