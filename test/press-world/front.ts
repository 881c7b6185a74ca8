import { html } from 'ghtml'
import type { FeedEntry } from './feeds.ts'
import type { Newsroom } from './outlets.ts'
import { hazardDisallow, hazardLinks } from './traits.ts'

/** Paths that an outlet's robots.txt forbids. */
export const forbidden = ({ disallow, traits }: Newsroom): readonly string[] => [
  // An outlet with nothing but its search lets it be used.
  ...(traits?.search ? disallow.filter((path) => path !== '/tim-kiem') : disallow),
  ...(traits?.hazards ? [hazardDisallow] : []),
]

export const robots = (newsroom: Newsroom, origin: string): string =>
  [
    'User-agent: *',
    ...forbidden(newsroom).map((path) => `Disallow: ${path}`),
    ...(newsroom.traits?.crawlDelay ? [`Crawl-delay: ${newsroom.traits.crawlDelay}`] : []),
    '',
    `Sitemap: ${origin}/sitemap.xml`,
    '',
  ].join('\n')

const listOf = (entries: readonly FeedEntry[], origin: string): string =>
  entries
    .map(({ url, title }) => {
      const link = url.startsWith(`${origin}/`) ? url.slice(origin.length) : url
      return html`<div><h3><a class="tin" href="!${link}">${title}</a></h3></div>`
    })
    .join('\n')

/** A front page: the articles among the links that every front page also has. */
export const frontPage = (
  newsroom: Newsroom,
  origin: string,
  entries: readonly FeedEntry[],
): string => html`<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=${newsroom.charset}"><title>${newsroom.name}</title></head><body>
<ul><li><a href="/">1</a></li><li><a href="/muc/1">2</a></li><li><a href="!${newsroom.disallow[0] ?? '/'}">3</a></li></ul>
!${listOf(entries, origin)}!${newsroom.traits?.hazards ? hazardLinks() : ''}
<p><a href="${origin}/gioi-thieu">4</a> <a href="mailto:toa-soan@example.vn">5</a> <a href="javascript:void(0)">6</a></p></body></html>`

/** What the outlet's own search shows. */
export const searchPage = (newsroom: Newsroom, entries: readonly FeedEntry[]): string => html`<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Tìm kiếm - ${newsroom.name}</title></head><body><nav><a href="/">1</a></nav>
<div class="results">!${listOf(entries, '')}</div></body></html>`
