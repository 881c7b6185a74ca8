import { isTag } from 'domhandler'
import type { FeedItem, Outlet } from '../../model.ts'
import type { Candidate, Structured } from './structured.ts'
import { collapse, rawText, type Tree, type TreeNode } from './tree.ts'

const tokensOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
const bare = (text: string): string => tokensOf(text).join('')

/** Share of common tokens (F1 over multisets), 0 to 1. */
export function similarity(a: string, b: string): number {
  const left = tokensOf(a)
  const counts = new Map<string, number>()
  for (const token of left) counts.set(token, (counts.get(token) ?? 0) + 1)
  const right = tokensOf(b)
  let common = 0
  for (const token of right) {
    const count = counts.get(token) ?? 0
    if (count > 0) common += 1
    counts.set(token, count - 1)
  }
  return left.length + right.length === 0 ? 0 : (2 * common) / (left.length + right.length)
}

const separator = /\s+[|\-–—·•:»«›~/]\s+|\s*[|｜丨»›]\s*|_{1,2}(?=[^_]*$)|--+/u

/** Names under which the site may stand in its titles: what it says, what the outlet is called, its host's name. */
function siteNames(structured: Structured, outlet: Outlet | null, url: string): string[] {
  const host = URL.parse(url)?.hostname.replace(/^www\./, '') ?? ''
  const label = host.split('.').at(host.split('.').length > 2 && host.endsWith('.vn') ? -3 : -2) ?? ''
  return [...structured.siteNames, ...(outlet ? [outlet.name, outlet.id] : []), host, label]
    .map(bare)
    .filter((name) => name.length > 1)
}

const isSiteName = (part: string, names: readonly string[]): boolean => {
  const text = bare(part)
  return (
    text !== '' &&
    names.some(
      (name) =>
        name === text ||
        (text.length > 3 && name.includes(text)) ||
        (name.length > 3 && text.includes(name) && text.length < name.length * 2.5),
    )
  )
}

/** Takes the names of the site off the ends of a title, and what stands between them and it (a section), if anything is left. */
export function cleanTitle(title: string, names: readonly string[], headline: string | null): string {
  const whole = collapse(title.slice(0, 1000))
  if (headline !== null && headline.length >= 12 && whole.length > headline.length && separator.test(whole)) {
    // The page prints the same words as its headline: what the title adds around them is the site's.
    if (whole.startsWith(headline) || whole.endsWith(headline)) return headline
  }
  const parts = whole.split(separator).map((part) => part.trim())
  if (parts.length < 2) return whole
  let from = 0
  let to = whole.length
  const last = parts.at(-1) ?? ''
  const first = parts[0] ?? ''
  if (isSiteName(last, names)) {
    to = whole.lastIndexOf(last)
    const rest = whole.slice(0, to).replace(/[\s|｜丨\-–—·•:»«›~/_]+$/u, '')
    if (tokensOf(rest).length > 0) to = rest.length
    else to = whole.length
  } else if (isSiteName(first, names) && tokensOf(whole).length > tokensOf(first).length) {
    from = whole.indexOf(first) + first.length
    while (from < whole.length && /[\s|｜丨\-–—·•:»«›~/_]/u.test(whole[from] ?? '')) from += 1
  }
  return whole.slice(from, to)
}

const titleHint = /^(?:[\w-]*[\s_-])?(?:title|headline|tieu-?de|heading)(?:[\s_-](?:detail|news|article|post))?(?:\s|$)/

/** What a page without `h1` calls its title by class or id. */
function namedTitles(tree: Tree): Candidate[] {
  return tree.nodes
    .filter((node) => node.tag !== 'a' && node.tag !== 'body' && titleHint.test(node.hint))
    .slice(0, 3)
    .map((node) => ({ value: collapse(rawText(node.element)), by: 'class' }))
    .filter(({ value }) => value.length >= 12 && value.length < 300)
}

export interface TitleInput {
  readonly tree: Tree
  readonly structured: Structured
  readonly ruled: readonly Candidate[]
  readonly outlet: Outlet | null
  readonly url: string
  readonly feed: FeedItem | null
}

const isSame = (a: string, b: string): boolean => similarity(a, b) >= 0.8

/** Of a heading made of a kicker and a headline, each in its own element, the headline. */
function headlineOf({ element }: TreeNode): string {
  const whole = collapse(rawText(element))
  const parts = element.children.filter((child) => isTag(child)).map((child) => collapse(rawText(child)))
  const longest = parts.reduce((a, b) => (b.length > a.length ? b : a), '')
  return longest.length * 2 > whole.length ? longest : whole
}

