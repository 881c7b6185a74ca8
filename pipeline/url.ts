import { Skip } from '../errors.ts'

/** Query parameters that say where a reader came from, never which article is meant. */
const tracking = new RegExp(
  `^(?:${[
    'utm_.*|itm_.*|vn_.*|pk_.*|piwik_.*|mtm_.*|matomo_.*|ga_.*|hsa_.*|at_(?:medium|campaign|custom.*|link.*|format|ptr_name|bbc_team)',
    'fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid?|epik|srsltid',
    'zarsrc|gidzl|zclid|mc_cid|mc_eid|mkt_tok|vero_id|vero_conv|oly_enc_id|oly_anon_id|_hsenc|_hsmi|hsctatracking',
    '_ga|_gl|fb_action_ids|fb_action_types|fb_source|fb_ref|__twitter_impression|s_cid|ncid|ocid|icid|cmpid|cmp|smid|smtyp',
    'xtor|spm|scm|wtrid|wt_zmc|guccounter|guce_referrer(?:_sig)?|isappinstalled|share_token|soc_src|soc_trk|sns_src|__tn__|__cft__.*',
    'amp|_amp|amp_js_v|amp_gsa|amp_markup|usqp',
  ].join('|')})$`,
  'i',
)
const session =
  /^(?:phpsessid|jsessionid|asp\.net_sessionid|aspsessionid\w*|cfid|cftoken|sessionid|session_id|sessid)$/i
/** These names also have honest uses: only a long random value marks a session. */
const maybeSession = /^(?:s|sid|session)$/i
const randomToken = /^(?=.*\d)[0-9a-z]{20,}$/i
/** Values that turn an otherwise meaningful parameter into a trace of sharing or a rendering variant. */
const byValue: Readonly<Record<string, RegExp>> = {
  from: /^(?:timeline|singlemessage|groupmessage|zalo|facebook|rss)$/i,
  share: /^(?:facebook|twitter|x|zalo|telegram|linkedin|pinterest|email|whatsapp)$/i,
  outputtype: /^amp$/i,
  ref: /^(?:rss|feed|facebook|zalo|twitter|google)$/i,
}

/** Second-level labels under which names are registered: what stands before them is not a variant of a site. */
const publicSecondLevel = /^(?:com|net|org|gov|edu|co|ac|or|ne|go|info|biz|int|mil|gob|nom)\.[a-z]{2}$/

function isTrace(parameter: string): boolean {
  if (parameter === '') return true
  const equals = parameter.indexOf('=')
  const name = equals < 0 ? parameter : parameter.slice(0, equals)
  const value = equals < 0 ? '' : parameter.slice(equals + 1)
  if (tracking.test(name) || session.test(name)) return true
  if (maybeSession.test(name) && randomToken.test(value)) return true
  const lower = name.toLowerCase()
  return Object.hasOwn(byValue, lower) && (byValue[lower]?.test(value) ?? false)
}

function canonicalHost(host: string): string {
  const labels = host.replace(/\.+$/, '').split('.')
  for (;;) {
    const variant = /^(?:m|mobile|amp|wap)$/
    // `m.example.vn` and `en.m.wikipedia.org` are the mobile twins; `m.me` and `m.com.vn` are sites of that name.
    const at = variant.test(labels[0] ?? '') ? 0 : labels.length > 3 && variant.test(labels[1] ?? '') ? 1 : -1
    const rest = labels.toSpliced(at, 1)
    if (at < 0 || rest.length < 2 || publicSecondLevel.test(rest.join('.'))) return labels.join('.')
    labels.splice(at, 1)
  }
}

/** Escapes in upper case, and unreserved characters unescaped (RFC 3986, 6.2.2); other bytes stay as they are. */
const canonicalEscapes = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (written, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : written.toUpperCase()
  })

