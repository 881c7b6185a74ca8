import { afterAll, beforeAll, expect, test } from 'vitest'
import { iso, simulatedClock } from '../clock.ts'
import type { Extracted } from '../model.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { loadSamples, type WorldArticle } from './press-world/articles.ts'
import { type PressWorld, startPressWorld } from './press-world/world.ts'

/**
 * Every sample read from its outlet's page: what stands in the article is the article's own. A sentence of a related
 * article in it would end up in a summary, cited, and be false.
 */

const clock = simulatedClock(new Date('2025-10-06T23:00:00+07:00'))
const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().normalize('NFC')
/** "Theo TTXVN", "(Theo Tin Nhanh)": the reader takes them out of the text. */
const isSource = (text: string): boolean => /^\(?Theo [^.]{2,40}\)?$/.test(text)

let world: PressWorld
const read: { article: WorldArticle; extracted: Extracted }[] = []

beforeAll(async () => {
  const articles = await loadSamples()
  world = await startPressWorld({ articles, clock, trouble: false })
  const outlets = new Map(world.outlets.map((outlet) => [outlet.id, outlet]))
  for (const article of articles) {
    const url = world.urlOf(article.id)
    const response = await fetch(url)
    const { html } = decodePage(await response.bytes(), response.headers.get('content-type'))
    const outlet = outlets.get(article.outlet) ?? null
    read.push({ article, extracted: extract({ url, html, outlet, fetchedAt: iso(clock.now()) }) })
  }
})

afterAll(() => world.close())

test('nothing but the article stands in its text', () => {
  const strangers = read.flatMap(({ article, extracted }) => {
    const own = new Set([...article.paragraphs, article.lead ?? ''].map(plain))
    const lines = (extracted.text ?? '').split('\n').map(plain)
    return lines.filter((line) => !own.has(line)).map((line) => `${article.id}: ${line}`)
  })
  expect(strangers).toEqual([])
})

test('no paragraph of an article is missing', () => {
  const missing = read.flatMap(({ article, extracted }) => {
    const found = new Set(`${extracted.lead ?? ''}\n${extracted.text ?? ''}`.split('\n').map(plain))
    return article.paragraphs
      .map(plain)
      .filter((paragraph) => !found.has(paragraph) && !isSource(paragraph))
      .map((paragraph) => `${article.id}: ${paragraph}`)
  })
  expect(missing).toEqual([])
})

test('a lead is the article’s, with the place that stands before it and without the name of the house', () => {
  const wrong = read.flatMap(({ article, extracted }) => {
    if (article.lead === null || extracted.lead === null) return []
    const lead = plain(extracted.lead)
    const own = plain(article.lead)
    return lead === own || lead === `Miền Bắc - ${own}` ? [] : [`${article.id}: ${lead}`]
  })
  expect(wrong).toEqual([])
  expect(read.filter(({ extracted }) => extracted.lead !== null).length).toBeGreaterThan(60)
})

test('a box about the author is no byline', () => {
  const sentences = read.flatMap(({ article, extracted: { byline } }) =>
    byline !== null && byline.split(' ').length > 8 ? [`${article.id}: ${byline}`] : [],
  )
  expect(sentences).toEqual([])
  const named = read.filter(({ article }) => article.byline !== null)
  const found = named.filter(({ article, extracted }) => extracted.byline?.includes(article.byline ?? '') === true)
  expect(found.length / named.length).toBeGreaterThan(0.8)
})
