import { problemText } from '../../locales/problem.ts'
import type { FrontierProblem, RunRecord } from '../../store/store.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName, reportLabel } from '../labels.ts'
import type { Visit } from '../visit.ts'
import { page } from './layout.ts'
import { empty, listTable, number, time } from './parts.ts'
import { runResult } from './run-result.ts'

export interface RunsView {
  /** Newest first, of `job` when one is chosen. */
  readonly runs: readonly RunRecord[]
  readonly job: string | null
  /** Names of the jobs one may choose. */
  readonly jobs: readonly string[]
  readonly frontier: {
    readonly waiting: number
    readonly claimed: number
    readonly done: number
    readonly failed: number
  }
  readonly problems: readonly FrontierProblem[]
}

/** Problems shown at most; the newest say enough. */
const MOST_PROBLEMS = 200

const STATE = { running: 'intended', done: 'confirmed', failed: 'failed' } as const
const JOBS = ['crawl', 'alerts', 'retention', 'install'] as const

function jobLabel(visit: Visit, job: string): string {
  const known = JOBS.find((name) => name === job)
  if (known) return visit.t(`web.run.job.${known}`)
  if (job === 'evidence') return visit.t('evidence.job')
  if (job === 'watch' || job === 'rejudge') return visit.t(`system.run.${job}`)
  const report = /^report:(.+)$/.exec(job)?.[1]
  return report ? `${visit.t('web.run.job.report')}: ${reportLabel(visit.profile, visit.locale, report)}` : job
}

/** A planned minute as a time; the label of a week as it is. */
const periodCell = (key: string): Fragment => (/^\d{4}-\d{2}-\d{2}T/.test(key) ? time(key) : key)

function duration(visit: Visit, { startedAt, finishedAt }: RunRecord): string {
  if (finishedAt === null) return '–'
  const seconds = Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
  return seconds < 90
    ? visit.t('web.run.seconds', { count: seconds })
    : visit.t('web.run.minutes', { count: Math.round(seconds / 60) })
}

export function runsPage(visit: Visit, { runs, job, jobs, frontier, problems }: RunsView): Html {
  const { t } = visit
  const main = html`<div class="page-head"><div><h1>${t('web.nav.runs')}</h1><p class="intro">${t('web.run.intro')}</p></div></div>
  <dl class="figures small">${(['waiting', 'claimed', 'done', 'failed'] as const).map((state) => html`<div class="figure ${state === 'failed' && frontier.failed > 0 ? 'sensitive' : ''}"><dt class="figure-label">${t(`web.run.frontier.${state}`)}</dt><dd class="figure-value">${number(frontier[state])}</dd></div>`)}</dl>
  <nav class="segmented jobs" aria-label="${t('web.run.jobHead')}"><a href="/runs"${job === null ? html` aria-current="true"` : null}>${t('web.search.any')}</a>${jobs.map((name) => html`<a href="/runs?job=${encodeURIComponent(name)}"${name === job ? html` aria-current="true"` : null}>${jobLabel(visit, name)}</a>`)}</nav>
  ${
    runs.length === 0
      ? empty(t('web.run.none'), t('web.run.noneHint'))
      : listTable(
          [
            { label: t('web.run.jobHead') },
            { label: t('web.run.period') },
            { label: t('web.run.started') },
            { label: t('web.run.duration') },
            { label: t('web.run.outcome') },
            { label: t('web.run.result') },
          ],
          runs.map((run) => [
            jobLabel(visit, run.job),
            periodCell(run.periodKey),
            time(run.startedAt),
            html`<span class="whole">${duration(visit, run)}</span>`,
            html`<span class="state ${STATE[run.outcome]}">${t(`web.run.state.${run.outcome}`)}</span>`,
            runResult(visit, run),
          ]),
        )
  }
  <section><h2 class="section-title">${t('web.run.problems')}</h2>${
    problems.length === 0
      ? html`<p class="all-well">${t('web.run.noProblems')}</p>`
      : listTable(
          [
            { label: t('web.outlet.name') },
            { label: t('web.run.at') },
            { label: t('web.outlet.problem') },
            { label: t('web.article.address') },
          ],
          problems
            .slice(0, MOST_PROBLEMS)
            .map(({ outletId, at, message, code, url }) => [
              outletName(visit.profile, outletId),
              time(at),
              html`<span class="problem-text" title="${message}">${problemText(t, { code, message })}</span> <span class="hint">${code}</span>`,
              html`<span class="break">${url}</span>`,
            ]),
        )
  }</section>`
  return page(visit, { title: t('web.nav.runs'), section: 'runs', main, width: 'wide' })
}
