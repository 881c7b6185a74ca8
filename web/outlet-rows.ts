import { iso } from '../clock.ts'
import type { CoverageStatus, OutletCoverage } from '../crawlers/coverage.ts'
import { coverage } from '../crawlers/coverage.ts'
import type { Outlet } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import type { SourceState, Store } from '../store/store.ts'
import { before } from './days.ts'

/** A followed outlet with how collecting it stands. */
export interface OutletRow {
  readonly outlet: Outlet
  readonly coverage: OutletCoverage
  readonly sources: readonly SourceState[]
}

/** Worst first: what needs a person stands on top. */
const ORDER: readonly CoverageStatus[] = [
  'blocked',
  'refused-by-robots',
  'given-up',
  'unreachable',
  'failing',
  'broken',
  'silent',
  'late',
  'partial',
  'never',
  'no-sources',
  'ok',
]
/** Days over which articles and unreadable pages are counted. */
export const COVERAGE_DAYS = 7

export async function outletRows(store: Store, profile: Profile, now: Date): Promise<readonly OutletRow[]> {
  const from = before(now, COVERAGE_DAYS * 86_400_000)
  const [all, states] = await Promise.all([
    coverage({ store, outlets: profile.outletDefinitions, from, to: iso(now), now }),
    store.sources.all(),
  ])
  const byId = new Map(all.map((one) => [one.outletId, one]))
  const sources = Map.groupBy(states, ({ outletId }) => outletId)
  const byName = new Intl.Collator('vi')
  return profile.outletDefinitions
    .flatMap((outlet) => {
      const covered = byId.get(outlet.id)
      return covered ? [{ outlet, coverage: covered, sources: sources.get(outlet.id) ?? [] }] : []
    })
    .sort(
      (a, b) =>
        ORDER.indexOf(a.coverage.status) - ORDER.indexOf(b.coverage.status) ||
        b.coverage.articles - a.coverage.articles ||
        byName.compare(a.outlet.name, b.outlet.name),
    )
}

/** Outlets of which articles may be missing now: none of their sources can be read, or less comes than should. */
export const notCollected = (rows: readonly OutletRow[]): readonly OutletRow[] =>
  rows.filter(({ coverage: { status } }) => !['ok', 'never', 'no-sources'].includes(status))
