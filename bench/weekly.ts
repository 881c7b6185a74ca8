import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../crawlers/chromium.ts'
import { coverage } from '../crawlers/coverage.ts'
import { translator } from '../locales/index.ts'
import { loadProfile } from '../profiles/load.ts'
import { composeReport } from '../reports/compose.ts'
import { deliverReport } from '../reports/deliver.ts'
import { periodOfWeek } from '../reports/period.ts'
import { cpuOf } from './cpu.ts'
import { filledStore } from './filled-store.ts'
import type { BenchFigure } from './section.ts'

/**
 * The weekly summary of 3,000 relevant articles of one origin, by the real profile on a real store: composed with the
 * week before to compare with, rendered, written and recorded. What Chromium takes for the PDF is told apart: it is
 * another program, and its time that of the clock.
 */

const WEEK = periodOfWeek('2025-W40')
const MONDAY = new Date('2025-10-06T00:00:00.000Z')
/** The week and the one before, and what is older. */
const ARTICLES = 9000

const root = join(import.meta.dirname, '..')
const NO_CHROMIUM = { path: null, sandbox: true }

export async function weeklyFigures(): Promise<BenchFigure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-weekly-'))
  try {
    const profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
    const definition = profile.reports.find(({ origin }) => origin === 'domestic')
    if (!definition) throw new Error('the profile has no weekly report of the domestic press')
    const outlets = profile.outletDefinitions.filter(({ origin }) => origin === 'domestic')
    // The last article stands at the end of the week.
    const filled = { profile, outlets, count: ARTICLES, now: new Date(WEEK.to) }
    const store = await filledStore(join(folder, 'store.sqlite'), filled)
    const t = translator('vi')
    const compose = async () => {
      const span = { from: WEEK.from, to: WEEK.to, now: MONDAY }
      const collected = await coverage({ store, outlets: profile.outletDefinitions, ...span })
      return composeReport({ store, profile, definition, period: WEEK, coverage: collected, now: MONDAY })
    }
    const data = await compose()
    const composing = await cpuOf(compose)
    const deliver = (chromium: { readonly path: string | null; readonly sandbox: boolean }) =>
      deliverReport({ store, data, dataFolder: folder, chromium, t })
    const delivering = await cpuOf(() => deliver(NO_CHROMIUM))
    const path = findChromium(process.env.PATH ?? '')
    const begun = performance.now()
    const { problems } = path === null ? { problems: [] } : await deliver({ path, sandbox: process.getuid?.() !== 0 })
    const withPdf = performance.now() - begun
    await store.close()
    return [
      { name: 'articles of the weekly summary', value: data.annex.length, unit: 'articles' },
      { name: 'weekly summary: composed (CPU)', value: composing / 1000, unit: 's' },
      {
        name: 'weekly summary: composed, HTML and DOCX written (CPU)',
        value: (composing + delivering) / 1000,
        unit: 's',
        target: { max: 10 },
      },
      ...(path === null || problems.length > 0
        ? []
        : [{ name: 'weekly summary: HTML, DOCX and PDF written (clock)', value: withPdf / 1000, unit: 's' }]),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
