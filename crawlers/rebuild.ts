import { constants } from 'node:fs'
import { copyFile, readdir, stat, truncate } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Clock, iso, systemClock } from '../clock.ts'
import { describeError, RetryLater, Skip } from '../errors.ts'
import type { Instant, Outlet, WarcPointer } from '../model.ts'
import { canonicalUrl } from '../pipeline/url.ts'
import type { FrontierEntry, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { knownFiles } from './archive-chain.ts'
import { finishedNameOf } from './archive-files.ts'
import { type ArchivedHop, fetchedFrom } from './archived-page.ts'
import { createReadFurther } from './further-pages.ts'
import type { Fetched } from './http-client.ts'
import { createImporter, type ImportSource } from './import/import.ts'
import { type Ingest, pageRecord } from './ingest.ts'
import { ownership } from './ownership.ts'
import { type RecordSpan, scanRecords } from './warc-file.ts'

export interface RebuildResult {
  readonly files: number
  /** Archived responses, each with what a browser made of it. */
  readonly captures: number
  readonly added: number
  readonly changed: number
  /** Known already, or unchanged since. */
  readonly same: number
  /** Of no outlet that is followed. */
  readonly foreign: number
  /** Pages without an article. */
  readonly unread: number
  /** Files that cannot be read to their end. */
  readonly damaged: readonly { readonly file: string; readonly offset: number }[]
}

export interface RebuildOptions {
  readonly store: Store
  readonly archive: Archive
  readonly folder: string
  readonly outlets: readonly Outlet[]
  /** Of now: when the files are taken in. */
  readonly clock: Clock
  /** Who takes them in. */
  readonly who: string
  /** Its clock shows the time of each page: articles are first seen when their page was fetched. */
  readonly ingestAt: (clock: Clock) => Ingest
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void
}

/** One response with the redirects that led to it, or what a person brought in. */
interface Capture {
  /** What stands beside a document that a person brought in; null: a response. */
  readonly about: Readonly<Record<string, string>> | null
  readonly hops: readonly ArchivedHop[]
  readonly url: string
  readonly at: Instant
  readonly warc: WarcPointer
}

/**
 * Fills a store from WARC files alone: after a disaster, the archive is enough to have pages and articles again. Oldest
 * first, so that later captures of a page become its versions. What a feed said is not in the archive; articles known
 * from their feed only do not come back. Documents that people brought in are brought in once more, marked with who and
 * when as far as the archive tells. Safe to repeat and to go on with.
 * @param options.folder files that are not in the archive's own folder are copied there
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildResult> {
  const { archive, onProgress } = options
  const total = { files: 0, captures: 0, added: 0, changed: 0, same: 0, foreign: 0, unread: 0 }
  const damaged: { file: string; offset: number }[] = []
  let at = new Date(0)
  const time = { ...systemClock, now: () => at }
  const ingest = options.ingestAt(time)
  const takeResponse = createTaker(options, ingest)
  const takeDocument = createDocumentTaker(options, ingest, time)
  const files = await takeIn(options)
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const { file, bytes } of files) {
    const { captures, goodBytes } = await capturesOf(archive.folder, file)
    if (goodBytes < bytes) damaged.push({ file, offset: goodBytes })
    const inFile = Map.groupBy(captures, ({ url, hops }) => canonicalUrl(hops[0]?.url ?? url))
    const known = new Set((await options.store.pages.inWarcFile(file)).map(({ warc }) => warc?.offset))
    for (const capture of captures) {
      at = new Date(capture.at)
      total.captures += 1
      // Taken meanwhile as the further page of another, or in an earlier run.
      const { about } = capture
      const take = () => (about ? takeDocument({ ...capture, about }) : takeResponse(capture, inFile, known))
      const outcome = known.has(capture.warc.offset) ? 'same' : await take()
      total[outcome] += 1
      onProgress?.(done + capture.warc.offset, size)
    }
    total.files += 1
    done += bytes
    onProgress?.(done, size)
  }
  return { ...total, damaged }
}

type Outcome = 'added' | 'changed' | 'same' | 'foreign' | 'unread'

function createTaker({ store, archive, outlets }: RebuildOptions, ingest: Ingest) {
  const ownerOf = ownership(outlets)
  const read = async ({ hops, url, at, warc }: Capture): Promise<Fetched> =>
    fetchedFrom(await archive.read(warc), { hops, finalUrl: url, at })

  return async (
    capture: Capture,
    inFile: ReadonlyMap<string, readonly Capture[]>,
    known: Set<number | undefined>,
  ): Promise<Outcome> => {
    const outlet = ownerOf(capture.url)
    if (outlet === null) return 'foreign'
    let fetched: Fetched
    try {
      fetched = await read(capture)
    } catch (error) {
      // A record that its own gzip member or headers make unreadable; `archive verify` names it.
      if (error instanceof Skip || error instanceof RetryLater) return 'unread'
      throw error
    }
    if ((await store.pages.latestOf(fetched.url))?.digest === fetched.digest) return 'same'
    if (fetched.status !== 200) {
      await store.pages.add(pageRecord(outlet, fetched, capture.warc))
      return 'unread'
    }
    // The further pages stand after the first, in the same file as a rule.
    const pointers = new Map<string, WarcPointer>()
    const readFurther = createReadFurther({
      archive: {
        append: async ({ url }) => {
          const warc = pointers.get(url)
          if (!warc) throw notArchived(url)
          known.add(warc.offset)
          return warc
        },
      },
      get: async (url) => {
        const found = inFile.get(canonicalUrl(url))?.find(({ at }) => at >= capture.at)
        if (!found) throw notArchived(url)
        const page = await read(found)
        pointers.set(page.url, found.warc)
        return page
      },
    })
    const entry = entryOf(outlet, fetched, capture.at)
    // So that it is not asked for again.
    await store.frontier.add([entry])
    const { article, outcome } = await ingest.page({ outlet, entry, fetched, warc: capture.warc, readFurther })
    if (article === null || outcome === null) return 'unread'
    return outcome === 'new' ? 'added' : outcome
  }
}

/** Brings in once more what people brought in: the document is in the archive already. */
function createDocumentTaker({ store, archive, outlets }: RebuildOptions, ingest: Ingest, clock: Clock) {
  const ownerOf = ownership(outlets)
  return async ({ url, warc, about }: Capture & { about: Readonly<Record<string, string>> }): Promise<Outcome> => {
    const outlet = ownerOf(url) ?? outlets.find(({ id }) => id === about.outlet)
    if (!outlet) return 'foreign'
    const importer = createImporter({ store, archive: { appendResource: async () => warc }, ingest, outlets, clock })
    let source: ImportSource
    try {
      const { body, headers } = await archive.read(warc)
      source = { name: about.file ?? nameFor(new Map(headers).get('content-type') ?? ''), bytes: body }
    } catch (error) {
      if (error instanceof Skip || error instanceof RetryLater) return 'unread'
      throw error
    }
    const [item] = await importer.importSource(asOneDocument(source), {
      ...{ who: about['brought-by'] ?? UNKNOWN_BRINGER, outlet: outlet.id, url },
      ...{ note: about.note ?? null, published: about.published ?? null },
    })
    if (item === undefined || item.outcome === 'refused') return 'unread'
    if (item.outcome === 'new') return 'added'
    return item.outcome === 'completed' ? 'changed' : 'same'
  }
}

/** Where the archive does not tell who brought something in. */
const UNKNOWN_BRINGER = 'archive'

const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/pdf/i, '.pdf'],
  [/wordprocessingml/i, '.docx'],
]
const nameFor = (contentType: string): string =>
  `document${ENDINGS.find(([type]) => type.test(contentType))?.[1] ?? '.html'}`

