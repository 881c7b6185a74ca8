import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMonitor } from '../app.ts'
import { iso } from '../clock.ts'
import { parseConfig } from '../config.ts'
import { evidenceFile, evidenceFolder, takeEvidence } from '../crawlers/evidence.ts'
import { digestOf } from '../crawlers/http-client.ts'
import { SESSION_COOKIE } from '../web/sessions.ts'
import { CHROMIUM, NO_CHROMIUM, startChromium } from './support/chromium.ts'
import { WEAK_CONTRAST } from './support/contrast.ts'
import { assessmentSample, draftSample, keySample, pageSample } from './support/store-samples.ts'
import { type Office, openOffice, type Visitor, visitor } from './support/web.ts'

let office: Office
let huong: Visitor
let id = ''
const URL = 'https://vnexpress.example/bai-mau-nhay-cam.html'
const PNG = Buffer.from('\x89PNG ảnh của bài mẫu')
const PDF = Buffer.from('%PDF-1.4 bản in của bài mẫu')

async function read(at: string, title: string): Promise<string> {
  return office.store.transaction(async (inside) => {
    const pageId = `page-${at}`
    await inside.pages.add(pageSample(pageId, { url: URL, fetchedAt: at, outletId: 'vnexpress' }))
    const draft = draftSample(
      { outletId: 'vnexpress', url: URL, pageId, published: at, seenAt: at },
      { url: URL, title },
    )
    const { article } = await inside.articles.save(draft)
    const assessment = assessmentSample({ sensitive: true })
    await inside.assessments.put(article.id, article.version, keySample(), assessment, at)
    return article.id
  })
}
const take = () =>
  takeEvidence({
    ...{ store: office.store, outlets: office.profile.outletDefinitions, clock: office.clock, minFreeBytes: 0 },
    folder: evidenceFolder(office.folder),
    contact: 'baochi@example.vn',
    picture: async (_, finalUrl) => ({ png: PNG, pdf: PDF, finalUrl: `${finalUrl}?<b>`, at: office.clock.now() }),
  })

beforeAll(async () => {
  office = await openOffice()
  huong = visitor(office.url)
  await huong.login()
  id = await read('2025-10-02T02:00:00.000Z', 'Bài mẫu nhạy cảm')
  expect(await take()).toMatchObject({ taken: 1, problems: [] })
})
afterAll(() => office.close())

const path = (file: string, article = id): string => `/articles/${article}/evidence/${file}`

describe('the page of an article with pictures', () => {
  it('says when they were taken, of which version and address, and gives their SHA-256', async () => {
    const { body } = await huong.get(`/articles/${id}`)
    expect(body).toContain('Ảnh chụp trang lúc 09:00 03/10/2025, phiên bản 1')
    for (const [file, bytes] of [
      ['1.png', PNG],
      ['1.pdf', PDF],
    ] as const) {
      expect(body).toContain(`href="${path(file)}"`)
      expect(body).toContain(digestOf(bytes).replace('sha256:', ''))
    }
    expect(body).toContain(`${URL}?&#60;b&#62;`)
    await huong.post('/language', { locale: 'en' }, `/articles/${id}`)
    expect((await huong.get(`/articles/${id}`)).body).toContain('Picture of the page taken 09:00 03/10/2025, version 1')
    await huong.post('/language', { locale: 'vi' }, `/articles/${id}`)
  })

  it('has no such part where none was taken', async () => {
    expect((await huong.get(`/articles/${office.ids[0]}`)).body).not.toContain('id="pictures"')
  })

  it('says when a picture could not be taken, and whether it is tried again', async () => {
    const other = await office.store.articles.byUrl(URL)
    expect(other?.version).toBe(1)
    await read('2025-10-02T05:00:00.000Z', 'Bài mẫu nhạy cảm, đã sửa')
    const key = { articleId: id, version: 2 }
    const problem = { code: 'browser.timeout', message: 'chậm <quá>', at: iso(office.clock.now()) }
    await office.store.evidence.begin(key, iso(office.clock.now()), '2025-10-03T03:00:00.000Z')
    await office.store.evidence.failed(key, problem, '2025-10-03T03:00:00.000Z')
    const { body } = await huong.get(`/articles/${id}`)
    expect(body).toContain('Phiên bản 2: chưa chụp được (browser.timeout), sẽ thử lại lúc 10:00 03/10/2025.')
    expect(body).toContain('chậm &#60;quá&#62;')
    await office.store.evidence.failed(key, problem, null)
    expect((await huong.get(`/articles/${id}`)).body).toContain('Phiên bản 2: không chụp được (browser.timeout).')
  })
})

