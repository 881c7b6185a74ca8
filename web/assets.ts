import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export const PUBLIC_FOLDER = join(import.meta.dirname, 'public')
export const HTMX_FOLDER = dirname(createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js'))

/** The address carries the digest of what it names: browsers keep it for good, and a new release is seen at once. */
function address(prefix: string, folder: string, file: string): string {
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex')
  return `${prefix}${file}?v=${digest.slice(0, 12)}`
}

/** Everything a page loads; nothing comes from another host. */
export const ASSETS = {
  style: address('/assets/', PUBLIC_FOLDER, 'style.css'),
  icon: address('/assets/', PUBLIC_FOLDER, 'icon.svg'),
  htmx: address('/vendor/', HTMX_FOLDER, 'htmx.min.js'),
} as const
