/**
 * Extraction on public pages with known truth (../shared/data/extraction): the body on the Web Content Extraction
 * Benchmark by five folds grouped by host, with a model trained anew in each fold; title, date and language on fundus.
 */

import { extract } from '../../../pipeline/extract.ts'
import { readStructured } from '../../../pipeline/extraction/structured.ts'
import { parseTree, rawText } from '../../../pipeline/extraction/tree.ts'
import { detectLanguage, languageCode } from '../../../pipeline/language.ts'
import { crossValidate, extractionSamples, type PageFigures } from '../../../train/extraction.ts'
import { fundusPages, hasExtractionData, type PublisherPage, tokensOf } from '../../../train/extraction-data.ts'
import { bootstrap, DataAbsent, type Measure, type MeasureResult } from '../measure.ts'

const needData = () => {
  if (!hasExtractionData()) throw new DataAbsent('../shared/data/extraction is not on this machine')
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function result(
  outcomes: readonly { id: string; value: number; note?: string }[],
  detail: Record<string, unknown>,
): MeasureResult {
  const values = outcomes.map(({ value }) => value)
  const ci = bootstrap(
    values.map((value) => [value]),
    mean,
  )
  const worst = outcomes
    .toSorted((a, b) => a.value - b.value)
    .filter(({ value }) => value < 0.8)
    .slice(0, 40)
    .map(({ id, value, note }) => `${id} ${value.toFixed(3)}${note === undefined ? '' : ` ${note}`}`)
  return { value: mean(values), ci, n: values.length, detail: { ...detail, worst } }
}

/** F1 over the multisets of tokens; Chinese and Japanese titles, which have no spaces, by characters. */
function tokenF1(ours: string, truth: string): number {
  const split = (text: string) =>
    tokensOf(text).flatMap((token) => (/[\u3040-\u30ff\u3400-\u9fff]/.test(token) ? [...token] : [token]))
  const [left, right] = [split(ours), split(truth)]
  const rest = new Map<string, number>()
  for (const token of right) rest.set(token, (rest.get(token) ?? 0) + 1)
  let common = 0
  for (const token of left) {
    const count = rest.get(token) ?? 0
    if (count > 0) common += 1
    rest.set(token, count - 1)
  }
  return left.length + right.length === 0 ? 1 : (2 * common) / (left.length + right.length)
}

const read = (page: PublisherPage) =>
  extract({ url: page.url || 'https://press.example/', html: page.html, fetchedAt: page.fetchedAt })

/** Whether what the page prints, declares and shares as its headline is the same: elsewhere the publisher has several. */
function hasOneHeadline(page: PublisherPage): boolean {
  const tree = parseTree(page.html)
  const declared = readStructured(tree, page.url).title
  const headlines = [
    declared.find(({ by }) => by === 'json-ld')?.value,
    declared.find(({ by }) => by === 'open-graph')?.value,
    tree.nodes
      .filter(({ tag }) => tag === 'h1')
      .map(({ element }) => rawText(element))
      .find((text) => text.trim() !== ''),
  ].filter((headline) => headline !== undefined)
  return headlines.every((a) => headlines.every((b) => tokenF1(a, b) >= 0.8))
}

/** A truth without a zone is read as the monitor reads such a page: in Vietnam time. */
function truthOf(published: string): number {
  const text = published.replace(' ', 'T')
  return Date.parse(/[+-]\d\d:\d\d$/.test(text) ? text : `${text.slice(0, 23)}+07:00`)
}

/** The language of a fundus country; a page that declares another (or a wrong one: isiZulu under lang="en") proves nothing. */
const byCountry: Readonly<Record<string, string>> = {
  at: 'de',
  de: 'de',
  li: 'de',
  us: 'en',
  uk: 'en',
  au: 'en',
  ind: 'en',
  fr: 'fr',
  es: 'es',
  mx: 'es',
  it: 'it',
  jp: 'ja',
  cn: 'zh',
  tw: 'zh',
  pl: 'pl',
  pt: 'pt',
  ru: 'ru',
  se: 'sv',
  tr: 'tr',
  vn: 'vi',
  dk: 'da',
  cz: 'cs',
  isl: 'is',
  il: 'he',
}

function* pagesWithLanguage(): Generator<{ page: PublisherPage; language: string }> {
  for (const page of fundusPages()) {
    const declared = languageCode(/<html[^>]*\blang\s*=\s*["']?([\w-]+)/i.exec(page.html)?.[1])
    const country = byCountry[page.country]
    if (declared !== null && country === declared) yield { page, language: declared }
  }
}

let figures: readonly PageFigures[] | undefined
/** Trained once for both measures of the body. */
function folded(): readonly PageFigures[] {
  figures ??= crossValidate(extractionSamples(), 5)
  return figures
}

export const measures: readonly Measure[] = [
  {
    id: 'extraction.body.f1',
    title: 'Article body: multiset F1 of tokens, mean over pages of the benchmark, five folds by host',
    run: async () => {
      needData()
      return result(
        folded().map(({ id, chosen }) => ({ id, value: chosen })),
        { method: 'model trained without the hosts of the fold' },
      )
    },
  },
  {
    id: 'extraction.text.f1',
    title: 'Article text as it is kept, without boxes, related articles and labels: as above',
    run: async () => {
      needData()
      return result(
        folded().map(({ id, read }) => ({ id, value: read })),
        { method: 'as extraction.body.f1, then cleaned as where an outlet has no rules' },
      )
    },
  },
  {
    id: 'extraction.title',
    title: 'Title on fundus: share of pages with token F1 ≥ 0.8',
    run: async () => {
      needData()
      const outcomes = [...fundusPages()]
        .filter(({ title }) => title !== '')
        .map((page) => {
          const { title, by } = read(page)
          const value = tokenF1(title ?? '', page.title) >= 0.8 ? 1 : 0
          return { id: page.id, value, single: hasOneHeadline(page), note: `${by.title}: ${title} ≠ ${page.title}` }
        })
      const single = outcomes.filter((outcome) => outcome.single)
      const right = single.filter(({ value }) => value === 1).length
      return result(outcomes, { 'pages with one headline': single.length, 'of them right': right })
    },
  },
  {
    id: 'extraction.published',
    title: 'Time of publication on fundus: share of pages within one minute',
    run: async () => {
      needData()
      const outcomes = [...fundusPages()].flatMap((page) => {
        if (page.published === null) return []
        const { published, by } = read(page)
        const difference = Math.abs(Date.parse(published ?? '') - truthOf(page.published))
        return [
          {
            id: page.id,
            value: difference <= 60_000 ? 1 : 0,
            note: `${by.published}: ${published} ≠ ${page.published}`,
          },
        ]
      })
      return result(outcomes, {})
    },
  },
  {
    id: 'extraction.language',
    title: 'Language per article on fundus, without the page’s own declaration',
    run: async () => {
      needData()
      const outcomes = [...pagesWithLanguage()].map(({ page, language }) => {
        const found = detectLanguage(`${page.title}\n${page.body}`)
        return { id: page.id, value: found === language ? 1 : 0, note: `${found} ≠ ${language}` }
      })
      return result(outcomes, {})
    },
  },
  {
    id: 'extraction.language.title',
    title: 'Language from the title alone on fundus, without a hint',
    run: async () => {
      needData()
      const outcomes = [...pagesWithLanguage()]
        .filter(({ page }) => page.title !== '')
        .map(({ page, language }) => {
          const found = detectLanguage(page.title)
          return { id: page.id, value: found === language ? 1 : 0, note: `${found} ≠ ${language}: ${page.title}` }
        })
      return result(outcomes, {})
    },
  },
]