describe('the files', () => {
  it('are handed out as what they are, to be kept and not to be opened in the page', async () => {
    for (const [file, bytes, type] of [
      ['1.png', PNG, 'image/png'],
      ['1.pdf', PDF, 'application/pdf'],
    ] as const) {
      const answer = await huong.get(path(file))
      expect(answer.status).toBe(200)
      expect(answer.body).toBe(bytes.toString())
      expect(answer.headers.get('content-type')).toBe(type)
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${id}-v${file}"`)
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('are for those who have logged in', async () => {
    const answer = await visitor(office.url).get(path('1.png'))
    expect(answer.status).toBe(303)
    expect(answer.location).toMatch(/^\/login/)
  })

  it('are those that the store names, whatever else lies in the folder or is asked for', async () => {
    const folder = evidenceFolder(office.folder)
    await writeFile(join(folder, evidenceFile(id, 3, 'png')), PNG)
    await writeFile(join(folder, id, '1.html'), '<script>1</script>')
    const asked = [
      ...['3.png', '2.png', '1.html', '1.PNG', '01.png', '1.png.part', '..%2f..%2fmonitor.sqlite', '%2e%2e', '1'],
      ...['1.png%00', '999999999999.png', '-1.png', '1e0.png'],
    ]
    for (const file of asked) expect((await huong.get(path(file))).status, file).toBe(404)
    for (const article of ['..', '%2e%2e%2fevidence', `${id}%2f`, 'a'.repeat(64)])
      expect((await huong.get(path('1.png', article))).status, article).toBe(404)
  })

  it('are not handed out when they are not what the store says', async () => {
    const file = join(evidenceFolder(office.folder), evidenceFile(id, 1, 'pdf'))
    await writeFile(file, '%PDF-1.4 bản khác')
    const altered = await huong.get(path('1.pdf'))
    expect(altered.status).toBe(409)
    expect(altered.body).toContain('Ảnh chụp không còn nguyên vẹn')
    expect(altered.body).not.toContain('bản khác')
    await rm(file)
    expect((await huong.get(path('1.pdf'))).body).toContain('evidence.missing')
    await writeFile(file, PDF)
    expect((await huong.get(path('1.pdf'))).status).toBe(200)
  })
})

describe('the job', () => {
  const jobsWith = async (env: Record<string, string>): Promise<{ names: string[]; result: unknown }> => {
    const folder = await mkdtemp(join(tmpdir(), 'evidence-job-'))
    const monitor = await openMonitor(parseConfig({ MONITOR_DATA: folder, MONITOR_LOG_LEVEL: 'silent', ...env }))
    const job = monitor.jobs.find(({ name }) => name === 'evidence')
    const result = await job?.run(new Date(), new AbortController().signal)
    await monitor.close()
    await rm(folder, { recursive: true, force: true })
    return { names: monitor.jobs.map(({ name }) => name), result }
  }

  it('is there only when it is asked for, and says what it lacks', async () => {
    expect((await jobsWith({})).names).not.toContain('evidence')
    expect((await jobsWith({ MONITOR_EVIDENCE: 'true' })).result).toMatchObject({
      stopped: { code: 'collect.no-contact' },
    })
  })

  it('is told in words on the page of runs', async () => {
    const at = iso(office.clock.now())
    const run = await office.store.runs.begin('evidence', at, at, 60_000)
    const problems = [{ url: URL, code: 'page.gone', message: 'trang <đã gỡ>' }]
    const result = { taken: 3, failed: 1, givenUp: 2, problems, stopped: null }
    await office.store.runs.finish(run?.id ?? 0, 'done', JSON.stringify(result), at)
    const { body } = await huong.get('/runs')
    expect(body).toContain('Chụp trang bài nhạy cảm')
    expect(body).toContain('Đã chụp 3 trang; 1 trang sẽ thử lại, 2 trang không chụp được.')
    expect(body).toContain('trang &#60;đã gỡ&#62;')
  })
})

const suite = CHROMIUM === null ? describe.skip : describe
suite(`in a real browser${CHROMIUM === null ? ` (${NO_CHROMIUM})` : ''}`, () => {
  it('the list fits a phone, can be read, and its links download the files', async () => {
    const browser: Browser = await startChromium()
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'vi-VN' })
    await context.addCookies([{ name: SESSION_COOKIE, value: huong.cookie(SESSION_COOKIE) ?? '', url: office.url }])
    const page = await context.newPage()
    await page.goto(`${office.url}/articles/${id}`)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await page.evaluate(WEAK_CONTRAST)).toEqual([])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Tải PDF' }).click(),
    ])
    expect(download.suggestedFilename()).toBe(`${id}-v1.pdf`)
    await browser.close()
  })
})
