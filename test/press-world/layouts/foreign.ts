import { html } from 'ghtml'
import { type Layout, type PageView, printed } from '../page.ts'

/** Layouts as foreign sites build them, in several languages and charsets. */

const months = 'January February March April May June July August September October November December'.split(' ')
const frenchMonths = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ')

const paragraphs = ({ article }: PageView): string => article.paragraphs.map((text) => html`<p>${text}</p>`).join('')

const mark = (text: string): string => html`<footer><small>${text}</small></footer>`
const englishMark = mark('Sample written for tests; nothing in it happened.')

/** JSON-LD as a graph, a US date line, a newsletter box and an author box inside the article. */
export const jsonLdGraph: Layout = ({ article, ...view }) => {
  const date = printed(article.published, view.timezone)
  const graph = [
    { '@type': 'WebSite', name: view.outletName, url: view.origin },
    { '@type': 'BreadcrumbList', itemListElement: [] },
    {
      '@type': ['Article', 'NewsArticle'],
      headline: article.title,
      description: article.lead ?? undefined,
      datePublished: date.iso,
      articleSection: article.section ?? undefined,
      author: article.byline === null ? undefined : [{ '@type': 'Person', name: article.byline }],
    },
  ]
  const hour = Number(date.hour)
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${date.minute} ${hour < 12 ? 'a.m.' : 'p.m.'}`
  const [first = '', ...rest] = article.paragraphs
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${article.title} | ${view.outletName}</title>
<link rel="canonical" href="${view.url}">
<script type="application/ld+json">!${JSON.stringify({ '@context': 'https://schema.org', '@graph': graph }).replaceAll('<', '\\u003c')}</script></head>
<body><a href="#main">Skip to content</a><nav><a href="/">World</a> <a href="/travel">Travel</a> <a href="/business">Business</a></nav>
<main id="main"><header><p class="kicker">${article.section ?? 'World'}</p><h1>${article.title}</h1>
!${article.lead === null ? '' : html`<p class="standfirst">${article.lead}</p>`}
!${article.byline === null ? '' : html`<p class="byline">By <span>${article.byline}</span></p>`}
<p class="dateline">${months[Number(date.month) - 1]} ${Number(date.day)}, ${date.year} | ${clock} ET</p></header>
<section class="article-body"><p>${first}</p>
<aside class="newsletter"><h4>Sign up for our morning briefing</h4><p>The stories that matter, in your inbox every weekday.</p></aside>
!${rest.map((text) => html`<p>${text}</p>`).join('')}</section>
<section class="author-bio"><p>The author writes about Southeast Asia and is based in Bangkok.</p></section></main>
<section class="more"><h2>Read next</h2>!${view.related.map((other) => html`<a href="${other.url}">${other.title}</a>`).join(' ')}</section>
!${englishMark}</body></html>`
}

/** OpenGraph with `article:published_time`, `<time>`, cookie banner before the article. */
export const cookieBanner: Layout = (view) => {
  const { article, outletName, url, timezone, related } = view
  const date = printed(article.published, timezone)
  return html`<!doctype html><html lang="${article.language}"><head><meta charset="utf-8"><title>${article.title}</title>
<meta property="og:title" content="${article.title}"><meta property="og:type" content="article"><meta property="og:url" content="${url}">
<meta property="article:published_time" content="${date.iso}">
!${article.lead === null ? '' : html`<meta property="og:description" content="${article.lead}">`}</head><body>
<div class="cookie-consent"><p>We value your privacy. We and our partners store and access information on a device, such as cookies,
and process personal data to measure how this site is used. You may accept or refuse.</p><button>Accept</button></div>
<article><h1>${article.title}</h1><time datetime="${date.iso}">${Number(date.day)} ${months[Number(date.month) - 1]} ${date.year}</time>
!${article.lead === null ? '' : html`<p class="summary"><b>${article.lead}</b></p>`}
!${paragraphs(view)}!${article.byline === null ? '' : html`<p class="signed">${article.byline}</p>`}</article>
<ul class="related">!${related.map((other) => html`<li><a href="${other.url}">${other.title}</a></li>`).join('')}</ul>
<p>© ${outletName}</p>!${englishMark}</body></html>`
}

