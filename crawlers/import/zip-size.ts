import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
/** The end record with the longest comment. */
const END_WINDOW = 22 + 65_535
const STORED = 0
const DEFLATED = 8
const MOST_ENTRIES = 5000

/**
 * How many bytes the entries of a ZIP file have inflated, found by inflating them within `most`: what its directory
 * says may be a lie. Null when they are more.
 * @throws RangeError when it is no whole ZIP file, or of the 64-bit kind
 */
export function inflatedZipBytes(bytes: Uint8Array, most: number): number | null {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const signature = Buffer.alloc(4)
  signature.writeUInt32LE(END)
  const end = zip.lastIndexOf(signature)
  if (end < 0 || end < zip.length - END_WINDOW || end + 22 > zip.length) throw new RangeError('no directory')
  const entries = zip.readUInt16LE(end + 10)
  if (entries > MOST_ENTRIES) return null
  let at = zip.readUInt32LE(end + 16)
  let total = 0
  for (let entry = 0; entry < entries; entry += 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new RangeError('a damaged directory')
    const method = zip.readUInt16LE(at + 10)
    const packed = zip.readUInt32LE(at + 20)
    const local = zip.readUInt32LE(at + 42)
    if (zip.readUInt32LE(local) !== LOCAL) throw new RangeError('a damaged entry')
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    if (from + packed > zip.length) throw new RangeError('a cut entry')
    if (method === STORED) total += packed
    else if (method === DEFLATED) {
      const size = inflatedBytes(zip.subarray(from, from + packed), most - total)
      if (size === null) return null
      total += size
    } else throw new RangeError(`an unknown compression (${method})`)
    if (total > most) return null
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return total
}

function inflatedBytes(packed: Buffer, most: number): number | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(most, 1) }).length
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return null
    throw new RangeError('a damaged entry', { cause: error })
  }
}
