import type { Page, Request, Route } from 'playwright'
import { RetryLater, Skip } from '../errors.ts'
import type { Tab } from './browser-tabs.ts'
import { type Exchange, type Fetched, type Load, siteOf } from './http-client.ts'

const MOST_REQUESTS = 80
const MOST_LOADED_BYTES = 20 * 1024 * 1024
const GOTO_MS = 20_000
/** Without a change for so long a page is finished; one that shows hardly any words may wait for a timer. */
const QUIET_MS = 200
const QUIET_EMPTY_MS = 1500
const FEW_CHARACTERS = 500
const LONGEST_REST_MS = 8000

/** Runs in the page: ends once nothing has changed for long enough, or after `LONGEST_REST_MS`. */
const REST = `new Promise((done) => {
  const begun = Date.now()
  let changed = begun
  const watch = new MutationObserver(() => { changed = Date.now() })
  watch.observe(document, { subtree: true, childList: true, characterData: true })
  const timer = setInterval(() => {
    const now = Date.now()
    const quiet = (document.body?.innerText.length ?? 0) < ${FEW_CHARACTERS} ? ${QUIET_EMPTY_MS} : ${QUIET_MS}
    if (now - changed < quiet && now - begun < ${LONGEST_REST_MS}) return
    clearInterval(timer)
    watch.disconnect()
    done(now - begun)
  }, 50)
})`

/** Never passed on to the browser: about the transfer, about other connections, or about state that is not kept. */
const withheld = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'set-cookie',
  'alt-svc',
  'refresh',
  'link',
  'report-to',
  'nel',
])

const passedOn = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !withheld.has(name)))

export interface ShowOptions {
  /** Loads the pictures, styles and fonts of the site too: for what a person is to see. */
  readonly complete: boolean
  readonly maxBytes: number
}

/** What of a page the routes let through. Images, fonts, media, frames and all that other sites add is left out. */
type Verdict = 'load' | 'empty' | 'refuse'

function verdictOn(request: Request, site: string, complete: boolean): Verdict {
  const url = URL.parse(request.url())
  const isOwn = url !== null && /^https?:$/.test(url.protocol) && siteOf(url) === site
  if (request.method() !== 'GET' || !isOwn) return 'refuse'
  switch (request.resourceType()) {
    case 'script':
    case 'xhr':
    case 'fetch':
      return 'load'
    case 'stylesheet':
      // Some scripts wait for the styles; an empty one lets them go on.
      return complete ? 'load' : 'empty'
    case 'image':
    case 'font':
      return complete ? 'load' : 'refuse'
    default:
      return 'refuse'
  }
}

/** A page as it stands once its scripts have come to rest. */
export interface Shown {
  readonly page: Page
  readonly html: string
  /** Data that the page loaded, as it went over the wire. */
  readonly loaded: readonly Exchange[]
}

/**
 * Shows a document in an empty tab. Chromium gets every byte from us: the document as it was fetched, and what `load`
 * brings; it navigates nowhere else.
 * @throws RetryLater `browser.failed`; Skip `fetch.too-large`
 */
export async function showPage(tab: Tab, document: Fetched, load: Load, options: ShowOptions): Promise<Shown> {
  const site = siteOf(new URL(document.finalUrl))
  const loaded: Exchange[] = []
  let pending = 0
  let requests = 0
  let bytes = 0
  let delivered = false

  const { page } = tab
  const bring = async (route: Route, request: Request): Promise<void> => {
    requests += 1
    if (requests > MOST_REQUESTS || bytes > MOST_LOADED_BYTES) return route.abort('blockedbyclient')
    pending += 1
    try {
      const part = await load(request.url())
      bytes += part.body.length
      if (['xhr', 'fetch'].includes(request.resourceType())) loaded.push(part.last)
      await route.fulfill({ status: part.status, headers: passedOn(part.headers), body: Buffer.from(part.body) })
    } catch (error) {
      // A part that cannot be had is missing in the page, as it would be for a reader; whether text remains is judged later.
      if (!(error instanceof Skip) && !(error instanceof RetryLater)) throw error
      await route.abort('failed')
    } finally {
      pending -= 1
    }
  }

  const answer = async (route: Route): Promise<void> => {
    const request = route.request()
    if (request.isNavigationRequest()) {
      // 204: the page stays as it is. A refusal would put an error page in its place.
      if (delivered || request.frame() !== page.mainFrame()) return route.fulfill({ status: 204 })
      delivered = true
      await tab.wake()
      return route.fulfill({
        status: document.status,
        headers: passedOn(document.headers),
        body: Buffer.from(document.body),
      })
    }
    const verdict = verdictOn(request, site, options.complete)
    if (verdict === 'refuse') return route.abort('blockedbyclient')
    if (verdict === 'empty') return route.fulfill({ status: 200, contentType: 'text/css', body: '' })
    return bring(route, request)
  }
  let fault: unknown = null
  tab.answer = (route) =>
    answer(route).catch((error: unknown) => {
      // The page was closed while a part was on its way; anything else shows when the page is read.
      if (!page.isClosed()) fault ??= error
    })

  await page.goto(document.finalUrl, { waitUntil: 'domcontentloaded', timeout: GOTO_MS })
  // What a part brings that is still on its way changes the page once more.
  for (let rested = 0; rested < LONGEST_REST_MS; ) {
    rested += Math.max(QUIET_MS, await page.evaluate<number>(REST))
    if (pending === 0) break
  }
  if (fault !== null) throw fault
  const html = await page.content()
  if (html.length > options.maxBytes) {
    throw new Skip(`${document.url} grows beyond ${options.maxBytes} characters in the browser`, {
      code: 'fetch.too-large',
      remedy: 'Nothing to do unless it is an article: then raise the limit on the size of a page.',
    })
  }
  return { page, html, loaded }
}
