import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Skip } from '../errors.ts'
import { scanRecords } from './warc-file.ts'

const unfinished = /^(.*\.warc\.gz)\.open\.(\d+)$/

/** The name of a file while this process writes it. */
export const openNameOf = (file: string): string => `${file}.open.${process.pid}`

/** Under which name pages point to a file of the archive, finished or being written; null for other files. */
export const finishedNameOf = (name: string): string | null =>
  name.endsWith('.warc.gz') ? name : (unfinished.exec(name)?.[1] ?? null)

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** A pointer names the finished file, also while the file is still being written. @throws Skip `archive.no-file` */
export async function openForReading(folder: string, file: string): Promise<FileHandle> {
  const candidates = async function* (): AsyncGenerator<string> {
    yield file
    yield* (await readdir(folder)).filter((name) => unfinished.exec(name)?.[1] === file)
    // It may have been finished in between.
    yield file
  }
  for await (const name of candidates()) {
    try {
      return await open(join(folder, name), 'r')
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  throw new Skip(`The archive file ${file} is missing`, {
    code: 'archive.no-file',
    remedy: 'Restore the folder of the archive from a backup.',
  })
}

/** Whether a process of this machine has the id; one that is not ours to signal lives too. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Finishes the files of processes that died: each is cut after its last whole record. */
export async function repairLeft(folder: string): Promise<{ file: string; tornBytes: number }[]> {
  const repaired: { file: string; tornBytes: number }[] = []
  for (const name of (await readdir(folder)).sort()) {
    const [, file, writer] = unfinished.exec(name) ?? []
    // Our own id on a file that we have not begun yet was that of an earlier life: in a container it is always the same.
    if (file === undefined || (Number(writer) !== process.pid && isAlive(Number(writer)))) continue
    const path = join(folder, name)
    const final = join(folder, file)
    const { goodBytes, size } = await scanRecords(path, () => undefined)
    if (goodBytes < size) {
      const torn = createReadStream(path, { start: goodBytes })
      await pipeline(torn, createWriteStream(`${final}.torn`, { mode: 0o640, flush: true }))
      await truncate(path, goodBytes)
    }
    if (goodBytes > 0) await rename(path, final)
    else await rm(path)
    repaired.push({ file, tornBytes: size - goodBytes })
  }
  return repaired
}
