import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { SimulatedClock } from '../../clock.ts'
import { simulatedClock } from '../../clock.ts'
import { openArchive } from '../../crawlers/archive.ts'
import { createJudging } from '../../crawlers/judging.ts'
import { type LimitValues, limitsInForce } from '../../crawlers/limits.ts'
import { retain } from '../../crawlers/retention.ts'
import { syncIndex } from '../../index/project.ts'
import type { SearchIndex } from '../../index/search-index.ts'
import { openSqliteIndex } from '../../index/sqlite.ts'
import { createAssessor } from '../../pipeline/assess.ts'
import { loadProfile } from '../../profiles/load.ts'
import { overlayFolder } from '../../profiles/overlay.ts'
import type { Profile } from '../../profiles/schema.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'
import { createServer } from '../../web/server.ts'
import { createUser } from '../../web/users.ts'
import type { Parts } from '../../web/visit.ts'
import type { WebSample } from './web-samples.ts'
import { SAMPLES } from './web-samples.ts'

/** As the configuration has them when nobody sets any. */
export const CONFIGURED_LIMITS: LimitValues = {
  ...{ irrelevantArchiveDays: 30, relevantArchiveDays: null, citedArchiveDays: null },
  ...{ versionDays: null, versionsKept: 10, actionsDays: 1095, visitsDays: 730, frontierDays: 180, runsDays: 14 },
}

const root = join(import.meta.dirname, '../..')

export const PASSWORD = 'mùa lúa chín vàng'
export const NOW = new Date('2025-10-03T02:00:00.000Z')

export interface Office {
  readonly url: string
  readonly store: Store
  readonly index: SearchIndex
  readonly profile: Profile
  readonly clock: SimulatedClock
  readonly folder: string
  /** Ids of the samples in their order. */
  readonly ids: readonly string[]
  readonly close: () => Promise<void>
}

async function insert(store: Store, sample: WebSample): Promise<string> {
  const { outletId, title, lead, text, byline, language, published, story, assessment } = sample
  const url = `https://${outletId}.example/${published}.html`
  const seenAt = published
  const { article } = await store.articles.save({
    outletId,
    url,
    aliases: [],
    pageId: null,
    language,
    published,
    publishedBy: 'json-ld',
    seenAt,
    extracted: {
      url,
      title,
      lead,
      text,
      byline,
      section: null,
      published,
      modified: null,
      language,
      canonical: url,
      image: null,
      imageCaption: null,
      completeness: 'full',
      by: { title: 'json-ld' },
      doubts: [],
    },
  })
  const key = { step: 'assess', stepVersion: 1, profileDigest: 'sha256:test', modelDigest: 'lexicon' }
  await store.assessments.put(article.id, article.version, key, assessment, seenAt)
  if (story) {
    const opened = (await store.stories.get(story)) === null
    const decision = { articleId: article.id, storyId: story, opened, copyOf: null, similarity: 1, anchors: [] }
    await store.stories.assign(decision, title, published)
  }
  return article.id
}

/** A real store and index in a temporary folder, the samples in them, and the server listening on loopback. */
export async function openOffice(parts: Partial<Parts> = {}): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'monitor-web-'))
  const clock = simulatedClock(NOW)
  const location = { folder: join(root, 'profiles/lao-cai'), overlay: overlayFolder(folder, 'lao-cai') }
  const loaded = await loadProfile(location.folder, join(root, 'crawlers/outlets'), location.overlay)
  const store = await openStore({ file: join(folder, 'monitor.sqlite'), clock })
  const log = pino({ level: 'silent' })
  const assessorFor = async (candidate: Profile) => createAssessor({ profile: candidate })
  const judging = await createJudging({
    ...{ location, store, clock, log, assessorFor },
    ...{ profile: loaded, assessor: await assessorFor(loaded) },
  })
  const { profile } = judging
  const index = await openSqliteIndex(join(folder, 'index.sqlite'))
  const ids: string[] = []
  for (const sample of SAMPLES) ids.push(await insert(store, sample))
  await syncIndex({ store, index, outlets: profile.outletDefinitions, places: profile.places })
  await createUser(store, { name: 'huong', displayName: 'Nguyễn Thị Hương', password: PASSWORD }, clock)
  const archive = await openArchive({ folder: join(folder, 'archive'), clock, software: 'test' })
  const app = await createServer({
    store,
    index,
    profile,
    clock,
    log,
    dataFolder: folder,
    composeReport: async () => ({ id: 'none' }),
    metrics: new Registry(),
    system: {
      ...{ configured: CONFIGURED_LIMITS, minFreeBytes: 0, channels: [] },
      limits: () => limitsInForce(store, CONFIGURED_LIMITS),
      preview: async (values) => {
        const limits = (await limitsInForce(store, CONFIGURED_LIMITS)).map((one) => ({
          ...one,
          value: values[one.name],
        }))
        return retain({ store, archive, clock, limits, dryRun: true })
      },
    },
    editing: {
      ...{ location, assessor: judging.current, assessorFor },
      reload: async () => {
        await judging.refresh()
        await judging.rejudge()
      },
    },
    ...parts,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    store,
    index,
    profile,
    clock,
    folder,
    ids,
    close: async () => {
      await app.close()
      await archive.close()
      await index.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly location: string | null
}

export type Form = Readonly<Record<string, string | readonly string[]>>

/** A browser without eyes: keeps cookies, follows nothing by itself. */
export interface Visitor {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>
  /** Sends the form with the CSRF token of `page` (the page that holds the form); `null`: without any. */
  readonly post: (path: string, form: Form, page: string | null) => Promise<Answer>
  readonly cookie: (name: string) => string | undefined
  readonly setCookie: (name: string, value: string) => void
  readonly login: (name?: string, password?: string) => Promise<Answer>
}

export function visitor(url: string): Visitor {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url + path, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/expires=thu, 01 jan 1970|max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const body = await response.text()
    return { status: response.status, headers: response.headers, body, location: response.headers.get('location') }
  }
  const get: Visitor['get'] = (path, headers = {}) => send(path, { headers })
  const post: Visitor['post'] = async (path, form, page) => {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(form))
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
    if (page !== null) body.append('_csrf', csrfOf((await get(page)).body))
    return send(path, { method: 'POST', body })
  }
  return {
    get,
    post,
    cookie: (name) => cookies.get(name),
    setCookie: (name, value) => {
      cookies.set(name, value)
    },
    login: (name = 'huong', password = PASSWORD) => post('/login', { name, password, next: '/' }, '/login'),
  }
}

/** The token in the first form of a page. */
export function csrfOf(body: string): string {
  const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(body) ?? []
  if (!token) throw new Error('the page has no form with a CSRF token')
  return token.replaceAll('&#61;', '=')
}
