import type { ChromiumOptions } from '../../crawlers/chromium.ts'
import { RetryLater, Skip } from '../../errors.ts'

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
