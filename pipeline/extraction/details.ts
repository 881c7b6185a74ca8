import type { Completeness } from '../../model.ts'
import { furtherPages } from './further-pages.ts'
import type { Candidate, Structured } from './structured.ts'
import { attribute, collapse, rawText, type Tree, type TreeNode } from './tree.ts'

const nameHints =
  /(?:^|[\s_-])(?:author(?:-?name)?|byline|tac-?gia|writer|reporter|journalist|nguoi-?viet|detail-author|signature)(?:$|[\s_-])/
/** What outlets call the lead and nothing else. */
const leadHints =
  /(?:^|[\s_-])(?:sapo|chapeau|standfirst|lead|lede|dek|article-?lead|teaser-text|vorspann|ingress|entradilla|bajada|tom-?tat)(?:$|[\s_-])/

/** Six words and an end mark are no name. */
const sentence = /^(?:\S+\s+){5,}\S+[.!?]$|[。！？]$/u

function* hinted(tree: Tree, pattern: RegExp): Generator<TreeNode> {
  for (const node of tree.nodes) if (node.hint !== '' && pattern.test(node.hint)) yield node
}

/** The author's name as the page prints it. */
export function printedByline(tree: Tree): Candidate | null {
  const marked = tree.nodes.find((node) => /(?:^|\s)author(?:\s|$)/.test(node.element.attribs.rel ?? ''))
  const linked = marked ? collapse(rawText(marked.element)) : ''
  if (linked.length > 1 && linked.length < 100) return { value: linked, by: 'page' }
  for (const node of hinted(tree, nameHints)) {
    const text = collapse(rawText(node.element))
    // A box about the author tells who they are; a byline only names them.
    if (text.length >= 3 && text.length <= 100 && !sentence.test(text)) return { value: text, by: 'page' }
  }
  return null
}

/** The lead (sapô) where the mark-up sets it apart, from the headline on. */
export function printedLead(tree: Tree, from: number): string | null {
  for (const [index, node] of tree.nodes.entries()) {
    if (index < from || node.hint === '' || !leadHints.test(node.hint) || node.tag === 'body' || node.tag === 'a')
      continue
    const text = collapse(rawText(node.element))
    if (text.length >= 40 && text.length <= 1200) return text
    if (index > from + 150) break
  }
  return null
}

/** The last step of a breadcrumb that is no headline. */
export function printedSection(tree: Tree, title: string | null): Candidate | null {
  for (const [index, node] of tree.nodes.entries()) {
    if (!/breadcrumb/.test(node.hint) && !/breadcrumb/i.test(node.element.attribs.itemtype ?? '')) continue
    const steps: string[] = []
    for (let at = index; at < node.end; at += 1) {
      const inner = tree.nodes[at]
      if (inner?.tag !== 'a') continue
      const text = collapse(rawText(inner.element))
      if (text !== '' && text !== title && text.length < 60) steps.push(text)
    }
    const last = steps
      .filter((step) => !/^(?:home|trang chủ|accueil|startseite|首页|首頁|ホーム|홈|inicio|главная)$/iu.test(step))
      .at(-1)
    if (last) return { value: last, by: 'page' }
  }
  return null
}

/** Address and caption of the first picture within the element. */
export function firstImage(tree: Tree, from: number, to: number): { url: string | null; caption: string | null } {
  let url: string | null = null
  for (let index = Math.max(0, from); index < to; index += 1) {
    const node = tree.nodes[index]
    if (node?.tag === 'img' && url === null) {
      const source =
        attribute(node.element, 'data-src') ??
        attribute(node.element, 'data-original') ??
        attribute(node.element, 'src')
      if (source && !/^data:|\.svg|logo|icon|avatar|pixel|blank/i.test(source)) url = source
    }
    if (
      node &&
      (node.tag === 'figcaption' ||
        /(?:^|[\s_-])(?:caption|image-desc|photo-desc|pswp__caption|picbox-desc|photocms_caption)(?:$|[\s_-])/.test(
          node.hint,
        ))
    ) {
      const caption = collapse(rawText(node.element))
      if (caption.length > 3 && caption.length < 600) return { url, caption }
    }
  }
  return { url, caption: null }
}

const paywallWords =
  /(?:đăng ký|đăng nhập|trở thành thuê bao|mua gói).{0,60}(?:để (?:đọc|xem) (?:tiếp|toàn bộ|đầy đủ)|nội dung (?:này )?dành)|dành (?:riêng )?cho (?:thuê bao|hội viên|độc giả đăng ký)|subscribe to (?:continue|read|unlock)|(?:sign in|log in|register) to (?:continue|read)|already a subscriber|for subscribers only|this (?:article|content) is (?:for|reserved)|réservé aux abonnés|il vous reste .{1,12} % de cet article|weiterlesen mit|für abonnenten|contenido (?:exclusivo|para suscriptores)|有料会員|会員限定|残り[:： ]?[\d,]+文字|登录后(?:阅读|查看)|订阅后|구독(?:자|회원) 전용|유료 ?회원|только для подписчиков/iu
const liveTitle =
  /(?:^|[\s[(【])(?:trực tiếp|tường thuật|live|en direct|liveticker|live-?ticker|直播|ライブ|속보 ?중계|онлайн|em direto|en vivo)(?:$|[\s:\])】–-])/iu
/** How complete the text of a page is. */
export function completenessOf(
  tree: Tree,
  structured: Structured,
  url: string,
  title: string | null,
  text: string | null,
): Completeness {
  const is = (pattern: RegExp) => structured.types.some((type) => pattern.test(type))
  if (is(/LiveBlog/i) || (title !== null && liveTitle.test(title) && tree.times.length > 5)) return 'live'
  const words =
    text === null
      ? 0
      : (text.match(/[\p{L}\p{M}\p{N}]+/gu)?.length ?? 0) +
        (text.match(/[\u3040-\u30ff\u3400-\u9fff]/g)?.length ?? 0) / 2
  const end = tree.blocks.slice(-400).some((block) => block.text.length < 400 && paywallWords.test(block.text))
  if (words < 350 && ((structured.paywalled && words < 250) || end)) return 'stub'
  const pictures = tree.nodes.filter(
    (node) =>
      node.tag === 'figure' || /(?:^|[\s_-])(?:gallery|slideshow|photo-?story|album)(?:$|[\s_-])/.test(node.hint),
  ).length
  if (is(/Gallery/i) || (pictures >= 8 && words < pictures * 45)) return 'gallery'
  if (furtherPages(tree, url).length > 0) return 'paged'
  return words < 15 ? 'stub' : 'full'
}
