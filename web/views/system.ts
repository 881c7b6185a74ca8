import { type DiskUsage, USAGE_PARTS } from '../../crawlers/disk-usage.ts'
import { LIMIT_RULES, type LimitInForce, type LimitName, type LimitProblem } from '../../crawlers/limits.ts'
import type { RetentionResult } from '../../crawlers/retention.ts'
import { formatBytes, formatDayTime } from '../../locales/format.ts'
import { troubleWords } from '../../locales/trouble.ts'
import type { Instant } from '../../model.ts'
import type { NoticeRecord, Trouble, User } from '../../store/store.ts'
import type { Fragment, Html } from '../html.ts'
import { flag, html } from '../html.ts'
import type { LimitForm } from '../system-desk.ts'
import type { Visit } from '../visit.ts'
import { csrfField, page } from './layout.ts'
import { listTable, notice, number, time } from './parts.ts'

export interface CleanUp {
  readonly at: Instant
  readonly result: Pick<RetentionResult, 'pages' | 'files' | 'versions' | 'logs'>
}

export interface SystemView {
  readonly limits: readonly LimitInForce[]
  readonly usage: DiskUsage
  readonly freeBytes: number
  readonly minFreeBytes: number
  readonly cleanUp: CleanUp | null
  readonly open: readonly Trouble[]
  readonly past: readonly Trouble[]
  readonly notices: readonly NoticeRecord[]
  readonly channels: readonly string[]
  /** Display names of users by their log-in names. */
  readonly names: ReadonlyMap<string, string>
  readonly administrators: readonly User[]
  /** Names of outlets by id. */
  readonly outlets: ReadonlyMap<string, string>
  readonly form: LimitForm
  readonly problems: readonly LimitProblem[]
  readonly preview: RetentionResult | null
  readonly outcome: 'saved' | 'unchanged' | null
}

export function systemPage(visit: Visit, view: SystemView): Html {
  const { t } = visit
  const main = html`<div class="page-head"><div><h1>${t('system.title')}</h1><p class="intro">${t('system.intro')}</p></div></div>
  ${view.outcome === null ? null : notice('done', t(view.outcome === 'saved' ? 'system.limits.saved' : 'system.limits.unchanged'))}
  ${view.problems.length === 0 ? null : notice('problem', html`${t('system.limits.notSaved')} <a href="#limits">${t('system.limits.toFields')}</a>`)}
  ${troublesSection(visit, view)}
  ${spaceSection(visit, view)}
  ${limitsSection(visit, view)}
  ${cleanUpSection(visit, view.cleanUp)}
  ${pastSection(visit, view)}`
  return page(visit, { title: t('system.title'), section: 'system', main, width: 'normal' })
}

// ---------------------------------------------------------------- troubles

const whatOf = (visit: Visit, { outlets }: SystemView, trouble: Trouble): { what: string; detail: string } =>
  troubleWords(visit.t, trouble, outlets.get(trouble.subject) ?? trouble.subject)

function troublesSection(visit: Visit, view: SystemView): Html {
  const { t } = visit
  const rows = view.open.map((trouble) => {
    const { what, detail } = whatOf(visit, view, trouble)
    return [
      html`<span class="state failed">${what}</span>`,
      time(trouble.since),
      detail === '' ? '–' : html`<span class="break">${detail}</span>`,
      trouble.toldAt ? time(trouble.toldAt) : html`<span class="hint">${t('system.trouble.notTold')}</span>`,
    ]
  })
  const columns = [
    { label: t('system.trouble.what') },
    { label: t('system.trouble.since') },
    { label: t('system.trouble.detail') },
    { label: t('system.trouble.told') },
  ]
  return html`<section><h2 class="section-title">${t('system.trouble.title')}</h2>
  ${view.channels.length === 0 ? notice('info', t('system.trouble.noAddress')) : html`<p class="hint">${t('system.trouble.addresses', { channels: view.channels.join(', ') })}</p>`}
  ${rows.length === 0 ? html`<p class="all-well">${t('system.trouble.none')}</p>` : listTable(columns, rows)}</section>`
}

