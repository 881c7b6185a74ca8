import { LOCALES } from '../../locales/index.ts'
import { ASSETS } from '../assets.ts'
import type { Html } from '../html.ts'
import { flag, html } from '../html.ts'
import type { Visit } from '../visit.ts'

export type Section =
  | 'home'
  | 'search'
  | 'stories'
  | 'trends'
  | 'reports'
  | 'alerts'
  | 'outlets'
  | 'import'
  | 'runs'
  | 'system'
  | 'profile'
  | 'account'

const NAVIGATION: readonly { readonly section: Exclude<Section, 'account'>; readonly href: string }[] = [
  { section: 'home', href: '/' },
  { section: 'search', href: '/search' },
  { section: 'stories', href: '/stories' },
  { section: 'trends', href: '/trends' },
  { section: 'reports', href: '/reports' },
  { section: 'alerts', href: '/alerts' },
  { section: 'outlets', href: '/outlets' },
  { section: 'import', href: '/import' },
  { section: 'runs', href: '/runs' },
  { section: 'system', href: '/system' },
  { section: 'profile', href: '/profile' },
]

/** The hidden field that every form which changes something carries. */
export const csrfField = (visit: Visit): Html => html`<input type="hidden" name="_csrf" value="${visit.csrf()}">`

function languageSwitch(visit: Visit): Html {
  return html`<form class="languages" method="post" action="/language" aria-label="${visit.t('web.language.label')}">
    ${csrfField(visit)}<input type="hidden" name="back" value="${visit.path}">
    ${LOCALES.map(
      (locale) =>
        html`<button name="locale" value="${locale}" lang="${locale}"${
          locale === visit.locale ? html` aria-current="true"` : null
        }>${locale === 'vi' ? 'Tiếng Việt' : 'English'}</button>`,
    )}
  </form>`
}

function navigation(visit: Visit, current: Section | null): Html {
  return html`<nav class="main-nav" aria-label="${visit.t('web.nav.label')}"><ul>
    ${NAVIGATION.map(
      ({ section, href }) =>
        html`<li><a href="${href}"${section === current ? html` aria-current="page"` : null}>${visit.t(`web.nav.${section}`)}</a></li>`,
    )}
  </ul></nav>`
}

function visitor(visit: Visit, current: Section | null): Html | null {
  if (!visit.user) return null
  return html`<div class="visitor">
    <a href="/account"${current === 'account' ? html` aria-current="page"` : null}>${visit.user.displayName}</a>
    <form method="post" action="/logout">${csrfField(visit)}<button class="quiet">${visit.t('web.nav.logout')}</button></form>
  </div>`
}

const brand = (visit: Visit): Html => html`<a class="brand" href="/">
  <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><rect class="brand-ground" width="32" height="32" rx="7"/><path class="brand-hills" d="M3 25c5-1 6-9 10-9s5 5 8 5 4-3 8-3v7a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4z"/><path class="brand-lines" d="M8 9h16M8 13h9"/></svg>
  <span>${visit.t('web.brand')} <b>${visit.profile.name[visit.locale]}</b></span></a>`

export interface PageOptions {
  readonly title: string
  readonly section: Section | null
  readonly main: Html
  /** `reading` is narrow, `wide` takes the screen. */
  readonly width?: 'reading' | 'normal' | 'wide'
  /** No quick search in the header: the page has its own. */
  readonly ownSearch?: boolean
}

/** The frame of every page: skip link, header, main, the standing notice. */
export function page(visit: Visit, { title, section, main, width = 'normal', ownSearch = false }: PageOptions): Html {
  const { t } = visit
  const quickSearch =
    visit.user && !ownSearch
      ? html`<form class="quick-search" action="/search" role="search"><label class="visually-hidden" for="quick">${t('web.search.label')}</label><input id="quick" type="search" name="q" placeholder="${t('web.search.placeholder')}"></form>`
      : null
  return html`<!doctype html>
<html lang="${visit.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content='{"includeIndicatorCSS":false,"noSwap":[204,304,"4xx","5xx"]}'>
<title>${title} · ${t('web.title', { province: visit.profile.name[visit.locale] })}</title>
<link rel="icon" href="${ASSETS.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${ASSETS.style}">
<script src="${ASSETS.htmx}" defer></script>
</head>
<body>
<a class="skip" href="#main">${t('web.skip')}</a>
<header class="top"><div class="top-row">${brand(visit)}${quickSearch}${visitor(visit, section)}</div>
${visit.user ? navigation(visit, section) : null}</header>
<main id="main" class="${width}" tabindex="-1">${main}</main>
<footer><p>${visit.profile.notice[visit.locale]}</p>${languageSwitch(visit)}</footer>
</body>
</html>`
}

export interface Option {
  readonly value: string
  readonly label: string
}

export const options = (choices: readonly Option[], chosen: string): Html =>
  html`${choices.map(
    ({ value, label }) => html`<option value="${value}"${flag('selected', value === chosen)}>${label}</option>`,
  )}`