/** The headings that follow the first `h1`, as far as they may still be the headline: not those that link elsewhere. */
function headingsBelow({ nodes }: Tree): string[] {
  const first = nodes.findIndex(({ tag }) => tag === 'h1')
  const isLinked = (node: TreeNode): boolean => {
    for (let at = node.parent; at >= 0; at = nodes[at]?.parent ?? -1) if (nodes[at]?.tag === 'a') return true
    return false
  }
  return nodes
    .slice(first + 1)
    .filter(({ tag }) => tag === 'h2')
    .slice(0, 3)
    .filter((node) => !isLinked(node))
    .map(headlineOf)
}

/**
 * The headline that readers see, where JSON-LD holds another that is written for search engines, which Open Graph does not
 * share: the tab says JSON-LD's and the page prints its own, or the page prints JSON-LD's in an `h1` (often as the last
 * crumb of the path) above the one that it shares. Null elsewhere.
 */
function seenInstead(declared: string, shared: string, printed: string | undefined, tree: Tree): Candidate | null {
  if (printed === undefined || isSame(declared, shared)) return null
  if (!isSame(printed, declared))
    return bare(tree.titleElement ?? '').includes(bare(declared)) ? { value: printed, by: 'h1' } : null
  const isBelow = headingsBelow(tree).some((text) => isSame(text, shared) && !isSame(text, declared))
  return isBelow ? { value: shared, by: 'open-graph' } : null
}

/** How far each source is believed before the others are asked. */
const trust: Readonly<Record<string, number>> = {
  h1: 1.8,
  class: 0.9,
  'open-graph': 0.8,
  microdata: 0.5,
  title: 0.5,
  meta: 0.3,
}

/**
 * The headline: the outlet's rule, then JSON-LD unless it holds one for search engines, then whichever of `h1`, Open
 * Graph, microdata, meta and `title` the others agree with most; the feed's last.
 */
export function findTitle(input: TitleInput): Candidate | null {
  const { tree, structured, feed } = input
  const names = siteNames(structured, input.outlet, input.url)
  const headings = tree.nodes
    .filter((node) => node.tag === 'h1')
    .slice(0, 8)
    .map((node) => collapse(rawText(node.element)))
    .filter((text) => text !== '' && text.length < 400 && !isSiteName(text, names))
  // A kicker that Open Graph joins to the headline with no separator of sites is the outlet's own, not the site's name.
  const whole = structured.title.filter(({ value, by }) => by === 'open-graph' && !separator.test(collapse(value)))
  const isWhole = (text: string) => whole.some(({ value }) => bare(value) === bare(text))
  const clean = (text: string) =>
    isWhole(text)
      ? collapse(text)
      : cleanTitle(text, names, headings.find((heading) => text !== heading && text.includes(heading)) ?? null)
  const sound = ({ value }: Candidate) => tokensOf(value).length > 0 && !isSiteName(value, names)
  const cleaned = ({ value, by }: Candidate): Candidate => ({ value: clean(value), by })
  const ruled = input.ruled.map(cleaned).find(sound)
  if (ruled) return ruled
  const declared = structured.title
    .filter(({ by }) => by === 'json-ld')
    .map(cleaned)
    .find(sound)
  if (declared) {
    const shared = structured.title.find(({ by }) => by === 'open-graph')
    return (shared && seenInstead(declared.value, clean(shared.value), headings[0], tree)) ?? declared
  }

  const candidates: Candidate[] = [
    ...headings.map((value) => ({ value, by: 'h1' })),
    ...(headings.length === 0 ? namedTitles(tree) : []),
    ...structured.title.filter(({ by }) => by !== 'json-ld').slice(0, 8),
    ...(tree.titleElement ? [{ value: tree.titleElement, by: 'title' }] : []),
  ].map(({ value, by }) => ({ value: clean(value), by }))
  let best: { candidate: Candidate; score: number } | null = null
  for (const [index, candidate] of candidates.entries()) {
    if (tokensOf(candidate.value).length === 0) continue
    // Later headings are often those of other articles.
    let score = (trust[candidate.by] ?? 0) * (candidate.by === 'h1' && index > 0 ? 0.6 : 1)
    for (const other of candidates) {
      if (other.by !== candidate.by)
        score += (trust[other.by] ?? 0) * Math.max(0, similarity(candidate.value, other.value) - 0.3) * 0.8
    }
    if (best === null || score > best.score) best = { candidate, score }
  }
  if (best) return best.candidate
  return feed && feed.title !== '' ? { value: feed.title, by: 'feed' } : null
}
