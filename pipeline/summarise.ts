import type { ArticleField, Citation, Summary } from '../model.ts'
import { compileForest } from './forest.ts'
import { type SourceSentence, type SummaryArticle, sentenceFeatures, sourceSentences } from './sentence-scores.ts'
import model from './weights/summaries.json' with { type: 'json' }

/** Rises with each change of behaviour. */
export const SUMMARISE_VERSION = 1

/** A summary and what it was made from, so that it goes stale visibly. */
export interface StorySummary extends Summary {
  readonly madeFrom: readonly { readonly articleId: string; readonly version: number }[]
}

/** A short quotation of one article. */
export interface KeySentence {
  readonly text: string
  readonly field: ArticleField
  readonly from: number
  readonly to: number
}

/** Sentences that a cluster is read for, at most: the graph is quadratic. */
const MOST_SENTENCES = 480
const FEWEST_PER_ARTICLE = 3
/** How much a sentence from an outlet not yet quoted is preferred. Not tuned: no measure has outlets. */
const NEW_OUTLET = 1.05

const value = compileForest(model)

/**
 * Greedy selection under a budget of words (Lin & Bilmes 2010: near-optimal for monotone submodular gains): the gain of
 * a sentence is what it is worth, times the part of its weight that is not said yet, times its length to a power.
 * `worth` and the words between white space decide; the result is in order of choice.
 */
export function select(
  sentences: readonly SourceSentence[],
  worth: ArrayLike<number>,
  words: number,
  options: { novelty: number; length: number; bonus?: (sentence: SourceSentence) => number },
): number[] {
  const said = new Set<number>()
  const left = new Set(sentences.keys())
  const chosen: number[] = []
  const weights = sentences.map(({ terms }) => terms.reduce((sum, term) => sum + (term & 255), 0))
  const lengths = sentences.map((sentence) => sentence.words ** options.length)
  let used = 0
  for (;;) {
    let best = -1
    let most = 0
    for (const i of left) {
      const sentence = sentences[i]
      if (!sentence || used + sentence.words > words) continue
      let fresh = weights[i] ?? 0
      if (said.size > 0) for (const term of sentence.terms) if (said.has(term >>> 8)) fresh -= term & 255
      const gain =
        Math.max(0.001, worth[i] ?? 0) *
        (fresh / Math.max(1, weights[i] ?? 0)) ** options.novelty *
        (lengths[i] ?? 0) *
        (options.bonus?.(sentence) ?? 1)
      if (gain > most) {
        most = gain
        best = i
      }
    }
    const sentence = sentences[best]
    if (!sentence) return chosen
    left.delete(best)
    chosen.push(best)
    used += sentence.words
    for (const term of sentence.terms) said.add(term >>> 8)
  }
}

const capitalised = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1)

/** Every sentence of the cluster with what it is worth; a training script puts its own model here. */
export function scoredSentences(
  articles: readonly SummaryArticle[],
  worthOf: (features: Float64Array) => number = value,
): { sentences: SourceSentence[]; worth: number[] } {
  const most = Math.max(FEWEST_PER_ARTICLE, Math.floor(MOST_SENTENCES / Math.max(1, articles.length)))
  const sentences = sourceSentences(articles, most).slice(0, MOST_SENTENCES * 2)
  return { sentences, worth: sentenceFeatures(articles, sentences).map(worthOf) }
}

/**
 * A summary of a story or topic of at most `words` words (between white space): sentences chosen from the coverage,
 * ordered by time of publication and place in the article, each cited exactly: `field.slice(from, to) === text`.
 * Where no sentence fits, the shortest title stands for the story; an empty cluster gives an empty summary.
 */
