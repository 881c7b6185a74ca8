import { iso } from '../../clock.ts'
import type { ExtractionRules, Outlet } from '../../model.ts'
import type { WorldArticle } from './articles.ts'
import {
  chineseDaily,
  cookieBanner,
  frenchRegional,
  japaneseDaily,
  jsonLdGraph,
  koreanAgency,
} from './layouts/foreign.ts'
import { microdataWithTeasers, modernJsonLd, oldTables, openGraphOnly, portal } from './layouts/vietnamese.ts'
import { type Layout, printed, slug } from './page.ts'
import type { Traits } from './traits.ts'

/** One newsroom of the press world: how it publishes, as data. */
export interface Newsroom {
  readonly id: string
  readonly name: string
  readonly origin: Outlet['origin']
  readonly class: Outlet['class']
  readonly kind: string
  readonly country: string
  readonly languages: readonly string[]
  readonly timezone: string
  readonly layout: Layout
  /** Of pages, and of the feed where it has one. */
  readonly charset: string
  /** What the Content-Type header claims, when it is not `charset`; null: it claims nothing. */
  readonly claims?: string | null
  readonly feed: { readonly format: 'rss' | 'atom' | 'rdf'; readonly style?: 'image' | 'entities' | 'gmt+7' } | null
  /** Whether the monitor is to follow the front page too, or instead of a feed. */
  readonly listing: { readonly links?: string } | null
  /** Path of an article's page; `number` is its place among the outlet's articles, from 1. */
  readonly path: (article: WorldArticle, number: number) => string
  readonly articlePattern: string | null
  readonly rules: readonly ExtractionRules[]
  /** Paths that robots.txt forbids. */
  readonly disallow: readonly string[]
  /** Least pause that its definition asks for, seconds; 0 by default. */
  readonly delaySeconds?: number
  /** What makes it hard to follow. */
  readonly traits?: Traits
}

const vietnam = {
  origin: 'domestic',
  class: 'press',
  country: 'VN',
  languages: ['vi'],
  timezone: 'Asia/Ho_Chi_Minh',
  charset: 'utf-8',
  listing: null,
  disallow: ['/tim-kiem'],
} as const

const modernRules: ExtractionRules = {
  title: ['h1.title-detail'],
  lead: ['p.description'],
  body: ['article.fck_detail p.Normal'],
  byline: ['article.fck_detail p.author_mail'],
  section: ['ul.breadcrumb a'],
  remove: ['span.location-stamp', 'ul.list-news'],
}

const openGraphRules: ExtractionRules = {
  title: ['h1.detail-title'],
  lead: ['h2.detail-sapo'],
  body: ['div.detail-content'],
  remove: ['.VCSortableInPreviewMode'],
}

const microdataRules: ExtractionRules = {
  title: ['h1.article__title'],
  lead: ['.article__sapo'],
  body: ['.article__body > p'],
  remove: ['.article__author'],
}

const domestic: readonly Newsroom[] = [
  {
    ...vietnam,
    id: 'tin-nhanh-mau',
    name: 'Tin Nhanh (mẫu)',
    kind: 'national',
    layout: modernJsonLd,
    feed: { format: 'rss', style: 'image' },
    path: (article, number) => `/${slug(article.title)}-${4900000 + number}.html`,
    articlePattern: '-\\d+\\.html$',
    rules: [modernRules],
  },
  {
    ...vietnam,
    id: 'thoi-bao-mau',
    name: 'Thời Báo (mẫu)',
    kind: 'national',
    layout: openGraphOnly,
    feed: { format: 'rss', style: 'gmt+7' },
    path: (article, number) => {
      const { year, month, day: date, hour, minute } = printed(article.published, 'Asia/Ho_Chi_Minh')
      return `/${slug(article.title)}-${year}${month}${date}${hour}${minute}${String(number).padStart(4, '0')}.htm`
    },
    articlePattern: '\\.htm$',
    rules: [],
  },
  {
    ...vietnam,
    id: 'doi-song-mau',
    name: 'Đời Sống (mẫu)',
    kind: 'national',
    layout: microdataWithTeasers,
    feed: { format: 'rss', style: 'entities' },
    path: (article, number) => `/${slug(article.title)}-post${300000 + number}.html`,
    articlePattern: '-post\\d+\\.html$',
    rules: [],
  },
  {
    ...vietnam,
    id: 'bao-tinh-mau',
    name: 'Báo Tỉnh (mẫu)',
    class: 'own',
    kind: 'local',
    layout: microdataWithTeasers,
    feed: { format: 'rss' },
    listing: {},
    path: (article, number) => `/${slug(article.title)}-post${500000 + number}.html`,
    articlePattern: '-post\\d+\\.html$',
    rules: [microdataRules],
  },
  {
    ...vietnam,
    id: 'mien-nui-mau',
    name: 'Miền Núi (mẫu)',
    kind: 'local',
    layout: oldTables,
    charset: 'windows-1258',
    claims: null,
    feed: null,
    listing: { links: 'a.tin' },
    path: (article, number) => `/tin/${number}/${slug(article.title)}.aspx`,
    articlePattern: '/tin/\\d+/[^/]+\\.aspx$',
    rules: [{ title: ['td.tieude'], lead: ['td.trichyeu'], body: ['td.noidung'], published: ['td > i'] }],
  },
  {
    ...vietnam,
    id: 'cong-thong-tin-mau',
    name: 'Cổng thông tin (mẫu)',
    class: 'portal',
    kind: 'portal',
    layout: portal,
    feed: null,
    listing: {},
    path: (_article, number) => `/vi/bai-viet/${1000 + number}`,
    articlePattern: '/vi/bai-viet/\\d+$',
    rules: [
      { title: ['.ArticleHeader'], lead: ['.ArticleSummary p'], body: ['.ArticleDetail p'], published: ['.PostDate'] },
    ],
    disallow: ['/tim-kiem', '/vi/bai-viet/*/in'],
  },
  {
    ...vietnam,
    id: 'diem-tin-mau',
    name: 'Điểm Tin (mẫu)',
    class: 'aggregator',
    kind: 'aggregator',
    layout: openGraphOnly,
    feed: { format: 'rss' },
    path: (article, number) => `/${slug(article.title)}/c/${40000000 + number}.epi`,
    articlePattern: '/c/\\d+\\.epi$',
    rules: [],
  },
]

