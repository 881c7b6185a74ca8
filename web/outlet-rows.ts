import type { Instant, Outlet } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import type { SourceState, SourceStatus } from '../store/store.ts'

/** `silent`: it answers, but has given nothing new for a week. `no-sources`: nothing is defined to be read. */
export type OutletStatus = SourceStatus | 'no-sources' | 'silent'

/** Worst first: what needs a person stands on top. */
const ORDER: readonly OutletStatus[] = [
  'blocked',
  'refused-by-robots',
  'failing',
  'silent',
  'never',
  'no-sources',
  'ok',
]
const SILENT_MS = 7 * 86_400_000

export interface OutletRow {
  readonly outlet: Outlet
  readonly status: OutletStatus
  readonly lastSuccessAt: Instant | null
  readonly lastNewItemAt: Instant | null
  readonly sources: readonly SourceState[]
}

const latest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce<Instant | null>((last, at) => (at !== null && (last === null || at > last) ? at : last), null)

/** An outlet is collected as soon as one of its sources is. */
function statusOf(outlet: Outlet, states: readonly SourceState[], now: Date): OutletStatus {
  if (outlet.sources.length === 0) return 'no-sources'
  if (states.some(({ status }) => status === 'ok')) {
    const news = latest(states.map(({ lastNewItemAt }) => lastNewItemAt))
    return news !== null && now.getTime() - Date.parse(news) > SILENT_MS ? 'silent' : 'ok'
  }
  return ORDER.find((status) => states.some((state) => state.status === status)) ?? 'never'
}

/** Every followed outlet with how collecting it stands, worst first. */
export function outletRows(profile: Profile, states: readonly SourceState[], now: Date): readonly OutletRow[] {
  const byName = new Intl.Collator('vi')
  return profile.outletDefinitions
    .map((outlet) => {
      const urls = new Set(outlet.sources.map(({ url }) => url))
      const sources = states.filter(({ outletId, url }) => outletId === outlet.id && urls.has(url))
      return {
        outlet,
        status: statusOf(outlet, sources, now),
        lastSuccessAt: latest(sources.map(({ lastSuccessAt }) => lastSuccessAt)),
        lastNewItemAt: latest(sources.map(({ lastNewItemAt }) => lastNewItemAt)),
        sources,
      }
    })
    .sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || byName.compare(a.outlet.name, b.outlet.name))
}

/** Outlets from which nothing can be collected now. */
export const notCollected = (rows: readonly OutletRow[]): readonly OutletRow[] =>
  rows.filter(({ status }) => status === 'blocked' || status === 'refused-by-robots' || status === 'failing')
