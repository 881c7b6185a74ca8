import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach } from 'vitest'
import type { OutletCoverage } from '../../crawlers/coverage.ts'
import type { Profile, ReportDefinition } from '../../profiles/schema.ts'
import { composeReport } from '../../reports/compose.ts'
import { periodOfWeek } from '../../reports/period.ts'
import type { Matter, ReportData } from '../../reports/report-data.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'
import { sampleProfile } from '../helpers/report-profile.ts'
import { domesticStories, foreignStories, type SampleStory } from '../helpers/report-samples.ts'

/** The week of the samples, and when its reports are composed. */
export const week = periodOfWeek('2025-W40')
export const monday = new Date('2025-10-06T00:00:00.000Z')

export const sample = (name: string): SampleStory => {
  const found = [...domesticStories, ...foreignStories].find(({ story }) => story === name)
  if (!found) throw new Error(`no sample ${name}`)
  return found
}

export const outletsOf = (stories: readonly SampleStory[]): readonly string[] =>
  stories.flatMap(({ outlets }) => outlets)

export const mattersOf = (data: ReportData): readonly Matter[] => [
  ...data.sensitive,
  ...data.highlights.flatMap(({ matters }) => matters),
]

export interface ReportRoom {
  readonly folder: () => string
  /** Empty when a test begins. */
  readonly store: () => Store
  readonly profile: () => Profile
  readonly definition: (id: string) => ReportDefinition
  /** Of `week`, unless another period is given; all outlets are collected, unless `coverage` says otherwise. */
  readonly compose: (
    id?: string,
    more?: { readonly coverage?: readonly OutletCoverage[]; readonly period?: typeof week },
  ) => Promise<ReportData>
  /** Class of an outlet; `''` where the profile does not know it. */
  readonly classOf: (id: string) => string
  /** Outlets of the samples that are press, once for each article. */
  readonly pressOf: (stories: readonly SampleStory[]) => readonly string[]
}

/** A store of each test's own to compose reports from; call it once at the top of a file. */
export function reportRoom(): ReportRoom {
  let folder: string
  let store: Store
  let profile: Profile

  beforeAll(async () => {
    profile = await sampleProfile()
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reports-'))
    store = await openStore({ file: join(folder, 'store.sqlite') })
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  const definition = (id: string): ReportDefinition => {
    const found = profile.reports.find((report) => report.id === id)
    if (!found) throw new Error(`no report ${id}`)
    return found
  }
  const classOf = (id: string): string => profile.outletDefinitions.find((outlet) => outlet.id === id)?.class ?? ''
  return {
    folder: () => folder,
    store: () => store,
    profile: () => profile,
    definition,
    compose: (id = 'domestic-week', { coverage = [], period = week } = {}) =>
      composeReport({ store, profile, definition: definition(id), period, coverage, now: monday }),
    classOf,
    pressOf: (stories) => outletsOf(stories).filter((id) => classOf(id) === 'press'),
  }
}
