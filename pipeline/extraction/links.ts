import { attribute, type Tree } from './tree.ts'

/**
 * Where a link leads: to another page of the same house, to a place on this page, or elsewhere (another house, a picture,
 * the front page).
 */
export type Destination = 'sister' | 'self' | 'elsewhere'

const secondLevel = /^(?:com|net|org|gov|edu|co|ac|or|ne|go|info|mil|gob)$/

/** The name under which a host was registered, as far as its labels say: `m.sub.bao.com.vn` → `bao.com.vn`. */
function house(host: string): string {
  const labels = host.split('.')
  if (/^[\d.:[\]]+$/.test(host)) return host
  const isShort = labels.length > 2 && (labels.at(-1)?.length ?? 0) === 2 && secondLevel.test(labels.at(-2) ?? '')
  return labels.slice(isShort ? -3 : -2).join('.')
}

/**
 * Tells of links on one page where they lead.
 * @param url of the page
 */
export function destinations(url: string): (href: string) => Destination {
  const here = URL.parse(url)
  const home = here === null ? '' : house(here.host)
  return (href) => {
    if (href === '' || href.startsWith('#')) return 'self'
    const target = URL.parse(href, url)
    if (target === null || here === null || house(target.host) !== home) return 'elsewhere'
    if (target.host === here.host && target.pathname === here.pathname) return 'self'
    return target.pathname === '/' || /\.(?:jpe?g|png|webp|gif|mp4|pdf|docx?|xlsx?)$/i.test(target.pathname)
      ? 'elsewhere'
      : 'sister'
  }
}

/** A link as far above a block as headlines wrapped whole in one are. */
const farthestWrapper = 4

/** Where the links of a block lead: to a sister page if one does; null without a link. */
export function leadsTo(tree: Tree, node: number, of: (href: string) => Destination): Destination | null {
  let found: Destination | null = null
  const look = (at: number): boolean => {
    const element = tree.nodes[at]?.tag === 'a' ? tree.nodes[at]?.element : undefined
    const href = element === undefined ? null : attribute(element, 'href')
    if (href === null) return false
    const destination = of(href)
    if (found === null || found === 'self') found = destination
    return destination === 'sister'
  }
  const end = Math.min(tree.nodes[node]?.end ?? node, node + 60)
  for (let at = node; at < end; at += 1) if (look(at)) return 'sister'
  for (let at = tree.nodes[node]?.parent ?? -1, far = 0; found === null && at >= 0 && far < farthestWrapper; far += 1) {
    look(at)
    at = tree.nodes[at]?.parent ?? -1
  }
  return found
}