const abroad = { origin: 'foreign', class: 'press', charset: 'utf-8', listing: null, disallow: ['/search'] } as const

const foreign: readonly Newsroom[] = [
  {
    ...abroad,
    id: 'highland-post-sample',
    name: 'Highland Post (sample)',
    kind: 'national',
    country: 'US',
    languages: ['en'],
    timezone: 'America/New_York',
    layout: jsonLdGraph,
    feed: { format: 'atom' },
    path: (article) => {
      const { year, month, day: date } = printed(article.published, 'America/New_York')
      return `/${year}/${month}/${date}/world/${slug(article.title)}.html`
    },
    articlePattern: '/\\d{4}/\\d{2}/\\d{2}/',
    rules: [
      { title: ['main h1'], lead: ['p.standfirst'], body: ['section.article-body > p'], byline: ['p.byline span'] },
    ],
  },
  {
    ...abroad,
    id: 'mekong-wire-sample',
    name: 'Mekong Wire (sample)',
    kind: 'agency',
    country: 'TH',
    languages: ['en'],
    timezone: 'Asia/Bangkok',
    layout: cookieBanner,
    feed: { format: 'rss' },
    path: (article, number) => `/news/${slug(article.title)}-${number}`,
    articlePattern: '/news/[^/]+-\\d+$',
    rules: [],
  },
  {
    ...abroad,
    id: 'dianbei-daily-sample',
    name: '滇北日报（样本）',
    kind: 'local',
    country: 'CN',
    languages: ['zh'],
    timezone: 'Asia/Shanghai',
    layout: chineseDaily,
    charset: 'gb18030',
    feed: { format: 'rss' },
    path: (article, number) => {
      const { year, month, day: date } = printed(article.published, 'Asia/Shanghai')
      return `/n1/${year}/${month}${date}/c1002-${40570000 + number}.html`
    },
    articlePattern: '/n1/\\d{4}/\\d{4}/c\\d+-\\d+\\.html$',
    rules: [{ title: ['h1'], body: ['div.rm_txt_con > p'], byline: ['div.edit'], published: ['div.col-1-1'] }],
  },
  {
    ...abroad,
    id: 'courrier-sample',
    name: 'Courrier du Fleuve (exemple)',
    kind: 'local',
    country: 'FR',
    languages: ['fr'],
    timezone: 'Europe/Paris',
    layout: frenchRegional,
    charset: 'windows-1252',
    claims: 'iso-8859-1',
    feed: { format: 'atom' },
    path: (article, number) => `/monde/${slug(article.title)}-${number}.php`,
    articlePattern: '/monde/[^/]+-\\d+\\.php$',
    rules: [
      {
        title: ['h1.article__titre'],
        lead: ['p.article__chapo'],
        body: ['div.article__corps > p:not(.lire-aussi)'],
        published: ['p.article__date'],
      },
    ],
  },
  {
    ...abroad,
    id: 'nippo-sample',
    name: 'アジア日報（見本）',
    kind: 'national',
    country: 'JP',
    languages: ['ja'],
    timezone: 'Asia/Tokyo',
    layout: japaneseDaily,
    charset: 'shift_jis',
    feed: { format: 'rdf' },
    path: (article, number) => {
      const { year, month, day: date } = printed(article.published, 'Asia/Tokyo')
      return `/articles/AS${year}${month}${date}${String(number).padStart(6, '0')}.html`
    },
    articlePattern: '/articles/AS\\d+\\.html$',
    rules: [],
  },
  {
    ...abroad,
    id: 'hanguk-sample',
    name: '한강통신 (견본)',
    kind: 'agency',
    country: 'KR',
    languages: ['ko'],
    timezone: 'Asia/Seoul',
    layout: koreanAgency,
    charset: 'euc-kr',
    claims: null,
    feed: null,
    listing: { links: 'a.tin' },
    path: (article, number) => {
      const { year, month, day: date } = printed(article.published, 'Asia/Seoul')
      return `/view/AKR${year}${month}${date}${String(number).padStart(6, '0')}`
    },
    articlePattern: '/view/AKR\\d+$',
    rules: [
      {
        title: ['h1.tit'],
        lead: ['h2.tit-sub'],
        body: ['article.story-news > p:not(.txt-copyright)'],
        published: ['p.update-time'],
      },
    ],
  },
  {
    ...abroad,
    id: 'rights-brief-sample',
    name: 'Rights Brief (sample)',
    class: 'organisation',
    kind: 'ngo',
    country: 'GB',
    languages: ['en'],
    timezone: 'Europe/London',
    layout: cookieBanner,
    feed: { format: 'rss' },
    path: (article, number) => `/reports/${slug(article.title)}-${number}`,
    articlePattern: '/reports/[^/]+-\\d+$',
    rules: [],
  },
]

