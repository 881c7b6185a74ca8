import type { Tree } from './tree.ts'

/** An article is read to so many pages; longer ones are books. */
export const MOST_PAGES = 10

export interface PageLink {
  readonly url: string
  /** 2, 3 … as its address says. */
  readonly number: number
}

/** `?page=2`, `/trang-2`, `-p2.html`, `_2.html`: the number of a page in an address. */
const pageNumber =
  /(?:[?&](?:page|trang|p|paged)=|[-_/](?:page|trang|p)[-_/]?)([2-9]|10)(?=\D|$)|_([2-9]|10)(?=\.(?:s?html?|aspx?|php)$)/i
const extension = /\.(?:s?html?|aspx?|php|vnp|epi|htm)$/i

/**
 * Links of a page to the further pages of its article: addresses that are the article's own but for the number of a page.
 * In the order of their numbers, at most {@link MOST_PAGES}.
 *
 * @param first address of the article's first page
 * @param here where `tree` was read, which links are relative to
 */
export function furtherPages(tree: Tree, first: string, here: string = first): readonly PageLink[] {
  const start = URL.parse(first)
  const path = (start?.pathname ?? '').replace(extension, '').replace(/\/$/, '')
  // A home page or a section has pages, too, but no text that goes on there.
  if (start === null || path.length < 6) return []
  const found = new Map<number, string>()
  const add = (target: string | undefined): void => {
    const url = target === undefined ? null : URL.parse(target, here)
    if (url === null || url.host !== start.host || !url.pathname.startsWith(path)) return
    const rest = url.pathname.slice(path.length) + url.search
    const [, named, bare] = pageNumber.exec(rest) ?? []
    // Nothing but the number: `/bai-viet/binh-luan?page=2` are the comments' pages.
    if (/[a-z]{4,}/i.test(rest.replace(pageNumber, '').replace(extension, ''))) return
    const number = Number(named ?? bare)
    url.hash = ''
    if (number >= 2 && number <= MOST_PAGES && !found.has(number)) found.set(number, url.href)
  }
  for (const { attribs } of tree.links) if (/^next$/i.test(attribs.rel ?? '')) add(attribs.href)
  for (const { tag, element } of tree.nodes) if (tag === 'a') add(element.attribs.href)
  return [...found].map(([number, url]) => ({ url, number })).sort((a, b) => a.number - b.number)
}