function pastSection(visit: Visit, view: SystemView): Html {
  const { t } = visit
  const past = view.past.map((trouble) => [
    whatOf(visit, view, trouble).what,
    time(trouble.since),
    trouble.endedAt ? time(trouble.endedAt) : '–',
  ])
  const notices = view.notices.map((one) => [
    html`${time(one.createdAt)}`,
    one.channel,
    html`${toldIn(one).map((line) => html`<p>${line}</p>`)}`,
    html`<span class="state ${one.state}">${t(`system.notices.states.${one.state}`)}</span>${one.error ? html` <span class="problem-text">${one.error}</span>` : null}`,
  ])
  return html`<section><h2 class="section-title">${t('system.trouble.past')}</h2>${
    past.length === 0
      ? html`<p class="hint">${t('system.trouble.none')}</p>`
      : listTable(
          [
            { label: t('system.trouble.what') },
            { label: t('system.trouble.since') },
            { label: t('system.trouble.ended') },
          ],
          past,
        )
  }</section>
  <section><h2 class="section-title">${t('system.notices.title')}</h2>${
    notices.length === 0
      ? html`<p class="hint">${t('system.notices.none')}</p>`
      : listTable(
          [
            { label: t('system.notices.at') },
            { label: t('system.notices.channel') },
            { label: t('system.notices.text') },
            { label: t('system.notices.state') },
          ],
          notices,
        )
  }</section>`
}

/** What a message told, in its own words. */
function toldIn({ data }: NoticeRecord): readonly string[] {
  const { began, ended } = JSON.parse(data) as Readonly<Record<'began' | 'ended', readonly { what: string }[]>>
  return [...began.map(({ what }) => what), ...ended.map(({ what }) => `✓ ${what}`)]
}

// ---------------------------------------------------------------- space

function spaceSection(visit: Visit, { usage, freeBytes, minFreeBytes }: SystemView): Html {
  const { t } = visit
  const isLow = freeBytes < minFreeBytes * 2
  const figure = (label: string, value: string, hint: string, isBad = false): Html =>
    html`<div class="figure${isBad ? ' sensitive' : ''}"><dt class="figure-label">${label}</dt><dd class="figure-value">${value}</dd><dd class="figure-change">${hint}</dd></div>`
  const parts = USAGE_PARTS.filter((part) => usage[part].files > 0 || part !== 'other')
  return html`<section><h2 class="section-title">${t('system.space.title')}</h2><dl class="figures small">${figure(
    t('system.space.free'),
    formatBytes(freeBytes),
    t('system.space.least', { size: formatBytes(minFreeBytes) }),
    isLow,
  )}${parts.map((part) =>
    figure(
      t(`system.space.${part}`),
      formatBytes(usage[part].bytes),
      t('system.space.files', { count: number(usage[part].files) }),
    ),
  )}</dl></section>`
}

// ---------------------------------------------------------------- limits

const inUnits = (visit: Visit, name: LimitName, value: number | null): string =>
  value === null
    ? visit.t('system.forever')
    : visit.t(name === 'versionsKept' ? 'system.count' : 'system.days', { count: number(value) })

function problemText(visit: Visit, problem: LimitProblem): string {
  const { t } = visit
  if (problem.kind === 'order') return t('system.limits.problem.order', { other: t(`system.limit.${problem.other}`) })
  if ('bound' in problem) return t(`system.limits.problem.${problem.kind}`, { bound: number(problem.bound) })
  return t(`system.limits.problem.${problem.kind}`)
}

function limitField(visit: Visit, name: LimitName, { form, problems }: SystemView): Html {
  const { t } = visit
  const { least, mayBeOff } = LIMIT_RULES[name]
  const wrong = problems.find((problem) => problem.name === name)
  const hints = [t('system.limits.least', { least: number(least) }), ...(mayBeOff ? [t('system.limits.blank')] : [])]
  return html`<input class="limit" name="${name}" inputmode="numeric" autocomplete="off" size="6" value="${form[name]}" aria-label="${t(`system.limit.${name}`)}" aria-describedby="${name}-hint"${wrong ? html` aria-invalid="true"` : null}${flag('autofocus', wrong !== undefined && wrong === problems[0])}>
  <span class="hint" id="${name}-hint">${wrong ? html`<span class="problem-text">${problemText(visit, wrong)}</span>` : hints.join('; ')}</span>`
}

