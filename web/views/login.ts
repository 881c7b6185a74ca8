import type { Html } from '../html.ts'
import { flag, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { csrfField, page } from './layout.ts'
import { notice } from './parts.ts'

export interface LoginView {
  /** Where the person wanted to go. */
  readonly next: string
  readonly name: string
  readonly problem: 'wrong' | 'limited' | 'ended' | null
  /** Minutes until the next try, when there were too many. */
  readonly minutes: number
  /** No user exists yet: say how the first one is made. */
  readonly first: boolean
}

export function loginPage(visit: Visit, { next, name, problem, minutes, first }: LoginView): Html {
  const { t } = visit
  const main = html`<section class="login"><h1>${t('web.login.title')}</h1><p class="intro">${t('web.login.intro', { province: visit.profile.name[visit.locale] })}</p>
  ${problem ? notice(problem === 'ended' ? 'info' : 'problem', t(`web.login.${problem}`, { minutes })) : null}
  ${first ? notice('info', html`${t('web.login.first')} <code>npm run cli -- user add ${t('web.login.exampleName')} --name "${t('web.login.exampleFullName')}"</code>`) : null}
  <form class="stack" method="post" action="/login">${csrfField(visit)}<input type="hidden" name="next" value="${next}">
    <div class="field"><label for="name">${t('web.login.name')}</label><input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" required${flag('autofocus', problem !== 'wrong')}></div>
    <div class="field"><label for="password">${t('web.login.password')}</label><input id="password" name="password" type="password" autocomplete="current-password" required${flag('autofocus', problem === 'wrong')}></div>
    <button>${t('web.login.go')}</button></form></section>`
  return page(visit, { title: t('web.login.title'), section: null, main, width: 'reading' })
}
