import type { Element } from 'domhandler'
import { parseDocument } from 'htmlparser2'
import { attribute, collapse, rawText, type Tree } from './tree.ts'

/** A value and the fallback that gave it. */
export interface Candidate {
  readonly value: string
  readonly by: string
}

/** What a page says of itself to machines, each field in the order in which it is believed. */
export interface Structured {
  readonly title: readonly Candidate[]
  readonly lead: readonly Candidate[]
  readonly body: readonly Candidate[]
  readonly byline: readonly Candidate[]
  readonly section: readonly Candidate[]
  readonly published: readonly Candidate[]
  readonly modified: readonly Candidate[]
  readonly image: readonly Candidate[]
  readonly caption: readonly Candidate[]
  readonly canonical: readonly Candidate[]
  readonly language: readonly Candidate[]
  readonly siteNames: readonly string[]
  /** schema.org types of the page's main object. */
  readonly types: readonly string[]
  readonly paywalled: boolean
}

type Json = { readonly [key: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

/** Text of a string that may hold entities or tags. */
export function plainText(value: string): string {
  const text = /[&<]/.test(value) ? textOfHtml(value) : value
  return collapse(text)
}

function textOfHtml(html: string): string {
  const holder = { children: parseDocument(html.slice(0, 300_000)).children } as unknown as Element
  const once = rawText(holder)
  // Some publishers escape twice.
  return /&(?:#\d+|#x[\da-f]+|amp|quot|lt|gt|nbsp|apos);/i.test(once)
    ? rawText({ children: parseDocument(once).children } as unknown as Element)
    : once
}

/** JSON as pages write it: in CDATA or comments, with raw line feeds in strings, trailing commas. */
function parseJson(source: string): unknown {
  const text = source
    .replace(/^\s*(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|\/\/\s*<!\[CDATA\[|<!\[CDATA\[)/, '')
    .replace(/(?:-->|\/\*\s*\]\]>\s*\*\/|\/\/\s*\]\]>|\]\]>)\s*;?\s*$/, '')
    .trim()
    .replace(/;$/, '')
  for (const attempt of [text, text.replace(/\p{Cc}+/gu, ' ').replace(/,\s*([}\]])/g, '$1')]) {
    try {
      return JSON.parse(attempt)
    } catch {
      // Ill-formed as it stands: the next attempt repairs it; a page without usable JSON-LD has other fallbacks.
    }
  }
  return null
}

/** All objects in a JSON-LD document, outer before inner; bounded. */
function objectsOf(root: unknown): Json[] {
  const found: Json[] = []
  let level: unknown[] = [root]
  for (let depth = 0; depth < 6 && level.length > 0 && found.length < 500; depth += 1) {
    const next: unknown[] = []
    for (const value of level) {
      if (Array.isArray(value)) next.push(...value.slice(0, 200))
      else if (isObject(value)) {
        found.push(value)
        for (const key of ['@graph', 'mainEntity', 'mainEntityOfPage', 'hasPart', 'liveBlogUpdate'])
          if (key in value && key !== 'liveBlogUpdate') next.push(value[key])
      }
    }
    level = next
  }
  return found
}

const articleType =
  /^(?:https?:\/\/schema\.org\/)?(?:\w*NewsArticle|Article|\w*Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report|ImageGallery|MediaGallery)$/i
const pageType =
  /^(?:https?:\/\/schema\.org\/)?(?:WebPage|ItemPage|VideoObject|NewsVideo|AboutPage|ClaimReview|Review|Recipe)$/i
const typesOf = (object: Json): string[] => asList(object['@type']).filter((type) => typeof type === 'string')

function text(value: unknown): string | null {
  if (typeof value === 'string') return plainText(value) || null
  if (typeof value === 'number') return String(value)
  if (isObject(value)) return text(value['@value'] ?? value.name ?? value['@id'])
  if (Array.isArray(value)) return value.map(text).find((item) => item !== null) ?? null
  return null
}

function people(value: unknown): string | null {
  const names = asList(value)
    .map((item) => (isObject(item) ? text(item.name) : text(item)))
    .filter((name) => name !== null)
    .filter((name) => !/^https?:/i.test(name))
  return names.length > 0 ? [...new Set(names)].join(', ') : null
}

