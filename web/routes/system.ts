import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type DiskUsage, diskUsage } from '../../crawlers/disk-usage.ts'
import { freeBytesOf } from '../../crawlers/free-space.ts'
import { limitProblems, setLimits } from '../../crawlers/limits.ts'
import type { RunRecord } from '../../store/store.ts'
import { cleanedUp, formOf, type LimitForm, typedForm, valuesIn } from '../system-desk.ts'
import { problemPage } from '../views/problem.ts'
import { type CleanUp, type SystemView, systemPage } from '../views/system.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { notFound } from './not-found.ts'

/** Walking the folders takes a while; the sizes change slowly. */
const USAGE_KEPT_MS = 60_000
const TROUBLES_SHOWN = 30
const NOTICES_SHOWN = 20

/** What the last clean-up said of itself; null for those of versions that said less. */
function cleanUpOf(run: RunRecord | null): CleanUp | null {
  const parsed = run?.result ? cleanedUp.safeParse(JSON.parse(run.result)) : null
  return run && parsed?.success ? { at: run.finishedAt ?? run.startedAt, result: parsed.data } : null
}

type LimitsRequest = FastifyRequest<{ Body: Readonly<Record<string, unknown>> | undefined }>

/** GET /system: space, limits, troubles. POST /system/limits: an administrator sets limits, or sees what would go. */
export function systemRoutes(app: FastifyInstance, { store, clock, profile, dataFolder, system }: Parts): void {
  if (!system) return
  let usage: { readonly at: number; readonly figures: Promise<DiskUsage> } | null = null
  const usageNow = (): Promise<DiskUsage> => {
    const at = clock.now().getTime()
    if (usage === null || at - usage.at >= USAGE_KEPT_MS) usage = { at, figures: diskUsage(dataFolder) }
    return usage.figures
  }

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    said: Partial<Pick<SystemView, 'form' | 'problems' | 'preview' | 'outcome'>>,
  ): Promise<FastifyReply> => {
    const [limits, figures, freeBytes, last, open, past, notices, users] = await Promise.all([
      system.limits(),
      usageNow(),
      freeBytesOf(dataFolder),
      store.runs.lastDone('retention'),
      store.troubles.open(),
      store.troubles.list(TROUBLES_SHOWN),
      store.troubles.notices(NOTICES_SHOWN),
      store.users.list(),
    ])
    const view: SystemView = {
      ...{ limits, usage: figures, freeBytes, minFreeBytes: system.minFreeBytes, cleanUp: cleanUpOf(last) },
      ...{ open, past: past.filter(({ endedAt }) => endedAt !== null), notices, channels: system.channels },
      names: new Map(users.map(({ name, displayName }) => [name, displayName])),
      administrators: users.filter((user) => user.role === 'administrator' && !user.disabledAt),
      outlets: new Map(profile.outletDefinitions.map(({ id, name }) => [id, name])),
      ...{ form: formOf(limits), problems: [], preview: null, outcome: null, ...said },
    }
    return sendPage(reply, systemPage(request.visit, view))
  }

  app.get<{ Querystring: { done?: string } }>('/system', (request, reply) => {
    const { done } = request.query
    return show(request, reply, { outcome: done === 'saved' || done === 'unchanged' ? done : null })
  })

  app.post('/system/limits', async (request: LimitsRequest, reply) => {
    const { visit, body } = request
    if (body === undefined) return notFound(request, reply)
    const user = userOf(request)
    if (user.role !== 'administrator') {
      const administrators = (await store.users.list()).filter(({ role }) => role === 'administrator')
      const names = administrators.map(({ displayName }) => displayName).join(', ')
      const said = { title: visit.t('system.limits.refused'), what: visit.t('system.limits.readOnly', { names }) }
      return sendPage(
        reply.code(403),
        problemPage(visit, { ...said, remedy: visit.t('system.limits.refusedRemedy'), code: null }),
      )
    }
    const form: LimitForm = typedForm(body)
    const values = valuesIn(form)
    const problems = limitProblems(values)
    if (problems.length > 0) return show(request, reply.code(422), { form, problems })
    if (body.do === 'preview') return show(request, reply, { form, preview: await system.preview(values) })
    const changed = await setLimits(store, system.configured, values, { who: user.name, now: clock.now() })
    return reply.redirect(`/system?done=${changed.length > 0 ? 'saved' : 'unchanged'}`, 303)
  })
}
