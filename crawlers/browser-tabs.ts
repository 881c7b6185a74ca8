import type { Browser, BrowserContext, CDPSession, Page, Route } from 'playwright'
import { closeSoon, openContext } from './browser-launch.ts'

/** A page that shows one document of a site after the other, in a browser profile of its own. */
export interface Tab {
  readonly page: Page
  /** Answers what the document asks for; null between documents: nothing is let through. */
  answer: ((route: Route) => Promise<void>) | null
  /** Lets scripts run again, once the next document is about to take the place of the last. */
  readonly wake: () => Promise<void>
}

/**
 * The tabs of one browser. A new profile and its processes cost three times what a document costs; so a tab is used again
 * for documents of the same site (registrable domain), never for another's. What a document stored is cleared before the
 * next, which meets the site as a reader who has never been there.
 */
export interface Tabs {
  /** @throws when the browser has ended */
  readonly take: (browser: Browser, site: string) => Promise<Tab>
  /** Stops the document and clears what it stored. False: its process does not answer. */
  readonly giveBack: (tab: Tab) => Promise<boolean>
  /** Closes a tab. False: its process does not answer. */
  readonly discard: (tab: Tab) => Promise<boolean>
  /** Forgets the tabs of a browser that ends. */
  readonly clear: () => void
}

interface OpenTab extends Tab {
  readonly site: string
  readonly context: BrowserContext
  readonly devtools: CDPSession
  served: number
  /** Its scripts are stopped. */
  asleep: boolean
}

/** Then it is opened anew, which gives its memory back. */
const PAGES_PER_TAB = 25

const EMPTY_MS = 3000

/**
 * Before the scripts of a document run: what is kept with the tab itself, out of reach of a clearing from outside. A
 * document without an origin (about:blank, a data: URL) has no storage and throws when asked for it: nothing is kept there.
 */
const FORGET = `if (globalThis === globalThis.top) { try { sessionStorage.clear(); localStorage.clear(); name = '' } catch { /* no origin, no storage */ } }`

async function letScripts(tab: OpenTab, run: boolean): Promise<void> {
  await tab.devtools.send('Emulation.setScriptExecutionDisabled', { value: !run })
  tab.asleep = !run
}

/** @param options `most` tabs are open at a time */
export function createTabs(options: { readonly userAgent: string; readonly most: number }): Tabs {
  const { userAgent, most } = options
  const taken = new Map<Tab, OpenTab>()
  let idle: OpenTab[] = []
  let opening = 0

  const open = async (browser: Browser, site: string): Promise<OpenTab> => {
    const context = await openContext(browser, userAgent)
    await context.addInitScript(FORGET)
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    const wake = async (): Promise<void> => {
      if (tab.asleep) await letScripts(tab, true)
    }
    const tab: OpenTab = { site, context, page, devtools, wake, answer: null, served: 0, asleep: false }
    context.on('page', (other) => {
      if (other !== page) other.close().catch(() => undefined)
    })
    page.on('dialog', (dialog) => {
      dialog.dismiss().catch(() => undefined)
    })
    page.on('crash', () => {
      idle = idle.filter((one) => one !== tab)
    })
    await context.route('**/*', (route) =>
      tab.answer
        ? tab.answer(route)
        : // The document it was for has gone, and the request with it.
          route.abort('blockedbyclient').catch(() => undefined),
    )
    return tab
  }

  const take: Tabs['take'] = async (browser, site) => {
    const known = idle.find((tab) => tab.site === site)
    idle = idle.filter((tab) => tab !== known)
    if (known) return keep(known)
    opening += 1
    try {
      if (idle.length + taken.size + opening > most) {
        const oldest = idle.shift()
        if (oldest) await closeSoon(oldest.context)
      }
      return keep(await open(browser, site))
    } finally {
      opening -= 1
    }
  }

  const keep = (tab: OpenTab): Tab => {
    tab.served += 1
    taken.set(tab, tab)
    return tab
  }

  const release = (given: Tab): OpenTab => {
    const tab = taken.get(given)
    if (!tab) throw new Error('a tab was given back twice')
    tab.answer = null
    taken.delete(given)
    return tab
  }

  const clean = async (tab: OpenTab): Promise<void> => {
    const { page, context, devtools } = tab
    const { origin } = new URL(page.url())
    await letScripts(tab, false)
    if ((await context.cookies()).length > 0) {
      // Whoever sets cookies may set them again when scripts run once more: only an empty page in its place ends it.
      tab.answer = (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '' })
      await page.goto(`${origin}/`, { waitUntil: 'commit', timeout: EMPTY_MS })
      tab.answer = null
      await context.clearCookies()
      await letScripts(tab, true)
    }
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  }

  return {
    take,
    giveBack: async (given) => {
      const tab = release(given)
      if (tab.served >= PAGES_PER_TAB) return closeSoon(tab.context)
      const cleaned = clean(tab).then(
        () => true,
        () => false,
      )
      if (!(await cleaned)) return closeSoon(tab.context)
      idle.push(tab)
      return true
    },
    discard: (given) => closeSoon(release(given).context),
    clear: () => {
      idle = []
    },
  }
}
