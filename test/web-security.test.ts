import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseHTML } from 'linkedom'
import { Counter, Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localPath } from '../web/routes/login.ts'
import type { Office, Visitor } from './support/web.ts'
import { csrfOf, openOffice, visitor } from './support/web.ts'
import { SAMPLES } from './support/web-samples.ts'

let office: Office
let analyst: Visitor
const METRICS_TOKEN = 'a-token-for-the-tests'

beforeAll(async () => {
  const metrics = new Registry()
  new Counter({ name: 'articles_total', help: 'sample', registers: [metrics] }).inc(7)
  office = await openOffice({ metrics, metricsToken: METRICS_TOKEN })
  analyst = visitor(office.url)
  await analyst.login()
})

afterAll(async () => {
  await office.close()
})

const everywhere = (): readonly string[] => [
  '/',
  '/search?q=lao+cai',
  ...office.ids.map((id) => `/articles/${id}`),
  '/stories',
  '/stories/hostile',
  '/reports',
  '/alerts',
  '/outlets',
  '/runs',
  '/account',
  '/nowhere',
]

describe('what a page may do', () => {
  it('is bounded by a policy that allows this server only, and nothing inline', async () => {
    for (const path of ['/login', ...everywhere()]) {
      const { headers, body } = await analyst.get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toContain("default-src 'none'")
      expect(policy, path).not.toMatch(/unsafe|https?:|\*/)
      const { document } = parseHTML(body)
      expect(document.querySelectorAll('script:not([src]), style, [style], base').length, path).toBe(0)
      for (const node of document.querySelectorAll('*'))
        for (const { name } of node.attributes)
          expect(name, `${path}: ${node.outerHTML.slice(0, 80)}`).not.toMatch(/^on/)
    }
  })

  it('loads nothing from another host', async () => {
    for (const path of everywhere()) {
      const { document } = parseHTML((await analyst.get(path)).body)
      const loaded = [...document.querySelectorAll('script, link, img, iframe, source, form')].flatMap((node) =>
        ['src', 'href', 'srcset', 'action'].flatMap((name) => node.getAttribute(name) ?? []),
      )
      for (const address of loaded) expect(address, path).toMatch(/^\/(?!\/)/)
    }
    const sheet = readFileSync(join(import.meta.dirname, '../web/public/style.css'), 'utf8')
    expect(sheet).not.toMatch(/url\(|@import/)
  })

  it('is kept by no cache; what all visitors share is kept under the digest of its bytes', async () => {
    const { headers, body } = await analyst.get('/')
    expect(headers.get('cache-control')).toBe('no-store')
    const href = parseHTML(body).document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? ''
    const sheet = await visitor(office.url).get(href)
    expect(sheet.headers.get('cache-control')).toContain('immutable')
    expect(href).toContain(createHash('sha256').update(sheet.body).digest('hex').slice(0, 12))
    expect((await analyst.get('/assets/..%2fserver.ts')).status).toBe(404)
    expect((await analyst.get('/vendor/htmx.js')).status).toBe(404)
  })
})

describe('what an outlet printed', () => {
  it('is shown as text, wherever it appears', async () => {
    const hostile = SAMPLES[2]?.title ?? ''
    for (const path of ['/', '/search?q=lao+cai', '/stories', '/stories/hostile', `/articles/${office.ids[2]}`]) {
      const { body } = await analyst.get(path)
      const { document } = parseHTML(body)
      expect(document.querySelectorAll('script:not([src])').length, path).toBe(0)
      expect(document.querySelectorAll('main img, main b[onclick], [onerror]').length, path).toBe(0)
      expect(document.querySelector('main')?.textContent, path).toContain(hostile)
    }
  })

  it('cannot become an address that runs', async () => {
    const { store, url } = office
    const extracted = {
      title: 'Bài mẫu: địa chỉ lạ ở Lào Cai',
      lead: null,
      text: 'x',
      byline: null,
      section: null,
      published: null,
      modified: null,
      language: 'vi',
      canonical: null,
      image: null,
      imageCaption: null,
      completeness: 'full',
      by: {},
      doubts: [],
    } as const
    const { article } = await store.articles.save({
      outletId: 'vnexpress',
      url: 'javascript:alert(1)',
      aliases: [],
      pageId: null,
      language: 'vi',
      published: '2025-10-01T00:00:00.000Z',
      publishedBy: 'feed',
      seenAt: '2025-10-01T00:00:00.000Z',
      extracted: { ...extracted, url: 'javascript:alert(1)' },
    })
    const { document } = parseHTML((await analyst.get(`/articles/${article.id}`)).body)
    const hrefs = [...document.querySelectorAll('a')].map(
      (link) => new URL(link.getAttribute('href') ?? '', url).protocol,
    )
    expect(new Set(hrefs)).toEqual(new Set(['http:']))
  })
})

describe('a file of a report', () => {
  it('is given from the data folder and from nowhere else, and runs nothing', async () => {
    const { folder, store } = office
    const beside = `${folder}-ben-canh`
    await Promise.all([mkdir(join(folder, 'reports')), mkdir(beside)])
    for (const file of [join(folder, 'reports/a.html'), join(beside, 'a.html')]) await writeFile(file, '<p>Bài mẫu</p>')
    await symlink(join(beside, 'a.html'), join(folder, 'reports/link.html'))
    const at = '2025-10-06T00:00:00.000Z'
    const answerOf = async (path: string) => {
      const period = { periodLabel: '2025-W40', periodFrom: at, periodTo: at }
      await store.reports.save({
        id: 'r',
        reportId: 'week',
        ...period,
        composedAt: at,
        data: '{}',
        files: { html: path },
      })
      return analyst.get('/reports/r/html')
    }
    try {
      const own = await answerOf('reports/a.html')
      expect([own.status, own.body]).toEqual([200, '<p>Bài mẫu</p>'])
      expect(own.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox(?!.*allow-scripts)/)
      const outside = [
        `../${basename(beside)}/a.html`,
        join(beside, 'a.html'),
        'reports/link.html',
        '../../etc/hostname',
      ]
      for (const path of [...outside, 'reports', 'reports/none.html'])
        expect((await answerOf(path)).status, path).toBe(404)
      expect((await analyst.get('/reports/r/docx')).status).toBe(404)
    } finally {
      await rm(beside, { recursive: true })
    }
  })
})

describe('a change', () => {
  const path = () => `/articles/${office.ids[0]}/corrections`
  const form = { relevance: 'none', was_relevance: 'main' }

  it('without a CSRF token is refused and changes nothing', async () => {
    const { status, body } = await analyst.post(path(), form, null)
    expect(status).toBe(403)
    expect(body).toContain('Biểu mẫu đã hết hiệu lực')
    expect(await office.store.assessments.corrections(office.ids[0])).toEqual([])
    for (const other of ['/logout', '/reports', '/account/password', '/language'])
      expect((await analyst.post(other, {}, null)).status, other).toBe(403)
  })

  it('with the token of another session is refused', async () => {
    const other = visitor(office.url)
    await other.login()
    const stolen = csrfOf((await other.get('/account')).body)
    const { status } = await analyst.post(path(), { ...form, _csrf: stolen }, null)
    expect(status).toBe(403)
    // Even with the other's secret planted as a cookie: the token belongs to the session.
    const secret = analyst.cookie('monitor_csrf') ?? ''
    analyst.setCookie('monitor_csrf', other.cookie('monitor_csrf') ?? '')
    expect((await analyst.post(path(), { ...form, _csrf: stolen }, null)).status).toBe(403)
    analyst.setCookie('monitor_csrf', secret)
    expect(await office.store.assessments.corrections(office.ids[0])).toEqual([])
  })

  it('asks for a user first', async () => {
    const { status, location } = await visitor(office.url).post(path(), form, null)
    expect([status, location]).toEqual([303, '/login'])
  })
})

describe('a visitor without a session', () => {
  it('sees the log-in, the health and the assets, nothing else', async () => {
    const nobody = visitor(office.url)
    for (const path of everywhere().filter((one) => one !== '/nowhere')) {
      const { status, location } = await nobody.get(path)
      expect([status, location], path).toEqual([
        303,
        path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`,
      ])
    }
    expect(JSON.parse((await nobody.get('/healthz')).body)).toEqual({ status: 'ok', indexBehind: expect.any(Number) })
  })

  it('is never sent to another host after logging in', async () => {
    for (const next of ['//evil.example/', '/\\evil.example', 'https://evil.example/', '/\r\nx: y', 'search'])
      expect(localPath(next), next).toBe('/')
    expect(localPath('/search?q=a')).toBe('/search?q=a')
  })
})

describe('metrics', () => {
  it('are read on this machine, or elsewhere with the token', async () => {
    const nobody = visitor(office.url)
    expect((await nobody.get('/metrics')).body).toContain('articles_total 7')
    // A proxy before us: the request comes from loopback, the reader does not.
    const from = { 'x-forwarded-for': '203.0.113.9' }
    expect((await nobody.get('/metrics', from)).status).toBe(404)
    expect((await nobody.get('/metrics', { ...from, authorization: 'Bearer wrong' })).status).toBe(404)
    expect((await nobody.get('/metrics', { ...from, authorization: `Bearer ${METRICS_TOKEN}` })).status).toBe(200)
  })
})

describe('a failure', () => {
  it('is a page that says what happened and what to do', async () => {
    const missing = await analyst.get('/nowhere')
    expect([missing.status, missing.body.includes('Không có trang này')]).toEqual([404, true])
    const huge = await analyst.post('/reports', { report: 'x'.repeat(100_000) }, null)
    expect([huge.status, huge.body.includes('Yêu cầu không đúng')]).toEqual([413, true])
    const broken = await openOffice({
      index: {
        ...office.index,
        search: () => Promise.reject(new Error('secret path of the machine')),
      },
    })
    try {
      const reader = visitor(broken.url)
      await reader.login()
      const { status, body } = await reader.get('/search?q=a')
      expect(status).toBe(500)
      expect(body).toContain('Chương trình gặp lỗi')
      expect(body).not.toContain('secret path')
    } finally {
      await broken.close()
    }
  })
})
