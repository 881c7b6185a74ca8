import { html } from 'ghtml'
import { type Layout, type PageView, printed } from '../page.ts'

/** Layouts as Vietnamese sites build them. Texts that are not the article (menus, boxes, bars) are there to be left out. */

const weekdays = ['Chủ nhật', 'Thứ hai', 'Thứ ba', 'Thứ tư', 'Thứ năm', 'Thứ sáu', 'Thứ bảy']

const paragraphs = ({ article }: PageView): string => article.paragraphs.map((text) => html`<p>${text}</p>`).join('')

const openGraph = ({ article, url, origin, outletName }: PageView): string => html`
<meta property="og:site_name" content="${outletName}">
<meta property="og:type" content="article">
<meta property="og:title" content="${article.title}">
<meta property="og:description" content="${article.lead ?? article.paragraphs[0] ?? ''}">
<meta property="og:url" content="${url}">
<meta property="og:image" content="${origin}/anh/${article.id}.jpg">`

const sampleMark = ({ article }: PageView): string =>
  article.sample ? '<footer><small>Bài mẫu viết để kiểm thử; sự việc không có thật.</small></footer>' : ''

const menu = `<nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/thoi-su">Thời sự</a></li>
<li><a href="/kinh-te">Kinh tế</a></li><li><a href="/du-lich">Du lịch</a></li><li><a href="/phap-luat">Pháp luật</a></li></ul></nav>`

/** JSON-LD, a lead with the place stamped before it, related links between paragraphs, the author as a last right-aligned line. */
export const modernJsonLd: Layout = (view) => {
  const { article, url, origin, outletName, timezone, related } = view
  const date = printed(article.published, timezone)
  const data = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: article.title,
    description: article.lead ?? article.paragraphs[0] ?? '',
    datePublished: date.iso,
    dateModified: date.iso,
    mainEntityOfPage: url,
    image: `${origin}/anh/${article.id}.jpg`,
    publisher: { '@type': 'Organization', name: outletName },
    ...(article.byline === null ? {} : { author: { '@type': 'Person', name: article.byline } }),
  }
  const [first = '', ...rest] = article.paragraphs
  const box = related
    .slice(0, 2)
    .map((other) => html`<li><a href="${other.url}">${other.title}</a></li>`)
    .join('')
  return html`<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>${article.title} - ${outletName}</title>
<link rel="canonical" href="${url}">!${openGraph(view)}
<script type="application/ld+json">!${JSON.stringify(data).replaceAll('<', '\\u003c')}</script></head>
<body><header><a href="/">${outletName}</a>!${menu}</header>
<section class="page-detail"><div class="header-content">
<ul class="breadcrumb"><li><a href="/thoi-su">${article.section ?? 'Thời sự'}</a></li></ul>
<span class="date">${weekdays[date.weekday]}, ${Number(date.day)}/${Number(date.month)}/${date.year}, ${date.hour}:${date.minute} (GMT+7)</span></div>
<h1 class="title-detail">${article.title}</h1>
!${article.lead === null ? '' : html`<p class="description"><span class="location-stamp">Miền Bắc</span>${article.lead}</p>`}
<article class="fck_detail ">
!${first === '' ? '' : html`<p class="Normal">${first}</p>`}
!${box === '' ? '' : `<ul class="list-news">${box}</ul>`}
!${rest.map((text) => html`<p class="Normal">${text}</p>`).join('')}
!${article.byline === null ? '' : html`<p class="author_mail" style="text-align:right;"><strong>${article.byline}</strong></p>`}
</article>
<div class="social_share"><a href="#">Chia sẻ</a> <a href="#">Facebook</a> <a href="#">Sao chép liên kết</a></div>
<div class="box_comment_vne"><h3>Ý kiến bạn đọc (0)</h3></div></section>
<aside><h2>Xem nhiều</h2><ul>!${box}</ul></aside>!${sampleMark(view)}</body></html>`
}

/** OpenGraph only; the time in a div; boxes of related news and a share bar inside the text. */
export const openGraphOnly: Layout = (view) => {
  const { article, outletName, timezone, related } = view
  const date = printed(article.published, timezone)
  const boxes = related.map(
    (other) => html`<div class="VCSortableInPreviewMode" type="RelatedOneNews"><a href="${other.url}">
<img src="/anh/nho.jpg" alt=""></a><div class="RelatedOneNewsBox"><a href="${other.url}">${other.title}</a><p>${other.lead}</p></div></div>`,
  )
  const body = article.paragraphs.map((text, index) => html`<p>${text}</p>!${index === 0 ? (boxes[0] ?? '') : ''}`)
  return html`<!DOCTYPE html>
<html lang="vi"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>${article.title}</title>
!${openGraph(view)}</head><body>!${menu}
<div class="detail__page"><div class="detail-top"><a class="detail-cate" href="/muc">${article.section ?? 'Thời sự'}</a>
<div class="detail-time"><div data-role="publishdate">${date.day}/${date.month}/${date.year} ${date.hour}:${date.minute} GMT+7</div></div></div>
<h1 class="detail-title article-title" data-role="title">${article.title}</h1>
!${article.byline === null ? '' : html`<div class="author-info"><a class="name" href="/tac-gia">${article.byline}</a></div>`}
!${article.lead === null ? '' : html`<h2 class="detail-sapo" data-role="sapo">${outletName} - ${article.lead}</h2>`}
<div class="detail-cmain"><div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">
<figure class="VCSortableInPreviewMode" type="Photo"><img src="/anh/${article.id}.jpg"><figcaption>Ảnh minh họa</figcaption></figure>
!${body.join('')}</div></div>
<div class="sharebar"><button>Lưu bài</button><button>Chia sẻ</button><button>Zalo</button></div>
<div class="detail__related"><h3>Tin liên quan</h3>!${boxes.slice(1).join('')}</div>
<div class="author-box"><h4>Về tác giả</h4><p>Phóng viên thường trú khu vực phía Bắc, theo dõi mảng thời sự và đời sống.</p></div>
</div>!${sampleMark(view)}</body></html>`
}

