import type { Element } from 'domhandler'
import type { Completeness, Extracted, ExtractionRules, FeedItem, Instant, Outlet } from '../model.ts'
import { findBody } from './extraction/body.ts'
import { findPublished } from './extraction/published.ts'
import { type Candidate, readStructured, type Structured } from './extraction/structured.ts'
import { attribute, collapse, parseTree, rawText, select, type Tree } from './extraction/tree.ts'
import { detectLanguage, languageCode } from './language.ts'
import { canonicalUrl } from './url.ts'

export interface ExtractInput {
  /** Where the page was read, after redirects. */
  readonly url: string
  readonly html: string
  readonly outlet?: Outlet | null
  readonly fetchedAt?: Instant | null
  /** What the feed or listing said of it. */
  readonly feed?: FeedItem | null
}

/** The rules that held when the page was made: by its date, else the ones without an end. */
function rulesFor(outlet: Outlet | null, day: string | null): ExtractionRules | null {
  const rules = outlet?.rules ?? []
  const valid = rules.filter(({ from, until }) =>
    day === null ? until === undefined : (from ?? '0000') <= day && day <= (until ?? '9999'),
  )
  return valid.at(-1) ?? null
}

/** What a list of `selector` or `selector@attribute` finds, in order. */
function applyRule(tree: Tree, selectors: readonly string[] | undefined, doubts: string[]): Candidate[] {
  const found: Candidate[] = []
  for (const written of selectors ?? []) {
    const at = /@([\w:-]+)$/.exec(written)
    const selector = at ? written.slice(0, at.index) : written
    const elements = select(tree, selector, (message) => doubts.push(`rule: ${written}: ${message}`))
    for (const element of elements.slice(0, 20)) {
      const value = at ? attribute(element, at[1] ?? '') : collapse(rawText(element))
      if (value) found.push({ value, by: 'rule' })
    }
  }
  return found
}

function ruledBody(tree: Tree, rules: ExtractionRules | null, doubts: string[]): string[] {
  const removed = new Set<Element>(
    (rules?.remove ?? []).flatMap((selector) =>
      select(tree, selector, (message) => doubts.push(`rule: ${selector}: ${message}`)),
    ),
  )
  for (const selector of rules?.body ?? []) {
    const roots = new Set(select(tree, selector, (message) => doubts.push(`rule: ${selector}: ${message}`)))
    if (roots.size === 0) continue
    const state = new Map<number, 'in' | 'out' | 'removed'>([[-1, 'out']])
    for (const [index, node] of tree.nodes.entries()) {
      const above = state.get(node.parent) ?? 'out'
      state.set(
        index,
        above === 'removed' || removed.has(node.element) ? 'removed' : roots.has(node.element) ? 'in' : above,
      )
    }
    const paragraphs = tree.blocks.filter((block) => state.get(block.node) === 'in').map((block) => block.text)
    if (paragraphs.length > 0) return paragraphs
  }
  return []
}

const separators = / [|\-–—·:»«] | \| |\| /

/** A title without the name of the site: the first `h1` that agrees with it, or the part that is no site name. */
function cleanTitle(title: string, structured: Structured, outlet: Outlet | null): string {
  const names = [...structured.siteNames, ...(outlet ? [outlet.name] : [])].map((name) => name.toLowerCase())
  const parts = title.split(separators)
  const last = parts.at(-1)?.trim() ?? ''
  if (parts.length > 1 && names.some((name) => name === last.toLowerCase() || name.includes(last.toLowerCase())))
    return title.slice(0, title.length - last.length).replace(/[\s|\-–—·:»«]+$/, '')
  return title
}

function completenessOf(structured: Structured, text: string | null): Completeness {
  if (structured.types.some((type) => /LiveBlog/i.test(type))) return 'live'
  if (structured.types.some((type) => /Gallery/i.test(type))) return 'gallery'
  if (text === null || (structured.paywalled && text.length < 600)) return 'stub'
  return 'full'
}

const first = (candidates: readonly Candidate[]): Candidate | null => candidates[0] ?? null

function canonicalOf(candidates: readonly Candidate[], base: string, doubts: string[]): Candidate | null {
  for (const { value, by } of candidates) {
    try {
      return { value: canonicalUrl(value, base), by }
    } catch (error) {
      doubts.push(`canonical: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return null
}

/**
 * Reads an article from a page by a cascade: the outlet's dated rules, structured data, a general extractor. Never throws;
 * what a page lacks is null, and what was not believed stands in `doubts`.
 */
export function extract(input: ExtractInput): Extracted {
  const outlet = input.outlet ?? null
  const tree = parseTree(input.html)
  const structured = readStructured(tree, input.url)
  const doubts: string[] = []
  const by: Record<string, string> = {}
  const keep = (field: string, candidate: Candidate | null): string | null => {
    if (candidate) by[field] = candidate.by
    return candidate?.value ?? null
  }

  const feedDay = input.feed?.published ?? structured.published[0]?.value ?? input.fetchedAt ?? null
  const rules = rulesFor(outlet, feedDay?.slice(0, 10) ?? null)
  const ruled = (field: 'title' | 'lead' | 'byline' | 'section' | 'published' | 'modified' | 'image') =>
    applyRule(tree, rules?.[field], doubts)
  const h1 = tree.nodes.find((node) => node.tag === 'h1')
  const title = first([
    ...ruled('title'),
    ...structured.title,
    ...(h1 ? [{ value: collapse(rawText(h1.element)), by: 'h1' }] : []),
    ...(tree.titleElement ? [{ value: tree.titleElement, by: 'title' }] : []),
    ...(input.feed ? [{ value: input.feed.title, by: 'feed' }] : []),
  ])
  const dates = findPublished({
    tree,
    url: input.url,
    structured,
    ruled: { published: ruled('published'), modified: ruled('modified') },
    outlet,
    fetchedAt: input.fetchedAt ?? null,
    feed: input.feed ?? null,
  })
  doubts.push(...dates.doubts)
  if (dates.publishedBy) by.published = dates.publishedBy
  if (dates.modifiedBy) by.modified = dates.modifiedBy

  const fromRules = ruledBody(tree, rules, doubts)
  const paragraphs = fromRules.length > 0 ? fromRules : findBody(tree).paragraphs
  const text = paragraphs.length > 0 ? paragraphs.join('\n') : null
  if (text !== null) by.text = fromRules.length > 0 ? 'rule' : 'general'
  else doubts.push('text: none found')

  const cleanedTitle = title && { value: cleanTitle(title.value, structured, outlet), by: title.by }
  const titleText = keep('title', cleanedTitle)
  const lead = keep('lead', first([...ruled('lead'), ...structured.lead]))
  const hint = languageCode(tree.language ?? structured.language[0]?.value) ?? outlet?.languages[0] ?? null
  const language = detectLanguage([titleText, lead, text].filter((part) => part !== null).join('\n'), hint)
  if (language !== null) by.language = 'text'
  return {
    url: input.url,
    title: titleText,
    lead,
    text,
    byline: keep('byline', first([...ruled('byline'), ...structured.byline])),
    section: keep('section', first([...ruled('section'), ...structured.section])),
    published: dates.published,
    modified: dates.modified,
    language,
    canonical: keep('canonical', canonicalOf(structured.canonical, input.url, doubts)),
    image: keep('image', first([...ruled('image'), ...structured.image])),
    imageCaption: keep('imageCaption', first(structured.caption)),
    completeness: completenessOf(structured, text),
    by,
    doubts,
  }
}
