import { setTimeout as delay } from 'node:timers/promises'
import type { Browser } from 'playwright'
import type { Clock } from '../clock.ts'
import { Fatal, RetryLater, Skip } from '../errors.ts'
import { closeSoon, launchChromium } from './browser-launch.ts'
import { type Shown, showPage } from './browser-page.ts'
import { createTabs, type Tab } from './browser-tabs.ts'
import type { ChromiumOptions } from './chromium.ts'
import { digestOf, type Fetched, type HttpClient, siteOf } from './http-client.ts'
import { judgePage, temporaryProblem } from './judge-page.ts'

/** Reads pages whose text scripts bring. One Chromium, started when needed; everything it gets comes through `client`. */
export interface PageBrowser {
  /**
   * The document as shown, or the plain response when it is no page that can be shown (not 200, not HTML, a challenge).
   * @throws as HttpClient.get, and RetryLater `browser.failed`, `browser.timeout`
   */
  readonly render: (url: string, signal?: AbortSignal) => Promise<Fetched>
  /** Pictures of a page with its styles and images. @throws as render; what a response says that is no such page */
  readonly picture: (url: string, signal?: AbortSignal) => Promise<Pictures>
  readonly close: () => Promise<void>
}

/** A page as a reader would have seen it: of what other sites add (advertisements, embedded videos) nothing. */
export interface Pictures {
  /** The whole page, at most 20,000 pixels high. */
  readonly png: Uint8Array
  readonly pdf: Uint8Array
  /** After redirects. */
  readonly finalUrl: string
  readonly at: Date
}

export interface PageBrowserOptions {
  readonly client: HttpClient
  readonly clock: Clock
  readonly userAgent: string
  readonly chromium: ChromiumOptions & { readonly path: string }
  /** Pages open at a time; 3. */
  readonly maxPages?: number
  /** After so many pages the browser is started anew, which gives its memory back; 150. */
  readonly pagesPerBrowser?: number
  /** Closed after so long without a page; 1 minute. */
  readonly idleMs?: number
  /** Of the document as shown; 10 MB. */
  readonly maxBytes?: number
  /** Of one page, from its document to its end; 45 s. */
  readonly pageMs?: number
}

const LONGEST_PAGE_PX = 20_000
/** For a tab to be cleared or closed. */
const LONGEST_END_MS = 6000

