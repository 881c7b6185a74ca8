import type { Element } from 'domhandler'
import type { Extracted, ExtractionRules, FeedItem, Instant, Outlet } from '../model.ts'
import type { DateOptions } from './dates.ts'
import { findBody } from './extraction/body.ts'
import { findBoxes } from './extraction/boxes.ts'
import {
  bare,
  type Cleaned,
  cleanParagraphs,
  looksLikeName,
  type Paragraph,
  withoutMasthead,
} from './extraction/clean.ts'
import { completenessOf, firstImage, printedByline, printedLead, printedSection } from './extraction/details.ts'
import { readSizes } from './extraction/layout.ts'
import { generalParagraphs, paragraphsOf } from './extraction/paragraphs.ts'
import { findPrintedDates } from './extraction/printed-dates.ts'
import { findPublished } from './extraction/published.ts'
import { type Candidate, readStructured, type Structured } from './extraction/structured.ts'
import { findTitle, similarity } from './extraction/title.ts'
import { attribute, collapse, parseTree, rawText, select, type Tree, withoutElements } from './extraction/tree.ts'
import { dateFromUrl } from './extraction/url-date.ts'
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

type RuledField = 'title' | 'lead' | 'byline' | 'section' | 'published' | 'modified' | 'image'

/** The rules that held on the page's day; without a day, those without an end. Of several the last, which is the newest. */
function rulesFor(outlet: Outlet | null, day: string | null): ExtractionRules | null {
  const valid = (outlet?.rules ?? []).filter(({ from, until }) =>
    day === null ? until === undefined : (from ?? '0000') <= day && day <= (until ?? '9999'),
  )
  return valid.at(-1) ?? null
}

/** The day by which rules are chosen: of the address, of structured data, of the feed, of fetching. */
function ruleDay(input: ExtractInput, structured: Structured): string | null {
  const timezone = input.outlet?.timezone ?? 'Asia/Ho_Chi_Minh'
  const printed = /^\d{4}-\d\d-\d\d/.exec(structured.published[0]?.value ?? '')?.[0]
  const instant = dateFromUrl(input.url, timezone)?.instant ?? printed ?? input.feed?.published ?? input.fetchedAt
  return instant?.slice(0, 10) ?? null
}

interface Rules {
  /** What the rule of a field finds, in order. */
  readonly read: (field: RuledField) => Candidate[]
  /** Without the blocks of the page that `boxed` names. */
  readonly body: (boxed: ReadonlySet<number>) => Paragraph[]
  /** No live page has confirmed them. */
  readonly unverified: boolean
}

/** Selectors of an outlet's rules on one page; those that do not parse or find nothing leave a doubt. */
function applyRules(tree: Tree, url: string, rules: ExtractionRules | null, doubts: string[]): Rules {
  const find = (selector: string) => select(tree, selector, (message) => doubts.push(`rule: ${selector}: ${message}`))
  const removed = new Set<Element>((rules?.remove ?? []).flatMap(find))
  const read = (field: RuledField): Candidate[] =>
    (rules?.[field] ?? []).flatMap((written) => {
      const at = /@([\w:-]+)$/.exec(written)
      const elements = find(at ? written.slice(0, at.index) : written).slice(0, 20)
      const values = elements.map((element) =>
        at ? attribute(element, at[1] ?? '') : collapse(rawText(element, removed)),
      )
      return values.flatMap((value) => (value ? [{ value, by: 'rule' }] : []))
    })
  const body: Rules['body'] = (boxed) => {
    if (rules?.body === undefined) return []
    const shown = removed.size === 0 ? tree : withoutElements(tree, removed)
    const beside = shown === tree ? boxed : findBoxes(shown, readSizes(shown), url)
    for (const selector of rules.body) {
      const roots = new Set(find(selector))
      const paragraphs = roots.size > 0 ? paragraphsWithin(shown, url, roots, beside) : []
      if (paragraphs.length > 0) return paragraphs
    }
    doubts.push('rule: body found nothing')
    return []
  }
  return { read, body, unverified: rules?.unverified === true }
}

/** The name under the text, which is no part of it. */
function signatureAfter(tree: Tree, last: number | undefined): string | null {
  if (last === undefined) return null
  const following = [tree.blocks[last + 1], tree.blocks[last + 2]]
  return following.find((block) => block !== undefined && block.linked === 0 && looksLikeName(block.text))?.text ?? null
}

