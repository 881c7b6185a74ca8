import { LIMIT_NAMES } from '../../crawlers/limits.ts'
import type { Fragment, Html } from '../html.ts'
import { html } from '../html.ts'
import { reportLabel, topicLabel } from '../labels.ts'
import { PASSWORD_LENGTH } from '../passwords.ts'
import type { Visit } from '../visit.ts'
import { csrfField, page } from './layout.ts'
import { listTable, notice, time } from './parts.ts'

export interface Action {
  readonly who: string
  readonly action: string
  readonly subject: string
  readonly detail: string | null
  readonly at: string
}

export type PasswordOutcome = 'changed' | 'wrong' | 'different' | 'short' | 'long' | 'name' | 'monotone'

const ACTIONS = [
  'user.create',
  'user.login',
  'user.logout',
  'user.password',
  'user.role',
  'limits.set',
  'article.correct',
  'article.import',
  'report.compose',
  'story.merge',
  'story.split',
  'story.move',
  'story.rename',
  'story.lock',
  'story.unlock',
  'story.summary',
  'topic.summary',
] as const

function actionText(visit: Visit, action: string): string {
  const known = ACTIONS.find((name) => name === action)
  if (known === undefined) return action
  const [subject, verb] = known.split('.')
  return visit.t(`web.account.action.${subject}_${verb}` as Parameters<Visit['t']>[0])
}

const FIELDS = ['relevance', 'topics', 'tone', 'sensitive'] as const

/** What an action was about, in words where the log keeps ids. */
function subjectCell(visit: Visit, { action, subject, detail }: Action, { titles }: AccountView): Fragment {
  if (action === 'report.compose')
    return html`${reportLabel(visit.profile, visit.locale, subject)} <span class="hint">${detail}</span>`
  // What exactly became of a story stands in its own history.
  if (action.startsWith('story.')) return html`<a href="/stories/${subject}">${titles.get(subject) ?? subject}</a>`
  const limit = action === 'limits.set' ? LIMIT_NAMES.find((name) => name === subject) : undefined
  if (limit) return html`${visit.t(`system.limit.${limit}`)} <span class="hint">${detail}</span>`
  if (action === 'topic.summary')
    return html`${topicLabel(visit.profile, visit.locale, subject)} <span class="hint">${detail}</span>`
  const [, accepted, brought] = (action === 'article.import' && /^(\d+)\/(\d+)$/.exec(detail ?? '')) || []
  if (accepted && brought)
    return html`${subject} <span class="hint">${visit.t('imports.accepted', { count: accepted, total: brought })}</span>`
  if (action !== 'article.correct') return html`${subject}${detail ? html` <span class="hint">${detail}</span>` : null}`
  const fields = (detail ?? '').split(', ').map((name) => {
    const field = FIELDS.find((known) => known === name)
    return field ? visit.t(`web.article.field.${field}`) : name
  })
  return html`<a href="/articles/${subject}">${titles.get(subject) ?? subject}</a> <span class="hint">${fields.join(', ')}</span>`
}

export interface AccountView {
  /** Newest first. */
  readonly actions: readonly Action[]
  /** Titles of the articles and stories they were about, by id. */
  readonly titles: ReadonlyMap<string, string>
  /** Display names of users by their log-in names. */
  readonly names: ReadonlyMap<string, string>
  readonly outcome: PasswordOutcome | null
}

export function accountPage(visit: Visit, view: AccountView): Html {
  const { t } = visit
  const { actions, names, outcome } = view
  const field = (id: string, label: string, autocomplete: string, hint: string | null): Html =>
    html`<div class="field"><label for="${id}">${label}</label><input id="${id}" name="${id}" type="password" autocomplete="${autocomplete}" required${hint ? html` aria-describedby="${id}-hint"` : null}>${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : null}</div>`
  const main = html`<div class="page-head"><div><h1>${t('web.account.title')}</h1><p class="intro">${visit.user?.displayName} · ${visit.user?.name}</p></div>
  <form method="post" action="/logout">${csrfField(visit)}<button class="secondary">${t('web.nav.logout')}</button></form></div>
  ${outcome ? notice(outcome === 'changed' ? 'done' : 'problem', t(`web.account.outcome.${outcome}`, { min: PASSWORD_LENGTH.min, max: PASSWORD_LENGTH.max })) : null}
  <section class="card narrow"><h2>${t('web.account.password')}</h2><form class="stack" method="post" action="/account/password">${csrfField(visit)}<input type="text" name="username" autocomplete="username" value="${visit.user?.name}" hidden>
    ${field('current', t('web.account.current'), 'current-password', null)}
    ${field('next', t('web.account.next'), 'new-password', t('web.account.policy', { min: PASSWORD_LENGTH.min }))}
    ${field('repeat', t('web.account.repeat'), 'new-password', null)}
    <button>${t('web.account.change')}</button></form></section>
  <section><h2 class="section-title">${t('web.account.log')}</h2>${listTable(
    [
      { label: t('web.account.what') },
      { label: t('web.account.subject') },
      { label: t('web.account.who') },
      { label: t('web.run.at') },
    ],
    actions.map((action) => [
      actionText(visit, action.action),
      subjectCell(visit, action, view),
      names.get(action.who) ?? action.who,
      time(action.at),
    ]),
  )}</section>`
  return page(visit, { title: t('web.account.title'), section: 'account', main })
}
