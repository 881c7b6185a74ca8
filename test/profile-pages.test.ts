import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { overlayFolder } from '../profiles/overlay.ts'
import { SESSION_COOKIE } from '../web/sessions.ts'
import { createUser } from '../web/users.ts'
import { CHROMIUM, NO_CHROMIUM, startChromium } from './support/chromium.ts'
import { WEAK_CONTRAST } from './support/contrast.ts'
import type { Form, Office, Visitor } from './support/web.ts'
import { openOffice, PASSWORD, visitor } from './support/web.ts'

let office: Office
let huong: Visitor
let nam: Visitor
beforeAll(async () => {
  office = await openOffice()
  await createUser(office.store, { name: 'nam', displayName: 'Trần Văn Nam', password: PASSWORD }, office.clock)
  huong = visitor(office.url)
  nam = visitor(office.url)
  await huong.login()
  await nam.login('nam')
})
afterAll(() => office.close())

const unescaped = (text: string): string =>
  text
    .replaceAll('&#61;', '=')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#47;', '/')
    .replaceAll('&amp;', '&')

/** The fields of the editor's form as a browser would send them untouched. */
async function fieldsOf(who: Visitor, path: string): Promise<Record<string, string | string[]>> {
  const { body } = await who.get(path)
  const form = /<form class="editor"[\s\S]*?<\/form>/.exec(body)?.[0] ?? ''
  const fields: Record<string, string | string[]> = {}
  const add = (name: string, value: string): void => {
    const held = fields[name]
    fields[name] = held === undefined ? value : [held, value].flat()
  }
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const attribute = (key: string) => unescaped(new RegExp(`\\s${key}="([^"]*)"`).exec(tag)?.[1] ?? '')
    const name = attribute('name')
    const isBox = /type="(checkbox|radio)"/.test(tag)
    if (name !== '' && name !== '_csrf' && (!isBox || /\schecked/.test(tag))) add(name, attribute('value'))
  }
  for (const [, name = '', text = ''] of form.matchAll(/<textarea[^>]*?name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g))
    add(name, unescaped(text))
  for (const [, name = '', inner = ''] of form.matchAll(/<select[^>]*?name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    add(name, /<option value="([^"]*)" selected/.exec(inner)?.[1] ?? /<option value="([^"]*)"/.exec(inner)?.[1] ?? '')
  return fields
}

const SPORT = '/profile/topics/sport'

/** Edits an entry and waits until it was tried; gives the draft's address. */
async function draft(who: Visitor, path: string, change: Form): Promise<string> {
  const answer = await who.post(`${path}/draft`, { ...(await fieldsOf(who, path)), ...change }, path)
  expect(answer.status, answer.body.slice(0, 300)).toBe(303)
  await tried(who, answer.location ?? '')
  return answer.location ?? ''
}
const tried = (who: Visitor, at: string) =>
  expect.poll(async () => (await who.get(`${at}/trial`)).body, { timeout: 20_000 }).toContain(`${at}/save`)

const topic = (id: string) => office.profile.topics.find((one) => one.id === id)
const copy = () => readFile(join(overlayFolder(office.folder, 'lao-cai'), 'topics.yaml'), 'utf8')

describe('the rules of judgement', () => {
  it('are listed, and places are found with and without accents', async () => {
    const { body } = await huong.get('/profile')
    expect(body).toContain('Quy tắc đánh giá')
    for (const { id } of office.profile.topics) expect(body).toContain(`/profile/topics/${id}"`)
    expect((await huong.get('/profile?q=bac+ha')).body).toContain('/profile/places/district-bac-ha"')
    expect((await huong.get('/profile/topics/nothing')).status).toBe(404)
    expect((await visitor(office.url).get('/profile')).location).toContain('/login')
  })

  it('tell while one types what is wrong, what differs and how an article would be judged', async () => {
    const fields = await fieldsOf(huong, SPORT)
    const check = async (change: Form) => (await huong.post(`${SPORT}/check`, { ...fields, ...change }, SPORT)).body
    expect(await check({})).toContain('Chưa có thay đổi.')
    const wrong = unescaped(await check({ 'r0.weight': 'hai', 'label.vi': '', 'r1.term': 'a*b' }))
    expect(wrong).toContain('href="#r0"')
    expect(wrong).toContain('phải là một số')
    expect(wrong).toContain('chưa điền')
    expect(unescaped(await check({ 'r1.term': 'a*b' }))).toContain('“a*b” có dấu * ở giữa')
    const sample = 'Bài mẫu: giải đua ngựa ở Bắc Hà\nHàng nghìn người ở Lào Cai xem chung kết giải vó ngựa cao nguyên.'
    const judged = await check({ add: 'vó ngựa cao nguyên', addKind: 'terms', addLanguage: 'vi', sample })
    expect(judged).toMatch(/<ins>[^<]*vó ngựa cao nguyên<\/ins>/)
    expect(judged).toContain('“vó ngựa cao nguyên”')
    expect(await check({ sample: `${office.url}/articles/${office.ids[0]}` })).toContain('Lũ quét trong đêm')
    expect(await check({ sample: '/articles/0000000000000000' })).toContain('Không có bài nào ở địa chỉ này')
  })

  it('are saved only after the trial, with who and why, and hold at once', async () => {
    const path = '/profile/topics/disaster_environment'
    const at = await draft(huong, path, { threshold: '90' })
    const { body } = await huong.get(at)
    expect(body).toContain('bài sẽ được đánh giá khác đi')
    expect(body).toMatch(/<del>− Thiên tai/)
    expect(body).toContain('“lũ quét”')
    expect(topic('disaster_environment')?.threshold).not.toBe(90)
    const saved = await huong.post(`${at}/save`, { note: 'Thử ngưỡng cao' }, at)
    expect(saved).toMatchObject({ status: 303, location: '/profile?done=saved' })
    expect(topic('disaster_environment')?.threshold).toBe(90)
    // The shipped file's comments are in the copy, and the articles were judged again.
    expect((await copy()).startsWith('# yaml-language-server')).toBe(true)
    const judged = await office.store.assessments.ofMachine(office.ids[0] ?? '')
    expect(judged?.key.profileDigest).toBe(office.profile.digest)
    expect(judged?.assessment.topics.map(({ id }) => id)).not.toContain('disaster_environment')
    expect((await office.store.users.actions(1))[0]).toMatchObject({
      ...{ who: 'huong', action: 'profile.edit', subject: 'topics/disaster_environment' },
      detail: 'edit: Thử ngưỡng cao',
    })
    expect((await huong.get('/profile')).body).toContain('bản do đơn vị sửa')
  })

  it('are restored from the history, through a trial, too', async () => {
    const [newest] = await office.store.profileEdits.revisions('lao-cai', { file: 'topics', limit: 5 })
    const revision = (await huong.get(`/profile/revisions/${newest?.id}`)).body
    expect(revision).toContain('Thử ngưỡng cao')
    expect(revision).toMatch(/<ins>[^<]*90<\/ins>/)
    const origin = (await office.store.profileEdits.revisions('lao-cai', { file: 'topics', limit: 5 })).at(-1)
    expect(origin?.kind).toBe('origin')
    const page = `/profile/revisions/${origin?.id}?item=disaster_environment`
    const answer = await huong.post(`/profile/revisions/${origin?.id}/restore`, { item: 'disaster_environment' }, page)
    await tried(huong, answer.location ?? '')
    await huong.post(`${answer.location}/save`, {}, answer.location)
    expect(topic('disaster_environment')?.threshold).toBeUndefined()
    const kinds = (await office.store.profileEdits.revisions('lao-cai', { limit: 9 })).map(({ kind }) => kind)
    expect(kinds).toEqual(['restore', 'edit', 'origin'])
  })

  it('lose nothing when two people edit the same entry, or two entries of one file', async () => {
    const mine = await draft(huong, SPORT, { threshold: '3' })
    const stale = await fieldsOf(huong, SPORT)
    const theirs = await draft(nam, SPORT, { threshold: '5' })
    const other = await draft(nam, '/profile/topics/tourism', { threshold: '4' })
    await nam.post(`${theirs}/save`, {}, theirs)
    expect(topic('sport')?.threshold).toBe(5)

    const refused = await huong.post(`${mine}/save`, {}, mine)
    expect(refused.status).toBe(409)
    expect(refused.body).toContain('Trần Văn Nam đã lưu chính mục này')
    expect(topic('sport')?.threshold).toBe(5)
    expect(unescaped((await huong.get(`${mine}/edit`)).body)).toMatch(/name="threshold" value="3"/)

    const form = await huong.post(`${SPORT}/draft`, { ...stale, threshold: '6' }, SPORT)
    expect(form.status).toBe(409)
    expect(form.body).toContain('Trần Văn Nam đã lưu lúc')
    expect(unescaped(form.body)).toMatch(/name="threshold" value="6"/)

    // Another entry: the draft moves upon the new text and is tried again before it can be saved.
    const moved = await nam.post(`${other}/save`, {}, other)
    expect(moved.status).toBe(409)
    expect(moved.body).toContain('đã được đặt lên bản mới')
    await tried(nam, other)
    await nam.post(`${other}/save`, {}, other)
    expect([topic('tourism')?.threshold, topic('sport')?.threshold]).toEqual([4, 5])
  })

  it('keep what another hand wrote into the file before an edit covers it', async () => {
    const file = join(overlayFolder(office.folder, 'lao-cai'), 'topics.yaml')
    await writeFile(file, `# by hand\n${await copy()}`)
    const at = await draft(huong, '/profile/topics/sport', { threshold: '8' })
    await huong.post(`${at}/save`, {}, at)
    const [last, before] = await office.store.profileEdits.revisions('lao-cai', { file: 'topics', limit: 2 })
    expect([last?.kind, before?.kind]).toEqual(['edit', 'outside'])
    expect(await copy()).toMatch(/^# by hand\n/)
  })

  it('take new places and conditions, and let entries go', async () => {
    const fields = {
      ...{ id: 'nui-mau', name: 'Núi Mẫu', kind: 'landmark', strength: 'strong', 'names.vi': 'Núi Mẫu\nnúi Mẫu Sơn' },
      ...{ was: 'new', 'h0.require': '' },
    }
    const made = await huong.post('/profile/places/new/draft', fields, '/profile/places/new')
    expect(made.status).toBe(303)
    await tried(huong, made.location ?? '')
    await huong.post(`${made.location}/save`, {}, made.location)
    expect(office.profile.places.at(-1)).toEqual({
      ...{ id: 'nui-mau', kind: 'landmark', name: 'Núi Mẫu', strength: 'strong' },
      names: { vi: ['Núi Mẫu', 'núi Mẫu Sơn'] },
    })
    const twice = await huong.post('/profile/places/new/draft', fields, '/profile/places/new')
    expect(twice.status).toBe(422)
    expect(twice.body).toContain('mã “nui-mau” đã được dùng')
    const gone = await huong.post('/profile/places/nui-mau/remove', {}, '/profile/places/nui-mau')
    await tried(huong, gone.location ?? '')
    await huong.post(`${gone.location}/save`, {}, gone.location)
    expect(office.profile.places.some(({ id }) => id === 'nui-mau')).toBe(false)
  })

  it('are saved by nobody without a token, and never before the trial has ended', async () => {
    const at = await draft(huong, '/profile/tone/all', { add: 'tuyệt vời quá', addKind: 'positive', addLanguage: 'vi' })
    expect((await huong.post(`${at}/save`, {}, null)).status).toBe(403)
    const id = at.split('/').at(-1) ?? ''
    const kept = await office.store.profileEdits.draft(id)
    if (!kept) throw new Error('no draft')
    // As after a restart: the draft is there, its trial is not.
    await office.store.profileEdits.putDraft({ ...kept, id: 'again' })
    await huong.post('/profile/drafts/again/save', {}, '/profile/drafts/again')
    expect(office.profile.tone.positive.vi).not.toContain('tuyệt vời quá')
    await huong.post('/profile/drafts/again/trial', {}, '/profile/drafts/again')
    await tried(huong, '/profile/drafts/again')
    await huong.post('/profile/drafts/again/save', {}, '/profile/drafts/again')
    expect(office.profile.tone.positive.vi).toContain('tuyệt vời quá')
    await huong.post(`${at}/discard`, {}, at)
    expect(await office.store.profileEdits.draft(id)).toBeNull()
  })

  it('go back to what the program came with', async () => {
    const answer = await huong.post('/profile/tone/shipped', {}, '/profile')
    await tried(huong, answer.location ?? '')
    await huong.post(`${answer.location}/save`, {}, answer.location)
    expect(office.profile.tone.positive.vi).not.toContain('tuyệt vời quá')
    const [last] = await office.store.profileEdits.revisions('lao-cai', { file: 'tone', limit: 1 })
    expect(last?.kind).toBe('shipped')
  })

  it('are led to from the evidence of an article, which is the sample there', async () => {
    const id = office.ids[0]
    const { body } = await huong.get(`/articles/${id}`)
    expect(unescaped(body)).toContain(`href="/profile/topics/disaster_environment?article=${id}#test"`)
    const there = (await huong.get(`/profile/topics/disaster_environment?article=${id}`)).body
    expect(unescaped(there)).toContain(`>/articles/${id}</textarea>`)
    expect(there).toContain('Riêng từ khóa')
  })
})

/** Compiling rules takes its time on a busy machine. */
const SLOW = { timeout: 20_000 }

const suite = CHROMIUM === null ? describe.skip : describe
suite(`the editor in a real browser${CHROMIUM === null ? ` (${NO_CHROMIUM})` : ''}`, () => {
  let browser: Browser
  const complaints: string[] = []
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'vi-VN', ...options })
    await context.addCookies([{ name: SESSION_COOKIE, value: huong.cookie(SESSION_COOKIE) ?? '', url: office.url }])
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    return page
  }

  it('shows mistakes and an article’s judgement while one types, then tries and saves', async () => {
    const page = await open()
    await page.goto(`${office.url}/profile/topics/culture_heritage?article=${office.ids[0]}`)
    const row = page.locator('.language-terms[open] tbody tr').first()
    await row.locator('.weight input').fill('hai')
    const panel = page.locator('#panel')
    await expect.poll(() => panel.textContent(), SLOW).toContain('phải là một số')
    await row.locator('.weight input').fill('3')
    await expect.poll(() => panel.textContent(), SLOW).toContain('trọng số 3')
    await page.locator('#i-add').fill('lũ quét')
    await expect.poll(() => page.locator('#test-result').textContent(), SLOW).toContain('“Lũ quét”')
    await page.getByRole('button', { name: 'Thử trên 30 ngày qua' }).click()
    await page.waitForURL('**/profile/drafts/**')
    await page.getByLabel('Lý do').fill('Bài mẫu')
    await page.getByRole('button', { name: 'Lưu và áp dụng' }).click()
    await page.waitForURL('**/profile?done=saved')
    expect(await page.getByRole('status').textContent()).toContain('Đã lưu và áp dụng')
    expect(topic('culture_heritage')?.terms.vi).toContain('lũ quét')
    await page.context().close()
  })

  it('finds a place while one types', async () => {
    const page = await open()
    await page.goto(`${office.url}/profile`)
    await page.getByLabel('Tìm địa danh').pressSequentially('y ty')
    await expect.poll(() => page.locator('#places-found a').allTextContents(), SLOW).toContain('Xã Y Tý')
    await page.context().close()
  })

  it('works without JavaScript', async () => {
    const page = await open({ javaScriptEnabled: false })
    await page.goto(`${office.url}/profile/topics/society`)
    await page.locator('#i-add').fill('lớp học vùng cao')
    await page.getByRole('button', { name: 'Đưa vào bảng' }).click()
    await page.locator('input[value="lớp học vùng cao"]').waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Thử trên 30 ngày qua' }).click()
    await expect
      .poll(async () => {
        await page.reload()
        return page.getByRole('button', { name: 'Lưu và áp dụng' }).count()
      }, SLOW)
      .toBe(1)
    await page.context().close()
  })

  it('fits a phone and keeps text readable in light and dark', async () => {
    const tryout = await draft(huong, SPORT, { threshold: '40' })
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open({ viewport: { width: 390, height: 844 }, colorScheme })
      const [revision] = await office.store.profileEdits.revisions('lao-cai', { limit: 1 })
      const entries = [SPORT, '/profile/places/district-sa-pa', '/profile/sensitivity/deaths']
      for (const path of ['/profile', ...entries, `/profile/revisions/${revision?.id}`, tryout]) {
        await page.goto(office.url + path)
        expect(await page.evaluate(`document.documentElement.scrollWidth - innerWidth`), path).toBeLessThanOrEqual(0)
        expect(await page.evaluate(WEAK_CONTRAST), path).toEqual([])
      }
      await page.context().close()
    }
  })

  it('complains of nothing', () => {
    expect(complaints).toEqual([])
  })
})
