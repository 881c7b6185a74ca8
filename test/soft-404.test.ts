import { describe, expect, it } from 'vitest'
import { emptiedBeside, holdsNothing, redirectedAway, saysItIsGone, softGone } from '../pipeline/soft-404.ts'

/** A sample article, written by us. */
const before = {
  title: 'Lũ quét ở Bát Xát, nhiều nhà bị cuốn trôi',
  lead: null,
  text: Array.from(
    { length: 8 },
    (_, n) => `Đoạn ${n}: mưa lớn tại xã Bát Xát, tỉnh Lào Cai làm nhiều hộ dân phải di dời đến nơi an toàn.`,
  ).join('\n'),
}
const look = (title: string | null, shown: string, othersWithSameBody = 0, text: string | null = shown) =>
  softGone({ before, title, shown, text, othersWithSameBody })

describe('a page that answers 200 and holds the article no more', () => {
  it.each([
    ['Không tìm thấy trang', 'Trang chủ Thời sự Liên hệ'],
    ['Báo mẫu', 'Bài viết này đã bị gỡ hoặc không tồn tại. Mời bạn về trang chủ.'],
    ['Báo mẫu', 'Nội dung bạn tìm hiện không còn tồn tại'],
    ['404', 'Trang chủ'],
    ['404 - Báo mẫu', 'Trang chủ'],
    ['Page not found | Sample Times', 'Home News'],
    ['Sample Times', 'Sorry, the page you are looking for could not be found.'],
    ['Sample Times', 'This article is no longer available.'],
    ['出错了', '对不起，您访问的页面不存在'],
    ['样报', '该文章已被删除'],
    ['サンプル新聞', 'お探しのページは見つかりませんでした'],
    ['サンプル', '記事が見つかりません'],
    ['샘플', '요청하신 페이지를 찾을 수 없습니다'],
    ['Le Journal', 'La page demandée est introuvable'],
    ['Zeitung', 'Seite nicht gefunden'],
  ])('says so: %s / %s', (title, shown) => {
    const gone = look(title, shown)
    expect(gone?.reason).toBe('says-gone')
    expect(`${title}\n${shown}`).toContain(gone?.evidence)
  })

  it('is the same for many addresses', () => {
    expect(look('Báo mẫu', 'Tin mới hôm nay', 2)?.reason).toBe('same-as-others')
    expect(look(before.title, before.text, 5)).toBeNull()
  })

  it('has lost its text', () => {
    expect(look(before.title, 'Báo mẫu', 0, null)).toMatchObject({ reason: 'emptied' })
    // What stands beside it speaks of the same places in the same words.
    const beside = Array.from(
      { length: 12 },
      (_, n) => `Tin khác ${n}: tại xã Bát Xát, tỉnh Lào Cai, nhiều người dân dự hội.`,
    )
    expect(look(before.title, beside.join('\n'), 0, beside[0] ?? '')).toMatchObject({ reason: 'emptied' })
  })

  it('holds quite another text under another title', () => {
    const other =
      'Giá vàng hôm nay tăng mạnh theo thị trường thế giới, giới đầu tư lo ngại rủi ro lạm phát kéo dài. '.repeat(8)
    expect(look('Giá vàng tăng mạnh', other)).toEqual({ reason: 'replaced', evidence: 'Giá vàng tăng mạnh' })
    // The same headline over a text written anew is an edit.
    expect(look(before.title, other)).toBeNull()
  })
})

