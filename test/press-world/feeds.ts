import { html } from 'ghtml'
import type { Newsroom } from './outlets.ts'
import { printed } from './page.ts'

export interface FeedEntry {
  readonly id: string
  readonly url: string
  readonly title: string
  readonly summary: string
  readonly published: string
}

/** The feed as this newsroom writes it, before its charset. */
export function feedOf(newsroom: Newsroom, origin: string, entries: readonly FeedEntry[]): string {
  switch (newsroom.feed?.format) {
    case 'atom':
      return atom(newsroom, origin, entries)
    case 'rdf':
      return rdf(newsroom, origin, entries)
    default:
      return rss(newsroom, origin, entries)
  }
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** RFC 822, or with the `GMT+7` that some Vietnamese feeds print instead of an offset. */
function rfc822(published: string, newsroom: Newsroom): string {
  const date = printed(published, newsroom.timezone)
  const zone = newsroom.feed?.style === 'gmt+7' ? 'GMT+7' : date.offset.replace(':', '')
  const time = `${date.hour}:${date.minute}:${String(new Date(published).getUTCSeconds()).padStart(2, '0')}`
  return `${days[date.weekday]}, ${date.day} ${months[Number(date.month) - 1]} ${date.year} ${time} ${zone}`
}

function rss(newsroom: Newsroom, origin: string, entries: readonly FeedEntry[]): string {
  const items = entries.map((entry) => {
    const image = `<a href="${entry.url}"><img src="${origin}/anh/${entry.id}.jpg" ></a></br>`
    const description =
      newsroom.feed?.style === 'image'
        ? `<![CDATA[${image}${entry.summary.replaceAll(']]>', '')}]]>`
        : newsroom.feed?.style === 'entities'
          ? html`${numeric(entry.summary)}`
          : html`${entry.summary}`
    return html`<item><title>${entry.title}</title><link>!${entry.url}</link><guid isPermaLink="true">!${entry.url}</guid>
<pubDate>${rfc822(entry.published, newsroom)}</pubDate><description>!${description}</description></item>`
  })
  return html`<?xml version="1.0" encoding="!${newsroom.charset}"?>
<rss version="2.0"><channel><title>${newsroom.name}</title><link>${origin}/</link><description>${newsroom.name}</description>
!${items.join('\n')}
</channel></rss>`
}

/** Vietnamese letters as numeric entities, which stand escaped once more in the feed: `L&amp;#224;o Cai`. */
const numeric = (text: string): string => text.replace(/[^\x20-\x7e]/gu, (letter) => `&#${letter.codePointAt(0)};`)

function atom(newsroom: Newsroom, origin: string, entries: readonly FeedEntry[]): string {
  const items = entries.map(
    (
      entry,
    ) => html`<entry><id>urn:sample:${entry.id}</id><title>${entry.title}</title><link rel="alternate" href="!${entry.url}"/>
<published>${entry.published}</published><updated>${entry.published}</updated><summary>${entry.summary}</summary></entry>`,
  )
  return html`<?xml version="1.0" encoding="!${newsroom.charset}"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${origin}/</id><title>${newsroom.name}</title><updated>${entries[0]?.published ?? '1970-01-01T00:00:00Z'}</updated>
!${items.join('\n')}
</feed>`
}

function rdf(newsroom: Newsroom, origin: string, entries: readonly FeedEntry[]): string {
  const items = entries.map(
    (entry) => html`<item rdf:about="!${entry.url}"><title>${entry.title}</title><link>!${entry.url}</link>
<description>${entry.summary}</description><dc:date>${printed(entry.published, newsroom.timezone).iso}</dc:date></item>`,
  )
  const list = entries.map((entry) => `<rdf:li rdf:resource="${entry.url}"/>`)
  return html`<?xml version="1.0" encoding="!${newsroom.charset}"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="${origin}/"><title>${newsroom.name}</title><link>${origin}/</link><description>${newsroom.name}</description>
<items><rdf:Seq>!${list.join('')}</rdf:Seq></items></channel>
!${items.join('\n')}
</rdf:RDF>`
}
