import { createHash } from 'node:crypto'

/** Text enters the store in Unicode NFC, whatever its source. */
export const nfc = (text: string): string => text.normalize('NFC')
export const nfcOrNull = (text: string | null): string | null => (text === null ? null : nfc(text))

/** A short stable id: the first 64 bits of SHA-256, hexadecimal. */
export const shortHash = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)

/** Splits `items` so that one statement stays below SQLite's limit of parameters. */
export function chunks<T>(items: readonly T[], size = 500): T[][] {
  const parts: T[][] = []
  for (let i = 0; i < items.length; i += size) parts.push(items.slice(i, i + size))
  return parts
}