/** Blocks below the roots that stand in no box. */
function paragraphsWithin(
  tree: Tree,
  url: string,
  roots: ReadonlySet<Element>,
  boxed: ReadonlySet<number>,
): Paragraph[] {
  const isInside: boolean[] = []
  for (const [index, { parent, element }] of tree.nodes.entries())
    isInside[index] = isInside[parent] === true || roots.has(element)
  const inside = tree.blocks
    .keys()
    .filter((index) => isInside[tree.blocks[index]?.node ?? -1] === true && !boxed.has(index))
  return paragraphsOf(tree, inside, url)
}

interface Text {
  readonly cleaned: Cleaned
  readonly by: string | null
}

const lengthOf = (paragraphs: readonly string[]): number =>
  paragraphs.reduce((sum, paragraph) => sum + bare(paragraph).length, 0)

/** The body by the outlet's rule, by the general reader, or, where both find little, as JSON-LD carries it. */
function findText(
  tree: Tree,
  url: string,
  rules: Rules,
  structured: Structured,
  title: string | null,
  byline: string | null,
  doubts: string[],
): Text {
  const sizes = readSizes(tree)
  const boxed = findBoxes(tree, sizes, url)
  const ruled = rules.body(boxed)
  const clean = (paragraphs: readonly Paragraph[]) => cleanParagraphs(paragraphs, title, byline)
  if (ruled.length > 0 && !rules.unverified) return { cleaned: clean(ruled), by: 'rule' }
  const blocks = findBody(tree, sizes, title).blocks.filter((index) => !boxed.has(index))
  const read = clean(generalParagraphs(tree, blocks, url))
  const general = { ...read, signature: read.signature ?? signatureAfter(tree, blocks.at(-1)) }
  const carried = structured.body[0]?.value ?? ''
  const carriedText = /<\/?(?:p|br|div)\b/i.test(carried)
    ? parseTree(carried).blocks.map((block) => block.text)
    : carried.split(/\n+/).map(collapse)
  const found = lengthOf(general.paragraphs)
  if (ruled.length > 0) {
    // A rule that no live page has confirmed is held against the general reader.
    const cleaned = clean(ruled)
    const ratio = lengthOf(cleaned.paragraphs) / Math.max(1, found)
    if (ratio > 0.6 && ratio < 1.6) return { cleaned, by: 'rule' }
    doubts.push(`rule: the unverified body rule found ${Math.round(ratio * 100)} % of what the general reader found`)
  }
  const offered = lengthOf(carriedText)
  // The page needs a browser, or its layout defeats us; what the publisher hands to machines is whole.
  if (offered > 200 && found < offered * 0.5) {
    const paragraphs = carriedText
      .filter((text) => text !== '')
      .map((text) => ({ text, linked: 0, leads: null, tag: 'p', holder: '' }))
    return { cleaned: clean(paragraphs), by: 'json-ld' }
  }
  return { cleaned: general, by: general.paragraphs.length > 0 ? 'general' : null }
}

interface Lead {
  readonly lead: Candidate | null
  readonly paragraphs: readonly string[]
}

/** Sets the lead apart: what the mark-up calls so leaves the text; a mere description of the page does not touch it. */
function splitLead(
  tree: Tree,
  rules: Rules,
  structured: Structured,
  found: readonly string[],
  title: string | null,
): Lead {
  const ruled = rules.read('lead')[0] ?? null
  const h1 = tree.nodes.findIndex((node) => node.tag === 'h1')
  const printed = ruled ? null : printedLead(tree, Math.max(0, h1))
  const described = structured.lead.find(({ value }) => bare(value) !== bare(title ?? '')) ?? null
  const own = ruled ?? (printed === null ? null : { value: printed, by: 'page' })
  if (own === null) return { lead: described, paragraphs: found }
  const at = found.slice(0, 4).findIndex((paragraph) => similarity(paragraph, own.value) > 0.85)
  const rest = at < 0 ? found : found.toSpliced(at, 1)
  // A lead that would leave no text is the text.
  return rest.length === 0
    ? { lead: own, paragraphs: found }
    : { lead: own, paragraphs: rest.filter((paragraph) => paragraph !== own.value) }
}

