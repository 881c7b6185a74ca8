import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, BrowserContext } from 'playwright'
import type { ChromiumOptions } from './chromium.ts'

const START_MS = 30_000
const CLOSE_MS = 5000

/**
 * Chromium makes a renderer for the address bar of every window, headless ones too, which costs as much as the page. Of
 * several lists of features the last counts: the others are those that Playwright turns off.
 */
const FEATURES_OFF = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'PreloadTopChromeWebUI'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'PaintHolding'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'ThirdPartyStoragePartitioning', 'AimEnabled'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'PreconnectToSearch'],
]

/**
 * Chromium without a network of its own: no name resolves and its proxy does not exist, so that what no route catches
 * (preconnect, WebSocket, WebRTC, reports) ends in nothing. Renderers keep none in reserve and their heaps are bounded;
 * profiles never share one, whatever their limit.
 */
const ARGUMENTS = [
  '--proxy-server=http://no-network.invalid:1',
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-pings',
  '--renderer-process-limit=1',
  '--js-flags=--max-old-space-size=192',
  `--disable-features=${FEATURES_OFF.join(',')}`,
]

export async function launchChromium(options: ChromiumOptions & { readonly path: string }): Promise<Browser> {
  // Loaded when the first page needs it: half a second that no other command must wait for.
  const { chromium } = await import('playwright')
  return chromium.launch({
    executablePath: options.path,
    chromiumSandbox: options.sandbox,
    timeout: START_MS,
    args: ARGUMENTS,
  })
}

/** Interfaces that reach the network around the routes; taken away in every frame before the page's scripts run. */
const CLOSED_DOORS = `for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'SharedWorker']) delete globalThis[name]`

/** A profile of its own for one page: nothing is kept from page to page, and nothing leaves it. */
export async function openContext(browser: Browser, userAgent: string): Promise<BrowserContext> {
  const context = await browser.newContext({
    userAgent,
    acceptDownloads: false,
    serviceWorkers: 'block',
    permissions: [],
    viewport: { width: 1280, height: 1024 },
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
  })
  await context.addInitScript(CLOSED_DOORS)
  await context.routeWebSocket(/.*/, (socket) => socket.close())
  return context
}

/** Closes without waiting for a page that does not answer. */
export async function closeSoon(closable: { close: () => Promise<void> }): Promise<boolean> {
  const controller = new AbortController()
  const late = delay(CLOSE_MS, false, { signal: controller.signal }).catch(() => false)
  const closed = closable.close().then(
    () => true,
    // It was closed already, or its process has ended.
    () => true,
  )
  const done = await Promise.race([closed, late])
  controller.abort()
  return done
}