export function summarise(
  articles: readonly SummaryArticle[],
  options: { readonly words: number; readonly worthOf?: (features: Float64Array) => number },
): StorySummary {
  const ordered = articles
    .map((article, position) => ({ article, position }))
    .sort((a, b) => {
      const [x, y] = [a.article.published ?? '', b.article.published ?? '']
      return x === '' || y === '' || x === y ? a.position - b.position : x < y ? -1 : 1
    })
    .map(({ article }) => article)
  const madeFrom = ordered.map((article) => ({ articleId: article.id, version: article.version ?? 1 }))
  const { sentences, worth } = scoredSentences(ordered, options.worthOf)
  const quoted = new Map<string, number>()
  const outletOf = (sentence: SourceSentence): string => ordered[sentence.article]?.outlet ?? ''
  const chosen = select(sentences, worth, options.words, {
    novelty: model.novelty,
    length: model.length,
    bonus: (sentence) => (outletOf(sentence) !== '' && !quoted.has(outletOf(sentence)) ? NEW_OUTLET : 1),
  })
  const picked = chosen.flatMap((i) => sentences[i] ?? []).sort((a, b) => a.article - b.article || a.index - b.index)
  if (picked.length === 0) return { ...titleAlone(ordered, options.words), madeFrom }
  const cite = (sentence: SourceSentence): Citation => ({
    articleId: ordered[sentence.article]?.id ?? '',
    version: ordered[sentence.article]?.version ?? 1,
    field: sentence.field,
    from: sentence.from,
    to: sentence.to,
  })
  return {
    text: picked.map((sentence) => capitalised(sentence.text)).join(' '),
    sentences: picked.map((sentence) => ({
      text: sentence.text,
      // Other outlets that print the very same words are cited beside it.
      cites: [sentence, ...sentences.filter((other) => other !== sentence && other.text === sentence.text)].map(cite),
    })),
    madeFrom,
  }
}

function titleAlone(articles: readonly SummaryArticle[], words: number): Summary {
  const titled = articles
    .filter((article) => article.title.trim() !== '' && article.title.split(/\s+/).length <= words)
    .sort((a, b) => a.title.length - b.title.length)[0]
  if (!titled) return { text: '', sentences: [] }
  const cites: Citation[] = [
    { articleId: titled.id, version: titled.version ?? 1, field: 'title', from: 0, to: titled.title.length },
  ]
  return { text: titled.title, sentences: [{ text: titled.title, cites }] }
}

/** Whether a stored summary's sources have changed since. */
export const isStale = (summary: StorySummary, current: ReadonlyMap<string, number>): boolean =>
  summary.madeFrom.some(({ articleId, version }) => (current.get(articleId) ?? version) !== version)

/** At most so many sentences, and words in all. */
export interface KeyLimits {
  readonly max: number
  readonly maxWords: number
}

/**
 * Reads an article once and gives its key sentences within limits as often as asked: quoted exactly, in their order.
 * Sentences that name a place of the province (`places`: ranges of lead and text) or a number are preferred.
 */
export function keySentenceReader(
  article: SummaryArticle,
  places: readonly { readonly field: ArticleField; readonly from: number; readonly to: number }[] = [],
): (limits: KeyLimits) => KeySentence[] {
  const { sentences, worth } = scoredSentences([article])
  const names = (sentence: SourceSentence): boolean =>
    places.some((place) => place.field === sentence.field && place.from >= sentence.from && place.to <= sentence.to)
  const preferred = new Map(
    sentences.map((sentence) => [
      sentence,
      (names(sentence) ? 1.6 : 1) * (sentence.tokens.some((token) => token.kind === 'number') ? 1.15 : 1),
    ]),
  )
  return ({ max, maxWords }) => {
    const order = select(sentences, worth, maxWords, {
      novelty: model.novelty,
      length: model.length,
      bonus: (sentence) => preferred.get(sentence) ?? 1,
    })
    return order
      .slice(0, max)
      .flatMap((i) => sentences[i] ?? [])
      .sort((a, b) => a.index - b.index)
      .map(({ text, field, from, to }) => ({ text, field, from, to }))
  }
}
