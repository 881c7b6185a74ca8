import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { factsOf } from '../../../pipeline/facts.ts'
import { lexRank, type SourceSentence, sourceSentences } from '../../../pipeline/sentence-scores.ts'
import { splitSentences } from '../../../pipeline/sentences.ts'
import { summarise } from '../../../pipeline/summarise.ts'
import { verifySentence } from '../../../pipeline/verify.ts'
import { seeded } from '../../../train/seeded.ts'
import { bigrams, learnSentences, type SummaryCluster, summaryClusters } from '../../../train/summaries.ts'
import { bootstrap, DataAbsent, type Measure } from '../measure.ts'

const data = new URL('../../../../shared/data/', import.meta.url)
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length)
const wordsOf = (text: string): number => text.trim().split(/\s+/).length

/** ROUGE-2 F1 (Lin 2004) over lower-case words of letters and digits, without stemming or stop words. */
export function rouge2(candidate: string, reference: string): number {
  const own = bigrams(candidate)
  const other = bigrams(reference)
  let [hits, size] = [0, 0]
  for (const n of own.values()) size += n
  for (const [pair, n] of other) {
    size += n
    hits += Math.min(n, own.get(pair) ?? 0)
  }
  return size === 0 ? 0 : (2 * hits) / size
}

/** Takes sentences in order while they fit; `similar` refuses one that says nearly the same as one taken. */
function fill(sentences: readonly SourceSentence[], order: readonly number[], words: number): string {
  const taken: string[] = []
  let used = 0
  for (const i of order) {
    const sentence = sentences[i]
    if (!sentence || used + sentence.words > words) continue
    taken.push(sentence.text)
    used += sentence.words
  }
  return taken.join('\n')
}

/** First sentences of each article in turn. */
function lead(cluster: SummaryCluster, words: number): string {
  const sentences = sourceSentences(cluster.articles)
  const order = [...sentences.keys()].sort(
    (a, b) =>
      (sentences[a]?.index ?? 0) - (sentences[b]?.index ?? 0) ||
      (sentences[a]?.article ?? 0) - (sentences[b]?.article ?? 0),
  )
  return fill(sentences, order, words)
}

/** Whole articles one after the other, from the first on. */
function leadOfFirst(cluster: SummaryCluster, words: number): string {
  const sentences = sourceSentences(cluster.articles)
  return fill(sentences, [...sentences.keys()], words)
}

function lexRankSummary(cluster: SummaryCluster, words: number): string {
  const sentences = sourceSentences(cluster.articles)
  const rank = lexRank(sentences)
  const order = [...sentences.keys()].sort((a, b) => (rank[b] ?? 0) - (rank[a] ?? 0))
  const kept = order.filter(
    (i, place) => !order.slice(0, place).some((j) => sameWords(sentences[i]?.text ?? '', sentences[j]?.text ?? '')),
  )
  return fill(sentences, kept, words)
}

/** Half of the words in common or more: LexRank's own guard against saying a thing twice. */
function sameWords(a: string, b: string): boolean {
  const x = new Set(a.toLowerCase().split(/\s+/))
  const y = new Set(b.toLowerCase().split(/\s+/))
  return 2 * [...x].filter((word) => y.has(word)).length > x.size + y.size - Math.max(x.size, y.size)
}

const FOLDS = 5

interface Row {
  readonly ours: number
  readonly baselines: Readonly<Record<'lead' | 'leadOfFirst' | 'lexRank', number>>
}

let rows: Row[] | null = null

function measureSummaries(): Row[] {
  if (rows) return rows
  const clusters = summaryClusters(['train', 'validation'])
  if (!clusters) throw new DataAbsent('../shared/data/abmusu-*.jsonl.gz')
  const worth = Array.from(
    { length: FOLDS },
    (_, fold) => learnSentences(clusters.filter((_cluster, i) => i % FOLDS !== fold)).worthOf,
  )
  rows = clusters.map((cluster, i) => {
    const words = wordsOf(cluster.reference)
    const worthOf = worth[i % FOLDS]
    const ours = summarise(cluster.articles, worthOf ? { words, worthOf } : { words })
    const text = ours.sentences.map((sentence) => sentence.text).join('\n')
    return {
      ours: rouge2(text, cluster.reference),
      baselines: {
        lead: rouge2(lead(cluster, words), cluster.reference),
        leadOfFirst: rouge2(leadOfFirst(cluster, words), cluster.reference),
        lexRank: rouge2(lexRankSummary(cluster, words), cluster.reference),
      },
    }
  })
  return rows
}

const best = (measured: readonly Row[]): number =>
  Math.max(
    ...(['lead', 'leadOfFirst', 'lexRank'] as const).map((name) => mean(measured.map((row) => row.baselines[name]))),
  )

const rouge: Measure = {
  id: 'summaries.rouge2.f1',
  title: 'summaries at the length of the human ones, ROUGE-2 F1 on AbMuSu train and validation; five folds of clusters',
  run: async () => {
    const measured = measureSummaries()
    const ours = (some: readonly Row[]) => mean(some.map((row) => row.ours))
    return {
      value: ours(measured),
      ci: bootstrap(
        measured.map((row) => [row]),
        ours,
      ),
      n: measured.length,
      detail: {
        lead: mean(measured.map((row) => row.baselines.lead)),
        'whole articles from the first': mean(measured.map((row) => row.baselines.leadOfFirst)),
        lexRank: mean(measured.map((row) => row.baselines.lexRank)),
        'gain over the best of them, relative': ours(measured) / best(measured) - 1,
      },
    }
  },
}