/** The newspapers of the recorded stream, under their catalogue ids, each with a layout close to its own. */
const stream: readonly Newsroom[] = [
  {
    ...vietnam,
    id: 'vnexpress',
    name: 'VnExpress',
    kind: 'national',
    layout: modernJsonLd,
    feed: { format: 'rss', style: 'image' },
    path: (article) => article.path ?? `/${slug(article.title)}.html`,
    articlePattern: '-\\d+\\.html$',
    rules: [modernRules],
  },
  {
    ...vietnam,
    id: 'tuoitre',
    name: 'Tuổi Trẻ',
    kind: 'national',
    layout: openGraphOnly,
    feed: { format: 'rss', style: 'gmt+7' },
    path: (article) => article.path ?? `/${slug(article.title)}.htm`,
    articlePattern: '\\.htm$',
    rules: [openGraphRules],
  },
  {
    ...vietnam,
    id: 'thanhnien',
    name: 'Thanh Niên',
    kind: 'national',
    layout: microdataWithTeasers,
    feed: { format: 'rss', style: 'entities' },
    path: (article) => article.path ?? `/${slug(article.title)}.htm`,
    articlePattern: '\\.htm$',
    rules: [microdataRules],
  },
]

/** Every newsroom by id. */
export const newsrooms: ReadonlyMap<string, Newsroom> = new Map(
  [...domestic, ...foreign, ...stream].map((newsroom) => [newsroom.id, newsroom]),
)

/** The outlet that a monitor follows, at the address where this world plays it. */
export function outletAt(newsroom: Newsroom, origin: string): Outlet {
  const { id, name, class: kindOfOutlet, kind, country, languages, timezone, articlePattern } = newsroom
  const { sitemap, search, relayout } = newsroom.traits ?? {}
  // The day on which a layout changes is the first of the new rules.
  const dayBefore = relayout && iso(new Date(Date.parse(relayout.from) - 24 * 3_600_000)).slice(0, 10)
  const rules = relayout
    ? [
        ...newsroom.rules.map((old) => ({ ...old, until: dayBefore })),
        ...relayout.rules.map((fresh) => ({ ...fresh, from: relayout.from.slice(0, 10) })),
      ]
    : newsroom.rules
  return {
    id,
    name,
    origin: newsroom.origin,
    class: kindOfOutlet,
    kind,
    country,
    languages,
    homepage: `${origin}/`,
    timezone,
    dateOrder: 'day-first',
    sources: [
      ...(newsroom.feed ? [{ kind: 'feed' as const, url: `${origin}${feedPath(newsroom)}` }] : []),
      ...(newsroom.listing ? [{ kind: 'listing' as const, url: `${origin}/`, ...newsroom.listing }] : []),
      ...(sitemap ? [{ kind: 'sitemap' as const, url: `${origin}${sitemapPath(sitemap)}` }] : []),
      ...(search ?? []).map((words) => ({
        kind: 'search' as const,
        url: `${origin}/tim-kiem?q=${encodeURIComponent(words)}`,
      })),
    ],
    articlePattern,
    delaySeconds: newsroom.delaySeconds ?? 0,
    rules,
    notes: null,
  }
}

export const sitemapPath = (kind: 'news' | 'index'): string => (kind === 'news' ? '/sitemap-news.xml' : '/sitemap.xml')

export const feedPath = (newsroom: Newsroom): string =>
  newsroom.feed?.format === 'atom' ? '/feed.atom' : '/rss/home.rss'
