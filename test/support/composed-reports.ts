import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'cheerio'
import { beforeAll } from 'vitest'
import { findChromium } from '../../crawlers/chromium.ts'
import { translator } from '../../locales/index.ts'
import type { Profile } from '../../profiles/schema.ts'
import { composeReport } from '../../reports/compose.ts'
import type { ReportDocument } from '../../reports/formats/blocks.ts'
import { documentOf } from '../../reports/formats/document.ts'
import { renderDocx } from '../../reports/formats/docx.ts'
import { renderPdf } from '../../reports/formats/pdf.ts'
import { periodOfWeek } from '../../reports/period.ts'
import type { ReportData } from '../../reports/report-data.ts'
import { openStore } from '../../store/open.ts'
import { sampleProfile } from '../helpers/report-profile.ts'
import { domesticStories, foreignStories, type SampleStory } from '../helpers/report-samples.ts'
import { fillStore } from '../helpers/report-store.ts'
import { unzip } from '../helpers/unzip.ts'

/** Titles that try to be more than text, in every format. */
const hostile: SampleStory = {
  ...(domesticStories.find(({ story }) => story === 'que') as SampleStory),
  story: 'hostile',
  outlets: ['laodong'],
  title: '[Bài mẫu] <script>alert(1)</script> & "Lào Cai" </w:t> \u0007]]>',
}

/** What a person called a story; markup like the rest is words. */
export const GIVEN = 'Hàng qua Kim Thành <tăng> bốn tháng liền'

export interface ComposedReport {
  readonly id: string
  readonly data: ReportData
  readonly document: ReportDocument
}

/** The profile's reports on a week of the samples, by their ids; call it once at the top of a file. */
export function composedReports(): (id: string) => ComposedReport {
  let reports: ComposedReport[]

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'formats-'))
    const store = await openStore({ file: join(folder, 'store.sqlite') })
    const profile: Profile = await sampleProfile()
    await fillStore(store, [...domesticStories, ...foreignStories, hostile])
    await fillStore(store, domesticStories.slice(1, 6), { shiftDays: -7 })
    await store.storyDesk.rename({ storyId: 'cua-khau-0', title: GIVEN, who: 'an', at: '2025-10-05T01:00:00.000Z' })
    reports = []
    for (const definition of profile.reports) {
      const now = new Date('2025-10-06T00:00:00.000Z')
      const period = periodOfWeek('2025-W40')
      const data = await composeReport({ store, profile, definition, period, coverage: [], now })
      reports.push({ id: definition.id, data, document: documentOf(data, translator('vi')) })
    }
    await store.close()
    await rm(folder, { recursive: true })
  })

  return (id) => {
    const found = reports.find((one) => one.id === id)
    if (!found) throw new Error(`no report ${id}`)
    return found
  }
}

/** Without white space of any kind: lines break differently in each format. */
export const squeeze = (text: string): string => text.replace(/\s+/gu, '')

export const htmlText = (html: string): string => squeeze(load(html)('body').text())

export interface Docx {
  readonly xml: ReturnType<typeof load>
  readonly files: ReadonlyMap<string, string>
  readonly text: string
}

export async function openDocx(document: ReportDocument): Promise<Docx> {
  const files = unzip(await renderDocx(document))
  const xml = load(files.get('word/document.xml') ?? '', { xml: true })
  return { xml, files, text: squeeze(xml('w\\:t').text()) }
}

export const chromium = { path: findChromium(process.env.PATH ?? ''), sandbox: process.getuid?.() !== 0 }

export const print = async (html: string): Promise<Uint8Array> => new Uint8Array(await renderPdf(html, chromium))
