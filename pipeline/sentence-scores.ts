import type { ArticleField, Instant, Language } from '../model.ts'
import { names, type Token, tokens } from './features.ts'
import { likeness, postingsOf, similarities } from './sentence-likeness.ts'
import { splitSentences } from './sentences.ts'
import { type SentenceTerms, termReader } from './term-bags.ts'
import { packTerms, packWeighed } from './vectors.ts'

/** An article as a summary reads it. */
export interface SummaryArticle {
  readonly id: string
  readonly version?: number | undefined
  readonly title: string
  readonly lead?: string | null | undefined
  /** Where `lead` is absent, the lead may be its first paragraph. */
  readonly text: string
  readonly outlet?: string | null | undefined
  readonly published?: Instant | null | undefined
  readonly language?: Language | null | undefined
}

/** A sentence of an article that may be quoted. `article.<field>.slice(from, to) === text`. */
export interface SourceSentence {
  readonly article: number
  readonly field: ArticleField
  readonly from: number
  readonly to: number
  readonly text: string
  /** Place among the sentences of its article, lead included, from 0. */
  readonly index: number
  readonly opensParagraph: boolean
  /** Between white space, as a length in words is counted. */
  readonly words: number
  readonly tokens: readonly Token[]
  readonly read: SentenceTerms
  /** Those, packed. */
  readonly terms: Uint32Array
}

const FEWEST_WORDS = 6
const MOST_WORDS = 110

/** What a reporter or an editor puts before the sentence itself: taken off by moving its start. */
const OPENINGS = [
  /^(?:[\p{Lu}][\p{L}.]*[ ,]+){0,4}\(?(?:TTXVN|VNA|AFP|AP|Reuters)\)?\s*[-–—:]\s*/u,
  /^\(?(?:TTXVN|PLO|TNO|TTO|VTC News|VTV\.vn|NLĐO|Dân trí|SKĐS|VOV|Chinhphu\.vn|Kinhtedothi|HNMO|ĐCSVN|GD&TĐ)\)?\s*[-–—:]\s*/iu,
  /^[-–—•*+]\s+/u,
]
/** `Theo phóng viên …,` says how we know, not what happened. */
const REPORTER =
  /^(?:Theo|Trao đổi với|Thông tin với|Nói với|Chia sẻ với|Trả lời) (?:[^,.]{0,30})?(?:phóng viên|PV|ghi nhận của)[^,.;:]{0,80}[,:]\s+/u

/** Captions, credits, teasers and navigation: never quoted. */
const NOISE =
  /^(?:Ảnh|Video|Clip|Nguồn|Đồ họa|Infographic|Xem thêm|Xem:|Đọc thêm|Mời (?:độc giả|quý vị|bạn đọc)|Tin liên quan|Theo dõi|>>|Bài viết|Bấm|Tác giả|Photo|Source|Read more)|\((?:Ảnh|Nguồn|Photo)[^)]*\)\s*\.?$|(?:Ảnh|Nguồn)\s*:\s*\S.{0,60}$/iu

/** Where the sentence that stands at from…to really starts. */
export function trimOpening(text: string, from: number, to: number): number {
  let start = from
  for (const opening of OPENINGS) start += opening.exec(text.slice(start, to))?.[0].length ?? 0
  return start
}

/** The part of a sentence after `Theo phóng viên …,`, or the sentence. */
export function trimReporter(text: string, from: number, to: number): number {
  const found = REPORTER.exec(text.slice(from, to))
  return found ? from + found[0].length : from
}

/** Scripts that put no spaces between words; a word has about two of their characters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu

/** Words between white space; in scripts without spaces one for each two characters. */
export const wordCount = (text: string): number => {
  const spaced = text.split(/\s+/).length
  return MAY_BE_UNSPACED.test(text) ? Math.max(spaced, Math.round((text.match(UNSPACED)?.length ?? 0) / 2)) : spaced
}
/** Code units outside of which none of those scripts stands: told at once of Vietnamese. */
const MAY_BE_UNSPACED = /[\u0e00-\u1aff\u2e80-\uffff]/

