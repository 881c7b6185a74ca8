import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ChromiumOptions } from '../crawlers/chromium.ts'
import { describeError } from '../errors.ts'
import type { Translate } from '../locales/index.ts'
import type { ReportRecord, Store } from '../store/store.ts'
import { documentOf } from './formats/document.ts'
import { renderDocx } from './formats/docx.ts'
import { renderHtml } from './formats/html.ts'
import { renderPdf } from './formats/pdf.ts'
import type { ReportData } from './report-data.ts'

export type ReportFormat = 'html' | 'docx' | 'pdf'

/** A format that could not be made, and what to do; the others stand. */
export interface FormatProblem {
  readonly format: ReportFormat
  readonly code: string
  readonly message: string
  readonly remedy: string | null
}

export interface Delivered {
  readonly record: ReportRecord
  readonly problems: readonly FormatProblem[]
}

/**
 * Renders a composed report, writes its files under the data folder and records them. Each composition keeps its own
 * files: composing a period again leaves the earlier ones. A PDF that cannot be made is a problem told, not an error.
 *
 * @param t texts of the document's language (Vietnamese for documents that are signed)
 */
export async function deliverReport(options: {
  readonly store: Store
  readonly data: ReportData
  readonly dataFolder: string
  readonly chromium: ChromiumOptions
  readonly t: Translate
}): Promise<Delivered> {
  const { store, data, dataFolder, chromium, t } = options
  const document = documentOf(data, t)
  const html = renderHtml(document)
  const id = await freeId(store, data)
  const base = `reports/${data.period.label}/${id}`
  const files: Record<string, string> = {}
  const problems: FormatProblem[] = []
  const keep = async (format: ReportFormat, bytes: Uint8Array | string): Promise<void> => {
    const path = `${base}.${format}`
    await writeWhole(join(dataFolder, path), bytes)
    files[format] = path
  }
  await keep('html', html)
  await keep('docx', await renderDocx(document))
  try {
    await keep('pdf', await renderPdf(html, chromium))
  } catch (error) {
    problems.push({ format: 'pdf', ...describeError(error) })
  }
  const record: ReportRecord = {
    id,
    reportId: data.reportId,
    periodLabel: data.period.label,
    periodFrom: data.period.from,
    periodTo: data.period.to,
    composedAt: data.composedAt,
    data: JSON.stringify(data),
    files,
  }
  await store.reports.save(record)
  return { record, problems }
}

/** `domestic-week-2025-W40-20251006T000000Z`; a number follows when two were composed in one second. */
async function freeId(store: Store, data: ReportData): Promise<string> {
  const second = data.composedAt.replace(/[-:]|\.\d+/g, '')
  const base = `${data.reportId}-${data.period.label}-${second}`
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`
    if ((await store.reports.get(id)) === null) return id
  }
}

/** Whole or not at all: a reader never sees half a file, and a power cut leaves the old state or the new one. */
async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.tmp`
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
