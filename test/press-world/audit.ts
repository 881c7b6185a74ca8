import type { RequestRecord } from './server.ts'
import type { PressWorld } from './world.ts'

/** What a visitor did that a host does not want. */
export interface Breach {
  readonly kind: 'robots' | 'interval'
  readonly request: RequestRecord
  /** The rule of robots.txt, or the pause that was kept and the one that was asked for. */
  readonly detail: string
}

const SCRIPT_DATA = '/du-lieu'

/** RFC 9309, 2.2.3: `*` stands for anything, `$` for the end; everything else is a beginning. */
function matches(rule: string, path: string): boolean {
  const pattern = rule
    .replace(/[.+?^{}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replace(/\$(?!$)/g, '\\$')
  return new RegExp(`^${pattern}`).test(path)
}

/** What the script of the page asks for that was asked for last: part of the same view (ADR 8, point 3). */
const belongsTo = (page: RequestRecord | undefined, { path, query }: RequestRecord): boolean =>
  path === SCRIPT_DATA && page !== undefined && new URLSearchParams(query).get('trang') === page.path

/**
 * Requests against robots.txt, and those that came before the host's pause was over, by the world's clock. The pause is
 * counted from the last request of any kind; only what the script of the last page asks for need not wait for it.
 */
export function breaches({ requests, manners }: Pick<PressWorld, 'requests' | 'manners'>): Breach[] {
  const found: Breach[] = []
  const last = new Map<string, number>()
  const pages = new Map<string, RequestRecord>()
  for (const request of requests) {
    const own = manners.get(request.host)
    if (!own) continue
    const rule = own.disallow.find((pattern) => matches(pattern, request.path + request.query))
    if (rule !== undefined) found.push({ kind: 'robots', request, detail: rule })
    const at = Date.parse(request.at)
    const pause = (at - (last.get(request.host) ?? Number.NEGATIVE_INFINITY)) / 1000
    const isPart = belongsTo(pages.get(request.host), request)
    if (pause < own.delaySeconds && !isPart) {
      found.push({ kind: 'interval', request, detail: `${pause} s instead of ${own.delaySeconds} s` })
    }
    last.set(request.host, at)
    if (!isPart) pages.set(request.host, request)
  }
  return found
}
