import { createHash } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const END = '\r\n\r\n'

/** RFC 4648, without padding: how other archives write digests. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let value = 0
  let bits = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    for (bits += 8; bits >= 5; bits -= 5) text += LETTERS[(value >>> (bits - 5)) & 31]
  }
  return bits > 0 ? text + LETTERS[(value << (5 - bits)) & 31] : text
}

/** Null: an algorithm that is not checked. */
function agrees(stated: string, bytes: Uint8Array): boolean | null {
  const [, name = '', value = ''] = /^([\w-]+):(.+)$/.exec(stated) ?? []
  const algorithm = name.toLowerCase().replace('-', '')
  if (!['sha1', 'sha256', 'sha512', 'md5'].includes(algorithm)) return null
  const digest = createHash(algorithm).update(bytes).digest()
  return value.toLowerCase() === digest.toString('hex') || value.replace(/=+$/, '').toUpperCase() === base32(digest)
}

/**
 * What is wrong with a record of a WARC file: its length, or its block or payload digest (WARC 1.1, 5.8 and 5.9).
 * @param fields WARC header fields, lower-case names
 * @param record plain bytes of the whole record
 */
export function recordFault(fields: Readonly<Record<string, string>>, record: Buffer): string | null {
  const start = record.indexOf(END) + END.length
  const length = Number(fields['content-length'])
  if (!(record.length >= start + length)) return `Content-Length is ${fields['content-length']}`
  const block = record.subarray(start, start + length)
  const ofBlock = fields['warc-block-digest']
  if (ofBlock !== undefined && agrees(ofBlock, block) === false) return `WARC-Block-Digest is ${ofBlock}`
  const ofPayload = fields['warc-payload-digest']
  const payload = payloadOf(fields, block)
  if (ofPayload === undefined || payload === null || agrees(ofPayload, payload) !== false) return null
  return `WARC-Payload-Digest is ${ofPayload}`
}

/** Null where the payload is not in the record (revisit) or not as its digest was made (a transfer-encoding kept). */
function payloadOf(fields: Readonly<Record<string, string>>, block: Buffer): Buffer | null {
  const type = fields['warc-type']
  if (type === 'conversion' || type === 'resource') return block
  if (type !== 'response') return null
  const end = block.indexOf(END)
  if (end < 0 || /^transfer-encoding:/im.test(block.toString('latin1', 0, end))) return null
  return block.subarray(end + END.length)
}