/** A page that came in a WARC file stands by itself now. */
const asOneDocument = ({ name, bytes }: ImportSource): ImportSource =>
  name !== null && /\.(?:pdf|docx|html?|xhtml)$/i.test(name) ? { name, bytes } : { name: `${name}.html`, bytes }

const notArchived = (url: string): Skip =>
  new Skip(`${url} is not in the archive`, { code: 'archive.no-page', remedy: 'The outlet may still show it.' })

const entryOf = ({ id }: Outlet, { url }: Fetched, at: Instant): FrontierEntry => ({
  ...{ url, outletId: id, host: new URL(url).host, priority: 0, discoveredAt: at, notBefore: at, attempts: 0 },
  item: null,
})

/** The files of a folder under their finished names, oldest first; copied into the archive's folder where they are not. */
async function takeIn({
  store,
  archive,
  folder,
  clock,
  who,
}: RebuildOptions): Promise<readonly { file: string; bytes: number }[]> {
  const own = archive.folder
  const known = await knownFiles(store)
  const files: { file: string; bytes: number }[] = []
  const isOwn = resolve(own) === resolve(folder)
  /** So that the check of the archive knows it for one that a person took in. */
  const record = async (file: string): Promise<void> => {
    if (known.has(file)) return
    await store.archiveFiles.begin({
      file,
      origin: 'taken-in',
      begunAt: iso(clock.now()),
      who,
      source: resolve(folder),
    })
  }
  for (const name of (await list(folder)).sort()) {
    const file = finishedNameOf(name)
    if (file === null || (isOwn && file !== name)) continue
    const from = join(folder, name)
    const to = join(own, file)
    if (!isOwn) {
      // A file that was being written when its machine died ends with its last whole record.
      const { goodBytes, size } = file === name ? await whole(from) : await scanRecords(from, () => undefined)
      const there = await sizeOf(to)
      if (there !== null && there !== goodBytes) throw nameTaken(file)
      await record(file)
      if (there === null) {
        await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
        if (goodBytes < size) await truncate(to, goodBytes)
      }
    }
    if (isOwn) await record(file)
    files.push({ file, bytes: (await stat(to)).size })
  }
  return files
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    throw new Skip(`The folder ${folder} cannot be read: ${describeError(cause).message}`, {
      code: 'archive.no-folder',
      remedy: 'Name the folder that holds the WARC files.',
      cause,
    })
  }
}

