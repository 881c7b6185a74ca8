import { type Browser, chromium } from 'playwright'
import { findChromium } from '../../crawlers/chromium.ts'

/** An installed Chromium, else null: what needs it is skipped, by name. */
export const CHROMIUM: string | null = process.env.MONITOR_CHROMIUM || findChromium(process.env.PATH ?? '')

export const NO_CHROMIUM = 'no Chromium found: install one, or name it in MONITOR_CHROMIUM'

/** Starts it headless and quiet; as root only without its sandbox. */
export async function startChromium(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error(NO_CHROMIUM)
  const root = process.getuid?.() === 0
  const args = ['--disable-background-networking', ...(root ? ['--no-sandbox'] : [])]
  return chromium.launch({ executablePath: CHROMIUM, args })
}