describe('a page of which nothing is left but what other pages of the outlet show', () => {
  /** Sample teasers, written by us: longer than a rest of the page may be. */
  const teasers = Array.from(
    { length: 6 },
    (_, n) => `Tin bên ${n}: giá vàng, giá xăng và tỷ giá hôm nay thay đổi thế nào, mời bạn đọc xem bảng tin số ${n}.`,
  )

  it('was emptied, however long the rest is', () => {
    expect(holdsNothing(before, teasers.join('\n'))).toBe(true)
    expect(look(before.title, teasers.join('\n')), 'is not told by the page alone').toBeNull()
    expect(emptiedBeside(before, teasers.slice(0, 5).join('\n'), teasers)).toMatchObject({ reason: 'emptied' })
    expect(emptiedBeside(before, `${teasers[0]}\nCập nhật lúc 10 giờ.`, teasers)).toMatchObject({ reason: 'emptied' })
  })

  it('was written anew where its text is its own', () => {
    const anew =
      'Bản tin đính chính: tòa soạn thay toàn bộ nội dung, xin lỗi bạn đọc và nêu lại các con số đã được xác minh. '.repeat(
        5,
      )
    expect(emptiedBeside(before, anew, teasers)).toBeNull()
    expect(emptiedBeside(before, `${anew}\n${teasers[0]}`, teasers)).toBeNull()
  })

  it('still holds some of it where a tenth of its phrases is shown', () => {
    expect(holdsNothing(before, `${teasers.join('\n')}\n${before.text.slice(0, before.text.length / 2)}`)).toBe(false)
  })
})

describe('a page that still holds it', () => {
  it('an article that was cut to its beginning', () => {
    const cut = before.text.slice(0, before.text.length * 0.2)
    expect(look(before.title, `${before.title}\n${cut}`, 0, cut)).toBeNull()
  })

  it.each([
    ['a phrase in a box beside it', before.title, `${before.text}\nTrang bạn tìm không tồn tại`],
    ['a message as the title of a page that shows the text', 'Không tìm thấy trang', before.text],
    ['half of the text', before.title, before.text.slice(0, before.text.length * 0.7)],
  ])('%s', (_name, title, shown) => {
    expect(look(title, shown)).toBeNull()
  })

  it('an article about missing pages is none', () => {
    const about = { ...before, title: 'Vì sao hay gặp lỗi 404 Not Found' }
    const shown = `${'Lỗi 404 Not Found là gì và vì sao một trang không tồn tại. '.repeat(30)}`
    expect(
      softGone({ before: { ...about, text: shown }, title: about.title, shown, text: shown, othersWithSameBody: 0 }),
    ).toBeNull()
  })
})

describe('a page read for the first time', () => {
  it('says that it is gone in a few words', () => {
    expect(saysItIsGone('Báo mẫu', 'Bài viết không tồn tại. Mời bạn về trang chủ.')).toBe('Bài viết không tồn tại')
    expect(saysItIsGone('Page not found', 'Home')).toBe('Page not found')
  })

  it('is an article when it says more, or nothing of the kind', () => {
    expect(saysItIsGone('Vì sao trang không tồn tại', before.text)).toBeNull()
    expect(saysItIsGone(before.title, 'Mưa lớn làm sạt lở đường.')).toBeNull()
    expect(saysItIsGone('Nhiều bài viết sai sự thật đã bị gỡ', 'Cơ quan chức năng đề nghị xử lý.')).toBeNull()
  })
})

describe('a redirect', () => {
  it.each([
    ['https://a.example/thoi-su/lu-quet-123.html', 'https://a.example/', 'redirect-home'],
    ['https://a.example/thoi-su/lu-quet-123.html', 'https://a.example/index.html', 'redirect-home'],
    ['https://a.example/thoi-su/lu-quet-123.html', 'https://a.example/thoi-su', 'redirect-section'],
    ['https://a.example/lu-quet-123.html', 'https://a.example/xa-hoi', 'redirect-section'],
    ['https://a.example/lu-quet-123.html', 'https://a.example/404', 'not-found'],
    ['https://a.example/lu-quet-123.html', 'https://a.example/error/page-not-found', 'not-found'],
  ])('%s → %s', (from, to, reason) => {
    expect(redirectedAway(from, to)?.reason).toBe(reason)
  })

  it.each([
    ['https://a.example/lu-quet-123.html', 'https://a.example/lu-quet-o-bat-xat-456.html'],
    ['https://a.example/lu-quet-123.html', 'https://a.example/xa-hoi/lu-quet-123.html'],
  ])('%s → %s may be another article', (from, to) => {
    expect(redirectedAway(from, to)).toBeNull()
  })
})
