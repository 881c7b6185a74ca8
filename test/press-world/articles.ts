import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { parse } from 'yaml'
import { z } from 'zod'
import { PROVINCE_ZONE } from '../../clock.ts'
import type { Day, Instant, RelevanceLevel, Tone } from '../../model.ts'

/** What becomes of an article after it was published. */
export type ArticleChange =
  | {
      readonly kind: 'edit'
      readonly at: Instant
      readonly title?: string
      readonly paragraphs?: readonly string[]
    }
  | {
      readonly kind: 'gone'
      readonly at: Instant
      readonly how: 'not-found' | 'gone' | 'home' | 'soft-404' | 'emptied'
    }

/** What a newsroom of the press world publishes. */
export interface WorldArticle {
  readonly id: string
  /** Id of an outlet of the press world. */
  readonly outlet: string
  readonly language: string
  /** The article, its page and its place in feeds and listings exist from here on. */
  readonly published: Instant
  readonly title: string
  /** null: the page shows none. */
  readonly lead: string | null
  readonly paragraphs: readonly string[]
  readonly section: string | null
  readonly byline: string | null
  /** Path of its page; null: the outlet makes one of its own form. */
  readonly path: string | null
  /** Edits and take-downs, by time. */
  readonly changes?: readonly ArticleChange[]
  /** What a good monitor finds, where whoever wrote the article said so. */
  readonly expected: {
    readonly relevance?: RelevanceLevel | undefined
    readonly topics?: readonly string[] | undefined
    readonly tone?: Tone | undefined
    readonly sensitive?: boolean | undefined
    /** Articles with the same value tell the same story. */
    readonly story?: string | undefined
  }
  /** Written by us for tests; nothing in it happened. */
  readonly sample: boolean
}

const sampleSchema = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    outlet: z.string(),
    language: z.string().regex(/^[a-z]{2}$/),
    /** With offset: `2025-10-01T08:15:00+07:00`. */
    published: z.iso.datetime({ offset: true }),
    title: z.string().min(1),
    lead: z.string().min(1).optional(),
    paragraphs: z.array(z.string().min(1)).min(1),
    section: z.string().optional(),
    byline: z.string().optional(),
    relevance: z.enum(['main', 'mention', 'none']).optional(),
    topics: z.array(z.string()).optional(),
    tone: z.enum(['positive', 'neutral', 'negative']).optional(),
    sensitive: z.boolean().optional(),
    story: z.string().optional(),
    sample: z.literal(true),
  }),
)

/** The sample articles of a folder of YAML files, by default those beside this file; by time of publication. */
export async function loadSamples(folder = join(import.meta.dirname, 'samples')): Promise<WorldArticle[]> {
  const articles: WorldArticle[] = []
  const ids = new Set<string>()
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()) {
    const result = sampleSchema.safeParse(parse((await readFile(join(folder, file), 'utf8')).normalize('NFC')))
    if (!result.success)
      throw new Error(`${join(folder, file)} is no list of samples: ${z.prettifyError(result.error)}`)
    for (const { relevance, topics, tone, sensitive, story, ...sample } of result.data) {
      if (ids.has(sample.id)) throw new Error(`${join(folder, file)}: the sample "${sample.id}" exists already`)
      ids.add(sample.id)
      articles.push({
        ...sample,
        published: new Date(sample.published).toISOString(),
        lead: sample.lead ?? null,
        section: sample.section ?? null,
        byline: sample.byline ?? null,
        path: null,
        expected: { relevance, topics, tone, sensitive, story },
      })
    }
  }
  return articles.sort(byTime)
}

const streamItem = z.object({
  id: z.string(),
  category: z.string(),
  title: z.string(),
  summary: z.string(),
  link: z.url(),
  published: z.iso.datetime({ offset: true }),
})

/** Host of the stream's links → id of the outlet in the catalogue. */
const streamOutlets: Readonly<Record<string, string>> = {
  'vnexpress.net': 'vnexpress',
  'thanhnien.vn': 'thanhnien',
  'tuoitre.vn': 'tuoitre',
}

/**
 * The items of the recorded news stream (JSON lines, gzip) published from the day `from` to the day `to`, both included,
 * in the province's zone. The stream holds no full texts: the summary stands as the one paragraph.
 */
export async function streamArticles(file: string, from: Day, to: Day): Promise<WorldArticle[]> {
  const lines = createInterface({
    input: createReadStream(file).pipe(createGunzip()),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: PROVINCE_ZONE })
  const byPath = new Map<string, WorldArticle>()
  for await (const line of lines) {
    const item = streamItem.parse(JSON.parse(line))
    const published = new Date(item.published)
    const day = dayOf.format(published)
    if (day < from || day > to) continue
    const link = new URL(item.link)
    const outlet = streamOutlets[link.hostname]
    if (outlet === undefined || byPath.has(link.href)) continue
    byPath.set(link.href, {
      id: item.id,
      outlet,
      language: 'vi',
      published: published.toISOString(),
      title: item.title.normalize('NFC'),
      lead: null,
      paragraphs: item.summary.trim() === '' ? [] : [item.summary.normalize('NFC')],
      section: item.category,
      byline: null,
      path: link.pathname,
      expected: {},
      sample: false,
    })
  }
  return [...byPath.values()].sort(byTime)
}

const WEEK = 7 * 24 * 3600 * 1000

/**
 * Moves articles by whole weeks so that each falls into the seven days that begin with `monday` (00:00 in the province's
 * zone, which keeps no daylight saving time); weekday and hour stay.
 */
export function shiftIntoWeek(articles: readonly WorldArticle[], monday: Day): WorldArticle[] {
  const start = Date.parse(`${monday}T00:00:00+07:00`)
  return articles
    .map((article) => {
      const time = Date.parse(article.published)
      return { ...article, published: new Date(time - Math.floor((time - start) / WEEK) * WEEK).toISOString() }
    })
    .sort(byTime)
}

function byTime(a: WorldArticle, b: WorldArticle): number {
  if (a.published !== b.published) return a.published < b.published ? -1 : 1
  return a.id < b.id ? -1 : 1
}
