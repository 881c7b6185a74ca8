import { seeded } from '../../train/seeded.ts'
import type { ArticleChange, WorldArticle } from './articles.ts'
import { modernJsonLd, oldTables } from './layouts/vietnamese.ts'
import { type Newsroom, newsrooms } from './outlets.ts'
import { slug } from './page.ts'
import type { Traits } from './traits.ts'
import { type Words, wordsOf } from './words.ts'

export interface GenerateOptions {
  readonly seed: number
  readonly outlets: number
  readonly articles: number
  readonly days: number
  /** Beginning of the first day; 2025-10-01 in the province by default. */
  readonly start?: Date
  /** Least pause between two requests to a host, seconds; 5 by default. */
  readonly delaySeconds?: number
  /** Whether outlets whose text needs a browser take part. true by default. */
  readonly scripts?: boolean
  /** Share of articles about the province; 0.3 by default. */
  readonly relevantShare?: number
}

export interface GeneratedWorld {
  readonly newsrooms: ReadonlyMap<string, Newsroom>
  readonly articles: readonly WorldArticle[]
  readonly start: Date
  readonly end: Date
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** One outlet: a newsroom of outlets.ts, what makes it hard, and how much it publishes beside the others. */
interface Recipe {
  readonly base: string
  readonly traits: Traits
  readonly weight: number
  readonly change?: Partial<Newsroom>
}

/** In this order, and again from the beginning where more outlets are asked for: twelve hold every trait but two. */
function recipes(start: Date, days: number, withScripts: boolean): Recipe[] {
  const at = (share: number): string => new Date(start.getTime() + share * days * DAY).toISOString()
  const midday = new Date(Math.floor((start.getTime() + 0.5 * days * DAY) / DAY) * DAY).toISOString()
  const feedless = { feed: null, listing: null }
  const all: (Recipe | null)[] = [
    { base: 'tin-nhanh-mau', weight: 4, traits: { illFormedFeed: true, mobile: true, restless: true } },
    { base: 'bao-tinh-mau', weight: 2, traits: { hazards: true } },
    { base: 'doi-song-mau', weight: 3, traits: { amp: true, feedEntries: 10 } },
    { base: 'thoi-bao-mau', weight: 2, traits: { sitemap: 'index', crawlDelay: 10 }, change: feedless },
    { base: 'cong-thong-tin-mau', weight: 1, traits: { sessionIds: true } },
    { base: 'dianbei-daily-sample', weight: 1, traits: { busy: { status: 429, retryAfter: 60, every: 6 } } },
    { base: 'tin-nhanh-mau', weight: 2, traits: { sitemap: 'news', dripEvery: 12 }, change: feedless },
    { base: 'mien-nui-mau', weight: 1, traits: { relayout: { from: midday, layout: modernJsonLd, rules: [] } } },
    { base: 'doi-song-mau', weight: 1, traits: { search: ['Lào Cai'] }, change: feedless },
    withScripts ? { base: 'bao-tinh-mau', weight: 1, traits: { script: 'inline' } } : null,
    { base: 'thoi-bao-mau', weight: 2, traits: { keepsEtag: true, busy: { status: 503, retryAfter: null, every: 8 } } },
    { base: 'highland-post-sample', weight: 1, traits: { mobile: true } },
    withScripts ? { base: 'tin-nhanh-mau', weight: 1, traits: { script: 'fetch' } } : null,
    { base: 'diem-tin-mau', weight: 2, traits: { silentFrom: at(0.6) } },
    { base: 'hanguk-sample', weight: 1, traits: {} },
    { base: 'nippo-sample', weight: 1, traits: {} },
    { base: 'courrier-sample', weight: 1, traits: { restless: true } },
    { base: 'mekong-wire-sample', weight: 1, traits: { amp: true } },
    { base: 'rights-brief-sample', weight: 0.5, traits: {} },
    {
      base: 'tin-nhanh-mau',
      weight: 3,
      traits: {
        relayout: { from: midday, layout: oldTables, rules: [{ title: ['td.tieude'], body: ['td.noidung'] }] },
      },
    },
  ]
  return all.filter((recipe) => recipe !== null)
}

/**
 * Outlets with every trait and the articles that they publish, from a seed: the same seed, the same world. All texts are
 * put together from our own words. Edits and take-downs befall articles about the province only, since only those are
 * visited again; each comes two to twelve hours after publication, to one article at most once.
 */
export function generateWorld(options: GenerateOptions): GeneratedWorld {
  const { seed, outlets, articles: total, days } = options
  const start = options.start ?? new Date('2025-10-01T00:00:00+07:00')
  const end = new Date(start.getTime() + days * DAY)
  const random = seeded(seed)
  const known = recipes(start, days, options.scripts ?? true)
  const made = Array.from({ length: outlets }, (_, index) => {
    const recipe = known[index % known.length]
    if (!recipe) throw new Error('a world needs a recipe')
    return { newsroom: newsroomOf(recipe, index, options.delaySeconds ?? 5), weight: recipe.weight * (0.5 + random()) }
  })
  const sum = made.reduce((all, { weight }) => all + weight, 0)
  const articles: WorldArticle[] = []
  let owed = 0
  for (const { newsroom, weight } of made) {
    owed += (weight / sum) * total
    const count = Math.max(1, Math.round(owed))
    owed -= count
    const { silentFrom, search } = newsroom.traits ?? {}
    const until = silentFrom ? Date.parse(silentFrom) : end.getTime()
    const share = search ? 0.9 : (options.relevantShare ?? 0.3)
    for (let at = 0; at < count; at += 1) {
      const published = momentBetween(start.getTime(), until, random)
      articles.push(articleOf(newsroom, articles.length + 1, published, share, random))
    }
  }
  return {
    newsrooms: new Map(made.map(({ newsroom }) => [newsroom.id, newsroom])),
    articles: articles.sort((a, b) => (a.published < b.published ? -1 : a.published > b.published ? 1 : 0)),
    start,
    end,
  }
}

function newsroomOf({ base, traits, change }: Recipe, index: number, delaySeconds: number): Newsroom {
  const newsroom = newsrooms.get(base)
  if (!newsroom) throw new Error(`the press world has no newsroom "${base}"`)
  const number = String(index + 1).padStart(2, '0')
  const isListed = change?.listing !== null
  return {
    ...newsroom,
    id: `${base}-${number}`,
    name: `${newsroom.name} ${number}`,
    delaySeconds,
    traits,
    ...(traits.hazards && isListed ? { listing: {} } : {}),
    ...change,
  }
}

/** By day far more than by night, as outlets publish; whole seconds. */
function momentBetween(from: number, to: number, random: () => number): Date {
  for (;;) {
    const at = from + Math.floor((random() * (to - from)) / 1000) * 1000
    const hour = new Date(at + 7 * HOUR).getUTCHours()
    if ((hour >= 6 && hour < 22) || random() < 0.15) return new Date(at)
  }
}

function articleOf(
  newsroom: Newsroom,
  number: number,
  published: Date,
  relevantShare: number,
  random: () => number,
): WorldArticle {
  const language = newsroom.languages[0] ?? 'vi'
  const words = wordsOf(language)
  const oneOf = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  const isRelevant = random() < relevantShare
  const place = oneOf(isRelevant ? words.here : words.elsewhere)
  const fill = (text: string, thing: string, people: string): string =>
    text
      .replaceAll('{p}', place)
      .replaceAll('{t}', thing)
      .replaceAll('{w}', people)
      .replaceAll('{n}', String(1000 + number))
      .replaceAll('{m}', () => String(2 + Math.floor(random() * 900)))
  const thing = oneOf(words.things)
  const people = oneOf(words.people)
  const title = fill(oneOf(words.titles), thing, people)
  const paragraph = (): string => {
    const first = Math.floor(random() * words.sentences.length)
    const chosen = [0, 1, 2, 3].map((at) => words.sentences[(first + at) % words.sentences.length] ?? '')
    return chosen.map((text) => fill(text, thing, people)).join(language === 'zh' || language === 'ja' ? '' : ' ')
  }
  const lead = fill(words.sentences[0] ?? '', thing, people)
  const paragraphs = Array.from({ length: 3 + Math.floor(random() * 4) }, paragraph)
  const change = isRelevant ? changeOf(words, title, paragraphs, published, random) : null
  return {
    id: `mau-${String(number).padStart(6, '0')}-${slug(title).slice(0, 20)}`.replace(/-$/, ''),
    outlet: newsroom.id,
    language,
    published: published.toISOString(),
    title,
    lead,
    paragraphs,
    section: null,
    byline: null,
    path: null,
    ...(change ? { changes: [change] } : {}),
    expected: { relevance: isRelevant ? 'main' : 'none' },
    sample: true,
  }
}

const ways = ['not-found', 'gone', 'home', 'soft-404', 'emptied'] as const

/** One article in six is edited, one in twelve taken down. */
function changeOf(
  words: Words,
  title: string,
  paragraphs: readonly string[],
  published: Date,
  random: () => number,
): ArticleChange | null {
  const dice = random()
  if (dice > 0.25) return null
  const at = new Date(published.getTime() + (2 + Math.floor(random() * 10)) * HOUR).toISOString()
  const figure = String(100 + Math.floor(random() * 900))
  if (dice > 1 / 6) return { kind: 'gone', at, how: ways[Math.floor(random() * ways.length)] ?? 'gone' }
  if (dice < 1 / 18) {
    return { kind: 'edit', at, title: words.correctedTitle.replace('{old}', title).replace('{m}', figure) }
  }
  const [first = '', ...rest] = paragraphs
  return {
    kind: 'edit',
    at,
    paragraphs: [words.addition.replace('{m}', figure), first.replace(/\d+/, figure), ...rest],
  }
}
