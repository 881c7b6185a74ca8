import { iso } from '../clock.ts'
import { gapsOf, type OutletCoverage } from '../crawlers/coverage.ts'
import { Skip } from '../errors.ts'
import type { Period } from '../model.ts'
import type { Profile, ReportDefinition } from '../profiles/schema.ts'
import type { Store } from '../store/store.ts'
import { figuresOf } from './figures.ts'
import { annexRow, highlightsOf, roundUpsOf, sensitiveMatters } from './matters.ts'
import { previousPeriod } from './period.ts'
import type { CoverageGap, Office, OutletRef, ReportData } from './report-data.ts'
import { byEvent, type Item, isPress, outletsOf, relevantItems, unassessedCount, wasCollected } from './selection.ts'

export interface ComposeOptions {
  readonly store: Store
  readonly profile: Profile
  readonly definition: ReportDefinition
  readonly period: Period
  /** How the followed outlets were collected in the period. */
  readonly coverage: readonly OutletCoverage[]
  readonly now: Date
}

/**
 * Composes the report of a period from the store: counts, stories and quotations, without wording or layout.
 * Figures of press opinion count press outlets only. The previous period is counted anew, as the store knows it now.
 *
 * @throws {Skip} `report.office-incomplete` when the department lacks what its documents must name
 */
export async function composeReport(options: ComposeOptions): Promise<ReportData> {
  const { store, profile, definition, period, coverage, now } = options
  const office = officeOf(profile, definition)
  const outlets = outletsOf(profile, definition.origin)
  const before = previousPeriod(period)
  const items = await relevantItems(store, outlets, { publishedFrom: period.from, publishedTo: period.to })
  const comparable = await wasCollected(store, outlets, before)
  const itemsBefore = comparable
    ? await relevantItems(store, outlets, { publishedFrom: before.from, publishedTo: before.to })
    : null
  const late = await lateItems(options, before)

  const inAnnex = [...items.filter(isPress), ...items.filter((item) => !isPress(item))]
  const rows = new Map([...inAnnex, ...late].map(({ article }, index) => [article.id, index + 1]))
  const rowOf = (articleId: string): number | null => rows.get(articleId) ?? null
  const fates = await store.visits.fates([...rows.keys()])
  const given = await store.storyDesk.givenTitles()
  const stories = byEvent(items, given)
  const naming = { rowOf, given }
  return {
    schema: 1,
    reportId: definition.id,
    profileId: profile.id,
    province: profile.name.vi,
    origin: definition.origin,
    period,
    previousPeriod: before,
    composedAt: iso(now),
    office,
    subject: definition.subject,
    to: definition.to,
    recipients: definition.recipients,
    unit: definition.unit,
    basis: definition.basis,
    notice: profile.notice.vi,
    scope: { outlets, gaps: coverageGaps(coverage, outlets) },
    perTopic: definition.perTopic,
    figures: figuresOf(profile, items, itemsBefore, await unassessedCount(store, outlets, period), given),
    highlights: highlightsOf(profile, stories, definition.perTopic, naming),
    sensitive: sensitiveMatters(profile, stories, naming),
    roundUps: roundUpsOf(profile, inAnnex, stories, rowOf),
    annex: inAnnex.map((item) => annexRow(profile, item, rowOf, fates.get(item.article.id))),
    late: late.map((item) => annexRow(profile, item, rowOf, fates.get(item.article.id))),
  }
}

/** What is missing of the report's own outlets. */
function coverageGaps(coverage: readonly OutletCoverage[], outlets: readonly OutletRef[]): readonly CoverageGap[] {
  const ids = new Set(outlets.map(({ id }) => id))
  return gapsOf(coverage)
    .filter(({ outletId }) => ids.has(outletId))
    .map(({ outletId, outlet, extent, code, lastSuccessAt }) => ({ outletId, outlet, extent, code, lastSuccessAt }))
}

/** Articles of the period before that its last report could not know: first seen after that was composed. */
async function lateItems({ store, profile, definition }: ComposeOptions, before: Period): Promise<readonly Item[]> {
  const records = await store.reports.list(LATEST_REPORTS)
  const last = records.find(({ reportId, periodLabel }) => reportId === definition.id && periodLabel === before.label)
  if (!last) return []
  return relevantItems(store, outletsOf(profile, definition.origin), {
    publishedFrom: before.from,
    publishedTo: before.to,
    firstSeenFrom: last.composedAt,
  })
}
/** Reports looked through for the last one of the period before: a few weeks of two departments, with re-compositions. */
const LATEST_REPORTS = 50

function officeOf(profile: Profile, definition: ReportDefinition): Office {
  const department = profile.departments.find(({ id }) => id === definition.department)
  const { name, parent, symbol, seat, signer } = department ?? {}
  if (!name || !parent || !symbol || !seat || !signer)
    throw new Skip(`the department "${definition.department}" lacks name, parent, symbol, seat or signer`, {
      code: 'report.office-incomplete',
      remedy: `Complete it in profiles/${profile.id}/departments.yaml: a report names all five.`,
    })
  return { name, parent, symbol, seat, signer }
}