/** A Chinese daily: date and source on one line, `rm_txt_con`, the editor in brackets at the end. */
export const chineseDaily: Layout = ({ article, ...view }) => {
  const date = printed(article.published, view.timezone)
  return html`<html><head><meta http-equiv="content-type" content="text/html;charset=${view.charset}"><title>${article.title}--${view.outletName}</title>
<meta name="publishdate" content="${date.year}-${date.month}-${date.day}"></head><body>
<div class="nav"><a href="/">首页</a> <a href="/guoji">国际</a> <a href="/lvyou">旅游</a></div>
<div class="col col-1"><h1>${article.title}</h1>
<div class="col-1-1">${date.year}年${date.month}月${date.day}日${date.hour}:${date.minute} | 来源：<a href="/">${view.outletName}</a></div>
<div class="rm_txt_con cf">!${article.lead === null ? '' : html`<p>　　${article.lead}</p>`}
!${article.paragraphs.map((text) => html`<p style="text-indent: 2em;">　　${text}</p>`).join('')}
<div class="edit cf">(责编：${article.byline ?? '本报编辑'})</div></div>
<div class="share">分享到：微信 微博</div></div>
<div class="rel">相关新闻 !${view.related.map((other) => html`<a href="${other.url}">${other.title}</a>`).join(' ')}</div>
!${mark('测试用样本文章，内容并非真实事件。')}</body></html>`
}

/** A French regional paper: date in words, chapô, "Lire aussi" between the paragraphs, a paywall notice after. */
export const frenchRegional: Layout = (view) => {
  const { article, outletName, charset, timezone, related } = view
  const date = printed(article.published, timezone)
  const also = related[0]
  const body = article.paragraphs.map(
    (text, index) =>
      html`<p>${text}</p>!${index === 0 && also ? html`<p class="lire-aussi">Lire aussi : <a href="${also.url}">${also.title}</a></p>` : ''}`,
  )
  return html`<!DOCTYPE html><html lang="fr"><head><meta charset="${charset}"><title>${article.title} - ${outletName}</title></head><body>
<div class="menu"><a href="/">Monde</a> <a href="/culture">Culture</a> <a href="/voyages">Voyages</a></div>
<article class="article"><h1 class="article__titre">${article.title}</h1>
!${article.lead === null ? '' : html`<p class="article__chapo">${article.lead}</p>`}
<p class="article__date">Publié le ${Number(date.day)} ${frenchMonths[Number(date.month) - 1]} ${date.year} à ${date.hour}h${date.minute}</p>
!${article.byline === null ? '' : html`<p class="article__auteur">Par ${article.byline}</p>`}
<div class="article__corps">!${body.join('')}</div></article>
<div class="abonnement"><p>Il vous reste 5 articles gratuits ce mois-ci. Abonnez-vous à partir de 1 € par mois.</p></div>
!${mark('Exemple rédigé pour les essais ; rien de cela n’a eu lieu.')}</body></html>`
}

/** A Japanese daily. */
export const japaneseDaily: Layout = (view) => {
  const { article, outletName, charset, timezone, related } = view
  const date = printed(article.published, timezone)
  return html`<!DOCTYPE html><html lang="ja"><head><meta http-equiv="Content-Type" content="text/html; charset=${charset}">
<title>${article.title}：${outletName}</title><meta name="description" content="${article.lead ?? ''}"></head><body>
<ul class="gnav"><li><a href="/">ホーム</a></li><li><a href="/asia">アジア</a></li></ul>
<div class="ArticleTitle"><h1>${article.title}</h1><p class="LastUpdated">${date.year}年${Number(date.month)}月${Number(date.day)}日${Number(date.hour)}時${date.minute}分</p></div>
<div class="ArticleText">!${article.lead === null ? '' : html`<p>　${article.lead}</p>`}
!${article.paragraphs.map((text) => html`<p>　${text}</p>`).join('')}!${article.byline === null ? '' : html`<p>（${article.byline}）</p>`}</div>
<div class="Sns">この記事をシェアする</div><div class="Rel">関連記事 !${related.map((other) => html`<a href="${other.url}">${other.title}</a>`).join(' ')}</div>
!${mark('試験用に書かれた見本記事です。事実ではありません。')}</body></html>`
}

/** A Korean agency: reporter and e-mail glued to the last line, copyright notice inside the text's container. */
export const koreanAgency: Layout = (view) => {
  const { article, outletName, charset, timezone, related } = view
  const date = printed(article.published, timezone)
  return html`<!DOCTYPE html><html lang="ko"><head><meta http-equiv="Content-Type" content="text/html; charset=${charset}">
<title>${article.title} | ${outletName}</title></head><body><div id="gnb"><a href="/">홈</a> <a href="/world">국제</a></div>
<h1 class="tit">${article.title}</h1><p class="update-time">송고시간 ${date.year}-${date.month}-${date.day} ${date.hour}:${date.minute}</p>
<div class="share">공유 댓글 글자크기</div>
<article class="story-news">!${article.lead === null ? '' : html`<h2 class="tit-sub">${article.lead}</h2>`}
!${paragraphs(view)}<p class="txt-copyright">저작권자(c) ${outletName}, 무단 전재-재배포 금지</p></article>
<div class="related-group">관련기사 !${related.map((other) => html`<a href="${other.url}">${other.title}</a>`).join(' ')}</div>
!${mark('시험용으로 작성한 견본 기사이며 사실이 아닙니다.')}</body></html>`
}
