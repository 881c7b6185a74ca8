import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { RetryLater, Skip } from '../../errors.ts'

export interface ChromiumOptions {
  /** Absolute path, or null when the machine has none. */
  readonly path: string | null
  /** false only where a container isolates the browser, and in tests that run as root. */
  readonly sandbox: boolean
}

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]
const PLACES = [
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** An installed Chromium (or Chrome, or Edge): on the search path, then in the usual places; null when there is none. */
export function findChromium(searchPath: string): string | null {
  const onPath = searchPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...onPath, ...PLACES].find(runs) ?? null
}

/** How long starting the browser or printing may take. */
const TIMEOUT_MS = 60_000

/**
 * Prints the HTML of a report as a tagged PDF. The page may load nothing and run nothing.
 *
 * @throws {Skip} `pdf.no-chromium` when the machine has none
 * @throws {RetryLater} `pdf.failed` when the browser does not start or print
 */
export async function renderPdf(html: string, options: ChromiumOptions): Promise<Uint8Array> {
  if (options.path === null)
    throw new Skip('no Chromium was found, so the PDF was not made', {
      code: 'pdf.no-chromium',
      remedy:
        'Install Chromium (Debian, Ubuntu: apt install chromium) or set MONITOR_CHROMIUM to the path of a Chromium, Chrome or Edge, and compose the report again. Word and browsers also print the DOCX and the HTML as PDF.',
    })
  try {
    // Loaded when a PDF is printed: half a second that no other command must wait for.
    const { chromium } = await import('playwright')
    const browser = await chromium.launch({
      executablePath: options.path,
      chromiumSandbox: options.sandbox,
      timeout: TIMEOUT_MS,
      args: ['--disable-background-networking', '--disable-component-update', '--no-first-run'],
    })
    try {
      const context = await browser.newContext({ javaScriptEnabled: false, offline: true })
      const page = await context.newPage()
      page.setDefaultTimeout(TIMEOUT_MS)
      await page.setContent(html, { waitUntil: 'load' })
      return await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true })
    } finally {
      await browser.close()
    }
  } catch (error) {
    throw new RetryLater(
      `the PDF could not be printed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      {
        code: 'pdf.failed',
        remedy: `Check that ${options.path} starts; as root or in a container set MONITOR_CHROMIUM_NO_SANDBOX=true.`,
        cause: error,
      },
    )
  }
}