function canonicalOf(candidates: readonly Candidate[], base: string, doubts: string[]): Candidate | null {
  const home = URL.parse(base)
  for (const { value, by } of candidates) {
    try {
      const url = canonicalUrl(value, base)
      // A site that names its front page as canonical of every article is not believed.
      if (new URL(url).pathname === '/' && home !== null && home.pathname.length > 1)
        doubts.push(`canonical: ${by} names the front page`)
      else return { value: url, by }
    } catch (error) {
      doubts.push(`canonical: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return null
}

const absolute = (url: string | null, base: string): string | null =>
  url === null ? null : (URL.parse(url, base)?.href ?? null)

/**
 * Reads an article from a page by a cascade: the outlet's dated rules, structured data, a general extractor. Never throws
 * on any page; what a page lacks is null, and what was not believed stands in `doubts`. Linear in the page.
 */
export function extract(input: ExtractInput): Extracted {
  const outlet = input.outlet ?? null
  const fetchedAt = input.fetchedAt ?? null
  const feed = input.feed ?? null
  const tree = parseTree(input.html)
  const structured = readStructured(tree, input.url)
  const doubts: string[] = tree.isCut ? ['page: nested too deeply to read to its end'] : []
  const by: Record<string, string> = {}
  const keep = (field: string, candidate: Candidate | null | undefined): string | null => {
    if (candidate) by[field] = candidate.by
    return candidate?.value ?? null
  }
  const rules = applyRules(tree, input.url, rulesFor(outlet, ruleDay(input, structured)), doubts)

  const title = keep('title', findTitle({ tree, structured, ruled: rules.read('title'), outlet, url: input.url, feed }))
  if (title === null) doubts.push('title: none found')
  const options: DateOptions = {
    timezone: outlet?.timezone ?? 'Asia/Ho_Chi_Minh',
    dateOrder: outlet?.dateOrder ?? 'day-first',
    reference: fetchedAt,
  }
  const dates = findPublished({
    url: input.url,
    structured,
    ruled: { published: rules.read('published'), modified: rules.read('modified') },
    printed: findPrintedDates(tree, title, options, fetchedAt),
    options,
    outlet,
    fetchedAt,
    feed,
  })
  doubts.push(...dates.doubts)
  if (dates.publishedBy !== null) by.published = dates.publishedBy
  if (dates.modifiedBy !== null) by.modified = dates.modifiedBy

  const named = rules.read('byline')[0] ?? structured.byline[0] ?? printedByline(tree)
  const body = findText(tree, input.url, rules, structured, title, named?.value ?? null, doubts)
  const { lead, paragraphs } = splitLead(tree, rules, structured, body.cleaned.paragraphs, title)
  const outletName = outlet?.name ?? null
  const ownLead = keep('lead', lead)
  const leadText = ownLead === null ? null : withoutMasthead(ownLead, outletName)
  const [opening, ...others] = paragraphs
  const text = opening === undefined ? null : [withoutMasthead(opening, outletName), ...others].join('\n')
  if (text !== null && body.by !== null) by.text = body.by
  else doubts.push('text: none found')
  const byline = keep(
    'byline',
    named ?? (body.cleaned.signature === null ? null : { value: body.cleaned.signature, by: 'page' }),
  )

  const hint = languageCode(tree.language ?? structured.language[0]?.value) ?? outlet?.languages[0] ?? null
  const language = detectLanguage([title, leadText, text].filter((part) => part !== null).join('\n'), hint)
  if (language !== null) by.language = text === null && title === null ? 'page' : 'text'
  const picture = firstImage(tree, 0, tree.nodes.length)
  const image =
    rules.read('image')[0] ?? structured.image[0] ?? (picture.url === null ? null : { value: picture.url, by: 'page' })
  const completeness = completenessOf(tree, structured, input.url, title, text)
  return {
    url: input.url,
    title,
    lead: leadText,
    text,
    byline,
    section: keep('section', rules.read('section')[0] ?? structured.section[0] ?? printedSection(tree, title)),
    published: dates.published,
    modified: dates.modified,
    language,
    canonical: keep('canonical', canonicalOf(structured.canonical, input.url, doubts)),
    image: absolute(keep('image', image), input.url),
    imageCaption: keep(
      'imageCaption',
      picture.caption === null ? structured.caption[0] : { value: picture.caption, by: 'page' },
    ),
    completeness: text === null && feed !== null ? 'feed-only' : completeness,
    by,
    doubts,
  }
}