const citations: Measure = {
  id: 'summaries.citations.exact',
  title: 'sentences of summaries whose cited text is the sentence, character for character',
  run: async () => {
    const clusters = summaryClusters(['train', 'validation'])
    if (!clusters) throw new DataAbsent('../shared/data/abmusu-*.jsonl.gz')
    let [all, exact] = [0, 0]
    for (const { articles } of clusters) {
      const texts = new Map(articles.map((article) => [article.id, article]))
      for (const sentence of summarise(articles, { words: 150 }).sentences) {
        all++
        const holds = sentence.cites.every(
          ({ articleId, field, from, to }) => texts.get(articleId)?.[field]?.slice(from, to) === sentence.text,
        )
        if (holds && sentence.cites.length > 0) exact++
      }
    }
    return { value: exact / all, n: all }
  },
}

// ---------------------------------------------------------------- the verifier

interface Corrupted {
  readonly kind: 'number' | 'date' | 'name' | 'quotation'
  readonly text: string
  readonly printed: string
  readonly source: string
}

/** True sentences put otherwise (decimal point, date in words, a changed opening), and sentences with one thing invented. */
function verifierCases(): { corrupted: Corrupted[]; truthful: { text: string; source: string }[] } {
  const file = new URL('vietnews-laocai.jsonl.gz', data)
  if (!existsSync(file)) throw new DataAbsent('../shared/data/vietnews-laocai.jsonl.gz')
  const articles = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map((article) => `${article.lead ?? ''}\n${article.body}`.normalize('NFC'))
  const random = seeded(17)
  const pick = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(random() * list.length)]
    if (one === undefined) throw new Error('nothing to pick from')
    return one
  }
  const long = (text: string) => text.split(' ').length > 1
  const names = articles
    .slice(0, 300)
    .flatMap((text) => factsOf(text).names.flatMap((name) => (long(name.text) ? name.text : [])))
  const other = (digits: string): string => String(Math.max(1, Number(digits) + pick([-3, -2, -1, 1, 2, 3, 7])))
  const corrupted: Corrupted[] = []
  const truthful: { text: string; source: string }[] = []
  while (corrupted.length < 300 || truthful.length < 300) {
    const source = pick(articles)
    const span = pick(splitSentences(source, 'vi'))
    const printed = source.slice(span.from, span.to)
    if (printed.split(' ').length < 8) continue
    const facts = factsOf(printed)
    if (truthful.length < 300) truthful.push({ text: reworded(printed), source })
    const kind = pick(['number', 'date', 'name', 'quotation'] as const)
    const candidates = {
      number: facts.numbers.filter((fact) => /\d/.test(fact.text)),
      date: facts.dates,
      name: facts.names.filter((name) => long(name.text)),
      quotation: facts.quotations,
    }[kind]
    if (candidates.length === 0 || corrupted.length === 300) continue
    const fact = pick<{ from: number; to: number; text: string }>(candidates)
    let invented = fact.text
    if (kind === 'number' || kind === 'date') invented = fact.text.replace(/\d+/, other)
    else if (kind === 'name')
      invented =
        random() < 0.5
          ? pick(names)
          : `${fact.text.split(' ').slice(0, -1).join(' ')} ${pick(['Hùng', 'Phúc', 'Long', 'Hải'])}`
    else {
      const words = fact.text.split(' ')
      words[Math.floor(random() * words.length)] = pick(['không', 'rất', 'chưa', 'ngay'])
      invented = words.join(' ')
    }
    const text = printed.slice(0, fact.from) + invented + printed.slice(fact.to)
    // Another form of the same, or a date that no calendar has.
    if (source.includes(text) || (kind === 'date' && factsOf(text).dates.length < facts.dates.length)) continue
    corrupted.push({ kind, text, printed, source })
  }
  return { corrupted, truthful }
}

function reworded(printed: string): string {
  const decimal = printed.replace(/(\d),(\d{1,2})(?!\d)/g, '$1.$2')
  if (decimal !== printed) return decimal
  const dated = printed
    .replace(/(?<![\d/–-])(\d{1,2})\/(\d{1,2})(?![\d/–-])/g, 'ngày $1 tháng $2')
    .replace(/ngày ngày/g, 'ngày')
  if (dated !== printed && factsOf(printed).dates.length > 0) return dated
  return `Theo bài báo, ${printed.charAt(0).toLowerCase()}${printed.slice(1)}`
}

const caught: Measure = {
  id: 'verifier.caught',
  title: 'invented numbers, dates, names and quotations caught, the whole article being cited',
  run: async () => {
    const { corrupted } = verifierCases()
    const missed = corrupted.filter(({ text, source }) => verifySentence(text, [{ text: source }]).length === 0)
    const kinds = Map.groupBy(corrupted, (one) => one.kind)
    return {
      value: 1 - missed.length / corrupted.length,
      n: corrupted.length,
      detail: {
        sentences: Object.fromEntries([...kinds].map(([kind, list]) => [kind, list.length])),
        missed: missed.map((one) => `${one.kind}: ${one.text} <= ${one.printed}`),
      },
    }
  },
}

const letThrough: Measure = {
  id: 'verifier.let-through',
  title: 'true sentences, put otherwise, let through',
  run: async () => {
    const { truthful } = verifierCases()
    const refused = truthful.flatMap(({ text, source }) => {
      const problems = verifySentence(text, [{ text: source }])
      return problems.length > 0 ? [`${problems.map((p) => `${p.kind} ${p.text}`).join(', ')}: ${text}`] : []
    })
    return { value: 1 - refused.length / truthful.length, n: truthful.length, detail: { refused } }
  },
}

export const measures: readonly Measure[] = [rouge, citations, caught, letThrough]
