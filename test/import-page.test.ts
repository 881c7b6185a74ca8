import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulatedClock } from '../clock.ts'
import { type Archive, openArchive } from '../crawlers/archive.ts'
import { createImporter, type Importer } from '../crawlers/import/import.ts'
import { createIngest } from '../crawlers/ingest.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import { assessor, samplePage } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'
import { type Answer, csrfOf, NOW, type Office, openOffice, PASSWORD } from './support/web.ts'

const HOME = 'https://bao-mau.example.vn'
const outlets = [sampleOutlet({ homepage: HOME }), sampleOutlet({ id: 'vnexpress', name: 'VnExpress' })]

let office: Office
let archive: Archive
let cookies = ''

beforeAll(async () => {
  // The store is the office's own, so the importer is made once it is open.
  const made: { importer: Importer | null } = { importer: null }
  const importer: Importer = {
    importSource: (source, options) => {
      if (!made.importer) throw new Error('not open yet')
      return made.importer.importSource(source, options)
    },
  }
  office = await openOffice({ importer })
  const { store, folder } = office
  const clock = simulatedClock(NOW)
  archive = await openArchive({ folder: join(folder, 'archive'), clock, software: 'test' })
  const createWindow = () => createStoryWindow({ days: 14 })
  const ingest = createIngest({ store, assessor, clock, windowDays: 14, createWindow })
  made.importer = createImporter({ store, archive, ingest, outlets, clock })
  const login = await send('/login')
  const form = new URLSearchParams({ name: 'huong', password: PASSWORD, next: '/', _csrf: csrfOf(login.body) })
  await send('/login', form)
}, 60_000)
afterAll(async () => {
  await archive.close()
  await office.close()
})

/** As a browser sends it: cookies kept, nothing followed. */
async function send(path: string, body?: FormData | URLSearchParams, anonymous = false): Promise<Answer> {
  const response = await fetch(office.url + path, {
    ...(body ? { method: 'POST', body } : {}),
    headers: anonymous ? {} : { cookie: cookies },
    redirect: 'manual',
  })
  const kept = new Map(cookies.split('; ').map((pair) => [pair.split('=')[0] ?? '', pair] as const))
  for (const line of anonymous ? [] : response.headers.getSetCookie()) {
    const pair = line.split(';')[0] ?? ''
    kept.set(pair.split('=')[0] ?? '', pair)
  }
  cookies = [...kept.values()].filter((pair) => pair !== '').join('; ')
  const { status, headers } = response
  return { status, headers, body: await response.text(), location: headers.get('location') }
}

interface Upload {
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly fields?: Readonly<Record<string, string>>
  readonly token?: string | null
}

async function upload({ files = {}, fields = {}, token }: Upload, anonymous = false): Promise<Answer> {
  const form = new FormData()
  const csrf = token === undefined ? csrfOf((await send('/import')).body) : token
  if (csrf !== null) form.append('_csrf', csrf)
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, content] of Object.entries(files))
    form.append('files', new Blob([typeof content === 'string' ? content : Uint8Array.from(content)]), name)
  return send('/import', form, anonymous)
}

const page = (title: string, path: string): string =>
  samplePage(title, { head: `<link rel="canonical" href="${HOME}${path}">` })

describe('the page for bringing in by hand', () => {
  it('is for users only, and takes nothing without the token of its form', async () => {
    expect((await send('/import', undefined, true)).location).toBe('/login?next=%2Fimport')
    const files = { 'a.html': page('Bài mẫu gửi lên khi chưa đăng nhập', '/khong.html') }
    expect((await upload({ files, token: null }, true)).status).toBe(303)
    expect((await upload({ files, token: null })).status).toBe(403)
    expect((await upload({ files, token: 'forged' })).status).toBe(403)
    expect(await office.store.articles.byUrl(`${HOME}/khong.html`)).toBeNull()
  })

  it('says what may be brought in, and stands in the menu', async () => {
    const { body } = await send('/import')
    expect(body).toContain('bí mật nhà nước')
    expect(body).toMatch(/<a href="\/import" aria-current="page">Nhập tay/)
  })

  it('brings several files in, tells what became of each, and links the articles', async () => {
    const files = {
      'mot.html': page('Bài mẫu thứ nhất nhập tay', '/mot.html'),
      'hai.html': samplePage('Bài mẫu không có địa chỉ'),
      '<b>la.xyz': 'không rõ',
    }
    const { status, body } = await upload({ files, fields: { note: 'báo giấy <i>', links: `${HOME}/ba.html` } })
    expect(status).toBe(200)
    expect(body.match(/class="state (\w+)"/g)).toEqual([
      'class="state confirmed"',
      'class="state failed"',
      'class="state failed"',
      'class="state intended"',
    ])
    expect(body).toContain('Không rõ địa chỉ đã đăng')
    expect(body).not.toContain('<b>la')
    const article = await office.store.articles.byUrl(`${HOME}/mot.html`)
    expect(body).toContain(`href="/articles/${article?.id}"`)

    const shown = await send(`/articles/${article?.id}`)
    expect(shown.body).toContain('Nhập tay bởi Nguyễn Thị Hương lúc')
    expect(shown.body).not.toContain('HTTP 200')
    expect(shown.body).toContain('tệp mot.html; ghi chú: báo giấy &#60;i&#62;')
    const log = await office.store.users.actions(10)
    expect(
      log.filter(({ action }) => action === 'article.import').map(({ who, subject, detail }) => [who, subject, detail]),
    ).toEqual([
      ['huong', 'dán vào', '1/1'],
      ['huong', '<b>la.xyz', '0/1'],
      ['huong', 'hai.html', '0/1'],
      ['huong', 'mot.html', '1/1'],
    ])
    expect((await send('/account')).body).toContain('hai.html <span class="hint">nhận 0 trong 1 mục</span>')
    const again = await upload({ files: { 'mot.html': files['mot.html'] } })
    expect(again.body).toContain('đã có')
  })

  it('takes address, outlet and date from the form', async () => {
    const fields = { url: 'https://bao-in.example.vn/so-1', outlet: 'vnexpress', date: '2025-09-30' }
    expect((await upload({ files: { 'in.html': samplePage('Bài mẫu của báo in') }, fields })).status).toBe(200)
    expect(await office.store.articles.byUrl(fields.url)).toMatchObject({
      outletId: 'vnexpress',
      published: '2025-09-29T17:00:00.000Z',
      publishedBy: 'hand',
    })
  })

  it('refuses an empty form, one address for two files, and a file above the limit of size, and keeps the others', async () => {
    const nothing = await upload({})
    expect([nothing.status, nothing.body.includes('Hãy chọn tệp')]).toEqual([422, true])
    const two = { 'a.html': samplePage('Bài mẫu A'), 'b.html': samplePage('Bài mẫu B') }
    expect((await upload({ files: two, fields: { url: `${HOME}/ab.html`, note: 'giữ lại' } })).body).toContain(
      'giữ lại',
    )
    const large = new Uint8Array(20 * 1024 * 1024 + 1)
    const { status, body } = await upload({
      files: { 'lon.pdf': large, 'bon.html': page('Bài mẫu thứ tư', '/bon.html') },
    })
    expect(status).toBe(200)
    expect(body).toContain('Quá lớn')
    expect(await office.store.articles.byUrl(`${HOME}/bon.html`)).not.toBeNull()
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`${n}.html`, 'x']))
    expect((await upload({ files: many })).status).toBe(413)
  })
})
