import * as cheerio from 'cheerio'
import type { AnyNode, Element } from 'domhandler'
import { isTag, isText } from 'domhandler'
import { sampleText } from './sample-text.ts'

/**
 * The mark-up of a page with every text replaced by ours: what a fixture may keep of a page that others wrote. Elements,
 * classes, ids and the keys of structured data stay, and so do dates; words in texts, attributes, addresses and JSON-LD
 * become sample words of the same length (the same word always the same one, so that title, `og:title` and headline
 * still agree). Scripts, styles, comments and drawings are emptied, pictures point nowhere.
 *
 * @param host the outlet's own, whose name stays in links; every other host becomes `example.org`
 */
export function anonymise(html: string, host: string): string {
  const $ = cheerio.load(html)
  const visit = (node: AnyNode): void => {
    if (isText(node)) {
      node.data = sampleText(node.data)
    } else if (isTag(node)) {
      cleanElement(node, host)
      if (!emptied.has(node.name)) for (const child of [...node.childNodes]) visit(child)
    } else if (node.type !== 'directive') {
      $(node).remove()
    }
  }
  for (const node of $.root().contents().toArray()) visit(node)
  return `${$.html().trimEnd()}\n`
}

const emptied = new Set(['script', 'style', 'svg', 'noscript', 'template', 'iframe', 'object', 'math', 'textarea'])
/** Say how a page is built, never what it tells. */
const structural = new Set(
  'class id itemprop itemtype itemscope rel type charset http-equiv role name property lang dir hidden width height media colspan rowspan align valign border cellpadding cellspacing'.split(
    ' ',
  ),
)
const addresses = new Set(['href', 'cite', 'action'])
const isDate = (text: string): boolean =>
  /^\s*\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:Z|[+-]\d\d:?\d\d)?)?\s*$/.test(text)
/** Contents of `meta` that steer machines. */
const steering = /^(?:og:type|og:locale|viewport|robots|content-type|article:content_tier|twitter:card|generator)$/i

function cleanElement(element: Element, host: string): void {
  const { attribs } = element
  const kind = attribs.property ?? attribs.name ?? attribs.itemprop ?? attribs['http-equiv'] ?? ''
  for (const [name, value] of Object.entries(attribs)) {
    if (structural.has(name)) continue
    const next = cleanAttribute(element.name, name, value, kind, host)
    if (next === null) delete attribs[name]
    else attribs[name] = next
  }
  if (!emptied.has(element.name)) return
  const text = element.childNodes.map((child) => (isText(child) ? child.data : '')).join('')
  const [only] = element.childNodes
  const isData = element.name === 'script' && /json/i.test(attribs.type ?? '') && only && isText(only)
  element.childNodes = isData ? [only] : []
  if (isData) only.data = cleanJson(text, host)
}

function cleanAttribute(tag: string, name: string, value: string, kind: string, host: string): string | null {
  if (name === 'content') {
    if (isDate(value) || steering.test(kind)) return value
    return /^https?:\/\//.test(value) ? cleanAddress(value, host) : sampleText(value)
  }
  if (name === 'datetime') return sampleText(value)
  if (addresses.has(name)) return cleanAddress(value, host)
  if (/^(?:src|data-src|data-original|poster)$/.test(name)) return tag === 'script' ? null : '/anh-mau.jpg'
  if (name === 'style') return /^[\w\s:;.%#-]*$/.test(value) ? value : null
  if (/^(?:title|alt|aria-label|placeholder|summary|label|value)$/.test(name)) return sampleText(value)
  // Marks that selectors use: `data-role="content"`, `data-testid="paragraph-0"`.
  return name.startsWith('data-') && /^[a-z][\w:-]{0,40}$/i.test(value) && !/(?:-[^-]+){4}/.test(value) ? value : null
}

/** An address with its shape: words become sample words without accents, numbers and endings stay. */
export function cleanAddress(address: string, host: string): string {
  const url = URL.parse(address, `https://${host}/`)
  if (!url || !/^https?:$/.test(url.protocol)) return '#'
  const own = url.host === host || url.host.replace(/^www\./, '') === host.replace(/^www\./, '')
  const segments = url.pathname.split('/').map((segment) =>
    // Short segments name sections; long ones are titles.
    segment.split(/[-_%]/).length >= 3
      ? segment
          .split(/([-_]|\.\w{2,5}$)/)
          .map((part) => (/\d|^\.|^[-_]$/.test(part) ? part : plainLetters(part)))
          .join('')
      : segment,
  )
  const query = [...url.searchParams].map(([name, value]) => `${name}=${/^\d+$/.test(value) ? value : 'mau'}`)
  const rest = `${segments.join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`
  const isWhole = /^(?:https?:)?\/\//i.test(address)
  return own ? (isWhole ? `${url.protocol}//${url.host}${rest}` : rest) : `https://example.org${rest}`
}

const plainLetters = (text: string): string =>
  sampleText(decodeURIComponentSafely(text))
    .normalize('NFD')
    .replace(/đ/gi, 'd')
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase()

function decodeURIComponentSafely(text: string): string {
  return /%(?![0-9a-f]{2})/i.test(text) ? text : text.replace(/%[0-9a-f]{2}/gi, 'x')
}

/** Structured data with its keys, types and dates; what cannot be read is left out. */
function cleanJson(text: string, host: string): string {
  const data = parseJson(text.trim())
  return data === undefined ? '' : JSON.stringify(cleanValue(data, '', host), null, 1).replaceAll('<', '\\u003c')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function cleanValue(value: unknown, key: string, host: string): unknown {
  if (Array.isArray(value)) return value.map((inner) => cleanValue(inner, key, host))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleanValue(inner, name, host)]))
  }
  if (typeof value !== 'string' || isDate(value)) return value
  if (/^@(?:type|context)$|^inLanguage$|^isAccessibleForFree$/.test(key)) return value
  return /^https?:\/\//.test(value) ? cleanAddress(value, host) : sampleText(value)
}