function limitsSection(visit: Visit, view: SystemView): Html {
  const { t } = visit
  const isAdministrator = visit.user?.role === 'administrator'
  const columns = [
    { label: t('system.limits.name') },
    { label: t('system.limits.value') },
    { label: t('system.limits.by') },
    ...(isAdministrator ? [{ label: t('system.limits.set') }] : []),
  ]
  const table = listTable(
    columns,
    view.limits.map(({ name, value, setBy }): readonly Fragment[] => [
      t(`system.limit.${name}`),
      html`<b>${inUnits(visit, name, value)}</b>`,
      setBy
        ? t('system.setBy', { who: view.names.get(setBy.who) ?? setBy.who, at: formatDayTime(setBy.at) })
        : html`<span class="hint">${t('system.configured')}</span>`,
      ...(isAdministrator ? [limitField(visit, name, view)] : []),
    ]),
  )
  const administrators = view.administrators.map(({ displayName }) => displayName).join(', ')
  return html`<section id="limits"><h2 class="section-title">${t('system.limits.title')}</h2><p class="hint">${t('system.limits.hint')}</p>
  ${view.preview ? previewCard(visit, view.preview) : null}
  ${
    isAdministrator
      ? html`<form method="post" action="/system/limits">${csrfField(visit)}${table}<p class="actions"><button name="do" value="save">${t('system.limits.save')}</button> <button class="secondary" name="do" value="preview" formaction="/system/limits#limits">${t('system.limits.preview')}</button></p></form>`
      : html`${table}<p class="hint">${t('system.limits.readOnly', { names: administrators })}</p>`
  }</section>`
}

// ---------------------------------------------------------------- what went, or would go

/** What went, or would go, as rows. */
function removedTable(
  visit: Visit,
  { pages, versions, logs }: CleanUp['result'],
  more: readonly Fragment[][],
  isPreview = false,
): Html {
  const { t } = visit
  const kinds = ['irrelevant', 'relevant', 'cited'] as const
  const names = ['actions', 'visits', 'frontier', 'runs'] as const
  return listTable(
    [
      { label: t('system.last.what') },
      { label: t(isPreview ? 'system.last.willGo' : 'system.last.removed'), numeric: true },
    ],
    [
      ...kinds.map((kind) => [
        t('system.last.pages', { kind: t(`system.kind.${kind}`) }),
        t('system.last.pagesValue', { pages: number(pages[kind].pages), size: formatBytes(pages[kind].bytes) }),
      ]),
      ...more,
      [t('system.last.versions'), number(versions)],
      ...names.map((name) => [t(`system.log.${name}`), number(logs[name])]),
    ],
  )
}

const previewCard = (visit: Visit, preview: RetentionResult): Html =>
  html`<div class="notice info" role="status"><p><b>${visit.t('system.limits.previewTitle')}</b> (${visit.t('system.limits.previewHint')})</p></div>${removedTable(visit, preview, [], true)}<br>`

function cleanUpSection(visit: Visit, cleanUp: CleanUp | null): Html {
  const { t } = visit
  const title = html`<h2 class="section-title">${t('system.last.title')}</h2>`
  if (cleanUp === null) return html`<section>${title}<p class="hint">${t('system.last.none')}</p></section>`
  const { rewritten, removed } = cleanUp.result.files
  const files = t('system.last.filesValue', { rewritten: number(rewritten), removed: number(removed.length) })
  return html`<section>${title}<p class="hint">${t('system.last.at', { at: formatDayTime(cleanUp.at) })}</p>${removedTable(visit, cleanUp.result, [[t('system.last.files'), files]])}</section>`
}
