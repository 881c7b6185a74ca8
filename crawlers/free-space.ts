import { statfs } from 'node:fs/promises'

/** Why work that fills the disk stops, and what to do. */
export interface Stopped {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** Bytes that this process may still write to the disk of `folder`. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** What to say when the disk that holds `folder` is nearly full, else null. */
export async function lowDisk(folder: string, minFreeBytes: number): Promise<Stopped | null> {
  const free = await freeBytesOf(folder)
  if (free >= minFreeBytes) return null
  const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024)
  return {
    code: 'disk.low',
    message: `Only ${megabytes(free)} MB are free where the archive stands (${folder}); collecting stops below ${megabytes(minFreeBytes)} MB`,
    remedy: 'Free space or move the data folder to a larger disk; MONITOR_MIN_FREE_MB sets the limit.',
  }
}

/** Nothing is asked of any host without somebody to write to. */
export const noContact: Stopped = {
  code: 'collect.no-contact',
  message: 'Nothing is collected: there is no contact for the User-Agent',
  remedy: 'Set MONITOR_CONTACT to the e-mail or web address of the office.',
}
