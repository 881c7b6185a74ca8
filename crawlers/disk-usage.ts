import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export const USAGE_PARTS = ['database', 'index', 'archive', 'evidence', 'reports', 'backups', 'other'] as const
export type UsagePart = (typeof USAGE_PARTS)[number]
export type DiskUsage = Readonly<Record<UsagePart, { readonly bytes: number; readonly files: number }>>

/** To which part a file belongs, by its path in the data folder. */
function partOf(path: readonly string[]): UsagePart {
  const [first = ''] = path
  if (path.length > 1) return first === 'archive' || first === 'evidence' || first === 'reports' ? first : 'other'
  if (first.endsWith('.backup')) return 'backups'
  if (/^monitor\.sqlite(?:-wal|-shm)?$/.test(first)) return 'database'
  return /^index\.sqlite(?:-wal|-shm)?$/.test(first) ? 'index' : 'other'
}

/** What the parts of the data folder take, apparent bytes. What goes while it is looked at counts for nothing. */
export async function diskUsage(dataFolder: string): Promise<DiskUsage> {
  const usage = Object.fromEntries(USAGE_PARTS.map((part) => [part, { bytes: 0, files: 0 }])) as Record<
    UsagePart,
    { bytes: number; files: number }
  >
  const walk = async (path: readonly string[]): Promise<void> => {
    for (const entry of await entriesOf(join(dataFolder, ...path))) {
      const inner = [...path, entry.name]
      if (entry.isDirectory()) await walk(inner)
      if (!entry.isFile()) continue
      const part = usage[partOf(inner)]
      part.bytes += await sizeOf(join(dataFolder, ...inner))
      part.files += 1
    }
  }
  await walk([])
  return usage
}

const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isGone(error)) return 0
    throw error
  }
}