function imageUrl(value: unknown): string | null {
  for (const item of asList(value)) {
    const url =
      typeof item === 'string' ? item : isObject(item) ? text(item.url ?? item.contentUrl ?? item['@id']) : null
    if (url && /^(?:https?:)?\/|^[\w.-]+\//i.test(url)) return url
  }
  return null
}

/** Keeps order, drops empty and repeated values. */
function collector() {
  const lists = new Map<string, Candidate[]>()
  return {
    add: (field: string, value: string | null | undefined, by: string) => {
      const clean = value?.trim()
      if (!clean) return
      const list = lists.get(field) ?? []
      if (list.length < 20 && !list.some((candidate) => candidate.value === clean && candidate.by === by))
        list.push({ value: clean, by })
      lists.set(field, list)
    },
    get: (field: string): readonly Candidate[] => lists.get(field) ?? [],
  }
}

type Collector = ReturnType<typeof collector>

const sameAddress = (a: string, b: string): boolean => {
  const key = (url: string) =>
    url
      .replace(/^https?:\/\/(?:www\.|m\.)?/i, '')
      .replace(/[?#].*$/, '')
      .replace(/\/$/, '')
  return key(a) === key(b)
}

/** The object that is the page's article: the one that names this address, else the first article, else the page. */
function mainObject(objects: readonly Json[], url: string): Json | null {
  const articles = objects.filter((object) => typesOf(object).some((type) => articleType.test(type)))
  const mine = articles.find((object) =>
    [object.url, object['@id'], object.mainEntityOfPage].some((value) => sameAddress(text(value) ?? '', url)),
  )
  return (
    mine ??
    articles.find((object) => object.headline !== undefined && object.datePublished !== undefined) ??
    articles[0] ??
    objects.find(
      (object) => typesOf(object).some((type) => pageType.test(type)) && object.datePublished !== undefined,
    ) ??
    null
  )
}

function readJsonLd(objects: readonly Json[], main: Json | null, into: Collector): void {
  if (main === null) return
  const by = 'json-ld'
  into.add('title', text(main.headline) ?? text(main.name), by)
  into.add('lead', text(main.description), by)
  into.add('body', typeof main.articleBody === 'string' ? main.articleBody : null, by)
  into.add('byline', people(main.author) ?? people(main.creator), by)
  into.add('section', text(main.articleSection), by)
  into.add('published', text(main.datePublished), by)
  into.add('modified', text(main.dateModified), by)
  into.add('image', imageUrl(main.image) ?? imageUrl(main.thumbnailUrl), by)
  const image = asList(main.image).find(isObject)
  if (image) into.add('caption', text(image.caption) ?? text(image.description), by)
  into.add('language', text(main.inLanguage), by)
  for (const object of objects) {
    if (object !== main && typesOf(object).some((type) => pageType.test(type)))
      into.add('published', text(object.datePublished), by)
  }
  into.add('created', text(main.dateCreated) ?? text(main.uploadDate), by)
}

const metaFields: Readonly<Record<string, readonly [RegExp, string][]>> = {
  title: [
    [/^og:title$/, 'open-graph'],
    [/^twitter:title$/, 'meta'],
    [/^(?:dc|dcterms)[.:]title$|^headline$|^parsely-title$|^sailthru\.title$|^title$|^cxenseparse:title$/, 'meta'],
  ],
  lead: [
    [/^og:description$/, 'open-graph'],
    [/^description$/, 'meta'],
    [/^twitter:description$|^(?:dc|dcterms)[.:]description$/, 'meta'],
  ],
  byline: [
    [
      /^(?:author|article:author_name|dc\.creator|dcterms\.creator|byl|parsely-author|sailthru\.author|twitter:creator_name)$/,
      'meta',
    ],
    [/^article:author$/, 'open-graph'],
  ],
  section: [
    [/^article:section$/, 'open-graph'],
    [/^(?:section|parsely-section|dc\.subject\.category|cxenseparse:category|its_section)$/, 'meta'],
  ],
  published: [
    [/^(?:og:)?article:published(?:[_:]time)?$|^og:published_time$|^og:article:published_time$/, 'open-graph'],
    [
      /^(?:datepublished|date_published|published_at|published|publishdate|publish-date|publish_date|published-date|pubdate|pub_date|publication_date|publicationdate|article\.published|article_date_original|original-publish-date|sailthru\.date|parsely-pub-date|cxenseparse:recs:publishtime|cxenseparse:publishtime|dc\.date\.issued|dcterms\.issued|dcterms\.created|dc\.date\.created|rnews:datepublished|mediator_published_time|citation_publication_date|og:pubdate|pdate|iso-8601-publish-date|firstpublished|date\.release|release_date|displaydate|dable:published)$/,
      'meta',
    ],
    [
      /^(?:date|dc\.date|dcterms\.date|article:date|article\.date|article:create_time|created|og:release_date|og:regdate|bt:pubdate)$/,
      'meta',
    ],
  ],
  modified: [
    [/^(?:og:)?article:modified(?:[_:]time)?$|^og:updated_time$/, 'open-graph'],
    [
      /^(?:datemodified|date_modified|modified|last-modified|lastmod|lastmodified|article\.updated|updated_time|dcterms\.modified|dc\.date\.modified|revised|moddate|bt:moddate)$/,
      'meta',
    ],
  ],
  image: [
    [/^og:image(?::url|:secure_url)?$/, 'open-graph'],
    [/^twitter:image(?::src)?$|^thumbnail$|^image$/, 'meta'],
  ],
  caption: [[/^og:image:alt$/, 'open-graph']],
  language: [
    [/^og:locale$/, 'open-graph'],
    [/^(?:content-language|language|dc\.language|inlanguage)$/, 'meta'],
  ],
  canonical: [[/^og:url$/, 'open-graph']],
  siteNames: [
    [
      /^(?:og:site_name|application-name|publisher|dc\.publisher|twitter:site|apple-mobile-web-app-title|copyright)$/,
      'meta',
    ],
  ],
}

function readMetas(tree: Tree, into: Collector): void {
  const named = tree.metas.map((element) => ({
    key: (
      attribute(element, 'property') ??
      attribute(element, 'name') ??
      attribute(element, 'itemprop') ??
      attribute(element, 'http-equiv') ??
      ''
    ).toLowerCase(),
    value: attribute(element, 'content') ?? '',
  }))
  for (const [field, sources] of Object.entries(metaFields)) {
    for (const [pattern, by] of sources) {
      for (const { key, value } of named) {
        if (!pattern.test(key)) continue
        const clean = plainText(value)
        if (!(field === 'byline' && /^https?:/i.test(clean))) into.add(field, clean, by)
      }
    }
  }
}

const propertyValue = (element: Element): string | null =>
  attribute(element, 'content') ?? attribute(element, 'datetime') ?? (collapse(rawText(element)) || null)

function readMicrodata(tree: Tree, into: Collector): void {
  const fields: Readonly<Record<string, string>> = {
    headline: 'title',
    datepublished: 'published',
    datemodified: 'modified',
    datecreated: 'created',
    articlesection: 'section',
    articlebody: 'articleBody',
    author: 'byline',
    description: 'lead',
  }
  for (const element of tree.properties) {
    if (element.name === 'meta' && element.attribs.name !== undefined) continue
    for (const property of (element.attribs.itemprop ?? '').toLowerCase().split(/\s+/)) {
      const field = fields[property]
      // The body is read by the general extractor, with its paragraphs.
      if (field !== undefined && field !== 'articleBody')
        into.add(field, propertyValue(element)?.slice(0, 1000), 'microdata')
    }
  }
}

/** Reads JSON-LD (arrays, @graph, ill-formed), Open Graph, meta elements, microdata and links. */
export function readStructured(tree: Tree, url: string): Structured {
  const objects = tree.scripts
    .filter((script) => /ld\+json/i.test(script.attribs.type ?? ''))
    .slice(0, 40)
    .flatMap((script) => objectsOf(parseJson(rawText(script))))
  const main = mainObject(objects, url)
  const into = collector()
  readJsonLd(objects, main, into)
  for (const link of tree.links) {
    if (/(?:^|\s)canonical(?:\s|$)/i.test(link.attribs.rel ?? ''))
      into.add('canonical', attribute(link, 'href'), 'link')
  }
  readMetas(tree, into)
  readMicrodata(tree, into)
  for (const candidate of into.get('created')) into.add('published', candidate.value, candidate.by)
  const publisher = objects
    .flatMap((object) => [
      text(object.publisher),
      typesOf(object).some((type) => /Organization|WebSite/i.test(type)) ? text(object.name) : null,
    ])
    .filter((name) => name !== null)
  return {
    title: into.get('title'),
    lead: into.get('lead'),
    body: into.get('body'),
    byline: into.get('byline'),
    section: into.get('section'),
    published: into.get('published'),
    modified: into.get('modified'),
    image: into.get('image'),
    caption: into.get('caption'),
    canonical: into.get('canonical'),
    language: into.get('language'),
    siteNames: [...new Set([...into.get('siteNames').map((candidate) => candidate.value), ...publisher])],
    types: main === null ? [] : typesOf(main),
    paywalled: objects.some((object) => /^false$/i.test(String(object.isAccessibleForFree))),
  }
}
