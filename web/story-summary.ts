import { iso } from '../clock.ts'
import { contradictions } from '../pipeline/contradictions.ts'
import type { SummaryArticle } from '../pipeline/sentence-scores.ts'
import { type Staleness, staleness } from '../pipeline/staleness.ts'
import { SUMMARISE_VERSION, summarise } from '../pipeline/summarise.ts'
import type { AssessedArticle, Store, SummaryRecord, SummarySubject } from '../store/store.ts'

/** Lengths that a reader may choose, in words between white space (a Vietnamese syllable each). */
export const LENGTHS = [60, 120, 240] as const
const USUAL_LENGTH = 120

/** The length asked for, if it is one of them. */
export const lengthOf = (asked: string | undefined): number =>
  LENGTHS.find((length) => String(length) === asked) ?? USUAL_LENGTH

/** Articles that a summary is made from: the newest that are no reprints. */
const MOST_SOURCES = 30

/** Sentences of Vietnamese articles where there are any: a summary in five languages helps nobody. Oldest first. */
export function summarySources(articles: readonly AssessedArticle[]): readonly AssessedArticle[] {
  const own = articles.filter(({ copyOf }) => copyOf === null)
  const vietnamese = own.filter(({ language }) => language === 'vi')
  return (vietnamese.length > 0 ? vietnamese : own).slice(-MOST_SOURCES)
}

const asSource = ({
  id,
  version,
  title,
  lead,
  text,
  outletId,
  published,
  language,
}: AssessedArticle): SummaryArticle => ({
  ...{ id, version, title, lead, text, published, language },
  outlet: outletId,
})

export interface StandingSummary {
  readonly record: SummaryRecord
  /** Null while it tells of what stands. */
  readonly stale: Staleness | null
}

export async function makeSummary(
  store: Store,
  subject: SummarySubject,
  articles: readonly AssessedArticle[],
  { words, now, madeBy }: { readonly words: number; readonly now: Date; readonly madeBy: string | null },
): Promise<SummaryRecord> {
  const sources = summarySources(articles).map(asSource)
  const summary = summarise(sources, { words })
  // Figures differ only where they count the same: a topic tells of many events.
  const differences = subject.startsWith('story:') ? contradictions(sources) : []
  const record = { subject, words, stepVersion: SUMMARISE_VERSION, madeAt: iso(now), madeBy, summary, differences }
  await store.summaries.save(record)
  return record
}

/**
 * The stored summary of a subject with what became of its sources; made and stored when it is first asked for. Null
 * where fewer than two articles tell of the subject in their own words.
 */
export async function summaryOf(
  store: Store,
  subject: SummarySubject,
  articles: readonly AssessedArticle[],
  { words, now }: { readonly words: number; readonly now: Date },
): Promise<StandingSummary | null> {
  const sources = summarySources(articles)
  const stored = await store.summaries.latest(subject, words)
  if (!stored && sources.length < 2) return null
  const record = stored ?? (await makeSummary(store, subject, articles, { words, now, madeBy: null }))
  return { record, stale: staleness(record.summary, sources) }
}
