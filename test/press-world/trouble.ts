import type { Outlet } from '../../model.ts'
import { encode } from './page.ts'

/** The outlet where everything is wrong, each thing in its own way. */
export const troubleId = 'su-co-mau'

/** What is wrong, and what a monitor should make of it. */
export interface Trouble {
  readonly path: string
  readonly what: 'empty' | 'huge' | 'wrong-charset' | 'future-date'
  /** As the outlet's good feed announces it. */
  readonly title: string
  readonly summary: string
}

export const troubles: readonly Trouble[] = [
  {
    path: '/trang-rong-1.html',
    what: 'empty',
    title: 'Lào Cai: trang không có chữ nào (mẫu)',
    summary: 'Bài mẫu: máy chủ trả lời 200 với thân rỗng, chỉ còn tiêu đề và tóm tắt trên nguồn tin.',
  },
  {
    path: '/trang-lon-2.html',
    what: 'huge',
    title: 'Sa Pa: trang dài năm mươi triệu chữ cái (mẫu)',
    summary: 'Bài mẫu: máy chủ gửi 50 MB, nhiều hơn mọi bài báo.',
  },
  {
    path: '/sai-bang-ma-3.html',
    what: 'wrong-charset',
    title: 'Bát Xát: bảng mã khai sai (mẫu)',
    summary: 'Bài mẫu: trang khai iso-8859-1 ở tiêu đề và thẻ meta nhưng viết bằng UTF-8.',
  },
  {
    path: '/nam-2062-4.html',
    what: 'future-date',
    title: 'Mù Cang Chải: bài đăng năm 2062 (mẫu)',
    summary: 'Bài mẫu: trang ghi ngày đăng ở năm 2062.',
  },
]

/** The paragraph of the page in the wrong charset: readable only to who does not believe the declaration. */
export const wronglyDeclaredText =
  'Người dân xã Bát Xát thu hoạch lúa trên những thửa ruộng bậc thang; trang này khai sai bảng mã để thử cách đọc chữ.'

export function troubleOutlet(origin: string): Outlet {
  return {
    id: troubleId,
    name: 'Sự Cố (mẫu)',
    origin: 'domestic',
    class: 'press',
    kind: 'national',
    country: 'VN',
    languages: ['vi'],
    homepage: `${origin}/`,
    timezone: 'Asia/Ho_Chi_Minh',
    dateOrder: 'day-first',
    sources: [
      { kind: 'feed', url: `${origin}/khong-phai-xml.rss` },
      { kind: 'feed', url: `${origin}/rss/home.rss` },
    ],
    articlePattern: '-\\d+\\.html$',
    delaySeconds: 0,
    rules: [],
    notes: null,
  }
}

export interface TroubleResponse {
  readonly type: string
  /** In pieces, so that 50 MB never stand in memory. */
  readonly body: Iterable<Buffer>
}

/** The response to a path of this outlet, or null: 404. */
export function troubleResponse(path: string, origin: string, since: Date): TroubleResponse | null {
  if (path === '/khong-phai-xml.rss') return { type: 'application/rss+xml', body: [Buffer.from(notXml)] }
  if (path === '/rss/home.rss')
    return { type: 'application/rss+xml; charset=utf-8', body: [Buffer.from(feed(origin, since))] }
  const trouble = troubles.find((candidate) => candidate.path === path)
  switch (trouble?.what) {
    case 'empty':
      return { type: 'text/html; charset=utf-8', body: [] }
    case 'huge':
      return { type: 'text/html; charset=utf-8', body: huge(trouble) }
    case 'wrong-charset':
      return { type: 'text/html; charset=iso-8859-1', body: [encode(wrongCharset(trouble), 'utf-8')] }
    case 'future-date':
      return { type: 'text/html; charset=utf-8', body: [Buffer.from(futureDate(trouble))] }
    default:
      return null
  }
}

const notXml = `<!DOCTYPE html><html><head><title>Bảo trì</title></head><body><h1>Hệ thống đang bảo trì & nâng cấp</h1>
<p>Xin quay lại sau <br> vài phút.</body></html>`

function feed(origin: string, since: Date): string {
  const items = troubles.map(
    ({ path, title, summary }) =>
      `<item><title>${title}</title><link>${origin}${path}</link><pubDate>${since.toUTCString()}</pubDate><description>${summary}</description></item>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Sự Cố (mẫu)</title><link>${origin}/</link><description>Mẫu</description>${items.join('\n')}</channel></rss>\n`
}

const MEGABYTE = 1024 * 1024

function* huge({ title }: Trouble): Iterable<Buffer> {
  yield Buffer.from(`<!DOCTYPE html><html lang="vi"><head><title>${title}</title></head><body><h1>${title}</h1><p>`)
  const piece = Buffer.alloc(MEGABYTE, 'a ')
  for (let sent = 0; sent < 50; sent += 1) yield piece
  yield Buffer.from('</p></body></html>')
}

const wrongCharset = ({ title }: Trouble): string => `<!DOCTYPE html><html><head>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><title>${title}</title></head>
<body><h1>${title}</h1><div class="noi-dung"><p>${wronglyDeclaredText}</p><p>${wronglyDeclaredText}</p></div></body></html>`

const futureDate = ({
  title,
  summary,
}: Trouble): string => `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>${title}</title>
<meta property="article:published_time" content="2062-10-01T08:00:00+07:00"></head>
<body><h1>${title}</h1><p class="ngay">01/10/2062 08:00</p><div class="noi-dung"><p>${summary}</p>
<p>Ngoài ngày tháng ra, mọi thứ trên trang này đều bình thường: có tiêu đề, có đoạn văn và đường dẫn.</p></div></body></html>`
