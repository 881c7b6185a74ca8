import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { NOW, type Office, openOffice, type Visitor, visitor } from './web.ts'

/** What stands in each element that the selector finds. */
export const textsOf = (body: string, selector: string): string[] =>
  [...parseHTML(body).document.querySelectorAll(selector)].map((node) => (node.textContent ?? '').trim())

export interface BusyOffice {
  readonly office: Office
  /** Logged in. */
  readonly analyst: Visitor
  /** Ids of two samples: a flood, and one whose every text is hostile markup. */
  readonly flood: string
  readonly hostile: string
  /** Reports that were asked for, with their periods; `foreign-week` fails. */
  readonly composed: readonly string[]
}

/** An office at work: beside the samples it has an alert that was sent twice, and a report with its files. */
export async function openBusyOffice(): Promise<BusyOffice> {
  const composed: string[] = []
  const office = await openOffice({
    composeReport: async (reportId, periodLabel) => {
      composed.push(`${reportId} ${periodLabel}`)
      if (reportId === 'foreign-week') throw new Error('không có phông chữ')
      return { id: 'r1' }
    },
  })
  const { store, ids, folder, url } = office
  const flood = ids[0] ?? ''
  const hostile = ids[2] ?? ''
  const alert = await store.alerts.create({
    ruleId: 'sensitive-domestic',
    storyId: 'flood',
    articleId: flood,
    change: null,
    createdAt: NOW.toISOString(),
  })
  if (!alert) throw new Error('the alert was not created')
  const delivery = await store.alerts.intend(alert.id, 'email', '<a@b>', NOW.toISOString())
  await store.alerts.attempt(delivery.id, NOW.toISOString())
  await store.alerts.outcome(delivery.id, 'unknown', null, NOW.toISOString())
  await store.alerts.attempt(delivery.id, NOW.toISOString())
  await store.alerts.outcome(delivery.id, 'confirmed', null, NOW.toISOString())
  await mkdir(join(folder, 'reports'))
  await writeFile(join(folder, 'reports/a.html'), '<!doctype html><style>p{color:red}</style><p>BÁO CÁO')
  await writeFile(join(folder, 'reports/báo cáo.docx'), 'docx bytes')
  const period = { periodFrom: '2025-09-21T17:00:00.000Z', periodTo: '2025-09-28T17:00:00.000Z' }
  const record = { reportId: 'domestic-week', periodLabel: '2025-W39', ...period, composedAt: NOW.toISOString() }
  const files = { html: 'reports/a.html', docx: 'reports/báo cáo.docx', pdf: '../../../../etc/hostname' }
  await store.reports.save({ id: 'r1', ...record, data: '{}', files })
  const analyst = visitor(url)
  const { location } = await analyst.login()
  if (location !== '/') throw new Error('the analyst could not log in')
  return { office, analyst, flood, hostile, composed }
}