export function sourceSentences(
  articles: readonly SummaryArticle[],
  most = Number.POSITIVE_INFINITY,
): SourceSentence[] {
  const out: SourceSentence[] = []
  const reader = termReader()
  for (const [article, { lead, text, language }] of articles.entries()) {
    let index = 0
    const seen = new Set<string>()
    const fields: [ArticleField, string][] = [
      ['lead', lead ?? ''],
      ['text', text],
    ]
    for (const [field, source] of fields) {
      for (const span of splitSentences(source, language ?? 'vi')) {
        if (index >= most) break
        const opensParagraph = span.from === 0 || source[span.from - 1] === '\n'
        const from = trimReporter(source, trimOpening(source, span.from, span.to), span.to)
        const sentence = source.slice(from, span.to)
        const words = wordCount(sentence)
        // A lead is often repeated as the first paragraph.
        if (words < FEWEST_WORDS || words > MOST_WORDS || NOISE.test(sentence) || seen.has(sentence)) continue
        seen.add(sentence)
        const list = tokens(sentence)
        const read = reader.read(list)
        out.push({
          article,
          field,
          from,
          to: span.to,
          text: sentence,
          index: index++,
          opensParagraph,
          words,
          tokens: list,
          read,
          terms: packWeighed(reader.weighed([read])),
        })
      }
    }
  }
  return out
}

/** Continuous LexRank (Erkan & Radev 2004): the stationary weight of a walk over sentences by their cosine; mean 1. */
export function lexRank(
  sentences: readonly SourceSentence[],
  similar = similarities(sentences),
  damping = 0.85,
  rounds = 30,
): Float64Array {
  const n = sentences.length
  const sums = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += similar[i * n + j] ?? 0
    sums[i] = sum
  }
  let rank = new Float64Array(n).fill(1)
  let nextRank = new Float64Array(n)
  for (let round = 0; round < rounds; round++) {
    nextRank.fill(1 - damping)
    for (let i = 0; i < n; i++) {
      const flow = (damping * (rank[i] ?? 0)) / Math.max(1e-9, sums[i] ?? 0)
      const row = i * n
      for (let j = 0; j < n; j++) nextRank[j] = (nextRank[j] ?? 0) + flow * (similar[row + j] ?? 0)
    }
    ;[rank, nextRank] = [nextRank, rank]
  }
  return rank
}

export const SENTENCE_FEATURES = [
  'index',
  'relativeIndex',
  'inLead',
  'opensParagraph',
  'words',
  'lexRank',
  'lexRankPlace',
  'centroid',
  'ownTitle',
  'anyTitle',
  'otherLeads',
  'ownLead',
  'articlesSaying',
  'bestElsewhere',
  'numbers',
  'names',
  'quotation',
  'firstPerson',
  'question',
  'bigramsShared',
  'bigramsRepeated',
  'meanIdf',
  'articles',
  'clusterSentences',
  'articleSentences',
  'before',
  'after',
  'connective',
] as const

const CONNECTIVE =
  /^(?:Tuy nhiên|Ngoài ra|Bên cạnh đó|Đồng thời|Do đó|Vì vậy|Vì thế|Theo đó|Trong khi đó|Song|Nhưng|Còn|Và|Mặt khác|Cùng với đó|Trước đó|Sau đó|Bởi vậy|Thậm chí)(?![\p{L}])/u

/** The terms of sentences together. */
const packed = (sentences: readonly SourceSentence[]): Uint32Array => {
  const read = sentences.map((sentence) => sentence.read)
  return read[0] ? packWeighed(read[0].reader.weighed(read)) : new Uint32Array(0)
}

