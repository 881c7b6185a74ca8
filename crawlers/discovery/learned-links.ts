import { canonicalUrl, isCrawlerTrap } from '../../pipeline/url.ts'

/** A link of a page, its address whole. */
export interface PageLink {
  readonly url: string
  /** Its text, or that of its picture. */
  readonly text: string
  /** Stands in a menu, footer or the like. */
  readonly inNavigation: boolean
}

export interface LearnedLinks {
  /** The links to articles, in the order of the page; a picture and a title with one address are two links. */
  readonly links: readonly PageLink[]
  /** The shapes of their addresses, the most frequent first: `/*-post#.html`. */
  readonly shapes: readonly string[]
  /** A regular expression for `articlePattern` that these addresses match and the page's other links do not; null: none such. */
  readonly pattern: string | null
}

/** Fewer addresses of one shape prove nothing. */
const FEWEST = 3
/** From this share of links whose text is long enough for a title a shape counts as that of articles. */
const TITLES = 0.6
/** Characters of the shortest title; scripts without spaces say as much in fewer. */
const TITLE = 24
const DENSE_TITLE = 9
const dense = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g

function isTitle(text: string): boolean {
  const length = text.replace(/\s+/g, ' ').trim().length
  return length >= TITLE || ((text.match(dense)?.length ?? 0) >= length / 2 && length >= DENSE_TITLE)
}

/** A piece of an address as its shape shows it and as a regular expression matches it. */
interface Piece {
  readonly shape: string
  readonly regex: string
  /** Says that a single article is meant: words of a title, a number, a day. */
  readonly telling: boolean
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll('\\/', '/')
const withNumbers = (text: string): string => text.split(/\d+/).map(literal).join('\\d+')

/** A segment of a path: words of a title become `*`, numbers `#`. */
function pieceOf(segment: string): Piece {
  const ending = /\.[a-z]{2,5}$/i.exec(segment)?.[0] ?? ''
  const stem = segment.slice(0, segment.length - ending.length)
  const tail = /(?:[-_.](?:[a-z]{1,6})?\d{2,}|[-_](?=[0-9a-f]*\d)[0-9a-f]{6,})$/i.exec(stem)?.[0] ?? ''
  const words = stem.slice(0, stem.length - tail.length)
  if (words.split(/[-_]/).length >= 4 || (words.length >= 30 && /[-_%]/.test(words))) {
    const isHex = tail !== '' && /[-_][0-9a-f]*[a-f][0-9a-f]*$/i.test(tail) && !/^[-_.][a-z]{1,6}\d+$/i.test(tail)
    const id = isHex
      ? { shape: '-#', regex: '-[0-9a-f]+' }
      : { shape: tail.replace(/\d+/, '#'), regex: withNumbers(tail) }
    return { shape: `*${id.shape}${ending}`, regex: `[^/]+${id.regex}${literal(ending)}`, telling: true }
  }
  const digits = segment.match(/\d/g)?.length ?? 0
  if (digits === 0) return { shape: segment, regex: literal(segment), telling: false }
  // A number of an article is long; `page2` or `24h` is none.
  return { shape: segment.replace(/\d+/g, '#'), regex: withNumbers(segment), telling: digits >= 4 }
}

interface Shape {
  readonly key: string
  readonly last: Piece
  /** The piece before the last where it tells something too (`/tin/123/words.html`). */
  readonly before: Piece | null
  readonly query: string
}

function shapeOf(url: URL): Shape | null {
  const segments = url.pathname.split('/').filter((segment) => segment !== '')
  const pieces = segments.map(pieceOf)
  const query = [...url.searchParams].filter(([, value]) => /^\d{3,}$/.test(value)).map(([name]) => name)
  const last = pieces.at(-1)
  if (!last) return null
  const numbered = pieces.at(-2)?.shape.includes('#') ? (pieces.at(-2) ?? null) : null
  if (!last.telling && query.length === 0 && !(numbered?.telling ?? false)) return null
  const asked = query[0]
  return {
    key: `${numbered ? `/${numbered.shape}` : ''}/${last.shape}${asked ? `?${asked}=#` : ''}`,
    last,
    before: numbered,
    query: asked ? `\\?(?:.*&)?${literal(asked)}=\\d+` : '',
  }
}

const regexOf = ({ last, before, query }: Shape): string =>
  `${before ? `/${before.regex}` : ''}/${last.regex}${query || '(?:\\?.*)?$'}`

const siteOf = (host: string): string => host.replace(/^(?:www|m|mobile)\./, '')

/**
 * Which links of a front or section page lead to articles, where no rule says so: addresses are grouped by shape (words
 * of a title, numbers, days), and a group counts whose links mostly carry a text as long as a title. Links of menus and
 * footers, to other sites, and to calendars, tags and page numbers do not take part.
 */
export function learnLinks(links: readonly PageLink[], base: string): LearnedLinks {
  const home = siteOf(new URL(base).host)
  const groups = new Map<string, { shape: Shape; titles: Map<string, string>; links: PageLink[] }>()
  for (const link of links) {
    const url = URL.parse(link.url)
    if (!url || !/^https?:$/.test(url.protocol) || link.inNavigation || isCrawlerTrap(link.url)) continue
    const site = siteOf(url.host)
    if (site !== home && !site.endsWith(`.${home}`)) continue
    const shape = shapeOf(url)
    if (shape === null) continue
    const group = groups.get(shape.key) ?? { shape, titles: new Map<string, string>(), links: [] }
    groups.set(shape.key, group)
    group.links.push(link)
    const key = canonicalUrl(link.url)
    const known = group.titles.get(key) ?? ''
    if (link.text.trim().length >= known.length) group.titles.set(key, link.text.trim())
  }
  const chosen = [...groups.values()]
    .filter(({ titles }) => {
      const long = new Set([...titles.values()].filter(isTitle))
      return titles.size >= FEWEST && long.size >= titles.size * TITLES
    })
    .sort((a, b) => b.titles.size - a.titles.size)
  const taken = new Set(chosen.flatMap((group) => group.links))
  return {
    links: links.filter((link) => taken.has(link)),
    shapes: chosen.map(({ shape }) => shape.key),
    pattern: chosen.length === 0 ? null : patternOf(chosen.map(({ shape }) => shape)),
  }
}

const patternOf = (shapes: readonly Shape[]): string => {
  const each = [...new Set(shapes.map(regexOf))]
  return each.length === 1 ? (each[0] ?? '') : `(?:${each.join('|')})`
}
