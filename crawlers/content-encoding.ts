import { promisify } from 'node:util'
import { brotliDecompress, constants, gunzip, inflate, inflateRaw, type ZlibOptions, zstdDecompress } from 'node:zlib'
import { Skip } from '../errors.ts'

type Inflate = (bytes: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>

/** `deflate` means zlib (RFC 9110, 8.4.1.2), but some servers send it bare. */
const deflate: Inflate = (bytes, options) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? promisify(inflate)(bytes, options) : promisify(inflateRaw)(bytes, options)

const decoders: Readonly<Record<string, Inflate>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate,
  br: (bytes, { maxOutputLength }) =>
    promisify(brotliDecompress)(bytes, maxOutputLength === undefined ? {} : { maxOutputLength }),
  zstd: (bytes, { maxOutputLength }) =>
    promisify(zstdDecompress)(bytes, maxOutputLength === undefined ? {} : { maxOutputLength }),
}

/** Deeper nesting serves nothing but bombs. */
const MOST_LAYERS = 2

/**
 * A body with its content-encoding removed, in at most `maxBytes`. A missing gzip trailer is forgiven, as browsers do.
 * @throws Skip `fetch.too-large` (a compression bomb too), `fetch.encoding`
 */
export async function decodeContent(
  bytes: Uint8Array,
  contentEncoding: string | null,
  maxBytes: number,
  url: string,
): Promise<Uint8Array> {
  const layers = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity')
  if (layers.length === 0 || bytes.length === 0) return bytes
  const unreadable = (why: string, cause?: unknown): Skip =>
    new Skip(`${url}: ${why}`, { code: 'fetch.encoding', remedy: 'The outlet sends a damaged or odd encoding.', cause })
  if (layers.length > MOST_LAYERS) throw unreadable(`${layers.length} nested content-encodings`)
  let body = bytes
  for (const layer of layers.reverse()) {
    const decode = decoders[layer]
    if (!decode) throw unreadable(`unknown content-encoding ${layer.slice(0, 40)}`)
    try {
      body = await decode(body, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
        throw new Skip(`${url} inflates to more than ${maxBytes} bytes`, {
          code: 'fetch.too-large',
          remedy: 'Nothing to do unless it is an article: then raise the limit on the size of a page.',
          cause: error,
        })
      }
      throw unreadable(`the ${layer} body is damaged`, error)
    }
  }
  return body
}