/** Features of each sentence within its cluster; `train/summaries.ts` learns what they are worth. */
export function sentenceFeatures(
  articles: readonly SummaryArticle[],
  sentences: readonly SourceSentence[],
): Float64Array[] {
  const n = sentences.length
  const postings = postingsOf(sentences)
  const similar = similarities(sentences, postings)
  const rank = lexRank(sentences, similar)
  const place = new Float64Array(n)
  for (const [position, i] of [...rank.keys()].sort((a, b) => (rank[b] ?? 0) - (rank[a] ?? 0)).entries())
    place[i] = position / n
  const likeTitles = articles.map(({ title }) => likeness(postings, packTerms(tokens(title))))
  const likeAll = likeness(postings, packed(sentences))
  // Sentences stand by article.
  const articleOf = Uint32Array.from(sentences, ({ article }) => article)
  const inArticle = articles.map((_, article) => sentences.filter((sentence) => sentence.article === article))
  const likeLeads = inArticle.map((own) => likeness(postings, packed(own.slice(0, 2))))
  const { begins, standsIn } = postings
  /** Whether a term stands in several sentences, and those in several articles. */
  const repeatedIn = Uint8Array.from({ length: begins.length - 1 }, (_, number) => {
    const [from, to] = [begins[number] ?? 0, begins[number + 1] ?? 0]
    if (to - from < 2) return 0
    return articleOf[standsIn[from] ?? 0] === articleOf[standsIn[to - 1] ?? 0] ? 1 : 2
  })
  let first = 0
  return sentences.map((sentence, i) => {
    const own = inArticle[sentence.article] ?? []
    if (sentence.article !== sentences[i - 1]?.article) first = i
    const elsewhere = new Float64Array(articles.length)
    if (own.length < n)
      for (let j = 0; j < n; j++) {
        const article = articleOf[j] ?? 0
        const likeness = similar[i * n + j] ?? 0
        if (article !== sentence.article && likeness > (elsewhere[article] ?? 0)) elsewhere[article] = likeness
      }
    let [shared, repeated, weight] = [0, 0, 0]
    const firstTerm = postings.firsts[i] ?? 0
    for (let t = 0; t < sentence.terms.length; t++) {
      const w = (sentence.terms[t] ?? 0) & 255
      const times = repeatedIn[postings.numbers[firstTerm + t] ?? 0] ?? 0
      weight += w
      if (times > 1) shared += w
      if (times > 0) repeated += w
    }
    const at = i * n + first
    return Float64Array.of(
      sentence.index,
      sentence.index / Math.max(1, own.length),
      sentence.field === 'lead' || (sentence.index === 0 && sentence.opensParagraph) ? 1 : 0,
      sentence.opensParagraph ? 1 : 0,
      sentence.words,
      rank[i] ?? 0,
      place[i] ?? 0,
      likeAll[i] ?? 0,
      likeTitles[sentence.article]?.[i] ?? 0,
      Math.max(...likeTitles.map((like) => like[i] ?? 0)),
      Math.max(0, ...likeLeads.map((like, a) => (a === sentence.article ? 0 : (like[i] ?? 0)))),
      sentence.index < 2 ? 1 : (likeLeads[sentence.article]?.[i] ?? 0),
      elsewhere.filter((value) => value > 0.25).length,
      Math.max(...elsewhere),
      sentence.tokens.filter((token) => token.kind !== 'word').length,
      names(sentence.tokens).length,
      /["“”]/u.test(sentence.text) ? 1 : 0,
      /(?<!\p{L})(?:tôi|chúng tôi|mình|chúng ta|em)(?!\p{L})/iu.test(sentence.text) ? 1 : 0,
      /\?\s*["”]?$/u.test(sentence.text) ? 1 : 0,
      shared / Math.max(1, weight),
      repeated / Math.max(1, weight),
      weight / Math.max(1, sentence.terms.length),
      articles.length,
      sentences.length,
      own.length,
      own[sentence.index - 1] ? (similar[at + sentence.index - 1] ?? 0) : 0,
      own[sentence.index + 1] ? (similar[at + sentence.index + 1] ?? 0) : 0,
      CONNECTIVE.test(sentence.text) ? 1 : 0,
    )
  })
}