function canonicalPath(path: string): string {
  const shorter = canonicalEscapes(path)
    .replace(/;(?:jsessionid|phpsessid|sid)=[^/;]*/gi, '')
    // Sessions of ASP.NET without cookies.
    .replace(/\/\([A-Z]\([0-9a-z]{24}\)\)(?=\/|$)/gi, '')
    .replace(/\.amp(?=\.html?$|$)/i, '')
    .replace(/^(?:\/amp(?=\/[^/]))+/i, '')
    .replace(/(?:\/amp)+\/*$/i, '')
  // A path that carries another address keeps its double slashes.
  const slashes = shorter.includes(':/') ? shorter : shorter.replace(/\/{2,}/g, '/')
  return slashes.replace(/(?<!\/)\/+$/, '') || '/'
}

/** The publisher's address behind an address of the AMP caches, or null. */
function behindAmpCache(url: URL): string | null {
  const path = url.hostname.endsWith('.cdn.ampproject.org')
    ? /^\/(?:[a-z]\/)(s\/)?(.+)$/.exec(url.pathname)
    : /^(?:www\.)?google\.[a-z.]+$/.test(url.hostname)
      ? /^\/amp\/(s\/)?(.+\..+)$/.exec(url.pathname)
      : null
  return path ? `http${path[1] ? 's' : ''}://${path[2]}${url.search}` : null
}

function parse(url: string, base: string | undefined): URL {
  const parsed = URL.parse(url, base)
  if (parsed === null || parsed.hostname === '') {
    throw new Skip(`Not an address: ${url.slice(0, 200)}`, {
      code: 'url.invalid',
      remedy: 'Correct the link in the feed, listing or list of addresses.',
    })
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new Skip(`Not a web address: ${url.slice(0, 200)}`, {
      code: 'url.scheme',
      remedy: 'Only http and https addresses can be collected.',
    })
  }
  return parsed
}

function once(parsed: URL): string {
  const behind = behindAmpCache(parsed)
  if (behind !== null && URL.canParse(behind)) return behind
  // An address with a port or without a public name is a test or intranet host, which may not speak https.
  const isPublic = parsed.port === '' && /\.[a-z][a-z0-9-]*\.?$/i.test(parsed.hostname)
  const protocol = isPublic ? 'https:' : parsed.protocol
  const host = isPublic ? canonicalHost(parsed.hostname) : parsed.hostname
  const parameters = canonicalEscapes(parsed.search.slice(1))
    .split('&')
    .filter((parameter) => !isTrace(parameter))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  // `#!` addresses an article on old single-page sites; every other fragment is a place within it.
  const fragment = parsed.hash.startsWith('#!') ? parsed.hash : ''
  const port = parsed.port === '' ? '' : `:${parsed.port}`
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : ''
  return `${protocol}//${host}${port}${canonicalPath(parsed.pathname)}${query}${fragment}`
}

/**
 * The one form of an address: https for public hosts, no mobile or AMP variant, no tracking or session parameter, no
 * fragment, default port, credentials or trailing slash; remaining parameters sorted, their bytes kept (a query in GBK
 * stays readable to its server). Idempotent.
 * @throws Skip when it is not an http(s) address.
 */
export function canonicalUrl(url: string, base?: string): string {
  let current = once(parse(url.trim(), base))
  // Undoing one wrapping can uncover another (AMP cache around a mobile address): repeat until nothing changes.
  for (;;) {
    const next = once(parse(current, undefined))
    if (next === current) return current
    current = next
  }
}

/** Days, months, pages, tags, sortings: such an address lists articles and leads to ever more of its kind. */
const trapPath =
  /\/(?:page|trang|seite|pagina)[-/]?\d{1,5}(?:\.\w{2,5})?\/?$|\/(?:tag|tags|tu-khoa|label|author|tac-gia|calendar|lich|luu-tru|feed|rss|login|dang-nhap|search|tim-kiem)(?:\/|$)|\/archives?\/?$|\/(?:print|in)\/?$|-tag\d+\.html?$/i
const dayPath =
  /\/(?:19|20)\d\d[-/](?:0?[1-9]|1[0-2])(?:[-/][0-3]?\d)?(?:\.\w{2,5})?\/?$|\/[0-3]?\d[-/](?:0?[1-9]|1[0-2])[-/](?:19|20)\d\d\/?$/
const trapQuery =
  /^(?:date|day|month|year|week|cal|calendar|ngay|thang|nam|from|to|tungay|denngay|page|trang|p|sort|order|view|filter|tag)$/i

/**
 * True for the addresses of calendars, archives of a day, page numbers, tags and searches: never an article, and an
 * endless supply of further such addresses.
 */
export function isCrawlerTrap(url: string): boolean {
  const parsed = URL.parse(url)
  if (!parsed) return true
  const path = parsed.pathname
  if (trapPath.test(path) || dayPath.test(path)) return true
  // `?page=2` of an article is still that article's own address; a list has nothing else to tell its pages apart.
  const names = [...parsed.searchParams.keys()]
  if (!names.some((name) => trapQuery.test(name))) return false
  const last = path.split('/').findLast((segment) => segment !== '') ?? ''
  return (
    !/\d{4,}|(?:[^-]+-){3}/.test(last) && !names.some((name) => /^(?:\w*id|aid|newsid|contentid|mabv)$/i.test(name))
  )
}
