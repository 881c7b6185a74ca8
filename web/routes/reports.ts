import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, resolve, sep } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { iso } from '../../clock.ts'
import { describeError, Fatal } from '../../errors.ts'
import type { ReportRecord } from '../../store/store.ts'
import { shareWhileRunning } from '../under-way.ts'
import { FORMATS, reportPage, reportsPage } from '../views/reports.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { lastWeeks } from '../weeks.ts'
import { notFound } from './not-found.ts'

const TYPES = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
  html: 'text/html; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** A report is a document with its own styles: it is shown in a sandbox, where nothing runs and nothing is loaded. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

/** Weeks that the form offers. */
const WEEKS = 12

/** The path of a file of a report, within the data folder and nowhere else. */
async function fileWithin(folder: string, relative: string): Promise<string | null> {
  const root = await realpath(folder)
  const wanted = resolve(root, relative)
  try {
    const real = await realpath(wanted)
    return real.startsWith(root + sep) && (await stat(real)).isFile() ? real : null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

export function reportsRoutes(app: FastifyInstance, { store, profile, clock, dataFolder, composeReport }: Parts): void {
  const list = async (request: FastifyRequest, reply: FastifyReply, problem: string | null) => {
    const records = await store.reports.list(100)
    return sendPage(reply, reportsPage(request.visit, { records, weeks: lastWeeks(clock.now(), WEEKS), problem }))
  }

  const compose = shareWhileRunning(composeReport)

  app.get('/reports', (request, reply) => list(request, reply, null))

  app.post<{ Body: { report?: string; period?: string } }>('/reports', async (request, reply) => {
    const { report, period } = request.body
    const definition = profile.reports.find(({ id }) => id === report)
    const week = lastWeeks(clock.now(), WEEKS).find(({ label }) => label === period)
    if (!definition || !week) return list(request, reply.code(422), request.visit.t('web.report.choose'))
    const who = userOf(request).name
    let id: string
    try {
      id = (await compose(definition.id, week.label)).id
    } catch (error) {
      if (error instanceof Fatal) throw error
      const { message, remedy } = describeError(error)
      request.log.error({ err: error }, 'a report could not be composed')
      return list(request, reply.code(500), `${request.visit.t('web.report.failed')} ${message} ${remedy ?? ''}`)
    }
    const at = iso(clock.now())
    await store.users.log({ who, action: 'report.compose', subject: definition.id, detail: week.label, at })
    return reply.redirect(`/reports/${encodeURIComponent(id)}?done=1`, 303)
  })

  app.get<{ Params: { id: string }; Querystring: { done?: string } }>('/reports/:id', async (request, reply) => {
    const record = await store.reports.get(request.params.id)
    if (!record) return notFound(request, reply)
    return sendPage(reply, reportPage(request.visit, record, request.query.done === '1'))
  })

  app.get<{ Params: { id: string; format: string } }>('/reports/:id/:format', async (request, reply) => {
    const format = FORMATS.find((known) => known === request.params.format)
    const record: ReportRecord | null = await store.reports.get(request.params.id)
    const relative = format && record?.files[format]
    const file = relative ? await fileWithin(dataFolder, relative) : null
    if (!format || file === null) return notFound(request, reply)
    if (format === 'html')
      reply.header('content-security-policy', REPORT_POLICY).header('x-frame-options', 'SAMEORIGIN')
    else reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(basename(file))}`)
    return reply.type(TYPES[format]).send(createReadStream(file))
  })
}
