import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SESSION_COOKIE } from '../web/sessions.ts'
import { CHROMIUM, NO_CHROMIUM, startChromium } from './support/chromium.ts'
import { WEAK_CONTRAST } from './support/contrast.ts'
import type { Office } from './support/web.ts'
import { openOffice, PASSWORD, visitor } from './support/web.ts'
import { SAMPLES } from './support/web-samples.ts'

const suite = CHROMIUM === null ? describe.skip : describe

suite(`the pages in a real browser${CHROMIUM === null ? ` (${NO_CHROMIUM})` : ''}`, () => {
  let office: Office
  let browser: Browser
  let session: string
  const complaints: string[] = []
  const elsewhere: string[] = []

  beforeAll(async () => {
    office = await openOffice()
    const analyst = visitor(office.url)
    await analyst.login()
    session = analyst.cookie(SESSION_COOKIE) ?? ''
    browser = await startChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await office?.close()
  })

  /** A logged-in page; what the browser complains of and asks of other hosts is kept. */
  async function open(
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext({ locale: 'vi-VN', ...options })
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog opened: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(office.url)) elsewhere.push(request.url())
    })
    await context.addCookies([{ name: SESSION_COOKIE, value: session, url: office.url }])
    await page.goto(`${office.url}/search`)
    return { page, context }
  }

  const titles = (page: Page) => page.locator('.hit h2').allTextContents()

  it('lead from a search to an article whose judgement is corrected, with who and when', async () => {
    const { page, context } = await open()
    await context.clearCookies()
    await page.reload()
    await page.getByLabel('Tên đăng nhập').fill('huong')
    await page.getByLabel('Mật khẩu').fill(PASSWORD)
    await page.getByRole('button', { name: 'Đăng nhập' }).click()
    await page.waitForURL('**/search')
    const field = page.getByRole('searchbox', { name: 'Tìm trong các bài báo' })
    await field.fill('老街')
    await field.press('Enter')
    await page.waitForURL('**/search?q=*')
    await expect.poll(() => titles(page)).toEqual([SAMPLES[1]?.title])
    await field.fill('lao cai lũ quét')
    await field.press('Enter')
    await expect.poll(() => titles(page)).toEqual([SAMPLES[0]?.title])
    expect(await page.locator('.hit mark').allTextContents()).toContain('Lũ')

    await page.getByRole('link', { name: SAMPLES[0]?.title ?? '' }).click()
    await page.getByText('Sửa đánh giá').click()
    await page.getByRole('checkbox', { name: 'Hạ tầng, giao thông' }).check()
    await page.getByLabel('Ghi chú').fill('Có đường bị sạt lở')
    await page.getByRole('button', { name: 'Lưu đánh giá' }).click()
    await page.getByRole('status').filter({ hasText: 'Đã lưu đánh giá mới' }).waitFor()
    const history = page.locator('.history')
    await expect.poll(() => history.textContent()).toContain('Nguyễn Thị Hương')
    expect(await history.textContent()).toContain('Hạ tầng, giao thông')
    expect(await page.locator('.corrected').textContent()).toContain('Máy đánh giá: Thiên tai')
    await context.close()
  })

  it('narrow a search without loading the page anew, and go back', async () => {
    const { page, context } = await open()
    await page.evaluate(`document.body.setAttribute('data-same-page', 'yes')`)
    await page.getByLabel('Chỉ bài nhạy cảm').check()
    await page.waitForURL('**/search?sensitive=1')
    await expect.poll(() => titles(page)).toHaveLength(2)
    expect(await page.locator('body').getAttribute('data-same-page')).toBe('yes')
    expect(await page.getByLabel('Chỉ bài nhạy cảm').isChecked()).toBe(true)
    await page.goBack()
    await expect.poll(() => titles(page)).toHaveLength(3)
    await context.close()
  })

  it('work without JavaScript', async () => {
    const { page, context } = await open({ javaScriptEnabled: false })
    await page.getByLabel('Chỉ bài nhạy cảm').check()
    await page.getByRole('button', { name: 'Áp dụng' }).click()
    await page.waitForURL('**/search?sensitive=1')
    expect(await titles(page)).toHaveLength(2)
    await context.close()
  })

  it('switch the marks of a kind of evidence off', async () => {
    const { page, context } = await open()
    await page.goto(`${office.url}/articles/${office.ids[0]}`)
    const ground = () => page.evaluate(`getComputedStyle(document.querySelector('h1 a.ev-topic')).backgroundColor`)
    const before = await ground()
    expect(before).not.toBe('rgba(0, 0, 0, 0)')
    await page.getByRole('checkbox', { name: 'Chủ đề' }).first().uncheck()
    await expect.poll(ground).toBe('rgba(0, 0, 0, 0)')
    await context.close()
  })

  it('fit a phone: nothing is wider than the screen', async () => {
    const { page, context } = await open({ viewport: { width: 390, height: 844 } })
    const paths = ['/', '/search?q=lao+cai', `/articles/${office.ids[0]}`, `/articles/${office.ids[2]}`, '/stories']
    for (const path of [
      ...paths,
      '/stories/flood',
      '/reports',
      '/alerts',
      '/outlets',
      '/runs',
      '/account',
      '/nowhere',
    ]) {
      await page.goto(office.url + path)
      const over = await page.evaluate(`document.documentElement.scrollWidth - innerWidth`)
      expect(over, path).toBeLessThanOrEqual(0)
    }
    await context.close()
  })

  it('can be used by keyboard: the skip link comes first, and what has the focus shows it', async () => {
    const { page, context } = await open()
    await page.goto(`${office.url}/`)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(`document.activeElement.textContent`)).toBe('Đến nội dung chính')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).hash).toBe('#main')
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(
      `[document.activeElement.closest('main') !== null, getComputedStyle(document.activeElement).outlineStyle]`,
    )
    expect(outline).toEqual([true, 'solid'])
    await context.close()
  })

  for (const colorScheme of ['light', 'dark'] as const)
    it(`keep text readable (contrast of 4.5 : 1) in ${colorScheme}`, async () => {
      const { page, context } = await open({ colorScheme })
      for (const path of ['/', '/search?q=lao+cai', `/articles/${office.ids[0]}`, '/alerts', '/outlets']) {
        await page.goto(office.url + path)
        expect(await page.evaluate(WEAK_CONTRAST), path).toEqual([])
      }
      await context.close()
    })

  it('complain of nothing and ask nothing of other hosts', () => {
    // The address /nowhere was asked for above: its status is no fault of a page.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
    expect(elsewhere).toEqual([])
  })
})