export function createPageBrowser(options: PageBrowserOptions): PageBrowser {
  const { client, clock, userAgent, chromium } = options
  const { maxPages = 3, pagesPerBrowser = 150, idleMs = 60_000, pageMs = 45_000 } = options
  const maxBytes = options.maxBytes ?? 10 * 1024 * 1024
  let current: Promise<Browser> | null = null
  let served = 0
  let open = 0
  let worn = false
  let closed = false
  let idle: NodeJS.Timeout | null = null
  const waiting: (() => void)[] = []
  const tabs = createTabs({ userAgent, most: maxPages })

  const stop = async (): Promise<void> => {
    const browser = current
    current = null
    served = 0
    worn = false
    tabs.clear()
    if (browser) await closeSoon({ close: async () => (await browser).close() })
  }

  /** Waits for a free place; a worn browser gets no new pages, so that there is never a second one beside it. */
  const enter = async (): Promise<Browser> => {
    for (;;) {
      if (closed) throw stopped()
      if (open === 0 && worn) await stop()
      if (open < maxPages && !worn) break
      await new Promise<void>((free) => waiting.push(free))
    }
    if (idle) clearTimeout(idle)
    open += 1
    served += 1
    if (served >= pagesPerBrowser) worn = true
    current ??= launchChromium(chromium)
    try {
      const browser = await current
      if (!browser.isConnected()) throw new Error('the browser has ended')
      return browser
    } catch (error) {
      worn = true
      leave()
      throw failed(chromium.path, error)
    }
  }

  const leave = (): void => {
    open -= 1
    for (const free of waiting.splice(0)) free()
    if (open > 0) return
    idle = setTimeout(() => {
      if (open === 0) stop().catch(() => undefined)
    }, idleMs)
    idle.unref()
  }

  /** Gives `work` a page of its own, for at most `pageMs`. */
  const inPage = async <T>(
    url: string,
    signal: AbortSignal | undefined,
    complete: boolean,
    work: (document: Fetched, shown: Shown) => Promise<T>,
    instead: (document: Fetched) => T,
  ): Promise<T> => {
    // Before the host is occupied: waiting for a place must not hold it up.
    const browser = await enter()
    let tab: Promise<Tab> | null = null
    let isWhole = false
    try {
      return await client.withPage(url, signal, async (document, load) => {
        if (!canBeShown(document)) return instead(document)
        const end = new AbortController()
        const showing = async (): Promise<T> => {
          tab = tabs.take(browser, siteOf(new URL(document.finalUrl)))
          const result = await work(document, await showPage(await tab, document, load, { complete, maxBytes }))
          isWhole = true
          return result
        }
        const late = async (): Promise<never> => {
          await delay(pageMs, undefined, { signal: signal ? AbortSignal.any([end.signal, signal]) : end.signal })
          worn = true
          throw new RetryLater(`${url} does not come to rest in the browser`, {
            code: 'browser.timeout',
            remedy: 'Nothing to do: it is tried again later.',
          })
        }
        const shown = showing()
        try {
          return await Promise.race([shown, late()])
        } catch (error) {
          // Its end is of no interest once it was left.
          shown.catch(() => undefined)
          if (error instanceof Skip || error instanceof RetryLater || error instanceof Fatal) throw error
          if (signal?.aborted) throw stopped()
          if (!browser.isConnected()) worn = true
          throw failed(url, error)
        } finally {
          end.abort()
        }
      })
    } finally {
      // Whoever asked goes on meanwhile; the place is free once the tab is.
      void free(tab, isWhole)
    }
  }

  /** Puts a tab away and gives its place to the next. */
  const free = async (tab: Promise<Tab> | null, isWhole: boolean): Promise<void> => {
    const ended = tab?.then(isWhole ? tabs.giveBack : tabs.discard, () => true) ?? true
    const answers = await Promise.race([ended, delay(LONGEST_END_MS, false, { ref: false })])
    if (!answers) worn = true
    leave()
  }

  return {
    render: (url, signal) =>
      inPage(
        url,
        signal,
        false,
        async (document, { html, loaded }) => {
          const body = Buffer.from(html, 'utf8')
          const headers = { ...document.headers, 'content-type': 'text/html; charset=utf-8' }
          return { ...document, headers, body, digest: digestOf(body), rendered: { at: clock.now(), loaded } }
        },
        (document) => document,
      ),
    picture: (url, signal) =>
      inPage<Pictures>(
        url,
        signal,
        true,
        async ({ finalUrl }, { page }) => {
          const height = await page.evaluate<number>('document.documentElement.scrollHeight')
          const clip = { x: 0, y: 0, width: 1280, height: Math.min(Math.max(height, 1), LONGEST_PAGE_PX) }
          const png = await page.screenshot({ fullPage: true, clip, animations: 'disabled' })
          const pdf = await page.pdf({ format: 'A4', printBackground: true })
          return { png, pdf, finalUrl, at: clock.now() }
        },
        (document) => {
          throw (
            temporaryProblem(document, clock.now()) ??
            judgePage(document, document.url) ??
            new Skip(`${document.url} is no page that a browser shows`, {
              code: 'page.not-html',
              remedy: 'Only pages are pictured; open the address to see what it is.',
            })
          )
        },
      ),
    close: async () => {
      closed = true
      if (idle) clearTimeout(idle)
      for (const free of waiting.splice(0)) free()
      await stop()
    },
  }
}

/** Challenges are left as they are: nothing here pretends to be a person. */
const canBeShown = (document: Fetched): boolean =>
  document.status === 200 &&
  judgePage(document, document.url) === null &&
  /^(?:text\/html|application\/xhtml\+xml)\b|^$/i.test(document.headers['content-type'] ?? '')

const stopped = (): RetryLater =>
  new RetryLater('the browser was closed because the monitor stops', {
    code: 'fetch.stopped',
    remedy: 'Nothing to do: it is fetched after the next start.',
  })

const failed = (what: string, error: unknown): RetryLater =>
  new RetryLater(
    `the browser failed (${what}): ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    {
      code: 'browser.failed',
      remedy:
        'Check that Chromium starts; as root or in a container set MONITOR_CHROMIUM_NO_SANDBOX=true. The page is tried again later.',
      cause: error,
    },
  )