/** Microdata, `<time datetime>`, an audio player whose label stands in the text, teasers of newer articles after it. */
export const microdataWithTeasers: Layout = (view) => {
  const { article, outletName, timezone, related } = view
  const date = printed(article.published, timezone)
  return html`<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>${article.title} | ${outletName}</title>
<meta name="description" content="${article.lead ?? article.paragraphs[0] ?? ''}"></head>
<body>!${menu}<main itemscope itemtype="http://schema.org/NewsArticle">
<ul class="breadcrumbs"><li class="main"><a class="text" href="/muc">${article.section ?? 'Xã hội'}</a></li></ul>
<h1 class="article__title cms-title" itemprop="headline">${article.title}</h1>
<div class="article__meta"><time class="time" itemprop="datePublished" datetime="${date.iso}">${date.hour}:${date.minute} | ${date.day}/${date.month}/${date.year}</time></div>
!${article.lead === null ? '' : html`<div class="article__sapo cms-desc" itemprop="description">${article.lead}</div>`}
<div class="article__audio"><span>0:00</span> / <span>0:00</span></div>
<div class="article__body cms-body" itemprop="articleBody">
!${article.lead === null ? '' : html`<p><strong>${article.lead}</strong></p>`}
!${paragraphs(view)}
!${article.byline === null ? '' : html`<p class="article__author">${article.byline}</p>`}</div>
<div class="article__tag">Từ khóa: <a href="/tu-khoa/mien-nui">miền núi</a></div></main>
<section class="box-content"><h2>Tin mới</h2>!${related
    .map(
      (other) =>
        html`<article class="story"><h3><a class="story__heading" href="${other.url}">${other.title}</a></h3><p>${other.lead}</p></article>`,
    )
    .join('')}</section>!${sampleMark(view)}</body></html>`
}

/** Tables, no metadata at all, today's date in the header, the article's own date after its text. */
export const oldTables: Layout = (view) => {
  const { article, outletName, timezone, charset, now, related } = view
  const today = printed(now, timezone)
  const date = printed(article.published, timezone)
  return html`<html><head><meta http-equiv="Content-Type" content="text/html; charset=${charset}"><title>${outletName}</title></head>
<body bgcolor="#ffffff"><table width="980" align="center" cellpadding="0" cellspacing="0">
<tr><td colspan="3"><font size="2">${weekdays[today.weekday]}, ${today.day}/${today.month}/${today.year} - ${today.hour}:${today.minute}</font></td></tr>
<tr><td width="160" valign="top"><a href="/">Trang chủ</a><br><a href="/kinh-te">Kinh tế</a><br><a href="/van-hoa">Văn hóa</a></td>
<td valign="top"><table width="100%"><tr><td class="tieude"><font size="4" color="#990000"><b>${article.title}</b></font></td></tr>
!${article.lead === null ? '' : html`<tr><td class="trichyeu"><b>${article.lead}</b></td></tr>`}
<tr><td class="noidung">!${article.paragraphs.map((text) => html`${text}<br><br>`).join('')}</td></tr>
!${article.byline === null ? '' : html`<tr><td align="right"><b>${article.byline}</b></td></tr>`}
<tr><td><i>Cập nhật: ${date.hour}:${date.minute}, ngày ${date.day}-${date.month}-${date.year}</i></td></tr></table></td>
<td width="200" valign="top"><b>Các tin khác</b><br>!${related.map((other) => html`<a href="${other.url}">${other.title}</a><br>`).join('')}</td>
</tr></table>!${sampleMark(view)}</body></html>`
}

/** A government portal: numbered addresses, view counter glued to the date, printing link that robots.txt forbids. */
export const portal: Layout = (view) => {
  const { article, outletName, timezone, url, related } = view
  const date = printed(article.published, timezone)
  return html`<!DOCTYPE html><html><head><meta charset="UTF-8"><title>${outletName}</title></head><body>
<div id="banner">${outletName}</div>!${menu}
<div class="ArticleContent"><div class="ArticleHeader">${article.title}</div>
<div class="PostDate">${date.day}/${date.month}/${date.year} ${date.hour}:${date.minute} | Lượt xem: 1432</div>
<a class="print" href="${new URL(url).pathname}/in">Bản in</a>
!${article.lead === null ? '' : html`<div class="ArticleSummary"><p>${article.lead}</p></div>`}
<div class="ArticleDetail">!${paragraphs(view)}!${article.byline === null ? '' : html`<div style="text-align: right">${article.byline}</div>`}</div>
<div class="OtherNews"><div>Tin khác</div><ul>!${related.map((other) => html`<li><a href="${other.url}">${other.title}</a></li>`).join('')}</ul></div></div>
!${sampleMark(view)}</body></html>`
}
