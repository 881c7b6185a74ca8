import { createHash } from 'node:crypto'
import { html } from 'ghtml'
import type { ExtractionRules, Instant } from '../../model.ts'
import type { Layout } from './page.ts'

/** What makes an outlet hard to follow; each key stands for itself, and all may be combined. */
export interface Traits {
  /** The feed has bare ampersands and angle brackets, entities of HTML and a control character. */
  readonly illFormedFeed?: boolean
  /** The feed answers with one ETag for ever, and with 304 to whoever shows it, whatever has changed. */
  readonly keepsEtag?: boolean
  /** Feed and front page show so many articles at most: who asks too seldom loses some. */
  readonly feedEntries?: number
  /** `news`: a sitemap of the last two days in Google's form. `index`: an index of gzip sitemaps, one a day. */
  readonly sitemap?: 'news' | 'index'
  /** Only its own search leads to its articles; these words are asked for, and only what holds them can be found. */
  readonly search?: readonly string[]
  /** The text is put in by a script of the page itself, or by a first-party script that asks for it. */
  readonly script?: 'inline' | 'fetch'
  /** One in `every` article pages first answers with this status, and only then as it should. */
  readonly busy?: { readonly status: 429 | 503; readonly retryAfter: number | null; readonly every: number }
  /** One in so many article pages comes in small pieces with pauses. */
  readonly dripEvery?: number
  /** The front page leads to pages that never end, circles of redirects, an endless calendar, forbidden and private addresses. */
  readonly hazards?: boolean
  /** Seconds, said in robots.txt. */
  readonly crawlDelay?: number
  /** Links carry a session, another one at each request. */
  readonly sessionIds?: boolean
  /** Every third link leads to the AMP twin. */
  readonly amp?: boolean
  /** Every fourth link leads to the mobile twin, a host of its own. */
  readonly mobile?: boolean
  /** Pages carry a counter and newest headlines, different at each request. */
  readonly restless?: boolean
  /** From then on every page is printed in another way; without rules, whoever follows it must find the text unaided. */
  readonly relayout?: { readonly from: Instant; readonly layout: Layout; readonly rules: readonly ExtractionRules[] }
  /** From then on it asks whether a person is reading. */
  readonly blockedFrom?: Instant
  /** From then on it answers 500 to everything. */
  readonly downFrom?: Instant
  /** From then on it publishes nothing: for the list of what to expect; whoever writes its articles keeps to it. */
  readonly silentFrom?: Instant
}

/** Same text, same number below `count`. */
export const pick = (text: string, count: number): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) % count

/** A feed as hand-written software leaves it: what a strict XML reader refuses and a forgiving one reads. */
export const illFormed = (feed: string): string =>
  feed
    .replace('</title>', ' & b\u1ea1n \u0111\u1ecdc &nbsp;<3</title>')
    .replace('</channel></rss>', '<item><title>Th\u1eed &copy; \u0008 d\u1edf dang</channel></rss>')

/** The page whose text a script puts in; `dataPath` answers with the markup as JSON. */
export function scripted(page: string, kind: 'inline' | 'fetch', dataPath: string): { page: string; data: string } {
  const start = page.indexOf('>', page.indexOf('<body')) + 1
  const end = page.lastIndexOf('</body>')
  const data = JSON.stringify({ markup: page.slice(start, end) }).replaceAll('<', '\\u003c')
  const put = 'document.getElementById("app").innerHTML = data.markup'
  const script =
    kind === 'inline'
      ? `<script>{ const data = ${data}; ${put} }</script>`
      : `<script>fetch(${JSON.stringify(dataPath)}).then((answer) => answer.json()).then((data) => { ${put} })</script>`
  return { page: `${page.slice(0, start)}<div id="app">…</div>${script}${page.slice(end)}`, data }
}

/** A counter beside the headline and the newest headlines under the text: what changes although nothing was edited. */
export function restless(
  page: string,
  now: Date,
  newest: readonly { readonly title: string; readonly url: string }[],
): string {
  const minutes = Math.floor(now.getTime() / 60_000)
  const links = newest.map(({ title, url }) => html`<li><a href="${url}">${title}</a></li>`).join('')
  return page
    .replace('</h1>', `</h1><span class="views">${minutes % 100_000}</span>`)
    .replace('</body>', `<aside class="most-read"><ul>${links}</ul></aside></body>`)
}

/** What an outlet shows with status 200 in the place of an article that it took down. */
export const softGonePage = (outletName: string): string => html`<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Không tìm thấy trang - ${outletName}</title></head><body><h1>Không tìm thấy trang</h1>
<p>Bài viết không tồn tại hoặc đã bị gỡ bỏ. Mời bạn đọc về <a href="/">trang chủ</a>.</p></body></html>`

/** What a guard against machines shows with status 403. */
export const challengePage = `<!DOCTYPE html><html><head><title>Just a moment...</title></head>
<body><div class="main-wrapper"><form id="challenge-form" action="/cdn-cgi/challenge-platform/h/b"></form></div></body></html>`

/** Links that a front page with hazards shows among its articles, as if they were articles. */
export const hazardPaths = {
  endless: '/trang-khong-het-post9000001.html',
  circle: '/vong-tron-post9000002.html',
  private: '/mang-noi-bo-post9000003.html',
  forbidden: '/noi-bo/ban-thao-post9000004.html',
} as const

/** Robots rule and first page of the calendar that go with the hazards. */
export const hazardDisallow = '/noi-bo/'
export const calendarPath = /^\/lich\/(\d{4})\/(\d{2})(?:\/(\d{2}))?$/

/** A month of an endless calendar: its days, and the next month. */
export function calendarPage(year: number, month: number): string {
  const next = month === 12 ? `/lich/${year + 1}/01` : `/lich/${year}/${String(month + 1).padStart(2, '0')}`
  const days = Array.from({ length: 28 }, (_, at) => String(at + 1).padStart(2, '0'))
  const links = days.map((day) => `<a href="/lich/${year}/${String(month).padStart(2, '0')}/${day}">${day}</a>`)
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>Lịch ${month}/${year}</title></head><body>${links.join(' ')}
<a href="${next}">Tháng sau</a></body></html>`
}

export const hazardLinks = (): string => {
  const { endless, circle, private: inside, forbidden } = hazardPaths
  const links = [endless, circle, inside, forbidden].map(
    (path) =>
      `<div><h3><a class="tin" href="${path}">Bài mẫu dẫn tới chỗ không nên tới: ${path.slice(1)}</a></h3></div>`,
  )
  return `${links.join('\n')}<p><a href="/lich/2025/10">Lịch</a> <a href="/lich/2025/10/01">Ngày 1/10/2025</a></p>`
}

/** Never ends; the reader must. */
export function* endless(): Iterable<Buffer> {
  yield Buffer.from(
    '<!DOCTYPE html><html><head><title>Trang không hết (mẫu)</title></head><body><h1>Trang không hết</h1>',
  )
  const piece = Buffer.from('<p>Trang mẫu này không bao giờ hết chữ.</p>'.repeat(1000))
  for (;;) yield piece
}

/** The same bytes, in ten pieces with pauses between them. */
export async function* dripped(body: Buffer): AsyncIterable<Buffer> {
  const size = Math.ceil(body.length / 10)
  for (let at = 0; at < body.length; at += size) {
    yield body.subarray(at, at + size)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}
