import { describe, expect, it } from 'vitest'
import { extract } from '../pipeline/extract.ts'

interface Headlines {
  readonly tab: string
  readonly printed: string
  readonly shared?: string
  readonly declared?: string
  /** HTML that follows the printed one. */
  readonly below?: string
}

/** A sample page with four headlines: of the tab, of the page, of Open Graph and of JSON-LD. */
const titleOf = ({ tab, printed, shared, declared, below = '' }: Headlines) => {
  const jsonLd = JSON.stringify({
    '@type': 'NewsArticle',
    headline: declared,
    datePublished: '2026-03-02T08:00:00+07:00',
  })
  const { title, by } = extract({
    url: 'https://bao-mau.example/thu-vien-ban-mau-1.html',
    html: `<html lang="vi"><head><title>${tab}</title>
      ${shared === undefined ? '' : `<meta property="og:title" content="${shared}">`}
      ${declared === undefined ? '' : `<script type="application/ld+json">${jsonLd}</script>`}
      </head><body><article><h1>${printed}</h1>${below}<p>Bài mẫu kể một thư viện ở thôn vùng cao mở cửa cả tuần.</p></article></body></html>`,
  })
  return { title, by: by.title }
}

const printed = 'Thư viện thôn Vách mở cửa cả cuối tuần cho trẻ em'
const forSearch = 'Giờ mở cửa thư viện Thôn Vách: lịch cuối tuần'

describe('the headline of several', () => {
  it('is the printed one where JSON-LD repeats what the tab says to search engines', () => {
    const page = { tab: `${forSearch} | Báo Mẫu`, printed, shared: printed, declared: forSearch }
    expect(titleOf(page)).toEqual({ title: printed, by: 'h1' })
  })

  it('is the printed one too where Open Graph shares a third, and that of JSON-LD where it shares that one', () => {
    const page = { tab: forSearch, printed, declared: forSearch }
    expect(titleOf({ ...page, shared: 'Trẻ em vùng cao có chỗ đọc sách ngày nghỉ' }).title).toBe(printed)
    expect(titleOf({ ...page, shared: forSearch }).title).toBe(forSearch)
    expect(titleOf({ ...page, tab: printed, shared: printed }).title).toBe(forSearch)
  })

  it('is the shared one where the page prints it below an h1 that repeats JSON-LD', () => {
    const page = { tab: forSearch, printed: forSearch, shared: printed, declared: forSearch }
    expect(titleOf({ ...page, below: `<h2><span>Văn hóa đọc</span><span>${printed}</span></h2>` }).title).toBe(printed)
    // A link to another article, and a heading of the text.
    expect(titleOf({ ...page, below: `<a href="/khac"><div><h2>${printed}</h2></div></a>` }).title).toBe(forSearch)
    expect(titleOf({ ...page, below: '<h2>Ba buổi đọc mỗi tuần</h2>' }).title).toBe(forSearch)
  })

  it('keeps the kicker that Open Graph joins to it, and takes the names of the site off', () => {
    const declared = `Văn hóa đọc - ${printed}`
    const page = { tab: `${declared} - Báo Mẫu`, printed, declared }
    expect(titleOf({ ...page, shared: `Văn hóa đọc: ${printed}` }).title).toBe(declared)
    expect(titleOf({ ...page, shared: `${declared} - Báo Mẫu` }).title).toBe(printed)
  })
})
