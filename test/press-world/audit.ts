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

/** Requests against robots.txt, and those that came before the host's pause was over, by the world's clock. */
export function breaches({ requests, manners }: Pick<PressWorld, 'requests' | 'manners'>): Breach[] {
  const found: Breach[] = []
  const last = new Map<string, number>()
  for (const request of requests) {
    const own = manners.get(request.host)
    if (!own) continue
    const rule = own.disallow.find((pattern) => matches(pattern, request.path + request.query))
    if (rule !== undefined) found.push({ kind: 'robots', request, detail: rule })
    // What a page's own script asks for belongs to the page: whoever runs it holds the host meanwhile.
    if (request.path === SCRIPT_DATA) continue
    const at = Date.parse(request.at)
    const pause = (at - (last.get(request.host) ?? Number.NEGATIVE_INFINITY)) / 1000
    if (pause < own.delaySeconds) {
      found.push({ kind: 'interval', request, detail: `${pause} s instead of ${own.delaySeconds} s` })
    }
    last.set(request.host, at)
  }
  return found
}
