import type { Outlet } from '../model.ts'

const siteOf = (url: string): string | null => URL.parse(url)?.host.replace(/^www\./, '') ?? null

/**
 * Whose article an address is: that of the one followed outlet on its host (by home page and sources), whoever linked
 * it. An aggregator's feed then adds to the outlets it links, not to itself. Null when no outlet or several share the host.
 */
export function ownership(outlets: readonly Outlet[]): (url: string) => Outlet | null {
  const owners = new Map<string, Outlet | null>()
  for (const outlet of outlets) {
    const addresses = [outlet.homepage ?? '', ...outlet.sources.map(({ url }) => url)]
    for (const site of new Set(addresses.map(siteOf))) {
      if (site !== null) owners.set(site, owners.has(site) ? null : outlet)
    }
  }
  return (url) => owners.get(siteOf(url) ?? '') ?? null
}