async function whole(path: string): Promise<{ goodBytes: number; size: number }> {
  const { size } = await stat(path)
  return { goodBytes: size, size }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

const nameTaken = (file: string): Skip =>
  new Skip(`The archive has another file named ${file}`, {
    code: 'archive.name-taken',
    remedy: 'Use an empty data folder (MONITOR_DATA), or rename the file.',
  })

async function capturesOf(folder: string, file: string): Promise<{ captures: Capture[]; goodBytes: number }> {
  /** By the record id of the response to which all records of one capture refer. */
  const open = new Map<string, { hops: ArchivedHop[]; main: RecordSpan | null; shown: RecordSpan | null }>()
  const about = new Map<string, Readonly<Record<string, string>>>()
  const documents: RecordSpan[] = []
  const { goodBytes } = await scanRecords(join(folder, file), (record, content) => {
    const { fields } = record
    const type = fields['warc-type']
    if (type === 'metadata') about.set(fields['warc-concurrent-to'] ?? '', fieldsIn(content))
    if (type === 'resource') documents.push(record)
    if (type !== 'response' && type !== 'conversion') return
    const refers = type === 'conversion' ? fields['warc-refers-to'] : fields['warc-concurrent-to']
    const id = refers ?? fields['warc-record-id'] ?? ''
    const capture = open.get(id) ?? { hops: [], main: null, shown: null }
    open.set(id, capture)
    if (type === 'conversion') capture.shown = record
    else if (refers === undefined) capture.main = record
    // After the response come the data that a browser loaded: no redirects.
    else if (capture.main === null)
      capture.hops.push({ url: fields['warc-target-uri'] ?? '', status: statusIn(content) })
  })
  const captures: Capture[] = []
  for (const { hops, main, shown } of open.values()) {
    const url = main?.fields['warc-target-uri'] ?? ''
    if (main === null || !URL.canParse(url)) continue
    const { offset, length } = shown ?? main
    captures.push({
      ...{ hops, url, at: iso(new Date(main.fields['warc-date'] ?? 0)), warc: { file, offset, length } },
      about: null,
    })
  }
  for (const { fields, offset, length } of documents) {
    const url = fields['warc-target-uri'] ?? ''
    const beside = about.get(fields['warc-record-id'] ?? '') ?? {}
    if (!URL.canParse(url)) continue
    // First seen when it was brought in, not when the page was made.
    const at = iso(new Date(beside['brought-at'] ?? fields['warc-date'] ?? 0))
    captures.push({ hops: [], url, at, warc: { file, offset, length }, about: beside })
  }
  return { captures, goodBytes }
}

/** `name: value` lines in the block of a record. */
function fieldsIn(content: Buffer): Readonly<Record<string, string>> {
  const block = content.subarray(content.indexOf('\r\n\r\n') + 4).toString('utf8')
  return Object.fromEntries(
    block.split('\r\n').flatMap((line) => {
      const [, name, value] = /^([a-z-]+): (.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value]]
    }),
  )
}

const statusIn = (content: Buffer): number =>
  Number(/\r\n\r\nHTTP\/\S+ (\d{3})/.exec(content.toString('latin1', 0, 4096))?.[1] ?? 0)
