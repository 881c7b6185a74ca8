import { Parser } from 'htmlparser2'
import { type Clock, iso } from '../clock.ts'
import { Skip } from '../errors.ts'
import type { Outlet } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { Fetched } from './http-client.ts'
import type { Job } from './job-queue.ts'

/** Which pages are read with a browser: by the outlet's definition, or because the host's pages showed no text without. */
export interface BrowserNeed {
  /** Reads what earlier runs found. */
  readonly load: () => Promise<void>
  readonly wants: (job: Job) => boolean
  /** The page holds no text, and looks as if scripts brought it. */
  readonly suspects: (outlet: Outlet, fetched: Fetched) => boolean
  /** Its host is read with a browser for three weeks; then it is tried without again. */
  readonly remember: (url: string) => Promise<void>
  /** Why a page that needs a browser is not read with one; null when there is one. */
  readonly missing: (url: string) => Skip | null
}

const REMEMBERED_MS = 21 * 86_400_000

export function createBrowserNeed(options: {
  readonly store: Store
  readonly clock: Clock
  readonly available: boolean
}): BrowserNeed {
  const { store, clock, available } = options
  let hosts = new Set<string>()
  return {
    load: async () => {
      hosts = new Set(await store.browserHosts.current(iso(clock.now())))
    },
    wants: (job) => {
      const { outlet } = job
      if (!available || outlet.browser === 'never') return false
      const isPage = job.kind !== 'source' || job.source.kind === 'listing' || job.source.kind === 'search'
      if (!isPage) return false
      return outlet.browser === 'always' || (job.kind !== 'source' && hosts.has(new URL(job.url).host))
    },
    suspects: (outlet, fetched) =>
      !fetched.rendered && outlet.browser !== 'never' && fetched.status === 200 && looksScripted(fetched.body),
    remember: async (url) => {
      const { host } = new URL(url)
      const now = clock.now()
      hosts.add(host)
      await store.browserHosts.remember(host, iso(now), iso(new Date(now.getTime() + REMEMBERED_MS)))
    },
    missing: (url) =>
      available
        ? null
        : new Skip(`${url} shows its text in a browser only, and there is none`, {
            code: 'browser.missing',
            remedy:
              'Install Chromium (Debian, Ubuntu: apt install chromium) or name one in MONITOR_CHROMIUM; MONITOR_BROWSER=true.',
          }),
  }
}

const FEW_CHARACTERS = 600
const MANY_SCRIPTS = 5
const LOOK_BYTES = 4096
const roots = new Set(['root', 'app', '__next', '__nuxt', '___gatsby', 'main-app', 'svelte'])
const silent = new Set(['script', 'style', 'noscript', 'template', 'svg', 'head'])

/** Few words for many scripts: an empty frame that scripts fill, or a word to readers without scripts. */
export function looksScripted(body: Uint8Array): boolean {
  let [scripts, characters, depth] = [0, 0, 0]
  let hasRoot = false
  let inNoscript = false
  let hint = false
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name === 'script') scripts += 1
      if (roots.has(attributes.id ?? '')) hasRoot = true
      if (name === 'noscript') inNoscript = true
      if (silent.has(name)) depth += 1
    },
    ontext: (text) => {
      if (inNoscript && /java ?script/i.test(text)) hint = true
      if (depth === 0) characters += text.replace(/\s+/g, ' ').trim().length
    },
    onclosetag: (name) => {
      if (name === 'noscript') inNoscript = false
      if (silent.has(name)) depth -= 1
    },
  })
  // Pages that hold an article are told by their beginning.
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  for (let at = 0; at < bytes.length && characters < FEW_CHARACTERS; at += LOOK_BYTES) {
    parser.write(bytes.toString('utf8', at, at + LOOK_BYTES))
  }
  parser.end()
  return characters < FEW_CHARACTERS && scripts > 0 && (hasRoot || hint || scripts >= MANY_SCRIPTS)
}
