import type { Outlet, Source } from '../model.ts'
import type { OutletSearch } from './schema.ts'

const PLACEHOLDER = '{query}'
const isSearch = ({ url }: Source): boolean => url.includes(PLACEHOLDER)

/** Whether the words may be shown to the outlet: domestic ones by one switch, each foreign one by name. */
function mayAsk({ id, origin }: Outlet, { domestic, foreign }: OutletSearch): boolean {
  return origin === 'domestic' ? domestic : foreign === 'all' || foreign.includes(id)
}

/**
 * The outlet with its searches filled in: each source whose address holds `{query}` becomes one source for each word of
 * the outlet's languages, or none where the profile does not let us ask. Every other source stays as it is.
 */
export function withSearches(outlet: Outlet, search: OutletSearch | undefined): Outlet {
  if (!outlet.sources.some(isSearch)) return outlet
  const words =
    search !== undefined && mayAsk(outlet, search)
      ? new Set(outlet.languages.flatMap((language) => search.queries[language] ?? []))
      : []
  const sources = outlet.sources.flatMap((source): Source[] =>
    isSearch(source)
      ? [...words].map((word) => ({ ...source, url: source.url.replaceAll(PLACEHOLDER, encodeURIComponent(word)) }))
      : [source],
  )
  return { ...outlet, sources }
}
