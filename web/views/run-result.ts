import { z } from 'zod'
import { problemText } from '../../locales/problem.ts'
import type { RunRecord } from '../../store/store.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName } from '../labels.ts'
import { cleanedUp } from '../system-desk.ts'
import type { Visit } from '../visit.ts'
import { number } from './parts.ts'

/** Problems listed of one run at most. */
const MOST_PROBLEMS = 50

const failure = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string(), remedy: z.string().nullable() }),
})
const collected = z.looseObject({
  outlets: z.array(
    z.looseObject({
      outletId: z.string(),
      polled: z.number(),
      found: z.number(),
      fresh: z.number(),
      fetched: z.number(),
      feedOnly: z.number(),
      visited: z.number().default(0),
      changed: z.number().default(0),
      gone: z.number().default(0),
      problems: z.array(z.looseObject({ url: z.string(), code: z.string(), message: z.string() })),
    }),
  ),
  stopped: z.looseObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
})
const alerted = z.looseObject({
  evaluation: z.looseObject({ changes: z.number(), alerts: z.number() }),
  delivery: z.looseObject({ confirmed: z.number(), waiting: z.number(), failed: z.number(), unknown: z.number() }),
})
const pictured = z.looseObject({
  taken: z.number(),
  failed: z.number(),
  givenUp: z.number(),
  problems: z.array(z.looseObject({ url: z.string(), code: z.string(), message: z.string() })),
  stopped: z.looseObject({ message: z.string(), remedy: z.string() }).nullable(),
})
const idle = z.looseObject({ idle: z.number(), polled: z.number().optional() })
const watched = z.looseObject({ began: z.number(), ended: z.number(), confirmed: z.number(), waiting: z.number() })
const composed = z.looseObject({
  record: z.looseObject({ id: z.string() }),
  problems: z.array(z.looseObject({ message: z.string() })),
})

function collectedView(visit: Visit, { outlets, stopped }: z.infer<typeof collected>): Html {
  const { t, profile } = visit
  type Count = 'polled' | 'found' | 'fresh' | 'fetched' | 'feedOnly' | 'visited' | 'changed' | 'gone'
  const sum = (name: Count): string => number(outlets.reduce((total, outlet) => total + outlet[name], 0))
  const problems = outlets.flatMap(({ outletId, problems }) => problems.map((problem) => ({ ...problem, outletId })))
  return html`<p>${t('web.run.collected', {
    polled: sum('polled'),
    fresh: sum('fresh'),
    fetched: sum('fetched'),
    feedOnly: sum('feedOnly'),
  })} ${sum('visited') === '0' ? null : t('visits.run', { visited: sum('visited'), changed: sum('changed'), gone: sum('gone') })}</p>${stopped ? html`<p class="problem-text">${stopped.message} ${stopped.remedy}</p>` : null}${
    problems.length > 0
      ? html`<details><summary>${t('web.run.troubles', { count: number(problems.length) })}</summary><ul class="plain">${problems
          .slice(0, MOST_PROBLEMS)
          .map(
            ({ outletId, message, code, url }) =>
              html`<li>${outletName(profile, outletId)}: <span class="problem-text" title="${message}">${problemText(t, { code, message })}</span> <span class="hint">${code}</span><br><span class="hint break">${url}</span></li>`,
          )}</ul></details>`
      : null
  }`
}

function picturedView({ t }: Visit, { stopped, problems, ...counts }: z.infer<typeof pictured>): Html {
  const { taken, failed, givenUp } = counts
  const said = t('evidence.run', { taken: number(taken), failed: number(failed), givenUp: number(givenUp) })
  return html`<p>${said}</p>${stopped ? html`<p class="problem-text">${stopped.message} ${stopped.remedy}</p>` : null}${problems.map(
    ({ message, code }) => html`<p><span class="problem-text">${message}</span> <span class="hint">${code}</span></p>`,
  )}`
}

/** Whatever a job reports that has no words of its own here: a new job needs no new page. */
function anything(value: unknown): Fragment {
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value)) return number(value.length)
  if (typeof value === 'object')
    return html`<dl class="result">${Object.entries(value).map(([name, part]) => html`<div><dt>${name}</dt><dd>${anything(part)}</dd></div>`)}</dl>`
  return typeof value === 'number' ? number(value) : String(value).slice(0, 200)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

/** What a run found, in words where we know the job. */
export function runResult(visit: Visit, { result }: RunRecord): Fragment {
  if (result === null) return '–'
  const { t } = visit
  const value = parsed(result)
  const failed = failure.safeParse(value)
  if (failed.success) {
    const { code, message, remedy } = failed.data.error
    return html`<span class="problem-text">${message}</span> ${remedy} <span class="hint">${code}</span>`
  }
  const quiet = idle.safeParse(value)
  if (quiet.success) {
    const { idle: count, polled } = quiet.data
    if (polled === undefined) return html`<span class="hint">${t('system.run.idle', { count: number(count) })}</span>`
    const said = t('system.run.idlePolls', { count: number(count), polled: number(polled) })
    return html`<span class="hint">${said}</span>`
  }
  const troubles = watched.safeParse(value)
  if (troubles.success) {
    const { began, ended, confirmed, waiting } = troubles.data
    return html`<a href="/system">${t('system.run.watched', { began, ended, confirmed, waiting })}</a>`
  }
  const cleaned = cleanedUp.safeParse(value)
  if (cleaned.success) {
    const { pages, versions, logs } = cleaned.data
    const sum = (counts: readonly number[]): string => number(counts.reduce((total, count) => total + count, 0))
    const dropped = sum(Object.values(pages).map((one) => one.pages))
    const said = t('system.run.cleaned', { pages: dropped, versions: number(versions), rows: sum(Object.values(logs)) })
    return html`<a href="/system">${said}</a>`
  }
  const crawl = collected.safeParse(value)
  if (crawl.success) return collectedView(visit, crawl.data)
  const alerts = alerted.safeParse(value)
  if (alerts.success) {
    const { evaluation, delivery } = alerts.data
    return t('web.run.alerted', { changes: number(evaluation.changes), alerts: number(evaluation.alerts), ...delivery })
  }
  const pictures = pictured.safeParse(value)
  if (pictures.success) return picturedView(visit, pictures.data)
  const report = composed.safeParse(value)
  if (report.success)
    return html`<a href="/reports/${encodeURIComponent(report.data.record.id)}">${t('web.run.openReport')}</a>${report.data.problems.map(({ message }) => html`<br><span class="problem-text">${message}</span>`)}`
  return anything(value)
}
